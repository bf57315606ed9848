"""The notebook and templates of county pages: a page names their hashes, so that it can be made again."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from pyreport.files.places import notebooks_folder

__all__ = ["TEMPLATES", "county_layout"]

TEMPLATES = Path(__file__).parent / "templates"
_COUNTY = ("county.html.j2", "page")


@cache
def county_layout() -> dict[str, str]:
    """The SHA-256 of the county notebook and of each file of its templates, by path."""
    files = {"notebooks/county.ipynb": notebooks_folder() / "county.ipynb"}
    for path in sorted(TEMPLATES.rglob("*")):
        name = path.relative_to(TEMPLATES).as_posix()
        if path.is_file() and name.partition("/")[0] in _COUNTY:
            files[f"templates/{name}"] = path
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
