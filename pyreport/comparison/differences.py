"""What of two graphs of the same evidence differs, conclusion by conclusion, and which rules it comes from.

Applications of rules are compared, not texts: a rule with other names of variables, another order of conditions or
another id is the same rule (``canonical``), and a fact of law is the same whichever rule states it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from pyreport.reasoning.graph import Graph, Instance
from pyreport.rulebook.canonical import Canonical, canonical
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, AtomPattern, Count, Literal, Value, Variable, ground

__all__ = ["Difference", "GraphDifferences", "Kind", "forms_of"]


class Kind(StrEnum):
    """How a conclusion differs."""

    GAINED = "gained"
    LOST = "lost"
    REASON = "changed in reason alone"


@dataclass(frozen=True, slots=True)
class Difference:
    """A conclusion that holds by one of two policies alone, or by both for other reasons.

    Attributes:
        kind: Which of these.
        atom: The conclusion.
        rules: The ids of the rules and facts of law from which the difference comes, sorted.
    """

    kind: Kind
    atom: Atom
    rules: tuple[str, ...]

    @property
    def predicate(self) -> str:
        """The predicate of the conclusion."""
        return str(self.atom[0])


@lru_cache(maxsize=4)
def forms_of(rulebook: Rulebook) -> dict[str, Canonical]:
    """The form of each rule, by its id; kept, since it is asked for each part of the state."""
    return {rule.id: canonical(rule) for rule in rulebook.rules}


class _Side:
    """One of the two graphs."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.forms = forms_of(graph.rulebook)
        self.rules: dict[str, list[Rule]] = {}
        for rule in graph.rulebook.rules:
            if rule.body:
                self.rules.setdefault(self.forms[rule.id].form, []).append(rule)
        self.law = {fact for rule in graph.rulebook.rules for fact in rule.facts}
        self.alone: dict[str, set[Instance]] = {}

    def holds(self, atom: Atom) -> bool:
        return atom in self.graph.facts or atom in self.graph.derived(str(atom[0]))

    def derivations(self, atom: Atom) -> list[tuple[Rule, Instance]]:
        return self.graph.derived(str(atom[0])).get(atom, [])

    def in_order(self, rule: Rule) -> set[Instance]:
        """The applications of a rule, their values in the order of its form."""
        order = self.forms[rule.id].order
        return {tuple([instance[place] for place in order]) for instance in self.graph.instances.get(rule.id, ())}

    def set_alone(self, other: _Side) -> None:
        """Find the applications that the other side does not have."""
        for form, rules in self.rules.items():
            others = other.rules.get(form, [])
            for rule in rules:
                instances = self.graph.instances.get(rule.id, [])
                if any(
                    self.forms[rule.id].order == other.forms[one.id].order
                    and instances == other.graph.instances.get(one.id, [])
                    for one in others
                ):
                    continue
                theirs: set[Instance] = set().union(*map(other.in_order, others))
                order = self.forms[rule.id].order
                alone = {one for one in instances if tuple([one[place] for place in order]) not in theirs}
                if alone:
                    self.alone[rule.id] = alone

    def premises(self, rule: Rule, instance: Instance) -> Iterator[Atom]:
        """What an application rests on, and what it counted."""
        bindings = dict(zip(rule.variables, instance, strict=True))
        counted = iter(self.graph.counted.get(rule.id, {}).get(instance, ()))
        for part in rule.body:
            if isinstance(part, Literal) and not part.negated:
                yield ground(part.atom, bindings)
            elif isinstance(part, Count):
                for element in part.elements:
                    for values in next(counted, ()):
                        local = {**bindings, **dict(zip(element.locals, values, strict=True))}
                        for condition in element.conditions:
                            if isinstance(condition, Literal) and not condition.negated:
                                yield ground(condition.atom, local)


