"""How an LEA stands in a Dashboard year compared with the Dashboard before, in a word and a symbol."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pyreport.reasoning.determinations import Certainty, Determination

__all__ = ["Standing", "mark_of", "standing_of"]


class Standing(Enum):
    """The groups of an overview, in their order; each with its heading."""

    NEW = "Newly identified"
    AGAIN = "Identified again"
    CONTINUING = "Eligible from an earlier identification"
    POSSIBLE = "Possibly eligible, on a ground that is not on record"
    LEFT = "No longer eligible"
    NOT_ELIGIBLE = "Not eligible"


@dataclass(frozen=True)
class Mark:
    """One year in a strip of years: a symbol and what it means."""

    symbol: str
    words: str


_IDENTIFIED = Mark("●", "eligible, identified in that year")
_CONTINUING = Mark("◐", "eligible from an earlier identification")
_POSSIBLE = Mark("?", "possibly eligible")
_NOT = Mark("·", "not eligible")
MARKS = (_IDENTIFIED, _CONTINUING, _POSSIBLE, _NOT)
"""The key of strips."""


def standing_of(row: Determination, before: Determination | None) -> Standing:
    """The standing of an LEA by its determinations of a year and of the Dashboard before."""
    was = before is not None and before.differentiated_assistance is Certainty.CERTAIN
    if row.differentiated_assistance is Certainty.CERTAIN:
        if not row.methods:
            return Standing.CONTINUING
        return Standing.AGAIN if was else Standing.NEW
    if row.differentiated_assistance is Certainty.POSSIBLE:
        return Standing.POSSIBLE
    return Standing.LEFT if was else Standing.NOT_ELIGIBLE


def mark_of(row: Determination | None) -> Mark:
    """The mark of one year; an empty symbol where nothing is on record."""
    if row is None or not row.status:
        return Mark("", "not on record")
    if row.differentiated_assistance is Certainty.CERTAIN:
        return _IDENTIFIED if row.methods else _CONTINUING
    return _POSSIBLE if row.differentiated_assistance is Certainty.POSSIBLE else _NOT
