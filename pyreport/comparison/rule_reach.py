"""How far each rule gets with some LEAs: of which it holds, else how many of its conditions, and which one is missing.

The rules that hold are read off a graph that was checked. How far the others get, clingo is asked: of the conditions of
a rule, the first ones together, and all but one. Conditions stand in the order in which the rule is written; one whose
variables another gives a value comes after that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeGuard

from pyreport.cases.mutation import is_about_leas
from pyreport.explanation.why_not.plans import Condition, Plans
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.grounding import ReasoningError
from pyreport.reasoning.instrumentation import write_rule
from pyreport.reasoning.solver import query
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.syntax import AtomPattern, Comparison, Count, Literal, Value, Variable, written

__all__ = ["Held", "RuleReach", "about_leas", "applied", "condition_text", "rule_reach"]

_LEA, _DATE = "LEA", "Date"
_YEARS = ("Year", "Last")
"""The variables that name the Dashboard year that a rule concludes something of, the first that it has."""
_EVERY = '""'


@dataclass(frozen=True)
class Held:
    """Of how many LEAs some conditions of a rule hold together.

    Attributes:
        conditions: How many conditions.
        number: The number of LEAs; ``None`` where the conditions ask nothing of an LEA and hold of all.
        example: The quoted CDS code of the first of them; ``None`` likewise.
        missing: The condition that does not hold of these LEAs.
    """

    conditions: int
    number: int | None
    example: Value | None
    missing: Condition


@dataclass(frozen=True)
class RuleReach:
    """How far a rule gets.

    Attributes:
        rule: The rule.
        conditions: Its conditions, in the order in which they are looked at.
        leas: The quoted CDS codes of the LEAs to which it applies, sorted.
        furthest: Where it applies to none, the most of its first conditions that hold together of an LEA, and the
            next one, which fails; ``None`` where it applies, or where not even its first condition holds.
        near: The LEAs to which it does not apply for one condition alone, by that condition.
    """

    rule: Rule
    conditions: tuple[Condition, ...]
    leas: tuple[Value, ...]
    furthest: Held | None = None
    near: tuple[Held, ...] = field(default=())


def about_leas(rules: Iterable[Rule]) -> list[Rule]:
    """The rules that conclude something of an LEA from conditions."""
    return [rule for rule in rules if is_about_leas(rule)]


def applied(graph: Graph, rule: Rule, year: int | None = None) -> set[Value]:
    """The LEAs to which a rule applies, as quoted CDS codes.

    Args:
        graph: What was decided.
        rule: A rule; of one that is not about an LEA the answer is empty.
        year: Only what it concludes of this Dashboard year. A rule that asks which day it is concludes of that day.
    """
    if _LEA not in rule.variables or rule.facts:
        return set()
    place, instances = rule.variables.index(_LEA), graph.instances.get(rule.id, ())
    at = _year_variable(rule)
    if year is None or at is None:
        return {instance[place] for instance in instances}
    of = rule.variables.index(at)
    return {instance[place] for instance in instances if instance[of] == year}


def rule_reach(graph: Graph, rules: Sequence[Rule], year: int | None = None) -> dict[str, RuleReach]:
    """How far each of the ``rules`` gets with the LEAs of a graph, by rule id.

    Args:
        graph: What was decided, checked.
        rules: Rules about LEAs.
        year: As for ``applied``.

    Raises:
        ReasoningError: Clingo reported an error or a warning, or does not agree with the graph.
    """
    plans = Plans(graph.rulebook)
    leas = {rule.id: applied(graph, rule, year) for rule in rules}
    asked = [_Asked(number, rule, plans, year) for number, rule in enumerate(rules)]
    lines = [line for one in asked for line in one.lines(of_first=not leas[one.rule.id])]
    widths = {name: 1 for one in asked for name in one.names(of_first=not leas[one.rule.id])}
    found = query(graph.rulebook, graph.facts, "\n".join(lines), widths)
    return {one.rule.id: one.reach(found, leas[one.rule.id]) for one in asked}


def condition_text(condition: Condition) -> str:
    """A condition as rules write it."""
    if not isinstance(condition, Count):
        return written(condition)
    elements = "; ".join(
        f"{', '.join(map(written, element.terms))} : {', '.join(map(written, element.conditions))}"
        for element in condition.elements
    )
    return f"#count {{ {elements} }} {condition.operator} {written(condition.bound)}"


def _year_variable(rule: Rule) -> str | None:
    if _DATE in rule.variables:
        return None
    return next((name for name in _YEARS if name in rule.variables), None)


class _Asked:
    """What is asked of one rule."""

    def __init__(self, number: int, rule: Rule, plans: Plans, year: int | None) -> None:
        self.number, self.rule, self.plans = number, rule, plans
        self.conditions = tuple(self._ordered(rule.body))
        at = _year_variable(rule)
        self.of_year = () if year is None or at is None else (Comparison("=", Variable(at), year),)
        # Without a condition, what it ranges over in its place: else nothing gives its variables a value.
        self.without = {
            place: body
            for place in range(len(self.conditions))
            if (body := self._without(place)) is not None and len(self.conditions) > 1
        }

    def names(self, *, of_first: bool) -> Iterator[str]:
        """The predicates that are asked for."""
        yield f"all_{self.number}"
        if of_first:
            yield from (f"first_{self.number}_{count}" for count in range(1, len(self.conditions)))
        yield from (f"but_{self.number}_{place}" for place in self.without)

    def lines(self, *, of_first: bool) -> Iterator[str]:
        """The rules that ask."""
        applies = f"all_{self.number}"
        yield self._line(applies, self.conditions)
        if of_first:
            for count in range(1, len(self.conditions)):
                yield self._line(f"first_{self.number}_{count}", self.conditions[:count])
        other = Literal(AtomPattern(applies, (Variable(_LEA),)), negated=True)
        for place, body in self.without.items():
            yield self._line(f"but_{self.number}_{place}", body, other)

    def reach(self, found: Mapping[str, set[tuple[Value, ...]]], leas: set[Value]) -> RuleReach:
        """The answer, from the atoms found."""
        if {values[0] for values in found[f"all_{self.number}"]} != leas:
            raise ReasoningError(f"{self.rule.id}: the LEAs to which it applies are not those of the graph")
        near = [
            self._held(found[f"but_{self.number}_{place}"], len(self.conditions) - 1, self.conditions[place])
            for place in self.without
            if found[f"but_{self.number}_{place}"]
        ]
        furthest = None
        for count in range(1, len(self.conditions)):
            if first := found.get(f"first_{self.number}_{count}"):
                furthest = self._held(first, count, self.conditions[count])
        return RuleReach(self.rule, self.conditions, tuple(sorted(leas, key=str)), furthest, tuple(near))

    @staticmethod
    def _held(found: set[tuple[Value, ...]], conditions: int, missing: Condition) -> Held:
        codes = sorted(str(values[0]) for values in found if values[0] != _EVERY)
        return Held(conditions, len(codes) if codes else None, codes[0] if codes else None, missing)

    def _line(self, name: str, body: Sequence[Condition], *more: Literal) -> str:
        about = Variable(_LEA) if any(_LEA in self._names(part) for part in body) else _EVERY
        bound = {name for part in body for name in self._names(part)}
        of_year = tuple(part for part in self.of_year if self._names(part) <= bound)
        return write_rule(replace(self.rule, head=AtomPattern(name, (about,)), body=(*of_year, *body, *more)))

    def _ordered(self, body: Sequence[Condition]) -> Iterator[Condition]:
        """The conditions as written, those that give no variable a value as soon as theirs have one."""
        waiting, known = list(body), set[str]()
        while ready := [one for one in waiting if self._names(one) - self._gives(one) <= known]:
            waiting.remove(ready[0])
            known |= self._names(ready[0])
            yield ready[0]

    def _without(self, place: int) -> tuple[Condition, ...] | None:
        """All conditions but one, with what that one ranges over; ``None`` where some variable would have no value."""
        body: tuple[Condition, ...] = (*self.conditions[:place], *self.conditions[place + 1 :])
        if self._is_safe(body):
            return body
        left = self.conditions[place]
        if not isinstance(left, Literal) or left.negated:
            return None
        declared = self.plans.rulebook.predicates[left.atom.predicate]
        terms = dict(zip(declared.arguments, left.atom.arguments, strict=True))
        domain = tuple(_pattern(name, arguments, terms) for name, arguments in declared.domain)
        return (*domain, *body) if domain and self._is_safe((*domain, *body)) else None

    def _is_safe(self, body: Sequence[Condition]) -> bool:
        # Where some condition cannot be put into an order, it needs a variable that no other one gives a value.
        return len(list(self._ordered(body))) == len(body) and any(_LEA in self._names(part) for part in body)

    def _names(self, part: Condition) -> frozenset[str]:
        return self.plans.part(part).names

    @staticmethod
    def _gives(part: Condition) -> set[str]:
        """The variables to which the condition gives a value: those of an atom, or the one that equals a term."""
        if isinstance(part, Comparison) and part.operator == "=" and isinstance(part.left, Variable):
            return {part.left.name}
        if not _is_stated(part):
            return set()
        return {term.name for term in part.atom.arguments if isinstance(term, Variable)}


def _is_stated(part: Condition) -> TypeGuard[Literal]:
    return isinstance(part, Literal) and not part.negated


def _pattern(name: str, arguments: Sequence[str], terms: Mapping[str, object]) -> Literal:
    """A pattern of the vocabulary as a condition, its arguments named as the rule names them."""
    values = [
        terms.get(text, Variable(f"Any{text}")) if text[:1].isupper() else int(text) if text.isdigit() else text
        for text in arguments
    ]
    return Literal(AtomPattern(name.removeprefix("not "), tuple(values)), negated=name.startswith("not "))  # type: ignore[arg-type]
