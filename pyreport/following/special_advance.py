"""What follows from a Charter 20 Day report: whether the special advance is due, what is wrong, what is open."""

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

NOT_IN_ORDER = "Not in order"
# What a report shows under each heading, in this order.
HEADINGS = {
    NOT_IN_ORDER: ("fault",),
    "In the way": ("barred", "under_review", "awaiting_certification", "not_in_the_lists"),
    "Open": ("cap_open", "list_open"),
    "Also": (
        "section_due",
        "may_apply",
        "new_grade_level",
        "total_attendance",
        "funded_attendance",
        "funding_reduced",
        "advance_is_estimate",
        "advance_rests_on",
    ),
}


@dataclass(frozen=True)
class SpecialAdvance:
    """The conclusions about one report. ``due`` is the atom by which the advance is due, if it is."""

    report: Atom
    due: Atom | None
    under: dict[str, list[Atom]]

    @property
    def needs_attention(self) -> bool:
        """Whether the advance is not shown to be due, or something is not in order."""
        return self.due is None or bool(self.under[NOT_IN_ORDER])


def special_advance(graph: Graph) -> SpecialAdvance:
    """Collect the conclusions of a graph that was derived from one report."""
    report = next(atom for atom in graph.facts if atom[0] == "twenty_day_report")
    due = next(iter(graph.atoms("advance_due")), None)
    under = {
        heading: [atom for name in names for atom in sorted(graph.atoms(name), key=str)]
        for heading, names in HEADINGS.items()
    }
    return SpecialAdvance(report, due, under)


def as_advance_text(decided: Decision, found: SpecialAdvance) -> str:
    """Write what follows, with derivations."""
    return "\n".join(_lines(Explainer(decided.graph), found)).rstrip() + "\n"


def _heading(explainer: Explainer, found: SpecialAdvance) -> str:
    year = int(found.report[2])
    name = explainer.sentences.lea(found.report[1], year)
    return f"{name} ({unquote(found.report[1])}), Charter 20 Day report for {fiscal_year_words(year)}."


def _answer(explainer: Explainer, found: SpecialAdvance) -> str:
    if found.due is not None:
        return explainer.step(found.due).shown
    return explainer.sentences.of_absence(("advance_due", *found.report[1:]))


def _lines(explainer: Explainer, found: SpecialAdvance) -> Iterator[str]:
    yield _heading(explainer, found)
    yield _answer(explainer, found)
    for heading, atoms in found.under.items():
        if atoms:
            yield ""
            yield f"{heading}:"
            for atom in atoms:
                # A fault may have several derivations, each with a sentence of its own.
                for sentence in dict.fromkeys(one.sentence for one in explainer.step(atom).derivations):
                    yield f"- {sentence}"
    yield ""
    yield "Why:"
    yield as_text(_steps(explainer, found))


def _steps(explainer: Explainer, found: SpecialAdvance) -> list[Step]:
    atoms = [] if found.due is None else [found.due]
    return [explainer.step(atom) for atom in dict.fromkeys([*atoms, *(a for one in found.under.values() for a in one)])]


def as_advance_data(decided: Decision, found: SpecialAdvance) -> dict[str, Any]:
    """The same as plain data, for JSON."""
    explainer = Explainer(decided.graph)
    return {
        "cds": unquote(found.report[1]),
        "fiscal_year": found.report[2],
        "due": found.due is not None,
        "answer": _answer(explainer, found),
        **{
            heading.lower().replace(" ", "_"): [
                one.sentence for atom in atoms for one in explainer.step(atom).derivations
            ]
            for heading, atoms in found.under.items()
        },
        **as_data(_steps(explainer, found)),
    }
