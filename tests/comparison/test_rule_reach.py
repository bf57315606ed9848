"""How far each rule gets, held against joining the atoms of the graph condition by condition."""

import functools

import pytest
from explanation.candidates import COMPARE

from pyreport.comparison.rule_reach import about_leas, applied, rule_reach
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.evidence.scope import Scope
from pyreport.explanation.why_not.records import Records
from pyreport.files.places import policy_folder
from pyreport.following.support import certainly_out
from pyreport.reasoning.decision import decide
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.syntax import AtomPattern, Comparison, Count, Literal, Variable, evaluate, ground, term_variables

YEAR = 2024
LEAS = ("27102720000000", "27659610000000", "27661590000000", "27102720112177")


@functools.cache
def graph():
    rulebook, record = load_rulebook(policy_folder()), read_record(record_folder())
    return decide(rulebook, record, Scope(only=LEAS, year=YEAR, as_of=certainly_out(rulebook, YEAR))).graph


@functools.cache
def records():
    return Records(graph())


@functools.cache
def reach():
    return rule_reach(graph(), about_leas(graph().rulebook.rules), YEAR)


def joined(conditions, bindings):
    """Every way in which the conditions hold together."""
    if not conditions:
        yield bindings
        return
    first, *others = conditions
    for more in holding(first, bindings):
        yield from joined(others, {**bindings, **more})


def holding(condition, bindings):
    if isinstance(condition, Comparison):
        left, right = condition.left, condition.right
        if isinstance(left, Variable) and left.name not in bindings:
            yield {left.name: evaluate(right, bindings)}
        elif compared(condition.operator, evaluate(left, bindings), evaluate(right, bindings)):
            yield {}
    elif isinstance(condition, Count):
        counted = {
            tuple(evaluate(term, found) for term in element.terms)
            for element in condition.elements
            for found in joined(element.conditions, bindings)
        }
        if compared(condition.operator, len(counted), evaluate(condition.bound, bindings)):
            yield {}
    else:
        terms = condition.atom.arguments
        known = [set(term_variables(term)) <= bindings.keys() for term in terms]
        goal = [evaluate(term, bindings) if is_known else None for term, is_known in zip(terms, known, strict=True)]
        atoms = records().find((condition.atom.predicate, *goal))
        if condition.negated:
            yield from [] if atoms else [{}]
            return
        for atom in atoms:
            found = dict(bindings)
            if all(
                isinstance(term, Variable) and found.setdefault(term.name, value) == value
                for term, value, is_known in zip(terms, atom[1:], known, strict=True)
                if not is_known
            ):
                yield found


def compared(sign, left, right):
    if isinstance(left, int) == isinstance(right, int):
        return COMPARE[sign](left, right)
    # To clingo every number is less than every word.
    return COMPARE[sign](isinstance(left, str), isinstance(right, str))


def start(rule):
    at = next((name for name in ("Year", "Last") if name in rule.variables), None)
    return {} if at is None or "Date" in rule.variables else {at: YEAR}


def leas_of(rule, conditions):
    """The LEAs of which the conditions hold, and whether they are about one."""
    found = [bindings.get("LEA") for bindings in joined(conditions, start(rule))]
    return {lea for lea in found if lea is not None}, bool(found)


def test_a_rule_applies_to_the_leas_of_which_all_its_conditions_hold():
    for one in reach().values():
        assert set(one.leas) == leas_of(one.rule, one.conditions)[0] == applied(graph(), one.rule, YEAR), one.rule.id
    assert sum(bool(one.leas) for one in reach().values()) > 100


def test_where_a_rule_applies_to_none_the_most_first_conditions_that_hold_are_told_and_the_next_one():
    seen = set()
    for one in reach().values():
        if one.leas:
            assert one.furthest is None
            continue
        reached = 0 if one.furthest is None else one.furthest.conditions
        held, any_held = leas_of(one.rule, one.conditions[:reached])
        assert any_held or reached == 0
        assert not leas_of(one.rule, one.conditions[: reached + 1])[1], one.rule.id
        if one.furthest is not None:
            assert one.furthest.missing == one.conditions[reached]
            assert (one.furthest.number, one.furthest.example) == ((len(held), min(held)) if held else (None, None))
            seen.add(one.furthest.number)
    # Some hold whatever the LEA, others of one LEA and of several.
    assert {None, 1, len(LEAS)} <= seen


def test_the_leas_that_lack_one_condition_are_those_of_which_all_others_hold():
    seen = 0
    for one in reach().values():
        told = {held.missing: held for held in one.near}
        assert len(told) == len(one.near)
        for place, condition in enumerate(one.conditions):
            others = (*one.conditions[:place], *one.conditions[place + 1 :])
            if not is_safe(others):
                continue
            held = leas_of(one.rule, others)[0] - set(one.leas)
            assert (told[condition].number if condition in told else 0) == len(held), one.rule.id
            seen += bool(held)
    assert seen > 100


def is_safe(conditions):
    known = {
        name
        for one in conditions
        if isinstance(one, Literal) and not one.negated
        for term in one.atom.arguments
        if isinstance(term, Variable)
        for name in term_variables(term)
    }
    used = {
        name
        for one in conditions
        if not isinstance(one, Count)
        for term in (one.atom.arguments if isinstance(one, Literal) else (one.left, one.right))
        for name in term_variables(term)
    }
    # What a count needs of the rule is seen where it is counted.
    return "LEA" in known and used <= known and not any(isinstance(one, Count) for one in conditions)


def test_a_condition_that_alone_gives_a_variable_its_value_is_asked_for_by_what_it_ranges_over():
    one = reach()["local.method-3"]
    short = next(held for held in one.near if held.missing == one.conditions[0])
    assert short.missing.atom.predicate == "only_local_not_met"
    assert not is_safe(one.conditions[1:])
    # The local indicators of the year for its kind of LEA, as the vocabulary has it.
    kind, local = Variable("Kind"), short.missing.atom.arguments[2]
    domain = [
        Literal(AtomPattern("kind", (Variable("LEA"), kind)), negated=False),
        Literal(AtomPattern("local_cell", (Variable("Year"), local, kind)), negated=False),
    ]
    held, _ = leas_of(one.rule, [*domain, *one.conditions[1:]])
    assert (short.number, short.example) == (len(held), min(held))
    assert held < {f'"{code}"' for code in LEAS}


@pytest.mark.parametrize(("year", "holds"), [(YEAR, True), (2017, False), (None, True)])
def test_a_rule_counts_for_the_year_of_which_it_concludes_something(year, holds):
    rule = graph().rulebook.by_id["criteria.two-priorities"]
    assert bool(applied(graph(), rule, year)) == holds


def test_a_fact_of_law_and_a_rule_about_no_lea_apply_to_none():
    rules = graph().rulebook.by_id
    assert rules["obligations.provide"].facts
    assert not applied(graph(), rules["obligations.provide"])
    other = next(rule for rule in rules.values() if rule.body and "LEA" not in rule.variables)
    assert not applied(graph(), other)
    assert other not in about_leas(graph().rulebook.rules)


def test_every_instance_is_of_an_lea_that_was_decided():
    rule = graph().rulebook.by_id["criteria.two-priorities"]
    heads = {ground(rule.head, dict(zip(rule.variables, one, strict=True)))[1] for one in graph().instances[rule.id]}
    assert applied(graph(), rule) == heads
