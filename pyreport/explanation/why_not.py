"""Why an atom does not hold: for each rule that could have concluded it, where each candidate fails.

A *candidate* is one way in which a rule could have applied: a value for each variable that ranges over something. What
a variable ranges over is said by the policy: by the facts of law that the rule looks up, or by the ``Domain`` line of
the vocabulary (student groups, methods, priorities). Every candidate fails in exactly one condition; facts of law are
looked at first, and a condition that fails for certain comes before one that is not on record. Where a variable has no
domain any value will do, and the candidate fails where its best value does.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from pyreport.explanation.tree import Explainer, Step
from pyreport.reasoning.graph import Graph
from pyreport.rulebook.rulebook import Rule
from pyreport.rulebook.syntax import (
    Atom,
    AtomPattern,
    Bindings,
    Comparison,
    Count,
    CountElement,
    Literal,
    Term,
    Value,
    Variable,
    evaluate,
    ground,
    term_variables,
)
from pyreport.rulebook.vocabulary import Pattern, Predicate

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
    """

    def __init__(self, explainer: WhyNotExplainer, leaf: _Leaf, condition: Condition) -> None:
        self._explainer, self._leaf = explainer, leaf
        self.condition = condition
        self.values = tuple(leaf.values.items())

    @cached_property
    def answer(self) -> Answer:
        """Which kind of no."""
        return self._explainer.answer(self.condition, self._leaf)

    @cached_property
    def reaches(self) -> bool:
        """Whether it fails for more than facts of law and the kind of LEA that rules are for."""
        if self.answer is Answer.LAW:
            return False
        return self.opened is None or any(rule.reaches for rule in self.opened.unsorted)

    @property
    def _goal(self) -> Goal | None:
        return _goal(self.condition.atom, self._leaf.bindings) if isinstance(self.condition, Literal) else None

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
        return explainer.sentences.of_goal(_goal(self.condition.atom, bindings))

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """What holds instead, or what blocks, or what proves that the data are complete."""
        return () if self._goal is None else self._explainer.instead_or_proof(self.condition, self._goal)

    @cached_property
    def opened(self) -> WhyNot | None:
        """Why the condition does not hold, where rules could conclude it."""
        goal = self._goal
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
        goal = self._goal
        if look == 0 or goal is None or not self._explainer.can_be_opened(self.condition):
            return 0.0
        return self._explainer.nearness(goal, look - 1)


@dataclass(frozen=True)
class Failure:
    """The candidates of one rule that fail at one condition, after ``passed`` others held for each."""

    condition: Condition
    passed: int
    unsorted: tuple[Miss, ...]

    @cached_property
    def misses(self) -> tuple[Miss, ...]:
        """The candidates, nearest first."""
        return tuple(sorted(self.unsorted, key=_far)) if len(self.unsorted) > 1 else self.unsorted

    def nearness(self, look: int) -> float:
        """How near the nearest candidate is to meeting the condition."""
        return max(miss.nearness(look) for miss in self.unsorted)


@dataclass(frozen=True)
class RuleMiss:
    """One rule that could have concluded the atom. Of its failures the furthest comes first."""

    rule: Rule
    sentence: str
    failures: tuple[Failure, ...]
    conditions: int

    @property
    def candidates(self) -> int:
        """How many candidates there were, each of which stands in one failure."""
        return sum(len(failure.unsorted) for failure in self.failures)

    @property
    def misses(self) -> Iterator[Miss]:
        """Every candidate, failure by failure."""
        for failure in self.failures:
            yield from failure.misses

    @cached_property
    def reaches(self) -> bool:
        """Whether some candidate gets beyond the facts of law and the kind of LEA that the rule is for."""
        return any(miss.reaches for failure in self.failures for miss in failure.unsorted)

    def nearness(self, look: int) -> float:
        """How far the best candidate comes among the conditions that turn on data, from 0 to 1."""
        return max(
            ((failure.passed + failure.nearness(look)) / self.conditions for failure in self.failures),
            default=0.0,
        )


