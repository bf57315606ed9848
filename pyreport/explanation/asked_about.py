"""What is asked about: a predicate of the vocabulary and values of its arguments, as a user writes them."""

from __future__ import annotations

import csv
import difflib

from pyreport.errors import PyreportError
from pyreport.explanation.why_not.records import Goal
from pyreport.rulebook.rows import field_name
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Value, quote, unquote
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["NotAskable", "goal_of", "predicate_and_values", "predicate_of"]

_ANY = ("_", "")
"""How the user leaves the value of an argument open."""


class NotAskable(PyreportError):
    """The vocabulary has no such predicate, or its argument no such value."""


def predicate_of(rulebook: Rulebook, name: str) -> Predicate:
    """The predicate of the vocabulary that the user names.

    Raises:
        NotAskable: There is none of the name; the message has similar ones.
    """
    predicates = rulebook.predicates
    if name.lower() in predicates:
        return predicates[name.lower()]
    similar = difflib.get_close_matches(name.lower(), predicates, n=3) or sorted(rulebook.outputs())
    raise NotAskable(f"{name}: the vocabulary has no such predicate; did you mean {' or '.join(similar)}?")


def predicate_and_values(rulebook: Rulebook, about: str) -> tuple[Predicate, list[str]]:
    """Read ``predicate`` or ``predicate(value, …)``; a value with a comma stands in quotation marks.

    Raises:
        NotAskable: The vocabulary has no such predicate.
    """
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
        NotAskable: There are too many values, or one that the argument cannot have.
    """
    known: dict[str, Value] = {"LEA": quote(cds), "Year": year}
    open_arguments = [name for name in predicate.arguments if name not in known]
    if len(values) > len(open_arguments):
        raise NotAskable(
            f"{predicate.name} has {', '.join(open_arguments) or 'nothing'} after the LEA and the year; "
            f"given: {', '.join(values)}."
        )
    for name, text in zip(open_arguments, values, strict=False):
        if text in _ANY:
            continue
        possible = _possible_values(rulebook, name)
        if possible and text.lower() not in possible:
            expected = ", ".join(f'"{value}"' if "," in value else value for value in possible)
            raise NotAskable(f"{text} is no {name}; expected one of {expected}.")
        known[name] = possible.get(text.lower(), int(text) if text.lstrip("-").isdigit() else text.lower())
    return (predicate.name, *(known.get(name) for name in predicate.arguments))


def _possible_values(rulebook: Rulebook, argument: str) -> dict[str, Value]:
    """The values of an argument by what a user writes, where the policy names or states them; else none."""
    values: list[Value] = list(rulebook.names.get(argument, ()))
    if not values:
        for predicate in rulebook.predicates.values():
            if predicate.stated_by == "policy" and argument in predicate.arguments:
                facts = (fact for rule in rulebook.by_head.get(predicate.name, ()) for fact in rule.facts)
                values += [getattr(predicate.row(fact), field_name(argument)) for fact in facts]
    return {unquote(value).lower(): value for value in sorted(set(values), key=str)}
