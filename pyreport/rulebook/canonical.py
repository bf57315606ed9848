"""Rules in a form in which neither the names of variables nor the order of conditions counts.

Two rules of one form say the same. The converse is not promised: rules that say the same in other words, or whose
conditions are too alike to be put into one order, can have two forms.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyreport.rulebook.rule import Rule
from pyreport.rulebook.syntax import AtomPattern, Comparison, Count, CountElement, Literal, Operation, Term, Variable

__all__ = ["Canonical", "canonical"]

_MIRRORED = {">": "<", ">=": "<="}
_ROUNDS = 3
"""How far a variable is told apart by what stands beside it, and beside that, before its conditions are ordered."""

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Canonical:
    """A rule's form, and the places of its variables in the order of the form.

    Attributes:
        form: The rule with variables named by their order, and its conditions sorted.
        order: For each variable of the form its place among ``Rule.variables``: applications of two rules of one form
            are alike where their values in these orders are.
    """

    form: str
    order: tuple[int, ...]


def canonical(rule: Rule) -> Canonical:
    """The form of a rule; of a fact of law, its atoms."""
    if not rule.body:
        return Canonical("; ".join(sorted(map(str, set(rule.facts)))), tuple(range(len(rule.variables))))
    names = {name: f"V{place}" for place, name in enumerate(dict.fromkeys(_of_atom(rule.head)))}
    seen = _told_apart(rule)
    # Counts last: the other conditions name the variables of a rule, but for those that are a count's bound alone.
    for waiting in (_conditions(rule, counts=False), _conditions(rule, counts=True)):
        while waiting:
            # The condition that is the least under the names so far; what has none yet is told apart by its use.
            part = min(waiting, key=lambda part: _part(part, {**seen, **names}))
            waiting.remove(part)
            for name in _in_order(part, {**seen, **names}):
                names.setdefault(name, f"V{len(names)}")
    return Canonical(
        f"{_atom(rule.head, names)} :- {'; '.join(sorted(_part(part, names) for part in rule.body))}",
        tuple(rule.variables.index(name) for name in names),
    )


def _conditions(rule: Rule, *, counts: bool) -> list[Literal | Comparison | Count]:
    return [part for part in rule.body if isinstance(part, Count) == counts]


def _told_apart(rule: Rule) -> dict[str, str]:
    """For each variable a text of where it stands, in the head and the conditions, whatever they are called."""
    head_names = {name: f"V{place}" for place, name in enumerate(dict.fromkeys(_of_atom(rule.head)))}
    variables = set(rule.variables)
    seen = {name: head_names.get(name, "?") for name in variables}
    for _ in range(_ROUNDS):
        seen = {
            name: head_names.get(name)
            or "?" + str(_short(sorted(_part(part, {**seen, name: "!"}) for part in rule.body)))
            for name in variables
        }
    return seen


def _short(texts: Iterable[str]) -> str:
    """A short text that stands for some texts, the same in every process."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


def _of_term(term: Term) -> Iterable[str]:
    if isinstance(term, Variable):
        yield term.name
    elif isinstance(term, Operation):
        yield from _of_term(term.left)
        yield from _of_term(term.right)


def _of_atom(atom: AtomPattern) -> Iterable[str]:
    return (name for term in atom.arguments for name in _of_term(term))


def _in_order(part: Literal | Comparison | Count, names: Names) -> Iterable[str]:
    """The variables of a condition, in the order in which its form names them; of a count, those of its bound."""
    if isinstance(part, Literal):
        return _of_atom(part.atom)
    if isinstance(part, Count):
        return _of_term(part.bound)
    left, _, right = _sides(part, names)
    return (*_of_term(left), *_of_term(right))


def _term(term: Term, names: Names) -> str:
    if isinstance(term, Variable):
        return names.get(term.name, f"?{term.name}")
    if isinstance(term, Operation):
        return f"({_term(term.left, names)}{term.operator}{_term(term.right, names)})"
    return str(term)


def _atom(atom: AtomPattern, names: Names) -> str:
    return f"{atom.predicate}({','.join(_term(term, names) for term in atom.arguments)})"


def _part(part: Literal | Comparison | Count, names: Names) -> str:
    if isinstance(part, Literal):
        return f"{'not ' if part.negated else ''}{_atom(part.atom, names)}"
    if isinstance(part, Comparison):
        left, operator, right = _sides(part, names)
        return f"{_term(left, names)} {operator} {_term(right, names)}"
    elements = sorted(_element(element, names) for element in part.elements)
    return f"#count {{ {'; '.join(elements)} }} {part.operator} {_term(part.bound, names)}"


def _sides(part: Comparison, names: Names) -> tuple[Term, str, Term]:
    """A comparison turned so that it says less than, and so that the sides of an equation are sorted."""
    left, operator, right = part.left, part.operator, part.right
    if operator in _MIRRORED or (operator in ("=", "!=") and _term(right, names) < _term(left, names)):
        left, operator, right = right, _MIRRORED.get(operator, operator), left
    return left, operator, right


def _element(element: CountElement, names: Names) -> str:
    """An element of a count; its own variables are named by where they stand, whatever they are called."""
    own = [name for name in element.locals if name not in names]
    # What is counted comes first, in its order; then the conditions, the least first.
    local = dict(names)
    for term in element.terms:
        for name in _of_term(term):
            local.setdefault(name, f"L{len(local) - len(names)}")
    blank = {**local, **{name: "?" for name in own if name not in local}}
    waiting, written = list(element.conditions), []
    while waiting:
        part = min(waiting, key=lambda part: _part(part, blank))
        waiting.remove(part)
        for name in _in_order(part, blank):
            if name not in local:
                local[name] = blank[name] = f"L{len(local) - len(names)}"
        written.append(_part(part, local))
    return f"{','.join(_term(term, local) for term in element.terms)} : {', '.join(written)}"
