"""What is wrong with a policy, said so that its author can mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from pyreport.errors import PyreportError
from pyreport.rulebook.syntax import Value

__all__ = ["Finding", "PolicyError", "Problem", "to_write"]

_MOST = 14
"""How many words a message lists at most."""


class Finding(Enum):
    """A kind of problem, by the id that ``pyreport lint`` prints: ``lint/checks.md`` has a page on each.

    An id is never reused.
    """

    UNREADABLE_FILE = "unreadable-file"
    OUTSIDE_SUBSET = "outside-subset"
    ANONYMOUS_VARIABLE = "anonymous-variable"
    MISSING_LABEL = "missing-label"
    FAULTY_LABEL = "faulty-label"
    DUPLICATE_ID = "duplicate-id"
    MISSING_CITATION = "missing-citation"
    UNRESOLVED_CITATION = "unresolved-citation"
    UNKNOWN_PLACEHOLDER = "unknown-placeholder"
    FAULTY_AUTHORITY = "faulty-authority"
    MISSING_SOURCE = "missing-source"
    UNSUPPORTED_QUOTATION = "unsupported-quotation"
    ILL_FITTING_CITATION = "ill-fitting-citation"
    CITATION_NOT_IN_FORCE = "citation-not-in-force"
    FAULTY_NAMES = "faulty-names"
    FAULTY_DECLARATION = "faulty-declaration"
    UNDEFINED_PREDICATE = "undefined-predicate"
    UNUSED_PREDICATE = "unused-predicate"
    UNIT_CLASH = "unit-clash"
    ARITY_CLASH = "arity-clash"
    WRONG_STATER = "wrong-stater"
    FAULTY_READING = "faulty-reading"
    NEGATION_CYCLE = "negation-cycle"
    CAPTURED_VARIABLE = "captured-variable"
    ALIKE_DERIVATIONS = "alike-derivations"
    UNORDERED_TIME = "unordered-time"
    INCOMPLETE_YEAR = "incomplete-year"
    UNDECIDED = "undecided"
    CLINGO_MESSAGE = "clingo-message"
    DUPLICATE_FACT = "duplicate-fact"
    TWO_VALUES = "two-values"
    CIRCLE = "circle"
    OVERLAP = "overlap"
    GAP = "gap"
    NO_SUCH_DAY = "no-such-day"
    UNKNOWN_VALUE = "unknown-value"
    ARGUMENT_CLASH = "argument-clash"
    NEVER_APPLIES = "never-applies"
    FAULTY_CASE = "faulty-case"

    @property
    def id(self) -> str:
        """The id that ``pyreport lint`` prints."""
        return self.value


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One finding: file, line (1-based), what to write instead, and what kind of problem it is."""

    file: str
    line: int
    message: str
    finding: Finding = field(compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class PolicyError(PyreportError):
    """The policy does not load. All its problems are reported together."""

    def __init__(self, problems: Iterable[Problem], name: str = "") -> None:
        self.problems = sorted(set(problems))
        count = len(self.problems)
        policy = f"The policy {name}" if name else "The policy"
        heading = f"{policy} does not load: {count} problem{'s' if count > 1 else ''}."
        super().__init__("\n".join([heading, *map(str, self.problems)]))


def to_write(given: Value, known: Iterable[Value]) -> str:
    """What to write instead of a word that is not ``known``: the nearest of those, or the first few."""
    words = sorted({str(value) for value in known})
    near = difflib.get_close_matches(str(given), words, n=1)
    if near:
        return f"write {near[0]}"
    if not words:
        return "there is none"
    return f"write one of {', '.join(words[:_MOST])}{', …' if len(words) > _MOST else ''}"
