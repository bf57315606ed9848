"""What commands say on standard error beside their answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pyreport.cli.output import message

if TYPE_CHECKING:
    from pyreport.evidence.predicates import Facts
    from pyreport.evidence.record import Record
    from pyreport.reasoning.decision import Decision
    from pyreport.reasoning.graph import Graph
    from pyreport.rulebook.rulebook import Rulebook

__all__ = ["note_decision", "note_later_dashboards", "note_unused_case_entries", "note_verdict"]

_EXAMPLES = 3
"""How many student groups are named whose letters and figures differ."""


def note_decision(decided: Decision, case: Facts, graphs: Sequence[Graph] = ()) -> None:
    """Name the entries of case files that were of no use, and say what was checked.

    Args:
        decided: The decision.
        case: The facts of the case files.
        graphs: All that was derived, if it is more than the decision's graph.
    """
    note_unused_case_entries(case, graphs or [decided.graph], decided.scope.as_of)
    note_verdict(decided)


def note_verdict(decided: Decision) -> None:
    """Say what was checked, and where CDE's letters decided against figures."""
    from pyreport.rulebook.syntax import unquote

    rows = decided.graph.rows("letters_and_figures_differ")
    differing = sorted({(row.year, row.lea, row.group) for row in rows}, key=str)
    if differing:
        examples = ", ".join(
            f"{unquote(lea)} {str(group).upper()} {year}" for year, lea, group in differing[:_EXAMPLES]
        )
        more = f" and {len(differing) - _EXAMPLES:,} more" if len(differing) > _EXAMPLES else ""
        message(
            f"Letters and figures differ, and CDE's letters decide: {examples}{more}. `pyreport reconcile` shows both "
            "derivations; --without letters decides by the figures."
        )
    message(str(decided.verdict))


def note_unused_case_entries(case: Facts, graphs: Sequence[Graph], as_of: int | None = None) -> None:
    """Name the entries of case files on which no derivation rests, each with the reason.

    Args:
        case: The facts of the case files.
        graphs: What was derived.
        as_of: The date asked about, YYYYMMDD, if any.
    """
    if not case:
        return
    from pyreport.following.case_use import unused_entries

    for finding in unused_entries(case, graphs, as_of):
        message(str(finding))


def note_later_dashboards(rulebook: Rulebook, record: Record, year: int | None, date: int | None) -> None:
    """Say which Dashboards on record were out on a date and are left out of what was asked.

    Args:
        rulebook: The rules.
        record: The record.
        year: The last Dashboard year asked for, if any.
        date: The date asked about, YYYYMMDD, if any.
    """
    from pyreport.following.support import certainly_out

    if year is None or date is None:
        return
    days = {later: certainly_out(rulebook, later) for later in record.years if later > year}
    left_out = [str(later) for later, day in days.items() if day is not None and day <= date]
    if left_out:
        which = f"the {' and '.join(left_out)} Dashboard" + ("s were" if len(left_out) > 1 else " was")
        message(f"On that date {which} out: what rests on it is open here. Ask with --year {left_out[-1]}.")
