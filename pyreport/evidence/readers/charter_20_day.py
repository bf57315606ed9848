"""Read a Charter 20 Day report that a charter school has written as a YAML file (``schema/charter_20_day.json``).

What a report must be like is law and stands in the policy. Here it only becomes facts: what is given, how it is
written, which amounts it has.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from pyreport.evidence.facts import Facts
from pyreport.evidence.findings import EvidenceError, Finding
from pyreport.evidence.readers.written_file import WrittenFile, read_written_file
from pyreport.rulebook.syntax import Atom, quote, unquote

__all__ = ["TEMPLATE", "read_charter_20_day", "template"]

SCHEMA = "charter_20_day.json"
TEMPLATE = "charter_20_day.yaml"
_HUNDRED = 100
_FACTS_OF = {
    "name": "contact_name",
    "telephone": "telephone",
    "fax": "fax",
    "email": "email",
}
_LISTS = {"grade_spans": "grade_span", "new_grades": "new_grade", "residence": "residence"}
_DATES = {
    ("instruction_began",): "instruction_began",
    ("first_days_ended",): "first_days_ended",
    ("enrollment", "counted_on"): "enrollment_counted",
    ("submission", "submitted"): "submitted",
    ("submission", "changed"): "changed",
    ("submission", "certification_received"): "certification_received",
}


def template() -> str:
    """The commented template of a report."""
    return (Path(__file__).parents[1] / "schema" / TEMPLATE).read_text(encoding="utf-8")


def read_charter_20_day(path: Path) -> Facts:
    """Return the facts of the report in ``path``, each with its line.

    Raises:
        EvidenceError: With everything that is wrong with how the file is written.
    """
    file = read_written_file(path)
    if not isinstance(file.value, dict):
        raise EvidenceError(
            [file.finding((), "expected the report's parts, as `pyreport charter20 --new` writes them")]
        )
    findings = file.faults(SCHEMA)
    findings += _date_findings(file)
    if findings:
        raise EvidenceError(findings)
    facts: Facts = {}
    for atom, place in _atoms(file.value):
        facts[atom] = file.cell(place, " ".join(unquote(value) for value in atom[2:]))
    return facts


def _date_findings(file: WrittenFile) -> Iterator[Finding]:
    for place in _DATES:
        text = _at(file.value, place)
        if isinstance(text, str) and re.fullmatch(r"\d{1,2}/\d{1,2}/\d{4}", text) and _date(text) is None:
            yield file.finding(place, f"{text} is no date of the calendar")


def _at(report: Mapping[str, Any], place: tuple[str, ...]) -> Any:
    value: Any = report
    for key in place:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _date(text: str) -> int | None:
    month, day, year = map(int, text.split("/"))
    try:
        return int(datetime.date(year, month, day).strftime("%Y%m%d"))
    except ValueError:
        return None


def _hundredths(text: str) -> int:
    """The amount in hundredths; what is written beyond them is reported by the rules as too many decimals."""
    return int(Decimal(text) * _HUNDRED)


def _answer(value: Any) -> str:
    return "yes" if value in ("yes", True) else "no"


def _shape(item: str, text: str) -> str:
    """How ``text`` is written: x for each digit, in an e-mail address for each run of letters and the like."""
    if item == "email":
        user, at, host = text.partition("@")
        name, dot, last = host.rpartition(".")
        parts = [re.sub(r"[\w.+-]+", "x", one) for one in (user, name, last)]
        return parts[0] + at + parts[1] + dot + parts[2]
    return re.sub(r"\d", "x", text)


def _atoms(report: Mapping[str, Any]) -> Iterator[tuple[Atom, tuple[str | int, ...]]]:
    """Each fact, and the place in the file where it stands."""
    lea = quote(report["cds"])
    yield ("twenty_day_report", lea, report["fiscal_year"]), ("fiscal_year",)
    if "name" in report:
        yield ("name", lea, report["fiscal_year"], quote(report["name"])), ("name",)
    yield ("report_status", lea, report["status"]), ("status",)
    yield ("chartered_by", lea, report["authorized_by"]), ("authorized_by",)
    yield ("chartered_under", lea, quote(report["authorized_under"])), ("authorized_under",)
    for key, item in (
        ("funded_under_block_grant", "block_grant"),
        ("sponsored_by_unified_district", "unified_sponsor"),
        ("pensec_filed", "pensec_filed"),
    ):
        if key in report:
            yield ("report_answer", lea, item, _answer(report[key])), (key,)
    for key, text in report.get("contact", {}).items():
        yield ("item_given", lea, _FACTS_OF[key]), ("contact", key)
        yield ("written_as", lea, _FACTS_OF[key], quote(_shape(key, text))), ("contact", key)
    for where, item in _DATES.items():
        text = _at(report, where)
        if text is not None:
            yield ("report_date", lea, item, int(_date(text) or 0)), where
            yield ("item_given", lea, item), where
            yield ("written_as", lea, item, quote(_shape(item, text))), where
    if "enrollment" in report:
        yield ("item_given", lea, "enrollment"), ("enrollment", "count")
        yield _decimals(lea, "enrollment", 1, report["enrollment"]["count"]), ("enrollment", "count")
    for key, part in _LISTS.items():
        yield from _list(lea, key, part, report.get(key, []))
    for number, span in enumerate(report.get("grade_spans", [])):
        yield from _span(lea, span, ("grade_spans", number))
    for number, one in enumerate(report.get("new_grades", [])):
        before, ada = _hundredths(one["ada_of_the_year_before"]), _hundredths(one["ada"])
        yield ("grade_added", lea, quote(one["grade"]), before, ada), ("new_grades", number)
    highest = "p2_ada_of_the_highest_grade_of_the_year_before"
    if highest in report:
        yield ("highest_grade_attendance", lea, _hundredths(report[highest])), (highest,)
    yield from _pupils(lea, report)
    for number, one in enumerate(report.get("submission", {}).get("signatures", [])):
        place = ("submission", "signatures", number)
        yield ("signed", lea, one["by"], one["block"], one["kept"]), place
        if _answer(one.get("reasons_sent", "no")) == "yes":
            yield ("reasons_sent", lea, one["by"]), place


def _decimals(lea: str, item: str, place: int, text: str) -> Atom:
    return ("written_decimals", lea, item, place, len(text.partition(".")[2]))


def _list(
    lea: str, key: str, part: str, entries: list[Mapping[str, Any]]
) -> Iterator[tuple[Atom, tuple[str | int, ...]]]:
    if not entries:
        return
    yield ("item_given", lea, part), (key,)
    yield ("parts", lea, part, len(entries)), (key,)
    for number, one in enumerate(entries):
        yield ("part_attendance", lea, part, number + 1, _hundredths(one["ada"])), (key, number, "ada")
        yield _decimals(lea, part, number + 1, one["ada"]), (key, number, "ada")


def _span(
    lea: str, span: Mapping[str, Any], place: tuple[str | int, ...]
) -> Iterator[tuple[Atom, tuple[str | int, ...]]]:
    name = quote(span["span"])
    extended = _hundredths(span.get("extended_year_ada", "0"))
    ada = _hundredths(span["ada"])
    yield ("span_attendance", lea, name, span["days_attended"], span["days_taught"], extended, ada), place
    if "pupils" in span:
        yield ("pupils_in_span", lea, name, span["pupils"]), (*place, "pupils")
    for key in ("resident_ada", "nonresident_ada"):
        if key in span:
            yield ("given_separately", lea, name), (*place, key)
            break


def _pupils(lea: str, report: Mapping[str, Any]) -> Iterator[tuple[Atom, tuple[str | int, ...]]]:
    demographics = report.get("demographics", {})
    if demographics:
        yield ("item_given", lea, "demographics"), ("demographics",)
    if "economically_disadvantaged" in demographics:
        place = ("demographics", "economically_disadvantaged")
        yield ("disadvantaged_counted", lea, demographics["economically_disadvantaged"]), place
    for number, one in enumerate(demographics.get("households", [])):
        where = ("demographics", "households", number)
        yield ("households_listed", lea), ("demographics", "households")
        yield ("household", lea, number + 1, one["persons"], one["annual_income"]), where
    if report.get("pupils_over_19"):
        yield ("item_given", lea, "pupils_over_19"), ("pupils_over_19",)
    if "days_taught_in_the_fiscal_year" in report:
        key = "days_taught_in_the_fiscal_year"
        yield ("days_taught_in_year", lea, report[key]), (key,)
