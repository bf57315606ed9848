"""What a county office receives, as text: the amount under each reading, what is open, and the derivation."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pyreport.evidence.predicates import Facts
from pyreport.explanation.data import as_data
from pyreport.explanation.sentences import fiscal_year_words, listed_words, money_words, rounded
from pyreport.explanation.text import WIDTH, as_text
from pyreport.explanation.tree import Explainer
from pyreport.reasoning.decision import Decision
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.solver import derive
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

_OFFICE = "county_office"
# The predicates that give a total, the more particular first.
TOTALS = ("office_allowance", "held_at", "new_amounts")


@dataclass(frozen=True)
class Funds:
    """What follows for one county office and fiscal year.

    Attributes:
        totals: By reading, the atom that gives what the county office receives; a reading that is open has none.
        lead: By reading, the atom that gives what its geographic lead receives for its LEAs.
        led_by: Who that lead is: as a case file states, else as the term on hand has it; none where it is not on hand.
        open: What is not on record, once for each LEA, report and cause, however many readings it leaves open.
        others: Conclusions beside the amounts: a designee, which county's lead it is, the order of spending, who
            receives the later amounts.
    """

    office: str
    fiscal_year: int
    usual: str
    totals: dict[str, Atom]
    lead: dict[str, Atom]
    led_by: list[Atom]
    open: list[Atom]
    others: list[Atom]


def fiscal_years(rulebook: Rulebook) -> list[int]:
    """The fiscal years for which the policy has a formula."""
    names = ("base_amount", "first_amount", "later_formula")
    return sorted({int(fact[1]) for name in names for rule in rulebook.by_head.get(name, ()) for fact in rule.facts})


def county_offices(rulebook: Rulebook, facts: Facts) -> dict[str, str]:
    """The CDS codes of the county offices on record, by the county's code: the policy says whose code is one."""
    codes = {atom: cell for atom, cell in facts.items() if atom[0] == "code_parts"}
    offices = sorted(unquote(atom[1]) for atom in derive(rulebook, codes).atoms("kind") if atom[2] == _OFFICE)
    return {code[:2]: code for code in reversed(offices)}


def funds(graph: Graph, office: str, fiscal_year: int) -> Funds:
    """Collect the conclusions of ``graph`` about ``office`` (a CDS code) and ``fiscal_year``."""
    code = quote(office)

    def of_year(predicate: str) -> list[Atom]:
        return sorted((a for a in graph.atoms(predicate) if a[1] == code and a[2] == fiscal_year), key=str)

    usual = next(str(fact[1]) for rule in graph.rulebook.by_head["usual_reading"] for fact in rule.facts)
    totals = {str(atom[3]): atom for name in TOTALS for atom in of_year(name)}
    used = {(a[3], a[4], a[5]) for a in graph.atoms("report_used") if a[1] == code}
    causes: dict[tuple[Value, ...], Atom] = {}
    for atom in sorted(graph.atoms("amount_open"), key=lambda a: (str(a[3]) != usual, str(a))):
        if atom[1] == code and (atom[3], atom[4], atom[2]) in used:
            causes.setdefault((atom[2], *atom[4:]), atom)
    for atom in sorted(graph.atoms("lead_not_on_record"), key=lambda a: (str(a[3]) != usual, str(a))):
        if atom[1] == code:
            causes.setdefault((atom[4], "lead"), atom)
    others = [
        *(
            atom
            for name in ("designee_required", "designee_open", "charter_lead_in_doubt")
            for atom in graph.atoms(name)
            if atom[2] == code and atom[3] == fiscal_year
        ),
        *of_year("second_goes_to_lead"),
        *of_year("districts_of_2025_first"),
    ]
    return Funds(
        office,
        fiscal_year,
        usual,
        totals,
        {str(atom[3]): atom for atom in of_year("lead_allowance")},
        of_year("led_by") + sorted((a for a in graph.atoms("lead_agency") if a[1:3] == (fiscal_year, code)), key=str),
        [*(causes[key] for key in sorted(causes, key=str)), *of_year("new_formula_open")],
        sorted(others, key=str),
    )


def amount_words(atom: Atom) -> str:
    """The amount that a total gives, to the cent."""
    if atom[0] == "new_amounts":
        dollars, dimes, fraction = (int(value) for value in atom[4:])
        # Ten-thousandths of a dollar, rounded to a hundred of them.
        return money_words(rounded(dollars * 10000 + dimes * 1000 + fraction, 100))
    return money_words(rounded(int(atom[4]) * 100, 6))


def open_words(graph: Graph, fiscal_year: int) -> str:
    """What is said where the amount is open: of a year whose formula has a base, beyond which amount it is."""
    base = next((atom[2] for atom in graph.atoms("base_amount") if atom[1] == fiscal_year), None)
    return "open" if base is None else f"open beyond the base of {money_words(int(base) * 100)}"


