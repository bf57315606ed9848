"""Run the command in this process and look at what it left on its streams."""

from __future__ import annotations

import csv
import functools
import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pyreport.cli import main

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "data" / "assistance_status"
needs_shared = [
    pytest.mark.shared,
    pytest.mark.skipif(not PUBLISHED.is_dir(), reason="CDE's files (../shared) are not beside this checkout"),
]

GROUPS = ("AA", "AI", "AS", "EL", "FI", "FOS", "HI", "HOM", "LTEL", "PI", "SED", "SWD", "TOM", "WH")


def run(*arguments: object) -> Result:
    """Run ``pyreport`` with ``arguments``. An error that nobody turned into a message fails the test."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="pyreport")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "Traceback" not in result.output
    return result


@functools.cache
def answered(*arguments: str) -> Result:
    """``run``, once for equal arguments, with success."""
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result


def refused(*arguments: object) -> str:
    """The message with which wrong use or bad input ends: status 2, nothing on standard output."""
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.strip()
    return result.stderr


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def letters_file(path: Path, cds: str, name: str, county: str, letters: dict[str, str]) -> Path:
    """Write a letters file of 2025 with one row."""
    header = ["CDS", "LEAname", "Countyname", "ReportYear", *(f"{group}priorities" for group in GROUPS)]
    row = [cds, name, county, "2025", *(letters.get(group, "*") for group in GROUPS)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerows([header, row])
    return path
