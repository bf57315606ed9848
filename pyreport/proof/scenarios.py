"""Scenarios: what holds in a case after further events, by the checker's own evaluation of the rules on events.

A page says what is possible after some steps. Its graph, which is of the case as it stands, holds nothing of that. Here
the steps are added as events and the rules applied, predicate by predicate in the order of their dependence, to what
the graph concludes. So what a page calls possible is derived again without the solver.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pyreport.proof.checker import ProofChecker, needs, reachable
from pyreport.proof.compiler import Atoms, value_of
from pyreport.proof.reader import Rule

__all__ = ["EVENTS", "Conclusions", "EventRules", "Scenarios", "event_rules"]

Conclusions = Mapping[str, Sequence[tuple[Any, ...]]]
"""The atoms that hold, facts and conclusions alike: the arguments of each by the predicate."""

EVENTS = ("event", "event_under")
"""The predicates of events in the evidence."""
_LEA = "LEA"


@dataclass(frozen=True, eq=False)
class EventRules:
    """The rules of a policy that depend on events.

    Attributes:
        order: The predicates they conclude, each after those it depends on.
        rules: The rules by the predicate they conclude.
        needed: The predicates that the rules read, events among them, and do not conclude.
    """

    checker: ProofChecker
    order: Sequence[str]
    rules: Mapping[str, Sequence[Rule]]
    needed: Collection[str]


@lru_cache(maxsize=2)
def event_rules(checker: ProofChecker) -> EventRules:
    """The rules of the checker's policy that depend on events; kept for the next call.

    Raises:
        ValueError: Two predicates that depend on events depend on each other; no order evaluates them one by one.
    """
    policy = checker.policy
    reach = reachable(policy.rules)
    eventful = {name for name, others in reach.items() if others & set(EVENTS)}
    for name in eventful:
        if any(name in reach[other] for other in reach[name] & eventful - {name}):
            raise ValueError(f"{name} and another predicate that depends on events depend on each other")
    order = sorted(eventful, key=lambda name: (len(reach[name]), name))
    rules = {name: [rule for rule in policy.rules if rule.predicate == name] for name in order}
    read = {name for of_predicate in rules.values() for rule in of_predicate for name, _ in needs(rule)}
    return EventRules(checker, order, rules, read - eventful)


class Scenarios:
    """What holds in the cases of some LEAs after further events.

    Args:
        rules: The rules that depend on events.
        atoms: What holds in the cases as they stand, by predicate; at least of those that the rules need.
        leas: The LEAs, quoted CDS codes.
    """

    def __init__(self, rules: EventRules, atoms: Conclusions, leas: Collection[Any]) -> None:
        self._rules = rules
        self._given = Atoms()
        for name in rules.needed:
            for arguments in atoms.get(name, ()):
                names = rules.checker.policy.arguments.get((name, len(arguments)), ())
                if names[:1] != (_LEA,) or arguments[0] in leas:
                    self._given.add(name, tuple(arguments))

    def after(self, events: Iterable[tuple[Any, ...]]) -> Atoms:
        """What holds if ``events`` (atoms, the predicate first) come besides those on record."""
        world = self._given.apart({*EVENTS, *self._rules.order})
        for name, *event in events:
            world.add(name, tuple(event))
        for name in self._rules.order:
            self._conclude(name, world)
        return world

    def _conclude(self, name: str, world: Atoms) -> None:
        """Add all conclusions of one predicate; repeatedly until nothing is added, where it depends on itself."""
        rules = self._rules.rules[name]
        arity, before = len(rules[0].terms), -1
        while len(world.relation(name, arity)) > before:
            before = len(world.relation(name, arity))
            for rule in rules:
                for fact in rule.facts:
                    world.add(name, fact)
                for values in list(self._rules.checker.applications[rule.id](world)) if rule.body else ():
                    bound = dict(zip(rule.variables, values, strict=True))
                    world.add(name, tuple(value_of(term, bound) for term in rule.terms))
            if name not in self._rules.checker.recursive:
                return
