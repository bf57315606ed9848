"""The rules on the money of county offices, case by case, and every change of a rule against all cases."""

import functools

import pytest

from pyreport.cases.explained import unexplained
from pyreport.explanation.tree import Explainer

from ..case_files import check
from .equivalents import EQUIVALENT_MONEY
from .module import decided, is_of, module_rulebook, surviving
from .money import SHOWN, by_office, cases

MODULE = "funding"
CASES = cases()
RULEBOOK = module_rulebook(MODULE)
RULES = [rule for rule in RULEBOOK.rules if is_of(rule, MODULE)]


@functools.cache
def graph():
    return decided(RULEBOOK, [atom for case in CASES for atom in case.atoms()])


@functools.cache
def explainer():
    return Explainer(graph())


@functools.cache
def of_offices():
    return by_office({name: graph().atoms(name) for name in SHOWN})


def faults_of(case):
    faults = case.faults(of_offices())
    for one in case.given.get("explained", []):
        predicate, *values = one["conclusion"].split(" ")
        atoms = [atom for atom in graph().atoms(predicate) if list(map(str, atom[1:])) == [case.office, *values]]
        missing = unexplained(explainer(), atoms, one["by"], one["says"])
        faults += [f"{one['conclusion']}: {words}" for words in missing]
    for key, expected in (("rules", True), ("not_rules", False)):
        for name in case.given.get(key, []):
            if any(mentions(one, case) for one in graph().instances.get(name, ())) != expected:
                words = ("to apply; it does not", "not to apply; it does")
                faults.append(f"expected the rule {name} {words[not expected]}")
    return faults


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case):
    check(case.place, faults_of(case))


def mentions(instance, case) -> bool:
    return any(str(value).startswith(f'"{case.number:02}-') for value in instance)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.body], ids=lambda rule: rule.id)
def test_every_rule_applies_in_some_case_and_not_in_another(rule):
    with_it = [case for case in CASES if any(mentions(one, case) for one in graph().instances[rule.id])]
    assert with_it
    if rule.id not in ALWAYS:
        assert len(with_it) < len(CASES)


# Rules that apply wherever the funds of a county office are looked at.
ALWAYS = ("funding.considered",)


@pytest.mark.sweep
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_condition_or_fact_of_a_rule_can_change_without_breaking_a_case(rule):
    survivors, names = surviving(RULEBOOK, rule, CASES, SHOWN, by_office)
    known = {name for name in EQUIVALENT_MONEY if name in names}
    assert survivors - known == set(), "a change that breaks no case: write one"
    assert known - survivors == set(), "a change listed as equivalent that breaks a case"
