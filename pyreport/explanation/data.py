"""An explanation as plain data for JSON: every step once, by number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyreport.explanation.tree import Derivation, Step, walk
from pyreport.rulebook.syntax import Atom

__all__ = ["FORMAT", "as_data"]

FORMAT = "pyreport explanation 1"


def as_data(steps: Iterable[Step]) -> dict[str, Any]:
    """Return the explanation of ``steps``.

    ``conclusions`` are numbers of ``steps``. A step has its ``atom`` (predicate and arguments as clingo writes
    them), its ``sentence``, and either its ``source`` or its ``derivations``. ``rules`` holds the citations and
    quotations of the rules that the derivations name.
    """
    roots = list(steps)
    every = list(walk(roots))
    numbers = {step.atom: number for number, step in enumerate(every)}
    rules = {derivation.rule.id: derivation.rule for step in every for derivation in step.derivations}
    return {
        "format": FORMAT,
        "conclusions": [numbers[step.atom] for step in roots],
        "steps": [_step(step, numbers) for step in every],
        "rules": {
            name: {
                "file": rule.file,
                "line": rule.line,
                "inferred": rule.inferred,
                "citations": [
                    {
                        "authority": citation.authority.id,
                        "title": citation.authority.title,
                        "cite": citation.text,
                        "url": citation.authority.url,
                        "quotation": citation.quotation,
                    }
                    for citation in rule.cites
                ],
            }
            for name, rule in sorted(rules.items())
        },
    }


def _step(step: Step, numbers: dict[Atom, int]) -> dict[str, Any]:
    data: dict[str, Any] = {"atom": list(step.atom), "sentence": step.sentence}
    if step.cell is not None:
        publication = step.cell.publication
        data["source"] = {
            "dashboard_year": publication.dashboard_year,
            "title": publication.title,
            "file": publication.file,
            "sha256": publication.sha256,
            "sheet": publication.sheet,
            "cell": step.cell.place,
            "value": step.cell.value,
        }
    else:
        data["derivations"] = [_derivation(derivation, numbers) for derivation in step.derivations]
    return data


def _derivation(derivation: Derivation, numbers: dict[Atom, int]) -> dict[str, Any]:
    return {
        "rule": derivation.rule.id,
        "sentence": derivation.sentence,
        "bindings": dict(zip(derivation.rule.variables, derivation.instance, strict=True)),
        "premises": [numbers[step.atom] for step in derivation.premises],
        "counts": [
            {
                "elements": [
                    {"words": words, "steps": [numbers[step.atom] for step in steps]}
                    for words, steps in counting.elements
                ],
                "reached": len(counting.elements),
                "operator": counting.operator,
                "bound": counting.bound,
            }
            for counting in derivation.countings
        ],
        "comparisons": list(derivation.comparisons),
        "absent": [
            {
                "atom": list(absence.atom),
                "sentence": absence.sentence,
                "reasons": [{"rule": rule.id, "sentence": sentence} for rule, sentence in absence.reasons],
            }
            for absence in derivation.absences
        ],
    }
