"""Read CDE's LCFF Assistance Status files: one reader, driven by ``layouts/assistance_status.toml``.

Everything that is taken is checked, and all problems of a file are reported together with sheet, row and
column.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Mapping
from pathlib import Path

from pyreport.evidence.findings import EvidenceError, UnknownFile
from pyreport.evidence.model import CONCLUSIONS, Cell, LeaYear, Publication, Published, is_agency
from pyreport.evidence.readers.other_files import plain_file_name
from pyreport.evidence.readers.reading import (
    WORKBOOK_STARTS,
    SourceFile,
    decode,
    no_values,
    opened,
    plain_name,
    rows_of_sheet,
)
from pyreport.evidence.readers.sheet_cells import Workbook
from pyreport.evidence.record import Record
from pyreport.evidence.spreadsheet_cells import as_read
from pyreport.evidence.status_layouts import Layout, layouts, methods

__all__ = ["StatusFile", "is_status_file", "read_status_file"]

_NOT_KNOWN = (
    "neither its name nor its columns are those of a file of CDE's, such as eladownload2024.txt, LocalIndPerf2018.txt "
    "or assistancestatus24.xlsx"
)
_YEARS_TOLD = 5

_Rows = list[list[str]]
"""The cells of a sheet, row by row from its first, or those of a CSV file."""


def is_status_file(name: str) -> bool:
    """Whether a file of this name is a status file."""
    return any(re.match(layout.file_year, plain_file_name(name), re.IGNORECASE) for layout in layouts())


def read_status_file(path: Path) -> Record:
    """Read a status file and return its facts.

    Raises:
        EvidenceError: With every problem of the file.
        UnknownFile: It is no status file, neither by its name nor by what is in it.
    """
    return StatusFile(path).read()


class StatusFile(SourceFile):
    """One file while it is being read. Workbooks of charter schools are read by a kind of it."""

    is_known = False
    """Whether it is a status file, whatever its name."""

    def stop(self, message: str, row: int = 0) -> EvidenceError:
        """Note a problem after which nothing more can be read, and return the error to raise.

        What cannot be read and has not the name of a status file is none.
        """
        stopped = super().stop(message, row)
        return stopped if is_status_file(self.path.name) or self.is_known else UnknownFile(stopped.findings)

    def read(self) -> Record:
        """Return what the file says.

        Raises:
            EvidenceError: With every problem of the file.
        """
        content = self.content()
        if not content:
            raise self.stop("the file is empty; expected a status file of CDE")
        is_workbook = content.startswith(WORKBOOK_STARTS)
        if not is_workbook and self.path.suffix.lower() != ".csv":
            raise self.stop(
                "this is not a workbook (.xls or .xlsx); open it in a spreadsheet and save it as one, or fetch it anew"
                if is_status_file(self.path.name)
                else _NOT_KNOWN
            )
        layout, table = self._workbook(content) if is_workbook else self._csv(content)
        positions = self._positions(layout, table)
        publication = self.publication(layout, table, content)
        record = self.record(layout, table, positions, publication)
        self.check()
        return record

    def _workbook(self, content: bytes) -> tuple[Layout, _Rows]:
        book = opened(self, content)
        sheets = {name.strip(): name for name in book.names}
        known = [layout for layout in layouts() if layout.format == "workbook"]
        chosen = [layout for layout in known if layout.sheet in sheets]
        if not chosen:
            named = self._year_by_name()
            wanted = " or ".join(f"“{layout.sheet}”" for layout in known if named in (None, layout.dashboard_year))
            printed_names = ", ".join(f"“{name}”" for name in sheets) or "none"
            raise self.stop(f"expected the sheet {wanted}; found {printed_names}")
        layout = chosen[0]
        self.is_known = True
        self._same_year(layout)
        return layout, self.sheet_table(book, sheets[layout.sheet])

    def sheet_table(self, book: Workbook, name: str) -> _Rows:
        """The cells of a sheet as text, from its first row."""
        self.sheet = name.strip()
        rows = [cells for _, cells in rows_of_sheet(self, book, name)]
        no_values(self, book, name)
        return rows

    def _csv(self, content: bytes) -> tuple[Layout, _Rows]:
        known = [layout for layout in layouts() if layout.format == "csv"]
        text = decode(self, content)
        if not text.endswith("\n"):
            raise self.stop("the last line does not end; the file seems cut short, fetch it anew")
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        except csv.Error as error:
            raise self.stop(f"not readable as CSV: {error}") from None
        years = {layout.dashboard_year: _years(layout, rows) for layout in known}
        chosen = [layout for layout in known if layout.year_value in years[layout.dashboard_year]]
        printed = set().union(*years.values()) - {""}
        if not printed:
            # What is missing or wrong in a file of that name is told column by column and row by row.
            chosen = [layout for layout in known if layout.dashboard_year == self._year_by_name()]
        if not chosen and not printed:
            raise self.stop(_NOT_KNOWN)
        if not chosen:
            years_printed = ", ".join(repr(year) for year in sorted(printed)[:_YEARS_TOLD])
            names = ", ".join(str(layout.dashboard_year) for layout in known)
            raise self.stop(
                f"the year in its rows is {years_printed}; letters files of these years can be read: {names}"
            )
        self.is_known = True
        self._same_year(chosen[0])
        self._full_rows(rows)
        # Every row is kept, blank ones too, so that its position is the row that a spreadsheet shows.
        width = max(map(len, rows), default=0)
        return chosen[0], [[*map(as_read, cells), *[""] * (width - len(cells))] for cells in rows]

    def _full_rows(self, rows: list[list[str]]) -> None:
        """Refuse rows with more or fewer cells than the first: a missing cell is not a blank one."""
        width = len(rows[0]) if rows else 0
        for number, cells in enumerate(rows, 1):
            self.check_cells(cells, number)
            if any(cells) and len(cells) != width:
                self.report(f"the row has {len(cells)} cells; expected {width}, as many as the first row", number)
        self.check()

    def _year_by_name(self) -> int | None:
        """The Dashboard year in the name of a status file; ``None`` if it has not such a name."""
        name = plain_file_name(self.path.name)
        match = next(filter(None, (re.match(layout.file_year, name, re.IGNORECASE) for layout in layouts())), None)
        return 2000 + int(match[1]) if match else None

    def _same_year(self, layout: Layout) -> None:
        named = self._year_by_name()
        if named not in (None, layout.dashboard_year):
            raise self.stop(
                f"by its name the file is that of the {named} Dashboard, by its content that of "
                f"{layout.dashboard_year}; give it its own name"
            )

    def _positions(self, layout: Layout, table: _Rows) -> dict[str, int]:
        """Our field to the position of its column (from 0), by the names in the header row."""
        if len(table) < layout.header_row:
            raise self.stop(f"expected the column names in row {layout.header_row}; the sheet has {len(table)} rows")
        header = table[layout.header_row - 1]
        names = {field: (name,) for field, name in layout.wanted_columns().items()}
        return self.positions(header, names, layout.optional, layout.header_row)

    def publication(self, layout: Layout, table: _Rows, content: bytes) -> Publication:
        """Return the file as a publication, with the title and the date that its sheet prints."""

        def text(row: int) -> str:
            return " ".join(table[row - 1][0].split()) if row and table[row - 1] else ""

        carried = {
            field: letter for field, letter in self.columns.items() if field not in ("cd_code", "year", "county")
        }
        carried.pop("groups_with_letter", None)
        return Publication(
            dashboard_year=layout.dashboard_year,
            title=layout.title or text(layout.title_row),
            date=text(layout.date_row).removeprefix(layout.publisher_prefix).strip(),
            file=self.path.name,
            sheet=layout.sheet,
            sha256=hashlib.sha256(content).hexdigest(),
            columns=carried,
        )

    def record(self, layout: Layout, table: _Rows, positions: Mapping[str, int], publication: Publication) -> Record:
        """Return the rows below the header; ``positions`` gives the place of each of our fields in a row, from 0."""
        lea_years: dict[tuple[int, str], LeaYear] = {}
        published: dict[tuple[int, str], Published] = {}
        for number, cells in enumerate(table[layout.header_row :], layout.header_row + 1):
            if not any(cells[place].strip() for place in positions.values()):
                continue
            row = self.texts(cells, positions, number)
            lea_year = self.lea_year(layout, row, number, publication)
            key = layout.dashboard_year, row["cds"]
            if key in lea_years:
                self.report(f"{row['cds']} stands in row {lea_years[key].cds.row} already", number, "cds")
            lea_years[key] = lea_year
            conclusions = self.published(layout, row, number, publication)
            if conclusions.cells():
                published[key] = conclusions
        if not lea_years:
            self.report("there is no row below the column names", layout.header_row)
        return Record(lea_years, published=published)

    def lea_year(self, layout: Layout, row: Mapping[str, str], number: int, publication: Publication) -> LeaYear:
        """Return what a row says of its LEA; ``row`` has the texts by our fields, ``number`` counts from 1."""

        def cell(field: str) -> Cell:
            return Cell(row[field], publication, self.columns[field], number)

        self._check_identity(layout, row, number)
        letters = {}
        printed = 0
        for group in layout.groups:
            value = row[group]
            if value in layout.blank:
                continue
            printed += 1
            if len(value) == 1 and value in layout.letters:
                letters[group] = cell(group)
            else:
                allowed = f"{layout.letters[0]} to {layout.letters[-1]}"
                self.report(
                    f"{value!r} is no letter of the {layout.dashboard_year} key; expected {allowed} or blank",
                    number,
                    group,
                )
        counted = row.get("groups_with_letter")
        if counted is not None and counted.removesuffix(".0") != str(printed):
            self.report(
                f"says {counted} student groups; {printed} letters stand in the row", number, "groups_with_letter"
            )
        answers = {}
        for name, method in methods().items():
            if name in row:
                answers[method] = cell(name)
                self._check_yes_no(row[name], number, name)
        return LeaYear(
            year=layout.dashboard_year,
            cds=cell("cds"),
            name=cell("name"),
            letters=letters,
            methods=answers,
            grades=cell("grades") if row.get("grades", "") not in layout.blank else None,
        )

    def published(self, layout: Layout, row: Mapping[str, str], number: int, publication: Publication) -> Published:
        """What the row prints of CDE's conclusions."""
        if "status" in row and row["status"] not in layout.statuses:
            words = " or ".join(f"“{words}”" for words in layout.statuses)
            self.report(
                f"{row['status']!r} is no status of {layout.dashboard_year}; expected {words}", number, "status"
            )
        for name in CONCLUSIONS[1:]:
            if name in row:
                self._check_yes_no(row[name], number, name)
        printed = (name for name in CONCLUSIONS if name in row)
        return Published(**{name: Cell(row[name], publication, self.columns[name], number) for name in printed})

    def _check_identity(self, layout: Layout, row: Mapping[str, str], number: int) -> None:
        cds = row["cds"]
        if self.check_code(cds, row.get("county"), number):
            self.check_kind(cds, number)
        if "cd_code" in row and row["cd_code"] != cds[:7]:
            self.report(f"{row['cd_code']!r} is not the beginning of {cds}", number, "cd_code")
        if not row.get("name"):
            self.report(f"the name of {cds} is missing", number, "name")
        if row["year"].removesuffix(".0") != layout.year_value:
            self.report(f"the year is {row['year']!r}; expected {layout.year_value} in every row", number, "year")

    def check_kind(self, cds: str, number: int) -> None:
        """Refuse the code of a school."""
        if not is_agency(cds):
            self.report(f"{cds} is a school's code; a district's or county office's ends in seven zeros", number, "cds")

    def _check_yes_no(self, value: str, number: int, field: str) -> None:
        if value not in ("Y", "N"):
            self.report(f"{value!r} is neither Y nor N", number, field)


def _years(layout: Layout, rows: list[list[str]]) -> set[str]:
    """The years in the rows of a CSV file; none if it has not the layout's columns of codes and years."""
    header = [plain_name(name) for name in rows[layout.header_row - 1]] if len(rows) >= layout.header_row else []
    code, year = plain_name(layout.columns["cds"]), plain_name(layout.columns["year"])
    if code not in header or year not in header:
        return set()
    place = header.index(year)
    return {cells[place].strip() for cells in rows[layout.header_row :] if place < len(cells)}
