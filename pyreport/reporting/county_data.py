"""What a county's pages show, as rows for a workbook, CSV and JSON."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from pyreport.explanation.numbered import NumberedSteps
from pyreport.following.as_of_date import DUTIES
from pyreport.reasoning.determinations import Determination
from pyreport.reporting.county_case import CountyCase, flag_words
from pyreport.reporting.standing import standing_of
from pyreport.reporting.tables import write_csv, write_json
from pyreport.rulebook.syntax import quote

__all__ = ["Sheet", "county_csv", "county_json", "county_workbook", "sheets"]

_WIDTHS = {"Local educational agency": 34, "Reason": 60, "Student group": 30, "What": 70, "Law": 40, "Status": 28}
_WIDTH = 18
_CREATED = datetime.datetime(2000, 1, 1)
"""A moment that every workbook has, so that equal rows give equal bytes."""


@dataclass(frozen=True)
class Sheet:
    """A sheet of the workbook: its name, the heads of its columns and its rows."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def sheets(case: CountyCase) -> list[Sheet]:
    """LEAs, student groups, duties, history and money of a county."""
    return [
        Sheet("LEAs", _LEA_HEADS + tuple(one.label or one.name for one in case.outputs), tuple(_leas(case))),
        Sheet(
            "Student groups", ("CDS", "Local educational agency", "Student group", "Priorities"), tuple(_groups(case))
        ),
        Sheet("Duties", ("CDS", "Local educational agency", "What", "Law"), tuple(_duties(case))),
        Sheet(
            "History", ("CDS", "Local educational agency", "Dashboard", "Status", "Priorities"), tuple(_history(case))
        ),
        Sheet("Money", ("Office", "Fiscal year", "Amount", "Not on record"), tuple(_money(case))),
    ]


def county_csv(case: CountyCase) -> str:
    """The determinations of the page's year."""
    return write_csv(case.rows)


def county_json(case: CountyCase) -> str:
    """The same with the sources, the fingerprint of the rules and the proof checker's verdict."""
    return write_json(case.rows, case.decision)


def county_workbook(case: CountyCase) -> bytes:
    """The sheets as an Excel workbook; CDS codes and all words are text."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": f"{case.county} County, {case.year} Dashboard", "created": _CREATED})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        cell = book.add_format({"text_wrap": True, "valign": "top"})
        for sheet in sheets(case):
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 2)
            page.repeat_rows(0)
            page.set_landscape()
            page.fit_to_pages(1, 0)
            for column, words in enumerate(sheet.heads):
                page.set_column(column, column, _WIDTHS.get(words, _WIDTH))
                page.write_string(0, column, words, head)
            for place, row in enumerate(sheet.rows, start=1):
                for column, value in enumerate(row):
                    if isinstance(value, int):
                        page.write_number(place, column, value, cell)
                    else:
                        page.write_string(place, column, value, cell)
    return content.getvalue()


_LEA_HEADS = (
    "CDS",
    "Local educational agency",
    "Status",
    "Compared with the Dashboard before",
    "Reason",
    "Law",
    "Until when",
)


def _leas(case: CountyCase) -> Iterator[tuple[Any, ...]]:
    for row in case.rows:
        steps = case.explainer.about("status", quote(row.cds), row.dashboard_year)
        law = dict.fromkeys(citation.text for citation in NumberedSteps(steps).citations())
        until = "; ".join(one.short for one in case.following(row).get("length", ()))
        flags = (flag_words(row, output) for output in case.outputs)
        standing = standing_of(row, case.before(row)).value
        yield (row.cds, row.name, row.status, standing, case.answer(row), "; ".join(law), until, *flags)


def _groups(case: CountyCase) -> Iterator[tuple[Any, ...]]:
    for row in case.rows:
        for group, priorities in row.groups.items():
            yield row.cds, row.name, case.group_name(group), ", ".join(map(str, priorities))


def _duties(case: CountyCase) -> Iterator[tuple[Any, ...]]:
    for row in case.rows:
        for one in case.following(row).get(DUTIES, ()):
            stating = (below for derivation in one.step.derivations for below in derivation.stating)
            cites = dict.fromkeys(citation.text for below in stating for citation in below.cites)
            yield row.cds, row.name, one.short, "; ".join(cites)


def _history(case: CountyCase) -> Iterator[tuple[Any, ...]]:
    for row in case.rows:
        past: Determination
        for past in case.history[row.cds]:
            groups = case.group_words(past)
            yield past.cds, past.name, past.dashboard_year, past.status, groups


def _money(case: CountyCase) -> Iterator[tuple[Any, ...]]:
    money = case.allowance
    if money is not None:
        missing: Sequence[str] = money.missing or ("",)
        for place, sentence in enumerate(missing):
            yield (money.office, money.fiscal_year, money.amount, sentence) if not place else ("", "", "", sentence)