class GraphDifferences:
    """The differences of two graphs that were derived from the same record.

    Args:
        old: The one graph.
        new: The other.
    """

    def __init__(self, old: Graph, new: Graph) -> None:
        self.old, self.new = _Side(old), _Side(new)
        self.old.set_alone(self.new)
        self.new.set_alone(self.old)
        self._touched: dict[str, set[Atom]] = {}
        self._causes: dict[Atom, frozenset[str]] = {}
        for atom in (self.old.law ^ self.new.law) | (old.facts.keys() ^ new.facts.keys()):
            self._touched.setdefault(str(atom[0]), set()).add(atom)
        for side in (self.old, self.new):
            for name, instances in side.alone.items():
                rule = side.graph.rulebook.by_id[name]
                self._touched.setdefault(rule.head.predicate, set()).update(
                    ground(rule.head, dict(zip(rule.variables, instance, strict=True))) for instance in instances
                )
        self._spread()

    def touched(self, atom: Atom) -> bool:
        """Whether the derivations of an atom differ, or what they rest on."""
        return atom in self._touched.get(str(atom[0]), ())

    def alone(self, rule: Rule, instance: Instance) -> bool:
        """Whether an application of a rule of one of the graphs is one that the other does not have."""
        return any(
            rule is side.graph.rulebook.by_id.get(rule.id) and instance in side.alone.get(rule.id, ())
            for side in (self.old, self.new)
        )

    def differences(self, predicates: Iterable[str]) -> list[Difference]:
        """What of the conclusions of ``predicates`` differs, predicate by predicate, sorted."""
        return [
            Difference(self._kind(atom), atom, tuple(sorted(self._causes_of(atom))))
            for name in predicates
            for atom in sorted(self._touched.get(name, ()), key=repr)
        ]

    def _kind(self, atom: Atom) -> Kind:
        before, after = self.old.holds(atom), self.new.holds(atom)
        return Kind.REASON if before and after else Kind.LOST if before else Kind.GAINED

    def _spread(self) -> None:
        """Touch what rests on what is touched, as long as there is more."""
        fresh = {name for name, atoms in self._touched.items() if atoms}
        while fresh:
            before = {name: len(atoms) for name, atoms in self._touched.items()}
            for side in (self.old, self.new):
                for rule in side.graph.rulebook.rules:
                    if rule.body and not fresh.isdisjoint(_read_positively(rule)):
                        self._touch(side, rule)
            fresh = {name for name, atoms in self._touched.items() if len(atoms) != before.get(name, 0)}

    def _touch(self, side: _Side, rule: Rule) -> None:
        atoms = self._touched.setdefault(rule.head.predicate, set())
        for instance, head in side.graph.heads(rule):
            if head not in atoms and any(map(self.touched, side.premises(rule, instance))):
                atoms.add(head)

    def _causes_of(self, atom: Atom) -> frozenset[str]:
        """The rules from which it comes that the derivations of a touched atom differ."""
        if atom in self._causes:
            return self._causes[atom]
        self._causes[atom] = frozenset()  # Where an atom rests on itself.
        causes: set[str] = set()
        for side, other in ((self.old, self.new), (self.new, self.old)):
            for rule, instance in side.derivations(atom):
                if not rule.body:
                    causes |= set() if other.holds(atom) else {rule.id}
                elif instance in side.alone.get(rule.id, ()):
                    causes |= self._causes_of_application(side, other, rule, instance)
                else:
                    for premise in filter(self.touched, side.premises(rule, instance)):
                        causes |= self._causes_of(premise)
        self._causes[atom] = frozenset(causes)
        return self._causes[atom]

    def _causes_of_application(self, side: _Side, other: _Side, rule: Rule, instance: Instance) -> set[str]:
        """Why an application is one of this side alone: its rule is, or what it rests on is or is not there."""
        causes = set() if side.forms[rule.id].form in other.rules else {rule.id}
        for premise in side.premises(rule, instance):
            if not other.holds(premise):
                causes |= self._causes_of(premise)
        bindings = dict(zip(rule.variables, instance, strict=True))
        for part in rule.body:
            if isinstance(part, Literal) and part.negated:
                absent = ground(part.atom, bindings)
                if other.holds(absent):
                    causes |= self._causes_of(absent)
            elif isinstance(part, Count):
                for pattern in _counted(part):
                    for atom in self._touched.get(pattern.predicate, ()):
                        if side.holds(atom) != other.holds(atom) and _fits(pattern, atom, bindings):
                            causes |= self._causes_of(atom)
        return causes or {rule.id}


def _read_positively(rule: Rule) -> set[str]:
    read = {part.atom.predicate for part in rule.body if isinstance(part, Literal) and not part.negated}
    return read | {pattern.predicate for part in rule.counts for pattern in _counted(part)}


def _counted(count: Count) -> Iterator[AtomPattern]:
    for element in count.elements:
        for condition in element.conditions:
            if isinstance(condition, Literal) and not condition.negated:
                yield condition.atom


def _fits(pattern: AtomPattern, atom: Atom, bindings: dict[str, Value]) -> bool:
    """Whether an atom is one of those that a condition of a count speaks of; its own variables stand for anything."""
    return all(
        not isinstance(term, Variable | int | str)
        or (bindings.get(term.name, value) if isinstance(term, Variable) else term) == value
        for term, value in zip(pattern.arguments, atom[1:], strict=True)
    )
