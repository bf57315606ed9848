"""Small status files that CDE never published, in the layout of those it did; each test spoils one of them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pyreport.evidence.findings import EvidenceError, Finding
from pyreport.evidence.model import Published
from pyreport.evidence.readers.files import read_evidence as read_status_files
from pyreport.evidence.record import Record

SHARED = Path(__file__).resolve().parents[4] / "shared"
PUBLISHED = SHARED / "data" / "assistance_status"
needs_shared = [
    pytest.mark.shared,
    pytest.mark.skipif(not PUBLISHED.is_dir(), reason="CDE's files (../shared) are not beside this checkout"),
]

GROUPS = ("AA", "AI", "AS", "EL", "FI", "FOS", "HI", "HOM", "PI", "SED", "SWD", "TOM", "WH")
EARLIER = {2022: ("2017", "2018", "2019"), 2023: ("2017", "2018", "2019", "2022"), 2024: ("2022", "2023")}
METHODS = {2022: (1,), 2023: (1, 2, 3), 2024: (1, 2, 3, 4)}
HEADER_ROW = 6

Row = dict[str, Any]


def columns(year: int = 2023) -> list[str]:
    """The column names of the file of 2022, 2023 or 2024, in CDE's order."""
    groups = sorted({*GROUPS, "LTEL"}) if year == 2024 else GROUPS
    return [
        *("CDcode", "CDS", "LEAname", "Cityname", "Countyname", "Gsoffered", "ReportYear"),
        *(f"{group}priorities" for group in groups),
        "TotalStudentGroups",
        *(f"AssistanceStatus{earlier}" for earlier in (*EARLIER[year], year)),
        *(f"MetMethod{method}" for method in METHODS[year]),
        f"EC52072_{year}",
    ]


def lea(
    cds: str,
    name: str,
    county: str,
    letters: Mapping[str, str] | None = None,
    *,
    year: int = 2023,
    methods: str | None = None,
) -> Row:
    """A faultless row. ``methods`` are those printed ``Y``; Method 1 follows from the letters."""
    letters = letters or {}
    met = ("1" if letters else "") if methods is None else methods
    words = "Differentiated Assistance" if year == 2022 else "Differentiated Assistance, Year 1"
    row: Row = dict.fromkeys(columns(year), "*")
    row |= {"CDcode": cds[:7], "CDS": cds, "LEAname": name, "Countyname": county, "ReportYear": str(year)}
    row |= {f"{group}priorities": letter for group, letter in letters.items()}
    row["TotalStudentGroups"] = len(letters)
    row[f"AssistanceStatus{year}"] = words if met else "General Assistance"
    row |= {f"MetMethod{method}": "Y" if str(method) in met else "N" for method in METHODS[year]}
    row[f"EC52072_{year}"] = "N"
    return row


def leas(year: int = 2023) -> list[Row]:
    """Four faultless rows, in the sheet's rows 7 to 10."""
    return [
        lea("01100170000000", "Alameda County Office of Education", "Alameda", {"FOS": "A", "HI": "B"}, year=year),
        lea("27660500000000", "O'Neill & Söhne <Union>", "Monterey", year=year),
        lea("27660680000000", 'The "Little" Valley\\High', "Monterey", {"SWD": "C"}, year=year),
        lea("58727360000000", "Marysville Joint Unified", "Yuba", {"SED": "D", "WH": "B", "EL": "A"}, year=year),
    ]


def save_workbook(
    path: Path,
    rows: Iterable[Row | None],
    *,
    year: int = 2023,
    header: Sequence[str] | None = None,
    order: Sequence[str] | None = None,
    sheet: str | None = None,
    header_row: int = HEADER_ROW,
    other_sheets: Sequence[str] = ("Record Layout",),
) -> Path:
    """Write a status file.

    Args:
        path: Where to.
        rows: The rows below the header; ``None`` is a blank one.
        year: The file's Dashboard year.
        header: The column names as they are printed, in the order of ``order``.
        order: The columns in the order in which they stand; CDE's if not given.
        sheet: The name of the sheet.
        header_row: The row of the column names; 0 leaves them out.
        other_sheets: The names of further sheets, all blank, that stand before it.
    """
    book = openpyxl.Workbook()
    page = book.active
    page.title = f"District and COE {year}" if sheet is None else sheet
    for number, name in enumerate(other_sheets):
        book.create_sheet(name, number)
    order = columns(year) if order is None else order
    page["A1"] = f"{year} LCFF LEA Eligibility File"
    page["A2"] = "California Department of Education, December 2023"
    if header_row:
        for place, name in enumerate(order if header is None else header, 1):
            page.cell(header_row, place, name)
    for number, row in enumerate(rows, (header_row or HEADER_ROW - 1) + 1):
        for place, name in enumerate(order, 1):
            if row is not None:
                page.cell(number, place, row[name])
    book.save(path)
    return path


LETTERS_2025 = ["CDS", "LEAname", "Countyname", "ReportYear", *(f"{g}priorities" for g in sorted({*GROUPS, "LTEL"}))]


def letters_2025() -> list[list[str]]:
    """The header and two faultless rows of the CSV file of 2025."""
    blank = ["*"] * (len(LETTERS_2025) - 4)
    first = ["27660500000000", "Plain Valley, Elementary", "Monterey", "2025", *blank]
    first[LETTERS_2025.index("LTELpriorities")] = "K"
    return [LETTERS_2025[:], first, ["58727360000000", "Marysville Joint Unified", "Yuba", "2025", *blank]]


def save_csv(path: Path, rows: Iterable[Sequence[str]]) -> Path:
    """Write the rows as CDE's copy has them: UTF-8, lines ended by CR and LF."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerows(rows)
    return path


def findings(*paths: Path) -> list[Finding]:
    """What the reader finds wrong with the files; its message must tell all of it."""
    with pytest.raises(EvidenceError) as caught:
        read_status_files(paths)
    further: Counter[object] = Counter()
    for one in caught.value.findings:
        further[one.same] += one.further
    for finding in caught.value.findings:
        # Of a fault in more than three places the first is told in full, and how many there are.
        assert str(finding) in str(caught.value) or further[finding.same]
    return caught.value.findings


Values = dict[tuple[int, str], dict[str, str]]


def values(record: Record) -> Values:
    """Everything that a record says, without the places at which it stands."""
    told: Values = {}
    for key, one in record.lea_years.items():
        printed = record.published.get(key, Published())
        cells = {"cds": one.cds, "name": one.name, "status": printed.status, "ec_52072": printed.ec_52072}
        cells |= one.letters
        cells |= {f"method {number}": cell for number, cell in one.methods.items()}
        told[key] = {name: cell.value for name, cell in cells.items() if cell is not None}
    return told
