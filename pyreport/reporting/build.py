"""Make all pages of a Dashboard year: county by county from the notebook, then the index and the manifest."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from pyreport.evidence.counties import counties, county_slug
from pyreport.evidence.readers.given import Given
from pyreport.evidence.record import Record
from pyreport.evidence.record_writing import fingerprint
from pyreport.files.locks import lock
from pyreport.files.places import DISTRIBUTION, notebooks_folder
from pyreport.files.writing import write_file
from pyreport.reporting.execute import Executed, Run, Stopped, execute_all
from pyreport.reporting.export import PageExporter, page_title
from pyreport.rulebook.rulebook import Rulebook

__all__ = ["BuildResult", "build"]

MANIFEST = "manifest.json"
STATEWIDE = "index"
_TITLE = re.compile("<title>[^<]* – ([0-9]{4}) Dashboard – ".encode())
"""As ``build`` titles its pages."""
TOGETHER = 60
"""The most LEAs of counties that are derived at once; a larger county stays alone."""


@dataclass
class BuildResult:
    """What came of it.

    ``pages`` are the names of the files written, ``failures`` those that were not, each with the reason, both sorted.
    ``others`` are county pages in the folder that the index does not link, with the Dashboard year of each or ``None``
    where it says none. ``stopped`` is the signal that ended it early, if one did.
    """

    pages: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    others: dict[str, int | None] = field(default_factory=dict)
    stopped: int | None = None


def build(
    rulebook: Rulebook,
    record: Record,
    year: int,
    only: Sequence[str],
    output: Path,
    *,
    jobs: int | None = None,
    evidence: Given = Given(),  # noqa: B008  (a value that never changes)
    case: Sequence[Path] = (),
    reading: str | None = None,
    as_of: int | None = None,
) -> BuildResult:
    """Write the pages of ``year`` into ``output``.

    Args:
        rulebook: The rules, for the manifest; the notebooks load them anew.
        record: The facts, likewise.
        year: Dashboard year.
        only: Codes of the counties to make; all if empty. The index always counts the whole state.
        output: The folder; other files in it stay.
        jobs: Pages made at the same time.
        evidence: What is given beside the record.
        case: Files of case facts.
        reading: The name of an alternative reading of the law.
        as_of: The date, YYYYMMDD, as of which pages say what follows from eligibility.

    Every page is written at once or not at all: a county that fails keeps its last good page.

    Raises:
        Held: Another run writes into the folder.
        OSError: The folder cannot be made, or no kernel be started. A page that cannot be written is a failure.
    """
    output.mkdir(parents=True, exist_ok=True)
    with lock(output, "another run of `pyreport report` writes into this folder"):
        return _build(rulebook, record, year, only, output, jobs, evidence, case, reading, as_of)


def _build(
    rulebook: Rulebook,
    record: Record,
    year: int,
    only: Sequence[str],
    output: Path,
    jobs: int | None,
    evidence: Given,
    case: Sequence[Path],
    reading: str | None,
    as_of: int | None,
) -> BuildResult:
    common: dict[str, Any] = {
        "year": year,
        "evidence": [str(Path(path).resolve()) for path in evidence.files],
        "without": list(evidence.without),
        "complete": list(evidence.complete),
        "case": [str(path.resolve()) for path in case],
        "reading": reading,
    }
    notebook = notebooks_folder() / "county.ipynb"
    size = {code: sum(1 for known, cds in record.lea_years if known == year and cds[:2] == code) for code in counties()}
    # The largest counties first, so that no worker is left with one at the end.
    codes = sorted(only or counties(), key=lambda code: (-size[code], code))
    batches = [
        [
            Run(county_slug(code), notebook, {"county": code, "together": batch, "as_of": as_of, **common})
            for code in batch
        ]
        for batch in _batches(codes, size)
    ]
    result = BuildResult()
    exporter = PageExporter()
    titles = {county_slug(code): page_title(f"{counties()[code]} County", year) for code in codes}
    index: list[Executed] = []
    with click.progressbar(length=len(codes) + 1, label="County reports", file=sys.stderr) as bar:

        def done(executed: Executed) -> None:
            if executed.run.name == STATEWIDE:
                index.append(executed)
            else:
                _write_page(exporter, executed, titles[executed.run.name], output, result)
            bar.update(1)

        def statewide(pages: Collection[str]) -> Run:
            return Run(STATEWIDE, notebooks_folder() / "statewide.ipynb", {"pages": sorted(pages), **common})

        # The index takes as long as the pages of many counties. It is made first, on the assumption that all pages
        # will be there, so that no worker waits for another at the end; and anew if one is missing. It is written last.
        expected = {f"{name}.html" for name in titles} | _pages_of(year, output)
        try:
            execute_all([[statewide(expected)], *batches], jobs or os.cpu_count() or 1, done)
            if _pages_of(year, output) != expected:
                execute_all([[statewide(_pages_of(year, output))]], 1, done)
            _write_page(exporter, index[-1], page_title("California", year), output, result)
        except Stopped as stopped:
            result.stopped = stopped.signum
            return result
    result.others = {name: of for name, of in _years(output).items() if of != year}
    try:
        write_file(output / MANIFEST, _manifest(rulebook, record, year, reading, as_of, output))
    except OSError as error:
        result.failures.append(f"{MANIFEST}: {error.strerror}")
    result.pages.sort()
    result.failures.sort()
    return result


def _batches(codes: Sequence[str], size: Mapping[str, int]) -> list[list[str]]:
    """Counties to be derived at once: few enough that the batches are spread evenly over the workers."""
    batches: list[list[str]] = [[]]
    for code in codes:
        if batches[-1] and sum(size[one] for one in (*batches[-1], code)) > TOGETHER:
            batches.append([])
        batches[-1].append(code)
    return batches


def _pages_of(year: int, output: Path) -> set[str]:
    """The county pages in the folder that are of that Dashboard year."""
    return {name for name, of in _years(output).items() if of == year}


def _years(output: Path) -> dict[str, int | None]:
    """The county pages in the folder, each with the Dashboard year in its title; ``None`` if there is none."""
    return {path.name: _year_of(path) for path in sorted(output.glob("[0-9][0-9]-*.html"))}


def _year_of(page: Path) -> int | None:
    with page.open("rb") as file:
        found = _TITLE.search(file.read(4096))
    return None if found is None else int(found[1])


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


def _manifest(
    rulebook: Rulebook, record: Record, year: int, reading: str | None, as_of: int | None, output: Path
) -> str:
    """What the pages were made from, and their hashes: every page in the folder, made now or before."""
    template = Path(__file__).parent / "templates"
    document = {
        "format": "pyreport manifest 2",
        "dashboard_year": year,
        "reading": reading,
        "as_of": as_of,
        "software": {"pyreport": version(DISTRIBUTION), "clingo": version("clingo"), "nbconvert": version("nbconvert")},
        "rules": {"fingerprint": rulebook.fingerprint, "files": rulebook.hashes},
        "facts": {
            "fingerprint": fingerprint(record),
            "publications": {f"{p.dashboard_year} {p.file}": p.sha256 for p in record.publications()},
        },
        "notebooks": {path.name: _digest(path) for path in sorted(notebooks_folder().glob("*.ipynb"))},
        "templates": {
            path.relative_to(template).as_posix(): _digest(path)
            for path in sorted(template.rglob("*"))
            if path.is_file()
        },
        "pages": {
            path.name: {"sha256": _digest(path), "dashboard_year": _year_of(path)}
            for path in sorted(output.glob("*.html"))
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
