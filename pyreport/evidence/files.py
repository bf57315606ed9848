"""Files of evidence of every kind: tell what each is, read them, and put what they say into one record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyreport.evidence.assistance_status import read_status_files
from pyreport.evidence.county_evidence import CountyEvidence, LocalRating
from pyreport.evidence.findings import EvidenceError, Finding
from pyreport.evidence.local_indicators import is_local_indicators, read_local_indicators
from pyreport.evidence.other_files import reason_to_pass_over, year_in_name
from pyreport.evidence.published_status import published_layout, read_published_status
from pyreport.evidence.record import Publication, Published, Record

__all__ = ["ReadFiles", "evidence_files", "read_evidence", "read_files"]

SUFFIXES = {".xls", ".xlsx", ".xlsm", ".csv", ".txt"}


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


def evidence_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files that ``paths`` name: a file itself, and the workbooks and text files of a folder, sorted.

    Folders in a folder count too, but for hidden ones.

    Raises:
        EvidenceError: A path does not exist, or a folder holds none.
    """
    files: list[Path] = []
    findings = []
    for path in paths:
        if path.is_dir():
            inside = sorted(entry for entry in path.rglob("*") if _is_evidence(entry, path))
            if not inside:
                message = "the folder holds no workbook, no CSV file and no text file"
                findings.append(Finding(str(path), "", 0, "", message))
            files += inside
        elif path.is_file():
            files.append(path)
        else:
            findings.append(Finding(str(path), "", 0, "", "there is no such file or folder"))
    if findings:
        raise EvidenceError(findings)
    return list(dict.fromkeys(files))


def _is_evidence(entry: Path, folder: Path) -> bool:
    hidden = any(part.startswith((".", "~$")) for part in entry.relative_to(folder).parts)
    return entry.suffix.lower() in SUFFIXES and not hidden and entry.is_file()


def read_evidence(paths: Iterable[Path]) -> Record:
    """Read the files that ``paths`` name and return their facts as one record.

    Raises:
        EvidenceError: With every problem of every file.
    """
    return read_files(evidence_files(paths)).record


def read_files(files: Sequence[Path]) -> ReadFiles:
    """Read the files.

    Raises:
        EvidenceError: With every problem of every file. Two files of one kind and year are one too, unless one
            of them is that of a single county and the other of more.
    """
    findings: list[Finding] = []
    result = ReadFiles(Record({}))
    status: list[Path] = []
    published: dict[tuple[int, str], Published] = {}
    parts: dict[str, tuple[Publication, dict[str, CountyEvidence]]] = {}
    for path in files:
        reason = reason_to_pass_over(path.name)
        if reason is not None:
            result.passed_over[path.name] = reason
            continue
        if published_layout(path.name) is not None:
            try:
                table, conclusions = read_published_status(path)
            except EvidenceError as error:
                findings += error.findings
                continue
            published.update(conclusions)
            result.counts[table] = len(conclusions)
            continue
        reader = _reader(path)
        if reader is None:
            status.append(path)
            continue
        try:
            publication, by_county, count = reader(path)
        except EvidenceError as error:
            findings += error.findings
            continue
        if publication.id in parts:
            other = parts[publication.id][0].file
            message = f"is of the same kind and year ({publication.id}) as {other}; give one of them"
            findings.append(Finding(path.name, "", 0, "", message))
        parts[publication.id] = publication, by_county
        result.counts[publication] = count
    findings += _rated_otherwise(parts.values())
    try:
        listed = read_status_files(status)
    except EvidenceError as error:
        raise EvidenceError([*findings, *error.findings]) from None
    if findings:
        raise EvidenceError(findings)
    published.update(listed.published)
    for publication in listed.publications():
        result.counts[publication] = sum(1 for year, _ in listed.lea_years if year == publication.dashboard_year)
    merged: dict[str, CountyEvidence] = {}
    for _, by_county in parts.values():
        for code, one in by_county.items():
            merged[code] = merged[code].joined(one) if code in merged else one
    sources = tuple(parts[name][0] for name in sorted(parts))
    result.record = Record({}).replaced(Record(listed.lea_years, dict(sorted(merged.items())), sources, published))
    return result


def _rated_otherwise(parts: Iterable[tuple[Publication, Mapping[str, CountyEvidence]]]) -> Iterable[Finding]:
    """Local indicators that one file rates otherwise than another: there are files of all priorities and of one."""
    known: dict[tuple[int, str, int], tuple[str, LocalRating]] = {}
    for publication, by_county in parts:
        rows = (row for one in by_county.values() for row in one.local_ratings.get(publication, ()))
        for row in rows:
            file, other = known.setdefault((publication.dashboard_year, row.cds, row.priority), (publication.file, row))
            if other.rating != row.rating:
                message = (
                    f"rates Priority {row.priority} of {row.cds} otherwise than row {other.row} of {file}; "
                    "give one of the files"
                )
                yield Finding(publication.file, publication.sheet, row.row, publication.columns["rating"], message)


_Part = tuple[Publication, dict[str, CountyEvidence], int]


def _reader(path: Path) -> Callable[[Path], _Part] | None:
    """The reader of files of this name; ``None`` for that of the status files, which goes by the content."""
    from pyreport.evidence.dashboard_files import dashboard_file_name

    if dashboard_file_name(path.name) is not None:
        return _dashboard
    if is_local_indicators(path.name):
        return _local
    for kind, reader in (("red_list", _low), ("charters", _charters)):
        if year_in_name(kind, path.name) is not None:
            return reader
    if path.suffix.lower() == ".txt":
        return _unknown
    return None


def _unknown(path: Path) -> _Part:
    message = "by its name this is no file of CDE's that is known, such as eladownload2024.txt or LocalIndPerf2018.txt"
    raise EvidenceError([Finding(path.name, "", 0, "", message)])


def _dashboard(path: Path) -> _Part:
    from pyreport.evidence.dashboard_files import read_dashboard_file

    taken = read_dashboard_file(path)
    leas, figures = _by_county(taken.leas.values()), _by_county(taken.figures)
    by_county = {
        code: CountyEvidence(
            leas={taken.publication: leas[code]},
            figures={taken.publication: figures[code]} if code in figures else {},
        )
        for code in sorted(leas)
    }
    return taken.publication, by_county, len(taken.figures)


def _local(path: Path) -> _Part:
    publication, rows = read_local_indicators(path)
    grouped = _by_county(rows)
    return publication, {c: CountyEvidence(local_ratings={publication: rows}) for c, rows in grouped.items()}, len(rows)


def _low(path: Path) -> _Part:
    from pyreport.evidence.red_list import read_red_list

    publication, rows = read_red_list(path)
    grouped = _by_county(rows)
    by_county = {code: CountyEvidence(low_performance={publication: rows}) for code, rows in grouped.items()}
    return publication, by_county, len(rows)


def _charters(path: Path) -> _Part:
    from pyreport.evidence.charter_directory import read_charter_directory

    publication, rows = read_charter_directory(path)
    grouped = _by_county(rows)
    return publication, {c: CountyEvidence(charters={publication: rows}) for c, rows in grouped.items()}, len(rows)


def _by_county(rows: Iterable[Any]) -> dict[str, list[Any]]:
    """The rows by the county of their LEA, sorted by its code and what follows it (no LEA has a group twice)."""
    grouped: dict[str, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.cds[:2], []).append(row)
    return {code: sorted(grouped[code], key=lambda row: row[:2]) for code in sorted(grouped)}
