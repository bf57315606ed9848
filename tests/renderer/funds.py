"""Compare what a county's page says of the county office's funds with its graph: the amounts, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .page import Element
from .words import Words, money, plain

__all__ = ["funds_problems"]

# The predicates of a total, each before the one that goes before it, and their amount in dollars' fractions.
_TOTALS = ("office_allowance", "held_at", "new_amounts")
_MISSING = re.compile(r"(?P<report>\d{4}) report, (?P<cause>.+) of: (?P<leas>.+?)(?: \(matters by .+ alone\))?\.")
_CDS = re.compile(r"(?<![^ (])(\d{14})(?![^),])")


def funds_problems(root: Element, words: Words) -> Iterator[str]:
    """Yield each difference between what the page says of the funds and its graph."""
    parts = list(root.all("div", "funds"))
    asked = list(words.atoms.get("funds_looked_at", ()))
    if len(parts) > 1 or (asked and not parts):
        yield f"the page tells of the funds {len(parts)} times; it needs to once"
        return
    further = [one.tag for part in parts for one in part.children][1:]
    if any(part.own_text for part in parts) or set(further) - {"details"}:
        yield "the page tells more of the funds than the amount and its derivation"
    amounts = [one.text for part in parts for one in part.all("p", "amount")]
    if not asked:
        if any("$" in one for one in amounts) or any(True for part in parts for _ in part.all("ul", "tree")):
            yield f"the page says of the funds {amounts}; nobody asked its graph"
        return
    office, fiscal_year = asked[0]
    expected = _amounts(words, office, fiscal_year)
    if amounts != [expected]:
        yield f"the page says of the funds {amounts}; the graph says {expected!r}"
    yield from _missing(parts[0], words, office)


def _amounts(words: Words, office: Any, fiscal_year: int) -> str:
    totals: dict[str, str] = {}
    for name in _TOTALS:
        for one, year, reading, *amount in words.atoms.get(name, ()):
            if (one, year) == (office, fiscal_year):
                totals[reading] = _in_words(amount)
    usual = next(reading for (reading,) in words.atoms["usual_reading"])
    bases = [dollars for year, dollars in words.atoms.get("base_amount", ()) if year == fiscal_year]
    unsettled = f"open beyond the base of {money(bases[0], 100, 1)}" if bases else "open"
    of_usual = totals.get(usual, unsettled)
    said = f"{words.lea(office, None)}, fiscal year {fiscal_year - 1}–{fiscal_year % 100:02}: {of_usual}"
    others = {one: amount for one, amount in sorted(totals.items()) if one != usual and amount != totals.get(usual)}
    return said + "".join(f"; by {words.word('Reading', one)}: {amount}" for one, amount in others.items())


def _in_words(amount: list[int]) -> str:
    """Sixths of a dollar, or dollars with tenths and ten-thousandths, to the cent."""
    if len(amount) == 1:
        return money(amount[0], 100, 6)
    dollars, dimes, fraction = amount
    return money(dollars * 10000 + dimes * 1000 + fraction, 1, 100)


def _missing(part: Element, words: Words, office: Any) -> Iterator[str]:
    """What is listed as missing must leave the amount open, and all that does must be listed."""
    used = {(one[2], one[3], one[4]) for one in words.atoms.get("report_used", ()) if one[0] == office}
    open_ = {
        (str(report), words.word("Cause", cause), plain(lea))
        for one, report, reading, kind, cause, lea in words.atoms.get("amount_open", ())
        if one == office != lea and (reading, kind, report) in used
    }
    shown = set()
    for item in (item for listing in part.all("ul", "missing") for item in listing.all("li")):
        found = _MISSING.fullmatch(item.text)
        if found:
            shown |= {(found["report"], found["cause"], cds) for cds in _CDS.findall(found["leas"])}
    for report, cause, cds in sorted(shown ^ open_):
        which = "leaves nothing open" if (report, cause, cds) in shown else "is not listed as missing"
        yield f"of the {report} report, {cause} of {cds} {which}"
