"""Small changes of the rules, each of which should make some case fail."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import (
    Atom,
    AtomPattern,
    Comparison,
    Count,
    CountElement,
    Literal,
    Operation,
    Term,
    Value,
    Variable,
    term_variables,
    written,
)

__all__ = ["Mutant", "fact_mutants", "mutants", "rule_mutants", "stating", "text_of"]

Part = Literal | Comparison | Count

# The arguments of the policy's facts that figures or counts are compared with, and those that name a color.
_NUMBERS = ("Least", "Best", "Good", "Middle", "Low", "Folded")
_COLORS = ("Fifth", "Fourth", "Third", "Second", "First")
_OTHER_COLOR = {"red": "orange", "orange": "yellow", "yellow": "green", "green": "blue", "blue": "red", "none": "red"}
_ENDLESS = 99999

_FLIPPED = {">=": ">", ">": ">=", "<=": "<", "<": "<=", "=": "!=", "!=": "="}


@dataclasses.dataclass(frozen=True)
class Mutant:
    """A changed rulebook, called by the rule and the change.

    ``changed`` is the rule as changed; ``fact`` the ground fact that was taken away or changed, if it states any.
    """

    name: str
    changed: Rule
    rulebook: Rulebook
    fact: Atom | None = None


def mutants(rulebook: Rulebook, rule: Rule) -> Iterator[Mutant]:
    """All changes of a rule, or of a fact of the policy."""
    return rule_mutants(rulebook, rule) if rule.body else fact_mutants(rulebook, rule)


def rule_mutants(rulebook: Rulebook, rule: Rule) -> Iterator[Mutant]:
    """Drop, negate or flip each condition of a rule, those inside counts included, where the rule stays safe.

    Every number in it is made one more and one less. The first mutant is the rule with a condition that never holds.
    """
    never = dataclasses.replace(rule, body=(*rule.body, Comparison("=", 0, 1)))
    yield _mutant(rulebook, never, "never")
    for what, body in _bodies(rule.body):
        changed = _rebuilt(rule, body)
        if body and _is_safe(changed):
            yield _mutant(rulebook, changed, what)
    for what, head in _other_numbers(rule.head):
        yield _mutant(rulebook, dataclasses.replace(rule, head=head), f"{what} in the head")
    for place, part in enumerate(rule.body):
        for what, other in _other_numbers(part):
            body = (*rule.body[:place], other, *rule.body[place + 1 :])
            yield _mutant(rulebook, dataclasses.replace(rule, body=body), f"{what} in condition {place + 1}")


def fact_mutants(rulebook: Rulebook, rule: Rule) -> Iterator[Mutant]:
    """Take away each ground fact of a fact of the policy; make each number one more and one less, and change colors."""
    for fact in rule.facts:
        kept = [one for one in rule.facts if one != fact]
        yield stating(rulebook, rule, kept, f"without {text_of(fact)}", fact)
        for place, name in enumerate(rule.variables, start=1):
            value = fact[place]
            others: list[Value] = []
            if name in _NUMBERS and isinstance(value, int):
                others = [value - 1, value + 1]
            if name in _COLORS:
                others = [_OTHER_COLOR[str(value)]]
            for other in others:
                changed = (*fact[:place], other, *fact[place + 1 :])
                yield stating(rulebook, rule, [*kept, changed], f"{name} {other} for {value} in {text_of(fact)}", fact)


def _mutant(rulebook: Rulebook, changed: Rule, what: str) -> Mutant:
    return Mutant(f"{changed.id}: {what}", changed, _with(rulebook, changed))


def stating(rulebook: Rulebook, rule: Rule, facts: list[Atom], what: str, fact: Atom) -> Mutant:
    """The change of a fact of the policy that states other ground facts, called ``what``."""
    lines = [f"#defined {fact[0]}/{len(fact) - 1}.", *(f"{text_of(one)}." for one in facts)]
    changed = dataclasses.replace(rule, facts=tuple(facts), text="\n".join(lines))
    return Mutant(f"{rule.id}: {what}", changed, _with(rulebook, changed), fact)


def _with(rulebook: Rulebook, changed: Rule) -> Rulebook:
    return dataclasses.replace(rulebook, rules=tuple(changed if r.id == changed.id else r for r in rulebook.rules))


def _bodies(body: tuple[Part, ...]) -> Iterator[tuple[str, tuple[Part, ...]]]:
    for place, part in enumerate(body):
        before, after = body[:place], body[place + 1 :]
        yield f"without {_text(part)}", before + after
        for what, changed in _changes(part):
            yield what, (*before, changed, *after)


def _changes(part: Part) -> Iterator[tuple[str, Part]]:
    if isinstance(part, Literal):
        yield f"{_text(part)} negated", dataclasses.replace(part, negated=not part.negated)
        return
    flipped = dataclasses.replace(part, operator=_FLIPPED[part.operator])
    yield f"{part.operator} flipped to {flipped.operator} in {_text(part)}", flipped
    if isinstance(part, Count):
        for place, element in enumerate(part.elements):
            for what, conditions in _bodies(element.conditions):
                elements = list(part.elements)
                elements[place] = dataclasses.replace(element, conditions=conditions)  # type: ignore[arg-type]
                counted = f"counted {place + 1}." if len(part.elements) > 1 else "counted"
                yield f"{what}, {counted}", dataclasses.replace(part, elements=tuple(elements))


def _other_numbers(part: Any) -> Iterator[tuple[str, Any]]:
    """``part`` with each of its numbers made one more and one less."""
    for field in dataclasses.fields(part):
        value = getattr(part, field.name)
        if field.name == "locals":
            continue
        for what, other in _other_values(value):
            yield what, dataclasses.replace(part, **{field.name: other})


def _other_values(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, tuple):
        for place, one in enumerate(value):
            for what, other in _other_values(one):
                yield (
                    f"{what}, {place + 1}." if isinstance(one, int) else what,
                    (*value[:place], other, *value[place + 1 :]),
                )
    elif isinstance(value, AtomPattern | Literal | Comparison | Count | CountElement | Operation):
        yield from _other_numbers(value)
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) != _ENDLESS:
        for other in (value - 1, value + 1):
            yield f"{other} for {value}", other


def _rebuilt(rule: Rule, body: tuple[Part, ...]) -> Rule:
    """The rule with another body: what is global and what is counted is settled anew."""
    names = _names(*rule.head.arguments)
    for part in body:
        names |= _names(part.bound) if isinstance(part, Count) else _part_names(part)
    parts = tuple(
        dataclasses.replace(part, elements=tuple(_element(element, names) for element in part.elements))
        if isinstance(part, Count)
        else part
        for part in body
    )
    return dataclasses.replace(rule, body=parts, variables=tuple(sorted(names)))


def _element(element: CountElement, outer: set[str]) -> CountElement:
    names = _names(*element.terms).union(*map(_part_names, element.conditions))
    return dataclasses.replace(element, locals=tuple(sorted(names - outer)))


def _is_safe(rule: Rule) -> bool:
    bound = _bound(rule.body, set())
    return set(rule.variables) <= bound and all(
        element.conditions and set(element.locals) <= _bound(element.conditions, bound)
        for part in rule.counts
        for element in part.elements
    )


def _bound(parts: tuple[Part, ...], bound: set[str]) -> set[str]:
    found = set(bound)
    for part in parts:
        if isinstance(part, Literal) and not part.negated:
            found |= {term.name for term in part.atom.arguments if isinstance(term, Variable)}
    return found


def _part_names(part: Part) -> set[str]:
    if isinstance(part, Literal):
        return _names(*part.atom.arguments)
    if isinstance(part, Comparison):
        return _names(part.left, part.right)
    raise TypeError(part)


def _names(*terms: Term) -> set[str]:
    return {name for term in terms for name in term_variables(term)}


def _text(part: Part) -> str:
    return f"#count … {part.operator} {written(part.bound)}" if isinstance(part, Count) else written(part)


def text_of(atom: Atom) -> str:
    """A ground fact as it is written."""
    return f"{atom[0]}({','.join(map(str, atom[1:]))})"
