"""The criteria of one Dashboard year stated for another."""

import pytest

from pyreport.files.places import policy_folder
from pyreport.proof.reader import read_policy
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.restating import with_criteria_of

POLICY = load_rulebook(policy_folder())
PAIRS = [(2025, 2024), (2022, 2024), (2019, 2023), (2024, 2017)]


def criteria(rulebook, year):
    """What the policy states as criteria of a year, without the year."""
    return {
        (name, *(value for at, value in enumerate(fact[1:], start=1) if at != predicate.place("Year")))
        for name, predicate in rulebook.predicates.items()
        if predicate.criteria
        for rule in rulebook.by_head.get(name, ())
        for fact in rule.facts
        if fact[predicate.place("Year")] == year
    }


@pytest.mark.parametrize(("year", "on"), PAIRS)
def test_the_year_tried_is_stated_for_the_other_and_nothing_else_changes(year, on):
    tried = with_criteria_of(POLICY, year, on)
    assert criteria(tried, on) == criteria(POLICY, year) != criteria(POLICY, on)
    for other in {row.year for row in POLICY.rows("regime")} - {on}:
        assert criteria(tried, other) == criteria(POLICY, other)
    others = [rule.id for rule in POLICY.rules if not POLICY.predicates[rule.head.predicate].criteria]
    assert [tried.by_id[name].text for name in others] == [POLICY.by_id[name].text for name in others]


@pytest.mark.parametrize(("year", "on"), PAIRS)
def test_the_texts_say_what_the_rules_do_line_by_line(year, on):
    tried = with_criteria_of(POLICY, year, on)
    lines = {path: text.split("\n") for path, text in tried.texts.items()}
    for rule in tried.rules:
        count = rule.text.count("\n") + 1
        assert lines[rule.file][rule.line - 1 : rule.line - 1 + count] == rule.text.split("\n")
    read = {rule.id: rule for rule in read_policy(dict(tried.texts)).rules}
    assert read.keys() == tried.by_id.keys()
    for name, rule in read.items():
        known = tried.by_id[name]
        if not known.body:
            assert {(rule.predicate, *fact) for fact in rule.facts} == set(known.facts)
        assert rule.label("inferred") == (known.inferred or "")


def test_what_is_carried_over_says_so_and_passages_on_its_year_then_speak_of_the_other():
    tried = with_criteria_of(POLICY, 2025, 2024)
    assert "as in 2025" in tried.by_id["criteria.2025.p4.elpi-red-or-orange"].inferred
    assert "criteria.2024.p4.elpi-red" not in tried.by_id
    assert tried.by_id["criteria.2023.local"] == POLICY.by_id["criteria.2023.local"]


def test_a_year_tried_on_itself_is_the_policy():
    assert with_criteria_of(POLICY, 2024, 2024) is POLICY
