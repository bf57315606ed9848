"""What if facts of one LEA were otherwise: decided, checked and compared with what is decided now.

A statement about the rules and never advice. Whatever is told here of another world was derived from its facts and
replayed by the proof checker.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pyreport.evidence.model import Cell, Publication
from pyreport.evidence.predicates import Facts
from pyreport.evidence.record import Record
from pyreport.explanation.sentences import Sentences
from pyreport.explanation.tree import Explainer, walk
from pyreport.hypotheses.least_change import LeastChanges, Question, least_changes
from pyreport.hypotheses.settings import Setting, SettingError, moves_of_settings
from pyreport.hypotheses.smallest_changes import Change, Move, Optima, changed
from pyreport.hypotheses.starting_point import COST, NEW, Basis, bases, starting_points
from pyreport.hypotheses.worlds import narrowed
from pyreport.proof.checker import Verdict
from pyreport.reasoning.decision import proved
from pyreport.reasoning.determinations import Determination, determinations
from pyreport.reasoning.graph import Graph, Instance
from pyreport.reasoning.solver import conclude, derive
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value, quote, unquote

__all__ = [
    "LABEL",
    "Difference",
    "Hypothesis",
    "Outcome",
    "Smallest",
    "WhatIf",
    "hypothesis",
    "smallest",
    "world_facts",
]

LABEL = "A statement about the rules, not advice: what they would conclude from other facts, not what anyone should do."

_HYPOTHESIS = Publication(0, "A hypothesis", "", "hypothesis", "", "0" * 64, {}, "hypothesis")
_SHOWN = ("eligible", "possibly_eligible", "meets_criteria_on_state_priorities")
"""What is shown of a world beside the outputs of the policy."""


@dataclass(frozen=True)
class WhatIf:
    """The LEA and year that a what-if is about, as it is decided now, and what was set aside to change facts.

    ``now`` is decided from all facts; ``verdicts`` are those of the proof checker on every graph that was derived.
    """

    cds: str
    year: int
    now: Determination
    bases: tuple[Basis, ...]
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True)
class Outcome:
    """One smallest change and what is decided from the changed facts."""

    change: Change
    after: Determination


@dataclass(frozen=True)
class Smallest:
    """All smallest changes for one goal; ``question`` is the sentence of the goal, ``outcomes`` those decided again."""

    optima: Optima
    question: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class Difference:
    """What comes (or goes) when facts change: conclusions, and applications of rules. Each with its sentence."""

    conclusions: tuple[tuple[Atom, str], ...]
    derivations: tuple[tuple[Rule, Instance, str], ...]


@dataclass(frozen=True)
class Hypothesis:
    """A reviewer's own hypothesis: the facts changed, and what comes and goes with them."""

    settings: tuple[Setting, ...]
    moves: tuple[Move, ...]
    sentences: tuple[str, ...]
    after: Determination
    comes: Difference
    goes: Difference


def smallest(
    rulebook: Rulebook, changes: Rulebook, record: Record, facts: Facts, cds: str, year: int, question: Question
) -> tuple[WhatIf, list[Smallest], dict[Atom, str]]:
    """Find all smallest changes for one LEA, decide from each, and check every derivation of all of it.

    Args:
        rulebook: The policy.
        changes: The policy, loaded with its changes.
        record: The record.
        facts: The facts of the LEA on which ``year`` rests.
        cds: Its CDS code.
        year: The Dashboard year.
        question: What is asked.

    Returns:
        What it is about, the smallest changes of each goal, and the sentence of each move.

    Raises:
        ReasoningError: Clingo reported something, or a change is not confirmed.
        ProofError: The checker does not confirm a derivation.
    """
    (found,) = least_changes(changes, facts, year, question)
    start = derive(changes, world_facts(facts, found.start.atoms, cds))
    now = derive(rulebook, facts)
    codes = {
        (place, number): f"{cds}~{place}.{number}"
        for place, decided in enumerate(found.decided)
        for number in range(len(decided))
    }
    worlds: Facts = {}
    for (place, number), code in codes.items():
        worlds.update(world_facts(facts, changed(found.start.atoms, found.decided[place][number]), code))
    verdicts = [proved(now), proved(start)]
    after: dict[str, Determination] = {}
    if worlds:
        graph = derive(rulebook, worlds)
        verdicts.append(proved(graph))
        after = {row.cds: row for row in determinations(graph, [year])}
    told = Sentences(start)
    results = [
        Smallest(
            optima,
            _question(told, optima),
            tuple(Outcome(change, after[codes[place, number]]) for number, change in enumerate(found.decided[place])),
        )
        for place, optima in enumerate(found.optima)
    ]
    sentences = _move_sentences(start, told, found)
    return WhatIf(cds, year, _row(now, record, cds, year), found.start.bases, tuple(verdicts)), results, sentences


