"""The record of the facts: what the project carries of CDE's files, in tables of its own, sorted and diffable.

``publication`` (the sources) and ``publication_column`` (which column of a source holds which field) say where
everything stands. Of the status files: ``lea`` (the rows of each year), ``priorities_met`` (the letters) and
``published_method``; of them or of another file, ``published_status`` (what CDE concluded). Of the others:
``local_rating``, ``low_performance``, ``charter``, and in ``dashboard/`` a folder for each county with its LEAs and
their figures. With the row and the column of the field, every fact names the cell it was read from.

All tables are taken into memory and checked at once (``pyreport.evidence.stored_tables``); of the counties', what a
county's determinations need is read when it is first asked for.
"""

from __future__ import annotations

import csv
import gc
import hashlib
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pyreport.evidence.counties import counties, county_slug
from pyreport.evidence.county_evidence import (
    Charter,
    CountyEvidence,
    DashboardLea,
    Figure,
    LocalRating,
    LowPerformance,
)
from pyreport.evidence.findings import EvidenceError, Finding
from pyreport.evidence.readers.spreadsheet_cells import as_read, as_written
from pyreport.evidence.stored_tables import DASHBOARD, holds_tables, read_tables, write_tables
from pyreport.files.locks import lock

__all__ = [
    "WITHOUT",
    "Cell",
    "LeaYear",
    "Publication",
    "Published",
    "Record",
    "read_record",
    "record_folder",
    "update_record",
    "write_record",
]

METHODS = ("method_1", "method_2", "method_3", "method_4")
CONCLUSIONS = ("status", "ec_52072", "ec_52071f", "ec_47607")
STATUS, CHARTER_STATUS, PUBLISHED = "status", "charter-status", "published"
_OF_LEA_YEARS = (STATUS, CHARTER_STATUS, PUBLISHED)
_NOT_FIGURES = ("red-list", "local-indicators", "charters")
WITHOUT = ("letters", "figures", "red-list", "local-indicators", "published")
"""Kinds of evidence that a decision can do without; see ``Record.without``."""
_NO_SCHOOL = "0000000"
TABLES: dict[str, tuple[str, ...]] = {
    "publication": (
        "publication",
        "kind",
        "dashboard_year",
        "title",
        "date",
        "file",
        "sheet",
        "sha256",
        "counties",
        "complete",
    ),
    "publication_column": ("publication", "field", "column"),
    "lea": ("dashboard_year", "cds", "name", "grades", "row"),
    "priorities_met": ("dashboard_year", "cds", "group", "letter"),
    "published_method": ("dashboard_year", "cds", *METHODS),
    "published_status": ("dashboard_year", "cds", "publication", *CONCLUSIONS, "row"),
    "local_rating": ("cds", "publication", "priority", "rating", "row"),
    "low_performance": ("cds", "publication", "group", "indicators", "row"),
    "charter": ("cds", "publication", "name", "authorizer", "dass", "funding", "row"),
}
COUNTY_TABLES: dict[str, tuple[str, ...]] = {
    "lea": ("cds", "publication", "name", "charter", "dass", "row"),
    "figure": (
        "cds",
        "publication",
        "group",
        "row",
        "denominator",
        "size",
        "status_tenths",
        "change_tenths",
        "status_level",
        "change_level",
        "color",
        "small_population",
        "high_school_cut_points",
        "certified",
        "type",
    ),
}
_ALL_COUNTIES = "all"
_ANEW = "another version of pyreport wrote them; ingest all files anew, into a new folder"
_BY_COUNTY = ("local_rating", "low_performance", "charter")
"""Tables whose rows are read when their county is asked for."""


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
        """The cell as spreadsheets name it, such as ``M12``."""
        return f"{self.column}{self.row}"


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


