"""Every derivation of the record and of the written cases cites passages that speak of it and were in force.

So do the facts of the policy that a derivation uses: what they leave open, such as the year, is that of the derivation.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.evidence.scope import Scope
from pyreport.files.places import policy_folder
from pyreport.reasoning.decision import decide
from pyreport.reasoning.graph import Graph, Instance
from pyreport.rulebook.citing import Applied, about, fitting
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.syntax import Atom, Literal, ground

from .case_files import all_cases
from .decided import graph_of

READINGS = sorted({case.reading for case in all_cases()}, key=str)


def application(graph: Graph, rule: Rule, instance: Instance) -> Applied:
    """What an application of ``rule`` is about."""
    values = dict(zip(rule.variables, instance, strict=True))
    return about(values, graph.implied_of(values))


def facts_used(graph: Graph, rule: Rule, instance: Instance) -> Iterator[Atom]:
    """The facts of the policy that an application of ``rule`` uses."""
    values = dict(zip(rule.variables, instance, strict=True))
    for part in rule.body:
        if not isinstance(part, Literal) or part.negated:
            continue
        if graph.rulebook.predicates[part.atom.predicate].stated_by == "policy":
            yield ground(part.atom, values)


def without_a_passage(graph: Graph) -> list[str]:
    """The rules and facts with an application of which nothing that they cite speaks, each with one of these."""
    rulebook = graph.rulebook
    stated = {fact: rule for rule in rulebook.rules for fact in rule.facts}
    found: dict[str, str] = {}

    def look_at(cited: Rule, applied: Applied, user: Rule | None = None) -> None:
        if cited.id not in found and not fitting(rulebook, cited, applied, user.inferred if user else None):
            found[cited.id] = f"{cited.id}{f' in {user.id}' if user else ''}: {applied}"

    for rule in rulebook.rules:
        seen = set()
        for instance in graph.instances.get(rule.id, ()):
            applied = application(graph, rule, instance)
            look_at(rule, applied)
            # Of LEAs of which the same holds, one is enough.
            key = tuple((name, *values) for name, values in applied.items() if name != "LEA")
            if rule.body and key not in seen:
                seen.add(key)
                for fact in facts_used(graph, rule, instance):
                    arguments = rulebook.predicates[str(fact[0])].arguments
                    look_at(stated[fact], about(dict(zip(arguments, fact[1:], strict=True)), applied), rule)
    return list(found.values())


# The county whose record has figures of charter schools, the smallest, the largest, and one that is a single district;
# the other counties repeat them, and take twice as long as all of the cases.
@pytest.mark.parametrize(
    "only",
    [{"27", "02", "19", "38"}, pytest.param(None, marks=pytest.mark.sweep)],
    ids=["some counties", "the state"],
)
def test_every_derivation_of_the_record_has_a_passage_that_speaks_of_it(only):
    decided = decide(load_rulebook(policy_folder()), read_record(record_folder()), Scope(only=only))
    assert without_a_passage(decided.graph) == []


@pytest.mark.parametrize("reading", READINGS, ids=str)
def test_every_derivation_of_the_cases_has_a_passage_that_speaks_of_it(reading):
    assert without_a_passage(graph_of(reading)) == []
