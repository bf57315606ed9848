"""What a report is asked for: a value that a notebook's parameters state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyreport.evidence.readers.given import Given
from pyreport.evidence.record import Record

__all__ = ["PageRequest"]


@dataclass(frozen=True)
class PageRequest:
    """What the pages of one run are asked for; the county is asked for page by page.

    Attributes:
        year: Dashboard year; the newest on record if ``None``.
        evidence: What is given beside the record.
        case: Paths of files of case facts.
        reading: The name of an alternative reading of the law.
        as_of: The date, YYYYMMDD, as of which pages say what follows from eligibility; if ``None``, the first day on
            which the policy takes the year's Dashboard to be out for certain.
        policy: The folder of the policy; the project's own if ``None``.
    """

    year: int | None = None
    evidence: Given = field(default_factory=Given)
    case: tuple[str, ...] = ()
    reading: str | None = None
    as_of: int | None = None
    policy: str | None = None

    @classmethod
    def of_parameters(
        cls,
        *,
        evidence: Iterable[str],
        without: Iterable[str],
        complete: Iterable[str],
        case: Iterable[str],
        **rest: Any,
    ) -> PageRequest:
        """The request that a notebook's parameters state (see ``parameters``); ``rest`` are the other fields.

        Raises:
            ValueError: One of the counties in ``complete`` does not exist.
        """
        return cls(evidence=Given.of(evidence, without, complete), case=tuple(case), **rest)

    def year_on(self, record: Record) -> int:
        """The Dashboard year asked for: the newest of ``record`` where none is named."""
        return record.years[-1] if self.year is None else self.year

    def parameters(self) -> dict[str, Any]:
        """The parameters of a notebook that state this request; paths are absolute, since kernels run elsewhere."""
        return {
            "year": self.year,
            "evidence": [str(Path(path).resolve()) for path in self.evidence.files],
            "without": list(self.evidence.without),
            "complete": list(self.evidence.complete),
            "case": [str(Path(path).resolve()) for path in self.case],
            "reading": self.reading,
            "as_of": self.as_of,
            "policy": None if self.policy is None else str(Path(self.policy).resolve()),
        }
