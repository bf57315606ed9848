"""A written case, and the facts that it states: each case is an LEA of its own, so that many are decided in one run."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pyreport.cases.stated_facts import (
    facts_of_figures,
    facts_on_record,
    figure_years,
    made_up_cell,
    reported_years,
    value_of,
)
from pyreport.evidence.facts import facts_of
from pyreport.evidence.model import Cell, LeaYear, Publication
from pyreport.evidence.predicates import Facts
from pyreport.evidence.record import Record
from pyreport.explanation.why_not.records import Goal
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import quote

__all__ = ["Case", "Conclusion", "evidence", "made_up_publication", "place_of"]


@dataclasses.dataclass(frozen=True)
class Case:
    """One case of a file, its table filled in.

    Attributes:
        path: The file.
        line: The line on which the case begins.
        name: The sentence of law that it shows.
        cds: The CDS code of its LEA; made up unless the case gives it.
        given: The entries of the case, keys as text.
        rulebook: The policy as it is, which knows predicates and names.
    """

    path: Path
    line: int
    name: str
    cds: str
    given: Mapping[str, Any]
    rulebook: Rulebook = dataclasses.field(repr=False, compare=False)

    @property
    def file(self) -> str:
        """The name of the file, without its suffix."""
        return self.path.stem

    @property
    def place(self) -> str:
        """The file and the line, as editors and terminals open them."""
        return place_of(self.path, self.line)

    @property
    def reading(self) -> str | None:
        """The reading of the law by which the case is decided; the policy as it is if ``None``."""
        reading: str | None = self.given.get("reading")
        return reading

    @property
    def rules(self) -> set[str]:
        """All rules that the case names."""
        named = {name for key in ("rules", "earlier_rules", "not_rules") for name in self.given.get(key, [])}
        return named | {one["by"] for one in self.given.get("explained", [])}

    @property
    def year(self) -> int:
        """The Dashboard year that is asked about."""
        return int(self.given["dashboard_year"])

    @property
    def as_of(self) -> int | None:
        """The day as of which the case is looked at, as YYYYMMDD."""
        return int(str(self.given["as_of"]).replace("-", "")) if "as_of" in self.given else None

    def by_year(self, kind: str) -> dict[int, Any]:
        """The entries of a kind that has one for each year."""
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
        return sorted(set(self.rulebook.years.begun) - told)

    def record(self) -> dict[tuple[int, str], LeaYear]:
        """The rows of CDE's status files, by year and CDS code.

        Raises:
            ValueError: There are letters or methods of a year in which the LEA is not listed.
        """
        letters, methods = self.by_year("letters"), self.by_year("methods")
        if unlisted := sorted((letters.keys() | methods.keys()) - set(self.listed)):
            raise ValueError(f"letters or methods of {unlisted[0]}, in which the LEA is not listed")
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
        """All facts of the case. What stands in no status file is handed over as it is.

        Raises:
            ValueError: The case states a fact that there cannot be.
        """
        facts = facts_of(Record(self.record()))
        for year in self.given.get("looked_back_on", []):
            facts["looked_back_on", quote(self.cds), year] = _cell(year, self.cds)
        for year in self.left_out:
            facts["not_listed", quote(self.cds), year] = _cell(year, "cds")
        for year, number in self.by_year("number_of_groups").items():
            facts["number_of_groups", quote(self.cds), year, number] = _cell(year, str(number))
        for atom, year in facts_of_figures(self.cds, self.given, self.rulebook):
            facts[atom] = _cell(year, " ".join(map(str, atom)))
        for atom in facts_on_record(self.cds, self.given, self.rulebook.predicates):
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
        """The conclusion that ``case`` writes as ``text``."""
        first, *words = text.split(" ")
        predicate, values = (words[0], words[1:]) if first.isdigit() else (first, words)
        known = case.rulebook.predicates.get(predicate)
        when = "Year" if known is None else (*known.arguments, "")[1]
        of = {"Date": case.as_of, "Year": case.year, "Last": case.year}.get(when)
        if first.isdigit():
            of = int(first)
        beginning = " ".join([case.cds, *([] if of is None else [str(of)]), *values])
        return cls(text, predicate, beginning.lower())

    def goal(self, rulebook: Rulebook) -> Goal:
        """The conclusion as a why-not asks about it: what is left out at the end may be any value."""
        arguments = rulebook.predicates[self.predicate].arguments
        values = [
            quote(word) if argument == "LEA" else value_of(argument, word)
            for argument, word in zip(arguments, self.beginning.split(" "), strict=False)
        ]
        return (self.predicate, *values, *[None] * (len(arguments) - len(values)))

    @classmethod
    def of_no_year(cls, text: str, cds: str) -> Conclusion:
        """The conclusion about the LEA alone that a case writes as ``text``."""
        predicate, *values = text.split(" ")
        return cls(text, predicate, " ".join([cds, *values]).lower())


def _cell(year: int, value: str) -> Cell:
    return Cell(value, made_up_publication(year), "A", 2)


@functools.cache
def made_up_publication(year: int) -> Publication:
    """The status file in which the facts of a case would stand."""
    title, file = f"Made-up status file of {year}", f"made-up-{year}.xlsx"
    return Publication(year, title, f"{year}-12-15", file, "A", "0" * 64, {})


def place_of(path: Path, line: int) -> str:
    """A line of a file, as editors and terminals open it: seen from the current folder, if it is there or below."""
    path, here = path.absolute(), Path.cwd()
    return f"{(path.relative_to(here) if path.is_relative_to(here) else path).as_posix()}:{line}"


def evidence(cases: Iterable[Case]) -> tuple[Record, Facts]:
    """The record and the facts of some cases together."""
    rows: dict[tuple[int, str], LeaYear] = {}
    facts: Facts = {}
    for case in cases:
        rows |= case.record()
        facts |= case.facts
    return Record(rows), facts
