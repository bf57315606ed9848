"""What pages say as of a date: of each LEA by topic, its pathways, and which date it is."""

import functools

import pytest
from reporting.pages import ALPINE, MONTEREY, rulebook

from pyreport.following.as_of_date import DUTIES
from pyreport.following.support import certainly_out, fiscal_year_of
from pyreport.reporting.county_case import county_case
from pyreport.reporting.county_files import county_files
from pyreport.reporting.county_page import county_page
from pyreport.reporting.page_request import PageRequest
from pyreport.rulebook.syntax import quote

OFFICE = "27102720000000"
CHARTER = "27102722730232"
CONSULTED = f"""\
- what: lea_consulted
  by: ccee
  lea: "{OFFICE}"
  date: 2025-01-15
  section: "52072.5(a)"
  document: "Letter of CCEE"
"""


@functools.cache
def case(year=2024, as_of=None, files=(), county=MONTEREY):
    return county_case(county, PageRequest(year, as_of=as_of, case=files))


def short(one, cds):
    return {name: [each.short for each in found] for name, found in one.following_law.of(quote(cds)).items()}


def pathway(one, words):
    return next(each for each in one.following_law.pathways(quote(OFFICE)) if words in each.words)


@pytest.mark.parametrize(
    ("year", "date"),
    [(2017, 20180101), (2018, 20190101), (2019, 20200101), (2022, 20230101), (2023, 20231215), (2025, 20251115)],
)
def test_without_a_date_a_page_is_as_of_the_first_day_on_which_the_dashboard_was_certainly_out(year, date):
    assert certainly_out(rulebook(), year) == date
    assert case(year, county=ALPINE).decision.scope.as_of == date


def test_of_a_dashboard_whose_day_no_source_gives_there_is_none():
    assert certainly_out(rulebook(), 2020) is None


@pytest.mark.parametrize(("date", "year"), [(20240630, 2024), (20240701, 2025), (20241231, 2025), (20250101, 2025)])
def test_a_fiscal_year_is_called_by_the_year_it_ends_in(date, year):
    assert fiscal_year_of(rulebook(), date) == year


def test_a_charter_school_located_in_another_county_is_on_that_county_s_page_and_in_its_office_s_money(tmp_path):
    file = tmp_path / "case.yaml"
    file.write_text(f'- {{what: located_in, lea: "{CHARTER}", county: "02", document: D}}\n', encoding="utf-8")
    request = PageRequest(2024, as_of=20250301, case=(str(file),))
    located = county_page(ALPINE, request)
    assert CHARTER in {row.cds for row in located.rows}
    assert any(CHARTER in text for text in located.allowance.missing)
    assert CHARTER not in {row.cds for row in case(county=ALPINE, as_of=20250301).rows}
    # Its own page is among those of the county of its code.
    asked = {**request.parameters(), "batch": [], "graph": None}
    names = [name for name, _ in county_files(located.case, asked)]
    assert names[0] == "02-alpine.html"
    assert all(name.startswith("lea/02") for name in names if name.startswith("lea/"))


def test_support_provider_and_length_are_said_of_each_lea_in_the_order_of_the_policy():
    found = short(case(), OFFICE)
    assert [name for name in found if name in ("support", "provider", "length")] == ["support", "provider", "length"]
    assert "Level 2 (differentiated assistance) is owed" in found["support"]
    assert found["provider"][0] == "the California Department of Education shall provide it"
    assert found["length"][:2] == [
        "at least until the release of the 2026 Dashboard",
        "the 2026 Dashboard is due on or before 15 October 2026",
    ]


def test_an_lea_that_is_owed_nothing_has_the_support_for_all_and_duties():
    found = short(case(), "27659610000000")
    assert found["support"] == ["Level 1 (support for all) is available"]
    assert "provider" not in found
    assert "length" not in found
    assert found[DUTIES]


def test_another_date_is_told_by_another_law():
    office = "02100250000000"
    assert short(case(2024, 20241201, county=ALPINE), office)["law"][0] == "the law of 2023 (SB 114)"
    assert short(case(2024, 20260801, county=ALPINE), office)["law"][0] == "the law of 2026 (AB 126)"


def test_what_a_case_file_states_moves_the_pathway_on(tmp_path):
    (tmp_path / "case.yaml").write_text(CONSULTED, encoding="utf-8")
    before, after = case(2024, 20250301), case(2024, 20250301, (str(tmp_path / "case.yaml"),))
    assert "the consultation of the LEA, by CCEE" in pathway(before, "determination").lacks
    assert "the determination whether CCEE's assistance is necessary, by CCEE" in pathway(after, "determination").lacks


def test_a_pathway_that_the_law_closes_to_the_kind_is_not_shown():
    words = [each.words for each in case().following_law.pathways(quote(OFFICE))]
    assert words
    assert not [each for each in words if "charter" in each.lower()]
