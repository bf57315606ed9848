"""Local indicators, the red list and the directory of charters; files of every kind in one folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from pyreport.evidence.findings import EvidenceError, Finding
from pyreport.evidence.model import Charter, LocalRating, LowPerformance
from pyreport.evidence.readers.charter_directory import read_charter_directory
from pyreport.evidence.readers.files import evidence_files, read_evidence, read_files
from pyreport.evidence.readers.local_indicators import read_local_indicators
from pyreport.evidence.readers.red_list import read_red_list
from pyreport.evidence.record import Record
from pyreport.evidence.record_reading import read_record
from pyreport.evidence.record_writing import write_record

from .dashboard_tables import CHARTER, DISTRICT, NAME, SCHOOL, row, rows, save, text_of
from .status_files import SHARED, leas, needs_shared, save_workbook

DATA = SHARED / "data"
ONE = "27660500000000"
LOCAL = [
    ["CDS", "LEAname", "Countyname", "LocalIndicator", "Performance"],
    [ONE, "Plain Valley Union", "Monterey", "Basic-Priority Area 1", "Met"],
    [ONE, "Plain Valley Union", "Monterey", "Academic-Priority Area 2", "Not Met"],
    [ONE, "Plain Valley Union", "Monterey", "Climate-Priority Area 6", "Not Met for Two or More Years"],
    ["01100170000000", "Söhne", "Alameda", "FosterYouth-Priority Area 10", "NA"],
]
RED = [
    [
        *("reportingyear", "cds", "rtype", "schoolname", "districtname", "countyname", "charter_flag", "studentgroup"),
        *("ELA", "Math", "Chronic", "CCI", "ELPI", "Grad", "Susp"),
    ],
    ["2023", ONE, "D", "*", "Plain Valley Union", "Monterey", "*", "MR", "Y", "*", "Y", "*", "*", "*", "*"],
    ["2023", ONE, "D", "*", "Plain Valley Union", "Monterey", "*", "ALL", "Y", "Y", "Y", "*", "*", "*", "*"],
    ["2023", CHARTER[0], "S", "Open Door", "Plain Valley Union", "Monterey", "Y", "HI", *"*****", "Y", "Y"],
]
CHARTERS = [
    ["cds", "schoolname", "districtname", "countyname", "DASS", "Charter"],
    [CHARTER[0], '"Open, Door" Charter', "Plain Valley Union", "Monterey", "Yes", "DF"],
    ["37764710137067", "Hohe Schule", "SBE - Hohe Schule", "San Diego", "No", "LF"],
]


def save_local(folder: Path, table: list[list[str]] = LOCAL, name: str = "LocalIndPerf2018.txt") -> Path:
    return save(folder / name, text_of(table[1:], table[0]))


def save_red(folder: Path, table: list[list[str]] = RED) -> Path:
    book = openpyxl.Workbook()
    for text in ("2023 Low Performing", "California Department of Education, June 2024", "", ""):
        book.active.append([text])
    for cells in table:
        book.active.append(cells)
    book.save(folder / "lowperfleasnonall23data.xlsx")
    return folder / "lowperfleasnonall23data.xlsx"


def save_charters(folder: Path, table: list[list[str]] = CHARTERS) -> Path:
    lines = [",".join(f'"{cell}"'.replace('""', '"""') if "," in cell else cell for cell in cells) for cells in table]
    text = "\n".join(lines).replace('"""Open, Door" Charter"', '"""Open, Door"" Charter"') + "\n"
    return save(folder / "charter-schools-2024.csv", text)


def refused(reader: Callable[[Path], object], path: Path) -> list[Finding]:
    with pytest.raises(EvidenceError) as caught:
        reader(path)
    return caught.value.findings


