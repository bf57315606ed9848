"""Every rule applies in some case that could be: its events are in place, and its Dashboards came out when they can."""

from __future__ import annotations

import functools

import pytest

from pyreport.rulebook.syntax import quote

from .case_files import cases_of
from .decided import graph_of
from .test_every_rule import ABOUT_AN_LEA, name_of

OUT_OF_PLACE = ("misplaced", "released_too_soon")
"""What is concluded of events and releases that cannot be."""


@functools.cache
def possible(reading):
    """The LEAs of the cases of which everything on record can be, as quoted CDS codes."""
    impossible = {atom[1] for name in OUT_OF_PLACE for atom in graph_of(reading).atoms(name)}
    return {quote(case.cds) for case in cases_of(reading)} - impossible


@pytest.mark.parametrize(
    ("reading", "rule"),
    [one.values for one in ABOUT_AN_LEA if one.values[1].head.predicate not in OUT_OF_PLACE],
    ids=name_of,
)
def test_every_rule_applies_in_a_case_that_can_be(reading, rule):
    place = rule.variables.index("LEA")
    leas = {instance[place] for instance in graph_of(reading).instances.get(rule.id, ())}
    assert leas & possible(reading)
