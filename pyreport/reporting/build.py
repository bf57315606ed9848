"""Make all pages of a Dashboard year: county by county from the notebook, then the index and the manifest."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import click

from pyreport.evidence.counties import counties, county_slug
from pyreport.evidence.record import Record
from pyreport.evidence.record_writing import fingerprint
from pyreport.files.fingerprints import sha256_of
from pyreport.files.locks import lock
from pyreport.files.places import DISTRIBUTION, notebooks_folder
from pyreport.files.writing import write_file
from pyreport.reporting.execute import Executed, Run, Stopped, execute_all
from pyreport.reporting.export import PageExporter, page_title
from pyreport.reporting.layout import template_files
from pyreport.reporting.page_request import PageRequest
from pyreport.rulebook.rulebook import Rulebook

__all__ = ["BuildResult", "build"]

MANIFEST = "manifest.json"
STATEWIDE = "index"
_TITLE = re.compile("<title>[^<]* – ([0-9]{4}) Dashboard – ".encode())
"""The title of a page, as ``page_title`` makes it."""
BATCH_SIZE = 60
"""The most LEAs of the counties that are derived in one run of the solver; a larger county is derived alone."""


@dataclass
class BuildResult:
    """The result of a run.

    Attributes:
        pages: The names of the files written, sorted.
        failures: The names of those that were not, each with the reason, sorted.
        others: County pages in the folder that the index does not link, with the Dashboard year of each, or ``None``
            where its title names none.
        stopped: The number of the signal that ended the run early, if one did.
    """

    pages: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    others: dict[str, int | None] = field(default_factory=dict)
    stopped: int | None = None


def build(
    rulebook: Rulebook,
    record: Record,
    request: PageRequest,
    only: Sequence[str],
    output: Path,
    *,
    jobs: int | None = None,
) -> BuildResult:
    """Write the pages of a Dashboard year into a folder.

    Every page is written completely or not at all: where a county fails, the page of an earlier run stays.

    Args:
        rulebook: The rules, for the manifest; the notebooks load them anew.
        record: The facts, likewise.
        request: What the pages are asked for.
        only: Codes of the counties to make; all if empty. The index always counts the whole state.
        output: The folder; other files in it stay.
        jobs: Pages made at the same time; as many as the machine has processors if ``None``.

    Raises:
        Held: Another run writes into the folder.
        OSError: The folder cannot be made, or no kernel be started. A page that cannot be written is a failure.
    """
    output.mkdir(parents=True, exist_ok=True)
    with lock(output, "another run of `pyreport report` writes into this folder"):
        result = _write_pages(record, request, only, output, jobs or os.cpu_count() or 1)
        if result.stopped is None:
            _write_manifest(_manifest(rulebook, record, request, output), output, result)
        return result


def _write_pages(record: Record, request: PageRequest, only: Sequence[str], output: Path, jobs: int) -> BuildResult:
    """Make the pages of the counties and the index, and write each when it is made."""
    year = request.year_on(record)
    # The index says nothing as of a date.
    of_index = request.parameters()
    of_county = {**of_index, "as_of": of_index.pop("as_of")}
    notebook = notebooks_folder() / "county.ipynb"
    size = {code: sum(1 for known, cds in record.lea_years if known == year and cds[:2] == code) for code in counties()}
    # The largest counties first, so that no worker is left with one at the end.
    codes = sorted(only or counties(), key=lambda code: (-size[code], code))
    batches = [
        [Run(county_slug(code), notebook, {"county": code, "batch": batch, **of_county}) for code in batch]
        for batch in _batches(codes, size)
    ]
    result = BuildResult()
    exporter = PageExporter()
    titles = {county_slug(code): page_title(f"{counties()[code]} County", year) for code in codes}
    index: list[Executed] = []
    with click.progressbar(length=len(codes) + 1, label="County reports", file=sys.stderr) as bar:

        def write(executed: Executed) -> None:
            if executed.run.name == STATEWIDE:
                index.append(executed)
            else:
                _write_page(exporter, executed, titles[executed.run.name], output, result)
            bar.update(1)

        def statewide(pages: Collection[str]) -> Run:
            return Run(STATEWIDE, notebooks_folder() / "statewide.ipynb", {"pages": sorted(pages), **of_index})

        # The index takes as long as the pages of many counties. It is made first, on the assumption that all pages
        # will be there, so that no worker waits for another at the end; and anew if one is missing. It is written last.
        expected = {f"{name}.html" for name in titles} | _pages_of(year, output)
        try:
            execute_all([[statewide(expected)], *batches], jobs, write)
            if _pages_of(year, output) != expected:
                execute_all([[statewide(_pages_of(year, output))]], 1, write)
            _write_page(exporter, index[-1], page_title("California", year), output, result)
        except Stopped as stopped:
            result.stopped = stopped.signum
            return result
    result.others = {name: page_year for name, page_year in _years(output).items() if page_year != year}
    return result


def _write_manifest(text: str, output: Path, result: BuildResult) -> None:
    """Write the manifest, and sort what ``result`` lists."""
    try:
        write_file(output / MANIFEST, text)
    except OSError as error:
        result.failures.append(f"{MANIFEST}: {error.strerror}")
    result.pages.sort()
    result.failures.sort()


def _batches(codes: Sequence[str], size: Mapping[str, int]) -> list[list[str]]:
    """Counties to be derived in one run of the solver: few enough to spread batches evenly over the workers."""
    batches: list[list[str]] = [[]]
    for code in codes:
        if batches[-1] and sum(size[known] for known in (*batches[-1], code)) > BATCH_SIZE:
            batches.append([])
        batches[-1].append(code)
    return batches


def _pages_of(year: int, output: Path) -> set[str]:
    """The county pages in the folder that are of that Dashboard year."""
    return {name for name, page_year in _years(output).items() if page_year == year}


def _years(output: Path) -> dict[str, int | None]:
    """The county pages in the folder, each with the Dashboard year in its title; ``None`` if there is none."""
    return {path.name: _year_of(path) for path in sorted(output.glob("[0-9][0-9]-*.html"))}


def _year_of(page: Path) -> int | None:
    with page.open("rb") as file:
        title = _TITLE.search(file.read(4096))
    return None if title is None else int(title[1])


def _write_page(exporter: PageExporter, executed: Executed, title: str, output: Path, result: BuildResult) -> None:
    name = f"{executed.run.name}.html"
    if executed.notebook is None:
        result.failures.append(f"{name}: {executed.error}")
        return
    try:
        page = exporter.page(executed.notebook, title)
    except Exception as error:
        result.failures.append(f"{name}: {type(error).__name__}: {error}")
        return
    try:
        write_file(output / name, page)
    except OSError as error:
        result.failures.append(f"{name}: {error.strerror}")
        return
    result.pages.append(name)


def _manifest(rulebook: Rulebook, record: Record, request: PageRequest, output: Path) -> str:
    """From what the pages were made, and the hash of every page in the folder, of this run or an earlier one."""
    document = {
        "format": "pyreport manifest 2",
        "dashboard_year": request.year_on(record),
        "reading": request.reading,
        "as_of": request.as_of,
        "software": {"pyreport": version(DISTRIBUTION), "clingo": version("clingo"), "nbconvert": version("nbconvert")},
        "rules": {"fingerprint": rulebook.fingerprint, "files": rulebook.hashes},
        "facts": {
            "fingerprint": fingerprint(record),
            "publications": {f"{p.dashboard_year} {p.file}": p.sha256 for p in record.publications()},
        },
        "notebooks": {path.name: sha256_of(path) for path in sorted(notebooks_folder().glob("*.ipynb"))},
        "templates": {name: sha256_of(path) for name, path in template_files().items()},
        "pages": {
            path.name: {"sha256": sha256_of(path), "dashboard_year": _year_of(path)}
            for path in sorted(output.glob("*.html"))
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
