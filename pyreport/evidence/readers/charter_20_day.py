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

from pyreport.evidence.findings import EvidenceError, Finding
from pyreport.evidence.predicates import Facts, fact, row
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
        _lea, *values = row(atom)
        facts[atom] = file.cell(place, " ".join(map(unquote, values)))
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
        parts = [re.sub(r"[\w.+-]+", "x", part) for part in (user, name, last)]
        return parts[0] + at + parts[1] + dot + parts[2]
    return re.sub(r"\d", "x", text)


def _atoms(report: Mapping[str, Any]) -> Iterator[tuple[Atom, tuple[str | int, ...]]]:
    """Each fact, and the place in the file where it stands."""
    lea = quote(report["cds"])
    yield fact("twenty_day_report", lea=lea, fiscal_year=report["fiscal_year"]), ("fiscal_year",)
    if "name" in report:
        yield fact("name", lea=lea, year=report["fiscal_year"], name=quote(report["name"])), ("name",)
    yield fact("report_status", lea=lea, applicant=report["status"]), ("status",)
    yield fact("chartered_by", lea=lea, body=report["authorized_by"]), ("authorized_by",)
    yield fact("chartered_under", lea=lea, law=quote(report["authorized_under"])), ("authorized_under",)
    for key, item in (
        ("funded_under_block_grant", "block_grant"),
        ("sponsored_by_unified_district", "unified_sponsor"),
        ("pensec_filed", "pensec_filed"),
    ):
        if key in report:
            yield fact("report_answer", lea=lea, item=item, answer=_answer(report[key])), (key,)
    for key, text in report.get("contact", {}).items():
        yield fact("item_given", lea=lea, item=_FACTS_OF[key]), ("contact", key)
        yield fact("written_as", lea=lea, item=_FACTS_OF[key], written=quote(_shape(key, text))), ("contact", key)
    for where, item in _DATES.items():
        text = _at(report, where)
        if text is not None:
            yield fact("report_date", lea=lea, item=item, date=int(_date(text) or 0)), where
            yield fact("item_given", lea=lea, item=item), where
            yield fact("written_as", lea=lea, item=item, written=quote(_shape(item, text))), where
    if "enrollment" in report:
        yield fact("item_given", lea=lea, item="enrollment"), ("enrollment", "count")
        yield _decimals(lea, "enrollment", 1, report["enrollment"]["count"]), ("enrollment", "count")
    for key, part in _LISTS.items():
        yield from _list(lea, key, part, report.get(key, []))
    for number, span in enumerate(report.get("grade_spans", [])):
        yield from _span(lea, span, ("grade_spans", number))
    for number, grade in enumerate(report.get("new_grades", [])):
        before, ada = _hundredths(grade["ada_of_the_year_before"]), _hundredths(grade["ada"])
        yield (
            fact("grade_added", lea=lea, grade=quote(grade["grade"]), year_before=before, hundredths=ada),
            ("new_grades", number),
        )
    highest = "p2_ada_of_the_highest_grade_of_the_year_before"
    if highest in report:
        yield fact("highest_grade_attendance", lea=lea, cap=_hundredths(report[highest])), (highest,)
    yield from _pupils(lea, report)
    for number, signature in enumerate(report.get("submission", {}).get("signatures", [])):
        place = ("submission", "signatures", number)
        yield fact("signed", lea=lea, by=signature["by"], block=signature["block"], kept=signature["kept"]), place
        if _answer(signature.get("reasons_sent", "no")) == "yes":
            yield fact("reasons_sent", lea=lea, by=signature["by"]), place


def _decimals(lea: str, item: str, place: int, text: str) -> Atom:
    return fact("written_decimals", lea=lea, item=item, place=place, written=len(text.partition(".")[2]))


def _list(
    lea: str, key: str, part: str, entries: list[Mapping[str, Any]]
) -> Iterator[tuple[Atom, tuple[str | int, ...]]]:
    if not entries:
        return
    yield fact("item_given", lea=lea, item=part), (key,)
    yield fact("parts", lea=lea, part=part, number=len(entries)), (key,)
    for number, entry in enumerate(entries):
        yield (
            fact("part_attendance", lea=lea, part=part, place=number + 1, hundredths=_hundredths(entry["ada"])),
            (key, number, "ada"),
        )
        yield _decimals(lea, part, number + 1, entry["ada"]), (key, number, "ada")


def _span(
    lea: str, span: Mapping[str, Any], place: tuple[str | int, ...]
) -> Iterator[tuple[Atom, tuple[str | int, ...]]]:
    name = quote(span["span"])
    extended = _hundredths(span.get("extended_year_ada", "0"))
    ada = _hundredths(span["ada"])
    yield (
        fact(
            "span_attendance",
            lea=lea,
            span=name,
            attended=span["days_attended"],
            taught=span["days_taught"],
            extended=extended,
            hundredths=ada,
        ),
        place,
    )
    if "pupils" in span:
        yield fact("pupils_in_span", lea=lea, span=name, pupils=span["pupils"]), (*place, "pupils")
    for key in ("resident_ada", "nonresident_ada"):
        if key in span:
            yield fact("given_separately", lea=lea, span=name), (*place, key)
            break


def _pupils(lea: str, report: Mapping[str, Any]) -> Iterator[tuple[Atom, tuple[str | int, ...]]]:
    demographics = report.get("demographics", {})
    if demographics:
        yield fact("item_given", lea=lea, item="demographics"), ("demographics",)
    if "economically_disadvantaged" in demographics:
        place = ("demographics", "economically_disadvantaged")
        yield fact("disadvantaged_counted", lea=lea, number=demographics["economically_disadvantaged"]), place
    for number, household in enumerate(demographics.get("households", [])):
        where = ("demographics", "households", number)
        yield fact("households_listed", lea=lea), ("demographics", "households")
        yield (
            fact(
                "household", lea=lea, pupil=number + 1, persons=household["persons"], income=household["annual_income"]
            ),
            where,
        )
    if report.get("pupils_over_19"):
        yield fact("item_given", lea=lea, item="pupils_over_19"), ("pupils_over_19",)
    if "days_taught_in_the_fiscal_year" in report:
        key = "days_taught_in_the_fiscal_year"
        yield fact("days_taught_in_year", lea=lea, taught=report[key]), (key,)
