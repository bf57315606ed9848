"""The predicates of the facts that evidence states, and facts by the names of their arguments.

Evidence is read without the rules, so the names stand here too; a test holds them equal to ``policy/vocabulary.lp``.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from pyreport.evidence.model import Cell
from pyreport.rulebook.rows import row_type
from pyreport.rulebook.syntax import Atom, Value, quote

__all__ = ["ARGUMENTS", "EVERY_LEA", "LISTING", "Facts", "fact", "of_lea", "row", "subject", "year_of"]

ARGUMENTS = {
    "ada": "LEA FiscalYear Hundredths",
    "all_rows_at_hand": "LEA Year Indicator",
    "as_of": "LEA Date",
    "authorization": "LEA Authorizer County Body",
    "authorizer_finding": "LEA Year Group Priority",
    "authorizer_printed": "LEA Printed",
    "calpads_not_certified": "LEA Year",
    "certification_flag": "LEA Year Group",
    "charter": "LEA",
    "charter_goal": "LEA Priority",
    "chartered_by": "LEA Body",
    "chartered_under": "LEA Law",
    "code_county": "LEA County",
    "code_parts": "LEA Type School",
    "county_code": "LEA County",
    "dashboard_row": "LEA Year Group Indicator Denominator Size Status Change StatusLevel ChangeLevel Color",
    "dass": "LEA",
    "days_taught_in_year": "LEA Taught",
    "determination_on_record": "LEA Year Ground",
    "disadvantaged_counted": "LEA Number",
    "essa_support_from": "LEA Start",
    "event": "LEA What By Date",
    "event_under": "LEA What By Date Section",
    "federal_label": "LEA School Label Years Stated",
    "funding_printed": "LEA Printed",
    "funds_looked_at": "Office FiscalYear",
    "given_separately": "LEA Span",
    "grade_added": "LEA Grade YearBefore Hundredths",
    "grades_offered": "LEA Year First Last",
    "high_school_cut_points": "LEA Year Group Indicator",
    "highest_grade_attendance": "LEA Cap",
    "household": "LEA Pupil Persons Income",
    "households_listed": "LEA",
    "in_directory": "LEA Year",
    "item_given": "LEA Item",
    "lead_agency": "FiscalYear Office County Lead LeadCounty",
    "letters_at_hand": "LEA Year",
    "listed": "LEA Year",
    "local_funding": "LEA",
    "local_rating": "LEA Year Priority Rating",
    "located_in": "LEA County",
    "looked_back_on": "LEA Year",
    "low_performing": "LEA Year Group Indicator",
    "name": "LEA Year Name",
    "no_charter_goal": "LEA Priority",
    "not_listed": "LEA Year",
    "not_printed": "LEA Year Indicator Column",
    "number_of_groups": "LEA Year Count",
    "number_stated": "Office Report Band Number",
    "numbered_under": "LEA Authorizer County",
    "opened": "LEA Opened",
    "operations_allocation": "Office FiscalYear Thousands Dollars",
    "part_attendance": "LEA Part Place Hundredths",
    "parts": "LEA Part Number",
    "published_52071f": "LEA Year Answer",
    "published_52072": "LEA Year Answer",
    "published_letter": "LEA Year Group Letter",
    "published_method": "LEA Year Method Answer",
    "published_status": "LEA Year Words",
    "pupils_in_span": "LEA Span Pupils",
    "reasons_sent": "LEA By",
    "received_stated": "Office FiscalYear Dollars",
    "red_list_at_hand": "LEA Year",
    "released": "LEA Year Release",
    "report_answer": "LEA Item Answer",
    "report_date": "LEA Item Date",
    "report_status": "LEA Applicant",
    "reported": "LEA Year",
    "signed": "LEA By Block Kept",
    "small_population": "LEA Year Group Indicator",
    "span_attendance": "LEA Span Attended Taught Extended Hundredths",
    "suspension_type": "LEA Year Table",
    "twenty_day_report": "LEA FiscalYear",
    "whole_number": "Number",
    "written_as": "LEA Item Written",
    "written_decimals": "LEA Item Place Written",
}
"""The names of the arguments of each predicate, in order, as the vocabulary has them."""


Facts = dict[Atom, Cell]
"""Ground facts and their cells, in a settled order."""

EVERY_LEA = quote("")
"""In place of an LEA's code: what a case file states of every LEA, such as when a Dashboard was released."""

_SUBJECTS = ("lea", "office")

LISTING = ("listed", "reported", "in_directory")
"""The predicates by which a file names an LEA of a Dashboard year."""


def fact(predicate: str, **values: Value) -> Atom:
    """Return the fact whose arguments have these values, by the names that rows have for them (``status_level``).

    Raises:
        KeyError: Evidence states no such predicate.
        TypeError: A name is missing or is no argument.
    """
    return (predicate, *_row_type(predicate)(**values))


def row(atom: Atom) -> Any:
    """Return the arguments of a fact by their names: ``row.lea``, ``row.year``.

    Raises:
        KeyError: Evidence states no such predicate.
    """
    return _row_type(str(atom[0]))._make(atom[1:])


def subject(atom: Atom) -> str | None:
    """The LEA or county office that a fact is about, as it stands there; ``None`` if it is about neither.

    What a county has, such as its lead agency, is about the LEAs that look to it.
    """
    first = _row_type(str(atom[0]))._fields[0]
    return str(atom[1]) if first in _SUBJECTS else None


def of_lea(atom: Atom, lea: Value) -> Atom:
    """Return the same fact about another LEA."""
    return (atom[0], *row(atom)._replace(lea=lea))


def year_of(atom: Atom) -> Value | None:
    """The Dashboard year that a fact is about; ``None`` if it is about none."""
    place = _place_of_year(str(atom[0]))
    return atom[place] if place else None


@cache
def _place_of_year(predicate: str) -> int:
    arguments = ARGUMENTS[predicate].split()
    return arguments.index("Year") + 1 if "Year" in arguments else 0


@cache
def _row_type(predicate: str) -> Any:
    return row_type(predicate, tuple(ARGUMENTS[predicate].split()))
