"""Read the directory of charters: who authorizes each, whether it has Dashboard Alternative School Status (DASS)."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pyreport.evidence.model import Charter, Publication, is_agency
from pyreport.evidence.readers.other_files import settings, year_in_name
from pyreport.evidence.readers.reading import SourceFile, text_rows

__all__ = ["read_charter_directory"]


def read_charter_directory(path: Path) -> tuple[Publication, list[Charter]]:
    """Read the directory.

    Raises:
        EvidenceError: With every problem of the file.
    """
    return _Directory(path).read()


class _Directory(SourceFile):
    def read(self) -> tuple[Publication, list[Charter]]:
        year = year_in_name("charters", self.path.name)
        if year is None:
            raise self.stop("the name is not that of the directory of charters, such as charter-schools-2024.csv")
        content = self.content()
        known = settings()["charters"]
        rows = text_rows(self, content, known["header"])
        above, header = next(rows)
        places = self.positions(header, known["columns"], (), above)
        charters: dict[str, Charter] = {}
        for number, cells in rows:
            if len(cells) != len(header):
                self.report(f"the row has {len(cells)} cells; the header has {len(header)}", number)
                continue
            cell = self.texts(cells, places, number)
            cds = cell["cds"]
            if self.check_code(cds, cell["county"], number) and is_agency(cds):
                self.report(f"{cds} is the code of a district or county office, not of a charter", number, "cds")
            for field in ("name", "authorizer"):
                if not cell[field]:
                    self.report(f"the {field} of {cds} is missing", number, field)
            if cell["dass"] not in known["dass"]:
                self.report(f"{cell['dass']!r} is neither Yes nor No", number, "dass")
            if cell["funding"] not in known["funding"]:
                self.report(f"{cell['funding']!r} is neither DF nor LF", number, "funding")
            if cds in charters:
                self.report(f"{cds} stands in row {charters[cds].row} already", number, "cds")
            dass = known["dass"].get(cell["dass"], "")
            charters[cds] = Charter(cds, cell["name"], cell["authorizer"], dass, cell["funding"], number)
        if not charters:
            self.report("there is no row below the column names", above)
        self.check()
        columns = {field: self.columns[field] for field in sorted(self.columns) if field != "county"}
        title = known["title"].format(year=year)
        digest = hashlib.sha256(content).hexdigest()
        publication = Publication(year, title, "", self.path.name, "", digest, columns, "charters")
        return publication, list(charters.values())