@dataclass(frozen=True, slots=True)
class Record:
    """The facts.

    Attributes:
        lea_years: What the status files say, by Dashboard year and CDS code.
        published: What CDE concluded, by Dashboard year and CDS code.
        complete: Codes of the counties of which the user says that the Dashboard files have all rows.
        counties: What the other files say, by the county's code; of a record on disk, read when it is looked up.
        sources: The other files.
    """

    lea_years: Mapping[tuple[int, str], LeaYear]
    counties: Mapping[str, CountyEvidence] = field(default_factory=dict)
    sources: tuple[Publication, ...] = ()
    published: Mapping[tuple[int, str], Published] = field(default_factory=dict)
    complete: frozenset[str] = frozenset()

    @property
    def years(self) -> list[int]:
        """The Dashboard years of which status files or indicators' files are on record, ascending."""
        of_figures = {one.dashboard_year for one in self.sources if one.counties}
        return sorted({year for year, _ in self.lea_years} | of_figures)

    def years_of(self, cds: str) -> list[int]:
        """The Dashboard years in which a status file or an indicator's file has a row of the LEA, ascending.

        A directory holds now or then: the charter schools in it are looked at in every year.
        """
        listed = {year for year, code in self.lea_years if code == cds}
        of_county = self.counties.get(cds[:2], CountyEvidence())
        if any(one.cds == cds for rows in of_county.charters.values() for one in rows):
            return self.years
        return sorted(listed | {year for year, _, lea in of_county.reported() if lea.cds == cds})

    def publications(self) -> list[Publication]:
        """The sources of the facts, by Dashboard year and file."""
        lea_years = (cell for one in self.lea_years.values() for cell in (one.cds, *one.methods.values()))
        published = (cell for one in self.published.values() for cell in one.cells())
        found = {one.key: one for one in self.sources}
        for cells in (lea_years, published):
            for cell in cells:
                found.setdefault(cell.publication.key, cell.publication)
        return [found[key] for key in sorted(found)]

    def updated(self, newer: Record) -> Record:
        """Return this record with ``newer`` facts in place of those of the same kind, year and LEA.

        Nothing else falls silent: a newer file's letters replace the letters of the LEA-years it covers, a
        method or conclusion that it does not carry stays as it was, and letters stand beside figures.
        """
        merged = dict(self.lea_years)
        for key, lea_year in newer.lea_years.items():
            older = merged.get(key)
            if older is not None:
                lea_year = replace(
                    lea_year,
                    methods={**older.methods, **lea_year.methods},
                    grades=lea_year.grades or older.grades,
                )
            merged[key] = lea_year
        published = {**self.published}
        for key, one in newer.published.items():
            published[key] = published[key].updated(one) if key in published else one
        if not newer.sources:
            return replace(self, lea_years=merged, published=published)
        return Record(
            merged,
            _Updated(self.counties, newer.counties),
            (*self.sources, *(one for one in newer.sources if one not in self.sources)),
            published,
            self.complete,
        )

    def without(self, kinds: Collection[str]) -> Record:
        """Return this record as if some kinds of evidence (of ``WITHOUT``) were not on it.

        Without ``letters`` the status files still list the LEAs and answer the methods; without ``published`` the
        statuses and flags that CDE concluded are not on record. Directories stay.
        """
        lea_years = self.lea_years
        if "letters" in kinds:
            lea_years = {key: replace(one, letters={}, letters_at_hand=False) for key, one in lea_years.items()}
        # Files of the local indicator of one priority are a kind each, which begins with the name of all of them.
        left_out = tuple(kinds)
        kept = tuple(
            one
            for one in self.sources
            if not one.kind.startswith(left_out) and ("figures" not in kinds or one.kind.startswith(_NOT_FIGURES))
        )
        of_counties = self.counties if kept == self.sources else _OfSources(self.counties, kept)
        published = {} if "published" in kinds else self.published
        return replace(self, lea_years=lea_years, counties=of_counties, sources=kept, published=published)

    def replaced(self, newer: Record) -> Record:
        """Return this record with the files of ``newer`` wholly in place of those of the same kind and year.

        Of two files of an indicator, one of a single county and one of more that has the county too, the larger
        stays, whichever is newer: what a record holds does not depend on the order in which it was given.
        """
        lea_years = _replaced(self.lea_years, newer.lea_years)
        published = _replaced(self.published, newer.published)
        if not newer.sources:
            return replace(self, lea_years=lea_years, published=published)
        ids = {one.id for one in newer.sources}
        candidates = [*(one for one in self.sources if one.id not in ids), *newer.sources]
        kept = {one for one in candidates if not any(_within(one, other) for other in candidates)}
        by_county = {}
        for code in sorted({*self.counties, *newer.counties}):
            old, new = self.counties.get(code, CountyEvidence()), newer.counties.get(code, CountyEvidence())
            mine = {one for one in self.sources if one in kept and one not in newer.sources}
            both = old.of_publications(mine).joined(new.of_publications(kept & set(newer.sources)))
            if both != CountyEvidence():
                by_county[code] = both
        return Record(lea_years, by_county, tuple(sorted(kept, key=lambda one: one.id)), published)


