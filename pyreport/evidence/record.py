"""The record of the facts: what the project carries of CDE's files, in small tables of its own.

Five tables, sorted and diffable: ``publication`` (the sources), ``publication_column`` (which column of a
source holds which field), ``lea`` (the rows of each year's status file), ``priorities_met`` (the letters),
``published_method`` and ``published_status`` (what CDE printed about them). With the row of the LEA and the
column of the field, every fact names the cell it was read from.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pyreport.evidence.findings import EvidenceError, Finding

__all__ = ["Cell", "LeaYear", "Publication", "Record", "read_record", "record_folder", "write_record"]

METHODS = ("method_1", "method_2", "method_3", "method_4")
TABLES: dict[str, tuple[str, ...]] = {
    "publication": ("dashboard_year", "title", "date", "file", "sheet", "sha256"),
    "publication_column": ("dashboard_year", "field", "column"),
    "lea": ("dashboard_year", "cds", "name", "row"),
    "priorities_met": ("dashboard_year", "cds", "group", "letter"),
    "published_method": ("dashboard_year", "cds", *METHODS),
    "published_status": ("dashboard_year", "cds", "status", "ec_52072"),
}


@dataclass(frozen=True, slots=True)
class Publication:
    """One file of CDE's. ``columns`` maps our fields to its columns, as spreadsheets letter them."""

    dashboard_year: int
    title: str
    date: str
    file: str
    sheet: str
    sha256: str
    columns: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Cell:
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
    letters where one is printed, methods where the file has the column (``Y`` or ``N``).
    """

    year: int
    cds: Cell
    name: Cell
    letters: Mapping[str, Cell]
    methods: Mapping[int, Cell]
    status: Cell | None
    ec_52072: Cell | None


@dataclass(frozen=True, slots=True)
class Record:
    """All LEA-years, keyed by Dashboard year and CDS code."""

    lea_years: Mapping[tuple[int, str], LeaYear]

    @property
    def years(self) -> list[int]:
        """The Dashboard years on record, ascending."""
        return sorted({year for year, _ in self.lea_years})

    def publications(self) -> list[Publication]:
        """The sources of the facts, by Dashboard year and file."""
        found: dict[tuple[int, str, str], Publication] = {}
        for lea_year in self.lea_years.values():
            cells = (lea_year.cds, *lea_year.methods.values(), lea_year.status, lea_year.ec_52072)
            for cell in filter(None, cells):
                found[cell.publication.dashboard_year, cell.publication.file, cell.publication.sha256] = (
                    cell.publication
                )
        return [found[key] for key in sorted(found)]

    def updated(self, newer: Record) -> Record:
        """Return this record with ``newer`` facts in place of those of the same kind and LEA-year.

        A newer file's letters replace the letters of the LEA-years it covers. A method, a status or an
        EC 52072 flag that it does not carry stays as it was.
        """
        merged = dict(self.lea_years)
        for key, lea_year in newer.lea_years.items():
            older = merged.get(key)
            if older is not None:
                lea_year = replace(
                    lea_year,
                    methods={**older.methods, **lea_year.methods},
                    status=lea_year.status or older.status,
                    ec_52072=lea_year.ec_52072 or older.ec_52072,
                )
            merged[key] = lea_year
        return Record(merged)

    def replaced(self, newer: Record) -> Record:
        """Return this record with the years of ``newer`` wholly in place of its own."""
        years = set(newer.years)
        kept = {key: value for key, value in self.lea_years.items() if key[0] not in years}
        return Record({**kept, **newer.lea_years})


def record_folder() -> Path:
    """The folder of the record that the package carries."""
    return Path(__file__).resolve().parent.parent / "record"


def read_record(folder: Path) -> Record:
    """Read the tables in ``folder``.

    Raises:
        EvidenceError: A table is missing, damaged, has other columns, or names a year without publication.
    """
    try:
        return _record(folder)
    except (KeyError, ValueError) as error:  # a field without column, a number that is none, not UTF-8
        message = f"the tables do not fit together ({error!r}); run ingest anew"
        raise EvidenceError([Finding(str(folder), "", 0, "", message)]) from None


def _record(folder: Path) -> Record:
    publications = {int(row["dashboard_year"]): row for row in _rows(folder, "publication")}
    columns: dict[int, dict[str, str]] = {year: {} for year in publications}
    for row in _rows(folder, "publication_column"):
        columns[_year(folder, "publication_column", row, publications)][row["field"]] = row["column"]
    sources = {
        year: Publication(year, row["title"], row["date"], row["file"], row["sheet"], row["sha256"], columns[year])
        for year, row in publications.items()
    }
    letters: dict[tuple[int, str], list[tuple[str, str]]] = {}
    for row in _rows(folder, "priorities_met"):
        letters.setdefault((int(row["dashboard_year"]), row["cds"]), []).append((row["group"], row["letter"]))
    methods = {(int(row["dashboard_year"]), row["cds"]): row for row in _rows(folder, "published_method")}
    statuses = {(int(row["dashboard_year"]), row["cds"]): row for row in _rows(folder, "published_status")}
    lea_years = {}
    for row in _rows(folder, "lea"):
        year = _year(folder, "lea", row, publications)
        source, number, key = sources[year], int(row["row"]), (year, row["cds"])

        def cell(value: str, name: str, source: Publication = source, number: int = number) -> Cell:
            return Cell(value, source, source.columns[name], number)

        printed, status = methods.get(key, {}), statuses.get(key, {})
        lea_years[key] = LeaYear(
            year=year,
            cds=cell(row["cds"], "cds"),
            name=cell(row["name"], "name"),
            letters={group: cell(letter, group) for group, letter in letters.get(key, ())},
            methods={int(name[-1]): cell(printed[name], name) for name in METHODS if printed.get(name)},
            status=cell(status["status"], "status") if status.get("status") else None,
            ec_52072=cell(status["ec_52072"], "ec_52072") if status.get("ec_52072") else None,
        )
    return Record(lea_years)


def _rows(folder: Path, table: str) -> Iterator[dict[str, str]]:
    path = folder / f"{table}.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if tuple(reader.fieldnames or ()) != TABLES[table]:
                wanted = ",".join(TABLES[table])
                raise EvidenceError([Finding(str(path), "", 1, "", f"the columns must be {wanted}; run ingest anew")])
            for row in reader:
                if None in row or None in row.values():
                    message = f"the row must have {len(TABLES[table])} cells; run ingest anew"
                    raise EvidenceError([Finding(str(path), "", reader.line_num, "", message)])
                yield row
    except FileNotFoundError:
        raise EvidenceError([Finding(str(path), "", 0, "", "the table is missing; run ingest to write it")]) from None


def _year(folder: Path, table: str, row: Mapping[str, str], publications: Mapping[int, object]) -> int:
    year = int(row["dashboard_year"])
    if year not in publications:
        path = str(folder / f"{table}.csv")
        raise EvidenceError([Finding(path, "", 0, "", f"names the Dashboard year {year}, which publication.csv lacks")])
    return year


def write_record(record: Record, folder: Path) -> list[Path]:
    """Write the tables into ``folder`` (made if need be) and return their paths.

    All tables are written beside their places first and then moved there, so a failure leaves the old
    ones as they were. The same record gives the same bytes.

    Raises:
        ValueError: Facts of one Dashboard year come from several files (see ``Record.updated``). The tables
            name one file a year, so the cells of the others could not be found again.
    """
    sources = [publication.dashboard_year for publication in record.publications()]
    several = sorted({year for year in sources if sources.count(year) > 1})
    if several:
        raise ValueError(f"the facts of {', '.join(map(str, several))} come from more than one file")
    folder.mkdir(parents=True, exist_ok=True)
    texts = {name: _table(columns, rows) for (name, columns), rows in zip(TABLES.items(), _tables(record), strict=True)}
    with tempfile.TemporaryDirectory(dir=folder, prefix=".ingest-") as scratch:
        for name, text in texts.items():
            (Path(scratch) / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
        _move(Path(scratch), [folder / f"{name}.csv" for name in texts])
    return [folder / f"{name}.csv" for name in texts]


def _move(scratch: Path, places: list[Path]) -> None:
    """Move the tables from ``scratch`` to their places: all of them or none."""
    old = {place: place.read_bytes() if place.exists() else None for place in places}
    moved = []
    try:
        for place in places:
            (scratch / place.name).replace(place)
            moved.append(place)
    except BaseException:
        for place in moved:
            before = old[place]
            if before is None:
                place.unlink()
            else:
                place.write_bytes(before)
        raise


def _table(columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    # Before Python 3.13 a carriage return is quoted only where it is part of the line's end.
    text = io.StringIO(newline="")
    for row in (columns, *rows):
        line = io.StringIO(newline="")
        csv.writer(line, lineterminator="\r\n").writerow(row)
        text.write(line.getvalue().removesuffix("\r\n") + "\n")
    return text.getvalue()


def _tables(record: Record) -> list[list[tuple[object, ...]]]:
    ordered = [record.lea_years[key] for key in sorted(record.lea_years)]
    publications = record.publications()
    return [
        [(p.dashboard_year, p.title, p.date, p.file, p.sheet, p.sha256) for p in publications],
        [(p.dashboard_year, name, p.columns[name]) for p in publications for name in sorted(p.columns)],
        [(one.year, one.cds.value, one.name.value, one.cds.row) for one in ordered],
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
            (
                one.year,
                one.cds.value,
                one.status.value if one.status else "",
                one.ec_52072.value if one.ec_52072 else "",
            )
            for one in ordered
            if one.status or one.ec_52072
        ],
    ]


def fingerprint(record: Record) -> str:
    """One SHA-256 over the record's tables as they would be written."""
    digest = hashlib.sha256()
    for (_, columns), rows in zip(TABLES.items(), _tables(record), strict=True):
        digest.update(_table(columns, rows).encode())
    return digest.hexdigest()
