"""Explanations as text, for the terminal and for golden files: numbered steps, or the outline of a why-not."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from pyreport.evidence.model import Cell, place_words
from pyreport.explanation.numbered import NumberedSteps, Reason
from pyreport.explanation.tree import Absence, Derivation, Step
from pyreport.explanation.why_not.outline import Line
from pyreport.rulebook.authorities import Citation
from pyreport.rulebook.rule import Rule

__all__ = ["SHORT", "as_text", "cell_words", "outline_text", "wrapped_lines"]

WIDTH = 118
SHORT = 150
"""The most lines of an explanation that is not asked for whole."""
_INDENT = "     "


def cell_words(cell: Cell) -> str:
    """Where a fact stands: file, sheet and cell, and what is printed there."""
    publication = cell.publication
    sheet = f", sheet “{publication.sheet}”" if publication.sheet else ""
    return f"{publication.file}{sheet}{place_words(cell.place)}: “{cell.value}”"


def as_text(steps: Iterable[Step], most: int | None = None) -> str:
    """Write the explanation of ``steps``: numbered steps, conclusions first, then each passage that they cite.

    Args:
        steps: The conclusions.
        most: The most lines. What does not fit is left out, passages first, and counted in the last line.
    """
    numbered = NumberedSteps(steps)
    given_reasons: set[str] = set()
    rows = [
        list(_numbered_step(numbered, number, step, given_reasons))
        for number, step in enumerate(numbered.steps, start=1)
    ]
    law = [list(_fact_of_law(same)) for same in numbered.facts_of_law()]
    passages = [list(wrapped_lines(quoted(citation), "  - ")) for citation in numbered.citations()]
    # The line that counts what is left out, and those that head the parts.
    room = None if most is None else most - 5
    lines: list[str] = []
    left_out = []
    for heading, word, blocks in (
        (None, "step", rows),
        ("Facts of law:", "fact of law", law),
        ("Passages cited:", "passage", passages),
    ):
        written, room = _fitting(blocks, room)
        if written:
            lines += ["", heading] if heading else []
            lines += [line for block in written for line in block]
        if len(blocks) > len(written):
            left_out.append(f"{len(blocks) - len(written)} more of “{word}”")
    if left_out:
        lines.append(f"… and {', '.join(left_out)}; --all writes them.")
    return "\n".join(lines) + "\n"


def _fitting(blocks: Sequence[list[str]], room: int | None) -> tuple[Sequence[list[str]], int | None]:
    """The first of some blocks of lines that fit into ``room``, and the room that is left."""
    if room is None:
        return blocks, None
    for place, block in enumerate(blocks):
        if len(block) > room:
            return blocks[:place], 0
        room -= len(block)
    return blocks, room


def _numbered_step(numbered: NumberedSteps, number: int, step: Step, given_reasons: set[str]) -> Iterator[str]:
    mark = f"{number:3}. "
    reasons = numbered.told(step)
    if step.cell is not None:
        yield from wrapped_lines(f"{step.sentence} [{cell_words(step.cell)}]", mark)
    elif len(step.derivations) == 1:
        yield from _reason(reasons[0], mark, given_reasons)
    else:
        yield from wrapped_lines(f"{step.sentence} ({len(step.derivations)} derivations.)", mark)
        for reason in reasons:
            yield from _reason(reason, f"{_INDENT}- ", given_reasons)


def _reason(reason: Reason, mark: str, given_reasons: set[str]) -> Iterator[str]:
    """One derivation; the reason for an inference is given where its rule first stands."""
    derivation, indent = reason.derivation, " " * len(mark)
    law = "; ".join(dict.fromkeys(citation.text for citation in derivation.cites))
    rests_on = f" From {', '.join(map(str, reason.rests_on))}." if reason.rests_on else ""
    if reason.law:
        rests_on += f" By {', '.join(rule.id for rule in reason.stated_by)}."
    yield from wrapped_lines(f"{derivation.sentence} [{derivation.rule.id}{': ' if law else ''}{law}]{rests_on}", mark)
    if derivation.rule.inferred:
        first = derivation.rule.id not in given_reasons
        given_reasons.add(derivation.rule.id)
        yield from wrapped_lines(f"Inferred: {derivation.rule.inferred}." if first else "(Inferred.)", indent)
    for counting in derivation.countings:
        yield from wrapped_lines(counting.sentence, indent)
    for comparison in derivation.comparisons:
        yield from wrapped_lines(comparison, indent)
    for absence in derivation.absences:
        head, *below = _absence(absence)
        yield from wrapped_lines(head, indent)
        for line in below:
            yield from wrapped_lines(line, f"{indent}  ")


def _absence(absence: Absence) -> list[str]:
    return [words if rule is None else f"{words} [{rule.id}]" for rule, words in absence.told]


def _fact_of_law(same: Sequence[Step]) -> Iterator[str]:
    """One fact of law in the words of the rule that states it, with all passages with which it is used."""
    for derivations in zip(*(fact.derivations for fact in same), strict=True):
        rule, sentence = derivations[0].rule, derivations[0].sentence
        law = "; ".join(dict.fromkeys(citation.text for one in derivations for citation in one.cites))
        yield from wrapped_lines(f"{sentence} [{rule.id}{': ' if law else ''}{law}]", "  - ")
        if rule.inferred:
            yield from wrapped_lines(f"Inferred: {rule.inferred}.", "    ")


def outline_text(line: Line) -> str:
    """Write the outline of a why-not."""
    rows: list[str] = []
    _Writer().line(line, 0, rows)
    return "\n".join(rows) + "\n"


class _Writer:
    def __init__(self) -> None:
        self.written: set[Step] = set()
        self.quoted: set[str] = set()

    def step(self, step: Step, depth: int) -> Iterator[str]:
        if step in self.written:
            yield from _wrapped(f"{step.headline} (Shown above.)", depth)
            return
        self.written.add(step)
        if step.cell is not None:
            yield from _wrapped(step.sentence, depth)
            yield from _wrapped(f"[{cell_words(step.cell)}]", depth + 1, mark="")
        elif len(step.derivations) == 1:
            yield from self.derivation(step.derivations[0], depth)
        else:
            yield from _wrapped(f"{step.sentence} ({len(step.derivations)} derivations.)", depth)
            for derivation in step.derivations:
                yield from self.derivation(derivation, depth + 1)

    def line(self, line: Line, depth: int, rows: list[str]) -> None:
        """Add a line of an outline to ``rows``, and what stands below it."""
        kind = f" [{line.answer}]" if line.answer is not None else ""
        rows += _wrapped(f"{line.sentence}{kind}{' (Opened above.)' if line.above else ''}", depth)
        for rule, cites in zip(line.rules, line.cites, strict=True):
            rows += self.law(rule, cites, depth + 1)
        for step in line.steps:
            rows += self.step(step, depth + 1)
        for below in line.below:
            self.line(below, depth + 1, rows)

    def derivation(self, derivation: Derivation, depth: int) -> Iterator[str]:
        yield from _wrapped(derivation.sentence, depth)
        yield from self.law(derivation.rule, derivation.cites, depth + 1)
        for counting in derivation.countings:
            yield from _wrapped(counting.sentence, depth + 1)
            for _, steps in counting.elements:
                for step in steps:
                    yield from self.step(step, depth + 2)
        for step in derivation.premises:
            yield from self.step(step, depth + 1)
        for comparison in derivation.comparisons:
            yield from _wrapped(comparison, depth + 1)
        for absence in derivation.absences:
            head, *below = _absence(absence)
            yield from _wrapped(head, depth + 1)
            for line in below:
                yield from _wrapped(line, depth + 2)

    def law(self, rule: Rule, cites: Sequence[Citation], depth: int) -> Iterator[str]:
        """The rule's authorities: a passage is quoted where it is first cited, and named from then on."""
        fresh = [citation for citation in cites if self._first(citation)]
        named = dict.fromkeys(citation.text for citation in cites if citation not in fresh)
        yield from _wrapped(f"[{rule.id}{': ' if named else ''}{'; '.join(named)}]", depth, mark="")
        for citation in fresh:
            yield from _wrapped(quoted(citation), depth, mark="")
        if rule.inferred:
            first = rule.id not in self.quoted
            self.quoted.add(rule.id)
            yield from _wrapped(f"Inferred: {rule.inferred}." if first else "(Inferred.)", depth, mark="")

    def _first(self, citation: Citation) -> bool:
        passage = f"{citation.authority.id} {citation.passage}"
        first = passage not in self.quoted
        self.quoted.add(passage)
        return first


def quoted(citation: Citation) -> str:
    """A citation with its quotation."""
    return f"{citation.text}: “{citation.quotation}”"


def _wrapped(text: str, depth: int, mark: str = "- ") -> Iterable[str]:
    indent = "  " * depth + mark
    if len(indent) + len(text) <= WIDTH and "\n" not in text and "  " not in text:
        return (indent + text,)
    return wrapped_lines(text, indent)


@lru_cache(maxsize=10_000)
def wrapped_lines(text: str, indent: str) -> Sequence[str]:
    """The lines of a paragraph, the first after ``indent`` and the others as far in.

    The same passages are quoted again and again, so they are kept.
    """
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=" " * len(indent),
        break_long_words=False,
        # The name of a rule stays whole, so that it can be searched for.
        break_on_hyphens=False,
    )
