"""What a command decides from: the rules, the record, case facts, and the LEA and Dashboard that the user names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pyreport.cli.output import message

if TYPE_CHECKING:
    from pyreport.evidence.predicates import Facts
    from pyreport.evidence.readers.given import Given
    from pyreport.evidence.record import Record
    from pyreport.evidence.scope import Scope
    from pyreport.reasoning.decision import Decision
    from pyreport.rulebook.rulebook import Rulebook

__all__ = ["Inputs", "check_rule", "county_of", "date_of", "read_case_files"]


@dataclass(frozen=True)
class Inputs:
    """The evidence and the rules that a command was given. Each is read when it is first asked for.

    Attributes:
        evidence: Evidence beside the record; none if ``None``.
        case_files: Paths of case files.
        reading: The name of an alternative reading of the law, if one was chosen.
        policy: The folder of the policy; the project's own if ``None``.
    """

    evidence: Given | None = None
    case_files: tuple[Path, ...] = ()
    reading: str | None = None
    policy: Path | None = None

    @cached_property
    def rulebook(self) -> Rulebook:
        """The rules by which decisions are made.

        Raises:
            PolicyError: The policy does not load, or has no such reading.
        """
        return self._rulebook()

    @cached_property
    def rulebook_with_changes(self) -> Rulebook:
        """The same rules, and those in ``policy/changes/`` on how a fact may change or come out.

        Raises:
            PolicyError: The policy does not load, or has no such reading.
        """
        return self._rulebook(changes=True)

    def _rulebook(self, *, changes: bool = False) -> Rulebook:
        from pyreport.files.places import policy_folder
        from pyreport.rulebook.loading import load_rulebook

        return load_rulebook(self.policy or policy_folder(), self.reading, changes=changes)

    @cached_property
    def record(self) -> Record:
        """The record together with the evidence; notes on the files are printed to standard error.

        Raises:
            EvidenceError: A table of the record or a file of the evidence cannot be read.
        """
        from pyreport.evidence.readers.given import Given, record_with_notes

        record, notes = record_with_notes(self.evidence or Given())
        for note in notes:
            message(note)
        return record

    @cached_property
    def case(self) -> Facts:
        """The facts of the case files; a message names those that have no entries yet.

        Raises:
            EvidenceError: With every problem of every file.
        """
        return read_case_files(self.case_files, self.rulebook, self.record) if self.case_files else {}

    def decide(self, scope: Scope) -> Decision:
        """Decide from these inputs what ``scope`` names.

        Raises:
            PolicyError, EvidenceError: As for ``rulebook``, ``record`` and ``case``.
            ProofError: The checker found something wrong.
        """
        from pyreport.reasoning.decision import decide

        return decide(self.rulebook, self.record, scope, case=self.case)

    def dashboard_year(self, year: int | None) -> int:
        """The Dashboard year that was named, or else the newest on record.

        Raises:
            YearNotEncoded: The policy has no criteria of the year.
            YearNotOnRecord: The record has no facts of the year.
        """
        chosen = self.record.years[-1] if year is None else year
        self.check_year(chosen)
        return chosen

    def check_year(self, year: int) -> None:
        """Make sure that the policy and the record cover a Dashboard year.

        Raises:
            YearNotEncoded: The policy has no criteria of the year.
            YearNotOnRecord: The record has no facts of the year.
        """
        from pyreport.reasoning.encoded_years import check_year_on_record

        check_year_on_record(self.rulebook, self.record, year)

    def year_on_record(self, year: int | None) -> int:
        """The Dashboard year that was named, or else the newest on record, whatever the policy covers.

        Raises:
            YearNotOnRecord: The record has no facts of the year.
        """
        from pyreport.reasoning.encoded_years import check_on_record

        if year is None:
            return self.record.years[-1]
        check_on_record(self.record, year)
        return year

    def cds_code(self, lea: str, year: int | None) -> str:
        """The CDS code of the LEA that the user names, as ``code_on_record`` finds it."""
        from pyreport.evidence.lea_names import code_on_record

        return code_on_record(self.record, lea, year)


def read_case_files(paths: tuple[Path, ...], rulebook: Rulebook, record: Record) -> Facts:
    """The facts of case files; a message names those that have no entries yet.

    Raises:
        EvidenceError: With every problem of every file.
    """
    from pyreport.following.case_check import checked_case

    facts, empty = checked_case(paths, rulebook, record)
    for name in empty:
        message(f"{name} has no entries yet.")
    return facts


def county_of(county: str) -> str:
    """The two-digit code of a county that the user names by its name or its code.

    Raises:
        click.UsageError: There is no such county.
    """
    from pyreport.evidence.counties import county_code

    try:
        return county_code(county)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def check_rule(name: str, known: Iterable[str]) -> None:
    """Refuse the id of a rule that is not among those ``known``, and name similar ones.

    Raises:
        click.UsageError: There is no such rule.
    """
    import difflib

    if name not in (ids := list(known)):
        similar = difflib.get_close_matches(name, ids, n=3)
        hint = f"; did you mean {' or '.join(similar)}?" if similar else "."
        raise click.UsageError(f"There is no rule {name!r}{hint}")


def date_of(text: str) -> int:
    """The date, YYYYMMDD, that the user writes as YYYY-MM-DD after ``--as-of``.

    Raises:
        click.UsageError: It is no date of the calendar.
    """
    from pyreport.evidence.readers.case_facts import number_of

    try:
        return number_of(text)
    except ValueError:
        raise click.UsageError(
            f"--as-of: {text} is no date of the calendar; expected a date of the calendar, YYYY-MM-DD"
        ) from None
