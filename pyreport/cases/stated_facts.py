"""The facts of a case that stand in no status file: figures, lists of Red groups, local indicators, findings.

They are handed to the rules as they are, as if they had been read from CDE's files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from pyreport.evidence.asked import as_of_facts
from pyreport.evidence.model import Cell, Publication
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value, quote
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["facts_of_figures", "facts_on_record", "figure_years", "made_up_cell", "reported_years", "value_of"]

# Arguments whose values are strings in the rules, not codes.
STRINGS = ("Authorizer", "County", "Lead", "LeadCounty", "Office", "Printed", "School")
FLAGS = ("small_population", "high_school_cut_points")
CERTIFICATION = "certification_flag"

# How a case gives figures: in full, or in short as colors or status levels of rows with the n-size met.
KINDS_OF_FIGURES = ("figures", "colors", "levels")


def made_up_cell(value: object) -> Cell:
    """The cell of a fact that the case itself states."""
    return Cell(str(value), Publication(0, "Made-up case", "", "made-up.yaml", "", "0" * 64, {}, "case"), "line ", 1)


def figure_years(given: Mapping[str, Any]) -> set[int]:
    """The years in which Dashboard files have rows of the LEA, as far as its facts show."""
    return {int(year) for kind in (*KINDS_OF_FIGURES, "files_at_hand") for year in given.get(kind, {})}


def reported_years(given: Mapping[str, Any]) -> set[int]:
    """The years in which Dashboard files have rows of the LEA, as the case says or as its figures show."""
    if "reported" in given:
        return set(given["reported"])
    return figure_years(given) | ({given["dashboard_year"]} if given["kind"] == "charter" else set())


def facts_of_figures(cds: str, given: Mapping[str, Any], rulebook: Rulebook) -> Iterator[tuple[Atom, int]]:
    """Each fact with the year of the file it would stand in."""
    lea = quote(cds)
    yield ("code_parts", lea, quote(cds[2:4]), quote(cds[7:])), given["dashboard_year"]
    for year in sorted(reported_years(given)):
        yield ("reported", lea, year), year
        yield ("name", lea, year, quote(f"Case {cds}")), year
    for year in sorted(reported_years(given) | figure_years(given)):
        yield from ((("all_rows_at_hand", lea, year, indicator), year) for indicator in _at_hand(given, year, rulebook))
    yield from _printed(lea, given)
    for year in given.get("calpads_not_certified", []):
        yield ("calpads_not_certified", lea, year), year
    if given["kind"] == "charter":
        yield ("charter", lea), given["dashboard_year"]
    for year, group, indicator, figure in _figures(given):
        yield ("dashboard_row", lea, year, group, indicator, *_row(figure)), year
        for flag in FLAGS:
            if figure.get(flag):
                yield (flag, lea, year, group, indicator), year
        if figure.get(CERTIFICATION):
            yield (CERTIFICATION, lea, year, group), year
    for year, table in _by_year(given, "suspension_type"):
        yield ("suspension_type", lea, year, table), year
    for year, groups in _by_year(given, "red_list"):
        yield ("red_list_at_hand", lea, year), year
        for group, indicators in groups.items():
            for indicator in indicators:
                yield ("low_performing", lea, year, group.lower(), indicator), year
    codes = {words.casefold(): code for code, words in rulebook.names["Rating"].items()}
    for year, ratings in _by_year(given, "local"):
        for priority, rating in ratings.items():
            yield ("local_rating", lea, year, int(priority), codes[rating.casefold()]), year
    yield from _events(lea, given)
    for priority in given.get("goals", []):
        yield ("charter_goal", lea, priority), given["dashboard_year"]
    for priority in given.get("no_goals", []):
        yield ("no_charter_goal", lea, priority), given["dashboard_year"]
    for year, found in _by_year(given, "findings"):
        for group, priorities in found.items():
            for priority in priorities:
                yield ("authorizer_finding", lea, year, group.lower(), priority), year


def _printed(lea: str, given: Mapping[str, Any]) -> Iterator[tuple[Atom, int]]:
    """What CDE's files print beside letters and figures: statuses, flags, grades; and what they do not print."""
    for year, words in _by_year(given, "printed_status"):
        yield ("published_status", lea, year, quote(words)), year
    for flag in ("52072", "52071f"):
        for year, answer in _by_year(given, f"printed_{flag}"):
            yield (f"published_{flag}", lea, year, {"Y": "yes", "N": "no"}[answer]), year
    for year, (first, last) in _by_year(given, "grades"):
        yield ("grades_offered", lea, year, first, last), year
    for year in given.get("in_directory", []):
        yield ("in_directory", lea, year), year
        if year not in reported_years(given):
            yield ("name", lea, year, quote("Case in the directory")), year
    for year, indicators in _by_year(given, "not_printed"):
        for indicator, columns in indicators.items():
            yield from ((("not_printed", lea, year, indicator, column), year) for column in columns)


