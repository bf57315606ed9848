"""What is wrong with files of evidence, and where; gathered so that a fault of a hundred thousand rows is told once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from pyreport.errors import PyreportError

__all__ = ["EvidenceError", "Finding", "Findings", "UnknownFile"]

_PLACES = 3
"""How many places of one fault are told."""
_FAULTS = 200
"""How many different faults of one file are told."""
_VALUE = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[0-9]+""")
"""What differs between messages of one fault: values in quotation marks, and numbers."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    ``row`` counts from 1 as the file shows it (0: the file or sheet as a whole); ``unit`` is what it is called.
    ``fault`` names what is wrong where messages of one fault differ in more than quoted values and numbers.
    ``further`` is how many places of the same fault there are besides those that have a finding of their own.
    """

    file: str
    sheet: str
    row: int
    column: str
    message: str
    unit: str = "row"
    fault: str = ""
    further: int = 0

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
    def same(self) -> tuple[str, str, str, str]:
        """Equal for findings of one fault, which differ in row and values alone."""
        fault = self.fault or (_VALUE.sub("", self.message) if self.row else self.message)
        return self.file, self.sheet, self.column, fault


class Findings(Collection[Finding]):
    """The findings of one file: of each fault the first places and the number of all, whatever the file's size."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str, str], list[Finding]] = {}
        self._further: dict[tuple[str, str, str, str], int] = {}
        self._count = self._left_out = 0
        self._file = ""

    def append(self, finding: Finding) -> None:
        """Add a finding."""
        self._count += 1
        self._file = finding.file
        fault = finding.same
        if fault in self._kept:
            if len(self._kept[fault]) < _PLACES:
                self._kept[fault].append(finding)
            else:
                self._further[fault] = self._further.get(fault, 0) + 1
        elif len(self._kept) < _FAULTS:
            self._kept[fault] = [finding]
        else:
            self._left_out += 1

    def __len__(self) -> int:
        """How many were added."""
        return self._count

    def __iter__(self) -> Iterator[Finding]:
        """Those that were kept."""
        for fault, findings in self._kept.items():
            yield from findings[:-1]
            yield replace(findings[-1], further=self._further.get(fault, 0))
        if self._left_out:
            message = f"{self._left_out:,} problems of other kinds are not told; mend these first"
            yield Finding(self._file, "", 0, "", message)

    def __contains__(self, finding: object) -> bool:
        return any(finding == other for other in self)


class EvidenceError(PyreportError):
    """Evidence that cannot be taken. All findings are reported together; nothing was changed."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = sorted(findings, key=lambda f: (f.file, f.sheet, f.row, len(f.column), f.column, f.message))
        count = len(self.findings) + sum(finding.further for finding in self.findings)
        heading = f"The evidence cannot be taken: {count:,} problem{'s' if count > 1 else ''}."
        super().__init__("\n".join([heading, *_by_fault(self.findings)]))


class UnknownFile(EvidenceError):
    """A file that is none of those that are known."""


def _by_fault(findings: list[Finding]) -> list[str]:
    """One line a fault: the first finding, and where else; all findings of up to three places a line of their own."""
    faults: dict[tuple[str, str, str, str], list[Finding]] = {}
    for finding in findings:
        faults.setdefault(finding.same, []).append(finding)
    lines: list[str] = []
    for same in faults.values():
        more = len(same) - _PLACES + sum(finding.further for finding in same)
        if more <= 0:
            lines += map(str, same)
            continue
        places = ", ".join(f"{finding.unit} {finding.row}" for finding in same[1:_PLACES])
        lines.append(f"{same[0]} – the same in {places} and {more:,} more")
    return lines
