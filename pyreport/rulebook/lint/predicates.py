"""Predicates that are stated or derived for nobody, and those that give a name of an argument another unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyreport.rulebook.problems import Finding, Problem
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["clashing_units", "unused_predicates"]


def unused_predicates(rulebooks: Sequence[Rulebook]) -> Iterable[Problem]:
    """Yield the predicates that nothing needs which the vocabulary says is shown or read.

    A predicate is needed where the vocabulary says so, or where a rule for a needed one reads it: rules that feed one
    another alone are needed by nobody. The rulebooks are one policy and its readings: what a reading alone uses is
    used, and what lost its reader to a reading is not idle for that.
    """
    readers: dict[str, dict[str, set[str]]] = {}
    declared: dict[tuple[str, str], Predicate] = {}
    for rulebook in rulebooks:
        declared |= {(predicate.file, name): predicate for name, predicate in rulebook.predicates.items()}
        for rule in rulebook.rules:
            for pattern in rule.atoms_read():
                readers.setdefault(pattern.predicate, {}).setdefault(rule.head.predicate, set()).add(rule.id)
    needed = {name for (_, name), predicate in declared.items() if _is_shown(predicate)}
    before = 0
    while len(needed) > before:
        before = len(needed)
        needed |= {name for name, by in readers.items() if needed & by.keys()}
    for (file, name), predicate in declared.items():
        if name in needed:
            continue
        idle = sorted({id for ids in readers.get(name, {}).values() for id in ids})
        why = f"only {', '.join(idle)}, which no output needs, read {name}" if idle else f"no rule reads {name}"
        message = f"{why}; remove it, or write 'Output: …' or 'Used by: …' into the comment of what is needed"
        yield Problem(file, predicate.line, message, Finding.UNUSED_PREDICATE)


def _is_shown(predicate: Predicate) -> bool:
    named = (
        predicate.output,
        predicate.used_by,
        predicate.changes,
        predicate.settles,
        predicate.invents,
        predicate.topic,
        predicate.report,
    )
    also = (predicate.basis, predicate.ground, predicate.summary, predicate.question)
    return any(one is not None for one in (*named, *also))


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
