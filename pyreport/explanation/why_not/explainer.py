"""Why an atom does not hold: for each rule that could have concluded it, where each candidate fails.

What a *candidate* is, and where it fails, is worked out in ``candidates``. What nobody asks for is not worked out: the
values here compute their parts when these are first read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyreport.explanation.tree import Explainer, Step
from pyreport.explanation.why_not.candidates import Candidate, Counted, FailureKind, Search
from pyreport.explanation.why_not.plans import Condition, IncompleteError, plans_of
from pyreport.explanation.why_not.records import Goal, Records
from pyreport.explanation.why_not.wording import WhyNotSentences
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.syntax import (
    Atom,
    AtomPattern,
    Bindings,
    Comparison,
    Count,
    Literal,
    Value,
    Variable,
    ground,
)

__all__ = ["FailedCandidate", "FailedRule", "Failure", "HoldsError", "WhyNot", "WhyNotExplainer"]

DEPTH = 2
"""How many conclusions below a condition are looked at to compare how near candidates come."""


class HoldsError(LookupError):
    """What was asked about holds: there is no why-not of it."""


class FailedCandidate:
    """One candidate at the condition where it fails.

    Attributes:
        values: The candidate: what the variables that range over something stand for.
        condition: The condition of the rule that fails.
        passed: How many conditions that turn on data held before.
    """

    def __init__(self, explainer: WhyNotExplainer, candidate: Candidate, condition: Condition) -> None:
        self._explainer, self._candidate = explainer, candidate
        self.condition = condition
        self.values = tuple(candidate.values.items())
        self.passed = candidate.passed

    @property
    def bindings(self) -> Bindings:
        """The candidate, and all that the rule's other variables stand for where it fails."""
        return self._candidate.bindings

    @cached_property
    def answer(self) -> FailureKind:
        """Which kind of no."""
        return self._candidate.answer or self._explainer.search.answer(self.condition, self._candidate)

    @cached_property
    def reaches(self) -> bool:
        """Whether it fails for more than facts of law and the kind of LEA that rules are for."""
        if self.answer is FailureKind.LAW:
            return False
        return self.opened is None or any(rule.reaches for rule in self.opened.unsorted)

    @cached_property
    def goal(self) -> Goal | None:
        """For a literal: the atom that it asks for; else ``None``."""
        return self._explainer.goal(self.condition, self._candidate.bindings)

    @cached_property
    def sentence(self) -> str:
        """What fails, in words."""
        explainer, bindings = self._explainer, self._candidate.bindings
        if isinstance(self.condition, Comparison):
            return explainer.wording.comparison(self.condition, bindings)
        if isinstance(self.condition, Count):
            reached, bound = self.reached or (0, 0)
            return f"{reached} of {bound} needed." if self.falls_short else f"{reached} counted, which is too many."
        if self.condition.negated:
            return self.steps[0].sentence
        return explainer.wording.literal(self.condition, self.goal or (), self.answer)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """What holds instead, or what blocks, or what proves that the data are complete."""
        return () if self.goal is None else self._explainer.instead_or_proof(self.condition, self.goal)

    @cached_property
    def opened(self) -> WhyNot | None:
        """Why the condition does not hold, where rules could conclude it."""
        goal = self.goal
        return None if goal is None or not self._explainer.can_be_opened(self.condition) else self._explainer.of(goal)

    @cached_property
    def _count(self) -> Counted | None:
        if not isinstance(self.condition, Count):
            return None
        return self._explainer.search.count(self.condition, self._candidate.bindings)

    @property
    def reached(self) -> tuple[int, int] | None:
        """For a count: how many were counted, and the bound."""
        return None if self._count is None else (self._count.reached, self._count.bound)

    @property
    def falls_short(self) -> bool:
        """For a count: whether too few were counted."""
        return self._count is not None and self._count.reached < self._count.bound

    @cached_property
    def counted(self) -> tuple[Step, ...]:
        """For a count: the steps of what was counted."""
        return () if self._count is None else self._explainer.counted_steps(self.condition, self._count)

    @cached_property
    def uncounted(self) -> tuple[FailedCandidate, ...]:
        """For a count that falls short: the candidates that were not counted, nearest first."""
        if self._count is None or not self.falls_short:
            return ()
        failed = [
            FailedCandidate(self._explainer, candidate, candidate.failed)
            for candidate in self._count.missed
            if candidate.failed is not None
        ]
        return tuple(sorted(failed, key=_nearest_first))

    def nearness(self, depth: int = DEPTH) -> float:
        """How near the condition is to holding, from 0 to 1, looking ``depth`` conclusions below it."""
        if self.reached is not None:
            reached, bound = self.reached
            return reached / bound if 0 < reached < bound else 0.0
        goal = self.goal
        if depth == 0 or goal is None or not self._explainer.can_be_opened(self.condition):
            return 0.0
        return self._explainer.nearness(goal, depth - 1)


