"""What a case leads to: what is required, permitted, possible and excluded, each with its derivation.

Required is what somebody shall do as the case stands, permitted what somebody may do, excluded what is ruled out.
Possible is what would be required or permitted, or ruled out, in some lawful course of the case from now on. The course
with the fewest steps is decided by the ordinary rules, from the facts of the case and the steps as further events, and
what is shown of it was replayed by the proof checker like everything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pyreport.evidence.model import Cell, Publication
from pyreport.evidence.predicates import Facts
from pyreport.explanation.sentences import Sentences
from pyreport.explanation.tree import Explainer, Step
from pyreport.following.discretion import CONSEQUENCES, Possible, Taken, alike, possible_consequences
from pyreport.proof.compiler import Atoms
from pyreport.reasoning.decision import Decision, ProofError, courses, proved
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.solver import derive
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value, quote

__all__ = [
    "EXCLUDED",
    "PERMITTED",
    "POSSIBLE",
    "REQUIRED",
    "Consequence",
    "Possibilities",
    "in_order",
    "outlook",
    "step_words",
]

REQUIRED, PERMITTED, POSSIBLE, EXCLUDED = "required", "permitted", "possible", "excluded"
_STANDING = dict(zip(CONSEQUENCES, (REQUIRED, PERMITTED, EXCLUDED), strict=True))
_NO_HASH = "0" * 64


@dataclass(frozen=True)
class Consequence:
    """One consequence: how it stands, the steps that would lead to it (none as the case stands), its derivation."""

    standing: str
    atom: Atom
    steps: tuple[str, ...]
    step: Step

    @property
    def sentence(self) -> str:
        """The consequence in a sentence, with "shall" or "may"."""
        return self.step.sentence


def outlook(decision: Decision, cds: str, date: int) -> list[Consequence]:
    """Every consequence of the case of one LEA, as of ``date`` (YYYYMMDD, as the decision was asked).

    Raises:
        ProofError: The checker does not confirm a course.
    """
    graph, lea = decision.graph, quote(cds)
    explainer = Explainer(graph)
    found = [
        Consequence(_STANDING[name], atom, (), explainer.step(atom))
        for name in CONSEQUENCES
        for atom in graph.atoms(name)
        if atom[1] == lea
    ]
    possible, certain = possible_consequences(graph, lea, date)
    today = {one.atom for one in found}
    if not certain <= today:
        raise ProofError("What holds in every course of the case does not hold as it stands.")
    decided: dict[tuple[Atom, ...], Explainer] = {}
    sentences = Sentences(graph)
    for one in possible:
        course = tuple(one.events(lea, date))
        if course not in decided:
            decided[course] = _decided(decision, course)
        steps = tuple(step_words(sentences, in_order(decision.rulebook, one.steps)))
        found.append(Consequence(POSSIBLE, one.atom, steps, decided[course].step(one.atom)))
    return found


def _decided(decision: Decision, course: tuple[Atom, ...]) -> Explainer:
    """The case with the steps of a course as further facts, decided by the ordinary rules and checked."""
    supposed = Publication(0, "Supposed from now on", "", "supposed", "", _NO_HASH, {}, "case")
    facts: Facts = dict(decision.graph.facts)
    for place, atom in enumerate(course, start=1):
        facts.setdefault(atom, Cell("supposed", supposed, "step ", place))
    graph = derive(decision.rulebook, facts)
    proved(graph)
    return Explainer(graph)


class Possibilities:
    """What is possible in cases under one policy, worked out once for all LEAs whose cases have the same courses."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, frozenset[Atom]], list[Possible]] = {}

    def of(self, graph: Graph, lea: Value, date: int) -> list[Possible]:
        """The consequences that hold in some course of the case of ``lea`` from ``date`` (YYYYMMDD) on, and not today.

        The checker's own evaluation finds each of them again.

        Raises:
            ProofError: It does not.
        """
        key = date, alike(graph, lea)
        if key not in self._known:
            found, _ = possible_consequences(graph, lea, date)
            of_lea = courses(graph, {lea})
            worlds: dict[tuple[Taken, ...], Atoms] = {}
            for one in found:
                if one.steps not in worlds:
                    worlds[one.steps] = of_lea.after(one.events(lea, date))
                world = worlds[one.steps]
                if one.atom[1:] not in world.relation(str(one.atom[0]), len(one.atom) - 1):
                    raise ProofError(f"The checker does not find possible: {Sentences(graph).of_atom(one.atom)}")
            self._known[key] = found
        return [replace(one, atom=(one.atom[0], lea, *one.atom[2:])) for one in self._known[key]]


def in_order(rulebook: Rulebook, steps: Sequence[Taken]) -> list[Taken]:
    """The steps of a course, each after those that it follows."""
    after = {fact[1:] for rule in rulebook.by_head["follows"] for fact in rule.facts}
    ordered: list[Taken] = []
    left = list(steps)
    while left:
        ready = [one for one in left if not any((one[0], one[1], other[1]) in after for other in left)]
        ordered += ready
        left = [one for one in left if one not in ready]
    return ordered


def step_words(sentences: Sentences, steps: Sequence[Taken]) -> list[str]:
    """Each step in words: what, by whom, under which section."""

    def in_words(what: Value, by: Value, section: Value) -> str:
        words = [sentences.words(name, value) for name, value in (("What", what), ("By", by), ("Section", section))]
        return f"{words[0]}, by {words[1]} (EC {words[2]})"

    return [in_words(what, by, section) for _, _, what, by, section in steps]
