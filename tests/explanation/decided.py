"""Counties decided once for all tests of this folder."""

from __future__ import annotations

import functools

from pyreport.evidence.record import Record
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.evidence.scope import Scope
from pyreport.explanation.tree import Explainer, Step, walk
from pyreport.files.places import policy_folder
from pyreport.reasoning.decision import Decision, decide
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.rulebook import Rulebook


@functools.cache
def rulebook() -> Rulebook:
    return load_rulebook(policy_folder())


@functools.cache
def record() -> Record:
    return read_record(record_folder())


@functools.cache
def decision(code: str, without: str = "") -> Decision:
    """All years of one county, or of one LEA, as if what is of the kind ``without`` were not on record."""
    return decide(rulebook(), record().without({without} - {""}), Scope(only={code}))


@functools.cache
def steps(code: str) -> list[Step]:
    """Every step below any output of any year."""
    graph = decision(code).graph
    explainer = Explainer(graph)
    return list(walk(explainer.step(atom) for name in rulebook().outputs() for atom in graph.atoms(name)))
