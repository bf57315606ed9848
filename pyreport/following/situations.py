"""What a county's page tells of its LEAs as of a date: support, who provides, how long, what comes next.

The topics, their order and the short sentences are the policy's (``Topic`` and ``Short`` in its vocabulary); what has
no short sentence is told by ``pyreport support`` alone. Support, provider and length are told of each LEA. The law of
the date, the geographic lead, pathways, consequences and duties are the same for many LEAs: such LEAs are in one
situation, which is described once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from pyreport.explanation.tree import Explainer, Step
from pyreport.following.outlook import EXCLUDED, Possibilities, in_order, step_words
from pyreport.rulebook.syntax import Atom, Value
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["DESCRIBED_TOGETHER", "FollowingLaw", "Pathway", "Possible", "Situation", "Topic"]

PATHWAYS = "pathways"
DESCRIBED_TOGETHER = ("law", "lead", PATHWAYS, "consequences", "duties")
"""The topics of a situation."""

_STATUS = "pathway_status"
_BARRED = "pathway_barred"
_NOT_FOR_THIS_KIND = "kind"

Render = Callable[[Iterable[Step]], Markup]


@dataclass(frozen=True)
class Topic:
    """Conclusions told together: what they are about, each in short, and their derivations as HTML."""

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
    """What comes next for some LEAs alike. ``trees`` are the derivations of the first of ``leas``, by topic.

    Attributes:
        leas: The LEAs, quoted CDS codes.
        lists: By heading, what is required, permitted, excluded, and who has which duty, in short.
    """

    number: int
    leas: tuple[Value, ...]
    pathways: tuple[Pathway, ...]
    lists: dict[str, tuple[str, ...]]
    possible: tuple[Possible, ...]
    trees: tuple[Topic, ...]


class FollowingLaw:
    """Collects what follows for the LEAs of a decision that was asked as of ``date``, YYYYMMDD.

    ``possibilities`` keeps what is possible in cases that are alike.
    """

    def __init__(self, explainer: Explainer, date: int, possibilities: Possibilities) -> None:
        self.explainer, self.date, self.possibilities = explainer, date, possibilities
        topics = explainer.graph.rulebook.topics()
        self.topics = {name: [one for one in predicates if one.short] for name, predicates in topics.items()}
        self.topics[PATHWAYS] = topics[PATHWAYS]
        self._atoms: dict[tuple[str, Value], list[Atom]] = {}
        for predicates in self.topics.values():
            for predicate in predicates:
                for atom in sorted(explainer.graph.atoms(predicate.name), key=self._place):
                    self._atoms.setdefault((predicate.name, atom[1]), []).append(atom)

    def own(self, lea: Value, render: Render) -> list[Topic]:
        """What is told of ``lea`` alone; ``render`` writes derivations."""
        found = []
        for name, predicates in self.topics.items():
            atoms = [] if name in DESCRIBED_TOGETHER else self._of(predicates, lea)
            if atoms:
                found.append(self._topic(name, atoms, render))
        return found

    def alike(self, leas: Iterable[Value]) -> list[tuple[Value, ...]]:
        """``leas`` parted into those in one situation, in the order of the first of each."""
        together: dict[tuple[frozenset[Any], ...], list[Value]] = {}
        for lea in leas:
            described = frozenset((one[0], *one[2:]) for one in self._described(lea))
            found = self.possibilities.of(self.explainer.graph, lea, self.date)
            possible = frozenset((one.atom[0], *one.atom[2:], one.steps) for one in found)
            together.setdefault((described, possible), []).append(lea)
        return list(map(tuple, together.values()))

    def situation(self, number: int, leas: tuple[Value, ...], render: Render) -> Situation:
        """What comes next for ``leas``, which are alike; ``render`` writes the derivations of the first."""
        lea = leas[0]
        lists: dict[str, tuple[str, ...]] = {}
        for name in DESCRIBED_TOGETHER:
            for predicate in self.topics[name] if name != PATHWAYS else ():
                shorts = [str(self.explainer.sentences.short(atom)) for atom in self._of([predicate], lea)]
                if shorts:
                    heading = str(predicate.heading)
                    lists[heading] = (*lists.get(heading, ()), *shorts)
        trees = [(name, self._open(self._of(self.topics[name], lea), lea)) for name in DESCRIBED_TOGETHER]
        return Situation(
            number,
            leas,
            tuple(self._pathways(lea)),
            lists,
            tuple(self._possible(lea)),
            tuple(self._topic(name, atoms, render) for name, atoms in trees if atoms),
        )

    def _possible(self, lea: Value) -> Iterable[Possible]:
        """What some lawful course of the case leads to, with the fewest steps to it."""
        graph, sentences = self.explainer.graph, self.explainer.sentences
        pathways = list(graph.rulebook.names["Pathway"])
        found = self.possibilities.of(graph, lea, self.date)
        for one in sorted(found, key=lambda one: (pathways.index(one.atom[2]), len(one.steps), self._place(one.atom))):
            steps = in_order(graph.rulebook, one.steps)
            prefix = f"{EXCLUDED}: " if one.atom[0] == EXCLUDED else ""
            after = "; ".join(step_words(sentences, steps))
            yield Possible(
                f"{prefix}{sentences.short(one.atom)}, after: {after}", json.dumps([list(step[2:]) for step in steps])
            )

    def _topic(self, name: str, atoms: list[Atom], render: Render) -> Topic:
        words = self.explainer.sentences
        short = tuple(one for one in map(words.short, atoms) if one)
        return Topic(words.words("Topic", name), short, render(self.explainer.step(atom) for atom in atoms))

    def _place(self, atom: Atom) -> tuple[tuple[int, str], ...]:
        """Where an atom stands among those of its predicate: its values as ``names.yaml`` has them, else as text."""
        rulebook = self.explainer.graph.rulebook
        arguments = rulebook.predicates[str(atom[0])].arguments
        named = (list(rulebook.names.get(argument, ())) for argument in arguments)
        return tuple(
            (names.index(value), "") if value in names else (len(names), str(value))
            for names, value in zip(named, atom[1:], strict=True)
        )

    def _described(self, lea: Value) -> list[Atom]:
        return [atom for name in DESCRIBED_TOGETHER for atom in self._of(self.topics[name], lea)]

    def _of(self, predicates: Iterable[Predicate], lea: Value) -> list[Atom]:
        return [atom for one in predicates for atom in self._atoms.get((one.name, lea), ())]

    def _open(self, atoms: list[Atom], lea: Value) -> list[Atom]:
        """Without what concerns pathways that the law closes to the LEA's kind."""
        closed = {atom[2] for atom in self._atoms.get((_BARRED, lea), ()) if atom[3] == _NOT_FOR_THIS_KIND}
        return [atom for atom in atoms if atom[2] not in closed]

    def _pathways(self, lea: Value) -> Iterable[Pathway]:
        """The pathways but those that the law closes to the LEA's kind, with what each awaits or lacks."""
        words = self.explainer.sentences
        atoms = self._open(self._of(self.topics[PATHWAYS], lea), lea)
        for _, _, pathway, progress in (atom for atom in atoms if atom[0] == _STATUS):
            lacks = (words.short(atom) for atom in atoms if atom[2] == pathway)
            name, standing = words.words("Pathway", pathway), words.words("Progress", progress)
            yield Pathway(f"{name[:1].upper()}{name[1:]}", standing, tuple(one for one in lacks if one))
