"""Small Dashboard files that CDE never published, in the columns of those it did; each test spoils one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl
import pytest

from pyreport.evidence.findings import EvidenceError, Finding
from pyreport.evidence.readers.dashboard.file_reader import read_dashboard_file
from pyreport.evidence.readers.dashboard.row_reader import DashboardFile

BEGINNING = "cds rtype schoolname districtname countyname charter_flag coe_flag dass_flag"
SUSPENSION = (
    f"{BEGINNING} type studentgroup currnumer currdenom currstatus priornumer priordenom priorstatus change "
    "statuslevel changelevel color box smalldenom currnsizemet priornsizemet accountabilitymet indicator reportingyear"
).split()
NAME = "suspdownload2024.txt"

DISTRICT = ("27660500000000", "D", "", "Plain Valley Union", "Monterey", "", "", "", "UD")
OFFICE = ("01100170000000", "D", "", "Söhne County Office of Education", "Alameda", "", "Y", "", "UD")
CHARTER = ("27660502730018", "S", "Open Door Charter", "Plain Valley Union", "Monterey", "Y", "", "Y", "ES")
SCHOOL = ("27660506000123", "S", "Valley Elementary", "Plain Valley Union", "Monterey", "", "", "", "ES")
STATE = ("00000000000000", "X", "", "", "", "", "", "", "")


def row(
    unit: Sequence[str],
    group: str,
    count: str = "100",
    status: str = "4.5",
    change: str = "-0.3",
    levels: Sequence[str] = ("3", "4", "3"),
    flags: Sequence[str] = ("Y", "Y"),
) -> list[str]:
    """A row: who, the group, the number of students, figure and change, the three levels, small and n-size met."""
    status_level, change_level, color = levels
    small, size = flags
    figures = ["", count, status, "", "", "", change, status_level, change_level, color, "0"]
    return [*unit, group, *figures, small, size, size, size, "SUSP", "2024"]


def rows() -> list[list[str]]:
    """Faultless rows, in the file's rows 2 to 11."""
    return [
        row(DISTRICT, "ALL"),
        row(DISTRICT, "MR", "45", "10.0", "-0.0", ("1", "3", "2"), ("", "Y")),
        row(DISTRICT, "FOS", "9", "", "", ("0", "0", "0"), ("Y", "")),
        row(SCHOOL, "ALL"),
        row(SCHOOL, "HI"),
        row(CHARTER, "ALL"),
        row(CHARTER, "SWD", "31", "0.4", "12.7", ("5", "1", "4")),
        row(OFFICE, "EO"),
        row(OFFICE, "EL", "400", "8.1", "1.0", ("1", "1", "1"), ("N", "Y")),
        row(STATE, "HI"),
    ]


def text_of(table: Iterable[Sequence[str]], header: Sequence[str] = SUSPENSION, end: str = "\n") -> str:
    return "".join("\t".join(cells) + end for cells in [header, *table])


def save(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def save_sheet(
    path: Path, table: Iterable[Sequence[object]], header: Sequence[str] = SUSPENSION, above: int = 0
) -> Path:
    """Write the same as a workbook: numbers as numbers, blank cells empty; ``above`` rows of title come first."""
    book = openpyxl.Workbook()
    page = book.active
    for number in range(above):
        page.append([f"Title {number}"])
    page.append(list(header))
    for cells in table:
        page.append([_typed(name, cell) for name, cell in zip(header, cells, strict=True)])
    book.save(path)
    return path


def _typed(name: str, cell: object) -> object:
    if cell == "":
        return None
    if name.lower() in ("currdenom", "currstatus", "change", "statuslevel", "changelevel", "color", "box"):
        return float(str(cell))
    return cell


def taken(path: Path) -> tuple[object, ...]:
    """Everything that a file says, but not where it stands nor in which order."""
    one: DashboardFile = read_dashboard_file(path)
    figures = sorted((*figure[:2], *figure[3:]) for figure in map(_sortable, one.figures))
    return figures, sorted(lea[:4] for lea in one.leas.values()), one.indicator, one.year, dict(one.passed_over)


def _sortable(figure: Sequence[object]) -> tuple[str, ...]:
    return tuple(map(repr, figure))


def findings(path: Path) -> list[Finding]:
    with pytest.raises(EvidenceError) as caught:
        read_dashboard_file(path)
    return caught.value.findings
