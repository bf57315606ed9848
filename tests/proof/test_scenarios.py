"""What the checker finds by applying the rules on events is what clingo derives."""

import functools

import pytest
from explanation.decided import record, rulebook

from pyreport.evidence.model import Cell, Publication
from pyreport.evidence.scope import Scope
from pyreport.files.places import policy_folder
from pyreport.following.scenarios import possible_consequences
from pyreport.proof.checker import ProofChecker
from pyreport.proof.scenarios import EVENTS, event_rules
from pyreport.reasoning.decision import decide, scenarios
from pyreport.reasoning.solver import derive
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.syntax import quote

from .made_up import MadeRule, texts_of

DAY = 20250301
OFFICE, DISTRICT, CHARTER = "27102720000000", "27661420000000", "27102720112177"
SUPPOSED = Cell("supposed", Publication(0, "Supposed", "", "supposed", "", "0" * 64, {}, "case"), "step ", 1)


@functools.cache
def rules():
    return event_rules(ProofChecker(dict(load_rulebook(policy_folder()).texts)))


@functools.cache
def decision():
    return decide(rulebook(), record(), Scope(only={"27"}, as_of=DAY))


def concluded(graph, lea, name):
    return {atom[1:] for atom in graph.atoms(name) if atom[1] == lea}


def differing(world, graph, lea):
    """The predicates on events of which the two say something else about ``lea``."""
    predicates = graph.rulebook.predicates
    return [
        name
        for name in rules().order
        if {one for one in world.relation(name, len(predicates[name].arguments)) if one[0] == lea}
        != concluded(graph, lea, name)
    ]


@pytest.mark.parametrize("cds", [OFFICE, DISTRICT, CHARTER])
def test_without_events_it_is_what_the_case_is_decided_to_be(cds):
    graph = decision().graph
    assert differing(scenarios(graph, {quote(cds)}).after([]), graph, quote(cds)) == []


@pytest.mark.parametrize("cds", [OFFICE, DISTRICT, CHARTER])
def test_after_each_scenario_it_is_what_clingo_derives_from_the_case_with_these_events(cds):
    lea = quote(cds)
    graph = decide(rulebook(), record(), Scope(only={cds}, as_of=DAY)).graph
    found, _ = possible_consequences(graph, lea, DAY)
    of_lea = scenarios(graph, {lea})
    longest = sorted({tuple(one.events(rulebook(), DAY)) for one in found}, key=lambda one: (-len(one), one))[:3]
    assert longest
    for events in longest:
        after = derive(rulebook(), {**graph.facts, **dict.fromkeys(events, SUPPOSED)})
        assert differing(of_lea.after(events), after, lea) == []


def test_of_several_leas_each_has_what_it_has_alone():
    graph, leas = decision().graph, {quote(OFFICE), quote(DISTRICT)}
    together = scenarios(graph, leas).after([])
    for lea in leas:
        assert differing(together, graph, lea) == []


def test_each_predicate_is_evaluated_after_those_it_depends_on():
    order = list(rules().order)
    assert not {*EVENTS} & set(order)
    for place, name in enumerate(order):
        needed = {part[1] for rule in rules().rules[name] for part in rule.body if part[0] in ("atom", "not")}
        assert needed & set(order) <= {*order[: place + 1]}


def test_predicates_that_depend_on_each_other_are_refused():
    made_up = [
        MadeRule("one(LEA)", ("event(LEA)",)),
        MadeRule("one(LEA)", ("other(LEA)",)),
        MadeRule("other(LEA)", ("one(LEA)",)),
    ]
    texts = texts_of(made_up, ["event/1"])
    with pytest.raises(ValueError, match="depend on each other"):
        event_rules(ProofChecker(texts))
