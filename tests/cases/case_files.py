"""Read the case files, and decide many cases in one run: each case is an LEA of its own."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from pyreport.evidence.facts import facts_of
from pyreport.evidence.model import Cell, LeaYear, Publication
from pyreport.evidence.predicates import Facts
from pyreport.evidence.record import Record
from pyreport.files.places import policy_folder
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import quote

from .figures import facts_of_figures, facts_on_record, figure_years, made_up_cell, reported_years

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent.parent
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FILES = sorted(FOLDER.glob("*.yaml"))
COUNTY = "27"


@dataclasses.dataclass(frozen=True)
class Case:
    """One case of a case file, its table filled in, with its line. ``cds`` is made up unless the case gives it."""

    file: str
    line: int
    name: str
    cds: str
    given: Mapping[str, Any]

    @property
    def place(self) -> str:
        return case_place(FOLDER / f"{self.file}.yaml", self.line)

    @property
    def reading(self) -> str | None:
        return self.given.get("reading")

    @property
    def rules(self) -> set[str]:
        """All rules that the case names."""
        named = {name for key in ("rules", "earlier_rules", "not_rules") for name in self.given.get(key, [])}
        return named | {one["by"] for one in self.given.get("explained", [])}

    @property
    def year(self) -> int:
        return self.given["dashboard_year"]

    @property
    def as_of(self) -> int | None:
        """The day as of which the case is looked at, as YYYYMMDD."""
        return int(str(self.given["as_of"]).replace("-", "")) if "as_of" in self.given else None

    def by_year(self, kind: str) -> dict[int, Any]:
        return {int(year): facts for year, facts in self.given.get(kind, {}).items()}

    @property
    def listed(self) -> list[int]:
        """The years in which the LEA stands in CDE's status file: a charter in none, unless the case says so."""
        if "listed" in self.given:
            return sorted(self.given["listed"])
        if self.given["kind"] == "charter":
            return []
        kinds = ("letters", "methods", "number_of_groups", "printed_status", "printed_52072", "printed_52071f")
        years = {year for kind in kinds for year in self.by_year(kind)}
        return sorted(years if self.year in figure_years(self.given) else years | {self.year})

    @property
    def left_out(self) -> list[int]:
        """The years whose status file is at hand and does not list the LEA: every other year, unless the case says so.

        Status files list school districts and county offices; that one leaves out a charter school says nothing.
        """
        if self.given["kind"] == "charter":
            return []
        told = {*self.listed, *reported_years(self.given), *self.given.get("nothing_at_hand", [])}
        return sorted(dashboards() - told)

    def record(self) -> dict[tuple[int, str], LeaYear]:
        letters, methods = self.by_year("letters"), self.by_year("methods")
        assert not (letters.keys() | methods.keys()) - set(self.listed), f"{self.name}: facts in a year without a row"
        return {(year, self.cds): self._row(year, letters.get(year, {}), methods.get(year, {})) for year in self.listed}

    def _row(self, year: int, letters: Mapping[str, str], methods: Mapping[Any, str]) -> LeaYear:
        return LeaYear(
            year=year,
            cds=_cell(year, self.cds),
            name=_cell(year, f"Case {self.cds}"),
            letters={group: _cell(year, letter) for group, letter in letters.items()},
            methods={int(number): _cell(year, answer) for number, answer in methods.items()},
            letters_at_hand=year not in self.given.get("letters_not_at_hand", []),
        )

    @functools.cached_property
    def facts(self) -> Facts:
        """All facts of the case. What stands in no status file is handed over as it is."""
        facts = facts_of(Record(self.record()))
        for year in self.given.get("looked_back_on", []):
            facts["looked_back_on", quote(self.cds), year] = _cell(year, self.cds)
        for year in self.left_out:
            facts["not_listed", quote(self.cds), year] = _cell(year, "cds")
        for year, number in self.by_year("number_of_groups").items():
            facts["number_of_groups", quote(self.cds), year, number] = _cell(year, str(number))
        for atom, year in facts_of_figures(self.cds, self.given):
            facts[atom] = _cell(year, " ".join(map(str, atom)))
        for atom in facts_on_record(self.cds, self.given, rulebook_of(None).predicates):
            facts[atom] = made_up_cell(" ".join(map(str, atom)))
        return facts

    def conclusions(self, key: str) -> list[Conclusion]:
        """What the case says that must follow (``concludes``) or must not (``does_not_conclude``)."""
        if key in ("follows_for_it", "does_not_follow_for_it"):
            return [Conclusion.of_no_year(text, self.cds) for text in self.given.get(key, [])]
        if key == "explained":
            return [Conclusion.read(one["conclusion"], self) for one in self.given.get(key, [])]
        return [Conclusion.read(text, self) for text in self.given.get(key, [])]