@dataclass(frozen=True)
class Failure:
    """The candidates of one rule that fail at one condition."""

    condition: Condition
    unsorted: tuple[FailedCandidate, ...]

    @cached_property
    def passed(self) -> int:
        """How many conditions that turn on data held before, for the candidate for which most did."""
        return max(candidate.passed for candidate in self.unsorted)

    @cached_property
    def candidates(self) -> tuple[FailedCandidate, ...]:
        """The candidates, nearest first."""
        return tuple(sorted(self.unsorted, key=_nearest_first)) if len(self.unsorted) > 1 else self.unsorted

    def nearness(self, depth: int) -> float:
        """How many conditions the nearest candidate meets, the part of this one that it reaches included."""
        return max(candidate.passed + candidate.nearness(depth) for candidate in self.unsorted)


@dataclass(frozen=True)
class FailedRule:
    """One rule that could have concluded the atom. Of its failures the furthest comes first."""

    rule: Rule
    goal: Goal
    failures: tuple[Failure, ...]
    conditions: int
    _explainer: WhyNotExplainer

    @cached_property
    def sentence(self) -> str:
        """Why the rule does not conclude it, in the words of its label."""
        return self._explainer.wording.unless(self.rule, self.goal)

    @property
    def number_of_candidates(self) -> int:
        """How many candidates there were, each of which stands in one failure."""
        return sum(len(failure.unsorted) for failure in self.failures)

    @property
    def candidates(self) -> Iterator[FailedCandidate]:
        """Every candidate, failure by failure."""
        for failure in self.failures:
            yield from failure.candidates

    @property
    def counts(self) -> bool:
        """Whether some candidate gets as far as a count."""
        return any(isinstance(failure.condition, Count) for failure in self.failures)

    @property
    def lacks_data(self) -> bool:
        """Whether some candidate fails for what is not on record."""
        return any(
            candidate.answer is FailureKind.MISSING for failure in self.failures for candidate in failure.unsorted
        )

    @cached_property
    def reaches(self) -> bool:
        """Whether some candidate gets beyond the facts of law and the kind of LEA that the rule is for."""
        return any(candidate.reaches for failure in self.failures for candidate in failure.unsorted)

    def nearness(self, depth: int) -> float:
        """How far the best candidate comes among the conditions that turn on data, from 0 to 1."""
        if not self.conditions:
            return 0.0
        return max(
            (failure.nearness(depth) / self.conditions for failure in self.failures),
            default=0.0,
        )


@dataclass(frozen=True)
class WhyNot:
    """Why no atom like ``goal`` holds."""

    goal: Goal
    unsorted: tuple[FailedRule, ...]
    _explainer: WhyNotExplainer

    @cached_property
    def sentence(self) -> str:
        """That it does not hold, in words."""
        return self._explainer.sentences.of_goal(self.goal)

    @cached_property
    def open(self) -> bool:
        """Whether what is not on record could still bring it about."""
        return self._explainer.records.is_open(self.goal)

    @property
    def stated(self) -> tuple[FailureKind, str, tuple[Step, ...]] | None:
        """For what no rule concludes: the kind of no, in words, and what holds instead or proves it."""
        return self._explainer.not_stated(self.goal)

    @cached_property
    def rules(self) -> tuple[FailedRule, ...]:
        """Every rule that could have concluded it, nearest first; those that do not reach this case come last.

        Of rules that are equally near those come first that say why the answer is what it is: where it is open, those
        for which something is not on record, else the others.
        """
        return tuple(
            sorted(
                self.unsorted,
                key=lambda rule: (
                    not rule.reaches,
                    -rule.nearness(DEPTH),
                    rule.reaches and rule.lacks_data != self.open,
                ),
            )
        )


def _nearest_first(candidate: FailedCandidate) -> float:
    return -candidate.passed - candidate.nearness()


