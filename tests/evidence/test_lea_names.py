"""LEAs by their names."""

import functools

import pytest

from pyreport.evidence.lea_names import LeaNames
from pyreport.evidence.model import Cell, LeaYear, Publication
from pyreport.evidence.record import Record
from pyreport.evidence.record_reading import read_record, record_folder


@functools.cache
def names() -> LeaNames:
    return LeaNames(read_record(record_folder()))


@pytest.mark.parametrize(
    "text",
    [
        "Salinas Union High",
        "salinas  UNIONHIGH ",
        "Salinas Union High, Monterey",
        "salinas union high, monterey county",
    ],
)
def test_case_and_spaces_do_not_matter_and_a_county_may_follow(text):
    assert names().code(text) == "27661590000000"


def test_a_code_is_returned_as_it_is():
    assert names().code(" 27999990000000 ") == "27999990000000"


def test_of_several_leas_with_one_name_the_county_tells_which():
    assert names().code("Washington Unified, Yolo") == "57726940000000"
    with pytest.raises(
        ValueError, match="several LEAs: Washington Unified \\(10767780000000, Fresno County\\), Washing"
    ):
        names().code("Washington Unified")


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Salinas", "did you mean Salinas Union High (27661590000000, Monterey County), Salinas City Elementary"),
        ("Monteray Peninsula Unified", "did you mean Monterey Peninsula Unified (27660920000000, Monterey County)"),
        ("Salinas Union High, Kern", "did you mean Salinas Union High (27661590000000, Monterey County)"),
        ("Xqzwv", "give its name in full, or its CDS code of 14 digits"),
    ],
)
def test_a_name_that_no_lea_has_comes_with_near_ones(text, near):
    with pytest.raises(ValueError, match="no LEA on record has the name") as caught:
        names().code(text)
    assert near in str(caught.value)


def test_the_newest_name_counts():
    def named(year: int, name: str) -> LeaYear:
        source = Publication(year, "T", "", "f", "", "0", {})
        return LeaYear(year, Cell("27000000000000", source, "A", 1), Cell(name, source, "B", 1), {}, {}, None)

    renamed = LeaNames(
        Record({(year, "27000000000000"): named(year, name) for year, name in [(2023, "New"), (2019, "Old")]})
    )
    assert renamed.code("new") == "27000000000000"
    with pytest.raises(ValueError, match="no LEA on record"):
        renamed.code("Old")
