"""The commands that compare: decisions with what CDE published (``reconcile``), and policies (``compare``)."""

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

__all__ = ["compare", "reconcile"]


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


@click.command(cls=Command)
@click.argument("old")
@click.argument("new")
@click.option("--on", "year", type=int, help="The Dashboard year whose evidence both decide (default: the newest).")
@options.county
@click.option("--lea", "leas", multiple=True, help="Only this LEA: a 14-digit CDS code, or its name. Repeatable.")
@options.inputs(reading=False)
@click.option("--as-of", metavar=options.DATE, help="Compare also what follows for each LEA as of this date.")
@click.option(
    "--examples", type=click.IntRange(0), default=1, show_default=True, help="Examples of each rule and kind."
)
@options.jobs
@options.everything
@options.output("text", "json", "html")
def compare(
    old: str,
    new: str,
    year: int | None,
    counties: tuple[str, ...],
    leas: tuple[str, ...],
    inputs: Inputs,
    as_of: str | None,
    examples: int,
    jobs: int | None,
    everything: bool,
    output: Output,
) -> None:
    """Compare two policies: which rules changed, which conclusions that changes, of whom and why.

    OLD and NEW are each a folder of a policy, a git revision of the checkout, reading:NAME (see `pyreport readings`),
    or year:YEAR, the criteria of that Dashboard tried on the evidence of --on. Readings and
    years are those of --policy, or of the project's own policy. Duties are compared with --as-of. The exit status is 1
    if anything differs.

    Example: pyreport compare year:2024 year:2025 --on 2024 --county Monterey --without letters
    """
    from pyreport.cli.inputs import county_of, date_of
    from pyreport.cli.output import as_json
    from pyreport.comparison.comparison_data import as_data
    from pyreport.comparison.comparison_text import as_text
    from pyreport.comparison.policy_comparison import ComparisonRequest, compare_policies
    from pyreport.evidence.readers.given import Given

    on = inputs.year_on_record(year)
    request = ComparisonRequest(
        old,
        new,
        on,
        tuple(sorted({*map(county_of, counties), *(inputs.cds_code(lea, on) for lea in leas)})),
        inputs.evidence or Given(),
        tuple(map(str, inputs.case_files)),
        None if as_of is None else date_of(as_of),
        None if inputs.policy is None else str(inputs.policy),
        examples,
    )
    comparison = compare_policies(request, jobs)
    if output.form == "html":
        from pyreport.reporting.change_page import written_page

        text = written_page(request, comparison)
    else:
        text = as_json(as_data(comparison)) if output.form == "json" else as_text(comparison, everything=everything)
    output.write(text)
    if comparison.differs:
        sys.exit(FOUND)
