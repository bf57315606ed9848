"""Why an atom does not hold: for each rule that could have concluded it, where each candidate fails.

A *candidate* is one way in which a rule could have applied: a value for each variable that ranges over something. What
a variable ranges over is said by the policy: by the facts of law that the rule looks up, or by the ``Domain`` line of
the vocabulary (student groups, methods, priorities). Every candidate fails in exactly one condition; facts of law are
looked at first, and a condition that fails for certain comes before one that is not on record. Where a variable has no
domain any value will do, and the candidate fails where its best value does.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, cached_property, lru_cache

from pyreport.explanation.sentences import argument_words
from pyreport.explanation.tree import Explainer, Step
from pyreport.reasoning.graph import Graph
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import (
    Atom,
    AtomPattern,
    Bindings,
    Comparison,
    Count,
    CountElement,
    Literal,
    Operation,
    Term,
    Value,
    Variable,
    evaluate,
    ground,
    term_variables,
)
from pyreport.rulebook.vocabulary import Pattern, Predicate, placeholders

__all__ = ["Answer", "Failure", "Holds", "IncompleteError", "Miss", "RuleMiss", "WhyNot", "WhyNotExplainer"]

_COMPARE = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

_NOT = "not "
# How many conclusions below a condition are looked at to tell which miss is nearest.
LOOK = 2
_WANTED = {"=": "", "<": "less than ", "<=": "at most ", ">": "more than ", ">=": "at least "}

Condition = Literal | Comparison | Count
Goal = tuple[Value | None, ...]
"""An atom asked about: the predicate's name, then its arguments, ``None`` where any value would do."""


class Answer(StrEnum):
    """Why a condition fails. The kinds are never mixed."""

    DATA = "the data say no"
    MISSING = "not on record"
    BLOCKED = "another rule blocks it"
    LAW = "the rule does not reach this case"


class Holds(LookupError):
    """What was asked about holds: there is no why-not of it."""


class IncompleteError(AssertionError):
    """The search and the model do not agree. Nothing of it may be shown."""


class Miss:
    """One candidate at the condition where it fails. What is not asked for is not worked out.

    Attributes:
        values: The candidate: what the variables that range over something stand for.
        condition: The condition of the rule that fails.
        passed: How many conditions that turn on data held before.
    """

    def __init__(self, explainer: WhyNotExplainer, leaf: _Leaf, condition: Condition) -> None:
        self._explainer, self._leaf = explainer, leaf
        self.condition = condition
        self.values = tuple(leaf.values.items())
        self.passed = leaf.passed

    @property
    def bindings(self) -> Bindings:
        """The candidate, and all that the rule's other variables stand for where it fails."""
        return self._leaf.bindings

    @cached_property
    def answer(self) -> Answer:
        """Which kind of no."""
        return self._leaf.answer or self._explainer.answer(self.condition, self._leaf)

    @cached_property
    def reaches(self) -> bool:
        """Whether it fails for more than facts of law and the kind of LEA that rules are for."""
        if self.answer is Answer.LAW:
            return False
        return self.opened is None or any(rule.reaches for rule in self.opened.unsorted)

    @cached_property
    def goal(self) -> Goal | None:
        """For a literal: the atom that it asks for."""
        return self._explainer.goal(self.condition, self._leaf.bindings)

    @cached_property
    def sentence(self) -> str:
        """What fails, in words."""
        explainer, bindings = self._explainer, self._leaf.bindings
        if isinstance(self.condition, Comparison):
            return explainer.comparison_words(self.condition, bindings)
        if isinstance(self.condition, Count):
            reached, bound = self.reached or (0, 0)
            return f"{reached} of {bound} needed." if self.falls_short else f"{reached} counted, which is too many."
        if self.condition.negated:
            return self.steps[0].sentence
        return explainer.literal_words(self.condition, self.goal or (), self.answer)

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
    def _count(self) -> _Counted | None:
        return self._explainer.count(self.condition, self._leaf.bindings) if isinstance(self.condition, Count) else None

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
    def uncounted(self) -> tuple[Miss, ...]:
        """For a count that falls short: the candidates that were not counted, nearest first."""
        if self._count is None or not self.falls_short:
            return ()
        misses = [Miss(self._explainer, leaf, leaf.failed) for leaf in self._count.missed if leaf.failed is not None]
        return tuple(sorted(misses, key=_far))

    def nearness(self, look: int = LOOK) -> float:
        """How near the condition is to holding, from 0 to 1, looking ``look`` conclusions below it."""
        if self.reached is not None:
            reached, bound = self.reached
            return reached / bound if 0 < reached < bound else 0.0
        goal = self.goal
        if look == 0 or goal is None or not self._explainer.can_be_opened(self.condition):
            return 0.0
        return self._explainer.nearness(goal, look - 1)