@dataclass(frozen=True)
class WhyNot:
    """Why no atom like ``goal`` holds."""

    goal: Goal
    sentence: str
    unsorted: tuple[RuleMiss, ...]

    @cached_property
    def rules(self) -> tuple[RuleMiss, ...]:
        """Every rule that could have concluded it, nearest first; those that do not reach this case come last."""
        return tuple(sorted(self.unsorted, key=lambda rule: (not rule.reaches, -rule.nearness(LOOK))))


def _far(miss: Miss) -> float:
    return -miss.nearness()


class _Model:
    """The atoms of a graph, found by any of their arguments."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._indexes: dict[tuple[str, tuple[int, ...]], dict[tuple[Value, ...], list[Atom]]] = {}

    def find(self, goal: Goal) -> Sequence[Atom]:
        """The atoms that ``goal`` fits, sorted."""
        name = str(goal[0])
        places = tuple(place for place, value in enumerate(goal) if place and value is not None)
        index = self._indexes.get((name, places))
        if index is None:
            index = self._indexes[name, places] = {}
            for atom in self.graph.atoms(name):
                index.setdefault(tuple([atom[place] for place in places]), []).append(atom)
        return index.get(tuple([value for value in goal[1:] if value is not None]), ())


@dataclass(slots=True)
class _Leaf:
    """A candidate: its values and how far it got. ``failed`` is ``None`` if all conditions hold."""

    values: dict[str, Value]
    bindings: dict[str, Value]
    printed: frozenset[str]
    passed: int
    failed: Condition | None


@dataclass(frozen=True, slots=True)
class _Counted:
    """What a count reached, its bound, and the candidates that were counted and that were not."""

    reached: int
    bound: int
    counted: list[tuple[CountElement, _Leaf]]
    missed: list[_Leaf]


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
            self._known[goal] = WhyNot(goal, self.sentences.of_goal(goal), tuple(rules))
        return self._known[goal]

    def _rule(self, rule: Rule, goal: Goal) -> RuleMiss:
        bindings: dict[str, Value] = {}
        for term, value in zip(rule.head.arguments, goal[1:], strict=True):
            if isinstance(term, Variable) and value is not None:
                bindings[term.name] = value
        failures: dict[int, tuple[int, Condition, list[Miss]]] = {}
        for leaf in self._candidates(rule.body, bindings):
            if leaf.failed is None:
                raise IncompleteError(f"{rule.id} applies with {leaf.bindings}, and {goal} does not hold")
            entry = failures.setdefault(id(leaf.failed), (leaf.passed, leaf.failed, []))
            entry[2].append(Miss(self, leaf, leaf.failed))
        found = [Failure(condition, passed, tuple(misses)) for passed, condition, misses in failures.values()]
        found.sort(key=lambda failure: -failure.passed)
        return RuleMiss(rule, self._unless(rule, goal), tuple(found), sum(map(self._turns_on_data, rule.body)))

    def nearness(self, goal: Goal, look: int) -> float:
        """How far the best rule for ``goal`` comes, from 0 to 1, looking ``look`` conclusions below it."""
        if (goal, look) not in self._nearness:
            rules = self.of(goal).unsorted
            self._nearness[goal, look] = max((rule.nearness(look) for rule in rules if rule.conditions), default=0.0)
        return self._nearness[goal, look]

    def _turns_on_data(self, condition: Condition) -> bool:
        """Whether more than facts of law and the kind of LEA decides the condition."""
        if isinstance(condition, Literal):
            predicate = self.rulebook.predicates[condition.atom.predicate]
            return predicate.stated_by != "policy" and not predicate.scope
        return isinstance(condition, Count)

    # Candidates

    def _candidates(self, conditions: Sequence[Condition], bindings: dict[str, Value]) -> Iterator[_Leaf]:
        """Every candidate with the condition at which it fails, or with none."""
        yield from self._extend(list(conditions), _Leaf({}, bindings, frozenset(), 0, None))

    def _extend(self, rest: list[Condition], at: _Leaf) -> Iterator[_Leaf]:
        bindings, passed = at.bindings, at.passed
        while rest:
            condition = self._next(rest, bindings)
            left = [other for other in rest if other is not condition]
            if isinstance(condition, Literal) and not condition.negated:
                goal = _goal(condition.atom, bindings)
                if None in goal:
                    yield from self._branch(condition, goal, left, replace(at, passed=passed))
                    return
                holds = bool(self._model.find(goal))
            else:
                holds = self._holds(condition, bindings)
            if not holds:
                yield self._failed(condition, left, replace(at, passed=passed))
                return
            rest, passed = left, passed + self._turns_on_data(condition)
        yield replace(at, passed=passed)

    def _branch(self, condition: Literal, goal: Goal, left: list[Condition], at: _Leaf) -> Iterator[_Leaf]:
        """Go on with each value of a variable that ranges over something; else with the value that gets furthest."""
        predicate = self.rulebook.predicates[condition.atom.predicate]
        of_law = predicate.stated_by == "policy"
        atoms = self._model.find(goal)
        if any(
            value is None and name in predicate.ranging
            for name, value in zip(predicate.arguments, goal[1:], strict=True)
        ):
            tuples = self._domain(predicate, goal)
            for atom in atoms:
                if not any(_agrees(atom, one) for one in tuples):
                    raise IncompleteError(f"{atom} lies outside the domain that the vocabulary gives {predicate.name}")
            for one in tuples:
                found = self._found(condition.atom, one, at.bindings)
                if found is not None:
                    more = replace(at, bindings={**at.bindings, **found}, values={**at.values, **found})
                    yield from self._extend([condition, *left], more)
            if not tuples:
                yield self._failed(condition, left, at)
            return
        branches = []
        for atom in atoms:
            found = self._found(condition.atom, atom, at.bindings)
            if found is None:
                continue
            more = replace(at, bindings={**at.bindings, **found}, passed=at.passed + self._turns_on_data(condition))
            if of_law:
                more.values = {**at.values, **found}
            else:
                more.printed = at.printed | found.keys()
            branches.append(self._extend(left, more))
        if not branches:
            yield self._failed(condition, left, at)
        elif of_law:
            for branch in branches:
                yield from branch
        else:
            yield from max(map(list, branches), key=_furthest)

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

    def _next(self, rest: list[Condition], bindings: Bindings) -> Condition:
        """What is quickest settled first: what is known, then what has one value at most, then facts of law."""
        chosen: Condition | None = None
        for condition in rest:
            if isinstance(condition, Comparison):
                if _known(condition, bindings):
                    return condition
                continue
            if isinstance(condition, Count) or condition.negated:
                continue
            predicate = self.rulebook.predicates[condition.atom.predicate]
            goal = _goal(condition.atom, bindings)
            if predicate.stated_by == "policy" and None not in goal:
                return condition
            if predicate.scope and _key_known(predicate, goal):
                return condition
            if chosen is None and predicate.stated_by == "evidence" and predicate.key and _key_known(predicate, goal):
                chosen = condition
        if chosen is not None:
            return chosen
        for condition in rest:
            if (
                isinstance(condition, Literal)
                and not condition.negated
                and self.rulebook.predicates[condition.atom.predicate].stated_by == "policy"
                and any(value is not None for value in _goal(condition.atom, bindings)[1:])
            ):
                return condition
        for condition in rest:
            if isinstance(condition, Literal) and not condition.negated:
                return condition
            if _known(condition, bindings):
                return condition
        raise IncompleteError(f"no condition of {rest} can be looked at")

    def _failed(self, condition: Condition, left: list[Condition], at: _Leaf) -> _Leaf:
        """The candidate at this condition; at a later one, if this is not on record and that one fails for certain."""
        if self.answer(condition, at) is Answer.MISSING:
            for other in left:
                if (
                    _known(other, at.bindings)
                    and not self._holds(other, at.bindings)
                    and self.answer(other, at) is not Answer.MISSING
                ):
                    return replace(at, failed=other)
        return replace(at, failed=condition)

    def _domain(self, predicate: Predicate, goal: Goal) -> list[Goal]:
        """What ``goal``'s open arguments range over, by the vocabulary."""
        names = dict(zip(predicate.arguments, goal[1:], strict=True))
        start = {name: value for name, value in names.items() if value is not None}
        found: dict[Goal, None] = {}
        for bindings in self._join(predicate.domain, start):
            found[(goal[0], *(bindings.get(name) for name in predicate.arguments))] = None
        return sorted(found, key=repr)

    def _join(self, patterns: Sequence[Pattern], bindings: dict[str, Value]) -> Iterator[dict[str, Value]]:
        if not patterns:
            yield bindings
            return
        name, arguments = patterns[0]
        goal = _pattern_goal((name.removeprefix(_NOT), arguments), bindings)
        if name.startswith(_NOT):
            if not self._model.find(goal):
                yield from self._join(patterns[1:], bindings)
            return
        for atom in self._model.find(goal):
            found = {
                argument: value for argument, value in zip(arguments, atom[1:], strict=True) if argument[:1].isupper()
            }
            yield from self._join(patterns[1:], {**bindings, **found})

    # Conditions

    def _holds(self, condition: Condition, bindings: Bindings) -> bool:
        if isinstance(condition, Comparison):
            return _compare(condition, bindings)
        if isinstance(condition, Count):
            counted = self.count(condition, bindings)
            return bool(_COMPARE[condition.operator](counted.reached, counted.bound))
        return bool(self._model.find(_goal(condition.atom, bindings))) != condition.negated

    def count(self, count: Count, bindings: Mapping[str, Value]) -> _Counted:
        """Count, and keep the candidates that were and were not counted."""
        counted: list[tuple[CountElement, _Leaf]] = []
        missed: list[_Leaf] = []
        keys: set[tuple[Value, ...]] = set()
        for element in count.elements:
            for leaf in self._candidates(element.conditions, dict(bindings)):
                if leaf.failed is None:
                    keys.add(tuple(evaluate(term, leaf.bindings) for term in element.terms))
                    counted.append((element, leaf))
                else:
                    missed.append(leaf)
        # What another element of the count counted is not missed.
        left = [leaf for leaf in missed if not any(leaf.values == other.values for _, other in counted)]
        return _Counted(len(keys), int(evaluate(count.bound, bindings)), counted, left)

    def answer(self, condition: Condition, at: _Leaf) -> Answer:
        """Which kind of no it is that ``condition`` fails there."""
        if isinstance(condition, Comparison):
            names = {name for term in (condition.left, condition.right) for name in term_variables(term)}
            return Answer.DATA if names & at.printed else Answer.LAW
        if isinstance(condition, Count):
            missed = self.count(condition, at.bindings).missed
            kinds = {self.answer(leaf.failed, leaf) for leaf in missed if leaf.failed is not None}
            return Answer.MISSING if Answer.MISSING in kinds and condition.operator in (">", ">=") else Answer.DATA
        if condition.negated:
            return Answer.BLOCKED
        predicate = self.rulebook.predicates[condition.atom.predicate]
        goal = _goal(condition.atom, at.bindings)
        if predicate.stated_by == "policy":
            names = {name for term in condition.atom.arguments for name in term_variables(term)}
            return Answer.DATA if names & at.printed else Answer.LAW
        if predicate.stated_by == "evidence":
            if self._instead(predicate, goal) or self._complete(predicate, goal) is not None:
                return Answer.DATA
            return Answer.MISSING
        if predicate.scope:
            return Answer.LAW
        return Answer.MISSING if self._is_open(predicate, goal) else Answer.DATA

    def _instead(self, predicate: Predicate, goal: Goal) -> Sequence[Atom]:
        """What holds instead: atoms with the same key, if all of the key is known."""
        if not predicate.key or not _key_known(predicate, goal):
            return ()
        named = dict(zip(predicate.arguments, goal[1:], strict=True))
        return self._model.find((goal[0], *(named[name] if name in predicate.key else None for name in named)))

    def _complete(self, predicate: Predicate, goal: Goal) -> tuple[Atom, ...] | None:
        """What proves that the evidence would state it if it were so; ``None`` if nothing does."""
        named = {name: value for name, value in zip(predicate.arguments, goal[1:], strict=True) if value is not None}
        for patterns in predicate.complete:
            for bindings in self._join(patterns, named):
                found = (_pattern_goal(pattern, bindings) for pattern in patterns)
                return tuple(atom for goal in found for atom in self._model.find(goal)[:1])
        return None

    def _is_open(self, predicate: Predicate, goal: Goal) -> bool:
        named = {name: value for name, value in zip(predicate.arguments, goal[1:], strict=True) if value is not None}
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

    def comparison_words(self, comparison: Comparison, bindings: Bindings) -> str:
        """Why a comparison fails, in words."""
        beside = next((term.name for term in (comparison.left, comparison.right) if isinstance(term, Variable)), "")
        left, right = (self._words(term, bindings, beside) for term in (comparison.left, comparison.right))
        if comparison.operator == "!=":
            return f"It is {right}, and would have to be anything else."
        return f"It is {left}, and would have to be {_WANTED[comparison.operator]}{right}."

    def _words(self, term: Term, bindings: Bindings, beside: str) -> str:
        if isinstance(term, Variable):
            return self.sentences.words(term.name, bindings[term.name])
        return self.sentences.words(beside, evaluate(term, bindings))

    def _unless(self, rule: Rule, goal: Goal) -> str:
        values = {
            term.name: value
            for term, value in zip(rule.head.arguments, goal[1:], strict=True)
            if isinstance(term, Variable)
        }
        return self.sentences.of_unless_open(rule, values)


