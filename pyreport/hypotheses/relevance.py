"""What a conclusion can rest on: the rules below it, and the facts that some condition of these rules can fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Comparison, Count, Literal, Value

__all__ = ["narrowed", "read_by", "relevant_facts"]

_Shape = tuple[tuple[tuple[int, Value], ...], tuple[tuple[int, Value], ...]]
"""What a condition asks of the arguments of a fact: the places that must have a value, and those that must not."""


def read_by(rule: Rule) -> set[str]:
    """The predicates in the body of ``rule``."""
    return {atom.predicate for atom in rule.atoms_read()}


def narrowed(rulebook: Rulebook, predicates: Iterable[str]) -> Rulebook:
    """Return the rulebook with the rules alone on which ``predicates`` rest: of these it concludes the same."""
    needed: set[str] = set()
    queue = list(predicates)
    while queue:
        name = queue.pop()
        if name not in needed:
            needed.add(name)
            queue += [read for rule in rulebook.by_head.get(name, ()) for read in read_by(rule)]
    declared = {name: predicate for name, predicate in rulebook.predicates.items() if name in needed}
    rules = tuple(rule for rule in rulebook.rules if rule.head.predicate in needed)
    return replace(rulebook, rules=rules, predicates=declared)


def relevant_facts(narrow: Rulebook, atoms: Iterable[Atom]) -> list[Atom]:
    """Return those of the facts ``atoms`` that a condition of some rule of ``narrow`` can fit.

    The constants of the conditions decide, and comparisons with constants beside them: a row that shows neither a color
    nor a level, for instance, fits none.
    """
    shapes: dict[str, set[_Shape]] = {}
    for rule in narrow.rules:
        beside = [part for part in rule.body if isinstance(part, Comparison)]
        for literal in _literals(rule):
            shapes.setdefault(literal.atom.predicate, set()).add(_shape(literal, beside))
    open_to_all = {name for name, of_predicate in shapes.items() if ((), ()) in of_predicate}
    return [
        atom
        for atom in atoms
        if atom[0] in open_to_all or any(_fits(atom, shape) for shape in shapes.get(str(atom[0]), ()))
    ]


def _literals(rule: Rule) -> Iterator[Literal]:
    for part in rule.body:
        conditions = [part]
        if isinstance(part, Count):
            conditions = [condition for element in part.elements for condition in element.conditions]
        yield from (condition for condition in conditions if isinstance(condition, Literal))


def _shape(literal: Literal, beside: Iterable[Comparison]) -> _Shape:
    terms = literal.atom.arguments
    same = tuple((place, term) for place, term in enumerate(terms, 1) if isinstance(term, int | str))
    other = tuple(
        (place, comparison.right)
        for comparison in beside
        for place, term in enumerate(terms, 1)
        if comparison.operator == "!=" and comparison.left == term and isinstance(comparison.right, int | str)
    )
    return same, other


def _fits(atom: Atom, shape: _Shape) -> bool:
    same, other = shape
    return all(atom[place] == value for place, value in same) and all(atom[place] != value for place, value in other)
