"""The policy's words for the atoms and derivations of a graph, read and filled in by the checker's own code.

``Words.sentences`` are all sentences that a page may show about the graph: a page that shows another one shows what
the graph does not say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from pyreport.proof.compiler import value_of
from pyreport.proof.reader import Policy, PolicyUnreadable, Rule, Term, variables

__all__ = ["Conclusions", "Words", "date_words", "listed", "money", "plain"]

Conclusions = Mapping[str, Sequence[tuple[Any, ...]]]
"""The atoms that hold, facts and conclusions alike: the arguments of each by the predicate."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BLOCK = re.compile(r"%\*!\s*(\w+)\(([^)]*)\)\s*\n(.*?)\*%", re.DOTALL)
_FIELD = re.compile(r"^([A-Z][a-z ]*):[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_YEARS = ("Year", "Earlier", "Earliest")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_NO_END = "99991231"
_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)")
# Of amounts of money: how many cents there are in so many of the unit.
_MONEY = {"Cents": (1, 1), "Dollars": (100, 1), "Sixths": (100, 6)}
_DAY = {"=": "", "!=": "not ", "<": "before ", "<=": "not after ", ">": "after ", ">=": "not before "}
_THAN = {"!=": "not", "<": "less than", "<=": "at most", ">": "more than", ">=": "at least"}
_MUST = {
    "=": "There must be {}.",
    "!=": "There must not be {}.",
    "<": "There must be fewer than {}.",
    "<=": "There must be at most {}.",
    ">": "There must be more than {}.",
    ">=": "There must be at least {}.",
}


def listed(words: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *before, last = list(words) or [""]
    return f"{', '.join(before)} and {last}" if before else last


def date_words(date: Any) -> str:
    """A date, written YYYYMMDD, in words; what is none, as it stands."""
    if str(date) == _NO_END:
        return "further notice"
    found = _DATE.fullmatch(str(date))
    return f"{int(found[3])} {_MONTHS[int(found[2]) - 1]} {found[1]}" if found else str(date)


def money(amount: int, cents: int, parts: int) -> str:
    """``amount`` times ``cents`` by ``parts`` as dollars, to the nearest cent and of two the greater."""
    whole = (2 * amount * cents + parts) // (2 * parts)
    dollars, rest = divmod(abs(whole), 100)
    return f"{'−' if whole < 0 else ''}${dollars:,}{f'.{rest:02}' if rest else ''}"


def plain(value: Any) -> str:
    """A value without the quotation marks and backslashes of a string in a rule."""
    if not isinstance(value, str) or not value.startswith('"'):
        return str(value)
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], value[1:-1], flags=re.DOTALL)


