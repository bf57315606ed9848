"""Commands that bring CDE's files into a record: ``ingest`` and ``fetch``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from pyreport.cli.command import Command, fail
from pyreport.cli.options import PATH
from pyreport.errors import UNFINISHED

__all__ = ["fetch", "ingest"]


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, type=PATH)
@click.option("--into", type=PATH, required=True, help="The folder of the record to write.")
@click.option(
    "--complete",
    multiple=True,
    metavar="COUNTY",
    help="Dashboard files of this county alone have all its rows; the record says so from then on. Repeatable.",
)
def ingest(files: tuple[Path, ...], into: Path, complete: tuple[str, ...]) -> None:
    """Read CDE's files into the record: status files, the Dashboard's, the red list, local indicators, charters.

    FILES (files, or folders of them) replace what the record in the folder has of the same kind and Dashboard
    year; the rest stays. Everything is checked first: with any problem nothing is written. The new record takes the
    place of the old one in one step; SHA256SUMS in the folder is what its tables are checked by when they are read.

    Example: pyreport ingest assistancestatus24.xlsx eladownload2024.txt --into record
    """
    from pyreport.cli.inputs import county_of
    from pyreport.cli.output import comma_separated, message
    from pyreport.evidence.readers.files import read_paths
    from pyreport.evidence.record_writing import update_record

    read = read_paths(files, list(map(county_of, complete)))
    record = update_record(into, read.record)
    kept = set(record.publications())
    for publication, count in sorted(read.counts.items(), key=lambda counted: counted[0].id):
        what = "LEAs" if publication.kind == "status" else "rows"
        note = "" if publication in kept else "; not taken, the record has a file of the kind that covers more counties"
        message(f"{publication.dashboard_year}: {count:,} {what} from {publication.file} ({publication.kind}){note}")
    for note in [*read.notes_on_passed_over(), *read.notes]:
        message(note)
    message(f"The record in {into} holds the Dashboards of {comma_separated(record.years)}.")


@click.command(cls=Command)
@click.option("--year", type=int, required=True, help="Dashboard year.")
@click.option("--into", type=PATH, help="The folder of the files (default: cde-files/<year>).")
@click.option("--base-url", help="Take the files from this server instead of CDE's.", hidden=True)
@click.option(
    "--timeout", type=float, default=60, help="Give up on a server that is silent for so many seconds.", hidden=True
)
def fetch(year: int, into: Path | None, base_url: str | None, timeout: float) -> None:
    """Download CDE's files of a Dashboard year from where CDE publishes them.

    Files that are there already are left alone; one that broke off is gone on with, where the server allows it.
    fetched.json, beside the files, lists their addresses and SHA-256 hashes. The exit status is 3 if any failed.

    Example: pyreport fetch --year 2024 --into cde-files
    """
    from pyreport.cli.output import comma_separated, message
    from pyreport.evidence.fetch import addresses, known_years
    from pyreport.evidence.fetch import fetch as fetch_files

    if not addresses(year):
        fail(f"No addresses are known for the {year} Dashboard, only for {comma_separated(known_years())}.")
    folder = Path("cde-files") / str(year) if into is None else into

    def progress_bar(name: str, size: int | None) -> Any:
        return click.progressbar(length=size or 0, label=name, file=sys.stderr, show_pos=size is not None)

    result = fetch_files(year, folder, server=base_url, timeout=timeout, progress=progress_bar)
    for name, reason in result.failed.items():
        message(f"Not fetched: {name}: {reason}")
    message(f"{len(result.fetched)} files fetched into {folder}, {len(result.present)} were there.")
    if result.failed:
        sys.exit(UNFINISHED)
