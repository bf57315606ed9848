"""What a case leads to: what is required, permitted, possible and excluded, each with its derivation.

Required is what somebody shall do as the case stands, permitted what somebody may do, excluded what is ruled out.
Possible is what would be required or permitted, or ruled out, in some lawful scenario of the case from now on. The
scenario with the fewest steps is decided by the ordinary rules, from the facts of the case and the steps as further
events; the proof checker replays its derivations like all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyreport.evidence.model import Cell, Publication
from pyreport.evidence.predicates import Facts
from pyreport.explanation.sentences import Sentences
from pyreport.explanation.tree import Explainer, Step
from pyreport.following.scenarios import (
    FutureStep,
    consequence_predicates,
    possible_consequences,
)
from pyreport.following.step_order import in_order
from pyreport.reasoning.decision import Decision, ProofError, proved
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.solver import derive
from pyreport.rulebook.rows import atom_of
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value, quote

__all__ = [
    "EXCLUDED",
    "POSSIBLE",
    "Consequence",
    "consequences",
    "standing_headings",
    "step_words",
    "steps_in_order",
]

POSSIBLE = "possible"
"""How a consequence of a scenario stands."""

EXCLUDED = "excluded"
"""The label in the vocabulary of what is ruled out."""

_POSSIBLE_HEADING = "Possible, in some lawful course from now on"
_NO_HASH = "0" * 64


@dataclass(frozen=True)
class Consequence:
    """One consequence of a case.

    Attributes:
        standing: The label of its predicate, such as ``required``; or ``possible``.
        atom: The consequence.
        pathway: The pathway that leads to it.
        act: What is done, or ruled out.
        by: Who shall or may do it; ``None`` of what is ruled out.
        steps: The steps that would lead to it, in words; none as the case stands.
        step: The consequence with its derivation.
    """

    standing: str
    atom: Atom
    pathway: Value
    act: Value
    by: Value | None
    steps: tuple[str, ...]
    step: Step

    @property
    def sentence(self) -> str:
        """The consequence in a sentence, with "shall" or "may"."""
        return self.step.sentence


def standing_headings(rulebook: Rulebook) -> dict[str, str]:
    """The headings of consequences by how they stand, in the order of reports: what is ruled out comes last."""
    headings = {str(predicate.label): str(predicate.heading) for predicate in consequence_predicates(rulebook)}
    excluded = headings.pop(EXCLUDED)
    return {**headings, POSSIBLE: _POSSIBLE_HEADING, EXCLUDED: excluded}


def consequences(decision: Decision, cds: str, date: int) -> list[Consequence]:
    """Every consequence of the case of one LEA, as of ``date`` (YYYYMMDD, as the decision was asked).

    Raises:
        ProofError: The checker does not confirm a scenario.
        ReasoningError: Clingo reported an error or a warning.
    """
    graph, lea = decision.graph, quote(cds)
    explainer = Explainer(graph)
    standing = [
        _consequence(graph, str(predicate.label), atom_of(row), (), explainer)
        for predicate in consequence_predicates(graph.rulebook)
        for row in graph.rows(predicate.name, lea=lea)
    ]
    possible, certain = possible_consequences(graph, lea, date)
    if not certain <= {consequence.atom for consequence in standing}:
        raise ProofError("What holds in every course of the case does not hold as it stands.")
    decided: dict[tuple[Atom, ...], Explainer] = {}
    after_steps = []
    for consequence in possible:
        events = tuple(consequence.events(graph.rulebook, date))
        if events not in decided:
            decided[events] = _decided(decision, events)
        words = tuple(step_words(explainer.sentences, steps_in_order(decision.rulebook, consequence.steps)))
        after_steps.append(_consequence(graph, POSSIBLE, consequence.atom, words, decided[events]))
    return [*standing, *after_steps]


def _consequence(graph: Graph, standing: str, atom: Atom, steps: tuple[str, ...], explainer: Explainer) -> Consequence:
    values = graph.rulebook.predicates[str(atom[0])].values(atom)
    act = values["Act"] if "Act" in values else values["Exclusion"]
    return Consequence(standing, atom, values["Pathway"], act, values.get("By"), steps, explainer.step(atom))


def _decided(decision: Decision, events: tuple[Atom, ...]) -> Explainer:
    """The case with the steps of a scenario as further facts, decided by the ordinary rules and checked."""
    supposed = Publication(0, "Supposed from now on", "", "supposed", "", _NO_HASH, {}, "case")
    facts: Facts = dict(decision.graph.facts)
    for number, atom in enumerate(events, start=1):
        facts.setdefault(atom, Cell("supposed", supposed, "step ", number))
    graph = derive(decision.rulebook, facts)
    proved(graph)
    return Explainer(graph)


def steps_in_order(rulebook: Rulebook, steps: Sequence[FutureStep]) -> list[FutureStep]:
    """The steps of a scenario, each after those that it follows by the policy.

    Raises:
        graphlib.CycleError: The policy has steps follow each other.
    """
    follows = {(row.pathway, row.step, row.prior) for row in rulebook.stated("follows")}
    priors = {step: [prior for prior in steps if (step.pathway, step.step, prior.step) in follows] for step in steps}
    return in_order(steps, priors)


def step_words(sentences: Sentences, steps: Sequence[FutureStep]) -> list[str]:
    """Each step in words: what, by whom, under which section."""
    return [
        f"{sentences.words('What', step.what)}, by {sentences.words('By', step.by)} "
        f"(EC {sentences.words('Section', step.section)})"
        for step in steps
    ]
