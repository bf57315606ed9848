"""Which cases a change of the rules can reach, and which of them are likely to show it."""

from __future__ import annotations

import collections
import dataclasses
import json
import re
from collections.abc import Iterable, Iterator, Sequence

from pyreport.reasoning.graph import Graph
from pyreport.rulebook.rulebook import Rule, Rulebook
from pyreport.rulebook.syntax import Atom, AtomPattern, Comparison, Count, Literal, Variable, unquote

from .case_files import Case
from .mutants import Mutant


class Reach:
    """The cases of one reading, with what the rules conclude of each as they are."""

    def __init__(self, cases: Sequence[Case], graph: Graph) -> None:
        self.cases = cases
        self.rulebook = graph.rulebook
        self.concluded: dict[str, set[str]] = collections.defaultdict(set)
        for atom in _all_atoms(graph):
            self.concluded[atom[0]].add(unquote(atom[1]))
        self.having: dict[str, set[int]] = collections.defaultdict(set)
        for number, case in enumerate(cases):
            for word in _words(case):
                self.having[word].add(number)

    def of(self, mutant: Mutant) -> list[Case]:
        """The cases in which anything can come out differently, the likeliest to show it first.

        Each case is an LEA of its own, and no rule looks from one LEA to another. The first rule to come out
        differently for an LEA has, but for what was changed, the same conditions to rest on as before. So where some
        condition of it that is kept has nothing to hold for, nothing changes.
        """
        reached: set[str] = set()
        for rule in self._first_to_differ(mutant.changed):
            needed = [
                self.concluded[part.atom.predicate]
                for part in rule.body
                if isinstance(part, Literal) and not part.negated and _is_about_an_lea(part.atom)
            ]
            reached |= set.intersection(*needed)
        likely = self._likely(mutant)
        numbers = (number for number, case in enumerate(self.cases) if case.cds in reached)
        return [self.cases[number] for number in sorted(numbers, key=lambda number: -likely.get(number, 0.0))]

    def _first_to_differ(self, changed: Rule) -> Iterator[Rule]:
        """The rules about an LEA that a change can reach without passing through another one."""
        if changed.body and "LEA" in changed.variables:
            yield changed
            return
        for rule in _using(self.rulebook, changed.head.predicate):
            yield from self._first_to_differ(rule)

    def _likely(self, mutant: Mutant) -> dict[int, float]:
        """How much each case has in common with what was changed: rare words count for more."""
        found: dict[int, float] = collections.defaultdict(float)
        for word in {mutant.changed.id, *(map(str, mutant.fact) if mutant.fact else _constants(mutant.changed))}:
            having = self.having.get(word, ())
            for number in having:
                found[number] += 1 / len(having)
        return found


def slice_for(rulebook: Rulebook, facts: Iterable[Atom]) -> Rulebook:
    """The rules that could apply to ``facts`` at all: the same conclusions, and sooner.

    A rule is left out when some condition of it has no atom that anything could conclude. That predicate counts as
    given then, and nobody gives it.
    """
    possible = {fact[0] for fact in facts}
    kept: dict[str, Rule] = {}
    while True:
        more = [rule for rule in rulebook.rules if rule.id not in kept and _needs(rule) <= possible]
        if not more:
            break
        kept |= {rule.id: rule for rule in more}
        possible |= {rule.head.predicate for rule in more}
    used = {one.atom.predicate for rule in kept.values() for one in _literals(rule)} | _IN_SENTENCES
    rules = tuple(rule for rule in kept.values() if rule.body or rule.head.predicate in used)
    given = {name: dataclasses.replace(one, stated_by="evidence") for name, one in rulebook.predicates.items()}
    return dataclasses.replace(rulebook, rules=rules, predicates=given)


# What the row of a determination looks up in the rules themselves.
_IN_SENTENCES = {"method_in_force", "previous_dashboard", "two_year_minimum"}


def _needs(rule: Rule) -> set[str]:
    return {part.atom.predicate for part in rule.body if isinstance(part, Literal) and not part.negated}


def _literals(rule: Rule) -> Iterator[Literal]:
    return (one for part in rule.body for one in _parts(part) if isinstance(one, Literal))


def _all_atoms(graph: Graph) -> Iterator[Atom]:
    yield from graph.facts
    for rule in graph.rulebook.rules:
        if rule.body and _is_about_an_lea(rule.head):
            for _, atom in graph.heads(rule):
                yield atom


def _using(rulebook: Rulebook, predicate: str) -> Iterator[Rule]:
    for rule in rulebook.rules:
        if any(one.atom.predicate == predicate for one in _literals(rule)):
            yield rule


def _parts(part: Literal | Comparison | Count) -> Iterable[Literal | Comparison]:
    return [one for element in part.elements for one in element.conditions] if isinstance(part, Count) else [part]


def _is_about_an_lea(pattern: AtomPattern) -> bool:
    return bool(pattern.arguments) and pattern.arguments[0] == Variable("LEA")


def _words(case: Case) -> set[str]:
    """The codes, numbers and rule ids in the facts and the expectations of a case."""
    words = {str(value) for atom in case.facts for value in atom[1:]}
    return words | set(re.findall(r"[\w.-]+", json.dumps(case.given)))


def _constants(rule: Rule) -> Iterator[str]:
    for pattern in (rule.head, *(one.atom for one in _literals(rule))):
        yield pattern.predicate
        yield from (str(argument) for argument in pattern.arguments if isinstance(argument, str | int))
