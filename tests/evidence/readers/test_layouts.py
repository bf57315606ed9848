"""Each year's layout against the file that CDE published, and the record that the project carries of them."""

import csv
import shutil
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils import column_index_from_string
from python_calamine import CalamineWorkbook

from pyreport.evidence.facts import facts_of
from pyreport.evidence.model import Cell
from pyreport.evidence.readers.files import evidence_files, read_files
from pyreport.evidence.readers.files import read_evidence as read_status_files
from pyreport.evidence.record import Record
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.evidence.record_writing import write_record

from .status_files import PUBLISHED, SHARED, needs_shared

DATA = SHARED / "data"
# The workbook of 2024 without its conclusions is an input of other tests.
STATUS_FILES = sorted(
    path
    for folder in (PUBLISHED, DATA / "published_conclusions")
    for path in folder.glob("*")
    if path.name not in ("assistancestatus24-inputs.xlsx", "districts-2019.csv")
)
# What the record is made of. CDE's statewide Dashboard files of 2017 and 2018 are left out.
OF_THE_RECORD = [
    *STATUS_FILES,
    DATA / "dashboard" / "monterey",
    DATA / "dashboard" / "lowperfleasnonall23data.xlsx",
    DATA / "local_indicators",
    DATA / "directory",
]

ROOT = Path(__file__).resolve().parents[3]
LISTED = {2017: 936, 2018: 993, 2019: 997, 2022: 993, 2023: 991, 2024: 994, 2025: 992}
METHOD_COLUMNS = {
    2017: set(),
    2018: {1, 2, 3},
    2019: {1, 2, 3},
    2022: {1},
    2023: {1, 2, 3},
    2024: {1, 2, 3, 4},
    2025: set(),
}
WITH_FLAG = {2022, 2023, 2024, 2025}
WORKBOOK_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


@cache
def published() -> Record:
    return read_status_files(STATUS_FILES)


@cache
def place_of(file: str) -> Path:
    """The folder of Monterey comes before that of the statewide files, two of which have the same names."""
    return min(path for path in DATA.rglob(file) if path.parent.name != "cde_rows")


@cache
def sheet(file: str, name: str) -> list[list[Any]]:
    """The cells of a sheet or a text file, read by neither pandas nor the package."""
    path = place_of(file)
    if path.suffix in (".csv", ".txt"):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            delimiter, quoting = ("\t", csv.QUOTE_NONE) if path.suffix == ".txt" else (",", csv.QUOTE_MINIMAL)
            return list(csv.reader(lines, delimiter=delimiter, quoting=quoting))
    return CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python(skip_empty_area=False)


def at(cell: Cell) -> str:
    page = sheet(cell.publication.file, cell.publication.sheet)
    return str(page[cell.row - 1][column_index_from_string(cell.column) - 1]).strip()


def of_year(record: Record, year: int) -> list[Any]:
    return [one for (dashboard, _), one in record.lea_years.items() if dashboard == year]


