"""The reader of the Dashboard's files: what it takes, and what it must refuse with line and column."""

from __future__ import annotations

import csv
import random
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from next_year import ENCODED, NEXT_YEAR

from pyreport.evidence.counties import counties
from pyreport.evidence.findings import EvidenceError
from pyreport.evidence.model import Figure
from pyreport.evidence.readers.dashboard import layouts as dashboard_layouts
from pyreport.evidence.readers.dashboard import line_blocks
from pyreport.evidence.readers.dashboard.file_reader import read_dashboard_file
from pyreport.evidence.readers.dashboard.layouts import dashboard_settings, layouts
from pyreport.evidence.readers.sheet_cells import column_letter

from ..dashboard_tables import (
    CHARTER,
    DISTRICT,
    NAME,
    OFFICE,
    SCHOOL,
    STATE,
    SUSPENSION,
    findings,
    row,
    rows,
    save,
    save_sheet,
    taken,
    text_of,
)
from ..status_files import SHARED, needs_shared

COLUMN = {name: place for place, name in enumerate(SUSPENSION)}


@pytest.fixture
def good(tmp_path: Path) -> tuple[object, ...]:
    (tmp_path / "good").mkdir()
    return taken(save(tmp_path / "good" / NAME, text_of(rows())))


class TestTaken:
    def test_rows_of_leas_are_taken_exactly(self, tmp_path):
        one = read_dashboard_file(save(tmp_path / NAME, text_of(rows())))
        assert one.figures == [
            Figure("27660500000000", "TOM", 3, 45, "met", 100, 0, 1, 3, 2, False, False, None, "UD"),
            Figure("27660500000000", "FOS", 4, 9, "not_met", None, None, None, None, None, True, False, None, "UD"),
            Figure("27660502730018", "SWD", 8, 31, "met", 4, 127, 5, 1, 4, True, False, None, "ES"),
            Figure("01100170000000", "EL", 10, 400, "met", 81, 10, 1, 1, 1, False, False, None, "UD"),
        ]
        assert (one.indicator, one.year) == ("suspension", 2024)

    def test_leas_with_reporting_rows_alone_are_known_and_the_others_are_counted(self, tmp_path):
        table = [row(DISTRICT, group) for group in ("ALL", "EO", "ELO", "RFP", "SBA", "CAA", "CAST")]
        one = read_dashboard_file(save(tmp_path / NAME, text_of([*table, row(SCHOOL, "HI")])))
        assert one.figures == []
        assert [lea[:4] for lea in one.leas.values()] == [("27660500000000", "Plain Valley Union", False, False)]
        assert dict(one.passed_over) == {"reporting": 7, "school": 1, "state": 0}

    @pytest.mark.parametrize(("since", "groups"), [(2024, ["ALL", "HI"]), (2025, ["HI"])])
    def test_a_row_of_all_students_is_a_group_s_from_the_year_on_that_the_layout_names(
        self, tmp_path, monkeypatch, since, groups
    ):
        known = dashboard_settings()
        of_groups = {**known["groups"], "since": {str(since): {"ALL": "ALL"}}}
        monkeypatch.setattr(dashboard_layouts, "dashboard_settings", lambda: {**known, "groups": of_groups})
        one = read_dashboard_file(save(tmp_path / NAME, text_of([row(DISTRICT, "ALL"), row(DISTRICT, "HI")])))
        assert [figure.group for figure in one.figures] == groups

    def test_a_charter_goes_by_its_own_name_and_has_its_status(self, tmp_path):
        one = read_dashboard_file(save(tmp_path / NAME, text_of(rows())))
        lea = one.leas[CHARTER[0]]
        assert (lea.name, lea.charter, lea.dass, lea.row) == ("Open Door Charter", True, True, 7)

    def test_the_publication_says_where_everything_stands(self, tmp_path):
        publication = read_dashboard_file(save(tmp_path / NAME, text_of(rows()))).publication
        assert publication.id == "suspension-2024"
        assert publication.title == "2024 California School Dashboard, Suspension Rate Indicator"
        assert publication.counties == ("01", "27")
        assert publication.columns["color"] == "T"
        assert len(publication.sha256) == 64

    def test_a_file_of_one_county_is_named_after_it(self, tmp_path):
        publication = read_dashboard_file(save(tmp_path / NAME, text_of([row(DISTRICT, "HI")]))).publication
        assert publication.id == "suspension-2024-monterey"

    @pytest.mark.parametrize(
        ("printed", "tenths"),
        [
            ("0.1", 1),
            ("-0.1", -1),
            ("-0.0", 0),
            ("100", 1000),
            ("28.7", 287),
            ("-42.9", -429),
            ("5.30", 53),
            (".5", 5),
        ],
    )
    def test_figures_are_kept_in_tenths_exactly(self, tmp_path, printed, tenths):
        (figure,) = read_dashboard_file(save(tmp_path / NAME, text_of([row(DISTRICT, "HI", change=printed)]))).figures
        assert figure.change == tenths

    def test_names_of_columns_and_their_order_mean_nothing(self, tmp_path, good):
        order = list(range(len(SUSPENSION)))
        random.Random(1).shuffle(order)
        header = [SUSPENSION[place].swapcase() for place in order]
        table = [[cells[place] for place in order] for cells in rows()]
        assert taken(save(tmp_path / NAME, text_of(table, header))) == good

    def test_a_byte_order_mark_and_carriage_returns_mean_nothing(self, tmp_path, good):
        assert taken(save(tmp_path / NAME, "\ufeff" + text_of(rows(), end="\r\n"))) == good

    def test_windows_letters_are_read_if_the_file_is_not_utf_8(self, tmp_path, good):
        assert taken(save(tmp_path / NAME, text_of(rows()).encode("cp1252"))) == good

    def test_blank_lines_at_the_end_mean_nothing(self, tmp_path, good):
        assert taken(save(tmp_path / NAME, text_of(rows()) + "\n\n")) == good

    @pytest.mark.parametrize("above", [0, 4])
    def test_a_workbook_says_the_same(self, tmp_path, good, above):
        assert taken(save_sheet(tmp_path / "suspdownload2024.xlsx", rows(), above=above)) == good

    def test_small_blocks_give_the_same(self, tmp_path, good, monkeypatch):
        for size in (64, 300, 1000):
            monkeypatch.setattr(line_blocks, "BLOCK", size)
            assert taken(save(tmp_path / NAME, text_of(rows(), end="\r\n").encode("cp1252"))) == good


