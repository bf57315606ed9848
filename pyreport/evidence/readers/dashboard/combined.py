"""Read a file in which rows of several indicators or years stand together, told apart by columns."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pyreport.evidence.findings import EvidenceError, UnknownFile
from pyreport.evidence.garbage_collection import without_garbage_collection
from pyreport.evidence.readers.dashboard.file_reader import HEADER
from pyreport.evidence.readers.dashboard.layouts import dashboard_settings, indicator_words, layouts
from pyreport.evidence.readers.dashboard.row_reader import DashboardFile, RowReader, filled_cells
from pyreport.evidence.readers.reading import (
    WORKBOOK_STARTS,
    SourceFile,
    plain_name,
    sheet_rows,
    text_rows,
)
from pyreport.evidence.readers.sheet_cells import column_letter

if TYPE_CHECKING:
    pass

__all__ = ["read_combined_file"]


def read_combined_file(path: Path) -> tuple[list[DashboardFile], list[str]]:
    """Read a file in which rows of several indicators or years stand together, told apart by columns.

    Returns what was taken of each, and notes.

    Raises:
        UnknownFile: It has not the columns of such a file.
        EvidenceError: With every problem of the file.
    """
    with without_garbage_collection():
        return _CombinedReader(path).read()


class _CombinedReader(SourceFile):
    """A file with rows of several indicators or years."""

    def read(self) -> tuple[list[DashboardFile], list[str]]:
        content = self.content()
        needed = (*HEADER, "cds", "indicator")
        of_sheet = content.startswith(WORKBOOK_STARTS)
        try:
            rows = sheet_rows(self, content, needed) if of_sheet else text_rows(self, content, needed)
            number, header = next(rows)
        except EvidenceError as error:
            raise UnknownFile(error.findings) from None
        places = {name: [plain_name(cell) for cell in header].index(name) for name in ("indicator", HEADER[1])}
        self.columns = {name: column_letter(place) for name, place in places.items()}
        readers: dict[tuple[str, int], RowReader] = {}
        waiting: dict[tuple[str, int], list[tuple[int, list[str]]]] = {}
        refused: set[tuple[str, int]] = set()
        left_alone: Counter[str] = Counter()
        for place, cells in rows:
            if not filled_cells(cells):
                continue
            named = self._part(place, cells, places, left_alone)
            if named is None:
                continue
            if named in refused:
                continue
            try:
                if named not in readers:
                    readers[named] = self._reader(named, header, number)
            except EvidenceError as error:
                refused.add(named)
                for finding in error.findings:
                    self.findings.append(finding)
                continue
            waiting.setdefault(named, []).append((place, cells))
            if len(waiting[named]) >= _TOGETHER:
                readers[named].go_on(waiting.pop(named))
        if not readers and not self.findings:
            raise self.stop(f"no row is of an indicator that is read: {', '.join(indicator_words())}")
        return self._files(readers, waiting, hashlib.sha256(content).hexdigest()), [
            f"{self.path.name}: {count:,} rows of {word} are left alone: no criterion uses them."
            for word, count in sorted(left_alone.items())
        ]

    def _part(
        self, row: int, cells: list[str], places: Mapping[str, int], left_alone: Counter[str]
    ) -> tuple[str, int] | None:
        """Of which indicator and year a row is; ``None`` if of none that is read, or if that is open."""
        cell = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
        word, year = cell["indicator"], re.fullmatch(r"(20[0-9]{2})f?(?:\.0)?", cell[HEADER[1]])
        if word.upper() in dashboard_settings()["words"]["without_bearing"]:
            left_alone[word.upper()] += 1
            return None
        stem = indicator_words().get(word.upper())
        if stem is None:
            expected = ", ".join(dict.fromkeys(layout.printed for layout in layouts().values()))
            self.report(f"{word!r} is no indicator that is known; expected one of {expected}", row, "indicator")
        if year is None:
            self.report(f"{cell[HEADER[1]]!r} is no year of a Dashboard; expected one such as 2024", row, HEADER[1])
        return (stem, int(year[1])) if stem and year else None

    def _reader(self, named: tuple[str, int], header: list[str], row: int) -> RowReader:
        reader = RowReader(self.path, named)
        reader.sheet = self.sheet
        reader.begin(header, row)
        return reader

    def _files(
        self,
        readers: Mapping[tuple[str, int], RowReader],
        waiting: Mapping[tuple[str, int], list[tuple[int, list[str]]]],
        digest: str,
    ) -> list[DashboardFile]:
        files, findings = [], [*self.findings]
        for named in sorted(readers):
            try:
                readers[named].go_on(waiting.get(named, ()))
                files.append(readers[named].end(digest))
            except EvidenceError as error:
                findings += error.findings
        if findings:
            raise EvidenceError(findings)
        return files


_TOGETHER = 4096
"""So many rows of one indicator and year are taken at once."""
