"""The notebook and templates of county pages: a page names their hashes, so that it can be made again."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pyreport.files.fingerprints import sha256_of
from pyreport.files.places import notebooks_folder

__all__ = ["TEMPLATES", "county_layout", "template_files"]

TEMPLATES = Path(__file__).parent / "templates"
_COUNTY = ("county.html.j2", "page")


def template_files() -> dict[str, Path]:
    """The files of all templates by their paths among them, sorted."""
    return {path.relative_to(TEMPLATES).as_posix(): path for path in sorted(TEMPLATES.rglob("*")) if path.is_file()}


@cache
def county_layout() -> dict[str, str]:
    """The SHA-256 of the county notebook and of each file of its templates, by path."""
    files = {"notebooks/county.ipynb": notebooks_folder() / "county.ipynb"}
    files |= {f"templates/{name}": path for name, path in template_files().items() if name.partition("/")[0] in _COUNTY}
    return {name: sha256_of(path) for name, path in files.items()}