# What is changed: the row (from 0) and the column, to what; then the column that is named and what the message tells.
CELLS = {
    "text in a number": (1, "currdenom", "many", ["'many'", "number of students"]),
    "a fraction of a student": (1, "currdenom", "4.5", ["'4.5'"]),
    "text in a figure": (1, "currstatus", "high", ["'high'", "one decimal"]),
    "two decimals": (1, "currstatus", "4.55", ["'4.55'", "one decimal"]),
    "a decimal comma": (1, "change", "4,5", ["'4,5'"]),
    "an exponent of a spreadsheet, which rounds": (1, "change", "1E3", ["'1E3'"]),
    "an exponent with decimals": (1, "currdenom", "1.5e3", ["'1.5e3'"]),
    "a number without end": (1, "currdenom", "9" * 12, ["999999999999"]),
    "a level of 6": (1, "statuslevel", "6", ["'6'", "1 to 5"]),
    "a negative level": (1, "changelevel", "-1", ["'-1'"]),
    "a color in words": (1, "color", "Red", ["'Red'", "1 to 5"]),
    "another year": (1, "reportingyear", "2023", ["'2023'", "2024"]),
    "no year": (1, "reportingyear", "", ["''", "2024"]),
    "another indicator": (1, "indicator", "CHRO", ["'CHRO'", "SUSP"]),
    "an unknown group": (1, "studentgroup", "XX", ["'XX'", "no student group"]),
    "no group": (1, "studentgroup", "", ["''", "no student group"]),
    "a county of no code": (1, "cds", "99999990000000", ["99", "01 to 58"]),
    "county 00": (1, "cds", "00660500000000", ["00", "01 to 58"]),
    "a digit lost": (1, "cds", "2766050000000", ["2766050000000", "14 digits"]),
    "a code as spreadsheets write it": (1, "cds", "2.76605E+13", ["2.76605E+13", "14 digits"]),
    "a school's code": (1, "cds", "27660506000123", ["27660506000123", "seven zeros"]),
    "a school with an agency's code": (4, "cds", "27660500000000", ["27660500000000", "not of a school"]),
    "another county's name": (0, "countyname", "Kern", ["'Kern'", "Monterey"]),
    "an unknown kind": (4, "rtype", "Q", ["'Q'", "D, S or X"]),
    "no kind": (1, "rtype", "", ["''"]),
    "a district that is a charter": (1, "charter_flag", "Y", ["charter at once"]),
    "an unknown flag": (1, "smalldenom", "maybe", ["'maybe'", "Y, N or blank"]),
    "an unknown size flag": (1, "currnsizemet", "30", ["'30'", "Y, N or blank"]),
    "an unknown type": (1, "type", "K8", ["'K8'", "ED, HD, UD"]),
    "no name": (0, "districtname", "", ["name of 27660500000000 is missing"]),
}


