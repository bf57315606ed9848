"""The facts that stand in no file because they are the question about money: whose, of which year, in which county."""

from __future__ import annotations

from pyreport.evidence.facts import Facts
from pyreport.evidence.record import Cell, Publication, Record
from pyreport.rulebook.syntax import quote, unquote

__all__ = ["county_office", "funding_question"]

_OFFICE = "10"
_NO_SCHOOL = "0000000"
_NAME_OF_OFFICE = "county office of education"
_STATE_BOARD = "SBE"


def county_office(facts: Facts, county: str) -> str | None:
    """The CDS code of the county's office, if it is on record."""
    found = {
        unquote(atom[1])
        for atom in facts
        if atom[0] == "code_parts" and unquote(atom[2]) == _OFFICE and unquote(atom[3]) == _NO_SCHOOL
    }
    return next((code for code in sorted(found) if code.startswith(county)), None)


def funding_question(facts: Facts, record: Record, office: str, fiscal_year: int) -> Facts:
    """The facts that stand in no file because they are the question: the office, the year, the codes, the numbers."""
    asked = Publication(0, "Question", "", "the question", "", "", {}, "case")
    found: Facts = {
        ("funds_looked_at", quote(office), fiscal_year): Cell(f"{office}, {fiscal_year}", asked, "line ", 1)
    }
    leas = {atom[1]: cell for atom, cell in facts.items() if atom[0] == "code_parts"}
    for lea, cell in leas.items():
        found["county_code", lea, quote(unquote(lea)[:2])] = cell
    for number in range(len(leas) + 1):
        found["whole_number", number] = Cell(str(number), asked, "number ", number)
    known = {atom[1] for atom in facts if atom[0] == "authorized_by"}
    found.update({atom: cell for atom, cell in _authorizers(facts, record, office).items() if atom[1] not in known})
    return found


def _authorizers(facts: Facts, record: Record, office: str) -> Facts:
    """Who authorized the charters, as the directory of charter schools prints it."""
    codes = {
        unquote(atom[3]).lower(): unquote(atom[1])
        for atom in facts
        if atom[0] == "name" and unquote(atom[1]).endswith(_NO_SCHOOL)
    }
    found: Facts = {}
    county = record.counties.get(office[:2])
    for publication, charters in county.charters.items() if county else ():
        for one in charters:
            cell = Cell(one.authorizer, publication, publication.columns["authorizer"], one.row)
            name = one.authorizer.lower()
            if one.authorizer.startswith(_STATE_BOARD):
                body, authorizer = "state_board", "state"
            elif name.endswith(_NAME_OF_OFFICE):
                body, authorizer = "county_board", codes.get(name, office)
            elif name in codes:
                body, authorizer = "district_board", codes[name]
            else:
                continue
            found["authorized_by", quote(one.cds), quote(authorizer), body] = cell
    return found