@dataclass(frozen=True)
class Failure:
    """The candidates of one rule that fail at one condition."""

    condition: Condition
    unsorted: tuple[Miss, ...]

    @cached_property
    def passed(self) -> int:
        """How many conditions that turn on data held before, for the candidate for which most did."""
        return max(miss.passed for miss in self.unsorted)

    @cached_property
    def misses(self) -> tuple[Miss, ...]:
        """The candidates, nearest first."""
        return tuple(sorted(self.unsorted, key=_far)) if len(self.unsorted) > 1 else self.unsorted

    def nearness(self, look: int) -> float:
        """How many conditions the nearest candidate meets, the part of this one that it reaches included."""
        return max(miss.passed + miss.nearness(look) for miss in self.unsorted)


@dataclass(frozen=True)
class RuleMiss:
    """One rule that could have concluded the atom. Of its failures the furthest comes first."""

    rule: Rule
    goal: Goal
    failures: tuple[Failure, ...]
    conditions: int
    _explainer: WhyNotExplainer

    @cached_property
    def sentence(self) -> str:
        """Why the rule does not conclude it, in the words of its label."""
        return self._explainer.unless(self.rule, self.goal)

    @property
    def candidates(self) -> int:
        """How many candidates there were, each of which stands in one failure."""
        return sum(len(failure.unsorted) for failure in self.failures)

    @property
    def misses(self) -> Iterator[Miss]:
        """Every candidate, failure by failure."""
        for failure in self.failures:
            yield from failure.misses

    @property
    def counts(self) -> bool:
        """Whether some candidate gets as far as a count."""
        return any(isinstance(failure.condition, Count) for failure in self.failures)

    @property
    def misses_data(self) -> bool:
        """Whether some candidate fails for what is not on record."""
        return any(miss.answer is Answer.MISSING for failure in self.failures for miss in failure.unsorted)

    @cached_property
    def reaches(self) -> bool:
        """Whether some candidate gets beyond the facts of law and the kind of LEA that the rule is for."""
        return any(miss.reaches for failure in self.failures for miss in failure.unsorted)

    def nearness(self, look: int) -> float:
        """How far the best candidate comes among the conditions that turn on data, from 0 to 1."""
        if not self.conditions:
            return 0.0
        return max(
            (failure.nearness(look) / self.conditions for failure in self.failures),
            default=0.0,
        )


@dataclass(frozen=True)
class WhyNot:
    """Why no atom like ``goal`` holds."""

    goal: Goal
    unsorted: tuple[RuleMiss, ...]
    _explainer: WhyNotExplainer

    @cached_property
    def sentence(self) -> str:
        """That it does not hold, in words."""
        return self._explainer.sentences.of_goal(self.goal)

    @cached_property
    def open(self) -> bool:
        """Whether what is not on record could still bring it about."""
        return self._explainer.is_open(self.goal)

    @property
    def stated(self) -> tuple[Answer, str, tuple[Step, ...]] | None:
        """For what no rule concludes: the kind of no, in words, and what holds instead or proves it."""
        return self._explainer.not_stated(self.goal)

    @cached_property
    def rules(self) -> tuple[RuleMiss, ...]:
        """Every rule that could have concluded it, nearest first; those that do not reach this case come last.

        Of rules that are equally near those come first that say why the answer is what it is: where it is open, those
        for which something is not on record, else the others.
        """
        return tuple(
            sorted(
                self.unsorted,
                key=lambda rule: (
                    not rule.reaches,
                    -rule.nearness(LOOK),
                    rule.reaches and rule.misses_data != self.open,
                ),
            )
        )


