"""Every derivation of the record and of the written cases cites a passage that speaks of it and was in force."""

from __future__ import annotations

import pytest

from pyreport.evidence.record import read_record, record_folder
from pyreport.explanation.decision import decide
from pyreport.places import policy_folder
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.solver import derive
from pyreport.rulebook.citing import fitting
from pyreport.rulebook.rulebook import load_rulebook

from .case_files import all_cases, cases_of, evidence, rulebook_of

READINGS = sorted({case.reading for case in all_cases()}, key=str)


def without_a_passage(graph: Graph) -> list[str]:
    """The rules with an application of which nothing that they cite speaks, each with one such application."""
    found: dict[str, str] = {}
    for rule in graph.rulebook.rules:
        for instance in graph.instances.get(rule.id, ()):
            values = dict(zip(rule.variables, instance, strict=True))
            if rule.id not in found and not fitting(graph.rulebook, rule, values):
                found[rule.id] = f"{rule.id}: {values}"
    return list(found.values())


def test_every_derivation_of_the_record_has_a_passage_that_speaks_of_it():
    assert without_a_passage(decide(load_rulebook(policy_folder()), read_record(record_folder())).graph) == []


@pytest.mark.parametrize("reading", READINGS, ids=str)
def test_every_derivation_of_the_cases_has_a_passage_that_speaks_of_it(reading):
    _, facts = evidence(cases_of(reading))
    assert without_a_passage(derive(rulebook_of(reading), facts)) == []
