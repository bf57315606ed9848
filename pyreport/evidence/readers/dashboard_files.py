"""Read the Dashboard's indicator files: one reader for every indicator and year, driven by ``layouts/dashboard.toml``.

A statewide year is about a million rows, of which an eighth concern student groups of LEAs. So a text file is
read in blocks whose rows are checked all at once, on the bytes: the number of fields, the codes, the year, the
indicator. Python looks at a row only if it is an LEA's, or if it is not exactly as it should be; then the row is
taken apart like a workbook's and what is wrong with it is said.
"""

from __future__ import annotations

import gc
import hashlib
import math
import re
import tomllib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from pyreport.evidence.counties import counties
from pyreport.evidence.findings import EvidenceError, Finding, Findings, UnknownFile
from pyreport.evidence.model import DashboardLea, Figure, Publication
from pyreport.evidence.readers import limits
from pyreport.evidence.readers.control_characters import CONTROL, PLAIN
from pyreport.evidence.readers.other_files import plain_file_name
from pyreport.evidence.readers.reading import (
    UTF_16,
    WORKBOOK_STARTS,
    SourceFile,
    plain_name,
    sheet_rows,
    text_rows,
    unquoted,
)
from pyreport.evidence.readers.workbook import column_letter

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = [
    "DashboardFile",
    "dashboard_file_name",
    "layouts",
    "read_combined_file",
    "read_dashboard_file",
    "student_group",
]

BLOCK = 1 << 20
"""Bytes read at a time: small enough that what is made of a block stays in the processor's cache."""

_EVERY_FILE = ("cds", "kind", "year")
_RESTS_ON = {"color": ("color",), "level": ("status_level",), "nothing": ()}
_LEVEL, _ENOUGH = "level", ("denominator", "size")
"""A level counts with one of these: enough students, or a flag that says so."""
_HEADER = ("rtype", "reportingyear")
"""Columns by which the header is found in workbooks and in texts that are not as CDE writes them."""
_BAD = object()
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


@dataclass(frozen=True)
class Layout:
    """Which columns the file of an indicator has in certain years; see the comments in the TOML file."""

    indicator: str
    stem: str
    printed: str
    title: str
    years: list[int]
    known_from: str
    rests_on: str
    like: int = 0
    default_group: str = ""
    blank_group: str = ""

    @property
    def required(self) -> set[str]:
        """The fields without which the file is not taken."""
        return {*_EVERY_FILE, *_RESTS_ON[self.rests_on], *(() if self.default_group else ("group",))}


@cache
def _settings() -> dict[str, dict[str, list[str]]]:
    text = (Path(__file__).parents[1] / "layouts" / "dashboard.toml").read_text(encoding="utf-8")
    settings: dict[str, dict[str, list[str]]] = tomllib.loads(text)
    return settings


def _measure(indicator: str, name: str) -> tuple[float, float]:
    """The least and the greatest that a measure of an indicator may be, in tenths."""
    measures: Mapping[str, Mapping[str, tuple[int, int]]] = _settings()["measures"]  # type: ignore[assignment]
    least, most = measures.get(indicator, {}).get(name, (-math.inf, math.inf))
    return least * 10, most * 10


def _in_fall(year: int) -> bool:
    return str(year) in _settings()["words"]["fall"]


@cache
def layouts() -> Mapping[tuple[str, int], Layout]:
    """The layouts by the beginning of the file's name and the Dashboard year."""
    entries = [Layout(**entry) for entry in _settings()["layout"]]  # type: ignore[arg-type]
    return {(entry.stem, year): entry for entry in entries for year in entry.years}


def dashboard_file_name(name: str) -> tuple[str, int] | None:
    """The beginning and the Dashboard year in a file's name such as ``graddownload2017f.txt``; ``None`` if another."""
    stems = "|".join(sorted({stem for stem, _ in layouts()}))
    # Behind the year: f for fall, a version such as v2, and what people add after a sign.
    pattern = rf"({stems})download(20[0-9]{{2}})f?(?:v[0-9]+)?(?![0-9a-z])"
    found = re.match(pattern, plain_file_name(name), re.IGNORECASE)
    return (found[1].lower(), int(found[2])) if found else None


def student_group(code: str) -> str | None:
    """Our code of a student group as Dashboard files write it; empty for a reporting row, ``None`` if unknown."""
    groups = _settings()["groups"]
    students: Mapping[str, str] = groups["students"]  # type: ignore[assignment]
    return students.get(code, "" if code in groups["reporting"] else None)


def read_dashboard_file(path: Path) -> DashboardFile:
    """Read an indicator's file, text or workbook. Its name tells indicator and year; the content must agree.

    Raises:
        EvidenceError: With every problem of the file.
    """
    return _without_collecting(lambda: _Reader(path, _named(path)).read())


def read_combined_file(path: Path) -> tuple[list[DashboardFile], list[str]]:
    """Read a file in which rows of several indicators or years stand together, told apart by columns.

    Returns what was taken of each, and notes.

    Raises:
        UnknownFile: It has not the columns of such a file.
        EvidenceError: With every problem of the file.
    """
    return _without_collecting(lambda: _Combined(path).read())


_T = TypeVar("_T")


def _without_collecting(read: Callable[[], _T]) -> _T:
    # Hundreds of thousands of tuples are made and none is let go: looking for garbage among them costs a tenth.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return read()
    finally:
        if collecting:
            gc.enable()


