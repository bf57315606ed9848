"""A reconciliation as text and as CSV."""

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
from pyreport.evidence.readers.spreadsheet_cells import as_written
from pyreport.explanation.text import as_text as derivations_as_text
from pyreport.explanation.tree import Explainer, Step
from pyreport.reasoning.decision import Decision
from pyreport.rulebook.syntax import quote

__all__ = ["as_csv", "as_text", "printed_levels", "summary"]

_ORDER = (AGREE, BY_FORCED_COLOR, SETTLED_BY_LETTER, DIFFER)


def summary(cells: Iterable[Cell]) -> list[tuple[int, int, list[tuple[str, int]]]]:
    """For each Dashboard year: the number of cells, and how many of them compare in each way that occurs."""
    counts: dict[int, Counter[str]] = {}
    for cell in cells:
        counts.setdefault(cell.year, Counter())[cell.comparison] += 1
    return [
        (year, counts[year].total(), [(kind, counts[year][kind]) for kind in _ORDER if counts[year][kind]])
        for year in sorted(counts)
    ]


def printed_levels(decision: Decision) -> list[tuple[str, int, int]]:
    """For levels and for colors: the words for them, how many were computed anew, and how many differ from CDE's."""
    graph = decision.graph
    return [
        ("status and change levels", len(graph.atoms("computed_level")), len(graph.atoms("printed_level_differs"))),
        ("colors", len(graph.atoms("computed_color")), len(graph.atoms("printed_color_differs"))),
    ]


def as_text(decision: Decision, cells: Sequence[Cell], printed: int, differences: Sequence[PrintedDifference]) -> str:
    """The whole reconciliation as text; every difference between letters and figures with both derivations.

    Args:
        decision: The decision compared.
        cells: What ``reconciliation.cells`` returned for it.
        printed: How many printed conclusions were compared.
        differences: Those that differ.
    """
    lines = [
        f"Statuses, methods and EC 52072 flags that CDE printed: {printed:,} compared, {len(differences):,} differ."
    ]
    lines += [
        f"  {difference.year} {difference.cds} {difference.name}: {difference.what} is "
        f"{difference.ours or 'empty'}, CDE printed {difference.published}"
        for difference in differences
    ]
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
            lines.append(derivations_as_text(_steps(explainer, cell)).rstrip())
    return "\n".join(lines) + "\n"


def _steps(explainer: Explainer, cell: Cell) -> list[Step]:
    """The derivations of the letter and of what the figures show."""
    predicates = explainer.graph.rulebook.predicates
    return [
        step
        for name in ("published_letter", "figures_show")
        for step in explainer.about(name, quote(cell.cds), cell.year)
        if predicates[name].row(step.atom).group == cell.group.lower()
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
