"""What can stand at each argument, as far as facts of the policy, constants and rules bound it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import AtomPattern, Comparison, Literal, Term, Value, Variable

__all__ = ["Possible", "possible_values", "values_of"]

Possible = dict[tuple[str, int], frozenset[Value] | None]
"""The values that can stand at a place of a predicate; ``None`` where the evidence decides."""


def possible_values(rulebook: Rulebook) -> Possible:
    """What can stand at each place of each predicate, as far as facts of the policy and constants bound it."""
    possible: Possible = {}
    for predicate in rulebook.predicates.values():
        for place in range(len(predicate.arguments)):
            possible[predicate.name, place] = None if predicate.stated_by == "evidence" else frozenset()
    for rule in rulebook.rules:
        for fact in rule.facts:
            _add(possible, str(fact[0]), [frozenset({value}) for value in fact[1:]])
    reads = [
        (rule, {part.atom.predicate for part in rule.body if isinstance(part, Literal)})
        for rule in rulebook.rules
        if rule.body
    ]
    waiting = [rule for rule, _ in reads]
    while waiting:
        changed: set[str] = set()
        for rule in waiting:
            values = values_of(rulebook, rule, possible)
            terms = [_of_term(term, values) for term in rule.head.arguments]
            if _add(possible, rule.head.predicate, terms):
                changed.add(rule.head.predicate)
        waiting = [rule for rule, read in reads if read & changed]
    return possible


def _add(possible: Possible, predicate: str, terms: Sequence[frozenset[Value] | None]) -> bool:
    changed = False
    for place, values in enumerate(terms):
        before = possible[predicate, place]
        after = None if before is None or values is None else before | values
        changed |= after != before
        possible[predicate, place] = after
    return changed


def _of_term(term: Term, values: Mapping[str, frozenset[Value] | None]) -> frozenset[Value] | None:
    if isinstance(term, Variable):
        return values.get(term.name)
    return frozenset({term}) if isinstance(term, int | str) else None


def values_of(rulebook: Rulebook, rule: Rule, possible: Possible) -> dict[str, frozenset[Value] | None]:
    """For each variable of the rule what it can be: what every atom and comparison of the body allows."""
    values: dict[str, frozenset[Value] | None] = dict.fromkeys(rule.variables)
    before = None
    while values != before:
        before = dict(values)
        for part in rule.body:
            if isinstance(part, Literal) and not part.negated:
                for name, allowed in _of_pattern(rulebook, part.atom, possible, values):
                    known = values.get(name)
                    values[name] = allowed if known is None else known if allowed is None else known & allowed
            elif isinstance(part, Comparison) and isinstance(part.left, Variable) and isinstance(part.right, int | str):
                known = values.get(part.left.name)
                if part.operator == "=":
                    values[part.left.name] = frozenset({part.right})
                elif part.operator == "!=" and known is not None:
                    values[part.left.name] = known - {part.right}
    return values


def _of_pattern(
    rulebook: Rulebook, pattern: AtomPattern, possible: Possible, values: Mapping[str, frozenset[Value] | None]
) -> Iterator[tuple[str, frozenset[Value] | None]]:
    """What the atom allows for each of its variables: for a predicate of the policy, by the facts that match."""
    if rulebook.predicates[pattern.predicate].stated_by != "policy":
        for place, term in enumerate(pattern.arguments):
            if isinstance(term, Variable):
                yield term.name, possible[pattern.predicate, place]
        return
    allowed = [_of_term(term, values) for term in pattern.arguments]
    matching = [
        fact[1:]
        for rule in rulebook.by_head.get(pattern.predicate, ())
        for fact in rule.facts
        if all(some is None or value in some for some, value in zip(allowed, fact[1:], strict=True))
    ]
    for place, term in enumerate(pattern.arguments):
        if isinstance(term, Variable):
            yield term.name, frozenset(fact[place] for fact in matching)
