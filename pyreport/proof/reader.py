"""The checker's own reader of the rule subset in which the policy is written.

It reads facts with pools, rules with literals, ``not``, comparisons, ``+ - *`` and ``#count``, ``#defined``
lines, and of the comments the labels of rules (``% @rule ID``, ``% @cite AUTHORITY PASSAGE``, ``% @says SENTENCE``
and so on) and ``% @replaces IDS``. Anything else is an error. Terms are tuples: ``("variable", name)``,
``("value", value)`` and ``(operator, left, right)``; a value is an ``int`` or the term's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from typing import Any

__all__ = ["Policy", "PolicyUnreadable", "Rule", "read_policy", "variables"]

Term = tuple[Any, ...]
Part = tuple[Any, ...]
"""``("atom" | "not", predicate, terms)``, ``("compare", operator, left, right)`` or
``("count", ((terms, conditions), …), operator, bound)``."""

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<block>%\*.*?\*%)
      | (?P<comment>%[^\n]*)
      | (?P<string>"(?:\\.|[^"\\])*")
      | (?P<number>\d+)
      | (?P<directive>\#[a-z]+)
      | (?P<variable>_*[A-Z][A-Za-z0-9_]*)
      | (?P<name>_*[a-z][A-Za-z0-9_]*)
      | (?P<symbol>:-|!=|<=|>=|[-+*=<>(){},;:./])""",
    re.VERBOSE | re.DOTALL,
)
_LABEL = re.compile(r"%\s*@([a-z]+)\s+(.*?)\s*$")
_REPLACES = re.compile(r"^%[ \t]*@replaces[ \t]+(.*)$", re.MULTILINE)
_DECLARED = re.compile(r"%\*!\s*(\w+)\(([^)]*)\)")
_COMPARE = {"=", "!=", "<", "<=", ">", ">="}
_MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


class PolicyUnreadable(Exception):
    """The policy text is outside the subset; the message names file and line."""


@dataclass(frozen=True)
class Rule:
    """A rule by its id; ``variables`` are its global variables, sorted. ``facts`` are given where ``body`` is empty.

    ``labels`` are the tag and the text of each line above it, in their order, such as ``("says", "…")``.
    """

    id: str
    predicate: str
    terms: tuple[Term, ...]
    body: tuple[Part, ...]
    variables: tuple[str, ...]
    facts: tuple[tuple[Any, ...], ...]
    labels: tuple[tuple[str, str], ...] = ()

    @cached_property
    def cites(self) -> list[tuple[str, str]]:
        """The authority and the passage of each of its citations."""
        cited = [text.partition(" ") for tag, text in self.labels if tag == "cite"]
        return [(authority, passage.strip()) for authority, _, passage in cited]

    def label(self, tag: str) -> str:
        """The text of its label ``tag``, empty if it has none."""
        return next((text for name, text in self.labels if name == tag), "")


@dataclass
class Policy:
    """All rules, the predicates (name, arity) that evidence may state, and the argument names of those declared."""

    rules: list[Rule]
    inputs: set[tuple[str, int]]
    arguments: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)


def variables(term: Term) -> Iterator[str]:
    """Yield the variable names in ``term``."""
    if term[0] == "variable":
        yield term[1]
    elif term[0] != "value":
        yield from variables(term[1])
        yield from variables(term[2])


def read_policy(texts: dict[str, str]) -> Policy:
    """Read the rule files in ``texts`` (path to text; files that do not end in ``.lp`` are passed over).

    Raises:
        PolicyUnreadable: A text is outside the subset, a rule has no id, or an id stands twice.
    """
    policy = Policy([], set())
    replaced: set[str] = set()
    for path, text in texts.items():
        if path.endswith(".lp"):
            _File(path, text).read(policy)
            for name, listed in _DECLARED.findall(text):
                names = tuple(one.strip() for one in listed.split(","))
                policy.arguments[name, len(names)] = names
            # An alternative reading names, at the head of its file, the rules that it stands in for.
            replaced |= {name for line in _REPLACES.findall(text) for name in line.split()}
    policy.rules = [rule for rule in policy.rules if rule.id not in replaced]
    seen: set[str] = set()
    for rule in policy.rules:
        if rule.id in seen:
            raise PolicyUnreadable(f"the rule id {rule.id} stands twice")
        seen.add(rule.id)
    return policy