def _far(miss: Miss) -> float:
    return -miss.passed - miss.nearness()


class _Model:
    """The atoms of a graph, found by any of their arguments."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._indexes: dict[tuple[str, tuple[int, ...]], dict[tuple[Value | None, ...], list[Atom]]] = {}

    def holds(self, atom: Goal) -> bool:
        """Whether ``atom``, all of whose arguments have a value, holds."""
        return atom in self.graph.facts or atom in self.graph.support

    def index(self, name: str, places: tuple[int, ...]) -> dict[tuple[Value | None, ...], list[Atom]]:
        """The atoms of a predicate, sorted, by their arguments in ``places``."""
        index = self._indexes.get((name, places))
        if index is None:
            index = self._indexes[name, places] = {}
            for atom in self.graph.atoms(name):
                index.setdefault(tuple([atom[place] for place in places]), []).append(atom)
        return index

    def find(self, goal: Goal) -> Sequence[Atom]:
        """The atoms that ``goal`` fits, sorted."""
        if None not in goal:
            return (goal,) if self.holds(goal) else ()  # type: ignore[return-value]
        places = tuple([place for place, value in enumerate(goal) if place and value is not None])
        return self.index(str(goal[0]), places).get(tuple([goal[place] for place in places]), ())


@dataclass(frozen=True, slots=True)
class _Part:
    """A condition of a rule, with what does not depend on any value worked out once.

    Attributes:
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
class _Next:
    """What is looked at next, where ``left`` follows and the variables ``known`` have a value; nothing if all held."""

    part: _Part | None
    left: tuple[Condition, ...]
    known: frozenset[str]
    after: dict[tuple[str, ...], _Next] = field(default_factory=dict)


@dataclass(slots=True)
class _Leaf:
    """A candidate: its values and how far it got. ``failed`` is ``None`` if all conditions hold."""

    values: dict[str, Value]
    bindings: dict[str, Value]
    printed: frozenset[str]
    passed: int
    failed: Condition | None = None
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class _Counted:
    """What a count reached, its bound, and the candidates that were counted and that were not."""

    reached: int
    bound: int
    counted: list[tuple[CountElement, _Leaf]]
    missed: list[_Leaf]


@lru_cache(maxsize=2)
def _worked_out(rulebook: Rulebook) -> tuple[dict[int, _Part], dict[tuple[tuple[int, ...], frozenset[str]], _Next]]:
    """The parts and the plans of a policy's rules: they depend on no graph, and each adds what it needs first.

    Both are found by the identity of conditions, and hold on to every condition that they are found by.
    """
    return {}, {}


