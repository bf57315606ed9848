"""Read CDE's files of local indicators: how each LEA rated itself on local priorities.

There are combined files, with all priorities, and files of one priority (``layouts/other_files.toml``). Charter schools
have rows too; a school that is none would be rated by nobody, so every school's code is taken as one that is rated.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pyreport.evidence.model import LocalRating, Publication, is_agency
from pyreport.evidence.readers.other_files import plain_file_name, settings, year_in_name
from pyreport.evidence.readers.reading import WORKBOOK_STARTS, SourceFile, sheet_rows, text_rows

__all__ = ["is_local_indicators", "read_local_indicators"]

_COMBINED, _ONE_PRIORITY = "local_indicators", "local_indicator"


def is_local_indicators(name: str) -> bool:
    """Whether a file of this name is one of local indicators."""
    return any(year_in_name(kind, name) is not None for kind in (_COMBINED, _ONE_PRIORITY))


def read_local_indicators(path: Path) -> tuple[Publication, list[LocalRating]]:
    """Read a file of local indicators, combined or of one priority.

    Raises:
        EvidenceError: With every problem of the file.
    """
    return _LocalIndicators(path).read()


class _LocalIndicators(SourceFile):
    def read(self) -> tuple[Publication, list[LocalRating]]:
        kind = _COMBINED if year_in_name(_COMBINED, self.path.name) is not None else _ONE_PRIORITY
        year = year_in_name(kind, self.path.name)
        if year is None:
            raise self.stop(
                "the name is not that of a file of local indicators, such as LocalIndPerf2018.txt or Pr12023.txt"
            )
        content = self.content()
        known = {**settings()[_COMBINED], **settings()[kind]}
        named = None
        if kind == _ONE_PRIORITY:
            named = re.match(known["priority_in_name"], plain_file_name(self.path.name), re.IGNORECASE)
        rows = self._rows(content, known)
        above, header = next(rows)
        places = self.positions(header, known["columns"], known.get("optional", ()), above)
        ratings = self._ratings(rows, len(header), places, known, year, int(named[1]) if named else None)
        if not ratings and not self.findings:
            self.report("there is no row below the column names that has a rating", above)
        self.check()
        return self._publication(content, known, year, int(named[1]) if named else None), ratings

    def _rows(self, content: bytes, known: Mapping[str, Any]) -> Iterator[tuple[int, list[str]]]:
        """The rows of the file, each with its number, the column names first."""
        if content.startswith(WORKBOOK_STARTS):
            return ((number, cells) for number, cells in sheet_rows(self, content, known["header"]) if any(cells))
        # NA is a rating here, not R's blank cell.
        return text_rows(self, content, known["header"], known["separators"], not_available="")

    def _ratings(
        self,
        rows: Iterator[tuple[int, list[str]]],
        width: int,
        places: Mapping[str, int],
        known: Mapping[str, Any],
        year: int,
        named: int | None,
    ) -> list[LocalRating]:
        ratings: list[LocalRating] = []
        seen: dict[tuple[str, int], int] = {}
        names: dict[str, str] = {}
        words = {word.lower(): meaning for word, meaning in known["ratings"].items()}
        for number, cells in rows:
            if len(cells) != width:
                hint = "; a text of several lines or with the delimiter in it may break a row: take CDE's workbook"
                message = f"the row has {len(cells)} fields; the header has {width}"
                self.report(message + (hint if named else ""), number)
                continue
            cell = self.texts(cells, places, number)
            cds = cell["cds"]
            if not self.check_code(cds, cell.get("county"), number):
                continue
            # The name beside a school's code may be that of the school or of its authorizer.
            if is_agency(cds) and (names.setdefault(cds, cell["name"]) != cell["name"] or not cell["name"]):
                self.report(f"{cds} is named {cell['name']!r} here and {names[cds]!r} before", number, "name")
            if "year" in cell and cell["year"] != str(year):
                self.report(f"the year is {cell['year']!r}; by its name the file is of {year}", number, "year")
            priority = self._priority(cell["indicator"], known, named, number)
            if cell["rating"] in known["not_rated"]:
                continue
            rating = words.get(cell["rating"].lower(), "")
            if not rating:
                expected = ", ".join(known["ratings"])
                self.report(f"{cell['rating']!r} is no rating; expected one of {expected}", number, "rating")
            if seen.setdefault((cds, priority), number) != number:
                message = f"{cds} has a rating of priority {priority} in row {seen[cds, priority]} already"
                self.report(message, number, "indicator")
            ratings.append(LocalRating(cds, priority, rating, number))
        return ratings

    def _priority(self, text: str, known: Mapping[str, Any], named: int | None, number: int) -> int:
        match = re.search(known["priority"], text)
        priority = int(match[1]) if match else 0
        if priority not in known["priorities"]:
            self.report(f"{text!r} is no local indicator that is known", number, "indicator")
        elif named is not None and priority != named:
            self.report(f"the priority is {text}; by its name the file is of Priority {named}", number, "indicator")
        return priority

    def _publication(self, content: bytes, known: Mapping[str, Any], year: int, priority: int | None) -> Publication:
        columns = {field: self.columns[field] for field in ("cds", "indicator", "rating")}
        digest = hashlib.sha256(content).hexdigest()
        title = known["title"].format(year=year, priority=priority)
        kind = "local-indicators" if priority is None else f"local-indicators-priority-{priority}"
        return Publication(year, title, "", self.path.name, self.sheet, digest, columns, kind)
