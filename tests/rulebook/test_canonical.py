"""The form of a rule: the same under other names and another order, and another where the rule says something else."""

import random
from dataclasses import replace

import pytest

from pyreport.files.places import policy_folder
from pyreport.rulebook.canonical import canonical
from pyreport.rulebook.clauses import global_variables
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.syntax import (
    AtomPattern,
    Comparison,
    Count,
    CountElement,
    Literal,
    Operation,
    Variable,
    term_variables,
)

RULES = [rule for rule in load_rulebook(policy_folder()).rules if rule.body]
FLIPPED = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def renamed(part, names):
    if isinstance(part, Variable):
        return Variable(names[part.name])
    if isinstance(part, Operation):
        return Operation(part.operator, renamed(part.left, names), renamed(part.right, names))
    if isinstance(part, AtomPattern):
        return AtomPattern(part.predicate, tuple(renamed(term, names) for term in part.arguments))
    if isinstance(part, Literal):
        return Literal(renamed(part.atom, names), part.negated)
    if isinstance(part, Comparison):
        return Comparison(part.operator, renamed(part.left, names), renamed(part.right, names))
    if isinstance(part, CountElement):
        conditions = [renamed(condition, names) for condition in part.conditions]
        random.shuffle(conditions)
        terms = tuple(renamed(term, names) for term in part.terms)
        return CountElement(terms, tuple(conditions), tuple(sorted(names[name] for name in part.locals)))
    if isinstance(part, Count):
        elements = [renamed(element, names) for element in part.elements]
        random.shuffle(elements)
        return Count(tuple(elements), part.operator, renamed(part.bound, names))
    return part


def every_name(rule):
    return sorted(
        {*rule.variables, *(name for one in rule.counts for element in one.elements for name in element.locals)}
    )


def with_body(rule, body):
    return replace(rule, body=tuple(body), variables=tuple(sorted(global_variables(rule.head, tuple(body)))))


@pytest.mark.parametrize("seed", range(3))
def test_neither_names_nor_order_change_the_form_and_the_places_lead_to_the_same_variables(seed):
    random.seed(seed)
    for rule in RULES:
        names = every_name(rule)
        others = [f"Q{number}" for number in range(len(names))]
        random.shuffle(others)
        called = dict(zip(names, others, strict=True))
        body = [renamed(part, called) for part in rule.body]
        random.shuffle(body)
        again = with_body(replace(rule, head=renamed(rule.head, called)), body)
        before, after = canonical(rule), canonical(again)
        assert before.form == after.form
        assert [called[rule.variables[at]] for at in before.order] == [again.variables[at] for at in after.order]
        assert sorted(before.order) == list(range(len(rule.variables)))


def other_rules(rule):
    """The rule with one condition left out, one comparison turned, or two of its variables taken for one."""
    for place, part in enumerate(rule.body):
        rest = [*rule.body[:place], *rule.body[place + 1 :]]
        if rest:
            yield with_body(rule, rest)
        if isinstance(part, Comparison | Count):
            yield with_body(rule, [*rest, replace(part, operator=FLIPPED[part.operator])])
        if isinstance(part, Literal):
            yield with_body(rule, [*rest, replace(part, negated=not part.negated)])
    for one, other in zip(rule.variables, rule.variables[1:], strict=False):
        called = {name: name for name in every_name(rule)} | {one: other}
        body = [renamed(part, called) for part in rule.body]
        yield with_body(replace(rule, head=renamed(rule.head, called)), body)


def test_a_rule_that_says_something_else_has_another_form():
    count = 0
    for rule in RULES:
        form = canonical(rule).form
        for other in other_rules(rule):
            assert canonical(other).form != form, rule.id
            count += 1
    assert count > len(RULES) * 4


def test_two_variables_of_one_use_are_told_apart_by_what_stands_beside_them():
    def rule(*conditions):
        head = AtomPattern("related", (Variable("A"), Variable("B")))
        body = [Literal(AtomPattern(name, tuple(map(Variable, names))), False) for name, names in conditions]
        return with_body(replace(RULES[0], head=head), body)

    chain = rule(("next", "AC"), ("next", "CD"), ("next", "DB"))
    assert canonical(chain).form == canonical(rule(("next", "CB"), ("next", "AD"), ("next", "DC"))).form
    assert canonical(chain).form != canonical(rule(("next", "AC"), ("next", "DC"), ("next", "DB"))).form


def test_a_fact_of_law_is_its_atoms_whatever_their_order():
    facts = [rule for rule in load_rulebook(policy_folder()).rules if len(rule.facts) > 1]
    for rule in facts:
        assert canonical(rule).form == canonical(replace(rule, facts=rule.facts[::-1])).form
        assert canonical(rule).form != canonical(replace(rule, facts=rule.facts[1:])).form


def test_the_variables_of_the_policy_are_all_seen():
    # What the tests above rename is every variable that a rule has.
    for rule in RULES:
        seen = {name for atom in rule.atoms_read() for term in atom.arguments for name in term_variables(term)}
        assert seen <= set(every_name(rule))
