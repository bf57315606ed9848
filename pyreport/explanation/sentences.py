"""Plain sentences for steps: from the rules' own labels, with names in place of codes."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache

from pyreport.reasoning.graph import Graph, Instance
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.syntax import Atom, Value, unquote
from pyreport.rulebook.vocabulary import placeholders

__all__ = [
    "Sentences",
    "argument_words",
    "date_words",
    "dollar_words",
    "fiscal_year_words",
    "listed_words",
    "money_words",
    "rounded",
]

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_CONDITIONAL = re.compile(r"((?:if|to the extent) [^:]+): (.+)")
"""Words that begin with the condition on which they hold."""
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOTHING: Mapping[str, str] = {}
_YEARS = ("Year", "Earlier", "Earliest")
_NO_END = 99991231
NO_END_WORDS = "further notice"


def listed_words(words: Iterable[str]) -> str:
    """Join words as a sentence does: ``a``, ``a and b``, ``a, b and c``."""
    items = list(words)
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def argument_words(name: str) -> str:
    """The name of an argument as a sentence writes it: ``status level`` for ``StatusLevel``."""
    return _CAPITAL.sub(" ", name).lower()


@cache
def date_words(value: int) -> str:
    """Word a date given as the number YYYYMMDD: ``10 July 2023``; the greatest number stands for no end."""
    if value == _NO_END:
        return NO_END_WORDS
    return f"{value % 100} {calendar.month_name[value // 100 % 100]} {value // 10000}"


def money_words(cents: int) -> str:
    """Word an amount given in cents: ``$766,666.67``, and ``$300,000`` where there are none."""
    sign, amount = "−" if cents < 0 else "", abs(cents)
    return f"{sign}${amount // 100:,}{f'.{amount % 100:02}' if amount % 100 else ''}"


def dollar_words(dollars: Fraction) -> str:
    """Word an amount given in dollars, to the nearest cent."""
    cents = dollars * 100
    return money_words(rounded(cents.numerator, cents.denominator))


def fiscal_year_words(year: int) -> str:
    """A fiscal or school year, given by the calendar year in which it ends, as the law writes it: ``2024–25``."""
    return f"{year - 1}–{year % 100:02}"


def rounded(amount: int, parts: int) -> int:
    """``amount / parts`` as a whole number: the nearest, and of two equally near the greater."""
    return (2 * amount + parts) // (2 * parts)


class Sentences:
    """The sentences of one graph's atoms and applications of rules. The same atom always has the same sentence.

    Attributes:
        dates: The names of arguments that are dates, YYYYMMDD.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.rulebook = graph.rulebook
        predicates = self.rulebook.predicates.values()
        self._tenths = {name for predicate in predicates for name in predicate.tenths}
        self._hundredths = {name for predicate in predicates for name in predicate.hundredths}
        self.dates = {name for predicate in predicates for name in predicate.dates}
        # What an amount is multiplied and divided by to be one in cents.
        self._cents = {
            **{name: (1, 1) for predicate in predicates for name in predicate.cents},
            **{name: (100, 1) for predicate in predicates for name in predicate.dollars},
            **{name: (100, 6) for predicate in predicates for name in predicate.sixths},
        }
        self._names: dict[Value, dict[Value, str]] = {}
        for row in graph.rows("name"):
            self._names.setdefault(row.lea, {})[row.year] = unquote(row.name)

    def lea(self, lea: Value, year: Value | None = None) -> str:
        """The LEA's name as the file of ``year`` prints it, else as the newest file on record does."""
        by_year = self._names.get(lea)
        if not by_year:
            return unquote(lea)
        if year in by_year:
            return by_year[year]
        return by_year[max(by_year, key=str)]

    def words(self, argument: str, value: Value) -> str:
        """The words for one value, such as ``foster youth`` for the Group ``fos``; a condition stands last."""
        names = self.rulebook.names.get(argument)
        if names and value in names:
            condition, words = _condition_and_words(names[value])
            return f"{words}, {condition}" if condition else words
        if argument in self._tenths and isinstance(value, int):
            sign = "−" if value < 0 else ""
            return f"{sign}{abs(value) // 10}.{abs(value) % 10}"
        if argument in self._hundredths and isinstance(value, int):
            return f"{value // 100:,}.{value % 100:02}"
        if argument in self.dates and isinstance(value, int) and value:
            return date_words(value)
        if argument in self._cents and isinstance(value, int):
            times, parts = self._cents[argument]
            return money_words(rounded(value * times, parts))
        return unquote(value)

    def of_rule(self, rule: Rule, instance: Instance) -> str:
        """The sentence of one application of ``rule``."""
        return self._fill(rule.says, dict(zip(rule.variables, instance, strict=True)))

    def of_applications(self, rule: Rule, instances: Sequence[Instance]) -> str | None:
        """The sentence of several applications of ``rule`` at once, which lists the values in which they differ.

        ``None`` where it names more than one of the variables in which they differ, or one of them twice.
        """
        values = zip(rule.variables, zip(*instances, strict=True), strict=True)
        differing = {name for name, one in values if len(set(one)) > 1}
        named = [name for name in placeholders(rule.says) if name in differing]
        if len(named) > 1:
            return None
        applications = [dict(zip(rule.variables, instance, strict=True)) for instance in instances]
        lists = {
            name: listed_words(dict.fromkeys(self._word(name, application) for application in applications))
            for name in named
        }
        text = self._filled(rule.says, applications[0], lists)
        return _sentence(f"{text.rstrip('.')}; each alone is enough" if named else text)

    def of_atom(self, atom: Atom) -> str:
        """The sentence of an atom that holds."""
        predicate = self.rulebook.predicates[str(atom[0])]
        return self._fill(predicate.says, predicate.values(atom))

    def short(self, atom: Atom) -> str | None:
        """The short sentence of an atom that holds, where the vocabulary has one, as a part of a sentence."""
        predicate = self.rulebook.predicates[str(atom[0])]
        if predicate.short is None:
            return None
        return self._filled(predicate.short, predicate.values(atom))

    def of_absence(self, atom: Atom) -> str:
        """The sentence of an atom that does not hold."""
        predicate = self.rulebook.predicates[str(atom[0])]
        return self._fill(predicate.absent, predicate.values(atom))

    def of_goal(self, goal: tuple[Value | None, ...]) -> str:
        """The sentence when no atom like ``goal`` holds, in which ``None`` stands for any value."""
        predicate = self.rulebook.predicates[str(goal[0])]
        values = dict(zip(predicate.arguments, goal[1:], strict=True))
        sentence = predicate.none if predicate.none and None in goal else predicate.absent
        return self._fill(sentence, values)

    def of_none(self, goal: tuple[Value | None, ...]) -> str:
        """The sentence when nothing with the key of ``goal`` holds."""
        predicate = self.rulebook.predicates[str(goal[0])]
        return self._fill(predicate.none or predicate.absent, dict(zip(predicate.arguments, goal[1:], strict=True)))

    def of_unless_open(self, rule: Rule, values: Mapping[str, Value | None]) -> str:
        """Why ``rule`` concludes nothing like this, in the words of its label; ``None`` stands for any value."""
        return self._fill(rule.unless or "", values)

    def of_unless(self, rule: Rule, atom: Atom) -> str:
        """Why ``rule`` does not conclude ``atom``, in the words of its label."""
        values = {
            term.name: value
            for term, value in zip(rule.head.arguments, atom[1:], strict=True)
            if not isinstance(term, int | str) and hasattr(term, "name")
        }
        return self._fill(rule.unless or "", values)

    def _fill(self, sentence: str, values: Mapping[str, Value | None]) -> str:
        return _sentence(self._filled(sentence, values))

    def _filled(self, sentence: str, values: Mapping[str, Value | None], given: Mapping[str, str] = _NOTHING) -> str:
        """Fill in the words of ``values``, or those ``given``. A condition comes first, after the date if that does."""
        pieces = list(_pieces(sentence))
        conditions = []
        for place in range(1, len(pieces), 2):
            name = pieces[place]
            value = values[name]
            named = "" if value is None else self.rulebook.names.get(name, {}).get(value, "")
            condition, words = _condition_and_words(named)
            pieces[place] = given.get(name) or (words if condition else self._word(name, values))
            if condition:
                conditions.append(f"{condition}, ")
        dated = pieces[0] == "On " and pieces[2].startswith(", ")
        if conditions and dated:
            pieces[2] = f", {''.join(conditions)}{pieces[2][2:]}"
        elif conditions:
            pieces[0] = f"{''.join(conditions)}{pieces[0][:1].lower()}{pieces[0][1:]}"
        return "".join(pieces)

    def _word(self, name: str, values: Mapping[str, Value | None]) -> str:
        value = values[name]
        if value is None:
            return f"any {argument_words(name)}"
        if name == "LEA" or value in self._names:
            year = next((values[key] for key in _YEARS if key in values), None)
            return self.lea(value, year)
        return self.words(name, value)


@cache
def _condition_and_words(words: str) -> tuple[str, str]:
    """The condition with which ``words`` of the policy begin, empty where there is none, and the rest of them."""
    found = _CONDITIONAL.fullmatch(words)
    return (found[1], found[2]) if found else ("", words)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


@cache
def _pieces(sentence: str) -> tuple[str, ...]:
    """What stands between the placeholders of a label, and their names, in turn; taken apart once."""
    return tuple(_PLACEHOLDER.split(sentence))
