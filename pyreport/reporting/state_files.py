"""The pages of the whole state: the index, the law and the sources."""

from __future__ import annotations

from pathlib import Path

from pyreport.files.places import notebooks_folder
from pyreport.reporting.notebook_page import page_from
from pyreport.reporting.page_request import PageRequest

__all__ = ["write_state"]


def write_state(folder: str, request: PageRequest) -> None:
    """Write the state's pages into a folder.

    Raises:
        YearNotEncoded, PolicyError, EvidenceError, ProofError, OSError: As their modules say.
    """
    asked = {name: value for name, value in request.parameters().items() if name != "as_of"}
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    (place / "index.html").write_bytes(page_from(notebooks_folder() / "statewide.ipynb", asked).encode())
