"""The command line: one module a group of commands. Commands import what they need when they run, so help is quick."""

from __future__ import annotations

import click

from pyreport.cli import (
    cases,
    comparison,
    coverage,
    deciding,
    explaining,
    following,
    hypotheses,
    money,
    policy,
    proving,
    records,
    reports,
    trying,
    verification,
)
from pyreport.files.places import DISTRIBUTION

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name=DISTRIBUTION)
def main() -> None:
    """California's System of Support as rules: who is eligible for differentiated assistance, and why.

    The rules stand in policy/, the facts in the project's record of CDE's files. Every conclusion has a
    derivation that was replayed by a proof checker. Results go to standard output, messages to standard
    error; the exit status is 0, 1 for findings, 2 for wrong use or bad input, 3 for what could not be
    finished.
    """


for _command in (
    records.ingest,
    records.fetch,
    deciding.decide,
    explaining.explain,
    explaining.why_not,
    following.support,
    following.pathways,
    reports.report,
    reports.pdf,
    comparison.reconcile,
    comparison.compare,
    hypotheses.settle,
    hypotheses.what_if,
    verification.verify,
    money.funding,
    money.charter20,
    policy.law,
    policy.readings,
    policy.lint,
    proving.prove,
    policy.new_year,
    cases.case,
    trying.test,
    coverage.coverage,
):
    main.add_command(_command)