@pytest.mark.parametrize("book", [False, True], ids=["text", "workbook"])
@pytest.mark.parametrize(("number", "column", "cell", "fragments"), CELLS.values(), ids=CELLS)
def test_a_cell_that_cannot_be_is_named_with_line_and_column(tmp_path, number, column, cell, fragments, book):
    table = rows()
    table[number][COLUMN[column]] = cell
    if book:
        if column in ("currdenom", "currstatus", "change", "statuslevel", "changelevel", "color"):
            pytest.skip("the cells of the workbook are numbers")
        path = save_sheet(tmp_path / "suspdownload2024.xlsx", table)
    else:
        path = save(tmp_path / NAME, text_of(table))
    found = findings(path)
    (told,) = [one for one in found if one.row == number + 2]
    assert told.file == path.name
    assert told.column == column_letter(COLUMN[column])
    assert [fragment for fragment in fragments if fragment not in told.message] == []


@pytest.mark.parametrize(("year", "told"), [("2023", ["'LTEL' is no student group that is known"]), ("2024", [])])
def test_a_student_group_is_known_from_the_first_year_whose_files_have_it(tmp_path, year, told):
    table = rows()
    for cells in table:
        cells[COLUMN["reportingyear"]] = year
    table[1][COLUMN["studentgroup"]] = "LTEL"
    path = save(tmp_path / f"suspdownload{year}.txt", text_of(table))
    assert [one.message for one in (findings(path) if told else read_dashboard_file(path).notes)] == told


@pytest.mark.parametrize("number", [1, 6], ids=["district", "charter"])
@pytest.mark.parametrize(
    ("column", "spoilt", "message"),
    [
        ("smalldenom", "Y\0", "Y, N or blank"),
        ("currnsizemet", "Y\0", "Y, N or blank"),
        ("currnsizemet", "\0", "Y, N or blank"),
        ("studentgroup", "EL\0", "no student group"),
        ("color", "2\0", "1 to 5"),
    ],
)
def test_a_zero_byte_behind_a_word_is_no_part_of_it(tmp_path, number, column, spoilt, message):
    table = rows()
    table[number][COLUMN[column]] = spoilt
    found = findings(save(tmp_path / NAME, text_of(table)))
    place = NAME, number + 2, column_letter(COLUMN[column])
    assert {(one.file, one.row, one.column) for one in found} == {place}
    control, told = sorted(one.message for one in found)[::-1]
    assert "the control character U+0000 stands in the cell" in control
    assert repr(spoilt) in told
    assert message in told


NOT_NEEDED = [
    "schoolname",
    "districtname",
    "countyname",
    "dass_flag",
    "type",
    "currdenom",
    "currstatus",
    "change",
    "statuslevel",
    "changelevel",
    "smalldenom",
    "currnsizemet",
    "indicator",
]