def _named(path: Path) -> tuple[str, int]:
    named = dashboard_file_name(path.name)
    if named is None:
        message = "the name is not that of an indicator's file, such as eladownload2024.txt"
        raise UnknownFile([Finding(path.name, "", 0, "", message)])
    return named


class _Cached(dict[str, object]):
    """Texts and what they mean; a text that means nothing allowed means ``_BAD``."""

    def parse(self, text: str) -> object:
        raise NotImplementedError

    def __missing__(self, text: str) -> object:
        value = self[text] = self.parse(text.strip())
        return value


def _written_out(text: str) -> str:
    """A whole number times a power of ten, as R writes 100000 (1e+05), in digits.

    A spreadsheet writes E, and decimals that it may have rounded: that is no number here.
    """
    found = re.fullmatch(r"(-?[0-9]+)e\+?([0-9])|(-?[0-9]+)e\+?0([0-9])", text)
    return f"{found[1] or found[3]}{'0' * int(found[2] or found[4])}" if found else text


class _Tenths(_Cached):
    """Decimal numbers in tenths, exactly: a second decimal that is not zero is an error, never rounded."""

    def __init__(self, least: float, most: float) -> None:
        super().__init__()
        self.least, self.most = least, most

    def parse(self, text: str) -> object:
        if text in _settings()["words"]["no_number"]:
            return None
        text = _written_out(text)
        found = re.fullmatch(r"(-?)([0-9]{0,7})(?:\.([0-9]?)0*)?", text)
        if found is None or not (found[2] or found[3]):
            return _BAD
        tenths = int(found[2] or "0") * 10 + int(found[3] or "0")
        tenths = -tenths if found[1] else tenths
        return tenths if self.least <= tenths <= self.most else _BAD


class _Whole(_Cached):
    """Numbers of students."""

    def parse(self, text: str) -> object:
        if text in _settings()["words"]["no_number"]:
            return None
        text = _written_out(text)
        found = re.fullmatch(r"([0-9]{1,8})(?:\.0*)?", text)
        return int(found[1]) if found else _BAD


class _OneOf(_Cached):
    """One of a few words."""

    def __init__(self, allowed: Mapping[str, object]) -> None:
        super().__init__(allowed)
        self.allowed = dict(allowed)

    def parse(self, text: str) -> object:
        return self.allowed.get(text, _BAD)


_LEVELS = {"": None, "0": None, **{str(level): level for level in range(1, 6)}}
_LEVELS |= {f"{text}.0": level for text, level in _LEVELS.items() if text}
_YES_NO = {"": False, "N": False, "Y": True}
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
    "type": "ED, HD, UD, ES, MS, HS or blank",
}


class _NotUtf8(Exception):
    pass


