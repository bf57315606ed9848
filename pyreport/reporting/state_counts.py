"""What is counted of the determinations of one Dashboard year, for the whole state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyreport.evidence.counties import counties
from pyreport.reasoning.determinations import Certainty, Determination, YesNoOpen
from pyreport.reporting.status_flows import Change

__all__ = [
    "CharterCounts",
    "CountyCounts",
    "GroundCount",
    "GroupCount",
    "charter_counts",
    "county_counts",
    "ground_counts",
    "group_counts",
    "total_of",
]


@dataclass(frozen=True)
class CountyCounts:
    """One county's agencies.

    Attributes:
        code: The county's code; empty for the sums.
        county: The county's name.
        leas: How many school districts and county offices were decided.
        eligible: How many of them are eligible for differentiated assistance.
        possible: For how many it is possible on a ground that is not on record.
        new: How many are eligible and were not on the Dashboard before.
        left: How many were eligible on the Dashboard before and are not.
        groups: How many student groups met the criteria.
        persistent: By the name of a test of several years, how many agencies meet it.
    """

    code: str
    county: str
    leas: int
    eligible: int
    possible: int
    new: int
    left: int
    groups: int
    persistent: Mapping[str, int]


@dataclass(frozen=True)
class GroupCount:
    """A student group: at how many agencies it met the criteria, and there by state priority."""

    group: str
    leas: int
    priorities: Mapping[int, int]


@dataclass(frozen=True)
class GroundCount:
    """A ground of differentiated assistance: on how many agencies it is known to bear, and of how many it is open."""

    words: str
    leas: int
    not_on_record: int

    @property
    def unknown(self) -> bool:
        """Whether nothing at all is on record: then no count is told."""
        return not self.leas and bool(self.not_on_record)


@dataclass(frozen=True)
class CharterCounts:
    """The charter schools of a county: with a status, eligible, and those of which the status is open."""

    code: str
    county: str
    decided: int
    eligible: int
    open: int


def county_counts(
    rows: Iterable[Determination], changes: Mapping[str, Change], tests: Sequence[str]
) -> list[CountyCounts]:
    """The counts of all 58 counties, by code.

    Args:
        rows: The determinations of school districts and county offices in a year.
        changes: What became of each since the Dashboard before, by CDS code.
        tests: The names of the tests of several years.
    """
    by_county: dict[str, list[Determination]] = {code: [] for code in counties()}
    for row in rows:
        by_county[row.cds[:2]].append(row)
    changed = {code: Counter(changes.get(row.cds) for row in of_county) for code, of_county in by_county.items()}
    return [
        CountyCounts(
            code=code,
            county=counties()[code],
            leas=len(of_county),
            eligible=_count(of_county, Certainty.CERTAIN),
            possible=_count(of_county, Certainty.POSSIBLE),
            new=changed[code][Change.NEW],
            left=changed[code][Change.LEFT],
            groups=sum(len(row.groups) for row in of_county),
            persistent={name: sum(getattr(row, name) is YesNoOpen.YES for row in of_county) for name in tests},
        )
        for code, of_county in by_county.items()
    ]


def total_of(rows: Sequence[CountyCounts], tests: Sequence[str]) -> CountyCounts:
    """The sums over all counties."""
    counted = ("leas", "eligible", "possible", "new", "left", "groups")
    sums = {name: sum(getattr(row, name) for row in rows) for name in counted}
    persistent = {name: sum(row.persistent[name] for row in rows) for name in tests}
    return CountyCounts(code="", county="California", persistent=persistent, **sums)


def group_counts(rows: Iterable[Determination], groups: Mapping[str, str]) -> list[GroupCount]:
    """At how many agencies each student group met the criteria.

    Args:
        rows: The determinations of a year.
        groups: The student groups, code to words, in their order.
    """
    met = [(code, priorities) for row in rows for code, priorities in row.groups.items()]
    leas = Counter(code for code, _ in met)
    priorities = {code: Counter(p for other, numbers in met if other == code for p in numbers) for code in groups}
    return [GroupCount(words, leas[code], priorities[code]) for code, words in groups.items()]


def ground_counts(rows: Sequence[Determination], methods: Mapping[int, str]) -> list[GroundCount]:
    """On what eligible agencies are eligible: each method that is met or not on record, then other grounds.

    Args:
        rows: The determinations of a year.
        methods: The methods, number to words.
    """
    met = Counter(method for row in rows for method in row.methods)
    lacking = Counter(method for row in rows for method in row.methods_not_on_record)
    others = Counter(
        " and ".join(row.rests_on.grounds) or "another ground" for row in rows if row.eligible and not row.methods
    )
    known = [number for number in methods if met[number] or lacking[number]]
    counts = [GroundCount(methods[number], met[number], lacking[number]) for number in known]
    ordered = sorted(others.items(), key=lambda ground: (-ground[1], ground[0]))
    return [*counts, *(GroundCount(words, count, 0) for words, count in ordered)]


def charter_counts(rows: Iterable[Determination]) -> list[CharterCounts]:
    """The charter schools of each county that has any on record."""
    by_county: dict[str, list[Determination]] = {}
    for row in rows:
        by_county.setdefault(row.cds[:2], []).append(row)
    return [
        CharterCounts(
            code=code,
            county=counties()[code],
            decided=sum(bool(row.status) for row in of_county),
            eligible=_count([row for row in of_county if row.status], Certainty.CERTAIN),
            open=sum(not row.status for row in of_county),
        )
        for code, of_county in sorted(by_county.items())
    ]


def _count(rows: Sequence[Determination], certainty: Certainty) -> int:
    return sum(row.differentiated_assistance is certainty for row in rows)
