"""Commands on what follows from eligibility as of a date: ``support`` and ``pathways``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pyreport.cli import options
from pyreport.cli.command import Command

if TYPE_CHECKING:
    from pyreport.cli.inputs import Inputs
    from pyreport.cli.output import Output

__all__ = ["pathways", "support"]


@click.command(cls=Command)
@options.lea
@click.option("--as-of", required=True, help="The date as of which the law is applied: YYYY-MM-DD.")
@click.option("--year", type=int, help="Decide no Dashboard after this one (default: all on record).")
@options.inputs()
@options.output("text", "json")
def support(lea: str, as_of: str, year: int | None, inputs: Inputs, output: Output) -> None:
    """Say what follows for an LEA (CDS code or name) as of a date: the law, levels, provider, length, duties.

    Each conclusion comes with every derivation. What is not on hand is said, and never guessed.

    Example: pyreport support 27661420000000 --as-of 2025-03-01
    """
    from pyreport.cli.inputs import date_of
    from pyreport.cli.notes import note_decision, note_later_dashboards
    from pyreport.cli.output import as_json
    from pyreport.evidence.scope import Scope
    from pyreport.explanation.data import as_data
    from pyreport.following.support import support_steps, support_text

    rulebook, record = inputs.rulebook, inputs.record
    date = date_of(as_of)
    cds = inputs.cds_code(lea, None)
    note_later_dashboards(rulebook, record, year, date)
    decided = inputs.decide(Scope(until=year, only={cds}, as_of=date))
    by_predicate = support_steps(decided.graph, cds, date)
    if output.form == "json":
        about = {name: [list(step.atom) for step in steps] for name, steps in by_predicate.items()}
        data = as_data([step for steps in by_predicate.values() for step in steps])
        output.write(as_json({"cds": cds, "as_of": as_of, "about": about, **data}))
    else:
        output.write(support_text(decided.graph, cds, date, by_predicate))
    note_decision(decided, inputs.case)


@click.command(cls=Command)
@options.lea
@click.option("--as-of", required=True, metavar=options.DATE, help="The day as of which the case is looked at.")
@options.inputs()
@options.output("text", "json", "html")
def pathways(lea: str, as_of: str, inputs: Inputs, output: Output) -> None:
    """Show the ways of an LEA (CDS code or name) to CCEE's direct technical assistance, and what follows from them.

    Each pathway is open, awaiting a step, complete, refused, barred or not settled. The consequences are required
    (shall), permitted (may), possible in some lawful course from now on, or excluded. All come with derivations.

    Example: pyreport pathways 27102720000000 --as-of 2025-03-01 --case case.yaml
    """
    from pyreport.cli.inputs import date_of
    from pyreport.cli.notes import note_decision
    from pyreport.cli.output import as_json
    from pyreport.evidence.scope import Scope
    from pyreport.following.pathways import pathways_data, pathways_text

    cds = inputs.cds_code(lea, None)
    date = date_of(as_of)
    decided = inputs.decide(Scope(only={cds}, as_of=date))
    if output.form == "html":
        from pyreport.evidence.readers.given import Given
        from pyreport.files.places import notebooks_folder
        from pyreport.reporting.notebook_page import page_from
        from pyreport.reporting.page_request import PageRequest

        given = inputs.evidence or Given()
        request = PageRequest(evidence=given, case=tuple(map(str, inputs.case_files)), reading=inputs.reading)
        asked = {name: value for name, value in request.parameters().items() if name not in ("year", "as_of")}
        output.write(page_from(notebooks_folder() / "case.ipynb", {"lea": cds, "as_of": date, **asked}))
    elif output.form == "json":
        output.write(as_json(pathways_data(decided, cds, date)))
    else:
        output.write(pathways_text(decided, cds, date))
    note_decision(decided, inputs.case)