def _events(lea: str, given: Mapping[str, Any]) -> Iterator[tuple[Atom, int]]:
    """What the case's file says: the authorizer, and events."""
    year = given["dashboard_year"]
    if "authorized_by" in given:
        yield ("authorization", lea, quote("27102720000000"), quote("27"), given["authorized_by"]), year
    for text in given.get("events", []):
        date, what, by, section = text.split()
        yield ("event", lea, what, by, _date(date)), year
        yield ("event_under", lea, what, by, _date(date), quote(section)), year


def _date(text: object) -> int:
    return int(str(text).replace("-", ""))


def facts_on_record(cds: str, given: Mapping[str, Any], predicates: Mapping[str, Predicate]) -> Iterator[Atom]:
    """What the case puts on record beside figures: the date as of which it is looked at, and facts of a case file."""
    lea = quote(cds)
    if "as_of" in given:
        yield from as_of_facts({quote(cds): made_up_cell(str(given["as_of"]))}, _date(given["as_of"]))
    for text in given.get("on_record", []):
        name, *words = text.split(" ")
        arguments = predicates[name].arguments
        # A geographic lead is stated of a county office and a fiscal year, and of no LEA.
        about = (lea,) if arguments[0] == "LEA" else ()
        yield (name, *about, *map(value_of, arguments[len(about) :], words))


def value_of(argument: str, word: str) -> Value:
    """The value of an argument that a case writes as a word."""
    if argument in STRINGS:
        return quote(word)
    return int(word) if word.isdigit() else word


def _by_year(given: Mapping[str, Any], kind: str) -> Iterator[tuple[int, Any]]:
    return ((int(year), facts) for year, facts in given.get(kind, {}).items())


def _at_hand(given: Mapping[str, Any], year: int, rulebook: Rulebook) -> Iterable[Value]:
    """Which files of a year are at hand: all of them, if the case does not say."""
    stated = dict(_by_year(given, "files_at_hand")).get(year, "all")
    return {"all": tuple(rulebook.names["Indicator"]), "none": ()}[stated] if isinstance(stated, str) else stated


def _figures(given: Mapping[str, Any]) -> Iterator[tuple[int, str, str, Mapping[str, Any]]]:
    """Every row of an indicator's file: year, student group, indicator, what it prints."""
    for kind in KINDS_OF_FIGURES:
        for year, groups in _by_year(given, kind):
            for group, indicators in groups.items():
                for indicator, printed in indicators.items():
                    yield year, group.lower(), indicator, _figure(kind, printed)


def _figure(kind: str, printed: Any) -> Mapping[str, Any]:
    if kind == "figures":
        figures: Mapping[str, Any] = printed
        return figures
    return {"n_size": "met", "color" if kind == "colors" else "status_level": printed}


def _row(figure: Mapping[str, Any]) -> tuple[Value, ...]:
    size = figure.get("n_size", "not printed").replace(" ", "_")
    numbers = (_tenths(figure.get("status")), _tenths(figure.get("change")))
    levels = (figure.get("status_level", "none"), figure.get("change_level", "none"))
    return (figure.get("students", "none"), size, *numbers, *levels, figure.get("color", "none"))


def _tenths(number: float | None) -> Value:
    if number is None:
        return "none"
    tenths = Decimal(str(number)) * 10
    if tenths != int(tenths):
        raise ValueError(f"{number} has more than one decimal")
    return int(tenths)