def _fits(rule: Rule, goal: Goal) -> bool:
    return all(
        value is None or not isinstance(term, int | str) or term == value
        for term, value in zip(rule.head.arguments, goal[1:], strict=True)
    )


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


def _key_known(predicate: Predicate, goal: Goal) -> bool:
    return all(
        value is not None for name, value in zip(predicate.arguments, goal[1:], strict=True) if name in predicate.key
    )


def _agrees(atom: Atom, goal: Goal) -> bool:
    return all(value is None or value == other for other, value in zip(atom, goal, strict=True))


def _known(condition: Condition, bindings: Mapping[str, Value]) -> bool:
    if isinstance(condition, Literal):
        terms: tuple[Term, ...] = condition.atom.arguments
    elif isinstance(condition, Comparison):
        terms = (condition.left, condition.right)
    else:
        inner = {
            name
            for element in condition.elements
            for part in element.conditions
            for term in (part.atom.arguments if isinstance(part, Literal) else (part.left, part.right))
            for name in term_variables(term)
            if name not in element.locals
        }
        return inner <= bindings.keys() and all(name in bindings for name in term_variables(condition.bound))
    return all(name in bindings for term in terms for name in term_variables(term))


def _compare(comparison: Comparison, bindings: Bindings) -> bool:
    left, right = evaluate(comparison.left, bindings), evaluate(comparison.right, bindings)
    if isinstance(left, int) == isinstance(right, int):
        return bool(_COMPARE[comparison.operator](left, right))
    # clingo's order of terms: numbers stand before everything else.
    return bool(_COMPARE[comparison.operator](0 if isinstance(left, int) else 1, 0 if isinstance(right, int) else 1))


def _pattern_goal(pattern: Pattern, bindings: Mapping[str, Value]) -> Goal:
    """The atoms that ``pattern`` of the vocabulary fits: its capitalized arguments are names, the others constants."""
    name, arguments = pattern
    return (name, *(bindings.get(one) if one[:1].isupper() else _constant(one) for one in arguments))


def _constant(text: str) -> Value:
    return int(text) if text.lstrip("-").isdigit() else text


def _furthest(leaves: list[_Leaf]) -> tuple[bool, int]:
    return max(((leaf.failed is None, leaf.passed) for leaf in leaves), default=(False, -1))