class WhyNotExplainer:
    """Answers why-not questions about one graph. Equal questions have one answer."""

    def __init__(self, explainer: Explainer) -> None:
        self.explainer = explainer
        self.graph = explainer.graph
        self.rulebook = explainer.graph.rulebook
        self.sentences = explainer.sentences
        self._model = _Model(self.graph)
        self._known: dict[Goal, WhyNot] = {}
        self._nearness: dict[tuple[Goal, int], float] = {}
        self._parts, self._plans = _worked_out(self.rulebook)
        self._domains: dict[Goal, list[Goal]] = {}
        self._counts: dict[tuple[int, frozenset[tuple[str, Value]]], _Counted] = {}
        self._law = self.rulebook.settled_by_law
        self._counting = self.rulebook.counting

    def of(self, goal: Goal) -> WhyNot:
        """Say why no atom like ``goal`` holds.

        Raises:
            Holds: One does.
            IncompleteError: A rule would apply, though no such atom holds: the graph is not closed.
        """
        if goal not in self._known:
            if self._model.find(goal):
                raise Holds(self.sentences.of_atom(self._model.find(goal)[0]))
            rules = [
                self._rule(rule, goal)
                for rule in self.rulebook.by_head.get(str(goal[0]), ())
                if rule.body and _fits(rule, goal)
            ]
            self._known[goal] = WhyNot(goal, tuple(rules), self)
        return self._known[goal]

    def _rule(self, rule: Rule, goal: Goal) -> RuleMiss:
        bindings: dict[str, Value] = {}
        for term, value in zip(rule.head.arguments, goal[1:], strict=True):
            if isinstance(term, Variable) and value is not None:
                bindings[term.name] = value
        failures: dict[int, list[Miss]] = {}
        for leaf in self._candidates(rule.body, bindings):
            if leaf.failed is None:
                raise IncompleteError(f"{rule.id} applies with {leaf.bindings}, and {goal} does not hold")
            failures.setdefault(id(leaf.failed), []).append(Miss(self, leaf, leaf.failed))
        found = [Failure(misses[0].condition, tuple(misses)) for misses in failures.values()]
        found.sort(key=lambda failure: -failure.passed)
        conditions = sum([self._part(part).turns_on_data for part in rule.body])
        return RuleMiss(rule, goal, tuple(found), conditions, self)

    def goal(self, condition: Condition, bindings: Mapping[str, Value]) -> Goal | None:
        """The atom that a literal asks for."""
        return self._part(condition).goal(bindings) if isinstance(condition, Literal) else None

    def nearness(self, goal: Goal, look: int) -> float:
        """How far the best rule for ``goal`` comes, from 0 to 1, looking ``look`` conclusions below it.

        Where nothing is counted below ``goal``, there is no value to reach, and nothing is looked at.
        """
        if goal[0] not in self._counting:
            return 0.0
        if (goal, look) not in self._nearness:
            rules = self.of(goal).unsorted
            self._nearness[goal, look] = max((rule.nearness(look) for rule in rules if rule.conditions), default=0.0)
        return self._nearness[goal, look]

    def _part(self, condition: Condition) -> _Part:
        part = self._parts.get(id(condition))
        if part is None:
            if isinstance(condition, Literal):
                predicate = self.rulebook.predicates[condition.atom.predicate]
                of_law, of_evidence = predicate.name in self._law, predicate.stated_by == "evidence"
                turns = not of_law and not predicate.scope
                places = _places(condition.atom)
                part = _Part(condition, predicate, _names(condition), of_law, of_evidence, turns, places)
            else:
                part = _Part(condition, None, _names(condition), False, False, isinstance(condition, Count), None)
            self._parts[id(condition)] = part
        return part

    # Candidates

    def _candidates(
        self, conditions: tuple[Condition, ...], bindings: dict[str, Value], counted: frozenset[str] = frozenset()
    ) -> list[_Leaf]:
        """Every candidate with the condition at which it fails, or with none.

        ``counted`` are variables each of whose values is a candidate of its own, whether it ranges over something or
        not.
        """
        found: list[_Leaf] = []
        self._extend(
            self._plan(conditions, frozenset(bindings)), _Leaf({}, bindings, frozenset(), 0), counted, found.append
        )
        return found

    def _extend(self, at: _Next, leaf: _Leaf, counted: frozenset[str], add: Callable[[_Leaf], None]) -> None:
        passed = leaf.passed
        while at.part is not None:
            part, condition = at.part, at.part.condition
            if isinstance(condition, Literal) and not condition.negated:
                goal = part.goal(leaf.bindings)
                if None in goal:
                    self._branch(at, goal, _Leaf(leaf.values, leaf.bindings, leaf.printed, passed), counted, add)
                    return
                holds = self._model.holds(goal)
            else:
                holds = self._holds(condition, leaf.bindings)
            if not holds:
                leaf = _Leaf(leaf.values, leaf.bindings, leaf.printed, passed)
                add(self._failed(condition, at.left, leaf))
                return
            at, passed = self._after(at, ()), passed + part.turns_on_data
        add(_Leaf(leaf.values, leaf.bindings, leaf.printed, passed))

    def _branch(
        self, at: _Next, goal: Goal, leaf: _Leaf, counted: frozenset[str], add: Callable[[_Leaf], None]
    ) -> None:
        """Go on with each value of a variable that ranges over something; else with the value that gets furthest."""
        part = at.part
        assert part is not None
        assert part.predicate is not None
        assert isinstance(part.condition, Literal)
        predicate, pattern, bindings = part.predicate, part.condition.atom, leaf.bindings
        atoms = self._model.find(goal)
        if any(
            value is None and name in predicate.ranging
            for name, value in zip(predicate.arguments, goal[1:], strict=True)
        ):
            tuples = self._domain(predicate, goal)
            # What is on record beyond the domain is a candidate too.
            tuples = [*tuples, *(atom for atom in atoms if not any(_agrees(atom, one) for one in tuples))]
            for one in tuples:
                found = self._found(pattern, one, bindings)
                if found is not None:
                    more = _Leaf({**leaf.values, **found}, {**bindings, **found}, leaf.printed, leaf.passed)
                    self._extend(self._plan((part.condition, *at.left), at.known.union(found)), more, counted, add)
            if not tuples:
                add(self._failed(part.condition, at.left, leaf))
            return
        branches: list[list[_Leaf]] = []
        every = part.of_law
        for atom in atoms:
            found = self._found(pattern, atom, bindings)
            if found is None:
                continue
            values, printed = leaf.values, leaf.printed
            if part.of_law or not counted.isdisjoint(found):
                every, values = True, {**values, **found}
            if not part.of_law and not predicate.scope:
                printed = printed.union(found)
            more = _Leaf(values, {**bindings, **found}, printed, leaf.passed + part.turns_on_data)
            branches.append([])
            self._extend(self._after(at, tuple(found)), more, counted, branches[-1].append)
        if not branches:
            add(self._failed(part.condition, at.left, leaf))
        for branch in branches if every or not branches else [max(branches, key=_furthest)]:
            for end in branch:
                add(end)

    @staticmethod
    def _found(pattern: AtomPattern, atom: Goal, bindings: Bindings) -> dict[str, Value] | None:
        """The values that ``atom`` gives the variables of ``pattern`` that have none; ``None`` if it does not fit."""
        found: dict[str, Value] = {}
        for term, value in zip(pattern.arguments, atom[1:], strict=True):
            if value is None or not isinstance(term, Variable):
                continue
            if bindings.get(term.name, value) != value or found.setdefault(term.name, value) != value:
                return None
        return {name: value for name, value in found.items() if name not in bindings}

    def _plan(self, rest: tuple[Condition, ...], known: frozenset[str]) -> _Next:
        """What is looked at next depends on what is known, not on any value: it is found out once."""
        key = (tuple(map(id, rest)), known)
        plan = self._plans.get(key)
        if plan is None:
            chosen = self._next(rest, known) if rest else None
            left = tuple(other for other in rest if other is not chosen)
            plan = self._plans[key] = _Next(None if chosen is None else self._part(chosen), left, known)
        return plan

    def _after(self, at: _Next, found: tuple[str, ...]) -> _Next:
        after = at.after.get(found)
        if after is None:
            after = at.after[found] = self._plan(at.left, at.known.union(found))
        return after

    def _next(self, rest: tuple[Condition, ...], known: frozenset[str]) -> Condition:
        """What is quickest settled first: what is known, then what has one value at most, then facts of law."""
        chosen: Condition | None = None
        for condition in rest:
            part = self._part(condition)
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
            if part.predicate.scope and _key_known(part.predicate, goal):
                return condition
            if chosen is None and part.of_evidence and part.predicate.key and _key_known(part.predicate, goal):
                chosen = condition
        if chosen is not None:
            return chosen
        for condition in rest:
            part = self._part(condition)
            if isinstance(condition, Literal) and not condition.negated and part.of_law:
                goal = part.goal(dict.fromkeys(known, 0))
                if any(value is not None for value in goal[1:]):
                    return condition
        for condition in rest:
            if (isinstance(condition, Literal) and not condition.negated) or self._part(condition).names <= known:
                return condition
        raise IncompleteError(f"no condition of {rest} can be looked at")

    def _failed(self, condition: Condition, left: tuple[Condition, ...], at: _Leaf) -> _Leaf:
        """The candidate at this condition; at a later one, if this is not on record and that one fails for certain."""
        at.failed, at.answer = condition, self.answer(condition, at)
        if at.answer is Answer.MISSING:
            for other in left:
                if self._part(other).names <= at.bindings.keys() and not self._holds(other, at.bindings):
                    answer = self.answer(other, at)
                    if answer is not Answer.MISSING:
                        at.failed, at.answer = other, answer
                        break
        return at

    def _domain(self, predicate: Predicate, goal: Goal) -> list[Goal]:
        """What ``goal``'s open arguments range over, by the vocabulary; arguments it does not speak of stay open."""
        said = tuple(
            [
                value if name in predicate.ranging else None
                for name, value in zip(predicate.arguments, goal[1:], strict=True)
            ]
        )
        key = (predicate.name, *said)
        if key not in self._domains:
            start = {name: value for name, value in zip(predicate.arguments, said, strict=True) if value is not None}
            found: dict[Goal, None] = {}
            for bindings in self._join(predicate.domain, start):
                found[(predicate.name, *(bindings.get(name) for name in predicate.arguments))] = None
            self._domains[key] = sorted(found, key=repr)
        return self._domains[key]

    def _join(self, patterns: Sequence[Pattern], bindings: dict[str, Value]) -> Iterator[dict[str, Value]]:
        if not patterns:
            yield bindings
            return
        negated, name, arguments = _read(patterns[0])
        goal = (name, *[bindings.get(argument, constant) for argument, constant in arguments])
        if negated:
            if not self._model.find(goal):
                yield from self._join(patterns[1:], bindings)
            return
        for atom in self._model.find(goal):
            found = {argument: value for (argument, _), value in zip(arguments, atom[1:], strict=True) if argument}
            yield from self._join(patterns[1:], {**bindings, **found})

    # Conditions

    def _holds(self, condition: Condition, bindings: Bindings) -> bool:
        if isinstance(condition, Comparison):
            return _compare(condition, bindings)
        if isinstance(condition, Count):
            counted = self.count(condition, bindings)
            return bool(_COMPARE[condition.operator](counted.reached, counted.bound))
        return bool(self._model.find(self._part(condition).goal(bindings))) != condition.negated

    def count(self, count: Count, bindings: Mapping[str, Value]) -> _Counted:
        """Count, and keep the candidates that were and were not counted."""
        names = self._part(count).names
        needed = {name: value for name, value in bindings.items() if name in names}
        key = (id(count), frozenset(needed.items()))
        if key not in self._counts:
            self._counts[key] = self._count(count, needed)
        return self._counts[key]

    def _count(self, count: Count, bindings: dict[str, Value]) -> _Counted:
        counted: list[tuple[CountElement, _Leaf]] = []
        missed: dict[tuple[tuple[str, Value], ...], _Leaf] = {}
        keys: set[tuple[Value, ...]] = set()
        for element in count.elements:
            told = frozenset(name for term in element.terms for name in term_variables(term))
            for leaf in self._candidates(element.conditions, bindings, told):
                if leaf.failed is None:
                    keys.add(tuple(evaluate(term, leaf.bindings) for term in element.terms))
                    counted.append((element, leaf))
                    continue
                # What fails in several elements of the count is missed once, where it gets furthest.
                values = tuple(sorted(leaf.values.items()))
                if values not in missed or missed[values].passed < leaf.passed:
                    missed[values] = leaf
        # What another element of the count counted is not missed.
        for _, leaf in counted:
            missed.pop(tuple(sorted(leaf.values.items())), None)
        return _Counted(len(keys), int(evaluate(count.bound, bindings)), counted, list(missed.values()))

    def answer(self, condition: Condition, at: _Leaf) -> Answer:
        """Which kind of no it is that ``condition`` fails there."""
        part = self._part(condition)
        if isinstance(condition, Count):
            if condition.operator not in (">", ">="):
                return Answer.DATA
            missed = self.count(condition, at.bindings).missed
            missing = any(leaf.answer is Answer.MISSING for leaf in missed)
            return Answer.MISSING if missing else Answer.DATA
        if isinstance(condition, Comparison) or (part.of_law and not condition.negated):
            return Answer.LAW if part.names.isdisjoint(at.printed) else Answer.DATA
        if condition.negated:
            return Answer.BLOCKED
        predicate = part.predicate
        assert predicate is not None
        if predicate.scope:
            return Answer.LAW
        goal = part.goal(at.bindings)
        if part.of_evidence and self._outside(predicate, goal):
            return Answer.LAW
        if part.of_evidence:
            at_hand = self._instead(predicate, goal) or self._complete(predicate, goal) is not None
            return Answer.DATA if at_hand else Answer.MISSING
        return Answer.MISSING if self._is_open(predicate, goal) else Answer.DATA

    def _outside(self, predicate: Predicate, goal: Goal) -> Goal | None:
        """The condition of its domain for want of which the evidence never states ``goal``, such as a cell of law."""
        joined = [_known_values(predicate, goal)]
        for place, pattern in enumerate(predicate.domain):
            wider = [one for before in joined for one in self._join([pattern], before)]
            if not wider:
                _, name, arguments = _read(predicate.domain[place])
                return (name, *[joined[0].get(argument, constant) for argument, constant in arguments])
            joined = wider
        return None

    def _instead(self, predicate: Predicate, goal: Goal) -> Sequence[Atom]:
        """What holds instead: atoms with the same key, if all of the key is known."""
        if not predicate.key or not _key_known(predicate, goal):
            return ()
        named = dict(zip(predicate.arguments, goal[1:], strict=True))
        return self._model.find((goal[0], *(named[name] if name in predicate.key else None for name in named)))

    def _complete(self, predicate: Predicate, goal: Goal) -> tuple[Atom, ...] | None:
        """What proves that the evidence would state it if it were so; ``None`` if nothing does."""
        named = _known_values(predicate, goal)
        for patterns in predicate.complete:
            for bindings in self._join(patterns, named):
                proof: list[Atom] = []
                for _, name, arguments in map(_read, patterns):
                    goal = (name, *[bindings.get(argument, constant) for argument, constant in arguments])
                    proof += self._model.find(goal)[:1]
                return tuple(proof)
        return None

    def is_open(self, goal: Goal) -> bool:
        """Whether what is not on record could still bring ``goal`` about."""
        return self._is_open(self.rulebook.predicates[str(goal[0])], goal)

    def _is_open(self, predicate: Predicate, goal: Goal) -> bool:
        named = _known_values(predicate, goal)
        return any(True for patterns in predicate.open for _ in self._join(patterns, named))

    # Words

    def instead_or_proof(self, condition: Condition, goal: Goal) -> tuple[Step, ...]:
        """The steps that say why a literal fails: what blocks, what holds instead, or what makes the data complete."""
        assert isinstance(condition, Literal)
        if condition.negated:
            return (self.explainer.step(self._model.find(goal)[0]),)
        predicate = self.rulebook.predicates[condition.atom.predicate]
        instead = self._instead(predicate, goal)
        if not instead and predicate.stated_by == "evidence":
            instead = self._complete(predicate, goal) or ()
        return tuple(self.explainer.step(atom) for atom in instead)

    def can_be_opened(self, condition: Condition) -> bool:
        """Whether it is a positive literal that rules could conclude."""
        return (
            isinstance(condition, Literal)
            and not condition.negated
            and self.rulebook.predicates[condition.atom.predicate].stated_by == "rules"
        )

    def counted_steps(self, condition: Condition, counted: _Counted) -> tuple[Step, ...]:
        """The steps of what was counted, each once."""
        steps: dict[Atom, Step] = {}
        for element, leaf in counted.counted:
            for part in element.conditions:
                if isinstance(part, Literal) and not part.negated:
                    atom = ground(part.atom, leaf.bindings)
                    steps[atom] = self.explainer.step(atom)
        return tuple(step for step in steps.values() if not step.is_parameter) or tuple(steps.values())

    def not_stated(self, goal: Goal) -> tuple[Answer, str, tuple[Step, ...]] | None:
        """For what no rule concludes: the kind of no, in words, and what holds instead or proves it."""
        name = str(goal[0])
        stated_by = self.rulebook.predicates[name].stated_by
        if stated_by == "rules":
            return None
        variables = zip(self.rulebook.predicates[name].arguments, goal[1:], strict=True)
        terms = tuple(Variable(argument) if value is None else value for argument, value in variables)
        literal = Literal(AtomPattern(name, terms), negated=False)
        leaf = _Leaf({}, {}, frozenset(), 0, literal)
        return (
            self.answer(literal, leaf),
            self.literal_words(literal, goal, self.answer(literal, leaf)),
            self.instead_or_proof(literal, goal) if stated_by == "evidence" else (),
        )

    def literal_words(self, literal: Literal, goal: Goal, answer: Answer) -> str:
        """What a positive literal asks for and is not there, in words."""
        part = self._part(literal)
        predicate = part.predicate
        assert predicate is not None
        outside = self._outside(predicate, goal) if part.of_evidence else None
        if outside is not None:
            return self.sentences.of_goal(outside)
        if part.of_evidence and self._instead(predicate, goal):
            return "On record instead:" if None in goal else self.sentences.of_goal(goal)
        if part.of_evidence and predicate.none and (predicate.key or answer is Answer.MISSING):
            return self.sentences.of_none(goal)
        return self.sentences.of_goal(goal)

    def comparison_words(self, comparison: Comparison, bindings: Bindings) -> str:
        """Why a comparison fails, in words."""
        beside = next((term.name for term in (comparison.left, comparison.right) if isinstance(term, Variable)), "")
        left, right = (self._words(term, bindings, beside) for term in (comparison.left, comparison.right))
        subject = f"The {argument_words(comparison.left.name)}" if isinstance(comparison.left, Variable) else "It"
        wanted = "another" if comparison.operator == "!=" else f"{_WANTED[comparison.operator]}{right}"
        return f"{subject} is {left}, and would have to be {wanted}."

    def _words(self, term: Term, bindings: Bindings, beside: str) -> str:
        if isinstance(term, Variable):
            return self.sentences.words(term.name, bindings[term.name])
        return self.sentences.words(beside, evaluate(term, bindings))

    def unless(self, rule: Rule, goal: Goal) -> str:
        """Why ``rule`` does not conclude anything like ``goal``, in words."""
        values = {
            term.name: value
            for term, value in zip(rule.head.arguments, goal[1:], strict=True)
            if isinstance(term, Variable)
        }
        # Where the sentence of the rule speaks of one value and any is asked for, that of the conclusion fits.
        if any(values.get(name, 0) is None for name in placeholders(rule.unless or "")):
            return self.sentences.of_goal(goal)
        return self.sentences.of_unless_open(rule, values)


