"""The picture of the flows between statuses: a column for each Dashboard, bands between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyreport.reporting.status_flows import Statuses

__all__ = ["Band", "Block", "FlowDiagram", "flow_diagram"]

_COLUMN, _GAP, _HEIGHT, _MARGIN = 64, 64, 260, 26
"""In units of the picture: the width of a column, the distance to the next, the height of the tallest, the margins."""


@dataclass(frozen=True)
class Block:
    """A status in a column: where it lies, its count, and its ``tone``: 0 is no assistance, then 1 and 2."""

    x: int
    y: float
    height: float
    year: int
    status: str
    count: int
    tone: int


@dataclass(frozen=True)
class Band:
    """A flow from a block to one of the next column: ``path`` is the ``d`` of an SVG path."""

    path: str
    tone: int
    words: str


@dataclass(frozen=True)
class FlowDiagram:
    """The picture: its size, the blocks, the bands, and the middle of each column with its year."""

    width: int
    height: int
    column: int
    blocks: Sequence[Block]
    bands: Sequence[Band]
    years: Sequence[tuple[int, int]]


def flow_diagram(statuses: Statuses) -> FlowDiagram:
    """Draw the flows; every column stands on one line, with differentiated assistance at the bottom."""
    counts = statuses.counts()
    tallest = max((count.listed for count in counts), default=1)
    floor = _MARGIN + _HEIGHT
    blocks: dict[tuple[int, str], Block] = {}
    for place, count in enumerate(counts):
        bottom = float(floor)
        assisted = [one for one in count.statuses if statuses.assisted(count.year, one[0])]
        others = [one for one in count.statuses if one not in assisted]
        tones = {status: place for place, (status, _) in enumerate(assisted, start=1)}
        for status, number in [*assisted, *others]:
            height = number * _HEIGHT / tallest
            bottom -= height
            x, tone = place * (_COLUMN + _GAP), tones.get(status, 0)
            blocks[count.year, status] = Block(x, round(bottom, 1), round(height, 1), count.year, status, number, tone)
    years = [(place * (_COLUMN + _GAP) + _COLUMN // 2, count.year) for place, count in enumerate(counts)]
    width = len(counts) * (_COLUMN + _GAP) - _GAP if counts else _COLUMN
    bands = _bands(statuses, blocks, tallest)
    return FlowDiagram(width, floor + _MARGIN, _COLUMN, list(blocks.values()), bands, years)


def _bands(statuses: Statuses, blocks: dict[tuple[int, str], Block], tallest: int) -> list[Band]:
    """The bands; they leave and enter each block from its bottom upwards, in the order of the blocks."""
    bands = []
    for transition in statuses.transitions():
        flows = [
            (blocks[transition.earlier, flow.before], blocks[transition.later, flow.after], flow.count)
            for flow in transition.flows
            if flow.before is not None and flow.after is not None
        ]
        flows.sort(key=lambda flow: (-flow[0].y, -flow[1].y))
        left: dict[Block, float] = {}
        right: dict[Block, float] = {}
        for before, after, count in flows:
            height = count * _HEIGHT / tallest
            one, other = (ends.get(block, block.y + block.height) for ends, block in ((left, before), (right, after)))
            left[before], right[after] = one - height, other - height
            path = _band(before.x + _COLUMN, one, after.x, other, height)
            words = f"{count:,} from {before.status} ({before.year}) to {after.status} ({after.year})"
            bands.append(Band(path, before.tone, words))
    return bands


def _band(x: int, y: float, to_x: int, to_y: float, height: float) -> str:
    middle = (x + to_x) // 2
    return (
        f"M{x} {y:.1f}C{middle} {y:.1f} {middle} {to_y:.1f} {to_x} {to_y:.1f}V{to_y - height:.1f}"
        f"C{middle} {to_y - height:.1f} {middle} {y - height:.1f} {x} {y - height:.1f}Z"
    )
