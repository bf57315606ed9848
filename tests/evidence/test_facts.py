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


class TestNotListed:
    """A status file at hand says of the districts and county offices of its counties which it leaves out."""

    OTHER, ELSEWHERE = "27660680000000", "01100170000000"

    def left_out(self, *keys: tuple[int, str], **chosen: object) -> dict[tuple[object, ...], Cell]:
        facts = facts_of(record(*keys), **chosen)
        return {atom[1:]: found for atom, found in facts.items() if atom[0] == "not_listed"}

    def test_an_lea_known_from_another_year_is_left_out_by_the_head_of_the_column_of_the_codes(self):
        found = self.left_out(ONE, (2024, self.OTHER))
        assert {key: (cell.value, cell.place, cell.publication) for key, cell in found.items()} == {
            ('"27660500000000"', 2024): ("CDS", "B6", FILE),
            (f'"{self.OTHER}"', 2023): ("CDS", "B6", FILE),
        }

    def test_an_lea_that_every_file_lists_is_left_out_of_none(self):
        assert self.left_out(ONE, (2024, ONE[1]), (2023, self.OTHER), (2024, self.OTHER)) == {}

    def test_a_file_of_another_county_says_nothing(self):
        assert self.left_out(ONE, (2024, self.ELSEWHERE)) == {}

    def test_no_later_file_is_taken(self):
        keys = [ONE, (2024, self.OTHER), (2024, ONE[1]), (2018, self.OTHER)]
        assert set(self.left_out(*keys)) == {('"27660500000000"', 2018), (f'"{self.OTHER}"', 2023)}
        assert set(self.left_out(*keys, until=2022)) == set()
        assert set(self.left_out(*keys, until=2023)) == {('"27660500000000"', 2018), (f'"{self.OTHER}"', 2023)}

    def test_an_lea_taken_alone_is_left_out_as_among_all(self):
        keys = [ONE, (2024, self.OTHER)]
        assert set(self.left_out(*keys, only={ONE[1]})) == {('"27660500000000"', 2024)}
        assert self.left_out(*keys, only={"27"}) == self.left_out(*keys)

    def test_no_lea_year_is_listed_and_not_listed(self):
        facts = facts_of(read_record(record_folder()))
        listed, left_out = ({atom[1:] for atom in facts if atom[0] == name} for name in ("listed", "not_listed"))
        assert left_out
        assert listed & left_out == set()
        assert {lea[8:15] for lea, _ in left_out} == {"0000000"}


def test_the_facts_come_by_year_and_code_in_whatever_order_the_record_has_them():
    keys = [(2024, "27660680000000"), (2023, "58727360000000"), (2023, "01100170000000")]
    assert list(facts_of(record(*keys))) == list(facts_of(record(*reversed(keys))))
    listed = [(atom[2], atom[1]) for atom in facts_of(record(*keys)) if atom[0] == "listed"]
    assert listed == sorted(listed)


def test_a_code_is_taken_apart_once_and_from_the_earliest_file():
    earlier, later = made_up(2018, ONE[1], 12), made_up(2023, ONE[1], 30)
    facts = facts_of(Record({(2023, ONE[1]): later, (2018, ONE[1]): earlier}))
    assert [found.row for atom, found in facts.items() if atom[0] == "code_parts"] == [12]
