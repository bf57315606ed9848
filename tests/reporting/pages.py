"""Pages made once for all tests of this folder, and a look at their structure with the standard library alone."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from made_once import made_once

from pyreport.cli import main
from pyreport.evidence.model import Cell, LeaYear, Publication
from pyreport.evidence.record import Record
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.files.places import notebooks_folder, policy_folder
from pyreport.reporting import build as build_module
from pyreport.reporting.build import BuildResult, build
from pyreport.reporting.county_case import county_case
from pyreport.reporting.county_files import write_county
from pyreport.reporting.execute import Executed, Run
from pyreport.reporting.notebook_page import page_from
from pyreport.reporting.page_request import PageRequest
from pyreport.reporting.state_files import write_state
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.rulebook import Rulebook
from pyreport.verification import remaking

YEAR = 2025
ALPINE, LOS_ANGELES, MONTEREY = "02", "19", "27"
NAMES = {ALPINE: "02-alpine.html", LOS_ANGELES: "19-los-angeles.html", MONTEREY: "27-monterey.html"}
ALPINE_UNIFIED, MONTEREY_OFFICE = "02613330000000", "27102720000000"


@functools.cache
def rulebook() -> Rulebook:
    return load_rulebook(policy_folder())


@functools.cache
def record() -> Record:
    return read_record(record_folder())


def built(output: Path, *counties: str, year: int = YEAR, jobs: int = 1, case: tuple[str, ...] = ()) -> BuildResult:
    return build(rulebook(), record(), PageRequest(year, case=case), counties, output, jobs=jobs)


@contextlib.contextmanager
def without_kernels() -> Iterator[None]:
    """Pages are made, and made again, in this process: each kernel would read policy and record again.

    For tests of what is made. That kernels make the same bytes is tested in test_build.py, and they themselves are in
    test_execute.py.
    """
    with pytest.MonkeyPatch.context() as patch:
        for module in (build_module, remaking):
            patch.setattr(module, "execute_all", _in_this_process)
        yield


def _in_this_process(batches: Sequence[Sequence[Run]], _jobs: int, done: Callable[[Executed], None]) -> None:
    # A new kernel has no decision from before, of a proof that may have been changed.
    county_case.cache_clear()
    for run in (run for batch in batches for run in batch):
        try:
            exec(run.source, {})
        except Exception as error:
            done(Executed(run, f"{type(error).__name__}: {error}"))
        else:
            done(Executed(run, ""))


@functools.cache
def folder() -> Path:
    """The files of Alpine and Monterey, with the state's pages, as a run of all counties has them."""

    def make(place: Path) -> None:
        for county in (ALPINE, MONTEREY):
            write_county(str(place), county, PageRequest(YEAR))
        write_state(str(place), PageRequest(YEAR))

    return made_once(f"{YEAR}-pages", make)


def county_folder(county: str, year: int = YEAR) -> Path:
    """The files of one county, made once a test run. Nothing is to be written into it."""
    return made_once(f"{year}-{county}", lambda place: write_county(str(place), county, PageRequest(year)))


@functools.cache
def page(name: str) -> str:
    return (folder() / name).read_text(encoding="utf-8")


def report(*arguments: object) -> Result:
    """Run ``pyreport report``; an error that nobody turned into a message fails the test."""
    result = CliRunner().invoke(main, ["report", *map(str, arguments)], prog_name="pyreport")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


VOID = {"meta", "br", "link", "img", "input", "hr", "col", "wbr"}


@dataclass(repr=False, eq=False)
class Element:
    """An element of a page. ``parts`` are the elements and the pieces of text inside it, in their order."""

    tag: str
    attributes: Mapping[str, str]
    parent: Element | None
    parts: list[Element | str] = field(default_factory=list)

    @functools.cached_property
    def children(self) -> list[Element]:
        return [part for part in self.parts if isinstance(part, Element)]

    @functools.cached_property
    def text(self) -> str:
        """All text inside, also that of the elements inside."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    def all(self, *tags: str) -> list[Element]:
        """The elements of those tags inside this one, in the order of the page; every one if none is given."""
        found, waiting = [], self.children[::-1]
        while waiting:
            element = waiting.pop()
            if not tags or element.tag in tags:
                found.append(element)
            waiting += element.children[::-1]
        return found


class Tree(HTMLParser):
    """Reads a page strictly: every element that is opened is closed, in order; items may end with the next."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("", {}, None)
        self.feed(text)
        self.close()
        assert self.here is self.root, f"<{self.here.tag}> is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"<{tag}> has an attribute twice"
        if tag == self.here.tag == "li":
            self.here = self.here.parent
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.parts.append(element)
        if tag not in VOID:
            self.here = element

    def handle_endtag(self, tag: str) -> None:
        if self.here.tag == "li" and tag in ("ol", "ul"):
            self.here = self.here.parent
        assert tag == self.here.tag, f"</{tag}> closes <{self.here.tag}>"
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.parts.append(data)


@functools.cache
def tree(name: str) -> Element:
    return Tree(page(name)).root


def made_up(cds: str, name: str, letters: Mapping[str, str] | None = None, year: int = YEAR) -> LeaYear:
    """One LEA of a file that nobody published."""
    columns = {"cds": "A", "name": "B", **dict.fromkeys(letters or {}, "C")}
    publication = Publication(year, "A <made-up> file & more", "", "made-up.csv", "", "0" * 64, columns)
    return LeaYear(
        year=year,
        cds=Cell(cds, publication, "A", 2),
        name=Cell(name, publication, "B", 2),
        letters={group: Cell(letter, publication, "C", 2) for group, letter in (letters or {}).items()},
        methods={},
    )


def shown(name: str, **parameters: object) -> str:
    """The page of a notebook."""
    return page_from(notebooks_folder() / name, parameters)
