"""What clingo itself has to say about the rules."""

from __future__ import annotations

import re
from collections.abc import Iterable

import clingo

from pyreport.rulebook.problems import Finding, Problem
from pyreport.rulebook.rulebook import Rulebook

__all__ = ["clingo_messages"]

# Clingo writes what it guards the program part with into the rule.
_GUARD = "[#inc_base];"
_UNBOUND = re.compile(r"'([A-Z]\w*)' is unsafe")
_PLACE = re.compile(r"<block>:(\d+):[\d:-]*(?:: (?:error|info|warning|note))?:?\s*")


def clingo_messages(rulebook: Rulebook) -> Iterable[Problem]:
    """Yield clingo's errors and warnings when it grounds the plain rules, no facts of the evidence among them."""
    rows, places = [], []
    for rule in rulebook.rules:
        for offset, row in enumerate(rule.text.splitlines()):
            rows.append(row)
            places.append((rule.file, rule.line + offset))
    for predicate in rulebook.predicates.values():
        if predicate.stated_by == "evidence":
            rows.append(f"#defined {predicate.name}/{len(predicate.arguments)}.")
            places.append((predicate.file, predicate.line))
    messages: list[str] = []

    def log(code: clingo.MessageCode, message: str) -> None:
        # A counted variable that stands outside the count is told in our own words.
        if code != clingo.MessageCode.GlobalVariable:
            messages.append(message)

    control = clingo.Control(logger=log, message_limit=len(rows))
    try:
        control.add("base", [], "\n".join(rows))
        control.ground([("base", [])])
    except RuntimeError as error:
        if not messages:
            messages.append(str(error))
    for message in messages:
        place = _PLACE.search(message)
        file, line = places[int(place[1]) - 1] if place else (rulebook.rules[0].file, 1)
        text = " ".join(_PLACE.sub("", message).replace(_GUARD, "").split())
        unbound = sorted(set(_UNBOUND.findall(message)))
        if unbound:
            text = (
                f"nothing binds {', '.join(unbound)} ({text}); add a condition without 'not' that has "
                f"{'it' if len(unbound) == 1 else 'them'}, or correct the name"
            )
        yield Problem(file, line, f"clingo: {text}", Finding.CLINGO_MESSAGE)
