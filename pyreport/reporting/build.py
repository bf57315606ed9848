"""Make all files of a Dashboard year: county by county, then the state's pages, the archives and the manifest.

Kernels write into a folder of the run; from there each file is moved to its place when its county is whole.
"""

from __future__ import annotations

import json
import os
import re
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

import click

from pyreport.evidence.counties import counties, county_slug
from pyreport.evidence.record import Record
from pyreport.evidence.record_writing import fingerprint
from pyreport.files.fingerprints import fingerprint_of, sha256_of
from pyreport.files.locks import lock, scratch_folder
from pyreport.files.places import DISTRIBUTION, notebooks_folder
from pyreport.files.writing import move_file, write_file
from pyreport.reporting.county_decisions import county_inputs
from pyreport.reporting.execute import Executed, Run, Stopped, execute_all
from pyreport.reporting.kernel_runs import run_of
from pyreport.reporting.layout import program_files, template_files
from pyreport.reporting.page_request import PageRequest
from pyreport.reporting.rendering import rendered
from pyreport.reporting.unchanged import FORMAT, MANIFEST, manifest_in
from pyreport.rulebook.rulebook import Rulebook

__all__ = ["BuildResult", "build"]

STATE = "index"
INDEX = "index.html"
STATE_PICTURES = ("figures/flows.svg", "figures/map.svg")
STATE_PAGES = (INDEX, "law.html", "sources.html")
_TITLE = re.compile("<title>[^<]* – ([0-9]{4}) Dashboard – ".encode())
"""The title of a page, as ``page_title`` makes it."""
BATCH_SIZE = 120
"""The most LEAs of the counties that are derived in one run of the solver; a larger county is derived alone."""
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass
class BuildResult:
    """The result of a run.

    Attributes:
        counties: The codes of the counties whose files were written, sorted.
        unchanged: The codes of those whose files were there already, made from the same.
        state: Whether the state's pages are as they have to be.
        failures: What was not written, each with the reason, sorted.
        others: County pages in the folder that the index does not link, with the Dashboard year of each, or ``None``
            where its title names none.
        stopped: The number of the signal that ended the run early, if one did.
    """

    counties: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    state: bool = False
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
    asked: str | None = None,
) -> BuildResult:
    """Write the files of a Dashboard year into a folder; what is there already, made from the same, stays.

    Every file is written completely or not at all: where a county fails, its files of an earlier run stay.

    Args:
        rulebook: The rules.
        record: The facts.
        request: What the pages are asked for.
        only: Codes of the counties to make, without the state's pages; all, and those, if empty.
        output: The folder; other files in it stay.
        jobs: Counties made at the same time; as many as the machine has processors if ``None``.
        asked: The hash of all on which the run depends (``asked_hash``), for the manifest.

    Raises:
        Held: Another run writes into the folder.
        OSError: The folder cannot be made, or no kernel be started. A file that cannot be written is a failure.
    """
    # Absolute, since kernels, which write into it, run elsewhere.
    output = output.resolve()
    output.mkdir(parents=True, exist_ok=True)
    with lock(output, "another run of `pyreport report` writes into this folder"):
        run = _Build(rulebook, record, request, output, only)
        run.asked = asked
        with scratch_folder(output) as folder:
            run.write(folder, jobs or os.cpu_count() or 1)
        return run.result


