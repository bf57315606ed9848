"""The smallest changes of reported facts after which a conclusion about an LEA comes or goes: searched and confirmed.

Each change that the search proposes is confirmed: the policy decides again from the changed facts. A statement about
the rules, never advice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyreport.evidence.predicates import Facts
from pyreport.hypotheses.change import Change, Goal
from pyreport.hypotheses.relevance import narrowed, relevant_facts
from pyreport.hypotheses.search import Optima, program_text, search_changes
from pyreport.hypotheses.starting_point import StartingPoint, starting_points
from pyreport.hypotheses.worlds import changed_worlds, conclude_worlds, confirm
from pyreport.rulebook.rows import field_name
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value

__all__ = ["DECIDED", "LeastChanges", "Question", "least_changes"]

DECIDED = 48
"""Up to so many smallest changes of one goal are decided again one by one."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a predicate of conclusions about an LEA and a Dashboard year, and perhaps its last argument.

    Without a predicate, the questions of the vocabulary (``Question``) are asked.
    """

    predicate: str | None = None
    value: Value | None = None

    def predicates(self, rulebook: Rulebook) -> tuple[str, ...]:
        """The predicates whose atoms are asked about, and those of the ordinary questions.

        A basis from which another list of groups follows is not to be taken, whatever is asked.
        """
        asked = (self.predicate,) if self.predicate else ()
        return tuple(dict.fromkeys((*asked, *rulebook.questions())))

    def goals(self, rulebook: Rulebook, start: StartingPoint) -> list[Goal]:
        """What is to come or to go, from ``start``."""
        asked = {self.predicate: True} if self.predicate else rulebook.questions()
        return [
            goal
            for predicate, may_come in asked.items()
            for goal in self._of(rulebook, predicate, start)
            if may_come or not goal.comes
        ]

    def _of(self, rulebook: Rulebook, predicate: str, start: StartingPoint) -> list[Goal]:
        declared = rulebook.predicates[predicate]
        known: dict[str, Value] = {"lea": start.lea, "year": start.year}
        if self.value is not None:
            known[field_name(declared.arguments[-1])] = self.value
        asked = Goal.of(declared, comes=True, **known)
        holding = sorted((atom for atom in start.holds if asked.matches(atom)), key=str)
        return [Goal(predicate, atom[1:], False) for atom in holding] or [asked]


@dataclass(frozen=True, slots=True)
class LeastChanges:
    """The smallest changes from one starting point, for each goal. ``decided`` changes of each were decided again."""

    start: StartingPoint
    optima: tuple[Optima, ...]
    decided: tuple[tuple[Change, ...], ...]


def least_changes(
    rulebook: Rulebook, facts: Facts, year: int, question: Question | None = None
) -> Iterator[LeastChanges]:
    """Find the smallest changes for every LEA that ``facts`` cover in ``year``, in the order of CDS codes.

    Args:
        rulebook: The policy, loaded with its changes.
        facts: Facts of one county, or of fewer LEAs: what is decided again is decided together.
        year: The Dashboard year.
        question: What is asked.

    Raises:
        ReasoningError: Clingo reported an error or a warning, or a change that the search proposed is not confirmed.
    """
    question = question or Question()
    predicates = question.predicates(rulebook)
    narrow = narrowed(rulebook, predicates)
    program = program_text(narrow)
    results: list[LeastChanges] = []
    worlds: dict[tuple[Value, tuple[int, int]], list[Atom]] = {}
    goals: dict[tuple[Value, tuple[int, int]], Goal] = {}
    for start in starting_points(rulebook, facts, year, predicates):
        atoms = relevant_facts(narrow, start.atoms)
        optima = tuple(search_changes(narrow, program, atoms, start.moves, question.goals(rulebook, start)))
        decided = tuple(tuple(of_goal.samples(DECIDED)) for of_goal in optima)
        results.append(LeastChanges(start, optima, decided))
        for key, world in changed_worlds(atoms, decided).items():
            place, _ = key
            worlds[start.lea, key] = world
            goals[start.lea, key] = optima[place].goal
    if worlds:
        confirm(goals, conclude_worlds(narrow, worlds, predicates))
    yield from results
