"""Of which counties a Dashboard file has the rows, and whether it is CDE's own of the whole state."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from pyreport.evidence.counties import counties
from pyreport.evidence.model import DashboardLea
from pyreport.evidence.readers.dashboard.layouts import dashboard_settings

if TYPE_CHECKING:
    pass

__all__ = ["coverage"]


def coverage(
    year: int, leas: Mapping[str, DashboardLea], school_codes: Collection[int], *, has_state: bool, has_flag: bool
) -> tuple[set[str], bool]:
    """The counties of which there are rows of LEAs, and whether the file is CDE's own of the whole state.

    Args:
        year: The Dashboard year.
        leas: The LEAs that have a row, by CDS code.
        school_codes: The CDS codes of the schools that have one, as numbers.
        has_state: Whether the state has a row.
        has_flag: Whether there is a column that tells charter schools from others.
    """
    coverage_settings = dashboard_settings()["coverage"]
    of_leas = {cds[:2] for cds in leas}
    seen = of_leas | {f"{code // 10**12:02}" for code in school_codes} | {*coverage_settings["without_rows"]}
    has_state = has_state or str(year) in coverage_settings["without_state"]
    # Without the flag of charter schools, or rows of schools, it leaves charter schools out.
    has_charters = has_flag and bool(school_codes or any(lea.charter for lea in leas.values()))
    complete = has_state and has_charters and seen >= set(counties())
    return (set(counties()) if complete else of_leas), complete
