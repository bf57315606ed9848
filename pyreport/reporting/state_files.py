"""The files of the whole state: the index with its pictures, the sources and the law."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pyreport.evidence.counties import counties, county_slug
from pyreport.files.places import notebooks_folder
from pyreport.reporting.notebook_page import page_from
from pyreport.reporting.page_inputs import record_of
from pyreport.reporting.page_request import PageRequest
from pyreport.reporting.pictures import pictures
from pyreport.reporting.rulebook_site import rulebook_pages

__all__ = ["write_state"]


def write_state(folder: str, request: PageRequest, without: Sequence[str] = ()) -> None:
    """Write the state's pages into a folder.

    Args:
        folder: The folder, which is made.
        request: What the pages are asked for; they say nothing as of a date.
        without: Codes of the counties of which there are no pages to link.

    Raises:
        YearNotEncoded, PolicyError, EvidenceError, ProofError, OSError: As their modules say.
    """
    notebooks, place = notebooks_folder(), Path(folder)
    asked = {name: value for name, value in request.parameters().items() if name != "as_of"}
    record, year = record_of(request.evidence), request.year
    linked = [code for code in counties() if code not in without]
    pages = [f"{county_slug(code)}.html" for code in linked]
    pages += sorted(f"lea/{cds}.html" for known, cds in record.lea_years if known == year and cds[:2] in linked)
    pages += ["index.html", "law.html", "sources.html", "figures/flows.svg", "figures/map.svg"]
    place.mkdir(parents=True, exist_ok=True)
    for name, notebook in (("index.html", "statewide.ipynb"), ("sources.html", "sources.ipynb")):
        html = page_from(notebooks / notebook, {**asked, "pages": pages})
        (place / name).write_bytes(html.encode())
        for kind, picture in pictures(html):
            path = place / "figures" / f"{kind}.svg"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(picture.encode())
    for page in rulebook_pages(policy=request.policy):
        path = place / page.name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(page.html().encode())
