"""Derivations as HTML: nested lists that unfold level by level, with the law of each rule and the cell of each fact.

They are not written by a template: most of a page is derivations, and recursive macros for them took three times as
long.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Protocol

from markupsafe import Markup, escape

from pyreport.explanation.text import cell_words
from pyreport.explanation.tree import Derivation, Step
from pyreport.explanation.why_not.outline import Line
from pyreport.rulebook.authorities import Citation
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.syntax import Atom

__all__ = ["Anchors", "Trees"]


class Anchors(Protocol):
    """The lists at a page's end that derivations link to. Asked for an anchor, it notes the rule or fact as used."""

    def rule_anchor(self, rule: Rule) -> str:
        """The anchor of a rule."""

    def parameter_anchor(self, step: Step) -> str:
        """The anchor of a fact of the policy."""


class Trees:
    """Renders the derivations of one section: a step that recurs is rendered once, each rule's law quoted once.

    Args:
        page_anchors: The anchors of the rules and facts of law that the page lists.
        prefix: What the anchors of the section's steps begin with; no other section of the page has it.
    """

    def __init__(self, page_anchors: Anchors, prefix: str) -> None:
        self._page_anchors, self._prefix = page_anchors, prefix
        self._anchors: dict[Atom, str] = {}
        self._quoted: set[str] = set()
        self._laws: dict[tuple[str, tuple[str, ...]], str] = {}

    def render(self, steps: Iterable[Step]) -> Markup:
        """The nested list of ``steps``."""
        pieces: list[str] = []
        for step in steps:
            self._step(step, pieces)
        return _list(pieces)

    def render_why_not(self, lines: Iterable[Line]) -> Markup:
        """The nested list of a why-not: each negative answer with its kind."""
        pieces: list[str] = []
        for line in lines:
            self._why_not(line, pieces)
        return _list(pieces)

    # The methods below add to a list of pieces, joined once: no level copies what the levels below it wrote. All that
    # is not markup goes through `escape`.

    def _step(self, step: Step, to: list[str]) -> None:
        if step.is_parameter:
            to.append(
                f'<li><a href="#{escape(self._page_anchors.parameter_anchor(step))}">{escape(step.sentence)}</a></li>\n'
            )
            return
        anchor = self._anchors.get(step.atom)
        if anchor is not None:
            to.append(f'<li>{escape(step.headline)} <a href="#{anchor}">Shown above.</a></li>\n')
            return
        anchor = self._anchors[step.atom] = f"{self._prefix}-{len(self._anchors) + 1}"
        to.append(f'<li id="{anchor}">')
        if step.cell:
            to.append(f'{escape(step.sentence)} <span class="source">{escape(cell_words(step.cell))}</span></li>\n')
        elif len(step.derivations) == 1:
            self._derivation(step.derivations[0], to)
            to.append("</li>\n")
        else:
            number = len(step.derivations)
            to.append(f"<details><summary>{escape(step.sentence)} ({number} derivations)</summary><ul>\n")
            for derivation in step.derivations:
                to.append("<li>")
                self._derivation(derivation, to)
                to.append("</li>\n")
            to.append("</ul></details></li>\n")

    def _derivation(self, derivation: Derivation, to: list[str]) -> None:
        law = self._law(derivation.rule, derivation.cites)
        to.append(f"<details><summary>{escape(derivation.sentence)}</summary>\n{law}<ul>\n")
        for counting in derivation.countings:
            to.append(f"<li>{escape(counting.sentence)}")
            if counting.elements:
                to.append("<ul>\n")
                for _, steps in counting.elements:
                    for below in steps:
                        self._step(below, to)
                to.append("</ul>")
            to.append("</li>\n")
        for below in derivation.premises:
            self._step(below, to)
        to.extend(f"<li>{escape(words)}</li>\n" for words in derivation.comparisons)
        for absence in derivation.absences:
            to.append(f"<li>{escape(absence.sentence)}")
            if absence.reasons:
                to.append("<ul>\n")
                for rule, words in absence.reasons:
                    to.append(f'<li>{escape(words)} <a class="source" {self._to_rule(rule)}</li>\n')
                to.append("</ul>")
            to.append("</li>\n")
        to.append("</ul></details>")

    def _why_not(self, line: Line, to: list[str]) -> None:
        to.append(f"<li{_rests_on(line)}>")
        sentence = f"{escape(line.sentence)}{_kind(line)}"
        if not (line.rules or line.steps or line.below):
            to.append(f"{sentence}</li>\n")
            return
        to.append(f"<details><summary>{sentence}</summary>\n")
        to.extend(map(self._law, line.rules, line.cites))
        if line.steps or line.below:
            to.append("<ul>\n")
            for step in line.steps:
                self._step(step, to)
            for below in line.below:
                self._why_not(below, to)
            to.append("</ul>\n")
        to.append("</details></li>\n")

    def _law(self, rule: Rule, cites: tuple[Citation, ...]) -> str:
        """The line below a sentence: the rule, the citations that bear on the case, and the reason for an inference."""
        key = rule.id, tuple(f"{citation.authority.id} {citation.passage}" for citation in cites)
        if key in self._laws:
            return self._laws[key]
        pieces = [f'<p class="law"><a {self._to_rule(rule)} · ']
        citations = self._citations(cites)
        for place, (citation, first) in enumerate(citations, start=1):
            quotation = f": <q>{escape(citation.quotation)}</q>" if first else ""
            pieces.append(f"{escape(citation.text)}{quotation}{'; ' if place < len(citations) and not first else ' '}")
        inferred = bool(rule.inferred) and self._first(rule.id)
        if rule.inferred:
            pieces.append(f"Inferred: {escape(rule.inferred)}." if inferred else "(Inferred.)")
        pieces.append("</p>\n")
        law = "".join(pieces)
        if not inferred and not any(first for _, first in citations):
            # All is quoted above: from here on, the text is the same each time.
            self._laws[key] = law
        return law

    def _citations(self, cites: tuple[Citation, ...]) -> list[tuple[Citation, bool]]:
        """The citations, each with whether its passage is to be quoted: where this section first cites it."""
        citations: dict[str, tuple[Citation, bool]] = {}
        for citation in cites:
            first = self._first(f"{citation.authority.id} {citation.passage}")
            if first or citation.text not in citations:
                citations[citation.text if not first else f"{citation.text} {citation.passage}"] = (citation, first)
        return list(citations.values())

    def _first(self, what: str) -> bool:
        """Whether this section mentions ``what`` for the first time."""
        first = what not in self._quoted
        self._quoted.add(what)
        return first

    def _to_rule(self, rule: Rule) -> str:
        """The rest of a link to a rule."""
        return f'href="#{escape(self._page_anchors.rule_anchor(rule))}"><code>{escape(rule.id)}</code></a>'


def _list(pieces: list[str]) -> Markup:
    return Markup(f'<ul class="tree">\n{"".join(pieces)}</ul>\n')


def _kind(line: Line) -> str:
    """The kind of a negative answer."""
    answer = f' <span class="kind">{escape(line.answer)}</span>' if line.answer else ""
    return f'{answer} <span class="kind">opened above</span>' if line.above else answer


def _rests_on(line: Line) -> str:
    """What a line of a why-not rests on, as attributes of its element, for the proof checker."""
    attributes: dict[str, list[Any]] = {
        "not": [list(goal) for goal in line.goals],
        "at": [[rule.id, dict(bindings)] for rule, bindings in line.at],
        "of": [[part for pair in values for part in pair] for values in line.names],
    }
    return "".join(f" data-{name}='{_attribute(value)}'" for name, value in attributes.items() if value)


def _attribute(value: Any) -> str:
    """``value`` as JSON that may stand between single quotation marks, in few characters."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return text.replace("&", "&amp;").replace("'", "&#39;").replace("<", "&lt;")
