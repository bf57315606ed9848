"""Workbooks of charter schools' assistance status, made up by the layout that public code reads."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import pyreport.evidence
from pyreport.evidence.facts import facts_of
from pyreport.evidence.findings import EvidenceError
from pyreport.evidence.readers.charter_assistance import read_charter_assistance
from pyreport.evidence.record_reading import read_record
from pyreport.evidence.record_writing import write_record

ONE, OTHER = "27660502730018", "01100170112607"
HEADER = [
    *("CDS", "Schoolname", "LEAname", "Gsoffered", "ReportingYear", "AssistanceStatus2023", "AssistanceStatus2024"),
    *("MetMethod1", "MetMethod2", "MetMethod3", "AAcurrent", "AAprior", "MRcurrent", "EC47607_2023", "EC47607_2024"),
]
ROWS = [
    [
        ONE,
        "Open Door",
        "Plain Valley",
        "K-8",
        "2024",
        "*",
        "Differentiated Assistance",
        *"YNN",
        "B",
        "K",
        "*",
        "*",
        "N",
    ],
    [OTHER, "Söhne", "Alameda", "9-12", "2024", "*", "General Assistance", *"NNN", "", "A", "", "", "*"],
]


def save(folder: Path, header: list[str] = HEADER, rows: list[list[Any]] = ROWS, name: str = "") -> Path:
    book = openpyxl.Workbook()
    for title in ("Key", "Definitions", "Layout", "Charters"):
        sheet = book.create_sheet(title)
    del book["Sheet"]
    for cells in [["Charter schools"], [""], [""], [""], [""], header, *rows]:
        sheet.append(cells)
    path = folder / (name or "charterassistance24.xlsx")
    book.save(path)
    return path


def changed(place: int, cell: Any) -> list[list[Any]]:
    rows = [list(cells) for cells in ROWS]
    rows[1][place] = cell
    return rows


def test_letters_methods_and_conclusions_are_taken_with_their_cells(tmp_path):
    publication, record, notes = read_charter_assistance(save(tmp_path))
    assert (publication.id, publication.sheet) == ("charter-status-2024", "Charters")
    one, other = record.lea_years[2024, ONE], record.lea_years[2024, OTHER]
    assert {group: (cell.value, cell.place) for group, cell in one.letters.items()} == {"AA": ("B", "K7")}
    assert {method: cell.value for method, cell in one.methods.items()} == {1: "Y", 2: "N", 3: "N"}
    assert (one.name.value, one.cds.place, other.name.value) == ("Open Door", "A7", "Söhne")
    assert one.grades is not None
    assert other.letters == {}
    first, second = record.published[2024, ONE], record.published[2024, OTHER]
    assert [cell and (cell.value, cell.place) for cell in (first.status, first.ec_47607)] == [
        ("Differentiated Assistance", "G7"),
        ("N", "O7"),
    ]
    assert (second.status and second.status.value, second.ec_47607) == ("General Assistance", None)
    assert notes == ["charterassistance24.xlsx is read by a layout known from public code; none was at hand."]


def test_the_record_keeps_it(tmp_path):
    _, record, _ = read_charter_assistance(save(tmp_path))
    write_record(record, tmp_path / "record")
    kept = read_record(tmp_path / "record")
    assert (dict(kept.lea_years), dict(kept.published)) == (dict(record.lea_years), dict(record.published))
    atoms = {atom[0]: atom[1:] for atom in facts_of(kept, only={ONE})}
    assert atoms["published_letter"] == (f'"{ONE}"', 2024, "aa", "b")


def test_columns_that_are_not_known_are_named_and_those_of_the_earlier_year_are_not_read(tmp_path):
    header = [*HEADER, "ALLcurrent", "Remarks"]
    _, record, notes = read_charter_assistance(save(tmp_path, header, [[*cells, "K", "x"] for cells in ROWS]))
    assert set(record.lea_years[2024, ONE].letters) == {"AA"}
    assert notes[1] == (
        "charterassistance24.xlsx: not read, because they are not known, are the columns ALLcurrent, Remarks."
    )


def test_without_names_codes_stand_in_their_place_and_without_methods_there_are_none(tmp_path):
    left = [place for place, name in enumerate(HEADER) if name not in ("Schoolname", "LEAname") and "Met" not in name]
    table = [[cells[place] for place in left] for cells in [HEADER, *ROWS]]
    _, record, notes = read_charter_assistance(save(tmp_path, table[0], table[1:]))
    assert record.lea_years[2024, ONE].name.value == ONE
    assert record.lea_years[2024, ONE].methods == {}
    assert "no names of schools" in notes[-1]


@pytest.mark.parametrize(
    ("place", "cell", "column", "message"),
    [
        (0, "1100170112607", "A", "expected 14 digits, leading zeros kept"),
        (0, "01100170000000", "A", "no school's code"),
        (0, ONE, "A", "stands in row 7 already"),
        (1, "", "B", "the name of 01100170112607 is missing"),
        (4, "2023", "E", "expected 2024 in every row"),
        (6, "Helped", "G", "'Helped' is no status of 2024; expected “General Assistance”"),
        (7, "X", "H", "'X' is neither Y nor N"),
        (10, "Z", "K", "no letter of the 2024 key; expected A to K"),
        (14, "yes", "O", "neither Y nor N"),
    ],
)
def test_a_cell_that_cannot_be_is_named(tmp_path, place, cell, column, message):
    with pytest.raises(EvidenceError) as caught:
        read_charter_assistance(save(tmp_path, rows=changed(place, cell)))
    found = caught.value.findings
    assert any((one.row, one.column, one.sheet) == (8, column, "Charters") and message in one.message for one in found)


@pytest.mark.parametrize(
    ("header", "name", "message"),
    [
        (HEADER, "charterassistance23.xlsx", "by its name the file is that of the 2023 Dashboard, by its content that"),
        (["CDS", "Status"], "", "expected a column AssistanceStatus with a year"),
        ([name for name in HEADER if name != "CDS"], "", "expected a column CDS"),
    ],
)
def test_a_workbook_of_another_year_or_form_is_refused(tmp_path, header, name, message):
    with pytest.raises(EvidenceError, match=message):
        read_charter_assistance(save(tmp_path, header, name=name))


def test_a_workbook_with_fewer_sheets_and_a_file_that_is_none_are_refused(tmp_path):
    book = openpyxl.Workbook()
    book.save(tmp_path / "charterassistance24.xlsx")
    with pytest.raises(EvidenceError, match="expected 4 sheets"):
        read_charter_assistance(tmp_path / "charterassistance24.xlsx")
    (tmp_path / "charterassistance25.xlsx").write_text("<html>", encoding="utf-8")
    with pytest.raises(EvidenceError, match="not a workbook"):
        read_charter_assistance(tmp_path / "charterassistance25.xlsx")


def test_the_layout_says_that_it_is_known_from_code_alone():
    path = Path(pyreport.evidence.__file__).parent / "layouts" / "charter_assistance.toml"
    assert tomllib.loads(path.read_text(encoding="utf-8"))["known_from"] == "public code"
