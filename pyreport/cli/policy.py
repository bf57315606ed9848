"""Commands on the policy itself: ``law``, ``lint``, ``readings`` and ``new-year``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pyreport.cli import options
from pyreport.cli.command import Command, fail
from pyreport.errors import FOUND, UNFINISHED

__all__ = ["law", "lint", "new_year", "readings"]

_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


def _explain_finding(context: click.Context, _: click.Parameter, value: str | None) -> None:
    """Answer ``--explain`` and end, whatever else was asked for."""
    from pyreport.cli.output import echo

    if value is None or context.resilient_parsing:
        return
    from pyreport.rulebook.lint.checks import checks

    known = checks()
    if value != "all" and value not in known:
        raise click.BadParameter(f"{value!r} is no check; write all or one of {', '.join(known)}.")
    echo("\n".join(check.text for id, check in known.items() if value in ("all", id)).rstrip())
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
    help="Show the page of the check of this id (all: every page): what it finds, why, what to avoid and to prefer.",
)
@click.option(
    "--cases",
    type=options.FOLDER,
    help="The folder of the written cases (default: tests/cases beside the folder of the policy, where there is one).",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="github: as annotations that GitHub shows beside the lines of a change.",
)
def lint(policy: Path | None, sources: Path | None, cases: Path | None, output_format: str) -> None:
    """Say everything that is wrong with the policy, its readings and its cases, one finding a line, with its id.

    The exit status is 1 if anything was found. Without the sources of quotations at hand, these are not compared;
    without written cases, it is not looked at what they name.

    Example: pyreport lint --policy draft --sources ../shared
    """
    from pyreport.cli.findings import as_github, as_json, as_text
    from pyreport.cli.output import echo, message
    from pyreport.evidence.layouts_on_hand import layouts_on_hand
    from pyreport.files.places import policy_folder, sources_folder
    from pyreport.rulebook.lint.lint import lint as lint_policy

    folder = policy_folder() if policy is None else policy
    if not any(folder.rglob("*.lp")):
        fail(f"{folder} holds no policy: there are no .lp files in it.")
    beside = folder.resolve().parent / "tests" / "cases"
    if cases is None and beside.is_dir():
        cases = beside
    result = lint_policy(folder, sources_folder() if sources is None else sources, cases)
    layouts = result.years.missing_layouts(layouts_on_hand(), result.years.begun)
    problems = sorted([*result.problems, *layouts])
    if output_format == "json":
        echo(as_json(folder, problems, result.passed_over))
    else:
        for line in as_github(folder, problems) if output_format == "github" else as_text(problems):
            echo(line)
    for finding, reason in result.passed_over:
        message(f"Not looked for: {finding.id}: {reason}.")
    count = len(problems)
    message(f"{count or 'No'} finding{'' if count == 1 else 's'} in {folder}.")
    if count:
        sys.exit(FOUND)


@click.command(cls=Command)
@click.option(
    "--output", "folder", type=options.PATH, default=Path("build"), show_default=True, help="The folder of the pages."
)
@click.option(
    "--sources",
    type=_FOLDER,
    help="The folder that the `source` paths of authorities.yaml start from: with it, the pages of the sources have "
    "their whole texts, and what no rule states and no reason explains is marked.",
)
@click.option("--counts", type=options.EXISTING, help="Say how often each rule applied, from this file of counts.")
@click.option(
    "--count-into",
    type=options.PATH,
    help="Count first, into this file, and use it: decides the whole state for every year on record, and for the "
    "newest under each reading, which takes some minutes.",
)
@options.policy
def law(folder: Path, sources: Path | None, counts: Path | None, count_into: Path | None, policy: Path | None) -> None:
    """Write the pages on the law: law.html, and beside it the sources, the open questions and the duties over time.

    Example: pyreport law --output build
    """
    from pyreport.cli.output import message
    from pyreport.reporting.rulebook_site import LAW_PAGE, rulebook_pages, write_rulebook

    if count_into is not None:
        if counts is not None:
            fail("--counts and --count-into exclude each other: the one reads a file of counts, the other makes it.")
        _count(count_into, policy)
    pages = rulebook_pages(sources, counts or count_into, None if policy is None else str(policy.resolve()))
    failures = write_rulebook(folder, pages)
    for failure in failures:
        message(f"Not written: {failure}")
    message(f"{len(pages) - len(failures)} pages on the law. Open {folder / LAW_PAGE}")
    if failures:
        sys.exit(UNFINISHED)


def _count(file: Path, policy: Path | None) -> None:
    """Count where the rules applied, for every year on record, into a file."""
    from pyreport.evidence.record_reading import read_record, record_folder
    from pyreport.files.writing import write_file
    from pyreport.reporting.law_counts import count_law

    record = read_record(record_folder())
    write_file(file, count_law(record, record.years, policy).write())


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


@click.command("new-year", cls=Command)
@click.argument("year", type=int)
@click.option("--from", "model", type=int, required=True, metavar="YEAR", help="The Dashboard year to copy.")
@options.policy
@click.option(
    "--cases",
    type=options.PATH,
    metavar="FOLDER",
    help="The folder of the written cases (default: tests/cases beside the folder of the policy).",
)
def new_year(year: int, model: int, policy: Path | None, cases: Path | None) -> None:
    """Begin a Dashboard year in the policy: all its entries, each marked as undecided, in all files.

    The entries of the year --from are copied, their years moved on, with the cases of that year. Until every
    @undecided is decided and deleted, the policy does not load; `pyreport lint` lists those that are left.

    Example: pyreport new-year 2026 --from 2025 --policy draft
    """
    from pyreport.cli.output import message
    from pyreport.files.places import policy_folder
    from pyreport.files.writing import write_file
    from pyreport.rulebook.new_cases import copied_cases
    from pyreport.rulebook.new_year import skeleton

    folder = policy or policy_folder()
    begun = skeleton(folder, year, model)
    of_cases = cases or folder.resolve().parent / "tests" / "cases"
    copied, count = copied_cases(of_cases, year, model, begun.later)
    for file, text in sorted(begun.texts.items()):
        write_file(folder / file, text)
        entries = begun.entries[file]
        message(f"{folder / file}: {entries} entr{'y' if entries == 1 else 'ies'} to decide.")
    if count:
        write_file(of_cases / f"{year}.yaml", copied)
        message(f"{of_cases / f'{year}.yaml'}: {count} case{'' if count == 1 else 's'} to decide.")
    else:
        message(f"{of_cases} has no cases of {model} to copy; write those of {year} yourself.")
    message(
        f"{year} is begun. Decide every entry marked @undecided; `pyreport lint` lists them. What else a year needs "
        "stands in policy/README.md, “When the criteria change”."
    )
