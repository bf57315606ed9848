"""Predicates that are stated or derived for nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyreport.rulebook.problems import Finding, Problem
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["unused_predicates"]


def unused_predicates(rulebooks: Sequence[Rulebook]) -> Iterable[Problem]:
    """Yield the predicates that no rule of any of the ``rulebooks`` reads and the vocabulary does not explain.

    The rulebooks are one policy and its readings: what a reading alone uses is used, and what lost its reader to a
    reading is not idle for that.
    """
    read = {pattern.predicate for rulebook in rulebooks for rule in rulebook.rules for pattern in rule.atoms_read()}
    declared: dict[tuple[str, str], Predicate] = {
        (predicate.file, name): predicate for rulebook in rulebooks for name, predicate in rulebook.predicates.items()
    }
    for (file, name), predicate in declared.items():
        if name in read or predicate.output or predicate.used_by or predicate.changes:
            continue
        message = f"no rule reads {name}; remove it, or write 'Output: …' or 'Used by: …' into its comment"
        yield Problem(file, predicate.line, message, Finding.UNUSED_PREDICATE)
