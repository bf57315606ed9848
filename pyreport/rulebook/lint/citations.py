"""Whether the passages that a rule cites speak of the cases to which it is applied, and were in force then.

Each application needs a passage that fits it and was in force, and each passage that is not one of a group needs an
application that it fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from pyreport.rulebook.authorities import Citation, Interval
from pyreport.rulebook.citing import DATES, YEAR, Applied, in_force, speaks_of, times
from pyreport.rulebook.lint.possible import Possible, values_of
from pyreport.rulebook.problems import Finding, Problem
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Literal, Value, Variable

__all__ = ["ill_cited"]


def ill_cited(rulebook: Rulebook, possible: Possible) -> Iterator[Problem]:
    """Yield the rules and facts with an application without a passage, or a passage without an application.

    A value that the evidence alone decides is left to the derivations.
    """
    for rule in rulebook.rules:
        applications = list(_applications(rulebook, rule, possible))
        for finding, message in chain(_of_fit(rulebook, rule, applications), _of_times(rulebook, rule, applications)):
            yield Problem(rule.file, rule.line, f"{rule.id}: {message}", finding)


def _of_fit(rulebook: Rulebook, rule: Rule, applications: Sequence[Applied]) -> Iterator[tuple[Finding, str]]:
    for name in sorted({name for citation in rule.cites for name in citation.about}):
        values = {value for values in applications for value in values.get(name, ())}
        # What derived atoms allow is more than what holds of them: of it no passage is asked for.
        exact = not rule.body or name in _bound_by_policy(rulebook, rule)

        def fits(citation: Citation, value: Value, name: str = name) -> bool:
            return speaks_of(citation, name, value, rule.inferred or "")

        words = {f"{name} {value}": value for value in values}
        for message in _unmatched(rule.cites, words, fits, "speaks of", exact=exact):
            yield Finding.ILL_FITTING_CITATION, message


def _of_times(rulebook: Rulebook, rule: Rule, applications: Sequence[Applied]) -> Iterator[tuple[Finding, str]]:
    days = {words: time for values in applications for words, time in times(rulebook, values).items()}

    def fits(citation: Citation, day: Interval) -> bool:
        return YEAR in citation.about or in_force(citation, day)

    for message in _unmatched(rule.cites, days, fits, "was in force on"):
        yield Finding.CITATION_NOT_IN_FORCE, message


def _unmatched(
    cites: Sequence[Citation],
    cases: Mapping[str, Any],
    fits: Callable[[Citation, Any], bool],
    verb: str,
    *,
    exact: bool = True,
) -> Iterator[str]:
    """The cases without a citation, if they are ``exact``, and the citations without a case, in words."""
    bare = [words for words, case in cases.items() if not any(fits(citation, case) for citation in cites)]
    if bare and exact:
        yield f"it cites nothing that {verb} {_listed(bare)}"
    for citation in cites:
        if (
            citation.group is None
            and len(bare) < len(cases)
            and not any(fits(citation, case) for case in cases.values())
        ):
            passage = f"{citation.authority.id} {citation.passage}"
            yield f"it cites {passage} beside {_listed(cases)}, none of which it {verb}"


def _bound_by_policy(rulebook: Rulebook, rule: Rule) -> set[str]:
    """The variables of which facts of the policy say what they can be."""
    atoms = [part.atom for part in rule.body if isinstance(part, Literal) and not part.negated]
    terms = [
        term for atom in atoms if rulebook.predicates[atom.predicate].stated_by == "policy" for term in atom.arguments
    ]
    return {term.name for term in terms if isinstance(term, Variable)}


def _listed(values: Iterable[Value]) -> str:
    return ", ".join(map(str, sorted(values, key=str)))


def _applications(rulebook: Rulebook, rule: Rule, possible: Possible) -> Iterator[Applied]:
    if rule.body:
        values = values_of(rulebook, rule, possible)
        # Of a rule with dates, the derivations alone show which go together.
        without = {YEAR, *DATES} if DATES & values.keys() else set()
        yield {name: some for name, some in values.items() if some is not None and name not in without}
    for fact in rule.facts:
        yield {name: (value,) for name, value in zip(rule.variables, fact[1:], strict=True)}
