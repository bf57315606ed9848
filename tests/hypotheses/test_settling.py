"""What would settle an open conclusion, held against every set of open facts, each decided again."""

from __future__ import annotations

import functools
import itertools

import pytest

from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.evidence.scope import Scope
from pyreport.files.places import policy_folder
from pyreport.hypotheses.settling import as_text, settling
from pyreport.hypotheses.worlds import conclude_worlds
from pyreport.reasoning.decision import facts_to_decide
from pyreport.reasoning.solver import derive
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.syntax import quote

CHUALAR = "27659950000000"
"""In 2025 its answers for Methods 2, 3 and 4 are not on record."""
SOUTH_BAY = "12630320000000"
"""In 2023 the number of its student groups decides the test of EC 52072."""
ABSENTEEISM = "chronic_absenteeism"
CHARTER = "27102720112177"
"""A charter school: both in 2023 and in 2024 its answers for some methods are not on record."""
RATED_BUT_FOR_ONE = "its local indicators are rated, but for Priority 6"
WITHOUT_A_FILE = "the 2024 file of chronic absenteeism is not at hand, and the answers for the other methods are"
ANOTHER_CHARTER = "27102720124297"
"""A charter school of which a group met one state priority in 2024: with one more it would meet Method 1."""
CASES = [(CHUALAR, 2025, ""), (SOUTH_BAY, 2023, ""), (CHUALAR, 2025, RATED_BUT_FOR_ONE)]
MORE = [(CHARTER, 2024, ""), (CHARTER, 2023, ""), (ANOTHER_CHARTER, 2024, WITHOUT_A_FILE)]
"""Too many facts are open here for all sets of them to be tried."""


@functools.cache
def rulebook():
    return load_rulebook(policy_folder(), changes=True)


@functools.cache
def _record():
    """The record without what CDE concluded, which would settle what is open."""
    return read_record(record_folder()).without({"published"})


@functools.cache
def facts(cds, year, but=""):
    """The facts on record, but for what is said to differ."""
    known = facts_to_decide(rulebook(), _record(), Scope(year=year, only={cds}))
    lea, cell = quote(cds), next(iter(known.values()))
    if but == RATED_BUT_FOR_ONE:
        return known | {("local_rating", lea, year, priority, "met"): cell for priority in (1, 2, 3, 7)}
    if but == WITHOUT_A_FILE:
        missing = {("all_rows_at_hand", lea, year, ABSENTEEISM)}
        missing |= {atom for atom in known if atom[0] == "dashboard_row" and atom[2] == year and ABSENTEEISM in atom}
        answers = [(year - 1, 2, "yes"), (year, 2, "no"), (year, 3, "no")]
        stated = {("published_method", lea, *answer): cell for answer in answers}
        return {atom: known[atom] for atom in known if atom not in missing} | stated
    assert not but
    return known


@functools.cache
def found(cds, year, but=""):
    return settling(rulebook(), facts(cds, year, but), cds, year)[0]


@functools.cache
def open_facts(cds, year, but=""):
    """Each fact that the policy calls open, by the sentence of the rule that does."""
    graph = derive(rulebook(), facts(cds, year, but))
    settles = {one.name: one.settles for one in rulebook().predicates.values() if one.settles}
    return tuple((settles[name], *atom[1:]) for name in settles for atom in graph.atoms(name))


def settled_by(goal, cds, year, but, sets):
    """Those of several sets of facts with which the goal holds: each is added in a world of its own.

    They are decided together, which gives the same as each alone: see test_worlds.py.
    """
    worlds = {added: [*facts(cds, year, but), *added] for added in sets}
    concluded = conclude_worlds(rulebook(), worlds, [goal[0]])
    return {added for added in worlds if goal in concluded[added]}


def contradicts(added):
    """Whether two facts give one method or one year two answers."""
    return len({atom[:-1] for atom in added}) < len(added)


