"""What a run of the rules says of each case, checked for two answers to one question."""

from __future__ import annotations

from typing import Any, Self

from pyreport.cases import outcome
from pyreport.reasoning.graph import Graph

# Predicates that answer one question each, with the number of places (the predicate's name included) that ask it.
QUESTIONS = (
    ("kind", 2),
    ("status", 3),
    ("persistent_52072", 3),
    ("persistent_52071f", 3),
    ("pathway_status", 3),
    ("charter_three_of_four", 3),
    ("computed_level", 6),
    ("computed_color", 5),
)


class TwoAnswersError(Exception):
    """Some LEA has two answers to one question; the message is the predicate."""


class Outcome(outcome.Outcome):
    @classmethod
    def of(cls, graph: Graph, rules: dict[str, dict[str, set[Any]]] | None = None) -> Self:
        _check_one_answer(graph)
        return super().of(graph, rules)


def _check_one_answer(graph: Graph) -> None:
    """No LEA has two answers to one question; the table would show only one of them."""
    for predicate, width in QUESTIONS:
        questions = [atom[:width] for atom in graph.atoms(predicate)]
        if len(questions) != len(set(questions)):
            raise TwoAnswersError(predicate)
