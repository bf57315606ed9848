"""The values that evidence is made of: a publication of CDE's, a cell of it, and what each kind of file says of an LEA.

What the status files say, of which the record holds a few thousand rows, are values with cells. The rows of the other
files, of which there are hundreds of thousands, are light tuples: the publication's columns and the row name the cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from pyreport.evidence.counties import county_slug

__all__ = [
    "AGENCY_ENDING",
    "CHARTER_STATUS",
    "CONCLUSIONS",
    "NOT_PRINTED",
    "PUBLISHED",
    "STATUS",
    "Cell",
    "Charter",
    "CountyEvidence",
    "DashboardLea",
    "Figure",
    "LeaYear",
    "LocalRating",
    "LowPerformance",
    "Publication",
    "Published",
    "agency_of",
    "is_agency",
    "place_words",
]

AGENCY_ENDING = "0000000"
"""How the CDS code of a school district or county office ends: with the digits of no school."""
CONCLUSIONS = ("status", "ec_52072", "ec_52071f", "ec_47607")
STATUS, CHARTER_STATUS, PUBLISHED = "status", "charter-status", "published"


NOT_PRINTED = "not_printed"
"""In place of an n-size flag where a file has no column for it."""


def is_agency(cds: str) -> bool:
    """Whether a CDS code is that of a school district or county office, and not of a school."""
    return cds.endswith(AGENCY_ENDING)


def agency_of(cds: str) -> str:
    """The CDS code of the school district or county office with which a CDS code begins."""
    return cds[: -len(AGENCY_ENDING)] + AGENCY_ENDING


@dataclass(frozen=True, slots=True)
class Publication:
    r"""One file of CDE's.

    ``columns`` maps our fields to its columns, as spreadsheets letter them. ``kind`` is what the file is: ``status``,
    an indicator such as ``suspension``, ``red-list``, ``local-indicators`` or ``charters``. ``counties`` are the codes
    of which a Dashboard file has rows; no other kind of file is made for some counties alone. ``complete`` says that it
    has all rows of them, as CDE's own file of the whole state does: what has none there has no figures. ``file`` is the
    file's name in characters: bytes of it that are none are given as Python writes them, such as ``\udcff``.
    """

    dashboard_year: int
    title: str
    date: str
    file: str
    sheet: str
    sha256: str
    columns: Mapping[str, str] = field(hash=False)
    kind: str = "status"
    counties: tuple[str, ...] = ()
    complete: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "file", self.file.encode("utf-8", "backslashreplace").decode("utf-8"))

    @property
    def key(self) -> tuple[int, str, str, str]:
        """What tells it from every other; several indicators may stand in one file."""
        return self.dashboard_year, self.file, self.kind, self.sha256

    @property
    def id(self) -> str:
        """Its name in the record, such as ``status-2023``; a file of one county alone is named after it too."""
        alone = f"-{county_slug(self.counties[0])[3:]}" if len(self.counties) == 1 else ""
        return f"{self.kind}-{self.dashboard_year}{alone}"


class Cell(NamedTuple):
    """A value and where it stands: the publication, the column's letter and the row (from 1)."""

    value: str
    publication: Publication
    column: str
    row: int

    @property
    def place(self) -> str:
        """The cell as spreadsheets name it, such as ``M12``, or what else it is, such as ``line 5``; else ``0``."""
        return f"{self.column}{self.row}"


def place_words(place: str) -> str:
    """The words for a cell's ``place`` after the name of its file: ``, cell M12``, ``, line 5``; of ``0`` none."""
    if place == "0":
        return ""
    return f", cell {place}" if place[:1].isupper() else f", {place}"


@dataclass(frozen=True, slots=True)
class LeaYear:
    """What the files say of one LEA in one Dashboard year.

    ``letters`` by student group (``FOS``), ``methods`` by number; both hold only cells that the file has:
    letters where one is printed, methods where the file has the column (``Y`` or ``N``). Where the letters are
    not at hand (``Record.without``), that none is printed says nothing. ``grades`` is the span of grades offered in
    CDE's words, such as ``K-8``.
    """

    year: int
    cds: Cell
    name: Cell
    letters: Mapping[str, Cell]
    methods: Mapping[int, Cell]
    grades: Cell | None = None
    letters_at_hand: bool = True


@dataclass(frozen=True, slots=True)
class Published:
    """What CDE concluded about one LEA in one Dashboard year, as far as a file prints it.

    ``status`` in CDE's words of that year; ``ec_52072`` (also EC 52072.5), ``ec_52071f`` and ``ec_47607`` (charter
    schools) are ``Y`` or ``N``.
    """

    status: Cell | None = None
    ec_52072: Cell | None = None
    ec_52071f: Cell | None = None
    ec_47607: Cell | None = None

    def cells(self) -> list[Cell]:
        """The cells that are printed."""
        return [cell for cell in (self.status, self.ec_52072, self.ec_52071f, self.ec_47607) if cell is not None]

    def updated(self, newer: Published) -> Published:
        """Return these conclusions with ``newer`` ones in their place where there are such."""
        return Published(*(getattr(newer, name) or getattr(self, name) for name in CONCLUSIONS))


class Figure(NamedTuple):
    """A student group's row of an LEA in an indicator's file.

    Attributes:
        cds: 14-digit CDS code.
        group: The student group, as CDE's status files write it (``TOM`` for two or more races).
        row: The row of the file, from 1.
        denominator: Number of students; ``None`` if not printed, as in the next ones.
        size: ``met`` or ``not_met`` where the file has a column for it, else ``not_printed`` (``NOT_PRINTED``).
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


_CountyRow = TypeVar("_CountyRow", Figure, DashboardLea, LocalRating, LowPerformance, Charter)


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
            _updated_rows(self.leas, newer.leas, covered),
            _updated_rows(self.figures, newer.figures, covered),
            _updated_ratings(self.local_ratings, newer.local_ratings),
            _updated_rows(self.low_performance, newer.low_performance, covered),
            _updated_rows(self.charters, newer.charters, covered),
        )

    def of_publications(self, kept: set[Publication]) -> CountyEvidence:
        """Return the rows of these publications alone."""
        return CountyEvidence(
            {publication: rows for publication, rows in self.leas.items() if publication in kept},
            {publication: rows for publication, rows in self.figures.items() if publication in kept},
            {publication: rows for publication, rows in self.local_ratings.items() if publication in kept},
            {publication: rows for publication, rows in self.low_performance.items() if publication in kept},
            {publication: rows for publication, rows in self.charters.items() if publication in kept},
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


def _updated_rows(
    older: Mapping[Publication, list[_CountyRow]],
    newer: Mapping[Publication, list[_CountyRow]],
    covered: Mapping[tuple[str, int], set[str]],
) -> dict[Publication, list[_CountyRow]]:
    kept = {}
    for publication, rows in older.items():
        codes = covered.get((publication.kind, publication.dashboard_year), set())
        remaining = [row for row in rows if row.cds not in codes]
        if remaining:
            kept[publication] = remaining
    return {**kept, **newer}


def _updated_ratings(
    older: Mapping[Publication, list[LocalRating]], newer: Mapping[Publication, list[LocalRating]]
) -> dict[Publication, list[LocalRating]]:
    """Ratings replace those of the same year, LEA and priority: there are files of all priorities and of one."""
    covered = {(file.dashboard_year, row.cds, row.priority) for file, rows in newer.items() for row in rows}
    kept = {}
    for publication, rows in older.items():
        remaining = [row for row in rows if (publication.dashboard_year, row.cds, row.priority) not in covered]
        if remaining:
            kept[publication] = remaining
    return {**kept, **newer}
