"""In which order the conditions of a rule are looked at, depending on which variables have a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from pyreport.explanation.why_not.records import Goal, key_known
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import (
    AtomPattern,
    Comparison,
    Count,
    Literal,
    Operation,
    Term,
    Value,
    Variable,
    evaluate,
    term_variables,
)
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["Condition", "IncompleteError", "Part", "PlanStep", "Plans", "plans_of"]

Condition = Literal | Comparison | Count


class IncompleteError(AssertionError):
    """The search for candidates and the graph do not agree. Nothing of it may be shown."""


@dataclass(frozen=True, slots=True)
class Part:
    """A condition of a rule, with what does not depend on any value worked out once.

    Attributes:
        condition: The condition.
        predicate: The predicate of a literal; ``None`` for comparisons and counts.
        names: The variables of the rule that it needs.
        of_law: Whether facts of law alone decide it.
        of_evidence: Whether the evidence states it.
        turns_on_data: Whether more than facts of law and the kind of LEA decides it.
        places: For each argument of a literal its variable and ``None``, or no name and its constant; ``None`` where
            it calculates.
    """

    condition: Condition
    predicate: Predicate | None
    names: frozenset[str]
    of_law: bool
    of_evidence: bool
    turns_on_data: bool
    places: tuple[tuple[str, Value | None], ...] | None

    def goal(self, bindings: Mapping[str, Value]) -> Goal:
        """The atom of a literal, ``None`` for arguments that have no value yet."""
        assert isinstance(self.condition, Literal)
        if self.places is None:
            return _goal(self.condition.atom, bindings)
        return (self.condition.atom.predicate, *[bindings.get(name, constant) for name, constant in self.places])


@dataclass(slots=True)
class PlanStep:
    """The condition to look at next.

    Attributes:
        part: The condition; ``None`` if all hold.
        remaining: The conditions after it.
        known: The variables that have a value.
        after: The next steps, by the variables that this condition gave a value.
    """

    part: Part | None
    remaining: tuple[Condition, ...]
    known: frozenset[str]
    after: dict[tuple[str, ...], PlanStep] = field(default_factory=dict)


class Plans:
    """The parts and the plans of a policy's rules. They depend on no graph; each is worked out when first needed.

    Both are keyed by the identity of conditions, and keep every condition by which they are keyed.
    """

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._parts: dict[int, Part] = {}
        self._plans: dict[tuple[tuple[int, ...], frozenset[str]], PlanStep] = {}
        self._law = rulebook.settled_by_law

    def part(self, condition: Condition) -> Part:
        """The condition with what is worked out of it once."""
        part = self._parts.get(id(condition))
        if part is None:
            if isinstance(condition, Literal):
                predicate = self.rulebook.predicates[condition.atom.predicate]
                of_law, of_evidence = predicate.name in self._law, predicate.stated_by == "evidence"
                turns = not of_law and not predicate.scope
                places = _places(condition.atom)
                part = Part(condition, predicate, _names(condition), of_law, of_evidence, turns, places)
            else:
                part = Part(condition, None, _names(condition), False, False, isinstance(condition, Count), None)
            self._parts[id(condition)] = part
        return part

    def plan(self, rest: tuple[Condition, ...], known: frozenset[str]) -> PlanStep:
        """What is looked at next depends on what is known, not on any value: it is planned once."""
        key = (tuple(map(id, rest)), known)
        plan = self._plans.get(key)
        if plan is None:
            chosen = self._next(rest, known) if rest else None
            remaining = tuple(other for other in rest if other is not chosen)
            plan = self._plans[key] = PlanStep(None if chosen is None else self.part(chosen), remaining, known)
        return plan

    def after(self, at: PlanStep, bound: tuple[str, ...]) -> PlanStep:
        """The step after ``at``, where its condition holds and gave the variables ``bound`` a value."""
        after = at.after.get(bound)
        if after is None:
            after = at.after[bound] = self.plan(at.remaining, at.known.union(bound))
        return after

    def _next(self, rest: tuple[Condition, ...], known: frozenset[str]) -> Condition:
        """The condition that is settled soonest: what is known, then what has one value at most, then facts of law.

        Raises:
            IncompleteError: No condition can be looked at.
        """
        chosen: Condition | None = None
        for condition in rest:
            part = self.part(condition)
            if isinstance(condition, Comparison):
                if part.names <= known:
                    return condition
                continue
            if isinstance(condition, Count) or condition.negated:
                continue
            assert part.predicate is not None
            if part.of_law and part.names <= known:
                return condition
            # An argument of the goal is unknown where a variable in it is.
            goal = part.goal(dict.fromkeys(known, 0))
            if part.predicate.scope and key_known(part.predicate, goal):
                return condition
            if chosen is None and part.of_evidence and part.predicate.key and key_known(part.predicate, goal):
                chosen = condition
        if chosen is not None:
            return chosen
        for condition in rest:
            part = self.part(condition)
            if isinstance(condition, Literal) and not condition.negated and part.of_law:
                goal = part.goal(dict.fromkeys(known, 0))
                if any(value is not None for value in goal[1:]):
                    return condition
        for condition in rest:
            if (isinstance(condition, Literal) and not condition.negated) or self.part(condition).names <= known:
                return condition
        raise IncompleteError(f"no condition of {rest} can be looked at")


@lru_cache(maxsize=2)
def plans_of(rulebook: Rulebook) -> Plans:
    """The plans of a policy, kept for the next graph."""
    return Plans(rulebook)


def _places(pattern: AtomPattern) -> tuple[tuple[str, Value | None], ...] | None:
    places: list[tuple[str, Value | None]] = []
    for term in pattern.arguments:
        if isinstance(term, Operation):
            return None
        places.append((term.name, None) if isinstance(term, Variable) else ("", term))
    return tuple(places)


def _goal(pattern: AtomPattern, bindings: Mapping[str, Value]) -> Goal:
    values: list[Value | None] = [pattern.predicate]
    for term in pattern.arguments:
        if isinstance(term, Variable):
            values.append(bindings.get(term.name))
        elif all(name in bindings for name in term_variables(term)):
            values.append(evaluate(term, bindings))
        else:
            values.append(None)
    return tuple(values)


def _names(condition: Condition) -> frozenset[str]:
    """The variables of the rule that ``condition`` needs, those that belong to a count alone left out."""
    if isinstance(condition, Literal):
        terms: tuple[Term, ...] = condition.atom.arguments
    elif isinstance(condition, Comparison):
        terms = (condition.left, condition.right)
    else:
        inner = [
            name
            for element in condition.elements
            for part in element.conditions
            for name in _names(part)
            if name not in element.locals
        ]
        return frozenset([*inner, *term_variables(condition.bound)])
    return frozenset(name for term in terms for name in term_variables(term))
