"""Check the why-nots of a page: what they say does not hold, they count anew, by the checker's own evaluation.

Each line names what it rests on in attributes: ``data-not`` the atoms that do not hold, with ``null`` for any value;
``data-at`` the rules and values at which something was counted or compared; ``data-of`` the candidates that it names.
No attribute is believed: a line must say in the checker's words what its atoms and counts come to.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pyreport.proof.checker import compare
from pyreport.proof.compiler import Atoms, NotANumberError, compile_rule, value_of
from pyreport.proof.reader import Part, Rule, Term, variables

from .page import Element
from .words import Words, listed

__all__ = ["Absences", "Line"]

_KINDS = {"the data say no", "not on record", "another rule blocks it", "the rule does not reach this case"}
_ABOVE = "opened above"
_BLOCKED = "another rule blocks it"
_ROOT = "eligible"
_EACH = re.compile(r"Each of (\d+) candidates fails here, the nearest first:")
_REACHED = re.compile(r"\d+ of \d+ needed|\d+ counted, which is too many")
_OTHERS = re.compile(r"(?:One rule does|(\d+) rules do) not apply to this case: (.+)\.")
_IDS = re.compile(r" \(([\w-]+(?:\.[\w-]+)+(?:, [\w-]+(?:\.[\w-]+)+)*)\)(?:; |$)")
_COUNTED, _NOT_COUNTED, _INSTEAD = "Counted:", "Not counted:", "On record instead:"
_NO_RULE, _NO_RANGE = "No rule concludes this.", "There is no value to which it could apply."
_NEAREST = "nearest miss: "
_QUESTION = "Why not eligible: "
_WANTED = {"=": "", "<": "less than ", "<=": "at most ", ">": "more than ", ">=": "at least "}
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")

Goal = tuple[Any, ...]
"""A predicate and its arguments, ``None`` for any value."""


class Line:
    """A line of a why-not, as the page writes it."""

    def __init__(self, item: Element) -> None:
        self.item = item
        inside = item.children[0] if item.children and item.children[0].tag == "details" else item
        self.summary = inside.children[0] if inside is not item and inside.children else item
        self.sentence = self.summary.own_text
        self.kinds = [one for one in self.summary.children if one.tag == "span"]
        self.law = [one for one in inside.children if one.tag == "p"]
        self.rules = [next((one.text for one in law.children if one.tag == "a"), "") for law in self.law]
        lists = [one for one in inside.children if one.tag == "ul"]
        items = [one for all_ in lists for one in all_.children]
        self.steps = [one for one in items if is_step(one)]
        self.below = [Line(one) for one in items if not is_step(one)]
        # Whatever else stands there belongs to no line.
        self.faults = [one.text for one in self.summary.children if one.tag != "span" or one.classes != ["kind"]]
        if inside is not item:
            self.faults = [one for one in self.faults if one]
            self.faults += [item.own_text, inside.own_text, *(one.own_text for one in lists)]
            self.faults += [one.text for one in item.children[1:]]
            self.faults += [one.text for one in inside.children[1:] if one.tag not in ("p", "ul")]
            self.faults += [one.text for one in items if one.tag != "li"]
            if self.summary.tag != "summary" or len(lists) > 1:
                self.faults.append(item.text)
        self.goals: list[Goal] = []
        self.at: list[tuple[str, dict[str, Any]]] = []
        self.names: list[tuple[Any, ...]] = []
        try:
            self.goals = [tuple(one) for one in json.loads(item.attributes.get("data-not", "[]"))]
            self.at = [(str(name), dict(values)) for name, values in json.loads(item.attributes.get("data-at", "[]"))]
            self.names = [tuple(one) for one in json.loads(item.attributes.get("data-of", "[]"))]
            for row in [*self.goals, *self.names, *(tuple(values.values()) for _, values in self.at)]:
                if not all(one is None or type(one) in (int, str) for one in row):
                    raise ValueError
        except (ValueError, TypeError, RecursionError):
            self.goals, self.at, self.names = [], [], []
            self.faults.append(f"{self.sentence} (its attributes cannot be read)")

    def all(self) -> Iterator[Line]:
        """This line and all below it."""
        yield self
        for below in self.below:
            yield from below.all()


def is_step(item: Element) -> bool:
    """Whether an item is a step that holds, with its own derivation, and no line."""
    return "id" in item.attributes or any(one.tag == "a" for one in item.children)


class Absences:
    """Checks why-nots against one graph that holds. ``known`` are all sentences that the graph gives."""

    def __init__(self, words: Words, known: set[str]) -> None:
        self.words, self.known = words, known
        self.rules = {rule.id: rule for rule in words.policy.rules}
        self.atoms = Atoms()
        for name, all_ in words.atoms.items():
            for one in all_:
                self.atoms.add(name, tuple(one))
        self._counts: dict[Any, tuple[int, int, list[dict[str, Any]]]] = {}
        self._worded: dict[str, dict[Goal, set[str]]] = {}

    def problems(self, details: Element, lea: Any, year: int) -> Iterator[str]:
        """Yield what is wrong with the why-not of one LEA."""
        root = (_ROOT, lea, year)
        summary = details.children[0] if details.children else details
        trees = [one for one in details.children if one.tag == "ul"]
        others = [one for one in details.children if one.tag not in ("summary", "ul")]
        if summary.tag != "summary" or len(trees) != 1 or others or details.own_text or summary.children:
            yield f"its why-not is “{details.text[:80]}…”, which is no list of reasons"
            return
        lines = [Line(one) for one in trees[0].children]
        if self._holds(root):
            yield "it says why not of what holds"
            return
        question = summary.text.removeprefix(_QUESTION)
        if not summary.text.startswith(_QUESTION) or not (
            question in self._absent(root) or self._is_nearest(question, lines)
        ):
            yield f"it says “{summary.text}”, which is not what the lines below come to"
        if not lines or trees[0].own_text:
            yield "its why-not gives no reason"
        yield from self._covered(lines, [root], [])
        for line in lines:
            if root not in line.goals and not _OTHERS.fullmatch(line.sentence):
                yield f"the page says “{line.sentence}”, which is no reason why it is not eligible"
            yield from self._line(line, [root], None, (), lea)

    def _is_nearest(self, question: str, lines: Sequence[Line]) -> bool:
        """Whether the nearest miss is a rule's sentence and, below it, a count that falls short."""
        words, _, count = question.removeprefix(_NEAREST).rpartition(": ")
        if not question.startswith(_NEAREST) or not _REACHED.fullmatch(count.rstrip(".")):
            return False
        for line in (below for one in lines for below in one.all()):
            if line.sentence == f"{words}.":
                for below in line.all():
                    for name, values in below.at:
                        if count in self._sentences_at(name, values) and (below is line or below.sentence == count):
                            return True
        return False

    # Lines

    def _line(
        self, line: Line, goals: Sequence[Goal], within: Line | None, rules: Sequence[str], lea: Any
    ) -> Iterator[str]:
        """Check a line below ``within``, where it is said why ``rules`` (any, if none) do not conclude ``goals``."""
        told = f"the page says “{line.sentence}”"
        for fault in line.faults:
            if fault:
                yield f"the page shows “{fault}” within a why-not"
        for kind in line.kinds:
            if kind.children or kind.text not in (*_KINDS, _ABOVE):
                yield f"{told} with the remark “{kind.text}”"
        for goal in line.goals:
            wrong = self._fault(goal, lea)
            if wrong:
                yield f"{told}, of which {wrong}"
                return
        if line.goals and not _OTHERS.fullmatch(line.sentence) and not self._is_asked(line.goals, goals, rules):
            yield f"{told}, which no rule above it asks for"
        if not self._says(line, goals, within):
            yield f"{told}; the graph does not come to this"
        yield from (f"{told}, and {fault}" for fault in self._numbers(line, goals, within))
        for rule in line.rules:
            concludes = [goal for goal in line.goals if rule in self.rules and _fits(self.rules[rule], goal)]
            if not concludes:
                yield f"{told} of {rule or 'no rule'}, which could not conclude what it speaks of"
        instead = [self._instead(goal) for goal in line.goals]
        if line.sentence == _INSTEAD and not any(_sentence(step) in one for one in instead for step in line.steps):
            yield f"{told}, and shows nothing that holds instead"
        below = line.goals or goals
        if line.below and not line.steps:
            # The rules for a goal that stands above are those beside this line.
            yield from self._covered(line.below, [goal for goal in line.goals if goal not in goals], line.rules)
        for one in line.below:
            yield from self._line(one, below, line, line.rules if line.goals else rules, lea)

    def _is_asked(self, own: Sequence[Goal], above: Sequence[Goal], rules: Sequence[str]) -> bool:
        """Whether one of a line's goals is one of those above it, or a condition of a rule that could conclude one."""
        if set(own) & set(above):
            return True
        for goal in above:
            for rule in self._heads(goal):
                if not _fits(rule, goal) or (rules and rule.id not in rules):
                    continue
                values = {t[1]: value for t, value in zip(rule.terms, goal[1:], strict=True) if t[0] == "variable"}
                if any(_asks(part, values, one) for part in _literals(rule.body, inside=True) for one in own):
                    return True
        return False

    def _fault(self, goal: Goal, lea: Any) -> str | None:
        """What is wrong with a claim that no atom like ``goal`` holds."""
        names = self.words.arguments.get(goal[0], ()) if goal else ()
        if not goal or goal[0] not in self.words.fields or len(names) != len(goal) - 1:
            return f"{list(goal)} is nothing that the policy speaks of"
        if any(name == "LEA" and value not in (None, lea) for name, value in zip(names, goal[1:], strict=True)):
            return f"{goal[0]} is asked of another local educational agency"
        return f"“{self._absence(goal, 'Absent')}” is not so: it holds" if self._holds(goal) else None

    def _holds(self, goal: Goal) -> bool:
        places = tuple(place for place, value in enumerate(goal[1:]) if value is not None)
        values = tuple(goal[place + 1] for place in places)
        return (values[0] if len(values) == 1 else values) in self.atoms.index(goal[0], len(goal) - 1, places)

    def _says(self, line: Line, goals: Sequence[Goal], within: Line | None) -> bool:
        """Whether the line says what it rests on, in the checker's words, or is of one of the known shapes."""
        sentence = line.sentence
        if sentence == _COUNTED:
            return bool(line.steps) and not line.below and within is not None and bool(within.at)
        if sentence == _NOT_COUNTED:
            return bool(line.below) and not line.steps and within is not None and bool(within.at)
        if _EACH.fullmatch(sentence):
            return bool(line.below) and not line.steps
        if sentence == _NO_RULE:
            return bool(line.goals) and not any(_fits(rule, goal) for goal in line.goals for rule in self._heads(goal))
        if _OTHERS.fullmatch(sentence):
            return not line.steps and not line.below
        if line.names:
            return self._names(line)
        if sentence == _INSTEAD:
            return any(None in goal for goal in line.goals) and bool(line.steps)
        if any(kind.text == _BLOCKED for kind in line.kinds) and not line.goals:
            return sentence in self.known and any(_sentence(step) == sentence for step in line.steps)
        if any(sentence in self._absent(goal) for goal in line.goals):
            return True
        return any(sentence in self._sentences_at(name, values) for name, values in line.at)

    def _numbers(self, line: Line, goals: Sequence[Goal], within: Line | None) -> Iterator[str]:
        """Yield what is wrong with the numbers: of candidates, of rules, of what was counted."""
        each = _EACH.fullmatch(line.sentence)
        if each and int(each[1]) != sum(len(one.names) or 1 for one in line.below):
            yield "below it stand others"
        others = _OTHERS.fullmatch(line.sentence)
        if others:
            yield from self._others(line, int(others[1] or 1), others[2], goals)
        for name, values in line.at:
            rule = self.rules.get(name)
            if rule is None or not (line.names or others or self._is_case(rule, values, goals)):
                yield f"{name} is not looked at for these values"
        if line.sentence == _COUNTED and within is not None:
            found = {words for name, values in within.at for words in self._counted_words(name, values)}
            for step in line.steps:
                if _sentence(step) not in found:
                    yield f"“{_sentence(step)}” is not counted there"

    def _others(self, line: Line, number: int, text: str, goals: Sequence[Goal]) -> Iterator[str]:
        place = 0
        ids: list[str] = []
        ends: list[str] = []
        for found in _IDS.finditer(text):
            ids += found[1].split(", ")
            ends.append(f"{text[place : found.start()]}.")
            place = found.end()
        if place != len(text) or len(ids) != number or len(set(ids)) != number:
            yield "it names other rules"
        for name in ids:
            if name not in self.rules or not any(_fits(self.rules[name], goal) for goal in goals):
                yield f"{name} could not conclude what it speaks of"
        right = {_NO_RANGE, *self.known}
        for goal in line.goals:
            right |= self._absent(goal)
        for name, values in line.at:
            right |= self._sentences_at(name, values)
        for end in ends:
            if f"{end[:1].upper()}{end[1:]}" not in right:
                yield f"“{end}” is not so"

    def _covered(self, lines: Sequence[Line], goals: Sequence[Goal], rules: Sequence[str]) -> Iterator[str]:
        """Every rule that could conclude one of ``goals`` must stand in ``rules`` or in the lines below."""
        shown = {*rules, *(name for line in lines for name in line.rules)}
        texts = [found[2] for line in lines if (found := _OTHERS.fullmatch(line.sentence))]
        shown |= {name for text in texts for found in _IDS.finditer(text) for name in found[1].split(", ")}
        for goal in goals:
            missing = sorted({rule.id for rule in self._heads(goal) if _fits(rule, goal)} - shown)
            if missing:
                yield f"the page does not say why {', '.join(missing)} does not conclude {goal[0]}"

    def _names(self, line: Line) -> bool:
        """Whether a line names its candidates, each once, and says of each what it was counted to reach."""
        words = []
        for candidate in line.names:
            pairs = list(zip(candidate[::2], candidate[1::2], strict=False))
            if not pairs or len(candidate) % 2 or any(name is None or value is None for name, value in pairs):
                return False
            first, *rest = (self.words.word(str(name), value) for name, value in pairs)
            words.append(f"{first} ({', '.join(rest)})" if rest else first)
        if len(set(line.names)) != len(line.names) or line.goals or line.steps or line.below or line.rules:
            return False
        start = _spaced(listed(words))
        start = f"{start[:1].upper()}{start[1:]}"
        if not line.sentence.startswith(start) or not line.sentence.endswith("."):
            return False
        reason = line.sentence[len(start) : -1]
        if reason in ("", ": not met"):
            return not line.at
        count = reason.removeprefix(": ")
        return len(line.at) == len(line.names) and all(
            f"{count}." in self._sentences_at(name, values)
            and all(values.get(str(key), value) == value for key, value in zip(one[::2], one[1::2], strict=True))
            for (name, values), one in zip(line.at, line.names, strict=True)
        )

    # Words

    def _absence(self, goal: Goal, field: str) -> str:
        return _spaced(self.words.of_atom(goal[0], goal[1:], field))

    def _absent(self, goal: Goal) -> set[str]:
        """The sentences that say no atom like ``goal`` holds: those of its predicate, and of the rules for it."""
        fields = self.words.fields.get(goal[0], {})
        found = {self._absence(goal, field) for field in ("Absent", "None") if fields.get(field)}
        for rule in self._heads(goal):
            if _fits(rule, goal) and rule.label("unless"):
                values = {t[1]: value for t, value in zip(rule.terms, goal[1:], strict=True) if t[0] == "variable"}
                found.add(_spaced(self.words.fill(rule.label("unless"), values)))
        return found

    def _heads(self, goal: Goal) -> list[Rule]:
        return [rule for rule in self.words.policy.rules if rule.body and rule.predicate == goal[0]]

    def _instead(self, goal: Goal) -> set[str]:
        """The sentences of what holds with the same key as ``goal``."""
        key = [one.strip() for one in self.words.fields.get(goal[0], {}).get("Key", "").split(",")]
        places = [n for n, name in enumerate(self.words.arguments.get(goal[0], ())) if name in key]
        return {
            words
            for atom in self.words.atoms.get(goal[0], ())
            if all(atom[n] == goal[n + 1] for n in places)
            for words in self._words_of(goal[0], atom)
        }

    def _words_of(self, predicate: str, arguments: Sequence[Any]) -> set[str]:
        """The sentences of an atom that holds: that of its predicate, and of the rules that conclude it."""
        found = {_spaced(self.words.of_atom(predicate, arguments))}
        if predicate not in self._worded:
            worded = self._worded[predicate] = {}
            for rule in self._heads((predicate,)):
                for instance in compile_rule(rule)(self.atoms):
                    values = dict(zip(rule.variables, instance, strict=True))
                    head = tuple(value_of(term, values) for term in rule.terms)
                    worded.setdefault(head, set()).add(_spaced(self.words.fill(rule.label("says"), values)))
        return found | self._worded[predicate].get(tuple(arguments), set())

    # Counts and comparisons

    def _is_case(self, rule: Rule, values: Mapping[str, Any], goals: Sequence[Goal]) -> bool:
        """Whether ``values`` are a case of ``rule``: of one of ``goals``, what else they state in atoms that hold."""
        for goal in goals:
            if not _fits(rule, goal):
                continue
            own = {t[1]: value for t, value in zip(rule.terms, goal[1:], strict=True) if t[0] == "variable"}
            if all(value in (None, values.get(name)) for name, value in own.items()) and self._stated(
                rule, values, own
            ):
                return True
        return False

    def _stated(self, rule: Rule, values: Mapping[str, Any], own: Mapping[str, Any]) -> bool:
        """Whether each value that the head does not give stands in an atom of the body that holds."""
        stated = {name for name, value in own.items() if value is not None}
        for part in _literals(rule.body):
            names = {name for term in part[2] for name in variables(term)}
            if names <= values.keys() and self._holds((part[1], *(value_of(term, values) for term in part[2]))):
                stated |= names
        needed = {name for part in rule.body if part[0] == "count" for name in variables(part[3])}
        for _, conditions in (element for part in rule.body if part[0] == "count" for element in part[1]):
            needed |= {name for one in conditions for term in _terms(one) for name in variables(term)}
        return needed & set(rule.variables) <= stated

    def _sentences_at(self, name: str, values: Mapping[str, Any]) -> set[str]:
        """What fails at these values of a rule's variables: its counts, counted anew, and its comparisons, in words."""
        found: set[str] = set()
        rule = self.rules.get(name)
        if rule is None:
            return found
        try:
            for part in rule.body:
                if part[0] == "count":
                    reached, bound, _ = self._count(rule, part, values)
                    if not compare(("compare", part[2], ("value", reached), ("value", bound)), {}):
                        few = reached < bound
                        found.add(f"{reached} of {bound} needed." if few else f"{reached} counted, which is too many.")
            for part in _comparisons(rule.body):
                if {one for term in part[2:] for one in variables(term)} <= values.keys() and not compare(part, values):
                    found.add(_spaced(self._compared(part, values)))
        except (NotANumberError, KeyError, ValueError):
            return set()
        return found

    def _count(self, rule: Rule, part: Part, values: Mapping[str, Any]) -> tuple[int, int, list[dict[str, Any]]]:
        """How many are counted at ``values``, how many are asked for, and the values of each that is counted."""
        outer = {one: values[one] for one in rule.variables if one in values}
        key = (rule.id, id(part), tuple(outer.items()))
        if key not in self._counts:
            reached: set[tuple[Any, ...]] = set()
            rows: list[dict[str, Any]] = []
            for terms, conditions in part[1]:
                body = tuple(_with(one, outer) for one in conditions)
                own = tuple(sorted({name for one in body for term in _terms(one) for name in variables(term)}))
                counting = Rule(rule.id, rule.predicate, (), body, own, ())
                for row in compile_rule(counting)(self.atoms):
                    local = {**outer, **dict(zip(own, row, strict=True))}
                    reached.add(tuple(value_of(term, local) for term in terms))
                    rows.append(local)
            self._counts[key] = len(reached), value_of(part[3], outer), rows
        return self._counts[key]

    def _counted_words(self, name: str, values: Mapping[str, Any]) -> set[str]:
        """The sentences of the atoms that are counted at ``values``."""
        found: set[str] = set()
        rule = self.rules.get(name)
        for part in rule.body if rule is not None else ():
            if rule is None or part[0] != "count":
                continue
            for row in self._count(rule, part, values)[2]:
                for _, conditions in part[1]:
                    for one in _literals(conditions):
                        if {v for term in one[2] for v in variables(term)} <= row.keys():
                            found |= self._words_of(one[1], tuple(value_of(term, row) for term in one[2]))
        return found

    def _compared(self, part: Part, values: Mapping[str, Any]) -> str:
        _, operator, left, right = part
        beside = next((term[1] for term in (left, right) if term[0] == "variable"), "")
        one, other = (
            self.words.word(term[1] if term[0] == "variable" else beside, value_of(term, values))
            for term in (left, right)
        )
        subject = f"The {_CAPITAL.sub(' ', left[1]).lower()}" if left[0] == "variable" else "It"
        wanted = "another" if operator == "!=" else f"{_WANTED[operator]}{other}"
        return f"{subject} is {one}, and would have to be {wanted}."


