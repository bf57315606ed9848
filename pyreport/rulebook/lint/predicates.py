"""Predicates that are stated or derived for nobody, and those that give a name of an argument another unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyreport.rulebook.problems import Finding, Problem
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["clashing_units", "unused_predicates"]


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
        if (
            name in read
            or predicate.output
            or predicate.used_by
            or predicate.changes
            or predicate.settles
            or predicate.invents
        ):
            continue
        message = f"no rule reads {name}; remove it, or write 'Output: …' or 'Used by: …' into its comment"
        yield Problem(file, predicate.line, message, Finding.UNUSED_PREDICATE)


def clashing_units(rulebook: Rulebook) -> Iterable[Problem]:
    """Yield each argument that a predicate declares in another unit than the first predicate of its name with one."""
    first: dict[str, Predicate] = {}
    predicates = list(rulebook.predicates.values())
    for predicate in predicates:
        for name, units in predicate.units.items():
            if units:
                first.setdefault(name, predicate)
    for predicate in predicates:
        for name, units in predicate.units.items():
            other = first.get(name, predicate)
            if units != other.units[name]:
                here = f"in {units[0]}" if units else "without a unit"
                message = (
                    f"{predicate.name} has {name} {here}, and {other.name} ({other.file}:{other.line}) in "
                    f"{other.units[name][0]}; give one of them another name, or both the same unit"
                )
                yield Problem(predicate.file, predicate.line, message, Finding.UNIT_CLASH)
            elif len(units) > 1:
                message = f"{predicate.name} has {name} in {units[0]} and in {units[1]}; keep one unit"
                yield Problem(predicate.file, predicate.line, message, Finding.UNIT_CLASH)
