"""Ground a program with clingo. Every warning of clingo's is an error here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import clingo

from pyreport.errors import PyreportError
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["ReasoningError", "grounded"]


class ReasoningError(PyreportError):
    """Clingo reported something: an error, or a warning, which is an error in the policy too."""


def grounded(programs: Iterable[str], inputs: Iterable[Predicate], options: Sequence[str] = ()) -> clingo.Control:
    """Return a control that holds ``programs``, grounded. The predicates ``inputs`` may have no atom.

    Raises:
        ReasoningError: Clingo reported an error or a warning.
    """
    messages: list[str] = []
    control = clingo.Control(options, lambda _, message: messages.append(" ".join(message.split())), 20)
    defined = "".join(f"#defined {predicate.name}/{len(predicate.arguments)}.\n" for predicate in inputs)
    try:
        for program in (defined, *programs):
            control.add("base", [], program)
        control.ground([("base", [])])
    except RuntimeError as error:
        raise ReasoningError("\n".join([f"clingo stopped: {error}", *messages])) from None
    if messages:
        raise ReasoningError("\n".join(["clingo warns, and every warning is an error here:", *messages]))
    return control
