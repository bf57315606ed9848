"""What follows for an LEA as of a date, in short: support, who provides, how long, duties, pathways, consequences.

The topics, their order and the short sentences are the policy's (``Topic`` and ``Short`` in its vocabulary); what has
no short sentence stands in ``pyreport support`` alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pyreport.explanation.tree import Explainer, Step
from pyreport.rulebook.rows import atom_of
from pyreport.rulebook.syntax import Value
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["DUTIES", "PATHWAYS", "Consequence", "FollowingLaw", "Pathway"]

PATHWAYS = "pathways"
DUTIES = "duties"
_STATUS = "pathway_status"
_BARRED = "pathway_barred"
_NOT_FOR_THIS_KIND = "kind"


@dataclass(frozen=True)
class Consequence:
    """One conclusion as of the date: its predicate and row, its words in short, and its step."""

    predicate: Predicate
    row: Any
    short: str
    step: Step

    @property
    def names_a_day(self) -> bool:
        """Whether it is about a day other than the one asked about, such as a deadline."""
        return any(name in self.predicate.dates and name != "Date" for name in self.predicate.arguments)


@dataclass(frozen=True)
class Pathway:
    """One pathway that the law opens to LEAs of the kind: its words, how it stands, and what it awaits or lacks."""

    words: str
    standing: str
    lacks: tuple[str, ...]
    steps: tuple[Step, ...]


class FollowingLaw:
    """Collects what follows for the LEAs of a decision that was asked as of a date.

    Args:
        explainer: The explainer of the decision's graph.
    """

    def __init__(self, explainer: Explainer) -> None:
        self.explainer = explainer
        self.topics = explainer.graph.rulebook.topics()
        self._known: dict[Value, dict[str, list[Consequence]]] = {}
        self._rows: dict[tuple[str, Value], list[Any]] = {}
        for predicates in self.topics.values():
            for predicate in predicates:
                for row in sorted(explainer.graph.rows(predicate.name), key=self._place):
                    self._rows.setdefault((predicate.name, row.lea), []).append(row)

    def of(self, lea: Value) -> dict[str, list[Consequence]]:
        """What follows for ``lea`` (quoted CDS code), by topic; pathways are left to ``pathways``."""
        if lea not in self._known:
            self._known[lea] = {
                name: consequences
                for name, predicates in self.topics.items()
                if name != PATHWAYS and (consequences := list(self._consequences(predicates, lea)))
            }
        return self._known[lea]

    def _consequences(self, predicates: Iterable[Predicate], lea: Value) -> Iterable[Consequence]:
        for predicate in predicates:
            if predicate.short is not None:
                for row in self._open(self._rows.get((predicate.name, lea), []), lea):
                    yield Consequence(predicate, row, str(self._short(row)), self.explainer.step(atom_of(row)))

    def by_mode(self, duties: Iterable[Consequence]) -> list[tuple[str, list[Consequence]]]:
        """Duties by their word, such as shall, in the order of the names; last those without one, by heading."""
        words = self.explainer.graph.rulebook.names["Mode"]
        by_heading: dict[str, list[Consequence]] = {heading: [] for heading in words.values()}
        for duty in duties:
            mode = getattr(duty.row, "mode", None)
            heading = str(duty.predicate.heading) if mode is None else words[mode]
            by_heading.setdefault(heading, []).append(duty)
        return [(heading, found) for heading, found in by_heading.items() if found]

    def pathways(self, lea: Value) -> list[Pathway]:
        """The pathways but those that the law closes to the LEA's kind, with what each awaits or lacks."""
        words = self.explainer.sentences
        rows = [
            row
            for predicate in self.topics[PATHWAYS]
            for row in self._open(self._rows.get((predicate.name, lea), []), lea)
        ]
        pathways = []
        for status in (row for row in rows if atom_of(row)[0] == _STATUS):
            own = [row for row in rows if row.pathway == status.pathway]
            lacks = tuple(short for row in own if (short := self._short(row)))
            name, standing = words.words("Pathway", status.pathway), words.words("Progress", status.progress)
            steps = tuple(self.explainer.step(atom_of(row)) for row in own)
            pathways.append(Pathway(f"{name[:1].upper()}{name[1:]}", standing, lacks, steps))
        return pathways

    def _open(self, rows: Iterable[Any], lea: Value) -> list[Any]:
        """Without what concerns pathways that the law closes to the LEA's kind."""
        barred = self._rows.get((_BARRED, lea), ())
        closed = {row.pathway for row in barred if row.condition == _NOT_FOR_THIS_KIND}
        return [row for row in rows if getattr(row, "pathway", None) not in closed]

    def _short(self, row: Any) -> str | None:
        return self.explainer.sentences.short(atom_of(row))

    def _place(self, row: Any) -> tuple[tuple[int, str], ...]:
        """Where a row stands among those of its predicate: its values as ``names.yaml`` has them, else as text."""
        rulebook = self.explainer.graph.rulebook
        arguments = rulebook.predicates[str(atom_of(row)[0])].arguments
        named = (list(rulebook.names.get(argument, ())) for argument in arguments)
        return tuple(
            (names.index(value), "") if value in names else (len(names), str(value))
            for names, value in zip(named, row, strict=True)
        )
