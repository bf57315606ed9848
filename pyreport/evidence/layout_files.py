"""What CDE's files are like, by year: the TOML files in ``layouts/``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["layout_file"]


@cache
def layout_file(name: str) -> dict[str, Any]:
    """Return the content of ``layouts/{name}.toml``."""
    return tomllib.loads((Path(__file__).parent / "layouts" / f"{name}.toml").read_text(encoding="utf-8"))
