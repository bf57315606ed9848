"""The notebooks and templates of pages: a proof names the hashes of its county's, so that they can be made again."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pyreport.files.fingerprints import sha256_of
from pyreport.files.places import notebooks_folder

__all__ = ["TEMPLATES", "county_layout", "program_files", "template_files"]

TEMPLATES = Path(__file__).parent / "templates"
_TEMPLATES_OF_COUNTIES = ("county.html.j2", "lea.html.j2", "page")
_NOTEBOOKS_OF_COUNTIES = ("county.ipynb", "lea.ipynb")


def template_files() -> dict[str, Path]:
    """The files of all templates by their paths among them, sorted."""
    return {path.relative_to(TEMPLATES).as_posix(): path for path in sorted(TEMPLATES.rglob("*")) if path.is_file()}


@cache
def program_files() -> dict[str, str]:
    """The SHA-256 of every file of the program and its notebooks, by path: what pages look like depends on them."""
    package = Path(__file__).parents[1]
    kinds = (".py", ".j2", ".css", ".json", ".toml", ".csv", ".yaml")
    record = package / "record"
    files = [path for path in package.rglob("*") if path.suffix in kinds and record not in path.parents]
    notebooks = notebooks_folder().glob("*.ipynb")
    return {
        **{path.relative_to(package).as_posix(): sha256_of(path) for path in sorted(files)},
        **{f"notebooks/{path.name}": sha256_of(path) for path in sorted(notebooks)},
    }


@cache
def county_layout() -> dict[str, str]:
    """The SHA-256 of the notebooks of a county and its LEAs, and of each file of their templates, by path."""
    files = {f"notebooks/{name}": notebooks_folder() / name for name in _NOTEBOOKS_OF_COUNTIES}
    files |= {
        f"templates/{name}": path
        for name, path in template_files().items()
        if name.partition("/")[0] in _TEMPLATES_OF_COUNTIES
    }
    return {name: sha256_of(path) for name, path in files.items()}