@pytest.mark.parametrize(("cds", "year", "but"), CASES)
def test_the_sets_are_exactly_the_smallest_of_all_sets_of_open_facts(cds, year, but):
    open_ = open_facts(cds, year, but)
    assert 0 < len(open_) <= 8
    (one,) = found(cds, year, but)
    for way in one.ways:
        goal = (way.optima.goal.predicate, *way.optima.goal.arguments)
        smallest: set[frozenset] = set()
        for size in range(len(open_) + 1):
            chosen = [added for added in itertools.combinations(open_, size) if not contradicts(added)]
            smallest = set(map(frozenset, settled_by(goal, cds, year, but, chosen)))
            if smallest:
                break
        assert way.optima.cost == size > 0
        changes = {frozenset(move.new for move in change) for change in way.optima.samples(100)}
        assert changes == smallest
        assert way.optima.count == len(smallest) == len(way.sets)


@pytest.mark.parametrize(("cds", "year", "but"), [*CASES, *MORE])
def test_each_set_settles_it_and_no_part_of_the_set_does(cds, year, but):
    ways = [way for one in found(cds, year, but) for way in one.ways if way.optima.cost is not None]
    assert ways
    for way in ways:
        goal = (way.optima.goal.predicate, *way.optima.goal.arguments)
        whole = {tuple(move.new for move in change) for change in way.optima.samples(3)}
        assert all(set(added) <= set(open_facts(cds, year, but)) for added in whole)
        parts = {tuple(one for one in added if one != left_out) for added in whole for left_out in added[:3]}
        assert settled_by(goal, cds, year, but, whole | parts) == whole


def test_any_one_of_three_methods_makes_it_certain_and_the_three_together_rule_it_out():
    (one,) = found(CHUALAR, 2025)
    certain, ruled_out = one.ways
    assert (certain.optima.cost, certain.optima.count) == (1, 3)
    assert (ruled_out.optima.cost, ruled_out.optima.count) == (3, 1)
    assert all(fact.endswith("may come out as yes.") for facts_ in certain.sets for fact in facts_)
    assert all(fact.endswith("may come out as no.") for facts_ in ruled_out.sets for fact in facts_)


def test_the_number_of_groups_settles_the_test_of_52072():
    (one,) = found(SOUTH_BAY, 2023)
    yes, no = one.ways
    assert ["had 2 student groups" in fact for (fact,) in yes.sets] == [True]
    assert ["had 3 student groups" in fact for (fact,) in no.sets] == [True]


def test_a_rating_that_is_not_on_record_rules_it_out_where_all_others_are_met():
    (one,) = found(CHUALAR, 2025, RATED_BUT_FOR_ONE)
    certain, ruled_out = one.ways
    assert (certain.optima.cost, certain.optima.count) == (1, 3)
    assert [sorted(move.new[0] for move in change) for change in ruled_out.optima.samples(9)] == [
        ["local_rating", "published_method"]
    ]
    assert any("Priority 6" in fact and fact.endswith("may come out as Met.") for fact in ruled_out.sets[0])


def test_a_file_that_is_missing_settles_it_by_what_it_shows_or_does_not_show():
    (one,) = found(ANOTHER_CHARTER, 2024, WITHOUT_A_FILE)
    certain, ruled_out = one.ways
    for change in certain.optima.samples(99):
        assert {(move.new[0], move.new[2]) for move in change} == {("dashboard_row", 2024)}
        assert all(ABSENTEEISM in move.new for move in change)
    # Either the whole file is at hand and has no row, or it has a row of the group that is one priority short.
    lea = quote(ANOTHER_CHARTER)
    group = next(iter({move.new[3] for change in certain.optima.samples(99) for move in change}))
    assert {tuple(move.new[:5]) for change in ruled_out.optima.samples(9) for move in change} == {
        ("all_rows_at_hand", lea, 2024, ABSENTEEISM),
        ("dashboard_row", lea, 2024, group, ABSENTEEISM),
    }
    assert ruled_out.optima.cost == 1


def test_of_a_charter_any_file_of_a_year_without_files_may_show_what_made_it_eligible():
    (one,) = found(CHARTER, 2023)
    certain, _ = one.ways
    assert {tuple(sorted(move.new[0] for move in change)) for change in certain.optima.samples(99)} == {
        ("dashboard_row", "dashboard_row", "published_method")
    }
    rows = [move.new for change in certain.optima.samples(99) for move in change if move.new[0] == "dashboard_row"]
    assert {row[2] for row in rows} == {2022}


def test_where_the_record_decides_everything_nothing_is_open():
    assert found(CHUALAR, 2024) == []
    assert as_text([]) == "Nothing is open.\n"
