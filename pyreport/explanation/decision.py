"""Decide, and let nothing out that the proof checker has not replayed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from pyreport.evidence.facts import facts_of
from pyreport.evidence.record import Record
from pyreport.explanation.proof.checker import ProofChecker, Verdict
from pyreport.reasoning.determinations import Determination, determinations
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.solver import derive
from pyreport.rulebook.rulebook import Rulebook

__all__ = ["Decision", "ProofError", "decide", "proved"]


class ProofError(Exception):
    """The proof checker does not confirm a graph. Nothing of it may be shown."""


@dataclass(frozen=True)
class Decision:
    """A graph of derivations that was checked, the record it rests on and the checker's verdict."""

    rulebook: Rulebook
    record: Record
    graph: Graph
    verdict: Verdict

    @cached_property
    def years(self) -> list[int]:
        """The Dashboard years decided, ascending."""
        return sorted({atom[2] for atom in self.graph.facts if atom[0] == "listed" and isinstance(atom[2], int)})

    def determinations(self, years: Collection[int] | None = None) -> list[Determination]:
        """The conclusions as rows, of ``years`` or of all."""
        return determinations(self.graph, self.record, self.years if years is None else years)


def decide(
    rulebook: Rulebook, record: Record, *, until: int | None = None, only: Collection[str] | None = None
) -> Decision:
    """Derive everything that follows from ``record`` and check it.

    Args:
        rulebook: The rules.
        record: The facts.
        until: Decide the Dashboards up to this year alone.
        only: Decide these CDS codes or county codes alone. No rule looks from one LEA to another.

    Raises:
        ProofError: The checker found something wrong.
    """
    graph = derive(rulebook, facts_of(record, until=until, only=only))
    return Decision(rulebook, record, graph, proved(graph))


def proved(graph: Graph) -> Verdict:
    """Check ``graph`` and return the verdict.

    Raises:
        ProofError: The checker found something wrong.
    """
    verdict = ProofChecker(graph.rulebook.texts).check(graph.document())
    if not verdict.holds:
        raise ProofError(str(verdict))
    return verdict
