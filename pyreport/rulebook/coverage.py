"""What of the sources the policy states: ``policy/coverage/*.yaml``, lists of entries.

An entry names its ``source`` (S0 to S4; 01, 02, 03 or 06 for a file of statutes; LAW or LAW-O for the project's
summary), its ``section``, a ``quote`` that stands in the source word for word and begins what is accounted for, and
either the ``rules`` that say it or why it is ``not_a_rule``. With ``to``, words that stand further on, it accounts for
everything between the two. Of a statute the section is that of the code, and its quote stands in its text;
``stated_from`` is the authority from which the rules state a subdivision, where it is not its own section.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyreport.rulebook.documents import read_yaml
from pyreport.rulebook.problems import Finding, PolicyError, Problem

__all__ = ["DOCUMENTS", "SOURCES", "STATUTES", "SUMMARIES", "CoverageEntry", "read_coverage"]

FOLDER = "coverage"
SOURCES = {
    "S0": "law/sources/S0-ccee-charter-dta-faq.txt",
    "S1": "law/sources/S1-cde-system-of-support.txt",
    "S2": "law/sources/S2-sbe-memo-2018-06-20.txt",
    "S3": "law/sources/S3-acsa-ccsesa-2017.txt",
    "S4": "law/sources/S4-charter-20-day-2013-14.txt",
    "01": "law/sources/01_statutes_CURRENT_2026-09-26.txt",
    "02": "law/sources/02_statutes_PRE_AB126_in_force_2023-07-10_to_2026-07-08.txt",
    "03": "law/sources/03_statutes_OLDER_versions.txt",
    "06": "law/sources/06_statute_52064e_current.txt",
    "LAW": "law/LAW.md",
    "LAW-O": "law/LAW-O.md",
}
"""The sources by their short names: where each stands in the collection of sources."""
DOCUMENTS = ("S0", "S1", "S2", "S3", "S4")
"""The founding documents."""
STATUTES = ("01", "02", "03", "06")
"""The files of statutes."""
SUMMARIES = ("LAW", "LAW-O")
"""The project's own summary of the law, by sections with a letter."""

_KNOWN = re.compile(r"\b(S[0-4]|LAW-O|LAW)\b|^0[1-9]$")
_REQUIRED = {"source", "section", "quote"}
_FIELDS = _REQUIRED | {"to", "rules", "not_a_rule", "stated_from"}


@dataclass(frozen=True)
class CoverageEntry:
    """One entry: the words accounted for, and by what.

    Attributes:
        file: The name of its file, without its ending.
        source: The short name of its source.
        section: The section in it; of a summary its letter, as ``§B``.
        quote: The first words accounted for.
        to: The last words, where that is more than the sentence of ``quote``.
        rules: The ids of the rules that state it; empty where it is no rule.
        not_a_rule: Why it is none.
    """

    file: str
    source: str
    section: str
    quote: str
    to: str | None = None
    rules: tuple[str, ...] = ()
    not_a_rule: str | None = None
    stated_from: str | None = None


def read_coverage(folder: Path) -> list[CoverageEntry]:
    """The entries of the policy in ``folder``, file by file.

    Raises:
        PolicyError: An entry lacks a field or has an unknown one, names an unknown source, or says neither which rules
            state its words nor why none does, or both.
    """
    found, problems = [], []
    for path in sorted((folder / FOLDER).glob("*.yaml")):
        name = path.relative_to(folder).as_posix()
        document, _ = read_yaml(folder, name)
        for number, entry in enumerate(document or (), 1):
            fault = _fault(entry)
            if fault:
                problems.append(Problem(name, 1, f"entry {number}: {fault}", Finding.FAULTY_AUTHORITY))
            else:
                found.append(_entry(path.stem, entry))
    if problems:
        raise PolicyError(problems)
    return found


def _fault(entry: Any) -> str | None:
    if not isinstance(entry, dict) or _REQUIRED - entry.keys():
        return f"write {', '.join(sorted(_REQUIRED))}"
    if entry.keys() - _FIELDS:
        return f"unknown field {', '.join(sorted(map(str, entry.keys() - _FIELDS)))}"
    if not _KNOWN.search(str(entry["source"])):
        return f"source is {entry['source']!r}; write one of {', '.join(SOURCES)}"
    if bool(entry.get("rules")) == bool(entry.get("not_a_rule")):
        return "write either the rules that state it or why it is not_a_rule"
    return None


def _entry(file: str, entry: Mapping[str, Any]) -> CoverageEntry:
    # A source by its short name or its path.
    known = _KNOWN.search(str(entry["source"]))
    source, section = known[0] if known else "", str(entry["section"])
    if source in SUMMARIES:
        section = f"§{section.removeprefix('§')[:1]}"
    return CoverageEntry(
        file,
        source,
        section,
        str(entry["quote"]),
        entry.get("to"),
        tuple(entry.get("rules", ())),
        entry.get("not_a_rule"),
        entry.get("stated_from"),
    )
