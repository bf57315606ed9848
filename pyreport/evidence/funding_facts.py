"""The facts of a question about the money of a county office: who stands in its county, and what a file states.

A file of funding facts is YAML, one entry a fact (``schema/funding_facts.json``). Each fact names its line as its cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from pyreport.evidence.facts import Facts
from pyreport.evidence.findings import EvidenceError, Finding
from pyreport.evidence.record import Cell, Publication, Record
from pyreport.evidence.written_file import WrittenFile, read_written_file
from pyreport.rulebook.syntax import Atom, quote, unquote

__all__ = ["county_office", "funding_question", "is_of_funding", "read_funding_facts"]

SCHEMA = "funding_facts.json"
_OFFICE = "10"
_NO_SCHOOL = "0000000"
_NAME_OF_OFFICE = "county office of education"
_STATE_BOARD = "SBE"
_THOUSAND = 1000
_HUNDRED = 100


def is_of_funding(path: Path) -> bool:
    """Whether the first entry of a file is a fact of this kind, and not one of the other case facts."""
    value = read_written_file(path).value
    first = value[0] if isinstance(value, list) and value else None
    return isinstance(first, dict) and str(first.get("what")) in _ATOMS


def read_funding_facts(paths: Iterable[Path]) -> Facts:
    """Return the facts of the files.

    Raises:
        EvidenceError: With every problem of every file: not readable, not as the schema says, the same twice.
    """
    findings: list[Finding] = []
    facts: Facts = {}
    settled: dict[tuple[Any, ...], tuple[str, int]] = {}
    for path in paths:
        try:
            file = read_written_file(path)
        except EvidenceError as error:
            findings += error.findings
            continue
        faults = _faults(file)
        findings += faults
        if faults:
            continue
        for number, entry in enumerate(file.value):
            about = (entry["what"], *(entry.get(name) for name in ("lea", "office", "fiscal_year", "report")))
            known = settled.setdefault(about, (file.name, file.line((number,))))
            if known != (file.name, file.line((number,))):
                findings.append(file.finding((number,), f"stands in {known[0]}, line {known[1]} already; keep one"))
                continue
            cell = file.cell((number,), f"{entry['document']}")
            facts.update(dict.fromkeys(_ATOMS[entry["what"]](entry), cell))
    if findings:
        raise EvidenceError(findings)
    return facts


def _faults(file: WrittenFile) -> list[Finding]:
    if not isinstance(file.value, list):
        return [file.finding((), "expected a list of facts, each beginning with '- what: …'")]
    faults = []
    for number, entry in enumerate(file.value):
        what = entry.get("what") if isinstance(entry, dict) else None
        if isinstance(what, str) and what in _ARGUMENTS:
            wanted = {"what", "document", *_ARGUMENTS[what]}
            wrong = [f"{name} is missing" for name in sorted(wanted - set(entry))]
            wrong += [f"{what} has no {name}" for name in sorted(map(str, set(entry) - wanted))]
            faults += [file.finding((number,), one) for one in wrong]
    # The schema's own words about which entry has which names would only repeat these.
    return faults + [one for one in file.faults(SCHEMA) if "is not valid under any" not in one.message]


_ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "attendance": ("lea", "fiscal_year", "ada"),
    "authorizer": ("lea", "authorizer", "body"),
    "location": ("lea", "county"),
    "districts_counted": ("office", "report", "small", "medium", "large"),
    "charters_counted": ("office", "report", "county_authorized", "others"),
    "geographic_lead": ("office", "fiscal_year", "lead"),
    "allocation": ("office", "fiscal_year", "dollars"),
    "received": ("office", "fiscal_year", "dollars"),
}


def _counted(entry: Mapping[str, Any], names: Mapping[str, str]) -> list[Atom]:
    office, report = quote(entry["office"]), entry["report"]
    return [("number_stated", office, report, band, entry[name]) for name, band in names.items()]


def _hundredths(ada: str) -> int:
    return int(Decimal(ada) * _HUNDRED)


_ATOMS: Mapping[str, Any] = {
    "attendance": lambda entry: [("ada", quote(entry["lea"]), entry["fiscal_year"], _hundredths(entry["ada"]))],
    "authorizer": lambda entry: [
        ("authorized_by", quote(entry["lea"]), quote(entry["authorizer"]), entry["body"]),
    ],
    "location": lambda entry: [("located_in", quote(entry["lea"]), quote(entry["county"]))],
    "districts_counted": lambda entry: _counted(entry, {"small": "small", "medium": "medium", "large": "large"}),
    "charters_counted": lambda entry: _counted(entry, {"others": "charter", "county_authorized": "county_charter"}),
    "geographic_lead": lambda entry: [
        ("lead_agency", quote(entry["office"]), quote(entry["lead"]), entry["fiscal_year"])
    ],
    "allocation": lambda entry: [
        (
            "operations_allocation",
            quote(entry["office"]),
            entry["fiscal_year"],
            entry["dollars"] // _THOUSAND,
            entry["dollars"] % _THOUSAND,
        )
    ],
    "received": lambda entry: [("received_stated", quote(entry["office"]), entry["fiscal_year"], entry["dollars"])],
}


def county_office(facts: Facts, county: str) -> str | None:
    """The CDS code of the county's office, if it is on record."""
    found = {
        unquote(atom[1])
        for atom in facts
        if atom[0] == "code_parts" and unquote(atom[2]) == _OFFICE and unquote(atom[3]) == _NO_SCHOOL
    }
    return next((code for code in sorted(found) if code.startswith(county)), None)


def funding_question(facts: Facts, record: Record, office: str, fiscal_year: int) -> Facts:
    """The facts that stand in no file because they are the question: the office, the year, the codes, the numbers."""
    asked = Publication(0, "Question", "", "the question", "", "", {}, "case")
    found: Facts = {
        ("funds_looked_at", quote(office), fiscal_year): Cell(f"{office}, {fiscal_year}", asked, "line ", 1)
    }
    leas = {atom[1]: cell for atom, cell in facts.items() if atom[0] == "code_parts"}
    for lea, cell in leas.items():
        found["county_code", lea, quote(unquote(lea)[:2])] = cell
    for number in range(len(leas) + 1):
        found["whole_number", number] = Cell(str(number), asked, "number ", number)
    known = {atom[1] for atom in facts if atom[0] == "authorized_by"}
    found.update({atom: cell for atom, cell in _authorizers(facts, record, office).items() if atom[1] not in known})
    return found


def _authorizers(facts: Facts, record: Record, office: str) -> Facts:
    """Who authorized the charters, as the directory of charter schools prints it."""
    codes = {
        unquote(atom[3]).lower(): unquote(atom[1])
        for atom in facts
        if atom[0] == "name" and unquote(atom[1]).endswith(_NO_SCHOOL)
    }
    found: Facts = {}
    county = record.counties.get(office[:2])
    for publication, charters in county.charters.items() if county else ():
        for one in charters:
            cell = Cell(one.authorizer, publication, publication.columns["authorizer"], one.row)
            name = one.authorizer.lower()
            if one.authorizer.startswith(_STATE_BOARD):
                body, authorizer = "state_board", "state"
            elif name.endswith(_NAME_OF_OFFICE):
                body, authorizer = "county_board", codes.get(name, office)
            elif name in codes:
                body, authorizer = "district_board", codes[name]
            else:
                continue
            found["authorized_by", quote(one.cds), quote(authorizer), body] = cell
    return found
