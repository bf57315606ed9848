"""Read CDE's workbooks of charter schools' assistance status, by ``layouts/charter_assistance.toml``.

No such workbook was at hand: the layout is that of public code that reads them. The checks are those of the status
files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pyreport.evidence.layout_files import layout_file
from pyreport.evidence.model import CHARTER_STATUS, LeaYear, Publication, Published, is_agency
from pyreport.evidence.readers.assistance_status import StatusFile
from pyreport.evidence.readers.other_files import plain_file_name
from pyreport.evidence.readers.reading import WORKBOOK_STARTS, opened, plain_name
from pyreport.evidence.record import Record
from pyreport.evidence.status_layouts import Layout

__all__ = ["read_charter_assistance"]

_YEAR_IN_STATUS = re.compile(r"assistancestatus(20\d\d)")


def read_charter_assistance(path: Path) -> tuple[Publication, Record, list[str]]:
    """Read a workbook: its publication, what it says of charter schools, and notes on what was not read.

    Raises:
        EvidenceError: With every problem of the file.
    """
    return _CharterFile(path).read_charters()


class _CharterFile(StatusFile):
    """One workbook while it is being read."""

    is_known = True

    def read_charters(self) -> tuple[Publication, Record, list[str]]:
        known = layout_file("charter_assistance")
        content = self.content()
        if not content.startswith(WORKBOOK_STARTS):
            raise self.stop("this is not a workbook (.xls or .xlsx); fetch it anew")
        book = opened(self, content)
        if len(book.names) < known["sheet"]:
            raise self.stop(f"expected {known['sheet']} sheets, the last with the charter schools")
        table = self.sheet_table(book, book.names[known["sheet"] - 1])
        if len(table) < known["header_row"]:
            raise self.stop(f"expected the column names in row {known['header_row']}; the sheet has {len(table)} rows")
        header = [cell.strip() for cell in table[known["header_row"] - 1]]
        layout = self._layout(header)
        positions = self.positions(
            header,
            {field: (name,) for field, name in layout.wanted_columns().items()},
            layout.optional,
            layout.header_row,
        )
        publication = replace(self.publication(layout, table, content), kind=CHARTER_STATUS, sheet=self.sheet)
        record = self.record(layout, table, positions, publication)
        self.check()
        return publication, record, self._notes(header, layout)

    def _layout(self, header: Sequence[str]) -> Layout:
        """The layout of this file: its year is that of its newest status, its student groups those with a column."""
        known = layout_file("charter_assistance")
        years = [int(match[1]) for name in header if (match := _YEAR_IN_STATUS.fullmatch(plain_name(name)))]
        if not years:
            names = ", ".join(filter(None, header)) or "none"
            raise self.stop(
                f"expected a column AssistanceStatus with a year, such as AssistanceStatus2024; found {names}",
                known["header_row"],
            )
        year = max(years)
        named = re.match(known["file_year"], plain_file_name(self.path.name), re.IGNORECASE)
        if named and 2000 + int(named[1]) != year:
            raise self.stop(
                f"by its name the file is that of the {2000 + int(named[1])} Dashboard, by its content that of {year}; "
                "give it its own name"
            )
        columns = {field: name.format(year=year) for field, name in known["columns"].items()}
        if plain_name(columns["name"]) not in map(plain_name, header):
            columns["name"] = columns["cds"]
        printed = {group: name for name in header if (group := self._group(known["group_column"], name))}
        return Layout(
            dashboard_year=year,
            format="workbook",
            file_year=known["file_year"],
            header_row=known["header_row"],
            year_value=str(year),
            blank=known["blank"],
            letters=known["letters"],
            statuses=known["statuses"],
            columns=columns,
            priorities="{group}",
            groups=sorted(printed),
            group_columns=printed,
            optional=known["optional"],
            title=known["title"].format(year=year),
        )

    def _group(self, pattern: str, name: str) -> str | None:
        """The student group of whom a column of this name tells, if it is one of the pattern."""
        match = re.match(pattern, name)
        return layout_file("charter_assistance")["groups"].get(match[1]) if match else None

    def _notes(self, header: Sequence[str], layout: Layout) -> list[str]:
        """What the file has that was not read, and what it lacks."""
        known = layout_file("charter_assistance")
        read = {plain_name(name) for name in layout.wanted_columns().values()}
        unknown = [
            name
            for name in header
            if name
            and plain_name(name) not in read
            and not any(re.match(pattern, name, re.IGNORECASE) for pattern in known["other_columns"])
            and self._group(known["earlier_column"], name) is None
        ]
        notes = [f"{self.path.name} is read by a layout known from {known['known_from']}; none was at hand."]
        if unknown:
            notes.append(
                f"{self.path.name}: not read, because they are not known, are the columns {', '.join(unknown)}."
            )
        if layout.columns["name"] == layout.columns["cds"]:
            notes.append(f"{self.path.name} has no names of schools; their codes stand in their place.")
        return notes

    def lea_year(self, layout: Layout, row: Mapping[str, str], number: int, publication: Publication) -> LeaYear:
        return super().lea_year(layout, self._printed(layout, row), number, publication)

    def published(self, layout: Layout, row: Mapping[str, str], number: int, publication: Publication) -> Published:
        return super().published(layout, self._printed(layout, row), number, publication)

    def _printed(self, layout: Layout, row: Mapping[str, str]) -> dict[str, str]:
        """The row without the optional cells in which nothing is printed, and without a status that is not."""
        may_lack = {*layout.optional, "status"} - {"name"}
        return {field: text for field, text in row.items() if field not in may_lack or text not in layout.blank}

    def check_kind(self, cds: str, number: int) -> None:
        """Refuse the code of a district or county office."""
        if is_agency(cds):
            self.report(f"{cds} is no school's code; a charter school's has a school part", number, "cds")
