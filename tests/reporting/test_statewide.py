from collections import Counter
from dataclasses import replace

import pytest

from pyreport.evidence.counties import counties, county_slug
from pyreport.reasoning.determinations import Certainty, YesNoOpen
from pyreport.reporting.lead_areas import lead_terms
from pyreport.reporting.page_request import PageRequest
from pyreport.reporting.statewide import StatewidePage, statewide_page

from .pages import YEAR, Tree, made_up, record, rulebook, shown
from .state_pages import number, part, state, table


def decided():
    """The determinations of school districts and county offices, decided once."""
    return [row for row in state().decision.determinations([YEAR]) if row.kind != "charter"]


def test_the_answer_comes_first_with_the_counts_of_the_determinations():
    eligible = sum(row.differentiated_assistance is Certainty.CERTAIN for row in decided())
    (answer,) = [one for one in part("heading").all("p") if one.attributes["class"] == "answer"]
    assert (
        f"Of {len(decided())} school districts and county offices of education on record, {eligible} (59%)"
        in answer.text
    )
    assert "421 in the first year of assistance, 164 in the second year of assistance." in answer.text
    assert "Since the 2024 Dashboard, 69 are new and 73 have left." in answer.text
    assert sum(count for _, count in state().standings) == eligible


def test_headings_of_tests_are_those_of_the_vocabulary():
    outputs = rulebook().outputs()
    rows = table("persistence")
    assert [row[0] for row in rows] == [outputs[name].heading for name in ("persistent_52072", "persistent_52071f")]
    for (_, *counts), name in zip(rows, ("persistent_52072", "persistent_52071f"), strict=True):
        answers = Counter(getattr(row, name) for row in decided())
        assert list(map(number, counts)) == [
            answers[answer] for answer in (YesNoOpen.YES, YesNoOpen.NO, YesNoOpen.OPEN)
        ]


def test_the_table_of_counties_counts_every_determination_and_sums_up():
    *rows, total = table("county_map")
    by_county = Counter(row.county for row in decided())
    eligible = Counter(row.county for row in decided() if row.differentiated_assistance is Certainty.CERTAIN)
    assert {row[0]: (number(row[1]), number(row[2])) for row in rows} == {
        name: (by_county[name], eligible[name]) for name in counties().values()
    }
    for column in (1, 2, 4, 5, 6, 7, 8):
        assert sum(number(row[column]) for row in rows) == number(total[column])


def test_a_student_group_is_counted_at_every_agency_where_it_met_the_criteria():
    words = rulebook().names["Group"]
    rows = {row[0].lower(): [number(cell) for cell in (row[1], *row[3:])] for row in table("by_group")}
    expected = {
        str(words[code]).lower(): [
            sum(code in row.groups for row in decided()),
            *(sum(priority in row.groups.get(code, ()) for row in decided()) for priority in state().priorities),
        ]
        for code in words
    }
    *_, total = table("by_group")
    sums = rows.pop(total[0].lower())
    assert rows == expected
    assert sums == [sum(column) for column in zip(*expected.values(), strict=True)]


def test_a_method_of_which_nothing_is_on_record_is_not_counted_as_met_by_none():
    rows = {row[0]: row[1:] for row in table("by_ground")}
    assert rows["Method 2 (local indicators)"] == ["–", "not on record", "585"]
    known = [number(count) for count, *_ in rows.values() if count != "–"]
    assert sum(known) == state().total.eligible


def test_methods_by_year_are_those_that_cde_printed():
    rows = {row[0]: row[1:] for row in table("by_ground", 1)}
    assert rows["2024"] == ["434", "2", "0", "0"]
    assert rows["2022"] == ["617", "not printed", "not printed", "not printed"]


def test_the_list_has_every_lea_once_a_to_z_with_its_status_and_both_links():
    rows = part("list_of_leas").all("tbody")[0].children
    listed = {}
    for row in rows:
        name, status, _, county, code = row.children
        listed[code.text] = (name.text, county.text, status.text)
        assert name.all("a")[0].attributes["href"] == f"lea/{code.text}.html"
        assert county.all("a")[0].attributes["href"] == f"{county_slug(code.text[:2])}.html"
    assert listed == {row.cds: (row.name, row.county, row.status) for row in decided()}
    assert len(rows) == len(decided())
    names = [row.children[0].text.casefold() for row in rows]
    assert names == sorted(names)