_Row = TypeVar("_Row")


def _replaced(
    older: Mapping[tuple[int, str], _Row], newer: Mapping[tuple[int, str], _Row]
) -> dict[tuple[int, str], _Row]:
    """``newer`` rows, and ``older`` ones of other years or, in a year, of LEAs that other files are about.

    Status files of school districts and county offices are not those of charter schools.
    """
    covered = {(year, cds.endswith(_NO_SCHOOL)) for year, cds in newer}
    kept = {key: row for key, row in older.items() if (key[0], key[1].endswith(_NO_SCHOOL)) not in covered}
    return {**kept, **newer}


def _within(one: Publication, other: Publication) -> bool:
    """Whether ``one`` is the file of a single county, and ``other`` of the same indicator and year has it too."""
    return (
        (one.kind, one.dashboard_year) == (other.kind, other.dashboard_year)
        and len(one.counties) == 1 < len(other.counties)
        and one.counties[0] in other.counties
    )


class _Updated(Mapping[str, CountyEvidence]):
    """Counties of one record with those of another in their place; put together when they are looked up."""

    def __init__(self, older: Mapping[str, CountyEvidence], newer: Mapping[str, CountyEvidence]) -> None:
        self.older, self.newer = older, newer
        self.made: dict[str, CountyEvidence] = {}

    def __getitem__(self, code: str) -> CountyEvidence:
        if code not in self.newer:
            return self.older[code]
        if code not in self.made:
            self.made[code] = self.older.get(code, CountyEvidence()).updated(self.newer[code])
        return self.made[code]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted({*self.older, *self.newer}))

    def __len__(self) -> int:
        return len({*self.older, *self.newer})


class _OfSources(Mapping[str, CountyEvidence]):
    """The counties of a record with the rows of some sources alone; put together when they are looked up."""

    def __init__(self, counties: Mapping[str, CountyEvidence], sources: Iterable[Publication]) -> None:
        self.counties, self.sources = counties, set(sources)

    def __getitem__(self, code: str) -> CountyEvidence:
        return self.counties[code].of_publications(self.sources)

    def __iter__(self) -> Iterator[str]:
        return iter(self.counties)

    def __len__(self) -> int:
        return len(self.counties)


def record_folder() -> Path:
    """The folder of the record that the package carries."""
    return Path(__file__).resolve().parent.parent / "record"


def read_record(folder: Path) -> Record:
    """Read the tables in ``folder``. What is written there later changes nothing in the record.

    Raises:
        EvidenceError: A table is missing, is not as it was written, has other columns, or names a year without
            publication.
    """
    tables = read_tables(folder, [f"{name}.csv" for name in TABLES])
    # Tens of thousands of small objects are made and none is let go: looking for garbage among them took a third.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _record(folder, tables)
    except (KeyError, ValueError) as error:  # a field without column, a number that is none, not UTF-8
        raise _unfit(folder, error) from None
    finally:
        if collecting:
            gc.enable()


