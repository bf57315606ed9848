"""What a county office receives, as text: the amount under each reading, what is open, and the derivation."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyreport.explanation.data import as_data
from pyreport.explanation.decision import Decision
from pyreport.explanation.sentences import listed_words, money_words, rounded
from pyreport.explanation.text import WIDTH, as_text
from pyreport.explanation.tree import Explainer, Step
from pyreport.reasoning.graph import Graph
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value, quote, unquote

__all__ = ["Funds", "as_funds_data", "as_funds_text", "fiscal_years", "funds"]

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
        others: Conclusions beside the amounts: a designee, the order of spending, who receives the later amounts.
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
            for name in ("designee_required", "designee_open")
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
        of_year("led_by")
        + sorted((a for a in graph.atoms("lead_agency") if a[1] == code and a[3] == fiscal_year), key=str),
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


def as_funds_text(decided: Decision, found: Funds) -> str:
    """Write what follows, with derivations."""
    explainer = Explainer(decided.graph)
    return "\n".join(_lines(explainer, found)).rstrip() + "\n"


def _lines(explainer: Explainer, found: Funds) -> Iterator[str]:
    words = explainer.sentences
    name = words.lea(quote(found.office))
    yield f"{name} ({found.office}), fiscal year {found.fiscal_year - 1}–{found.fiscal_year % 100:02}."
    usual = found.totals.get(found.usual)
    yield f"Receives: {amount_words(usual)}." if usual else "Receives: open."
    for reading, atom in sorted(found.totals.items()):
        if reading != found.usual and (usual is None or amount_words(atom) != amount_words(usual)):
            yield f"By {words.words('Reading', reading)}: {amount_words(atom)}."
    lead = found.lead.get(found.usual)
    if lead and int(lead[4]):
        who = _lead_words(explainer, found)
        yield f"For LEAs of its county the geographic lead{who} receives {amount_words(lead)}."
    if found.open:
        yield ""
        yield "Not on record:"
        yield from _grouped(explainer, found)
    for atom in found.others:
        yield f"{explainer.step(atom).shown}"
    steps = _steps(explainer, found)
    if steps:
        yield ""
        yield "Why:"
        yield as_text(steps)


def _lead_words(explainer: Explainer, found: Funds) -> str:
    """Who the lead is, in parentheses, or that it is not on hand."""
    words = explainer.sentences
    names = [
        f"{words.words('LeadCounty', atom[3])} County" if atom[0] == "led_by" else words.lea(atom[2])
        for atom in found.led_by
    ]
    return f" ({listed_words(names)})" if names else ", who is not on hand,"


def _grouped(explainer: Explainer, found: Funds) -> Iterator[str]:
    """One line a report and cause, with the LEAs; what is not about one stands alone."""
    words = explainer.sentences
    groups: dict[tuple[Value, ...], list[str]] = {}
    for atom in found.open:
        if atom[0] == "amount_open" and atom[1] != atom[6]:
            groups.setdefault((atom[2], atom[5], atom[3]), []).append(f"{words.lea(atom[6])} ({unquote(atom[6])})")
        else:
            yield f"- {explainer.step(atom).shown}"
    for (report, cause, reading), leas in groups.items():
        alone = "" if reading == found.usual else f" (matters by {words.words('Reading', reading)} alone)"
        text = f"{report} report, {words.words('Cause', cause)} of: {', '.join(leas)}{alone}."
        yield from textwrap.wrap(text, WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)


def _steps(explainer: Explainer, found: Funds) -> list[Step]:
    chosen = [found.totals[found.usual]] if found.usual in found.totals else list(found.open)
    if found.usual in found.lead and int(found.lead[found.usual][4]):
        chosen.append(found.lead[found.usual])
    return [explainer.step(atom) for atom in [*chosen, *found.others]]


def as_funds_data(decided: Decision, found: Funds) -> dict[str, Any]:
    """The same as plain data, for JSON."""
    explainer = Explainer(decided.graph)
    return {
        "office": found.office,
        "fiscal_year": found.fiscal_year,
        "amount": amount_words(found.totals[found.usual]) if found.usual in found.totals else None,
        "readings": {reading: amount_words(atom) for reading, atom in sorted(found.totals.items())},
        "lead": {reading: amount_words(atom) for reading, atom in sorted(found.lead.items())},
        "led_by": [unquote(atom[3] if atom[0] == "led_by" else atom[2]) for atom in found.led_by],
        "not_on_record": [explainer.step(atom).shown for atom in found.open],
        **as_data(_steps(explainer, found)),
    }
