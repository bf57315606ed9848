"""Workbooks, .xlsx and .xls: their cells as text, and the cells that have no value though something stands in them.

The libraries that read cells return an error such as ``#N/A``, and a formula that was never calculated, as blank. Of an
.xls, xlrd tells which cells those are. The parts of an .xlsx are looked at before calamine reads them: in the same pass
what is too large for it is refused. Calamine is then given a copy of the parts that were looked at, and nothing else.
"""

from __future__ import annotations

import io
import posixpath
import shutil
import tempfile
import weakref
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.parsers import expat

from pyreport.evidence.readers import limits
from pyreport.evidence.readers.limits import Excessive

__all__ = ["NoValue", "Workbook", "column_letter", "open_workbook"]

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LARGEST_XLSX, _LARGEST_XLS = 1 << 29, 1 << 26
"""Bytes of the parts of an .xlsx, of an .xls; those of a statewide file have some 150 million, at most a few."""
_MOST_TEXT = 1 << 28
"""Characters in all cells of a sheet; a text that stands in many cells counts in each."""
_LAST_ROW, _LAST_COLUMN = 1 << 20, 1 << 14
_MOST_FILES = 2000
_MOST_NO_VALUE = 10_000
_BLOCK = 1 << 20
_CALCULATED_TEXTS = ("str", "s", "inlineStr")
"""Types of cells whose value, if it is stored, may be empty."""

NoValue = tuple[int, int, str]
"""A cell without a value: its row and column, from 1, and what stands there."""


