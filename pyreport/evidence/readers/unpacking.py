"""Archives among files of evidence: a .gz is the file that it holds, a .zip the files that it holds."""

from __future__ import annotations

import gzip
import lzma
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import IO

from pyreport.evidence.findings import Finding
from pyreport.evidence.readers import limits

__all__ = ["ARCHIVES", "Unpacking"]

ARCHIVES = {".gz", ".zip"}
_MOST_FILES = 1000
"""Files that an archive may hold."""
_BLOCK = 1 << 20
_LOCKED = 1
"""The bit of a file's flags in a zip that says that it is encrypted."""
_DAMAGED = (
    *(OSError, EOFError, ValueError, RuntimeError, MemoryError),
    *(struct.error, zlib.error, lzma.LZMAError, zipfile.BadZipFile),
)
"""What the standard library raises, depending on where an archive is damaged."""


class _Refused(Exception):
    pass


class Unpacking:
    """Unpacks archives into a folder.

    Attributes:
        files: The files, those of archives unpacked, each with the name by which messages call it: its own, with the
            folders where another file has the same, or ``archive.zip/eladownload2024.txt``.
        findings: The archives that are damaged, locked, too large or hold another archive.
    """

    def __init__(self, paths: Sequence[Path], folder: Path) -> None:
        self.folder = folder
        self.files: dict[Path, str] = {}
        self.findings: list[Finding] = []
        self._size = self._number = 0
        alike = Counter(path.name for path in paths)
        for path in paths:
            name = path.name if alike[path.name] == 1 else str(path)
            if path.suffix.lower() not in ARCHIVES:
                self.files[path] = name
                continue
            try:
                unpacked = dict(self._of_gz(path, name) if path.suffix.lower() == ".gz" else self._of_zip(path, name))
            except (_Refused, limits.Excessive) as error:
                self._refuse(name, str(error))
            except _DAMAGED as error:
                self._refuse(name, f"the archive cannot be unpacked, it seems damaged ({error}); fetch it anew")
            else:
                self.files |= unpacked

    def _refuse(self, name: str, message: str) -> None:
        self.findings.append(Finding(name, "", 0, "", message))

    def _of_gz(self, path: Path, name: str) -> Iterator[tuple[Path, str]]:
        with gzip.open(path) as inside:
            yield self._written(inside, path.stem, path.stat().st_size), name

    def _of_zip(self, path: Path, name: str) -> Iterator[tuple[Path, str]]:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if _is_of_the_user(entry)]
            if not entries:
                raise _Refused("the archive holds no file")
            if len(entries) > _MOST_FILES:
                raise _Refused(f"the archive holds more than {_MOST_FILES:,} files; give those of CDE's alone")
            limits.check_sizes(entries, limits.LARGEST_UNPACKED, "the archive holds")
            for entry in entries:
                if entry.flag_bits & _LOCKED:
                    raise _Refused(f"{entry.filename} is locked by a password; unpack the archive yourself")
                with archive.open(entry) as inside:
                    place = self._written(inside, PurePosixPath(entry.filename).name, entry.compress_size)
                    yield place, f"{name}/{entry.filename}"

    def _written(self, inside: IO[bytes] | gzip.GzipFile, name: str, packed: int) -> Path:
        """The unpacked file of ``packed`` bytes in the archive, in a folder of its own so that it keeps its name."""
        if PurePosixPath(name).suffix.lower() in ARCHIVES:
            raise _Refused(f"it holds another archive, {name}; unpack it yourself")
        self._number += 1
        place = self.folder / str(self._number) / name
        place.parent.mkdir()
        size = 0
        with place.open("wb") as file:
            while block := inside.read(_BLOCK):
                size += len(block)
                limits.check_packing(packed, size)
                self._size += len(block)
                if self._size > limits.LARGEST_UNPACKED:
                    raise _Refused(
                        f"with it the archives hold more than {limits.LARGEST_UNPACKED:,} bytes, more than all files "
                        "of CDE's; give fewer at a time, or unpack them yourself"
                    )
                file.write(block)
        return place


def _is_of_the_user(entry: zipfile.ZipInfo) -> bool:
    """Whether it is a file, and none that a program hides beside others, such as those of macOS."""
    path = PurePosixPath(entry.filename)
    return not (entry.is_dir() or "__MACOSX" in path.parts or path.name.startswith((".", "~$")))
