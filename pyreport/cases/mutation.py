"""Whether some written case breaks when a rule is changed a little: for each change, the cases that it reaches.

Each case is an LEA of its own, and no rule looks from one LEA to another. So it is asked first, in one run for all
changes of a rule, for which LEAs the first rule about LEAs comes out otherwise; only their cases are decided anew, and
of them only what rests on the change.
"""

from __future__ import annotations

import collections
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pyreport.cases.case import Case, made_up_publication
from pyreport.cases.mutants import Mutant
from pyreport.cases.outcome import Outcome
from pyreport.evidence.model import Cell
from pyreport.evidence.predicates import Facts
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.grounding import grounded
from pyreport.reasoning.instrumentation import write_facts, write_rule
from pyreport.reasoning.renaming import renamed_part, renamed_rule
from pyreport.reasoning.solver import derive
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, AtomPattern, Comparison, Count, Literal, Variable, unquote

__all__ = ["Mutation", "first_about_leas", "is_about_leas"]

_LEA = "LEA"
_ANYWHERE = Cell("", made_up_publication(0), "A", 1)
Condition = Literal | Comparison | Count
_EXPLAINED = "explained"
_SHARES = (6, 30, 150, 750)
"""How many cases are decided at a time: the likeliest to break alone, then more."""


class Mutation:
    """Tries changes of the rules of one reading on its cases.

    Args:
        cases: The cases.
        outcome: What the rules as they are conclude of them.
    """

    def __init__(self, cases: Sequence[Case], outcome: Outcome) -> None:
        self.cases, self.outcome = cases, outcome
        self.rulebook = outcome.graph.rulebook
        self._answers = {
            name: [place for place, argument in enumerate(one.arguments, 1) if argument in one.key]
            for name, one in self.rulebook.predicates.items()
            if one.stated_by == "rules" and one.key
        }
        # Some cases are about two answers.
        self._answers = {name: at for name, at in self._answers.items() if not self._twice(outcome.graph, name, at)}
        # The atoms of each predicate by the LEA that they are about; the empty string stands for none.
        self._atoms: dict[str, dict[str, list[Atom]]] = {}
        for atom in _all_atoms(outcome.graph):
            about = unquote(atom[1]) if _is_about_an_lea(atom) else ""
            self._atoms.setdefault(str(atom[0]), {}).setdefault(about, []).append(atom)
        self._number_of = {case.cds: number for number, case in enumerate(cases)}
        self._downstream: dict[str, set[str]] = {}
        self._having: dict[str, set[int]] = collections.defaultdict(set)
        for number, case in enumerate(cases):
            for word in _words(case):
                self._having[word].add(number)

    def survivors(self, mutants: Sequence[Mutant]) -> list[Mutant]:
        """The changes, all of one rule, that break no case."""
        reached = self.reached(mutants)
        return [one for one, cases in zip(mutants, reached, strict=True) if not self._is_broken(one, cases)]

    def reached(self, mutants: Sequence[Mutant]) -> list[list[Case]]:
        """For each change, all of one rule, the cases in which something can come out otherwise, the likeliest first.

        The first rule about LEAs on the way from the change to what is asked is compared: to which LEAs it applies,
        with which values.
        """
        if not mutants:
            return []
        program = _Differences(self.rulebook, mutants)
        facts = [
            atom for predicate in program.read for of_lea in self._atoms.get(predicate, {}).values() for atom in of_lea
        ]
        differing = program.run(facts)
        return [self._likeliest_first(one, differing[number]) for number, one in enumerate(mutants)]

    def _is_broken(self, mutant: Mutant, cases: Sequence[Case]) -> bool:
        """Whether some of the cases fails under the change."""
        start = 0
        for share in (*_SHARES, len(cases)):
            chosen = [_without_explanations(case) for case in cases[start : start + share]]
            start += share
            if not chosen:
                break
            try:
                found = self._decide(mutant, chosen)
            except KeyError:
                # There is no answer to a question that must have one.
                return True
            twice = any(self._twice(found.graph, name, at) for name, at in self._answers.items())
            if twice or any(found.faults(case) for case in chosen):
                return True
        return False

    @staticmethod
    def _twice(graph: Graph, name: str, places: Sequence[int]) -> bool:
        """Whether there are two answers to a question that has one, as the vocabulary says (``Key``)."""
        questions = [tuple([atom[place] for place in places]) for atom in graph.atoms(name)]
        return len(questions) != len(set(questions))

    def _decide(self, mutant: Mutant, cases: Sequence[Case]) -> Outcome:
        """What the changed rules say of some cases. Only what rests on the change is concluded anew."""
        rules = [rule for rule in mutant.rulebook.rules if rule.head.predicate in self._resting_on(mutant.changed)]
        concluded = {rule.head.predicate for rule in rules}
        used = {atom.predicate for rule in rules for atom in rule.atoms_read()}
        given = {name: replace(one, stated_by="evidence") for name, one in self.rulebook.predicates.items()}
        rulebook = replace(mutant.rulebook, rules=tuple(rules), predicates=given)
        facts: Facts = {}
        for predicate, by_lea in self._atoms.items():
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
        if changed.head.predicate not in self._downstream:
            found = {changed.head.predicate}
            while more := {
                rule.head.predicate
                for rule in self.rulebook.rules
                if rule.head.predicate not in found and any(one.predicate in found for one in rule.atoms_read())
            }:
                found |= more
            self._downstream[changed.head.predicate] = found
        return self._downstream[changed.head.predicate]

    def _likeliest_first(self, mutant: Mutant, leas: Iterable[str]) -> list[Case]:
        """The cases of the LEAs: first those that have most in common with what was changed, rare words above all."""
        shared: dict[int, float] = collections.defaultdict(float)
        for word in {mutant.changed.id, *(map(str, mutant.fact) if mutant.fact else _constants(mutant.changed))}:
            having = self._having.get(word, ())
            for number in having:
                shared[number] += 1 / len(having)
        # Where the money names an LEA that its office lacks, no case is about it; those cases are elsewhere.
        numbers = sorted(self._number_of[lea] for lea in leas if lea in self._number_of)
        return [self.cases[number] for number in sorted(numbers, key=lambda number: -shared.get(number, 0.0))]


