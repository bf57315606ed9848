"""What if facts of one LEA were otherwise: decided, checked and compared with what is decided now.

A statement about the rules and never advice. What is said here of another world was derived from its facts and
replayed by the proof checker.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pyreport.evidence.predicates import Facts
from pyreport.explanation.sentences import Sentences
from pyreport.explanation.tree import Explainer, walk
from pyreport.hypotheses.change import Change, Move, changed
from pyreport.hypotheses.least_change import LeastChanges, Question, least_changes
from pyreport.hypotheses.relevance import narrowed
from pyreport.hypotheses.search import Optima
from pyreport.hypotheses.settings import Setting, SettingError, moves_of_settings
from pyreport.hypotheses.starting_point import COST, NEW, Basis, bases, starting_points
from pyreport.hypotheses.worlds import changed_worlds, decide_worlds, world_facts
from pyreport.proof.checker import Verdict
from pyreport.reasoning.decision import proved
from pyreport.reasoning.determinations import Determination, determinations
from pyreport.reasoning.graph import Graph, Instance
from pyreport.reasoning.solver import conclude, derive
from pyreport.rulebook.rows import with_values
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value, quote

__all__ = [
    "LABEL",
    "Difference",
    "Hypothesis",
    "Inquiry",
    "Outcome",
    "Smallest",
    "WhatIf",
    "hypothesis",
    "smallest",
]

LABEL = "A statement about the rules, not advice: what they would conclude from other facts, not what anyone should do."

_POSSIBLE = "possibly_eligible"


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


@dataclass(frozen=True)
class Inquiry:
    """What a what-if is asked about.

    Attributes:
        rulebook: The policy.
        changes: The policy, loaded with its changes.
        facts: The facts of one LEA on which ``year`` rests.
        cds: Its CDS code.
        year: The Dashboard year.
        question: The conclusion asked about.
    """

    rulebook: Rulebook
    changes: Rulebook
    facts: Facts
    cds: str
    year: int
    question: Question


def smallest(inquiry: Inquiry) -> tuple[WhatIf, list[Smallest], dict[Atom, str]]:
    """Find all smallest changes for one LEA, decide from each, and check every derivation of all of it.

    Returns:
        What it is about, the smallest changes of each goal, and the sentence of each move.

    Raises:
        ReasoningError: Clingo reported something, or a change is not confirmed.
        ProofError: The checker does not confirm a derivation.
    """
    rulebook, changes, facts = inquiry.rulebook, inquiry.changes, inquiry.facts
    cds, year = inquiry.cds, inquiry.year
    (least,) = least_changes(changes, facts, year, inquiry.question)
    start = derive(changes, world_facts(changes, facts, least.start.atoms, cds))
    now = derive(rulebook, facts)
    verdicts = [proved(now), proved(start)]
    decided = decide_worlds(rulebook, facts, cds, changed_worlds(least.start.atoms, least.decided))
    after: dict[tuple[int, int], Determination] = {}
    if decided is not None:
        verdicts.append(decided.verdict)
        by_code = {row.cds: row for row in determinations(decided.graph, [year])}
        after = {key: by_code[code] for key, code in decided.codes.items()}
    sentences = Sentences(start)
    results = [
        Smallest(
            optima,
            _question(sentences, optima),
            tuple(Outcome(change, after[place, number]) for number, change in enumerate(least.decided[place])),
        )
        for place, optima in enumerate(least.optima)
    ]
    what = WhatIf(cds, year, _row(now, cds, year), least.start.bases, tuple(verdicts))
    return what, results, _move_sentences(start, sentences, least)


def hypothesis(inquiry: Inquiry, settings: Sequence[Setting]) -> tuple[WhatIf, Hypothesis]:
    """Decide from the facts as ``settings`` have them, and compare.

    Raises:
        SettingError: A setting fits no fact, or the conclusions of the year do not rest on its Dashboard.
        ReasoningError: Clingo reported something.
        ProofError: The checker does not confirm a derivation.
    """
    rulebook, changes, facts = inquiry.rulebook, inquiry.changes, inquiry.facts
    cds, year = inquiry.cds, inquiry.year
    lea = quote(cds)
    resting = sorted({row.earlier for row in with_values(rulebook.stated("rests_on"), year=year)}, key=str)
    for setting in settings:
        if setting.year not in resting:
            years = ", ".join(map(str, resting))
            raise SettingError(
                f"--set {setting.text}: the conclusions of {year} rest on the Dashboards of {years}, "
                f"not on {setting.year}"
            )
    wanted = _wanted(changes, settings, lea, facts)
    predicates = inquiry.question.predicates(rulebook)
    (start,) = starting_points(changes, facts, year, predicates, wanted)
    before = world_facts(changes, facts, start.atoms, cds)
    moves = moves_of_settings(changes, settings, lea, before)
    after = world_facts(changes, before, changed(start.atoms, tuple(moves)), cds)
    graphs = [derive(rulebook, world) for world in (facts, before, after)]
    verdicts = tuple(map(proved, graphs))
    now, old, new = graphs
    outputs = (output.name for output in rulebook.outputs().values())
    compared = {*outputs, _POSSIBLE, *predicates}
    compared = {name for name in compared if rulebook.predicates[name].stated_by == "rules"}
    sentences = Sentences(Graph(changes, before, {}))
    what = WhatIf(cds, year, _row(now, cds, year), start.bases, verdicts)
    return what, Hypothesis(
        tuple(settings),
        tuple(moves),
        tuple(_set_sentence(sentences, changes, move) for move in moves),
        _row(new, cds, year),
        _difference(new, old, compared, cds, year),
        _difference(old, new, compared, cds, year),
    )


def _row(graph: Graph, cds: str, year: int) -> Determination:
    return next(row for row in determinations(graph, [year]) if row.cds == cds)


def _wanted(changes: Rulebook, settings: Sequence[Setting], lea: Value, facts: Facts) -> dict[int, str]:
    """The basis that the settings need of each Dashboard."""
    stated = {predicate: name for name, predicates in bases(changes).items() for predicate in predicates}
    asked = ("basis_at_hand",)
    basis_at_hand = changes.predicates["basis_at_hand"]
    at_hand_rows = [
        basis_at_hand.row(atom) for atom in conclude(narrowed(changes, asked), facts, asked)["basis_at_hand"]
    ]
    at_hand = {(row.lea, row.year, row.basis) for row in at_hand_rows}
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
        declared = changes.predicates[setting.predicate]
        rows = (declared.row(atom) for atom in facts if atom[0] == setting.predicate)
        figures = any(row.lea == lea and row.year == year for row in rows)
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


def _question(sentences: Sentences, optima: Optima) -> str:
    goal = optima.goal
    named = [value for value in goal.arguments if value is not None]
    if len(named) < len(goal.arguments):
        return f"None now: {goal.predicate.replace('_', ' ')}."
    atom = (goal.predicate, *named)
    return sentences.of_absence(atom) if goal.comes else sentences.of_atom(atom)


def _move_sentences(graph: Graph, sentences: Sentences, least: LeastChanges) -> dict[Atom, str]:
    """The sentence of each move, from the label of the rule that allows it."""
    moves = (move for optima in least.optima for part in optima.parts for change in part for move in change)
    return {move.atom: sentences.of_rule(*graph.support[move.atom][0]) for move in moves}


def _set_sentence(sentences: Sentences, changes: Rulebook, move: Move) -> str:
    """A set fact: what is in place of what, in the words of the policy's own change where it has one."""
    if move.new is None:
        return f"Not so: {sentences.of_atom(move.old or ())}"
    if move.old is None:
        return f"{sentences.of_atom(move.new)} Nothing of the kind is on record."
    declared = changes.predicates[str(move.new[0])]
    was, would_be = declared.values(move.old), declared.values(move.new)
    different = {name for name in declared.arguments if was[name] != would_be[name]}
    for predicate in changes.predicates.values():
        fresh = next((name for name in predicate.arguments if name.startswith(NEW)), "")
        stale = fresh.removeprefix(NEW)
        if predicate.changes == move.new[0] and different == {stale}:
            values = {**was, fresh: would_be[stale], COST: 0}
            return sentences.of_atom((predicate.name, *(values[name] for name in predicate.arguments)))
    return f"{sentences.of_atom(move.new)} On record: {sentences.of_atom(move.old)}"


