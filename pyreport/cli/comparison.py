"""The command that compares decisions with what CDE published: ``reconcile``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from pyreport.cli import options
from pyreport.cli.command import Command
from pyreport.errors import FOUND

if TYPE_CHECKING:
    from pyreport.cli.inputs import Inputs
    from pyreport.cli.output import Output

__all__ = ["reconcile"]


@click.command(cls=Command)
@options.year
@options.county
@options.inputs()
@options.output("text", "csv")
def reconcile(year: int | None, counties: tuple[str, ...], inputs: Inputs, output: Output) -> None:
    """Hold the figures against CDE's letters, and the decisions against CDE's statuses, methods and flags.

    Every student group that has both figures and a letter is compared. The exit status is 1 if anything differs.
    Differences come with both derivations.

    Example: pyreport reconcile --county Monterey
    """
    from pyreport.cli.inputs import county_of
    from pyreport.cli.notes import note_decision
    from pyreport.comparison.reconciliation import DIFFER, cells, compare_printed
    from pyreport.comparison.statement import as_csv, as_text
    from pyreport.evidence.scope import Scope

    if year is not None:
        inputs.check_year(year)
    only = {county_of(county) for county in counties}
    decided = inputs.decide(Scope(year=year, only=only or None))
    years = decided.years if year is None else [year]
    compared = cells(decided.graph, years)
    count, differences = compare_printed(decided.determinations(years), decided.printed)
    text = as_csv(compared) if output.form == "csv" else as_text(decided, compared, count, differences)
    output.write(text)
    note_decision(decided, inputs.case)
    if differences or any(cell.comparison == DIFFER for cell in compared):
        sys.exit(FOUND)
