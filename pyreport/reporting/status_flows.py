"""How many agencies went from which status to which, from one Dashboard to the next.

Statuses of earlier Dashboards are those that CDE printed; what they mean, and which Dashboard follows which, the policy
states.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pyreport.evidence.model import is_agency
from pyreport.evidence.record import Record
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import unquote

__all__ = ["Change", "Flow", "Statuses", "Transition", "YearCount", "statuses_on_record"]

_GENERAL = "general"
"""The policy's code for the standing that is no differentiated assistance."""


class Change(StrEnum):
    """What became of an agency from one Dashboard to the next."""

    NEW = "new"
    AGAIN = "again"
    LEFT = "left"
    STILL_NOT = "still not"
    LISTED = "first listed"
    GONE = "no longer listed"


@dataclass(frozen=True)
class YearCount:
    """One Dashboard year.

    Attributes:
        year: The Dashboard year.
        listed: How many agencies have a status.
        statuses: Each status in CDE's words with its count, in the order of the policy's standings.
        assisted: How many have a status that is differentiated assistance.
    """

    year: int
    listed: int
    statuses: Sequence[tuple[str, int]]
    assisted: int


@dataclass(frozen=True)
class Flow:
    """How many agencies had a status on one Dashboard and another on the next; ``None`` where not listed."""

    before: str | None
    after: str | None
    count: int


@dataclass(frozen=True)
class Transition:
    """The flows from the Dashboard of ``earlier`` to that of ``later``, and how many agencies changed how."""

    earlier: int
    later: int
    flows: Sequence[Flow]
    changes: Mapping[Change, int]


class Statuses:
    """The statuses of school districts and county offices on several Dashboards.

    Args:
        rulebook: The policy: the words of each year's statuses, and which Dashboard follows which.
        words: By Dashboard year and CDS code, the status in CDE's words of that year.
    """

    def __init__(self, rulebook: Rulebook, words: Mapping[int, Mapping[str, str]]) -> None:
        self._words = words
        standings = list(rulebook.names["Standing"])
        stated = sorted(
            (standings.index(row.standing), row.year, unquote(row.words)) for row in rulebook.rows("status_words")
        )
        self._places: dict[tuple[int, str], int] = {}
        for place, year, status in stated:
            self._places.setdefault((year, status), place)
        self._assisted = {key for key, place in self._places.items() if standings[place] != _GENERAL}
        self._pairs = sorted((row.earlier, row.year) for row in rulebook.rows("previous_dashboard"))

    @property
    def years(self) -> list[int]:
        """The Dashboard years with a status of any agency, ascending."""
        return sorted(year for year, words in self._words.items() if words)

    def assisted(self, year: int, status: str) -> bool:
        """Whether a status of a year is differentiated assistance."""
        return (year, status) in self._assisted

    def ordered(self, year: int) -> list[str]:
        """The statuses that agencies have in a year, in the order of the policy's standings."""
        return sorted(set(self._words[year].values()), key=lambda status: (self._places.get((year, status), 0), status))

    def counts(self) -> list[YearCount]:
        """The counts of every year."""
        return [self._count(year) for year in self.years]

    def _count(self, year: int) -> YearCount:
        counted = Counter(self._words[year].values())
        statuses = [(status, counted[status]) for status in self.ordered(year)]
        assisted = sum(count for status, count in statuses if self.assisted(year, status))
        return YearCount(year, len(self._words[year]), statuses, assisted)

    def transitions(self) -> list[Transition]:
        """From each Dashboard on record to the next; none where the one between is not on record."""
        return [self._transition(*pair) for pair in self._pairs if set(pair) <= set(self.years)]

    def changes(self, later: int) -> dict[str, Change]:
        """What became of each agency (by CDS code) since the Dashboard before that of ``later``.

        Empty where the one before is not on record.
        """
        earlier = next((before for before, after in self._pairs if after == later), None)
        if earlier not in self.years or later not in self.years:
            return {}
        return {cds: self._change(earlier, later, cds) for cds in sorted({*self._words[earlier], *self._words[later]})}

    def earlier(self, later: int) -> int | None:
        """The Dashboard year before that of ``later``; ``None`` where it is not on record."""
        return next((before for before, after in self._pairs if after == later and before in self.years), None)

    def _change(self, earlier: int, later: int, cds: str) -> Change:
        before, after = self._words[earlier].get(cds), self._words[later].get(cds)
        if after is None:
            return Change.GONE
        now = self.assisted(later, after)
        if before is None:
            return Change.NEW if now else Change.LISTED
        if self.assisted(earlier, before):
            return Change.AGAIN if now else Change.LEFT
        return Change.NEW if now else Change.STILL_NOT

    def _transition(self, earlier: int, later: int) -> Transition:
        before, after = self._words[earlier], self._words[later]
        counted = Counter((before.get(cds), after.get(cds)) for cds in {*before, *after})
        flows = [
            Flow(one, other, counted[one, other])
            for one in [*self.ordered(earlier), None]
            for other in [*self.ordered(later), None]
            if counted[one, other]
        ]
        changes = Counter(self.changes(later).values())
        return Transition(earlier, later, flows, {change: changes[change] for change in Change})


def statuses_on_record(rulebook: Rulebook, record: Record, year: int, decided: Mapping[str, str]) -> Statuses:
    """The statuses that CDE printed for the Dashboards before ``year``, and those decided for ``year``.

    Args:
        rulebook: The policy.
        record: The facts.
        year: The Dashboard year that was decided.
        decided: Its statuses by CDS code, of school districts and county offices.
    """
    words: dict[int, dict[str, str]] = {}
    for (printed_year, cds), published in record.published.items():
        if printed_year < year and published.status is not None and is_agency(cds):
            words.setdefault(printed_year, {})[cds] = published.status.value
    return Statuses(rulebook, {**words, year: decided})
