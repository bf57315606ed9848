"""A reviewer's own hypothesis as the command line takes it: ``HOM.chronic=orange``, ``2023:LOCAL.3=not_met``.

What a setting may name comes from the policy's vocabulary and names; only the two words ``LOCAL`` and ``METHOD``, and
``letter``, are its own.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyreport.errors import PyreportError
from pyreport.evidence.predicates import Facts
from pyreport.hypotheses.change import Move
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value

__all__ = ["EXAMPLES", "Setting", "SettingError", "moves_of_settings", "read_setting"]

EXAMPLES = "HOM.chronic=orange, HOM.ela=level:1, HOM.chronic=listed, HOM.letter=c, LOCAL.3=not_met or METHOD.2=yes"

_FORM = re.compile(r"(?:(?P<year>\d+):)?(?P<subject>[^.=:\s]+)\.(?P<thing>[^=\s]+)=(?P<value>\S+)$")
_LEVEL = "level:"
_LISTED = {"listed": True, "not_listed": False}
_GONE = "none"


class SettingError(PyreportError):
    """A setting that cannot be read, or that nothing on record fits; the message says what to write."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One fact as the hypothesis has it.

    ``named`` are the arguments that say which fact is meant, ``argument`` the one that is set; ``value`` is ``None``
    where the fact is to go, and ``argument`` where its presence alone is set.
    """

    text: str
    predicate: str
    named: tuple[tuple[str, Value], ...]
    argument: str | None
    value: Value | None

    @property
    def year(self) -> int:
        """The Dashboard year of the fact."""
        return int(dict(self.named)["Year"])


def read_setting(rulebook: Rulebook, text: str, year: int) -> Setting:
    """Read one setting; ``year`` is the Dashboard year where the text names none.

    Raises:
        SettingError: It is not written like one, or names a group, an indicator or a value that there is not.
    """
    match = _FORM.match(text.strip())
    if not match:
        raise SettingError(f"--set {text}: write what is to be otherwise, such as {EXAMPLES}")
    words = {name: {str(code): code for code in rulebook.names[name]} for name in rulebook.names}
    subject, thing, value = match["subject"].lower(), match["thing"].lower(), match["value"].lower()
    when: tuple[str, Value] = ("Year", int(match["year"] or year))
    if subject == "local":
        priority = _one_of(text, "priority", thing, words["Priority"])
        rating = _one_of(text, "rating", value, words["Rating"])
        return Setting(text, "local_rating", (when, ("Priority", priority)), "Rating", rating)
    if subject == "method":
        methods = {str(row.method): row.method for row in rulebook.stated("taken_as_published")}
        answers = {str(row.answer): row.answer for row in rulebook.stated("other_answer")}
        method = _one_of(text, "method that CDE prints an answer for", thing, methods)
        answer = _one_of(text, "answer", value, answers)
        return Setting(text, "published_method", (when, ("Method", method)), "Answer", answer)
    group: tuple[str, Value] = ("Group", _one_of(text, "student group", subject, words["Group"]))
    if thing == "letter":
        letter = None if value == _GONE else _one_of(text, "letter", value, {**words["Letter"], _GONE: _GONE})
        return Setting(text, "published_letter", (when, group), "Letter", letter)
    indicator: tuple[str, Value] = ("Indicator", _indicator(text, thing, rulebook))
    if value in _LISTED:
        return Setting(text, "low_performing", (when, group, indicator), None, value if _LISTED[value] else None)
    if value.startswith(_LEVEL):
        level = value.removeprefix(_LEVEL)
        if not level.isdigit():
            raise SettingError(f"--set {text}: a status level is a number, such as {_LEVEL}1")
        levels = {str(row.status_level): row.status_level for row in rulebook.stated("grid_row")}
        return Setting(
            text, "dashboard_row", (when, group, indicator), "StatusLevel", _one_of(text, "status level", level, levels)
        )
    colors = {str(row.color): row.color for row in rulebook.stated("color_place")}
    color = _one_of(text, "color", value, {**colors, **dict.fromkeys(_LISTED, value)})
    return Setting(text, "dashboard_row", (when, group, indicator), "Color", color)


def _one_of(text: str, what: str, given: str, known: Mapping[str, Value]) -> Value:
    if given in known:
        return known[given]
    near = ([] if given.isdigit() else difflib.get_close_matches(given, known, n=3)) or list(known)
    raise SettingError(f"--set {text}: {given} is no {what}; write {_or(near)}")


def _indicator(text: str, given: str, rulebook: Rulebook) -> Value:
    """The indicator that ``given`` is the code or name of, or the beginning of a word of one alone."""
    names = rulebook.names["Indicator"]
    if given in names:
        return given
    words: dict[str, Value] = {str(code): code for code in names}
    fitting = {code for code in words if code.startswith(given)}
    for code, name in names.items():
        for word in re.split(r"[^a-z]+", f"{code} {name}".lower()):
            words.setdefault(word, code)
            if word.startswith(given):
                fitting.add(str(code))
    if len(fitting) > 1:
        raise SettingError(f"--set {text}: {given} may be {_or(sorted(fitting))}; write the one meant")
    if fitting:
        return fitting.pop()
    near = difflib.get_close_matches(given, words, n=3) or [str(code) for code in names]
    raise SettingError(f"--set {text}: {given} is no indicator; write {_or(near)}")


def moves_of_settings(rulebook: Rulebook, settings: Iterable[Setting], lea: Value, facts: Facts) -> list[Move]:
    """What ``settings`` change in the facts of ``lea``; a fact that is as set already is no move.

    Raises:
        SettingError: There is no such fact that could be otherwise, or two settings of one fact.
    """
    moves: dict[Atom, Move] = {}
    meant: dict[tuple[object, ...], Setting] = {}
    for setting in settings:
        key = (setting.predicate, setting.named, setting.argument)
        if key in meant:
            raise SettingError(f"--set {setting.text}: {meant[key].text} sets the same; keep one")
        meant[key] = setting
        named = {"LEA": lea, **dict(setting.named)}
        # A row of figures may be set twice: its color and its level.
        known = next(_fitting(rulebook, setting.predicate, named, facts), None)
        earlier = moves.get(known) if known is not None else None
        base = earlier.new if earlier is not None else known
        new = _new(rulebook, setting, named, base, facts)
        if new != known:
            moves[known or new or ()] = Move((), known, new, 0, ())
    return list(moves.values())


def _fitting(rulebook: Rulebook, predicate: str, named: Mapping[str, Value], facts: Facts) -> Iterator[Atom]:
    """The facts of a predicate whose arguments have the values ``named``."""
    places = {rulebook.predicates[predicate].place(name): value for name, value in named.items()}
    for atom in facts:
        if atom[0] == predicate and all(atom[place] == value for place, value in places.items()):
            yield atom


def _new(
    rulebook: Rulebook, setting: Setting, named: Mapping[str, Value], old: Atom | None, facts: Facts
) -> Atom | None:
    predicate = rulebook.predicates[setting.predicate]
    names = predicate.arguments
    if setting.value is None:
        return None
    values = {**named, **({setting.argument: setting.value} if setting.argument else {})}
    if old is not None:
        values = {**predicate.values(old), **values}
        return (setting.predicate, *(values[name] for name in names))
    missing = [name for name in names if name not in values]
    if missing:
        beside_it = {name: values[name] for name in ("LEA", "Year", "Group")}
        fitting = _fitting(rulebook, setting.predicate, beside_it, facts)
        there = sorted({str(predicate.row(atom).indicator) for atom in fitting})
        beside = f"; there are figures of {_or(there, 'and')}" if there else ""
        raise SettingError(f"--set {setting.text}: no such figure is on record for {setting.year}{beside}")
    return (setting.predicate, *(values[name] for name in names))


def _or(words: Iterable[str], last: str = "or") -> str:
    listed = list(words)
    return f" {last} ".join([", ".join(listed[:-1]), listed[-1]]) if len(listed) > 1 else "".join(listed)
