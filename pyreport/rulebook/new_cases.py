"""The written cases of a Dashboard year, copied for a new one and marked as undecided."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from pyreport.files.plain_yaml import NotPlain, read_limited, read_plain_yaml
from pyreport.rulebook.new_year import NewYearError, years_moved

__all__ = ["copied_cases"]

_MARK = "undecided"
_OF_NO_YEAR = {"reading", "as_of"}
"""What makes a case one of a reading, or of a day, and not of its Dashboard year."""


def copied_cases(folder: Path, year: int, model: int, later: Mapping[int, int]) -> tuple[str, int]:
    """The text of a case file for ``year``, and the number of its cases.

    Args:
        folder: The folder with the case files (YAML) of the policy.
        year: The new Dashboard year.
        model: The year whose cases are copied, their years moved on. A case whose year stands in a table is not: the
            table gets a row. Nor is one that is looked at as of a date: it is about the law of that day, which no new
            Dashboard changes.
        later: The Dashboard year after each.

    Raises:
        NewYearError: A case file is not readable.
    """
    copied: list[Any] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            document, _ = read_plain_yaml(read_limited(path).decode("utf-8"), policy=True)
        except (NotPlain, UnicodeDecodeError) as error:
            raise NewYearError(f"{path} is not readable: {error}") from None
        cases = document.get("cases", []) if isinstance(document, dict) else []
        for case in cases:
            if isinstance(case, dict) and case.get("dashboard_year") == model and not case.keys() & _OF_NO_YEAR:
                moved = _moved(case, later)
                name = moved.pop("name", "")
                mark = f"copied from {path.name}, {model}; read what {year} says, mend the case, delete this line"
                copied.append({"name": f"{name} ({year})", _MARK: mark, **moved})
    if not copied:
        return "", 0
    topic = f"Cases of the {year} Dashboard, copied from those of {model}"
    text = yaml.safe_dump({"topic": topic, "cases": copied}, allow_unicode=True, sort_keys=False, width=110)
    return f"# Cases of the {year} Dashboard, copied from {model} and to be decided.\n{text}", len(copied)


def _moved(value: Any, later: Mapping[int, int]) -> Any:
    if isinstance(value, dict):
        return {_moved(key, later): _moved(one, later) for key, one in value.items()}
    if isinstance(value, list):
        return [_moved(one, later) for one in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return int(years_moved(str(value), later)) if len(str(value)) in (4, 8) else value
    if isinstance(value, datetime.date):
        return value.replace(year=later.get(value.year, value.year))
    return years_moved(value, later) if isinstance(value, str) else value
