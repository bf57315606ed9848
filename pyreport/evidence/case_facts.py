"""Read case files: what bears on a decision and stands in no file of CDE's (``schema/case_facts.json``).

A case file is YAML, one entry a fact or an event. Each names its file and line as its cell. Which events there are and
who can take part in them is the policy's to say (``policy/cases/events.lp``); that their order is lawful is checked
with the rules (``pyreport.explanation.case_check``).
"""

from __future__ import annotations

import datetime
import difflib
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import yaml

from pyreport.evidence.facts import Facts
from pyreport.evidence.findings import EvidenceError, Finding
from pyreport.evidence.record import Cell, Publication
from pyreport.evidence.written_file import TextLoader, composed
from pyreport.rulebook.syntax import Atom, Value, quote

if TYPE_CHECKING:
    from pyreport.rulebook.rulebook import Rulebook

__all__ = ["SINGLE_FACTS", "CaseReader", "number_of", "read_case_facts"]

SINGLE_FACTS = {
    "calpads_not_certified": ("dashboard_year",),
    "charter_goal": ("priority",),
    "authorizer_finding": ("school_year_ends", "group", "priority"),
    "number_of_groups": ("dashboard_year", "count"),
    "authorized_by": ("authorizer", "body"),
    "located_in": ("county",),
    "average_daily_attendance": ("fiscal_year_ends", "ada"),
}
"""What a case file may state beside events, each with its further entries."""

_PREDICATES = {"average_daily_attendance": "ada"}
_EVENT = ("by", "section")
_COMMON = ("what", "lea", "date", "document")
_HUNDREDTHS = 100


def number_of(date: str) -> int:
    """Return a date ``YYYY-MM-DD`` as the number YYYYMMDD.

    Raises:
        ValueError: There is no such date.
    """
    one = datetime.date.fromisoformat(date)
    return int(f"{one:%Y%m%d}")


def read_case_facts(paths: Iterable[Path], rulebook: Rulebook | None = None) -> Facts:
    """Return the facts of the case files, each with the line it stands in.

    Args:
        paths: The files.
        rulebook: The rules that say which events there are; those of ``policy/`` if left out.

    Raises:
        EvidenceError: With every problem of every file: not readable, an entry that the schema does not allow, an
            unknown event, a date that does not exist, the same fact twice.
    """
    reader = CaseReader(rulebook)
    for path in paths:
        reader.read(path)
    if reader.findings:
        raise EvidenceError(reader.findings)
    return reader.facts


@dataclass
class CaseReader:
    """Reads case files one after the other, and gathers their facts and everything that is wrong.

    ``unread`` are the LEAs of entries that could not be taken, with the empty string for one that names none.
    """

    rulebook: Rulebook | None = None
    facts: Facts = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)

    @cached_property
    def _validator(self) -> jsonschema.Draft202012Validator:
        path = Path(__file__).parent / "schema" / "case_facts.json"
        return jsonschema.Draft202012Validator(json.loads(path.read_text(encoding="utf-8"))["items"])

    @cached_property
    def events(self) -> list[str]:
        """The events that the policy names."""
        return sorted(self._stated("answers", 1))

    @cached_property
    def actors(self) -> list[str]:
        """Those who can take a step, as the policy names them."""
        return sorted(self._stated("taken_by", 3))

    def _stated(self, predicate: str, place: int) -> set[str]:
        if self.rulebook is None:
            from pyreport.places import policy_folder
            from pyreport.rulebook.rulebook import load_rulebook

            self.rulebook = load_rulebook(policy_folder())
        return {str(fact[place]) for rule in self.rulebook.by_head[predicate] for fact in rule.facts}

    def read(self, path: Path) -> None:
        """Take the entries of one file."""
        try:
            content, root = composed(path)
        except EvidenceError as error:
            for finding in error.findings:
                self._refuse(finding.file, finding.row, finding.message)
            return
        if not isinstance(root, yaml.SequenceNode) or not root.value:
            self._refuse(path.name, 1, "expected a list of facts, each beginning with '- what: …'")
            return
        publication = Publication(0, "Case facts", "", path.name, "", hashlib.sha256(content).hexdigest(), {}, "case")
        for node in root.value:
            self._take(node, publication)

    def _refuse(self, file: str, line: int, message: str, lea: str = "") -> None:
        self.findings.append(Finding(file, "", line, "", message, "line"))
        self.unread.add(lea)

    def _take(self, node: yaml.Node, publication: Publication) -> None:
        file, line = publication.file, node.start_mark.line + 1
        entry = TextLoader("").construct_document(node)
        lea = str(entry.get("lea", "")) if isinstance(entry, dict) else ""
        faults = list(self._faults(entry))
        for fault in faults:
            self._refuse(file, line, fault, lea)
        if faults:
            return
        cell = Cell(f"{entry['document']}, {entry['date']}", publication, "line ", line)
        for atom in self._atoms(entry):
            if atom in self.facts and atom[0] != "event":
                known = self.facts[atom]
                place = "" if known.publication.file == file else f" of {known.publication.file}"
                self._refuse(file, line, f"stands in line {known.row}{place} already", lea)
                return
            self.facts.setdefault(atom, cell)

    def _faults(self, entry: Any) -> Iterable[str]:
        faults = sorted(self._validator.iter_errors(entry), key=lambda fault: fault.json_path)
        for fault in faults:
            name = ".".join(map(str, fault.absolute_path))
            yield f"{name + ': ' if name else ''}{fault.message}"
        if not isinstance(entry, dict):
            return
        what, actor = entry.get("what"), entry.get("by")
        known = isinstance(what, str) and (what in SINGLE_FACTS or what in self.events)
        if isinstance(what, str) and not known:
            near = _near(what, [*SINGLE_FACTS, *self.events])
            yield f"what: {what} is no event of the policy and no fact of a case{near}"
        if isinstance(actor, str) and actor not in self.actors:
            yield f"by: {actor} is none of those who act{_near(actor, self.actors)}"
        date = entry.get("date")
        if isinstance(date, str) and not any(
            fault.absolute_path and fault.absolute_path[0] == "date" for fault in faults
        ):
            try:
                number_of(date)
            except ValueError:
                yield f"date: {date} is no date of the calendar"
        if known and isinstance(what, str) and not faults:
            further = sorted(set(entry) - {*_COMMON, *SINGLE_FACTS.get(what, _EVENT)})
            if further:
                yield f"{what} has no {', '.join(further)}"
            ada = entry.get("ada")
            if ada is not None and Decimal(str(ada)) * _HUNDREDTHS % 1:
                yield f"ada: {ada} has more than two decimals"

    def _atoms(self, entry: dict[str, Any]) -> Iterable[Atom]:
        what, lea = str(entry["what"]), quote(entry["lea"])
        if what in SINGLE_FACTS:
            yield (_PREDICATES.get(what, what), lea, *(_value(name, entry[name]) for name in SINGLE_FACTS[what]))
            return
        date = number_of(entry["date"])
        yield ("event_under", lea, what, entry["by"], date, quote(entry["section"]))
        yield ("event", lea, what, entry["by"], date)


def _value(name: str, value: Any) -> Value:
    if name == "group":
        return str(value).lower()
    if name in ("authorizer", "county"):
        return quote(value)
    if name == "ada":
        return int(Decimal(str(value)) * _HUNDREDTHS)
    found: Value = value
    return found


def _near(word: str, known: Iterable[str]) -> str:
    words = sorted(known)
    near = difflib.get_close_matches(word, words, n=3)
    return f"; did you mean {' or '.join(near)}?" if near else f"; expected one of {', '.join(words)}"
