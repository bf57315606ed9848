"""Several worlds decided at once: the facts of one LEA, changed in several ways.

No rule looks from one LEA to another, so worlds are decided together under made-up codes in place of the LEA's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from pyreport.evidence.model import Cell, Publication
from pyreport.evidence.predicates import Facts
from pyreport.reasoning.solver import conclude
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Comparison, Count, Literal, Value, quote

__all__ = ["NOWHERE", "conclude_worlds", "narrowed", "sifted", "used_by"]

NOWHERE = Cell("", Publication(0, "", "", "", "", "", {}), "", 0)
"""The cell of a fact of which only the conclusions are asked."""


_Shape = tuple[tuple[tuple[int, Value], ...], tuple[tuple[int, Value], ...]]
"""What a condition asks of the arguments of a fact: the places that must have a value, and those that must not."""


def _literals(rule: Rule) -> Iterator[Literal]:
    for part in rule.body:
        inside = [one for element in part.elements for one in element.conditions] if isinstance(part, Count) else [part]
        yield from (one for one in inside if isinstance(one, Literal))


def used_by(rule: Rule) -> set[str]:
    """The predicates in the body of ``rule``."""
    return {atom.predicate for atom in rule.atoms_read()}


def narrowed(rulebook: Rulebook, predicates: Iterable[str]) -> Rulebook:
    """Return the rulebook with the rules alone on which ``predicates`` rest: of these it concludes the same."""
    wanted: set[str] = set()
    queue = list(predicates)
    while queue:
        name = queue.pop()
        if name not in wanted:
            wanted.add(name)
            queue += [used for rule in rulebook.by_head.get(name, ()) for used in used_by(rule)]
    declared = {name: predicate for name, predicate in rulebook.predicates.items() if name in wanted}
    rules = tuple(rule for rule in rulebook.rules if rule.head.predicate in wanted)
    return replace(rulebook, rules=rules, predicates=declared)


def sifted(narrow: Rulebook, atoms: Iterable[Atom]) -> list[Atom]:
    """Return those of the facts ``atoms`` that a condition of some rule of ``narrow`` can fit.

    That is told by the constants of the conditions, and by comparisons with constants beside them: a row that shows
    neither a color nor a level, for instance, fits none.
    """
    wanted: dict[str, set[_Shape]] = {}
    for rule in narrow.rules:
        beside = [part for part in rule.body if isinstance(part, Comparison)]
        for literal in _literals(rule):
            wanted.setdefault(literal.atom.predicate, set()).add(_shape(literal, beside))
    open_to_all = {name for name, shapes in wanted.items() if ((), ()) in shapes}
    return [
        atom
        for atom in atoms
        if atom[0] in open_to_all or any(_fits(atom, shape) for shape in wanted.get(str(atom[0]), ()))
    ]


def _shape(literal: Literal, beside: Iterable[Comparison]) -> _Shape:
    terms = literal.atom.arguments
    same = tuple((place, term) for place, term in enumerate(terms, 1) if isinstance(term, int | str))
    other = tuple(
        (place, one.right)
        for one in beside
        for place, term in enumerate(terms, 1)
        if one.operator == "!=" and one.left == term and isinstance(one.right, int | str)
    )
    return same, other


def _fits(atom: Atom, shape: _Shape) -> bool:
    same, other = shape
    return all(atom[place] == value for place, value in same) and all(atom[place] != value for place, value in other)


def conclude_worlds(
    rulebook: Rulebook, worlds: Mapping[Value, Collection[Atom]], predicates: Collection[str]
) -> dict[Value, set[Atom]]:
    """Return what holds of ``predicates`` in each world, by its key: atoms without their LEA.

    The facts of a world are those of one LEA; only the rules on which ``predicates`` rest are asked.

    Raises:
        ReasoningError: Clingo reported an error or a warning.
    """
    narrow = narrowed(rulebook, predicates)
    facts: Facts = {}
    keys = {quote(str(number)): key for number, key in enumerate(worlds)}
    for code, key in keys.items():
        for atom in worlds[key]:
            if atom[0] in narrow.predicates:
                facts[atom[0], code, *atom[2:]] = NOWHERE
    concluded: dict[Value, set[Atom]] = {key: set() for key in worlds}
    for atoms in conclude(narrow, facts, predicates).values():
        for atom in atoms:
            code = str(atom[1])
            if code in keys:
                concluded[keys[code]].add((atom[0], *atom[2:]))
    return concluded
