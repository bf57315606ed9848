"""The facts of the Dashboard's files, the red list, local indicators and charters, with their cells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pyreport.evidence.facts import facts_of
from pyreport.evidence.readers.files import read_evidence
from pyreport.evidence.record import Record
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.files.places import policy_folder
from pyreport.rulebook.loading import load_rulebook

from .readers.dashboard_tables import CHARTER, NAME, rows, save, text_of
from .readers.status_files import leas, save_workbook
from .readers.test_other_files import save_charters, save_local, save_red

ONE, OPEN = '"27660500000000"', f'"{CHARTER[0]}"'


@pytest.fixture
def record(tmp_path: Path) -> Record:
    save(tmp_path / NAME, text_of(rows()))
    save_local(tmp_path)
    save_red(tmp_path)
    save_charters(tmp_path)
    save_workbook(tmp_path / "assistancestatus23.xlsx", leas())
    save_workbook(tmp_path / "assistancestatus24.xlsx", leas(2024), year=2024)
    return replace(read_evidence([tmp_path]), complete=frozenset({"01", "27", "58"}))


def told(record: Record, **chosen: object) -> dict[tuple[object, ...], str]:
    """The facts but those of the status files, each with the file and the cell."""
    of_status = {"listed", "published_letter", "published_method", "letters_at_hand", "code_parts"}
    of_status |= {"published_status", "published_52072"}
    facts = facts_of(record, **chosen)
    return {atom: f"{cell.publication.id} {cell.place}" for atom, cell in facts.items() if atom[0] not in of_status}


def test_the_rows_of_a_student_group(record):
    facts = told(record, only={"27660500000000"})
    rows_of = {atom: cell for atom, cell in facts.items() if atom[0] == "dashboard_row"}
    assert rows_of == {
        ("dashboard_row", ONE, 2024, "tom", "suspension", 45, "met", 100, 0, 1, 3, "orange"): "suspension-2024 T3",
        ("dashboard_row", ONE, 2024, "fos", "suspension", 9, "not_met", "none", "none", "none", "none", "none"): (
            "suspension-2024 T4"
        ),
    }


def test_the_cell_tells_the_row_in_words(record):
    facts = facts_of(record, only={"27660500000000"})
    words = [cell.value for atom, cell in facts.items() if atom[:4] == ("dashboard_row", ONE, 2024, "tom")]
    assert words == [
        "color 2, currdenom 45, currstatus 10.0, statuslevel 1, change 0.0, changelevel 3, n-size met",
    ]


def test_flags_and_the_type(record):
    facts = told(record, only={"27660500000000", CHARTER[0]})
    assert facts["small_population", ONE, 2024, "fos", "suspension"] == "suspension-2024 V4"
    assert ("small_population", ONE, 2024, "tom", "suspension") not in facts
    assert facts["suspension_type", ONE, 2024, "unified_district"] == "suspension-2024 I4"
    assert facts["suspension_type", OPEN, 2024, "elementary_school"] == "suspension-2024 I8"


def test_which_files_are_at_hand_for_whom(record):
    facts = told(record)
    at_hand = {atom[1:]: cell for atom, cell in facts.items() if atom[0] == "all_rows_at_hand"}
    assert at_hand == {
        ('"01100170000000"', 2024, "suspension"): "suspension-2024 A9",
        (ONE, 2024, "suspension"): "suspension-2024 A2",
        # The status file alone lists it: the head of the column stands for the file.
        ('"27660680000000"', 2024, "suspension"): "suspension-2024 A1",
        (OPEN, 2024, "suspension"): "suspension-2024 A7",
    }
    red = {atom[1]: cell for atom, cell in facts.items() if atom[0] == "red_list_at_hand"}
    assert red == {
        '"01100170000000"': "status-2023 B7",
        ONE: "status-2023 B8",
        '"27660680000000"': "status-2023 B9",
        '"58727360000000"': "status-2023 B10",
        OPEN: "red-list-2023 B8",
    }


def test_the_files_of_a_year_before_a_charter_had_rows_are_at_hand_for_it_where_they_hold_its_county(tmp_path):
    save(tmp_path / NAME, text_of(rows()))
    before = [[*cells[:-1], "2023"] for cells in rows() if cells[0] == "27660500000000"]
    save(tmp_path / "suspdownload2023.txt", text_of(before))
    facts = told(replace(read_evidence([tmp_path]), complete=frozenset({"27"})))
    at_hand = {atom[1:]: cell for atom, cell in facts.items() if atom[0] == "all_rows_at_hand" and atom[2] == 2023}
    # The charter is new in 2024: the head of the column stands for the file. The county office is of another county.
    assert at_hand == {
        (ONE, 2023, "suspension"): "suspension-2023-monterey A2",
        (OPEN, 2023, "suspension"): "suspension-2023-monterey A1",
    }
    assert ("reported", OPEN, 2023) not in facts
    assert [atom for atom in facts if atom[:2] == ("not_listed", OPEN)] == []


def test_a_status_file_leaves_out_a_district_with_rows_and_says_nothing_of_a_charter(tmp_path):
    save(tmp_path / NAME, text_of(rows()))
    listed = [lea for lea in leas(2024) if "27660500000000" not in str(lea)]
    save_workbook(tmp_path / "assistancestatus24.xlsx", listed, year=2024)
    facts = told(replace(read_evidence([tmp_path]), complete=frozenset({"27"})))
    assert len(listed) == len(leas(2024)) - 1
    assert {atom[1:]: cell for atom, cell in facts.items() if atom[0] == "not_listed"} == {
        (ONE, 2024): "status-2024 B6",
    }
    assert {atom[1] for atom in facts if atom[0] == "reported"} >= {ONE, OPEN}


def test_charters_are_reported_and_named_by_their_rows(record):
    facts = told(record, only={CHARTER[0]})
    assert facts["charter", OPEN] == "charters-2024 A2"
    assert facts["dass", OPEN] == "charters-2024 E2"
    assert facts["reported", OPEN, 2024] == "suspension-2024 A7"
    assert facts["name", OPEN, 2024, '"Open Door Charter"'] == "suspension-2024 C7"
    assert ("code_parts", OPEN, '"66"', '"2730018"') in facts_of(record, only={CHARTER[0]})


def test_what_the_directory_prints_of_a_charter_and_what_its_code_begins_with_are_facts(record):
    found = {
        atom: cell
        for atom, cell in facts_of(record).items()
        if atom[0].endswith(("_printed", "_under")) and atom[0] != "not_printed"
    }
    of_one = {atom[0]: (atom[2:], cell.value, cell.place) for atom, cell in found.items() if atom[1] == OPEN}
    assert of_one == {
        "numbered_under": (('"27660500000000"', '"27"'), CHARTER[0], "A2"),
        "authorizer_printed": (('"Plain Valley Union"',), "Plain Valley Union", "C2"),
        "funding_printed": (('"DF"',), "DF", "F2"),
    }
    assert {atom[2] for atom in found if atom[0] == "authorizer_printed"} == {'"Plain Valley Union"', '"SBE"'}
    assert any(cell.value.startswith("SBE - ") for cell in found.values())


def test_districts_keep_the_name_of_the_status_file(record):
    names = [atom for atom in facts_of(record, only={"27660500000000"}) if atom[0] == "name" and atom[2] == 2024]
    assert names == [("name", ONE, 2024, '"O\'Neill & Söhne <Union>"')]
    assert ("reported", ONE, 2024) in facts_of(record, only={"27660500000000"})


def test_the_red_list_and_local_indicators(record):
    facts = told(record, only={"27660500000000"})
    assert {atom[1:]: cell for atom, cell in facts.items() if atom[0] == "low_performing"} == {
        (ONE, 2023, "tom", "ela"): "red-list-2023 I6",
        (ONE, 2023, "tom", "chronic_absenteeism"): "red-list-2023 K6",
    }
    assert {atom[1:]: cell for atom, cell in facts.items() if atom[0] == "local_rating"} == {
        (ONE, 2018, 1, "met"): "local-indicators-2018 E2",
        (ONE, 2018, 2, "not_met"): "local-indicators-2018 E3",
        (ONE, 2018, 6, "not_met_two_years"): "local-indicators-2018 E4",
    }


def test_no_later_dashboard_is_taken(record):
    predicates = load_rulebook(policy_folder()).predicates.values()
    place = {one.name: one.arguments.index("Year") + 1 for one in predicates if "Year" in one.arguments}
    facts = facts_of(record, until=2023)
    assert {atom[place[atom[0]]] for atom in facts if atom[0] in place} == {2018, 2023}


def test_letters_stay_at_hand_beside_newer_rows(record, tmp_path):
    (tmp_path / "new").mkdir()
    newer = read_evidence([save(tmp_path / "new" / NAME, text_of(rows()))])
    facts = facts_of(record.updated(newer), only={"27660500000000"})
    assert {("letters_at_hand", ONE, 2023), ("letters_at_hand", ONE, 2024), ("listed", ONE, 2024)} <= set(facts)


def test_of_a_file_that_is_not_complete_no_lea_has_all_rows(record):
    facts = facts_of(replace(record, complete=frozenset({"58"})))
    assert [atom for atom in facts if atom[0] == "all_rows_at_hand"] == []
    # Nor does the list of Red groups speak of LEAs that it does not name.
    assert {atom[1][1:3] for atom in facts if atom[0] == "red_list_at_hand"} == {"58"}


def test_what_a_file_does_not_print_is_stated_once_for_each_lea(record):
    facts = told(record, only={"27660500000000"})
    assert {atom[3:]: cell for atom, cell in facts.items() if atom[0] == "not_printed"} == {
        ("suspension", "certified"): "suspension-2024 A4",
        ("suspension", "high_school_cut_points"): "suspension-2024 A4",
    }


def test_charters_of_the_directory_are_looked_at_and_named_in_every_year(record):
    facts = told(record, only={"27"})
    assert {atom[2] for atom in facts if atom[:2] == ("in_directory", OPEN)} == set(record.years)
    assert {atom[2] for atom in facts if atom[:2] == ("name", OPEN)} == set(record.years)


def test_a_county_is_the_same_alone_as_among_all(record):
    whole = facts_of(record)
    for code in ("01", "27", "58"):
        alone = facts_of(record, only={code})
        assert alone == {atom: cell for atom, cell in whole.items() if str(atom[1])[1:3] == code}


class TestTheRecord:
    def test_its_counts(self):
        facts = facts_of(read_record(record_folder()))
        counted = {name: sum(atom[0] == name for atom in facts) for name in {str(atom[0]) for atom in facts}}
        assert counted["dashboard_row"] == 5226
        assert counted["low_performing"] == 9512
        assert counted["local_rating"] == 4088 + 5081
        assert counted["certification_flag"] == 4
        assert (counted["published_status"], counted["published_52072"]) == (6896, 993 + 991 + 994 + 992)
        assert counted["published_52071f"] == 992

    def test_every_fact_is_in_the_vocabulary(self):
        predicates = load_rulebook(policy_folder()).predicates
        facts = facts_of(read_record(record_folder()), only={"27"})
        unknown = {(atom[0], len(atom) - 1) for atom in facts} - {one.signature for one in predicates.values()}
        # The rules do not look at DASS: such charters are eligible like any other.
        assert unknown <= {("dass", 1)}
