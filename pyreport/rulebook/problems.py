"""What is wrong with a policy, said so that its author can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["PolicyError", "Problem"]


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One finding: file, line (1-based) and what to write instead."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class PolicyError(Exception):
    """The policy does not load. All its problems are reported together."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        count = len(self.problems)
        heading = f"The policy does not load: {count} problem{'s' if count > 1 else ''}."
        super().__init__("\n".join([heading, *map(str, self.problems)]))
