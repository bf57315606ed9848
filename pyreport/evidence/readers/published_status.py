"""Read tables of CDE's conclusions alone, statuses and flags by CDS code: ``[[published]]`` in the layouts."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyreport.evidence.layout_files import layout_file
from pyreport.evidence.model import CONCLUSIONS, PUBLISHED, Cell, Publication, Published
from pyreport.evidence.readers.other_files import plain_file_name
from pyreport.evidence.readers.reading import SourceFile, text_rows

__all__ = ["published_layout", "read_published_status"]

_FLAGS = ("Y", "N")


@dataclass(frozen=True)
class Layout:
    """The table of one Dashboard year: the pattern of its name, its title, its columns, the words of a status."""

    dashboard_year: int
    name: str
    title: str
    columns: dict[str, str]
    statuses: list[str]


@cache
def _layouts() -> tuple[Layout, ...]:
    return tuple(Layout(**entry) for entry in layout_file("assistance_status")["published"])


def published_layout(name: str) -> Layout | None:
    """The layout of the file called ``name``; ``None`` if it is no table of conclusions."""
    return next((layout for layout in _layouts() if re.match(layout.name, plain_file_name(name), re.IGNORECASE)), None)


def read_published_status(path: Path) -> tuple[Publication, dict[tuple[int, str], Published]]:
    """Read a table of CDE's conclusions; by Dashboard year and CDS code.

    Raises:
        EvidenceError: With every problem of the file.
    """
    return _Table(path).read()


class _Table(SourceFile):
    def read(self) -> tuple[Publication, dict[tuple[int, str], Published]]:
        layout = published_layout(self.path.name)
        if layout is None:
            raise self.stop("the name is not that of a table of statuses, such as status-2025.csv")
        content = self.content()
        rows = text_rows(self, content, (layout.columns["cds"], layout.columns["status"]))
        above, header = next(rows)
        places = self.positions(header, {field: (name,) for field, name in layout.columns.items()}, (), above)
        publication = Publication(
            layout.dashboard_year,
            layout.title,
            "",
            self.path.name,
            "",
            hashlib.sha256(content).hexdigest(),
            dict(self.columns),
            PUBLISHED,
        )
        conclusions: dict[tuple[int, str], Published] = {}
        for number, cells in rows:
            if len(cells) != len(header):
                self.report(f"the row has {len(cells)} fields; the header has {len(header)}", number)
                continue
            words = self.texts(cells, places, number)
            if not self.check_code(words["cds"], None, number):
                continue
            for field in CONCLUSIONS:
                if field in words:
                    self._check_word(words[field], layout.statuses if field == "status" else _FLAGS, number, field)
            key = layout.dashboard_year, words["cds"]
            if key in conclusions:
                self.report(f"{words['cds']} stands in row {conclusions[key].cells()[0].row} already", number, "cds")
            printed = (field for field in CONCLUSIONS if field in words)
            conclusions[key] = Published(
                **{field: Cell(words[field], publication, self.columns[field], number) for field in printed}
            )
        if not conclusions and not self.findings:
            self.report("there is no row below the column names", above)
        self.check()
        return publication, conclusions

    def _check_word(self, word: str, allowed: list[str] | tuple[str, ...], number: int, field: str) -> None:
        if word not in allowed:
            self.report(f"{word!r} is not what it may be; expected {' or '.join(allowed)}", number, field)