_Stored = Mapping[str, bytes]
"""The content of each table by its path in the record."""


def _record(folder: Path, tables: _Stored) -> Record:
    publications = _publications(folder, tables)
    # The status file of a year, and that of its charter schools.
    sources = {
        (one.dashboard_year, one.kind == STATUS): one
        for one in publications.values()
        if one.kind in (STATUS, CHARTER_STATUS)
    }
    letters: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for text, cds, group, letter in _table_rows(folder, tables, "priorities_met"):
        letters.setdefault((text, cds), []).append((group, letter))
    methods = {(text, cds): answers for text, cds, *answers in _table_rows(folder, tables, "published_method")}
    lea_years: dict[tuple[int, str], LeaYear] = {}
    for text, cds, name, grades, place in _table_rows(folder, tables, "lea"):
        year, number, key = int(text), int(place), (text, cds)
        source = sources.get((year, cds.endswith(_NO_SCHOOL)))
        if source is None:
            message = f"names the Dashboard year {year}, of which publication.csv has no status file"
            raise EvidenceError([Finding(str(folder / "lea.csv"), "", 0, "", message)])
        columns = source.columns
        printed = zip(METHODS, methods.get(key, ()), strict=False)
        lea_years[year, cds] = LeaYear(
            year=year,
            cds=Cell(cds, source, columns["cds"], number),
            name=Cell(name, source, columns["name"], number),
            letters={group: Cell(one, source, columns[group], number) for group, one in letters.get(key, ())},
            methods={int(one[-1]): Cell(answer, source, columns[one], number) for one, answer in printed if answer},
            grades=Cell(grades, source, columns["grades"], number) if grades else None,
        )
    published = {}
    for text, cds, name, *conclusions, place in _table_rows(folder, tables, "published_status"):
        _known(folder / "published_status.csv", name, publications)
        source, number = publications[name], int(place)
        printed = zip(CONCLUSIONS, conclusions, strict=True)
        published[int(text), cds] = Published(
            **{field: Cell(word, source, source.columns[field], number) for field, word in printed if word}
        )
    others = {name: one for name, one in publications.items() if one.kind not in _OF_LEA_YEARS}
    for table in _BY_COUNTY:
        header = tables[f"{table}.csv"].partition(b"\n")[0].decode("utf-8")
        _check_columns(folder / f"{table}.csv", TABLES[table], header)
    sources_of_others = tuple(others[name] for name in sorted(others))
    return Record(lea_years, _StoredCounties(folder, tables, others), sources_of_others, published)


def _publications(folder: Path, tables: _Stored) -> dict[str, Publication]:
    """The publications by their ids."""
    rows = {row["publication"]: row for row in _rows(folder, tables, "publication")}
    columns: dict[str, dict[str, str]] = {name: {} for name in rows}
    for row in _rows(folder, tables, "publication_column"):
        _known(folder / "publication_column.csv", row["publication"], rows)
        columns[row["publication"]][row["field"]] = row["column"]
    found = {}
    for name, row in rows.items():
        covered = tuple(counties()) if row["counties"] == _ALL_COUNTIES else tuple(row["counties"].split())
        texts = (row["title"], row["date"], row["file"], row["sheet"], row["sha256"])
        found[name] = Publication(
            int(row["dashboard_year"]), *texts, columns[name], row["kind"], covered, row["complete"] == "Y"
        )
        if found[name].id != name:
            raise ValueError(f"{name} is named {found[name].id}")
    return found


def _rows(folder: Path, tables: _Stored, table: str) -> Iterator[dict[str, str]]:
    for cells in _table_rows(folder, tables, table):
        yield dict(zip(TABLES[table], cells, strict=True))


def _table_rows(folder: Path, tables: _Stored, table: str) -> Iterator[list[str]]:
    name = f"{table}.csv"
    return _cells(folder / name, TABLES[table], _lines(tables[name]))


