"""The pages of the checks, one each: what it finds, why, what to avoid and what to prefer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["Check", "checks"]

_PAGE = re.compile(r"^## (\S+)\n", re.MULTILINE)
_BLOCK = re.compile(r"^```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Check:
    """The page of one check.

    Attributes:
        id: The id of the finding.
        page: The page in Markdown, without its heading.
        avoid: The example of what is found, and
        prefer: of what to write instead.
    """

    id: str
    page: str
    avoid: str
    prefer: str

    @property
    def text(self) -> str:
        """The page as plain text, its lines indented below the id."""
        rows = (row for row in self.page.replace("**", "").strip().splitlines() if not row.startswith("```"))
        return f"{self.id}\n" + "".join(f"  {row}".rstrip() + "\n" for row in rows)


@cache
def checks() -> dict[str, Check]:
    """The pages of ``checks.md`` by the id of the check, in its order."""
    text = files(__package__).joinpath("checks.md").read_text(encoding="utf-8")
    _, *parts = _PAGE.split(text)
    pages = {}
    for id, page in zip(parts[::2], parts[1::2], strict=True):
        avoid, prefer = _BLOCK.findall(page)
        pages[id] = Check(id, page.strip(), avoid, prefer)
    return pages
