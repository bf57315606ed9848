"""The facts that look at LEAs as of a date: the date, and where and by whom each is placed, as the record tells."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from pyreport.evidence.facts import Facts
from pyreport.evidence.record import Cell, Publication, Record
from pyreport.rulebook.syntax import quote

__all__ = ["as_of_facts", "county_as_of"]

_COUNTY_OFFICE = "10"
_SCHOOL_DIGITS = 7
_STATE_BOARD = "SBE - "
_LOCAL_FUNDING = "LF"


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


def county_as_of(record: Record, only: Collection[str], date: int, case: Facts) -> Facts:
    """State everything that looks at the LEAs of ``only`` (CDS codes or county codes) as of ``date``.

    Beside ``as_of_facts``: who authorizes a charter and whether it is locally funded, from the directory of charters,
    which holds now or then. What ``case`` says of its authorizer goes before.
    """
    leas: dict[str, Cell] = {}
    for (_, cds), row in sorted(record.lea_years.items()):
        if cds in only or cds[:2] in only:
            leas[cds] = row.cds
    charters: Facts = {}
    stated = {atom[1] for atom in case if atom[0] == "authorized_by"}
    for code in sorted({code[:2] for code in only}):
        evidence = record.counties.get(code)
        if evidence is None:
            continue
        for _, publication, reported in evidence.reported():
            if reported.cds in only or code in only:
                cell = Cell(reported.cds, publication, publication.columns["cds"], reported.row)
                leas.setdefault(reported.cds, cell)
        for publication, known in evidence.charters.items():
            for one in known:
                if one.cds not in only and code not in only:
                    continue
                lea = quote(one.cds)
                leas.setdefault(one.cds, Cell(one.cds, publication, publication.columns["cds"], one.row))
                if one.funding == _LOCAL_FUNDING:
                    cell = Cell(one.funding, publication, publication.columns["funding"], one.row)
                    charters["locally_funded", lea] = cell
                if lea not in stated:
                    cell = Cell(one.authorizer, publication, publication.columns["authorizer"], one.row)
                    authorizer, body = _authorizer(one.cds, one.authorizer)
                    charters["authorized_by", lea, quote(authorizer), body] = cell
    facts = {**as_of_facts(leas, date), **charters}
    for atom, cell in [*charters.items(), *case.items()]:
        if atom[0] == "authorized_by" and str(atom[2]).strip('"').isdigit():
            facts["authorizer_county", atom[1], quote(str(atom[2]).strip('"')[:2])] = cell
    return facts


def _authorizer(cds: str, name: str) -> tuple[str, str]:
    """The authorizer's CDS code and its board: a charter's code begins with that of its district in the directory."""
    if name.startswith(_STATE_BOARD):
        return "state", "state_board"
    body = "county_board" if cds[2:4] == _COUNTY_OFFICE else "district_board"
    return cds[:_SCHOOL_DIGITS] + "0" * _SCHOOL_DIGITS, body
