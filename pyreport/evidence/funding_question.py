"""The facts that stand in no file because they are the question about money: whose, of which year, in which county."""

from __future__ import annotations

from pyreport.evidence.facts import Facts
from pyreport.evidence.record import Cell, Publication
from pyreport.rulebook.syntax import quote, unquote

__all__ = ["funding_question"]


def funding_question(facts: Facts, office: str, fiscal_year: int) -> Facts:
    """State whose funds are asked for and of which year, the county in each code, and the numbers to count with."""
    asked = Publication(0, "Question", "", "the question", "", "", {}, "case")
    found: Facts = {
        ("funds_looked_at", quote(office), fiscal_year): Cell(f"{office}, {fiscal_year}", asked, "line ", 1)
    }
    leas = {atom[1]: cell for atom, cell in facts.items() if atom[0] == "code_parts"}
    for lea, cell in leas.items():
        found["county_code", lea, quote(unquote(lea)[:2])] = cell
    for number in range(len(leas) + 1):
        found["whole_number", number] = Cell(str(number), asked, "number ", number)
    return found
