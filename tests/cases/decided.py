"""All cases of a reading, decided in one run: each case is an LEA of its own."""

from __future__ import annotations

import functools

from pyreport.cases.case import Case, evidence
from pyreport.reasoning.decision import proved
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.solver import derive

from .case_files import cases_of, rulebook_of
from .outcome import Outcome


@functools.cache
def graph_of(reading: str | None) -> Graph:
    """What the rules conclude of the cases of a reading, checked by the proof checker."""
    _, facts = evidence(cases_of(reading))
    graph = derive(rulebook_of(reading), facts)
    proved(graph)
    return graph


@functools.cache
def outcome(reading: str | None) -> Outcome:
    """What the cases of a reading are compared with."""
    return Outcome.of(graph_of(reading))


def faults_of(case: Case) -> list[str]:
    """What comes out otherwise than a case expects, and which reasons that it asks for are not given."""
    if "undecided" in case.given:
        return [f"undecided: {case.given['undecided']}"]
    return outcome(case.reading).faults(case)