class Words:
    """The words of one policy for one graph."""

    def __init__(self, texts: Mapping[str, str], policy: Policy, atoms: Conclusions) -> None:
        self.policy, self.atoms = policy, atoms
        try:
            self.names: dict[str, dict[Any, str]] = yaml.load(texts.get("names.yaml", ""), Loader=_LOADER) or {}
        except yaml.YAMLError as error:
            raise PolicyUnreadable(f"names.yaml: not readable: {' '.join(str(error).split())}") from None
        self.fields: dict[str, dict[str, str]] = {}
        self.arguments: dict[str, tuple[str, ...]] = {}
        for text in texts.values():
            for name, arguments, fields in _BLOCK.findall(text):
                self.fields[name] = dict(_FIELD.findall(fields))
                self.arguments[name] = tuple(one.strip() for one in arguments.split(","))
        self.units = {
            unit: {one.strip() for fields in self.fields.values() for one in fields.get(unit, "").split(",") if one}
            for unit in ("Tenths", "Hundredths", "Dates", *_MONEY)
        }
        self.lea_names: dict[Any, dict[Any, str]] = {}
        for lea, year, name in atoms.get("name", ()):
            self.lea_names.setdefault(lea, {})[year] = plain(name)

    def word(self, argument: str, value: Any) -> str:
        """The words for one value, such as ``foster youth`` for the Group ``fos``."""
        names = self.names.get(argument, {})
        if value in names:
            return str(names[value])
        if isinstance(value, int):
            return self._number(argument, value)
        return plain(value)

    def _number(self, argument: str, value: int) -> str:
        """A number, in the unit that the vocabulary gives to its argument."""
        if argument in self.units["Tenths"]:
            return f"{'−' if value < 0 else ''}{abs(value) // 10}.{abs(value) % 10}"
        if argument in self.units["Hundredths"]:
            return f"{value // 100:,}.{value % 100:02}"
        if argument in self.units["Dates"]:
            return date_words(value) if value else "0"
        unit = next((one for one in _MONEY if argument in self.units[one]), None)
        return money(value, *_MONEY[unit]) if unit else str(value)

    def lea(self, lea: Any, year: Any) -> str:
        """The LEA's name in that year's file, else in the newest."""
        names = self.lea_names.get(lea)
        return plain(lea) if not names else names.get(year) or names[max(names, key=str)]

    def fill(self, sentence: str, values: Mapping[str, Any]) -> str:
        """``sentence`` with words for its placeholders; a value that is ``None`` stands for any."""
        text = self.part(sentence, values)
        return f"{text[:1].upper()}{text[1:].rstrip('.')}."

    def part(self, sentence: str, values: Mapping[str, Any]) -> str:
        """The same, as a part of a sentence."""
        year = next((values[name] for name in _YEARS if name in values), None)
        return _PLACEHOLDER.sub(lambda found: self._word(found[1], values.get(found[1], "?"), year), sentence)

    def _word(self, argument: str, value: Any, year: Any) -> str:
        if value is None:
            return f"any {_CAPITAL.sub(' ', argument).lower()}"
        return self.lea(value, year) if argument == "LEA" or value in self.lea_names else self.word(argument, value)

    def of_atom(self, predicate: str, arguments: Sequence[Any], field: str = "Says") -> str:
        """The sentence of an atom; with ``Absent``, of one that does not hold."""
        names = self.arguments.get(predicate, ())
        return self.fill(self.fields.get(predicate, {}).get(field, ""), dict(zip(names, arguments, strict=False)))

    def short(self, predicate: str, arguments: Sequence[Any]) -> str:
        """The short sentence of an atom, empty where the vocabulary has none."""
        names = self.arguments.get(predicate, ())
        return self.part(self.fields[predicate].get("Short", ""), dict(zip(names, arguments, strict=False)))

    def sentences(self, document: Mapping[str, Any]) -> set[str]:
        """Every sentence that the graph gives, white space as single spaces."""
        found = {self.of_atom(predicate, one) for predicate, all_ in self.atoms.items() for one in all_}
        concluding: dict[str, list[Rule]] = {}
        for rule in self.policy.rules:
            if rule.body:
                concluding.setdefault(rule.predicate, []).append(rule)
        for rule in self.policy.rules:
            entry = document["rules"].get(rule.id, {})
            says, instances = rule.label("says"), entry.get("instances", ())
            # A fact of the policy is worded as its atom; with its arguments as its rule's variables, by its rule.
            names = rule.variables if rule.body else self.arguments.get(rule.predicate, ())
            counted = entry.get("counted") or [()] * len(instances)
            for instance, elements in zip(instances, counted, strict=True):
                values = dict(zip(names, instance, strict=False))
                found.add(self.fill(says, values))
                if rule.body:
                    found.update(self._of_body(rule, values, elements, concluding))
        return {" ".join(sentence.split()) for sentence in found}

    def _of_body(
        self, rule: Rule, values: Mapping[str, Any], elements: Sequence[Any], concluding: Mapping[str, list[Rule]]
    ) -> Iterator[str]:
        remaining = iter(elements)
        for part in rule.body:
            if part[0] == "not":
                arguments = [value_of(term, values) for term in part[2]]
                yield self.of_atom(part[1], arguments, "Absent")
                for other in concluding.get(part[1], ()):
                    own = {t[1]: a for t, a in zip(other.terms, arguments, strict=False) if t[0] == "variable"}
                    yield self.fill(other.label("unless"), own)
            elif part[0] == "compare":
                yield self._comparison(part, values)
            elif part[0] == "count":
                yield self._count(part, rule, values, remaining)

    def _comparison(self, part: Sequence[Any], values: Mapping[str, Any]) -> str:
        _, operator, left, right = part
        beside = next((term[1] for term in (left, right) if term[0] == "variable"), "")
        one, other = self._term(left, values, beside), self._term(right, values, beside)
        if beside in self.units["Dates"]:
            if other == "further notice":
                return "No end date is stated."
            return f"{one[:1].upper()}{one[1:]} is {_DAY[operator]}{other}."
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", left[1]).lower() if left[0] == "variable" else ""
        subject = f"The {name}" if name else "It"
        said_once = operator == "=" or right == ("value", "none")
        return f"{subject} is {one}." if said_once else f"{subject} is {one}, {_THAN[operator]} {other}."

    def _count(self, part: Sequence[Any], rule: Rule, values: Mapping[str, Any], elements: Iterator[Any]) -> str:
        _, counted, operator, bound = part
        words: dict[tuple[Any, ...], str] = {}
        for (terms, conditions), rows in zip(counted, elements, strict=False):
            inside = {name for one in (*terms, *_terms(conditions)) for name in variables(one)}
            own = sorted(inside - set(rule.variables))
            for row in rows:
                local = {**values, **dict(zip(own, row, strict=False))}
                key = tuple(value_of(term, local) for term in terms)
                words[key] = ", ".join(self._term(term, local, "") for term in terms)
        reached = f"{len(words)} counted: {listed(words.values())}" if words else "None counted"
        return f"{reached}. {_MUST[operator].format(value_of(bound, values))}"

    def _term(self, term: Term, values: Mapping[str, Any], beside: str) -> str:
        if term[0] == "variable":
            return self.word(term[1], values[term[1]])
        return self.word(beside, term[1] if term[0] == "value" else value_of(term, values))


def _terms(conditions: Iterable[Sequence[Any]]) -> Iterator[Term]:
    for one in conditions:
        yield from one[2:] if one[0] == "compare" else one[2]
