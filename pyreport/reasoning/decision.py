"""Decide from facts: derive the conclusions and have the proof checker confirm every derivation."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from pyreport.errors import PyreportError
from pyreport.evidence.asked import asked_facts
from pyreport.evidence.fact_selection import facts_for_year, facts_with_case
from pyreport.evidence.predicates import LISTING, Facts
from pyreport.evidence.printed import Printed, printed_conclusions
from pyreport.evidence.record import Record
from pyreport.proof.checker import ProofChecker, Verdict
from pyreport.proof.reader import PolicyUnreadable
from pyreport.proof.scenarios import Scenarios, event_rules
from pyreport.reasoning.determinations import Determination, determinations
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.solver import derive
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Value

__all__ = ["Decision", "ProofError", "decide", "derive_counties", "facts_to_decide", "proved", "scenarios"]

"""The predicates by which a file names an LEA in a Dashboard year."""
_WHOLE: dict[str, Any] = {"only": None, "until": None, "year": None, "as_of": None, "funds": None}


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
        scope: The arguments ``only``, ``until``, ``year``, ``as_of`` and ``funds`` of ``decide``.
    """

    rulebook: Rulebook
    graph: Graph
    verdict: Verdict
    printed: Printed = field(default_factory=dict)
    scope: Mapping[str, Any] = field(default_factory=lambda: dict(_WHOLE))

    def document(self) -> dict[str, Any]:
        """The graph as plain data, with scope and printed conclusions, as pages carry it and ``verify`` reads it."""
        printed = [[year, cds, dict(words)] for (year, cds), words in sorted(self.printed.items())]
        return {**self.graph.document(), "printed": printed, "scope": dict(self.scope)}

    @classmethod
    def of_document(cls, rulebook: Rulebook, document: Mapping[str, Any]) -> Decision:
        """The decision from which ``document`` was made; its graph is checked again.

        Raises:
            ProofError: The checker found something wrong.
            ValueError: A fact's place does not end with the number of a row.
        """
        graph = Graph.of_document(rulebook, document)
        printed = {(year, cds): words for year, cds, words in document["printed"]}
        return cls(rulebook, graph, proved(graph), printed, document["scope"])

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
    *,
    until: int | None = None,
    year: int | None = None,
    only: Collection[str] | None = None,
    as_of: int | None = None,
    funds: tuple[str, int] | None = None,
    case: Facts | None = None,
    graph: Graph | None = None,
) -> Decision:
    """Derive everything that follows from ``record`` and check it.

    Args:
        rulebook: The rules.
        record: The facts.
        until: Decide the Dashboards up to this year alone.
        year: Decide for this Dashboard year alone, from the Dashboards that its conclusions rest on (``rests_on`` in
            the policy). Conclusions about earlier years may then lack facts: only this year's are to be reported.
        only: Decide these CDS codes or county codes alone. A county's LEAs are those whose codes begin with its own and
            those that ``case`` locates there. Only the rules of funds combine facts of several LEAs: those of a county.
        as_of: Say also what follows for each LEA as of this date, YYYYMMDD.
        funds: Say also what this county office (CDS code) receives in the fiscal year that ends in this calendar year.
        case: Further facts, as ``read_case_facts`` returns them; of them too, only those of ``only``.
        graph: The graph of these facts, if they were derived before (``derive_counties``).

    Raises:
        ProofError: The checker found something wrong.
    """
    if graph is None:
        facts = facts_to_decide(
            rulebook, record, until=until, year=year, only=only, as_of=as_of, funds=funds, case=case
        )
        graph = derive(rulebook, facts)
    scope = {
        "only": sorted(only) if only is not None else None,
        "until": until,
        "year": year,
        "as_of": as_of,
        "funds": list(funds) if funds is not None else None,
    }
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


def facts_to_decide(
    rulebook: Rulebook,
    record: Record,
    *,
    until: int | None = None,
    year: int | None = None,
    only: Collection[str] | None = None,
    as_of: int | None = None,
    funds: tuple[str, int] | None = None,
    case: Facts | None = None,
) -> Facts:
    """The facts from which ``decide`` decides; the arguments are the same."""
    stated = facts_with_case(record, case or {}, until=until if year is None else year, only=only)
    facts = {**stated, **asked_facts(stated, as_of, funds)}
    return facts if year is None else _facts_for_year(rulebook, facts, year)


def _facts_for_year(rulebook: Rulebook, facts: Facts, year: int) -> Facts:
    """The facts that the conclusions of ``year`` rest on, as ``rests_on`` in the policy says."""
    rests_on: dict[object, set[object]] = {}
    for row in rulebook.rows("rests_on"):
        rests_on.setdefault(row.year, set()).add(row.earlier)
    return facts_for_year(facts, year, rests_on)


@lru_cache(maxsize=2)
def _checker(texts: tuple[tuple[str, str], ...]) -> ProofChecker:
    """The checker of one policy, which is read and compiled once a process."""
    try:
        return ProofChecker(dict(texts))
    except PolicyUnreadable as error:
        raise ProofError(str(error)) from error


def scenarios(graph: Graph, leas: Collection[Value]) -> Scenarios:
    """What holds in the cases of ``leas`` (quoted CDS codes) after further events, by the checker's evaluation."""
    rules = event_rules(_checker(tuple(graph.rulebook.texts.items())))
    atoms = {name: [atom[1:] for atom in graph.atoms(name)] for name in rules.needed}
    return Scenarios(rules, atoms, leas)


def proved(graph: Graph) -> Verdict:
    """Check ``graph`` and return the verdict.

    Raises:
        ProofError: The checker found something wrong.
    """
    verdict = _checker(tuple(graph.rulebook.texts.items())).check(graph.document())
    if not verdict.holds:
        raise ProofError(str(verdict))
    return verdict
