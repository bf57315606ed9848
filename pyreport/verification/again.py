"""Make county pages again, each from the graph that it carries, and name the first difference.

A page is a function of its graph, the policy, the notebook and the templates. So a page shows what its graph says if
and only if the page made again is the same, byte for byte: the checker need not understand the page.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyreport.evidence.counties import counties
from pyreport.files.locks import scratch_folder
from pyreport.files.places import notebooks_folder
from pyreport.proof.packing import are_packed_alike
from pyreport.reporting.execute import Executed, Run, execute_all
from pyreport.reporting.export import PageExporter, page_title

__all__ = ["PageToMake", "difference", "make_again"]

_HEADING = re.compile(r"<h([1-4])[^>]*>(.*?)</h\1>", re.DOTALL)
_MARKUP = re.compile(r"<[^>]*>")
AROUND = 60
"""Characters shown from the first difference on."""


@dataclass(frozen=True)
class PageToMake:
    """A page to be made again: its text, the packed graph in it, and the graph's county, Dashboard year and reading."""

    path: Path
    packed: str
    county: str
    year: int
    reading: str | None


def make_again(
    pages: Sequence[PageToMake], policy: Path, jobs: int, done: Callable[[PageToMake, str | None], None]
) -> None:
    """Make pages again and hand to ``done`` the first difference of each, ``None`` where there is none.

    Args:
        pages: The pages, whose graphs were checked.
        policy: The folder of the policy.
        jobs: Pages made at the same time.
        done: Called once for each page, from several threads, in any order.
    """
    exporter = PageExporter()
    with scratch_folder() as folder:
        runs = []
        for number, page in enumerate(pages):
            graph = folder / f"{number}.graph"
            graph.write_text(page.packed, encoding="ascii")
            parameters = {
                "county": page.county,
                "year": page.year,
                "reading": page.reading,
                "graph": str(graph),
                "policy": str(policy.resolve()),
            }
            runs.append([Run(str(number), notebooks_folder() / "county.ipynb", parameters)])

        def compare(executed: Executed) -> None:
            page = pages[int(executed.run.name)]
            if executed.notebook is None:
                done(page, f"it cannot be made again from its graph: {executed.error}")
                return
            made = exporter.page(executed.notebook, page_title(f"{counties()[page.county]} County", page.year))
            done(page, difference(page.path.read_bytes(), made, page.packed))

        execute_all(runs, jobs, compare)


def difference(stated: bytes, made: str, packed: str) -> str | None:
    """The first difference between a page and the page made again, in words, or ``None``.

    Args:
        stated: The page.
        made: The page made again from its graph.
        packed: The packed graph in ``stated``. Another build of zlib packs the same graph differently.
    """
    text = stated.decode("utf-8")
    packed_again = made.partition('id="graph">\n')[2].partition("\n</script>")[0]
    made = made.replace(packed_again, packed)
    if text == made:
        if are_packed_alike(packed_again, packed):
            return None
        return "the graph that it carries is not written as this program writes it: it has another order, or more in it"
    place = next((at for at, (before, after) in enumerate(zip(text, made, strict=False)) if before != after), None)
    if place is None:
        place = min(len(text), len(made))
    headings = [_words(heading[2]) for heading in _HEADING.finditer(made[:place])]
    under = f", under the heading “{headings[-1]}”" if headings else ""
    line = made.count("\n", 0, place) + 1
    return (
        f"line {line}{under}: the page has {_excerpt(text, place)}; "
        f"made again from its graph it has {_excerpt(made, place)}"
    )


def _excerpt(text: str, place: int) -> str:
    """The text of a page from a place on, from the beginning of the word there, in quotation marks."""
    if place == len(text):
        return "nothing more"
    # From the beginning of the word, so that a figure or a name that was changed is read whole.
    start = max(text.rfind(mark, 0, place) for mark in ' \n>"') + 1
    return repr(text[start : place + AROUND])


def _words(markup: str) -> str:
    return " ".join(html.unescape(_MARKUP.sub("", markup)).split())
