"""What one file of the policy contributes, and the problems met in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyreport.rulebook.problems import Finding, Problem
from pyreport.rulebook.rule import Reading, Rule
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["RuleFile"]


@dataclass
class RuleFile:
    """What one file contributes, and the problems met in it."""

    path: str
    text: str
    rules: list[Rule] = field(default_factory=list)
    predicates: list[Predicate] = field(default_factory=list)
    defined: dict[tuple[str, int], int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    reading: Reading | None = None

    def report(self, line: int, message: str, finding: Finding) -> None:
        """Add a problem on a line of the file, from 1."""
        self.problems.append(Problem(self.path, line, message, finding))
