"""What must hold for any file: where a cell stands does not matter, and what it says always does."""

from __future__ import annotations

import tempfile
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from pyreport.evidence.facts import facts_of
from pyreport.evidence.findings import EvidenceError, Finding
from pyreport.evidence.readers.files import read_evidence as read_status_files
from pyreport.evidence.record import Record

from .status_files import GROUPS, LETTERS_2025, columns, leas, letters_2025, save_csv, save_workbook, values

LETTERS = "ABCDEFGHIJK"
STATUSES = ("General Assistance", "Differentiated Assistance, Year 1")
# Free text, which nothing in the file could contradict.
UNCHECKED = {"LEAname", "Cityname", "Gsoffered", *(name for name in columns() if name[:16] == "AssistanceStatus")}
CHECKED = [*(name for name in columns() if name not in UNCHECKED), "AssistanceStatus2023"]


def outcome(path: Path) -> tuple[Record | None, list[Finding]]:
    """The record that the reader makes of the file, or what it finds wrong with it."""
    try:
        return read_status_files([path]), []
    except EvidenceError as error:
        return None, error.findings


def read(rows: list[Any], **options: Any) -> tuple[Record, list[list[Any]]]:
    """Write and read a file of 2023; the record, and the sheet's cells as openpyxl gives them back."""
    with tempfile.TemporaryDirectory() as folder:
        path = save_workbook(Path(folder) / "assistancestatus23.xlsx", rows, **options)
        page = openpyxl.load_workbook(path)["District and COE 2023"]
        return read_status_files([path]), [list(row) for row in page.iter_rows(values_only=True)]


FAULTLESS = values(read(leas())[0])


def with_other_case_and_spaces(name: str, changes: list[tuple[int, int]]) -> str:
    """The name with some letters in the other case and some spaces put in."""
    for place, kind in changes:
        at = place % (len(name) + 1)
        name = (
            f"{name[:at]}{' ' * kind}{name[at:]}" if kind else name[:at] + name[at : at + 1].swapcase() + name[at + 1 :]
        )
    return name


@given(st.permutations(columns()), st.data())
@settings(max_examples=40, deadline=None)
def test_the_order_of_columns_their_names_case_and_spaces_and_blank_rows_change_no_fact(order, data):
    changes = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 2)), max_size=4)
    header = [with_other_case_and_spaces(name, data.draw(changes)) for name in order]
    rows: list[Any] = leas()
    for place in sorted(data.draw(st.lists(st.integers(0, len(rows)), max_size=4)), reverse=True):
        rows.insert(place, None)
    record, sheet = read(rows, order=order, header=header)
    assert values(record) == FAULTLESS
    for cell in facts_of(record).values():
        column = openpyxl.utils.column_index_from_string(cell.column)
        assert str(sheet[cell.row - 1][column - 1]) == cell.value


@given(st.permutations(leas()))
@settings(max_examples=20, deadline=None)
def test_the_order_of_rows_changes_no_fact(rows):
    assert values(read(rows)[0]) == FAULTLESS


def other_legal_values(column: str, value: object) -> set[str]:
    """What may stand in the cell as well, so that no reader could tell that it is wrong."""
    if column.endswith("priorities"):
        return set(LETTERS) if value in LETTERS else set()
    if column.startswith(("MetMethod", "EC52072")):
        return {"Y", "N"}
    return set(STATUSES) if column.startswith("AssistanceStatus") else set()


TEXTS = st.text(max_size=16).filter(lambda text: not ILLEGAL_CHARACTERS_RE.search(text) and text[:1] != "=")
FOREIGN = st.one_of(
    TEXTS,
    st.sampled_from([*LETTERS, "*", "Y", "N", "Alameda", "Monterey", "2022", "2023", *STATUSES]),
    st.sampled_from([row["CDS"] for row in leas()] + [row["CDcode"] for row in leas()]),
    st.integers(-(10**14), 10**14),
    st.floats(-1e15, 1e15),
    st.booleans(),
    st.none(),
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
)


def nearly(value: str) -> st.SearchStrategy[str]:
    """The value with a character changed, lost or put in."""
    return st.builds(
        lambda place, kind, new: value[:place] + ("" if kind == "lost" else new) + value[place + (kind != "put in") :],
        st.integers(0, max(len(value) - 1, 0)),
        st.sampled_from(["changed", "lost", "put in"]),
        st.sampled_from("0123456789ABCLYN* .٠"),
    )


@given(st.integers(0, 3), st.sampled_from(CHECKED), st.data())
@settings(max_examples=250, deadline=None)
def test_no_checked_cell_can_be_spoilt_without_an_error_or_with_other_facts(row, column, data):
    rows = leas()
    value = rows[row][column]
    spoilt = data.draw(st.one_of(FOREIGN, nearly(str(value))), label="spoilt")
    assume(str(spoilt).strip() not in other_legal_values(column, value))
    rows[row][column] = spoilt
    with tempfile.TemporaryDirectory() as folder:
        record, found = outcome(save_workbook(Path(folder) / "assistancestatus23.xlsx", rows))
    assert [one for one in found if one.row not in range(7, 11) or not one.column] == []
    assert found or (record is not None and values(record) == FAULTLESS)


@given(st.integers(0, 2), st.integers(0, len(LETTERS_2025) - 1), st.data())
@settings(max_examples=150, deadline=None)
def test_no_checked_cell_of_a_csv_file_can_be_spoilt_without_an_error_or_with_other_facts(row, place, data):
    rows = letters_2025()
    column, value = LETTERS_2025[place], rows[row][place]
    spoilt = data.draw(st.one_of(st.text(max_size=5), nearly(value)), label="spoilt")
    if row:
        assume(column not in ("LEAname", "CDS") and not column.endswith("priorities"))
    rows[row][place] = spoilt
    with tempfile.TemporaryDirectory() as folder:
        faultless = read_status_files([save_csv(Path(folder) / "letters-2025.csv", letters_2025())])
        record, found = outcome(save_csv(Path(folder) / "letters-2025.csv", rows))
    assert found or (record is not None and values(record) == values(faultless))


@given(st.sampled_from(sorted(GROUPS)), st.text(max_size=3))
@settings(max_examples=100, deadline=None)
def test_a_letter_of_a_csv_file_is_one_of_the_key_or_blank_or_an_error(group, text):
    rows = letters_2025()
    rows[2][LETTERS_2025.index(f"{group}priorities")] = text
    with tempfile.TemporaryDirectory() as folder:
        record, found = outcome(save_csv(Path(folder) / "letters-2025.csv", rows))
    # A character that controls a terminal is refused, be it white space or not.
    if text.strip() in {*LETTERS, "", "*"} and not any(unicodedata.category(sign) == "Cc" for sign in text):
        assert record is not None
        letters = record.lea_years[2025, "58727360000000"].letters
        assert [cell.value for cell in letters.values()] == [text.strip()] * (text.strip() not in ("", "*"))
    else:
        assert found or text.strip() in {*LETTERS, "", "*"}


NAMES = ["letters-2025.csv", "assistancestatus23.xlsx", "assistancestatus17.xls"]


@given(st.binary(max_size=60), st.sampled_from(NAMES))
@settings(max_examples=150, deadline=None)
def test_any_bytes_at_all_are_refused_with_the_name_of_the_file(content, name):
    with tempfile.TemporaryDirectory() as folder:
        for start in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
            (Path(folder) / name).write_bytes(start + content)
            record, found = outcome(Path(folder) / name)
            assert record is None
            assert {one.file for one in found} == {name}