def column_letter(position: int) -> str:
    """The spreadsheet letters of a column position counted from 0: A … Z, AA and so on."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class Workbook:
    """A workbook.

    Attributes:
        names: The names of the sheets.
    """

    names: list[str]

    def no_values(self, name: str) -> Sequence[NoValue]:
        """The cells of a sheet that hold an error or a formula that was never calculated."""
        raise NotImplementedError

    def rows(self, name: str) -> Iterator[list[str]]:
        """Every row of a sheet from its first on, its cells as text: whole numbers without decimals, blanks empty.

        Raises:
            Excessive: The sheet holds more than a file of CDE's.
        """
        raise NotImplementedError


def open_workbook(content: bytes) -> Workbook:
    """Open a workbook.

    Raises:
        Excessive: It holds more than a file of CDE's, or what none of them holds.
        Exception: It is damaged; each library has errors of its own for that.
    """
    return _Xlsx(content) if content.startswith(ZIP) else _Xls(content)


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


# ------------------------------------------------------------------------------------------------------------- .xls


class _Xls(Workbook):
    def __init__(self, content: bytes) -> None:
        import xlrd

        if len(content) > _LARGEST_XLS:
            raise Excessive(f"the workbook has more than {_LARGEST_XLS:,} bytes; save it as .xlsx")
        # What it has to say of a damaged file it would print.
        self._book = xlrd.open_workbook(file_contents=content, logfile=io.StringIO(), on_demand=True, ragged_rows=True)
        self.names = self._book.sheet_names()

    def no_values(self, name: str) -> Sequence[NoValue]:
        import xlrd

        sheet = self._book.sheet_by_name(name)
        errors: dict[Any, str] = {**xlrd.error_text_from_code}
        return [
            (row + 1, column + 1, _error(errors.get(sheet.cell_value(row, column), "")))
            for row in range(sheet.nrows)
            for column, kind in enumerate(sheet.row_types(row))
            if kind == xlrd.XL_CELL_ERROR
        ][:_MOST_NO_VALUE]

    def rows(self, name: str) -> Iterator[list[str]]:

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
            return _text(xlrd.xldate_as_datetime(value, self._book.datemode))
        return _text(bool(value) if kind == xlrd.XL_CELL_BOOLEAN else value)


# ------------------------------------------------------------------------------------------------------------ .xlsx


class _Xlsx(Workbook):
    def __init__(self, content: bytes) -> None:
        from python_calamine import CalamineWorkbook

        folder = tempfile.mkdtemp(prefix="pyreport-")
        # Calamine reads each sheet when it is asked for.
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        copy = Path(folder) / "workbook.xlsx"
        with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(copy, "w") as looked_at:
            parts = _Parts(archive, looked_at)
        self._sheets = parts.sheets
        self._book = CalamineWorkbook.from_path(str(copy))
        self.names = list(self._book.sheet_names)

    def no_values(self, name: str) -> Sequence[NoValue]:
        return self._sheets[name].no_values

    def rows(self, name: str) -> Iterator[list[str]]:
        self._sheets[name].check()
        sheet = self._book.get_sheet_by_name(name)
        if sheet.start is None:
            return
        # The iterator gives the blank rows above the first cell, and not the blank columns before it.
        before = [""] * sheet.start[1]
        for cells in sheet.iter_rows():
            yield before + list(map(_text, cells))


class _Parts:
    """The parts of an .xlsx, each looked at while it is copied.

    Attributes:
        sheets: What was seen of each sheet, by its name.
    """

    def __init__(self, archive: zipfile.ZipFile, copy: zipfile.ZipFile) -> None:
        self._archive, self._copy = archive, copy
        self._size = 0
        entries = {entry.filename: entry for entry in archive.infolist() if entry.filename.endswith((".xml", ".rels"))}
        if len(archive.infolist()) > _MOST_FILES:
            raise Excessive(f"the workbook has more than {_MOST_FILES:,} parts; fetch it anew")
        others = {"content.xml", "xl/workbook.bin"} & set(archive.namelist())
        if others or "xl/workbook.xml" not in entries:
            raise ValueError("it is no .xlsx; open it in a spreadsheet and save it as one")
        limits.check_sizes(entries.values(), _LARGEST_XLSX, "the workbook has")
        self._packed = sum(entry.compress_size for entry in entries.values())
        places: dict[str, str] = {}
        named: dict[str, str] = {}

        def relation(name: str, attributes: dict[str, str]) -> None:
            if name == "Relationship":
                places[attributes.get("Id", "")] = attributes.get("Target", "")

        def sheet(name: str, attributes: dict[str, str]) -> None:
            if name == "sheet":
                named[attributes.get("name", "")] = next(
                    (value for key, value in attributes.items() if key.endswith(":id")), ""
                )

        self._look("xl/workbook.xml", sheet)
        self._look("xl/_rels/workbook.xml.rels", relation)
        strings = _SharedStrings()
        if "xl/sharedStrings.xml" in entries:
            self._look("xl/sharedStrings.xml", strings.start, strings.text)
        self.sheets: dict[str, _Sheet] = {}
        seen: dict[str, _Sheet] = {}
        for name, relation_id in named.items():
            place = _part(places.get(relation_id, ""))
            if place not in entries:
                continue
            if place not in seen:
                seen[place] = sheet_part = _Sheet(name, strings.lengths)
                self._look(place, sheet_part.start, sheet_part.text)
                sheet_part.end()
            self.sheets[name] = seen[place]
        for name in entries:
            if name not in copy.namelist():
                self._look(name, lambda *_: None)

    def _look(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], object],
        text: Callable[[str], object] | None = None,
    ) -> None:
        # Whatever encoding the part says that it has: calamine reads it as UTF-8.
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        names: dict[str, str] = {}

        def started(name: str, attributes: dict[str, str]) -> None:
            # Without its prefix, as calamine reads it.
            local = names.get(name) or names.setdefault(name, name.rpartition(":")[2])
            start(local, attributes)

        parser.StartElementHandler = started
        if text is not None:
            parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _no_entities
        with self._archive.open(part) as inside, self._copy.open(part, "w", force_zip64=True) as outside:
            while block := inside.read(_BLOCK):
                self._size += len(block)
                if self._size > _LARGEST_XLSX:
                    raise Excessive(f"the workbook has more than {_LARGEST_XLSX:,} bytes; fetch it anew")
                limits.check_packing(self._packed, self._size)
                parser.Parse(block, False)
                outside.write(block)
        parser.Parse(b"", True)


def _part(target: str) -> str:
    """The part that a relation of the workbook means."""
    return target.removeprefix("/") if target.startswith(("/", "xl/")) else posixpath.join("xl", target)


def _no_entities(*_: object) -> None:
    raise Excessive("a part of the workbook declares a type of its own, which no spreadsheet does; fetch it anew")


def _error(text: str) -> str:
    return f"the cell holds the error {text or 'of a formula'} and no value; mend the formula, or put the value in"


_NEVER_CALCULATED = (
    "the cell holds a formula whose value is not stored; open the workbook in a spreadsheet and save it, or put the "
    "value in"
)


class _SharedStrings:
    """How long each of the texts is that cells share."""

    def __init__(self) -> None:
        self.lengths: list[int] = []

    def start(self, name: str, _: dict[str, str]) -> None:
        if name == "si":
            if len(self.lengths) >= limits.MOST_CELLS:
                raise Excessive(f"the workbook has more than {limits.MOST_CELLS:,} texts; fetch it anew")
            self.lengths.append(0)

    def text(self, text: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(text)


class _Sheet:
    """What is seen of a sheet while its part is parsed: how far its cells reach, and those without a value."""

    def __init__(self, name: str, lengths: Sequence[int]) -> None:
        self.name = name
        self.no_values: list[NoValue] = []
        self._lengths = lengths
        self._columns: dict[str, int] = {}
        self._row, self._row_text, self._column = 0, "", 0
        self._type = ""
        self._has_formula = self._has_value = self._listens = False
        self._value = ""
        self._characters = 0
        self._first: tuple[int, int] | None = None
        self._last = (0, 0)

    def check(self) -> None:
        """Refuse a sheet that reaches too far.

        Raises:
            Excessive: It has too many cells, those between its first and its last included, or too much text in them.
        """
        if self._first is None:
            return
        rows, columns = (last - first + 1 for first, last in zip(self._first, self._last, strict=True))
        if rows * columns > limits.MOST_CELLS:
            corner = f"{column_letter(self._last[1] - 1)}{self._last[0]}"
            raise Excessive(
                f"the sheet reaches to the cell {corner}, {rows * columns:,} cells in all; expected no "
                f"more than {limits.MOST_CELLS:,}: delete the rows and columns that are none of the table"
            )
        if self._characters > _MOST_TEXT:
            raise Excessive(
                f"the cells of the sheet hold {self._characters:,} characters; expected no more than "
                f"{_MOST_TEXT:,}: fetch the file anew"
            )

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name == "v":
            self._has_value = self._listens = True
        elif name == "c":
            self._finish()
            self._begin(attributes)
        elif name == "row":
            self._finish()
            self._type, self._column = "", 0
            number = int(attributes.get("r", self._row + 1))
            if not self._row < number <= _LAST_ROW:
                raise ValueError(f"row {number} of the sheet “{self.name}” stands behind row {self._row}")
            self._row, self._row_text = number, str(number)
        elif name == "f":
            self._has_formula, self._listens = True, False
        elif name == "is":
            self._has_value, self._listens = True, True
        elif name != "t":
            self._listens = False

    def text(self, text: str) -> None:
        """Text of an element."""
        if self._listens:
            self._value += text

    def end(self) -> None:
        """The sheet ends."""
        self._finish()

    def _begin(self, attributes: dict[str, str]) -> None:
        self._type = attributes.get("t", "n")
        self._listens = False
        place = self._column + 1
        if reference := attributes.get("r"):
            letters = reference.removesuffix(self._row_text)
            place = self._columns.get(letters) or self._columns.setdefault(letters, _column(letters))
            if reference == letters or place <= self._column:
                raise ValueError(f"the cell {reference} of the sheet “{self.name}” is in disorder, in row {self._row}")
        self._column = place

    def _finish(self) -> None:
        """The cell before is read to its end."""
        if self._has_value or self._has_formula:
            if self._type == "e":
                self._without_value(_error(self._value))
            elif self._has_formula and not (self._value or (self._has_value and self._type in _CALCULATED_TEXTS)):
                self._without_value(_NEVER_CALCULATED)
            self._extend()
            self._has_value = self._has_formula = self._listens = False
            self._value = ""

    def _extend(self) -> None:
        row, column = self._row, self._column
        if self._first is None:
            self._first = row, column
        elif column < self._first[1]:
            self._first = self._first[0], column
        self._last = row, max(column, self._last[1])
        if self._type != "s":
            self._characters += len(self._value)
        elif not (self._value.isdecimal() and int(self._value) < len(self._lengths)):
            raise ValueError(f"the cell {column_letter(column - 1)}{row} of the sheet “{self.name}” has no text")
        else:
            self._characters += self._lengths[int(self._value)]

    def _without_value(self, message: str) -> None:
        if len(self.no_values) < _MOST_NO_VALUE:
            self.no_values.append((self._row, self._column, message))


def _column(letters: str) -> int:
    """The number of a column, from 1."""
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
        raise ValueError(f"{letters!r} is no column")
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    if number > _LAST_COLUMN:
        raise ValueError(f"{letters!r} is no column")
    return number
