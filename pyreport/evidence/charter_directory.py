"""Read the directory of charters: who authorizes each, whether it has Dashboard Alternative School Status (DASS)."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

from pyreport.evidence.county_evidence import Charter
from pyreport.evidence.other_files import settings, year_in_name
from pyreport.evidence.reading import SourceFile, decode
from pyreport.evidence.record import Publication

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
        content = self.path.read_bytes()
        text = decode(self, content)
        if not text.endswith("\n"):
            raise self.stop("the last line does not end; the file seems cut short, fetch it anew")
        known = settings()["charters"]
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            rows = [(reader.line_num, cells) for cells in reader]
        except csv.Error as error:
            raise self.stop(f"not readable as CSV: {error}", reader.line_num) from None
        header = rows[0][1]
        places = self.positions(header, known["columns"], (), 1)
        charters: dict[str, Charter] = {}
        for number, cells in rows[1:]:
            if not cells:
                continue
            if len(cells) != len(header):
                self.report(f"the row has {len(cells)} cells; the header has {len(header)}", number)
                continue
            cell = {field: cells[place].strip() for field, place in places.items()}
            cds = cell["cds"]
            if self.check_code(cds, cell["county"], number) and cds.endswith("0000000"):
                self.report(f"{cds} is the code of a district or county office, not of a charter", number, "cds")
            for field in ("name", "authorizer"):
                if not cell[field]:
                    self.report(f"the {field} of {cds} is missing", number, field)
                elif not cell[field].isprintable():
                    self.report(f"a line end or a control character stands in the {field}", number, field)
            if cell["dass"] not in known["dass"]:
                self.report(f"{cell['dass']!r} is neither Yes nor No", number, "dass")
            if cell["funding"] not in known["funding"]:
                self.report(f"{cell['funding']!r} is neither DF nor LF", number, "funding")
            if cds in charters:
                self.report(f"{cds} stands in row {charters[cds].row} already", number, "cds")
            dass = known["dass"].get(cell["dass"], "")
            charters[cds] = Charter(cds, cell["name"], cell["authorizer"], dass, cell["funding"], number)
        if not charters:
            self.report("there is no row below the column names", 1)
        self.check()
        columns = {field: self.columns[field] for field in sorted(self.columns) if field != "county"}
        title = known["title"].format(year=year)
        digest = hashlib.sha256(content).hexdigest()
        publication = Publication(year, title, "", self.path.name, "", digest, columns, "charters")
        return publication, list(charters.values())
