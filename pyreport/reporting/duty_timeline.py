"""Each duty over time: between which days it holds, and the gaps between, drawn and in words."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pyreport.explanation.sentences import Sentences, date_words
from pyreport.reasoning.graph import Graph
from pyreport.reporting.page_inputs import rulebook_of
from pyreport.reporting.rendering import Html, capitalized, rendered
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook

__all__ = ["DutiesPage", "Duty", "Span", "Timeline", "duties_page", "timelines"]

_TEMPLATE = "duties.html.j2"

_DUTY = "duty"
"""The predicate of the policy whose facts are the duties."""
_NO_END = 99991231
_WIDTH = 200
"""The width of a drawing, in units of its own."""
_EVERY = 5
"""How many years apart the axis is marked."""


@dataclass(frozen=True)
class Span:
    """From when to when a duty holds, by which rule, with which mode (shall, may …), at which occasion.

    Attributes:
        start: First day, YYYYMMDD.
        finish: Last day, YYYYMMDD; 99991231 where there is none.
    """

    rule: Rule
    mode: str
    occasion: str
    start: int
    finish: int

    @property
    def words(self) -> str:
        """Its days in words."""
        begin = date_words(self.start)
        return f"from {begin} on" if self.finish == _NO_END else f"{begin} to {date_words(self.finish)}"


@dataclass(frozen=True)
class Duty:
    """What somebody shall, may or need not do: who, what, its spans by their first day, and the days between them."""

    actor: str
    words: str
    spans: tuple[Span, ...]

    @cached_property
    def gaps(self) -> list[tuple[datetime.date, datetime.date]]:
        """The days between two spans on which none holds: the first and the last of them."""
        found = []
        until = self.spans[0].finish
        for span in self.spans[1:]:
            if until != _NO_END:
                begin, end = _day(until) + datetime.timedelta(1), _day(span.start) - datetime.timedelta(1)
                if begin <= end:
                    found.append((begin, end))
            until = max(until, span.finish)
        return found

    @property
    def gap_words(self) -> list[str]:
        """The gaps in words."""
        return [f"{date_words(_number(begin))} to {date_words(_number(end))}" for begin, end in self.gaps]


@dataclass(frozen=True)
class Bar:
    """A bar of a drawing, in the units of its width; its kind is ``span``, ``open`` (it has no end) or ``gap``."""

    x: int
    width: int
    kind: str

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.x + self.width


@dataclass(frozen=True)
class Timeline:
    """The duties toward one kind of LEA, with the years of the axis."""

    kind: str
    duties: tuple[Duty, ...]
    first: int
    last: int

    @property
    def title(self) -> str:
        """The kind of LEA, as a heading."""
        return capitalized(self.kind)

    @property
    def years(self) -> list[tuple[int, int]]:
        """Some years of the axis, each with its place."""
        return [(year, self._x(datetime.date(year, 1, 1))) for year in range(self.first, self.last + 1, _EVERY)]

    def bars(self, duty: Duty) -> list[Bar]:
        """The bars of the spans and of the gaps of a duty."""
        found = []
        for span in duty.spans:
            if span.finish == _NO_END:
                x = self._x(_day(span.start))
                found.append(Bar(x, _WIDTH - x, "open"))
            else:
                found.append(self._bar(_day(span.start), _day(span.finish), "span"))
        return found + [self._bar(begin, finish, "gap") for begin, finish in duty.gaps]

    def _bar(self, begin: datetime.date, finish: datetime.date, kind: str) -> Bar:
        x = self._x(begin)
        return Bar(x, max(1, self._x(finish) - x), kind)

    def _x(self, day: datetime.date) -> int:
        begin, end = datetime.date(self.first, 1, 1), datetime.date(self.last, 12, 31)
        return round((day - begin).days / (end - begin).days * _WIDTH)


@dataclass(frozen=True)
class DutiesPage:
    """The parts of ``rulebook/duties.html``."""

    rulebook: Rulebook

    @cached_property
    def timelines(self) -> list[Timeline]:
        """The duties by the kind of LEA."""
        return timelines(self.rulebook)

    @property
    def number(self) -> int:
        """How many duties and options there are."""
        return sum(len(line.duties) for line in self.timelines)

    @property
    def gaps(self) -> int:
        """How many of them have a gap."""
        return sum(bool(duty.gaps) for line in self.timelines for duty in line.duties)

    def heading(self) -> Html:
        """The page's header."""
        return rendered(_TEMPLATE, "heading", self)

    def duties(self) -> Html:
        """The duties over time."""
        return rendered(_TEMPLATE, "duties", self)

    def colophon(self) -> Html:
        """The page's footer."""
        return rendered(_TEMPLATE, "colophon", self)


def duties_page(reading: str | None = None, policy: str | None = None) -> DutiesPage:
    """Prepare the page, under an alternative reading if one is named.

    Raises:
        PolicyError: The policy cannot be loaded.
    """
    return DutiesPage(rulebook_of(reading, policy))


def timelines(rulebook: Rulebook) -> list[Timeline]:
    """The duties of the policy by the kind of LEA, those that begin first before the others."""
    sentences = Sentences(Graph(rulebook, {}, {}))
    found: dict[str, dict[tuple[str, str], list[Span]]] = {}
    for rule in rulebook.by_head.get(_DUTY, ()):
        for fact in rule.facts:
            row: Any = rulebook.predicates[_DUTY].row(fact)
            mode, occasion = sentences.words("Mode", row.mode), sentences.words("Occasion", row.occasion)
            span = Span(rule, mode, occasion, row.start, row.finish)
            key = sentences.words("Actor", row.actor), sentences.words("Duty", row.duty)
            found.setdefault(sentences.words("Kind", row.kind), {}).setdefault(key, []).append(span)
    days = [day for duties in found.values() for spans in duties.values() for day in _days(spans)]
    return [
        Timeline(kind, _sorted(duties), min(days) // 10000, max(days) // 10000 + 1)
        for kind, duties in sorted(found.items())
    ]


def _days(spans: Sequence[Span]) -> list[int]:
    return [day for span in spans for day in (span.start, span.finish) if day != _NO_END]


def _sorted(duties: dict[tuple[str, str], list[Span]]) -> tuple[Duty, ...]:
    found = [
        Duty(actor, words, tuple(sorted(spans, key=lambda span: (span.start, span.finish, span.rule.id))))
        for (actor, words), spans in duties.items()
    ]
    return tuple(sorted(found, key=lambda duty: (duty.spans[0].start, duty.actor, duty.words)))


def _day(number: int) -> datetime.date:
    return datetime.date(number // 10000, number // 100 % 100, number % 100)


def _number(day: datetime.date) -> int:
    return day.year * 10000 + day.month * 100 + day.day
