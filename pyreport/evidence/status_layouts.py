"""The layouts of CDE's LCFF Assistance Status files, one a Dashboard year (``layouts/assistance_status.toml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pyreport.evidence.layout_files import layout_file

__all__ = ["Layout", "compared_methods", "layouts", "methods"]

_METHOD = "method_"


@dataclass(frozen=True)
class Layout:
    """How the status file of one Dashboard year is laid out; see the comments in the TOML file."""

    dashboard_year: int
    format: str
    file_year: str
    header_row: int
    year_value: str
    blank: list[str]
    letters: str
    statuses: list[str]
    columns: dict[str, str]
    priorities: str
    groups: list[str]
    group_columns: dict[str, str]
    optional: list[str]
    sheet: str = ""
    title: str = ""
    title_row: int = 0
    date_row: int = 0
    publisher_prefix: str = ""

    def wanted_columns(self) -> dict[str, str]:
        """Our field (a student group's code for its letters) to the file's column name."""
        letters = {g: self.priorities.format(group=self.group_columns.get(g, g)) for g in self.groups}
        return {**self.columns, **letters}


@cache
def layouts() -> tuple[Layout, ...]:
    """The layouts on hand, by Dashboard year."""
    return tuple(Layout(**entry) for entry in layout_file("assistance_status")["layout"])


@cache
def methods() -> Mapping[str, int]:
    """The fields in which the files of any year answer a method of identification, and the method's number."""
    fields = {name for layout in layouts() for name in layout.columns if name.startswith(_METHOD)}
    return {name: int(name.removeprefix(_METHOD)) for name in sorted(fields)}


@cache
def compared_methods() -> frozenset[int]:
    """The methods whose answers are only compared with ours: the letters of the same file decide them."""
    return frozenset(methods()[name] for name in layout_file("assistance_status")["compared"])
