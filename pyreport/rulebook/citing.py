"""Which passages that a rule cites speak of the case to which it is applied.

A rule can hold for several Dashboards, indicators, pathways, kinds of LEA or texts of a statute, and cites the passage
of each. A passage *fits* an application where it speaks of its Dashboard year, indicator, method, pathway or kind
(``about`` in the authorities), and where it was *in force* on the date, or on the day by which the determinations of
the Dashboard were out. What an application is about are the values of the rule's variables, and beside them what
follows from its LEA (``IMPLIED``). A fact of the policy is about its arguments, and beside them about what the
application is that uses it.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from itertools import product
from types import MappingProxyType

from pyreport.rulebook.authorities import Citation, Interval
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Value

__all__ = ["DATES", "IMPLIED", "YEAR", "Applied", "about", "day_of", "fitting", "in_force", "speaks_of", "times"]

YEAR = "Year"
_DAYS = ("Date", "On")
"""The arguments that are a day, the one asked about first."""
_STARTS, _FINISH = ("Start", "Since"), "Finish"
DATES = frozenset({*_DAYS, *_STARTS, _FINISH})
_TIMES = DATES | {YEAR, "FiscalYear", "Last"}
IMPLIED = {"Kind": "kind", "Date": "as_of"}
"""What follows from an LEA: by the name of an argument, the predicate that gives an LEA its values."""
_SETTLED_BY = {**dict.fromkeys(_TIMES, _TIMES), "Kind": frozenset({"Pathway"})}
"""An argument that is of its own, and not of what stands beside, where there is one of these."""
RELEASES = ("release_deadline", "released_before")
"""The predicates of the policy that say by which day the Dashboard of a year was out."""

Applied = Mapping[str, Collection[Value]]
"""What a rule is applied to: by the name of a variable, its values."""


def about(values: Mapping[str, Value], beside: Applied = MappingProxyType({})) -> dict[str, Collection[Value]]:
    """What an application of a rule, or a fact of the policy, is about.

    Args:
        values: The values of its variables, of a fact those of its arguments.
        beside: What follows from its LEA; of a fact, what the application is about that uses it. ``values`` go before
            it: what has a time of its own is of no other, and a pathway is of the same kinds for whomever it is asked.
    """
    values_of: dict[str, Collection[Value]] = {name: (value,) for name, value in values.items()}
    for name, some in beside.items():
        if name not in values_of and _SETTLED_BY.get(name, frozenset()).isdisjoint(values):
            values_of[name] = some
    return values_of


def fitting(rulebook: Rulebook, rule: Rule, applied: Applied, inferred: str | None = None) -> tuple[Citation, ...]:
    """The citations of ``rule`` that fit what is ``applied`` and were in force.

    ``inferred`` is the reason of the rule that uses a fact, where that is an inference.
    """
    # Asked for every premise of every step: what depends on the rule alone is found once.
    names = rulebook.fitting_names.get(rule.id)
    if names is None:
        abouts = [citation.about for citation in rule.cites]
        timeless = all(citation.in_force == (None, None) for citation in rule.cites)
        names = frozenset() if timeless and not any(abouts) else _TIMES.union(*abouts)
        rulebook.fitting_names[rule.id] = names
    if not names:
        return rule.cites
    of_interest = tuple((name, tuple(applied[name])) for name in sorted(names & applied.keys()))
    key = rule.id, of_interest, inferred
    if key not in rulebook.fitting:
        reasons = " ".join(reason for reason in (rule.inferred, inferred) if reason)
        rulebook.fitting[key] = _fitting(rulebook, rule, dict(of_interest), reasons)
    return rulebook.fitting[key]


def _fitting(rulebook: Rulebook, rule: Rule, applied: Applied, inferred: str) -> tuple[Citation, ...]:
    days = times(rulebook, applied)
    return tuple(
        citation
        for citation in rule.cites
        if all(any(speaks_of(citation, name, value, inferred) for value in applied[name]) for name in applied)
        # A passage that names a Dashboard speaks of it whenever that came out.
        and (
            not days or YEAR in applied.keys() & citation.about or any(in_force(citation, day) for day in days.values())
        )
    )


def speaks_of(citation: Citation, name: str, value: Value, inferred: str) -> bool:
    """Tell whether the passage speaks of ``value`` of the argument ``name``, or of all, or the inference names it."""
    values = citation.about.get(name)
    # What is inferred from another year says so: "as in 2024".
    return values is None or value in values or any(f"as in {year}" in inferred for year in values)


def in_force(citation: Citation, time: Interval) -> bool:
    """Tell whether the passage was in force at some time from the first to the second day of ``time``."""
    (begin, end), (first, last) = citation.in_force, time
    return not (begin and last and last < begin) and not (end and first and end < first)


def times(rulebook: Rulebook, values: Applied) -> dict[str, Interval]:
    """The times of an application, in words: dates, else from and to when it holds, else when a Dashboard was out."""
    for name in _DAYS:
        if name in values:
            return {str(day): (day, day) for day in map(day_of, values[name]) if day}
    start = next((name for name in _STARTS if name in values), None)
    if start or _FINISH in values:
        starts: Iterable[Value | None] = values[start] if start else (None,)
        finishes: Iterable[Value | None] = values.get(_FINISH, (None,))
        return {
            f"{first or ''} to {last or ''}".strip(): (day_of(first), day_of(last))
            for first, last in product(starts, finishes)
        }
    out = _released(rulebook)
    return {f"the {year} Dashboard": (out[year], out[year]) for year in values.get(YEAR, ()) if year in out}


def _released(rulebook: Rulebook) -> dict[Value, datetime.date]:
    """By Dashboard year, the day by which it was out."""
    facts = (fact for name in RELEASES for rule in rulebook.by_head.get(name, ()) for fact in rule.facts)
    return {fact[1]: day for fact in facts if (day := day_of(fact[2]))}


def day_of(value: Value | None) -> datetime.date | None:
    """The day that is written YYYYMMDD; none for an open end."""
    if not isinstance(value, int) or value // 10000 >= datetime.MAXYEAR:
        return None
    return datetime.date(value // 10000, value // 100 % 100, value % 100)
