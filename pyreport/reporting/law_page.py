"""What ``law.html`` shows: every rule and fact of law and every passage, each once, by authority."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup, escape

from pyreport.explanation.sentences import Sentences, argument_words
from pyreport.reasoning.graph import Graph
from pyreport.reporting.law_anchors import passage_anchor, rule_anchor
from pyreport.reporting.law_counts import LawCounts
from pyreport.reporting.page_inputs import rulebook_of
from pyreport.reporting.rendering import Html, rendered
from pyreport.reporting.rule_code import highlighted
from pyreport.reporting.source_page import SourceCounts, source_counts
from pyreport.rulebook.authorities import RANKS, Authority, Citation, Interval
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook

__all__ = ["RANK_WORDS", "LawPage", "held_words", "law_page", "sentence_of"]

_TEMPLATE = "law.html.j2"
RANK_WORDS = {
    "statute": "Statutes",
    "regulation": "Regulations",
    "state_board": "State Board of Education",
    "cde": "California Department of Education",
    "ccee": "California Collaborative for Educational Excellence",
    "association": "Associations",
}
"""The headings of the ranks that an authority can have."""
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_FACTS_IN_WORDS = 4
"""The most facts of one label that are written out; more stand in its code."""


@dataclass(frozen=True)
class RuleEntry:
    """A rule or facts of law as the page shows it.

    Attributes:
        rule: The rule.
        sentences: What it says: one sentence with words in place of its variables, or those of its few facts.
        unless: The sentence for when it does not apply.
        elsewhere: Its citations but the one under which it stands; of a group of passages the group alone.
        held: From when to when the passages that it cites held, in words; empty where it cites one alone, or one that
            has no dates.
        fired: For each counted Dashboard year the number of LEAs about which the rule concludes something.
    """

    rule: Rule
    sentences: tuple[Markup, ...]
    unless: Markup | None
    elsewhere: tuple[Citation, ...]
    groups: tuple[str, ...]
    held: str
    fired: Mapping[int, int]

    @property
    def anchor(self) -> str:
        """The rule's anchor."""
        return rule_anchor(self.rule)

    @property
    def kind(self) -> str:
        """What it is: a rule, or one or more facts of law."""
        count = len(self.rule.facts)
        return "rule" if not count else "fact" if count == 1 else f"{count} facts"

    @property
    def code(self) -> Markup:
        """Its code, highlighted."""
        head = self.rule.head.predicate
        return highlighted(self.rule.text.strip(), head, f"rulebook/words.html#{head}")


@dataclass(frozen=True)
class PassageEntry:
    """A passage with the rules that stand under it."""

    citation: Citation
    rules: tuple[RuleEntry, ...]

    @property
    def anchor(self) -> str:
        """The passage's anchor."""
        return passage_anchor(self.citation)

    @property
    def held(self) -> str:
        """From when to when the passage held, where that is not what is said of the whole authority."""
        same = self.citation.in_force == self.citation.authority.in_force
        return "" if same else held_words([self.citation.in_force])


@dataclass(frozen=True)
class AuthorityEntry:
    """An authority with its passages in their order."""

    authority: Authority
    passages: tuple[PassageEntry, ...]

    @property
    def anchor(self) -> str:
        """The authority's anchor."""
        return f"authority-{self.authority.id}"

    @property
    def held(self) -> str:
        """From when to when it held, or of which Dashboard it speaks."""
        year = self.authority.for_dashboard
        return held_words([self.authority.in_force]) or ("" if year is None else f"{year} Dashboard")

    @property
    def rules(self) -> int:
        """How many rules and facts of law stand under it."""
        return sum(len(passage.rules) for passage in self.passages)


