"""Read the tables of a record.

All tables are taken into memory and checked at once (``pyreport.evidence.stored_tables``); of the counties', what a
county's determinations need is read when it is first asked for.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pyreport.evidence.counties import counties, county_slug
from pyreport.evidence.findings import EvidenceError, Finding
from pyreport.evidence.garbage_collection import without_garbage_collection
from pyreport.evidence.model import (
    CHARTER_STATUS,
    CONCLUSIONS,
    NOT_PRINTED,
    PUBLISHED,
    STATUS,
    Cell,
    Charter,
    CountyEvidence,
    DashboardLea,
    Figure,
    LeaYear,
    LocalRating,
    LowPerformance,
    Publication,
    Published,
    is_agency,
)
from pyreport.evidence.record import Record
from pyreport.evidence.record_columns import ALL_COUNTIES, COUNTY_TABLES, READ_BY_COUNTY, TABLES
from pyreport.evidence.spreadsheet_cells import as_read
from pyreport.evidence.status_layouts import methods
from pyreport.evidence.stored_tables import DASHBOARD, read_tables

__all__ = ["read_record", "record_folder"]

_OF_LEA_YEARS = (STATUS, CHARTER_STATUS, PUBLISHED)
_ANEW = "another version of pyreport wrote them; ingest all files anew, into a new folder"


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
    try:
        with without_garbage_collection():
            return _record(folder, tables)
    except (KeyError, ValueError) as error:  # a field without column, a number that is none, not UTF-8
        raise _unfit(folder, error) from None


_Stored = Mapping[str, bytes]
"""The content of each table by its path in the record."""


def _record(folder: Path, tables: _Stored) -> Record:
    publications = _publications(folder, tables)
    # The status file of a year, and that of its charter schools.
    sources = {
        (publication.dashboard_year, publication.kind == STATUS): publication
        for publication in publications.values()
        if publication.kind in (STATUS, CHARTER_STATUS)
    }
    letters: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for text, cds, group, letter in _table_rows(folder, tables, "priorities_met"):
        letters.setdefault((text, cds), []).append((group, letter))
    answers = {(text, cds): words for text, cds, *words in _table_rows(folder, tables, "published_method")}
    lea_years: dict[tuple[int, str], LeaYear] = {}
    for text, cds, name, grades, place in _table_rows(folder, tables, "lea"):
        year, number, key = int(text), int(place), (text, cds)
        source = sources.get((year, is_agency(cds)))
        if source is None:
            message = f"names the Dashboard year {year}, of which publication.csv has no status file"
            raise EvidenceError([Finding(str(folder / "lea.csv"), "", 0, "", message)])
        columns = source.columns
        printed = zip(methods().items(), answers.get(key, ()), strict=False)
        lea_years[year, cds] = LeaYear(
            year=year,
            cds=Cell(cds, source, columns["cds"], number),
            name=Cell(name, source, columns["name"], number),
            letters={group: Cell(letter, source, columns[group], number) for group, letter in letters.get(key, ())},
            methods={method: Cell(word, source, columns[name], number) for (name, method), word in printed if word},
            grades=Cell(grades, source, columns["grades"], number) if grades else None,
        )
    published = {}
    for text, cds, name, *conclusions, place in _table_rows(folder, tables, "published_status"):
        _known(folder / "published_status.csv", name, publications)
        source, number = publications[name], int(place)
        concluded = zip(CONCLUSIONS, conclusions, strict=True)
        published[int(text), cds] = Published(
            **{field: Cell(word, source, source.columns[field], number) for field, word in concluded if word}
        )
    others = {name: publication for name, publication in publications.items() if publication.kind not in _OF_LEA_YEARS}
    for table in READ_BY_COUNTY:
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
    publications = {}
    for name, row in rows.items():
        covered = tuple(counties()) if row["counties"] == ALL_COUNTIES else tuple(row["counties"].split())
        texts = (row["title"], row["date"], row["file"], row["sheet"], row["sha256"])
        publications[name] = Publication(
            int(row["dashboard_year"]), *texts, columns[name], row["kind"], covered, row["complete"] == "Y"
        )
        if publications[name].id != name:
            raise ValueError(f"{name} is named {publications[name].id}")
    return publications


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
        size or NOT_PRINTED,
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
