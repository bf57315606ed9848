"""What the pages show, of every county and year, is what their graphs say: compared by words made anew."""

import pytest
from reporting.pages import county_text

from pyreport.evidence.counties import counties
from pyreport.evidence.record_reading import read_record, record_folder

from .checked import problems

YEARS = read_record(record_folder()).years
FEW = [("02", year) for year in YEARS] + [("03", 2024), ("27", 2024)]


def compared(code: str, year: int) -> None:
    assert problems(county_text(code, year)) == []


@pytest.mark.parametrize(("code", "year"), FEW)
def test_what_a_page_shows_is_what_its_graph_says(code, year):
    compared(code, year)


@pytest.mark.long
@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("code", counties())
def test_what_any_page_shows_is_what_its_graph_says(code, year):
    compared(code, year)
