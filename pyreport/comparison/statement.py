"""A reconciliation in words and as a table."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence

from pyreport.comparison.reconciliation import (
    AGREE,
    BY_FORCED_COLOR,
    DIFFER,
    SETTLED_BY_LETTER,
    Cell,
    PrintedDifference,
)
from pyreport.evidence.spreadsheet_cells import as_written
from pyreport.explanation.text import as_text as explained
from pyreport.explanation.tree import Explainer, Step
from pyreport.reasoning.decision import Decision
from pyreport.rulebook.syntax import quote

__all__ = ["as_csv", "as_text", "printed_levels", "summary"]

_ORDER = (AGREE, BY_FORCED_COLOR, SETTLED_BY_LETTER, DIFFER)


def summary(cells: Iterable[Cell]) -> list[tuple[int, int, list[tuple[str, int]]]]:
    """For each year: the cells compared, and how many of each kind, none left out but those with no cell."""
    counts: dict[int, Counter[str]] = {}
    for cell in cells:
        counts.setdefault(cell.year, Counter())[cell.comparison] += 1
    return [
        (year, sum(counts[year].values()), [(kind, counts[year][kind]) for kind in _ORDER if counts[year][kind]])
        for year in sorted(counts)
    ]


def printed_levels(decision: Decision) -> list[tuple[str, int, int]]:
    """Levels and colors computed from what CDE printed: what, how many were computed, and how many differ."""
    graph = decision.graph
    return [
        ("status and change levels", len(graph.atoms("computed_level")), len(graph.atoms("printed_level_differs"))),
        ("colors", len(graph.atoms("computed_color")), len(graph.atoms("printed_color_differs"))),
    ]


def as_text(decision: Decision, cells: Sequence[Cell], printed: int, differences: Sequence[PrintedDifference]) -> str:
    """The whole reconciliation; every difference with the derivations of both sides."""
    lines = [
        f"Statuses, methods and EC 52072 flags that CDE printed: {printed:,} compared, {len(differences):,} differ."
    ]
    for one in differences:
        lines.append(
            f"  {one.year} {one.cds} {one.name}: {one.what} is {one.ours or 'empty'}, CDE printed {one.published}"
        )
    for what, computed, differing in printed_levels(decision):
        lines.append(f"Printed {what} computed anew: {computed:,}, {differing:,} differ.")
    for year, total, kinds in summary(cells):
        counted = "; ".join(f"{count:,} {kind}" for kind, count in kinds)
        lines.append(f"{year}, figures and letters, student group by student group: {total:,} compared: {counted}.")
    explainer = Explainer(decision.graph)
    for cell in cells:
        if cell.comparison == DIFFER:
            lines.append(
                f"\n{cell.year} {cell.cds} {cell.group}: the letter says {_numbers(cell.letters)}, "
                f"the figures show {_numbers(cell.figures)}"
            )
            lines.append(explained(_steps(explainer, cell)).rstrip())
    return "\n".join(lines) + "\n"


def _steps(explainer: Explainer, cell: Cell) -> list[Step]:
    group, lea = cell.group.lower(), quote(cell.cds)
    return [
        step
        for predicate in ("published_letter", "figures_show")
        for step in explainer.about(predicate, lea, cell.year)
        if step.atom[3] == group
    ]


def _numbers(priorities: Iterable[int]) -> str:
    return "+".join(map(str, sorted(priorities))) or "none"


def as_csv(cells: Iterable[Cell]) -> str:
    """One row a cell: year, CDS code, group, the priorities of each side, and how they compare."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("dashboard_year", "cds", "group", "letters", "figures", "possible", "comparison"))
    for cell in cells:
        sides = (_numbers(side) if side else "" for side in (cell.letters, cell.figures, cell.possible))
        writer.writerow(map(as_written, (cell.year, cell.cds, cell.group, *sides, cell.comparison)))
    return text.getvalue()
