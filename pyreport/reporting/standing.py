"""How an LEA stands in a Dashboard year compared with the Dashboard before, in a word and a symbol."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pyreport.reasoning.determinations import Certainty, Determination

__all__ = ["MARKS", "Mark", "Standing", "is_new", "mark_of", "standing_of"]


class Standing(Enum):
    """The groups of an overview, in their order; each with its heading."""

    NEW = "Identified, and not eligible on the Dashboard before"
    AGAIN = "Identified anew, and eligible on the Dashboard before"
    CONTINUING = "Eligible from an earlier identification"
    PRINTED = "Eligible as CDE printed it, on a ground that is not on record"
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
_PRINTED = Mark("○", "eligible as CDE printed it, on a ground that is not on record")
_POSSIBLE = Mark("?", "possibly eligible")
_NOT = Mark("·", "not eligible")
MARKS = (_IDENTIFIED, _CONTINUING, _PRINTED, _POSSIBLE, _NOT)
"""The key of strips."""


def standing_of(row: Determination, before: Determination | None) -> Standing:
    """The standing of an LEA by its determinations of a year and of the Dashboard before."""
    was = before is not None and before.eligible
    if row.eligible:
        if row.rests_on.printed_ground:
            return Standing.PRINTED
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
    if row.eligible:
        if row.rests_on.printed_ground:
            return _PRINTED
        return _IDENTIFIED if row.methods else _CONTINUING
    return _POSSIBLE if row.differentiated_assistance is Certainty.POSSIBLE else _NOT


def is_new(row: Determination, before: Determination | None) -> bool:
    """Whether an LEA is eligible and was not on the Dashboard before."""
    return row.eligible and not (before is not None and before.eligible)
