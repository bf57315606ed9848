"""Read CDE's list of the LEAs with student groups at the lowest performance (Red; Very Low for College/Career)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from pyreport.evidence.counties import counties
from pyreport.evidence.model import LowPerformance, Publication, is_agency
from pyreport.evidence.readers.dashboard.layouts import student_groups
from pyreport.evidence.readers.other_files import settings, year_in_name
from pyreport.evidence.readers.reading import WORKBOOK_STARTS, SourceFile, sheet_rows, text_rows

__all__ = ["read_red_list"]


def read_red_list(path: Path) -> tuple[Publication, list[LowPerformance]]:
    """Read the list, a workbook or tab-separated text. Rows of all students and the like are passed over.

    Raises:
        EvidenceError: With every problem of the file.
    """
    return _RedList(path).read()


class _RedList(SourceFile):
    def read(self) -> tuple[Publication, list[LowPerformance]]:
        year = year_in_name("red_list", self.path.name)
        if year is None:
            raise self.stop("the name is not that of the list of low performance, such as lowperfleasnonall23data.xlsx")
        content = self.content()
        known = settings()["red_list"]
        rows = self._rows(content)
        number, header = next(rows)
        places = self.positions(header, known["columns"], (), number)
        figures: list[LowPerformance] = []
        seen: dict[tuple[str, str], int] = {}
        for number, cells in rows:
            if not any(cells):
                continue
            if len(cells) != len(header):
                self.report(f"the row has {len(cells)} cells; the header has {len(header)}", number)
                continue
            cell = self.texts(cells, places, number)
            group = self._checked(cell, number, year)
            if group is None:
                continue
            marked = tuple(name for name in known["indicators"] if cell[name] == known["marked"])
            key = cell["cds"], cell["group"]
            if seen.setdefault(key, number) != number:
                self.report(f"{key[0]} has a row for {key[1]} in row {seen[key]} already", number, "group")
            if group and marked:
                figures.append(LowPerformance(cell["cds"], group, marked, number))
        if not seen and not self.findings:
            self.report("there is no row below the column names", number)
        self.check()
        columns = {field: self.columns[field] for field in sorted(["cds", "group", *known["indicators"]])}
        digest = hashlib.sha256(content).hexdigest()
        # CDE's own list has rows of every county; of an LEA that a part of it lacks, that part says nothing.
        complete = {cds[:2] for cds, _ in seen} >= set(counties())
        publication = Publication(
            year, self.title, self.date, self.path.name, self.sheet, digest, columns, "red-list", complete=complete
        )
        return publication, figures

    def _rows(self, content: bytes) -> Iterator[tuple[int, list[str]]]:
        """The rows from the header on, each with its number; keeps the title and the date above it."""
        known = settings()["red_list"]
        above: dict[int, str] = {}
        if content.startswith(WORKBOOK_STARTS):
            rows = sheet_rows(self, content, ("rtype", "reportingyear"), above)
        else:
            rows = text_rows(self, content, ("rtype", "reportingyear"))
        for number, cells in rows:
            self.title = above.get(known["title_row"], "") or "Low performing local educational agencies"
            self.date = above.get(known["date_row"], "").removeprefix(known["publisher_prefix"]).strip()
            yield number, cells

    def _checked(self, cell: Mapping[str, str], number: int, year: int) -> str | None:
        """Our code of the row's student group, empty for a reporting row; ``None`` if something is wrong."""
        known = settings()["red_list"]
        blank = known["blank"]
        before = len(self.findings)
        cds, kind = cell["cds"], cell["kind"]
        if cell["year"].removesuffix(".0") != str(year):
            self.report(f"the year is {cell['year']!r}; expected {year} in every row", number, "year")
        is_charter = cell["charter"] == "Y"
        if not is_charter and cell["charter"] not in blank:
            self.report(f"{cell['charter']!r} is neither Y nor blank", number, "charter")
        if self.check_code(cds, cell["county"], number):
            if (kind, is_charter) not in (("D", False), ("S", True)):
                message = f"{kind!r} with the charter flag {cell['charter']!r}; expected D without or S with Y"
                self.report(message, number, "kind")
            elif (kind == "D") != is_agency(cds):
                self.report(f"{cds} is not the code of a {'district' if kind == 'D' else 'school'}", number, "cds")
        if cell["school" if is_charter else "district"] in blank:
            self.report(f"the name of {cds} is missing", number, "school" if is_charter else "district")
        for name in known["indicators"]:
            if cell[name] != known["marked"] and cell[name] not in blank:
                self.report(f"{cell[name]!r} is neither {known['marked']} nor blank", number, name)
        group = student_groups(year).get(cell["group"])
        if group is None:
            self.report(f"{cell['group']!r} is no student group that is known", number, "group")
        return group if len(self.findings) == before else None
