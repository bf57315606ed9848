"""What a report is asked for, and what is read to decide it: rules, record and case facts, each once a process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pyreport.evidence.predicates import Facts
from pyreport.evidence.readers.case_facts import read_case_facts
from pyreport.evidence.readers.given import Given, record_on_hand
from pyreport.evidence.record import Record
from pyreport.files.places import policy_folder
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.rulebook import Rulebook

__all__ = ["PageRequest", "case_facts_of", "record_of", "rulebook_of", "rulebook_with_changes_of"]


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

    @property
    def rulebook(self) -> Rulebook:
        """The rules by which the pages are decided.

        Raises:
            PolicyError: The folder holds no policy that can be loaded, or no such reading.
        """
        return rulebook_of(self.reading, self.policy)


@cache
def rulebook_of(reading: str | None, policy: str | None = None) -> Rulebook:
    """The policy in a folder, by default the project's own, under an alternative reading if one is named.

    Raises:
        PolicyError: The folder holds no policy that can be loaded, or no such reading.
    """
    return load_rulebook(policy_folder() if policy is None else Path(policy), reading)


@cache
def rulebook_with_changes_of(reading: str | None, policy: str | None = None) -> Rulebook:
    """The same, with the rules on how a fact may change; read for counties whose figures are on record alone.

    Raises:
        PolicyError: The folder holds no policy that can be loaded, or no such reading.
    """
    return load_rulebook(policy_folder() if policy is None else Path(policy), reading, changes=True)


@cache
def record_of(evidence: Given) -> Record:
    """The record with what is given beside it.

    Raises:
        EvidenceError: A table of the record or a file of the evidence cannot be read.
    """
    return record_on_hand(evidence)


@cache
def case_facts_of(request: PageRequest) -> Facts:
    """The case facts of the files of a request.

    Raises:
        EvidenceError: A file states something that is no case fact.
    """
    return read_case_facts(map(Path, request.case), request.rulebook, record_of(request.evidence))
