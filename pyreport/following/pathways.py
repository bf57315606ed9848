"""The pathways of one LEA and what follows from them, as text and as data.

What is said of a pathway, and in which order, is the policy's: the predicates of the topics ``pathways`` and
``consequences`` of its vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyreport.explanation.data import as_data
from pyreport.explanation.sentences import date_words
from pyreport.explanation.text import as_text
from pyreport.explanation.tree import Explainer, Step
from pyreport.following.consequences import POSSIBLE, Consequence, consequences, standing_headings
from pyreport.reasoning.decision import Decision
from pyreport.rulebook.rows import atom_of
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Value, quote
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["pathways_data", "pathways_text"]

_STATUS = "pathway_status"


def _details(rulebook: Rulebook) -> list[Predicate]:
    """The predicates of what a pathway awaits or lacks."""
    return [predicate for predicate in rulebook.topics()["pathways"] if predicate.name != _STATUS]


def _of_the_case(rulebook: Rulebook) -> list[Predicate]:
    """The predicates of what a case leads to beside any one pathway, such as for the renewal of a charter."""
    return [predicate for predicate in rulebook.topics()["consequences"] if "Pathway" not in predicate.arguments]


def _steps(explainer: Explainer, predicate: str, **values: Value) -> list[Step]:
    return [explainer.step(atom_of(row)) for row in explainer.graph.rows(predicate, **values)]


def pathways_data(decision: Decision, cds: str, date: int) -> dict[str, Any]:
    """The pathways and the consequences of one LEA as of ``date`` (YYYYMMDD), as plain data.

    Raises:
        ProofError: The checker does not confirm a scenario.
        ReasoningError: Clingo reported an error or a warning.
    """
    explainer, rulebook, lea = Explainer(decision.graph), decision.graph.rulebook, quote(cds)
    return {
        "cds": cds,
        "name": explainer.sentences.lea(lea),
        "as_of": date,
        "pathways": [
            {
                "pathway": row.pathway,
                "status": row.progress,
                **_step_data(explainer.step(atom_of(row))),
                **{
                    predicate.name: [
                        _step_data(step) for step in _steps(explainer, predicate.name, lea=lea, pathway=row.pathway)
                    ]
                    for predicate in _details(rulebook)
                },
            }
            for row in decision.graph.rows(_STATUS, lea=lea)
        ],
        "case": [
            _step_data(step)
            for predicate in _of_the_case(rulebook)
            for step in _steps(explainer, predicate.name, lea=lea)
        ],
        "consequences": [
            {
                "standing": consequence.standing,
                "pathway": consequence.pathway,
                "act": consequence.act,
                "by": consequence.by,
                "steps": list(consequence.steps),
                **_step_data(consequence.step),
            }
            for consequence in consequences(decision, cds, date)
        ],
    }


def _step_data(step: Step) -> dict[str, Any]:
    return {"sentence": step.sentence, "explanation": as_data([step])}


def pathways_text(decision: Decision, cds: str, date: int) -> str:
    """The same as text: the answers first, then the derivations.

    Raises:
        ProofError: The checker does not confirm a scenario.
        ReasoningError: Clingo reported an error or a warning.
    """
    explainer, rulebook, lea = Explainer(decision.graph), decision.graph.rulebook, quote(cds)
    lines = [f"{explainer.sentences.lea(lea)} ({cds}), as of {date_words(date)}.", "", "Pathways"]
    explained: list[Step] = []
    for row in decision.graph.rows(_STATUS, lea=lea):
        status = explainer.step(atom_of(row))
        details = [
            step
            for predicate in _details(rulebook)
            for step in _steps(explainer, predicate.name, lea=lea, pathway=row.pathway)
        ]
        lines += [f"- {status.sentence}", *(f"  {step.sentence}" for step in details)]
        explained += [status, *details]
    by_label: dict[str, list[Step]] = {}
    for predicate in _of_the_case(rulebook):
        by_label.setdefault(str(predicate.label), []).extend(_steps(explainer, predicate.name, lea=lea))
    for label, steps in by_label.items():
        if steps:
            lines += ["", label.capitalize(), *(f"- {step.sentence}" for step in steps)]
            explained += steps
    of_case = consequences(decision, cds, date)
    for standing, heading in standing_headings(rulebook).items():
        standing_so = [consequence for consequence in of_case if consequence.standing == standing]
        if standing_so:
            lines += ["", heading, *(line for consequence in standing_so for line in _lines(consequence))]
    lines += ["", "Derivations", ""]
    explained += [consequence.step for consequence in of_case if consequence.standing != POSSIBLE]
    lines.append(as_text(explained))
    for consequence in of_case:
        if consequence.standing == POSSIBLE:
            lines += [f"Supposed: {'; '.join(consequence.steps)}.", as_text([consequence.step])]
    return "\n".join(lines).rstrip() + "\n"


def _lines(consequence: Consequence) -> Iterable[str]:
    yield f"- {consequence.sentence}"
    if consequence.steps:
        yield f"  After: {'; '.join(consequence.steps)}."
