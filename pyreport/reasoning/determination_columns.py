"""Determinations as rows of a table: how CSV and JSON write each field.

The first eleven columns are the ones that ``pyreport decide`` promises.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyreport.reasoning.determinations import Determination, YesNoOpen

__all__ = ["COLUMNS", "as_columns"]

COLUMNS = (
    "cds",
    "name",
    "county",
    "kind",
    "dashboard_year",
    "status",
    "methods",
    "groups",
    "persistent_52072",
    "persistent_52071f",
    "lcap_goal_groups",
    "differentiated_assistance",
    "methods_not_on_record",
    "basis",
)
_FLAGS = {YesNoOpen.YES: "Y", YesNoOpen.NO: "N", YesNoOpen.OPEN: "?", None: ""}


def as_columns(determination: Determination) -> dict[str, str | int]:
    """The values of one row by ``COLUMNS``.

    Numbers are joined by plus signs (``1+2``); student groups are in capitals, with their state priorities
    (``FOS=5+8 HOM=4+5``); an LCAP goal that is open has a question mark; answers are ``Y``, ``N``, ``?`` (open) or
    empty (the test is not made).
    """
    goals = [group.upper() for group in determination.lcap_goal_groups]
    open_goals = [f"{group.upper()}?" for group in determination.lcap_goal_open]
    groups = (f"{group.upper()}={_joined(priorities)}" for group, priorities in determination.groups.items())
    return {
        "cds": determination.cds,
        "name": determination.name,
        "county": determination.county,
        "kind": determination.kind,
        "dashboard_year": determination.dashboard_year,
        "status": determination.status,
        "methods": _joined(determination.methods),
        "groups": " ".join(groups),
        "persistent_52072": _FLAGS[determination.persistent_52072],
        "persistent_52071f": _FLAGS[determination.persistent_52071f],
        "lcap_goal_groups": " ".join(sorted([*goals, *open_goals])),
        "differentiated_assistance": determination.differentiated_assistance.value,
        "methods_not_on_record": _joined(determination.methods_not_on_record),
        "basis": determination.basis,
    }


def _joined(numbers: Iterable[int]) -> str:
    return "+".join(map(str, numbers))
