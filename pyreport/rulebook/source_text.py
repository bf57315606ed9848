"""A source in its parts: every sentence, heading and cell of a document, every subdivision of a file of statutes.

What an entry of the coverage accounts for are the parts that its words reach.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyreport.rulebook.coverage import DOCUMENTS, SOURCES, STATUTES, CoverageEntry

__all__ = ["SourceText", "Unit", "plain"]

_END = re.compile(r"(?<=[.?!])[\"')\]]*\s+(?=[A-Z\"(•])")
# Where a sentence does not end: after an abbreviation before a section or an act.
_ABBREVIATED = re.compile(r"\b(Ed|Stats|Ch|Sec|Vol|No|Assn)\.$")
# Where a subdivision of a statute begins: after a full stop, a colon, a semicolon, or the bracket of a summary.
_SUBDIVISION = re.compile(r"(?<=[.:;\]]) (?=\[?\((?:[a-z]|\d{1,2}|[A-Z]|[ivx]+)\))")
# Lines of a file of statutes that are none of their text: what was read, where, and when it was amended.
_NO_TEXT = re.compile(r"SOURCE:|\(commit |plain-text|commit |URL:|\(?History|\"\.\.\.\"")
_HEADING = re.compile(r"== (EC [\d.]+)")
# A paragraph of S3 is broken into lines; a line that begins anew, as a cell or an item of a list does, is its own.
_PARAGRAPHS = {"S3": r"\n\s*\n|\n(?=n |\(\d\)|Martha |Sandra )"}


def plain(words: str) -> str:
    """The text with straight quotation marks and single spaces."""
    return " ".join(words.translate(str.maketrans("“”‘’\u00a0", "\"\"'' ")).split())


@dataclass(frozen=True)
class Unit:
    """What has to be accounted for: its words, its section and paragraph, and where it stands in the plain text."""

    section: str
    words: str
    start: int
    paragraph: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.words)


@dataclass(frozen=True)
class SourceText:
    """The text of a source, by its short name."""

    source: str
    written: str

    @classmethod
    def read(cls, source: str, folder: Path) -> SourceText:
        """Read a source from the folder in which the sources are collected.

        Raises:
            OSError: It is not there.
        """
        return cls(source, (folder / SOURCES[source]).read_text(encoding="utf-8"))

    @cached_property
    def lines(self) -> list[str]:
        """Its lines."""
        return self.written.splitlines()

    @cached_property
    def text(self) -> str:
        """All of it, plain."""
        return plain(" ".join(self.lines))

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Every sentence, heading and cell of a document; every subdivision and sentence of a file of statutes."""
        found, at = [], 0
        for section, paragraph, words in self._subdivisions() if self.source in STATUTES else self._sentences():
            at = self.text.index(words, at)
            found.append(Unit(section, words, at, paragraph))
            at += len(words)
        return tuple(found)

    def _sentences(self) -> Iterator[tuple[str, int, str]]:
        blocks = re.split(_PARAGRAPHS.get(self.source, r"\n"), "\n".join(self.lines))
        for number, block in enumerate(blocks):
            for words in _sentences(plain(block)):
                yield "", number, words

    def _subdivisions(self) -> Iterator[tuple[str, int, str]]:
        section = ""
        for number, line in enumerate(map(plain, self.lines)):
            heading = _HEADING.match(line)
            if heading:
                section = heading[1]
            elif section and line and not _NO_TEXT.match(line):
                for part in _SUBDIVISION.split(line):
                    yield from ((section, number, words) for words in _sentences(part))

    def extent(self, section: str) -> tuple[int, int]:
        """Where a section of the code begins and ends in the text of a file of statutes; a document has no sections.

        Raises:
            KeyError: The file has no such section.
        """
        if self.source not in STATUTES:
            return 0, len(self.text)
        marks = [(match.start(), match[1]) for match in _HEADING.finditer(self.text)]
        for number, (start, name) in enumerate(marks):
            if name == section:
                return start, next((later for later, _ in marks[number + 1 :]), len(self.text))
        raise KeyError(section)

    def place(self, entry: CoverageEntry) -> tuple[int, int]:
        """Where the quote of an entry stands: at the beginning of a unit if it does, the first time; else at -1."""
        first, last = self.extent(entry.section)
        quote = plain(entry.quote)
        known = self.units if self.source in (*DOCUMENTS, *STATUTES) else ()
        beginning = (
            unit.start for unit in known if first <= unit.start < last and self.text.startswith(quote, unit.start)
        )
        start = next(beginning, self.text.find(quote, first, last))
        return start, start + len(quote)

    def covered(self, entries: Iterable[CoverageEntry]) -> list[tuple[int, int]]:
        """The places that entries of this source account for."""
        return [place for entry in entries if entry.source == self.source for place in self.places_of(entry)]

    def places_of(self, entry: CoverageEntry) -> list[tuple[int, int]]:
        """The places that an entry accounts for; none where its quote does not stand in the source."""
        start, end = self.place(entry)
        if start < 0:
            return []
        if entry.to is not None:
            last_words = plain(entry.to)
            end = self.text.find(last_words, start, self.extent(entry.section)[1]) + len(last_words)
        found = [(start, end)]
        if self.source in DOCUMENTS and entry.to is None:
            # The same cell or heading elsewhere in a document says the same; in a statute each has its own entry.
            words = self.text[start:end]
            found += [(unit.start, unit.end) for unit in self.units if unit.words == words]
        return found

    def accounted(self, entries: Iterable[CoverageEntry]) -> list[tuple[Unit, list[CoverageEntry]]]:
        """Every unit with the entries that reach it, in the order of the source; a unit without any is missing."""
        placed = [(entry, self.places_of(entry)) for entry in entries if entry.source == self.source]
        return [
            (unit, [entry for entry, places in placed if any(a < unit.end and unit.start < b for a, b in places)])
            for unit in self.units
        ]


def _sentences(words: str) -> list[str]:
    """The sentences of a paragraph; an abbreviation ends none."""
    found: list[str] = []
    for part in _END.split(words):
        if found and _ABBREVIATED.search(found[-1]):
            found[-1] = f"{found[-1]} {part}"
        elif part:
            found.append(part)
    return found
