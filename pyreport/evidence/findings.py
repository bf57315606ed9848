"""What is wrong with a file of evidence, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["EvidenceError", "Finding"]


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


class EvidenceError(Exception):
    """Evidence that cannot be taken. All findings are reported together; nothing was changed."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = sorted(findings, key=lambda f: (f.file, f.sheet, f.row, len(f.column), f.column, f.message))
        count = len(self.findings)
        heading = f"The evidence cannot be taken: {count} problem{'s' if count > 1 else ''}."
        super().__init__("\n".join([heading, *map(str, self.findings)]))