def hypothesis(
    rulebook: Rulebook,
    changes: Rulebook,
    record: Record,
    facts: Facts,
    cds: str,
    year: int,
    settings: Sequence[Setting],
    question: Question,
) -> tuple[WhatIf, Hypothesis]:
    """Decide from the facts as ``settings`` have them, and compare; arguments as for ``smallest``.

    Raises:
        SettingError: A setting fits no fact, or the conclusions of the year do not rest on its Dashboard.
        ReasoningError: Clingo reported something.
        ProofError: The checker does not confirm a derivation.
    """
    lea = quote(cds)
    resting = sorted(
        {fact[2] for rule in rulebook.by_head["rests_on"] for fact in rule.facts if fact[1] == year}, key=str
    )
    for setting in settings:
        if setting.year not in resting:
            years = ", ".join(map(str, resting))
            raise SettingError(
                f"--set {setting.text}: the conclusions of {year} rest on the Dashboards of {years}, "
                f"not on {setting.year}"
            )
    wanted = _wanted(changes, settings, lea, facts)
    predicates = tuple(dict.fromkeys((*Question().predicates, *question.predicates)))
    (start,) = starting_points(changes, facts, year, predicates, wanted)
    before = world_facts(facts, start.atoms, cds)
    moves = moves_of_settings(changes, settings, lea, before)
    after = world_facts(before, changed(start.atoms, tuple(moves)), cds)
    graphs = [derive(rulebook, world) for world in (facts, before, after)]
    verdicts = tuple(map(proved, graphs))
    now, old, new = graphs
    shown = {*(one.name for one in rulebook.outputs().values()), *_SHOWN, *question.predicates}
    shown = {name for name in shown if rulebook.predicates[name].stated_by == "rules"}
    told = Sentences(Graph(changes, before, {}))
    what = WhatIf(cds, year, _row(now, record, cds, year), start.bases, verdicts)
    return what, Hypothesis(
        tuple(settings),
        tuple(moves),
        tuple(_told(told, changes, move) for move in moves),
        _row(new, record, cds, year),
        _difference(new, old, shown, cds, year),
        _difference(old, new, shown, cds, year),
    )


def _row(graph: Graph, record: Record, cds: str, year: int) -> Determination:
    return next(row for row in determinations(graph, [year]) if row.cds == cds)


def world_facts(facts: Facts, atoms: Collection[Atom], code: str) -> Facts:
    """The facts ``atoms`` under ``code`` in place of the LEA's; one that is not among ``facts`` is a hypothesis."""
    lea = quote(code)
    world: Facts = {}
    for number, atom in enumerate(atoms, 1):
        cell = facts.get(atom)
        if cell is None:
            cell = Cell(", ".join(unquote(value) for value in atom[2:]), _HYPOTHESIS, "fact ", number)
        world[atom[0], lea, *atom[2:]] = cell
    return world