def test_every_letter_leads_to_the_first_lea_that_begins_with_it():
    (letters,) = [one for one in part("list_of_leas").all("p") if one.attributes["class"] == "letters"]
    places = {one.attributes["id"]: one for one in part("list_of_leas").all("tr") if "id" in one.attributes}
    for link in letters.all("a"):
        assert places.pop(link.attributes["href"][1:]).children[0].text.upper().startswith(link.text)
    assert places == {}


def test_the_agencies_that_meet_a_test_are_named():
    rows = table("persistence", 1)
    assert len(rows) == len(state().persistent)
    for column, name in ((2, "persistent_52072"), (3, "persistent_52071f")):
        assert sum(row[column] == "yes" for row in rows) == sum(
            getattr(row, name) is YesNoOpen.YES for row in decided()
        )


def test_charter_schools_that_a_directory_alone_names_are_open_and_not_ruled_out():
    rows = table("charter_schools")
    assert sum(number(row[3]) for row in rows) == len(state().charter_rows)
    assert {row[1] for row in rows} == {row[2] for row in rows} == {"0"}
    assert "whether they are eligible is open" in part("charter_schools").text


def test_every_county_is_in_an_area_of_each_term_and_a_term_that_is_over_is_said_to_be():
    (term,) = lead_terms(rulebook(), 20251115)
    assert sorted(code for area in term.areas for code in area.counties) == list(counties())
    assert not term.covers
    assert lead_terms(rulebook(), 20200101)[0].covers
    assert "Who leads on 15 November 2025 is not on record" in part("lead_areas").text
    assert sum(number(row[3]) for row in table("lead_areas")) == state().total.eligible


def test_a_page_that_is_not_there_is_not_linked():
    page = StatewidePage(state().decision, record(), ["27-monterey.html"])
    links = [
        link.attributes["href"]
        for name in ("heading", "county_map", "list_of_leas", "sources")
        for link in Tree(getattr(page, name)().text).root.all("a")
    ]
    assert {link for link in links if not link.startswith("#")} == {"27-monterey.html"}


@pytest.mark.parametrize("year", [2017, 2023])
def test_an_older_dashboard_has_a_page_and_knows_nothing_of_later_ones(year):
    page = statewide_page(PageRequest(year))
    assert [count.year for count in page.years][-1] == year
    assert (page.earlier is None) == (year == 2017)
    for name in ("heading", "county_map", "by_year", "by_ground", "by_group", "flows", "persistence", "list_of_leas"):
        assert Tree(getattr(page, name)().text).root.all()


def test_names_appear_whole_whatever_letters_they_have(monkeypatch):
    from pyreport.evidence.record import Record

    odd = ["</script><b>A & B</b>", "Ünïfied 学校", "", "ßtraße", "9th"]
    leas = [made_up(f"2766{place:03}0000000", name, {"FOS": "K"}) for place, name in enumerate(odd)]
    made = Record({(one.year, one.cds.value): one for one in leas})
    monkeypatch.setattr("pyreport.reporting.statewide.record_of", lambda evidence: made)
    monkeypatch.setattr("pyreport.reporting.page_inputs.record_of", lambda evidence: made)
    root = Tree(shown("statewide.ipynb", year=YEAR)).root
    (listed,) = [one for one in root.all("table") if one.attributes.get("id") == "leas"]
    assert sorted(row.children[0].text for row in listed.all("tbody")[0].children) == sorted(odd)
    ids = [one.attributes["id"] for one in root.all() if "id" in one.attributes]
    assert len(set(ids)) == len(ids)
    assert "No statuses of an earlier Dashboard are on record." in root.text


def test_the_order_in_which_a_record_holds_its_facts_changes_nothing():
    kept = record()
    turned = replace(
        kept,
        lea_years=dict(reversed(kept.lea_years.items())),
        published=dict(reversed(kept.published.items())),
    )
    page = StatewidePage(state().decision, turned, state()._pages)
    for name in ("heading", "county_map", "by_year", "by_ground", "by_group", "flows", "persistence", "list_of_leas"):
        assert getattr(page, name)().text == getattr(state(), name)().text
