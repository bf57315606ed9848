"""What ``--about`` asks: a predicate of the vocabulary, and values of its arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pyreport.cli.output import comma_separated

if TYPE_CHECKING:
    from pyreport.explanation.why_not.records import Goal
    from pyreport.hypotheses.least_change import Question
    from pyreport.rulebook.rulebook import Rulebook
    from pyreport.rulebook.syntax import Value
    from pyreport.rulebook.vocabulary import Predicate

__all__ = ["goal_of", "predicate_and_values", "predicate_of", "question_of"]

_ANY = ("_", "")
"""How the user leaves the value of an argument open."""
_SUBJECT = ("LEA", "Year")
"""The arguments that a command has options of their own for."""


def predicate_of(rulebook: Rulebook, name: str) -> Predicate:
    """The predicate of the vocabulary that the user names.

    Raises:
        click.UsageError: There is none of the name; the message has similar ones.
    """
    import difflib

    predicates = rulebook.predicates
    if name.lower() in predicates:
        return predicates[name.lower()]
    similar = difflib.get_close_matches(name.lower(), predicates, n=3) or sorted(rulebook.outputs())
    raise click.UsageError(
        f"--about {name}: the vocabulary has no such predicate; did you mean {' or '.join(similar)}?"
    )


def predicate_and_values(rulebook: Rulebook, about: str) -> tuple[Predicate, list[str]]:
    """Read ``predicate`` or ``predicate(value, …)``; a value with a comma stands in quotation marks.

    Raises:
        click.UsageError: The vocabulary has no such predicate.
    """
    import csv

    name, _, rest = about.partition("(")
    inside = rest.strip().removesuffix(")").strip()
    values = [part.strip() for part in next(csv.reader([inside], skipinitialspace=True))] if inside else []
    return predicate_of(rulebook, name.strip()), values


def goal_of(rulebook: Rulebook, predicate: Predicate, cds: str, year: int, values: list[str]) -> Goal:
    """What a why-not asks about an LEA and a Dashboard year.

    Args:
        rulebook: The rules.
        predicate: The predicate asked about.
        cds: The CDS code of the LEA.
        year: The Dashboard year.
        values: The values of the arguments after LEA and year, as the user writes them: ``_`` or nothing for any.

    Raises:
        click.UsageError: There are too many values, or one that the argument cannot have.
    """
    from pyreport.rulebook.syntax import quote

    known: dict[str, Value] = {"LEA": quote(cds), "Year": year}
    open_arguments = [name for name in predicate.arguments if name not in known]
    if len(values) > len(open_arguments):
        raise click.UsageError(
            f"--about: {predicate.name} has {comma_separated(open_arguments) or 'nothing'} after the LEA and the year; "
            f"given: {comma_separated(values)}."
        )
    for name, text in zip(open_arguments, values, strict=False):
        if text in _ANY:
            continue
        possible = _possible_values(rulebook, name)
        if possible and text.lower() not in possible:
            expected = comma_separated(f'"{value}"' if "," in value else value for value in possible)
            raise click.UsageError(f"--about: {text} is no {name}; expected one of {expected}.")
        known[name] = possible.get(text.lower(), int(text) if text.lstrip("-").isdigit() else text.lower())
    return (predicate.name, *(known.get(name) for name in predicate.arguments))


def question_of(rulebook: Rulebook, about: str | None) -> Question:
    """What a what-if asks, ``predicate`` or ``predicate=value``: a conclusion about an LEA and a Dashboard year.

    Raises:
        click.UsageError: It is no such conclusion, or has no value to ask about.
    """
    from pyreport.hypotheses.least_change import Question

    if about is None:
        return Question()
    name, _, value = about.partition("=")
    predicate = predicate_of(rulebook, name)
    if predicate.stated_by != "rules" or not set(_SUBJECT) <= set(predicate.arguments):
        raise click.UsageError(f"--about {about}: write a conclusion about an LEA and a year, such as eligible")
    if value and predicate.arguments[-1] in _SUBJECT:
        raise click.UsageError(f"--about {about}: {predicate.name} is asked about without a value")
    return Question(predicate.name, (int(value) if value.isdigit() else value.lower()) if value else None)


def _possible_values(rulebook: Rulebook, argument: str) -> dict[str, Value]:
    """The values of an argument by what a user writes, where the policy names or states them; else none."""
    from pyreport.rulebook.rows import field_name
    from pyreport.rulebook.syntax import unquote

    values: list[Value] = list(rulebook.names.get(argument, ()))
    if not values:
        for predicate in rulebook.predicates.values():
            if predicate.stated_by == "policy" and argument in predicate.arguments:
                facts = (fact for rule in rulebook.by_head.get(predicate.name, ()) for fact in rule.facts)
                values += [getattr(predicate.row(fact), field_name(argument)) for fact in facts]
    return {unquote(value).lower(): value for value in sorted(set(values), key=str)}
