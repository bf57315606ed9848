"""Where a what-if starts from: the facts of an LEA, each Dashboard on one basis, and what of them may change.

Which facts may change, at what cost, and what is set aside stands in ``policy/changes/``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pyreport.evidence.predicates import Facts
from pyreport.hypotheses.change import Move
from pyreport.hypotheses.relevance import narrowed, relevant_facts
from pyreport.hypotheses.worlds import NO_SOURCE, conclude_worlds
from pyreport.reasoning.solver import conclude
from pyreport.rulebook.rows import with_values
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value

__all__ = ["COST", "NEW", "Basis", "StartingPoint", "bases", "moves_of", "starting_points"]

ABSENT = "absent"
"""How a change of the policy says that there is no such fact."""

NEW = "New"
"""How the arguments of a change begin that stand in place of another."""

COST = "Cost"
"""The argument of a change that holds its cost."""


@dataclass(frozen=True, slots=True)
class Basis:
    """How one Dashboard of the LEA is taken.

    ``name`` is the basis; ``None`` where every basis alone would change a conclusion, so that nothing is set aside.
    ``aside`` are the facts set aside.
    """

    year: int
    name: str | None
    aside: tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class StartingPoint:
    """The facts of one LEA from which changes are counted.

    Attributes:
        lea: The LEA, a quoted CDS code.
        year: The Dashboard year.
        atoms: Its facts, without those set aside.
        bases: How each Dashboard is taken.
        moves: What may change.
        holds: What holds of the predicates asked about.
    """

    lea: Value
    year: int
    atoms: tuple[Atom, ...]
    bases: tuple[Basis, ...]
    moves: tuple[Move, ...]
    holds: frozenset[Atom]


def bases(rulebook: Rulebook) -> dict[str, frozenset[str]]:
    """The bases in the order in which they are tried, each with the predicates that state by it."""
    order = sorted((row.place, str(row.basis)) for row in rulebook.stated("basis_order"))
    stated: dict[str, set[str]] = {name: set() for _, name in order}
    for row in rulebook.stated("states_by"):
        stated[str(row.basis)].add(str(row.predicate))
    return {name: frozenset(predicates) for name, predicates in stated.items()}


def starting_points(
    rulebook: Rulebook, facts: Facts, year: int, predicates: Collection[str], wanted: Mapping[int, str] | None = None
) -> list[StartingPoint]:
    """Return the starting points of all LEAs that ``facts`` cover in ``year``, by CDS code.

    Args:
        rulebook: The policy, loaded with its changes.
        facts: The facts of those LEAs.
        year: The Dashboard year asked about.
        predicates: The conclusions that setting something aside must not change.
        wanted: Bases that a hypothesis needs, by Dashboard year; Dashboards of other years then stay as they are.
            Without it, bases are chosen by the order of the policy.

    Raises:
        ReasoningError: Clingo reported an error or a warning.
    """
    asked = ("reaches", "covered", "basis_at_hand")
    concluded = conclude(narrowed(rulebook, asked), facts, asked)
    reaches, covered, basis_at_hand = (
        [rulebook.predicates[name].row(atom) for atom in concluded[name]] for name in asked
    )
    years = {row.earlier for row in with_values(reaches, year=year)}
    leas = sorted({row.lea for row in with_values(covered, year=year)}, key=str)
    of_lea: dict[Value, list[Atom]] = {lea: [] for lea in leas}
    places = rulebook.places("LEA")
    for atom in facts:
        place = places.get(str(atom[0]))
        if place is not None and atom[place] in of_lea:
            of_lea[atom[place]].append(atom)
    at_hand: dict[tuple[Value, Value], list[str]] = {}
    for row in basis_at_hand:
        at_hand.setdefault((row.lea, row.year), []).append(str(row.basis))
    candidates = {lea: _candidates(rulebook, atoms, lea, years, at_hand, wanted) for lea, atoms in of_lea.items()}
    chosen, holds = _chosen(rulebook, of_lea, candidates, predicates)
    start = {lea: _without(atoms, chosen[lea]) for lea, atoms in of_lea.items()}
    moves = moves_of(rulebook, [atom for atoms in start.values() for atom in atoms], years)
    return [
        StartingPoint(lea, year, tuple(start[lea]), chosen[lea], tuple(moves.get(lea, ())), frozenset(holds[lea]))
        for lea in leas
    ]


def _candidates(
    rulebook: Rulebook,
    atoms: Collection[Atom],
    lea: Value,
    years: Collection[Value],
    at_hand: Mapping[tuple[Value, Value], list[str]],
    wanted: Mapping[int, str] | None,
) -> list[list[Basis]]:
    """The bases on which each Dashboard of one LEA can be taken, the preferred first, and last on none alone."""
    stated = bases(rulebook)
    every = frozenset().union(*stated.values())
    places = rulebook.places("Year")
    by_year: dict[int, list[Atom]] = {year: [] for year in wanted or ()}
    for atom in atoms:
        if atom[0] in every:
            year = atom[places[str(atom[0])]]
            if isinstance(year, int) and year in (years if wanted is None else wanted):
                by_year.setdefault(year, []).append(atom)
    return [
        [
            *(
                Basis(year, name, tuple(atom for atom in by_year[year] if atom[0] not in own))
                for name, own in stated.items()
                if name in at_hand.get((lea, year), ()) and (wanted is None or wanted[year] == name)
            ),
            Basis(year, None, ()),
        ]
        for year in sorted(by_year)
    ]


def _chosen(
    rulebook: Rulebook,
    of_lea: Mapping[Value, list[Atom]],
    candidates: Mapping[Value, list[list[Basis]]],
    predicates: Collection[str],
) -> tuple[dict[Value, tuple[Basis, ...]], dict[Value, set[Atom]]]:
    """Choose the first basis of each Dashboard that sets nothing aside on which a conclusion turns.

    Returns the choices, and what holds of ``predicates`` from what they leave.
    """
    narrow = narrowed(rulebook, predicates)
    of_lea = {lea: relevant_facts(narrow, atoms) for lea, atoms in of_lea.items()}
    now = conclude_worlds(narrow, of_lea, predicates)
    chosen = {lea: tuple(of_year[0] for of_year in candidates[lea]) for lea in of_lea}
    preferred = {
        lea: _without(atoms, chosen[lea]) for lea, atoms in of_lea.items() if any(b.aside for b in chosen[lea])
    }
    refused = [lea for lea, atoms in conclude_worlds(narrow, preferred, predicates).items() if atoms != now[lea]]
    if not refused:
        return chosen, now
    # Dashboard by Dashboard, where not all can be taken on the preferred basis.
    alone = {
        (lea, basis): _without(of_lea[lea], (basis,)) for lea in refused for year in candidates[lea] for basis in year
    }
    concluded = conclude_worlds(narrow, alone, predicates)
    fits = {(lea, basis) for lea, basis in alone if concluded[lea, basis] == now[lea]}
    for lea in refused:
        chosen[lea] = tuple(next(basis for basis in year if (lea, basis) in fits) for year in candidates[lea])
    together = conclude_worlds(narrow, {lea: _without(of_lea[lea], chosen[lea]) for lea in refused}, predicates)
    for lea in refused:
        if together[lea] != now[lea]:
            chosen[lea] = tuple(year[-1] for year in candidates[lea])
    return chosen, now


def _without(atoms: Collection[Atom], chosen: Collection[Basis]) -> list[Atom]:
    aside = {atom for basis in chosen for atom in basis.aside}
    return [atom for atom in atoms if atom not in aside]


def moves_of(rulebook: Rulebook, atoms: Collection[Atom], years: Collection[Value]) -> dict[Value, list[Move]]:
    """The moves that the policy allows from ``atoms``, by LEA; those of the Dashboards of ``years`` alone."""
    changes = [name for name, predicate in rulebook.predicates.items() if predicate.changes]
    facts = dict.fromkeys(atoms, NO_SOURCE)
    moves: dict[Value, list[Move]] = {}
    for name, allowed in conclude(narrowed(rulebook, changes), facts, changes).items():
        reader = _MoveReader(rulebook, name, atoms)
        for atom in allowed:
            row = rulebook.predicates[name].row(atom)
            if row.year in years:
                moves.setdefault(row.lea, []).append(reader.read(atom))
    return moves


class _MoveReader:
    """From conclusions of one predicate to moves: which fact goes, and which one comes in its place."""

    def __init__(self, rulebook: Rulebook, name: str, atoms: Collection[Atom]) -> None:
        self.arguments = rulebook.predicates[name].arguments
        fact = str(rulebook.predicates[name].changes)
        self.fact, self.of_fact = fact, rulebook.predicates[fact].arguments
        self.fresh = next(argument for argument in self.arguments if argument.startswith(NEW))
        self.stale = self.fresh.removeprefix(NEW)
        self.shared = [argument for argument in self.of_fact if argument in self.arguments]
        places = [rulebook.predicates[fact].place(argument) for argument in self.shared]
        self.known = {tuple(atom[place] for place in places): atom for atom in atoms if atom[0] == fact}

    def read(self, atom: Atom) -> Move:
        values = dict(zip(self.arguments, atom[1:], strict=True))
        old = None if values[self.stale] == ABSENT else self.known[tuple(values[name] for name in self.shared)]
        new: Atom | None = None
        if values[self.fresh] != ABSENT:
            kept = values if old is None else dict(zip(self.of_fact, old[1:], strict=True))
            new = (self.fact, *({**kept, self.stale: values[self.fresh]}[name] for name in self.of_fact))
        part = tuple(values[name] for name in ("Year", "Group") if name in values)
        return Move(atom, old, new, int(values[COST]), part)
