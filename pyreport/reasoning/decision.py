"""Decide from facts: derive the conclusions and have the proof checker confirm every derivation."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from pyreport.errors import PyreportError
from pyreport.evidence.fact_selection import facts_in_scope
from pyreport.evidence.predicates import LISTING, Facts
from pyreport.evidence.printed import Printed, printed_conclusions
from pyreport.evidence.record import Record
from pyreport.evidence.scope import Scope
from pyreport.proof.checker import ProofChecker, Verdict
from pyreport.proof.reader import PolicyUnreadable
from pyreport.reasoning.determinations import Determination, determinations
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.solver import derive
from pyreport.rulebook.rulebook import Rulebook

__all__ = ["Decision", "ProofError", "decide", "derive_counties", "facts_to_decide", "proved"]


class ProofError(PyreportError):
    """The proof checker does not confirm a graph, or cannot read the policy; nothing of the graph may be reported."""


@dataclass(frozen=True)
class Decision:
    """A graph of derivations that was checked, and the checker's verdict.

    Attributes:
        rulebook: The rules.
        graph: The derivations.
        verdict: What the proof checker confirmed.
        printed: What CDE concluded of the same LEAs: it is compared, and never used to decide.
        scope: What was decided.
    """

    rulebook: Rulebook
    graph: Graph
    verdict: Verdict
    printed: Printed = field(default_factory=dict)
    scope: Scope = field(default_factory=Scope)

    def document(self) -> dict[str, Any]:
        """The graph as plain data, with scope and printed conclusions, as pages carry it and ``verify`` reads it."""
        printed = [[year, cds, dict(words)] for (year, cds), words in sorted(self.printed.items())]
        return {**self.graph.document(), "printed": printed, "scope": self.scope.document()}

    @classmethod
    def of_document(cls, rulebook: Rulebook, document: Mapping[str, Any]) -> Decision:
        """The decision from which ``document`` was made; its graph is checked again.

        Raises:
            ProofError: The checker found something wrong.
            ValueError: A fact's place does not end with the number of a row.
        """
        graph = Graph.of_document(rulebook, document)
        printed = {(year, cds): words for year, cds, words in document["printed"]}
        return cls(rulebook, graph, proved(graph), printed, Scope.of_document(document["scope"]))

    @cached_property
    def years(self) -> list[int]:
        """The Dashboard years decided, ascending."""
        return sorted({row.year for name in LISTING for row in self.graph.rows(name)})

    def determinations(self, years: Collection[int] | None = None) -> list[Determination]:
        """The determinations of the Dashboard ``years``, of all if ``None``, by year and CDS code."""
        return determinations(self.graph, self.years if years is None else years)


def decide(
    rulebook: Rulebook,
    record: Record,
    scope: Scope = Scope(),  # noqa: B008
    *,
    case: Facts | None = None,
    graph: Graph | None = None,
) -> Decision:
    """Derive everything that follows from ``record`` and check it.

    Args:
        rulebook: The rules.
        record: The facts.
        scope: What is decided.
        case: Further facts, as ``read_case_facts`` returns them; of them too, only those in ``scope``.
        graph: The graph of these facts, if they were derived before (``derive_counties``).

    Raises:
        ProofError: The checker found something wrong.
    """
    if graph is None:
        graph = derive(rulebook, facts_to_decide(rulebook, record, scope, case))
    return Decision(rulebook, graph, proved(graph), printed_conclusions(record, graph.facts), scope)


def derive_counties(rulebook: Rulebook, facts: Mapping[str, Facts]) -> dict[str, Graph]:
    """Derive several counties in one run of the solver: for each the graph that ``decide`` would derive, unchecked.

    Grounding the policy takes longer than the facts of most counties, so one run for all takes a third of the time.
    No rule combines facts of several counties, unless case facts relate them.
    """
    all_facts: Facts = {}
    for of_county in facts.values():
        all_facts.update(of_county)
    return derive(rulebook, all_facts).by_county(facts)


def facts_to_decide(rulebook: Rulebook, record: Record, scope: Scope, case: Facts | None = None) -> Facts:
    """The facts from which ``decide`` decides; the arguments are the same."""
    return facts_in_scope(record, case or {}, scope, rulebook.rows("rests_on"))


@lru_cache(maxsize=2)
def _checker(texts: tuple[tuple[str, str], ...]) -> ProofChecker:
    """The checker of one policy, which is read and compiled once a process."""
    try:
        return ProofChecker(dict(texts))
    except PolicyUnreadable as error:
        raise ProofError(str(error)) from error


def proved(graph: Graph) -> Verdict:
    """Check ``graph`` and return the verdict.

    Raises:
        ProofError: The checker found something wrong.
    """
    verdict = _checker(tuple(graph.rulebook.texts.items())).check(graph.document())
    if not verdict.holds:
        raise ProofError(str(verdict))
    return verdict
