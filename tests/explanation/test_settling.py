"""What would settle an open conclusion, held against every set of open facts, each decided again."""

from __future__ import annotations

import functools
import itertools

import pytest

from pyreport.evidence.record import read_record, record_folder
from pyreport.explanation.decision import facts_to_decide
from pyreport.explanation.settling import as_text, settling
from pyreport.places import policy_folder
from pyreport.reasoning.solver import derive
from pyreport.rulebook.rulebook import load_rulebook

CHUALAR = "27659950000000"
"""In 2025 its answers for Methods 2, 3 and 4 are not on record."""
SOUTH_BAY = "12630320000000"
"""In 2023 the number of its student groups decides the test of EC 52072."""
CHARTER = "27102720112177"
"""A charter school: both in 2023 and in 2024 its answers for some methods are not on record."""
CASES = [(CHUALAR, 2025), (SOUTH_BAY, 2023)]


@functools.cache
def rulebook():
    return load_rulebook(policy_folder(), changes=True)


@functools.cache
def facts(cds, year):
    return facts_to_decide(rulebook(), read_record(record_folder()), year=year, only={cds})


@functools.cache
def found(cds, year):
    return settling(rulebook(), facts(cds, year), cds, year)[0]


@functools.cache
def open_facts(cds, year):
    """Each fact that the policy calls open, by the sentence of the rule that does."""
    graph = derive(rulebook(), facts(cds, year))
    settles = {one.name: one.settles for one in rulebook().predicates.values() if one.settles}
    return tuple((settles[name], *atom[1:]) for name in settles for atom in graph.atoms(name))


@functools.cache
def decided(cds, year, added):
    """All that holds with these facts added, by an independent derivation."""
    known = facts(cds, year)
    cell = next(iter(known.values()))
    graph = derive(rulebook(), {**known, **dict.fromkeys(added, cell)})
    return frozenset(atom for name in rulebook().predicates for atom in graph.atoms(name))


def contradicts(added):
    """Whether two facts give one method or one year two answers."""
    return len({atom[:-1] for atom in added}) < len(added)


@pytest.mark.parametrize(("cds", "year"), CASES)
def test_the_sets_are_exactly_the_smallest_of_all_sets_of_open_facts(cds, year):
    open_ = open_facts(cds, year)
    assert 0 < len(open_) <= 6
    (one,) = found(cds, year)
    for way in one.ways:
        goal = (way.optima.goal.predicate, *way.optima.goal.arguments)
        smallest: set[frozenset] = set()
        for size in range(len(open_) + 1):
            chosen = (added for added in itertools.combinations(open_, size) if not contradicts(added))
            smallest = {frozenset(added) for added in chosen if goal in decided(cds, year, added)}
            if smallest:
                break
        assert way.optima.cost == size > 0
        changes = {frozenset(move.new for move in change) for change in way.optima.samples(100)}
        assert changes == smallest
        assert way.optima.count == len(smallest) == len(way.sets)


@pytest.mark.parametrize(("cds", "year"), [*CASES, (CHARTER, 2024)])
def test_each_set_settles_it_and_no_part_of_the_set_does(cds, year):
    for way in (way for one in found(cds, year) for way in one.ways if way.optima.cost is not None):
        goal = (way.optima.goal.predicate, *way.optima.goal.arguments)
        for change in way.optima.samples(3):
            added = tuple(move.new for move in change)
            assert set(added) <= set(open_facts(cds, year))
            assert goal in decided(cds, year, added)
            for left_out in itertools.islice(added, 3):
                assert goal not in decided(cds, year, tuple(one for one in added if one != left_out))


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


def test_where_the_record_decides_everything_nothing_is_open():
    assert found(CHUALAR, 2024) == []
    assert as_text([]) == "Nothing is open.\n"
