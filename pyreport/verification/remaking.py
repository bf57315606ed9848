"""Make the files of counties again, each county from its proof, and name the first difference of each file.

A county's files are a function of its proof, the policy, the notebooks and the templates. So a page shows what its
proof says if and only if the page made again is the same, byte for byte: the checker need not understand the page.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyreport.files.locks import scratch_folder
from pyreport.reporting.execute import Executed, execute_all
from pyreport.reporting.kernel_runs import run_of
from pyreport.reporting.page_request import PageRequest

__all__ = ["CountyToMake", "difference", "make_again"]

_HEADING = re.compile(r"<h([1-4])[^>]*>(.*?)</h\1>", re.DOTALL)
_MARKUP = re.compile(r"<[^>]*>")
AROUND = 60
"""Characters shown from the first difference on."""


@dataclass(frozen=True)
class CountyToMake:
    """A county whose files are to be made again: its proof's file, and the county, Dashboard year and reading of it."""

    proof: Path
    county: str
    year: int
    reading: str | None


def make_again(
    made: Sequence[CountyToMake], policy: Path, jobs: int, done: Callable[[CountyToMake, Path | None, str], None]
) -> None:
    """Make the files of counties again and hand to ``done`` the folder of each, or ``None`` and the reason.

    Args:
        made: The counties, whose proofs were checked.
        policy: The folder of the policy.
        jobs: Counties made at the same time.
        done: Called once for each county, from several threads, in any order; the folder is removed after that.
    """
    with scratch_folder() as folder:
        runs = []
        for number, one in enumerate(made):
            request = PageRequest(year=one.year, reading=one.reading, policy=str(policy))
            arguments = {"folder": str(folder / str(number)), "county": one.county, "graph": str(one.proof.resolve())}
            runs.append([run_of(str(number), "county_files", "write_county", request, **arguments)])

        def compare(executed: Executed) -> None:
            number = int(executed.run.name)
            done(made[number], None if executed.error else folder / executed.run.name, executed.error)

        execute_all(runs, jobs, compare)


def difference(stated: bytes, made: bytes, *, archive: bool = False) -> str | None:
    """The first difference between a file and the file made again, in words, or ``None``.

    Args:
        stated: The file.
        made: The file made again from its proof.
        archive: Whether both are workbooks or other archives: another build of zlib packs the same content differently.
    """
    if stated == made:
        return None
    if archive:
        return _difference_of_archives(stated, made)
    text, again = stated.decode("utf-8", "replace"), made.decode("utf-8", "replace")
    place = next((at for at, (before, after) in enumerate(zip(text, again, strict=False)) if before != after), None)
    if place is None:
        place = min(len(text), len(again))
    headings = [_words(heading[2]) for heading in _HEADING.finditer(again[:place])]
    under = f", under the heading “{headings[-1]}”" if headings else ""
    line = again.count("\n", 0, place) + 1
    return (
        f"line {line}{under}: the file has {_excerpt(text, place)}; made again from its proof it has "
        f"{_excerpt(again, place)}"
    )


def _difference_of_archives(stated: bytes, made: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(stated)) as before, zipfile.ZipFile(io.BytesIO(made)) as after:
            if before.namelist() != after.namelist():
                return "it has other parts than the file made again from its proof"
            for name, member in zip(after.namelist(), before.infolist(), strict=True):
                # No more is unpacked than the file made again has.
                if member.file_size != after.getinfo(name).file_size or before.read(member) != after.read(name):
                    return f"its part {name} is another than in the file made again from its proof"
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError) as error:
        return f"it cannot be unpacked ({error})"
    return None


def _excerpt(text: str, place: int) -> str:
    """The text of a page from a place on, from the beginning of the word there, in quotation marks."""
    if place == len(text):
        return "nothing more"
    # From the beginning of the word, so that a figure or a name that was changed is read whole.
    start = max(text.rfind(mark, 0, place) for mark in ' \n>"') + 1
    return repr(text[start : place + AROUND])


def _words(markup: str) -> str:
    return " ".join(html.unescape(_MARKUP.sub("", markup)).split())
