"""The map of California's counties: each shaded by the share of its agencies that are eligible."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pyreport.evidence.counties import counties

__all__ = ["CountyShape", "Shade", "StateMap", "percent", "state_map"]

_OUTLINES = Path(__file__).parent / "county_outlines.json"
_SHADES = ((0, "none"), (25, "up to 25%"), (50, "26 to 50%"), (75, "51 to 75%"), (100, "76% and more"))
"""The shades, from the lightest: the largest percentage that each is for, and its words in the legend."""


@dataclass(frozen=True)
class Shade:
    """A step of the legend: ``number`` from 0, the lightest; ``counties`` is how many counties have it."""

    number: int
    words: str
    counties: int


@dataclass(frozen=True)
class CountyShape:
    """A county on the map.

    Attributes:
        code: The county's code, two digits.
        name: The county's name.
        path: Its outline, as the ``d`` of an SVG path.
        shade: The number of its shade; ``None`` where the year lists no agency of the county.
        percent: The percentage of its agencies that are eligible, rounded; ``None`` likewise.
        eligible: How many of its agencies are eligible.
        agencies: How many are listed.
        label: Where its percentage is written, x and y; ``None`` where there is none.
        outside: Whether that is beside the county, which is too small for it.
    """

    code: str
    name: str
    path: str
    shade: int | None
    percent: int | None
    eligible: int
    agencies: int
    label: tuple[int, int] | None
    outside: bool


@dataclass(frozen=True)
class StateMap:
    """The map: its size in units, its counties by code, and its legend."""

    width: int
    height: int
    shapes: Sequence[CountyShape]
    shades: Sequence[Shade]


def percent(part: int, whole: int) -> int:
    """``part`` as a percentage of ``whole``, rounded; 0 and 100 are only what is exactly that."""
    if 0 < part < whole:
        return min(max(round(100 * part / whole), 1), 99)
    return 100 if part and whole else 0


def state_map(counts: Mapping[str, tuple[int, int]]) -> StateMap:
    """The map of the 58 counties.

    Args:
        counts: By the county's code, how many of its agencies are eligible, and how many there are.
    """
    outlines = _outlines()
    shapes = [_shape(code, outlines["counties"][code], *counts.get(code, (0, 0))) for code in counties()]
    shades = [
        Shade(number, words, sum(shape.shade == number for shape in shapes))
        for number, (_, words) in enumerate(_SHADES)
    ]
    return StateMap(outlines["width"], outlines["height"], shapes, shades)


def _shape(code: str, outline: Mapping[str, Any], eligible: int, agencies: int) -> CountyShape:
    share = percent(eligible, agencies) if agencies else None
    shade = None if share is None else next(n for n, (largest, _) in enumerate(_SHADES) if share <= largest)
    x, y = outline["label"]
    label = None if share is None else (x, y)
    outside = outline["room"] == 0
    return CountyShape(code, counties()[code], outline["path"], shade, share, eligible, agencies, label, outside)


@cache
def _outlines() -> Mapping[str, Any]:
    """The outlines; the file says where they come from."""
    outlines: dict[str, Any] = json.loads(_OUTLINES.read_text(encoding="utf-8"))
    return outlines
