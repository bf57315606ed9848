"""Write the tables of a record, sorted and diffable: the same record gives the same bytes."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pyreport.evidence.counties import counties, county_slug
from pyreport.evidence.model import CONCLUSIONS, NOT_PRINTED, STATUS, Cell, Publication
from pyreport.evidence.record import Record
from pyreport.evidence.record_columns import ALL_COUNTIES, COUNTY_TABLES, TABLES
from pyreport.evidence.record_reading import read_record
from pyreport.evidence.spreadsheet_cells import as_written
from pyreport.evidence.status_layouts import methods
from pyreport.evidence.stored_tables import DASHBOARD, holds_tables, write_tables
from pyreport.files.locks import lock

__all__ = ["fingerprint", "update_record", "write_record"]


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
    for name, rows in _status_tables(record).items():
        yield name, TABLES[name], rows
    by_county = {code: record.counties[code] for code in sorted(record.counties)}
    evidence = by_county.values()
    yield "local_rating", TABLES["local_rating"], _stored_rows(county.local_ratings for county in evidence)
    yield "low_performance", TABLES["low_performance"], _stored_rows(county.low_performance for county in evidence)
    yield "charter", TABLES["charter"], _stored_rows(county.charters for county in evidence)
    for code, county in by_county.items():
        if county.leas:
            folder = f"{DASHBOARD}/{county_slug(code)}"
            yield f"{folder}/lea", COUNTY_TABLES["lea"], _stored_rows([county.leas])
            yield f"{folder}/figure", COUNTY_TABLES["figure"], _stored_rows([county.figures])


def _stored_rows(tables: Iterable[Mapping[Publication, Sequence[tuple[Any, ...]]]]) -> list[tuple[object, ...]]:
    """The rows of a kind, sorted, with their publication behind the CDS code."""
    rows = ((publication.id, row) for table in tables for publication, rows in table.items() for row in rows)
    return sorted((cds, name, *map(_stored, values)) for name, (cds, *values) in rows)


def _stored(value: object) -> object:
    """A value as the tables have it: blank for what is not printed and for no, several words with spaces between."""
    if isinstance(value, bool):
        return "Y" if value else ""
    if isinstance(value, tuple):
        return " ".join(value)
    return "" if value in (None, NOT_PRINTED) else value


def _status_tables(record: Record) -> dict[str, list[tuple[object, ...]]]:
    ordered = [record.lea_years[key] for key in sorted(record.lea_years)]
    publications = sorted(record.publications(), key=lambda publication: publication.id)
    published = {key: record.published[key] for key in sorted(record.published)}
    return {
        "publication": [
            (
                p.id,
                p.kind,
                p.dashboard_year,
                p.title,
                p.date,
                p.file,
                p.sheet,
                p.sha256,
                _covered(p),
                _stored(p.complete),
            )
            for p in publications
        ],
        "publication_column": [(p.id, name, p.columns[name]) for p in publications for name in sorted(p.columns)],
        "lea": [
            (row.year, row.cds.value, row.name.value, row.grades.value if row.grades else "", row.cds.row)
            for row in ordered
        ],
        "priorities_met": [
            (row.year, row.cds.value, group, row.letters[group].value)
            for row in ordered
            for group in sorted(row.letters)
        ],
        "published_method": [
            (row.year, row.cds.value, *(_word(row.methods.get(number)) for number in methods().values()))
            for row in ordered
            if row.methods
        ],
        "published_status": [
            (
                year,
                cds,
                cells[0].publication.id,
                *(_word(getattr(conclusions, name)) for name in CONCLUSIONS),
                cells[0].row,
            )
            for (year, cds), conclusions in published.items()
            if (cells := conclusions.cells())
        ],
    }


def _word(cell: Cell | None) -> str:
    return cell.value if cell else ""


def fingerprint(record: Record) -> str:
    """One SHA-256 over the record's tables as they would be written."""
    digest = hashlib.sha256()
    for _, columns, rows in _tables(record):
        digest.update(_table(columns, rows).encode())
    return digest.hexdigest()


def _covered(publication: Publication) -> str:
    return ALL_COUNTIES if len(publication.counties) == len(counties()) else " ".join(publication.counties)
