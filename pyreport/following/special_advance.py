"""What follows from a Charter 20 Day report: whether the special advance is due, what is wrong, what is open.

Which conclusions are listed, under which heading and in which order is the policy's (``Report: special_advance`` in its
vocabulary).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyreport.explanation.data import as_data
from pyreport.explanation.sentences import fiscal_year_words
from pyreport.explanation.text import as_text
from pyreport.explanation.tree import Explainer, Step
from pyreport.reasoning.decision import Decision
from pyreport.reasoning.graph import Graph
from pyreport.rulebook.syntax import Atom, unquote

__all__ = ["SpecialAdvance", "as_advance_data", "as_advance_text", "special_advance"]

_REPORT = "special_advance"
_FAULTS = "not_in_order"


@dataclass(frozen=True)
class SpecialAdvance:
    """The conclusions about one Charter 20 Day report.

    Attributes:
        lea: The charter school that files it, a quoted CDS code.
        fiscal_year: The calendar year in which its fiscal year ends.
        due: Whether the special advance is due.
        advance: The atom that says it is due; where it is not, the atom that does not hold.
        parts: The conclusions by the part of the report that lists them.
    """

    lea: str
    fiscal_year: int
    due: bool
    advance: Atom
    parts: dict[str, list[Atom]]

    @property
    def needs_attention(self) -> bool:
        """Whether the advance is not shown to be due, or something is not in order."""
        return not self.due or bool(self.parts[_FAULTS])


def special_advance(graph: Graph) -> SpecialAdvance:
    """Collect the conclusions of a graph that was derived from one Charter 20 Day report."""
    filed = graph.rows("twenty_day_report")[0]
    due = next(iter(graph.atoms("advance_due")), None)
    advance = graph.rulebook.predicates["advance_due"].atom(lea=filed.lea, fiscal_year=filed.fiscal_year)
    parts = {
        part: [atom for predicate in predicates for atom in sorted(graph.atoms(predicate.name), key=str)]
        for part, predicates in graph.rulebook.reported(_REPORT).items()
    }
    return SpecialAdvance(filed.lea, filed.fiscal_year, due is not None, advance if due is None else due, parts)


def as_advance_text(decided: Decision, advance: SpecialAdvance) -> str:
    """Write what follows, with derivations."""
    return "\n".join(_lines(Explainer(decided.graph), advance)).rstrip() + "\n"


def _heading(explainer: Explainer, advance: SpecialAdvance) -> str:
    name = explainer.sentences.lea(advance.lea, advance.fiscal_year)
    return f"{name} ({unquote(advance.lea)}), Charter 20 Day report for {fiscal_year_words(advance.fiscal_year)}."


def _answer(explainer: Explainer, advance: SpecialAdvance) -> str:
    if advance.due:
        return explainer.step(advance.advance).headline
    return explainer.sentences.of_absence(advance.advance)


def _lines(explainer: Explainer, advance: SpecialAdvance) -> Iterator[str]:
    yield _heading(explainer, advance)
    yield _answer(explainer, advance)
    for part, atoms in advance.parts.items():
        if atoms:
            yield ""
            yield f"{part.replace('_', ' ').capitalize()}:"
            for atom in atoms:
                # A fault may have several derivations, each with a sentence of its own.
                for sentence in dict.fromkeys(derivation.sentence for derivation in explainer.step(atom).derivations):
                    yield f"- {sentence}"
    yield ""
    yield "Why:"
    yield as_text(_steps(explainer, advance))


def _steps(explainer: Explainer, advance: SpecialAdvance) -> list[Step]:
    listed = [atom for atoms in advance.parts.values() for atom in atoms]
    return [explainer.step(atom) for atom in dict.fromkeys([*([advance.advance] if advance.due else []), *listed])]


def as_advance_data(decided: Decision, advance: SpecialAdvance) -> dict[str, Any]:
    """The same as plain data, for JSON."""
    explainer = Explainer(decided.graph)
    return {
        "cds": unquote(advance.lea),
        "fiscal_year": advance.fiscal_year,
        "due": advance.due,
        "answer": _answer(explainer, advance),
        **{
            part: [derivation.sentence for atom in atoms for derivation in explainer.step(atom).derivations]
            for part, atoms in advance.parts.items()
        },
        **as_data(_steps(explainer, advance)),
    }