def _lines(content: bytes) -> list[str]:
    # A line feed alone ends a line: a name may hold any other character that could.
    return content.decode("utf-8").removesuffix("\n").split("\n")


def _cells(path: Path, columns: tuple[str, ...], lines: list[str]) -> Iterator[list[str]]:
    """The cells of each row of a table below its header."""
    _check_columns(path, columns, lines[0])
    # The reader is given each line with its end, for the names that hold one.
    reader = csv.reader([f"{line}\n" for line in lines[1:]])
    for cells in reader:
        if len(cells) != len(columns):
            message = f"the row must have {len(columns)} cells; {_ANEW}"
            raise EvidenceError([Finding(str(path), "", reader.line_num + 1, "", message)])
        yield list(map(as_read, cells))


def _check_columns(path: Path, columns: tuple[str, ...], header: str) -> None:
    if header != ",".join(columns):
        message = f"the columns must be {','.join(columns)}; {_ANEW}"
        raise EvidenceError([Finding(str(path), "", 1, "", message)])


def _unfit(folder: Path, error: Exception) -> EvidenceError:
    message = f"the tables do not fit together ({error!r}); {_ANEW}"
    return EvidenceError([Finding(str(folder), "", 0, "", message)])


def _known(path: Path, name: str, publications: Mapping[str, object]) -> None:
    if name not in publications:
        message = f"names the publication {name}, which publication.csv lacks"
        raise EvidenceError([Finding(str(path), "", 0, "", message)])


class _StoredCounties(Mapping[str, CountyEvidence]):
    """The counties of a record on disk. What is looked up is read, and kept."""

    def __init__(self, folder: Path, stored: _Stored, publications: Mapping[str, Publication]) -> None:
        self.folder, self.stored, self.publications = folder, stored, publications
        self.read: dict[str, CountyEvidence] = {}
        self.tables: dict[str, dict[str, list[str]]] = {}

    def __iter__(self) -> Iterator[str]:
        return (code for code in counties() if self[code] != CountyEvidence())

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, code: str) -> CountyEvidence:
        if code not in counties():
            raise KeyError(code)
        if code not in self.read:
            try:
                self.read[code] = self._county(code)
            except (KeyError, ValueError) as error:
                raise _unfit(self.folder, error) from None
        return self.read[code]

    def _county(self, code: str) -> CountyEvidence:
        evidence = CountyEvidence({}, {}, {}, {}, {})
        ratings = self._of_county("local_rating", code)
        _fill(evidence.local_ratings, ratings, lambda c: LocalRating(c[0], int(c[1]), c[2], int(c[3])))
        low = self._of_county("low_performance", code)
        _fill(evidence.low_performance, low, lambda c: LowPerformance(c[0], c[1], tuple(c[2].split()), int(c[3])))
        charters = self._of_county("charter", code)
        _fill(evidence.charters, charters, lambda c: Charter(c[0], c[1], c[2], c[3], c[4], int(c[5])))
        folder = f"{DASHBOARD}/{county_slug(code)}"
        if any(f"{folder}/{table}.csv" in self.stored for table in COUNTY_TABLES):
            leas, figures = self._whole(folder, "lea"), self._whole(folder, "figure")
            _fill(evidence.leas, leas, lambda c: DashboardLea(c[0], c[1], c[2] == "Y", c[3] == "Y", int(c[4])))
            _fill(evidence.figures, figures, _figure)
        return evidence

    def _of_county(self, table: str, code: str) -> Iterator[tuple[Publication, list[str]]]:
        """The rows of a statewide table that begin with the county's code."""
        name = f"{table}.csv"
        if table not in self.tables:
            header, *lines = _lines(self.stored[name])
            by_county: dict[str, list[str]] = {"": [header]}
            for line in lines:
                by_county.setdefault(line[:2], []).append(line)
            self.tables[table] = by_county
        lines = [*self.tables[table][""], *self.tables[table].get(code, ())]
        return self._rows(self.folder / name, TABLES[table], lines)

    def _whole(self, folder: str, table: str) -> Iterator[tuple[Publication, list[str]]]:
        name = f"{folder}/{table}.csv"
        return self._rows(self.folder / name, COUNTY_TABLES[table], _lines(self.stored[name]))

    def _rows(self, path: Path, columns: tuple[str, ...], lines: list[str]) -> Iterator[tuple[Publication, list[str]]]:
        for cells in _cells(path, columns, lines):
            name = cells.pop(1)
            _known(path, name, self.publications)
            yield self.publications[name], cells


