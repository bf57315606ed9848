"""What a geographic lead receives for the counties of its area, county by county, and the sum where all are decided."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pyreport.explanation.sentences import dollar_words, listed_words
from pyreport.explanation.text import WIDTH
from pyreport.explanation.tree import Explainer
from pyreport.following.funds import Funds
from pyreport.reasoning.graph import Graph
from pyreport.rulebook.rows import atom_of
from pyreport.rulebook.syntax import quote, unquote

__all__ = ["LeadArea", "area_of", "as_area_data", "as_area_text"]


@dataclass(frozen=True)
class LeadArea:
    """The counties of a lead's area beside its own.

    Attributes:
        by_county: By county code, what follows for its county office; ``None`` where that is not on record.
    """

    office: str
    fiscal_year: int
    by_county: Mapping[str, Funds | None]

    def dollars(self, county: str) -> Fraction | None:
        """What the lead receives for the LEAs of ``county``, in dollars; ``None`` where it is open."""
        funds = self.by_county[county]
        amount = None if funds is None else funds.lead.get(funds.usual)
        return None if amount is None else amount.dollars

    @property
    def missing(self) -> list[str]:
        """The counties whose amount is open."""
        return [county for county in self.by_county if self.dollars(county) is None]

    @property
    def total(self) -> Fraction | None:
        """The sum in dollars, where every county is decided and there are some."""
        if self.missing or not self.by_county:
            return None
        return sum((self.dollars(county) or Fraction() for county in self.by_county), Fraction())


def area_of(graph: Graph, office: str, fiscal_year: int) -> list[str]:
    """The codes of the counties that ``office`` leads beside its own, as far as the policy has them on hand."""
    rows = graph.rows("leads_area_of", office=quote(office), fiscal_year=fiscal_year)
    return sorted(unquote(row.county) for row in rows if unquote(row.county) != office[:2])


def as_area_text(explainer: Explainer, area: LeadArea) -> str:
    """Write the amount of each county, and the sum or which counties it wants."""
    return "\n".join(row for line in _lines(explainer, area) for row in textwrap.wrap(line, WIDTH)) + "\n"


def _lines(explainer: Explainer, area: LeadArea) -> Iterator[str]:
    def county_words(code: str) -> str:
        return f"{explainer.sentences.words('County', quote(code))} County"

    if not area.by_county:
        yield "Which counties it leads in this fiscal year is not on hand, so there is no sum for its area."
        return
    yield "As a geographic lead, for LEAs of the other counties of its area:"
    for code in area.by_county:
        dollars, funds = area.dollars(code), area.by_county[code]
        if dollars is not None:
            yield f"- {county_words(code)}: {dollar_words(dollars)}."
        elif funds is None:
            yield f"- {county_words(code)}: open; its county office is not on record."
        else:
            facts = "1 fact" if len(funds.open) == 1 else f"{len(funds.open)} facts"
            yield f"- {county_words(code)}: open; {facts} not on record."
    if area.total is None:
        yield f"The sum is open: what is missing is that of {listed_words(map(county_words, area.missing))}."
    else:
        yield f"Together: {dollar_words(area.total)}."
    for row in _together(explainer.graph, area):
        step = explainer.step(atom_of(row))
        yield f"{step.headline} Which of them receives an amount is not on hand."


def _together(graph: Graph, area: LeadArea) -> list[Any]:
    rows = graph.rows("leads_together", office=quote(area.office), fiscal_year=area.fiscal_year)
    return sorted(rows, key=str)


def as_area_data(explainer: Explainer, area: LeadArea) -> dict[str, Any]:
    """The same as plain data, for JSON."""
    amounts = {code: area.dollars(code) for code in area.by_county}
    return {
        "counties": {code: None if dollars is None else dollar_words(dollars) for code, dollars in amounts.items()},
        "missing": area.missing,
        "sum": None if area.total is None else dollar_words(area.total),
        "together_with": [unquote(row.lead_county) for row in _together(explainer.graph, area)],
    }
