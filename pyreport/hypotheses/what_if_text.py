"""A what-if as text for the terminal, and as plain data for JSON (``schema/what_if.json``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pyreport.explanation.text import wrapped_lines
from pyreport.hypotheses.change import Change, Move
from pyreport.hypotheses.what_if import LABEL, Difference, Hypothesis, Smallest, WhatIf
from pyreport.reasoning.determination_columns import as_columns
from pyreport.reasoning.determinations import Certainty, Determination
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom

__all__ = ["FORMAT", "hypothesis_as_data", "hypothesis_as_text", "smallest_as_data", "smallest_as_text"]

FORMAT = "pyreport what-if 1"


def smallest_as_text(
    rulebook: Rulebook, what: WhatIf, results: Sequence[Smallest], sentences: Mapping[Atom, str]
) -> str:
    """The smallest changes, goal by goal. ``rulebook`` is loaded with its changes."""
    lines = [*_head(what, "The smallest changes of reported facts"), *_start(rulebook, what), ""]
    for result in results:
        lines += [*_goal(result, sentences), ""]
    return "\n".join([*lines, *_wrapped(LABEL), ""])


def hypothesis_as_text(rulebook: Rulebook, what: WhatIf, result: Hypothesis) -> str:
    """A hypothesis: what is set, what comes and what goes. ``rulebook`` is loaded with its changes."""
    lines = [*_head(what, "A hypothesis"), *_start(rulebook, what), ""]
    lines += _wrapped("Set otherwise:" if result.moves else "Nothing is set otherwise: the facts are as set already.")
    for sentence in result.sentences:
        lines += _wrapped(sentence, 1, "- ")
    lines += ["", *_wrapped(f"Decided from these facts: {_status(result.after)}")]
    for title, conclusions in (("Conclusions that come", result.comes), ("Conclusions that go", result.goes)):
        lines += ["", f"{title}:" if conclusions.conclusions else f"{title}: none."]
        for _, sentence in conclusions.conclusions:
            lines += _wrapped(sentence, 1, "- ")
    for title, derivations in (("Derivations that appear", result.comes), ("Derivations that disappear", result.goes)):
        lines += ["", f"{title}:" if derivations.derivations else f"{title}: none."]
        for rule, _, sentence in derivations.derivations:
            lines += _wrapped(f"{sentence} [{rule.id}]", 1, "- ")
    return "\n".join([*lines, "", *_wrapped(LABEL), ""])


def _head(what: WhatIf, title: str) -> list[str]:
    row = what.now
    heading = f"{row.name} ({what.cds}), {row.county} County, {what.year} Dashboard. {title}."
    now = f"Decided from the facts on record: {_status(row)}"
    return [*_wrapped(LABEL), "", *_wrapped(heading), "", *_wrapped(now), *_wrapped(row.basis)]


def _status(row: Determination) -> str:
    also = {Certainty.POSSIBLE: " It is possibly eligible: what would settle it is not on record."}
    return f"“{row.status}”.{also.get(row.differentiated_assistance, '')}"


def _start(rulebook: Rulebook, what: WhatIf) -> Iterator[str]:
    for basis in what.bases:
        if basis.name is None:
            yield from _wrapped(
                f"The {basis.year} Dashboard is not taken on one basis alone, since that would change a conclusion or "
                "what is on record is incomplete: whatever CDE printed there counts beside what is changed."
            )
        elif basis.aside:
            yield from _wrapped(
                f"The {basis.year} Dashboard is taken by {rulebook.names['Basis'].get(basis.name, basis.name)}: what "
                f"else CDE's files state of the same performance ({_counted(len(basis.aside), 'fact')}) is set aside, "
                "which alone changes no conclusion asked about."
            )


def _counted(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"


def _goal(result: Smallest, sentences: Mapping[Atom, str]) -> Iterator[str]:
    optima = result.optima
    if optima.cost is None:
        yield from _wrapped(f"{result.question} This would hold after every change that policy/changes/ allows.")
        return
    steps, ways = _counted(optima.cost, "step"), _counted(optima.count, "way")
    if not optima.complete:
        ways = f"more than the {optima.count:,} ways listed"
    yield from _wrapped(
        f"{result.question} The smallest change after which this would no longer hold: {steps}, {ways}."
    )
    parts = [part for part in optima.parts if any(part)]
    fixed = [move for part in parts if len(part) == 1 for move in part[0]]
    free = [part for part in parts if len(part) > 1]
    after = {outcome.change: _status(outcome.after) for outcome in result.outcomes}
    results = list(dict.fromkeys(after.values()))
    # Where not all lead to the same, each says where it leads, if it is a whole change.
    each = len(results) > 1 and len(parts) == 1
    if fixed:
        yield from _wrapped("All of these:" if len(fixed) > 1 else "This:", 1)
        for move in fixed:
            yield from _wrapped(sentences[move.atom], 2, "- ")
    for number, part in enumerate(free):
        yield from _wrapped(f"{'And result' if number or fixed else 'One'} of these {len(part)}:", 1)
        for change in part:
            moves = " And: ".join(sentences[move.atom] for move in change) or "Nothing."
            yield from _wrapped(f"{moves} Then: {after[change]}" if each and change in after else moves, 2, "- ")
    then = "" if each else f" Then: {'; or: '.join(results)}"
    yield from _wrapped(f"{_decided(result)}, and every derivation checked.{then}", 1)


def _decided(result: Smallest) -> str:
    if result.optima.count == 1:
        return "It was decided again"
    if len(result.outcomes) == result.optima.count:
        return "Each was decided again"
    return (
        f"{len(result.outcomes)} of them, each alternative in at least one, were decided again (that all combinations "
        "do it was shown by the search)"
    )


def smallest_as_data(
    what: WhatIf, results: Sequence[Smallest], sentences: Mapping[Atom, str], about: str | None
) -> dict[str, Any]:
    """The smallest changes as the schema describes them."""
    moves = {
        move.atom: move for result in results for part in result.optima.parts for change in part for move in change
    }
    numbers = {atom: number for number, atom in enumerate(sorted(moves, key=str))}

    def change_data(change: Change) -> list[int]:
        return [numbers[move.atom] for move in change]

    return {
        **_data(what),
        "about": about,
        "moves": [{**_move(moves[atom]), "sentence": sentences[atom], "cost": moves[atom].cost} for atom in numbers],
        "goals": [
            {
                "predicate": result.optima.goal.predicate,
                "arguments": list(result.optima.goal.arguments),
                "sentence": result.question,
                "wanted": result.optima.goal.comes,
                "cost": result.optima.cost,
                "count": result.optima.count,
                "complete": result.optima.complete,
                "parts": [[change_data(change) for change in part] for part in result.optima.parts],
                "decided": [
                    {"moves": change_data(outcome.change), **_row(outcome.after)} for outcome in result.outcomes
                ],
            }
            for result in results
        ],
    }


def hypothesis_as_data(what: WhatIf, result: Hypothesis) -> dict[str, Any]:
    """A hypothesis as the schema describes it."""
    return {
        **_data(what),
        "settings": [setting.text for setting in result.settings],
        "changed": [
            {**_move(move), "sentence": sentence} for move, sentence in zip(result.moves, result.sentences, strict=True)
        ],
        "after": _row(result.after),
        "comes": _difference(result.comes),
        "goes": _difference(result.goes),
    }


def _data(what: WhatIf) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "label": LABEL,
        "cds": what.cds,
        "name": what.now.name,
        "dashboard_year": what.year,
        "now": _row(what.now),
        "basis": what.now.basis,
        "bases": [
            {"dashboard_year": basis.year, "basis": basis.name, "set_aside": [list(atom) for atom in basis.aside]}
            for basis in what.bases
        ],
    }


def _row(row: Determination) -> dict[str, Any]:
    columns = as_columns(row)
    return {name: columns[name] for name in ("status", "differentiated_assistance", "methods", "groups")}


def _move(move: Move) -> dict[str, Any]:
    return {
        "was": None if move.old is None else list(move.old),
        "would_be": None if move.new is None else list(move.new),
    }


def _difference(difference: Difference) -> dict[str, Any]:
    return {
        "conclusions": [{"atom": list(atom), "sentence": sentence} for atom, sentence in difference.conclusions],
        "derivations": [
            {"rule": rule.id, "bindings": dict(zip(rule.variables, instance, strict=True)), "sentence": sentence}
            for rule, instance, sentence in difference.derivations
        ],
    }


def _wrapped(text: str, depth: int = 0, mark: str = "") -> Sequence[str]:
    return wrapped_lines(text, "  " * depth + mark)
