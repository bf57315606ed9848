"""Compare the Dashboard's figures with CDE's letters, group by group, and determinations with what CDE printed.

Where an LEA-year has both figures and letters, every student group is one cell. A letter stands for a set of state
priorities (``letter_means`` in the policy). Letters and figures agree where the letter stands for the priorities that
the figures show, or where no letter stands for those and CDE printed none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from pyreport.evidence.printed import Printed
from pyreport.reasoning.determinations import Determination, YesNoOpen
from pyreport.reasoning.graph import Graph
from pyreport.rulebook.syntax import Value, unquote

__all__ = [
    "AGREE",
    "BY_FORCED_COLOR",
    "DIFFER",
    "SETTLED_BY_LETTER",
    "Cell",
    "PrintedDifference",
    "cells",
    "compare_printed",
]

_METHOD = "method_"
_ANSWERS = {YesNoOpen.YES: "Y", YesNoOpen.NO: "N", YesNoOpen.OPEN: None, None: ""}
"""Answers as CDE prints them; ``None`` where nothing is to be compared."""
AGREE = "agree"
BY_FORCED_COLOR = "agree, with a color that the letter forces"
SETTLED_BY_LETTER = "open by the figures, settled by the letter"
DIFFER = "differ"
_COMPARISONS = {
    "letters_and_figures_differ": DIFFER,
    "forced_color": BY_FORCED_COLOR,
    "left_to_letters": SETTLED_BY_LETTER,
}
"""How a student group's letters and figures compare, by the predicate that says so; the first that holds counts."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One student group of one LEA in one Dashboard year: what letters and figures say, and how they compare.

    Attributes:
        year: The Dashboard year.
        cds: The LEA's 14-digit CDS code.
        group: The student group's code, in capitals.
        letters: The state priorities that the letter stands for.
        figures: Those that the figures show.
        possible: Those that some completion of the open colors would show.
        comparison: ``AGREE``, ``BY_FORCED_COLOR``, ``SETTLED_BY_LETTER`` or ``DIFFER``.
    """

    year: int
    cds: str
    group: str
    letters: frozenset[int]
    figures: frozenset[int]
    possible: frozenset[int]
    comparison: str


@dataclass(frozen=True, slots=True)
class PrintedDifference:
    """A conclusion of the rules beside CDE's own, where they differ.

    ``what`` is ``status``, ``ec_52072``, ``ec_52071f`` or ``method_`` with a number.
    """

    year: int
    cds: str
    name: str
    what: str
    ours: str
    published: str


def cells(graph: Graph, years: Collection[int] | None = None) -> list[Cell]:
    """Compare every student group of ``graph`` that has both sources, by year, CDS code and group.

    Args:
        graph: The derivations.
        years: Dashboard years; all if ``None``.
    """
    meanings: dict[Value, set[int]] = {}
    for row in graph.rows("letter_means"):
        meanings.setdefault(row.letter, set()).add(row.priority)
    letter_sets = set(map(frozenset, meanings.values()))
    letters: dict[tuple[Value, int, str], set[int]] = {}
    for row in graph.rows("published_letter"):
        letters.setdefault(_group_key(row), set()).update(meanings[row.letter])
    figures = _priorities(graph.rows("figures_show"))
    possible = _priorities(graph.rows("possibly_meets_priority"))
    concluded = {name: set(map(_group_key, graph.rows(name))) for name in _COMPARISONS}
    groups: dict[int, list[str]] = {}
    for row in graph.rows("student_group"):
        groups.setdefault(row.year, []).append(row.group)
    with_letters = {(row.year, row.lea) for row in graph.rows("letters_at_hand")}
    with_figures = {(row.year, row.lea) for row in graph.rows("figures_at_hand")}
    compared = []
    for year, lea in sorted(with_letters & with_figures):
        if years is not None and year not in years:
            continue
        for group in sorted(groups[year]):
            key = lea, year, group
            by_letter, by_figures = frozenset(letters.get(key, ())), frozenset(figures.get(key, ()))
            by_completion = by_figures | possible.get(key, set())
            comparison = next((words for name, words in _COMPARISONS.items() if key in concluded[name]), AGREE)
            # Whether some completion of the open colors would give another letter, or none.
            letter_of_completion = by_completion if by_completion in letter_sets else frozenset()
            if comparison == AGREE and (by_letter - by_figures or letter_of_completion != by_letter):
                comparison = SETTLED_BY_LETTER
            compared.append(Cell(year, unquote(lea), group.upper(), by_letter, by_figures, by_completion, comparison))
    return compared


def _group_key(row: Any) -> tuple[Value, int, str]:
    return row.lea, row.year, row.group


def _priorities(rows: Iterable[Any]) -> dict[tuple[Value, int, str], set[int]]:
    """The priorities of each student group of each LEA and year."""
    priorities: dict[tuple[Value, int, str], set[int]] = {}
    for row in rows:
        priorities.setdefault(_group_key(row), set()).add(row.priority)
    return priorities


def compare_printed(rows: Iterable[Determination], printed: Printed) -> tuple[int, list[PrintedDifference]]:
    """Compare statuses, methods and the answers to EC 52072 and 52071(f) with those that CDE printed.

    What is open is no difference, nor is what CDE's file on record does not print.

    Returns:
        How many were compared, and the differences.
    """
    compared, differences = 0, []
    for row in rows:
        words = printed.get((row.dashboard_year, row.cds), {})
        ours: dict[str, str | None] = {
            "status": row.status,
            "ec_52072": _ANSWERS[row.persistent_52072],
            "ec_52071f": _ANSWERS[row.persistent_52071f],
        }
        for name in words:
            if name.startswith(_METHOD):
                ours[name] = _ANSWERS[YesNoOpen.YES if int(name.removeprefix(_METHOD)) in row.methods else YesNoOpen.NO]
        for what, answer in ours.items():
            published = words.get(what)
            if published is None or answer is None:
                continue
            compared += 1
            if answer != published:
                differences.append(PrintedDifference(row.dashboard_year, row.cds, row.name, what, answer, published))
    return compared, differences