class _File:
    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text
        self.tokens: list[tuple[str, str, int]] = []
        self.place = 0
        position = 0
        while position < len(text):
            found = _TOKEN.match(text, position)
            if not found:
                raise self.fault("unreadable", position)
            if found.lastgroup not in ("space", "block"):
                self.tokens.append((str(found.lastgroup), found[0], position))
            position = found.end()

    def fault(self, message: str, position: int) -> PolicyUnreadable:
        line = self.text.count("\n", 0, position) + 1
        return PolicyUnreadable(f"{self.path}:{line}: {message}")

    def peek(self) -> str:
        return self.tokens[self.place][1] if self.place < len(self.tokens) else ""

    def kind(self) -> str:
        return self.tokens[self.place][0] if self.place < len(self.tokens) else ""

    def take(self, wanted: str | None = None) -> str:
        if self.place >= len(self.tokens):
            raise self.fault("ends in the middle of a rule", len(self.text))
        _, text, position = self.tokens[self.place]
        if wanted is not None and text != wanted:
            raise self.fault(f"expected '{wanted}', found '{text}'", position)
        self.place += 1
        return text

    def take_kind(self, wanted: str) -> str:
        """Take a token of the kind ``wanted``, such as ``name`` or ``number``."""
        if self.place < len(self.tokens) and self.kind() != wanted:
            raise self.fault(f"expected a {wanted}, found '{self.peek()}'", self.tokens[self.place][2])
        return self.take()

    def read(self, policy: Policy) -> None:
        label, labels = "", []
        while self.place < len(self.tokens):
            kind, text, position = self.tokens[self.place]
            if kind == "comment":
                found = _LABEL.match(text)
                if found:
                    labels.append((found[1], found[2]))
                    label = found[2] if found[1] == "rule" else label
                self.place += 1
            elif text == "#defined":
                self.take()
                name = self.take_kind("name")
                self.take("/")
                policy.inputs.add((name, int(self.take_kind("number"))))
                self.take(".")
            elif not label:
                raise self.fault("a rule without '% @rule id'", position)
            else:
                # Comments inside a rule say nothing to the checker.
                self.tokens = self.tokens[: self.place] + self._without_comments()
                policy.rules.append(replace(self.rule(label), labels=tuple(labels)))
                label, labels = "", []

    def _without_comments(self) -> list[tuple[str, str, int]]:
        rest = self.tokens[self.place :]
        end = next((n for n, token in enumerate(rest) if token[1] == "."), len(rest))
        return [token for n, token in enumerate(rest) if n > end or token[0] != "comment"]

    def rule(self, label: str) -> Rule:
        start = self.place
        predicate = self.take_kind("name")
        terms = self.arguments(pools=True)
        if self.peek() == ".":
            self.take()
            members = [term[1] if term[0] == "pool" else (term,) for term in terms]
            for term in (one for group in members for one in group):
                if term[0] != "value":
                    raise self.fault(f"{label}: a fact with a variable", self.tokens[self.place - 1][2])
            facts = tuple(tuple(term[1] for term in chosen) for chosen in product(*members))
            return Rule(label, predicate, (), (), (), facts)
        self.take(":-")
        if any(term[0] == "pool" for term in terms):
            raise self.fault(f"{label}: a pool stands in facts alone", self.tokens[start][2])
        body = [self.part()]
        while self.peek() in (",", ";"):
            self.take()
            body.append(self.part())
        self.take(".")
        names = {name for term in terms for name in variables(term)}
        for part in body:
            names |= {name for term in _outer_terms(part) for name in variables(term)}
        return Rule(label, predicate, tuple(terms), tuple(body), tuple(sorted(names)), ())

    def part(self) -> Part:
        if self.peek() == "#count":
            return self.count()
        if self.peek() == "not":
            self.take()
            return ("not", self.take_kind("name"), tuple(self.arguments()))
        start = self.place
        if self.kind() == "name":
            name = self.take()
            terms = self.arguments() if self.peek() == "(" else []
            if self.peek() not in _COMPARE and self.peek() not in ("+", "-", "*", "#count"):
                return ("atom", name, tuple(terms))
            self.place = start
        left = self.term()
        operator = self.take()
        if operator not in _COMPARE:
            raise self.fault(f"expected a comparison, found '{operator}'", self.tokens[self.place - 1][2])
        if self.peek() == "#count":
            count = self.count(closed=True)
            return ("count", count[1], _MIRRORED[operator], left)
        return ("compare", operator, left, self.term())

    def count(self, closed: bool = False) -> Part:
        self.take("#count")
        self.take("{")
        elements = []
        while True:
            terms = [self.term()]
            while self.peek() == ",":
                self.take()
                terms.append(self.term())
            conditions = []
            if self.peek() == ":":
                self.take()
                conditions.append(self.part())
                while self.peek() == ",":
                    self.take()
                    conditions.append(self.part())
            elements.append((tuple(terms), tuple(conditions)))
            if self.peek() != ";":
                break
            self.take()
        self.take("}")
        if closed:
            return ("count", tuple(elements))
        operator = self.take()
        if operator not in _COMPARE:
            raise self.fault("a count without a bound", self.tokens[self.place - 1][2])
        return ("count", tuple(elements), operator, self.term())

    def arguments(self, pools: bool = False) -> list[Term]:
        terms: list[Term] = []
        if self.peek() != "(":
            return terms
        self.take("(")
        while True:
            if pools and self.peek() == "(":
                self.take("(")
                members = [self.term()]
                while self.peek() == ";":
                    self.take()
                    members.append(self.term())
                self.take(")")
                terms.append(("pool", tuple(members)))
            else:
                terms.append(self.term())
            if self.peek() != ",":
                break
            self.take()
        self.take(")")
        return terms

    def term(self) -> Term:
        left = self.factor()
        while self.peek() in ("+", "-"):
            operator = self.take()
            left = (operator, left, self.factor())
        return left

    def factor(self) -> Term:
        left = self.primary()
        while self.peek() == "*":
            self.take()
            left = ("*", left, self.primary())
        return left

    def primary(self) -> Term:
        if self.peek() == "(":
            self.take()
            term = self.term()
            self.take(")")
            return term
        if self.peek() == "-":
            self.take()
            return ("value", -int(self.take_kind("number")))
        kind, text, position = self.tokens[self.place] if self.place < len(self.tokens) else ("", "", len(self.text))
        self.place += 1
        if kind == "variable":
            return ("variable", text)
        if kind == "number":
            return ("value", int(text))
        if kind in ("string", "name"):
            return ("value", text)
        raise self.fault(f"expected a term, found '{text}'", position)


def _outer_terms(part: Part) -> tuple[Term, ...]:
    """The terms of ``part`` whose variables are global: all of them, of a count the bound alone."""
    if part[0] in ("atom", "not"):
        return tuple(part[2])
    return (part[2], part[3]) if part[0] == "compare" else (part[3],)
