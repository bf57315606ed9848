"""Workbooks that end in .xls, read by xlrd, which tells which cells hold an error."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from pyreport.evidence.readers.limits import Excessive
from pyreport.evidence.readers.sheet_cells import MOST_NO_VALUE, NoValue, Workbook, cell_text, error_words

__all__ = ["XlsWorkbook"]

_LARGEST_XLS = 1 << 26
"""Bytes of a workbook; those of CDE's have a few million at most."""


class XlsWorkbook(Workbook):
    """A workbook that ends in .xls."""

    def __init__(self, content: bytes) -> None:
        import xlrd

        if len(content) > _LARGEST_XLS:
            raise Excessive(f"the workbook has more than {_LARGEST_XLS:,} bytes; save it as .xlsx")
        # What it has to say of a damaged file it would print.
        self._book = xlrd.open_workbook(file_contents=content, logfile=io.StringIO(), on_demand=True, ragged_rows=True)
        self.names = self._book.sheet_names()

    def no_values(self, name: str) -> Sequence[NoValue]:
        """The cells of a sheet that hold an error; xlrd does not tell a formula that was never calculated."""
        import xlrd

        sheet = self._book.sheet_by_name(name)
        errors: dict[Any, str] = {**xlrd.error_text_from_code}
        return [
            (row + 1, column + 1, error_words(errors.get(sheet.cell_value(row, column), "")))
            for row in range(sheet.nrows)
            for column, kind in enumerate(sheet.row_types(row))
            if kind == xlrd.XL_CELL_ERROR
        ][:MOST_NO_VALUE]

    def rows(self, name: str) -> Iterator[list[str]]:
        """Every row of a sheet, its cells as text."""
        sheet = self._book.sheet_by_name(name)
        for number in range(sheet.nrows):
            kinds, values = sheet.row_types(number), sheet.row_values(number)
            cells = [self._cell(kind, value) for kind, value in zip(kinds, values, strict=True)]
            yield cells + [""] * (sheet.ncols - len(cells))

    def _cell(self, kind: int, value: Any) -> str:
        import xlrd

        if kind == xlrd.XL_CELL_ERROR:
            return ""
        if kind == xlrd.XL_CELL_DATE:
            return cell_text(xlrd.xldate_as_datetime(value, self._book.datemode))
        return cell_text(bool(value) if kind == xlrd.XL_CELL_BOOLEAN else value)
