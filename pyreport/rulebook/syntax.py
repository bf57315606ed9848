"""The shape of a rule: the subset of answer-set programs in which the policy is written.

A value is what a ground term is in Python: an ``int`` for a number, and a ``str`` holding the term as
clingo writes it for everything else (``fos`` for a constant, ``'"0110…"'`` with its quotation marks for
a string). So values sort, hash and print without any solver object.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

__all__ = [
    "Atom",
    "AtomPattern",
    "Bindings",
    "Comparison",
    "Count",
    "CountElement",
    "Literal",
    "Operation",
    "Term",
    "Value",
    "Variable",
    "evaluate",
    "ground",
    "quote",
    "term_variables",
    "unquote",
    "written",
]

Value = int | str
"""A ground term."""

Atom = tuple[Value, ...]
"""A ground atom: the predicate's name, then its arguments."""

Bindings = Mapping[str, Value]
"""Variable name to value."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a rule."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An arithmetic term: ``left operator right`` with ``+``, ``-`` or ``*``."""

    operator: str
    left: Term
    right: Term


Term = Variable | Operation | Value


@dataclass(frozen=True, slots=True)
class AtomPattern:
    """An atom with terms for arguments."""

    predicate: str
    arguments: tuple[Term, ...]

    @property
    def signature(self) -> tuple[str, int]:
        """Name and number of arguments."""
        return self.predicate, len(self.arguments)


@dataclass(frozen=True, slots=True)
class Literal:
    """An atom in a body, or its absence (``not``)."""

    atom: AtomPattern
    negated: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """``left operator right`` with ``=``, ``!=``, ``<``, ``<=``, ``>`` or ``>=``."""

    operator: str
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class CountElement:
    """``terms : conditions`` inside a count. ``locals`` are its own variables, by name."""

    terms: tuple[Term, ...]
    conditions: tuple[Literal | Comparison, ...]
    locals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """``#count { elements } operator bound``: the number of different term tuples."""

    elements: tuple[CountElement, ...]
    operator: str
    bound: Term


def term_variables(term: Term) -> Iterator[str]:
    """Yield the names of the variables in ``term``, repeated as they occur."""
    if isinstance(term, Variable):
        yield term.name
    elif isinstance(term, Operation):
        yield from term_variables(term.left)
        yield from term_variables(term.right)


def evaluate(term: Term, bindings: Bindings) -> Value:
    """Return the value of ``term``; arithmetic on anything but numbers raises ``TypeError``."""
    if isinstance(term, Variable):
        return bindings[term.name]
    if isinstance(term, Operation):
        left, right = evaluate(term.left, bindings), evaluate(term.right, bindings)
        if not (isinstance(left, int) and isinstance(right, int)):
            raise TypeError(f"arithmetic on {left!r} and {right!r}")
        return left + right if term.operator == "+" else left - right if term.operator == "-" else left * right
    return term


def ground(pattern: AtomPattern, bindings: Bindings) -> Atom:
    """Return the atom that ``pattern`` becomes under ``bindings``."""
    # Most arguments are variables: without a call for each, twice as fast.
    arguments = [
        bindings[argument.name] if type(argument) is Variable else evaluate(argument, bindings)
        for argument in pattern.arguments
    ]
    return (pattern.predicate, *arguments)


def quote(text: str) -> str:
    r"""Return ``text`` as clingo writes a string: in quotation marks, with ``\\``, ``\"`` and ``\n`` escaped."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def unquote(value: Value) -> str:
    """Return the text of a string value; a constant or number gives its name or digits."""
    if isinstance(value, int) or not value.startswith('"'):
        return str(value)
    if "\\" not in value:
        return value[1:-1]
    pieces, escaped = [], False
    for character in value[1:-1]:
        if escaped:
            pieces.append("\n" if character == "n" else character)
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            pieces.append(character)
    return "".join(pieces)


def written(part: Term | AtomPattern | Literal | Comparison) -> str:
    """A term, an atom or a condition as a rule writes it."""
    if isinstance(part, Variable):
        return part.name
    if isinstance(part, Operation):
        return f"{written(part.left)} {part.operator} {written(part.right)}"
    if isinstance(part, AtomPattern):
        return f"{part.predicate}({', '.join(map(written, part.arguments))})" if part.arguments else part.predicate
    if isinstance(part, Literal):
        return f"{'not ' if part.negated else ''}{written(part.atom)}"
    if isinstance(part, Comparison):
        return f"{written(part.left)} {part.operator} {written(part.right)}"
    return str(part)
