"""Whether the facts of the policy agree with one another, as the vocabulary says they must.

No fact is stated twice; what has one value has one; an order has no circle; intervals neither overlap nor leave gaps
where the law knows none; and a day is a day of the calendar.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyreport.rulebook.problems import Finding, Problem
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.syntax import Atom, AtomPattern, Value, written
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["disagreeing_facts"]

Stated = tuple[Atom, Rule]


def disagreeing_facts(rules: Iterable[Rule], predicates: Mapping[str, Predicate]) -> Iterator[Problem]:
    """Yield the facts of ``rules`` that contradict one another, in the order of their files and lines."""
    by_predicate: dict[str, list[Stated]] = {}
    for rule in sorted(rules, key=lambda rule: (rule.file, rule.line)):
        for fact in rule.facts:
            by_predicate.setdefault(rule.head.predicate, []).append((fact, rule))
    for name, facts in by_predicate.items():
        declared = predicates.get(name)
        facts = [stated for stated in facts if declared is not None and len(stated[0]) == len(declared.arguments) + 1]
        if declared is None or not facts:
            continue
        yield from _twice(facts)
        yield from _no_days(declared, facts)
        if declared.once_for is not None:
            yield from _two_values(declared, facts, declared.once_for)
        if declared.acyclic:
            yield from _circles(declared, facts)
        if declared.interval:
            fill = [
                stated
                for other in declared.filled_by
                if other in predicates and predicates[other].interval
                for stated in by_predicate.get(other, ())
            ]
            yield from _intervals(declared, facts, fill, predicates)


def _text(fact: Atom) -> str:
    return written(AtomPattern(str(fact[0]), fact[1:]))


def _place(rule: Rule) -> str:
    return f"{rule.id} ({rule.file}:{rule.line})"


def _problem(rule: Rule, message: str, finding: Finding) -> Problem:
    return Problem(rule.file, rule.line, f"{rule.id}: {message}", finding)


def _twice(facts: Iterable[Stated]) -> Iterator[Problem]:
    first: dict[Atom, Rule] = {}
    for fact, rule in facts:
        if fact in first:
            message = f"{_text(fact)} is stated by {_place(first[fact])} already; keep one, with the citations of both"
            yield _problem(rule, message, Finding.DUPLICATE_FACT)
        first.setdefault(fact, rule)


def _two_values(declared: Predicate, facts: Iterable[Stated], once_for: Sequence[str]) -> Iterator[Problem]:
    first: dict[tuple[Value, ...], Stated] = {}
    for fact, rule in facts:
        key = tuple(fact[declared.place(name)] for name in once_for)
        other, by = first.setdefault(key, (fact, rule))
        if other != fact:
            of = ", ".join(f"{name} {value}" for name, value in zip(once_for, key, strict=True)) or "all"
            message = (
                f"{_text(fact)} beside {_text(other)} of {_place(by)}: {declared.name} is stated once for {of}; keep "
                "one, or tell the two apart by an argument"
            )
            yield _problem(rule, message, Finding.TWO_VALUES)


def _no_days(declared: Predicate, facts: Iterable[Stated]) -> Iterator[Problem]:
    for fact, rule in facts:
        for name in declared.dates:
            value = fact[declared.place(name)]
            if isinstance(value, int) and _day(value) is None:
                message = f"{name} {value} in {_text(fact)} is no day of the calendar; write YYYYMMDD"
                yield _problem(rule, message, Finding.NO_SUCH_DAY)


def _day(value: Value) -> datetime.date | None:
    try:
        return datetime.datetime.strptime(f"{value:08}", "%Y%m%d").date()
    except ValueError:
        return None


def _circles(declared: Predicate, facts: Iterable[Stated]) -> Iterator[Problem]:
    """Yield one problem for each group of facts that has a circle: the fact that closes it, in the order written."""
    one, other = (declared.place(name) for name in declared.acyclic)
    before: dict[tuple[Value, ...], dict[Value, dict[Value, Rule]]] = {}
    closed = set()
    for fact, rule in facts:
        group = tuple(value for place, value in enumerate(fact) if place not in (one, other))
        edges = before.setdefault(group, {})
        path = _path(edges, fact[other], fact[one])
        edges.setdefault(fact[one], {}).setdefault(fact[other], rule)
        if path is not None and group not in closed:
            closed.add(group)
            circle = [fact[one], *path]
            steps = (
                f"{later} after {earlier} by {edges[later][earlier].file}:{edges[later][earlier].line}"
                for later, earlier in zip(circle, path, strict=False)
            )
            message = f"{_text(fact)} closes a circle: {', '.join(steps)}; remove the one that is not so"
            yield _problem(rule, message, Finding.CIRCLE)


def _path(edges: Mapping[Value, Iterable[Value]], start: Value, goal: Value) -> list[Value] | None:
    """The values from ``start`` to ``goal`` along ``edges``, both included; ``None`` where there is no way."""
    trails: dict[Value, list[Value]] = {start: [start]}
    queue = [start]
    for value in queue:
        if value == goal:
            return trails[value]
        for following in edges.get(value, ()):
            if following not in trails:
                trails[following] = [*trails[value], following]
                queue.append(following)
    return None


def _intervals(
    declared: Predicate, facts: Sequence[Stated], fill: Sequence[Stated], predicates: Mapping[str, Predicate]
) -> Iterator[Problem]:
    """Yield the intervals that end before they begin, overlap one another, or leave a gap.

    Args:
        declared: Their predicate.
        facts: Its facts.
        fill: The facts whose intervals may stand in a gap.
        predicates: The predicates of the policy.
    """
    group_by = declared.gapless or tuple(name for name in declared.arguments if name not in declared.interval)
    groups: dict[tuple[Value, ...], list[tuple[datetime.date, datetime.date, Stated]]] = {}
    for fact, rule in facts:
        days = _days(declared, fact)
        if days is None:
            continue
        if days[0] > days[1]:
            message = f"{_text(fact)} ends before it begins; exchange {declared.interval[0]} and {declared.interval[1]}"
            yield _problem(rule, message, Finding.OVERLAP)
            continue
        group = tuple(fact[declared.place(name)] for name in group_by)
        groups.setdefault(group, []).append((*days, (fact, rule)))
    filled = [days for fact, _ in fill for days in [_days(predicates[str(fact[0])], fact)] if days is not None]
    for intervals in groups.values():
        intervals.sort(key=lambda interval: interval[:2])
        _, end, (earlier, by) = intervals[0]
        for start, finish, (fact, rule) in intervals[1:]:
            if start <= end and fact != earlier:
                message = (
                    f"{_text(fact)} begins on {_number(start)}, before {_text(earlier)} of {_place(by)} ends on "
                    f"{_number(end)}; end that one on {_number(start - datetime.timedelta(days=1))}, or begin later"
                )
                yield _problem(rule, message, Finding.OVERLAP)
            gap = [(_next(end), start)] if declared.gapless and _next(end) < start else []
            for begin, until in _left(gap, filled):
                last = until - datetime.timedelta(days=1)
                message = (
                    f"from {_number(begin)} to {_number(last)} nothing holds, between {_text(earlier)} of {_place(by)} "
                    f"and {_text(fact)}; move one of the two days, or state what held between"
                )
                yield _problem(rule, message, Finding.GAP)
            if finish > end:
                end, earlier, by = finish, fact, rule


def _left(
    gaps: list[tuple[datetime.date, datetime.date]], filled: Iterable[tuple[datetime.date, datetime.date]]
) -> list[tuple[datetime.date, datetime.date]]:
    """What is left of gaps, each from a day to before another, where other intervals fill them."""
    for begin, end in filled:
        gaps = [
            part
            for start, until in gaps
            for part in ((start, min(until, begin)), (max(start, _next(end)), until))
            if part[0] < part[1]
        ]
    return gaps


def _days(declared: Predicate, fact: Atom) -> tuple[datetime.date, datetime.date] | None:
    first, last = (_day(fact[declared.place(name)]) for name in declared.interval)
    return None if first is None or last is None else (first, last)


def _next(day: datetime.date) -> datetime.date:
    return day if day == datetime.date.max else day + datetime.timedelta(days=1)


def _number(day: datetime.date) -> str:
    return f"{day:%Y%m%d}"
