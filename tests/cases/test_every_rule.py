"""Every rule has its cases: it applies in some, and no condition or fact of it can change unnoticed."""

import collections
import functools

import pytest

from pyreport.cases.case import Case
from pyreport.cases.mutants import mutants
from pyreport.cases.mutation import Mutation
from pyreport.cases.without_effect import read_without_effect
from pyreport.comparison.effect_proofs import refuted
from pyreport.files.places import policy_folder
from pyreport.rulebook.loading import load_rulebook, readings

from .case_files import cases_of, rulebook_of
from .decided import outcome
from .outcome import Outcome

READINGS = [None, *readings(policy_folder())]

LISTED = read_without_effect(policy_folder())


def own_rules(reading: str | None):
    """The rules that a reading states itself; of the settled reading, all rules."""
    rulebook = rulebook_of(reading)
    return [rule for rule in rulebook.rules if reading is None or rule.file == rulebook.reading.file]


# The rules of these folders look beyond one LEA, or at one report: tests/cases/modules tries them by themselves. What
# never holds together holds in no case: tests/cases/test_consistency.py makes it hold.
BY_THEMSELVES = ("funding/", "special_advance/", "consistency/")
# What follows from eligibility is tried by `make test-long`: the changes of its rules take as long as all other tests.
# The others are tried by `make test-all`. The tests of every rule that are quick are marked by neither.
AFTERWARDS = (
    "regimes/",
    "levels/",
    "provider/",
    "obligations/",
    "essa/",
    "pathways/",
    "cases/",
    "intervention/",
    "revocation/",
    "duration/d",
    "duration/i",
    "duration/m",
    "duration/t",
)
RULES = [
    pytest.param(reading, rule)
    for reading in READINGS
    for rule in own_rules(reading)
    if not rule.file.startswith(BY_THEMSELVES)
]
MUTATIONS = [
    pytest.param(reading, rule, marks=pytest.mark.long if rule.file.startswith(AFTERWARDS) else pytest.mark.sweep)
    for reading, rule in (one.values for one in RULES)
]
# Rules about an LEA. The others, such as those on the bands of a table, are reached by their changes alone.
ABOUT_AN_LEA = [one for one in RULES if one.values[1].body and "LEA" in one.values[1].variables]


def name_of(one: object) -> str:
    return getattr(one, "id", None) or str(one or "settled")


@functools.cache
def mutation(reading: str | None) -> Mutation:
    return Mutation(cases_of(reading), outcome(reading))


def applies(found: Outcome, case: Case, rule: str) -> bool:
    return bool(found.rules.get(case.cds, {}).get(rule, set()) & {case.year, 0})


@pytest.mark.parametrize(("reading", "rule"), ABOUT_AN_LEA, ids=name_of)
def test_every_rule_applies_in_a_case_that_names_it(reading, rule):
    named = ("rules", "earlier_rules")
    assert [case.name for case in cases_of(reading) if any(rule.id in case.given.get(key, []) for key in named)]


@pytest.mark.parametrize(("reading", "rule"), ABOUT_AN_LEA, ids=name_of)
def test_every_rule_has_a_case_to_which_it_does_not_apply(reading, rule):
    found = outcome(reading)
    assert [case.name for case in cases_of(reading) if not applies(found, case, rule.id)]


@pytest.mark.parametrize(("reading", "rule"), MUTATIONS, ids=name_of)
def test_no_condition_or_fact_of_a_rule_can_change_without_breaking_a_case(reading, rule):
    changes = list(mutants(rulebook_of(reading), rule))
    survivors = {mutant.name for mutant in mutation(reading).survivors(changes)}
    known = {name for name in LISTED if name.startswith(f"{rule.id}: ")}
    assert changes
    assert survivors - known == set(), "a change that breaks no case: write one"
    assert known - survivors == set(), "a change listed as equivalent that breaks a case, or that is none"


def known_changes():
    """Every change that the policy lists as without effect, with the reading of its rule."""
    ids = {name.partition(": ")[0] for name in LISTED}
    for reading, rule in (one.values for one in RULES):
        if rule.id in ids:
            whole = load_rulebook(policy_folder(), reading, changes=True)
            for mutant in mutants(whole, whole.by_id[rule.id]):
                if mutant.name in LISTED:
                    yield pytest.param(mutant, whole, id=mutant.name)


KNOWN = list(known_changes())


def test_every_change_listed_as_without_effect_is_one_of_a_rule():
    assert {one.id for one in KNOWN} == LISTED.keys()


@pytest.mark.parametrize(("mutant", "whole"), [one for one in KNOWN if LISTED[one.id].made_up is None])
def test_the_facts_of_law_are_such_that_a_change_changes_nothing(mutant, whole):
    assert refuted(LISTED[mutant.name], mutant, whole) is None


@pytest.mark.sweep
@pytest.mark.parametrize(("mutant", "whole"), [one for one in KNOWN if LISTED[one.id].made_up is not None])
def test_no_made_up_lea_shows_a_change_that_is_listed_as_without_effect(mutant, whole):
    assert refuted(LISTED[mutant.name], mutant, whole) is None


def test_the_names_of_the_changes_are_unambiguous():
    names = collections.Counter(
        mutant.name for reading, rule in (one.values for one in RULES) for mutant in mutants(rulebook_of(reading), rule)
    )
    assert [name for name, times in names.items() if times > 1] == []
