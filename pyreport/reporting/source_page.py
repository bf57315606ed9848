"""The page of a source: its words beside what the policy makes of them.

The texts of the sources are no part of the project. Where their collection is on hand the page has the source in full;
else it has the first words of each part, as the policy's coverage quotes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby
from pathlib import Path

from pyreport.files.places import policy_folder
from pyreport.reporting.law_anchors import rule_anchor
from pyreport.reporting.page_inputs import rulebook_of
from pyreport.reporting.rendering import Html, rendered
from pyreport.rulebook.authorities import Authority
from pyreport.rulebook.coverage import DOCUMENTS, SOURCES, STATUTES, CoverageEntry, read_coverage
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.source_text import SourceText

__all__ = ["PAGES", "Part", "SourceCounts", "SourcePage", "source_counts", "source_page"]

_TEMPLATE = "source.html.j2"
PAGES = (*STATUTES, *DOCUMENTS)
"""The short names of the sources that have a page, ``rulebook/NAME.html``."""


@dataclass(frozen=True)
class Part:
    """A sentence, cell or subdivision and what the policy makes of it.

    Attributes:
        words: Its words, or where the text is not on hand the first of them.
        rules: The ids of the rules that state it.
        reasons: Why it, or a part of it, is no rule.
    """

    section: str
    words: str
    rules: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def state(self) -> str:
        """``stated``, ``not-a-rule`` or ``missing``."""
        return "stated" if self.rules else "not-a-rule" if self.reasons else "missing"


@dataclass(frozen=True)
class SourceCounts:
    """How much of a source is accounted for: its parts that rules state, that are no rule, that are missing."""

    source: str
    title: str
    whole: bool
    stated: int
    not_a_rule: int
    missing: int


@dataclass(frozen=True)
class SourcePage:
    """The page of one source.

    Attributes:
        source: Its short name.
        whole: Whether it is shown in full.
        parts: Its parts in the order of the source; without its text in the order of the coverage.
    """

    rulebook: Rulebook
    source: str
    whole: bool
    parts: Sequence[Part]

    @property
    def name(self) -> str:
        """What the source is: the title of its authority, or the name of a file of statutes."""
        known = self.authorities
        return known[0].title if self.source in DOCUMENTS and known else f"Education Code: {Path(self.file).stem}"

    @property
    def file(self) -> str:
        """Where it stands in the collection of sources."""
        return SOURCES[self.source]

    @property
    def authorities(self) -> list[Authority]:
        """The authorities that are quoted from it."""
        return [one for one in self.rulebook.authorities.values() if one.source == SOURCES[self.source]]

    @cached_property
    def counts(self) -> SourceCounts:
        """How much of it is accounted for."""
        states = [part.state for part in self.parts]
        stated, not_a_rule, missing = (states.count(state) for state in ("stated", "not-a-rule", "missing"))
        return SourceCounts(self.source, self.name, self.whole, stated, not_a_rule, missing)

    @property
    def sections(self) -> list[tuple[str, list[Part]]]:
        """The parts by section, in their order."""
        return [(section, list(parts)) for section, parts in groupby(self.parts, key=lambda part: part.section)]

    def anchor(self, rule: str) -> str:
        """The anchor of a rule, by its id."""
        return rule_anchor(self.rulebook.by_id[rule])

    def heading(self) -> Html:
        """The page's header."""
        return rendered(_TEMPLATE, "heading", self)

    def words(self) -> Html:
        """The words of the source and what the policy makes of them."""
        return rendered(_TEMPLATE, "words", self)

    def colophon(self) -> Html:
        """The page's footer."""
        return rendered(_TEMPLATE, "colophon", self)


def source_page(source: str, sources: str | None = None, policy: str | None = None) -> SourcePage:
    """Prepare the page of a source.

    Args:
        source: Its short name, one of ``PAGES``.
        sources: The folder in which the sources of quotations are collected, if it is on hand.
        policy: The folder of the policy; the project's own if ``None``.

    Raises:
        PolicyError: The policy or its coverage cannot be loaded.
        OSError: The folder has no such source.
    """
    rulebook = rulebook_of(None, policy)
    entries = [one for one in _coverage(policy) if one.source == source]
    if sources is None:
        parts = [
            Part(one.section if source in STATUTES else "", one.quote, *_made_of(rulebook, [one])) for one in entries
        ]
    else:
        text = SourceText.read(source, Path(sources))
        parts = [Part(unit.section, unit.words, *_made_of(rulebook, found)) for unit, found in text.accounted(entries)]
    return SourcePage(rulebook, source, sources is not None, parts)


def source_counts(sources: str | None = None, policy: str | None = None) -> list[SourceCounts]:
    """How much of each source is accounted for; the arguments are those of ``source_page``."""
    return [source_page(source, sources, policy).counts for source in PAGES]


@cache
def _coverage(policy: str | None) -> tuple[CoverageEntry, ...]:
    return tuple(read_coverage(policy_folder() if policy is None else Path(policy)))


def _made_of(rulebook: Rulebook, entries: Sequence[CoverageEntry]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The rules that entries name, those of the policy at hand, and their reasons; each once."""
    rules = dict.fromkeys(name for entry in entries for name in entry.rules if name in rulebook.by_id)
    return tuple(rules), tuple(dict.fromkeys(entry.not_a_rule for entry in entries if entry.not_a_rule))
