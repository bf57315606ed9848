"""Notebooks whose index decides a few counties.

Most of the time of a report of one county goes into the index, which counts the whole state. Tests that look at
something else are given these; the real index is made for ``reporting.pages.folder``.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from made_once import made_once

from pyreport.files.places import notebooks_folder

FEW = ("02", "26", "58")
_LIMIT = f"""\
from functools import partial
from pyreport.reporting import statewide
statewide.decide = partial(statewide.decide, only={set(FEW)!r})
"""


def quick_notebooks() -> Path:
    """A copy of the notebooks, made once a test run. Nothing is to be written into it."""

    def make(place: Path) -> None:
        shutil.copytree(notebooks_folder(), place)
        path = place / "statewide.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        (cell,) = (one for one in notebook["cells"] if one["id"] == "page")
        cell["source"] = [*_LIMIT.splitlines(keepends=True), *cell["source"]]
        path.write_text(json.dumps(notebook), encoding="utf-8")

    return made_once("notebooks-with-a-quick-index", make)
