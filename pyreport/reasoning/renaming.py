"""Rules with some predicates named otherwise, so that a rule and a change of it stand in one program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from pyreport.rulebook.rule import Rule
from pyreport.rulebook.syntax import AtomPattern, Comparison, Count, Literal

__all__ = ["renamed_part", "renamed_rule"]

_Part = TypeVar("_Part", Literal, Comparison, Count, Literal | Comparison, Literal | Comparison | Count)


def renamed_rule(rule: Rule, prefixes: Mapping[str, str]) -> Rule:
    """The rule with a prefix before the names of some predicates, facts included."""
    head = _renamed_atom(rule.head, prefixes)
    facts = tuple((head.predicate, *fact[1:]) for fact in rule.facts)
    return replace(rule, head=head, body=tuple(renamed_part(part, prefixes) for part in rule.body), facts=facts)


def renamed_part(part: _Part, prefixes: Mapping[str, str]) -> _Part:
    """A condition with a prefix before the names of some predicates."""
    if isinstance(part, Literal):
        return replace(part, atom=_renamed_atom(part.atom, prefixes))
    if isinstance(part, Count):
        elements = [
            replace(element, conditions=tuple(renamed_part(condition, prefixes) for condition in element.conditions))
            for element in part.elements
        ]
        return replace(part, elements=tuple(elements))
    return part


def _renamed_atom(pattern: AtomPattern, prefixes: Mapping[str, str]) -> AtomPattern:
    return replace(pattern, predicate=prefixes.get(pattern.predicate, "") + pattern.predicate)
