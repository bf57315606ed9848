"""What ``--about`` asks of a what-if: a conclusion about an LEA and a Dashboard year, and perhaps its value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pyreport.hypotheses.least_change import Question
    from pyreport.rulebook.rulebook import Rulebook

__all__ = ["question_of"]

_SUBJECT = ("LEA", "Year")
"""The arguments that a command has options of their own for."""


def question_of(rulebook: Rulebook, about: str | None) -> Question:
    """What a what-if asks, ``predicate`` or ``predicate=value``: a conclusion about an LEA and a Dashboard year.

    Raises:
        click.UsageError: It is no such conclusion, or has no value to ask about.
    """
    from pyreport.explanation.asked_about import predicate_of
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
