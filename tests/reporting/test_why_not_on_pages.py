"""The why-nots on the pages of LEAs."""

from __future__ import annotations

import functools

import pytest

from pyreport.explanation.why_not.candidates import FailureKind
from pyreport.reporting.county_case import county_case
from pyreport.reporting.lea_page import LeaPage
from pyreport.reporting.page_request import PageRequest

from .pages import MONTEREY, Tree, rulebook

CHUALAR = "27659950000000"
CHARTER = "27102720112177"


@functools.cache
def leas(year):
    case = county_case(MONTEREY, PageRequest(year))
    return {row.cds: LeaPage(case, row.cds) for row in case.rows}


def kinds(why_not):
    _, markup = why_not
    return {one.text for one in Tree(str(markup)).root.all("span") if one.attributes.get("class") == "kind"}


YEARS = pytest.mark.parametrize("year", [2018, 2023, 2024, 2025])


@YEARS
def test_every_lea_that_is_not_certainly_eligible_has_one_and_no_other_has(year):
    assert {lea.eligible for lea in leas(year).values()} == {True, False}
    for lea in leas(year).values():
        assert (lea.why_not is None) == lea.eligible
        heading = "<h3>Why not eligible</h3>" in lea.why().text
        assert heading == (not lea.eligible)


@YEARS
def test_it_is_well_formed_and_every_rule_that_it_links_is_one(year):
    links = 0
    for lea in leas(year).values():
        if lea.why_not is not None:
            for link in Tree(str(lea.why_not[1])).root.all("a"):
                assert link.attributes["href"] == f"../law.html#rule-{link.text}"
                assert link.text in rulebook().by_id
                links += 1
    assert links


@YEARS
def test_every_kind_is_one_of_the_four(year):
    told = {kind for lea in leas(year).values() if lea.why_not for kind in kinds(lea.why_not)}
    assert told <= {*map(str, FailureKind), "opened above"}
    assert {str(FailureKind.DATA), str(FailureKind.LAW)} <= told


def test_it_begins_with_the_nearest_miss_and_the_value_reached():
    words = "English learners at Chualar Union did not meet two different priorities in 2024: 1 of 2 needed."
    lea = leas(2024)[CHUALAR]
    assert lea.why_not[0] == words
    assert words in lea.near_misses
    assert Tree(lea.what_would_change_it().text).root.all("li")[0].text == words


def test_a_possible_ground_is_shown_as_not_on_record():
    assert str(FailureKind.MISSING) in kinds(leas(2025)[CHUALAR].why_not)
    assert str(FailureKind.MISSING) in kinds(leas(2024)[CHARTER].why_not)


def test_the_whole_why_not_is_named_by_its_command():
    assert f"pyreport why-not {CHUALAR} --year 2024 --all" in leas(2024)[CHUALAR].why().text