def _difference(graph: Graph, other: Graph, compared: Collection[str], cds: str, year: int) -> Difference:
    """What ``graph`` has and ``other`` has not, of the conclusions of ``year`` and of the derivations below them."""
    sentences = Sentences(graph)
    steps, applied = _below(graph, compared, cds, year)
    theirs = {atom for name in compared for atom in other.atoms(name)}
    conclusions = [(atom, sentences.of_atom(atom)) for atom in steps if atom not in theirs]
    derivations = [
        (rule, instance, sentences.of_rule(rule, instance))
        for rule in graph.rulebook.rules
        for instance in sorted(applied.get(rule.id, set()).difference(other.instances.get(rule.id, ())), key=str)
    ]
    return Difference(tuple(conclusions), tuple(derivations))


def _below(graph: Graph, compared: Collection[str], cds: str, year: int) -> tuple[list[Atom], dict[str, set[Instance]]]:
    """The conclusions of ``year`` among ``compared``, and the applications of rules below them."""
    explainer = Explainer(graph)
    steps = [step for name in sorted(compared) for step in explainer.about(name, quote(cds), year)]
    applied: dict[str, set[Instance]] = {}
    for step in walk(steps):
        for derivation in step.derivations:
            applied.setdefault(derivation.rule.id, set()).add(derivation.instance)
    return [step.atom for step in steps], applied
