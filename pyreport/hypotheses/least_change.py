"""The smallest changes of reported facts after which a conclusion about an LEA comes or goes.

Each is verified: the policy decides again from the changed facts. A statement about the rules, never advice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from pyreport.evidence.predicates import Facts
from pyreport.hypotheses.smallest_changes import Change, Goal, Optima, changed, frame, smallest_changes
from pyreport.hypotheses.starting_point import StartingPoint, starting_points
from pyreport.hypotheses.worlds import conclude_worlds, narrowed, sifted
from pyreport.reasoning.grounding import ReasoningError
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value

__all__ = ["DECIDED", "LeastChanges", "Question", "least_changes"]

DECIDED = 48
"""Up to so many smallest changes of one goal are decided again one by one."""

_ELIGIBLE = "eligible"
_ON_THE_LIST = "meets_criteria_on_state_priorities"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a predicate of conclusions about an LEA and a Dashboard year, and perhaps its last argument.

    ``predicates`` without one are the ordinary questions: eligibility, and each listed group.
    """

    predicate: str | None = None
    value: Value | None = None

    @property
    def predicates(self) -> tuple[str, ...]:
        """The predicates whose atoms are asked about."""
        return (self.predicate,) if self.predicate else (_ELIGIBLE, _ON_THE_LIST)

    def goals(self, rulebook: Rulebook, start: StartingPoint) -> list[Goal]:
        """What is to come or to go, from ``start``."""
        if self.predicate:
            return self._of(rulebook, self.predicate, start)
        listed = [goal for goal in self._of(rulebook, _ON_THE_LIST, start) if not goal.comes]
        return [*self._of(rulebook, _ELIGIBLE, start), *listed]

    def _of(self, rulebook: Rulebook, predicate: str, start: StartingPoint) -> list[Goal]:
        names = rulebook.predicates[predicate].arguments
        known: dict[str, Value] = {"LEA": start.lea, "Year": start.year}
        if self.value is not None:
            known[names[-1]] = self.value
        asked = Goal(predicate, tuple(known.get(name) for name in names), True)
        found = sorted((atom for atom in start.holds if asked.matches(atom)), key=str)
        return [Goal(predicate, (start.lea, *atom[1:]), False) for atom in found] or [asked]


@dataclass(frozen=True, slots=True)
class LeastChanges:
    """The smallest changes from one starting point, for each goal. ``decided`` changes of each were decided again."""

    start: StartingPoint
    optima: tuple[Optima, ...]
    decided: tuple[tuple[Change, ...], ...]


def least_changes(
    rulebook: Rulebook, facts: Facts, year: int, question: Question | None = None
) -> Iterator[LeastChanges]:
    """Find the smallest changes for every LEA that ``facts`` cover in ``year``, by CDS code.

    Args:
        rulebook: The policy, loaded with its changes.
        facts: Facts of one county, or of fewer LEAs: what is decided again is decided together.
        year: The Dashboard year.
        question: What is asked.

    Raises:
        ReasoningError: Clingo reported an error or a warning, or a change that was found is not confirmed.
    """
    question = question or Question()
    # The list of groups is always held to: a basis that gives another one is not to be taken.
    predicates = tuple(dict.fromkeys((*question.predicates, *Question().predicates)))
    narrow = narrowed(rulebook, predicates)
    program = frame(narrow)
    found, facts_of = [], {}
    for start in starting_points(rulebook, facts, year, predicates):
        goals = question.goals(rulebook, start)
        facts_of[start.lea] = sifted(narrow, start.atoms)
        optima = tuple(smallest_changes(narrow, program, facts_of[start.lea], start.moves, goals))
        found.append(LeastChanges(start, optima, tuple(tuple(one.samples(DECIDED)) for one in optima)))
    _verify(narrow, found, facts_of, predicates)
    yield from found


def _verify(
    narrow: Rulebook,
    found: Collection[LeastChanges],
    facts_of: Mapping[Value, Collection[Atom]],
    predicates: Collection[str],
) -> None:
    """Decide again from the changed facts; each goal must be reached."""
    worlds: dict[Value, list[Atom]] = {}
    goals: dict[Value, Goal] = {}
    for one in found:
        for place, changes in enumerate(one.decided):
            for number, change in enumerate(changes):
                key = f"{one.start.lea} {place} {number}"
                worlds[key] = changed(facts_of[one.start.lea], change)
                goals[key] = one.optima[place].goal
    if not worlds:
        return
    for world, atoms in conclude_worlds(narrow, worlds, predicates).items():
        if not goals[world].reached(atoms):
            raise ReasoningError(f"a smallest change is not confirmed by deciding again: {world}")
