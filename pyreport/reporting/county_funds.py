"""What a county's page says of the funds of its county office."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyreport.explanation.sentences import date_words, fiscal_year_words
from pyreport.explanation.tree import Explainer
from pyreport.following.funds import amount_words, fiscal_years, funds, missing, open_words, other_readings
from pyreport.following.support import fiscal_year_of
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, unquote

__all__ = ["Allowance", "allowance", "why_no_allowance"]

_OPEN, _ATTENDANCE = "amount_open", "attendance"


@dataclass(frozen=True)
class Allowance:
    """What the county office receives in a fiscal year.

    Attributes:
        office: The county office's name.
        fiscal_year: The fiscal year, such as ``2024–25``.
        amount: The amount, or the words that it is open.
        others: Other readings of the law, in words, each with the amount by it.
        missing: What is not on record, a sentence each.
        form: Lines of a case file that state the attendance that is missing, one an LEA and year, ready to be filled.
    """

    office: str
    fiscal_year: str
    amount: str
    others: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    form: str


def allowance(explainer: Explainer) -> Allowance | None:
    """What the county office receives; ``None`` where the decision was not asked about funds."""
    graph, sentences = explainer.graph, explainer.sentences
    for asked in graph.rows("funds_looked_at"):
        received = funds(graph, unquote(asked.office), asked.fiscal_year)
        lacking = missing(explainer, received)
        total = received.totals.get(received.usual)
        return Allowance(
            office=sentences.lea(asked.office),
            fiscal_year=fiscal_year_words(received.fiscal_year),
            amount=open_words(graph, received.fiscal_year) if total is None else amount_words(total),
            others=tuple(
                (sentences.words("Reading", reading), amount_words(atom))
                for reading, atom in other_readings(received).items()
            ),
            missing=tuple(lack.sentence for lack in lacking),
            form=_form(explainer, [atom for lack in lacking for atom in lack.atoms]),
        )
    return None


def _form(explainer: Explainer, atoms: Iterable[Atom]) -> str:
    """An entry for each attendance that is missing, as case files have it."""
    declared = explainer.graph.rulebook.predicates[_OPEN]
    rows = [declared.row(atom) for atom in atoms if atom[0] == _OPEN]
    entries = {(unquote(row.lea), row.report): row.lea for row in rows if row.cause == _ATTENDANCE}
    lines = (
        f'- {{what: average_daily_attendance, lea: "{cds}", fiscal_year_ends: {year}, ada: , document: ""}}'
        f"  # {explainer.sentences.lea(lea)}"
        for (cds, year), lea in sorted(entries.items())
    )
    return "\n".join(lines)


def why_no_allowance(rulebook: Rulebook, county: str, as_of: int | None) -> str:
    """Why nothing is said of what the county office of a county, given by name, receives as of a date, YYYYMMDD."""
    if as_of is None:
        return "Not asked as of a date."
    years, fiscal_year = fiscal_years(rulebook), fiscal_year_of(rulebook, as_of)
    if fiscal_year in years:
        return f"No county office of {county} County is on record."
    first, last = map(fiscal_year_words, (years[0], years[-1]))
    return (
        f"No amount is given: the formulas on hand are for the fiscal years {first} to {last}, "
        f"and {date_words(as_of)} lies in {fiscal_year_words(fiscal_year)}."
    )