def tables(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.csv")}


class TestPublishedFiles:
    pytestmark = needs_shared

    @pytest.mark.parametrize("year", LISTED)
    def test_every_listed_lea_is_read(self, year):
        assert len(of_year(published(), year)) == LISTED[year]

    def test_no_other_year_is_read(self):
        assert published().years == sorted(LISTED)

    @pytest.mark.parametrize("year", LISTED)
    def test_as_many_letters_are_read_of_each_group_as_stand_in_its_column(self, year):
        leas = of_year(published(), year)
        read = Counter((group, cell.value) for one in leas for group, cell in one.letters.items())
        publication = leas[0].cds.publication
        rows = [sheet(publication.file, publication.sheet)[one.cds.row - 1] for one in leas]
        groups = {g: c for g, c in publication.columns.items() if g.isupper()}
        printed = Counter(
            (group, str(row[column_index_from_string(column) - 1]))
            for row in rows
            for group, column in groups.items()
            if str(row[column_index_from_string(column) - 1]) not in ("", "*")
        )
        assert read == printed
        assert sum(read.values()) > 0

    @pytest.mark.parametrize("year", LISTED)
    def test_the_student_groups_are_those_of_the_year(self, year):
        columns = of_year(published(), year)[0].cds.publication.columns
        assert len([name for name in columns if name.isupper()]) == (14 if year >= 2024 else 13)
        assert ("LTEL" in columns) == (year >= 2024)

    @pytest.mark.parametrize("year", LISTED)
    def test_the_methods_are_those_that_the_file_has_columns_for(self, year):
        assert {frozenset(one.methods) for one in of_year(published(), year)} == {
            frozenset(map(int, METHOD_COLUMNS[year]))
        }

    @pytest.mark.parametrize("year", LISTED)
    def test_a_status_and_a_flag_are_read_where_the_file_prints_them(self, year):
        printed = [one for (dashboard, _), one in published().published.items() if dashboard == year]
        assert len(printed) == LISTED[year]
        assert {one.status is not None for one in printed} == {True}
        assert {one.ec_52072 is not None for one in printed} == {year in WITH_FLAG}
        assert {one.ec_52071f is not None for one in printed} == {year == 2025}

    def test_the_status_words_of_a_year_are_its_own(self):
        words: dict[int, set[str]] = {}
        for (year, _), one in published().published.items():
            words.setdefault(year, set()).add(one.status.value)
        plain = {"General Assistance", "Differentiated Assistance"}
        years = {f"Differentiated Assistance, Year {number}" for number in (1, 2)}
        assert words == {
            2017: {"General Support", "Differentiated Support"},
            2018: plain,
            2019: plain,
            2022: plain,
            2023: {"General Assistance", "Differentiated Assistance, Year 1"},
            2024: {"General Assistance", *years},
            2025: plain,
        }

    def test_every_cell_that_was_read_stands_where_it_is_said_to_stand(self):
        cells = []
        for one in published().lea_years.values():
            grades = [one.grades] if one.grades else []
            cells += [one.cds, one.name, *one.letters.values(), *one.methods.values(), *grades]
        cells += [cell for one in published().published.values() for cell in one.cells()]
        assert len(cells) > 40_000
        assert [(cell.place, cell.value, at(cell)) for cell in cells if at(cell) != cell.value] == []

    def test_every_fact_on_record_stands_in_the_published_file_where_it_is_said_to_stand(self):
        facts = facts_of(read_record(record_folder()))
        assert len(facts) > 30_000
        rows = {atom: cell for atom, cell in facts.items() if atom[0] == "dashboard_row"}
        others = {atom: cell for atom, cell in facts.items() if atom[0] != "dashboard_row"}
        assert [(atom, cell) for atom, cell in others.items() if at(cell) != cell.value] == []
        # The cell of a row is that of the color, or of the level where there is no color; its words tell the row.
        assert {cell.value.split(",")[0].split()[0] for cell in rows.values()} == {"color", "currdenom"}
        for atom, cell in rows.items():
            words = dict(part.strip().rsplit(" ", 1) for part in cell.value.split(","))
            column = "color" if "color" in words else "statuslevel"
            assert (atom, at(cell)) == (atom, words[column])


class TestCommittedRecord:
    pytestmark = needs_shared

    def test_it_equals_what_the_reader_reads_byte_for_byte_whenever_it_is_written(self, tmp_path):
        committed = tables(record_folder())
        record = read_files(evidence_files(OF_THE_RECORD), {"27"}).record
        write_record(record, tmp_path)
        assert tables(tmp_path) == committed
        write_record(record, tmp_path)
        assert tables(tmp_path) == committed
        assert read_record(tmp_path) == record

    def test_the_order_in_which_the_files_are_given_changes_no_byte(self, tmp_path):
        files = evidence_files(OF_THE_RECORD)
        write_record(read_files([*files[3:], *files[2::-1]], {"27"}).record, tmp_path)
        assert tables(tmp_path) == tables(record_folder())

    @pytest.mark.sweep
    def test_file_by_file_into_one_folder_gives_the_same_bytes(self, tmp_path):
        record = Record({})
        for file in reversed(evidence_files(OF_THE_RECORD)):
            write_record(record.replaced(read_files([file], {"27"}).record), tmp_path)
            record = read_record(tmp_path)
        assert tables(tmp_path) == tables(record_folder())

    def test_all_files_in_one_call_or_in_several_give_the_same_bytes(self, tmp_path):
        files = [path for path in evidence_files([DATA]) if path.name != "assistancestatus24-inputs.xlsx"]
        files = [path for path in files if path.parent.name != "cde_rows"]
        write_record(read_files(files).record, tmp_path / "one")
        record = Record({})
        for part in (files[2::3][::-1], files[1::3], files[::3][::-1]):
            write_record(record.replaced(read_files(part).record), tmp_path / "several")
            record = read_record(tmp_path / "several")
        assert tables(tmp_path / "one") == tables(tmp_path / "several")

    def test_no_table_is_larger_than_five_megabytes(self):
        assert max(len(content) for content in tables(record_folder()).values()) < 5_000_000


def test_the_repository_holds_no_workbook():
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    files = [ROOT / name for name in names if name and (ROOT / name).is_file()]
    assert files
    assert [path for path in files if path.read_bytes()[:8].startswith(WORKBOOK_STARTS)] == []
    assert [path for path in files if path.suffix.lower() in {".xls", ".xlsx", ".xlsm", ".xlsb", ".ods"}] == []
