"""Files of evidence of every kind: tell what each is, read them, and put what they say into one record."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyreport.evidence.findings import EvidenceError, Finding, UnknownFile
from pyreport.evidence.model import CountyEvidence, LeaYear, LocalRating, Publication, Published
from pyreport.evidence.readers.assistance_status import is_status_file, read_status_file
from pyreport.evidence.readers.charter_assistance import read_charter_assistance
from pyreport.evidence.readers.local_indicators import is_local_indicators, read_local_indicators
from pyreport.evidence.readers.other_files import reason_to_pass_over, year_in_name
from pyreport.evidence.readers.published_status import published_layout, read_published_status
from pyreport.evidence.readers.unpacking import ARCHIVES, Unpacking
from pyreport.evidence.record import Record
from pyreport.files.locks import scratch_folder

if TYPE_CHECKING:
    from pyreport.evidence.readers.dashboard.row_reader import DashboardFile

__all__ = ["ReadFiles", "evidence_files", "read_evidence", "read_files", "read_paths"]

_NAMED = 10
SUFFIXES = {".xls", ".xlsx", ".xlsm", ".csv", ".tsv", ".txt", *ARCHIVES}


@dataclass
class ReadFiles:
    """What was taken from some files.

    Attributes:
        record: The facts.
        counts: How many rows were taken from each publication: LEAs of a status file, rows of another.
        passed_over: The names of files that are known and not taken, and why.
        notes: What else there is to say of the files, such as codes restored; a sentence each.
    """

    record: Record
    counts: dict[Publication, int] = field(default_factory=dict)
    passed_over: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def notes_on_passed_over(self) -> list[str]:
        """What was passed over and why, a sentence each; of many for one reason the first few are named."""
        names: dict[str, list[str]] = {}
        for name, reason in sorted(self.passed_over.items()):
            names.setdefault(reason, []).append(name)
        sentences = []
        for reason, each in names.items():
            if len(each) > _NAMED:
                each = [f"{', '.join(each[:_NAMED])} and {len(each) - _NAMED:,} more"]
            sentences += [f"{name} passed over: {reason}." for name in each]
        return sentences


def evidence_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files that ``paths`` name: a file itself, and the workbooks and text files of a folder, sorted.

    Folders in a folder count too, but for hidden ones.

    Raises:
        EvidenceError: A path does not exist, is neither file nor folder, or a folder holds no file of evidence.
    """
    return _files_and_others(paths)[0]


def _files_and_others(paths: Iterable[Path]) -> tuple[list[Path], dict[str, str]]:
    """The files, each once; and what else stands in the folders, by name, with the reason why it is not read."""
    files: list[Path] = []
    passed_over: dict[str, str] = {}
    findings = []
    for path in paths:
        if path.is_dir():
            inside = []
            for entry, reason in _inside(path):
                if reason is None:
                    inside.append(entry)
                else:
                    passed_over[str(entry)] = reason
            if not inside:
                message = "the folder holds no workbook, no CSV file and no text file"
                findings.append(Finding(str(path), "", 0, "", message))
            files += sorted(inside)
        elif path.is_file():
            files.append(path)
        elif path.exists():
            findings.append(Finding(str(path), "", 0, "", "is neither a file nor a folder; copy it into a file"))
        else:
            findings.append(Finding(str(path), "", 0, "", "there is no such file or folder"))
    if findings:
        raise EvidenceError(findings)
    return list(dict.fromkeys(files)), passed_over


def _inside(folder: Path) -> Iterator[tuple[Path, str | None]]:
    """What stands in a folder and the folders in it, hidden things aside; and why nothing is read of it."""
    unreadable: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=unreadable.append):
        folders[:] = [name for name in folders if not _is_hidden(name)]
        for name in sorted(folders):
            if Path(place, name).is_symlink():
                yield Path(place, name), "it is a link to a folder; give that folder itself"
        for name in sorted(names):
            if not _is_hidden(name):
                yield Path(place, name), _reason_not_to_read(Path(place, name))
    for error in unreadable:
        yield Path(error.filename), f"the folder cannot be read ({error.strerror})"


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$"))


def _reason_not_to_read(path: Path) -> str | None:
    if path.is_symlink() and not path.exists():
        return "it is a link to nothing"
    if not path.is_file():
        return "it is neither a file nor a folder"
    if path.suffix.lower() not in SUFFIXES:
        return f"its name ends in none of {', '.join(sorted(SUFFIXES))}"
    return None


