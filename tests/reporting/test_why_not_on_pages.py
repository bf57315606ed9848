"""The why-nots on a county's page."""

from __future__ import annotations

import functools

import pytest

from pyreport.explanation.why_not.candidates import FailureKind
from pyreport.reporting.county_page import county_page
from pyreport.reporting.page_request import PageRequest

from .pages import MONTEREY, Tree

CHUALAR = "27659950000000"
CHARTER = "27102720112177"


@functools.cache
def leas(year):
    return {lea.row.cds: lea for lea in county_page(MONTEREY, PageRequest(year)).leas}


def why_nots(lea):
    return [one for one in lea.conclusions if one.question.startswith("Why not eligible")]


def kinds(why_not):
    return {
        element.text
        for element in Tree(str(why_not.tree)).root.all("span")
        if element.attributes.get("class") == "kind"
    }


@pytest.mark.parametrize("year", [2018, 2023, 2024, 2025])
def test_every_lea_that_is_not_certainly_eligible_has_one_and_no_other_has(year):
    found = {cds: len(why_nots(lea)) for cds, lea in leas(year).items()}
    assert found == {cds: int(not lea.eligible) for cds, lea in leas(year).items()}
    assert set(found.values()) == {0, 1}


@pytest.mark.parametrize("year", [2018, 2023, 2024, 2025])
def test_it_is_well_formed_and_its_references_stand_in_the_section(year):
    for lea in leas(year).values():
        ids, references = set(), set()
        for one in lea.conclusions:
            for element in Tree(str(one.tree)).root.all():
                if "id" in element.attributes:
                    assert element.attributes["id"] not in ids
                    ids.add(element.attributes["id"])
                target = element.attributes.get("href", "")
                if target.startswith(f"#{lea.anchor}"):
                    references.add(target[1:])
        assert references <= ids


@pytest.mark.parametrize("year", [2018, 2024, 2025])
def test_every_kind_is_one_of_the_four(year):
    told = {kind for lea in leas(year).values() for one in why_nots(lea) for kind in kinds(one)}
    assert told <= {*map(str, FailureKind), "opened above"}
    assert {str(FailureKind.DATA), str(FailureKind.LAW)} <= told


def test_the_heading_tells_the_nearest_miss_and_the_value_reached():
    (one,) = why_nots(leas(2024)[CHUALAR])
    words = "English learners at Chualar Union did not meet two different priorities in 2024: 1 of 2 needed."
    assert one.question == f"Why not eligible: nearest miss: {words}"


def test_a_possible_ground_is_shown_as_not_on_record():
    (district,), (charter,) = why_nots(leas(2025)[CHUALAR]), why_nots(leas(2024)[CHARTER])
    assert str(FailureKind.MISSING) in kinds(district)
    assert str(FailureKind.MISSING) in kinds(charter)


def test_the_law_of_each_rule_is_linked_and_what_is_counted_is_shown():
    (one,) = why_nots(leas(2024)[CHUALAR])
    text = Tree(str(one.tree)).root
    assert "1 of 2 needed." in text.text
    assert any(element.attributes["href"].endswith("two-priorities") for element in text.all("a"))
