"""The page of the state, decided once for the tests of a process."""

from __future__ import annotations

import functools

from pyreport.evidence.counties import counties, county_slug
from pyreport.reporting.page_request import PageRequest
from pyreport.reporting.statewide import StatewidePage, statewide_page

from .pages import YEAR, Element, Tree, record

COUNTY_PAGES = [f"{county_slug(code)}.html" for code in counties()]


@functools.cache
def state() -> StatewidePage:
    """The page of the newest year, with links to all pages that there can be."""
    leas = [f"lea/{cds}.html" for year, cds in record().lea_years if year == YEAR]
    return statewide_page(PageRequest(YEAR), [*COUNTY_PAGES, *leas, "law.html", "sources.html"])


@functools.cache
def part(name: str) -> Element:
    """The elements of one part of the page."""
    return Tree(getattr(state(), name)().text).root


def table(name: str, place: int = 0) -> list[list[str]]:
    """The cells of a table of a part, row by row, the head left out."""
    found = part(name).all("table")[place]
    return [[cell.text for cell in row.children] for row in found.all("tr")[1:]]


def number(text: str) -> int:
    """A count as a table writes it."""
    return int(text.replace(",", ""))
