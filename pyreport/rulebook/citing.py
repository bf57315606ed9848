"""Which passages that a rule cites speak of the case to which it is applied.

A rule can hold for several Dashboards, indicators, kinds of LEA or texts of a statute, and cites the passage of each. A
passage *fits* an application where it speaks of its Dashboard year, indicator, method or kind (``about`` in the
authorities), and where it was *in force* on the date, or on the day by which the determinations of the Dashboard were
out. What an application is about are the values of the rule's variables, and of a fact its arguments.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from itertools import product

from pyreport.rulebook.authorities import Citation, Interval
from pyreport.rulebook.rulebook import Rule, Rulebook
from pyreport.rulebook.syntax import Value

__all__ = ["DATE", "FINISH", "START", "YEAR", "Applied", "fitting", "in_force", "speaks_of", "times"]

YEAR, DATE, START, FINISH = "Year", "Date", "Start", "Finish"
_TIMES = (YEAR, DATE, START, FINISH)
RELEASES = ("release_deadline", "released_before")
"""The predicates of the policy that say by which day the Dashboard of a year was out."""

Applied = Mapping[str, Collection[Value]]
"""What a rule is applied to: by the name of a variable, its values."""


def fitting(rulebook: Rulebook, rule: Rule, values: Mapping[str, Value]) -> tuple[Citation, ...]:
    """The citations of ``rule`` that fit an application of it and were in force; ``values`` are by variable."""
    if not any(citation.about or citation.in_force != (None, None) for citation in rule.cites):
        return rule.cites
    names = {*_TIMES, *(name for citation in rule.cites for name in citation.about)}
    of_interest = tuple((name, values[name]) for name in sorted(names) if name in values)
    key = rule.id, of_interest
    if key not in rulebook.fitting:
        rulebook.fitting[key] = _fitting(rulebook, rule, of_interest)
    return rulebook.fitting[key]


def _fitting(rulebook: Rulebook, rule: Rule, values: Iterable[tuple[str, Value]]) -> tuple[Citation, ...]:
    applied = {variable: (value,) for variable, value in values}
    days = times(rulebook, applied)
    return tuple(
        citation
        for citation in rule.cites
        if all(speaks_of(citation, variable, value, rule.inferred) for variable, value in values)
        and all(in_force(citation, day) for day in days.values())
    )


def speaks_of(citation: Citation, name: str, value: Value, inferred: str | None) -> bool:
    """Tell whether the passage speaks of ``value`` of the argument ``name``, or of all, or the inference names it."""
    about = citation.about.get(name)
    if about is None or value in about:
        return True
    # What is inferred from another year says so: "as in 2024".
    return inferred is not None and any(f"as in {one}" in inferred for one in about)


def in_force(citation: Citation, time: Interval) -> bool:
    """Tell whether the passage was in force at some time from the first to the second day of ``time``.

    A passage that names a Dashboard speaks of it whenever that came out.
    """
    if YEAR in citation.about:
        return True
    (begin, end), (first, last) = citation.in_force, time
    return not (begin and last and last < begin) and not (end and first and end < first)


def times(rulebook: Rulebook, values: Applied) -> dict[str, Interval]:
    """The times of an application, in words: dates, else from and to when it holds, else when a Dashboard was out."""
    if DATE in values:
        return {str(day): (day, day) for day in map(_day, values[DATE]) if day}
    if START in values or FINISH in values:
        starts: Iterable[Value | None] = values.get(START, (None,))
        finishes: Iterable[Value | None] = values.get(FINISH, (None,))
        return {
            f"{start or ''} to {finish or ''}".strip(): (_day(start), _day(finish))
            for start, finish in product(starts, finishes)
        }
    out = _released(rulebook)
    return {f"the {year} Dashboard": (out[year], out[year]) for year in values.get(YEAR, ()) if year in out}


def _released(rulebook: Rulebook) -> dict[Value, datetime.date]:
    """By Dashboard year, the day by which it was out."""
    facts = (fact for name in RELEASES for rule in rulebook.by_head.get(name, ()) for fact in rule.facts)
    return {fact[1]: day for fact in facts if (day := _day(fact[2]))}


def _day(value: Value | None) -> datetime.date | None:
    """The day that is written YYYYMMDD; none for an open end."""
    if not isinstance(value, int) or value // 10000 >= datetime.MAXYEAR:
        return None
    return datetime.date(value // 10000, value // 100 % 100, value % 100)
