"""What never holds together: each rule that says so finds it, and nothing that is decided has it."""

from __future__ import annotations

import dataclasses
import datetime
import functools

import pytest

from pyreport.cases.stated_facts import made_up_cell
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.evidence.scope import Scope
from pyreport.files.places import policy_folder
from pyreport.reasoning.decision import facts_to_decide
from pyreport.reasoning.solver import derive
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.syntax import Comparison, Literal, Variable

CONTRADICTION = "contradiction"
RULES = load_rulebook(policy_folder()).by_head[CONTRADICTION]
WORDS = {"Date": 20250101, "Year": 2025, "Until": 2027}


@functools.cache
def rulebook():
    return load_rulebook(policy_folder())


def of_evidence():
    """The policy with the rules on contradictions alone: what they look at is stated."""
    rules = tuple(rule for rule in rulebook().rules if rule.file.startswith("consistency/") or rule.facts)
    concluded = {rule.head.predicate for rule in rules}
    predicates = {
        name: one if name in concluded else dataclasses.replace(one, stated_by="evidence")
        for name, one in rulebook().predicates.items()
    }
    return dataclasses.replace(rulebook(), rules=rules, predicates=predicates)


def values_of(rule):
    """A value for each variable of a rule: another for another name, and what the policy states where it does."""
    values = {}
    for part in rule.body:
        if not isinstance(part, Literal) or part.negated:
            continue
        for fact in (fact for one in rulebook().by_head.get(part.atom.predicate, ()) for fact in one.facts):
            pairs = list(zip(part.atom.arguments, fact[1:], strict=True))
            if all((values.get(t.name, value) if isinstance(t, Variable) else t) == value for t, value in pairs):
                values |= {term.name: value for term, value in pairs if isinstance(term, Variable)}
                break
    for part in rule.body:
        for term in part.atom.arguments if isinstance(part, Literal) else ():
            if isinstance(term, Variable):
                values.setdefault(term.name, WORDS.get(term.name, f"a_{term.name.lower()}"))
    return values


def stated(rule, but=None):
    """The atoms that a rule looks at, without the one at place ``but`` (or, of what it denies, with it)."""
    values, cell, facts = values_of(rule), made_up_cell("made up"), {}
    for place, part in enumerate(rule.body):
        if not isinstance(part, Literal) or part.negated == (place != but):
            continue
        if any(part.atom.predicate == one.head.predicate for one in of_evidence().rules if one.facts):
            continue
        terms = [values[term.name] if isinstance(term, Variable) else term for term in part.atom.arguments]
        facts[(part.atom.predicate, *terms)] = cell
    return facts


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_what_never_holds_together_is_found(rule):
    graph = derive(of_evidence(), stated(rule))
    assert graph.instances[rule.id]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_without_any_one_of_its_conditions_nothing_is_found(rule):
    tried = 0
    for place, part in enumerate(rule.body):
        if isinstance(part, Comparison):
            values = values_of(rule)
            same = {part.left.name: values[part.right.name]}
            facts = {
                tuple(same.get(name, value) for name, value in named(rule, atom)): cell
                for atom, cell in stated(rule).items()
            }
        else:
            facts = stated(rule, but=place)
            if facts == stated(rule):
                # A fact of the policy is not the evidence's to leave out.
                continue
        tried += 1
        assert not derive(of_evidence(), facts).instances.get(rule.id), part
    assert tried >= 2


def named(rule, atom):
    """The values of a stated atom with the variables that stand there."""
    values = values_of(rule)
    (literal,) = [
        part
        for part in rule.body
        if isinstance(part, Literal)
        and (part.atom.predicate, *(values[t.name] if isinstance(t, Variable) else t for t in part.atom.arguments))
        == atom
    ]
    yield "", atom[0]
    for term, value in zip(literal.atom.arguments, atom[1:], strict=True):
        yield term.name if isinstance(term, Variable) else "", value


def test_no_rule_rests_on_a_contradiction():
    assert not any(pattern.predicate == CONTRADICTION for rule in rulebook().rules for pattern in rule.atoms_read())


def regime_days():
    """The first and last day of each regime and transition, and the days beside them."""
    ends = set()
    for name, places in (("regime_interval", (3, 4)), ("charter_transition", (1, 2)), ("bridge", (3,))):
        ends |= {fact[place] for rule in rulebook().by_head[name] for fact in rule.facts for place in places}
    for name in ("release_deadline", "released_before", "soonest_release"):
        ends |= {fact[2] for rule in rulebook().by_head[name] for fact in rule.facts if fact[1] <= 2027}
    days = set()
    for end in ends:
        if end < 30000000:
            day = datetime.date(end // 10000, end // 100 % 100, end % 100)
            days |= {int(f"{day + datetime.timedelta(beside):%Y%m%d}") for beside in (-1, 0, 1)}
    return sorted(days)


def contradictions(only, date):
    facts = facts_to_decide(rulebook(), read_record(record_folder()), Scope(only=only, as_of=date))
    return derive(rulebook(), facts).atoms(CONTRADICTION)


def test_the_days_looked_at_are_many():
    assert len(regime_days()) >= 60


@pytest.mark.parametrize("date", regime_days()[::6])
def test_nothing_of_a_county_contradicts_itself_on_some_days(date):
    assert contradictions({"27"}, date) == []


@pytest.mark.sweep
@pytest.mark.parametrize("date", regime_days())
def test_nothing_of_any_lea_contradicts_itself_on_any_day_on_which_the_law_changes(date):
    assert contradictions(None, date) == []