class TestColumns:
    @pytest.mark.parametrize("column", NOT_NEEDED)
    def test_a_column_on_which_no_criterion_rests_may_be_absent_and_is_not_printed(self, tmp_path, good, column):
        one = read_dashboard_file(save(tmp_path / NAME, without(column)))
        told = taken(tmp_path / NAME)
        assert [figure[:2] for figure in told[0]] == [figure[:2] for figure in good[0]]
        assert column_letters(one) == set(good_columns()) - {FIELD[column]}
        assert [figure.color for figure in one.figures] == [2, None, 4, 1]

    def test_without_the_n_size_flag_it_is_not_printed_and_never_not_met(self, tmp_path):
        one = read_dashboard_file(save(tmp_path / NAME, without("currnsizemet")))
        assert {figure.size for figure in one.figures} == {"not_printed"}

    @pytest.mark.parametrize("spelled", ["currnsizemet", "nsizemet", "nsize_met", "NSizeMet"])
    def test_every_spelling_of_the_n_size_flag_is_read(self, tmp_path, good, spelled):
        header = [spelled if name == "currnsizemet" else name for name in SUSPENSION]
        assert taken(save(tmp_path / NAME, text_of(rows(), header))) == good

    def test_without_the_flag_of_charter_schools_rows_of_schools_are_passed_over_with_a_note(self, tmp_path):
        one = read_dashboard_file(save(tmp_path / NAME, without("charter_flag")))
        assert set(one.leas) == {DISTRICT[0], OFFICE[0]}
        (note,) = one.notes
        assert "the 4 rows of schools are passed over" in note

    @pytest.mark.parametrize("absent", [["statuslevel"], ["currdenom", "currnsizemet"]])
    def test_a_level_needs_a_number_of_students_or_a_flag(self, tmp_path, absent):
        table = [[*cells[:-1], "2022"] for cells in rows()]
        path = save(tmp_path / "suspdownload2022.txt", without(*absent, table=table))
        (told,) = findings(path)
        assert "expected a column" in told.message

    @pytest.mark.parametrize("absent", ["currdenom", "currnsizemet", "color"])
    def test_a_level_with_one_of_them_is_enough(self, tmp_path, absent):
        table = [[*cells[:-1], "2022"] for cells in rows()]
        one = read_dashboard_file(save(tmp_path / "suspdownload2022.txt", without(absent, table=table)))
        assert [figure.status_level for figure in one.figures] == [1, None, 5, 1]


class TestRowsOfWhichNothingIsTaken:
    @pytest.mark.parametrize("number", [3, 4, 9])
    @pytest.mark.parametrize("column", ["cds", "reportingyear", "indicator", "studentgroup", "color", "countyname"])
    @pytest.mark.parametrize("book", [False, True], ids=["text", "workbook"])
    def test_whatever_stands_in_a_school_s_or_the_state_s_row_refuses_no_file(
        self, tmp_path, good, number, column, book
    ):
        table = rows()
        table[number][COLUMN[column]] = "wrong"
        if book and column == "color":
            table[number][COLUMN[column]] = "99"
        path = tmp_path / ("suspdownload2024.xlsx" if book else NAME)
        assert taken(save_sheet(path, table) if book else save(path, text_of(table))) == good

    @pytest.mark.parametrize("number", [3, 4, 9])
    @pytest.mark.parametrize("change", [lambda line: line + "\t", lambda line: line[: line.rindex("\t")]])
    def test_nor_do_more_or_fewer_fields(self, tmp_path, good, number, change):
        header, *lines = text_of(rows()).splitlines()
        lines[number] = change(lines[number])
        assert taken(save(tmp_path / NAME, "\n".join([header, *lines]) + "\n")) == good


class TestCodesThatLostTheirZero:
    @pytest.mark.parametrize("book", [False, True], ids=["text", "workbook"])
    def test_it_is_restored_where_the_county_beside_it_proves_it_and_that_is_said(self, tmp_path, good, book):
        table = rows()
        for cells in table:
            cells[0] = cells[0].removeprefix("0") if cells[0] == OFFICE[0] else cells[0]
        path = tmp_path / ("suspdownload2024.xlsx" if book else NAME)
        saved = save_sheet(path, table) if book else save(path, text_of(table))
        assert taken(saved) == good
        (note,) = read_dashboard_file(saved).notes
        assert note.startswith(f"{path.name}: 2 codes had 13 digits; the zero in front was restored")
        assert "first in row 9" in note

    @pytest.mark.parametrize("county", ["Kern", "", None])
    def test_it_is_not_where_nothing_proves_it(self, tmp_path, county):
        table = rows()
        table[8][0] = table[8][0].removeprefix("0")
        if county is not None:
            table[8][COLUMN["countyname"]] = county
        text = text_of(table) if county is not None else without("countyname", table=table)
        (told,) = findings(save(tmp_path / NAME, text))
        assert (told.row, told.column) == (10, "A")
        assert "14 digits" in told.message


