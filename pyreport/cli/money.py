"""Commands on money: ``funding`` for differentiated assistance, ``charter20`` for the special advance."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pyreport.cli import options
from pyreport.cli.command import Command, fail
from pyreport.errors import FOUND

if TYPE_CHECKING:
    from pyreport.cli.inputs import Inputs
    from pyreport.cli.output import Output
    from pyreport.following.funds import Funds
    from pyreport.reasoning.decision import Decision
    from pyreport.reasoning.graph import Graph

__all__ = ["charter20", "funding"]


@click.command(cls=Command)
@click.option("--county", required=True, help="The county: a name or a code.")
@click.option("--fiscal-year", type=int, required=True, help="The calendar year in which the fiscal year ends.")
@options.inputs(reading=False)
@click.option("--area", is_flag=True, help="As a geographic lead: also what it receives for each county of its area.")
@options.everything
@options.output("text", "json")
def funding(county: str, fiscal_year: int, inputs: Inputs, area: bool, everything: bool, output: Output) -> None:
    """Say what a county office receives for differentiated assistance, and why.

    Where something that counts is not on record (average daily attendance, above all), the amount is open, and what is
    missing is listed; a file with --case supplies it. With --area, what the county office receives as a geographic
    lead is told county by county, and the sum where all are decided. The exit status is 1 if what was asked is open.

    Example: pyreport funding --county Monterey --fiscal-year 2025 --case attendance.yaml
    """
    from pyreport.cli.inputs import county_of
    from pyreport.cli.notes import note_decision
    from pyreport.cli.output import as_json, comma_separated
    from pyreport.evidence.facts import facts_of
    from pyreport.evidence.scope import Scope
    from pyreport.explanation.tree import Explainer
    from pyreport.following.funds import as_funds_data, as_funds_text, county_offices, fiscal_years, funds
    from pyreport.following.lead_area import LeadArea, area_of, as_area_data, as_area_text

    rulebook, record = inputs.rulebook, inputs.record
    years = fiscal_years(rulebook)
    if fiscal_year not in years:
        fail(
            f"The policy has no formula for the fiscal year that ends in {fiscal_year}, only for "
            f"{comma_separated(years)}; write it in policy/funding/."
        )
    code = county_of(county)
    offices = county_offices(rulebook, facts_of(record, only=None if area else {code}))
    graphs: list[Graph] = []

    def decided_for(county: str) -> tuple[Decision, Funds] | None:
        if county not in offices:
            return None
        decided = inputs.decide(Scope(only={county}, funds=(offices[county], fiscal_year)))
        graphs.append(decided.graph)
        return decided, funds(decided.graph, offices[county], fiscal_year)

    of_county = decided_for(code)
    if of_county is None:
        fail(
            f"The county office of the county with the code {code} is not on record; give CDE's files with --evidence."
        )
    decided, county_funds = of_county
    lead_area = None
    if area:
        counties = area_of(decided.graph, county_funds.office, fiscal_year)
        others = {county: decided_for(county) for county in counties}
        by_county = {county: other and other[1] for county, other in others.items()}
        lead_area = LeadArea(county_funds.office, fiscal_year, by_county)
    explainer = Explainer(decided.graph)
    if output.form == "json":
        data = as_funds_data(decided, county_funds)
        output.write(as_json(data if lead_area is None else {**data, "area": as_area_data(explainer, lead_area)}))
    else:
        text = as_funds_text(decided, county_funds, everything=everything)
        output.write(text if lead_area is None else f"{text}\n{as_area_text(explainer, lead_area)}")
    note_decision(decided, inputs.case, graphs)
    if county_funds.usual not in county_funds.totals or (lead_area is not None and lead_area.total is None):
        sys.exit(FOUND)


@click.command(cls=Command)
@click.argument("file", required=False, type=options.EXISTING)
@click.option("--new", is_flag=True, help="Write a commented template of a report instead.")
@options.policy
@options.output("text", "json")
def charter20(file: Path | None, new: bool, policy: Path | None, output: Output) -> None:
    """Check a Charter 20 Day report: what is missing or out of balance, and whether the special advance is due.

    FILE is a YAML file as --new writes it; the rules are those of CDE's instructions for 2013-14. The exit status is 1
    if the advance is not shown to be due or something is not in order, 2 if the file cannot be read.

    Example: pyreport charter20 --new --output report.yaml
    """
    from pyreport.cli.inputs import Inputs
    from pyreport.cli.notes import note_verdict
    from pyreport.cli.output import as_json
    from pyreport.evidence.readers.charter_20_day import read_charter_20_day, template
    from pyreport.evidence.record import Record
    from pyreport.following.special_advance import as_advance_data, as_advance_text, special_advance
    from pyreport.reasoning.decision import decide

    if new or file is None:
        if file is not None or not new:
            raise click.UsageError("Give either a FILE to check, or --new.")
        output.write(template())
        return
    decided = decide(Inputs(policy=policy).rulebook, Record({}), case=read_charter_20_day(file))
    advance = special_advance(decided.graph)
    if output.form == "json":
        output.write(as_json(as_advance_data(decided, advance)))
    else:
        output.write(as_advance_text(decided, advance))
    note_verdict(decided)
    if advance.needs_attention:
        sys.exit(FOUND)
