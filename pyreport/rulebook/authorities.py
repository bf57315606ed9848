"""The authorities that rules cite, with the passages quoted from them (``policy/authorities.yaml``)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyreport.rulebook.documents import read_yaml
from pyreport.rulebook.problems import Finding, PolicyError, Problem

__all__ = ["Authority", "Citation", "read_authorities"]

FILE = "authorities.yaml"
_REQUIRED = {"title", "cite", "read", "source", "passages"}
_OPTIONAL = {"url", "in_force", "for_dashboard"}


@dataclass(frozen=True, slots=True)
class Authority:
    """A statute or publication. ``in_force`` is (from, to); an open end is ``None``."""

    id: str
    title: str
    cite: str
    url: str | None
    in_force: tuple[datetime.date | None, datetime.date | None]
    for_dashboard: int | None
    read: datetime.date
    source: str
    passages: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Citation:
    """One passage of one authority, as a rule cites it."""

    authority: Authority
    passage: str

    @property
    def text(self) -> str:
        """The citation as a lawyer writes it: a subdivision is joined to its section."""
        return f"{self.authority.cite}{self.passage}" if self.passage.startswith("(") else self.authority.cite

    @property
    def quotation(self) -> str:
        """The passage, word for word."""
        return self.authority.passages[self.passage]


def read_authorities(folder: Path) -> dict[str, Authority]:
    """Read ``authorities.yaml`` of the policy ``folder``; keys are authority ids.

    Raises:
        PolicyError: An entry lacks a field, has an unknown one, or an empty passage.
    """
    document, lines = read_yaml(folder, FILE)
    if not isinstance(document, dict):
        message = "expected a mapping from authority ids to their fields"
        raise PolicyError([Problem(FILE, 1, message, Finding.FAULTY_AUTHORITY)])
    authorities, problems = {}, []
    for name, entry in document.items():
        fault = _fault(entry)
        if fault:
            problems.append(Problem(FILE, lines.get(str(name), 1), f"{name}: {fault}", Finding.FAULTY_AUTHORITY))
        else:
            authorities[name] = _authority(name, entry)
    if problems:
        raise PolicyError(problems)
    return authorities


def _fault(entry: Any) -> str | None:
    if not isinstance(entry, dict):
        return "expected a mapping of fields"
    missing, unknown = _REQUIRED - entry.keys(), entry.keys() - _REQUIRED - _OPTIONAL
    if missing:
        return f"write the missing field{'s' * (len(missing) > 1)} {', '.join(sorted(missing))}"
    if unknown:
        return f"unknown field {', '.join(sorted(map(str, unknown)))}"
    if not isinstance(entry["read"], datetime.date):
        return f"read is {entry['read']!r}; write the date it was read as YYYY-MM-DD"
    passages = entry["passages"]
    if not isinstance(passages, dict) or not passages:
        return "passages must map keys to quotations"
    empty = [key for key, quotation in passages.items() if not str(quotation or "").strip()]
    if empty:
        return f"the passage {empty[0]} is empty"
    interval = entry.get("in_force", {})
    if not isinstance(interval, dict) or interval.keys() - {"from", "to"}:
        return "in_force must be {from: DATE, to: DATE}, an open end left out"
    if not all(isinstance(date, datetime.date) for date in interval.values()):
        return "in_force needs dates as YYYY-MM-DD"
    if "from" in interval and "to" in interval and interval["from"] > interval["to"]:
        return "in_force ends before it begins"
    return None


def _authority(name: str, entry: dict[str, Any]) -> Authority:
    interval = entry.get("in_force", {})
    return Authority(
        id=name,
        title=entry["title"],
        cite=entry["cite"],
        url=entry.get("url"),
        in_force=(interval.get("from"), interval.get("to")),
        for_dashboard=entry.get("for_dashboard"),
        read=entry["read"],
        source=entry["source"],
        passages={str(key): " ".join(str(quotation).split()) for key, quotation in entry["passages"].items()},
    )