class _Unreadable(Exception):
    """Nothing more can be read from this line on."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message, self.line = message, line


class _Reader(SourceFile):
    """One file while it is being read."""

    def __init__(self, path: Path, named: tuple[str, int]) -> None:
        super().__init__(path)
        if named not in layouts():
            known = sorted(year for stem, year in layouts() if stem == named[0])
            raise self.stop(
                f"no file of this indicator is known for the {named[1]} Dashboard, only for "
                f"{', '.join(map(str, known))}; a new year needs a table in layouts/dashboard.toml"
            )
        self.layout, self.year = layouts()[named], named[1]
        self.years = {str(self.year)} | ({f"{self.year}f"} if _in_fall(self.year) else set())

    def read(self) -> DashboardFile:
        self.check_size()
        with self.path.open("rb") as file:
            start = file.read(8)
            if not start:
                raise self.stop("the file is empty; expected an indicator's file of CDE")
            if start.startswith(WORKBOOK_STARTS):
                content = self.content()
                return self.read_rows(sheet_rows(self, content, _HEADER), hashlib.sha256(content).hexdigest())
            if start.startswith(UTF_16) or not self._is_as_cde_writes(file):
                content = self.content()
                return self.read_rows(text_rows(self, content, _HEADER), hashlib.sha256(content).hexdigest())
            for encoding in ("utf-8", "cp1252"):
                file.seek(0)
                self.findings = Findings()
                try:
                    return self._read_text(file, encoding)
                except _NotUtf8:
                    continue
        raise AssertionError("Windows-1252 is the last encoding tried")

    # ------------------------------------------------------------------------------------------- all files

    def _prepare(self, header: list[str], row: int) -> None:
        """Find the columns and forget what another attempt took."""
        self.width = len(header)
        self.check_cells(header, row)
        wanted = _settings()["columns"]
        places = self.positions(header, wanted, set(wanted) - self.layout.required, row)
        if self.layout.rests_on == _LEVEL and not any(name in places for name in _ENOUGH):
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
        groups = _settings()["groups"]
        students: Mapping[str, str] = groups["students"]  # type: ignore[assignment]
        meanings: dict[str, object] = {**students, **dict.fromkeys(groups["reporting"], "")}
        # Where the file of a year may lack the column of groups, a file of several years may have it blank.
        blank = self.layout.blank_group or self.layout.default_group
        if blank:
            meanings[""] = meanings[blank]
        self.groups = _OneOf(meanings)
        # The numbers by which the file's codes of groups are known here; unknown ones are added as they are met.
        self.codes = {code: number for number, code in enumerate(dict.fromkeys([*meanings, self.layout.default_group]))}
        if blank:
            self.codes[""] = self.codes[blank]
        self.kinds = _OneOf(_settings()["kinds"])
        self.measures = {name: _Tenths(*_measure(self.layout.indicator, name)) for name in ("status", "change")}
        self.whole, self.level = _Whole(), _OneOf(_LEVELS)
        self.yes_no = _OneOf(_YES_NO)
        sizes = {"": "not_met", "N": "not_met", "Y": "met"} if "size" in places else {"": "not_printed"}
        self.sizes = _OneOf(sizes)
        self.certified = _OneOf({"": None, "N": "N", "Y": "Y"})
        self.types = _OneOf({"": None, **{name: name for name in _settings()["words"]["types"]}})
        self.words = {
            "group": _Words(self.groups.allowed),
            "code": _Words({code: self.codes[code] for code in self.groups.allowed}),
            "size": _Words(self.sizes.allowed),
            **dict.fromkeys(("status_level", "change_level", "color"), _Words(self.level.allowed)),
            **dict.fromkeys(("small_population", "high_school_cut_points"), _Words(self.yes_no.allowed)),
            "certified": _Words(self.certified.allowed),
            "type": _Words(self.types.allowed),
        }

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
            is_agency = cds.endswith("0000000")
            if kind == "state":
                self.report(f"{cds} is the code of a district or county office, not of the state", number, "cds")
            elif kind == "district" and not is_agency:
                self.report(
                    f"{cds} is a school's code; a district's or county office's ends in seven zeros", number, "cds"
                )
            elif kind == "district" and charter is True:
                self.report(f"{cds} is a district or county office and a charter at once", number, "charter")
            elif kind == "school" and is_agency:
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
        if value is _BAD:
            self.report(f"{text[name]!r} is not what it may be; expected {_EXPECTED[name]}", number, name)

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
            keys.append(int(cds) * _CODES + codes.setdefault(code, len(codes)))
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
            if _BAD in values:
                self._explain(number, cells, values)
            elif group:
                figures.append(Figure._make(values))
        self.passed_over["reporting"] += reporting

    def _explain(self, number: int, cells: list[str], values: tuple[object, ...]) -> None:
        for name, value in zip(Figure._fields, values, strict=True):
            if value is not _BAD:
                continue
            printed = cells[self._place(name)].strip()
            if name == "group":
                self.report(f"{printed!r} is no student group that is known", number, name)
            else:
                expected = f"{_EXPECTED[name]}{self._between(name)}"
                self.report(f"{printed!r} is not what it may be; expected {expected}", number, name)

    def _between(self, name: str) -> str:
        """Between which numbers a measure of the indicator lies, in words."""
        least, most = _measure(self.layout.indicator, name)
        if name not in self.measures or not math.isfinite(most):
            return ""
        return f" from {least / 10:g} to {most / 10:g}"

    def _new_lea(self, cds: str, number: int, charter: bool, name: str, dass: str) -> None:
        column = "school" if charter else "district"
        name, flag = unquoted(self.text(name, number, column)), self.yes_no[dass]
        if not name and column in self.places:
            self.report(f"the name of {cds} is missing", number, column)
        if flag is _BAD:
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
            cds, code = divmod(int(keys[place]), _CODES)
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
        covered, complete = self._coverage()
        layout = self.layout
        fall = f"Fall {self.year}" if _in_fall(self.year) else str(self.year)
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

    def _coverage(self) -> tuple[set[str], bool]:
        """The counties of which there are rows of LEAs, and whether the file is CDE's own of the whole state."""
        settings = _settings()["coverage"]
        of_leas = {cds[:2] for cds in self.leas}
        seen = of_leas | {f"{code // 10**12:02}" for code in self.school_codes} | {*settings["without_rows"]}
        has_state = self.passed_over["state"] > 0 or str(self.year) in settings["without_state"]
        # Without the flag of charter schools, or rows of schools, it leaves charter schools out.
        has_charters = "charter" in self.places and bool(
            self.school_codes or any(one.charter for one in self.leas.values())
        )
        complete = has_state and has_charters and seen >= set(counties())
        return (set(counties()) if complete else of_leas), complete

    def _notes(self) -> list[str]:
        found = []
        if self.restored:
            several = f"{len(self.restored):,} codes had" if len(self.restored) > 1 else "one code had"
            found.append(
                f"{self.path.name}: {several} 13 digits; the zero in front was restored, as the county beside it "
                f"proves (first in row {self.restored[0]})."
            )
        if "charter" not in self.places and self.passed_over["school"]:
            found.append(
                f"{self.path.name}: without a column charter_flag charter schools cannot be told from others; the "
                f"{self.passed_over['school']:,} rows of schools are passed over."
            )
        return found

    # --------------------------------------------------------------------------- workbooks and other texts

    @staticmethod
    def _is_as_cde_writes(file: BinaryIO) -> bool:
        """Whether the first line names columns with tabs between them, as CDE writes, and no cell says NA as in R."""
        file.seek(0)
        names = file.readline(BLOCK).decode("cp1252", "replace").split("\t")
        return {plain_name(name) for name in names} >= {*_HEADER} and b"\tNA\t" not in file.read(BLOCK)

    def read_rows(self, rows: Iterator[tuple[int, list[str]]], digest: str) -> DashboardFile:
        """Take rows one by one, the header first, each with its number."""
        number, header = next(rows)
        self.begin(header, number)
        self.go_on(rows)
        return self.end(digest)

    def begin(self, header: list[str], row: int) -> None:
        """Find the columns; blank cells behind the last name are none."""
        self._prepare(header[: _filled(header)], row)
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
            if filled := _filled(cells):
                self.count += 1
                yield number, cells[: max(filled, self.width)]

    def _pass_over(self, kind: str, cells: list[str]) -> None:
        self.passed_over[kind] += 1
        cds = cells[self.places["cds"]].strip()
        if kind == "school" and re.fullmatch(r"[0-9]{14}", cds):
            self.school_codes.add(int(cds))

    # ------------------------------------------------------------------------------------------- text

    def _read_text(self, file: BinaryIO, encoding: str) -> DashboardFile:
        digest = hashlib.sha256()
        blocks = self._blocks(file, digest)
        number = 2
        try:
            header = next(blocks, b"")
            self._prepare([name.strip() for name in self._decoded(header, encoding, 1).rstrip("\n").split("\t")], 1)
            for block, seen in self._looked_at(blocks):
                number += self._block(block, seen, number, encoding)
        except _Unreadable as problem:
            raise self.stop(problem.message, problem.line) from None
        return self._result(digest.hexdigest(), number - 2)

    def _looked_at(self, blocks: Iterator[bytes]) -> Iterator[tuple[bytes, Future[_Seen | None]]]:
        """Each block and what a look at its bytes tells; the next one is looked at while this one is taken.

        For most of that time numpy does not hold the interpreter. One thread is enough: two wait for each other.
        What is wrong with the reading of the next block is said only after what is wrong with this one.
        """
        ahead: deque[tuple[bytes, Future[_Seen | None]]] = deque()
        problem: _Unreadable | None = None
        with ThreadPoolExecutor(1) as beside:
            try:
                for block in blocks:
                    ahead.append((block, beside.submit(self._look, block)))
                    if len(ahead) > 1:
                        yield ahead.popleft()
            except _Unreadable as found:
                problem = found
            yield from ahead
        if problem:
            raise problem

    def _blocks(self, file: BinaryIO, digest: hashlib._Hash) -> Iterator[bytes]:
        """The header, then blocks of whole lines, each line ended by a line feed alone."""
        rest = b""
        is_first = True
        while read := file.read(BLOCK):
            digest.update(read)
            end = read.rfind(b"\n") + 1
            if not end:
                rest += read
                if len(rest) > limits.LONGEST_LINE:
                    message = f"the line has more than {limits.LONGEST_LINE:,} bytes; fetch the file anew"
                    raise _Unreadable(message, self._line(b"", file))
                continue
            block, rest = rest + read[:end], read[end:]
            block = self._line_ends(block, file)
            if is_first:
                block = block.removeprefix(b"\xef\xbb\xbf")
                header, _, block = block.partition(b"\n")
                is_first = False
                yield header + b"\n"
            if block:
                yield block
        if rest:
            raise _Unreadable(
                "the last line does not end; the file seems cut short, fetch it anew", self._line(b"", file)
            )

    def _line(self, unread: bytes, file: BinaryIO) -> int:
        """The number of the line in which ``unread`` begins; it was the last that was read."""
        end = file.tell()
        file.seek(0)
        before = 0
        left = end
        while left > 0 and (read := file.read(min(left, BLOCK))):
            left -= len(read)
            before += read.count(b"\n")
        file.seek(end)
        return before - unread.count(b"\n") + 1

    def _line_ends(self, block: bytes, file: BinaryIO) -> bytes:
        if b"\r" in block:
            whole = block
            block = block.replace(b"\r\n", b"\n")
            if b"\r" in block:
                line = self._line(whole, file) + block.count(b"\n", 0, block.index(b"\r"))
                raise _Unreadable("a carriage return stands within the line; fetch the file anew", line)
        return block

    def _decoded(self, text: bytes, encoding: str, row: int) -> str:
        try:
            return text.decode(encoding)
        except UnicodeDecodeError as error:
            if encoding == "utf-8":
                raise _NotUtf8 from None
            line = row + text.count(b"\n", 0, error.start)
            column = text.count(b"\t", text.rfind(b"\n", 0, error.start) + 1, error.start)
            message = "neither UTF-8 nor Windows-1252; fetch the file anew"
            self.findings.append(Finding(self.path.name, "", line, column_letter(column), message))
            raise EvidenceError(self.findings) from None

    def _block(self, block: bytes, looked_at: Future[_Seen | None], first: int, encoding: str) -> int:
        """Take a block of lines, the first of which is the row ``first``. Return how many they are."""
        if not block.isascii():
            self._decoded(block, encoding, first)
        # What is left without the ordinary bytes is next to nothing, so that each kind of character need not be sought.
        if CONTROL.search(block.translate(None, PLAIN).decode(encoding)):
            for row, line in enumerate(self._decoded(block, encoding, first).split("\n"), first):
                self.check_cells(line.split("\t"), row)
        lines = block.rstrip(b"\n")
        self._blank_lines(block, len(lines), first)
        if not lines:
            return len(block)
        seen = looked_at.result()
        if seen is None:
            texts = lines.removesuffix(b"\n").decode(encoding).split("\n")
            self._take(self._of_leas((number, line.split("\t")) for number, line in enumerate(texts, first)))
            return block.count(b"\n")
        self.passed_over["school"] += seen.schools
        self.passed_over["state"] += seen.state
        self.school_codes.update(seen.school_codes.tolist())
        self._take_plain(block, seen.leas, first, encoding)
        wanted = seen.others
        left, right = seen.begins[wanted].tolist(), seen.ends[wanted].tolist()

        def others() -> Iterator[tuple[int, list[str]]]:
            spans = zip(wanted.tolist(), seen.clean[wanted].tolist(), left, right, strict=True)
            for place, is_clean, start, end in spans:
                cells = block[start:end].decode(encoding).split("\t")
                cells.append("")
                if is_clean or self._is_lea(first + place, cells):
                    yield first + place, cells

        self._take(others())
        return len(block) - len(lines) - 1 + len(seen.ends)

    def _blank_lines(self, block: bytes, kept: int, first: int) -> None:
        """Remember blank lines at the end. They are no harm at the end of the file; elsewhere lines were lost."""
        if kept and self.blank_line:
            self.report("the line is blank; fetch the file anew", self.blank_line)
        blank = len(block) - kept - bool(kept)
        if blank and not self.blank_line:
            self.blank_line = first + block.count(b"\n") - blank

    def _look(self, block: bytes) -> _Seen | None:
        """What is in a block's rows; ``None`` if not every row has the fields of the header.

        Runs beside the taking of other blocks: nothing of the reader is changed here.
        """
        import numpy as np

        size = len(block.rstrip(b"\n")) + 1
        # With room behind the end, so that eight bytes can be looked at from every place.
        padded = block + bytes(_EIGHT)
        data = np.frombuffer(padded, np.uint8, size)
        eights = np.ndarray(size + 1, "<u8", padded, strides=(1,))
        separators = np.flatnonzero(data - np.uint8(_TAB) <= _LINE_FEED - _TAB)
        rows, odd = divmod(len(separators), self.width)
        if odd or int(np.count_nonzero(data == _LINE_FEED)) != rows:
            return None
        ends = separators.reshape(rows, self.width)
        if not (data[ends[:, -1]] == _LINE_FEED).all():
            return None
        fields = _Fields(eights, np.concatenate([[0], ends[:-1, -1] + 1]), ends, self.places)
        kinds, clean = self._checked(fields)
        schools = np.flatnonzero(clean & (kinds == _SCHOOL))
        of_leas = np.flatnonzero(clean & (kinds == _LEA))
        # Cells are compared with zeros behind them, so a block that holds a zero byte is looked at row by row.
        leas = self._look_at_leas(fields.of(of_leas), of_leas, plain=b"\0" not in block)
        others = ~clean
        others[of_leas[~leas.plain]] = True
        return _Seen(
            begins=fields.begins,
            ends=ends[:, -1],
            clean=clean,
            schools=len(schools),
            state=int((clean & (kinds == _STATE)).sum()),
            school_codes=_changes(fields.codes()[schools])[1],
            leas=leas,
            others=np.flatnonzero(others),
        )

    def _look_at_leas(self, fields: _Fields, rows: npt.NDArray[np.intp], *, plain: bool) -> _Leas:
        """The rows of LEAs whose cells are all written in the ordinary way, column by column; none without ``plain``.

        What is written otherwise, right or wrong, is left to ``_take``.
        """
        import numpy as np

        are_plain = np.full(len(rows), plain)
        codes = fields.codes()
        if "county" in self.places:
            are_plain &= fields.are("county", _county_names(), codes // 10**12)
        if "group" in self.places:
            groups = fields.word("group", self.words["group"], are_plain)
            group_codes = fields.word("group", self.words["code"], are_plain).astype(np.int64)
        else:
            groups = np.full(len(rows), self.groups[self.layout.default_group], object)
            group_codes = np.full(len(rows), self.codes[self.layout.default_group], np.int64)
        columns: list[npt.NDArray[np.object_]] = []
        if self.has_figures:
            for name in Figure._fields[_FIRST_FIGURE:]:
                if name == "denominator":
                    columns.append(fields.whole(name, are_plain))
                elif name in self.measures:
                    columns.append(fields.tenths(name, are_plain, self.measures[name]))
                else:
                    columns.append(fields.word(name, self.words[name], are_plain))
        changes, new = _changes(codes[are_plain])
        taken = np.flatnonzero(are_plain)[changes]
        charters = fields.says("kind", "S")[taken]
        is_student_group = are_plain & (groups != "")
        kept = np.flatnonzero(is_student_group)
        return _Leas(
            plain=are_plain,
            keys=(codes * _CODES + group_codes)[are_plain],
            rows=rows[are_plain],
            codes=new,
            first_rows=rows[taken].tolist(),
            charters=charters.tolist(),
            names=list(
                map(slice, *np.where(charters, fields.span("school", taken), fields.span("district", taken)).tolist())
            ),
            dass=list(map(slice, *np.array(fields.span("dass", taken)).tolist())),
            reporting=int(np.count_nonzero(are_plain)) - len(kept),
            figures=(codes[kept], groups[kept], rows[kept], [column[kept] for column in columns]),
        )

    def _take_plain(self, block: bytes, leas: _Leas, first: int, encoding: str) -> None:
        """Take the rows of LEAs whose cells are all written in the ordinary way."""
        import numpy as np

        self.keys.append(leas.keys)
        self.key_rows.append(leas.rows + first)
        self.passed_over["reporting"] += leas.reporting
        for place, code in enumerate(leas.codes.tolist()):
            cds = f"{code:014}"
            if cds not in self.leas:
                name, dass = block[leas.names[place]].decode(encoding), block[leas.dass[place]].decode(encoding)
                self._new_lea(cds, leas.first_rows[place] + first, leas.charters[place], name, dass)
        codes, groups, rows, columns = leas.figures
        if columns:
            changes, new = _changes(codes)
            names = np.empty(len(new), object)
            names[:] = [f"{code:014}" for code in new.tolist()]
            repeated = np.repeat(names, np.diff(changes, append=len(codes)))
            taken = [repeated.tolist(), groups.tolist(), (rows + first).tolist()]
            taken += [column.tolist() for column in columns]
            # What Figure._make does, without the call in between.
            self.figures.extend(map(partial(tuple.__new__, Figure), zip(*taken, strict=True)))

    def _checked(self, fields: _Fields) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_]]:
        """The kind of each row, and whether it is exactly as a row must be."""
        import numpy as np

        clean = np.zeros(len(fields.begins), bool)
        years = fields.eight("year")
        for year in self.years:
            clean |= fields.says("year", year, years)
        if "indicator" in self.places:
            clean &= fields.says("indicator", self.layout.printed)
        first, behind = fields.span("cds")
        clean &= behind - first == _CODE_LENGTH
        # Of fourteen letters, the first eight and the last eight.
        begin, end = fields.code_parts()
        clean &= _all_digits(begin) & _all_digits(end)
        county = (begin & np.uint64(15)) * np.uint64(10) + (begin >> np.uint64(8) & np.uint64(15))
        is_agency = end >> np.uint64(8) == np.uint64(int.from_bytes(b"0000000", "little"))
        kinds = fields.eight("kind")
        is_charter, no_charter = np.zeros(len(clean), bool), np.ones(len(clean), bool)
        if "charter" in self.places:
            charters = fields.eight("charter")
            is_charter, no_charter = (fields.says("charter", text, charters) for text in ("Y", ""))
        district, school, state = (fields.says("kind", text, kinds) for text in "DSX")
        in_state = (county >= 1) & (county <= len(counties()))
        clean &= (
            (district & in_state & is_agency & no_charter)
            | (school & in_state & ~is_agency & (is_charter | no_charter))
            | (state & no_charter & ~(in_state & is_agency))
        )
        found = np.where(district | (school & is_charter), _LEA, np.where(state, _STATE, _SCHOOL)).astype(np.uint8)
        return found, clean

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
        told = {name: cells[at].strip() for name, at in self.places.items() if at < len(cells) and name != "charter"}
        return self._unused(told.get)

    def _is_lea(self, number: int, cells: list[str]) -> bool:
        """Check a row and pass it over if nothing of it is taken."""
        kind = self._row(number, cells)
        if kind in ("school", "state"):
            self._pass_over(kind, cells)
        return kind in ("district", "charter")


