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
    cells,
    compare_printed,
)
from pyreport.evidence.spreadsheet_cells import as_written
from pyreport.explanation.sentences import Sentences, listed_words
from pyreport.explanation.text import as_text as derivations_as_text
from pyreport.explanation.tree import Explainer, Step
from pyreport.reasoning.decision import Decision
from pyreport.rulebook.syntax import quote

__all__ = ["as_csv", "as_text", "printed_levels", "reconciliation_sentences", "summary"]

_ORDER = (AGREE, BY_FORCED_COLOR, SETTLED_BY_LETTER, DIFFER)


def summary(compared: Iterable[Cell]) -> list[tuple[int, int, list[tuple[str, int]]]]:
    """For each Dashboard year: the number of cells, and how many of them compare in each way that occurs."""
    counts: dict[int, Counter[str]] = {}
    for cell in compared:
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


def as_text(
    decision: Decision, compared: Sequence[Cell], printed: int, differences: Sequence[PrintedDifference]
) -> str:
    """The whole reconciliation as text; every difference between letters and figures with both derivations.

    Args:
        decision: The decision compared.
        compared: Its cells.
        printed: How many printed conclusions were compared.
        differences: Those that differ.
    """
    lines = [f"{_printed_words(decision)}: {printed:,} compared, {len(differences):,} differ."]
    lines += [
        f"  {difference.year} {difference.cds} {difference.name}: {difference.what} is "
        f"{difference.ours or 'empty'}, CDE printed {difference.published}"
        for difference in differences
    ]
    lines += [_levels_words(*counts) for counts in printed_levels(decision)]
    lines += [_summary_words(*counts) for counts in summary(compared)]
    explainer = Explainer(decision.graph)
    for cell in compared:
        if cell.comparison == DIFFER:
            lines.append(
                f"\n{cell.year} {cell.cds} {cell.group}: the letter says {_numbers(cell.letters)}, "
                f"the figures show {_numbers(cell.figures)}"
            )
            lines.append(derivations_as_text(_steps(explainer, cell)).rstrip())
    return "\n".join(lines) + "\n"


def reconciliation_sentences(decision: Decision, county: str, sentences: Sentences) -> list[str]:
    """The whole reconciliation of one county, given by name, as a page has it; every difference is one sentence."""
    compared, rows = cells(decision.graph), decision.determinations()
    count, differences = compare_printed(rows, decision.printed)
    names = {(row.cds, row.dashboard_year): row.name for row in rows}
    return [
        f"{_printed_words(decision)} for {county} County: {count:,} compared, {len(differences):,} differ.",
        *(_levels_words(*counts) for counts in printed_levels(decision) if counts[1]),
        *(_summary_words(*counts) for counts in summary(compared)),
        *(
            f"{names[cell.cds, cell.year]}, {cell.year}, {sentences.words('Group', cell.group.lower())}: CDE’s letter "
            f"says {_priority_words(cell.letters)}, the figures show {_priority_words(cell.figures)}. "
            "The letter decides."
            for cell in compared
            if cell.comparison == DIFFER
        ),
        *(
            f"{difference.name}, {difference.year}: {difference.what} is {difference.ours or 'empty'}; "
            f"CDE printed {difference.published}."
            for difference in differences
        ),
    ]


def _printed_words(decision: Decision) -> str:
    """What is compared with CDE's own conclusions."""
    test = decision.rulebook.predicates["persistent_52072"].label
    return f"Statuses, methods and {test} flags that CDE printed"


def _levels_words(what: str, computed: int, differing: int) -> str:
    return f"Printed {what} computed anew: {computed:,}, {differing:,} differ."


def _summary_words(year: int, total: int, kinds: Iterable[tuple[str, int]]) -> str:
    counted = "; ".join(f"{count:,} {kind}" for kind, count in kinds)
    return f"{year}, figures and letters, student group by student group: {total:,} compared: {counted}."


def _priority_words(priorities: Iterable[int]) -> str:
    """The priorities in words, as a letter or figures show them."""
    numbers = list(map(str, sorted(priorities)))
    return f"Priorities {listed_words(numbers)}" if numbers else "none"


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


def as_csv(compared: Iterable[Cell]) -> str:
    """The cells as CSV with a header: year, CDS code, group, the priorities of each side, and how they compare."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("dashboard_year", "cds", "group", "letters", "figures", "possible", "comparison"))
    for cell in compared:
        sides = (_numbers(side) if side else "" for side in (cell.letters, cell.figures, cell.possible))
        writer.writerow(map(as_written, (cell.year, cell.cds, cell.group, *sides, cell.comparison)))
    return text.getvalue()
