"""What would settle an open conclusion: the smallest sets of facts, now not on record, that make it certain or not.

How each open fact could come out stands in ``policy/changes/open_facts.lp``. Every set is confirmed: the policy
decides again with these facts added, and the checker replays what it concludes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyreport.evidence.predicates import Facts
from pyreport.explanation.sentences import Sentences
from pyreport.hypotheses.change import Goal, Move
from pyreport.hypotheses.least_change import DECIDED
from pyreport.hypotheses.relevance import narrowed, relevant_facts
from pyreport.hypotheses.search import Optima, program_text, search_changes
from pyreport.hypotheses.worlds import changed_worlds, confirm, decide_worlds
from pyreport.proof.checker import Verdict
from pyreport.reasoning.decision import proved
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.solver import derive
from pyreport.rulebook.rows import atom_of
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value, quote

__all__ = ["FORMAT", "OpenConclusion", "Settled", "as_data", "as_text", "settling"]

FORMAT = "pyreport settle 1"
_OPEN = "open"
_ANSWERS = ("yes", "no")
_POSSIBLE, _CERTAIN, _RULED_OUT = "possibly_eligible", "eligible", "eligibility_ruled_out"


@dataclass(frozen=True)
class Settled:
    """One way in which a conclusion can be settled: its sentence, and all smallest sets of facts after which it is so.

    ``facts`` are the sentences of the facts by the atoms of their moves. Where ``optima`` have no cost, nothing that
    the policy calls open would be enough.
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
    atoms = relevant_facts(narrow, facts)
    moves = _moves(changes, graph)
    optima = search_changes(narrow, program_text(narrow), atoms, moves, goals) if goals else []
    _confirm(changes, facts, cds, optima)
    of_goal = iter(optima)
    conclusions = [
        OpenConclusion(sentences.of_atom(atom), tuple(_settled(graph, sentences, next(of_goal)) for _ in wanted))
        for atom, wanted in questions
    ]
    return conclusions, verdict


def _questions(changes: Rulebook, graph: Graph, cds: str, year: int) -> Iterator[tuple[Atom, list[Goal]]]:
    """What is open, and what it could be settled as."""
    subject: dict[str, Value] = {"lea": quote(cds), "year": year}
    predicates = changes.predicates
    for row in graph.rows(_POSSIBLE, **subject):
        yield atom_of(row), [Goal.of(predicates[name], comes=True, **subject) for name in (_CERTAIN, _RULED_OUT)]
    for output in changes.outputs().values():
        if "Answer" in output.arguments:
            for row in graph.rows(output.name, **subject, answer=_OPEN):
                yield atom_of(row), [Goal.of(output, comes=True, **subject, answer=answer) for answer in _ANSWERS]


def _moves(changes: Rulebook, graph: Graph) -> list[Move]:
    """The facts that are open, each as it could come out."""
    moves = []
    for predicate in changes.predicates.values():
        if predicate.settles:
            for atom in graph.atoms(predicate.name):
                values = predicate.values(atom)
                part = tuple(values[name] for name in ("Year", "Group") if name in values)
                moves.append(Move(atom, None, (predicate.settles, *atom[1:]), 1, part))
    return moves


def _settled(graph: Graph, sentences: Sentences, optima: Optima) -> Settled:
    values = tuple(value for value in optima.goal.arguments if value is not None)
    moves = [move for part in optima.parts for change in part for move in change]
    # The rule that says how an open fact could come out says it in plainer words than the fact itself.
    facts = {move.atom: sentences.of_rule(*graph.support[move.atom][0]) for move in moves}
    return Settled(sentences.of_atom((optima.goal.predicate, *values)), optima, facts)


def _confirm(changes: Rulebook, facts: Facts, cds: str, optima: list[Optima]) -> None:
    """Decide again with each set of facts added, and have every derivation checked."""
    added = [of_goal.samples(DECIDED) if of_goal.cost is not None else [] for of_goal in optima]
    decided = decide_worlds(changes, facts, cds, changed_worlds(facts, added))
    if decided is not None:
        goals = {(place, number): optima[place].goal for place, number in decided.codes}
        confirm(goals, decided.concluded({goal.predicate for goal in goals.values()}))


def as_text(conclusions: list[OpenConclusion]) -> str:
    """What is open and what would settle it, as indented text."""
    lines = []
    for conclusion in conclusions:
        lines.append(f"- {conclusion.sentence}")
        for way in conclusion.ways:
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


def as_data(conclusions: list[OpenConclusion]) -> list[dict[str, Any]]:
    """What is open and what would settle it, as plain data for JSON."""
    return [
        {
            "sentence": conclusion.sentence,
            "ways": [
                {
                    "sentence": way.sentence,
                    "goal": [way.optima.goal.predicate, *way.optima.goal.arguments],
                    "facts_needed": way.optima.cost,
                    "count": way.optima.count,
                    "sets": [list(sentences) for sentences in (way.sets if way.optima.cost is not None else ())],
                }
                for way in conclusion.ways
            ],
        }
        for conclusion in conclusions
    ]