def _filled(cells: list[str]) -> int:
    """How many cells there are without the blank ones at the end."""
    return next((place for place in range(len(cells), 0, -1) if cells[place - 1].strip()), 0)


class _Combined(SourceFile):
    """A file with rows of several indicators or years."""

    def read(self) -> tuple[list[DashboardFile], list[str]]:
        content = self.content()
        needed = (*_HEADER, "cds", "indicator")
        of_sheet = content.startswith(WORKBOOK_STARTS)
        try:
            rows = sheet_rows(self, content, needed) if of_sheet else text_rows(self, content, needed)
            number, header = next(rows)
        except EvidenceError as error:
            raise UnknownFile(error.findings) from None
        places = {name: [plain_name(cell) for cell in header].index(name) for name in ("indicator", _HEADER[1])}
        self.columns = {name: column_letter(place) for name, place in places.items()}
        readers: dict[tuple[str, int], _Reader] = {}
        waiting: dict[tuple[str, int], list[tuple[int, list[str]]]] = {}
        refused: set[tuple[str, int]] = set()
        left_alone: Counter[str] = Counter()
        for place, cells in rows:
            if not _filled(cells):
                continue
            named = self._part(place, cells, places, left_alone)
            if named is None:
                continue
            if named in refused:
                continue
            try:
                if named not in readers:
                    readers[named] = self._reader(named, header, number)
            except EvidenceError as error:
                refused.add(named)
                for one in error.findings:
                    self.findings.append(one)
                continue
            waiting.setdefault(named, []).append((place, cells))
            if len(waiting[named]) >= _TOGETHER:
                readers[named].go_on(waiting.pop(named))
        if not readers and not self.findings:
            raise self.stop(f"no row is of an indicator that is read: {', '.join(_indicator_words())}")
        return self._taken(readers, waiting, hashlib.sha256(content).hexdigest()), [
            f"{self.path.name}: {count:,} rows of {word} are left alone: no criterion uses them."
            for word, count in sorted(left_alone.items())
        ]

    def _part(
        self, row: int, cells: list[str], places: Mapping[str, int], left_alone: Counter[str]
    ) -> tuple[str, int] | None:
        """Of which indicator and year a row is; ``None`` if of none that is read, or if that is open."""
        cell = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
        word, year = cell["indicator"], re.fullmatch(r"(20[0-9]{2})f?(?:\.0)?", cell[_HEADER[1]])
        if word.upper() in _settings()["words"]["without_bearing"]:
            left_alone[word.upper()] += 1
            return None
        stem = _indicator_words().get(word.upper())
        if stem is None:
            expected = ", ".join(dict.fromkeys(one.printed for one in layouts().values()))
            self.report(f"{word!r} is no indicator that is known; expected one of {expected}", row, "indicator")
        if year is None:
            self.report(f"{cell[_HEADER[1]]!r} is no year of a Dashboard; expected one such as 2024", row, _HEADER[1])
        return (stem, int(year[1])) if stem and year else None

    def _reader(self, named: tuple[str, int], header: list[str], row: int) -> _Reader:
        reader = _Reader(self.path, named)
        reader.sheet = self.sheet
        reader.begin(header, row)
        return reader

    def _taken(
        self,
        readers: Mapping[tuple[str, int], _Reader],
        waiting: Mapping[tuple[str, int], list[tuple[int, list[str]]]],
        digest: str,
    ) -> list[DashboardFile]:
        taken, findings = [], [*self.findings]
        for named in sorted(readers):
            try:
                readers[named].go_on(waiting.get(named, ()))
                taken.append(readers[named].end(digest))
            except EvidenceError as error:
                findings += error.findings
        if findings:
            raise EvidenceError(findings)
        return taken


