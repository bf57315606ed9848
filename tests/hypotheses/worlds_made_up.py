"""Small LEAs made by hand, and all their changes of a small cost enumerated without the search."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from itertools import combinations, product
from typing import Any

from reasoning.made_up_records import cell

from pyreport.cases.stated_facts import facts_of_figures
from pyreport.evidence.predicates import Facts
from pyreport.files.places import policy_folder
from pyreport.hypotheses.least_change import LeastChanges, Question, least_changes
from pyreport.hypotheses.worlds import conclude_worlds
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, quote

CDS = "27999990000000"
CHARTER = "27999990123456"
LEA = quote(CDS)
COLORS = ("red", "orange", "yellow", "green", "blue")
LETTERS = {
    "b": {4, 5},
    "c": {5, 6},
    "d": {4, 6},
    "e": {4, 8},
    "f": {5, 8},
    "g": {6, 8},
    "a": {4, 5, 6},
    "h": {4, 5, 8},
    "i": {4, 6, 8},
    "j": {5, 6, 8},
    "k": {4, 5, 6, 8},
}


@functools.cache
def changes() -> Rulebook:
    return load_rulebook(policy_folder(), changes=True)


def lea(
    year: int,
    *,
    kind: str = "district",
    letters: dict[int, dict[str, str]] | None = None,
    methods: dict[int, dict[int, str]] | None = None,
    **given: Any,
) -> Facts:
    """The facts of one LEA: ``given`` as in a case file, ``letters`` by year and group, ``methods`` by year."""
    cds = CHARTER if kind == "charter" else CDS
    of_case = {"kind": kind, "dashboard_year": year, **given}
    facts: Facts = {atom: cell("made up") for atom, _ in facts_of_figures(cds, of_case, load_rulebook(policy_folder()))}
    for when, printed in (letters or {}).items():
        atoms: list[Atom] = [("listed", quote(cds), when), ("letters_at_hand", quote(cds), when)]
        atoms += [("published_letter", quote(cds), when, group.lower(), letter) for group, letter in printed.items()]
        facts.update({atom: cell("made up") for atom in atoms})
    for when, answers in (methods or {}).items():
        for method, answer in answers.items():
            facts["listed", quote(cds), when] = cell("made up")
            facts["published_method", quote(cds), when, method, answer] = cell("made up")
    return facts


def found(facts: Facts, year: int, question: Question | None = None) -> LeastChanges:
    (one,) = least_changes(changes(), facts, year, question)
    return one


def facts_changed(one: LeastChanges, place: int = 0) -> set[frozenset[tuple[Atom | None, Atom | None]]]:
    """The smallest changes of one goal as sets of what was and what would be."""
    return {frozenset((move.old, move.new) for move in change) for change in one.optima[place].changes()}


def alternatives(atom: Atom) -> Iterator[tuple[Atom | None, int]]:
    """What a fact could be instead, with its steps; written down again, from the issue and not from the policy."""
    *kept, last = atom
    if atom[0] == "dashboard_row" and last in COLORS:
        for color in COLORS:
            if color != last:
                yield (*kept, color), abs(COLORS.index(color) - COLORS.index(str(last)))
    elif atom[0] == "dashboard_row" and isinstance(atom[9], int):
        for level in range(1, 6):
            if level != atom[9]:
                yield (*atom[:9], level, *atom[10:]), abs(level - atom[9])
    elif atom[0] == "published_method":
        yield (*kept, {"yes": "no", "no": "yes"}[str(last)]), 1
    elif atom[0] == "local_rating":
        yield from (((*kept, rating), 1) for rating in ("met", "not_met") if rating != last)
    elif atom[0] == "published_letter":
        mine = LETTERS[str(last)]
        yield None, len(mine) - 1
        for letter, other in LETTERS.items():
            if letter != last:
                yield (*kept, letter), len(mine ^ other)


def enumerated(
    one: LeastChanges, most: int, years: Iterable[int], groups: Iterable[str], place: int = 0
) -> set[frozenset[tuple[Atom | None, Atom | None]]]:
    """All smallest changes that cost at most ``most``, by deciding from every change there is."""
    goal = one.optima[place].goal
    slots: list[list[tuple[Atom | None, Atom | None, int]]] = [
        [(atom, other, cost) for other, cost in alternatives(atom) if cost <= most]
        for atom in one.start.atoms
        if len(atom) > 2 and atom[2] in years
    ]
    lettered = {atom[2:4] for atom in one.start.atoms if atom[0] == "published_letter"}
    for year in years:
        if ("letters_at_hand", one.start.lea, year) in one.start.atoms and most >= 2:
            slots += [
                [(None, ("published_letter", one.start.lea, year, group, "b"), 2)]
                for group in groups
                if (year, group) not in lettered
            ]
    slots = [slot for slot in slots if slot]
    for cost in range(1, most + 1):
        tried = [
            change
            for number in range(1, cost + 1)
            for chosen in combinations(slots, number)
            for change in product(*chosen)
            if sum(part[2] for part in change) == cost
        ]
        worlds = {
            place: [
                *(atom for atom in one.start.atoms if atom not in {old for old, _, _ in change}),
                *(new for _, new, _ in change if new is not None),
            ]
            for place, change in enumerate(tried)
        }
        concluded = conclude_worlds(changes(), worlds, [goal.predicate]) if worlds else {}
        reached = {
            frozenset((old, new) for old, new, _ in change)
            for place, change in enumerate(tried)
            if goal.reached(concluded[place])
        }
        if reached:
            return reached
    return set()
