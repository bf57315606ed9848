"""Small changes of the rules, each of which should make some case fail."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from pyreport.rulebook.rulebook import Rule, Rulebook
from pyreport.rulebook.syntax import (
    Atom,
    AtomPattern,
    Comparison,
    Count,
    CountElement,
    Literal,
    Operation,
    Term,
    Variable,
    term_variables,
)

Part = Literal | Comparison | Count

_FLIPPED = {">=": ">", ">": ">=", "<=": "<", "<": "<=", "=": "!=", "!=": "="}


@dataclasses.dataclass(frozen=True)
class Mutant:
    """A changed rulebook, called by the rule and the change."""

    name: str
    rule: str
    rulebook: Rulebook


def rule_mutants(rulebook: Rulebook, rule: Rule) -> Iterator[Mutant]:
    """Drop, negate or flip each condition of a rule, those inside counts included, where the rule stays safe.

    The first is the rule with a condition that never holds.
    """
    never = dataclasses.replace(rule, body=(*rule.body, Comparison("=", 0, 1)))
    yield Mutant(f"{rule.id}: never", rule.id, _with(rulebook, never))
    for what, body in _bodies(rule.body):
        changed = _rebuilt(rule, body)
        if body and _is_safe(changed):
            yield Mutant(f"{rule.id}: {what}", rule.id, _with(rulebook, changed))


def fact_mutants(rulebook: Rulebook, rule: Rule) -> Iterator[Mutant]:
    """Take away each ground fact of a fact of the policy, and make each threshold one more and one less."""
    for fact in rule.facts:
        kept = [one for one in rule.facts if one != fact]
        yield _stating(rulebook, rule, kept, f"without {_fact(fact)}")
        if rule.variables[-1] == "Least":
            for other in (fact[-1] - 1, fact[-1] + 1):
                yield _stating(rulebook, rule, [*kept, (*fact[:-1], other)], f"{other} for {fact[-1]}")


def _stating(rulebook: Rulebook, rule: Rule, facts: list[Atom], what: str) -> Mutant:
    changed = dataclasses.replace(rule, facts=tuple(facts), text="\n".join(f"{_fact(one)}." for one in facts))
    return Mutant(f"{rule.id}: {what}", rule.id, _with(rulebook, changed))


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
                elements[place] = dataclasses.replace(element, conditions=conditions)
                yield f"{what}, counted", dataclasses.replace(part, elements=tuple(elements))


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
    if isinstance(part, Literal):
        return f"{'not ' * part.negated}{_atom(part.atom)}"
    if isinstance(part, Comparison):
        return f"{_term(part.left)} {part.operator} {_term(part.right)}"
    return f"#count … {part.operator} {_term(part.bound)}"


def _atom(atom: AtomPattern) -> str:
    return f"{atom.predicate}({', '.join(map(_term, atom.arguments))})"


def _term(term: Term) -> str:
    if isinstance(term, Operation):
        return f"{_term(term.left)} {term.operator} {_term(term.right)}"
    return term.name if isinstance(term, Variable) else str(term)


def _fact(atom: Atom) -> str:
    return f"{atom[0]}({','.join(map(str, atom[1:]))})"
