"""Changes of an LEA's facts, and what they are to reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyreport.rulebook.rows import field_name
from pyreport.rulebook.syntax import Atom, Value
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["Change", "Goal", "Move", "changed", "sorted_change"]


@dataclass(frozen=True, slots=True)
class Move:
    """One change of one reported fact.

    Attributes:
        atom: The conclusion of the policy that allows it.
        old: The fact that goes; ``None`` where there was none.
        new: The fact that comes; ``None`` where none does.
        cost: How many steps it is away from what is reported.
        part: What it belongs to: the Dashboard year, and the student group if it concerns one.
    """

    atom: Atom
    old: Atom | None
    new: Atom | None
    cost: int
    part: tuple[Value, ...]

    @property
    def fact(self) -> Atom | None:
        """What no two moves of one change may touch both: the fact that is changed, else the one that comes."""
        return self.old or self.new


Change = tuple[Move, ...]
"""Moves that are made together, sorted by their atoms; no two of one fact."""


def sorted_change(moves: Iterable[Move]) -> Change:
    """The moves as a change."""
    return tuple(sorted(moves, key=lambda move: tuple(map(str, move.atom))))


def changed(atoms: Iterable[Atom], change: Change) -> list[Atom]:
    """The facts ``atoms`` with ``change`` made."""
    gone = {move.old for move in change}
    return [*(atom for atom in atoms if atom not in gone), *(move.new for move in change if move.new is not None)]


@dataclass(frozen=True, slots=True)
class Goal:
    """A conclusion that is to come or to go: ``predicate`` with ``arguments``, of which ``None`` is any value."""

    predicate: str
    arguments: tuple[Value | None, ...]
    comes: bool

    @classmethod
    def of(cls, predicate: Predicate, *, comes: bool, **values: Value) -> Goal:
        """The goal whose arguments have these values, by the names that rows have for them; any value for others."""
        return cls(predicate.name, tuple(values.get(field_name(name)) for name in predicate.arguments), comes)

    def reached(self, atoms: Iterable[Atom]) -> bool:
        """Whether ``atoms``, those that hold, are as the goal wants it."""
        return self.comes == any(self.matches(atom) for atom in atoms)

    def matches(self, atom: Atom) -> bool:
        """Whether ``atom`` is what the goal speaks of."""
        name, *values = atom
        return name == self.predicate and all(
            wanted in (None, value) for wanted, value in zip(self.arguments, values, strict=True)
        )
