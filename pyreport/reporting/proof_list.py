"""Numbered steps of a proof as HTML: a flat list, in which a step refers to others by number and to the law by link.

It is not written by a template: most of a page is its proof, and a template takes several times as long.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup, escape

from pyreport.evidence.model import Cell
from pyreport.explanation.numbered import NumberedSteps, Reason
from pyreport.explanation.text import cell_words
from pyreport.explanation.tree import Absence, Step
from pyreport.reporting.law_anchors import rule_anchor
from pyreport.rulebook.authorities import RANKS, Citation
from pyreport.rulebook.citing import in_force
from pyreport.rulebook.rule import Rule

__all__ = ["citations_on", "law_links", "proof_list", "rule_link", "step_link"]


def proof_list(numbered: NumberedSteps, law: str, mark: str = "s") -> Markup:
    """The steps as an ordered list.

    Args:
        numbered: The steps.
        law: The address of the page of the law, seen from this one.
        mark: What stands before a step's number in its anchor, where a document has several proofs.
    """
    pieces = ['<ol class="proof">\n']
    for number, step in enumerate(numbered.steps, start=1):
        pieces.append(f'<li id="{mark}{number}">{_body(numbered, step, law, mark)}</li>\n')
    pieces.append("</ol>\n")
    return Markup("".join(pieces))


def step_link(number: int | None, mark: str = "s") -> Markup:
    """A link to a step of the page's proof; nothing where it has no such step."""
    return Markup(f'<a href="#{mark}{number}">{number}</a>') if number else Markup("")


def _body(numbered: NumberedSteps, step: Step, law: str, mark: str) -> str:
    if step.cell is not None:
        return f"{escape(step.sentence)} {_source(step.cell)}"
    reasons = numbered.told(step)
    if len(reasons) == 1:
        return _reason(reasons[0], law, mark)
    items = "".join(f"<li>{_reason(reason, law, mark)}</li>" for reason in reasons)
    return f"{escape(step.sentence)}<ul>{items}</ul>"


def _reason(reason: Reason, law: str, mark: str) -> str:
    derivation = reason.derivation
    pieces = [str(escape(derivation.sentence)), " ", rule_link(derivation.rule, law)]
    if derivation.rule.inferred:
        pieces.append(" (inferred)")
    if reason.rests_on:
        pieces.append(f" from {' '.join(step_link(number, mark) for number in reason.rests_on)}")
    if reason.law:
        pieces.append(f" by {' '.join(rule_link(rule, law) for rule in reason.stated_by)}")
    pieces += (f" {escape(counting.sentence)}" for counting in derivation.countings)
    pieces += (f" {escape(comparison)}" for comparison in derivation.comparisons)
    pieces += (_absence(absence, law) for absence in derivation.absences)
    return "".join(pieces)


def _absence(absence: Absence, law: str) -> str:
    told = [f"{escape(words)}{'' if rule is None else f' {rule_link(rule, law)}'}" for rule, words in absence.told]
    return f"<br>{' '.join(told)}"


def rule_link(rule: Rule, law: str) -> str:
    """A link to a rule, by its id."""
    return f'<a href="{escape(law)}#{escape(rule_anchor(rule))}">{escape(rule.id)}</a>'


@lru_cache(maxsize=4096)
def _source(cell: Cell) -> str:
    return f"<small>{escape(cell_words(cell))}</small>"


def citations_on(step: Step, day: datetime.date | None) -> list[tuple[Citation, Rule]]:
    """The law of a conclusion, each citation once with a rule that cites it: the weightiest first.

    Where the conclusion rests on a fact of law of its own, such as a duty, that fact's; else the rule's. Of them, those
    that were in force on ``day``; all if none was.
    """
    cited: dict[str, tuple[Citation, Rule]] = {}
    for derivation in step.derivations:
        for stating in derivation.stating:
            for citation in stating.cites:
                cited.setdefault(citation.text, (citation, stating.rule))
    then = [(citation, rule) for citation, rule in cited.values() if in_force(citation, (day, day))]
    return sorted(then or cited.values(), key=lambda pair: RANKS.index(pair[0].authority.rank))


def law_links(cited: Iterable[tuple[Citation, Rule]], law: str) -> Markup:
    """The citations of ``citations_on`` in words; the first leads to the rule that cites it."""
    links: list[str] = []
    for citation, rule in cited:
        words = escape(citation.text)
        href = escape(f"{law}#{rule_anchor(rule)}")
        # One link a conclusion: who goes from link to link by keyboard is not to pass several to one rule.
        links.append(words if links else f'<a href="{href}">{words}</a>')
    return Markup("; ".join(links))
