"""Read the case files, and decide many cases in one run: each case is an LEA of its own."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from pyreport.evidence.facts import Facts, facts_of
from pyreport.evidence.record import Cell, LeaYear, Publication, Record
from pyreport.places import policy_folder
from pyreport.reasoning.determinations import determinations
from pyreport.reasoning.graph import Graph
from pyreport.rulebook.rulebook import Rulebook, load_rulebook
from pyreport.rulebook.syntax import quote, unquote

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*.yaml"))
COUNTY = "27"


@dataclasses.dataclass(frozen=True)
class Case:
    """One case of a case file, its table filled in. ``cds`` is made up unless the case gives it."""

    file: str
    name: str
    cds: str
    given: Mapping[str, Any]

    @property
    def reading(self) -> str | None:
        return self.given.get("reading")

    @property
    def rules(self) -> set[str]:
        """All rules that the case names."""
        return {name for key in ("rules", "earlier_rules", "not_rules") for name in self.given.get(key, [])}

    @property
    def year(self) -> int:
        return self.given["dashboard_year"]

    def by_year(self, kind: str) -> dict[int, Any]:
        return {int(year): facts for year, facts in self.given.get(kind, {}).items()}

    @property
    def listed(self) -> list[int]:
        if "listed" in self.given:
            return sorted(self.given["listed"])
        years = {year for kind in ("letters", "methods", "number_of_groups") for year in self.by_year(kind)}
        return sorted(years | {self.year})

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
            status=None,
            ec_52072=None,
        )

    def numbers(self) -> Facts:
        """The facts that no file of CDE's states yet: how many student groups there were."""
        return {
            ("number_of_groups", quote(self.cds), year, number): _cell(year, str(number))
            for year, number in self.by_year("number_of_groups").items()
        }


def _cell(year: int, value: str) -> Cell:
    return Cell(value, _publication(year), "A", 2)


@functools.cache
def _publication(year: int) -> Publication:
    title, file = f"Made-up status file of {year}", f"made-up-{year}.xlsx"
    return Publication(year, title, f"{year}-12-15", file, "A", "0" * 64, {})


@functools.cache
def document(path: Path) -> Any:
    """A case file as it stands, keys as strings."""
    return _text_keys(yaml.safe_load(path.read_text(encoding="utf-8")))


def _text_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _text_keys(one) for key, one in value.items()}
    return [_text_keys(one) for one in value] if isinstance(value, list) else value


@functools.cache
def all_cases() -> tuple[Case, ...]:
    """Every case of every file, tables filled in, each with a CDS code of its own."""
    cases: list[Case] = []
    for path in FILES:
        for entry in document(path)["cases"]:
            for row in _rows(entry.get("for_each")):
                given = _filled({key: value for key, value in entry.items() if key != "for_each"}, row)
                number = len(cases) + 1
                office = given["kind"] == "county_office"
                made_up = f"{COUNTY}10{number:03}0000000" if office else f"{COUNTY}6{number:04}0000000"
                cases.append(Case(path.stem, given["name"], given.get("cds", made_up), given))
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


def cases_of(reading: str | None) -> tuple[Case, ...]:
    return tuple(case for case in all_cases() if case.reading == reading)


def evidence(cases: Iterable[Case]) -> tuple[Record, Facts]:
    """The record and the facts of some cases together."""
    rows: dict[tuple[int, str], LeaYear] = {}
    numbers: Facts = {}
    for case in cases:
        rows |= case.record()
        numbers |= case.numbers()
    record = Record(rows)
    return record, facts_of(record) | numbers


class TwoAnswersError(Exception):
    """Some LEA has two answers to one question; the message is the predicate."""


@dataclasses.dataclass
class Outcome:
    """What a run says of each LEA: its rows by year, and the rules that apply to it, each with the years."""

    rows: dict[tuple[str, int], dict[str, Any]]
    rules: dict[str, dict[str, set[Any]]]

    @classmethod
    def of(cls, graph: Graph, record: Record) -> Outcome:
        _check_one_answer(graph)
        rules: dict[str, dict[str, set[Any]]] = {}
        for rule in graph.rulebook.rules:
            if "LEA" in rule.variables:
                for instance in graph.instances[rule.id]:
                    values = dict(zip(rule.variables, instance, strict=True))
                    years = rules.setdefault(unquote(values["LEA"]), {}).setdefault(rule.id, set())
                    years.add(values.get("Year", 0))
        rows = determinations(graph, record, record.years)
        return cls({(row.cds, row.dashboard_year): dataclasses.asdict(row) for row in rows}, rules)

    def faults(self, case: Case) -> list[str]:
        """What is not as ``case`` expects."""
        row = self.rows.get((case.cds, case.year))
        expect, fired = case.given["expect"], self.rules.get(case.cds, {})
        faults = []
        if expect == "no determination":
            faults += [f"there is a determination: {row}"] * (row is not None)
        elif row is None:
            faults.append("there is no determination")
        else:
            wrong = {column: row[column] for column, value in expect.items() if row[column] != str(value)}
            faults += [f"{column} is {value!r}, expected {expect[column]!r}" for column, value in wrong.items()]
            if row["kind"] != case.given["kind"]:
                faults.append(f"the kind is {row['kind']!r}")
        # A rule without a year, such as one about the kind of an LEA, has the year 0 here.
        for name in case.given.get("rules", []):
            if not fired.get(name, set()) & {case.year, 0}:
                faults.append(f"the rule {name} does not apply in {case.year}")
        for name in case.given.get("earlier_rules", []):
            if not any(0 < year < case.year for year in fired.get(name, ())):
                faults.append(f"the rule {name} does not apply before {case.year}")
        for name in case.given.get("not_rules", []):
            if fired.get(name, set()) & {case.year, 0}:
                faults.append(f"the rule {name} applies in {case.year}")
        return faults


def _check_one_answer(graph: Graph) -> None:
    """No LEA has two answers to one question; the table would show only one of them."""
    for predicate, width in (("kind", 2), ("status", 3), ("persistent_52072", 3), ("persistent_52071f", 3)):
        questions = [atom[:width] for atom in graph.atoms(predicate)]
        if len(questions) != len(set(questions)):
            raise TwoAnswersError(predicate)
