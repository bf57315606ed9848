"""What a geographic lead receives for the counties of its area, county by county, and the sum where all are decided."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyreport.explanation.sentences import listed_words, money_words, rounded
from pyreport.explanation.text import WIDTH
from pyreport.explanation.tree import Explainer
from pyreport.following.funds import Funds
from pyreport.reasoning.graph import Graph
from pyreport.rulebook.syntax import Value, quote, unquote

__all__ = ["LeadArea", "area_of", "as_area_data", "as_area_text"]

_LEADS = "leads_area_of"
_TOGETHER = "leads_together"
_SIXTHS = 6


@dataclass(frozen=True)
class LeadArea:
    """The counties of a lead's area beside its own.

    Attributes:
        by_county: By county code, what follows for its county office; ``None`` where that is not on record.
    """

    office: str
    fiscal_year: int
    by_county: Mapping[str, Funds | None]

    def sixths(self, county: str) -> int | None:
        """What the lead receives for the LEAs of ``county``, in sixths of a dollar; ``None`` where it is open."""
        found = self.by_county[county]
        atom = None if found is None else found.lead.get(found.usual)
        return None if atom is None else int(atom[4])

    @property
    def missing(self) -> list[str]:
        """The counties whose amount is open."""
        return [county for county in self.by_county if self.sixths(county) is None]

    @property
    def total(self) -> int | None:
        """The sum in sixths of a dollar, where every county is decided and there are some."""
        if self.missing or not self.by_county:
            return None
        return sum(self.sixths(county) or 0 for county in self.by_county)


def area_of(graph: Graph, office: str, fiscal_year: int) -> list[str]:
    """The codes of the counties that ``office`` leads beside its own, as far as the policy has them on hand."""
    return sorted(
        unquote(atom[3])
        for atom in graph.atoms(_LEADS)
        if atom[1:3] == (quote(office), fiscal_year) and unquote(atom[3]) != office[:2]
    )


def _dollars(sixths: int) -> str:
    return money_words(rounded(sixths * 100, _SIXTHS))


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
        sixths, found = area.sixths(code), area.by_county[code]
        if sixths is not None:
            yield f"- {county_words(code)}: {_dollars(sixths)}."
        elif found is None:
            yield f"- {county_words(code)}: open; its county office is not on record."
        else:
            facts = "1 fact" if len(found.open) == 1 else f"{len(found.open)} facts"
            yield f"- {county_words(code)}: open; {facts} not on record."
    if area.total is None:
        yield f"The sum is open: what is missing is that of {listed_words(map(county_words, area.missing))}."
    else:
        yield f"Together: {_dollars(area.total)}."
    for atom in _together(explainer.graph, area):
        step = explainer.step(atom)
        yield f"{step.shown} Which of them receives an amount is not on hand."


def _together(graph: Graph, area: LeadArea) -> list[tuple[Value, ...]]:
    return sorted(
        (atom for atom in graph.atoms(_TOGETHER) if atom[1:3] == (quote(area.office), area.fiscal_year)), key=str
    )


def as_area_data(explainer: Explainer, area: LeadArea) -> dict[str, Any]:
    """The same as plain data, for JSON."""
    amounts = {code: area.sixths(code) for code in area.by_county}
    return {
        "counties": {code: None if sixths is None else _dollars(sixths) for code, sixths in amounts.items()},
        "missing": area.missing,
        "sum": None if area.total is None else _dollars(area.total),
        "together_with": [unquote(atom[3]) for atom in _together(explainer.graph, area)],
    }