class TestCoverage:
    @staticmethod
    def whole_state(left_out: str = "", state: bool = True) -> str:
        """A row of a school, and of a district of each county but Alpine, whose only row is none."""
        units = [
            (f"{code}660500000000", "D", "", f"District {code}", name, "", "", "", "UD")
            for code, name in counties().items()
            if code not in ("02", left_out)
        ]
        school = ("01660500000123", "S", "Hills", "District 01", "Alameda", "", "", "", "ES")
        return text_of([row(unit, "HI") for unit in [school, *units, *([STATE] if state else [])]])

    def test_a_file_with_the_state_and_all_counties_is_complete_though_alpine_has_no_row(self, tmp_path):
        publication = read_dashboard_file(save(tmp_path / NAME, self.whole_state())).publication
        assert (publication.complete, len(publication.counties)) == (True, 58)

    @pytest.mark.parametrize(("left_out", "state"), [("27", True), ("", False)])
    def test_a_file_without_the_state_or_a_county_is_not(self, tmp_path, left_out, state):
        publication = read_dashboard_file(save(tmp_path / NAME, self.whole_state(left_out, state))).publication
        assert not publication.complete
        assert "02" not in publication.counties
        assert left_out not in publication.counties

    def test_without_schools_or_their_flag_it_says_nothing_of_charter_schools_and_is_not_complete(self, tmp_path):
        lines = self.whole_state().splitlines(keepends=True)
        no_schools = "".join(line for line in lines if "\tS\t" not in line)
        assert not read_dashboard_file(save(tmp_path / NAME, no_schools)).publication.complete
        place = SUSPENSION.index("charter_flag")
        tables = [line.rstrip("\n").split("\t") for line in lines]
        no_flag = "".join("\t".join(cells[:place] + cells[place + 1 :]) + "\n" for cells in tables)
        assert not read_dashboard_file(save(tmp_path / NAME, no_flag)).publication.complete

    def test_a_county_with_schools_alone_has_rows(self, tmp_path):
        school = ("27660500000123", "S", "Valley", "Plain Valley Union", "Monterey", "", "", "", "ES")
        text = self.whole_state("27") + text_of([row(school, "HI")]).partition("\n")[2]
        assert read_dashboard_file(save(tmp_path / NAME, text)).publication.complete


def without(*columns: str, table: list[list[str]] | None = None) -> str:
    kept = [place for place, name in enumerate(SUSPENSION) if name not in columns]
    of_rows = [[cells[place] for place in kept] for cells in (rows() if table is None else table)]
    return text_of(of_rows, [SUSPENSION[place] for place in kept])


FIELD = {name: field for field, names in dashboard_settings()["columns"].items() for name in names}


def good_columns() -> set[str]:
    carried = {FIELD[name] for name in SUSPENSION if name in FIELD}
    return carried - {"kind", "county", "year", "indicator"}


def column_letters(one: Any) -> set[str]:
    return set(one.publication.columns)


