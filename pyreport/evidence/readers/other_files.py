"""What the readers of CDE's smaller files share: their settings in ``layouts/other_files.toml``."""

from __future__ import annotations

import re
from typing import Any

from pyreport.evidence.layout_files import layout_file

__all__ = ["plain_file_name", "reason_to_pass_over", "settings", "year_in_name"]

_IN_FRONT = re.compile(r"(copy[ _]of[ _])?((20\d\d[-_]?[01]\d[-_]?[0-3]\d|[01]\d[-_]?[0-3]\d[-_]?20\d\d)[ _-]*)?", re.I)


def plain_file_name(name: str) -> str:
    """The name of a file without what people and programs put in front of it: the date, mostly of the download."""
    return _IN_FRONT.sub("", name, count=1)


def settings() -> dict[str, Any]:
    """The settings of every kind of file."""
    return layout_file("other_files")


def year_in_name(kind: str, name: str) -> int | None:
    """The year in the name of a file of this kind; ``None`` if the name is not that of such a file."""
    match = re.match(settings()[kind]["name"], plain_file_name(name), re.IGNORECASE)
    if match is None:
        return None
    year = int(match[1])
    return year if year > 99 else 2000 + year


def reason_to_pass_over(name: str) -> str | None:
    """Why nothing is taken of a file of this name; ``None`` if it is to be read."""
    for entry in settings()["passed_over"]:
        if re.match(entry["name"], plain_file_name(name), re.IGNORECASE):
            return str(entry["reason"])
    return None
