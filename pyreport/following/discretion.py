"""What can come of decisions that the law leaves open: every lawful course of a case, by answer sets.

The rules decide and do not choose. Here clingo chooses which of the steps that are still open are taken from now on,
and with which answer, and keeps the courses in which no event is out of place by the policy's own rules
(``misplaced``). What the rules conclude in some course is possible. Only the rules that depend on events are asked
anew: what the others conclude is the same in every course, and stands in the case as it is decided (the splitting set
theorem of Lifschitz and Turner, 1994). No rule of law is written here: the steps, who takes them, their answers and
their order are the policy's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import clingo

from pyreport.hypotheses.worlds import used_by
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.grounding import grounded
from pyreport.reasoning.instrumentation import write_facts
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value

__all__ = ["CONSEQUENCES", "Possible", "Taken", "alike", "possible_consequences"]

CONSEQUENCES = ("shall", "may", "excluded")
"""The predicates of consequences: who shall, who may, what is excluded."""

_EVENTS = {"event", "event_under"}
_COURSES = """
{ taken_from_now(Pathway, Step, What, By, Section) : open_step(Pathway, Step, What, By, Section) }.
event(Lea, What, By, Date) :- taken_from_now(Pathway, Step, What, By, Section), looked_at(Lea, Date).
event_under(Lea, What, By, Date, Section) :- taken_from_now(Pathway, Step, What, By, Section), looked_at(Lea, Date).
:- looked_at(Lea, Date), misplaced(Lea, What, Date).
#minimize { 1@2, Pathway, Step, What, By, Section : taken_from_now(Pathway, Step, What, By, Section) }.
#minimize { Place@1, Pathway, Step, What, By, Section :
    taken_from_now(Pathway, Step, What, By, Section), place(What, By, Place) }.
#show taken_from_now/5.
"""

Taken = tuple[Value, Value, Value, Value, Value]
"""A step taken from now on: pathway, step, event, by whom, under which section."""


@dataclass(frozen=True, slots=True)
class Possible:
    """A consequence that holds in some course, and the fewest steps from now on that lead there."""

    atom: Atom
    steps: tuple[Taken, ...]

    def events(self, lea: Value, date: int) -> list[Atom]:
        """The steps as facts of the case, all on ``date``."""
        atoms: list[Atom] = []
        for _, _, what, by, section in self.steps:
            atoms += [("event_under", lea, what, by, date, section), ("event", lea, what, by, date)]
        return atoms


def alike(graph: Graph, lea: Value) -> frozenset[Atom]:
    """All of the case of one LEA that its courses hang on, without its code: equal where cases have equal courses."""
    of_lea = (atom for atom in _given(graph, lea, _inputs(graph.rulebook)) if atom[1:2] == (lea,))
    return frozenset((atom[0], *atom[2:]) for atom in of_lea)


def possible_consequences(graph: Graph, lea: Value, date: int) -> tuple[list[Possible], set[Atom]]:
    """Look at every lawful course of one LEA's case from ``date`` on.

    Args:
        graph: The case as it is decided today, looked at as of ``date``.
        lea: The LEA, a quoted CDS code.
        date: The date of the case, as the number YYYYMMDD.

    Returns:
        The consequences that hold in some course and not today, and those that hold in every course.

    Raises:
        ReasoningError: Clingo reported an error or a warning.
    """
    rulebook = graph.rulebook
    today = {atom for name in CONSEQUENCES for atom in graph.atoms(name) if atom[1] == lea}
    open_steps = list(_open_steps(graph, lea))
    control = _ground(graph, lea, [*open_steps, *_places(rulebook, open_steps), ("looked_at", lea, date)])
    atoms = {
        atom: one.literal
        for name in CONSEQUENCES
        for one in control.symbolic_atoms.by_signature(name, len(rulebook.predicates[name].arguments))
        if (atom := _value(one.symbol))[1] == lea
    }
    certain = {atom for atom, literal in atoms.items() if _never(control, -literal)}
    found = []
    for atom in sorted(atoms.keys() - today, key=repr):
        steps = _fewest(control, atoms[atom])
        if steps is not None:
            found.append(Possible(atom, steps))
    return found, certain


def _open_steps(graph: Graph, lea: Value) -> Iterable[Atom]:
    """The steps that no answer settles yet, of the pathways whose conditions are met, with each answer there is."""
    stated = {name: [fact for rule in graph.rulebook.by_head[name] for fact in rule.facts] for name in _STATED}
    available = {atom[2] for atom in graph.atoms("available") if atom[1] == lea}
    closed = {atom[2] for atom in graph.atoms("refused") if atom[1] == lea}
    answered = {atom[2:4] for atom in graph.atoms("answered") if atom[1] == lea}
    supporting = {atom[1] for atom in stated["stands_under"]} - {fact[1] for fact in stated["open_to_kind"]}
    for _, pathway, step, section in stated["stands_under"]:
        if pathway not in supporting and (pathway not in available or pathway in closed):
            continue
        if (pathway, step) in answered:
            continue
        for _, what, answers, _ in stated["answers"]:
            for _, of, taken, by in stated["taken_by"]:
                if answers == step and (of, taken) == (pathway, step):
                    yield ("open_step", pathway, step, what, by, section)


def _places(rulebook: Rulebook, steps: Iterable[Atom]) -> Iterable[Atom]:
    """Of courses with equally many steps, which to show: that whose steps stand first in the policy's words."""
    what, by = (list(rulebook.names.get(name, ())) for name in ("What", "By"))
    for one, whose in dict.fromkeys((step[3], step[4]) for step in steps):
        place = sum(names.index(value) if value in names else len(names) for names, value in ((what, one), (by, whose)))
        yield ("place", one, whose, place)


