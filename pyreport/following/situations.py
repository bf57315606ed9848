"""What a county's page says of its LEAs as of a date: support, who provides, how long, what comes next.

The topics, their order and the short sentences are the policy's (``Topic`` and ``Short`` in its vocabulary); what has
no short sentence stands in ``pyreport support`` alone. Some topics are the same for many LEAs (``SharedTopic`` of
``names.yaml``): such LEAs are in one situation, which is described once. The others are written for each LEA.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from pyreport.explanation.tree import Explainer, Step
from pyreport.following.consequences import EXCLUDED, Possibilities, step_words, steps_in_order
from pyreport.following.scenarios import Possible as PossibleConsequence
from pyreport.rulebook.rows import atom_of
from pyreport.rulebook.syntax import Value
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["FollowingLaw", "Pathway", "Possible", "Situation", "Topic"]

PATHWAYS = "pathways"

_STATUS = "pathway_status"
_BARRED = "pathway_barred"
_NOT_FOR_THIS_KIND = "kind"

Render = Callable[[Iterable[Step]], Markup]


@dataclass(frozen=True)
class Topic:
    """Conclusions about one thing: its name, each conclusion in short, and their derivations as HTML."""

    words: str
    short: tuple[str, ...]
    tree: Markup


@dataclass(frozen=True)
class Pathway:
    """One pathway that the law opens to LEAs of the kind: its words, how it stands, and what it awaits or lacks."""

    words: str
    standing: str
    lacks: tuple[str, ...]


@dataclass(frozen=True)
class Possible:
    """What is possible after some steps: in short, with the steps, and the steps as JSON, for the checker."""

    words: str
    steps: str


@dataclass(frozen=True)
class Situation:
    """What comes next for LEAs of which the same holds.

    Attributes:
        number: The number of the situation on the page.
        leas: The LEAs, quoted CDS codes.
        pathways: The pathways that the law opens to LEAs of the kind.
        lists: By heading, what is required, permitted, excluded, and who has which duty, in short.
        possible: What is possible after some steps.
        trees: The derivations of the first of ``leas``, by topic.
    """

    number: int
    leas: tuple[Value, ...]
    pathways: tuple[Pathway, ...]
    lists: dict[str, tuple[str, ...]]
    possible: tuple[Possible, ...]
    trees: tuple[Topic, ...]


class FollowingLaw:
    """Collects what follows for the LEAs of a decision that was asked as of a date.

    Args:
        explainer: The explainer of the decision's graph.
        date: The date, YYYYMMDD.
        possibilities: Keeps what is possible in cases that have the same scenarios.
    """

    def __init__(self, explainer: Explainer, date: int, possibilities: Possibilities) -> None:
        self.explainer, self.date, self.possibilities = explainer, date, possibilities
        topics = explainer.graph.rulebook.topics()
        self.topics = {
            name: predicates if name == PATHWAYS else [predicate for predicate in predicates if predicate.short]
            for name, predicates in topics.items()
        }
        self._shared = [str(name) for name in explainer.graph.rulebook.names.get("SharedTopic", ())]
        self._rows: dict[tuple[str, Value], list[Any]] = {}
        for predicates in self.topics.values():
            for predicate in predicates:
                for row in sorted(explainer.graph.rows(predicate.name), key=self._place):
                    self._rows.setdefault((predicate.name, row.lea), []).append(row)

    def own(self, lea: Value, render: Render) -> list[Topic]:
        """The topics that are written for ``lea`` alone; ``render`` writes derivations."""
        topics = []
        for name, predicates in self.topics.items():
            rows = [] if name in self._shared else self._of(predicates, lea)
            if rows:
                topics.append(self._topic(name, rows, render))
        return topics

    def by_situation(self, leas: Iterable[Value]) -> list[tuple[Value, ...]]:
        """``leas`` parted into those in one situation, in the order of the first of each."""
        together: dict[tuple[frozenset[Any], ...], list[Value]] = {}
        for lea in leas:
            rows = [row for name in self._shared for row in self._of(self.topics[name], lea)]
            described = frozenset(atom_of(row._replace(lea="")) for row in rows)
            possible = frozenset(
                (atom_of(consequence.conclusion._replace(lea="")), consequence.steps)
                for consequence in self.possibilities.of(self.explainer.graph, lea, self.date)
            )
            together.setdefault((described, possible), []).append(lea)
        return list(map(tuple, together.values()))

    def situation(self, number: int, leas: tuple[Value, ...], render: Render) -> Situation:
        """What comes next for ``leas``, all in one situation; ``render`` writes the derivations of the first."""
        lea = leas[0]
        lists: dict[str, tuple[str, ...]] = {}
        for name in self._shared:
            for predicate in self.topics[name] if name != PATHWAYS else ():
                shorts = [str(self._short(row)) for row in self._of([predicate], lea)]
                if shorts:
                    heading = str(predicate.heading)
                    lists[heading] = (*lists.get(heading, ()), *shorts)
        trees = [(name, self._open(self._of(self.topics[name], lea), lea)) for name in self._shared]
        return Situation(
            number,
            leas,
            tuple(self._pathways(lea)),
            lists,
            tuple(self._possible(lea)),
            tuple(self._topic(name, rows, render) for name, rows in trees if rows),
        )

    def _possible(self, lea: Value) -> Iterable[Possible]:
        """What some lawful scenario of the case leads to, with the fewest steps to it."""
        graph, sentences = self.explainer.graph, self.explainer.sentences
        pathways = list(graph.rulebook.names["Pathway"])

        def place(consequence: PossibleConsequence) -> tuple[Any, ...]:
            row = consequence.conclusion
            return pathways.index(row.pathway), len(consequence.steps), self._place(row)

        for consequence in sorted(self.possibilities.of(graph, lea, self.date), key=place):
            steps = steps_in_order(graph.rulebook, consequence.steps)
            label = graph.rulebook.predicates[str(consequence.atom[0])].label
            prefix = f"{EXCLUDED}: " if label == EXCLUDED else ""
            after = "; ".join(step_words(sentences, steps))
            events = json.dumps([[step.what, step.by, step.section] for step in steps])
            yield Possible(f"{prefix}{self._short(consequence.conclusion)}, after: {after}", events)

    def _topic(self, name: str, rows: list[Any], render: Render) -> Topic:
        words = self.explainer.sentences.words("SharedTopic" if name in self._shared else "Topic", name)
        short = tuple(sentence for sentence in map(self._short, rows) if sentence)
        return Topic(words, short, render(self.explainer.step(atom_of(row)) for row in rows))

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

    def _of(self, predicates: Iterable[Predicate], lea: Value) -> list[Any]:
        return [row for predicate in predicates for row in self._rows.get((predicate.name, lea), ())]

    def _open(self, rows: list[Any], lea: Value) -> list[Any]:
        """Without what concerns pathways that the law closes to the LEA's kind."""
        barred = self._rows.get((_BARRED, lea), ())
        closed = {row.pathway for row in barred if row.condition == _NOT_FOR_THIS_KIND}
        return [row for row in rows if getattr(row, "pathway", None) not in closed]

    def _pathways(self, lea: Value) -> Iterable[Pathway]:
        """The pathways but those that the law closes to the LEA's kind, with what each awaits or lacks."""
        words = self.explainer.sentences
        rows = self._open(self._of(self.topics[PATHWAYS], lea), lea)
        for status in (row for row in rows if atom_of(row)[0] == _STATUS):
            lacks = (self._short(row) for row in rows if row.pathway == status.pathway)
            name, standing = words.words("Pathway", status.pathway), words.words("Progress", status.progress)
            yield Pathway(f"{name[:1].upper()}{name[1:]}", standing, tuple(short for short in lacks if short))