class WhyNotExplainer:
    """Answers why-not questions about one graph. Equal questions have one answer."""

    def __init__(self, explainer: Explainer) -> None:
        self.explainer = explainer
        self.graph = explainer.graph
        self.rulebook = explainer.graph.rulebook
        self.sentences = explainer.sentences
        self.plans = plans_of(self.rulebook)
        self.records = Records(self.graph)
        self.search = Search(self.plans, self.records)
        self.wording = WhyNotSentences(self.sentences, self.plans, self.records)
        self._known: dict[Goal, WhyNot] = {}
        self._nearness: dict[tuple[Goal, int], float] = {}

    def of(self, goal: Goal) -> WhyNot:
        """Say why no atom like ``goal`` holds.

        Raises:
            HoldsError: One does.
            IncompleteError: A rule would apply, though no such atom holds: the graph is not closed.
        """
        if goal not in self._known:
            holding = self.records.find(goal)
            if holding:
                raise HoldsError(self.sentences.of_atom(holding[0]))
            rules = [
                self._rule(rule, goal)
                for rule in self.rulebook.by_head.get(str(goal[0]), ())
                if rule.body and _fits(rule, goal)
            ]
            self._known[goal] = WhyNot(goal, tuple(rules), self)
        return self._known[goal]

    def _rule(self, rule: Rule, goal: Goal) -> FailedRule:
        bindings: dict[str, Value] = {}
        for term, value in zip(rule.head.arguments, goal[1:], strict=True):
            if isinstance(term, Variable) and value is not None:
                bindings[term.name] = value
        failures: dict[int, list[FailedCandidate]] = {}
        for candidate in self.search.candidates(rule.body, bindings):
            if candidate.failed is None:
                raise IncompleteError(f"{rule.id} applies with {candidate.bindings}, and {goal} does not hold")
            failed = FailedCandidate(self, candidate, candidate.failed)
            failures.setdefault(id(candidate.failed), []).append(failed)
        of_rule = [Failure(candidates[0].condition, tuple(candidates)) for candidates in failures.values()]
        of_rule.sort(key=lambda failure: -failure.passed)
        conditions = sum([self.plans.part(part).turns_on_data for part in rule.body])
        return FailedRule(rule, goal, tuple(of_rule), conditions, self)

    def goal(self, condition: Condition, bindings: Mapping[str, Value]) -> Goal | None:
        """The atom that a literal asks for."""
        return self.plans.part(condition).goal(bindings) if isinstance(condition, Literal) else None

    def nearness(self, goal: Goal, depth: int) -> float:
        """How far the best rule for ``goal`` comes, from 0 to 1, looking ``depth`` conclusions below it.

        Where nothing is counted below ``goal``, there is no value to reach, and nothing is looked at.
        """
        if goal[0] not in self.rulebook.counting:
            return 0.0
        if (goal, depth) not in self._nearness:
            rules = self.of(goal).unsorted
            self._nearness[goal, depth] = max((rule.nearness(depth) for rule in rules if rule.conditions), default=0.0)
        return self._nearness[goal, depth]

    def instead_or_proof(self, condition: Condition, goal: Goal) -> tuple[Step, ...]:
        """The steps that say why a literal fails: what blocks, what holds instead, or what makes the data complete."""
        assert isinstance(condition, Literal)
        if condition.negated:
            return (self.explainer.step(self.records.find(goal)[0]),)
        predicate = self.rulebook.predicates[condition.atom.predicate]
        instead = self.records.instead(predicate, goal)
        if not instead and predicate.stated_by == "evidence":
            instead = self.records.complete(predicate, goal) or ()
        return tuple(self.explainer.step(atom) for atom in instead)

    def can_be_opened(self, condition: Condition) -> bool:
        """Whether it is a positive literal that rules could conclude."""
        return (
            isinstance(condition, Literal)
            and not condition.negated
            and self.rulebook.predicates[condition.atom.predicate].stated_by == "rules"
        )

    def counted_steps(self, condition: Condition, counted: Counted) -> tuple[Step, ...]:
        """The steps of what was counted, each once."""
        steps: dict[Atom, Step] = {}
        for element, candidate in counted.counted:
            for part in element.conditions:
                if isinstance(part, Literal) and not part.negated:
                    atom = ground(part.atom, candidate.bindings)
                    steps[atom] = self.explainer.step(atom)
        return tuple(step for step in steps.values() if not step.is_parameter) or tuple(steps.values())

    def not_stated(self, goal: Goal) -> tuple[FailureKind, str, tuple[Step, ...]] | None:
        """For what no rule concludes: the kind of no, in words, and what holds instead or proves it."""
        name = str(goal[0])
        stated_by = self.rulebook.predicates[name].stated_by
        if stated_by == "rules":
            return None
        variables = zip(self.rulebook.predicates[name].arguments, goal[1:], strict=True)
        terms = tuple(Variable(argument) if value is None else value for argument, value in variables)
        literal = Literal(AtomPattern(name, terms), negated=False)
        answer = self.search.answer(literal, Candidate({}, {}, frozenset(), 0, literal))
        return (
            answer,
            self.wording.literal(literal, goal, answer),
            self.instead_or_proof(literal, goal) if stated_by == "evidence" else (),
        )


def _fits(rule: Rule, goal: Goal) -> bool:
    return all(
        value is None or not isinstance(term, int | str) or term == value
        for term, value in zip(rule.head.arguments, goal[1:], strict=True)
    )
