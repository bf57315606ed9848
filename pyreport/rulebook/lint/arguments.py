"""Whether each variable and constant of a rule can be what the vocabulary has in its place.

What an argument can be is read from the vocabulary and ``names.yaml``: one of some codes, an amount in a unit, a CDS
code, a year or a string. Of what is none of these nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from pyreport.rulebook.lint.possible import Possible
from pyreport.rulebook.problems import Finding, Problem, to_write
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import AtomPattern, Value, Variable, written
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["clashing_arguments", "unknown_values"]

_STRING = "a string"
_DESCRIBED = (
    (re.compile(r"\bCDS code\b"), "a CDS code"),
    (re.compile(r"\b(Dashboard|school|fiscal|calendar) year\b"), "a year"),
    (re.compile(r"\bstring\b"), _STRING),
)

Sort = frozenset[tuple[Value, str]] | str | None
"""What an argument can be: codes with their words, what the string says, or ``None`` where nothing tells."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A variable at an argument of an atom."""

    variable: str
    argument: str
    atom: AtomPattern


def clashing_arguments(rulebook: Rulebook) -> Iterator[Problem]:
    """Yield the variables that stand for two things that nothing can be at once, and arguments in exchanged places."""
    sorts = _sorts(rulebook)
    for rule in rulebook.rules:
        if not rule.body:
            continue
        of_variable: dict[str, list[_Place]] = {}
        for place in _places(rulebook, rule):
            of_variable.setdefault(place.variable, []).append(place)
        told: set[AtomPattern] = set()
        for name, places in sorted(of_variable.items()):
            for place in [*_misplaced(rulebook, places, sorts), *_clashing(name, places, sorts)]:
                if place.atom not in told:
                    told.add(place.atom)
                    yield _clash(rulebook, rule, place, places)


def _clash(rulebook: Rulebook, rule: Rule, place: _Place, places: Iterable[_Place]) -> Problem:
    other = next((one for one in places if one.argument != place.argument), None)
    also = f", and as {other.argument} in {written(other.atom)}" if other is not None else ""
    message = (
        f"{rule.id}: {place.variable} stands as {place.argument} in {written(place.atom)}{also}; "
        f"expected {rulebook.predicates[place.atom.predicate].form}: mend the order, or the name"
    )
    return Problem(rule.file, rule.line_of(place.atom.predicate, place.variable), message, Finding.ARGUMENT_CLASH)


def _misplaced(rulebook: Rulebook, places: Iterable[_Place], sorts: Mapping[str, Sort]) -> Iterator[_Place]:
    """The places at which a variable is named as another argument of the same predicate, of another kind or swapped."""
    for place in places:
        arguments = rulebook.predicates[place.atom.predicate].arguments
        if place.variable == place.argument or place.variable not in arguments:
            continue
        there = place.atom.arguments[arguments.index(place.variable)]
        swapped = isinstance(there, Variable) and there.name == place.argument
        if swapped or _disjoint(sorts.get(place.variable), sorts.get(place.argument)):
            yield place


def _clashing(name: str, places: list[_Place], sorts: Mapping[str, Sort]) -> Iterator[_Place]:
    """Of two places that nothing can fill at once, the one whose argument the variable is not named after."""
    for one, other in combinations(places, 2):
        if _disjoint(sorts.get(one.argument), sorts.get(other.argument)):
            yield one if other.argument == name else other


def _places(rulebook: Rulebook, rule: Rule) -> Iterator[_Place]:
    for atom in (*rule.atoms_read(), rule.head):
        for argument, term in zip(rulebook.predicates[atom.predicate].arguments, atom.arguments, strict=True):
            if isinstance(term, Variable):
                yield _Place(term.name, argument, atom)


def _sorts(rulebook: Rulebook) -> dict[str, Sort]:
    """What each argument of the vocabulary can be, by its name: one name has one meaning."""
    sorts: dict[str, Sort] = {name: frozenset(codes.items()) for name, codes in rulebook.names.items()}
    for predicate in rulebook.predicates.values():
        for name, units in predicate.units.items():
            if units and not isinstance(sorts.get(name), frozenset):
                sorts[name] = units[0]
    for predicate in rulebook.predicates.values():
        for name, text in predicate.described:
            sorts.setdefault(name, next((sort for pattern, sort in _DESCRIBED if pattern.search(text)), None))
    return sorts


def _disjoint(one: Sort, other: Sort) -> bool:
    if one is None or other is None or one == other:
        return False
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        # Numbers are shared by much that is unlike: Priority 1 is not Method 1. A word is one thing.
        words = {code for code, _ in one if isinstance(code, str)} & {code for code, _ in other}
        return not one & other and not words
    # A string can be anything that is written.
    return _STRING not in (one, other)


def unknown_values(rulebook: Rulebook, possible: Possible) -> Iterator[Problem]:
    """Yield the constants in rules that no argument in their place has."""
    for rule in rulebook.rules:
        if not rule.body:
            continue
        for atom in (*rule.atoms_read(), rule.head):
            predicate = rulebook.predicates[atom.predicate]
            for place, term in enumerate(atom.arguments):
                argument = predicate.arguments[place]
                if (isinstance(term, str) and term.startswith('"')) or not isinstance(term, int | str):
                    continue
                known = _known(rulebook, predicate, place, possible, in_head=atom is rule.head)
                if known is not None and term not in known:
                    message = (
                        f"{rule.id}: {term} is no {argument} in {predicate.form}; "
                        f"{to_write(term, known)}, or mend the order of the arguments"
                    )
                    line = rule.line_of(atom.predicate, str(term))
                    yield Problem(rule.file, line, message, Finding.UNKNOWN_VALUE)


def _known(
    rulebook: Rulebook, predicate: Predicate, place: int, possible: Possible, *, in_head: bool
) -> set[Value] | None:
    """The values that an argument can have, as far as anything tells; ``None`` where nothing does."""
    argument = predicate.arguments[place]
    named = rulebook.names.get(argument)
    described = {word for word in re.findall(r"\w+", dict(predicate.described)[argument]) if named or "_" in word}
    if predicate.changes is not None:
        return None
    if in_head:
        return {*named, *described} if named else None
    stated = possible[predicate.name, place]
    if stated is not None:
        return set(stated)
    return {*named, *described} if named else None
