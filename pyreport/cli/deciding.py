"""The command that decides: ``decide``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pyreport.cli import options
from pyreport.cli.command import Command

if TYPE_CHECKING:
    from pyreport.cli.inputs import Inputs
    from pyreport.cli.output import Output

__all__ = ["decide"]


@click.command(cls=Command)
@options.year
@options.county
@click.option("--lea", "leas", multiple=True, help="Only this LEA: a 14-digit CDS code, or its name. Repeatable.")
@options.inputs()
@options.output("csv", "json", "graph")
def decide(year: int | None, counties: tuple[str, ...], leas: tuple[str, ...], inputs: Inputs, output: Output) -> None:
    """Decide every LEA: status, methods, student groups, persistence.

    Without --year all Dashboards on record are decided, else that one alone. The format graph gives all facts and
    derivations, for `pyreport verify`.

    Example: pyreport decide --year 2024 --county Monterey
    """
    from pyreport.cli.inputs import county_of
    from pyreport.cli.notes import note_decision
    from pyreport.evidence.scope import Scope
    from pyreport.reporting.tables import write_csv, write_graph, write_json

    if year is not None:
        inputs.check_year(year)
    only = {county_of(county) for county in counties} | {inputs.cds_code(lea, year) for lea in leas}
    decided = inputs.decide(Scope(year=year, only=only or None))
    if output.form == "graph":
        text = write_graph(decided)
    else:
        rows = decided.determinations(None if year is None else [year])
        text = write_csv(rows) if output.form == "csv" else write_json(rows, decided)
    output.write(text)
    note_decision(decided, inputs.case)
