"""Cases about the money of a county office: what each gives, as facts, and what must follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from pyreport.rulebook.syntax import Atom, quote, unquote

from ..case_files import raw_cases

FOLDER = Path(__file__).parent
READINGS = (
    "usual",
    "missing_as_nothing",
    "missing_passed_over",
    "no_band_between",
    "calpads_left_out",
    "second_years_counted",
)
REPORTS = (2017, 2018, 2019, 2022, 2023, 2024, 2025)


class MoneyCase:
    """One case: a county of its own. District and charter names are codes in it."""

    def __init__(self, number: int, place: str, given: Mapping[str, Any]) -> None:
        self.name: str = given["name"]
        self.place = place
        self.given = given
        self.county: str = given.get("county", f"c{number}")
        self.office = quote(f"{number:02}-office")
        self.number = number

    def lea(self, name: str) -> str:
        return self.office if name == "office" else quote(f"{self.number:02}-{name}")

    def atoms(self) -> Iterator[Atom]:
        given = self.given
        for year in given["fiscal_years"]:
            yield "funds_looked_at", self.office, year
        yield "county_code", self.office, quote(self.county)
        for number in range(8):
            yield "whole_number", number
        for name, one in given.get("districts", {}).items():
            yield from self._lea(name, "district", one or {})
        for name, one in given.get("charters", {}).items():
            yield from self._lea(name, "charter", one or {})
        for report, numbers in given.get("counted", {}).items():
            for band, number in numbers.items():
                yield "number_stated", self.office, report, band, number
        for year, lead in given.get("lead", {}).items():
            elsewhere = self.county if lead == "office" else "elsewhere"
            yield "lead_agency", year, self.office, quote(self.county), self.lea(lead), quote(elsewhere)
        for year, (thousands, dollars) in given.get("allocation", {}).items():
            yield "operations_allocation", self.office, year, thousands, dollars
        for year, dollars in given.get("received", {}).items():
            yield "received_stated", self.office, year, dollars

    def _lea(self, name: str, kind: str, one: Mapping[str, Any]) -> Iterator[Atom]:
        lea = self.lea(name)
        yield "county_code", lea, quote(one.get("code", self.county))
        yield "kind", lea, kind
        for report in one.get("covered", REPORTS):
            yield "covered", lea, report
        for report in one.get("criteria", []):
            yield "identified", lea, report
            yield "meets_method", lea, report, 1
        for report in one.get("calpads", []):
            yield "identified", lea, report
            yield "meets_method", lea, report, 4
        for report in one.get("meets", []):
            yield "meets_method", lea, report, 1
        for report in one.get("meets_calpads", []):
            yield "meets_method", lea, report, 4
        for report in one.get("identified", []):
            yield "identified", lea, report
        for report in one.get("second_year", []):
            yield "second_year", lea, report
        for report, method in one.get("not_on_record", {}).items():
            yield "method_not_on_record", lea, report, method
        for report in one.get("possibly", []):
            yield "possibly_meets_criteria", lea, report, "el"
        for report in one.get("charter_possibly", []):
            yield "charter_possibly_meets", lea, report
        for report, ada in one.get("ada", {}).items():
            yield "ada", lea, report, int(Decimal(ada) * 100)
        if "authorizer" in one:
            yield "authorized_by", lea, quote("authorizer"), one["authorizer"]
            yield "authorizer_county", lea, quote(one.get("authorizer_county", self.county))
        for county in one.get("located", []):
            yield "located_in", lea, quote(self.county if county == "here" else county)

    def faults(self, by_office: Mapping[str, Mapping[str, list[Atom]]]) -> list[str]:
        """What is not as the case expects: everything that is concluded and shown is compared."""
        found = by_office.get(self.office, {})
        faults = []
        for key, shown in self.shown(found).items():
            expected = self.given.get(key, {} if isinstance(shown, dict) else [])
            if key in ("receives", "lead_receives"):
                expected = self.amounts(expected)
                if key == "lead_receives":
                    shown = {k: v for k, v in shown.items() if v}
            elif isinstance(expected, list):
                expected = sorted(expected)
            if shown != expected:
                faults.append(f"{key}: expected {expected}; got {shown}")
        return faults

    def amounts(self, expected: Any) -> dict[tuple[int, str], Fraction]:
        """``{year: amount}`` for all readings alike, or ``{year: {reading: amount, others: amount}}``."""
        found = {}
        for year, one in expected.items():
            by_reading = one if isinstance(one, dict) else {"others": one}
            for reading in READINGS:
                amount = by_reading.get(reading, by_reading.get("others"))
                if amount is not None:
                    found[year, reading] = Fraction(str(amount))
        return found

    def shown(self, found: Mapping[str, list[Atom]]) -> dict[str, Any]:
        def of(name: str) -> list[Atom]:
            return found.get(name, [])

        def name(lea: object) -> str:
            return unquote(lea)[3:]

        # Without an LEA in its county there is no report on record: what the cases of the new formula do not look at.
        opens = of("amount_open") if self.given.get("districts") else []
        return {
            "receives": {(a[2], str(a[3])): Fraction(int(a[4]), 6) for a in of("office_allowance")},
            "lead_receives": {(a[2], str(a[3])): Fraction(int(a[4]), 6) for a in of("lead_allowance")},
            "open": sorted({f"{a[2]} {a[5]} {name(a[6])}" for a in opens if a[3] == "usual"}),
            "open_otherwise": sorted(
                {
                    f"{a[3]} {a[2]} {a[5]} {name(a[6])}"
                    for a in opens
                    if ("amount_open", a[1], a[2], "usual", *a[4:]) not in opens
                }
            ),
            "lead_unknown": sorted({f"{a[2]} {a[4]} {a[5]}" for a in of("lead_not_on_record") if a[3] == "usual"}),
            "matters": sorted(f"{a[2]} {a[3]}" for a in of("reading_matters")),
            "designee": sorted(f"{a[3]} {name(a[1])}" for a in of("designee_required")),
            "lead_open": sorted(int(a[2]) for a in of("lead_funds_open") if a[3] == "usual"),
            "designee_open": sorted(f"{a[3]} {name(a[1])}" for a in of("designee_open")),
            "lead_in_doubt": sorted(f"{a[3]} {name(a[1])}" for a in of("charter_lead_in_doubt")),
            "led_by": sorted(f"{a[2]} {unquote(a[3])}" for a in of("led_by")),
            "leads": sorted(f"{a[2]} {unquote(a[3])}" for a in of("leads_area_of")),
            "leads_together_with": sorted(f"{a[2]} {unquote(a[3])}" for a in of("leads_together")),
            "held_at": {a[2]: float(Fraction(int(a[4]), 6)) for a in of("held_at") if a[3] == "usual"},
            "new_amounts": {a[2]: list(a[4:]) for a in of("new_amounts") if a[3] == "usual"},
            "new_open": sorted(f"{a[2]} {a[3]}" for a in of("new_formula_open")),
            "second_to_lead": sorted(int(a[2]) for a in of("second_goes_to_lead")),
            "first_to_2025": sorted(int(a[2]) for a in of("districts_of_2025_first")),
        }


def cases() -> list[MoneyCase]:
    document, places = raw_cases(FOLDER / "money.yaml")
    return [
        MoneyCase(number, place, given)
        for number, (place, given) in enumerate(
            ((place, one) for entry, place in zip(document["cases"], places, strict=True) for one in _each(entry)),
            start=1,
        )
    ]


def _each(entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The cases of an entry with its table filled in."""
    for county in entry.get("for_each_county", []):
        yield {**entry, "county": county, "name": entry["name"].replace("{county}", county)}
    for row in entry.get("for_each", []):
        amounts = {2027: float(row["dollars"])} if row["held"] else {}
        thousands, dollars = row["allocation"]
        yield {
            **entry,
            "name": entry["name"].replace("{what}", row["what"]),
            "received": {2026: row["dollars"]},
            "allocation": {2026: row["allocation"]},
            "held_at": amounts,
            "new_amounts": {} if row["held"] else {2027: [500000, 1512 * thousands, 1512 * dollars]},
            "first_to_2025": [2027],
        }
    if not {"for_each", "for_each_county"} & entry.keys():
        yield entry


SHOWN = {
    **dict.fromkeys(("office_allowance", "lead_allowance", "amount_open", "lead_not_on_record", "reading_matters"), 1),
    **dict.fromkeys(
        ("held_at", "new_amounts", "new_formula_open", "second_goes_to_lead", "districts_of_2025_first"), 1
    ),
    **dict.fromkeys(("led_by", "leads_area_of", "leads_together", "lead_funds_open"), 1),
    **dict.fromkeys(("designee_required", "designee_open", "charter_lead_in_doubt"), 2),
}
"""The predicates that cases look at, with the place of the county office."""


def by_office(atoms: Mapping[str, list[Atom]]) -> dict[str, dict[str, list[Atom]]]:
    """The conclusions that cases look at, by county office and predicate."""
    found: dict[str, dict[str, list[Atom]]] = {}
    for name, place in SHOWN.items():
        for atom in atoms[name]:
            found.setdefault(str(atom[place]), {}).setdefault(name, []).append(atom)
    return found
