"""What CDE's files other than the status files say of a county's LEAs, as rows of light tuples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from pyreport.evidence.record import Publication

__all__ = ["Charter", "CountyEvidence", "DashboardLea", "Figure", "LocalRating", "LowPerformance"]


class Figure(NamedTuple):
    """A student group's row of an LEA in an indicator's file.

    Attributes:
        cds: 14-digit CDS code.
        group: The student group, as CDE's status files write it (``TOM`` for two or more races).
        row: The row of the file, from 1.
        denominator: Number of students; ``None`` if not printed, as in the next ones.
        size: ``met`` or ``not_met`` where the file has a column for it, else ``not_printed``.
        status: The year's figure, in tenths.
        change: The difference from the year before, in tenths.
        status_level: 1 (worst) to 5.
        change_level: 1 (worst) to 5.
        color: 1 (red) to 5 (blue).
        small_population: The file says that the group was judged by the rules for fewer than 150 students.
        high_school_cut_points: The file says that the cut points of grade 11 were used.
        certified: ``Y`` or ``N`` as the column certifyflag prints it.
        type: Suspension: the type of the LEA whose cut points were used, as CDE abbreviates it, such as ``UD``.
    """

    cds: str
    group: str
    row: int
    denominator: int | None
    size: str
    status: int | None
    change: int | None
    status_level: int | None
    change_level: int | None
    color: int | None
    small_population: bool
    high_school_cut_points: bool
    certified: str | None
    type: str | None


class DashboardLea(NamedTuple):
    """An LEA that has any row in an indicator's file, be it one for reporting alone. ``row`` is the first of them."""

    cds: str
    name: str
    charter: bool
    dass: bool
    row: int


class LocalRating(NamedTuple):
    """A rating: ``met``, ``not_met``, ``not_met_two_years`` or ``not_applicable``."""

    cds: str
    priority: int
    rating: str
    row: int


class LowPerformance(NamedTuple):
    """The indicators on which the red list marks a student group of an LEA, in the order of its columns."""

    cds: str
    group: str
    indicators: tuple[str, ...]
    row: int


class Charter(NamedTuple):
    """A charter. ``dass`` is ``Y`` or ``N``, ``funding`` ``DF`` (direct) or ``LF`` (local)."""

    cds: str
    name: str
    authorizer: str
    dass: str
    funding: str
    row: int


_Row = TypeVar("_Row", Figure, DashboardLea, LocalRating, LowPerformance, Charter)


@dataclass(frozen=True, slots=True)
class CountyEvidence:
    """The rows of one county, by the publication they were read from; in each sorted as tuples are."""

    leas: Mapping[Publication, list[DashboardLea]] = field(default_factory=dict)
    figures: Mapping[Publication, list[Figure]] = field(default_factory=dict)
    local_ratings: Mapping[Publication, list[LocalRating]] = field(default_factory=dict)
    low_performance: Mapping[Publication, list[LowPerformance]] = field(default_factory=dict)
    charters: Mapping[Publication, list[Charter]] = field(default_factory=dict)

    def reported(self) -> Iterator[tuple[int, Publication, DashboardLea]]:
        """Each LEA in each Dashboard file, with the year."""
        for publication, leas in self.leas.items():
            for lea in leas:
                yield publication.dashboard_year, publication, lea

    def updated(self, newer: CountyEvidence) -> CountyEvidence:
        """Return these rows, with ``newer`` ones in place of those of the same kind of file, year and LEA."""
        covered: dict[tuple[str, int], set[str]] = {}
        for table in (newer.leas, newer.low_performance, newer.charters):
            for publication, rows in table.items():
                codes = covered.setdefault((publication.kind, publication.dashboard_year), set())
                codes.update(row.cds for row in rows)
        return CountyEvidence(
            _updated(self.leas, newer.leas, covered),
            _updated(self.figures, newer.figures, covered),
            _updated_ratings(self.local_ratings, newer.local_ratings),
            _updated(self.low_performance, newer.low_performance, covered),
            _updated(self.charters, newer.charters, covered),
        )

    def of_publications(self, kept: set[Publication]) -> CountyEvidence:
        """Return the rows of these publications alone."""
        return CountyEvidence(
            {one: rows for one, rows in self.leas.items() if one in kept},
            {one: rows for one, rows in self.figures.items() if one in kept},
            {one: rows for one, rows in self.local_ratings.items() if one in kept},
            {one: rows for one, rows in self.low_performance.items() if one in kept},
            {one: rows for one, rows in self.charters.items() if one in kept},
        )

    def renamed(self, publication: Publication) -> CountyEvidence:
        """Return the rows of a Dashboard file, the only ones here, under another publication."""
        return CountyEvidence(
            dict.fromkeys([publication] if self.leas else [], next(iter(self.leas.values()), [])),
            dict.fromkeys([publication] if self.figures else [], next(iter(self.figures.values()), [])),
        )

    def joined(self, other: CountyEvidence) -> CountyEvidence:
        """Return the rows of both, which are of different publications."""
        return CountyEvidence(
            {**self.leas, **other.leas},
            {**self.figures, **other.figures},
            {**self.local_ratings, **other.local_ratings},
            {**self.low_performance, **other.low_performance},
            {**self.charters, **other.charters},
        )


def _updated(
    older: Mapping[Publication, list[_Row]],
    newer: Mapping[Publication, list[_Row]],
    covered: Mapping[tuple[str, int], set[str]],
) -> dict[Publication, list[_Row]]:
    kept = {}
    for publication, rows in older.items():
        codes = covered.get((publication.kind, publication.dashboard_year), set())
        left = [row for row in rows if row.cds not in codes]
        if left:
            kept[publication] = left
    return {**kept, **newer}


def _updated_ratings(
    older: Mapping[Publication, list[LocalRating]], newer: Mapping[Publication, list[LocalRating]]
) -> dict[Publication, list[LocalRating]]:
    """Ratings replace those of the same year, LEA and priority: there are files of all priorities and of one."""
    covered = {(one.dashboard_year, row.cds, row.priority) for one, rows in newer.items() for row in rows}
    kept = {}
    for publication, rows in older.items():
        left = [row for row in rows if (publication.dashboard_year, row.cds, row.priority) not in covered]
        if left:
            kept[publication] = left
    return {**kept, **newer}
