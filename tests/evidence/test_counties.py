"""California's counties, by their names and by the first two digits of CDS codes."""

import csv

import pytest

from pyreport.evidence.counties import counties, county_code, county_slug
from pyreport.evidence.record_reading import read_record, record_folder

from .readers.status_files import PUBLISHED, needs_shared


def test_there_are_58_with_codes_from_01_to_58_in_the_order_of_their_names():
    assert list(counties()) == [f"{number:02}" for number in range(1, 59)]
    assert list(counties().values()) == sorted(counties().values())
    assert (counties()["01"], counties()["27"], counties()["58"]) == ("Alameda", "Monterey", "Yuba")


def test_every_county_has_leas_on_record():
    assert {cds[:2] for _, cds in read_record(record_folder()).lea_years} == set(counties())


class TestNamesOfTheDirectory:
    pytestmark = needs_shared

    def test_the_names_are_those_of_cdes_letters_file(self):
        with (PUBLISHED / "letters-2025.csv").open(encoding="utf-8", newline="") as file:
            assert {(row["CDS"][:2], row["Countyname"]) for row in csv.DictReader(file)} == set(counties().items())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Monterey", "27"),
        (" monterey county ", "27"),
        ("SAN LUIS OBISPO", "40"),
        ("27", "27"),
        ("1", "01"),
        ("01", "01"),
        ("27102720000000", "27"),
        ("58727360000000", "58"),
    ],
)
def test_a_county_is_found_by_its_name_its_code_and_a_cds_code(text, code):
    assert county_code(text) == code


@pytest.mark.parametrize("code", counties())
def test_every_county_is_found_by_its_name_and_has_a_slug_of_its_own(code):
    assert county_code(counties()[code]) == code
    assert county_slug(code).startswith(f"{code}-")
    assert set(county_slug(code)) <= set("0123456789abcdefghijklmnopqrstuvwxyz-")


def test_the_slug_of_a_county_is_its_code_and_its_name():
    assert county_slug("40") == "40-san-luis-obispo"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Atlantis", "such as Monterey"),
        ("Montery", "did you mean Monterey"),
        ("san mateos", "San Mateo"),
        ("59", "01 to 58"),
        ("00", "01 to 58"),
        ("0", "01 to 58"),
        ("", "01 to 58"),
        ("99999990000000", "01 to 58"),
        ("2710272000000", "01 to 58"),
        ("٢٧", "01 to 58"),
    ],
)
def test_what_is_no_county_is_an_error_with_near_names_or_an_example(text, hint):
    with pytest.raises(ValueError, match="is no county of California") as caught:
        county_code(text)
    assert repr(text) in str(caught.value)
    assert hint in str(caught.value)
