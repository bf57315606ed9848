"""The Dashboard's figures of one LEA as a grid: a row for each student group, a column for each indicator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyreport.explanation.sentences import Sentences
from pyreport.explanation.tree import Explainer
from pyreport.reporting.rendering import capitalized
from pyreport.rulebook.syntax import Value

__all__ = ["FigureCell", "FigureRow", "figures_grid", "indicators_used"]

_DASHBOARD_ROW = "dashboard_row"
_NONE = "none"


@dataclass(frozen=True)
class FigureCell:
    """One student group on one indicator: the color's code (``none`` without one) and the words of the cell."""

    color: str
    words: str
    figure: str


@dataclass(frozen=True)
class FigureRow:
    """The indicators of one student group; ``None`` where the file has no row of it."""

    words: str
    cells: tuple[FigureCell | None, ...]


def indicators_used(explainer: Explainer, year: int) -> list[Value]:
    """The indicators that the criteria of a Dashboard year use, in the order of the policy's names."""
    graph = explainer.graph
    used = {row.indicator for row in graph.rows("indicator_used") if row.year == year}
    return [code for code in graph.rulebook.names["Indicator"] if code in used]


def figures_grid(explainer: Explainer, lea: str, year: int) -> tuple[FigureRow, ...]:
    """The rows of an LEA (quoted CDS code) in a Dashboard year that print a status, by student group."""
    sentences, declared = explainer.sentences, explainer.graph.rulebook.predicates[_DASHBOARD_ROW]
    by_group: dict[str, dict[Value, FigureCell]] = {}
    for step in explainer.about(_DASHBOARD_ROW, lea, year):
        row = declared.row(step.atom)
        if row.status != _NONE:
            by_group.setdefault(row.group, {})[row.indicator] = _cell(sentences, row)
    indicators = indicators_used(explainer, year)
    return tuple(
        FigureRow(capitalized(sentences.words("Group", group)), tuple(map(by_group[group].get, indicators)))
        for group in sorted(by_group)
    )


def _cell(sentences: Sentences, row: Any) -> FigureCell:
    """The cell of one ``dashboard_row``: its color, or its status level where it has none, with status and change."""
    figure = sentences.words("Status", row.status)
    if row.change != _NONE:
        figure += f" ({'+' if row.change > 0 else ''}{sentences.words('Change', row.change)})"
    if row.color != _NONE:
        return FigureCell(row.color, sentences.words("Color", row.color), figure)
    return FigureCell(_NONE, "no color" if row.status_level == _NONE else f"level {row.status_level}", figure)
