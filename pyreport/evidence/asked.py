"""The facts that stand in no file because they are the question: as of which date, about whose funds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pyreport.evidence.model import Cell, Publication
from pyreport.evidence.predicates import Facts, fact, row
from pyreport.rulebook.syntax import Value, quote, unquote

__all__ = ["as_of_facts", "asked_facts"]

_CODE = "code_parts"


def asked_facts(facts: Facts, as_of: int | None, funds: Sequence[str | int] | None) -> Facts:
    """State what is asked about the LEAs that ``facts`` speak of.

    Args:
        facts: The facts of the record and of case files.
        as_of: The date, YYYYMMDD, as of which each LEA is looked at, if any.
        funds: A county office (CDS code) and the calendar year in which a fiscal year ends, if its funds are asked for.
    """
    leas = {row(atom).lea: cell for atom, cell in facts.items() if atom[0] == _CODE}
    facts_asked: Facts = {}
    if as_of is not None:
        facts_asked.update(as_of_facts(leas, as_of))
    if funds is not None:
        office, fiscal_year = funds
        facts_asked.update(_about_funds(leas, str(office), int(fiscal_year)))
    return facts_asked


def as_of_facts(leas: Mapping[Value, Cell], date: int) -> Facts:
    """State that ``leas`` (quoted CDS codes, with the cells they stand in) are looked at as of ``date``, YYYYMMDD.

    The digits of the county in each code are stated too: nothing else says where an LEA is located.
    """
    request = Publication(0, "The date asked for", "", "the date asked for", "", "", {}, "request")
    facts: Facts = {}
    for lea, cell in leas.items():
        facts[fact("as_of", lea=lea, date=date)] = Cell(str(date), request, "", 0)
        facts[fact("code_county", lea=lea, county=_county(lea))] = cell
    return facts


def _about_funds(leas: Mapping[Value, Cell], office: str, fiscal_year: int) -> Facts:
    """Whose funds are asked for and of which year, the county in each code, and the numbers to count with."""
    asked = Publication(0, "Question", "", "the question", "", "", {}, "request")
    facts: Facts = {
        fact("funds_looked_at", office=quote(office), fiscal_year=fiscal_year): Cell(
            f"{office}, {fiscal_year}", asked, "", 0
        )
    }
    for lea, cell in leas.items():
        facts[fact("county_code", lea=lea, county=_county(lea))] = cell
    for number in range(len(leas) + 1):
        facts[fact("whole_number", number=number)] = Cell(str(number), asked, "", 0)
    return facts


def _county(lea: Value) -> str:
    return quote(unquote(lea)[:2])