def _fits(rule: Rule, goal: Goal) -> bool:
    """Whether ``rule`` could conclude an atom like ``goal``."""
    return (
        rule.predicate == goal[0]
        and len(rule.terms) == len(goal) - 1
        and all(
            value is None or term[0] != "value" or term[1] == value
            for term, value in zip(rule.terms, goal[1:], strict=True)
        )
    )


def _asks(part: Part, values: Mapping[str, Any], goal: Goal) -> bool:
    """Whether a literal asks for ``goal`` where its rule's variables have ``values``, ``None`` if they may have any."""
    if part[1] != goal[0] or len(part[2]) != len(goal) - 1:
        return False
    for term, value in zip(part[2], goal[1:], strict=True):
        asked = values.get(term[1]) if term[0] == "variable" else term[1] if term[0] == "value" else None
        if None not in (asked, value) and asked != value:
            return False
    return True


def _literals(parts: Sequence[Part], *, inside: bool = False) -> Iterator[Part]:
    for part in parts:
        if part[0] == "atom":
            yield part
        elif part[0] == "count" and inside:
            for _, conditions in part[1]:
                yield from _literals(conditions)


def _comparisons(parts: Sequence[Part]) -> Iterator[Part]:
    for part in parts:
        if part[0] == "compare":
            yield part
        elif part[0] == "count":
            for _, conditions in part[1]:
                yield from _comparisons(conditions)


def _terms(part: Part) -> Sequence[Term]:
    terms: Sequence[Term] = part[2:] if part[0] == "compare" else part[2]
    return terms


def _with(part: Part, values: Mapping[str, Any]) -> Part:
    """A condition with the values of the variables that have one."""
    if part[0] == "compare":
        return (*part[:2], *(_given(term, values) for term in part[2:]))
    return (*part[:2], tuple(_given(term, values) for term in part[2]))


def _given(term: Term, values: Mapping[str, Any]) -> Term:
    if term[0] == "variable":
        return ("value", values[term[1]]) if term[1] in values else term
    return term if term[0] == "value" else (term[0], _given(term[1], values), _given(term[2], values))


def _sentence(step: Element) -> str:
    """The sentence of a step."""
    inside = next((one for one in step.children if one.tag in ("a", "details")), None)
    if step.own_text or inside is None:
        return step.own_text
    text = inside.text if inside.tag == "a" else next(inside.all("summary"), inside).own_text
    return re.sub(r" \(\d+ derivations\)$", "", text)


def _spaced(text: str) -> str:
    return " ".join(text.split())
