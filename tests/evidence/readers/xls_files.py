"""Small .xls workbooks: texts, numbers and errors in one sheet. No library that is installed writes that format."""

from __future__ import annotations

import struct
from collections.abc import Sequence

Cell = str | float | int
_SECTOR = 512
_FREE, _END, _OF_FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xls(rows: Sequence[Sequence[Cell]], name: str = "Data") -> bytes:
    """A workbook. A negative number is the code of an error, such as -42 for ``#N/A``; a blank text is no cell."""
    cells = b"".join(
        _cell(row, column, cell) for row, cells in enumerate(rows) for column, cell in enumerate(cells) if cell != ""
    )
    sheet = _beginning(0x10) + cells + _record(0x0A, b"")
    label = name.encode("latin-1")
    length = len(_beginning(5)) + 4 + 8 + len(label) + 4
    place = struct.pack("<IBBBB", length, 0, 0, len(label), 0) + label
    return _container(_beginning(5) + _record(0x85, place) + _record(0x0A, b"") + sheet)


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _beginning(kind: int) -> bytes:
    return _record(0x809, struct.pack("<HHHHII", 0x600, kind, 0xDBB, 0x7CC, 0, 6))


def _cell(row: int, column: int, cell: Cell) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(cell, str):
        return _record(0x204, place + struct.pack("<HB", len(cell), 0) + cell.encode("latin-1"))
    if cell < 0:
        return _record(0x205, place + bytes([int(-cell), 1]))
    return _record(0x203, place + struct.pack("<d", cell))


def _container(stream: bytes) -> bytes:
    """A compound file with one stream, long enough to stand in sectors of its own."""
    stream = stream.ljust(4096, b"\0")
    count = -(-len(stream) // _SECTOR)
    stream = stream.ljust(count * _SECTOR, b"\0")
    table = [_OF_FAT, _END, *range(3, count + 2), _END]
    table += [_FREE] * (_SECTOR // 4 - len(table))
    folder = _entry("Root Entry", 5, child=1, start=_END) + _entry("Workbook", 2, start=2, size=len(stream))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0) + struct.pack("<109I", 0, *[_FREE] * 108)
    return head + struct.pack("<128I", *table) + folder.ljust(_SECTOR, b"\0") + stream


def _entry(name: str, kind: int, child: int = _FREE, start: int = 0, size: int = 0) -> bytes:
    text = f"{name}\0".encode("utf-16-le")
    links = struct.pack("<HBBIII", len(text), kind, 1, _FREE, _FREE, child)
    return text.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)
