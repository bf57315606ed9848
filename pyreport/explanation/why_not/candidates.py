"""The candidates of a rule: each way in which it could have applied, and the condition at which it fails.

A *candidate* is a value for each variable that ranges over something. What a variable ranges over is the policy's: the
facts of law that the rule looks up, or the ``Domain`` line of the vocabulary (student groups, methods, priorities).
Every candidate fails in exactly one condition; facts of law are looked at first, and a condition that fails for certain
comes before one that is not on record. Where a variable has no domain any value will do, and the candidate fails where
its best value does.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pyreport.explanation.why_not.plans import Condition, Plans, PlanStep
from pyreport.explanation.why_not.records import Goal, Records, agrees
from pyreport.rulebook.syntax import (
    AtomPattern,
    Bindings,
    Comparison,
    Count,
    CountElement,
    Literal,
    Value,
    Variable,
    evaluate,
    term_variables,
)

__all__ = ["Candidate", "Counted", "FailureKind", "Search"]

_COMPARE = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class FailureKind(StrEnum):
    """Why a condition fails; each failure has one kind."""

    DATA = "the data say no"
    MISSING = "not on record"
    BLOCKED = "another rule blocks it"
    LAW = "the rule does not reach this case"


@dataclass(slots=True)
class Candidate:
    """One way in which a rule could have applied, and how far it gets.

    Attributes:
        values: The variables that range over something, and their values.
        bindings: All variables that have a value.
        printed: The variables whose values the evidence states.
        passed: How many conditions that turn on data hold.
        failed: The condition that fails; ``None`` if all hold.
        answer: Why it fails, where that is known already.
    """

    values: dict[str, Value]
    bindings: dict[str, Value]
    printed: frozenset[str]
    passed: int
    failed: Condition | None = None
    answer: FailureKind | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """What a count reached, its bound, and the candidates that were counted and that were not."""

    reached: int
    bound: int
    counted: list[tuple[CountElement, Candidate]]
    missed: list[Candidate]


class Search:
    """Looks for the candidates of rules in one graph. Equal counts are counted once."""

    def __init__(self, plans: Plans, records: Records) -> None:
        self.plans, self.records = plans, records
        self._counts: dict[tuple[int, frozenset[tuple[str, Value]]], Counted] = {}

    def candidates(
        self, conditions: tuple[Condition, ...], bindings: dict[str, Value], counted: frozenset[str] = frozenset()
    ) -> list[Candidate]:
        """Every candidate with the condition at which it fails, or with none.

        ``counted`` are variables each of whose values is a candidate of its own, whether it ranges over something or
        not.
        """
        candidates: list[Candidate] = []
        start = self.plans.plan(conditions, frozenset(bindings))
        self._extend(start, Candidate({}, bindings, frozenset(), 0), counted, candidates.append)
        return candidates

    def _extend(
        self, at: PlanStep, candidate: Candidate, counted: frozenset[str], add: Callable[[Candidate], None]
    ) -> None:
        """Look at further conditions until one fails, or ranges over several values, or none is left."""
        passed = candidate.passed
        while at.part is not None:
            part, condition = at.part, at.part.condition
            if isinstance(condition, Literal) and not condition.negated:
                goal = part.goal(candidate.bindings)
                if None in goal:
                    candidate = Candidate(candidate.values, candidate.bindings, candidate.printed, passed)
                    self._branch(at, goal, candidate, counted, add)
                    return
                holds = self.records.holds(goal)
            else:
                holds = self._holds(condition, candidate.bindings)
            if not holds:
                candidate = Candidate(candidate.values, candidate.bindings, candidate.printed, passed)
                add(self._failed(condition, at.remaining, candidate))
                return
            at, passed = self.plans.after(at, ()), passed + part.turns_on_data
        add(Candidate(candidate.values, candidate.bindings, candidate.printed, passed))

    def _branch(
        self, at: PlanStep, goal: Goal, candidate: Candidate, counted: frozenset[str], add: Callable[[Candidate], None]
    ) -> None:
        """Go on with each value of a variable that ranges over something; else with the value that gets furthest."""
        part = at.part
        assert part is not None
        assert part.predicate is not None
        assert isinstance(part.condition, Literal)
        predicate, pattern, bindings = part.predicate, part.condition.atom, candidate.bindings
        atoms = self.records.find(goal)
        if any(
            value is None and name in predicate.ranging
            for name, value in zip(predicate.arguments, goal[1:], strict=True)
        ):
            goals = self.records.domain(predicate, goal)
            # What is on record beyond the domain is a candidate too.
            goals = [*goals, *(atom for atom in atoms if not any(agrees(atom, known) for known in goals))]
            for ranged in goals:
                bound = self._bound(pattern, ranged, bindings)
                if bound is not None:
                    values = {**candidate.values, **bound}
                    more = Candidate(values, {**bindings, **bound}, candidate.printed, candidate.passed)
                    self._extend(
                        self.plans.plan((part.condition, *at.remaining), at.known.union(bound)), more, counted, add
                    )
            if not goals:
                add(self._failed(part.condition, at.remaining, candidate))
            return
        branches: list[list[Candidate]] = []
        every = part.of_law
        for atom in atoms:
            bound = self._bound(pattern, atom, bindings)
            if bound is None:
                continue
            values, printed = candidate.values, candidate.printed
            if part.of_law or not counted.isdisjoint(bound):
                every, values = True, {**values, **bound}
            if not part.of_law and not predicate.scope:
                printed = printed.union(bound)
            more = Candidate(values, {**bindings, **bound}, printed, candidate.passed + part.turns_on_data)
            branches.append([])
            self._extend(self.plans.after(at, tuple(bound)), more, counted, branches[-1].append)
        if not branches:
            add(self._failed(part.condition, at.remaining, candidate))
        for branch in branches if every or not branches else [max(branches, key=_furthest)]:
            for end in branch:
                add(end)

    @staticmethod
    def _bound(pattern: AtomPattern, atom: Goal, bindings: Bindings) -> dict[str, Value] | None:
        """The values that ``atom`` gives the variables of ``pattern`` that have none; ``None`` if it does not fit."""
        bound: dict[str, Value] = {}
        for term, value in zip(pattern.arguments, atom[1:], strict=True):
            if value is None or not isinstance(term, Variable):
                continue
            if bindings.get(term.name, value) != value or bound.setdefault(term.name, value) != value:
                return None
        return {name: value for name, value in bound.items() if name not in bindings}

    def _failed(self, condition: Condition, remaining: tuple[Condition, ...], at: Candidate) -> Candidate:
        """The candidate, which fails at this condition; at a later one, if that fails for certain and this is open."""
        at.failed, at.answer = condition, self.answer(condition, at)
        if at.answer is FailureKind.MISSING:
            for other in remaining:
                if self.plans.part(other).names <= at.bindings.keys() and not self._holds(other, at.bindings):
                    answer = self.answer(other, at)
                    if answer is not FailureKind.MISSING:
                        at.failed, at.answer = other, answer
                        break
        return at

    def _holds(self, condition: Condition, bindings: Bindings) -> bool:
        if isinstance(condition, Comparison):
            return _compare(condition, bindings)
        if isinstance(condition, Count):
            counted = self.count(condition, bindings)
            return bool(_COMPARE[condition.operator](counted.reached, counted.bound))
        return bool(self.records.find(self.plans.part(condition).goal(bindings))) != condition.negated

    def count(self, count: Count, bindings: Mapping[str, Value]) -> Counted:
        """Count, and keep the candidates that were and were not counted."""
        names = self.plans.part(count).names
        needed = {name: value for name, value in bindings.items() if name in names}
        key = (id(count), frozenset(needed.items()))
        if key not in self._counts:
            self._counts[key] = self._count(count, needed)
        return self._counts[key]

    def _count(self, count: Count, bindings: dict[str, Value]) -> Counted:
        counted: list[tuple[CountElement, Candidate]] = []
        missed: dict[tuple[tuple[str, Value], ...], Candidate] = {}
        keys: set[tuple[Value, ...]] = set()
        for element in count.elements:
            names = frozenset(name for term in element.terms for name in term_variables(term))
            for candidate in self.candidates(element.conditions, bindings, names):
                if candidate.failed is None:
                    keys.add(tuple(evaluate(term, candidate.bindings) for term in element.terms))
                    counted.append((element, candidate))
                    continue
                # What fails in several elements of the count is missed once, where it gets furthest.
                values = tuple(sorted(candidate.values.items()))
                if values not in missed or missed[values].passed < candidate.passed:
                    missed[values] = candidate
        # What another element of the count counted is not missed.
        for _, candidate in counted:
            missed.pop(tuple(sorted(candidate.values.items())), None)
        return Counted(len(keys), int(evaluate(count.bound, bindings)), counted, list(missed.values()))

    def answer(self, condition: Condition, at: Candidate) -> FailureKind:
        """Which kind of no it is that ``condition`` fails there."""
        part = self.plans.part(condition)
        if isinstance(condition, Count):
            if condition.operator not in (">", ">="):
                return FailureKind.DATA
            missed = self.count(condition, at.bindings).missed
            missing = any(candidate.answer is FailureKind.MISSING for candidate in missed)
            return FailureKind.MISSING if missing else FailureKind.DATA
        if isinstance(condition, Comparison) or (part.of_law and not condition.negated):
            return FailureKind.LAW if part.names.isdisjoint(at.printed) else FailureKind.DATA
        if condition.negated:
            return FailureKind.BLOCKED
        predicate = part.predicate
        assert predicate is not None
        if predicate.scope:
            return FailureKind.LAW
        goal = part.goal(at.bindings)
        if part.of_evidence and self.records.outside(predicate, goal):
            return FailureKind.LAW
        if part.of_evidence:
            at_hand = self.records.instead(predicate, goal) or self.records.complete(predicate, goal) is not None
            return FailureKind.DATA if at_hand else FailureKind.MISSING
        return FailureKind.MISSING if self.records.is_open(goal) else FailureKind.DATA


def _compare(comparison: Comparison, bindings: Bindings) -> bool:
    left, right = evaluate(comparison.left, bindings), evaluate(comparison.right, bindings)
    if isinstance(left, int) == isinstance(right, int):
        return bool(_COMPARE[comparison.operator](left, right))
    # clingo's order of terms: numbers stand before everything else.
    return bool(_COMPARE[comparison.operator](0 if isinstance(left, int) else 1, 0 if isinstance(right, int) else 1))


def _furthest(candidates: list[Candidate]) -> tuple[bool, int]:
    return max(((candidate.failed is None, candidate.passed) for candidate in candidates), default=(False, -1))
