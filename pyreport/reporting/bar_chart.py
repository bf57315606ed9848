"""A small bar chart as inline SVG: one bar a year, each with its number written on it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

__all__ = ["bar_chart"]

_HEIGHT, _BAR, _GAP = 70, 34, 10


def bar_chart(title: str, counted: Sequence[tuple[str, int]], *, alone: bool = False) -> Markup:
    """The chart of some labelled counts, as wide as they are many.

    Args:
        title: Names it for readers of screens.
        counted: The label and the number of each bar.
        alone: Whether it is a file of its own, which needs a namespace and colors.
    """
    own = ' xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="12" fill="#1f4e79"' if alone else ""
    most = max((count for _, count in counted), default=0) or 1
    width = len(counted) * (_BAR + _GAP)
    words = "; ".join(f"{label}: {count}" for label, count in counted)
    height = _HEIGHT + 40
    pieces = [
        f'<svg{own} class="bars" role="img" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"<title>{escape(title)}: {escape(words)}</title>"
    ]
    for place, (label, count) in enumerate(counted):
        height = _HEIGHT * count // most
        left, top = place * (_BAR + _GAP), 18 + _HEIGHT - height
        middle = left + _BAR // 2
        pieces.append(
            f'<rect x="{left}" y="{top}" width="{_BAR}" height="{height}"/>'
            f'<text x="{middle}" y="{top - 4}" text-anchor="middle">{count}</text>'
            f'<text x="{middle}" y="{_HEIGHT + 34}" text-anchor="middle">{escape(label)}</text>'
        )
    pieces.append("</svg>")
    return Markup("".join(pieces))
