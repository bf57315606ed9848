"""The policy and the package's record, each read once a process, whichever test or command asks for them.

Nearly every test needs both and none changes them. Reading the policy takes a second, deciding a county a fifth of one:
without this the tests would mostly read the same files again. Of a policy that a test has written, the files that are
as before are not parsed again.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pyreport.evidence import record_reading
from pyreport.evidence.record import Record
from pyreport.rulebook import authorities, loading, parsing
from pyreport.rulebook.rule_file import RuleFile
from pyreport.rulebook.rulebook import Rulebook

Content = tuple[tuple[str, bytes], ...]

load_anew, read_anew = loading.load_rulebook, record_reading.read_record
cited_anew, names_anew, parse_anew = authorities.read_cited, loading.read_names, parsing.parse_file


def load_rulebook(folder: Path, reading: str | None = None, *, changes: bool = False) -> Rulebook:
    """As the function of that name, once for the same files with the same content: a test may write into a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return _loaded(folder, tuple((str(path), path.read_bytes()) for path in files), reading, changes)


@functools.lru_cache(maxsize=32)
def _loaded(folder: Path, _content: Content, reading: str | None, changes: bool) -> Rulebook:
    return load_anew(folder, reading, changes=changes)


def read_cited(folder: Path) -> Any:
    """As the function of that name, once for the same content."""
    return _cited(_Read(folder / authorities.FILE))


@functools.lru_cache(maxsize=16)
def _cited(read: _Read) -> Any:
    return cited_anew(read.path.parent)


def read_names(folder: Path) -> Any:
    """As the function of that name, once for the same content."""
    return _names(_Read(folder / "names.yaml"))


@functools.lru_cache(maxsize=16)
def _names(read: _Read) -> Any:
    return names_anew(read.path.parent)


def parse_file(path: Path, name: str, cited: Mapping[str, Any] | None, groups: Mapping[str, Any]) -> RuleFile:
    """As the function of that name, once for the same content, authorities and groups."""
    return _parsed(_Read(path), name, _Same(cited), _Same(groups))


@functools.lru_cache(maxsize=2048)
def _parsed(read: _Read, name: str, cited: _Same, groups: _Same) -> RuleFile:
    return parse_anew(read.path, name, cited.value, groups.value)


class _Read:
    """A file, equal to any with the same content; one that cannot be read is equal to itself alone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # What is no file may have no end.
        self.content: bytes | object = path.read_bytes() if path.is_file() else self

    def __hash__(self) -> int:
        return id(self) if self.content is self else hash(self.content)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Read) and (self is other or self.content == other.content)


class _Same:
    """A value, equal to itself alone."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value is other.value


def read_record(folder: Path) -> Record:
    """As the function of that name; the package's own record, into which no test writes, once."""
    return _own_record() if folder == record_reading.record_folder() else read_anew(folder)


@functools.cache
def _own_record() -> Record:
    return read_anew(record_reading.record_folder())


def install() -> None:
    """Put all in place, before any module has imported what they stand for."""
    loading.load_rulebook = load_rulebook
    loading.read_cited = authorities.read_cited = read_cited
    loading.read_names = read_names
    loading.parse_file = parsing.parse_file = parse_file
    record_reading.read_record = read_record
