"""The tables of a record on disk: written all at once or not at all, and read only as they were written.

``SHA256SUMS`` names every table with its SHA-256, in the form that ``sha256sum --check`` reads. New tables, and their
sums, are written into a folder of their own inside that of the record. Renaming it to ``.ingested`` makes them the
record, in one step; only then are they moved to their places, the sums last. Whoever reads in between takes what is
still in ``.ingested`` from there, so a program that is killed leaves the old record or the new one, whole. The next one
that writes finishes the moving and removes what was left.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from pyreport.evidence.findings import EvidenceError, Finding

__all__ = ["DASHBOARD", "SUMS", "holds_tables", "read_tables", "write_tables"]

SUMS = "SHA256SUMS"
DASHBOARD = "dashboard"
"""The folder of the counties' tables; a table there that the sums do not name is an error."""
_STAGED = ".ingested"
_UNFINISHED = ".ingest-new"
_LEFT = ".ingest-*"
"""What a program that was killed before the renaming leaves."""
_LINE = re.compile(r"([0-9a-f]{64})  ([a-z0-9_-]+(?:/[a-z0-9_-]+)*\.csv)\n")
_TRIES = 5
"""How often a record is read anew that others are writing meanwhile; each time takes longer than their moving."""
_MEND = "restore the folder as it was, or ingest all files into a new one"


def holds_tables(folder: Path) -> bool:
    """Whether there is a record in ``folder``, whole or not."""
    return any(True for _ in folder.glob("*.csv")) or any((folder / name).exists() for name in (SUMS, _STAGED))


def read_tables(folder: Path, needed: Iterable[str]) -> dict[str, bytes]:
    """Return the content of every table by its path in the record, such as ``dashboard/27-monterey/figure.csv``.

    All are read at once: what a later ``write_tables`` does to the folder changes nothing for who read before.

    Args:
        folder: The folder of the record.
        needed: The tables that no record is without.

    Raises:
        EvidenceError: With every table that is missing, or is not as it was written.
    """
    for _ in range(_TRIES):
        sums, staged = _sums(folder), (folder / _STAGED).exists()
        tables, findings = _read(folder, sums, needed, staged)
        if not findings:
            return tables
        if (_sums(folder), (folder / _STAGED).exists()) == (sums, staged):
            break
    raise EvidenceError(findings)


def write_tables(folder: Path, tables: Mapping[str, bytes]) -> list[Path]:
    """Make ``tables`` (content by path) the record in ``folder``, and return their paths.

    Only one program at a time may do so (see ``pyreport.files.locks``). Equal tables leave equal bytes.

    Raises:
        OSError: A file cannot be written. The record is the one from before, or the new one where only its moving
            failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _finish(folder)
    for leftover in folder.glob(_LEFT):
        shutil.rmtree(leftover)
    scratch = folder / _UNFINISHED
    try:
        scratch.mkdir()
        lines = "".join(f"{_digest(tables[name])}  {name}\n" for name in sorted(tables))
        for name, content in {**tables, SUMS: lines.encode()}.items():
            place = scratch / name
            place.parent.mkdir(parents=True, exist_ok=True)
            _write(place, content)
        for below in [*(path for path in scratch.rglob("*") if path.is_dir()), scratch]:
            _keep(below)
        scratch.replace(folder / _STAGED)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    _keep(folder)
    _finish(folder)
    return [folder / name for name in tables]


def _finish(folder: Path) -> None:
    """Move what is staged to its places; the sums last, since they say what there is to move."""
    staged = folder / _STAGED
    if not staged.exists():
        return
    if (staged / SUMS).exists():
        names = [name for name, _ in _lines(_content(staged / SUMS))]
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            # What a killed program had moved already is no longer there.
            with suppress(FileNotFoundError):
                (staged / name).replace(folder / name)
        for old in _of_counties(folder):
            if old not in names:
                (folder / old).unlink()
                if not any((folder / old).parent.iterdir()):
                    (folder / old).parent.rmdir()
        for below in sorted({(folder / name).parent for name in names}):
            _keep(below)
        (staged / SUMS).replace(folder / SUMS)
        _keep(folder)
    shutil.rmtree(staged)


def _write(place: Path, content: bytes) -> None:
    with place.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _keep(folder: Path) -> None:
    """Have the names in ``folder`` on disk before anything that follows; Windows does so by itself."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _read(
    folder: Path, sums: bytes | None, needed: Iterable[str], staged: bool
) -> tuple[dict[str, bytes], list[Finding]]:
    """The tables, and what is wrong with them."""
    if sums is None:
        if not holds_tables(folder):
            return {}, [_finding(folder, "there is no record; `pyreport ingest` writes one")]
        message = f"the file is missing that says which tables the record has and by which they are checked; {_MEND}"
        return {}, [_finding(folder / SUMS, message)]
    try:
        listed = dict(_lines(sums))
    except ValueError as error:
        return {}, [_finding(folder / SUMS, f"{error}; {_MEND}")]
    tables, findings = {}, []
    for name in sorted({*needed, *listed}):
        content = _content_of(folder, name) if name in listed else None
        if name not in listed:
            findings.append(_finding(folder / name, f"{SUMS} does not name the table; {_MEND}"))
        elif content is None:
            findings.append(_finding(folder / name, f"the table is missing; {_MEND}"))
        elif _digest(content) != listed[name]:
            message = (
                f"the table is not the one that was written: its SHA-256 is not that of {SUMS}, so it was edited, cut "
                f"short or mixed with that of another record; {_MEND}"
            )
            findings.append(_finding(folder / name, message))
        else:
            tables[name] = content
    # While tables are being moved, those that go are still there.
    for name in () if staged else _of_counties(folder):
        if name not in listed:
            findings.append(_finding(folder / name, f"{SUMS} does not name the table; {_MEND}"))
    return tables, findings


def _sums(folder: Path) -> bytes | None:
    return _content_of(folder, SUMS)


def _content_of(folder: Path, name: str) -> bytes | None:
    """What is staged stands before what is in its place; looked for in this order it is found while it is moved."""
    staged = _content(folder / _STAGED / name)
    return _content(folder / name) if staged is None else staged


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _lines(sums: bytes | None) -> Iterator[tuple[str, str]]:
    """The name and the SHA-256 of each table.

    Raises:
        ValueError: A line is of another form.
    """
    for number, line in enumerate((sums or b"").decode("utf-8", "replace").splitlines(keepends=True), 1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"line {number} is not a SHA-256, two spaces and a table")
        yield match[2], match[1]


def _of_counties(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in (folder / DASHBOARD).glob("*/*.csv"))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _finding(path: Path, message: str) -> Finding:
    return Finding(str(path), "", 0, "", message)
