"""What a report is decided from: rules, record and case facts, each read once a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pyreport.evidence.predicates import Facts
from pyreport.evidence.readers.case_facts import read_case_facts
from pyreport.evidence.readers.given import Given, record_on_hand
from pyreport.evidence.record import Record
from pyreport.files.places import policy_folder
from pyreport.reporting.page_request import PageRequest
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.rulebook import Rulebook

__all__ = ["case_facts_of", "record_of", "rulebook_asked_for", "rulebook_of", "rulebook_with_changes_of"]


def rulebook_asked_for(request: PageRequest) -> Rulebook:
    """The rules by which the pages of a request are decided.

    Raises:
        PolicyError: The folder holds no policy that can be loaded, or no such reading.
    """
    return rulebook_of(request.reading, request.policy)


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
    return read_case_facts(map(Path, request.case), rulebook_asked_for(request), record_of(request.evidence))
