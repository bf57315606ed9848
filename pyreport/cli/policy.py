"""Commands on the policy itself: ``lint`` and ``readings``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pyreport.cli import options
from pyreport.cli.command import Command, fail
from pyreport.errors import FOUND

__all__ = ["lint", "readings"]


def _explain_finding(context: click.Context, _: click.Parameter, value: str | None) -> None:
    """Answer ``--explain`` and end, whatever else was asked for."""
    from pyreport.cli.output import echo

    if value is None or context.resilient_parsing:
        return
    from pyreport.rulebook.problems import Finding

    known = {finding.id: finding for finding in Finding}
    if value != "all" and value not in known:
        raise click.BadParameter(f"{value!r} is no finding; write all or one of {', '.join(known)}.")
    for finding in known.values() if value == "all" else [known[value]]:
        echo(f"{finding.id}\n  {finding.meaning}")
    context.exit()


@click.command(cls=Command)
@options.policy
@click.option(
    "--sources",
    type=options.FOLDER,
    help="The folder that the `source` paths of authorities.yaml start from (default: shared/ beside the checkout).",
)
@click.option(
    "--explain",
    metavar="ID",
    callback=_explain_finding,
    expose_value=False,
    is_eager=True,
    help="Say what the finding of this id means (all: every finding), and end.",
)
def lint(policy: Path | None, sources: Path | None) -> None:
    """Say everything that is wrong with the policy and its readings, one finding a line, with its id.

    The exit status is 1 if anything was found. Without the sources of quotations at hand, these are not compared.

    Example: pyreport lint --policy draft --sources ../shared
    """
    from pyreport.cli.output import echo, message
    from pyreport.evidence.layouts_on_hand import layouts_on_hand
    from pyreport.files.places import policy_folder, sources_folder
    from pyreport.rulebook.lint.lint import lint as lint_policy

    folder = policy_folder() if policy is None else policy
    if not any(folder.rglob("*.lp")):
        fail(f"{folder} holds no policy: there are no .lp files in it.")
    result = lint_policy(folder, sources_folder() if sources is None else sources)
    layouts = result.years.missing_layouts(layouts_on_hand(), result.years.begun)
    problems = sorted([*result.problems, *layouts])
    for problem in problems:
        echo(f"{problem} [{problem.finding.id}]")
    for finding, reason in result.passed_over:
        message(f"Not looked for: {finding.id}: {reason}.")
    count = len(problems)
    message(f"{count or 'No'} finding{'' if count == 1 else 's'} in {folder}.")
    if count:
        sys.exit(FOUND)


@click.command(cls=Command)
@options.policy
def readings(policy: Path | None) -> None:
    """List the alternative readings of the law that were considered and rejected.

    Example: pyreport decide --year 2023 --reading ec-52072-calendar-window
    """
    from pyreport.cli.output import echo
    from pyreport.files.places import policy_folder
    from pyreport.rulebook.loading import load_rulebook
    from pyreport.rulebook.loading import readings as names_of_readings

    folder = policy or policy_folder()
    for name in names_of_readings(folder):
        reading = load_rulebook(folder, name).reading
        if reading is not None:
            echo(f"{name}\n  {reading.says}.\n  Rejected: {reading.rejected}.")
