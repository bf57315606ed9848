"""Archives among files of evidence: a .gz is the file that it holds, a .zip the files that it holds."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import IO

from pyreport.evidence.findings import EvidenceError, Finding

__all__ = ["ARCHIVES", "unpacked"]

ARCHIVES = {".gz", ".zip"}
_LARGEST = 1 << 30
"""Bytes that a file may have when unpacked; CDE's largest file has 27 million."""
_BLOCK = 1 << 20


def unpacked(paths: Iterable[Path], folder: Path) -> dict[Path, str]:
    """The files of ``paths``, archives unpacked into ``folder``, each with the name by which messages call it.

    Raises:
        EvidenceError: With every archive that is damaged, locked, too large or holds another.
    """
    found: dict[Path, str] = {}
    findings: list[Finding] = []
    for number, path in enumerate(paths):
        place = folder / str(number)
        try:
            if path.suffix.lower() == ".gz":
                place.mkdir()
                with gzip.open(path) as inside:
                    found[_written(inside, place / path.stem)] = path.name
            elif path.suffix.lower() == ".zip":
                place.mkdir()
                for unzipped, name in _of_zip(path, place):
                    found[unzipped] = f"{path.name}: {name}"
            else:
                found[path] = path.name
        except _Refused as error:
            findings.append(Finding(path.name, "", 0, "", str(error)))
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError) as error:
            message = f"the archive cannot be unpacked, it seems damaged or locked ({error}); unpack it yourself"
            findings.append(Finding(path.name, "", 0, "", message))
    if findings:
        raise EvidenceError(findings)
    return found


class _Refused(Exception):
    pass


def _of_zip(path: Path, place: Path) -> Iterable[tuple[Path, str]]:
    with zipfile.ZipFile(path) as archive:
        for number, entry in enumerate(archive.infolist()):
            name = PurePosixPath(entry.filename.replace("\\", "/")).name
            # Folders, and what macOS adds beside each file.
            if entry.is_dir() or name.startswith((".", "~$")) or "__MACOSX" in entry.filename:
                continue
            if PurePosixPath(name).suffix.lower() in ARCHIVES:
                raise _Refused(f"it holds another archive, {name}; unpack it yourself")
            folder = place / str(number)
            folder.mkdir()
            with archive.open(entry) as packed:
                yield _written(packed, folder / name), name


def _written(packed: IO[bytes] | gzip.GzipFile, place: Path) -> Path:
    size = 0
    with place.open("wb") as file:
        while block := packed.read(_BLOCK):
            size += len(block)
            if size > _LARGEST:
                raise _Refused(f"{place.name} has more than {_LARGEST:,} bytes unpacked; no file of CDE's has")
            file.write(block)
    return place
