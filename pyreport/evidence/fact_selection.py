"""Which facts a decision starts from: those of the record and of case files, about some LEAs or some years."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from pyreport.evidence.asked import asked_facts
from pyreport.evidence.facts import facts_of
from pyreport.evidence.predicates import EVERY_LEA, Facts, fact, of_lea, row, subject, year_of
from pyreport.evidence.record import Record
from pyreport.evidence.scope import Scope
from pyreport.rulebook.syntax import Atom, unquote

__all__ = ["facts_in_scope", "with_located"]

_LOCATED = "located_in"
_IN_DIRECTORY = "in_directory"
"""A directory holds now or then: of an earlier Dashboard nothing follows from it that the later one does not ask."""


def facts_in_scope(record: Record, case: Facts, scope: Scope, rests_on: Iterable[Any]) -> Facts:
    """Return the facts from which a decision starts: those of ``record`` and ``case``, and what is asked.

    A charter school that ``case`` locates in a county is one of that county's LEAs, as well as of its code's.

    Args:
        record: The record.
        case: The facts of case files.
        scope: What is decided.
        rests_on: Rows with the fields ``year`` and ``earlier``: the conclusions of a Dashboard year rest on an earlier
            Dashboard (``rests_on`` in the policy). They count where ``scope`` names a year.
    """
    about = with_located(scope.only, case)
    until = scope.until if scope.year is None else scope.year
    stated = _with_case(facts_of(record, until=until, only=about), case, about)
    facts = {**stated, **asked_facts(stated, scope.as_of, scope.funds)}
    return facts if scope.year is None else _facts_for_year(facts, scope.year, rests_on)


def with_located(only: Collection[str] | None, case: Iterable[Atom]) -> set[str] | None:
    """``only`` (CDS codes or county codes; all if ``None``) with the LEAs that ``case`` locates in its counties."""
    if only is None:
        return None
    located = [row(atom) for atom in case if atom[0] == _LOCATED]
    return {*only, *(unquote(school.lea) for school in located if unquote(school.county) in only)}


def _with_case(facts: Facts, case: Facts, only: Collection[str] | None) -> Facts:
    """Return ``facts`` and those of ``case`` about ``only`` (CDS codes or county codes; all if ``None``).

    What is so for every LEA is stated of each that the facts know. A fact about neither an LEA nor an
    office, such as which lead agency a county has, is of all.
    """
    both = dict(facts)
    leas = [row(atom).lea for atom in facts if atom[0] == "code_parts"]
    for atom, cell in case.items():
        about = subject(atom)
        if about == EVERY_LEA:
            both.update({of_lea(atom, lea): cell for lea in leas})
        elif only is None or about is None or unquote(about) in only or unquote(about)[:2] in only:
            both[atom] = cell
    return both


def _facts_for_year(facts: Facts, year: int, rests_on: Iterable[Any]) -> Facts:
    """Return what conclusions of one Dashboard year rest on: the facts of some Dashboards, and those of none.

    Of the earlier years it is stated that they are only looked back on: their own past is not among the facts. What is
    said of a year without a Dashboard, such as a finding about a school year, stays.
    """
    rows = list(rests_on)
    others = {row.year for row in rows} - {row.earlier for row in rows if row.year == year}
    resting = {
        atom: cell
        for atom, cell in facts.items()
        if (of := year_of(atom)) not in others and (atom[0] != _IN_DIRECTORY or of == year)
    }
    for atom, cell in list(resting.items()):
        if atom[0] in ("listed", "reported") and (lea_year := row(atom)).year != year:
            resting.setdefault(fact("looked_back_on", lea=lea_year.lea, year=lea_year.year), cell)
    return resting