class TestLocalIndicators:
    def test_ratings_are_taken(self, tmp_path):
        publication, ratings = read_local_indicators(save_local(tmp_path))
        assert publication.id == "local-indicators-2018"
        assert ratings == [
            LocalRating(ONE, 1, "met", 2),
            LocalRating(ONE, 2, "not_met", 3),
            LocalRating(ONE, 6, "not_met_two_years", 4),
            LocalRating("01100170000000", 10, "not_applicable", 5),
        ]

    @pytest.mark.parametrize(
        ("number", "place", "cell", "column", "fragment"),
        [
            (1, 0, "2766050000000", "A", "14 digits"),
            (1, 2, "Kern", "C", "Monterey"),
            (2, 1, "Other", "B", "'Other'"),
            (1, 3, "Basic", "D", "no local indicator"),
            (1, 3, "Outcomes-Priority Area 8", "D", "no local indicator"),
            (2, 3, "Basic-Priority Area 1", "D", "row 2 already"),
            (1, 4, "Meets", "E", "Not Met For Two or More Years"),
            (1, 4, "", "E", "no rating"),
        ],
    )
    def test_a_cell_that_cannot_be(self, tmp_path, number, place, cell, column, fragment):
        table = [list(cells) for cells in LOCAL]
        table[number][place] = cell
        found = refused(read_local_indicators, save_local(tmp_path, table))
        assert any(one.column == column and one.row == number + 1 and fragment in one.message for one in found)

    def test_charter_schools_are_rated_too_whatever_name_stands_beside_their_code(self, tmp_path):
        names = ("Open Door", "Plain Valley Union", "")
        charter = [[CHARTER[0], name, "Monterey", f"X-Priority Area {n}", "Met"] for n, name in enumerate(names, 1)]
        _, ratings = read_local_indicators(save_local(tmp_path, [*LOCAL, *charter], "LocalIndPerf2023.txt"))
        assert ratings[4:] == [LocalRating(CHARTER[0], n, "met", n + 5) for n in (1, 2, 3)]

    @pytest.mark.parametrize(
        ("name", "delimiter", "header"),
        [
            ("Pr12018.txt", "|", ["CDSCode", "LEA", "PriorityNumber", "NumFacilities", "Performance", "Year"]),
            ("pr12023.txt", "\t", ["cdsCode", "lea", "priorityNumber", "numFacilities", "countyPerformance", "year"]),
            ("LocalIndPriority12025.txt", "|", ["cdscode", "lea", "priorityId", "meeting", "performance", "year"]),
        ],
    )
    def test_a_file_of_one_priority(self, tmp_path, name, delimiter, header):
        year = name[-8:-4]
        table = [
            header,
            [ONE, "Plain Valley Union", "1", "0", "Not Met For Two or More Years", year],
            [CHARTER[0], "Open Door", "1", "0", "Met", year],
            ["01100170000000", "Söhne", "1", "", "", year],
        ]
        text = "".join(delimiter.join(cells) + "\n" for cells in table)
        path = save(tmp_path / name, text)
        publication, ratings = read_local_indicators(path)
        assert publication.id == f"local-indicators-priority-1-{year}"
        assert ratings == [LocalRating(ONE, 1, "not_met_two_years", 2), LocalRating(CHARTER[0], 1, "met", 3)]
        assert read_evidence([path]).without(["local-indicators"]).sources == ()
        assert read_evidence([path]).without(["figures"]).sources == (publication,)

    def test_a_workbook_of_one_priority(self, tmp_path):
        book = openpyxl.Workbook()
        for cells in (["cdsCode", "lea", "priorityNumber", "Performance", "year"], [ONE, "A", 10, "Not Met", 2024]):
            book.active.append(cells)
        book.save(tmp_path / "Pr102024.xlsx")
        publication, ratings = read_local_indicators(tmp_path / "Pr102024.xlsx")
        assert (publication.sheet, publication.dashboard_year) == ("Sheet", 2024)
        assert ratings == [LocalRating(ONE, 10, "not_met", 2)]

    @pytest.mark.parametrize(
        ("row", "fragment"),
        [
            ([ONE, "A", "2", "Met", "2024"], "by its name the file is of Priority 1"),
            ([ONE, "A", "1", "Met", "2023"], "by its name the file is of 2024"),
            ([ONE, "A", "1", "Met|2024", "2024"], "take CDE's workbook"),
            ([ONE, "A", "1", "good", "2024"], "'good' is no rating"),
            ([ONE, "A", "1", "", "2024"], "no row below the column names that has a rating"),
        ],
    )
    def test_a_row_of_a_file_of_one_priority_that_cannot_be(self, tmp_path, row, fragment):
        table = [["cdsCode", "lea", "priorityNumber", "Performance", "year"], row]
        path = save(tmp_path / "Pr12024.txt", "".join("|".join(cells) + "\n" for cells in table))
        assert any(fragment in one.message for one in refused(read_local_indicators, path))

    def test_two_files_that_rate_otherwise_are_refused_together(self, tmp_path):
        save_local(tmp_path)
        save(tmp_path / "Pr12018.txt", f"cdscode|lea|priorityid|performance|year\n{ONE}|A|1|Not Met|2018\n")
        with pytest.raises(EvidenceError, match=f"rates Priority 1 of {ONE} otherwise than row 2 of LocalIndPerf2018"):
            read_evidence([tmp_path])

    @needs_shared[0]
    @needs_shared[1]
    def test_cdes_files(self):
        counted = {}
        for year in (2017, 2018):
            _, ratings = read_local_indicators(DATA / "local_indicators" / f"LocalIndPerf{year}.txt")
            counted[year] = Counter(one.rating for one in ratings)
        assert counted[2017] == {"met": 3862, "not_met": 226}
        assert counted[2018] == {"met": 4901, "not_met": 158, "not_applicable": 22}