class TestRefused:
    def test_all_problems_are_told_together(self, tmp_path):
        table = rows()
        table[1][COLUMN["color"]] = "7"
        table[5][COLUMN["reportingyear"]] = "2023"
        table[8][COLUMN["currstatus"]] = "x"
        told = [(one.row, one.column) for one in findings(save(tmp_path / NAME, text_of(table)))]
        assert told == [(3, "T"), (7, "AA"), (10, "M")]

    @pytest.mark.parametrize("column", ["cds", "studentgroup", "color"])
    def test_a_missing_column(self, tmp_path, column):
        table = [[cell for name, cell in zip(SUSPENSION, cells, strict=True) if name != column] for cells in rows()]
        (told,) = findings(save(tmp_path / NAME, text_of(table, [name for name in SUSPENSION if name != column])))
        assert told.row == 1
        assert f"expected a column {column}" in told.message

    @pytest.mark.parametrize("column", ["rtype", "reportingyear"])
    def test_a_missing_column_by_which_the_header_is_known(self, tmp_path, column):
        (told,) = findings(save(tmp_path / NAME, without(column)))
        assert "none of the first lines has the columns rtype, reportingyear" in told.message

    def test_a_doubled_column(self, tmp_path):
        header = ["COLOR" if name == "box" else name for name in SUSPENSION]
        (told,) = findings(save(tmp_path / NAME, text_of(rows(), header)))
        assert (told.row, "color stands twice (T and U)" in told.message) == (1, True)

    def test_a_district_that_is_the_state(self, tmp_path):
        table = rows()
        table[1][COLUMN["rtype"]] = "X"
        (told,) = findings(save(tmp_path / NAME, text_of(table)))
        assert (told.row, told.column) == (3, "A")
        assert "27660500000000 is the code of a district or county office, not of the state" in told.message

    def test_a_group_of_an_lea_twice(self, tmp_path):
        (told,) = findings(save(tmp_path / NAME, text_of([*rows(), rows()[1]])))
        assert (told.row, told.column) == (12, "J")
        assert "row 3" in told.message

    def test_a_charter_that_is_a_school_elsewhere(self, tmp_path):
        table = rows()
        table[5][COLUMN["charter_flag"]] = ""
        (told,) = findings(save(tmp_path / NAME, text_of(table)))
        assert "a school without charter elsewhere" in told.message

    @pytest.mark.parametrize("number", [1, 5, 8])
    @pytest.mark.parametrize("change", [lambda line: line + "\t", lambda line: line.partition("\t")[2]])
    def test_a_row_with_more_or_fewer_fields(self, tmp_path, number, change):
        header, *lines = text_of(rows()).splitlines()
        lines[number] = change(lines[number])
        (told,) = findings(save(tmp_path / NAME, "\n".join([header, *lines]) + "\n"))
        assert told.row == number + 2
        assert "the header has 27" in told.message

    def test_a_stray_tab_made_up_for_in_the_next_row(self, tmp_path):
        header, *lines = text_of(rows()).splitlines()
        lines[1] += "\t"
        lines[2] = lines[2].removesuffix("\t2024")
        assert [one.row for one in findings(save(tmp_path / NAME, "\n".join([header, *lines]) + "\n"))] == [3, 4]

    @pytest.mark.parametrize("cut", [1, 3, 40])
    def test_a_half_written_last_line(self, tmp_path, cut):
        (told,) = findings(save(tmp_path / NAME, text_of(rows())[:-cut]))
        assert told.row == 11
        assert "cut short" in told.message

    def test_a_blank_line_in_between(self, tmp_path, monkeypatch):
        header, *lines = text_of(rows()).splitlines(keepends=True)
        path = save(tmp_path / NAME, header + "".join(lines[:4]) + "\n" + "".join(lines[4:]))
        for size in (4 << 20, len(header) + sum(map(len, lines[:4])) + 3):
            monkeypatch.setattr(line_blocks, "BLOCK", size)
            assert [one.row for one in findings(path)] == [6]

    def test_a_carriage_return_in_a_line(self, tmp_path):
        (told,) = findings(save(tmp_path / NAME, text_of(rows()).replace("Open Door", "Open\rDoor", 1)))
        assert told.row == 7

    def test_letters_of_no_encoding(self, tmp_path):
        content = text_of(rows()).encode("cp1252").replace(b"Open Door", b"Open \x8d Door", 1)
        (told,) = findings(save(tmp_path / NAME, content))
        assert (told.row, told.column) == (7, "C")
        assert "neither UTF-8 nor Windows-1252" in told.message

    @pytest.mark.parametrize("content", [b"", b"\n", b"\n\n"])
    def test_nothing(self, tmp_path, content):
        assert findings(save(tmp_path / NAME, content))

    def test_no_rows(self, tmp_path):
        (told,) = findings(save(tmp_path / NAME, text_of([])))
        assert "no row" in told.message

    def test_a_damaged_workbook(self, tmp_path):
        path = save_sheet(tmp_path / "suspdownload2024.xlsx", rows())
        (told,) = findings(save(path, path.read_bytes()[:2000]))
        assert "damaged" in told.message

    def test_of_a_fault_the_first_three_places_are_kept_and_the_others_counted(self, tmp_path):
        groups = ["AA", "AI", "AS", "EL", "FI"]
        table = [row((f"27{n:05}0000000", *DISTRICT[1:]), group, "x") for n in range(60) for group in groups]
        found = findings(save(tmp_path / NAME, text_of(table)))
        assert [(one.row, one.further) for one in found] == [(2, 0), (3, 0), (4, 297)]

    @pytest.mark.parametrize("name", ["ccidownload2022.txt", "eladownload2020.txt", f"eladownload{NEXT_YEAR}.txt"])
    def test_a_file_that_cde_does_not_publish(self, tmp_path, name):
        (told,) = findings(save(tmp_path / name, text_of(rows())))
        assert "no file of this indicator is known" in told.message

    def test_a_file_under_the_name_of_another(self, tmp_path):
        assert findings(save(tmp_path / "suspdownload2023.txt", text_of(rows())))
        assert findings(save(tmp_path / "chronicdownload2024.txt", text_of(rows())))


