"""Hold the Dashboard's figures against CDE's letters, group by group, and the decisions against CDE's statuses.

Where an LEA-year has both figures and letters, every student group is one cell. A letter names the state
priorities met where there are two or more of them, so letters and figures agree where the figures show the same
priorities, or fewer than two and there is no letter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pyreport.evidence.record import Record
from pyreport.reasoning.determinations import Determination
from pyreport.reasoning.graph import Graph
from pyreport.rulebook.syntax import Atom, Value, unquote

__all__ = ["AGREE", "BY_FORCED_COLOR", "DIFFER", "SETTLED_BY_LETTER", "Cell", "PrintedDifference", "cells", "printed"]

AGREE = "agree"
BY_FORCED_COLOR = "agree, with a color that the letter forces"
SETTLED_BY_LETTER = "open by the figures, settled by the letter"
DIFFER = "differ"


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
    forced = {atom[1:4] for atom in graph.atoms("forced_color")}
    groups: dict[Value, list[Value]] = {}
    for _, year, group in graph.atoms("student_group"):
        groups.setdefault(year, []).append(group)
    with_letters = {atom[1:3] for atom in graph.atoms("letters_at_hand")}
    with_figures = {atom[1:3] for name in ("rows_at_hand", "red_list_at_hand") for atom in graph.atoms(name)}
    reported = {atom[1:3] for atom in graph.atoms("reported")} | {atom[1:3] for atom in graph.atoms("red_list_at_hand")}
    found = []
    for lea, year in sorted(with_letters & with_figures & reported, key=lambda key: (key[1], key[0])):
        if not isinstance(year, int) or (years is not None and year not in years):
            continue
        for group in sorted(groups[year], key=str):
            key = lea, year, group
            shown, printed = frozenset(figures.get(key, ())), frozenset(letters.get(key, ()))
            perhaps = shown | possible.get(key, set())
            found.append(
                Cell(
                    year,
                    unquote(lea),
                    str(group).upper(),
                    printed,
                    shown,
                    frozenset(perhaps),
                    _compare(printed, shown, frozenset(perhaps), key in forced),
                )
            )
    return found


def _priorities(atoms: Iterable[Atom]) -> dict[tuple[Value, ...], set[int]]:
    found: dict[tuple[Value, ...], set[int]] = {}
    for atom in atoms:
        found.setdefault(atom[1:4], set()).add(int(atom[4]))
    return found


def _compare(letters: frozenset[int], figures: frozenset[int], possible: frozenset[int], forced: bool) -> str:
    """``letters`` is empty for no letter: then fewer than two priorities were met, as a letter would show them."""
    shown = figures if len(figures) > 1 else frozenset()
    if letters == shown and possible == figures:
        return AGREE
    if letters == shown:
        # Some completion of the open colors would have given another letter.
        more = possible if len(possible) > 1 else frozenset()
        return AGREE if more == shown else SETTLED_BY_LETTER
    if letters and figures <= letters <= possible:
        return BY_FORCED_COLOR if forced else SETTLED_BY_LETTER
    return DIFFER


def printed(rows: Iterable[Determination], record: Record) -> tuple[int, list[PrintedDifference]]:
    """Compare statuses, methods and EC 52072 flags with CDE's; returns how many were compared, and the differences.

    What is open is no difference, nor is what CDE's file on record does not carry.
    """
    compared, differences = 0, []
    for row in rows:
        one = record.lea_years.get((row.dashboard_year, row.cds))
        if one is None:
            continue
        methods = {number: cell.value for number, cell in one.methods.items()}
        sides = [
            ("status", row.status, one.status.value if one.status else None),
            ("ec_52072", row.persistent_52072, one.ec_52072.value if one.ec_52072 else None),
            *(
                (f"method_{number}", "Y" if str(number) in row.methods.split("+") else "N", answer)
                for number, answer in sorted(methods.items())
            ),
        ]
        for what, ours, published in sides:
            if published is None or ours == "?":
                continue
            compared += 1
            if ours != published:
                differences.append(PrintedDifference(row.dashboard_year, row.cds, row.name, what, ours, published))
    return compared, differences
