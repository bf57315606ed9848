"""Which cases a change of the rules can reach, and which of them are likely to show it."""

from __future__ import annotations

import collections
import dataclasses
import json
import re
from collections.abc import Iterable, Iterator, Sequence

from pyreport.cases.case import Case, made_up_publication
from pyreport.evidence.model import Cell
from pyreport.evidence.predicates import Facts
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.solver import derive
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Comparison, Count, Literal, Variable, unquote

from .mutants import Mutant
from .outcome import Outcome

_ANYWHERE = Cell("", made_up_publication(2017), "A", 1)


class Reach:
    """The cases of one reading, with everything that the rules conclude of them as they are."""

    def __init__(self, cases: Sequence[Case], outcome: Outcome) -> None:
        self.cases = cases
        self.outcome = outcome
        self.rulebook = outcome.graph.rulebook
        # The atoms of each predicate by the LEA that they are about; the empty string stands for none.
        self.atoms: dict[str, dict[str, list[Atom]]] = {}
        for atom in _all_atoms(outcome.graph):
            about = unquote(atom[1]) if _is_about_an_lea(atom) else ""
            self.atoms.setdefault(str(atom[0]), {}).setdefault(about, []).append(atom)
        self.downstream: dict[str, set[str]] = {}
        self.having: dict[str, set[int]] = collections.defaultdict(set)
        for number, case in enumerate(cases):
            for word in _words(case):
                self.having[word].add(number)

    def decide(self, mutant: Mutant, cases: Sequence[Case]) -> Outcome:
        """What the changed rules say of some cases. Only what rests on the change is concluded anew."""
        rules = [rule for rule in mutant.rulebook.rules if rule.head.predicate in self._resting_on(mutant.changed)]
        concluded = {rule.head.predicate for rule in rules}
        used = {one.atom.predicate for rule in rules for one in _literals(rule)}
        given = {name: dataclasses.replace(one, stated_by="evidence") for name, one in self.rulebook.predicates.items()}
        rulebook = dataclasses.replace(mutant.rulebook, rules=tuple(rules), predicates=given)
        facts: Facts = {}
        for predicate, by_lea in self.atoms.items():
            if predicate not in concluded:
                general = [by_lea.get("", [])] if predicate in used else []
                for atoms in (*general, *(by_lea.get(case.cds, []) for case in cases)):
                    facts |= dict.fromkeys(atoms, _ANYWHERE)
        graph = derive(rulebook, facts)
        anew = {rule.id for rule in rules}
        as_before = {
            case.cds: {name: years for name, years in self.outcome.rules.get(case.cds, {}).items() if name not in anew}
            for case in cases
        }
        return Outcome.of(graph, as_before)

    def _resting_on(self, changed: Rule) -> set[str]:
        """The predicates that a change of a rule can reach: its own, and those concluded from one of them."""
        if changed.head.predicate not in self.downstream:
            found = {changed.head.predicate}
            while more := {
                rule.head.predicate
                for rule in self.rulebook.rules
                if rule.head.predicate not in found and any(one.atom.predicate in found for one in _literals(rule))
            }:
                found |= more
            self.downstream[changed.head.predicate] = found
        return self.downstream[changed.head.predicate]

    def of(self, mutant: Mutant) -> list[Case]:
        """The cases in which anything can come out differently, the likeliest to show it first.

        Each case is an LEA of its own, and no rule looks from one LEA to another. The first rule to come out
        differently for an LEA has, but for what was changed, the same conditions to rest on as before. So where some
        condition of it that is kept has nothing to hold for, nothing changes.
        """
        reached: set[str] = set()
        for rule in self._first_to_differ(mutant.changed):
            needed = [
                set(self.atoms.get(part.atom.predicate, ()))
                for part in rule.body
                if isinstance(part, Literal) and not part.negated and part.atom.arguments[:1] == (Variable("LEA"),)
            ]
            # Where the money names an LEA that its office lacks, no condition is about it; those cases are elsewhere.
            reached |= set.intersection(*needed) if needed else set()
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


def _literals(rule: Rule) -> Iterator[Literal]:
    return (one for part in rule.body for one in _parts(part) if isinstance(one, Literal))


def _all_atoms(graph: Graph) -> set[Atom]:
    return {*graph.facts, *(atom for rule in graph.rulebook.rules for _, atom in graph.heads(rule))}


def _using(rulebook: Rulebook, predicate: str) -> Iterator[Rule]:
    for rule in rulebook.rules:
        if any(one.atom.predicate == predicate for one in _literals(rule)):
            yield rule


def _parts(part: Literal | Comparison | Count) -> Iterable[Literal | Comparison]:
    return [one for element in part.elements for one in element.conditions] if isinstance(part, Count) else [part]


def _is_about_an_lea(atom: Atom) -> bool:
    """CDS codes are the only strings that stand first."""
    return len(atom) > 1 and str(atom[1]).startswith('"')


def _words(case: Case) -> set[str]:
    """The codes, numbers and rule ids in the facts and the expectations of a case."""
    words = {str(value) for atom in case.facts for value in atom[1:]}
    return words | set(re.findall(r"[\w.-]+", json.dumps(case.given)))


def _constants(rule: Rule) -> Iterator[str]:
    for pattern in (rule.head, *(one.atom for one in _literals(rule))):
        yield pattern.predicate
        yield from (str(argument) for argument in pattern.arguments if isinstance(argument, str | int))
