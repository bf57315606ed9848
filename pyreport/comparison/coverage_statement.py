"""Which rules apply, and how far the others get, as text and as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyreport.comparison.rule_coverage import Column, RuleCoverage
from pyreport.comparison.rule_reach import Held, RuleReach, condition_text
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.syntax import Value, unquote

__all__ = ["as_data", "as_text", "summary"]

_SHORT = 3
"""How many of the LEAs to which a rule applies, and of the conditions that it lacks, are told unless all are."""


def as_text(coverage: RuleCoverage, *, never: bool = False, everything: bool = False) -> str:
    """Each rule with the Dashboards in which it applies, and how far it gets in the others.

    Args:
        coverage: What is told.
        never: Whether only the rules are told that apply nowhere.
        everything: Whether all LEAs and conditions are told, and not a few.
    """
    blocks = [
        "\n".join(_block(coverage, rule, everything))
        for rule in coverage.rules
        if not (never and coverage.applies(rule))
    ]
    return "".join(f"{block}\n\n" for block in blocks)


def summary(coverage: RuleCoverage) -> str:
    """How many rules apply somewhere."""
    count = len(coverage.rules)
    applying = sum(map(coverage.applies, coverage.rules))
    whose = f"{sum(column.number for column in coverage.columns):,} cases"
    if not coverage.by_cases:
        whose = f"the LEAs on record of {', '.join(str(column.of) for column in coverage.columns)}"
    return f"Rules about LEAs, with {whose}: {applying:,} of {count:,} apply to some."


def as_data(coverage: RuleCoverage, *, never: bool = False) -> dict[str, Any]:
    """The same as plain data, whole."""
    key = "reading" if coverage.by_cases else "dashboard_year"
    return {
        "by": "cases" if coverage.by_cases else "record",
        "columns": [{key: column.of, "number": column.number} for column in coverage.columns],
        "rules": [
            {
                "rule": rule.id,
                "file": rule.file,
                "line": rule.line,
                "conditions": [condition_text(one) for one in coverage.of(rule)[0][1].conditions],
                "reach": [{key: column.of, **_reach_data(coverage, reach)} for column, reach in coverage.of(rule)],
            }
            for rule in coverage.rules
            if not (never and coverage.applies(rule))
        ],
    }


def _reach_data(coverage: RuleCoverage, reach: RuleReach) -> dict[str, Any]:
    return {
        "applies_to": len(reach.leas),
        "leas": [_named(coverage, lea) for lea in reach.leas],
        "furthest": None if reach.furthest is None else _held_data(coverage, reach.furthest),
        "one_condition_short": [_held_data(coverage, held) for held in reach.near],
    }


def _held_data(coverage: RuleCoverage, held: Held) -> dict[str, Any]:
    return {
        "conditions": held.conditions,
        "number": held.number,
        "example": None if held.example is None else _named(coverage, held.example),
        "missing": condition_text(held.missing),
    }


def _named(coverage: RuleCoverage, lea: Value) -> dict[str, str]:
    return {"cds": unquote(lea), "name": coverage.names.get(lea, "")}


def _block(coverage: RuleCoverage, rule: Rule, everything: bool) -> Iterator[str]:
    yield f"{rule.id} ({rule.file}:{rule.line})"
    applying = [(column, reach) for column, reach in coverage.of(rule) if reach.leas]
    if applying and not coverage.by_cases:
        yield f"  applies to {', '.join(f'{len(reach.leas):,} in {column.of}' for column, reach in applying)}"
    if everything or coverage.by_cases:
        for column, reach in applying:
            yield from _leas(coverage, column, reach, everything)
    # Dashboards of which the same is to say are told once.
    told: dict[tuple[str, ...], list[str]] = {}
    for column, reach in coverage.of(rule):
        if lines := tuple(_not_applying(coverage, reach, everything)):
            told.setdefault(lines, []).append(str(column.of))
    for (first, *others), years in told.items():
        yield f"  {'' if coverage.by_cases else ', '.join(years) + ': '}{first}"
        yield from (f"    {line}" for line in others)


def _not_applying(coverage: RuleCoverage, reach: RuleReach, everything: bool) -> Iterator[str]:
    """How far a rule gets where it applies to none; with ``everything`` also to whom else it nearly applies."""
    if not reach.leas:
        yield f"applies to none; {_furthest(coverage, reach)}"
    elif everything and reach.near:
        yield "all conditions but one hold for others:"
    if not reach.leas or everything:
        yield from _near(coverage, reach, everything)


def _leas(coverage: RuleCoverage, column: Column, reach: RuleReach, everything: bool) -> Iterator[str]:
    told = reach.leas if everything else reach.leas[:_SHORT]
    more = "" if len(told) == len(reach.leas) else f", such as the first {len(told)}"
    of = "" if coverage.by_cases else f"{column.of}: "
    yield f"  {of}applies to {_count(coverage, len(reach.leas))}{more}:"
    yield from (f"    {_words(coverage, lea)}" for lea in told)


def _furthest(coverage: RuleCoverage, reach: RuleReach) -> str:
    held, of = reach.furthest, len(reach.conditions)
    if held is None:
        which = "its condition" if of == 1 else f"the first of its {of} conditions"
        return f"{which} holds for none: {condition_text(reach.conditions[0])}"
    whose = "for all" if held.number is None else f"for {_such_as(coverage, held)}"
    return f"the first {held.conditions} of its {of} conditions hold {whose}; then fails {condition_text(held.missing)}"


def _near(coverage: RuleCoverage, reach: RuleReach, everything: bool) -> Iterator[str]:
    told = reach.near if everything else reach.near[:_SHORT]
    for held in told:
        yield f"all hold but {condition_text(held.missing)}, for {_such_as(coverage, held)}"
    if len(told) < len(reach.near):
        yield f"and so for {len(reach.near) - len(told)} more of its conditions; --all tells them"


def _such_as(coverage: RuleCoverage, held: Held) -> str:
    if held.number is None or held.example is None:
        return "all"
    return f"{_count(coverage, held.number)}, such as {_words(coverage, held.example)}"


def _words(coverage: RuleCoverage, lea: Value) -> str:
    name = coverage.names.get(lea, "")
    return name if coverage.by_cases else f"{unquote(lea)} {name}".rstrip()


def _count(coverage: RuleCoverage, number: int) -> str:
    word = "case" if coverage.by_cases else "LEA"
    return f"{number:,} {word}{'' if number == 1 else 's'}"