def read_evidence(paths: Iterable[Path]) -> Record:
    """Read the files that ``paths`` name and return their facts as one record.

    Raises:
        EvidenceError: With every problem of every file.
    """
    return read_paths(paths).record


def read_paths(paths: Iterable[Path], complete: Collection[str] = ()) -> ReadFiles:
    """Read the files that ``paths`` name, as ``evidence_files`` finds them and ``read_files`` reads them.

    What stands in folders and is none, such as a document or a link to another folder, is among ``passed_over``.

    Raises:
        EvidenceError: With every problem of every file.
    """
    files, passed_over = _files_and_others(paths)
    read = read_files(files, complete)
    read.passed_over |= passed_over
    return read


def read_files(files: Sequence[Path], complete: Collection[str] = ()) -> ReadFiles:
    """Read the files, archives among them as what they hold.

    Args:
        files: The files.
        complete: Codes of counties: a Dashboard file of none but them is said to have all their rows.

    Raises:
        EvidenceError: With every problem of every file. The same content twice, or two files of one kind and year,
            are one too, unless one of them is that of a single county and the other of more. A file that is not
            known is noted and the rest read; if nothing could be read, it is an error.
    """
    with scratch_folder() as folder:
        unpacking = Unpacking(files, folder)
        return _FilesReader(complete, unpacking.findings).read(unpacking.files)