@dataclass(frozen=True)
class LawPage:
    """The parts of ``law.html``."""

    rulebook: Rulebook
    counts: LawCounts | None
    sources: Sequence[SourceCounts]

    @property
    def rules(self) -> int:
        """The number of rules proper."""
        return sum(not rule.facts for rule in self.rulebook.rules)

    @property
    def facts(self) -> int:
        """The number of labelled facts of law."""
        return sum(bool(rule.facts) for rule in self.rulebook.rules)

    @property
    def passages(self) -> int:
        """The number of passages."""
        return sum(len(authority.passages) for authority in self.rulebook.authorities.values())

    @property
    def inferred(self) -> int:
        """The number of rules and facts of law that rest on an inference."""
        return sum(rule.inferred is not None for rule in self.rulebook.rules)

    @cached_property
    def ranks(self) -> list[tuple[str, list[AuthorityEntry]]]:
        """The authorities by rank, the weightiest first, and by section."""
        # By anchors: an authority holds mappings, so a citation has no hash.
        home: dict[str, list[Rule]] = {}
        for rule in self.rulebook.rules:
            home.setdefault(passage_anchor(_weightiest(rule)), []).append(rule)
        sentences = Sentences(Graph(self.rulebook, {}, {}))
        found: dict[str, list[AuthorityEntry]] = {}
        for authority in sorted(self.rulebook.authorities.values(), key=_place):
            citations = (Citation(authority, key) for key in sorted(authority.passages, key=_natural))
            passages = tuple(
                PassageEntry(
                    citation,
                    tuple(self._entry(rule, citation, sentences) for rule in home.get(passage_anchor(citation), ())),
                )
                for citation in citations
            )
            found.setdefault(RANK_WORDS[authority.rank], []).append(AuthorityEntry(authority, passages))
        return list(found.items())

    @cached_property
    def groups(self) -> dict[str, tuple[Citation, ...]]:
        """The passages that rules cite together, by the name of the group."""
        found: dict[str, dict[str, Citation]] = {}
        for rule in self.rulebook.rules:
            for citation in rule.cites:
                if citation.group is not None:
                    found.setdefault(citation.group, {})[passage_anchor(citation)] = citation
        return {name: tuple(found[name].values()) for name in sorted(found)}

    def heading(self) -> Html:
        """The page's header."""
        return self._part("heading")

    def contents(self) -> Html:
        """The list of authorities."""
        return self._part("contents")

    def authorities(self) -> Html:
        """Every authority with its passages and rules."""
        return self._part("authorities")

    def cited_together(self) -> Html:
        """The groups of passages that rules cite under one name."""
        return self._part("cited_together")

    def statute_views(self) -> Html:
        """The sources that have pages of their own."""
        return self._part("statute_views")

    def colophon(self) -> Html:
        """The page's footer."""
        return self._part("colophon")

    def _entry(self, rule: Rule, under: Citation, sentences: Sentences) -> RuleEntry:
        others = {passage_anchor(one): one for one in rule.cites if one != under and one.group is None}
        groups = tuple(dict.fromkeys(one.group for one in rule.cites if one.group is not None))
        return RuleEntry(
            rule,
            _sentences(self.rulebook, rule, sentences),
            None if rule.unless is None else sentence_of(rule.unless),
            tuple(others.values()),
            groups,
            held_words(citation.in_force for citation in rule.cites) if others or groups else "",
            {} if self.counts is None else self.counts.fired(rule),
        )

    def _part(self, name: str) -> Html:
        return rendered(_TEMPLATE, name, self)


def law_page(
    reading: str | None = None, counts: str | None = None, sources: str | None = None, policy: str | None = None
) -> LawPage:
    """Prepare ``law.html``.

    Args:
        reading: The name of an alternative reading of the law.
        counts: The path of a file of counts (see ``law_counts``), if there is one.
        sources: The folder in which the sources of quotations are collected, if it is on hand.
        policy: The folder of the policy; the project's own if ``None``.

    Raises:
        PolicyError: The policy cannot be loaded.
        CountsError: The file of counts cannot be read, or is of another policy.
    """
    rulebook = rulebook_of(reading, policy)
    counted = None if counts is None else LawCounts.read(counts, rulebook)
    return LawPage(rulebook, counted, source_counts(sources, policy))


def sentence_of(label: str) -> Markup:
    """The sentence of a label with words in place of its variables: ``<i>student group</i>``."""
    pieces = _PLACEHOLDER.split(label[:1].upper() + label[1:] if not label.startswith("{") else label)
    words = [
        Markup("<i>{}</i>").format(name if name.isupper() else argument_words(name)) if place % 2 else escape(name)
        for place, name in enumerate(pieces)
    ]
    return Markup("").join(words) + ("" if label.endswith(".") else ".")


def held_words(intervals: Iterable[Interval]) -> str:
    """From when to when something held in any of the intervals, in words; empty where one is open at both ends."""
    known = list(intervals)
    if not known or any(interval == (None, None) for interval in known):
        return ""
    begins, ends = [begin for begin, _ in known], [end for _, end in known]
    begin = None if None in begins else min(day for day in begins if day)
    end = None if None in ends else max(day for day in ends if day)
    words = [f"from {begin.day} {begin:%b %Y}" if begin else "", f"to {end.day} {end:%b %Y}" if end else ""]
    return " ".join(word for word in words if word) + ("" if end else " on")


def _sentences(rulebook: Rulebook, rule: Rule, sentences: Sentences) -> tuple[Markup, ...]:
    if not rule.facts or len(rule.facts) > _FACTS_IN_WORDS:
        return (sentence_of(rule.says),)
    return tuple(dict.fromkeys(escape(sentences.of_rule(rule, fact[1:])) for fact in rule.facts))


def _weightiest(rule: Rule) -> Citation:
    """The citation under which a rule stands: the first of the weightiest rank, its own before those of a group."""
    return min(rule.cites, key=lambda one: (RANKS.index(one.authority.rank), one.group is not None))


def _place(authority: Authority) -> tuple[object, ...]:
    begin = authority.in_force[0]
    return RANKS.index(authority.rank), _natural(authority.cite), str(begin or ""), authority.id


def _natural(text: str) -> list[tuple[int, int, str]]:
    """A key by which numbers in a text sort as numbers."""
    return list(_tokens(text))


def _tokens(text: str) -> Iterator[tuple[int, int, str]]:
    for number, words in re.findall(r"(\d+)|(\D+)", text):
        yield (0, int(number), "") if number else (1, 0, words)
