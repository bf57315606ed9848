"""From the record to facts: Method 1 as CDE printed it is never one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from pyreport.evidence.facts import facts_of
from pyreport.evidence.model import Cell, LeaYear, Publication, Published
from pyreport.evidence.record import Record
from pyreport.evidence.record_reading import read_record, record_folder

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
        cell("P-Adult", "F", row),
    )


def record(*keys: tuple[int, str]) -> Record:
    """The files of these LEA-years, which are said to be complete for the counties."""
    printed = Published(cell("Differentiated Assistance, Year 1", "Z"), cell("Y", "AD"), cell("N", "AE"))
    complete = frozenset(cds[:2] for _, cds in keys)
    return Record({key: made_up(*key) for key in keys}, published=dict.fromkeys(keys, printed), complete=complete)


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
        ("grades_offered", '"27660500000000"', 2023, -1, 13): "F7",
        ("published_status", '"27660500000000"', 2023, '"Differentiated Assistance, Year 1"'): "Z7",
        ("published_52072", '"27660500000000"', 2023, "yes"): "AD7",
        ("published_52071f", '"27660500000000"', 2023, "no"): "AE7",
    }


@pytest.mark.parametrize(
    ("grades", "span"),
    [
        ("K-8", (0, 8)),
        ("P-Post Secondary", (-1, 13)),
        ("K-13", (0, 13)),
        ("9-Adult", (9, 13)),
        ("K", None),
        ("eight to twelve", None),
        ("", None),
    ],
)
def test_a_span_of_grades_is_two_numbers_and_what_is_none_is_no_fact(grades, span):
    one = replace(made_up(*ONE), grades=cell(grades, "F"))
    found = [atom[3:] for atom in facts_of(Record({ONE: one})) if atom[0] == "grades_offered"]
    assert found == ([span] if span else [])


def test_method_1_of_the_record_becomes_no_fact():
    whole = read_record(record_folder())
    concluded = {id(one.methods[1]) for one in whole.lea_years.values() if 1 in one.methods}
    assert len(concluded) > 4_000
    facts = facts_of(whole)
    assert [atom for atom, cell in facts.items() if id(cell) in concluded] == []
    assert {atom[3] for atom in facts if atom[0] == "published_method"} == {2, 3, 4}


@pytest.mark.parametrize("kind", ["letters", "figures", "red-list", "local-indicators", "published"])
def test_without_a_kind_of_evidence_none_of_its_facts_is_stated_and_all_others_are(kind):
    of_kind = {
        "letters": {"published_letter", "letters_at_hand"},
        "figures": {"dashboard_row", "suspension_type", "small_population", "not_printed", "all_rows_at_hand"}
        | {"high_school_cut_points", "certification_flag", "reported"},
        "red-list": {"low_performing", "red_list_at_hand"},
        "local-indicators": {"local_rating"},
        "published": {"published_status", "published_52072", "published_52071f"},
    }[kind]
    whole = read_record(record_folder())
    before, after = (Counter(atom[0] for atom in facts_of(one, only={"27"})) for one in (whole, whole.without({kind})))
    assert {name for name in before if name not in after} == of_kind
    # What is known of a charter school through its figures alone goes with them.
    through_figures = (
        {"name", "charter", "dass", "code_parts", "red_list_at_hand"} if kind in ("figures", "red-list") else set()
    )
    assert {name for name in after if after[name] != before[name]} - through_figures == set()


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

    def test_a_file_that_is_not_complete_says_nothing(self):
        of_keys = replace(record(ONE, (2024, self.OTHER)), complete=frozenset())
        assert [atom for atom in facts_of(of_keys) if atom[0] == "not_listed"] == []

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
