"""The pathways of one LEA and what follows from them, as text and as data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyreport.explanation.data import as_data
from pyreport.explanation.sentences import date_words
from pyreport.explanation.text import as_text
from pyreport.explanation.tree import Explainer, Step
from pyreport.following.outlook import EXCLUDED, PERMITTED, POSSIBLE, REQUIRED, Consequence, outlook
from pyreport.reasoning.decision import Decision
from pyreport.rulebook.syntax import Atom, Value, quote

__all__ = ["pathways_data", "pathways_text"]

_STATUS = "pathway_status"
_DETAILS = ("pathway_barred", "condition_open", "awaits", "due_within", "not_yet")
_OF_THE_CASE = ("no_high_tier", "high_tier_open")
_HEADINGS = {
    REQUIRED: "Required",
    PERMITTED: "Permitted",
    POSSIBLE: "Possible, in some lawful course from now on",
    EXCLUDED: "Excluded",
}


def _of(explainer: Explainer, predicate: str, lea: str, pathway: Value | None = None) -> list[Step]:
    return [
        explainer.step(atom)
        for atom in explainer.graph.atoms(predicate)
        if atom[1] == lea and (pathway is None or atom[2] == pathway)
    ]


def _statuses(explainer: Explainer, lea: str) -> list[Atom]:
    return [step.atom for step in _of(explainer, _STATUS, lea)]


def pathways_data(decision: Decision, cds: str, date: int) -> dict[str, Any]:
    """The pathways and the consequences as plain data."""
    explainer, lea = Explainer(decision.graph), quote(cds)
    found = []
    for atom in _statuses(explainer, lea):
        _, _, pathway, progress = atom
        details: dict[str, Any] = {
            name: [_step_data(step) for step in _of(explainer, name, lea, pathway)] for name in _DETAILS
        }
        found.append({"pathway": pathway, "status": progress, **_step_data(explainer.step(atom)), **details})
    return {
        "cds": cds,
        "name": explainer.sentences.lea(lea),
        "as_of": date,
        "pathways": found,
        "case": [_step_data(step) for name in _OF_THE_CASE for step in _of(explainer, name, lea)],
        "consequences": [
            {
                "standing": one.standing,
                "pathway": one.atom[2],
                "act": one.atom[-1],
                "by": one.atom[3] if len(one.atom) > 4 else None,
                "steps": list(one.steps),
                **_step_data(one.step),
            }
            for one in outlook(decision, cds, date)
        ],
    }


def _step_data(step: Step) -> dict[str, Any]:
    return {"sentence": step.sentence, "explanation": as_data([step])}


def pathways_text(decision: Decision, cds: str, date: int) -> str:
    """The pathways and the consequences as text: the answers first, then the derivations."""
    explainer, lea = Explainer(decision.graph), quote(cds)
    lines = [f"{explainer.sentences.lea(lea)} ({cds}), as of {date_words(date)}.", "", "Pathways"]
    shown: list[Step] = []
    for atom in _statuses(explainer, lea):
        status = explainer.step(atom)
        details = [step for name in _DETAILS for step in _of(explainer, name, lea, atom[2])]
        lines += [f"- {status.sentence}", *(f"  {step.sentence}" for step in details)]
        shown += [status, *details]
    case = [step for name in _OF_THE_CASE for step in _of(explainer, name, lea)]
    if case:
        lines += ["", "Renewal", *(f"- {step.sentence}" for step in case)]
    consequences = outlook(decision, cds, date)
    for standing, heading in _HEADINGS.items():
        of_it = [one for one in consequences if one.standing == standing]
        if of_it:
            lines += ["", heading, *(line for one in of_it for line in _lines(one))]
    lines += ["", "Derivations", ""]
    stated = [one.step for one in consequences if one.standing != POSSIBLE]
    lines.append(as_text([*shown, *case, *stated]))
    for one in consequences:
        if one.standing == POSSIBLE:
            lines += [f"Supposed: {'; '.join(one.steps)}.", as_text([one.step])]
    return "\n".join(lines).rstrip() + "\n"


def _lines(one: Consequence) -> Iterable[str]:
    yield f"- {one.sentence}"
    if one.steps:
        yield f"  After: {'; '.join(one.steps)}."