def _fill(table: Any, rows: Iterable[tuple[Publication, list[str]]], made: Callable[[list[str]], Any]) -> None:
    """Put the rows into one of the tables of a county, by publication."""
    # By what each publication is in memory: hashing it for every row would take longer than reading the row.
    lists: dict[int, list[Any]] = {}
    for publication, cells in rows:
        rows_of = lists.get(id(publication))
        if rows_of is None:
            rows_of = lists[id(publication)] = table.setdefault(publication, [])
        rows_of.append(made(cells))


def _figure(cells: list[str]) -> Figure:
    cds, group, row, denominator, size, status, change, level, step, color, small, cut, certified, kind = cells
    return Figure(
        cds,
        group,
        int(row),
        int(denominator) if denominator else None,
        size or "not_printed",
        int(status) if status else None,
        int(change) if change else None,
        int(level) if level else None,
        int(step) if step else None,
        int(color) if color else None,
        small == "Y",
        cut == "Y",
        certified or None,
        kind or None,
    )


def write_record(record: Record, folder: Path) -> list[Path]:
    """Write the tables into ``folder`` (made if need be) and return their paths.

    All tables become the record in one step: whatever ends the program, it is the old one or the new one. The same
    record gives the same bytes.

    Raises:
        Held: Another program writes into the folder.
        ValueError: Two publications have one name, as when facts of one Dashboard year come from several status
            files (see ``Record.updated``). The cells of the one could not be told from those of the other.
    """
    with _held(folder):
        return _write(record, folder)


def update_record(folder: Path, newer: Record) -> Record:
    """Put the files of ``newer`` in place of those of the same kind and year in the record in ``folder``; return it.

    No other program writes between the reading and the writing. Without a record in the folder ``newer`` is the first.

    Raises:
        EvidenceError: What is in the folder cannot be read as a record; nothing was changed.
        Held: Another program writes into the folder.
        ValueError: See ``write_record``.
    """
    with _held(folder):
        older = read_record(folder) if holds_tables(folder) else Record({})
        record = older.replaced(newer)
        _write(record, folder)
    return record


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold the folder of a record, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    with lock(folder, "another `pyreport ingest` writes there"):
        yield


def _write(record: Record, folder: Path) -> list[Path]:
    names = [publication.id for publication in record.publications()]
    several = sorted({name for name in names if names.count(name) > 1})
    if several:
        years = ", ".join(name.removeprefix(f"{STATUS}-") for name in several)
        raise ValueError(f"the facts of {years} come from more than one file")
    tables = {f"{name}.csv": _table(columns, rows).encode() for name, columns, rows in _tables(record)}
    return write_tables(folder, tables)


