"""The policy and the package's record, each read once a process, whichever test or command asks for them.

Nearly every test needs both and none changes them. Reading the policy takes a second, deciding a county a fifth of one:
without this the tests would mostly read the same files again.
"""

from __future__ import annotations

import functools
from pathlib import Path

from pyreport.evidence import record_reading
from pyreport.evidence.record import Record
from pyreport.rulebook import loading
from pyreport.rulebook.rulebook import Rulebook

Content = tuple[tuple[str, bytes], ...]

load_anew, read_anew = loading.load_rulebook, record_reading.read_record


def load_rulebook(folder: Path, reading: str | None = None, *, changes: bool = False) -> Rulebook:
    """As the function of that name, once for the same files with the same content: a test may write into a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return _loaded(folder, tuple((str(path), path.read_bytes()) for path in files), reading, changes)


@functools.lru_cache(maxsize=32)
def _loaded(folder: Path, _content: Content, reading: str | None, changes: bool) -> Rulebook:
    return load_anew(folder, reading, changes=changes)


def read_record(folder: Path) -> Record:
    """As the function of that name; the package's own record, into which no test writes, once."""
    return _own_record() if folder == record_reading.record_folder() else read_anew(folder)


@functools.cache
def _own_record() -> Record:
    return read_anew(record_reading.record_folder())


def install() -> None:
    """Put both in place, before any module has imported what they stand for."""
    loading.load_rulebook = load_rulebook
    record_reading.read_record = read_record
