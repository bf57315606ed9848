"""A made-up LEA as a case file, in the form of ``tests/cases/*.yaml``: what it has, and what follows by the policy."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pyreport.evidence.predicates import row
from pyreport.rulebook.syntax import Atom, unquote
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["case_data", "case_text", "conclusion_text"]

_RATINGS = {
    "met": "Met",
    "not_met": "Not Met",
    "not_met_two_years": "Not Met for Two or More Years",
    "not_applicable": "Not Applicable",
}
_ANSWERS = {"yes": "Y", "no": "N"}
_FIGURES = {"status_level": "status_level", "change_level": "change_level", "color": "color", "denominator": "students"}
_OF_THE_FORM = ("code_parts", "charter", "not_listed", "all_rows_at_hand", "letters_at_hand")
"""What a case says by its kind, or by what it leaves out."""


def case_data(name: str, kind: str, year: int, facts: Iterable[Atom], expected: Mapping[str, Any]) -> dict[str, Any]:
    """A case: its name, the facts of its LEA by the keys that cases have for them, and what is ``expected``.

    Args:
        name: A sentence.
        kind: District, county_office or charter.
        year: The Dashboard year that is asked about.
        facts: The facts of the LEA.
        expected: What follows and what does not, by the keys of cases.
    """
    stated = list(facts)
    by_name: dict[str, list[Any]] = {}
    for atom in stated:
        by_name.setdefault(str(atom[0]), []).append(row(atom))
    listed = sorted(one.year for one in by_name.get("listed", ()))
    at_hand = {one.year for one in by_name.get("letters_at_hand", ())}
    given: dict[str, Any] = {"name": name, "dashboard_year": year, "kind": kind}
    if kind != "charter":
        given["listed"] = listed
    given["letters_not_at_hand"] = [one for one in listed if one not in at_hand]
    given["reported"] = sorted(one.year for one in by_name.get("reported", ()))
    for one in by_name.get("dashboard_row", ()):
        key, printed = _figure(one)
        _put(given, printed, key, one.year, one.group.upper(), one.indicator)
    for one in by_name.get("published_letter", ()):
        _put(given, one.letter.upper(), "letters", one.year, one.group.upper())
    for one in by_name.get("published_method", ()):
        _put(given, _ANSWERS[one.answer], "methods", one.year, one.method)
    for one in by_name.get("number_of_groups", ()):
        _put(given, one.count, "number_of_groups", one.year)
    for one in by_name.get("local_rating", ()):
        _put(given, _RATINGS[one.rating], "local", one.year, one.priority)
    told = {*_OF_THE_FORM, "listed", "reported", "dashboard_row", "published_letter", "published_method"}
    told |= {"number_of_groups", "local_rating"}
    beside = [" ".join(map(unquote, (atom[0], *atom[2:]))) for atom in stated if atom[0] not in told]
    given["on_record"] = sorted(beside)
    wanted = ("reported",) if "reported" not in by_name and kind == "charter" else ()
    return {key: value for key, value in {**given, **expected}.items() if value != [] or key in ("listed", *wanted)}


def conclusion_text(predicate: Predicate, atom: Atom) -> str:
    """A conclusion as a case writes it: the year, the predicate, and the values after LEA and year."""
    values = [str(unquote(value)) for value in atom[2:]]
    of_year = len(predicate.arguments) > 1 and predicate.arguments[1] in ("Year", "Last")
    return " ".join([values[0], predicate.name, *values[1:]] if of_year else [predicate.name, *values])


def case_text(topic: str, cases: Sequence[Mapping[str, Any]], comments: Iterable[str] = ()) -> str:
    """The text of a case file, with comments above it."""
    lines = [f"# {line}".rstrip() for line in comments]
    lines += [*([""] if lines else []), f"topic: {_scalar(topic)}", "", "cases:"]
    for case in cases:
        for number, (key, value) in enumerate(case.items()):
            lines.append(f"  {'- ' if number == 0 else '  '}{key}: {_flow(value)}")
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _figure(figure: Any) -> tuple[str, Any]:
    """How a case gives a row: in short as a color or a level, or in full; and what it prints."""
    printed = {key: getattr(figure, name) for name, key in _FIGURES.items() if getattr(figure, name) != "none"}
    for name in ("status", "change"):
        if getattr(figure, name) != "none":
            printed[name] = getattr(figure, name) / 10
    short = {"color": "colors", "status_level": "levels"}
    if figure.size == "met" and len(printed) == 1 and next(iter(printed)) in short:
        ((key, value),) = printed.items()
        return short[key], value
    return "figures", {"n_size": str(figure.size).replace("_", " "), **printed}


def _put(given: dict[str, Any], value: Any, *keys: Any) -> None:
    for key in keys[:-1]:
        given = given.setdefault(key, {})
    given[keys[-1]] = value


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    """A value as YAML reads it back: words of letters plain, everything else as in JSON."""
    if isinstance(value, int):
        return str(value)
    text = str(value)
    plain = text.replace(" ", "").replace("_", "").replace(".", "").replace("-", "")
    words = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
    if plain.isalnum() and text[0].isalpha() and text.lower() not in words and text == text.strip():
        return text
    return json.dumps(text, ensure_ascii=False)
