"""What can come of decisions that the law leaves open: every lawful scenario of a case, by answer sets.

The rules decide and do not choose. Here clingo chooses which of the steps that are still open are taken from now on,
and with which answer, and keeps the scenarios in which no event is out of place by the policy's own rules
(``misplaced``). What the rules conclude in some scenario is possible. Only the rules that depend on events are applied
again: what the others conclude is the same in every scenario, and stands in the case as it is decided (the splitting
set theorem of Lifschitz and Turner, 1994). No rule of law is written here: the steps, who takes them, their answers,
their order and which predicates are consequences are the policy's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import clingo

from pyreport.hypotheses.relevance import read_by
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.grounding import grounded
from pyreport.reasoning.instrumentation import write_facts
from pyreport.rulebook.rows import atom_of
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["FutureStep", "Possible", "consequence_predicates", "possible_consequences"]

_EVENTS = ("event", "event_under")
_MISPLACED = "misplaced"
_TOPIC = "consequences"


def consequence_predicates(rulebook: Rulebook) -> list[Predicate]:
    """The predicates of what a pathway leads to, in the order of the vocabulary: who shall, who may, what is excluded.

    Their labels say which: required, permitted or excluded.
    """
    return [predicate for predicate in rulebook.topics()[_TOPIC] if "Pathway" in predicate.arguments]


class FutureStep(NamedTuple):
    """A step taken from now on: which step of which pathway, by which event, by whom, under which section."""

    pathway: Value
    step: Value
    what: Value
    by: Value
    section: Value


@dataclass(frozen=True, slots=True)
class Possible:
    """A consequence that holds in some scenario, and the fewest steps from now on that lead there.

    ``conclusion`` is the row of the consequence: its arguments by name.
    """

    conclusion: Any
    steps: tuple[FutureStep, ...]

    @property
    def atom(self) -> Atom:
        """The consequence as an atom."""
        return atom_of(self.conclusion)

    def events(self, rulebook: Rulebook, date: int) -> list[Atom]:
        """The steps as facts of the case, all on ``date`` (YYYYMMDD)."""
        event, event_under = (rulebook.predicates[name] for name in _EVENTS)
        atoms: list[Atom] = []
        for step in self.steps:
            values = {"lea": self.conclusion.lea, "what": step.what, "by": step.by, "date": date}
            atoms += [event_under.atom(**values, section=step.section), event.atom(**values)]
        return atoms


def possible_consequences(graph: Graph, lea: Value, date: int) -> tuple[list[Possible], set[Atom]]:
    """Look at every lawful scenario of one LEA's case from ``date`` on.

    Args:
        graph: The case as it is decided today, looked at as of ``date``.
        lea: The LEA, a quoted CDS code.
        date: The date of the case, as the number YYYYMMDD.

    Returns:
        The consequences that hold in some scenario and not today, and those that hold in every scenario.

    Raises:
        ReasoningError: Clingo reported an error or a warning.
    """
    predicates = {predicate.name: predicate for predicate in consequence_predicates(graph.rulebook)}
    today = {atom_of(row) for name in predicates for row in graph.rows(name, lea=lea)}
    open_steps = list(_open_steps(graph, lea))
    further: list[Atom] = [("open_step", *step) for step in open_steps]
    control = _ground(graph, lea, [*further, *_places(graph.rulebook, open_steps), ("looked_at", lea, date)])
    literals = {
        atom: symbol.literal
        for name, predicate in predicates.items()
        for symbol in control.symbolic_atoms.by_signature(name, len(predicate.arguments))
        if predicate.row(atom := _atom(symbol.symbol)).lea == lea
    }
    certain = {atom for atom, literal in literals.items() if _never(control, -literal)}
    possible = []
    for atom in sorted(literals.keys() - today, key=repr):
        steps = _fewest(control, literals[atom])
        if steps is not None:
            possible.append(Possible(predicates[str(atom[0])].row(atom), steps))
    return possible, certain


def _open_steps(graph: Graph, lea: Value) -> Iterable[FutureStep]:
    """The steps that no answer settles yet, of the pathways whose conditions are met, with each answer there is."""
    stated = graph.rulebook.stated
    available = {row.pathway for row in graph.rows("available", lea=lea)}
    closed = {row.pathway for row in graph.rows("refused", lea=lea)}
    answered = {(row.pathway, row.step) for row in graph.rows("answered", lea=lea)}
    steps, answers, actors = stated("stands_under"), stated("answers"), stated("taken_by")
    supporting = {row.pathway for row in steps} - {row.pathway for row in stated("open_to_kind")}
    for row in steps:
        if row.pathway not in supporting and (row.pathway not in available or row.pathway in closed):
            continue
        if (row.pathway, row.step) in answered:
            continue
        for answer in answers:
            for actor in actors:
                if answer.step == row.step and (actor.pathway, actor.step) == (row.pathway, row.step):
                    yield FutureStep(row.pathway, row.step, answer.what, actor.by, row.section)


def _places(rulebook: Rulebook, steps: Iterable[FutureStep]) -> Iterable[Atom]:
    """Of scenarios with equally many steps, which to show: that whose steps stand first in the policy's words."""
    events, actors = (list(rulebook.names.get(name, ())) for name in ("What", "By"))
    for what, by in dict.fromkeys((step.what, step.by) for step in steps):
        pairs = ((events, what), (actors, by))
        place = sum(names.index(value) if value in names else len(names) for names, value in pairs)
        yield ("place", what, by, place)


