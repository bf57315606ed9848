"""The rules on the Charter 20 Day report, case by case, and every change of a rule against all cases."""

import functools

import pytest

from ..case_files import check
from .equivalents import EQUIVALENT_ADVANCE
from .module import decided, is_of, module_rulebook, surviving
from .reports_20_day import PREDICATES, by_lea, cases

MODULE = "special_advance"
CASES = cases()
RULEBOOK = module_rulebook(MODULE)
RULES = [rule for rule in RULEBOOK.rules if is_of(rule, MODULE)]


@functools.cache
def graph():
    return decided(RULEBOOK, [atom for case in CASES for atom in case.atoms()])


@functools.cache
def where(rule):
    return {value for instance in graph().instances[rule] for value in instance if str(value).startswith('"0161')}


@functools.cache
def by_report():
    return by_lea({name: graph().atoms(name) for name in PREDICATES})


def faults_of(case):
    missing = [name for name in case.given.get("rules", []) if case.lea not in where(name)]
    return case.faults(by_report()) + [f"expected the rule {name} to apply; it does not" for name in missing]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case):
    check(case.place, faults_of(case))


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.body], ids=lambda rule: rule.id)
def test_every_rule_applies_in_some_case_and_not_in_another(rule):
    assert where(rule.id)
    # Every case is a report: sections that all complete are due in each.
    assert len(where(rule.id)) < len(CASES) or rule.id == "advance.section.due"


@pytest.mark.sweep
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_condition_or_fact_of_a_rule_can_change_without_breaking_a_case(rule):
    survivors, names = surviving(RULEBOOK, rule, CASES, PREDICATES, by_lea)
    known = {name for name in EQUIVALENT_ADVANCE if name in names}
    assert survivors - known == set(), "a change that breaks no case: write one"
    assert known - survivors == set(), "a change listed as equivalent that breaks a case"
