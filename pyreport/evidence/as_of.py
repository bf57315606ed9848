"""The facts that look at LEAs as of a date: the date, and the digits of the county in each code."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from pyreport.evidence.facts import Facts
from pyreport.evidence.record import Cell, Publication, Record
from pyreport.rulebook.syntax import quote

__all__ = ["as_of_facts", "county_as_of"]


def as_of_facts(leas: Mapping[str, Cell], date: int) -> Facts:
    """State that ``leas`` (CDS code to the cell it stands in) are looked at as of ``date``, YYYYMMDD.

    The digits of the county in each code are stated too: nothing else says where an LEA is located.
    """
    facts: Facts = {}
    request = Publication(0, "The date asked for", "", "the date asked for", "", "", {}, "request")
    for cds, cell in leas.items():
        facts["as_of", quote(cds), date] = Cell(str(date), request, "", 0)
        facts["code_county", quote(cds), quote(cds[:2])] = cell
    return facts


def county_as_of(record: Record, only: Collection[str], date: int) -> Facts:
    """State that the LEAs on record of ``only`` (CDS codes or county codes) are looked at as of ``date``, YYYYMMDD."""
    leas: dict[str, Cell] = {}
    for (_, cds), lea_year in sorted(record.lea_years.items()):
        if cds in only or cds[:2] in only:
            leas[cds] = lea_year.cds
    for code in sorted({code[:2] for code in only} & set(record.counties)):
        evidence = record.counties[code]
        known = [(publication, lea.cds, lea.row) for _, publication, lea in evidence.reported()]
        known += [(publication, one.cds, one.row) for publication, found in evidence.charters.items() for one in found]
        for publication, cds, row in known:
            if cds in only or code in only:
                leas.setdefault(cds, Cell(cds, publication, publication.columns["cds"], row))
    return as_of_facts(leas, date)
