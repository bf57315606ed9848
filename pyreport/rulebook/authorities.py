"""The authorities that rules cite, with the passages quoted from them (``policy/authorities.yaml``)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyreport.rulebook.documents import read_yaml
from pyreport.rulebook.problems import Finding, PolicyError, Problem

__all__ = ["LAW", "RANKS", "Authority", "Citation", "Interval", "read_authorities", "read_cited", "read_groups"]

FILE = "authorities.yaml"
RANKS = ("statute", "regulation", "state_board", "cde", "ccee", "association")
"""What an authority can be, the weightiest first."""
LAW = frozenset(RANKS[:2])
"""The ranks that are the law."""

_REQUIRED = {"title", "cite", "rank", "read", "source", "passages"}
_OPTIONAL = {"url", "in_force", "for_dashboard", "about"}
_IN_FORCE, _YEAR = "in_force", "Year"
_TOGETHER = "together"
"""The only field of a group: the passages that are cited together under its name."""

Interval = tuple[datetime.date | None, datetime.date | None]
"""From and to; an open end is ``None``."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A statute or publication.

    Attributes:
        rank: One of ``RANKS``.
        about: For each passage that speaks of some cases alone: by the name of an argument, the values it speaks of.
        passages_in_force: The intervals of passages that held longer or shorter than the rest.
    """

    id: str
    title: str
    cite: str
    rank: str
    url: str | None
    in_force: Interval
    for_dashboard: int | None
    read: datetime.date
    source: str
    passages: Mapping[str, str]
    about: Mapping[str, Mapping[str, tuple[int | str, ...]]]
    passages_in_force: Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class Citation:
    """One passage of one authority, as a rule cites it: alone, or in a ``group``."""

    authority: Authority
    passage: str
    group: str | None = field(default=None, compare=False)

    @property
    def text(self) -> str:
        """The citation as a lawyer writes it: a subdivision is joined to its section."""
        return f"{self.authority.cite}{self.passage}" if self.passage.startswith("(") else self.authority.cite

    @property
    def quotation(self) -> str:
        """The passage, word for word."""
        return self.authority.passages[self.passage]

    @property
    def about(self) -> Mapping[str, tuple[int | str, ...]]:
        """The values that the passage speaks of, by the name of the argument; what is not there it leaves open."""
        year = self.authority.for_dashboard
        whole: dict[str, tuple[int | str, ...]] = {} if year is None else {_YEAR: (year,)}
        return {**whole, **self.authority.about.get(self.passage, {})}

    @property
    def in_force(self) -> Interval:
        """From when to when the passage held."""
        return self.authority.passages_in_force.get(self.passage, self.authority.in_force)


def read_authorities(folder: Path) -> dict[str, Authority]:
    """Read ``authorities.yaml`` of the policy ``folder``; keys are authority ids.

    Raises:
        PolicyError: An entry lacks a field, has an unknown one, or an empty passage.
    """
    return read_cited(folder)[0]


def read_groups(folder: Path) -> dict[str, tuple[Citation, ...]]:
    """The passages of ``authorities.yaml`` that rules cite together, by the name of the group.

    Raises:
        PolicyError: As for ``read_authorities``, or a group names no passages or one that is not there.
    """
    return read_cited(folder)[1]


def read_cited(folder: Path) -> tuple[dict[str, Authority], dict[str, tuple[Citation, ...]]]:
    """What rules can cite: the authorities as ``read_authorities`` returns them, and the groups as ``read_groups``.

    Raises:
        PolicyError: As for both.
    """
    document, lines = read_yaml(folder, FILE)
    if not isinstance(document, dict):
        message = "expected a mapping from authority ids to their fields"
        raise PolicyError([Problem(FILE, 1, message, Finding.FAULTY_AUTHORITY)])
    authorities, groups, problems = {}, {}, []
    together = {str(name): entry for name, entry in document.items() if isinstance(entry, dict) and _TOGETHER in entry}
    for name, entry in document.items():
        if name in together:
            continue
        fault = _fault(entry)
        if fault:
            problems.append(Problem(FILE, lines.get(str(name), 1), f"{name}: {fault}", Finding.FAULTY_AUTHORITY))
        else:
            authorities[name] = _authority(name, entry)
    if problems:
        raise PolicyError(problems)
    for name, entry in together.items():
        fault = _fault_of_group(entry, authorities)
        if fault:
            problems.append(Problem(FILE, lines.get(name, 1), f"{name}: {fault}", Finding.FAULTY_AUTHORITY))
        else:
            cited = (str(text).partition(" ") for text in entry[_TOGETHER])
            groups[name] = tuple(
                Citation(authorities[authority], passage.strip(), name) for authority, _, passage in cited
            )
    if problems:
        raise PolicyError(problems)
    return authorities, groups


def _fault_of_group(entry: dict[str, Any], authorities: Mapping[str, Authority]) -> str | None:
    texts = entry[_TOGETHER]
    if entry.keys() != {_TOGETHER} or not isinstance(texts, list) or not texts:
        return "a group has together alone, the list of its passages"
    for text in texts:
        name, _, passage = str(text).partition(" ")
        if name not in authorities or passage.strip() not in authorities[name].passages:
            return f"together names {text}, which is not there; write AUTHORITY PASSAGE"
    return None


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
    if entry["rank"] not in RANKS:
        return f"rank is {entry['rank']!r}; write one of {', '.join(RANKS)}"
    return _fault_of_interval(entry.get(_IN_FORCE, {})) or _fault_of_about(entry.get("about", {}), passages)


def _fault_of_interval(interval: Any) -> str | None:
    if not isinstance(interval, dict) or interval.keys() - {"from", "to"}:
        return "in_force must be {from: DATE, to: DATE}, an open end left out"
    if not all(isinstance(date, datetime.date) for date in interval.values()):
        return "in_force needs dates as YYYY-MM-DD"
    if "from" in interval and "to" in interval and interval["from"] > interval["to"]:
        return "in_force ends before it begins"
    return None


def _fault_of_about(about: Any, passages: Mapping[Any, Any]) -> str | None:
    if not isinstance(about, dict) or not all(isinstance(cases, dict) and cases for cases in about.values()):
        return "about must map passages to what they speak of"
    for passage, cases in about.items():
        if passage not in passages:
            return f"about names the passage {passage}, which is not there"
        for name, values in cases.items():
            if name == _IN_FORCE:
                fault = _fault_of_interval(values)
                if fault:
                    return f"{passage}: {fault}"
            elif (
                not isinstance(values, list) or not values or not all(isinstance(value, int | str) for value in values)
            ):
                return f"about {passage}: {name} needs a list of values"
    return None


def _interval(interval: Mapping[str, datetime.date]) -> Interval:
    return interval.get("from"), interval.get("to")


def _authority(name: str, entry: dict[str, Any]) -> Authority:
    about = {str(key): cases for key, cases in entry.get("about", {}).items()}
    return Authority(
        id=name,
        title=entry["title"],
        cite=entry["cite"],
        rank=entry["rank"],
        url=entry.get("url"),
        in_force=_interval(entry.get(_IN_FORCE, {})),
        for_dashboard=entry.get("for_dashboard"),
        read=entry["read"],
        source=entry["source"],
        passages={str(key): " ".join(str(quotation).split()) for key, quotation in entry["passages"].items()},
        about={
            key: {name: tuple(values) for name, values in cases.items() if name != _IN_FORCE}
            for key, cases in about.items()
        },
        passages_in_force={key: _interval(cases[_IN_FORCE]) for key, cases in about.items() if _IN_FORCE in cases},
    )
