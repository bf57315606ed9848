"""What would settle an open conclusion: the smallest sets of facts, now not on record, that make it certain or not.

How each open fact could come out stands in ``policy/changes/open_facts.lp``. Every set is verified: the policy decides
again with these facts added, and the checker replays what it concludes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyreport.evidence.predicates import Facts
from pyreport.explanation.sentences import Sentences
from pyreport.hypotheses.least_change import DECIDED
from pyreport.hypotheses.smallest_changes import Goal, Move, Optima, changed, frame, smallest_changes
from pyreport.hypotheses.what_if import world_facts
from pyreport.hypotheses.worlds import narrowed, sifted
from pyreport.proof.checker import Verdict
from pyreport.reasoning.decision import proved
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.grounding import ReasoningError
from pyreport.reasoning.solver import derive
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, quote

__all__ = ["FORMAT", "OpenConclusion", "Settled", "as_data", "as_text", "settling"]

FORMAT = "pyreport settle 1"
_OPEN = "open"
_ANSWERS = ("yes", "no")
_POSSIBLE, _CERTAIN, _RULED_OUT = "possibly_eligible", "eligible", "eligibility_ruled_out"


@dataclass(frozen=True)
class Settled:
    """One way in which a conclusion can be settled: its sentence, and all smallest sets of facts after which it is so.

    ``facts`` are the sentences of the facts by the atoms of their moves. Of ``optima`` without a cost nothing that the
    policy calls open would be enough.
    """

    sentence: str
    optima: Optima
    facts: dict[Atom, str]

    @property
    def sets(self) -> list[tuple[str, ...]]:
        """The sets that were decided again, each as sentences."""
        return [tuple(self.facts[move.atom] for move in change) for change in self.optima.samples(DECIDED)]


@dataclass(frozen=True)
class OpenConclusion:
    """A conclusion that the record leaves open, and how it could be settled."""

    sentence: str
    ways: tuple[Settled, ...]


def settling(changes: Rulebook, facts: Facts, cds: str, year: int) -> tuple[list[OpenConclusion], Verdict]:
    """Return what is open about one LEA in ``year``, and the checker's verdict on what was decided.

    Args:
        changes: The policy, loaded with its changes.
        facts: The facts of the LEA on which ``year`` rests.
        cds: Its CDS code.
        year: The Dashboard year.

    Raises:
        ReasoningError: Clingo reported something, or a set is not confirmed.
        ProofError: The checker does not confirm a derivation.
    """
    graph = derive(changes, facts)
    verdict = proved(graph)
    sentences = Sentences(graph)
    questions = list(_questions(changes, graph, cds, year))
    goals = [goal for _, wanted in questions for goal in wanted]
    narrow = narrowed(changes, {goal.predicate for goal in goals})
    atoms = sifted(narrow, facts)
    found = iter(smallest_changes(narrow, frame(narrow), atoms, _moves(changes, graph), goals) if goals else ())
    settled = [
        OpenConclusion(
            sentences.of_atom(atom),
            tuple(_settled(graph, sentences, next(found)) for _ in wanted),
        )
        for atom, wanted in questions
    ]
    _verify(changes, facts, cds, [way.optima for one in settled for way in one.ways])
    return settled, verdict


def _questions(changes: Rulebook, graph: Graph, cds: str, year: int) -> Iterator[tuple[Atom, list[Goal]]]:
    """What is open, and what it could be settled as."""
    subject = (quote(cds), year)
    for atom in graph.atoms(_POSSIBLE):
        if atom[1:3] == subject:
            yield atom, [Goal(_CERTAIN, subject, True), Goal(_RULED_OUT, subject, True)]
    for output in changes.outputs().values():
        for atom in graph.atoms(output.name):
            if atom[1:3] == subject and atom[3:] == (_OPEN,):
                yield atom, [Goal(output.name, (*subject, answer), True) for answer in _ANSWERS]


def _moves(changes: Rulebook, graph: Graph) -> list[Move]:
    """The facts that are open, each as it could come out."""
    moves = []
    for predicate in changes.predicates.values():
        if predicate.settles:
            for atom in graph.atoms(predicate.name):
                values = dict(zip(predicate.arguments, atom[1:], strict=True))
                part = tuple(values[name] for name in ("Year", "Group") if name in values)
                moves.append(Move(atom, None, (predicate.settles, *atom[1:]), 1, part))
    return moves


def _settled(graph: Graph, sentences: Sentences, optima: Optima) -> Settled:
    values = tuple(value for value in optima.goal.arguments if value is not None)
    moves = [move for part in optima.parts for change in part for move in change]
    # The rule that says how an open fact could come out says it in plainer words than the fact itself.
    facts = {move.atom: sentences.of_rule(*graph.support[move.atom][0]) for move in moves}
    return Settled(sentences.of_atom((optima.goal.predicate, *values)), optima, facts)


def _verify(changes: Rulebook, facts: Facts, cds: str, found: list[Optima]) -> None:
    """Decide again with each set of facts added, and have every derivation checked."""
    worlds: Facts = {}
    wanted: dict[str, Goal] = {}
    for place, optima in enumerate(found):
        for number, change in enumerate(optima.samples(DECIDED) if optima.cost is not None else ()):
            code = f"{cds}~{place}.{number}"
            wanted[code] = optima.goal
            worlds.update(world_facts(facts, changed(facts, change), code))
    if not worlds:
        return
    graph = derive(changes, worlds)
    proved(graph)
    for code, goal in wanted.items():
        if (goal.predicate, quote(code), *goal.arguments[1:]) not in set(graph.atoms(goal.predicate)):
            raise ReasoningError(f"what would settle a conclusion is not confirmed by deciding again: {code}, {goal}")


def as_text(found: list[OpenConclusion]) -> str:
    """What is open and what would settle it, as indented text."""
    lines = []
    for one in found:
        lines.append(f"- {one.sentence}")
        for way in one.ways:
            lines += [f"  - Settled as: {way.sentence}", *(f"    {line}" for line in _words(way))]
    return "\n".join(lines or ["Nothing is open."]) + "\n"


def _words(way: Settled) -> Iterator[str]:
    if way.optima.cost is None:
        yield "Nothing that is open would be enough."
        return
    sets = way.sets
    number = "one fact" if way.optima.cost == 1 else f"{way.optima.cost} facts"
    if len(sets) == 1:
        yield f"By {number}:" if way.optima.cost == 1 else f"By {number} together:"
        yield from (f"- {sentence}" for sentence in sets[0])
        return
    yield f"By {number}, in any of {way.optima.count:,} ways:"
    for sentences in sets:
        yield f"- {' And: '.join(sentences)}"
    if len(sets) < way.optima.count:
        yield f"({len(sets)} of them are listed.)"


def as_data(found: list[OpenConclusion]) -> list[dict[str, Any]]:
    """What is open and what would settle it, as plain data for JSON."""
    return [
        {
            "sentence": one.sentence,
            "ways": [
                {
                    "sentence": way.sentence,
                    "goal": [way.optima.goal.predicate, *way.optima.goal.arguments],
                    "facts_needed": way.optima.cost,
                    "count": way.optima.count,
                    "sets": [list(sentences) for sentences in (way.sets if way.optima.cost is not None else ())],
                }
                for way in one.ways
            ],
        }
        for one in found
    ]
