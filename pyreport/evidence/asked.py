"""The facts of what is asked beside the record: of case files, as of a date, and about a fiscal year."""

from __future__ import annotations

from collections.abc import Collection

from pyreport.evidence.as_of import county_as_of
from pyreport.evidence.counties import counties
from pyreport.evidence.facts import Facts
from pyreport.evidence.funding_facts import county_office, funding_question
from pyreport.evidence.record import Record
from pyreport.rulebook.syntax import unquote

__all__ = ["asked_facts"]


def asked_facts(
    stated: Facts,
    record: Record,
    *,
    only: Collection[str] | None,
    as_of: int | None,
    fiscal_year: int | None,
    case: Facts,
) -> Facts:
    """The facts that a decision takes beside those of the record.

    Args:
        stated: The facts of the record that the decision takes.
        record: The record itself: its directory of charter schools.
        only: The CDS codes or county codes that are decided; all if ``None``.
        as_of: The date, YYYYMMDD, as of which each LEA is looked at, if any.
        fiscal_year: The calendar year in which the fiscal year ends that county offices are asked about, if any.
        case: The facts of case files; only those of ``only`` are taken.
    """
    codes = set(counties()) if only is None else set(only)
    found = {atom: cell for atom, cell in case.items() if codes & {unquote(atom[1]), unquote(atom[1])[:2]}}
    if as_of is not None:
        found.update(county_as_of(record, codes, as_of, found))
    if fiscal_year is not None:
        for code in sorted(codes & counties().keys()):
            office = county_office(stated, code)
            if office is not None:
                found.update(funding_question({**stated, **found}, record, office, fiscal_year))
    return found