_STATED = ("stands_under", "answers", "taken_by", "open_to_kind")


def _ground(graph: Graph, lea: Value, further: Iterable[Atom]) -> clingo.Control:
    """The rules that depend on events, over what the others conclude of the LEA and of no LEA."""
    predicates = graph.rulebook.predicates
    eventful = _depending_on_events(graph.rulebook)
    rules = [rule for rule in graph.rulebook.rules if rule.head.predicate in eventful]
    inputs = _inputs(graph.rulebook)
    given = _given(graph, lea, inputs | _EVENTS)
    programs = ["\n".join(rule.text for rule in rules), write_facts([*given, *further]), _COURSES]
    return grounded(programs, (predicates[name] for name in sorted(inputs)), ["--opt-mode=ignore"])


def _given(graph: Graph, lea: Value, predicates: Iterable[str]) -> Iterable[Atom]:
    for name in sorted(predicates):
        about_lea = graph.rulebook.predicates[name].arguments[:1] == ("LEA",)
        yield from (atom for atom in graph.atoms(name) if not about_lea or atom[1] == lea)


@lru_cache(maxsize=2)
def _depending_on_events(rulebook: Rulebook) -> frozenset[str]:
    """The predicates whose rules look at events, at once or by other rules."""
    found, before = set(_EVENTS), 0
    while len(found) > before:
        before = len(found)
        found |= {rule.head.predicate for rule in rulebook.rules if found & used_by(rule)}
    return frozenset(found - _EVENTS)


@lru_cache(maxsize=2)
def _inputs(rulebook: Rulebook) -> frozenset[str]:
    """What the rules that depend on events look at, and do not conclude."""
    eventful = _depending_on_events(rulebook)
    needed = {name for rule in rulebook.rules if rule.head.predicate in eventful for name in used_by(rule)}
    return frozenset(needed - eventful)


def _never(control: clingo.Control, literal: int) -> bool:
    """Whether no course has the literal."""
    _mode(control, "ignore")
    with control.solve(assumptions=[literal], yield_=True) as handle:
        return not handle.get().satisfiable


def _fewest(control: clingo.Control, literal: int) -> tuple[Taken, ...] | None:
    """The fewest steps of a course that has the literal, by pathway and step; ``None`` if none has."""
    _mode(control, "opt")
    best: list[clingo.Symbol] | None = None
    with control.solve(assumptions=[literal], yield_=True) as handle:
        for model in handle:
            best = list(model.symbols(shown=True))
    if best is None:
        return None
    return tuple(sorted(tuple(_value(symbol)[1:]) for symbol in best))  # type: ignore[misc]


def _mode(control: clingo.Control, mode: str) -> None:
    configuration = control.configuration.solve
    configuration.opt_mode = mode  # type: ignore[union-attr]
    configuration.models = 0 if mode == "opt" else 1  # type: ignore[union-attr]


def _value(symbol: clingo.Symbol) -> Atom:
    arguments = (one.number if one.type == clingo.SymbolType.Number else str(one) for one in symbol.arguments)
    return (symbol.name, *arguments)