@dataclasses.dataclass(frozen=True)
class Conclusion:
    """A conclusion about the LEA of a case, such as ``figures_show HOM 5``; values left out at the end may be any.

    It is of the case's Dashboard year unless a year stands before it: ``2018 figures_show HOM 5``. A conclusion about a
    date is about the one as of which the case is looked at.
    """

    text: str
    predicate: str
    beginning: str

    @classmethod
    def read(cls, text: str, case: Case) -> Conclusion:
        first, *words = text.split(" ")
        predicate, values = (words[0], words[1:]) if first.isdigit() else (first, words)
        known = rulebook_of(None).predicates.get(predicate)
        when = "Year" if known is None else (*known.arguments, "")[1]
        of = {"Date": case.as_of, "Year": case.year, "Last": case.year}.get(when)
        if first.isdigit():
            of = int(first)
        beginning = " ".join([case.cds, *([] if of is None else [str(of)]), *values])
        return cls(text, predicate, beginning.lower())

    @classmethod
    def of_no_year(cls, text: str, cds: str) -> Conclusion:
        predicate, *values = text.split(" ")
        return cls(text, predicate, " ".join([cds, *values]).lower())


def _cell(year: int, value: str) -> Cell:
    return Cell(value, made_up_publication(year), "A", 2)


@functools.cache
def made_up_publication(year: int) -> Publication:
    title, file = f"Made-up status file of {year}", f"made-up-{year}.xlsx"
    return Publication(year, title, f"{year}-12-15", file, "A", "0" * 64, {})


@functools.cache
def read_cases(path: Path) -> tuple[Any, list[int]]:
    """A case file as it stands, and the lines on which its cases begin."""
    loader = LOADER(path.read_text(encoding="utf-8"))
    root = loader.get_single_node()
    (cases,) = (value for key, value in root.value if key.value == "cases")
    return loader.construct_document(root), [node.start_mark.line + 1 for node in cases.value]


@functools.cache
def document(path: Path) -> Any:
    """A case file as it stands, keys as strings."""
    return _text_keys(read_cases(path)[0])


def case_place(path: Path, line: int) -> str:
    """A line of a case file, as editors and terminals open it."""
    return f"{path.relative_to(ROOT).as_posix()}:{line}"


def check(place: str, faults: list[str]) -> None:
    """Fail the test of a case with its place and its faults alone: a traceback would say nothing of the case."""
    if faults:
        pytest.fail("\n  ".join([place, *faults]), pytrace=False)


def _text_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _text_keys(one) for key, one in value.items()}
    return [_text_keys(one) for one in value] if isinstance(value, list) else value


@functools.cache
def all_cases() -> tuple[Case, ...]:
    """Every case of every file, tables filled in, each with a CDS code of its own."""
    cases: list[Case] = []
    of_kind: dict[str, int] = {}
    for path in FILES:
        for entry, line in zip(document(path)["cases"], read_cases(path)[1], strict=True):
            for row in _rows(entry.get("for_each")):
                given = _filled({key: value for key, value in entry.items() if key != "for_each"}, row)
                kind = given["kind"]
                of_kind[kind] = number = of_kind.get(kind, 0) + 1
                made_up = {
                    "county_office": f"{COUNTY}10{number:03}0000000",
                    "district": f"{COUNTY}6{number:04}0000000",
                    "charter": f"{COUNTY}69999{number:07}",
                }[kind]
                cases.append(Case(path.stem, line, given["name"], given.get("cds", made_up), given))
    return tuple(cases)


def _rows(table: Any) -> Iterable[Mapping[str, Any]]:
    if table is None:
        return [{}]
    if isinstance(table, list):
        return table
    return [dict(zip(table, values, strict=True)) for values in itertools.product(*table.values())]


def _filled(value: Any, row: Mapping[str, Any]) -> Any:
    """Put the values of a table's row in place of the words in braces."""
    if isinstance(value, dict):
        return {_filled(key, row): _filled(one, row) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, row) for one in value]
    if isinstance(value, str):
        for name, one in row.items():
            if value == f"{{{name}}}":
                return one
            value = value.replace(f"{{{name}}}", str(one))
    return value


@functools.cache
def rulebook_of(reading: str | None) -> Rulebook:
    return load_rulebook(policy_folder(), reading)


@functools.cache
def dashboards() -> frozenset[int]:
    """The Dashboards with determinations."""
    return frozenset(rulebook_of(None).years.begun)


def cases_of(reading: str | None) -> tuple[Case, ...]:
    return tuple(case for case in all_cases() if case.reading == reading)


def evidence(cases: Iterable[Case]) -> tuple[Record, Facts]:
    """The record and the facts of some cases together."""
    rows: dict[tuple[int, str], LeaYear] = {}
    facts: Facts = {}
    for case in cases:
        rows |= case.record()
        facts |= case.facts
    return Record(rows), facts
