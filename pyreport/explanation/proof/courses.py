"""What follows in a case if further events come: the checker's own evaluation of the rules that depend on events.

A page says what is possible after some steps. Nothing of that is in its graph, which is of the case as it stands. Here
the steps are taken for granted and the rules applied, predicate by predicate in the order of their dependence, over
what the graph concludes; so what is said to be possible is found again without the solver.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from pyreport.explanation.proof.checker import ProofChecker, reachable
from pyreport.explanation.proof.compiler import Atoms, value_of
from pyreport.explanation.proof.words import Conclusions

__all__ = ["EVENTS", "Courses"]

EVENTS = ("event", "event_under")
"""The predicates of events in the evidence."""
_LEA = "LEA"


class Courses:
    """The courses that the cases of some LEAs may take.

    Args:
        checker: The checker, for the policy and its compiled rules.
        atoms: What holds in the cases as they stand.
        leas: The LEAs, quoted CDS codes.

    Raises:
        ValueError: Two predicates that depend on events depend on each other; no order evaluates them one by one.
    """

    def __init__(self, checker: ProofChecker, atoms: Conclusions, leas: Collection[Any]) -> None:
        self.checker = checker
        reach = reachable(checker.policy.rules)
        eventful = {one for one, others in reach.items() if others & set(EVENTS)}
        for one in eventful:
            if any(one in reach[other] for other in reach[one] & eventful - {one}):
                raise ValueError(f"{one} and another predicate that depends on events depend on each other")
        self.order = sorted(eventful, key=lambda one: (len(reach[one]), one))
        self.rules = {one: [rule for rule in checker.policy.rules if rule.predicate == one] for one in self.order}
        self._given = Atoms()
        for name, of_name in atoms.items():
            for arguments in of_name if name not in self.rules else ():
                about = checker.policy.arguments.get((name, len(arguments)), ())[:1] == (_LEA,)
                if not about or arguments[0] in leas:
                    self._given.add(name, tuple(arguments))

    def after(self, events: Iterable[tuple[Any, ...]]) -> Atoms:
        """What holds if ``events`` (atoms, the predicate first) come besides those on record."""
        world = self._given.apart({*EVENTS, *self.order})
        for name, *event in events:
            world.add(name, tuple(event))
        for name in self.order:
            self._conclude(name, world)
        return world

    def _conclude(self, name: str, world: Atoms) -> None:
        """Add all conclusions of one predicate: anew until nothing is added, for it may depend on itself."""
        arity, before = len(self.rules[name][0].terms), -1
        while len(world.relation(name, arity)) > before:
            before = len(world.relation(name, arity))
            for rule in self.rules[name]:
                for fact in rule.facts:
                    world.add(name, fact)
                for values in list(self.checker.applications[rule.id](world)) if rule.body else ():
                    bound = dict(zip(rule.variables, values, strict=True))
                    world.add(name, tuple(value_of(term, bound) for term in rule.terms))
