"""Rules whose conditions nothing can fulfil together, whatever the evidence says."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from pyreport.rulebook.lint.possible import Possible, values_of
from pyreport.rulebook.problems import Finding, Problem
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Comparison, Literal, Operation, Term, Variable, written

__all__ = ["never_applying"]

_ZERO = ""
"""Stands for the number 0 among the variables."""

Bound = tuple[str, str, int]
"""``(one, other, most)``: the value of one is at most that of the other and ``most``."""


def never_applying(rulebook: Rulebook, possible: Possible) -> Iterator[Problem]:
    """Yield the rules whose comparisons, conditions and facts of the policy exclude one another."""
    for rule in rulebook.rules:
        if not rule.body:
            continue
        conditions = _of_comparisons(rule) or _denied(rule)
        if conditions:
            together = "contradict one another" if len(conditions) > 1 else "contradicts itself"
            message = f"{rule.id}: {', '.join(conditions)} {together}: the rule never applies; correct or remove one"
            yield Problem(rule.file, rule.line, message, Finding.NEVER_APPLIES)
            continue
        values = values_of(rulebook, rule, possible)
        empty = sorted(name for name, some in values.items() if some is not None and not some)
        if empty:
            having = [
                written(part.atom)
                for part in rule.body
                if isinstance(part, Literal) and not part.negated and Variable(empty[0]) in part.atom.arguments
            ]
            message = (
                f"{rule.id}: no value of {empty[0]} fits {', '.join(having)} together: the rule never applies; correct "
                "a condition, or state the fact that is missing"
            )
            yield Problem(rule.file, rule.line_of(empty[0]), message, Finding.NEVER_APPLIES)


def _denied(rule: Rule) -> list[str]:
    """A condition that is asked for and excluded."""
    asked = {part.atom for part in rule.body if isinstance(part, Literal) and not part.negated}
    for part in rule.body:
        if isinstance(part, Literal) and part.negated and part.atom in asked:
            return [written(part.atom), written(part)]
    return []


def _of_comparisons(rule: Rule) -> list[str]:
    """The comparisons that no whole numbers fulfil together, as the rule writes them; none where some do.

    Each comparison bounds the difference of two variables. Bounds contradict one another where they lead in a circle
    back to a variable that would have to be less than itself.
    """
    bounds: dict[Bound, Comparison] = {}
    for part in rule.body:
        if isinstance(part, Comparison):
            if part.operator in ("!=", "<", ">") and part.left == part.right:
                return [written(part)]
            for bound in _bounds(part):
                bounds[bound] = part
    names = sorted({name for one, other, _ in bounds for name in (one, other)})
    # The least known distance of each two, and the comparisons that it rests on (Floyd and Warshall).
    least: dict[tuple[str, str], tuple[int, tuple[Comparison, ...]]] = {}
    for (one, other, most), part in bounds.items():
        if (one, other) not in least or most < least[one, other][0]:
            least[one, other] = most, (part,)
    for by, one, other in product(names, repeat=3):
        if (one, by) in least and (by, other) in least:
            (first, parts), (second, others) = least[one, by], least[by, other]
            if (one, other) not in least or first + second < least[one, other][0]:
                least[one, other] = first + second, (*parts, *others)
    for name in names:
        distance, parts = least.get((name, name), (0, ()))
        if distance < 0:
            return list(dict.fromkeys(written(part) for part in rule.body if part in parts))
    return []


def _bounds(part: Comparison) -> Iterator[Bound]:
    left, right = _offset(part.left), _offset(part.right)
    if left is None or right is None:
        return
    (one, more), (other, less) = left, right
    if part.operator in ("<", "<=", "="):
        yield one, other, less - more - (part.operator == "<")
    if part.operator in (">", ">=", "="):
        yield other, one, more - less - (part.operator == ">")


def _offset(term: Term) -> tuple[str, int] | None:
    """A term as a variable and a number that is added; ``None`` for what is neither."""
    if isinstance(term, int):
        return _ZERO, term
    if isinstance(term, Variable):
        return term.name, 0
    if isinstance(term, Operation) and term.operator in "+-" and isinstance(term.right, int):
        left = _offset(term.left)
        sign = 1 if term.operator == "+" else -1
        return None if left is None else (left[0], left[1] + sign * term.right)
    return None
