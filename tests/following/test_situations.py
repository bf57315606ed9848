"""What a page tells as of a date: of each LEA, of each situation, of the county office's funds."""

import functools

import pytest
from reporting.pages import ALPINE, MONTEREY, rulebook

from pyreport.following.consequences import Possibilities
from pyreport.following.support import certainly_out, fiscal_year_of
from pyreport.reporting.county_page import county_page
from pyreport.reporting.page_request import PageRequest

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
def page(year=2024, as_of=None, case=(), county=MONTEREY):
    return county_page(county, PageRequest(year, as_of=as_of, case=case))


def lea(one, cds):
    return next(lea for lea in one.leas if lea.row.cds == cds)


def told(one, cds):
    return {topic.words: topic.short for topic in lea(one, cds).following}


def of_office(one):
    return next(situation for situation in one.situations if f'"{OFFICE}"' in situation.leas)


@pytest.mark.parametrize(
    ("year", "date"),
    [(2017, 20180101), (2018, 20190101), (2019, 20200101), (2022, 20230101), (2023, 20231215), (2025, 20251115)],
)
def test_without_a_date_a_page_is_as_of_the_first_day_on_which_the_dashboard_was_certainly_out(year, date):
    assert certainly_out(rulebook(), year) == date
    assert page(year, county=ALPINE).decision.scope.as_of == date


def test_of_a_dashboard_whose_day_no_source_gives_there_is_none():
    assert certainly_out(rulebook(), 2020) is None


@pytest.mark.parametrize(("date", "year"), [(20240630, 2024), (20240701, 2025), (20241231, 2025), (20250101, 2025)])
def test_a_fiscal_year_is_called_by_the_year_it_ends_in(date, year):
    assert fiscal_year_of(rulebook(), date) == year


def test_a_charter_school_located_in_another_county_is_on_that_county_s_page_and_in_its_office_s_money(tmp_path):
    case = tmp_path / "case.yaml"
    case.write_text(f'- {{what: located_in, lea: "{CHARTER}", county: "02", document: D}}\n', encoding="utf-8")
    located = county_page(ALPINE, PageRequest(2024, as_of=20250301, case=(str(case),)))
    assert CHARTER in {row.cds for row in located.rows}
    assert any(CHARTER in text for text in located.allowance.missing)
    assert CHARTER not in {row.cds for row in page(county=ALPINE, as_of=20250301).rows}


def test_support_provider_and_length_are_told_of_each_lea_in_this_order():
    found = told(page(), OFFICE)
    assert list(found) == ["Support", "Who provides", "How long"]
    assert "Level 2 (differentiated assistance) is owed" in found["Support"]
    assert found["Who provides"][0] == "the California Department of Education shall provide it"
    assert found["How long"][:2] == (
        "until the release of the 2026 Dashboard at the earliest",
        "the 2026 Dashboard is due on or before 15 October 2026",
    )


def test_an_lea_that_is_owed_nothing_is_told_of_the_support_for_all_alone():
    assert told(page(), "27659610000000") == {"Support": ("Level 1 (support for all) is available",)}


def test_every_lea_is_in_one_situation_and_its_section_leads_there():
    one = page()
    members = [cds for situation in one.situations for cds, _ in one.members(situation)]
    assert sorted(members) == sorted(row.cds for row in one.rows)
    for situation in one.situations:
        assert {lea(one, cds).situation for cds, _ in one.members(situation)} == {situation.number}


def test_leas_in_a_situation_have_the_same_pathways_and_others_do_not():
    graph = page().decision.graph

    def pathways(quoted):
        names = ("pathway_status", "pathway_barred", "awaits", "condition_open", "not_yet", "shall", "may", "excluded")
        return {(name, *atom[2:]) for name in names for atom in graph.atoms(name) if atom[1] == quoted}

    found = [{frozenset(pathways(quoted)) for quoted in situation.leas} for situation in page().situations]
    assert all(len(one) == 1 for one in found)


def test_another_date_is_told_by_another_law():
    early, late = page(2024, 20241201), page(2024, 20260801)
    assert of_office(early).lists["The law on the date"] == ("the law of 2023 (SB 114)",)
    assert of_office(late).lists["The law on the date"][0] == "the law of 2026 (AB 126)"


def test_what_a_case_file_states_moves_the_pathway_on_and_leaves_less_to_be_possible(tmp_path):
    (tmp_path / "case.yaml").write_text(CONSULTED, encoding="utf-8")
    before, after = page(2024, 20250301), page(2024, 20250301, (str(tmp_path / "case.yaml"),))

    def determination(one):
        return next(pathway for pathway in of_office(one).pathways if "determination" in pathway.words)

    assert "the consultation of the LEA, by CCEE" in determination(before).lacks
    assert "the determination whether CCEE's assistance is necessary, by CCEE" in determination(after).lacks
    consulted = [one.words for one in of_office(before).possible if "consultation of the LEA" in one.words]
    assert consulted
    assert not [one.words for one in of_office(after).possible if "consultation of the LEA" in one.words]


def test_what_is_possible_is_worked_out_once_for_cases_that_are_alike():
    one, found = page(), Possibilities()
    graph, date = one.decision.graph, one.decision.scope.as_of
    first, second, *_ = next(situation.leas for situation in one.situations if len(situation.leas) > 1)
    mine, others = found.of(graph, first, date), found.of(graph, second, date)
    assert mine
    assert {atom.atom[1] for atom in mine} == {first}
    assert {atom.atom[1] for atom in others} == {second}
    assert [(atom.atom[0], atom.atom[2:], atom.steps) for atom in mine] == [
        (atom.atom[0], atom.atom[2:], atom.steps) for atom in others
    ]


def test_the_funds_are_those_of_the_fiscal_year_of_the_date_and_open_without_attendance():
    found = page().allowance
    assert (found.office, found.fiscal_year) == ("Monterey County Office of Education", "2024–25")
    assert found.amount == "open beyond the base of $300,000"
    assert any("average daily attendance of: Alisal Union (27659610000000)" in one for one in found.missing)


def test_where_the_policy_has_no_formula_for_the_fiscal_year_no_funds_are_told():
    assert page(2017, county=ALPINE).allowance is None
    assert "1 January 2018 lies in 2017–18" in page(2017, county=ALPINE).funds().text