# ------------------------------------------------------------------------------------------------ any damage

FIELDS = [place for place, name in enumerate(SUSPENSION) if name not in ("coe_flag", "box", "priornumer")]
WRONG = ["", "x", "7", "-1", "0", "Y", "2023", "99999990000000", "HI", "1.25", "\x00", "é", " ", "1e5", "٣"]


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, bytes]:
    """A file spoilt in one way, and which way."""
    lines = text_of(rows()).splitlines()
    how = draw(st.sampled_from(["byte", "cut", "drop column", "double column", "swap", "tab", "line", "noise"]))
    content = "\n".join(lines) + "\n"
    if how == "cut":
        raw = content.encode()
        return how, raw[: draw(st.integers(0, len(raw) - 1))]
    if how in ("byte", "noise"):
        raw = bytearray(content.encode())
        place = draw(st.integers(0, len(raw) - 1))
        raw[place : place + (how == "byte")] = bytes([draw(st.integers(0, 255))])
        return how, bytes(raw)
    table = [line.split("\t") for line in lines]
    place = draw(st.integers(0, len(SUSPENSION) - 1))
    if how == "drop column":
        table = [cells[:place] + cells[place + 1 :] for cells in table]
    elif how == "double column":
        other = draw(st.integers(0, len(SUSPENSION)))
        table = [[*cells[:other], cells[place], *cells[other:]] for cells in table]
    elif how == "swap":
        other = draw(st.integers(0, len(SUSPENSION) - 1))
        for cells in table:
            cells[place], cells[other] = cells[other], cells[place]
    elif how == "tab":
        number = draw(st.integers(0, len(table) - 1))
        text = table[number][place]
        at = draw(st.integers(0, len(text)))
        table[number][place] = text[:at] + "\t" + text[at:]
    else:
        table[1:] = draw(st.permutations(table[1:]))
    return how, ("\n".join("\t".join(cells) for cells in table) + "\n").encode()


@given(damaged())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_is_refused_or_says_the_same_or_differs_where_it_was_written_over(tmp_path, good, spoilt):
    how, content = spoilt
    path = save(tmp_path / NAME, content)
    try:
        told = taken(path)
    except EvidenceError:
        return
    header = content.partition(b"\n")[0].decode("cp1252").split("\t")
    if how not in ("swap", "double column") and header != SUSPENSION:
        # What is not printed is not known; the LEAs, the groups and their number are.
        assert {lea[0] for lea in told[1]} <= {lea[0] for lea in good[1]}
        assert {figure[:2] for figure in told[0]} <= {figure[:2] for figure in good[0]}
    elif how in ("byte", "noise", "cut"):
        # A digit for a digit, or a letter in a name, cannot be known; but the LEAs, the groups and their number can.
        _same_shape(told, good, how)
    else:
        # A stray tab in a row of a school or the state does no harm.
        assert told == good


def _same_shape(told: Any, good: Any, how: str) -> None:
    figures, leas, *what = told
    if how == "cut":
        # Cut exactly at the end of a line: what is there is as it was.
        assert set(figures) <= set(good[0])
        return
    assert tuple(what[:2]) == good[2:4]
    changed = [one for one in figures if one not in good[0]]
    assert len(changed) <= 1
    assert abs(len(figures) - len(good[0])) <= 1
    assert abs(len(leas) - len(good[1])) <= 1


