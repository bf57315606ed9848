"""What is wrong with a file of evidence, and where."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["EvidenceError", "Finding", "UnknownFile"]

_PLACES = 3
"""How many places of one fault are told."""
_VALUE = re.compile(r"'(?:[^'\\]|\\.)*'|[0-9]+")
"""What differs between messages of one fault: values in quotation marks, and numbers."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    ``row`` counts from 1 as the file shows it (0: the file or sheet as a whole); ``unit`` is what it is called.
    """

    file: str
    sheet: str
    row: int
    column: str
    message: str
    unit: str = "row"

    def __str__(self) -> str:
        place = [self.file]
        if self.sheet:
            place.append(f"sheet “{self.sheet}”")
        if self.row:
            place.append(f"{self.unit} {self.row}")
        if self.column:
            place.append(f"column {self.column}")
        return f"{', '.join(place)}: {self.message}"

    @property
    def fault(self) -> tuple[str, str, str, str]:
        """The same for findings that say the same of other rows and values."""
        return self.file, self.sheet, self.column, _VALUE.sub("", self.message) if self.row else self.message


class EvidenceError(Exception):
    """Evidence that cannot be taken. All findings are reported together; nothing was changed."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = sorted(findings, key=lambda f: (f.file, f.sheet, f.row, len(f.column), f.column, f.message))
        count = len(self.findings)
        heading = f"The evidence cannot be taken: {count} problem{'s' if count > 1 else ''}."
        super().__init__("\n".join([heading, *_by_fault(self.findings)]))


class UnknownFile(EvidenceError):
    """A file that is none of those that are known."""


def _by_fault(findings: list[Finding]) -> list[str]:
    """One line a fault: the first finding, and where else; all findings of up to three places a line of their own."""
    faults: dict[tuple[str, str, str, str], list[Finding]] = {}
    for one in findings:
        faults.setdefault(one.fault, []).append(one)
    lines: list[str] = []
    for same in faults.values():
        if len(same) <= _PLACES:
            lines += map(str, same)
            continue
        places = ", ".join(f"{one.unit} {one.row}" for one in same[1:_PLACES])
        lines.append(f"{same[0]} – the same in {places} and {len(same) - _PLACES:,} more")
    return lines
