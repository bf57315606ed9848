"""Days and years that a rule joins with the date asked about without putting the two in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from pyreport.rulebook.problems import Finding, Problem
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Comparison, Literal, Term, Variable, term_variables
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["unordered_times"]

_ASKED = "the date as of which"
_YEAR = re.compile(r"\b(Dashboard|school) years?\b")


def unordered_times(rulebook: Rulebook) -> Iterable[Problem]:
    """Yield the days and years of the record that a rule about a date does not relate to it.

    What is dated after the date asked about must not bind it. A day or year is in order where a comparison has it and
    the date, or one atom has both (such as ``dashboard_out(LEA, Date, Year)``), at once or by way of a third.
    """
    for rule in rulebook.rules:
        asked = set(_variables(rule, rulebook, _is_asked))
        dated = set(_variables(rule, rulebook, _is_dated)) - asked
        if not asked or not dated:
            continue
        related = _related(rule, asked)
        for name in sorted(dated - related):
            message = (
                f"{rule.id}: nothing relates {name} to {', '.join(sorted(asked))}: what comes later would bind the "
                "date asked about; compare the two"
            )
            yield Problem(rule.file, rule.line, message, Finding.UNORDERED_TIME)


def _is_asked(predicate: Predicate, argument: str) -> bool:
    return dict(predicate.described)[argument].startswith(_ASKED)


def _is_dated(predicate: Predicate, argument: str) -> bool:
    """Whether an argument is a day, a Dashboard year or a school year of what the evidence states or rules conclude."""
    if predicate.stated_by == "policy":
        return False
    return argument in predicate.dates or bool(_YEAR.search(dict(predicate.described)[argument]))


def _variables(rule: Rule, rulebook: Rulebook, fits: Callable[[Predicate, str], bool]) -> Iterator[str]:
    for part in rule.body:
        if not isinstance(part, Literal) or part.negated:
            continue
        predicate = rulebook.predicates[part.atom.predicate]
        for argument, term in zip(predicate.arguments, part.atom.arguments, strict=True):
            if isinstance(term, Variable) and fits(predicate, argument):
                yield term.name


def _related(rule: Rule, asked: set[str]) -> set[str]:
    """The variables that comparisons and atoms relate to ``asked``; of an LEA itself nothing is said."""
    groups = [set(_names(part)) - {"LEA"} for part in rule.body if isinstance(part, Literal | Comparison)]
    related, before = set(asked), 0
    while len(related) > before:
        before = len(related)
        for group in groups:
            if group & related:
                related |= group
    return related


def _names(part: Literal | Comparison) -> Iterator[str]:
    terms: tuple[Term, ...] = (part.left, part.right) if isinstance(part, Comparison) else part.atom.arguments
    for term in terms:
        yield from term_variables(term)
