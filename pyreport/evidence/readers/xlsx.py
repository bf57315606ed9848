"""Workbooks that end in .xlsx, read by calamine.

Calamine returns an error such as ``#N/A``, and a formula that was never calculated, as blank. So each part of the file
is parsed here first, which finds those cells and refuses, in the same pass, what is too large for calamine. Calamine
then reads a copy of the parts that were parsed, and nothing else.
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
from xml.parsers import expat

from pyreport.evidence.readers import limits
from pyreport.evidence.readers.limits import Excessive
from pyreport.evidence.readers.sheet_cells import NoValue, Workbook, cell_text
from pyreport.evidence.readers.xlsx_sheet import SharedStrings, SheetScan

__all__ = ["XlsxWorkbook"]

_LARGEST_XLSX = 1 << 29
"""Bytes of all parts of a workbook, unpacked; those of a statewide file have some 150 million."""
_MOST_FILES = 2000
_BLOCK = 1 << 20


class XlsxWorkbook(Workbook):
    """A workbook that ends in .xlsx."""

    def __init__(self, content: bytes) -> None:
        from python_calamine import CalamineWorkbook

        folder = tempfile.mkdtemp(prefix="pyreport-")
        # Calamine reads each sheet when it is asked for.
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        copy = Path(folder) / "workbook.xlsx"
        with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(copy, "w") as copied_parts:
            parts = _Parts(archive, copied_parts)
        self._sheets = parts.sheets
        self._book = CalamineWorkbook.from_path(str(copy))
        self.names = list(self._book.sheet_names)

    def no_values(self, name: str) -> Sequence[NoValue]:
        """The cells of a sheet that hold an error or a formula that was never calculated."""
        return self._sheets[name].no_values

    def rows(self, name: str) -> Iterator[list[str]]:
        """Every row of a sheet, its cells as text.

        Raises:
            Excessive: The sheet reaches too far, or has too much text.
        """
        self._sheets[name].check()
        sheet = self._book.get_sheet_by_name(name)
        if sheet.start is None:
            return
        # The iterator gives the blank rows above the first cell, and not the blank columns before it.
        before = [""] * sheet.start[1]
        for cells in sheet.iter_rows():
            yield before + list(map(cell_text, cells))


class _Parts:
    """The parts of an .xlsx, each parsed while it is copied.

    Attributes:
        sheets: What parsing found of each sheet, by its name.
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

        self._parse("xl/workbook.xml", sheet)
        self._parse("xl/_rels/workbook.xml.rels", relation)
        strings = SharedStrings()
        if "xl/sharedStrings.xml" in entries:
            self._parse("xl/sharedStrings.xml", strings.start, strings.text)
        self.sheets: dict[str, SheetScan] = {}
        seen: dict[str, SheetScan] = {}
        for name, relation_id in named.items():
            place = _part(places.get(relation_id, ""))
            if place not in entries:
                continue
            if place not in seen:
                seen[place] = sheet_part = SheetScan(name, strings.lengths)
                self._parse(place, sheet_part.start, sheet_part.text)
                sheet_part.end()
            self.sheets[name] = seen[place]
        for name in entries:
            if name not in copy.namelist():
                self._parse(name, lambda *_: None)

    def _parse(
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
