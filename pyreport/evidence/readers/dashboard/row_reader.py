"""Read the rows of an indicator's file one by one: check each, and take what it says of an LEA's student group."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pyreport.evidence.counties import counties
from pyreport.evidence.model import DashboardLea, Figure, Publication, is_agency
from pyreport.evidence.readers.dashboard.coverage import coverage
from pyreport.evidence.readers.dashboard.layouts import (
    dashboard_settings,
    is_fall,
    layouts,
    measure_limits,
    student_groups,
)
from pyreport.evidence.readers.dashboard.values import LEVELS, NOT_ALLOWED, YES_NO, OneOf, Tenths, WholeNumbers
from pyreport.evidence.readers.reading import (
    SourceFile,
    unquoted,
)

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["CODES", "DashboardFile", "RowReader", "filled_cells"]

LEVEL, _ENOUGH = "level", ("denominator", "size")
"""A level counts with one of these: enough students, or a flag that says so."""
_ABSENT = -1


@dataclass(frozen=True)
class DashboardFile:
    """What was taken from a file: its student groups' figures, its LEAs by code, the counties that it covers."""

    publication: Publication
    figures: list[Figure]
    leas: dict[str, DashboardLea]
    passed_over: Mapping[str, int]
    """How many rows were no student group's of an LEA: ``school``, ``state``, ``reporting``."""
    notes: list[str]
    """What there is to say of the file, such as codes restored; a sentence each."""

    @property
    def indicator(self) -> str:
        """The indicator, such as ``chronic_absenteeism``."""
        return self.publication.kind

    @property
    def year(self) -> int:
        """The Dashboard year."""
        return self.publication.dashboard_year


_EXPECTED = {
    "kind": "D, S or X",
    "charter": "Y, N or blank",
    "dass": "Y, N or blank",
    "denominator": "a number of students or blank",
    "status": "a number with one decimal or blank",
    "change": "a number with one decimal or blank",
    "status_level": "a level from 1 to 5, or 0 or blank",
    "change_level": "a level from 1 to 5, or 0 or blank",
    "color": "a color from 1 to 5, or 0 or blank",
    "size": "Y, N or blank",
    "small_population": "Y, N or blank",
    "high_school_cut_points": "Y, N or blank",
    "certified": "Y, N or blank",
}


def _expected(name: str) -> str:
    """What a cell of one of our fields may say, in words."""
    if name == "type":
        return f"{', '.join(dashboard_settings()['types'])} or blank"
    return _EXPECTED[name]


