"""What follows for an LEA as of a date: the law, levels of support, provider, length and duties, each derived."""

from __future__ import annotations

from collections.abc import Collection

from pyreport.evidence.as_of import county_as_of
from pyreport.evidence.facts import Facts
from pyreport.evidence.record import Record
from pyreport.explanation.decision import Decision, decide
from pyreport.explanation.text import as_text
from pyreport.explanation.tree import Explainer, Step
from pyreport.reasoning.graph import Graph
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import quote

__all__ = ["QUESTIONS", "decide_as_of", "support_steps", "support_text"]

QUESTIONS = (
    "regime_on",
    "regime_open",
    "text_not_on_hand",
    "law_since_not_on_hand",
    "trigger",
    "criteria_not_on_hand",
    "determinations_to_come",
    "all_pupils_open",
    "test_frozen",
    "release_open",
    "identified_as_of",
    "identification_open",
    "support",
    "assistance_required",
    "provider",
    "geographic_lead_of",
    "lead_not_on_hand",
    "lead_county_in_doubt",
    "at_least_until",
    "no_minimum",
    "until_next_determinations",
    "minimum_has_run",
    "earliest_end",
    "end_is_due",
    "end_is_dated",
    "bridged",
    "no_bridge",
    "within_one_academic_year",
    "label_is_no_ground",
    "essa_link_waits",
    "duty_on",
)
"""The predicates that answer, in the order in which a reader asks."""


def decide_as_of(
    rulebook: Rulebook,
    record: Record,
    date: int,
    *,
    only: Collection[str],
    until: int | None = None,
    case: Facts | None = None,
) -> Decision:
    """Decide the LEAs of ``only`` (CDS codes or county codes) with what follows as of ``date``, YYYYMMDD."""
    given = {**(case or {}), **county_as_of(record, only, date)}
    return decide(rulebook, record, until=until, only=only, case=given)


def support_steps(graph: Graph, cds: str, date: int) -> dict[str, list[Step]]:
    """The conclusions about one LEA as of a date, by predicate, each in a settled order; none that is empty."""
    explainer = Explainer(graph)
    subject = (quote(cds), date)
    found: dict[str, list[Step]] = {}
    for predicate in QUESTIONS:
        atoms = sorted((atom for atom in graph.atoms(predicate) if atom[1:3] == subject), key=str)
        if atoms:
            found[predicate] = [explainer.step(atom) for atom in atoms]
    return found


def support_text(graph: Graph, cds: str, as_of: str, found: dict[str, list[Step]]) -> str:
    """All conclusions first, in short, then each with its derivations."""
    name = Explainer(graph).sentences.lea(quote(cds))
    heading = f"{name} ({cds}), as of {as_of}"
    lines = [heading, "=" * len(heading), ""]
    for predicate, steps in found.items():
        title = graph.rulebook.predicates[predicate].heading
        if title:
            lines.append(f"{title}:")
        lines += [f"- {step.sentence}" for step in steps]
    lines += ["", "Derivations", "-----------", ""]
    return "\n".join(lines) + as_text(step for steps in found.values() for step in steps)
