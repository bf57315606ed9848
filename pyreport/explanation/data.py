"""An explanation as plain data for JSON: every step once, by number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pyreport.explanation.tree import Derivation, Step, walk
from pyreport.explanation.why_not.outline import Line
from pyreport.rulebook.rule import Rule

__all__ = ["FORMAT", "WHY_NOT_FORMAT", "as_data", "outline_data"]

FORMAT = "pyreport explanation 1"
WHY_NOT_FORMAT = "pyreport why-not 1"


def as_data(steps: Iterable[Step]) -> dict[str, Any]:
    """Return the explanation of ``steps``.

    ``conclusions`` are numbers of ``steps``. A step has its ``atom`` (predicate and arguments as clingo writes
    them), its ``sentence``, and either its ``source`` or its ``derivations``. ``rules`` holds the citations and
    quotations of the rules that the derivations name.
    """
    roots = list(steps)
    every = list(walk(roots))
    numbers = {step: number for number, step in enumerate(every)}
    rules = {derivation.rule.id: derivation.rule for step in every for derivation in step.derivations}
    return {
        "format": FORMAT,
        "conclusions": [numbers[step] for step in roots],
        "steps": [_step(step, numbers) for step in every],
        "rules": {name: _rule(rule) for name, rule in sorted(rules.items())},
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
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


def outline_data(line: Line) -> dict[str, Any]:
    """Return the outline of a why-not: nested lines, and the steps and rules they refer to as ``as_data`` gives them.

    A line has its ``sentence``, the kind of no (``answer``, or null), the ``rules`` it is about, the numbers of the
    ``steps`` that hold, and the lines ``below`` it. ``above`` says that it stands opened further up.
    """
    lines = list(_lines(line))
    steps = list(dict.fromkeys(step for entry in lines for step in entry.steps))
    data = as_data(steps)
    numbers = dict(zip(steps, data["conclusions"], strict=True))
    for rule in (rule for entry in lines for rule in entry.rules):
        data["rules"].setdefault(rule.id, _rule(rule))

    def nested(entry: Line) -> dict[str, Any]:
        return {
            "sentence": entry.sentence,
            "answer": None if entry.answer is None else str(entry.answer),
            "rules": [rule.id for rule in entry.rules],
            "cites": [
                [rule.cites.index(citation) for citation in cites]
                for rule, cites in zip(entry.rules, entry.cites, strict=True)
            ],
            "steps": [numbers[step] for step in entry.steps],
            "above": entry.above,
            "below": [nested(below) for below in entry.below],
        }

    rules = dict(sorted(data["rules"].items()))
    return {"format": WHY_NOT_FORMAT, "line": nested(line), "steps": data["steps"], "rules": rules}


def _lines(line: Line) -> Iterator[Line]:
    yield line
    for below in line.below:
        yield from _lines(below)


def _step(step: Step, numbers: dict[Step, int]) -> dict[str, Any]:
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


def _derivation(derivation: Derivation, numbers: dict[Step, int]) -> dict[str, Any]:
    return {
        "rule": derivation.rule.id,
        "cites": [derivation.rule.cites.index(citation) for citation in derivation.cites],
        "sentence": derivation.sentence,
        "bindings": dict(zip(derivation.rule.variables, derivation.instance, strict=True)),
        "premises": [numbers[step] for step in derivation.premises],
        "counts": [
            {
                "elements": [
                    {"words": words, "steps": [numbers[step] for step in steps]} for words, steps in counting.elements
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
