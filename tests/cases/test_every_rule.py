"""Every rule has its cases: it applies in some, and no condition or fact of it can change unnoticed."""

import collections

import pytest

from pyreport.places import policy_folder
from pyreport.reasoning.solver import ReasoningError, derive
from pyreport.rulebook.rulebook import readings

from .case_files import Case, Outcome, all_cases, cases_of, evidence, rulebook_of
from .mutants import Mutant, fact_mutants, rule_mutants

READINGS = [None, *readings(policy_folder())]

# Changes that no case can tell from the rule as it is, each with the proof.
EQUIVALENT: dict[str, str] = {}


def own_rules(reading: str | None):
    """The rules that a reading states itself; of the settled reading, all rules."""
    rulebook = rulebook_of(reading)
    return [rule for rule in rulebook.rules if reading is None or rule.file == rulebook.reading.file]


RULES = [(reading, rule) for reading in READINGS for rule in own_rules(reading)]


def outcome(mutant: Mutant | None, reading: str | None, cases: list[Case]) -> Outcome:
    record, facts = evidence(cases)
    return Outcome.of(derive(mutant.rulebook if mutant else rulebook_of(reading), facts), record)


def broken(mutant: Mutant, reading: str | None) -> bool:
    """Whether some case fails under the mutant. LEAs are decided apart, so the likely cases go first."""
    cases = cases_of(reading)
    years = {str(one) for one in range(2017, 2026) if str(one) in mutant.name}
    if any(mutant.rule in case.given.get(key, []) for case in cases for key in ("rules", "not_rules")):
        likely = [case for case in cases if mutant.rule in {*case.given.get("rules", []), *case.given.get("not_rules", [])}]
    else:
        likely = [case for case in cases if str(case.year) in years]
    unlikely = [case for case in cases if case not in likely]
    return any(chosen and fails(mutant, reading, chosen) for chosen in (likely, unlikely))


def fails(mutant: Mutant, reading: str | None, cases: list[Case]) -> bool:
    try:
        found = outcome(mutant, reading, cases)
    except (AssertionError, KeyError, ReasoningError):
        # Two answers to one question, none to one that must have one, or no longer settled by grounding.
        return True
    return any(found.faults(case) for case in cases)


@pytest.mark.parametrize(("reading", "rule"), [pair for pair in RULES if pair[1].body], ids=lambda one: getattr(one, "id", one))
def test_every_rule_applies_in_a_case_that_names_it(reading, rule):
    assert [case.name for case in cases_of(reading) if rule.id in case.given.get("rules", [])]


@pytest.mark.parametrize(("reading", "rule"), [pair for pair in RULES if pair[1].body], ids=lambda one: getattr(one, "id", one))
def test_every_rule_has_a_case_to_which_it_does_not_apply(reading, rule):
    found = outcome(None, reading, cases_of(reading))
    assert [case.name for case in cases_of(reading) if rule.id not in found.rules.get(case.cds, {})]


@pytest.mark.parametrize(("reading", "rule"), RULES, ids=lambda one: getattr(one, "id", one))
def test_no_condition_or_fact_of_a_rule_can_change_without_breaking_a_case(reading, rule):
    make = rule_mutants if rule.body else fact_mutants
    mutants = list(make(rulebook_of(reading), rule))
    survivors = {mutant.name for mutant in mutants if not broken(mutant, reading)}
    known = {name for name in EQUIVALENT if name.startswith(f"{rule.id}: ")}
    assert mutants
    assert survivors - known == set(), "a change that breaks no case: write one"
    assert known - survivors == set(), "a change listed as equivalent that breaks a case, or that is none"


def test_every_change_listed_as_equivalent_is_one_of_a_rule():
    ids = {rule.id for _, rule in RULES}
    assert {name.partition(": ")[0] for name in EQUIVALENT} <= ids


def test_the_names_of_the_changes_are_unambiguous():
    names = collections.Counter(
        mutant.name
        for reading, rule in RULES
        for mutant in (rule_mutants if rule.body else fact_mutants)(rulebook_of(reading), rule)
    )
    assert [name for name, times in names.items() if times > 1] == []