class TestRedList:
    def test_marked_indicators_of_student_groups_are_taken(self, tmp_path):
        publication, taken = read_red_list(save_red(tmp_path))
        assert taken == [
            LowPerformance(ONE, "TOM", ("ela", "chronic_absenteeism"), 6),
            LowPerformance(CHARTER[0], "HI", ("graduation", "suspension"), 8),
        ]
        assert (publication.id, publication.title, publication.date) == (
            "red-list-2023",
            "2023 Low Performing",
            "June 2024",
        )

    @pytest.mark.parametrize(
        ("number", "place", "cell", "column", "fragment"),
        [
            (1, 0, "2024", "A", "2023"),
            (1, 1, "99660500000000", "B", "01 to 58"),
            (1, 2, "S", "C", "expected D without"),
            (3, 2, "D", "C", "expected D without"),
            (3, 6, "N", "G", "neither Y nor blank"),
            (1, 5, "Yolo", "F", "Monterey"),
            (1, 7, "XYZ", "H", "no student group"),
            (2, 7, "MR", "H", "row 6 already"),
            (1, 8, "N", "I", "neither Y nor blank"),
            (1, 4, "*", "E", "missing"),
        ],
    )
    def test_a_cell_that_cannot_be(self, tmp_path, number, place, cell, column, fragment):
        table = [list(cells) for cells in RED]
        table[number][place] = cell
        found = refused(read_red_list, save_red(tmp_path, table))
        assert any(one.column == column and one.row == number + 5 and fragment in one.message for one in found)

    @needs_shared[0]
    @needs_shared[1]
    def test_cdes_file(self):
        _, taken = read_red_list(DATA / "dashboard" / "lowperfleasnonall23data.xlsx")
        assert len(taken) == 5797
        assert sum(len(one.indicators) for one in taken) == 9512


class TestCharters:
    def test_charters_are_taken(self, tmp_path):
        publication, charters = read_charter_directory(save_charters(tmp_path))
        assert publication.id == "charters-2024"
        assert charters == [
            Charter(CHARTER[0], '"Open, Door" Charter', "Plain Valley Union", "Y", "DF", 2),
            Charter("37764710137067", "Hohe Schule", "SBE - Hohe Schule", "N", "LF", 3),
        ]

    @pytest.mark.parametrize(
        ("place", "cell", "column", "fragment"),
        [
            (0, ONE, "A", "not of a charter"),
            (0, CHARTER[0], "A", "row 2 already"),
            (1, "", "B", "name"),
            (2, "", "C", "authorizer"),
            (3, "Kern", "D", "San Diego"),
            (4, "Y", "E", "neither Yes nor No"),
            (5, "XX", "F", "neither DF nor LF"),
        ],
    )
    def test_a_cell_that_cannot_be(self, tmp_path, place, cell, column, fragment):
        table = [list(cells) for cells in CHARTERS]
        table[2][place] = cell
        if place == 0:
            table[2][3] = "Monterey"
        found = refused(read_charter_directory, save_charters(tmp_path, table))
        assert any(one.column == column and one.row == 3 and fragment in one.message for one in found)

    @needs_shared[0]
    @needs_shared[1]
    def test_cdes_file(self):
        _, charters = read_charter_directory(DATA / "directory" / "charter-schools-2024.csv")
        assert len(charters) == 1271
        assert Counter(one.dass for one in charters) == {"N": 1149, "Y": 122}
        assert sum(one.authorizer.startswith("SBE - ") for one in charters) == 18