class _Differences:
    """A program that finds, for each change of one rule, the LEAs for which a rule about LEAs comes out otherwise."""

    def __init__(self, rulebook: Rulebook, mutants: Sequence[Mutant]) -> None:
        self.number = len(mutants)
        self.rule = rulebook.by_id[mutants[0].changed.id]
        self.lines: list[str] = []
        self.read: set[str] = set()
        self.widths = {name: len(one.arguments) for name, one in rulebook.predicates.items()}
        if is_about_leas(self.rule):
            self._of_rule(mutants)
        else:
            self._of_law(rulebook, mutants)

    def run(self, facts: Iterable[Atom]) -> list[set[str]]:
        """The CDS codes of the LEAs for which something comes out otherwise, for each change."""
        declared = "".join(f"#defined {name}/{width}.\n" for name, width in self.widths.items())
        shown = "".join(f"#show differs_{number}/1.\n#defined differs_{number}/1.\n" for number in range(self.number))
        control = grounded(["#show.\n", shown, declared, "\n".join(self.lines), write_facts(facts)], ())
        found: list[set[str]] = [set() for _ in range(self.number)]
        with control.solve(yield_=True) as handle:
            for model in handle:
                for symbol in model.symbols(shown=True):
                    found[int(symbol.name.rpartition("_")[2])].add(symbol.arguments[0].string)
        return found

    def _of_rule(self, mutants: Sequence[Mutant]) -> None:
        """A rule about LEAs: its applications before and after."""
        self.read = {
            atom.predicate for rule in (self.rule, *(m.changed for m in mutants)) for atom in rule.atoms_read()
        }
        was = AtomPattern("was", tuple(map(Variable, self.rule.variables)))
        self.lines.append(write_rule(replace(self.rule, head=was)))
        self.widths["was"] = len(self.rule.variables)
        for number, mutant in enumerate(mutants):
            changed = mutant.changed
            now = AtomPattern(f"now_{number}", tuple(map(Variable, changed.variables)))
            self.lines.append(write_rule(replace(changed, head=now)))
            self.widths[now.predicate] = len(changed.variables)
            both = (was, now) if changed.head == self.rule.head and changed.variables == self.rule.variables else ()
            for one in (was, now):
                others = [Literal(other, negated=True) for other in both if other != one]
                self._differs(number, [Literal(one, negated=False), *others])

    def _of_law(self, rulebook: Rulebook, mutants: Sequence[Mutant]) -> None:
        """What is about no LEA: the atoms that come or go, and the rules about LEAs that look at one of them."""
        between, first = _on_the_way(rulebook, self.rule)
        heads = {self.rule.head.predicate, *(rule.head.predicate for rule in between)}
        copied = [rule for rule in rulebook.rules if rule.head.predicate in heads and rule.id != self.rule.id]
        self.read = {atom.predicate for rule in (*copied, self.rule, *first) for atom in rule.atoms_read()} | heads
        for number, mutant in enumerate(mutants):
            prefix = dict.fromkeys(heads, f"now_{number}_")
            self.lines += [write_rule(renamed_rule(rule, prefix)) for rule in (*copied, mutant.changed)]
            for name in heads:
                terms = tuple(Variable(f"X{place}") for place in range(self.widths[name]))
                was, now = AtomPattern(name, terms), AtomPattern(f"now_{number}_{name}", terms)
                other, either = f"other_{number}_{name}", f"either_{number}_{name}"
                for one, two in ((was, now), (now, was)):
                    self._add(AtomPattern(other, terms), [Literal(one, False), Literal(two, True)])
                    self._add(AtomPattern(either, terms), [Literal(one, False)])
                self.widths |= dict.fromkeys((now.predicate, other, either), self.widths[name])
            for rule in first:
                self._looking(number, rule, heads)

    def _looking(self, number: int, rule: Rule, heads: set[str]) -> None:
        """A rule about LEAs looks at an atom that comes or goes where its other conditions hold, before or after."""
        other = dict.fromkeys(heads, f"other_{number}_")
        either = dict.fromkeys(heads, f"either_{number}_")
        for place, part in enumerate(rule.body):
            groups = [element.conditions for element in part.elements] if isinstance(part, Count) else [(part,)]
            rest = [*rule.body[:place], *rule.body[place + 1 :]]
            for group in groups:
                for at, looked in enumerate(group):
                    if isinstance(looked, Literal) and looked.atom.predicate in heads:
                        beside = [*group[:at], *group[at + 1 :], *rest]
                        kept = [renamed_part(one, either) for one in beside if not _may_fail_to_hold(one, heads)]
                        self._differs(number, [renamed_part(replace(looked, negated=False), other), *kept])

    def _differs(self, number: int, body: Sequence[Condition]) -> None:
        self._add(AtomPattern(f"differs_{number}", (Variable(_LEA),)), body)

    def _add(self, head: AtomPattern, body: Sequence[Condition]) -> None:
        self.lines.append(write_rule(replace(self.rule, head=head, body=tuple(body), facts=())))