@given(st.integers(0, 9), st.sampled_from(FIELDS), st.sampled_from(WRONG))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_text_and_workbook_agree_on_what_is_refused(tmp_path, number, place, cell):
    table = rows()
    table[number][place] = cell
    outcomes = []
    texts = [save(tmp_path / NAME, text_of(table))]
    if cell.isprintable():
        with_header = tmp_path / "suspdownload2024.xlsx"
        texts.append(_plain_sheet(with_header, table))
    for path in texts:
        try:
            outcomes.append((None, taken(path)))
        except EvidenceError as error:
            outcomes.append(([(one.row, one.column) for one in error.findings], None))
    assert outcomes.count(outcomes[0]) == len(outcomes)


def _plain_sheet(path: Path, table: list[list[str]]) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    for cells in [SUSPENSION, *table]:
        book.active.append(cells)
    book.save(path)
    return path


# ------------------------------------------------------------------------------------------------ layouts


class TestLayouts:
    def test_every_layout_is_of_a_year_with_determinations(self):
        # That no year lacks one, or says why, is a test of the policy's years.
        assert {year for _, year in layouts()} <= set(ENCODED)
        assert len({stem for stem, _ in layouts()}) == len({one.indicator for one in layouts().values()})

    def test_what_is_inferred_says_from_which_year(self):
        inferred = {key: one.like for key, one in layouts().items() if one.known_from == "inferred"}
        assert all((stem, like) in layouts() for (stem, _), like in inferred.items())
        assert {key for key, one in layouts().items() if one.like} == set(inferred)
        assert ("susp", 2022) in inferred
        assert ("elpi", 2019) in inferred

    def test_no_colors_are_asked_for_in_2022(self):
        assert {one.rests_on for (_, year), one in layouts().items() if year == 2022} == {"level"}


# ------------------------------------------------------------------------------------------------ CDE's files

FOLDER = SHARED / "data" / "dashboard"
FILES = sorted(FOLDER.glob("*/*.txt"))


@cache
def printed(path: Path) -> list[dict[str, str]]:
    """The rows of a file, read without the package."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        lines = path.read_text(encoding="cp1252").splitlines()
    reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return [{name.lower(): cell for name, cell in one.items()} for one in reader]


class TestCDEsFiles:
    pytestmark = needs_shared

    @pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
    def test_every_row_of_an_lea_is_taken_as_it_is_printed(self, path):
        one = read_dashboard_file(path)
        leas = [
            (number, cells)
            for number, cells in enumerate(printed(path), 2)
            if cells["rtype"] == "D" or (cells["rtype"] == "S" and cells["charter_flag"] == "Y")
        ]
        assert set(one.leas) == {cells["cds"] for _, cells in leas}
        reporting = {"ALL", "EO", "ELO", "RFP", "SBA", "CAA", "CAST", ""}
        groups = {number: cells for number, cells in leas if cells.get("studentgroup", "EL") not in reporting}
        if "currdenom" not in leas[0][1]:
            groups = {}
        assert {figure.row for figure in one.figures} == set(groups)
        passed = Counter(cells["rtype"] for cells in printed(path))
        assert one.passed_over["state"] == passed["X"]
        assert sum(one.passed_over.values()) + len(one.figures) + (0 if groups else len(leas)) >= len(printed(path))
        for figure in one.figures:
            cells = groups[figure.row]
            assert figure.cds == cells["cds"]
            assert figure.group == {"MR": "TOM"}.get(cells.get("studentgroup", "EL"), cells.get("studentgroup", "EL"))
            assert _same(figure.denominator, cells["currdenom"], 1)
            assert _same(figure.status, cells["currstatus"], 10)
            assert _same(figure.change, cells.get("change", ""), 10)
            for field, name in (("status_level", "statuslevel"), ("change_level", "changelevel"), ("color", "color")):
                assert str(getattr(figure, field) or 0) == (cells.get(name) or "0")
            assert figure.small_population == (cells.get("smalldenom") == "Y")
            assert figure.high_school_cut_points == (cells.get("hscutpoints") == "Y")
            assert (figure.certified or "") == cells.get("certifyflag", "")
            assert (figure.type or "") == cells.get("type", "")

    def test_statewide_files_cover_all_counties(self):
        for path in FOLDER.glob("statewide/*.txt"):
            assert len(read_dashboard_file(path).publication.counties) == 58


def _same(taken: int | None, cell: str, factor: int) -> bool:
    from decimal import Decimal

    return taken is None if cell in ("", "N/A") else taken == Decimal(cell) * factor