def _choices(rulebook: Rulebook) -> str:
    """The program that chooses the steps of a scenario and keeps the lawful ones.

    Its variables are named as the vocabulary names the arguments of events.
    """

    def pattern(name: str) -> str:
        return f"{name}({', '.join(rulebook.predicates[name].arguments)})"

    step_atom = f"taken_from_now({', '.join(name.capitalize() for name in FutureStep._fields)})"
    open_step = step_atom.replace("taken_from_now", "open_step")
    chosen = "\n".join(f"{pattern(name)} :- {step_atom}, looked_at(LEA, Date)." for name in _EVENTS)
    return f"""
{{ {step_atom} : {open_step} }}.
{chosen}
:- looked_at(LEA, Date), {pattern(_MISPLACED)}.
#minimize {{ 1@2, Pathway, Step, What, By, Section : {step_atom} }}.
#minimize {{ Place@1, Pathway, Step, What, By, Section : {step_atom}, place(What, By, Place) }}.
#show taken_from_now/{len(FutureStep._fields)}.
"""


def _ground(graph: Graph, lea: Value, further: Iterable[Atom]) -> clingo.Control:
    """The rules that depend on events, over what the others conclude of the LEA and of no LEA."""
    predicates = graph.rulebook.predicates
    eventful = _depending_on_events(graph.rulebook)
    rules = [rule for rule in graph.rulebook.rules if rule.head.predicate in eventful]
    inputs = _inputs(graph.rulebook)
    given = [atom for name in sorted(inputs.union(_EVENTS)) for atom in _given(graph, lea, name)]
    programs = ["\n".join(rule.text for rule in rules), write_facts([*given, *further]), _choices(graph.rulebook)]
    return grounded(programs, (predicates[name] for name in sorted(inputs)), ["--opt-mode=ignore"])


def _given(graph: Graph, lea: Value, name: str) -> list[Atom]:
    """The atoms of a predicate about the LEA, or about none."""
    if not _about_lea(graph.rulebook, name):
        return graph.atoms(name)
    return [atom_of(row) for row in graph.rows(name, lea=lea)]


def _about_lea(rulebook: Rulebook, name: str) -> bool:
    return "LEA" in rulebook.predicates[name].arguments


@lru_cache(maxsize=2)
def _depending_on_events(rulebook: Rulebook) -> frozenset[str]:
    """The predicates whose rules read events, at once or by other rules."""
    eventful, before = set(_EVENTS), 0
    while len(eventful) > before:
        before = len(eventful)
        eventful |= {rule.head.predicate for rule in rulebook.rules if eventful & read_by(rule)}
    return frozenset(eventful.difference(_EVENTS))


@lru_cache(maxsize=2)
def _inputs(rulebook: Rulebook) -> frozenset[str]:
    """What the rules that depend on events read, and do not conclude."""
    eventful = _depending_on_events(rulebook)
    needed = {name for rule in rulebook.rules if rule.head.predicate in eventful for name in read_by(rule)}
    return frozenset(needed - eventful)


def _never(control: clingo.Control, literal: int) -> bool:
    """Whether no scenario has the literal."""
    _mode(control, "ignore")
    with control.solve(assumptions=[literal], yield_=True) as handle:
        return not handle.get().satisfiable


def _fewest(control: clingo.Control, literal: int) -> tuple[FutureStep, ...] | None:
    """The fewest steps of a scenario that has the literal, by pathway and step; ``None`` if none has."""
    _mode(control, "opt")
    best: list[clingo.Symbol] | None = None
    with control.solve(assumptions=[literal], yield_=True) as handle:
        for model in handle:
            best = list(model.symbols(shown=True))
    if best is None:
        return None
    return tuple(sorted(FutureStep(*_atom(symbol)[1:]) for symbol in best))


def _mode(control: clingo.Control, mode: str) -> None:
    configuration = control.configuration.solve
    configuration.opt_mode = mode  # type: ignore[union-attr]
    configuration.models = 0 if mode == "opt" else 1  # type: ignore[union-attr]


def _atom(symbol: clingo.Symbol) -> Atom:
    arguments = (
        argument.number if argument.type == clingo.SymbolType.Number else str(argument) for argument in symbol.arguments
    )
    return (symbol.name, *arguments)
