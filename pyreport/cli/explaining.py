"""Commands that give the reasons: ``explain`` for what holds, ``why-not`` for what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pyreport.cli import options
from pyreport.cli.command import Command, fail

if TYPE_CHECKING:
    from pyreport.cli.inputs import Inputs
    from pyreport.cli.output import Output

__all__ = ["explain", "why_not"]


@click.command(cls=Command)
@options.lea
@options.year
@click.option("--about", default="status", show_default=True, metavar="STATUS|PREDICATE", help="What to explain.")
@options.inputs()
@options.everything
@options.output("text", "json")
def explain(lea: str, year: int | None, about: str, inputs: Inputs, everything: bool, output: Output) -> None:
    """Explain a conclusion about an LEA (CDS code or name) in numbered steps, down to CDE's cells.

    Each step stands once, a conclusion before what it rests on.

    Example: pyreport explain 27661420000000 --year 2024
    """
    from pyreport.cli.notes import note_decision
    from pyreport.cli.output import as_json
    from pyreport.evidence.scope import Scope
    from pyreport.explanation.answers import Explanation
    from pyreport.explanation.asked_about import predicate_of

    predicate = predicate_of(inputs.rulebook, about)
    year = inputs.dashboard_year(year)
    cds = inputs.cds_code(lea, year)
    decided = inputs.decide(Scope(year=year, only={cds}))
    answer = Explanation.of(decided, predicate, cds, year)
    output.write(as_json(answer.data()) if output.form == "json" else answer.text(everything=everything))
    note_decision(decided, inputs.case)


@click.command("why-not", cls=Command)
@options.lea
@options.year
@click.option(
    "--about",
    default="eligible",
    show_default=True,
    metavar="PREDICATE[(VALUE, …)]",
    help="What does not hold; values for what follows the LEA and the year: `_` for any, one with a comma quoted.",
)
@options.inputs()
@click.option("--all", "everything", is_flag=True, help="Open every rule and every candidate, not the nearest alone.")
@options.output("text", "json")
def why_not(lea: str, year: int | None, about: str, inputs: Inputs, everything: bool, output: Output) -> None:
    """Explain why something does not hold of an LEA (CDS code or name).

    For each rule that could have concluded it: where it ends, the nearest miss first, with the value reached. Each
    no is one of these: the data say no; it is not on record; another rule blocks it; the rule does not reach this case.

    Example: pyreport why-not 27659950000000 --year 2024 --about "meets_criteria_on_state_priorities(el)"
    """
    from pyreport.cli.notes import note_decision
    from pyreport.cli.output import as_json
    from pyreport.evidence.scope import Scope
    from pyreport.explanation.answers import HoldsError, WhyNotAnswer
    from pyreport.explanation.asked_about import goal_of, predicate_and_values

    rulebook = inputs.rulebook
    predicate, values = predicate_and_values(rulebook, about)
    year = inputs.dashboard_year(year)
    cds = inputs.cds_code(lea, year)
    goal = goal_of(rulebook, predicate, cds, year, values)
    decided = inputs.decide(Scope(year=year, only={cds}))
    try:
        answer = WhyNotAnswer.of(decided, predicate, goal, cds, year, everything=everything)
    except HoldsError as holds:
        fail(f"It does hold: {holds} See `pyreport explain {cds} --year {year} --about {predicate.name}`.")
    output.write(as_json(answer.data()) if output.form == "json" else answer.text())
    note_decision(decided, inputs.case)