def _may_fail_to_hold(part: Condition, heads: set[str]) -> bool:
    """Whether more atoms of ``heads`` could make the condition fail: an absence, or a count."""
    if isinstance(part, Count):
        return any(
            isinstance(one, Literal) and one.atom.predicate in heads
            for element in part.elements
            for one in element.conditions
        )
    return isinstance(part, Literal) and part.negated and part.atom.predicate in heads


def _on_the_way(rulebook: Rulebook, changed: Rule) -> tuple[list[Rule], list[Rule]]:
    """The rules about no LEA that rest on the change, and the rules about LEAs that look at one of these."""
    heads, between, first = {changed.head.predicate}, dict[str, Rule](), dict[str, Rule]()
    while more := [
        rule
        for rule in rulebook.rules
        if rule.id not in between and rule.id not in first and any(one.predicate in heads for one in rule.atoms_read())
    ]:
        for rule in more:
            if is_about_leas(rule):
                first[rule.id] = rule
            else:
                between[rule.id] = rule
                heads.add(rule.head.predicate)
    between.pop(changed.id, None)
    return list(between.values()), list(first.values())


def first_about_leas(rulebook: Rulebook, changed: Rule) -> list[Rule]:
    """The rules about LEAs that a change reaches without passing through another: the rule itself, if it is one."""
    return [changed] if is_about_leas(changed) else _on_the_way(rulebook, changed)[1]


def is_about_leas(rule: Rule) -> bool:
    """Whether a rule concludes something of an LEA from conditions."""
    return bool(rule.body) and _LEA in rule.variables


def _without_explanations(case: Case) -> Case:
    """The case without the reasons that it asks for.

    A change matters by what it concludes, and reasons reach below what is concluded anew, where none are known.
    """
    return replace(case, given={key: value for key, value in case.given.items() if key != _EXPLAINED})


def _all_atoms(graph: Graph) -> set[Atom]:
    return {*graph.facts, *(atom for rule in graph.rulebook.rules for _, atom in graph.heads(rule))}


def _is_about_an_lea(atom: Atom) -> bool:
    """CDS codes are the only strings that stand first."""
    return len(atom) > 1 and str(atom[1]).startswith('"')


def _words(case: Case) -> set[str]:
    """The codes, numbers and rule ids in the facts and the expectations of a case."""
    words = {str(value) for atom in case.facts for value in atom[1:]}
    return words | set(re.findall(r"[\w.-]+", json.dumps(case.given)))


def _constants(rule: Rule) -> Iterator[str]:
    for pattern in (rule.head, *rule.atoms_read()):
        yield pattern.predicate
        yield from (str(argument) for argument in pattern.arguments if isinstance(argument, str | int))