def _table(columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    # Before Python 3.13 a carriage return is quoted only where it is part of the line's end.
    text = io.StringIO(newline="")
    for row in (columns, *rows):
        line = io.StringIO(newline="")
        csv.writer(line, lineterminator="\r\n").writerow(map(as_written, row))
        text.write(line.getvalue().removesuffix("\r\n") + "\n")
    return text.getvalue()


_Table = tuple[str, tuple[str, ...], Iterable[tuple[object, ...]]]


def _tables(record: Record) -> Iterator[_Table]:
    """The name, the columns and the rows of each table."""
    for name, rows in zip(list(TABLES)[:6], _status_tables(record), strict=True):
        yield name, TABLES[name], rows
    by_county = {code: record.counties[code] for code in sorted(record.counties)}
    found = by_county.values()
    ratings = [(r.cds, p.id, r.priority, r.rating, r.row) for one in found for p, r in _each(one.local_ratings)]
    yield "local_rating", TABLES["local_rating"], sorted(ratings)
    low = [
        (r.cds, p.id, r.group, " ".join(r.indicators), r.row) for one in found for p, r in _each(one.low_performance)
    ]
    yield "low_performance", TABLES["low_performance"], sorted(low)
    charters = [
        (r.cds, p.id, r.name, r.authorizer, r.dass, r.funding, r.row) for one in found for p, r in _each(one.charters)
    ]
    yield "charter", TABLES["charter"], sorted(charters)
    for code, one in by_county.items():
        if not one.leas:
            continue
        folder = f"{DASHBOARD}/{county_slug(code)}"
        leas = [(r.cds, p.id, r.name, _flag(r.charter), _flag(r.dass), r.row) for p, r in _each(one.leas)]
        yield f"{folder}/lea", COUNTY_TABLES["lea"], sorted(leas)
        figures = [_figure_row(p.id, r) for p, r in _each(one.figures)]
        yield f"{folder}/figure", COUNTY_TABLES["figure"], sorted(figures, key=lambda row: row[:4])


def _each(table: Mapping[Publication, list[Any]]) -> Iterator[tuple[Publication, Any]]:
    return ((publication, row) for publication, rows in table.items() for row in rows)


def _flag(value: bool) -> str:
    return "Y" if value else ""


def _figure_row(publication: str, figure: Figure) -> tuple[Any, ...]:
    cds, group, row, denominator, size, *numbers, small, cut, certified, kind = figure
    printed = ["" if number is None else number for number in (denominator, *numbers)]
    size = "" if size == "not_printed" else size
    return (
        cds,
        publication,
        group,
        row,
        printed[0],
        size,
        *printed[1:],
        _flag(small),
        _flag(cut),
        certified or "",
        kind or "",
    )


def _status_tables(record: Record) -> list[list[tuple[object, ...]]]:
    ordered = [record.lea_years[key] for key in sorted(record.lea_years)]
    publications = sorted(record.publications(), key=lambda one: one.id)
    return [
        [
            (p.id, p.kind, p.dashboard_year, p.title, p.date, p.file, p.sheet, p.sha256, _covered(p), _flag(p.complete))
            for p in publications
        ],
        [(p.id, name, p.columns[name]) for p in publications for name in sorted(p.columns)],
        [
            (one.year, one.cds.value, one.name.value, one.grades.value if one.grades else "", one.cds.row)
            for one in ordered
        ],
        [
            (one.year, one.cds.value, group, one.letters[group].value)
            for one in ordered
            for group in sorted(one.letters)
        ],
        [
            (
                one.year,
                one.cds.value,
                *(one.methods[n].value if n in one.methods else "" for n in range(1, len(METHODS) + 1)),
            )
            for one in ordered
            if one.methods
        ],
        [
            (year, cds, cells[0].publication.id, *_words(record.published[year, cds]), cells[0].row)
            for year, cds in sorted(record.published)
            if (cells := record.published[year, cds].cells())
        ],
    ]


def _words(published: Published) -> Iterator[str]:
    cells = (getattr(published, name) for name in CONCLUSIONS)
    return (cell.value if cell else "" for cell in cells)


def fingerprint(record: Record) -> str:
    """One SHA-256 over the record's tables as they would be written."""
    digest = hashlib.sha256()
    for _, columns, rows in _tables(record):
        digest.update(_table(columns, rows).encode())
    return digest.hexdigest()


def _covered(publication: Publication) -> str:
    return _ALL_COUNTIES if len(publication.counties) == len(counties()) else " ".join(publication.counties)