def as_funds_text(decided: Decision, found: Funds) -> str:
    """Write what follows, with derivations."""
    explainer = Explainer(decided.graph)
    return "\n".join(_lines(explainer, found)).rstrip() + "\n"


def _lines(explainer: Explainer, found: Funds) -> Iterator[str]:
    words = explainer.sentences
    name = words.lea(quote(found.office))
    yield f"{name} ({found.office}), fiscal year {fiscal_year_words(found.fiscal_year)}."
    usual = found.totals.get(found.usual)
    yield f"Receives: {amount_words(usual) if usual else open_words(explainer.graph, found.fiscal_year)}."
    for reading, atom in other_readings(found).items():
        yield f"By {words.words('Reading', reading)}: {amount_words(atom)}."
    lead = found.lead.get(found.usual)
    if lead and int(lead[4]):
        who = _lead_words(explainer, found)
        yield f"For LEAs of its county the geographic lead{who} receives {amount_words(lead)}."
    if found.open:
        yield ""
        yield "Not on record:"
        for one in missing(explainer, found):
            yield from textwrap.wrap(
                one.sentence, WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False
            )
    for atom in found.others:
        yield f"{explainer.step(atom).shown}"
    steps = [explainer.step(atom) for atom in reasons(found, found.open)]
    if steps:
        yield ""
        yield "Why:"
        yield as_text(steps)


def _lead_words(explainer: Explainer, found: Funds) -> str:
    """Who the lead is, in parentheses, or that it is not on hand."""
    words = explainer.sentences
    names = [
        f"{words.words('LeadCounty', atom[3])} County" if atom[0] == "led_by" else words.lea(atom[4])
        for atom in found.led_by
    ]
    return f" ({listed_words(names)})" if names else ", who is not on hand,"


@dataclass(frozen=True)
class Missing:
    """What is not on record of some LEAs alike, or of the county office: a sentence, and the conclusions it says."""

    sentence: str
    atoms: tuple[Atom, ...]


def missing(explainer: Explainer, found: Funds) -> list[Missing]:
    """One entry a report and cause, with the LEAs; what is not about one stands alone."""
    words = explainer.sentences
    alone: list[Missing] = []
    groups: dict[tuple[Value, ...], list[Atom]] = {}
    for atom in found.open:
        if atom[0] == "amount_open" and atom[1] != atom[6]:
            groups.setdefault((atom[2], atom[5], atom[3]), []).append(atom)
        else:
            alone.append(Missing(explainer.step(atom).shown, (atom,)))
    for (report, cause, reading), atoms in groups.items():
        names = ", ".join(_named(words.lea(atom[6]), unquote(atom[6])) for atom in atoms)
        matters = "" if reading == found.usual else f" (matters by {words.words('Reading', reading)} alone)"
        text = f"{report} report, {words.words('Cause', cause)} of: {names}{matters}."
        alone.append(Missing(text, tuple(atoms)))
    return alone


def _named(name: str, code: str) -> str:
    """An LEA by name and code; by its code alone where no file on record names it."""
    return code if name == code else f"{name} ({code})"


def other_readings(found: Funds) -> dict[str, Atom]:
    """By reading, the totals that differ from that of the usual reading."""
    usual = found.totals.get(found.usual)
    return {
        reading: atom
        for reading, atom in sorted(found.totals.items())
        if reading != found.usual and (usual is None or amount_words(atom) != amount_words(usual))
    }


def reasons(found: Funds, open_ones: Iterable[Atom]) -> list[Atom]:
    """The conclusions whose derivations say why: the total, or else ``open_ones``; what the lead receives; the rest."""
    chosen = [found.totals[found.usual]] if found.usual in found.totals else list(open_ones)
    if found.usual in found.lead and int(found.lead[found.usual][4]):
        chosen.append(found.lead[found.usual])
    return [*chosen, *found.others]


def as_funds_data(decided: Decision, found: Funds) -> dict[str, Any]:
    """The same as plain data, for JSON."""
    explainer = Explainer(decided.graph)
    return {
        "office": found.office,
        "fiscal_year": found.fiscal_year,
        "amount": amount_words(found.totals[found.usual]) if found.usual in found.totals else None,
        "readings": {reading: amount_words(atom) for reading, atom in sorted(found.totals.items())},
        "lead": {reading: amount_words(atom) for reading, atom in sorted(found.lead.items())},
        "led_by": [unquote(atom[3] if atom[0] == "led_by" else atom[4]) for atom in found.led_by],
        "not_on_record": [explainer.step(atom).shown for atom in found.open],
        **as_data([explainer.step(atom) for atom in reasons(found, found.open)]),
    }
