"""Cases about the Charter 20 Day report: a report in order, what is changed in it, and what must follow."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pyreport.cases.files import filled
from pyreport.evidence.readers.charter_20_day import _atoms
from pyreport.rulebook.syntax import Atom, quote, unquote

from ..case_files import raw_cases

FOLDER = Path(__file__).parent


class ReportCase:
    """One case: a report under a CDS code of its own."""

    def __init__(self, number: int, place: str, given: Mapping[str, Any], document: Mapping[str, Any]) -> None:
        self.name: str = given["name"]
        self.place = place
        self.given = {**document["usually"][given["report"]], **given}
        self.report = copy.deepcopy(document["reports"][given["report"]])
        self.report["cds"] = f"0161{number:03}0000001"
        for path, value in given.get("change", {}).items():
            _change(self.report, path.split("."), value)
        self.lea = quote(self.report["cds"])

    def atoms(self) -> Iterator[Atom]:
        filed = not self.given.get("not_filed")
        return (atom for atom, _ in _atoms(self.report) if filed or atom[0] != "twenty_day_report")

    def faults(self, by_lea: Mapping[str, Mapping[str, list[Atom]]]) -> list[str]:
        found = by_lea.get(self.lea, {})
        faults = []
        for key, shown in _shown(found).items():
            expected = self.given.get(key, False if isinstance(shown, bool) else [])
            if isinstance(expected, list):
                expected = sorted(map(str, expected))
            if expected != "any" and shown != expected:
                faults.append(f"{key}: expected {expected}; got {shown}")
        if {"advance_is_estimate", "advance_rests_on"} & found.keys() and not self.given["due"]:
            faults.append("expected no advance; got an estimate of one")
        if self.given["due"] and [a[2:] for a in found.get("advance_rests_on", [])] != [(20,)]:
            faults.append("expected an advance that rests on the first 20 days; got none")
        if self.given["due"] and "advance_is_estimate" not in found:
            faults.append("expected an advance that is an estimate; got none")
        return faults


SHOWN = {
    "due": ("advance_due", None),
    "may_apply": ("may_apply", None),
    "awaiting": ("awaiting_certification", None),
    "not_listed": ("not_in_the_lists", None),
    "barred": ("barred", 2),
    "faults": ("fault", 2),
    "sections": ("section_due", 2),
    "totals": ("total_attendance", 2),
    "new_grades": ("new_grade_level", 2),
    "funded": ("funded_attendance", 2),
    "cap_open": ("cap_open", 2),
    "open": ("list_open", 2),
    "disadvantaged": ("economically_disadvantaged", 2),
    "reduced": ("funding_reduced", 2),
    "review": ("under_review", 2),
}


def _shown(found: Mapping[str, list[Atom]]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for key, (name, place) in SHOWN.items():
        atoms = found.get(name, [])
        shown[key] = bool(atoms) if place is None else sorted(" ".join(map(unquote, a[place:])) for a in atoms)
    return shown


def _change(report: Any, path: list[str], value: Any) -> None:
    key: Any = int(path[0]) if isinstance(report, list) else path[0]
    if len(path) > 1:
        _change(report[key], path[1:], value)
    elif value is None:
        del report[key]
    elif isinstance(report, list) and key == len(report):
        report.append(value)
    else:
        report[key] = value


def cases() -> list[ReportCase]:
    document, places = raw_cases(FOLDER / "special_advance.yaml")
    given = [
        (place, filled({key: value for key, value in entry.items() if key != "for_each"}, row))
        for entry, place in zip(document["cases"], places, strict=True)
        for row in entry.get("for_each", [{}])
    ]
    return [ReportCase(number, place, one, document) for number, (place, one) in enumerate(given, start=1)]


PREDICATES = (*(name for name, _ in SHOWN.values()), "advance_is_estimate", "advance_rests_on")


def by_lea(atoms: Mapping[str, list[Atom]]) -> dict[str, dict[str, list[Atom]]]:
    """The conclusions that cases look at, by LEA and predicate."""
    found: dict[str, dict[str, list[Atom]]] = {}
    for name in PREDICATES:
        for atom in atoms[name]:
            found.setdefault(str(atom[1]), {}).setdefault(name, []).append(atom)
    return found