READERS = [
    (read_local_indicators, save_local, LOCAL),
    (read_red_list, save_red, RED),
    (read_charter_directory, save_charters, CHARTERS),
]


@pytest.mark.parametrize(("reader", "saved", "table"), READERS)
class TestAll:
    def test_a_missing_and_a_doubled_column(self, tmp_path, reader, saved, table):
        for place, name in enumerate(table[0]):
            lacking = [cells[:place] + cells[place + 1 :] for cells in table]
            assert refused(reader, saved(tmp_path, lacking)), name
            doubled = [[*cells, cells[place]] for cells in table]
            (told,) = refused(reader, saved(tmp_path, doubled))
            assert "stands twice" in told.message

    def test_columns_in_another_order(self, tmp_path, reader, saved, table):
        expected = reader(saved(tmp_path, table))[1]
        assert reader(saved(tmp_path, [cells[::-1] for cells in table]))[1] == expected

    def test_a_file_cut_short(self, tmp_path, reader, saved, table):
        path = saved(tmp_path, table)
        save(path, path.read_bytes()[:-1] if path.suffix != ".xlsx" else path.read_bytes()[:-1000])
        assert refused(reader, path)

    def test_nothing(self, tmp_path, reader, saved, table):
        assert refused(reader, saved(tmp_path, table[:1]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a file of every kind."""
    place = tmp_path / "files"
    (place / "dashboard").mkdir(parents=True)
    save(place / "dashboard" / NAME, text_of(rows()))
    save_local(place)
    save_red(place)
    save_charters(place)
    save_workbook(place / "assistancestatus23.xlsx", leas())
    save(place / "districts-2019.csv", "CD Code\n")
    save(place / "notes.md", "no file of CDE's\n")
    return place


class TestEveryKind:
    def test_a_folder_is_read_whole(self, folder):
        read = read_files(evidence_files([folder]))
        assert {one.id: count for one, count in read.counts.items()} == {
            "status-2023": 4,
            "suspension-2024": 4,
            "local-indicators-2018": 4,
            "red-list-2023": 2,
            "charters-2024": 2,
        }
        assert list(read.passed_over) == ["districts-2019.csv"]
        assert sorted(read.record.counties) == ["01", "27", "37"]
        assert read.record.years == [2023, 2024]
        assert read.record.years_of(ONE) == [2023, 2024]
        # The directory names it, in whatever year.
        assert read.record.years_of(CHARTER[0]) == [2023, 2024]

    def test_it_is_written_and_read_back(self, folder, tmp_path):
        record = read_evidence([folder])
        write_record(record, tmp_path / "record")
        assert read_record(tmp_path / "record") == record

    def test_order_and_portions_change_no_byte(self, folder, tmp_path):
        files = evidence_files([folder])
        write_record(read_files(files).record, tmp_path / "one")
        record = Record({})
        for file in files[::-1]:
            write_record(record.replaced(read_files([file]).record), tmp_path / "other")
            record = read_record(tmp_path / "other")
        assert contents(tmp_path / "one") == contents(tmp_path / "other")

    def test_all_problems_of_all_files_are_told(self, folder):
        save(folder / "dashboard" / NAME, text_of(rows())[:-1])
        save(folder / "unknown.txt", "text\n")
        save_local(folder, [*LOCAL, LOCAL[1]])
        assert {one.file for one in refused(lambda path: read_evidence([path]), folder)} == {
            NAME,
            "LocalIndPerf2018.txt",
        }

    def test_two_files_of_one_kind_and_year_are_one_too_many(self, folder):
        save(folder / NAME, text_of(rows()[:-1]))
        (told,) = refused(lambda path: read_evidence([path]), folder)
        assert told.file == str(folder / NAME)
        assert f"the same kind and year (suspension-2024) as {folder / 'dashboard' / NAME}" in told.message

    def test_a_file_of_one_county_gives_way_to_one_of_more_whichever_comes_first(self, tmp_path):
        for name in ("one", "more"):
            (tmp_path / name).mkdir()
        alone = save(tmp_path / "one" / NAME, text_of([row(DISTRICT, "HI"), row(DISTRICT, "WH")]))
        more = save(tmp_path / "more" / NAME, text_of(rows()))
        both = [read_files([alone]).record, read_files([more]).record]
        assert both[0].replaced(both[1]) == both[1].replaced(both[0]) == both[1]
        assert read_files([more, alone]).record == both[1]

    def test_a_file_of_another_county_stands_beside_it(self, tmp_path):
        for name in ("a", "b"):
            (tmp_path / name).mkdir()
        here = save(tmp_path / "a" / NAME, text_of([row(DISTRICT, "HI")]))
        there = save(tmp_path / "b" / NAME, text_of([cells for cells in rows() if cells[0].startswith("01")]))
        record = read_files([here, there]).record
        assert [one.id for one in record.sources] == ["suspension-2024-alameda", "suspension-2024-monterey"]

    def test_a_newer_file_of_the_kind_replaces_the_older_one_wholly(self, folder, tmp_path):
        record = read_evidence([folder])
        newer = save(tmp_path / NAME, text_of([cells for cells in rows() if cells[0] != CHARTER[0]]))
        replaced = record.replaced(read_files([newer]).record)
        assert [one for _, _, one in replaced.counties["27"].reported() if one.cds == CHARTER[0]] == []
        assert replaced.counties["27"].charters == record.counties["27"].charters


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class TestFurtherEvidence:
    def test_rows_of_an_lea_replace_its_rows_of_that_year_alone_and_no_letters(self, folder, tmp_path):
        save_workbook(folder / "assistancestatus24.xlsx", leas(2024), year=2024)
        record = read_evidence([folder])
        newer = read_files([save(tmp_path / NAME, text_of([row(DISTRICT, "WH"), row(SCHOOL, "WH")]))]).record
        updated = record.updated(newer)
        assert updated.lea_years == record.lea_years
        groups = {
            (figure.cds, figure.group) for figures in updated.counties["27"].figures.values() for figure in figures
        }
        assert groups == {(ONE, "WH"), (CHARTER[0], "SWD")}
        assert updated.counties["01"] == record.counties["01"]

    def test_letters_given_with_the_rows_stay(self, folder, tmp_path):
        record = read_evidence([folder])
        both = [
            save(tmp_path / NAME, text_of([row(DISTRICT, "WH")])),
            save_workbook(tmp_path / "assistancestatus24.xlsx", leas(2024), year=2024),
        ]
        assert record.updated(read_files(both).record).lea_years[2024, ONE].letters_at_hand

    def test_a_charter_and_a_year_that_the_record_lacks_come_in(self, tmp_path):
        newer = read_files([save(tmp_path / NAME, text_of(rows()))]).record
        updated = Record({}).updated(newer)
        assert updated.years == [2024]
        assert updated.years_of(CHARTER[0]) == [2024]

    def test_a_rating_replaces_that_of_its_year_lea_and_priority_alone(self, folder, tmp_path):
        record = read_evidence([folder])
        newer = read_files([save_local(tmp_path, [LOCAL[0], [*LOCAL[1][:4], "Not Met"]])]).record
        ratings = [one for rows in record.updated(newer).counties["27"].local_ratings.values() for one in rows]
        assert sorted(ratings) == [
            LocalRating(ONE, 1, "not_met", 2),
            LocalRating(ONE, 2, "not_met", 3),
            LocalRating(ONE, 6, "not_met_two_years", 4),
        ]
