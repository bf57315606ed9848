"""Files that must not be taken: what is wrong is named with file, sheet, row and column, and what was expected."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from pyreport.evidence.findings import EvidenceError
from pyreport.evidence.readers.files import evidence_files
from pyreport.evidence.readers.files import read_evidence as read_status_files

from .status_files import (
    LETTERS_2025,
    PUBLISHED,
    Row,
    columns,
    findings,
    lea,
    leas,
    letters_2025,
    needs_shared,
    save_csv,
    save_workbook,
    values,
)

NAME = "assistancestatus23.xlsx"
SHEET = "District and COE 2023"


def test_the_faultless_files_from_which_the_others_are_made_are_taken(tmp_path):
    record = read_status_files(
        [
            save_workbook(tmp_path / "assistancestatus22.xlsx", leas(2022), year=2022),
            save_workbook(tmp_path / NAME, leas()),
            save_workbook(tmp_path / "assistancestatus24.xlsx", leas(2024), year=2024),
            save_csv(tmp_path / "letters-2025.csv", letters_2025()),
        ]
    )
    assert [sum(year == one for one, _ in record.lea_years) for year in record.years] == [4, 4, 4, 2]
    assert values(record)[2023, "58727360000000"] == {
        "cds": "58727360000000",
        "name": "Marysville Joint Unified",
        "EL": "A",
        "SED": "D",
        "WH": "B",
        "method 1": "Y",
        "method 2": "N",
        "method 3": "N",
        "status": "Differentiated Assistance, Year 1",
        "ec_52072": "N",
    }
    assert values(record)[2025, "27660500000000"] == {
        "cds": "27660500000000",
        "name": "Plain Valley, Elementary",
        "LTEL": "K",
    }


def change(row: int, **cells: object) -> Callable[[list[Row]], None]:
    """Write other values into one of the rows, counted from 0."""
    return lambda rows: rows[row].update(cells)


# What is changed in the rows of 2023, then the findings: row, column, what the message must tell.
CELLS = {
    "an unknown letter": (change(2, SWDpriorities="L"), [(9, "R", ["'L'", "2023", "A to K", "blank"])]),
    "a small letter": (change(2, SWDpriorities="c"), [(9, "R", ["'c'", "A to K"])]),
    "two letters in one cell": (change(2, SWDpriorities="AB"), [(9, "R", ["'AB'", "A to K"])]),
    "a letter lost": (change(0, FOSpriorities="*"), [(7, "U", ["2 student groups", "1 letters"])]),
    "a letter too many": (change(1, WHpriorities="A"), [(8, "U", ["0 student groups", "1 letters"])]),
    "a wrong total": (change(3, TotalStudentGroups=13), [(10, "U", ["13 student groups", "3 letters"])]),
    "no total": (change(3, TotalStudentGroups=None), [(10, "U", ["3 letters"])]),
    "county part 99": (
        change(1, CDS="99999990000000", CDcode="9999999"),
        [(8, "B", ["99999990000000", "99", "01 to 58"])],
    ),
    "county part 00": (change(1, CDS="00660500000000", CDcode="0066050"), [(8, "B", ["00", "01 to 58"])]),
    "another county's name": (change(1, Countyname="Kern"), [(8, "E", ["'Kern'", "27660500000000", "Monterey"])]),
    "no county": (change(1, Countyname=None), [(8, "E", ["''", "Monterey"])]),
    "a leading zero lost": (
        change(0, CDS="1100170000000"),
        [(7, "A", ["'0110017'", "1100170000000"]), (7, "B", ["'1100170000000'", "14 digits", "leading zeros"])],
    ),
    "a code that is a number": (
        change(0, CDS=1100170000000),
        [(7, "A", ["'0110017'"]), (7, "B", ["'1100170000000'", "14 digits", "leading zeros"])],
    ),
    "digits of another script": (
        change(1, CDS="2766050000000٠", CDcode="2766050"),
        [(8, "B", ["14 digits"])],
    ),
    "a school's code": (
        change(1, CDS="27660502730018"),
        [(8, "B", ["27660502730018", "school", "seven zeros"])],
    ),
    "the short code of another LEA": (change(1, CDcode="2766068"), [(8, "A", ["'2766068'", "27660500000000"])]),
    "no name": (change(1, LEAname=" "), [(8, "C", ["name", "27660500000000", "missing"])]),
    "another year": (change(3, ReportYear="2022"), [(10, "G", ["'2022'", "2023", "every row"])]),
    "no year": (change(3, ReportYear=None), [(10, "G", ["''", "2023"])]),
    "a method that is neither": (change(1, MetMethod2="*"), [(8, "AB", ["'*'", "neither Y nor N"])]),
    "a method without answer": (change(1, MetMethod3=None), [(8, "AC", ["''", "neither Y nor N"])]),
    "a flag that is neither": (change(1, EC52072_2023="yes"), [(8, "AD", ["'yes'", "neither Y nor N"])]),
    "status words of another year": (
        change(2, AssistanceStatus2023="Differentiated Support"),
        [(9, "Z", ["'Differentiated Support'", "2023", "“General Assistance”", "“Differentiated Assistance, Year 1”"])],
    ),
    "an LEA twice": (
        lambda rows: rows.append(rows[1]),
        [(11, "B", ["27660500000000", "row 8"])],
    ),
}


@pytest.mark.parametrize(("spoil", "expected"), CELLS.values(), ids=CELLS)
def test_a_cell_that_cannot_be_is_named_with_its_place_and_what_was_expected(tmp_path, spoil, expected):
    rows = leas()
    spoil(rows)
    found = findings(save_workbook(tmp_path / NAME, rows))
    assert [(one.file, one.sheet, one.row, one.column) for one in found] == [
        (NAME, SHEET, row, column) for row, column, _ in expected
    ]
    for one, (row, column, fragments) in zip(found, expected, strict=True):
        assert str(one).startswith(f"{NAME}, sheet “{SHEET}”, row {row}, column {column}: ")
        assert [fragment for fragment in fragments if fragment not in one.message] == []


def test_a_letter_that_the_key_of_the_year_does_not_have_is_refused(tmp_path):
    rows = leas(2022)
    rows[2]["SWDpriorities"] = "E"
    (found,) = findings(save_workbook(tmp_path / "assistancestatus22.xlsx", rows, year=2022))
    assert (found.row, found.column) == (9, "R")
    assert "'E' is no letter of the 2022 key; expected A to D" in found.message


def test_the_same_letter_is_taken_in_a_year_whose_key_has_it(tmp_path):
    rows = leas(2023)
    rows[2]["SWDpriorities"] = "E"
    record = read_status_files([save_workbook(tmp_path / NAME, rows)])
    assert record.lea_years[2023, "27660680000000"].letters["SWD"].value == "E"


def test_all_problems_of_all_files_are_reported_together(tmp_path):
    rows = leas()
    rows[0]["FOSpriorities"] = "Z"
    rows[1] |= {"Countyname": "Atlantis", "MetMethod1": "?"}
    rows[3] |= {"ReportYear": "2019", "AssistanceStatus2023": "?"}
    spoilt = save_workbook(tmp_path / NAME, rows)
    empty = tmp_path / "assistancestatus22.xlsx"
    empty.touch()
    older = leas(2024)
    older[2]["MetMethod4"] = "X"
    third = save_workbook(tmp_path / "assistancestatus24.xlsx", older, year=2024)
    found = findings(spoilt, empty, third)
    assert [(one.file, one.row, one.column) for one in found] == [
        ("assistancestatus22.xlsx", 0, ""),
        (NAME, 7, "M"),
        (NAME, 8, "E"),
        (NAME, 8, "AA"),
        (NAME, 10, "G"),
        (NAME, 10, "Z"),
        ("assistancestatus24.xlsx", 9, "AC"),
    ]


class TestColumns:
    def test_a_renamed_column_is_missed(self, tmp_path):
        header = ["FosterPriorities" if name == "FOSpriorities" else name for name in columns()]
        (found,) = findings(save_workbook(tmp_path / NAME, leas(), header=header))
        assert (found.file, found.sheet, found.row) == (NAME, SHEET, 6)
        assert "expected a column FOSpriorities" in found.message

    def test_a_doubled_column_is_named_with_both_places(self, tmp_path):
        header = ["FOSpriorities" if name == "Cityname" else name for name in columns()]
        (found,) = findings(save_workbook(tmp_path / NAME, leas(), header=header))
        assert (found.sheet, found.row) == (SHEET, 6)
        assert "FOSpriorities stands twice (D and M)" in found.message

    def test_columns_that_differ_in_case_or_spaces_alone_count_as_doubled(self, tmp_path):
        header = ["fos Priorities" if name == "Cityname" else name for name in columns()]
        (found,) = findings(save_workbook(tmp_path / NAME, leas(), header=header))
        assert "D and M" in found.message

    def test_every_missing_column_is_named(self, tmp_path):
        order = [name for name in columns() if name not in ("CDS", "MetMethod2", "EC52072_2023")]
        found = findings(save_workbook(tmp_path / NAME, leas(), order=order))
        assert sorted(one.message.split()[3].rstrip(";") for one in found) == ["CDS", "EC52072_2023", "MetMethod2"]

    def test_a_column_that_a_copy_may_lack_may_be_missing(self, tmp_path):
        order = [n for n in columns(2024) if n not in ("AssistanceStatus2024", "MetMethod1", "EC52072_2024")]
        rows = leas(2024)
        record = read_status_files([save_workbook(tmp_path / "assistancestatus24.xlsx", rows, year=2024, order=order)])
        one = record.lea_years[2024, "27660680000000"]
        assert record.published == {}
        assert sorted(one.methods) == [2, 3, 4]

    def test_a_missing_header_row_misses_every_column(self, tmp_path):
        found = findings(save_workbook(tmp_path / NAME, leas(), header_row=0))
        assert {(one.sheet, one.row) for one in found} == {(SHEET, 6)}
        assert len(found) == len(columns()) - len(("Cityname", "Gsoffered", "2017", "2018", "2019", "2022"))

    def test_a_header_one_row_too_low_misses_every_column(self, tmp_path):
        found = findings(save_workbook(tmp_path / NAME, leas(), header_row=7))
        assert {one.row for one in found} == {6}
        assert "expected a column CDS" in " ".join(one.message for one in found)

    def test_a_sheet_without_rows_is_refused(self, tmp_path):
        (found,) = findings(save_workbook(tmp_path / NAME, []))
        assert (found.sheet, found.row) == (SHEET, 6)
        assert "no row below the column names" in found.message

    def test_a_sheet_with_blank_rows_alone_is_refused(self, tmp_path):
        rows = [dict.fromkeys(columns(), " ")]
        (found,) = findings(save_workbook(tmp_path / NAME, rows))
        assert "no row below the column names" in found.message

    def test_a_blank_sheet_is_refused(self, tmp_path):
        book = openpyxl.Workbook()
        book.active.title = SHEET
        book.save(tmp_path / NAME)
        (found,) = findings(tmp_path / NAME)
        assert found.sheet == SHEET
        assert "expected the column names in row 6" in found.message


class TestFiles:
    def test_an_empty_file_is_refused(self, tmp_path):
        (tmp_path / NAME).touch()
        (found,) = findings(tmp_path / NAME)
        assert (found.file, found.sheet, found.row) == (NAME, "", 0)
        assert "empty" in found.message

    def test_a_text_with_the_name_of_a_workbook_is_refused(self, tmp_path):
        (tmp_path / NAME).write_text("CDS,LEAname\n", encoding="utf-8")
        (found,) = findings(tmp_path / NAME)
        assert "not a workbook" in found.message

    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
    def test_a_truncated_workbook_is_refused(self, tmp_path, share):
        whole = save_workbook(tmp_path / NAME, leas()).read_bytes()
        (tmp_path / NAME).write_bytes(whole[: int(len(whole) * share)])
        (found,) = findings(tmp_path / NAME)
        assert found.file == NAME
        assert "cut short or damaged" in found.message

    def test_a_workbook_with_other_sheets_alone_is_refused_and_they_are_named(self, tmp_path):
        (found,) = findings(save_workbook(tmp_path / NAME, leas(), sheet="Sheet1", other_sheets=["Value"]))
        assert "expected the sheet “District and COE 2023”; found “Value”, “Sheet1”" in found.message

    def test_a_workbook_without_known_name_and_sheet_is_told_all_sheets_that_are_known(self, tmp_path):
        (found,) = findings(save_workbook(tmp_path / "assistancestatus.xlsx", leas(), sheet="Sheet1"))
        assert "“LCFFLEAAssistance2018” or “District and COE 2019”" in found.message

    @pytest.mark.parametrize(("year", "name"), [(2024, 23), (2023, 24), (2022, 23)])
    def test_a_file_named_for_another_year_is_refused(self, tmp_path, year, name):
        path = save_workbook(tmp_path / f"assistancestatus{name}.xlsx", leas(year), year=year)
        (found,) = findings(path)
        assert f"by its name the file is that of the 20{name} Dashboard" in found.message
        assert f"by its content that of {year}" in found.message

    def test_a_file_whose_name_says_no_year_is_read_by_its_sheet(self, tmp_path):
        assert read_status_files([save_workbook(tmp_path / "download.xlsx", leas())]).years == [2023]

    def test_the_rows_of_another_year_under_the_right_sheet_are_refused(self, tmp_path):
        rows = [row | {"ReportYear": "2022"} for row in leas()]
        found = findings(save_workbook(tmp_path / NAME, rows))
        assert [(one.row, one.column, one.further) for one in found] == [(7, "G", 0), (8, "G", 0), (9, "G", 1)]

    def test_two_files_of_one_year_are_refused_and_both_are_named(self, tmp_path):
        first = save_workbook(tmp_path / NAME, leas())
        second = save_workbook(tmp_path / "assistancestatus23-rev.xlsx", leas()[1:])
        (found,) = findings(first, second)
        assert found.file == "assistancestatus23-rev.xlsx"
        assert "2023" in found.message
        assert NAME in found.message

    def test_a_folder_gives_its_files_sorted_and_nothing_else(self, tmp_path):
        (tmp_path / "e.csv").mkdir()
        (tmp_path / ".hidden").mkdir()
        for name in (
            "b.xlsx",
            "a.CSV",
            "c.txt",
            "d.xls",
            "e.json",
            ".f.csv",
            "~$b.xlsx",
            "e.csv/g.txt",
            ".hidden/h.txt",
        ):
            (tmp_path / name).touch()
        found = [path.relative_to(tmp_path).as_posix() for path in evidence_files([tmp_path])]
        assert found == ["a.CSV", "b.xlsx", "c.txt", "d.xls", "e.csv/g.txt"]
        assert evidence_files([tmp_path / "e.json"]) == [tmp_path / "e.json"]

    def test_a_path_that_does_not_exist_and_a_folder_without_files_are_named_together(self, tmp_path):
        (tmp_path / "bare").mkdir()
        with pytest.raises(EvidenceError) as caught:
            evidence_files([tmp_path / "bare", tmp_path / "absent.xlsx"])
        told = {one.file: one.message for one in caught.value.findings}
        assert set(told) == {str(tmp_path / "bare"), str(tmp_path / "absent.xlsx")}
        assert "no workbook" in told[str(tmp_path / "bare")]


class TestCsv:
    NAME = "letters-2025.csv"

    def save(self, folder: Path, rows: list[list[str]]) -> Path:
        return save_csv(folder / self.NAME, rows)

    def test_one_that_is_cut_in_its_last_line_is_refused(self, tmp_path):
        path = self.save(tmp_path, letters_2025())
        path.write_bytes(path.read_bytes()[:-7])
        (found,) = findings(path)
        assert "cut short" in found.message

    def test_one_in_utf_16_that_is_cut_is_refused(self, tmp_path):
        path = self.save(tmp_path, letters_2025())
        path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16")[:-1])
        (found,) = findings(path)
        assert "not UTF-16" in found.message

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
    def test_one_with_a_byte_order_mark_is_taken(self, tmp_path, encoding):
        path = self.save(tmp_path, letters_2025())
        path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
        assert read_status_files([path]).years == [2025]

    def test_a_control_character_is_refused_with_its_place(self, tmp_path):
        rows = letters_2025()
        rows[1][1] = f"{rows[1][1]}\x1f"
        (found,) = findings(self.save(tmp_path, rows))
        assert (found.row, found.column) == (2, "B")
        assert "control character" in found.message

    @pytest.mark.parametrize("text", ["\n", "\r\n\r\n", " \n", ",\n", "CDS\n"])
    def test_one_without_content_is_refused(self, tmp_path, text):
        (tmp_path / self.NAME).write_text(text, encoding="utf-8", newline="")
        found = findings(tmp_path / self.NAME)
        assert {one.file for one in found} == {self.NAME}

    def test_a_short_row_is_refused_since_a_lost_letter_is_no_blank(self, tmp_path):
        rows = letters_2025()
        rows[1] = rows[1][:-6]
        (found,) = findings(self.save(tmp_path, rows))
        assert found.row == 2
        assert f"has {len(LETTERS_2025) - 6} cells; expected {len(LETTERS_2025)}" in found.message

    def test_a_long_row_is_refused_since_a_comma_may_have_moved_its_letters(self, tmp_path):
        rows = letters_2025()
        rows[2].insert(1, "Joint")
        (found,) = findings(self.save(tmp_path, rows))
        assert found.row == 3
        assert f"expected {len(LETTERS_2025)}" in found.message

    def test_an_open_quotation_mark_is_refused(self, tmp_path):
        path = self.save(tmp_path, letters_2025())
        path.write_text(path.read_text(encoding="utf-8").replace("Marysville", '"Marysville'), encoding="utf-8")
        (found,) = findings(path)
        assert "not readable as CSV" in found.message

    def test_the_row_is_the_one_that_a_spreadsheet_shows_whatever_blank_rows_stand_above(self, tmp_path):
        header, first, second = letters_2025()
        second[LETTERS_2025.index("HIpriorities")] = "Q"
        blank = [""] * len(header)
        (found,) = findings(self.save(tmp_path, [header, [], first, blank, second]))
        assert (found.row, found.column, found.sheet) == (5, "K", "")
        assert "'Q' is no letter of the 2025 key" in found.message

    def test_one_of_no_known_year_is_refused(self, tmp_path):
        header, first, second = letters_2025()
        first[3] = second[3] = "2031"
        path = save_csv(tmp_path / "letters.csv", [header, first, second])
        (found,) = findings(path)
        assert "2025" in found.message

    @pytest.mark.parametrize("cds", ["2766050000000", "276605000000000", "276٦0500000000", "2766O500000000", ""])
    def test_a_code_that_is_not_of_14_digits_is_named(self, tmp_path, cds):
        rows = letters_2025()
        rows[1][0] = cds
        (found,) = findings(self.save(tmp_path, rows))
        assert (found.row, found.column) == (2, "A")
        assert "expected 14 digits" in found.message

    def test_a_wrong_year_in_one_row_is_named(self, tmp_path):
        rows = letters_2025()
        rows[2][3] = "2024"
        (found,) = findings(self.save(tmp_path, rows))
        assert (found.row, found.column) == (3, "D")
        assert "'2024'; expected 2025" in found.message


class TestCopiesOfPublishedFiles:
    pytestmark = needs_shared

    def test_a_truncated_copy_is_refused(self, tmp_path):
        whole = (PUBLISHED / NAME).read_bytes()
        (tmp_path / NAME).write_bytes(whole[: len(whole) // 2])
        (found,) = findings(tmp_path / NAME)
        assert "cut short or damaged" in found.message

    def test_a_truncated_copy_of_the_old_format_is_refused(self, tmp_path):
        whole = (PUBLISHED / "assistancestatus17.xls").read_bytes()
        (tmp_path / "assistancestatus17.xls").write_bytes(whole[: len(whole) // 2])
        found = findings(tmp_path / "assistancestatus17.xls")
        assert {one.file for one in found} == {"assistancestatus17.xls"}

    @pytest.mark.parametrize(
        ("file", "name"),
        [
            ("assistancestatus24-inputs.xlsx", "assistancestatus23.xlsx"),
            ("assistancestatus23.xlsx", "assistancestatus24.xlsx"),
            ("assistancestatus17.xls", "assistancestatus18.xls"),
        ],
    )
    def test_a_copy_named_for_another_year_is_refused(self, tmp_path, file, name):
        shutil.copy(PUBLISHED / file, tmp_path / name)
        (found,) = findings(tmp_path / name)
        assert f"by its name the file is that of the 20{name[16:18]} Dashboard" in found.message

    def test_a_copy_beside_its_original_is_refused(self, tmp_path):
        shutil.copy(PUBLISHED / NAME, tmp_path / "copy.xlsx")
        (found,) = findings(PUBLISHED / NAME, tmp_path / "copy.xlsx")
        assert (found.file, NAME in found.message) == ("copy.xlsx", True)

    def test_faults_far_apart_in_a_copy_are_all_found_where_they_are(self, tmp_path):
        book = openpyxl.load_workbook(PUBLISHED / NAME)
        page = book[SHEET]
        last = max(row for row in range(7, page.max_row + 1) if page.cell(row, 2).value)
        page["B7"] = page["B7"].value[1:]
        page["M500"] = "L"
        page["E501"] = "Atlantis"
        page["AD502"] = "*"
        page.cell(last, 7).value = 2022
        book.save(tmp_path / NAME)
        found = findings(tmp_path / NAME)
        places = [(one.row, one.column) for one in found]
        assert places[:2] == [(7, "A"), (7, "B")]
        total = [(500, "U")] if (500, "U") in places else []  # where the row had no letter for foster youth before
        assert places[2:] == [(500, "M"), *total, (501, "E"), (502, "AD"), (last, "G")]

    def test_a_copy_with_an_invented_district_is_refused(self, tmp_path):
        book = openpyxl.load_workbook(PUBLISHED / NAME)
        page = book[SHEET]
        invented = lea("99999990000000", "Sunshine Union", "Monterey")
        number = max(row for row in range(7, page.max_row + 1) if page.cell(row, 2).value) + 1
        for place, name in enumerate(columns(), 1):
            page.cell(number, place, invented[name])
        book.save(tmp_path / NAME)
        (found,) = findings(tmp_path / NAME)
        assert (found.row, found.column) == (number, "B")
        assert "99999990000000: the county part 99 is none of 01 to 58" in found.message
