"""At which figure a color would have been another one, and at which the next Dashboard would no longer show Red.

Cut points, change bands and grids are the policy's (``color_of_figures``, ``colored_by``). The year before stays as it
is, so a status moves the change by as much: each level of the one with each level of the other covers a range of
figures, and the nearest is picked here. A statement about the rules and never advice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from operator import attrgetter
from typing import Any

from pyreport.evidence.predicates import Facts
from pyreport.hypotheses.color_figures import NONE, Color, ColorFigures, Figure, Range, Students, students_between
from pyreport.hypotheses.relevance import narrowed, relevant_facts
from pyreport.hypotheses.starting_point import starting_points
from pyreport.hypotheses.worlds import NO_SOURCE, conclude_worlds, decide_worlds
from pyreport.proof.checker import Verdict
from pyreport.reasoning.grounding import ReasoningError
from pyreport.reasoning.solver import conclude
from pyreport.rulebook.rows import atom_of, with_values
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value, quote

__all__ = ["ColorRules"]

_ROW = "dashboard_row"
_PRIORITIES = "figures_show"
_COLOR = "computed_color"
_LEVEL = "computed_level"
_ELIGIBLE = "eligible"

_Key = tuple[Value, str, str, int]
"""A changed figure: the LEA, the student group, the indicator and the status."""


def _key(lea: Value, color: Color, figure: Figure) -> _Key:
    return lea, color.group, color.indicator, figure.status


class ColorRules:
    """The policy's cut points and grids, made ready once for many LEAs.

    Args:
        changes: The policy, loaded with its changes.
    """

    def __init__(self, changes: Rulebook) -> None:
        self.rulebook = changes
        self._asked = ("colored_by", "color_counts")
        self._narrow = narrowed(changes, self._asked)
        self._narrow_priorities = narrowed(changes, (_PRIORITIES, _COLOR, _LEVEL))

    @cached_property
    def _cells(self) -> dict[tuple[Value, ...], list[Any]]:
        """The cells of each table of figures, by indicator, cut points, number of change bands and grid."""
        name = "color_of_figures"
        cells: dict[tuple[Value, ...], list[Any]] = {}
        for atom in conclude(narrowed(self.rulebook, (name,)), {}, (name,))[name]:
            cell = self.rulebook.predicates[name].row(atom)
            cells.setdefault((cell.indicator, cell.table, cell.bands, cell.grid), []).append(cell)
        return cells

    @cached_property
    def _units(self) -> dict[Value, Any]:
        return {row.indicator: row for row in self.rulebook.stated("figure_unit")}

    @cached_property
    def _higher(self) -> dict[Value, bool]:
        return {row.indicator: row.better == "higher" for row in self.rulebook.stated("better")}

    def figures_that_change(
        self, facts: Facts, leas: Collection[str], year: int, *, eligibility: bool = False
    ) -> dict[str, ColorFigures]:
        """The figures at which colors of LEAs would be others, by CDS code.

        Args:
            facts: The facts of these LEAs, and of others; with ``eligibility``, all on which ``year`` rests.
            leas: CDS codes.
            year: Dashboard year.
            eligibility: Decide also whether each color alone would change eligibility, which takes twice as long.

        Raises:
            ReasoningError: Clingo reported something, or a figure is not confirmed by deciding again.
        """
        codes = {quote(cds): cds for cds in sorted(leas)}
        places, years = self.rulebook.places("LEA"), self.rulebook.places("Year")
        atoms: dict[Value, list[Atom]] = {lea: [] for lea in codes}
        on_record: dict[Value, set[int]] = {lea: set() for lea in codes}
        for atom in facts:
            name = str(atom[0])
            lea = atom[places[name]] if name in places else None
            if lea not in atoms:
                continue
            if name == _ROW:
                on_record[lea].add(int(atom[years[name]]))
            if name not in years or atom[years[name]] == year:
                atoms[lea].append(atom)
        every = [atom for of_lea in atoms.values() for atom in of_lea]
        together = dict.fromkeys(relevant_facts(self._narrow, every), NO_SOURCE)
        concluded = conclude(self._narrow, together, self._asked) if together else {}
        colored, counts = (
            [self.rulebook.predicates[name].row(atom) for atom in concluded.get(name, ())] for name in self._asked
        )
        keys = {(row.lea, row.group, row.indicator): (row.indicator, row.table, row.bands, row.grid) for row in colored}
        counting = {(row.group, row.indicator) for row in with_values(counts, year=year)}
        encoded = tuple(sorted(int(row.year) for row in self.rulebook.stated("cuts_in_force")))
        found: dict[Value, list[Color]] = {}
        for lea in codes:
            rows = [self.rulebook.predicates[_ROW].row(atom) for atom in atoms[lea] if atom[0] == _ROW]
            colors = [
                self._color(row, keys.get((lea, row.group, row.indicator)))
                for row in sorted(rows, key=self._order)
                if row.color != NONE and row.status != NONE and (row.group, row.indicator) in counting
            ]
            found[lea] = colors
        found = self._with_priorities(found, atoms, year)
        if eligibility:
            found |= self._with_eligibility(facts, found, year)
        return {
            cds: ColorFigures(cds, year, tuple(sorted(on_record[lea])), encoded, tuple(found[lea]))
            for lea, cds in codes.items()
        }

    def _order(self, row: Any) -> tuple[int, int]:
        groups, indicators = (list(self.rulebook.names[name]) for name in ("Group", "Indicator"))
        return groups.index(row.group), indicators.index(row.indicator)

    def _color(self, row: Any, key: tuple[Value, ...] | None) -> Color:
        """What ``row``, a ``dashboard_row``, says; with the nearest figures if its color follows by ``key``."""
        change, denominator = (None if value == NONE else value for value in (row.change, row.denominator))
        higher = self._higher[row.indicator]
        unit = str(self._units[row.indicator].unit)
        color = Color(
            row.group, row.indicator, row.color, row.status, change, denominator, unit, higher, key is not None
        )
        if key is None or change is None:
            return color
        ranges = self.ranges(key, row.status - change)
        up = self._nearest(color, ranges, upward=True)
        down = self._nearest(color, ranges, upward=False)
        better, worse = (up, down) if higher else (down, up)
        return replace(color, better=better, worse=worse, next_year=self._next_year(color, key))

    def ranges(self, key: tuple[Value, ...], prior: int) -> list[Range]:
        """The ranges of status figures, ascending, of which each falls into one cell of the grid.

        Args:
            key: Indicator, cut points, number of change bands and grid.
            prior: The status of the year before, in tenths.
        """
        unit = self._units[key[0]]
        found = []
        for cell in self._cells[key]:
            first = max(cell.status_from, prior + cell.change_from, unit.status_from)
            last = min(cell.status_to, prior + cell.change_to, unit.status_to)
            if first <= last:
                found.append(Range(first, last, cell.result, (cell.status_level, cell.change_level)))
        return sorted(found, key=lambda one: one.first)

    def _nearest(self, color: Color, ranges: list[Range], *, upward: bool) -> Figure | None:
        """The nearest status above (or below) the one on record at which the color is another."""
        for one in ranges if upward else reversed(ranges):
            end = one.first if upward else one.last
            beyond = end > color.status if upward else end < color.status
            if beyond and one.color not in (NONE, color.color):
                assert color.prior is not None
                students = None
                if color.unit == "percent" and color.denominator:
                    students = students_between(color, end, ranges)
                return _figure(color, one, end, color.prior, students)
        return None

    def _next_year(self, color: Color, key: tuple[Value, ...]) -> Figure | None:
        """The worst status of the next Dashboard from which on, towards better ones, it has no longer this color."""
        if color.color not in {row.color for row in self.rulebook.stated("color_to_leave")}:
            return None
        ranges = self.ranges(key, color.status)
        last = None
        for one in reversed(ranges) if color.higher_is_better else ranges:
            if one.color == color.color:
                break
            if one.color != NONE:
                last = one
        if last is None:
            return None
        return _figure(color, last, last.first if color.higher_is_better else last.last, color.status, None)

    def _with_priorities(
        self, found: Mapping[Value, list[Color]], atoms: Mapping[Value, list[Atom]], year: int
    ) -> dict[Value, list[Color]]:
        """The colors, each figure with the state priorities that would come and go with its color.

        Each is decided again from the facts of its student group alone: no priority of a group rests on another group.
        """
        tested = {row.color for row in self.rulebook.stated("tested_color")}
        now: dict[_Key, list[Atom]] = {}
        after: dict[_Key, list[Atom]] = {}
        of_group = self._by_group(atom for of_lea in atoms.values() for atom in of_lea)
        for lea, colors in found.items():
            for color in colors:
                mine = [*of_group.get((lea, None), ()), *of_group.get((lea, color.group), ())]
                for figure in color.figures:
                    if {color.color, figure.color} & tested:
                        now[lea, color.group, "", 0] = mine
                        after[_key(lea, color, figure)] = self._changed(mine, lea, year, color, figure)
        decided = (_PRIORITIES, _COLOR, _LEVEL)
        concluded = conclude_worlds(self._narrow_priorities, {**now, **after}, decided) if after else {}

        def told(lea: Value, color: Color, figure: Figure | None) -> Figure | None:
            if figure is None or (key := _key(lea, color, figure)) not in after:
                return figure
            self._confirm(concluded[key], color, figure)
            shown, would = self._shown(concluded[lea, color.group, "", 0]), self._shown(concluded[key])
            return replace(
                figure, comes=tuple(sorted(would - shown, key=str)), goes=tuple(sorted(shown - would, key=str))
            )

        return {
            lea: [replace(one, better=told(lea, one, one.better), worse=told(lea, one, one.worse)) for one in colors]
            for lea, colors in found.items()
        }

    def _by_group(self, atoms: Iterable[Atom]) -> dict[tuple[Value, Value | None], list[Atom]]:
        """The facts on which priorities rest, by LEA and student group; ``None`` for those of no group."""
        leas, groups = self._narrow_priorities.places("LEA"), self._narrow_priorities.places("Group")
        by_group: dict[tuple[Value, Value | None], list[Atom]] = {}
        for atom in relevant_facts(self._narrow_priorities, atoms):
            name = str(atom[0])
            group = atom[groups[name]] if name in groups else None
            by_group.setdefault((atom[leas[name]], group), []).append(atom)
        return by_group

    def decided_again(self, rulebook: Rulebook, facts: Facts, figures: ColorFigures) -> Verdict | None:
        """Decide from each figure again by the whole policy, with all derivations, and have these checked.

        No color rests on another row, so all better figures are put in place together, all worse ones, and those of the
        next Dashboard, with this year's figures as those of the year before.

        Args:
            rulebook: The policy.
            facts: The facts of the LEA on which the year rests.
            figures: What was said of the LEA.

        Returns:
            The verdict of the proof checker; ``None`` where no figure was told.

        Raises:
            ReasoningError: Clingo reported something, or a figure is not confirmed by deciding again.
            ProofError: The checker does not confirm a derivation.
        """
        lea = quote(figures.cds)
        placed = [
            [(color, figure) for color in figures.colors if (figure := figure_of(color)) is not None]
            for figure_of in (attrgetter("better"), attrgetter("worse"), attrgetter("next_year"))
        ]
        worlds: dict[tuple[int, int], list[Atom]] = {}
        for place, changes in enumerate(placed):
            if changes:
                atoms = list(facts)
                for color, figure in changes:
                    atoms = self._changed(atoms, lea, figures.year, color, figure)
                worlds[place, 0] = atoms
        decided = decide_worlds(rulebook, facts, figures.cds, worlds)
        if decided is None:
            return None
        for (place, _), atoms in decided.concluded((_COLOR, _LEVEL)).items():
            for color, figure in placed[place]:
                self._confirm(self._of_group(atoms, figures.year, color.group), color, figure)
        return decided.verdict

    def _of_group(self, atoms: Iterable[Atom], year: int, group: str) -> list[Atom]:
        years, groups = self.rulebook.places("Year"), self.rulebook.places("Group")
        return [atom for atom in atoms if (atom[years[str(atom[0])]], atom[groups[str(atom[0])]]) == (year, group)]

    def _shown(self, atoms: Iterable[Atom]) -> set[Value]:
        declared = self.rulebook.predicates[_PRIORITIES]
        return {declared.row(atom).priority for atom in atoms if atom[0] == _PRIORITIES}

    def _confirm(self, atoms: Iterable[Atom], color: Color, figure: Figure) -> None:
        """Compare what is said of a figure with what the rules of the Dashboard make of it when it is decided again.

        Raises:
            ReasoningError: They differ.
        """
        rows = [self.rulebook.predicates[str(atom[0])].row(atom) for atom in atoms if atom[0] in (_COLOR, _LEVEL)]
        decided = {row[-1] for row in rows if type(row).__name__ == _COLOR and row.indicator == color.indicator}
        levels = {
            row.measure: row.level for row in rows if type(row).__name__ == _LEVEL and row.indicator == color.indicator
        }
        if decided != {figure.color} or (levels.get("status"), levels.get("change")) != figure.levels:
            raise ReasoningError(f"a figure is not confirmed by deciding again: {color}, {figure}: {decided}, {levels}")

    def _changed(self, atoms: Iterable[Atom], lea: Value, year: int, color: Color, figure: Figure) -> list[Atom]:
        """The facts, in which the row of ``color`` has another figure, with the levels and the color of that."""
        declared = self.rulebook.predicates[_ROW]
        world = []
        for atom in atoms:
            if atom[0] == _ROW:
                row = declared.row(atom)
                if (row.lea, row.year, row.group, row.indicator) == (lea, year, color.group, color.indicator):
                    status_level, change_level = figure.levels
                    atom = atom_of(
                        row._replace(
                            status=figure.status,
                            change=figure.change,
                            status_level=status_level,
                            change_level=change_level,
                            color=figure.color,
                        )
                    )
            world.append(atom)
        return world

    def _with_eligibility(
        self, facts: Facts, found: Mapping[Value, list[Color]], year: int
    ) -> dict[Value, list[Color]]:
        """The colors, each figure with what its color alone would change about the eligibility of its LEA."""
        narrow = narrowed(self.rulebook, (_ELIGIBLE,))
        told: dict[Value, list[Color]] = {}
        for start in starting_points(self.rulebook, facts, year, (_ELIGIBLE,)):
            by_figures = any(basis.year == year and basis.name == "figures" for basis in start.bases)
            if start.lea not in found or not by_figures:
                continue
            atoms = relevant_facts(narrow, start.atoms)
            worlds = {
                _key(start.lea, color, figure): self._changed(atoms, start.lea, year, color, figure)
                for color in found[start.lea]
                for figure in color.figures
                if figure.comes or figure.goes
            }
            now, *after = conclude_worlds(narrow, {None: atoms, **worlds}, (_ELIGIBLE,)).values()
            changing = {key for key, then in zip(worlds, after, strict=True) if then != now}
            told[start.lea] = [
                replace(
                    color,
                    better=_decided(start.lea, color, color.better, changing),
                    worse=_decided(start.lea, color, color.worse, changing),
                )
                for color in found[start.lea]
            ]
        return told


def _decided(lea: Value, color: Color, figure: Figure | None, changing: Collection[_Key]) -> Figure | None:
    return None if figure is None else replace(figure, changes_eligibility=_key(lea, color, figure) in changing)


def _figure(color: Color, one: Range, status: int, prior: int, students: Students | None) -> Figure:
    return Figure(status, status - color.status, one.color, status - prior, one.levels, students)
