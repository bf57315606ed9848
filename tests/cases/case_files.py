"""The project's own written cases, read once a process, and the policies by which they are decided."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import pytest

from pyreport.cases.case import Case, place_of
from pyreport.cases.files import read_cases
from pyreport.files.places import policy_folder
from pyreport.files.plain_yaml import place_lines, read_plain_yaml
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.rulebook import Rulebook

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*.yaml"))


def check(place: str, faults: list[str]) -> None:
    """Fail the test of a case with its place and its faults alone: a traceback would say nothing of the case."""
    if faults:
        pytest.fail("\n  ".join([place, *faults]), pytrace=False)


@functools.cache
def raw_cases(path: Path) -> tuple[Any, list[str]]:
    """A file of cases as it stands, keys as they are written, and the place of each of its cases."""
    text = path.read_text(encoding="utf-8")
    value, root = read_plain_yaml(text, policy=True)
    lines = dict(reversed(list(place_lines(root))))
    return value, [place_of(path, lines["cases", number]) for number in range(len(value["cases"]))]


@functools.cache
def all_cases() -> tuple[Case, ...]:
    """Every case of every file, tables filled in, each with a CDS code of its own."""
    return tuple(read_cases(FILES, rulebook_of(None)))


@functools.cache
def rulebook_of(reading: str | None) -> Rulebook:
    return load_rulebook(policy_folder(), reading)


def cases_of(reading: str | None) -> tuple[Case, ...]:
    return tuple(case for case in all_cases() if case.reading == reading)
