"""Which Dashboard years the policy covers, and what to write for one that it does not cover."""

from __future__ import annotations

from pyreport.errors import PyreportError
from pyreport.evidence.layouts_on_hand import layouts_on_hand
from pyreport.evidence.record import Record
from pyreport.rulebook.rulebook import Rulebook

__all__ = ["YearNotEncoded", "YearNotOnRecord", "check_on_record", "check_year", "check_year_on_record"]


class YearNotEncoded(PyreportError):
    """No criteria are encoded for the Dashboard year; nothing is guessed."""


class YearNotOnRecord(PyreportError):
    """The record has no facts of the Dashboard year."""


def check_year_on_record(rulebook: Rulebook, record: Record, year: int) -> None:
    """Make sure that the policy and the record cover a Dashboard year.

    Raises:
        YearNotEncoded: The policy does not.
        YearNotOnRecord: The record does not.
    """
    check_year(rulebook, year)
    check_on_record(record, year)


def check_on_record(record: Record, year: int) -> None:
    """Make sure that the record covers a Dashboard year.

    Raises:
        YearNotOnRecord: It does not.
    """
    if year not in record.years:
        raise YearNotOnRecord(
            f"The record holds no facts of the {year} Dashboard, only of {', '.join(map(str, record.years))}; "
            "give them with --evidence."
        )


def check_year(rulebook: Rulebook, year: int) -> None:
    """Make sure that the policy covers the determinations of a Dashboard year, and that its files can be read.

    A year that the policy states in part does not load: see ``pyreport.rulebook.years``.

    Raises:
        YearNotEncoded: It does not; the message says why, or which files to write.
    """
    encoded = rulebook.years.begun
    if year in encoded:
        unread = list(rulebook.years.missing_layouts(layouts_on_hand(), [year]))
        if unread:
            raise YearNotEncoded("\n".join(map(str, unread)))
        return
    for rule in rulebook.by_head["no_determinations"]:
        if rulebook.predicates["no_determinations"].atom(year=year) in rule.facts:
            citation = rule.cites[0]
            raise YearNotEncoded(f"{rule.says.format(Year=year)}. {citation.text}: “{citation.quotation}”")
    if not encoded:
        raise YearNotEncoded(
            "The policy does not say what a Dashboard year must state: write policy/years/families.lp."
        )
    parts = [part for family in rulebook.years.families for part in family.parts]
    files = dict.fromkeys(("" if part.layout else "policy/") + part.file_of(year) for part in parts)
    raise YearNotEncoded(
        f"No criteria are encoded for the {year} Dashboard; encoded are {', '.join(map(str, encoded))}. "
        f"{_known_but_missing(rulebook, year)}`pyreport new-year {year} --from {encoded[-1]}` begins the year; "
        f"its entries stand in {', '.join(files)}."
    )


def _known_but_missing(rulebook: Rulebook, year: int) -> str:
    """What the policy says of criteria of ``year`` that the board adopted and that are not encoded; else empty."""
    for rule in rulebook.by_head.get("board_criteria", ()):
        for fact in rule.facts:
            if rulebook.predicates["board_criteria"].row(fact).year == year:
                citation = rule.cites[0]
                message = rule.says.format(**dict(zip(rule.variables, fact[1:], strict=True)))
                return f"{message}. {citation.text}: “{citation.quotation}” "
    return ""