class RowReader(SourceFile):
    """Reads the rows of one file one by one, each a list of texts; ``begin`` with the header, ``go_on``, ``end``."""

    def __init__(self, path: Path, named: tuple[str, int]) -> None:
        super().__init__(path)
        if named not in layouts():
            known = sorted(year for stem, year in layouts() if stem == named[0])
            raise self.stop(
                f"no file of this indicator is known for the {named[1]} Dashboard, only for "
                f"{', '.join(map(str, known))}; a new year needs a table in layouts/dashboard.toml"
            )
        self.layout, self.year = layouts()[named], named[1]
        self.years = {str(self.year)} | ({f"{self.year}f"} if is_fall(self.year) else set())

    def _prepare(self, header: list[str], row: int) -> None:
        """Find the columns and forget what another attempt took."""
        self.width = len(header)
        self.check_cells(header, row)
        wanted = dashboard_settings()["columns"]
        places = self.positions(header, wanted, set(wanted) - self.layout.required, row)
        if self.layout.rests_on == LEVEL and not any(name in places for name in _ENOUGH):
            raise self.stop(
                "a level counts with a number of students or an n-size flag; expected a column "
                f"{' or '.join(wanted[name][0] for name in _ENOUGH)}",
                row,
            )
        self.places = places
        self.has_figures = any(name in places for name in ("color", "status_level"))
        self.restored: list[int] = []
        self.first_row = row + 1
        self.figures: list[Figure] = []
        self.leas: dict[str, DashboardLea] = {}
        self.passed_over: Counter[str] = Counter()
        self.keys: list[npt.NDArray[np.int64]] = []
        self.key_rows: list[npt.NDArray[np.int64]] = []
        self.slow_keys: list[int] = []
        self.slow_rows: list[int] = []
        self.school_codes: set[int] = set()
        self.blank_line = 0
        meanings: dict[str, object] = {**student_groups(self.year)}
        # Where the file of a year may lack the column of groups, a file of several years may have it blank.
        blank = self.layout.blank_group or self.layout.default_group
        if blank:
            meanings[""] = meanings[blank]
        self.groups = OneOf(meanings)
        # The numbers by which the file's codes of groups are known here; unknown ones are added as they are met.
        self.codes = {code: number for number, code in enumerate(dict.fromkeys([*meanings, self.layout.default_group]))}
        if blank:
            self.codes[""] = self.codes[blank]
        self.kinds = OneOf(dashboard_settings()["kinds"])
        self.measures = {name: Tenths(*measure_limits(self.layout.indicator, name)) for name in ("status", "change")}
        self.whole, self.level = WholeNumbers(), OneOf(LEVELS)
        self.yes_no = OneOf(YES_NO)
        sizes = {"": "not_met", "N": "not_met", "Y": "met"} if "size" in places else {"": "not_printed"}
        self.sizes = OneOf(sizes)
        self.certified = OneOf({"": None, "N": "N", "Y": "Y"})
        self.types = OneOf({"": None, **{name: name for name in dashboard_settings()["types"]}})

    def _place(self, name: str) -> int:
        return self.places.get(name, _ABSENT)

    def _row(self, number: int, cells: list[str]) -> str | None:
        """Check what every row must have, and return its kind: ``school``, ``state``, ``district`` or ``charter``."""
        unused = self._unused(lambda name: cells[self.places[name]].strip() if name in self.places else None)
        if unused is not None:
            return unused
        before = len(self.findings)
        text = self.texts(cells, self.places, number)
        kind = self.kinds[text["kind"]]
        charter = self.yes_no[text.get("charter", "")]
        self._known(kind, "kind", text, number)
        self._known(charter, "charter", text, number)
        if text["year"].removesuffix(".0") not in self.years:
            years = " or ".join(sorted(self.years))
            self.report(f"the year is {text['year']!r}; expected {years} in every row", number, "year")
        if "indicator" in text and text["indicator"].upper() != self.layout.printed:
            self.report(
                f"the indicator is {text['indicator']!r}; expected {self.layout.printed} in every row",
                number,
                "indicator",
            )
        cds = self._code(text, cells, number)
        if self.check_code(cds, text.get("county"), number):
            of_agency = is_agency(cds)
            if kind == "state":
                self.report(f"{cds} is the code of a district or county office, not of the state", number, "cds")
            elif kind == "district" and not of_agency:
                self.report(
                    f"{cds} is a school's code; a district's or county office's ends in seven zeros", number, "cds"
                )
            elif kind == "district" and charter is True:
                self.report(f"{cds} is a district or county office and a charter at once", number, "charter")
            elif kind == "school" and of_agency:
                self.report(f"{cds} is the code of a district or county office, not of a school", number, "cds")
        if len(self.findings) > before:
            return None
        return "charter" if kind == "school" else str(kind)

    def _unused(self, cell: Callable[[str], str | None]) -> str | None:
        """``state`` or ``school`` if the row is one of those, of which nothing is taken, whatever else stands in it.

        A row of such a type with the code of a district or county office is none: one of the two is wrong.
        """
        kind = self.kinds[cell("kind") or ""]
        cds = cell("cds") or ""
        is_agency = re.fullmatch(r"[0-9]{6,7}0{7}", cds) is not None and cds.strip("0") != ""
        if kind == "state" and not is_agency:
            return "state"
        is_school = kind == "school" and not is_agency and (cell("charter") or "").upper() in ("", "N")
        return "school" if is_school else None

    def _code(self, text: Mapping[str, str], cells: list[str], number: int) -> str:
        """The code; one that lost its first zero, as spreadsheets have it, is restored if the county proves it."""
        cds = text["cds"]
        if re.fullmatch(r"[0-9]{13}", cds) and counties().get(f"0{cds[0]}") == text.get("county"):
            cds = cells[self.places["cds"]] = f"0{cds}"
            self.restored.append(number)
        return cds

    def _known(self, value: object, name: str, text: Mapping[str, str], number: int) -> None:
        if value is NOT_ALLOWED:
            self.report(f"{text[name]!r} is not what it may be; expected {_expected(name)}", number, name)

    def _take(self, rows: Iterable[tuple[int, list[str]]]) -> None:
        """Take rows of LEAs, which passed the checks of every row. Each has an empty cell behind its last."""
        fields = ("cds", "county", "denominator", "size", "status", "change", "status_level", "change_level", "color")
        p_cds, p_county, p_denominator, p_size, p_status, p_change, p_level, p_step, p_color = map(self._place, fields)
        flags = ("small_population", "high_school_cut_points", "certified", "type", "group")
        p_small, p_cut, p_certified, p_type, p_group = map(self._place, flags)
        groups, whole, level, yes_no = self.groups, self.whole, self.level, self.yes_no
        statuses, changes = self.measures["status"], self.measures["change"]
        sizes, certified, types = self.sizes, self.certified, self.types
        names = counties()
        default, has_figures = self.layout.default_group, self.has_figures
        leas, figures, reporting = self.leas, self.figures, 0
        keys, key_rows, codes = self.slow_keys, self.slow_rows, self.codes
        for number, cells in rows:
            cds = cells[p_cds].strip()
            if p_county >= 0 and cells[p_county] != names[cds[:2]] and cells[p_county].strip() != names[cds[:2]]:
                self.check_code(cds, cells[p_county].strip(), number)
            if cds not in leas:
                charter = self.kinds[cells[self.places["kind"]]] == "school"
                name = cells[self._place("school" if charter else "district")]
                self._new_lea(cds, number, charter, name, cells[self._place("dass")])
            code = cells[p_group] if p_group >= 0 else default
            group = groups[code]
            keys.append(int(cds) * CODES + codes.setdefault(code, len(codes)))
            key_rows.append(number)
            if not group:
                reporting += 1
            if not has_figures:
                continue
            values = (
                cds,
                group,
                number,
                whole[cells[p_denominator]],
                sizes[cells[p_size]],
                statuses[cells[p_status]],
                changes[cells[p_change]],
                level[cells[p_level]],
                level[cells[p_step]],
                level[cells[p_color]],
                yes_no[cells[p_small]],
                yes_no[cells[p_cut]],
                certified[cells[p_certified]],
                types[cells[p_type]],
            )
            if NOT_ALLOWED in values:
                self._explain(number, cells, values)
            elif group:
                figures.append(Figure._make(values))
        self.passed_over["reporting"] += reporting

    def _explain(self, number: int, cells: list[str], values: tuple[object, ...]) -> None:
        for name, value in zip(Figure._fields, values, strict=True):
            if value is not NOT_ALLOWED:
                continue
            printed = cells[self._place(name)].strip()
            if name == "group":
                self.report(f"{printed!r} is no student group that is known", number, name)
            else:
                expected = f"{_expected(name)}{self._between(name)}"
                self.report(f"{printed!r} is not what it may be; expected {expected}", number, name)

    def _between(self, name: str) -> str:
        """Between which numbers a measure of the indicator lies, in words."""
        least, most = measure_limits(self.layout.indicator, name)
        if name not in self.measures or not math.isfinite(most):
            return ""
        return f" from {least / 10:g} to {most / 10:g}"

    def _new_lea(self, cds: str, number: int, charter: bool, name: str, dass: str) -> None:
        column = "school" if charter else "district"
        name, flag = unquoted(self.text(name, number, column)), self.yes_no[dass]
        if not name and column in self.places:
            self.report(f"the name of {cds} is missing", number, column)
        if flag is NOT_ALLOWED:
            self._known(flag, "dass", {"dass": dass}, number)
        self.leas[cds] = DashboardLea(cds, name, charter, flag is True, number)

    def _twice(self) -> None:
        """Report the LEAs that have two rows for one group."""
        import numpy as np

        keys = np.concatenate([*self.keys, np.array(self.slow_keys, np.int64)])
        ordered = np.sort(keys)
        if not (ordered[1:] == ordered[:-1]).any():
            return
        rows = np.concatenate([*self.key_rows, np.array(self.slow_rows, np.int64)])
        order = np.lexsort((rows, keys))
        keys, rows = keys[order], rows[order]
        names = {number: code for code, number in self.codes.items() if code}
        for place in np.flatnonzero(keys[1:] == keys[:-1]).tolist():
            cds, code = divmod(int(keys[place]), CODES)
            message = f"{cds:014} has a row for {names.get(code, 'a blank group')} in row {rows[place]} already"
            self.report(message, int(rows[place + 1]), "group", fault="twice")

    def _result(self, digest: str, rows: int) -> DashboardFile:
        self._twice()
        if not rows:
            self.report("there is no row below the column names", self.first_row - 1)
        for cds, lea in self.leas.items():
            if lea.charter and int(cds) in self.school_codes:
                self.report(f"{cds} is a charter here and a school without charter elsewhere", lea.row, "charter")
        self.check()
        covered, complete = coverage(
            self.year,
            self.leas,
            self.school_codes,
            has_state=self.passed_over["state"] > 0,
            has_flag="charter" in self.places,
        )
        layout = self.layout
        fall = f"Fall {self.year}" if is_fall(self.year) else str(self.year)
        carried = [name for name in self.columns if name not in ("kind", "county", "year", "indicator")]
        publication = Publication(
            dashboard_year=self.year,
            title=f"{fall} California School Dashboard, {layout.title}",
            date="",
            file=self.path.name,
            sheet=self.sheet,
            sha256=digest,
            columns={name: self.columns[name] for name in sorted(carried)},
            kind=layout.indicator,
            counties=tuple(sorted(covered)),
            complete=complete,
        )
        passed_over = dict(sorted(self.passed_over.items()))
        return DashboardFile(publication, self.figures, self.leas, passed_over, self._notes())

    def _notes(self) -> list[str]:
        notes = []
        if self.restored:
            several = f"{len(self.restored):,} codes had" if len(self.restored) > 1 else "one code had"
            notes.append(
                f"{self.path.name}: {several} 13 digits; the zero in front was restored, as the county beside it "
                f"proves (first in row {self.restored[0]})."
            )
        if "charter" not in self.places and self.passed_over["school"]:
            notes.append(
                f"{self.path.name}: without a column charter_flag charter schools cannot be told from others; the "
                f"{self.passed_over['school']:,} rows of schools are passed over."
            )
        return notes

    def read_rows(self, rows: Iterator[tuple[int, list[str]]], digest: str) -> DashboardFile:
        """Take rows one by one, the header first, each with its number."""
        number, header = next(rows)
        self.begin(header, number)
        self.go_on(rows)
        return self.end(digest)

    def begin(self, header: list[str], row: int) -> None:
        """Find the columns; blank cells behind the last name are none."""
        self._prepare(header[: filled_cells(header)], row)
        self.count = 0

    def go_on(self, rows: Iterable[tuple[int, list[str]]]) -> None:
        """Take some rows, each with its number."""
        self._take(self._of_leas(self._counted(rows)))

    def end(self, digest: str) -> DashboardFile:
        """What was taken."""
        return self._result(digest, self.count)

    def _counted(self, rows: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
        """The rows that are not blank, without blank cells behind those of the header."""
        for number, cells in rows:
            if filled := filled_cells(cells):
                self.count += 1
                yield number, cells[: max(filled, self.width)]

    def _pass_over(self, kind: str, cells: list[str]) -> None:
        self.passed_over[kind] += 1
        cds = cells[self.places["cds"]].strip()
        if kind == "school" and re.fullmatch(r"[0-9]{14}", cds):
            self.school_codes.add(int(cds))

    def _of_leas(self, rows: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
        """The rows of LEAs; those that have more or fewer fields than the header are reported."""
        for number, cells in rows:
            if len(cells) == self.width:
                cells.append("")
                if self._is_lea(number, cells):
                    yield number, cells
                continue
            unused = self._unused_though_uneven(cells)
            if unused is None:
                self.report(f"the row has {len(cells)} fields; the header has {self.width}", number)
            else:
                self.passed_over[unused] += 1

    def _unused_though_uneven(self, cells: list[str]) -> str | None:
        """The same as ``_unused`` of a row with a field too many or too few, behind which all others are shifted."""
        place = self.places.get("charter", _ABSENT)
        shifted = cells[place - 1 : place + 2] if place > 0 else []
        if abs(len(cells) - self.width) > 1 or any(cell.strip().upper() == "Y" for cell in shifted):
            return None
        cell_of = {name: cells[at].strip() for name, at in self.places.items() if at < len(cells) and name != "charter"}
        return self._unused(cell_of.get)

    def _is_lea(self, number: int, cells: list[str]) -> bool:
        """Check a row and pass it over if nothing of it is taken."""
        kind = self._row(number, cells)
        if kind in ("school", "state"):
            self._pass_over(kind, cells)
        return kind in ("district", "charter")


def filled_cells(cells: list[str]) -> int:
    """How many cells there are without the blank ones at the end."""
    return next((place for place in range(len(cells), 0, -1) if cells[place - 1].strip()), 0)


CODES = 64
"""More than there are codes of groups."""
