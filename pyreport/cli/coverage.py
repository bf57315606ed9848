"""The command that says where the rules apply, and how far the others get: ``coverage``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pyreport.cli import options
from pyreport.cli.command import Command, fail

if TYPE_CHECKING:
    from pyreport.cli.inputs import Inputs
    from pyreport.cli.output import Output
    from pyreport.comparison.rule_coverage import RuleCoverage

__all__ = ["coverage"]


@click.command(cls=Command)
@click.argument("files", nargs=-1, type=options.EXISTING)
@click.option("--year", "years", type=int, multiple=True, help="Only this Dashboard year (default: all on record).")
@options.county
@click.option("--rule", "rules", multiple=True, metavar="RULE", help="Only this rule, by its id. Repeatable.")
@click.option("--never", is_flag=True, help="Only the rules that apply to none.")
@click.option("--cases", "by_cases", is_flag=True, help="With the written cases, and not with the LEAs on record.")
@options.inputs()
@options.everything
@options.output("text", "json")
def coverage(
    files: tuple[Path, ...],
    years: tuple[int, ...],
    counties: tuple[str, ...],
    rules: tuple[str, ...],
    never: bool,
    by_cases: bool,
    inputs: Inputs,
    everything: bool,
    output: Output,
) -> None:
    """Say where each rule applies, and where it does not, how many of its conditions hold and which one fails.

    For each rule about LEAs and each Dashboard: the number of LEAs to which it applies; where there are none, the most
    of its first conditions that hold together of some LEA, the condition that fails then, and an example; and the LEAs
    of which all conditions but one hold. What follows from eligibility is asked as of the first day on which the
    Dashboard was out for certain. With --cases it is asked of written cases: FILES, or those in tests/cases beside the
    folder of the policy. The whole state takes some minutes, a county some seconds a year.

    Example: pyreport coverage --county Monterey --year 2024 --never
    """
    from pyreport.cli.output import as_json, message
    from pyreport.comparison.coverage_statement import as_data, as_text, summary

    if files and not by_cases:
        fail("FILES are files of written cases: write --cases with them.")
    if by_cases and (years or counties):
        fail("--cases asks of written cases, which are of no county: leave out --year and --county.")
    covered = _by_cases(files, rules, inputs) if by_cases else _of_dashboards(years, counties, rules, inputs)
    if output.form == "json":
        output.write(as_json(as_data(covered, never=never)))
    else:
        output.write(as_text(covered, never=never, everything=everything))
    message(summary(covered))


def _by_cases(files: tuple[Path, ...], rules: tuple[str, ...], inputs: Inputs) -> RuleCoverage:
    from pyreport.cases.files import case_paths
    from pyreport.comparison.rule_coverage import coverage_by_cases
    from pyreport.evidence.readers.given import Given
    from pyreport.files.places import policy_folder

    if inputs.reading is not None or inputs.case_files or inputs.evidence != Given():
        fail("--cases asks of written cases, which have their own facts and name their readings.")
    folder = inputs.policy or policy_folder()
    covered = coverage_by_cases(case_paths(files, folder), folder, rules)
    _check_known(rules, [rule.id for rule in covered.rules], inputs)
    return covered


def _of_dashboards(
    years: tuple[int, ...], counties: tuple[str, ...], rules: tuple[str, ...], inputs: Inputs
) -> RuleCoverage:
    from pyreport.cli.inputs import county_of
    from pyreport.comparison.rule_coverage import coverage_of_dashboards
    from pyreport.comparison.rule_reach import about_leas
    from pyreport.evidence.scope import Scope

    for year in years:
        inputs.check_year(year)
    _check_known(rules, [rule.id for rule in about_leas(inputs.rulebook.rules)], inputs)
    only = {county_of(county) for county in counties} or None
    return coverage_of_dashboards(
        lambda year, day: inputs.decide(Scope(year=year, only=only, as_of=day)),
        inputs.rulebook,
        years or inputs.record.years,
        rules,
    )


def _check_known(rules: tuple[str, ...], known: list[str], inputs: Inputs) -> None:
    """Refuse ids of rules that are none, or that conclude nothing of an LEA."""
    from pyreport.cli.inputs import check_rule

    for name in rules:
        if name not in known and name in inputs.rulebook.by_id:
            fail(f"--rule {name}: the rule concludes nothing of an LEA from conditions.")
        check_rule(name, known)