_TOGETHER = 4096
"""So many rows of one indicator and year are taken at once."""


@cache
def _indicator_words() -> Mapping[str, str]:
    """What people write for an indicator, in capitals, and the beginning of the name of its file."""
    return {word.upper(): stem for (stem, _), one in layouts().items() for word in (one.printed, one.indicator, stem)}


_TAB, _LINE_FEED, _ZERO, _CODE_LENGTH = 9, 10, 48, 14
_EIGHT = 8
_SCHOOL, _STATE, _LEA, _TAKEN = 0, 1, 2, 3
_CODES = 64
"""More than there are codes of groups."""


def _all_digits(eight: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Whether all of eight bytes are digits: 0x30 to 0x39, so that six more does not carry into the upper half."""
    import numpy as np

    upper, zeros = np.uint64(0xF0F0F0F0F0F0F0F0), np.uint64(0x3030303030303030)
    six = np.uint64(0x0606060606060606)
    found: npt.NDArray[np.bool_] = (eight & upper == zeros) & ((eight + six) & upper == zeros)
    return found


@cache
def _county_names() -> npt.NDArray[np.uint64]:
    """The names of the counties by their codes, each as two numbers of eight letters."""
    import numpy as np

    return np.array([b"", *(name.encode() for name in counties().values())], "S16").view("<u8").reshape(-1, 2)


def _changes(codes: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.int64]]:
    """Where another code begins than in the row above, and the codes there."""
    import numpy as np

    places = np.flatnonzero(np.diff(codes, prepend=-1))
    return places, codes[places]


def _number(eight: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The number that eight digits are: neighbours are put together to pairs, pairs to fours, fours to the whole.

    What is no digit in the lower half counts by that half, so that zero bytes in front are zeros.
    """
    import numpy as np

    found = eight & np.uint64(0x0F0F0F0F0F0F0F0F)
    for bits, base, mask in ((8, 10, 0x00FF00FF00FF00FF), (16, 100, 0x0000FFFF0000FFFF), (32, 10000, 0xFFFFFFFF)):
        found = (found * np.uint64(base) + (found >> np.uint64(bits))) & np.uint64(mask)
    return found


@dataclass(frozen=True)
class _Leas:
    """The rows of LEAs in a block; ``rows`` are counted from the block's first."""

    plain: npt.NDArray[np.bool_]
    """Which of them are written in the ordinary way; the others are not in what follows."""
    keys: npt.NDArray[np.int64]
    rows: npt.NDArray[np.intp]
    codes: npt.NDArray[np.int64]
    """The LEAs in the order of their rows, the row where each begins, and what stands there."""
    first_rows: list[int]
    charters: list[bool]
    names: list[slice]
    dass: list[slice]
    reporting: int
    figures: tuple[npt.NDArray[np.int64], npt.NDArray[np.object_], npt.NDArray[np.intp], list[npt.NDArray[np.object_]]]


@dataclass(frozen=True)
class _Seen:
    """What was seen of a block; ``others`` are the rows that must be taken apart one by one."""

    begins: npt.NDArray[np.intp]
    ends: npt.NDArray[np.intp]
    clean: npt.NDArray[np.bool_]
    schools: int
    state: int
    school_codes: npt.NDArray[np.int64]
    leas: _Leas
    others: npt.NDArray[np.intp]


class _Words:
    """A few words of at most eight letters and what they mean, looked up by the remainder that is each one's own."""

    def __init__(self, allowed: Mapping[str, object]) -> None:
        import numpy as np

        self.blank = allowed.get("")
        packed = {int.from_bytes(word.encode(), "little"): word for word in allowed if len(word) <= _EIGHT}
        slots = next(size for size in range(len(packed), 1 << 16) if len({one % size for one in packed}) == len(packed))
        self.slots = np.uint64(slots)
        # In a slot that is no word's stands a word of another slot, which nothing that comes to it can equal.
        self.packed = np.full(slots, next(iter(packed)), np.uint64)
        self.meanings = np.empty(slots, object)
        self.meanings[:] = 0
        for number, word in packed.items():
            self.packed[number % slots] = number
            self.meanings[number % slots] = allowed[word]


class _Fields:
    """The cells of some rows of a block, column by column.

    A method that is given ``plain`` clears there the rows whose cell it does not understand; their values mean nothing.
    """

    def __init__(
        self,
        eights: npt.NDArray[np.uint64],
        begins: npt.NDArray[np.intp],
        ends: npt.NDArray[np.intp],
        places: Mapping[str, int],
    ) -> None:
        self.eights, self.begins, self.ends, self.places = eights, begins, ends, places
        self.last = len(eights) - 1

    def of(self, rows: npt.NDArray[np.intp]) -> _Fields:
        """The cells of some of the rows."""
        return _Fields(self.eights, self.begins[rows], self.ends[rows], self.places)

    def _first(self, name: str) -> npt.NDArray[np.intp]:
        place = self.places[name]
        first: npt.NDArray[np.intp] = self.ends[:, place - 1] + 1 if place else self.begins
        return first

    def span(
        self, name: str, rows: npt.NDArray[np.intp] | slice = slice(None)
    ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Where the cells begin, and where the separators behind them stand; nowhere if there is no such column."""
        if name not in self.places:
            return self.begins[rows], self.begins[rows]
        return self._first(name)[rows], self.ends[rows, self.places[name]]

    def eight(self, name: str) -> npt.NDArray[np.uint64]:
        """Eight bytes from the beginning of each cell on, of this cell or of those behind it."""
        return self.eights[self._first(name)]

    def says(self, name: str, text: str, eight: npt.NDArray[np.uint64] | None = None) -> npt.NDArray[np.bool_]:
        """Whether the cells are exactly ``text``, of at most seven letters: those, and the separator behind them."""
        import numpy as np

        separator = "\n" if self.places[name] == self.ends.shape[1] - 1 else "\t"
        wanted = (text + separator).encode()
        mask = np.uint64((1 << (8 * len(wanted))) - 1)
        cells = self.eight(name) if eight is None else eight
        same: npt.NDArray[np.bool_] = cells & mask == np.uint64(int.from_bytes(wanted, "little"))
        return same

    def code_parts(self) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
        """The first eight and the last eight of fourteen letters."""
        import numpy as np

        first = self._first("cds")
        return self.eights[first], self.eights[np.minimum(first + (_CODE_LENGTH - _EIGHT), self.last)]

    def codes(self) -> npt.NDArray[np.int64]:
        """The CDS codes, of fourteen digits each, as numbers."""
        import numpy as np

        begin, end = self.code_parts()
        both = 8 * (2 * _EIGHT - _CODE_LENGTH)
        rest = end >> np.uint64(both) << np.uint64(both)
        return (_number(begin) * np.uint64(10 ** (_CODE_LENGTH - _EIGHT)) + _number(rest)).astype(np.int64)

    def _letters(self, first: npt.NDArray[np.intp], count: npt.NDArray[np.intp]) -> npt.NDArray[np.uint64]:
        """Up to eight bytes from each place, those beyond ``count`` as zeros."""
        import numpy as np

        masks = np.array([(1 << (8 * length)) - 1 for length in range(_EIGHT + 1)], np.uint64)
        found: npt.NDArray[np.uint64] = self.eights[np.minimum(first, self.last)] & masks.take(count, mode="clip")
        return found

    def are(self, name: str, texts: npt.NDArray[np.uint64], number: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Whether the first sixteen bytes of the cells are the text of that number."""
        first, end = self.span(name)
        length = end - first
        same: npt.NDArray[np.bool_] = self._letters(first, length) == texts[number, 0]
        same &= self._letters(first + _EIGHT, length - _EIGHT) == texts[number, 1]
        return same

    def word(self, name: str, words: _Words, plain: npt.NDArray[np.bool_]) -> npt.NDArray[np.object_]:
        """What the cells mean, which are of at most eight letters each; blank where there is no such column."""
        import numpy as np

        if name not in self.places:
            return np.full(len(plain), words.blank, object)
        first, end = self.span(name)
        length = end - first
        packed = self._letters(first, length)
        slots = (packed % words.slots).astype(np.intp)
        plain &= (words.packed[slots] == packed) & (length <= _EIGHT)
        found: npt.NDArray[np.object_] = words.meanings[slots]
        return found

    def whole(self, name: str, plain: npt.NDArray[np.bool_]) -> npt.NDArray[np.object_]:
        """Whole numbers, ``None`` where the cell is blank or there is no such column."""
        import numpy as np

        if name not in self.places:
            return np.full(len(plain), None, object)
        first, end = self.span(name)
        values = self._digits(first, end - first, plain)
        found = values.astype(object)
        found[first == end] = None
        return found

    def tenths(self, name: str, plain: npt.NDArray[np.bool_], within: _Tenths) -> npt.NDArray[np.object_]:
        """Numbers with one decimal or none, in tenths; ``None`` where the cell is blank or there is no such column."""
        import numpy as np

        if name not in self.places:
            return np.full(len(plain), None, object)
        first, end = self.span(name)
        blank = first == end
        negative = ~blank & (self._letters(first, np.minimum(end - first, 1)) == ord("-"))
        start = first + negative
        two = np.uint64(0xFFFF)
        ending = self.eights[end - 2] & two
        has_point = (end - start >= 2) & (ending & np.uint64(0xFF) == ord("."))
        count = end - start - 2 * has_point
        decimal = np.where(has_point, (ending >> np.uint64(8)).astype(np.int64) - _ZERO, 0)
        plain &= (blank | (count > 0)) & (decimal >= 0) & (decimal <= 9)
        values = self._digits(start, count, plain) * 10 + decimal
        values = np.where(negative, -values, values)
        plain &= (values >= within.least) & (values <= within.most)
        found = values.astype(object)
        found[blank] = None
        return found

    def _digits(
        self, first: npt.NDArray[np.intp], count: npt.NDArray[np.intp], plain: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.int64]:
        import numpy as np

        values = np.zeros(len(first), np.int64)
        plain &= count <= _DIGITS
        letters = self._letters(first, count)
        for offset in range(min(_DIGITS, int(count.max(initial=0)))):
            inside = offset < count
            digit = (letters >> np.uint64(8 * offset) & np.uint64(0xFF)).astype(np.int64) - _ZERO
            plain &= ~inside | ((digit >= 0) & (digit <= 9))
            values = np.where(inside, values * 10 + digit, values)
        return values


_FIRST_FIGURE = 3
_DIGITS = 7
"""The longest number that is read at once; a longer one is looked at alone."""
