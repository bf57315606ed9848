"""A rule of the policy with its label, and an alternative reading of rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pyreport.rulebook.authorities import Citation
from pyreport.rulebook.syntax import (
    Atom,
    AtomPattern,
    Comparison,
    Count,
    Literal,
)

__all__ = ["Reading", "Rule"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One labelled rule, or one labelled fact of the policy (then ``body`` is empty).

    ``variables`` are the rule's global variables, sorted by name; a derivation by this rule is one value
    for each. For a fact they are the arguments as the vocabulary names them, and ``facts`` are the ground
    atoms it stands for, its pools expanded.
    """

    id: str
    file: str
    line: int
    text: str
    cites: tuple[Citation, ...]
    inferred: str | None
    says: str
    unless: str | None
    head: AtomPattern
    body: tuple[Literal | Comparison | Count, ...]
    variables: tuple[str, ...]
    facts: tuple[Atom, ...]

    @property
    def counts(self) -> tuple[Count, ...]:
        """The counts in the body, in order."""
        return tuple(part for part in self.body if isinstance(part, Count))

    def line_of(self, *words: str) -> int:
        """The line of the file, within the rule, on which all ``words`` stand; the rule's first where they do not."""
        patterns = [re.compile(rf"(?<!\w){re.escape(word)}(?!\w)") for word in words]
        rows = enumerate(self.text.splitlines(), self.line)
        return next((line for line, row in rows if all(pattern.search(row) for pattern in patterns)), self.line)

    def atoms_read(self) -> Iterator[AtomPattern]:
        """Yield the atoms of the body, negated or counted ones too, in order."""
        for part in self.body:
            counted = part.elements if isinstance(part, Count) else ()
            for condition in (part, *(condition for element in counted for condition in element.conditions)):
                if isinstance(condition, Literal):
                    yield condition.atom


@dataclass(frozen=True, slots=True)
class Reading:
    """A named alternative to rules of the policy: a reading of the law that was considered and rejected."""

    name: str
    file: str
    says: str
    rejected: str
    replaces: tuple[str, ...]
