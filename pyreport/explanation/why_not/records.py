"""What is on record and what holds, by any arguments: domains, what holds instead, what makes the record complete.

The lines ``Domain``, ``Key``, ``Complete`` and ``Open`` of the vocabulary are read here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from pyreport.reasoning.graph import Graph
from pyreport.rulebook.syntax import Atom, Value
from pyreport.rulebook.vocabulary import Pattern, Predicate

__all__ = ["Goal", "Records", "agrees", "key_known"]

_NOT = "not "

Goal = tuple[Value | None, ...]
"""An atom asked about: the predicate's name, then its arguments, ``None`` where any value would do."""


class Records:
    """The atoms of a graph, looked up by any of their arguments, and what the vocabulary says of their absence."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._domains: dict[Goal, list[Goal]] = {}
        self._indexes: dict[tuple[str, tuple[int, ...]], dict[tuple[Value | None, ...], list[Atom]]] = {}

    def holds(self, atom: Goal) -> bool:
        """Whether ``atom``, all of whose arguments have a value, holds."""
        return atom in self.graph.facts or atom in self.graph.support

    def index(self, name: str, places: tuple[int, ...]) -> dict[tuple[Value | None, ...], list[Atom]]:
        """The atoms of a predicate, sorted, by their arguments in ``places``."""
        index = self._indexes.get((name, places))
        if index is None:
            index = self._indexes[name, places] = {}
            for atom in self.graph.atoms(name):
                index.setdefault(tuple([atom[place] for place in places]), []).append(atom)
        return index

    def find(self, goal: Goal) -> Sequence[Atom]:
        """The atoms that ``goal`` fits, sorted."""
        if None not in goal:
            return (goal,) if self.holds(goal) else ()  # type: ignore[return-value]
        places = tuple([place for place, value in enumerate(goal) if place and value is not None])
        return self.index(str(goal[0]), places).get(tuple([goal[place] for place in places]), ())

    def domain(self, predicate: Predicate, goal: Goal) -> list[Goal]:
        """What ``goal``'s open arguments range over, by the ``Domain`` line of the vocabulary.

        Arguments that the line does not name stay open.
        """
        ranging = tuple(
            [
                value if name in predicate.ranging else None
                for name, value in zip(predicate.arguments, goal[1:], strict=True)
            ]
        )
        key = (predicate.name, *ranging)
        if key not in self._domains:
            start = {name: value for name, value in zip(predicate.arguments, ranging, strict=True) if value is not None}
            domain: dict[Goal, None] = {}
            for bindings in self._join(predicate.domain, start):
                domain[(predicate.name, *(bindings.get(name) for name in predicate.arguments))] = None
            self._domains[key] = sorted(domain, key=repr)
        return self._domains[key]

    def _join(self, patterns: Sequence[Pattern], bindings: dict[str, Value]) -> Iterator[dict[str, Value]]:
        if not patterns:
            yield bindings
            return
        negated, name, arguments = _read(patterns[0])
        goal = (name, *[bindings.get(argument, constant) for argument, constant in arguments])
        if negated:
            if not self.find(goal):
                yield from self._join(patterns[1:], bindings)
            return
        for atom in self.find(goal):
            bound = {argument: value for (argument, _), value in zip(arguments, atom[1:], strict=True) if argument}
            yield from self._join(patterns[1:], {**bindings, **bound})

    def outside(self, predicate: Predicate, goal: Goal) -> Goal | None:
        """The condition of its domain, such as a cell of law, without which the evidence never states ``goal``.

        ``None`` where ``goal`` lies in the domain.
        """
        joined = [_known_values(predicate, goal)]
        for place, pattern in enumerate(predicate.domain):
            wider = [bindings for before in joined for bindings in self._join([pattern], before)]
            if not wider:
                _, name, arguments = _read(predicate.domain[place])
                return (name, *[joined[0].get(argument, constant) for argument, constant in arguments])
            joined = wider
        return None

    def instead(self, predicate: Predicate, goal: Goal) -> Sequence[Atom]:
        """What holds instead: atoms with the same key, if all of the key is known."""
        if not predicate.key or not key_known(predicate, goal):
            return ()
        named = dict(zip(predicate.arguments, goal[1:], strict=True))
        return self.find((goal[0], *(named[name] if name in predicate.key else None for name in named)))

    def complete(self, predicate: Predicate, goal: Goal) -> tuple[Atom, ...] | None:
        """What proves that the evidence would state it if it were so; ``None`` if nothing does."""
        named = _known_values(predicate, goal)
        for patterns in predicate.complete:
            for bindings in self._join(patterns, named):
                proof: list[Atom] = []
                for _, name, arguments in map(_read, patterns):
                    goal = (name, *[bindings.get(argument, constant) for argument, constant in arguments])
                    proof += self.find(goal)[:1]
                return tuple(proof)
        return None

    def is_open(self, goal: Goal) -> bool:
        """Whether what is not on record could still bring ``goal`` about."""
        predicate = self.graph.rulebook.predicates[str(goal[0])]
        named = _known_values(predicate, goal)
        return any(True for patterns in predicate.open for _ in self._join(patterns, named))


def _known_values(predicate: Predicate, goal: Goal) -> dict[str, Value]:
    """The values of ``goal`` by the names of its arguments, without those that are open."""
    return {name: value for name, value in zip(predicate.arguments, goal[1:], strict=True) if value is not None}


def key_known(predicate: Predicate, goal: Goal) -> bool:
    """Whether every argument of the predicate's key has a value in ``goal``."""
    return all(
        value is not None for name, value in zip(predicate.arguments, goal[1:], strict=True) if name in predicate.key
    )


def agrees(atom: Atom, goal: Goal) -> bool:
    """Whether ``atom`` is one of those that ``goal`` asks about."""
    return all(value is None or value == other for other, value in zip(atom, goal, strict=True))


@cache
def _read(pattern: Pattern) -> tuple[bool, str, tuple[tuple[str, Value | None], ...]]:
    """A pattern of the vocabulary: whether it is negated, the predicate, and its arguments.

    An argument that begins with a capital is a name, with ``None``; any other is a constant, without a name.
    """
    name, arguments = pattern
    pairs = tuple((text, None) if text[:1].isupper() else ("", _constant(text)) for text in arguments)
    return name.startswith(_NOT), name.removeprefix(_NOT), pairs


def _constant(text: str) -> Value:
    return int(text) if text.lstrip("-").isdigit() else text
