"""How the Dashboard's indicator files are called, and their columns and codes (``layouts/dashboard.toml``)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pyreport.evidence.layout_files import layout_file
from pyreport.evidence.readers.other_files import plain_file_name

__all__ = [
    "dashboard_file_name",
    "dashboard_settings",
    "indicator_words",
    "is_fall",
    "layouts",
    "measure_limits",
    "student_groups",
]

_EVERY_FILE = ("cds", "kind", "year")
_RESTS_ON = {"color": ("color",), "level": ("status_level",), "nothing": ()}
LEVEL, _ENOUGH = "level", ("denominator", "size")
"""A level counts with one of these: enough students, or a flag that says so."""


@dataclass(frozen=True)
class Layout:
    """Which columns the file of an indicator has in certain years; see the comments in the TOML file."""

    indicator: str
    stem: str
    printed: str
    title: str
    years: list[int]
    known_from: str
    rests_on: str
    like: int = 0
    default_group: str = ""
    blank_group: str = ""

    @property
    def required(self) -> set[str]:
        """The fields without which the file is not taken."""
        return {*_EVERY_FILE, *_RESTS_ON[self.rests_on], *(() if self.default_group else ("group",))}


def dashboard_settings() -> dict[str, Any]:
    """The settings of the indicator files; the comments in the TOML file say what each means."""
    return layout_file("dashboard")


def measure_limits(indicator: str, name: str) -> tuple[float, float]:
    """The least and the greatest that a measure of an indicator may be, in tenths."""
    measures: Mapping[str, Mapping[str, tuple[int, int]]] = dashboard_settings()["measures"]
    least, most = measures.get(indicator, {}).get(name, (-math.inf, math.inf))
    return least * 10, most * 10


def is_fall(year: int) -> bool:
    """Whether the files of a Dashboard year write it with an ``f``, for fall."""
    return str(year) in dashboard_settings()["words"]["fall"]


@cache
def layouts() -> Mapping[tuple[str, int], Layout]:
    """The layouts by the beginning of the file's name and the Dashboard year."""
    entries = [Layout(**entry) for entry in dashboard_settings()["layout"]]
    return {(entry.stem, year): entry for entry in entries for year in entry.years}


def dashboard_file_name(name: str) -> tuple[str, int] | None:
    """The beginning and the Dashboard year in a file's name such as ``graddownload2017f.txt``; ``None`` if another."""
    stems = "|".join(sorted({stem for stem, _ in layouts()}))
    # Behind the year: f for fall, a version such as v2, and what people add after a sign.
    pattern = rf"({stems})download(20[0-9]{{2}})f?(?:v[0-9]+)?(?![0-9a-z])"
    match = re.match(pattern, plain_file_name(name), re.IGNORECASE)
    return (match[1].lower(), int(match[2])) if match else None


def student_groups(year: int) -> Mapping[str, str]:
    """The codes of groups in the Dashboard files of a year and ours; empty for a row for reporting alone."""
    groups = dashboard_settings()["groups"]
    since: Mapping[str, Mapping[str, str]] = groups.get("since", {})
    begun = [codes for first, codes in since.items() if int(first) <= year]
    students = dict.fromkeys(groups["reporting"], "")
    for codes in (groups["students"], *begun):
        students |= codes
    return students


@cache
def indicator_words() -> Mapping[str, str]:
    """What people write for an indicator, in capitals, and the beginning of the name of its file."""
    return {
        word.upper(): stem
        for (stem, _), layout in layouts().items()
        for word in (layout.printed, layout.indicator, stem)
    }
