"""Which Dashboard years the policy covers, and what to write for one that it does not cover."""

from __future__ import annotations

from pyreport.errors import PyreportError
from pyreport.evidence.record import Record
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value

__all__ = ["YearNotEncoded", "YearNotOnRecord", "check_year", "check_year_on_record"]

_YEARS = ("Year", "Earlier")
"""The arguments in which facts of the policy name a Dashboard year."""


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
    if year not in record.years:
        raise YearNotOnRecord(
            f"The record holds no facts of the {year} Dashboard, only of {', '.join(map(str, record.years))}; "
            "give them with --evidence."
        )


def check_year(rulebook: Rulebook, year: int) -> None:
    """Make sure that the policy covers the determinations of a Dashboard year.

    Raises:
        YearNotEncoded: It does not; the message says why, or which files to write.
    """
    encoded = sorted({row.year for row in rulebook.rows("regime")}, key=str)
    if year in encoded:
        return
    for rule in rulebook.by_head["no_determinations"]:
        if rulebook.predicates["no_determinations"].atom(year=year) in rule.facts:
            citation = rule.cites[0]
            raise YearNotEncoded(f"{rule.says.format(Year=year)}. {citation.text}: “{citation.quotation}”")
    # The facts of law of the newest year encoded show in which files the year's own have to be written.
    newest = encoded[-1]
    files = sorted({rule.file for rule in rulebook.rules for fact in rule.facts if _names_year(rule, fact, newest)})
    raise YearNotEncoded(
        f"No criteria are encoded for the {year} Dashboard; encoded are {', '.join(map(str, encoded))}. "
        f"{_known_but_missing(rulebook, year)}Write policy/criteria/{year}.lp, like policy/criteria/{newest}.lp, and "
        f"the year's entries in {', '.join('policy/' + file for file in files if not file.startswith('criteria/'))}."
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


def _names_year(rule: Rule, fact: Atom, year: Value) -> bool:
    return any(name in _YEARS and value == year for name, value in zip(rule.variables, fact[1:], strict=True))