class _FilesReader:
    """Reads files one after the other and gathers what they say and everything that is wrong."""

    def __init__(self, complete: Collection[str], findings: Iterable[Finding]) -> None:
        self.complete = set(complete)
        self.result = ReadFiles(Record({}))
        self.findings = [*findings]
        self.unknown: list[Finding] = []
        self.parts: dict[str, tuple[Publication, dict[str, CountyEvidence]]] = {}
        self.lea_years: dict[tuple[int, str], LeaYear] = {}
        self.published: dict[tuple[int, str], Published] = {}
        self.given: dict[str, str] = {}
        """What each publication is called that was read: the name of its file as messages have it."""
        self.contents: dict[str, str] = {}

    def read(self, files: Mapping[Path, str]) -> ReadFiles:
        for path, name in files.items():
            reason = reason_to_pass_over(path.name)
            if reason is not None:
                self.result.passed_over[name] = reason
            elif digest := self._new_content(path, name):
                try:
                    self._read(path, name)
                except UnknownFile as error:
                    self.unknown += [replace(finding, file=name) for finding in error.findings]
                    del self.contents[digest]
                except EvidenceError as error:
                    self.findings += [replace(finding, file=name) for finding in error.findings]
        self.findings += _rated_otherwise(self.parts.values())
        nothing_read = not (self.parts or self.lea_years or self.published or self.result.passed_over)
        if self.findings or (self.unknown and nothing_read):
            raise EvidenceError([*self.findings, *(self.unknown if nothing_read else ())])
        for finding in self.unknown:
            self.result.passed_over[finding.file] = (
                f"it is no file of CDE's that is known ({finding.message}); left alone"
            )
        self.result.record = self._record()
        return self.result

    def _new_content(self, path: Path, name: str) -> str | None:
        """The digest of the file's content; ``None`` if another file has the same."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest in self.contents:
            message = f"has the same content as {self.contents[digest]}; give one of them"
            self.findings.append(Finding(name, "", 0, "", message))
            return None
        self.contents[digest] = name
        return digest

    def _is_first(self, publication: Publication, name: str) -> bool:
        """Whether no other file is of the same kind and year; else that is noted."""
        other = self.given.setdefault(publication.id, name)
        if other != name:
            message = f"is of the same kind and year ({publication.id}) as {other}; give one of them"
            self.findings.append(Finding(name, "", 0, "", message))
        return other == name

    def _read(self, path: Path, name: str) -> None:
        from pyreport.evidence.readers.dashboard.combined import read_combined_file
        from pyreport.evidence.readers.dashboard.layouts import dashboard_file_name

        reader = _dashboard if dashboard_file_name(path.name) is not None else _reader(path.name)
        if published_layout(path.name) is not None:
            table, conclusions = read_published_status(path)
            if self._is_first(table, name):
                self.published = {**conclusions, **self.published}
                self.result.counts[table] = len(conclusions)
            return
        if reader is not None:
            self._add(name, *reader(path))
            return
        if year_in_name("charter_status", path.name) is not None:
            _, record, notes = read_charter_assistance(path)
            self._add_status(name, record, notes)
            return
        if not is_status_file(path.name):
            with contextlib.suppress(UnknownFile):
                files, notes = read_combined_file(path)
                self.result.notes += notes
                for file in files:
                    self._add(name, *_of_dashboard(file))
                return
        self._add_status(name, read_status_file(path))

    def _add(
        self, name: str, publication: Publication, by_county: dict[str, CountyEvidence], count: int, notes: list[str]
    ) -> None:
        if not self._is_first(publication, name):
            return
        if publication.counties and set(publication.counties) <= self.complete:
            publication = replace(publication, complete=True)
            by_county = {code: evidence.renamed(publication) for code, evidence in by_county.items()}
        self.parts[publication.id] = publication, by_county
        self.result.counts[publication] = count
        self.result.notes += notes

    def _add_status(self, name: str, record: Record, notes: Iterable[str] = ()) -> None:
        (publication,) = record.publications()
        if self._is_first(publication, name):
            self.result.notes += notes
            self.lea_years.update(record.lea_years)
            self.published.update(record.published)
            self.result.counts[publication] = len(record.lea_years)

    def _record(self) -> Record:
        merged: dict[str, CountyEvidence] = {}
        for _, by_county in self.parts.values():
            for code, evidence in by_county.items():
                merged[code] = merged[code].joined(evidence) if code in merged else evidence
        sources = tuple(self.parts[name][0] for name in sorted(self.parts))
        new = Record(self.lea_years, dict(sorted(merged.items())), sources, self.published)
        return Record({}).replaced(new)


def _rated_otherwise(parts: Iterable[tuple[Publication, Mapping[str, CountyEvidence]]]) -> Iterable[Finding]:
    """Local indicators that one file rates otherwise than another: there are files of all priorities and of one."""
    known: dict[tuple[int, str, int], tuple[str, LocalRating]] = {}
    for publication, by_county in parts:
        rows = (row for evidence in by_county.values() for row in evidence.local_ratings.get(publication, ()))
        for row in rows:
            file, other = known.setdefault((publication.dashboard_year, row.cds, row.priority), (publication.file, row))
            if other.rating != row.rating:
                message = (
                    f"rates Priority {row.priority} of {row.cds} otherwise than row {other.row} of {file}; "
                    "give one of the files"
                )
                yield Finding(publication.file, publication.sheet, row.row, publication.columns["rating"], message)


_Part = tuple[Publication, dict[str, CountyEvidence], int, list[str]]
"""A file: what it is, its rows by county, how many they are, and what there is to say of it."""


def _reader(name: str) -> Callable[[Path], _Part] | None:
    """The reader of files of this name; ``None`` for one that goes by the content."""
    if is_local_indicators(name):
        return _local
    for kind, reader in (("red_list", _low), ("charters", _charters)):
        if year_in_name(kind, name) is not None:
            return reader
    return None


def _dashboard(path: Path) -> _Part:
    from pyreport.evidence.readers.dashboard.file_reader import read_dashboard_file

    return _of_dashboard(read_dashboard_file(path))


def _of_dashboard(file: DashboardFile) -> _Part:
    leas, figures = _by_county(file.leas.values()), _by_county(file.figures)
    by_county = {
        code: CountyEvidence(
            leas={file.publication: leas[code]},
            figures={file.publication: figures[code]} if code in figures else {},
        )
        for code in sorted(leas)
    }
    return file.publication, by_county, len(file.figures), file.notes


def _local(path: Path) -> _Part:
    publication, rows = read_local_indicators(path)
    grouped = _by_county(rows)
    return (
        publication,
        {c: CountyEvidence(local_ratings={publication: rows}) for c, rows in grouped.items()},
        len(rows),
        [],
    )


def _low(path: Path) -> _Part:
    from pyreport.evidence.readers.red_list import read_red_list

    publication, rows = read_red_list(path)
    grouped = _by_county(rows)
    by_county = {code: CountyEvidence(low_performance={publication: rows}) for code, rows in grouped.items()}
    return publication, by_county, len(rows), []


def _charters(path: Path) -> _Part:
    from pyreport.evidence.readers.charter_directory import read_charter_directory

    publication, rows = read_charter_directory(path)
    grouped = _by_county(rows)
    return publication, {c: CountyEvidence(charters={publication: rows}) for c, rows in grouped.items()}, len(rows), []


def _by_county(rows: Iterable[Any]) -> dict[str, list[Any]]:
    """The rows by the county of their LEA, sorted by its code and what follows it (no LEA has a group twice)."""
    grouped: dict[str, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.cds[:2], []).append(row)
    return {code: sorted(grouped[code], key=lambda row: row[:2]) for code in sorted(grouped)}
