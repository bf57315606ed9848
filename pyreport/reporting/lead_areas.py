"""The areas of geographic leads, as far as the policy knows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyreport.evidence.counties import counties
from pyreport.explanation.sentences import date_words, listed_words
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import unquote

__all__ = ["LeadArea", "LeadTerm", "lead_terms"]


@dataclass(frozen=True)
class LeadArea:
    """An area: the county offices that led it, in words, and the codes of its counties."""

    leads: str
    counties: Sequence[str]


@dataclass(frozen=True)
class LeadTerm:
    """A term: its words, its dates in words, whether it covers the date asked about, and its areas."""

    words: str
    start: str
    finish: str
    covers: bool
    areas: Sequence[LeadArea]


def lead_terms(rulebook: Rulebook, date: int | None) -> list[LeadTerm]:
    """The terms that the policy knows, by their beginning.

    Args:
        rulebook: The policy.
        date: The date asked about, YYYYMMDD, if there is one.
    """
    led: dict[str, dict[str, set[str]]] = {}
    for row in rulebook.rows("geographic_lead"):
        led.setdefault(row.term, {}).setdefault(unquote(row.county), set()).add(unquote(row.lead_county))
    terms = []
    for row in sorted(rulebook.rows("lead_term"), key=lambda row: (row.start, row.term)):
        areas: dict[tuple[str, ...], list[str]] = {}
        for county, leads in sorted(led.get(row.term, {}).items()):
            areas.setdefault(tuple(sorted(leads)), []).append(county)
        words = str(rulebook.names["Term"].get(row.term, row.term))
        terms.append(
            LeadTerm(
                words=words,
                start=date_words(row.start),
                finish=date_words(row.finish),
                covers=date is not None and row.start <= date <= row.finish,
                areas=[
                    LeadArea(listed_words(counties()[code] for code in leads), members)
                    for leads, members in sorted(areas.items())
                ],
            )
        )
    return terms
