"""Changed worlds: the facts of one LEA, changed in several ways, each decided again by the policy as it stands.

No rule looks from one LEA to another, so worlds are decided together, each under a made-up code in place of its LEA's.
``conclude_worlds`` returns conclusions alone, of many LEAs; ``decide_worlds`` the derivations too, checked.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pyreport.evidence.model import Cell, Publication
from pyreport.evidence.predicates import Facts
from pyreport.hypotheses.change import Change, Goal, changed
from pyreport.hypotheses.relevance import narrowed
from pyreport.proof.checker import Verdict
from pyreport.reasoning.decision import proved
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.grounding import ReasoningError
from pyreport.reasoning.solver import conclude, derive
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value, quote, unquote

__all__ = [
    "NO_SOURCE",
    "DecidedWorlds",
    "changed_worlds",
    "conclude_worlds",
    "confirm",
    "decide_worlds",
    "world_facts",
]

_Key = TypeVar("_Key", bound=Hashable)

NO_SOURCE = Cell("", Publication(0, "", "", "", "", "", {}), "", 0)
"""The cell of a fact of which only the conclusions are asked."""

_HYPOTHESIS = Publication(0, "A hypothesis", "", "hypothesis", "", "0" * 64, {}, "hypothesis")


def changed_worlds(atoms: Collection[Atom], changes: Sequence[Sequence[Change]]) -> dict[tuple[int, int], list[Atom]]:
    """The facts ``atoms`` with each change made, by the place of the list it is in and its place there."""
    return {
        (place, number): changed(atoms, change)
        for place, of_goal in enumerate(changes)
        for number, change in enumerate(of_goal)
    }


def world_facts(rulebook: Rulebook, facts: Facts, atoms: Iterable[Atom], code: str) -> Facts:
    """The facts ``atoms`` of one LEA under ``code`` in place of its CDS code.

    One that is not among ``facts`` has the cell of a hypothesis.
    """
    places = rulebook.places("LEA")
    world: Facts = {}
    for number, atom in enumerate(atoms, 1):
        place = places[str(atom[0])]
        cell = facts.get(atom)
        if cell is None:
            values = (unquote(value) for value in (*atom[1:place], *atom[place + 1 :]))
            cell = Cell(", ".join(values), _HYPOTHESIS, "fact ", number)
        world[_moved(atom, place, quote(code))] = cell
    return world


def conclude_worlds(
    rulebook: Rulebook, worlds: Mapping[_Key, Collection[Atom]], predicates: Collection[str]
) -> dict[_Key, set[Atom]]:
    """Return what holds of ``predicates`` in each world, by its key.

    The facts of a world are those of one LEA; only the rules on which ``predicates`` rest are applied.

    Raises:
        ReasoningError: Clingo reported an error or a warning.
    """
    narrow = narrowed(rulebook, predicates)
    places = narrow.places("LEA")
    facts: Facts = {}
    of_code: dict[Value, tuple[_Key, Value]] = {}
    for number, (key, atoms) in enumerate(worlds.items()):
        code = quote(str(number))
        for atom in atoms:
            place = places.get(str(atom[0]))
            if place is not None:
                facts[_moved(atom, place, code)] = NO_SOURCE
                of_code[code] = key, atom[place]
    concluded: dict[_Key, set[Atom]] = {key: set() for key in worlds}
    for name, atoms in conclude(narrow, facts, predicates).items():
        if name not in places:
            continue
        place = places[name]
        for atom in atoms:
            if atom[place] in of_code:
                key, lea = of_code[atom[place]]
                concluded[key].add(_moved(atom, place, lea))
    return concluded


@dataclass(frozen=True)
class DecidedWorlds:
    """Worlds of one LEA that were decided together.

    Attributes:
        graph: The derivations of all worlds.
        verdict: That of the proof checker on them.
        codes: By the key of each world, the made-up code under which it stands in the graph.
        lea: The LEA, a quoted CDS code.
    """

    graph: Graph
    verdict: Verdict
    codes: Mapping[tuple[int, int], str]
    lea: Value

    def concluded(self, predicates: Collection[str]) -> dict[tuple[int, int], list[Atom]]:
        """What holds of ``predicates`` in each world, by its key."""
        predicate = self.graph.rulebook.predicates
        by_code: dict[Value, list[Atom]] = {quote(code): [] for code in self.codes.values()}
        for name in predicates:
            place = predicate[name].place("LEA")
            for atom in self.graph.atoms(name):
                by_code.get(atom[place], []).append(_moved(atom, place, self.lea))
        return {key: by_code[quote(code)] for key, code in self.codes.items()}


def decide_worlds(
    rulebook: Rulebook, facts: Facts, cds: str, worlds: Mapping[tuple[int, int], Collection[Atom]]
) -> DecidedWorlds | None:
    """Decide worlds of the LEA ``cds`` with all derivations, and have these checked; ``None`` if there are no worlds.

    Raises:
        ReasoningError: Clingo reported an error or a warning.
        ProofError: The checker does not confirm a derivation.
    """
    if not worlds:
        return None
    codes = {key: f"{cds}~{'.'.join(map(str, key))}" for key in worlds}
    together: Facts = {}
    for key, atoms in worlds.items():
        together.update(world_facts(rulebook, facts, atoms, codes[key]))
    graph = derive(rulebook, together)
    return DecidedWorlds(graph, proved(graph), codes, quote(cds))


def confirm(goals: Mapping[_Key, Goal], concluded: Mapping[_Key, Collection[Atom]]) -> None:
    """Compare what a search proposed with what was decided again; both by the keys of worlds.

    Raises:
        ReasoningError: A world does not reach its goal.
    """
    for key, goal in goals.items():
        if not goal.reached(concluded[key]):
            raise ReasoningError(f"what the search proposed is not confirmed by deciding again: {key}, {goal}")


def _moved(atom: Atom, place: int, lea: Value) -> Atom:
    """The same atom of another LEA, which stands at ``place``."""
    return (*atom[:place], lea, *atom[place + 1 :])
