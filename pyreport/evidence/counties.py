"""California's 58 counties: their two-digit codes in CDS codes, and their names."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

__all__ = ["counties", "county_code", "county_slug"]


@cache
def counties() -> dict[str, str]:
    """Return code to name, ``"01"`` (Alameda) to ``"58"`` (Yuba). Source: CDE's county codes, ``counties.csv``."""
    with (Path(__file__).parent / "counties.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def county_code(text: str) -> str:
    """Return the code of the county that ``text`` names: a name in any case, a code, or a CDS code.

    Raises:
        ValueError: There is no such county; the message lists near ones.
    """
    wanted = text.strip()
    if re.fullmatch(r"\d{1,2}|\d{14}", wanted):
        code = wanted[:2].zfill(2)
        if code in counties():
            return code
    by_name = {name.lower(): code for code, name in counties().items()}
    if wanted.lower().removesuffix(" county") in by_name:
        return by_name[wanted.lower().removesuffix(" county")]
    import difflib

    near = difflib.get_close_matches(wanted.title(), counties().values(), n=3)
    hint = f"; did you mean {' or '.join(near)}?" if near else "; give a name such as Monterey or a code from 01 to 58"
    raise ValueError(f"{text!r} is no county of California{hint}")


def county_slug(code: str) -> str:
    """Return the county's name for file names: ``27-monterey``."""
    return f"{code}-{counties()[code].lower().replace(' ', '-')}"
