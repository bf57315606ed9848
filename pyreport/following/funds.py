"""What a county office receives, as text: the amount under each reading, what is open, and the derivation.

Which conclusions give the total, and what is said beside it, is the policy's (``Report: funds`` in its vocabulary).
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pyreport.evidence.predicates import Facts
from pyreport.explanation.data import as_data
from pyreport.explanation.sentences import dollar_words, fiscal_year_words, listed_words
from pyreport.explanation.text import WIDTH, as_text
from pyreport.explanation.tree import Explainer
from pyreport.reasoning.decision import Decision
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.solver import derive
from pyreport.rulebook.rows import atom_of
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value, quote, unquote

__all__ = [
    "Funds",
    "Missing",
    "amount_words",
    "as_funds_data",
    "as_funds_text",
    "county_offices",
    "fiscal_years",
    "funds",
    "missing",
    "open_words",
    "other_readings",
    "reasons",
]

_REPORT = "funds"
_TOTAL, _LEAD, _OTHER, _FORMULA = "total", "lead", "other", "formula"
"""The parts of the report, as the vocabulary names them."""

_OFFICE = "county_office"
_LINES, _LEAST, _NAMES = 30, 12, 3
"""The lines of a text that is not asked for whole, the least of its derivation, and the LEAs named in one of them."""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money: the atom that gives it, and how many dollars it is."""

    atom: Atom
    dollars: Fraction


@dataclass(frozen=True)
class Funds:
    """What follows for one county office and fiscal year.

    Attributes:
        office: The county office, a CDS code.
        fiscal_year: The calendar year in which the fiscal year ends.
        usual: The reading of the law against which the others are held.
        totals: By reading, what the county office receives; a reading that is open has none.
        lead: By reading, what its geographic lead receives for its LEAs.
        led_by: Who that lead is; none where it is not on hand.
        open: What is not on record, once for each LEA, report and cause, however many readings it leaves open.
        others: Conclusions beside the amounts: a designee, which county's lead it is, the order of spending, who
            receives the later amounts.
    """

    office: str
    fiscal_year: int
    usual: str
    totals: dict[str, Amount]
    lead: dict[str, Amount]
    led_by: list[Lead]
    open: list[Atom]
    others: list[Atom]


@dataclass(frozen=True, slots=True)
class Lead:
    """A geographic lead: its CDS code as a case file states it, or the code of its county as the term on hand has it.

    The other of the two is ``None``.
    """

    agency: str | None = None
    county: str | None = None

    @property
    def code(self) -> str:
        """The code on hand."""
        return self.agency or self.county or ""


def fiscal_years(rulebook: Rulebook) -> list[int]:
    """The fiscal years for which the policy has a formula, each by the calendar year in which it ends."""
    formulas = rulebook.reported(_REPORT).get(_FORMULA, ())
    return sorted({int(row.fiscal_year) for predicate in formulas for row in rulebook.stated(predicate.name)})


def county_offices(rulebook: Rulebook, facts: Facts) -> dict[str, str]:
    """The CDS codes of the county offices on record, by the county's code: the policy says whose code is one.

    Raises:
        ReasoningError: Clingo reported an error or a warning.
    """
    codes = {atom: cell for atom, cell in facts.items() if atom[0] == "code_parts"}
    offices = sorted(unquote(row.lea) for row in derive(rulebook, codes).rows("kind", kind=_OFFICE))
    return {code[:2]: code for code in reversed(offices)}


def funds(graph: Graph, office: str, fiscal_year: int) -> Funds:
    """Collect the conclusions of ``graph`` about ``office`` (a CDS code) and ``fiscal_year``."""
    code = quote(office)
    parts = graph.rulebook.reported(_REPORT)

    def atoms(predicate: str, **values: Value) -> list[Atom]:
        return sorted((atom_of(row) for row in graph.rows(predicate, office=code, **values)), key=str)

    def amounts(part: str) -> dict[str, Amount]:
        """By reading; of several the last that the vocabulary declares."""
        return {
            str(predicate.row(atom).reading): Amount(atom, predicate.amount(atom))
            for predicate in parts.get(part, ())
            for atom in atoms(predicate.name, fiscal_year=fiscal_year)
        }

    others = [atom for predicate in parts.get(_OTHER, ()) for atom in atoms(predicate.name, fiscal_year=fiscal_year)]
    usual = str(graph.rulebook.stated("usual_reading")[0].reading)
    counties = sorted(graph.rows("led_by", office=code, fiscal_year=fiscal_year), key=str)
    agencies = sorted(graph.rows("lead_agency", office=code, fiscal_year=fiscal_year), key=str)
    return Funds(
        office,
        fiscal_year,
        usual,
        amounts(_TOTAL),
        amounts(_LEAD),
        [*(Lead(county=row.lead_county) for row in counties), *(Lead(agency=row.lead) for row in agencies)],
        [*_causes(graph, code, usual), *atoms("new_formula_open", fiscal_year=fiscal_year)],
        sorted(others, key=str),
    )


def _causes(graph: Graph, office: str, usual: str) -> list[Atom]:
    """What is not on record, of the reports that count: each once, under the ``usual`` reading where it is open."""

    def usual_first(row: Any) -> tuple[bool, str]:
        return row.reading != usual, str(atom_of(row))

    used = {(row.reading, row.kind, row.report) for row in graph.rows("report_used", office=office)}
    causes: dict[tuple[Value, ...], Atom] = {}
    for row in sorted(graph.rows("amount_open", office=office), key=usual_first):
        if (row.reading, row.kind, row.report) in used:
            causes.setdefault((row.report, row.kind, row.cause, row.lea), atom_of(row))
    for row in sorted(graph.rows("lead_not_on_record", office=office), key=usual_first):
        causes.setdefault((row.report, "lead"), atom_of(row))
    return [causes[key] for key in sorted(causes, key=str)]


