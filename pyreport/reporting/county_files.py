"""All files of one county: its overview, the pages of its LEAs, its proof, its data and its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pyreport.files.places import notebooks_folder
from pyreport.reporting.county_case import CountyCase, county_case
from pyreport.reporting.county_data import county_csv, county_json, county_workbook
from pyreport.reporting.county_page import CountyPage
from pyreport.reporting.notebook_page import page_from
from pyreport.reporting.page_request import PageRequest

__all__ = ["county_files", "write_county"]


def write_county(
    folder: str,
    county: str,
    request: PageRequest,
    *,
    batch: tuple[str, ...] = (),
    graph: str | None = None,
) -> None:
    """Write the files of a county into a folder; the arguments are those of ``county_case``.

    Raises:
        YearNotEncoded, PolicyError, EvidenceError, ProofError, OSError: As their modules say.
    """
    # The notebooks name the request in their parameters: an equal one, so that they get the same decision.
    request = PageRequest.of_parameters(**request.parameters())
    case = county_case(county, request, batch=batch, graph=graph)
    asked = {**request.parameters(), "batch": list(batch), "graph": graph}
    for name, content in county_files(case, asked):
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def county_files(case: CountyCase, asked: dict[str, object]) -> Iterator[tuple[str, bytes]]:
    """The path of each file among those of a run, and its content; ``asked`` are the parameters of the notebooks."""
    notebooks = notebooks_folder()
    yield f"{case.slug}.html", page_from(notebooks / "county.ipynb", {"county": case.code, **asked}).encode()
    for row in case.rows:
        if row.cds[:2] != case.code:
            # A charter school that is located here: its page is among those of the county of its code.
            continue
        yield f"lea/{row.cds}.html", page_from(notebooks / "lea.ipynb", {"lea": row.cds, **asked}).encode()
    yield f"proof/{case.slug}.json.gz", case.proof.packed()
    yield f"data/{case.slug}.csv", county_csv(case).encode()
    yield f"data/{case.slug}.json", county_json(case).encode()
    yield f"data/{case.slug}.xlsx", county_workbook(case)
    yield f"figures/{case.slug}.svg", CountyPage(case).bars(alone=True).encode()
