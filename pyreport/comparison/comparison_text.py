"""A comparison of two policies as text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from pyreport.comparison.changed_derivations import Explained, ShownReason, ShownStep
from pyreport.comparison.differences import Kind
from pyreport.comparison.policy_comparison import Compared, Example, PolicyComparison
from pyreport.comparison.rule_changes import TextChange

__all__ = ["as_text", "evidence_sentences", "group_heading", "some_names", "verdict"]

_WIDTH = 118
_FEW = 2
_MOST = 10
"""The most conclusions of one rule that are listed where not all are asked for."""


def verdict(comparison: PolicyComparison) -> str:
    """In a sentence, whether anything differs."""
    asked = comparison.question
    names = f"{asked.old.name} and {asked.new.name}"
    if comparison.compared:
        leas = len({one.cds for one in comparison.compared if one.kind != Kind.REASON})
        return (
            f"{names} differ on the {asked.on} Dashboard in {_number(len(comparison.compared), 'conclusion')}; of "
            f"{leas:,} of {_leas(comparison)} something is gained or lost."
        )
    if comparison.differs:
        return f"{names} differ in their text; on the {asked.on} Dashboard no conclusion of {_leas(comparison)} does."
    return f"{names} do not differ: the same rules, and the same conclusions of {_leas(comparison)} on {asked.on}."


def _leas(comparison: PolicyComparison) -> str:
    return _counted(comparison.evidence.leas)


def _counted(leas: int) -> str:
    return _number(leas, "LEA")


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def evidence_sentences(comparison: PolicyComparison) -> list[str]:
    """What was decided from, and what a difference, or none, therefore means."""
    evidence, on = comparison.evidence, comparison.question.on
    counted = (
        f"Decided from the {on} Dashboard and those on which it rests: {_counted(evidence.leas)}, of which "
        f"{evidence.with_letters:,} have CDE's letters and {evidence.with_figures:,} have figures or CDE's list of Red "
        "groups. The proof checker confirmed both decisions."
    )
    if comparison.without_letters:
        return [
            counted,
            "CDE's letters were left out, of every year, so that figures decide. Of an LEA without figures nothing is "
            "known either way, and no change of the criteria can show.",
        ]
    if comparison.figures_alone and evidence.with_letters:
        return [
            counted,
            "What changed is about what figures show. Where CDE printed letters they decide before figures, so an edit "
            "of the criteria shows no difference there. --without letters decides by the figures alone.",
        ]
    return [counted]


def group_heading(rules: Sequence[str]) -> str:
    """The rules from which differences come."""
    return ", ".join(rules) if rules else "facts that one of the policies alone looks at"


def as_text(comparison: PolicyComparison, *, everything: bool = False) -> str:
    """The whole comparison as text.

    Args:
        comparison: What was compared.
        everything: Whether every conclusion is listed, and what was only renamed is written out.
    """
    lines = [verdict(comparison), *evidence_sentences(comparison), ""]
    lines += _text_changes(comparison, everything=everything)
    counts = comparison.counts()
    if counts:
        lines += ["Conclusions:", f"  {'':34}{'gained':>8}{'lost':>8}{'reason alone':>14}  gained or lost of"]
        for heading, of in counts.items():
            numbers = f"{of[Kind.GAINED]:>8,}{of[Kind.LOST]:>8,}{of[Kind.REASON]:>14,}"
            lines.append(f"  {heading:34}{numbers}  {some_names(comparison.leas(heading))}".rstrip())
    for rules, compared, examples in comparison.by_rules():
        lines += ["", f"By {group_heading(rules)}:"]
        for kind in Kind:
            of_kind = [one for one in compared if one.kind == kind]
            if of_kind:
                lines += _conclusions(kind, of_kind, everything=everything)
            for example in examples:
                if example.compared.kind == kind:
                    lines += _example(comparison, example)
    return "\n".join(line for row in lines for line in _wrapped(row)) + "\n"


def _text_changes(comparison: PolicyComparison, *, everything: bool) -> Iterator[str]:
    changes = comparison.text
    shown = [change for change in changes if everything or change.kind != TextChange.SAME]
    same = [change.id for change in changes if change.kind == TextChange.SAME]
    yield "The text that changed:" if changes or comparison.files else "The texts do not differ."
    for change in shown:
        before = f" (before: {', '.join(change.before)})" if change.before else ""
        yield f"  {change.id}{before}: {change.kind}"
        yield from (f"    {line}" for line in change.diff.split("\n"))
    if same and not everything:
        yield f"  {TextChange.SAME.capitalize()}: {', '.join(same)}."
    if comparison.files and not changes:
        yield "  The order of rules, comments or white space alone, or files that hold no rule."
    if comparison.files:
        yield f"  Files: {', '.join(comparison.files)}."
    yield ""


def some_names(leas: Sequence[str]) -> str:
    """The names of some LEAs, or their number where they are many."""
    return ", ".join(leas) if len(leas) <= _FEW else _counted(len(leas))


def _conclusions(kind: Kind, compared: Sequence[Compared], *, everything: bool) -> Iterator[str]:
    yield f"  {kind.capitalize()} ({len(compared):,}):"
    if kind == Kind.REASON and not everything:
        leas = sorted({one.lea for one in compared})
        yield f"    of {_counted(len(leas))}: {', '.join(leas[:_MOST])}{' …' if len(leas) > _MOST else ''}"
        return
    listed = compared if everything else compared[:_MOST]
    yield from (f"    {one.cds} {one.sentence}" for one in listed)
    if len(compared) > len(listed):
        yield f"    … and {len(compared) - len(listed):,} more; --all lists them."


def _example(comparison: PolicyComparison, example: Example) -> Iterator[str]:
    yield f"  For example, {example.compared.kind}: {example.compared.sentence}"
    for policy, side in ((comparison.question.old, example.old), (comparison.question.new, example.new)):
        yield f"    By {policy.name}{':' if side.holds else ', it does not hold:'}"
        yield from _side(side)


def _side(side: Explained) -> Iterator[str]:
    yield from (f"      - {sentence}" for sentence in side.absent)
    for step in side.steps:
        yield from _step(step)
    if side.others > 0:
        yield f"      The other {side.others} steps are the same, or below these; `pyreport explain` writes them."


def _step(step: ShownStep) -> Iterator[str]:
    mark = f"      {step.number:3}. "
    if step.source is not None:
        yield f"{mark}{step.sentence} [{step.source}]"
    elif step.derivations == 1:
        yield f"{mark}{_reason(step.reasons[0])}"
    else:
        shown = "" if len(step.reasons) == step.derivations else f", of which {len(step.reasons)} shown"
        yield f"{mark}{step.sentence} ({step.derivations} derivations{shown}.)"
        yield from (f"           - {_reason(reason)}" for reason in step.reasons)


def _reason(reason: ShownReason) -> str:
    parts = [f"{reason.sentence} [{': '.join(filter(None, (reason.rule, '; '.join(reason.law))))}]"]
    parts += [f"From {', '.join(map(str, reason.rests_on))}."] if reason.rests_on else []
    parts += [f"By {', '.join(reason.facts_of_law)}."] if reason.facts_of_law else []
    return " ".join([*parts, *reason.notes])


def _wrapped(row: str) -> Iterable[str]:
    text = row.lstrip(" ")
    indent = " " * (len(row) - len(text))
    # The lines of a diff and of a table stay as they are.
    if len(row) <= _WIDTH or text.startswith(("+", "-%", "%")):
        return [row]
    further = indent + ("     " if text[:1].isdigit() else "  ")
    return textwrap.wrap(
        text, _WIDTH, initial_indent=indent, subsequent_indent=further, break_long_words=False, break_on_hyphens=False
    )
