"""Of which Dashboard years the layouts of CDE's files are on hand."""

from __future__ import annotations

from collections.abc import Iterator

from pyreport.evidence import status_layouts
from pyreport.evidence.fetch import known_years
from pyreport.evidence.readers.dashboard import layouts as dashboard_layouts
from pyreport.rulebook.years import NOTHING, Entry

__all__ = ["layouts_on_hand"]


def layouts_on_hand() -> Iterator[tuple[str, int, Entry]]:
    """Yield the layouts: the predicate of ``policy/years/`` that speaks of each, its year, and the file's indicator."""
    for status in status_layouts.layouts():
        yield "status_file", status.dashboard_year, (NOTHING, NOTHING)
    for (_, year), layout in dashboard_layouts.layouts().items():
        yield "dashboard_file", year, (layout.indicator, NOTHING)
    for year in known_years():
        yield "address_of_files", year, (NOTHING, NOTHING)