def _wanted(changes: Rulebook, settings: Sequence[Setting], lea: Value, facts: Facts) -> dict[int, str]:
    """The basis that the settings need of each Dashboard."""
    stated = {predicate: name for name, predicates in bases(changes).items() for predicate in predicates}
    asked = ("basis_at_hand",)
    at_hand = {atom[1:] for atom in conclude(narrowed(changes, asked), facts, asked)["basis_at_hand"]}
    wanted: dict[int, str] = {}
    first: dict[int, Setting] = {}
    for setting in settings:
        name = stated.get(setting.predicate)
        if name is None:
            continue
        year = setting.year
        if wanted.setdefault(year, name) != name:
            raise SettingError(
                f"--set {setting.text}: the {year} Dashboard is taken by {_words(changes, name)} or by "
                f"{_words(changes, wanted[year])}, as {first[year].text} needs it, and not by both; set one of them"
            )
        first.setdefault(year, setting)
        figures = any(atom[0] == setting.predicate and atom[1] == lea and atom[2] == year for atom in facts)
        if not figures and (lea, year, name) not in at_hand:
            others = sorted(str(other) for code, at, other in at_hand if code == lea and at == year)
            on_record = " and ".join(_words(changes, other) for other in others) or "none of these"
            raise SettingError(
                f"--set {setting.text}: {_words(changes, name)} of {year} are not on record for this LEA; on record "
                f"is {on_record}"
            )
    return wanted


def _words(rulebook: Rulebook, basis: str) -> str:
    return rulebook.names["Basis"].get(basis, basis)


def _question(told: Sentences, optima: Optima) -> str:
    goal = optima.goal
    named = [value for value in goal.arguments if value is not None]
    if len(named) < len(goal.arguments):
        return f"None now: {goal.predicate.replace('_', ' ')}."
    atom = (goal.predicate, *named)
    return told.of_absence(atom) if goal.comes else told.of_atom(atom)


def _move_sentences(graph: Graph, told: Sentences, found: LeastChanges) -> dict[Atom, str]:
    """The sentence of each move, from the label of the rule that allows it."""
    sentences = {}
    for optima in found.optima:
        for part in optima.parts:
            for change in part:
                for move in change:
                    rule, instance = graph.support[move.atom][0]
                    sentences[move.atom] = told.of_rule(rule, instance)
    return sentences


def _told(told: Sentences, changes: Rulebook, move: Move) -> str:
    """A set fact: what is in place of what, in the words of the policy's own change where it has one."""
    if move.new is None:
        return f"Not so: {told.of_atom(move.old or ())}"
    if move.old is None:
        return f"{told.of_atom(move.new)} Nothing of the kind is on record."
    names = changes.predicates[str(move.new[0])].arguments
    was, would_be = (dict(zip(names, atom[1:], strict=True)) for atom in (move.old, move.new))
    different = {name for name in names if was[name] != would_be[name]}
    for predicate in changes.predicates.values():
        fresh = next((name for name in predicate.arguments if name.startswith(NEW)), "")
        stale = fresh.removeprefix(NEW)
        if predicate.changes == move.new[0] and different == {stale}:
            values = {**was, fresh: would_be[stale], COST: 0}
            return told.of_atom((predicate.name, *(values[name] for name in predicate.arguments)))
    return f"{told.of_atom(move.new)} On record: {told.of_atom(move.old)}"


def _difference(one: Graph, other: Graph, shown: Collection[str], cds: str, year: int) -> Difference:
    """What ``one`` has and ``other`` has not, of the conclusions of ``year`` and of the derivations below them."""
    told = Sentences(one)
    steps, applied = _below(one, shown, cds, year)
    theirs = {atom for name in shown for atom in other.atoms(name)}
    conclusions = [(atom, told.of_atom(atom)) for atom in steps if atom not in theirs]
    derivations = [
        (rule, instance, told.of_rule(rule, instance))
        for rule in one.rulebook.rules
        for instance in sorted(applied.get(rule.id, set()).difference(other.instances.get(rule.id, ())), key=str)
    ]
    return Difference(tuple(conclusions), tuple(derivations))


def _below(graph: Graph, shown: Collection[str], cds: str, year: int) -> tuple[list[Atom], dict[str, set[Instance]]]:
    """The conclusions of ``year`` among ``shown``, and the applications of rules below them."""
    explainer = Explainer(graph)
    steps = [step for name in sorted(shown) for step in explainer.about(name, quote(cds), year)]
    applied: dict[str, set[Instance]] = {}
    for step in walk(steps):
        for derivation in step.derivations:
            applied.setdefault(derivation.rule.id, set()).add(derivation.instance)
    return [step.atom for step in steps], applied
