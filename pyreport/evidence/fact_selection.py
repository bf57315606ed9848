"""Which facts a decision starts from: those of the record and of case files, about some LEAs or some years."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from pyreport.evidence.facts import facts_of
from pyreport.evidence.predicates import EVERY_LEA, Facts, fact, of_lea, row, subject, year_of
from pyreport.evidence.record import Record
from pyreport.rulebook.syntax import Atom, unquote

__all__ = ["facts_for_year", "facts_with_case", "with_located"]

_LOCATED = "located_in"
_IN_DIRECTORY = "in_directory"
"""A directory holds now or then: of an earlier Dashboard nothing follows from it that the later one does not ask."""


def facts_with_case(
    record: Record, case: Facts, *, until: int | None = None, only: Collection[str] | None = None
) -> Facts:
    """Return the facts of ``record`` and of ``case`` about ``only``; the other arguments are those of ``facts_of``.

    A charter school that ``case`` locates in a county is one of that county's LEAs, as well as of its code's.
    """
    about = with_located(only, case)
    return _with_case(facts_of(record, until=until, only=about), case, about)


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


def facts_for_year(facts: Facts, year: int, rests_on: Mapping[object, Collection[object]]) -> Facts:
    """Return what conclusions of one Dashboard year rest on: the facts of some Dashboards, and those of none.

    Args:
        facts: All facts.
        year: The Dashboard year of the conclusions.
        rests_on: For each Dashboard year, the Dashboard years that its conclusions rest on.

    Of the earlier years it is stated that they are only looked back on: their own past is not among the facts. What is
    said of a year without a Dashboard, such as a finding about a school year, stays.
    """
    others = rests_on.keys() - set(rests_on.get(year, ()))
    resting = {
        atom: cell
        for atom, cell in facts.items()
        if (of := year_of(atom)) not in others and (atom[0] != _IN_DIRECTORY or of == year)
    }
    for atom, cell in list(resting.items()):
        if atom[0] in ("listed", "reported") and (lea_year := row(atom)).year != year:
            resting.setdefault(fact("looked_back_on", lea=lea_year.lea, year=lea_year.year), cell)
    return resting