def amount_words(amount: Amount) -> str:
    """The amount, to the cent."""
    return dollar_words(amount.dollars)


def open_words(graph: Graph, fiscal_year: int) -> str:
    """What is said where the amount is open: of a year whose formula has a base, beyond which amount it is."""
    base = next(iter(graph.rows("base_amount", fiscal_year=fiscal_year)), None)
    return "open" if base is None else f"open beyond the base of {dollar_words(Fraction(base.dollars))}"


def as_funds_text(decided: Decision, county: Funds, *, everything: bool = False) -> str:
    """Write what follows for a county office, with derivations: on a screen, or with ``everything`` whole."""
    explainer = Explainer(decided.graph)
    lines = list(_lines(explainer, county, most_names=None if everything else _NAMES))
    steps = [explainer.step(atom) for atom in reasons(county, county.open)]
    if steps:
        # The heading and the line before it.
        room = None if everything else max(_LINES - len(lines) - 2, _LEAST)
        lines += ["", "Why:", as_text(steps, room)]
    return "\n".join(lines).rstrip() + "\n"


def _lines(explainer: Explainer, county: Funds, most_names: int | None) -> Iterator[str]:
    words = explainer.sentences
    name = words.lea(quote(county.office))
    yield f"{name} ({county.office}), fiscal year {fiscal_year_words(county.fiscal_year)}."
    usual = county.totals.get(county.usual)
    yield f"Receives: {amount_words(usual) if usual else open_words(explainer.graph, county.fiscal_year)}."
    for reading, amount in other_readings(county).items():
        yield f"By {words.words('Reading', reading)}: {amount_words(amount)}."
    lead = county.lead.get(county.usual)
    if lead and lead.dollars:
        who = _lead_words(explainer, county)
        yield f"For LEAs of its county the geographic lead{who} receives {amount_words(lead)}."
    if county.open:
        yield ""
        yield "Not on record:"
        for lacking in missing(explainer, county, most_names):
            yield from textwrap.wrap(
                lacking.sentence, WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False
            )
    for atom in county.others:
        yield explainer.step(atom).headline


def _lead_words(explainer: Explainer, county: Funds) -> str:
    """Who the lead is, in parentheses, or that it is not on hand."""
    words = explainer.sentences
    names = [
        words.lea(lead.agency) if lead.agency else f"{words.words('LeadCounty', lead.code)} County"
        for lead in county.led_by
    ]
    return f" ({listed_words(names)})" if names else ", who is not on hand,"


@dataclass(frozen=True)
class Missing:
    """What is not on record of some LEAs alike, or of the county office: a sentence, and the conclusions it says."""

    sentence: str
    atoms: tuple[Atom, ...]


def missing(explainer: Explainer, county: Funds, most_names: int | None = None) -> list[Missing]:
    """One entry a report and cause, with the LEAs, at most so many of them; what is not about one stands alone."""
    words = explainer.sentences
    entries: list[Missing] = []
    groups: dict[tuple[Value, ...], list[Atom]] = {}
    amount_open = explainer.graph.rulebook.predicates["amount_open"]
    for atom in county.open:
        row = amount_open.row(atom) if atom[0] == amount_open.name else None
        if row is not None and row.office != row.lea:
            groups.setdefault((row.report, row.cause, row.reading), []).append(atom)
        else:
            entries.append(Missing(explainer.step(atom).headline, (atom,)))
    for (report, cause, reading), atoms in groups.items():
        leas = [amount_open.row(atom).lea for atom in atoms]
        names = ", ".join(_named(words.lea(lea), unquote(lea)) for lea in leas[:most_names])
        if most_names is not None and len(leas) > most_names:
            names += f" and {len(leas) - most_names} more"
        matters = "" if reading == county.usual else f" (matters by {words.words('Reading', reading)} alone)"
        text = f"{report} report, {words.words('Cause', cause)} of: {names}{matters}."
        entries.append(Missing(text, tuple(atoms)))
    return entries


def _named(name: str, code: str) -> str:
    """An LEA by name and code; by its code alone where no file on record names it."""
    return code if name == code else f"{name} ({code})"


def other_readings(county: Funds) -> dict[str, Amount]:
    """By reading, the totals that differ from that of the usual reading."""
    usual = county.totals.get(county.usual)
    return {
        reading: amount
        for reading, amount in sorted(county.totals.items())
        if reading != county.usual and (usual is None or amount_words(amount) != amount_words(usual))
    }


def reasons(county: Funds, causes: Iterable[Atom]) -> list[Atom]:
    """The conclusions whose derivations say why: the total, or else ``causes``; what the lead receives; the rest."""
    usual, lead = county.totals.get(county.usual), county.lead.get(county.usual)
    chosen = list(causes) if usual is None else [usual.atom]
    if lead and lead.dollars:
        chosen.append(lead.atom)
    return [*chosen, *county.others]


def as_funds_data(decided: Decision, county: Funds) -> dict[str, Any]:
    """The same as plain data, for JSON."""
    explainer = Explainer(decided.graph)
    return {
        "office": county.office,
        "fiscal_year": county.fiscal_year,
        "amount": amount_words(county.totals[county.usual]) if county.usual in county.totals else None,
        "readings": {reading: amount_words(amount) for reading, amount in sorted(county.totals.items())},
        "lead": {reading: amount_words(amount) for reading, amount in sorted(county.lead.items())},
        "led_by": [unquote(lead.code) for lead in county.led_by],
        "not_on_record": [explainer.step(atom).headline for atom in county.open],
        **as_data([explainer.step(atom) for atom in reasons(county, county.open)]),
    }