class _Build:
    def __init__(
        self, rulebook: Rulebook, record: Record, request: PageRequest, output: Path, only: Sequence[str]
    ) -> None:
        self.rulebook, self.record, self.output = rulebook, record, output
        self.result = BuildResult()
        self.asked: str | None = None
        self.year = request.year_on(record)
        self.request = replace(request, year=self.year)
        self.whole = not only
        self.codes = list(only or counties())
        self.before = manifest_in(output)
        self.archives: dict[str, str] = dict(self.before.get("archives", {}))
        self.program = fingerprint_of(program_files())
        inputs = county_inputs(self.codes, request)
        self.inputs = {code: f"{self.program} {facts}" for code, facts in inputs.items()}

    def write(self, folder: Path, jobs: int) -> None:
        """Write all files by way of ``folder``."""
        result = self.result
        changed = [code for code in self.codes if not self._is_unchanged(code)]
        result.unchanged = sorted(set(self.codes) - set(changed))
        size = {
            code: sum(1 for known, cds in self.record.lea_years if known == self.year and cds[:2] == code)
            for code in changed
        }
        # The largest counties first, so that no worker is left with one at the end.
        batches = _batches(sorted(changed, key=lambda code: (-size[code], code)), size)
        runs = [[self._county_run(code, batch, folder) for code in batch] for batch in batches]
        stale = self.whole and not (not changed and self._is_unchanged(STATE))
        if stale:
            # It takes as long as many counties. It is made first, so that no worker waits for it at the end.
            runs.insert(0, [self._state_run(folder)])
        with click.progressbar(length=sum(map(len, runs)), label="County reports", file=sys.stderr) as bar:

            def done(executed: Executed) -> None:
                self._move(executed, folder)
                bar.update(1)

            try:
                if runs:
                    execute_all(runs, jobs, done)
                missing = [code for code in self.codes if not (self.output / f"{county_slug(code)}.html").exists()]
                if stale and missing:
                    # The index was made on the assumption that all pages would be there.
                    execute_all([[self._state_run(folder, missing)]], 1, done)
            except Stopped as stopped:
                result.stopped = stopped.signum
                return
        self._remove_stale_pages()
        result.state = self.whole and not any(failure.startswith(f"{STATE}:") for failure in result.failures)
        damaged = [code for code in self.codes if _hash(self.output / _archive_name(code)) != self._archived(code)]
        self._archive(self.codes if stale else sorted({*result.counties, *damaged}))
        years = _years(self.output)
        result.others = {name: year for name, year in years.items() if year != self.year}
        self._write_manifest()
        result.counties.sort()
        result.failures.sort()

    def _county_run(self, code: str, batch: Sequence[str], folder: Path) -> Run:
        slug = county_slug(code)
        arguments = {"folder": str(folder / slug), "county": code, "batch": tuple(batch)}
        return run_of(slug, "county_files", "write_county", self.request, **arguments)

    def _state_run(self, folder: Path, without: Sequence[str] = ()) -> Run:
        return run_of(STATE, "state_files", "write_state", self.request, folder=str(folder / STATE), without=without)

    def _move(self, executed: Executed, folder: Path) -> None:
        """Move the files of a run to their places, the pages last: what they link is there when they are."""
        name, made = executed.run.name, folder / executed.run.name
        if executed.error:
            self.result.failures.append(f"{name}: {executed.error}")
            return
        files = sorted((path for path in made.rglob("*") if path.is_file()), key=_links_nothing_first)
        if not files:
            self.result.failures.append(f"{name}: nothing was written")
            return
        try:
            for path in files:
                move_file(path, self.output / path.relative_to(made))
        except OSError as error:
            self.result.failures.append(f"{name}: {error.strerror or error}")
            return
        if name != STATE:
            self.result.counties.append(name[:2])

    def _remove_stale_pages(self) -> None:
        """Remove the pages of LEAs of counties made in this run that are not of this year."""
        known = {cds for year, cds in self.record.lea_years if year == self.year}
        for path in (self.output / "lea").glob("*.html"):
            if path.name[:2] in self.result.counties and path.stem not in known and _year_of(path) != self.year:
                path.unlink()

    def _archive(self, codes: Iterable[str]) -> None:
        """Write for each county an archive of its files, with the pages on law and sources that they link.

        The page of the whole state, which leads to every county, has a short one of the county in its place.
        """
        shared = [path for path in self._files(STATE) if path.suffix == ".html" and path.name != INDEX]
        for code in codes:
            if not (self.output / f"{county_slug(code)}.html").exists():
                continue
            try:
                with scratch_folder(self.output) as folder:
                    archive = folder / _archive_name(code)
                    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as files:
                        paths = [path for path in [*self._files(code), *shared] if path.exists()]
                        content = {path.relative_to(self.output).as_posix(): path.read_bytes() for path in paths}
                        content[INDEX] = self._first_page(code).encode()
                        for name, data in sorted(content.items()):
                            files.writestr(zipfile.ZipInfo(name, _ZIP_DATE), data, zipfile.ZIP_DEFLATED)
                    self.archives[archive.name] = sha256_of(archive)
                    move_file(archive, self.output / archive.name)
            except OSError as error:
                self.result.failures.append(f"{_archive_name(code)}: {error.strerror or error}")

    def _first_page(self, code: str) -> str:
        """The first page of a county's archive."""
        return rendered("archive.html.j2", "first_page", counties()[code], county_slug(code), self.year).text

    def _archived(self, code: str) -> str | None:
        """The hash of the archive of a county that an earlier run wrote."""
        return self.archives.get(_archive_name(code))

    def _is_unchanged(self, name: str) -> bool:
        """Whether the files of a county, by its code, or of the state are there as the manifest has them."""
        entry = self.before.get("made", {}).get(name)
        if not entry or entry["from"] != self._from(name):
            return False
        return all(_hash(self.output / path) == sha256 for path, sha256 in entry["files"].items())

    def _from(self, name: str) -> str:
        """What the files of a county or of the state are made from, as a hash."""
        if name == STATE:
            return fingerprint_of(self.inputs)
        return self.inputs[name]

    def _files(self, name: str) -> list[Path]:
        if name == STATE:
            paths = [self.output / page for page in STATE_PAGES]
            paths += [self.output / picture for picture in STATE_PICTURES]
            return [*paths, *sorted((self.output / "rulebook").glob("*.html"))]
        slug = county_slug(name)
        return [
            self.output / f"{slug}.html",
            *sorted((self.output / "lea").glob(f"{name}*.html")),
            *(self.output / place for place in (f"proof/{slug}.json.gz", f"data/{slug}.csv", f"data/{slug}.json")),
            *(self.output / place for place in (f"data/{slug}.xlsx", f"figures/{slug}.svg")),
        ]

    def _entry(self, name: str) -> dict[str, object]:
        files = {
            path.relative_to(self.output).as_posix(): sha256_of(path) for path in self._files(name) if path.exists()
        }
        return {"from": self._from(name), "dashboard_year": self.year, "files": files}

    def _write_manifest(self) -> None:
        """Write from what the files were made, and the hash of each, of this run or an earlier one."""
        made = dict(self.before.get("made", {}))
        names = [*self.result.counties, *([STATE] if self.result.state else [])]
        made |= {name: self._entry(name) for name in names}
        document = {
            "format": FORMAT,
            "asked": self.asked if not self.result.failures else None,
            "dashboard_year": self.year,
            "reading": self.request.reading,
            "as_of": self.request.as_of,
            "software": {name: version(name) for name in ("clingo", "nbconvert", "XlsxWriter", DISTRIBUTION)},
            "rules": {"fingerprint": self.rulebook.fingerprint, "files": self.rulebook.hashes},
            "facts": {
                "fingerprint": fingerprint(self.record),
                "publications": {f"{p.dashboard_year} {p.file}": p.sha256 for p in self.record.publications()},
            },
            "notebooks": {path.name: sha256_of(path) for path in sorted(notebooks_folder().glob("*.ipynb"))},
            "templates": {name: sha256_of(path) for name, path in template_files().items()},
            "made": made,
            "archives": self.archives,
        }
        try:
            write_file(
                self.output / MANIFEST, json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
            )
        except OSError as error:
            self.result.failures.append(f"{MANIFEST}: {error.strerror}")


def _links_nothing_first(path: Path) -> tuple[bool, bool, str]:
    return path.suffix == ".html", path.parent.name != "lea", str(path)


def _archive_name(code: str) -> str:
    return f"{county_slug(code)}.zip"


def _hash(path: Path) -> str | None:
    try:
        return sha256_of(path)
    except OSError:
        return None


def _batches(codes: Sequence[str], size: Mapping[str, int]) -> list[list[str]]:
    """Counties to be derived in one run of the solver: few enough to spread batches evenly over the workers."""
    batches: list[list[str]] = []
    for code in codes:
        if not batches or sum(size[known] for known in (*batches[-1], code)) > BATCH_SIZE:
            batches.append([])
        batches[-1].append(code)
    return batches


def _years(output: Path) -> dict[str, int | None]:
    """The county pages in the folder, each with the Dashboard year in its title; ``None`` if there is none."""
    return {path.name: _year_of(path) for path in sorted(output.glob("[0-9][0-9]-*.html"))}


def _year_of(page: Path) -> int | None:
    with page.open("rb") as file:
        title = _TITLE.search(file.read(4096))
    return None if title is None else int(title[1])
