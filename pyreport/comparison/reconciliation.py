"""Hold the Dashboard's figures against CDE's letters, group by group, and the decisions against CDE's statuses.

Where an LEA-year has both figures and letters, every student group is one cell. A letter names the state
priorities met where there are two or more of them, so letters and figures agree where the figures show the same
priorities, or fewer than two and there is no letter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pyreport.evidence.printed import Printed
from pyreport.reasoning.determinations import Determination
from pyreport.reasoning.graph import Graph
from pyreport.rulebook.syntax import Atom, Value, unquote

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
AGREE = "agree"
BY_FORCED_COLOR = "agree, with a color that the letter forces"
SETTLED_BY_LETTER = "open by the figures, settled by the letter"
DIFFER = "differ"
_COMPARISONS = {
    "letters_and_figures_differ": DIFFER,
    "forced_color": BY_FORCED_COLOR,
    "left_to_letters": SETTLED_BY_LETTER,
}
"""What the rules say of a student group's letters and figures, first what goes before."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One student group of one LEA in one Dashboard year: what letters and figures say, and how they compare.

    ``letters``, ``figures`` and ``possible`` are state priorities: named by the letter, shown by the figures, and
    shown by some completion of the colors that are open.
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
    """CDE's own conclusion beside ours, where they differ."""

    year: int
    cds: str
    name: str
    what: str
    ours: str
    published: str


def cells(graph: Graph, years: Collection[int] | None = None) -> list[Cell]:
    """Compare every cell of ``graph`` that has both sources, by year, CDS code and group."""
    means: dict[Value, set[int]] = {}
    for _, letter, priority in graph.atoms("letter_means"):
        means.setdefault(letter, set()).add(int(priority))
    letters: dict[tuple[Value, ...], set[int]] = {}
    for atom in graph.atoms("published_letter"):
        letters.setdefault(atom[1:4], set()).update(means[atom[4]])
    figures = _priorities(graph.atoms("figures_show"))
    possible = _priorities(graph.atoms("possibly_meets_priority"))
    same = {name: {atom[1:4] for atom in graph.atoms(name)} for name in _COMPARISONS}
    (least,) = (int(atom[2]) for atom in graph.atoms("threshold") if atom[1] == "different_priorities")
    groups: dict[Value, list[Value]] = {}
    for _, year, group in graph.atoms("student_group"):
        groups.setdefault(year, []).append(group)
    with_letters = {atom[1:3] for atom in graph.atoms("letters_at_hand")}
    with_figures = {atom[1:3] for atom in graph.atoms("figures_at_hand")}
    found = []
    for lea, year in sorted(with_letters & with_figures, key=lambda key: (key[1], key[0])):
        if not isinstance(year, int) or (years is not None and year not in years):
            continue
        for group in sorted(groups[year], key=str):
            key = lea, year, group
            shown, printed = frozenset(figures.get(key, ())), frozenset(letters.get(key, ()))
            perhaps = shown | possible.get(key, set())
            comparison = next((words for name, words in _COMPARISONS.items() if key in same[name]), AGREE)
            # Some completion of the open colors would give another letter, or none.
            other = perhaps if len(perhaps) >= least else frozenset()
            if comparison == AGREE and (printed - shown or other != printed):
                comparison = SETTLED_BY_LETTER
            found.append(Cell(year, unquote(lea), str(group).upper(), printed, shown, frozenset(perhaps), comparison))
    return found


def _priorities(atoms: Iterable[Atom]) -> dict[tuple[Value, ...], set[int]]:
    found: dict[tuple[Value, ...], set[int]] = {}
    for atom in atoms:
        found.setdefault(atom[1:4], set()).add(int(atom[4]))
    return found


def compare_printed(rows: Iterable[Determination], printed: Printed) -> tuple[int, list[PrintedDifference]]:
    """Compare statuses, methods and flags (EC 52072, 52071(f)) with CDE's: how many were compared, the differences.

    What is open is no difference, nor is what CDE's file on record does not carry.
    """
    compared, differences = 0, []
    for row in rows:
        words = printed.get((row.dashboard_year, row.cds), {})
        methods = row.methods.split("+")
        ours_of = {"status": row.status, "ec_52072": row.persistent_52072, "ec_52071f": row.persistent_52071f} | {
            name: "Y" if name.removeprefix(_METHOD) in methods else "N" for name in words if name.startswith(_METHOD)
        }
        for what, ours in ours_of.items():
            published = words.get(what)
            if published is None or ours == "?":
                continue
            compared += 1
            if ours != published:
                differences.append(PrintedDifference(row.dashboard_year, row.cds, row.name, what, ours, published))
    return compared, differences
