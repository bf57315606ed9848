"""The commands that write the pages and print them: ``report`` and ``pdf``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pyreport.cli import options
from pyreport.cli.command import Command
from pyreport.errors import UNFINISHED

if TYPE_CHECKING:
    from pyreport.cli.inputs import Inputs

__all__ = ["pdf", "report"]


@click.command(cls=Command)
@options.year
@options.county
@click.option("--lea", "leas", multiple=True, help="The county of this LEA: its CDS code or name. Repeatable.")
@options.inputs()
@click.option("--as-of", metavar=options.DATE, help="Say what follows from eligibility as of this date.")
@options.jobs
@click.option(
    "--output", "folder", type=options.PATH, default=Path("build"), show_default=True, help="The folder of the pages."
)
def report(
    year: int | None,
    counties: tuple[str, ...],
    leas: tuple[str, ...],
    inputs: Inputs,
    as_of: str | None,
    jobs: int | None,
    folder: Path,
) -> None:
    """Write an overview for each county, a page for each LEA, and the pages of the state and of the law.

    With --county or --lea, the files of those counties alone. What is in the folder already, made from the same, is
    not made again.

    What follows from eligibility (who provides, how long, the pathways to CCEE) is said as of a date: by default the
    first day on which the law takes the year's Dashboard to be out for certain.

    Example: pyreport report --county Monterey --output build
    """
    from pyreport.cli.inputs import county_of, date_of
    from pyreport.cli.notes import note_later_dashboards, note_unused_case_entries
    from pyreport.cli.output import comma_separated, message
    from pyreport.evidence.counties import county_slug
    from pyreport.evidence.readers.given import Given
    from pyreport.reporting.build import build
    from pyreport.reporting.county_decisions import county_graphs
    from pyreport.reporting.page_request import PageRequest
    from pyreport.reporting.unchanged import asked_hash, is_current

    evidence = inputs.evidence or Given()
    options_given = (year, counties, leas, evidence, inputs.case_files, inputs.reading, as_of)
    asked = asked_hash(options_given, [*map(Path, evidence.files), *inputs.case_files], inputs.policy)
    if is_current(folder, asked):
        message(f"Nothing to do: {folder} holds it all, made from the same.")
        return
    rulebook, record = inputs.rulebook, inputs.record
    year = inputs.dashboard_year(year)
    asked_leas = [inputs.cds_code(lea, year) for lea in leas]
    codes = sorted({*map(county_of, counties), *(cds[:2] for cds in asked_leas)})
    date = date_of(as_of) if as_of is not None else None
    note_later_dashboards(rulebook, record, year, date)
    folder_of_policy = None if inputs.policy is None else str(inputs.policy)
    request = PageRequest(year, evidence, tuple(map(str, inputs.case_files)), inputs.reading, date, folder_of_policy)
    case = inputs.case
    if case:
        note_unused_case_entries(case, *county_graphs(case, codes, request))
    result = build(rulebook, record, request, codes, folder, jobs=jobs, asked=asked)
    for failure in result.failures:
        message(f"Not written: {failure}")
    if result.others:
        others = comma_separated(f"{name} ({'unknown' if of is None else of})" for name, of in result.others.items())
        message(f"Not linked, being of another Dashboard than that of {year}: {others}.")
    written = f"{_counties(len(result.counties))} of {year} written"
    if result.unchanged:
        written += f", {_counties(len(result.unchanged))} unchanged"
    if result.stopped is not None:
        message(f"Stopped: {written}; the state's pages, the manifest and the other counties are as they were.")
        sys.exit(128 + result.stopped)
    if result.state:
        message(f"{written}. Open {folder / 'index.html'}")
    elif asked_leas:
        message(f"{written}. Open {folder / 'lea' / asked_leas[0]}.html")
    elif codes:
        message(f"{written}. Open {folder / county_slug(codes[0])}.html")
    else:
        message(f"{written}; the state's pages are as they were.")
    if result.failures:
        sys.exit(UNFINISHED)


@click.command(cls=Command)
@click.argument("pages", nargs=-1, required=True, type=options.EXISTING)
@click.option(
    "--output",
    "folder",
    type=options.PATH,
    default=None,
    help="The folder of the PDF files (default: beside each page).",
)
@click.option("--proof", is_flag=True, help="Print the numbered proof of an agency's page too.")
@click.option("--browser", type=options.EXISTING, help="The program of a browser built on Chromium, to print with.")
def pdf(pages: tuple[Path, ...], folder: Path | None, proof: bool, browser: Path | None) -> None:
    """Print pages of a report as PDF: an overview to send on, or the letter to an agency.

    A browser built on Chromium must be installed. The files are tagged for screen readers, have the page's title and
    the number on every sheet, and an outline. They are no part of what `verify` makes again.

    Example: pyreport pdf build/27-monterey.html build/lea/27661590000000.html
    """
    from pyreport.cli.output import message
    from pyreport.reporting.pdf import browser_on_hand, print_page

    others = [str(page) for page in pages if page.suffix != ".html"]
    if others:
        raise click.UsageError(f"{', '.join(others)}: no page of a report; the names of pages end with .html.")
    program = browser or browser_on_hand()
    for page in pages:
        place = (folder or page.parent) / f"{page.stem}.pdf"
        print_page(page, place, program, proof=proof)
        message(f"Printed: {place}")


def _counties(number: int) -> str:
    return f"{number} count{'y' if number == 1 else 'ies'}"
