"""What a user gives beside the record: files, what to do without, and which counties' files are vouched for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pyreport.evidence.counties import counties, county_code
from pyreport.evidence.model import Publication
from pyreport.evidence.record import Record
from pyreport.evidence.record_reading import read_record, record_folder

__all__ = ["Given", "record_on_hand", "record_with_notes"]


@dataclass(frozen=True)
class Given:
    """Evidence as a command or a notebook is given it.

    Attributes:
        files: Paths of further files of CDE's, or folders of them.
        without: Kinds of evidence to decide without (``record.WITHOUT``).
        complete: Codes of the counties whose Dashboard files have all rows, as the user says.
    """

    files: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    complete: tuple[str, ...] = ()

    @classmethod
    def of(cls, files: Iterable[str | Path] = (), without: Iterable[str] = (), complete: Iterable[str] = ()) -> Given:
        """Put together what is given; counties by name or code.

        Raises:
            ValueError: There is no such county.
        """
        codes = tuple(sorted({county_code(county) for county in complete}))
        return cls(tuple(map(str, files)), tuple(sorted(set(without))), codes)


def record_on_hand(given: Given = Given()) -> Record:
    """The record that the package carries, with what is given.

    Raises:
        EvidenceError: A table of the record or a file of the evidence cannot be taken.
    """
    return record_with_notes(given)[0]


def record_with_notes(given: Given) -> tuple[Record, list[str]]:
    """The same, and what there is to say of the files that were given; a sentence each."""
    record, notes = read_record(record_folder()), []
    if given.files:
        # The record alone is read without what the readers of CDE's files import.
        from pyreport.evidence.readers.files import read_paths

        read = read_paths(map(Path, given.files))
        record = record.updated(read.record)
        notes = [*read.notes_on_passed_over(), *read.notes, *completeness(read.record.sources, given.complete)]
    if given.complete:
        record = replace(record, complete=frozenset(given.complete))
    return record.without(given.without) if given.without else record, notes


def completeness(sources: Iterable[Publication], vouched_for: Sequence[str]) -> list[str]:
    """Say of Dashboard files which are taken as complete, for which counties, and on whose word."""
    whole, vouched, parts = [], [], []
    for source in sources:
        if not source.counties:
            continue
        if source.complete:
            whole.append(source.file)
        elif set(source.counties) <= set(vouched_for):
            vouched.append(source.file)
        else:
            parts.append(source.file)
    names = " and ".join(counties()[code] for code in vouched_for)
    sentences = []
    if whole:
        sentences.append(f"Taken as complete for the whole state, as CDE's own: {', '.join(whole)}.")
    if vouched:
        sentences.append(f"Taken as complete for {names}, as you say: {', '.join(vouched)}.")
    if parts:
        but = f", but for {names}, as you say" if vouched_for else ""
        sentences.append(
            f"Not taken as complete{but}: {', '.join(parts)}. What has no row there stays open; "
            "--complete COUNTY says that all rows of a county are there."
        )
    return sentences
