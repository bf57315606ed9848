"""Read CDE's files of local indicators: how each district and county office rated itself on each local priority."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from pyreport.evidence.county_evidence import LocalRating
from pyreport.evidence.other_files import settings, year_in_name
from pyreport.evidence.reading import SourceFile, lines_of
from pyreport.evidence.record import Publication

__all__ = ["read_local_indicators"]


def read_local_indicators(path: Path) -> tuple[Publication, list[LocalRating]]:
    """Read a file of local indicators.

    Raises:
        EvidenceError: With every problem of the file.
    """
    return _LocalIndicators(path).read()


class _LocalIndicators(SourceFile):
    def read(self) -> tuple[Publication, list[LocalRating]]:
        year = year_in_name("local_indicators", self.path.name)
        if year is None:
            raise self.stop("the name is not that of a file of local indicators, such as LocalIndPerf2018.txt")
        content = self.path.read_bytes()
        known = settings()["local_indicators"]
        rows = [line.split("\t") for line in lines_of(self, content)]
        places = self.positions(rows[0], known["columns"], (), 1)
        ratings: list[LocalRating] = []
        seen: dict[tuple[str, int], int] = {}
        names: dict[str, str] = {}
        words = {word.lower(): meaning for word, meaning in known["ratings"].items()}
        for number, cells in enumerate(rows[1:], 2):
            if len(cells) != len(rows[0]):
                self.report(f"the row has {len(cells)} fields; the header has {len(rows[0])}", number)
                continue
            cell = {field: cells[place].strip() for field, place in places.items()}
            cds = cell["cds"]
            if not self.check_code(cds, cell["county"], number):
                continue
            if not cds.endswith("0000000"):
                self.report(
                    f"{cds} is a school's code; a district's or county office's ends in seven zeros", number, "cds"
                )
            if names.setdefault(cds, cell["name"]) != cell["name"] or not cell["name"]:
                self.report(f"{cds} is named {cell['name']!r} here and {names[cds]!r} before", number, "name")
            found = re.search(known["priority"], cell["indicator"])
            priority = int(found[1]) if found else 0
            rating = words.get(cell["rating"].lower(), "")
            if priority not in known["priorities"]:
                self.report(f"{cell['indicator']!r} is no local indicator that is known", number, "indicator")
            if not rating:
                expected = ", ".join(known["ratings"])
                self.report(f"{cell['rating']!r} is no rating; expected one of {expected}", number, "rating")
            if seen.setdefault((cds, priority), number) != number:
                message = f"{cds} has a rating of priority {priority} in row {seen[cds, priority]} already"
                self.report(message, number, "indicator")
            ratings.append(LocalRating(cds, priority, rating, number))
        if not ratings and not self.findings:
            self.report("there is no row below the column names", 1)
        self.check()
        columns = {field: self.columns[field] for field in ("cds", "indicator", "rating")}
        digest = hashlib.sha256(content).hexdigest()
        title = known["title"].format(year=year)
        publication = Publication(year, title, "", self.path.name, "", digest, columns, "local-indicators")
        return publication, ratings
