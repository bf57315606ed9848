"""Whether the policy is stratified: no conclusion depends on its own absence, so there is one answer set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pyreport.rulebook.syntax import Count, Literal

if TYPE_CHECKING:
    from pyreport.rulebook.rule import Rule

__all__ = ["negation_cycle"]


def negation_cycle(rules: Sequence[Rule]) -> list[Rule]:
    """Return the rules of one circle that runs through ``not`` or a count, or an empty list."""
    needs: dict[str, dict[str, Rule]] = {}
    strict: list[tuple[str, str, Rule]] = []
    for rule in rules:
        head = rule.head.predicate
        for part in rule.body:
            for name, is_strict in _uses(part):
                needs.setdefault(head, {}).setdefault(name, rule)
                if is_strict:
                    strict.append((head, name, rule))
    for head, name, rule in strict:
        path = _path(needs, name, head)
        if path is not None:
            return [rule, *path]
    return []


def _uses(part: object) -> Iterable[tuple[str, bool]]:
    if isinstance(part, Literal):
        yield part.atom.predicate, part.negated
    elif isinstance(part, Count):
        for element in part.elements:
            for condition in element.conditions:
                if isinstance(condition, Literal):
                    yield condition.atom.predicate, True


def _path(needs: dict[str, dict[str, Rule]], start: str, goal: str) -> list[Rule] | None:
    """Rules by which ``start`` depends on ``goal``; an empty list if they are the same predicate."""
    trail: dict[str, list[Rule]] = {start: []}
    queue = [start]
    while queue:
        name = queue.pop(0)
        if name == goal:
            return trail[name]
        for needed, rule in needs.get(name, {}).items():
            if needed not in trail:
                trail[needed] = [*trail[name], rule]
                queue.append(needed)
    return None
