"""What one of two policies has for or against a conclusion: of its derivation, the steps in which the two differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyreport.comparison.differences import GraphDifferences
from pyreport.explanation.numbered import NumberedSteps, Reason
from pyreport.explanation.text import cell_words
from pyreport.explanation.tree import Explainer, Step
from pyreport.rulebook.syntax import Atom

__all__ = ["Explained", "ShownReason", "ShownStep", "explained"]

_MOST = 8
"""The most steps that are written out."""


@dataclass(frozen=True, slots=True)
class ShownReason:
    """One derivation of a step.

    Attributes:
        sentence: What it says.
        rule: The id of the rule.
        law: The citations.
        rests_on: The numbers of the steps that it rests on.
        facts_of_law: The ids of the rules that state the facts of law on which it rests.
        notes: What was counted, compared and absent, a sentence each.
    """

    sentence: str
    rule: str
    law: tuple[str, ...]
    rests_on: tuple[int, ...]
    facts_of_law: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step of a derivation: a fact with its ``source``, or a conclusion with its ``reasons``.

    Of several derivations those are among the ``reasons`` that differ, or else the first; ``derivations`` counts all.
    """

    number: int
    sentence: str
    source: str | None
    reasons: tuple[ShownReason, ...]
    derivations: int


@dataclass(frozen=True, slots=True)
class Explained:
    """What a policy has for or against a conclusion.

    Attributes:
        holds: Whether the conclusion holds.
        steps: The steps of its derivation in which the policies differ, and what those rest on; empty if it does not.
        others: How many more steps the derivation has.
        absent: Where it does not hold: what of the other policy's steps does not hold either, and last why the lowest
            of them does not, by each rule that could have concluded it.
    """

    holds: bool
    steps: tuple[ShownStep, ...]
    others: int
    absent: tuple[str, ...]


def explained(explainers: tuple[Explainer, Explainer], found: GraphDifferences, atom: Atom) -> list[Explained]:
    """What either policy has for or against ``atom``, one of the differences ``found``; by the old policy first."""
    numbered = [NumberedSteps([one.step(atom)]) if _holds(one, atom) else None for one in explainers]
    return [
        _against(explainer, found, other) if own is None and other is not None else _for(found, own or NumberedSteps())
        for explainer, own, other in zip(explainers, numbered, reversed(numbered), strict=True)
    ]


def _holds(explainer: Explainer, atom: Atom) -> bool:
    return atom in explainer.graph.facts or atom in explainer.graph.derived(str(atom[0]))


def _for(found: GraphDifferences, numbered: NumberedSteps) -> Explained:
    touched = (step for step in numbered.steps if found.touched(step.atom))
    wanted = {number for step in touched for number in _with_roots(found, numbered, step)}
    shown = sorted(wanted | {1})[:_MOST]
    return Explained(True, tuple(_shown(found, numbered, number) for number in shown), len(numbered) - len(shown), ())


def _against(explainer: Explainer, found: GraphDifferences, other: NumberedSteps) -> Explained:
    missing = [step.atom for step in other.steps if found.touched(step.atom) and not _holds(explainer, step.atom)]
    absences = [explainer.absence(atom) for atom in missing[:_MOST]]
    reasons = [f"{words} [{rule.id}]" for rule, words in absences[-1].reasons] if absences else []
    return Explained(False, (), 0, (*(absence.sentence for absence in absences), *reasons))


def _differs(found: GraphDifferences, numbered: NumberedSteps, reason: Reason) -> bool:
    """Whether a derivation is one of this policy alone, or rests on what differs."""
    return found.alone(reason.derivation.rule, reason.derivation.instance) or any(
        found.touched(numbered.steps[below - 1].atom) for below in reason.rests_on
    )


def _with_roots(found: GraphDifferences, numbered: NumberedSteps, step: Step) -> Iterator[int]:
    """The numbers of a step that differs and, where nothing below it does, of what it rests on."""
    number = numbered.number(step)
    if number is not None:
        yield number
    for reason in numbered.reasons(step):
        below = [one for one in reason.rests_on if found.touched(numbered.steps[one - 1].atom)]
        if not below and _differs(found, numbered, reason):
            yield from reason.rests_on


def _shown(found: GraphDifferences, numbered: NumberedSteps, number: int) -> ShownStep:
    step = numbered.steps[number - 1]
    source = None if step.cell is None else cell_words(step.cell)
    every = numbered.reasons(step)
    reasons = [reason for reason in every if _differs(found, numbered, reason)] or every[:1]
    return ShownStep(number, step.headline, source, tuple(map(_reason, reasons)), len(every))


def _reason(reason: Reason) -> ShownReason:
    derivation = reason.derivation
    return ShownReason(
        derivation.sentence,
        derivation.rule.id,
        tuple(dict.fromkeys(citation.text for citation in derivation.cites)),
        reason.rests_on,
        tuple(rule.id for rule in reason.stated_by),
        (
            *(counting.sentence for counting in derivation.countings),
            *derivation.comparisons,
            *(absence.sentence for absence in derivation.absences),
        ),
    )
