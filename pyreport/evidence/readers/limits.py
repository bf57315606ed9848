"""How much a file of evidence may hold: far more than any of CDE's, and no more than fits in two gigabytes of memory.

The largest file of a Dashboard year has 177,000 rows, 27 MB as text and some 5 million cells; a whole year, seven such
files, has 100 MB.
"""

from __future__ import annotations

import zipfile
from collections.abc import Collection

__all__ = [
    "LARGEST_TEXT",
    "LARGEST_UNPACKED",
    "LONGEST_LINE",
    "MOST_CELLS",
    "Excessive",
    "check_packing",
    "check_sizes",
]

LARGEST_TEXT = 1 << 28
"""Bytes of a file that is read as a whole."""
LARGEST_UNPACKED = 1 << 30
"""Bytes that all archives together may hold; the files of all Dashboards of CDE's have fewer than 700 million."""
LONGEST_LINE = 1 << 20
"""Bytes of a line; the longest of CDE's has fewer than a thousand."""
MOST_CELLS = 16_000_000
"""Cells of a sheet, the blank ones between others included."""
_PACKED_HARMLESSLY = 1 << 24
_MOST_PACKED = 200
"""How many bytes one packed byte may stand for, beyond the first sixteen million; in CDE's files it is 5 to 20."""


class Excessive(ValueError):
    """A file that holds more than any of CDE's."""


def check_packing(packed: int, unpacked: int) -> None:
    """Refuse what is packed as tightly as no real file.

    Raises:
        Excessive: ``unpacked`` bytes of ``packed`` ones are too many.
    """
    if unpacked > max(_PACKED_HARMLESSLY, packed * _MOST_PACKED):
        raise Excessive(f"{packed:,} bytes unpack to {unpacked:,} or more, which no file of CDE's does; fetch it anew")


def check_sizes(entries: Collection[zipfile.ZipInfo], largest: int, what: str) -> None:
    """Refuse, before anything is unpacked, an archive that says itself that it holds too much.

    Raises:
        Excessive: It does.
    """
    total = sum(entry.file_size for entry in entries)
    check_packing(sum(entry.compress_size for entry in entries), total)
    if total > largest:
        raise Excessive(f"{what} more than {largest:,} bytes, more than all files of CDE's; give fewer at a time")
