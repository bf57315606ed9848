"""Read case files: what bears on a question and stands in no file of CDE's (``schema/case_facts.json``).

A case file is YAML, one entry a fact or an event. Each names its file and line as its cell. The schema lists the facts
that can be stated: what each names, in the order of the arguments of its predicate. Which events there are and who can
take part in them is the policy's to say (``policy/cases/events.lp``); that their order is lawful is checked with the
rules (``pyreport.following.case_check``). LEAs and counties may be named: the names on record stand for their codes.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyreport.evidence.counties import county_code
from pyreport.evidence.findings import EvidenceError, Finding
from pyreport.evidence.lea_names import LeaNames
from pyreport.evidence.model import Cell, CountyEvidence
from pyreport.evidence.predicates import EVERY_LEA, Facts, fact, row
from pyreport.evidence.readers.written_file import WrittenFile, read_written_file, schema_of
from pyreport.evidence.record import Record
from pyreport.files.plain_yaml import Place
from pyreport.rulebook.rows import field_name
from pyreport.rulebook.syntax import Atom, Value, quote

if TYPE_CHECKING:
    from pyreport.rulebook.rulebook import Rulebook

__all__ = ["SCHEMA", "CaseReader", "number_of", "read_case_facts", "single_facts"]

SCHEMA = "case_facts.json"
_LEAD, _ALLOCATION, _AUTHORIZED = "geographic_lead", "allocation", "authorized_by"
_PREDICATES = {
    _ALLOCATION: "operations_allocation",
    _AUTHORIZED: "authorization",
    "average_daily_attendance": "ada",
    "charters_counted": "number_stated",
    "districts_counted": "number_stated",
    _LEAD: "lead_agency",
    "locally_funded": "local_funding",
    "received": "received_stated",
}
"""The predicates of the facts that are called otherwise in a case file."""

_ARGUMENTS = {
    ("", "dashboard_year"): "year",
    ("", "school_year_ends"): "year",
    ("", "fiscal_year_ends"): "fiscal_year",
    ("", "ada"): "hundredths",
    ("opened", "date"): "opened",
    ("federal_label", "date"): "stated",
    ("released", "date"): "release",
    ("essa_support_from", "date"): "start",
}
"""The arguments of predicates that are called otherwise in a case file: of one of its facts, or of all."""

_BANDS = {
    "charters_counted": {"others": "charter", "county_authorized": "county_charter"},
    "districts_counted": {"small": "small", "medium": "medium", "large": "large"},
}
_GOAL, _NO_GOAL, _RATING = "charter_goal", "no_charter_goal", "local_rating"
_EVENT, _UNDER = "event", "event_under"
_OF_ALL = ("what", "document", "date")
_OF_EVENTS = ("lea", "by", "section")
_LEAS = ("lea", "office", "lead", "authorizer")
_STATE = "state"
"""In place of an authorizer's code."""
_STRINGS = ("lea", "office", "lead", "authorizer", "county", "school")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_HUNDREDTHS = 100
_THOUSAND = 1000


def number_of(date: str) -> int:
    """Return a date ``YYYY-MM-DD`` as the number YYYYMMDD.

    Raises:
        ValueError: There is no such date.
    """
    day = datetime.date.fromisoformat(date)
    return int(f"{day:%Y%m%d}")


@cache
def single_facts() -> Mapping[str, Mapping[str, Any]]:
    """What a case file may state beside events, as the schema lists it: each with what it says and names."""
    rules = schema_of(SCHEMA)["items"]["allOf"]
    named = ((rule["if"]["properties"]["what"], rule["then"]) for rule in rules)
    return {what["const"]: then for what, then in named if "const" in what}


def read_case_facts(paths: Iterable[Path], rulebook: Rulebook | None = None, record: Record | None = None) -> Facts:
    """Return the facts of the case files, each with the line it stands in.

    Args:
        paths: The files.
        rulebook: The rules that say which events there are; those of ``policy/`` if left out.
        record: The record in which names of LEAs are looked up; that of the package if left out.

    Raises:
        EvidenceError: With every problem of every file: not readable, an entry that the schema does not allow, an
            unknown event, a date that does not exist, a name that no LEA has, the same fact twice, or twice otherwise.
    """
    reader = CaseReader(rulebook, record)
    for path in paths:
        reader.read(path)
    if reader.findings:
        raise EvidenceError(reader.findings)
    return reader.facts