def _fits(rule: Rule, goal: Goal) -> bool:
    return all(
        value is None or not isinstance(term, int | str) or term == value
        for term, value in zip(rule.head.arguments, goal[1:], strict=True)
    )


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


def _known_values(predicate: Predicate, goal: Goal) -> dict[str, Value]:
    """The values of ``goal`` by the names of its arguments, without those that are open."""
    return {name: value for name, value in zip(predicate.arguments, goal[1:], strict=True) if value is not None}


def _key_known(predicate: Predicate, goal: Goal) -> bool:
    return all(
        value is not None for name, value in zip(predicate.arguments, goal[1:], strict=True) if name in predicate.key
    )


def _agrees(atom: Atom, goal: Goal) -> bool:
    return all(value is None or value == other for other, value in zip(atom, goal, strict=True))


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


def _compare(comparison: Comparison, bindings: Bindings) -> bool:
    left, right = evaluate(comparison.left, bindings), evaluate(comparison.right, bindings)
    if isinstance(left, int) == isinstance(right, int):
        return bool(_COMPARE[comparison.operator](left, right))
    # clingo's order of terms: numbers stand before everything else.
    return bool(_COMPARE[comparison.operator](0 if isinstance(left, int) else 1, 0 if isinstance(right, int) else 1))


@cache
def _read(pattern: Pattern) -> tuple[bool, str, tuple[tuple[str, Value | None], ...]]:
    """A pattern of the vocabulary: whether it is negated, the predicate, and its arguments.

    An argument that begins with a capital is a name, with ``None``; any other is a constant, without a name.
    """
    name, arguments = pattern
    pairs = tuple((one, None) if one[:1].isupper() else ("", _constant(one)) for one in arguments)
    return name.startswith(_NOT), name.removeprefix(_NOT), pairs


def _constant(text: str) -> Value:
    return int(text) if text.lstrip("-").isdigit() else text


def _furthest(leaves: list[_Leaf]) -> tuple[bool, int]:
    return max(((leaf.failed is None, leaf.passed) for leaf in leaves), default=(False, -1))
