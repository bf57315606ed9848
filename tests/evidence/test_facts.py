"""From the record to facts: what CDE concluded itself is never one."""

from __future__ import annotations

import pytest

from pyreport.evidence.facts import facts_of
from pyreport.evidence.record import Cell, LeaYear, Publication, Record, read_record, record_folder

FILE = Publication(2023, "Title", "Date", "made-up.xlsx", "Sheet", "0" * 64, {})


def cell(value: str, column: str = "A", row: int = 7) -> Cell:
    return Cell(value, FILE, column, row)


def made_up(year: int, cds: str, row: int = 7) -> LeaYear:
    return LeaYear(
        year,
        cell(cds, "B", row),
        cell('O\'Neill & "Söhne"\\', "C", row),
        {"FOS": cell("F", "M", row), "LTEL": cell("K", "P", row)},
        {1: cell("Y", "AA", row), 2: cell("N", "AB", row), 4: cell("Y", "AC", row)},
        cell("Differentiated Assistance, Year 1", "Z", row),
        cell("Y", "AD", row),
    )


def record(*keys: tuple[int, str]) -> Record:
    return Record({key: made_up(*key) for key in keys})


ONE = (2023, "27660500000000")


def test_each_fact_names_the_cell_it_was_read_from():
    assert {atom: found.place for atom, found in facts_of(record(ONE)).items()} == {
        ("listed", '"27660500000000"', 2023): "B7",
        ("name", '"27660500000000"', 2023, '"O\'Neill & \\"Söhne\\"\\\\"'): "C7",
        ("code_parts", '"27660500000000"', '"66"', '"0000000"'): "B7",
        ("letters_at_hand", '"27660500000000"', 2023): "B7",
        ("published_letter", '"27660500000000"', 2023, "fos", "f"): "M7",
        ("published_letter", '"27660500000000"', 2023, "ltel", "k"): "P7",
        ("published_method", '"27660500000000"', 2023, 2, "no"): "AB7",
        ("published_method", '"27660500000000"', 2023, 4, "yes"): "AC7",
    }


def test_neither_method_1_nor_a_status_nor_a_flag_of_the_record_becomes_a_fact():
    whole = read_record(record_folder())
    concluded = {
        id(cell)
        for one in whole.lea_years.values()
        for cell in (one.methods.get(1), one.status, one.ec_52072)
        if cell is not None
    }
    assert len(concluded) > 10_000
    facts = facts_of(whole)
    assert [atom for atom, cell in facts.items() if id(cell) in concluded] == []
    assert {atom[3] for atom in facts if atom[0] == "published_method"} == {2, 3, 4}
    told = {atom[0] for atom in facts}
    assert told >= {"listed", "name", "code_parts", "letters_at_hand", "published_letter", "published_method"}
    assert not told & {"published_status", "status", "persistent_52072"}


@pytest.mark.parametrize(("until", "years"), [(None, [2018, 2023, 2024]), (2023, [2018, 2023]), (2017, [])])
def test_until_a_year_takes_that_year_and_the_earlier_ones(until, years):
    keys = [(year, ONE[1]) for year in (2018, 2023, 2024)]
    facts = facts_of(record(*keys), until=until)
    assert sorted(atom[2] for atom in facts if atom[0] == "listed") == years
    assert {atom[2] for atom in facts if atom[0] != "code_parts"} == set(years)


@pytest.mark.parametrize(
    ("only", "codes"),
    [
        (None, ["01100170000000", "27660500000000", "27660680000000"]),
        ({"27"}, ["27660500000000", "27660680000000"]),
        (["01", "27660680000000"], ["01100170000000", "27660680000000"]),
        ({"58"}, []),
        (set(), []),
    ],
)
def test_only_takes_whole_counties_and_single_leas(only, codes):
    keys = [(2023, cds) for cds in ("27660680000000", "01100170000000", "27660500000000")]
    facts = facts_of(record(*keys), only=only)
    assert [atom[1].strip('"') for atom in facts if atom[0] == "listed"] == codes
    assert {atom[1].strip('"') for atom in facts} == set(codes)


def test_the_facts_come_by_year_and_code_in_whatever_order_the_record_has_them():
    keys = [(2024, "27660680000000"), (2023, "58727360000000"), (2023, "01100170000000")]
    assert list(facts_of(record(*keys))) == list(facts_of(record(*reversed(keys))))
    listed = [(atom[2], atom[1]) for atom in facts_of(record(*keys)) if atom[0] == "listed"]
    assert listed == sorted(listed)


def test_a_code_is_taken_apart_once_and_from_the_earliest_file():
    earlier, later = made_up(2018, ONE[1], 12), made_up(2023, ONE[1], 30)
    facts = facts_of(Record({(2023, ONE[1]): later, (2018, ONE[1]): earlier}))
    assert [found.row for atom, found in facts.items() if atom[0] == "code_parts"] == [12]