@dataclass
class CaseReader:
    """Reads case files one after the other, and gathers their facts and everything that is wrong.

    ``unread`` are the LEAs of entries that could not be taken, with the empty string for one that names none; ``empty``
    are the names of files without entries.
    """

    rulebook: Rulebook | None = None
    record: Record | None = None
    facts: Facts = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    empty: list[str] = field(default_factory=list)
    _settled: dict[Atom, tuple[Atom, Cell]] = field(default_factory=dict)

    @cached_property
    def events(self) -> list[str]:
        """The events that the policy names."""
        return sorted(self._stated("answers", "what"))

    @cached_property
    def actors(self) -> list[str]:
        """Those who can take a step, as the policy names them."""
        return sorted(self._stated("taken_by", "by"))

    def _stated(self, predicate: str, argument: str) -> set[str]:
        """The values of an argument in the facts that the policy states by a predicate."""
        declared = self._policy.predicates[predicate]
        stated = (declared.row(atom) for rule in self._policy.by_head[predicate] for atom in rule.facts)
        return {str(getattr(values, argument)) for values in stated}

    @cached_property
    def _policy(self) -> Rulebook:
        if self.rulebook is not None:
            return self.rulebook
        from pyreport.files.places import policy_folder
        from pyreport.rulebook.loading import load_rulebook

        return load_rulebook(policy_folder())

    @cached_property
    def _record(self) -> Record:
        if self.record is not None:
            return self.record
        from pyreport.evidence.record_reading import read_record, record_folder

        return read_record(record_folder())

    @cached_property
    def _names(self) -> LeaNames:
        return LeaNames(self._record)

    def read(self, path: Path) -> None:
        """Take the entries of one file."""
        try:
            file = read_written_file(path, "Case facts")
        except EvidenceError as error:
            self.findings += error.findings
            self.unread.add("")
            return
        if file.value is None or file.value == []:
            self.empty.append(file.name)
            return
        if not isinstance(file.value, list):
            self.findings.append(file.finding((), "expected a list of facts, each beginning with '- what: …'"))
            self.unread.add("")
            return
        unknown = [fault for number, entry in enumerate(file.value) for fault in self._put_codes(number, entry)]
        faulty = set()
        for place, message in [*unknown, *file.placed_faults(schema_of(SCHEMA))]:
            # What an entry of no known kind lacks cannot be said: the schema takes it for an event.
            if len(place) > 1 or self._is_known(file.value[int(place[0])]):
                self.findings.append(file.finding(place, message))
                faulty.add(place[0])
        for number, entry in enumerate(file.value):
            findings = [file.finding((number, *at), message) for at, message in self._faults(entry, number in faulty)]
            if not findings and number not in faulty:
                findings = list(self._take(file, number, entry))
            if findings or number in faulty:
                self.findings += findings
                self.unread.add(str(entry.get("lea", "")) if isinstance(entry, dict) else "")

    def _put_codes(self, number: int, entry: Any) -> Iterator[tuple[Place, str]]:
        """Put codes in place of the names of LEAs and of a county in an entry; yield the names that are none."""
        for name in (*_LEAS, "county") if isinstance(entry, dict) else ():
            text = entry.get(name)
            # What is no name is for the schema to refuse.
            if not isinstance(text, str) or not any(map(str.isalpha, text)) or (name, text) == ("authorizer", _STATE):
                continue
            try:
                entry[name] = county_code(text) if name == "county" else self._names.code(text)
            except ValueError as error:
                yield (number, name), str(error)

    def _is_known(self, entry: Any) -> bool:
        what = entry.get("what") if isinstance(entry, dict) else None
        return not isinstance(what, str) or what in single_facts() or what in self.events

    def _faults(self, entry: Any, faulty: bool) -> Iterator[tuple[tuple[str, ...], str]]:
        """What the schema cannot see: words of the policy, days of the calendar, and what other entries alone name.

        What is missing or unknown in an entry that is ``faulty`` was said already.
        """
        if not isinstance(entry, dict):
            return
        what, actor, date, ada = (entry.get(name) for name in ("what", "by", "date", "ada"))
        if isinstance(what, str) and not self._is_known(entry):
            near = _near(what, [*single_facts(), *self.events])
            yield ("what",), f"{what} is no event of the policy and no fact of a case{near}"
        elif isinstance(what, str) and not faulty:
            named = single_facts().get(what, {"required": _OF_EVENTS})
            for name in sorted(set(entry) - {*_OF_ALL, *named["required"], *named.get("properties", ())}):
                yield (name,), f"{what} has no {name}"
        if isinstance(actor, str) and actor not in self.actors:
            yield ("by",), f"{actor} is none of those who act{_near(actor, self.actors)}"
        if isinstance(date, str) and _DATE.fullmatch(date) and not _is_a_day(date):
            yield ("date",), f"{date} is no date of the calendar"
        if isinstance(ada, (int, float)) and not faulty and Decimal(str(ada)) * _HUNDREDTHS % 1:
            yield ("ada",), f"{ada} has more than two decimals"

    def _take(self, file: WrittenFile, number: int, entry: Mapping[str, Any]) -> Iterator[Finding]:
        """Take an entry that is in order, unless it was stated before."""
        cell = file.cell((number,), ", ".join(str(entry[name]) for name in ("document", "date") if name in entry))
        atoms = list(self._atoms(entry))
        for atom in (atom for atom in atoms if atom[0] != _EVENT):
            stated, known = self._settled.setdefault(self._question(atom), (atom, cell))
            if known is not cell:
                place = "" if known.publication.file == file.name else f" of {known.publication.file}"
                if stated == atom:
                    yield file.finding((number,), f"stands in line {known.row}{place} already; keep one")
                else:
                    yield file.finding((number,), f"line {known.row}{place} says otherwise already; keep one")
                return
            if atom[0] == _RATING:
                for message in self._rated_otherwise(entry):
                    yield file.finding((number, "rating"), message)
                    return
        for atom in atoms:
            self.facts.setdefault(atom, cell)

    def _question(self, atom: Atom) -> Atom:
        """What an atom answers: its key, where the policy has one. An event may stand under several sections."""
        if atom[0] == _NO_GOAL:
            return fact(_GOAL, **row(atom)._asdict())
        predicate = self._policy.predicates[str(atom[0])]
        key = predicate.arguments if atom[0] == _UNDER else predicate.key or predicate.arguments
        values = row(atom)
        return (atom[0], *(getattr(values, field_name(name)) for name in key))

    def _rated_otherwise(self, entry: Mapping[str, Any]) -> Iterator[str]:
        """What CDE's files say against a rating."""
        about = (entry["dashboard_year"], entry["lea"], entry["priority"])
        evidence = self._record.counties.get(entry["lea"][:2], CountyEvidence())
        for publication, rows in evidence.local_ratings.items():
            for rated in rows:
                if (publication.dashboard_year, rated.cds, rated.priority) == about and rated.rating != entry["rating"]:
                    yield f"{publication.file}, row {rated.row}, has {rated.rating}; a case file does not replace CDE's"

    def _atoms(self, entry: Mapping[str, Any]) -> Iterator[Atom]:
        what = str(entry["what"])
        if what not in single_facts():
            lea, date = quote(entry["lea"]), number_of(entry["date"])
            yield fact(_UNDER, lea=lea, what=what, by=entry["by"], date=date, section=quote(entry["section"]))
            yield fact(_EVENT, lea=lea, what=what, by=entry["by"], date=date)
            return
        values = {name: _value(name, entry[name]) for name in single_facts()[what]["required"]}
        predicate = _NO_GOAL if entry.get("has") is False else _PREDICATES.get(what, what)
        if what in _BANDS:
            office, year = values["office"], values["dashboard_year"]
            for name, band in _BANDS[what].items():
                yield fact(predicate, office=office, report=year, band=band, number=values[name])
            return
        arguments = {_ARGUMENTS.get((what, name)) or _ARGUMENTS.get(("", name), name): values[name] for name in values}
        if what == _ALLOCATION:
            arguments["thousands"], arguments["dollars"] = divmod(int(arguments["dollars"]), _THOUSAND)
        elif what == _AUTHORIZED:
            code = str(entry["authorizer"])
            arguments["county"] = quote(code[:2]) if code.isdigit() else "none"
        elif what == _LEAD:
            # A lead is a county's, for every LEA that looks to it.
            arguments["county"], arguments["lead_county"] = quote(entry["office"][:2]), quote(entry["lead"][:2])
        elif "lea" not in values and "office" not in values:
            arguments["lea"] = EVERY_LEA
        yield fact(predicate, **arguments)


def _value(name: str, value: Any) -> Value:
    if name in _STRINGS:
        return quote(value)
    if name == "date":
        return number_of(value)
    if name == "ada":
        return int(Decimal(str(value)) * _HUNDREDTHS)
    return int(value) if isinstance(value, float) else value.lower() if name == "group" else value


def _is_a_day(date: str) -> bool:
    try:
        number_of(date)
    except ValueError:
        return False
    return True


def _near(word: str, known: Iterable[str]) -> str:
    words = sorted(known)
    near = difflib.get_close_matches(word, words, n=3)
    return f"; did you mean {' or '.join(near)}?" if near else f"; expected one of {', '.join(words)}"
