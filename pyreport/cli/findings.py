"""The findings of ``lint`` as text, as JSON, and as annotations of GitHub."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pyreport.rulebook.problems import Finding, Problem

__all__ = ["as_github", "as_json", "as_text"]


def as_text(problems: Iterable[Problem]) -> Iterator[str]:
    """One line for each finding: its place as seen from the policy, its message and its id."""
    return (f"{problem} [{problem.finding.id}]" for problem in problems)


def as_json(folder: Path, problems: Iterable[Problem], passed_over: Iterable[tuple[Finding, str]]) -> str:
    """A mapping: the folder of the policy, the findings, and the checks that were not made with the reason.

    Files are named as seen from the folder; lines count from 1.
    """
    found = [{"check": one.finding.id, "file": one.file, "line": one.line, "message": one.message} for one in problems]
    missed = [{"check": finding.id, "reason": reason} for finding, reason in passed_over]
    return json.dumps({"policy": str(folder), "findings": found, "not_checked": missed}, ensure_ascii=False, indent=2)


def as_github(folder: Path, problems: Sequence[Problem]) -> Iterator[str]:
    """The findings as GitHub's workflow commands; files are named as seen from the working directory."""
    for one in problems:
        path = folder / one.file
        file = os.path.relpath(path) if path.exists() else one.file
        place = f"file={_property(Path(file).as_posix())},line={one.line},title={_property(one.finding.id)}"
        yield f"::error {place}::{_data(one.message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
