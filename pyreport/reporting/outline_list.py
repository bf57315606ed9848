"""The outline of a why-not as nested HTML lists."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from pyreport.explanation.text import cell_words
from pyreport.explanation.tree import Step
from pyreport.explanation.why_not.candidates import FailureKind
from pyreport.explanation.why_not.outline import Line
from pyreport.reporting.proof_list import rule_link

__all__ = ["outline_list"]


def outline_list(lines: Iterable[Line], law: str, levels: int | None = None, *, facts: bool = False) -> Markup:
    """The lines as a list, each with those below it.

    Args:
        lines: The lines.
        law: The address of the page of the law, seen from this one.
        levels: How many levels are written, and below them only the ways to what is not on record; all if ``None``.
        facts: Whether what holds instead is written too, with its cell.
    """
    return Markup("<ul>") + _items(lines, law, levels, facts) + Markup("</ul>")


def _items(lines: Iterable[Line], law: str, levels: int | None, facts: bool) -> Markup:
    shown = (line for line in lines if levels is None or levels > 0 or _is_open(line))
    return Markup("").join(_item(line, law, levels, facts) for line in shown)


def _item(line: Line, law: str, levels: int | None, facts: bool) -> Markup:
    kind = Markup(f' <span class="kind">{escape(line.answer)}</span>') if line.answer else ""
    rules = Markup(" ").join(Markup(rule_link(rule, law)) for rule in line.rules)
    below = Markup("").join(map(_fact, line.steps)) if facts else Markup("")
    below += _items(line.below, law, None if levels is None else levels - 1, facts)
    nested = Markup("<ul>") + below + Markup("</ul>") if below else Markup("")
    return Markup("<li>") + escape(line.sentence) + kind + " " + rules + nested + Markup("</li>\n")


def _fact(step: Step) -> Markup:
    cell = Markup(f" <small>{escape(cell_words(step.cell))}</small>") if step.cell is not None else ""
    return Markup("<li>") + escape(step.headline) + cell + Markup("</li>\n")


def _is_open(line: Line) -> bool:
    """Whether a line of a why-not, or one below it, tells of what is not on record: that may still be otherwise."""
    return line.answer is FailureKind.MISSING or any(map(_is_open, line.below))
