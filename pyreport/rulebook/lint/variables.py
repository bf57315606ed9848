"""Variables that do something else than they seem to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pyreport.rulebook.problems import Finding, Problem
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, AtomPattern, Comparison, Count, Literal, Term, Variable, term_variables
from pyreport.rulebook.vocabulary import placeholders

__all__ = ["alike_derivations", "captured_variables"]


def captured_variables(rulebook: Rulebook) -> Iterable[Problem]:
    """Yield the counted variables that are variables of the rule itself."""
    for rule in rulebook.rules:
        counted = {
            name
            for count in rule.counts
            for element in count.elements
            for term in element.terms
            for name in term_variables(term)
        }
        for name in sorted(counted.intersection(rule.variables)):
            message = (
                f"{rule.id}: {name} is counted and stands outside the count too, so that the count is 0 or 1; give "
                "what is counted a name of its own"
            )
            yield Problem(rule.file, rule.line, message, Finding.CAPTURED_VARIABLE)


def alike_derivations(rulebook: Rulebook) -> Iterable[Problem]:
    """Yield the variables that give one conclusion several derivations in the same words.

    That is certain where a variable stands nowhere else in the rule and two facts of the policy agree in all
    arguments but its own: whatever holds with the one holds with the other. Of predicates that the evidence states
    or rules conclude nothing is said, since a year of a ``dashboard_row``, say, may settle its other arguments.
    """
    facts: dict[str, list[Atom]] = {}
    for rule in rulebook.rules:
        for fact in rule.facts:
            facts.setdefault(str(fact[0]), []).append(fact)
    for rule in rulebook.rules:
        times = Counter(_occurrences(rule))
        in_sentence = {
            *placeholders(rule.says),
            *(name for term in rule.head.arguments for name in term_variables(term)),
        }
        for part in rule.body:
            if not isinstance(part, Literal) or part.negated:
                continue
            for place, argument in enumerate(part.atom.arguments):
                if not isinstance(argument, Variable) or times[argument.name] > 1 or argument.name in in_sentence:
                    continue
                if _twice(part.atom, place, facts.get(part.atom.predicate, ())):
                    message = (
                        f"{rule.id}: {argument.name} has several values in facts of {part.atom.predicate}, each a "
                        f"derivation that @says words alike; write {{{argument.name}}} into @says"
                    )
                    yield Problem(rule.file, rule.line, message, Finding.ALIKE_DERIVATIONS)


def _occurrences(rule: Rule) -> Iterator[str]:
    """The variables of the body, as often as they stand there."""
    for part in rule.body:
        if isinstance(part, Count):
            yield from term_variables(part.bound)
            for element in part.elements:
                yield from _names(element.terms)
                for condition in element.conditions:
                    yield from _names(_terms(condition))
        else:
            yield from _names(_terms(part))


def _terms(part: Literal | Comparison) -> Sequence[Term]:
    return part.atom.arguments if isinstance(part, Literal) else (part.left, part.right)


def _names(terms: Iterable[Term]) -> Iterator[str]:
    for term in terms:
        yield from term_variables(term)


def _twice(pattern: AtomPattern, place: int, facts: Iterable[Atom]) -> bool:
    """Tell whether two of the ``facts`` that ``pattern`` matches differ in the argument at ``place`` alone."""
    values: dict[Atom, Atom] = {}
    for fact in facts:
        if len(fact) != len(pattern.arguments) + 1 or not _matches(pattern, fact):
            continue
        others = (*fact[: place + 1], *fact[place + 2 :])
        if values.setdefault(others, fact) != fact:
            return True
    return False


def _matches(pattern: AtomPattern, fact: Atom) -> bool:
    bound: dict[str, object] = {}
    for argument, value in zip(pattern.arguments, fact[1:], strict=True):
        if isinstance(argument, Variable):
            if bound.setdefault(argument.name, value) != value:
                return False
        elif isinstance(argument, int | str) and argument != value:
            return False
    return True
