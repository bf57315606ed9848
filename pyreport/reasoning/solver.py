"""Run clingo: conclusions alone, or the whole graph of derivations.

The policy is stratified, so grounding settles everything and there is one answer set. Atoms are read
through their text: one call into the solver for each, no hashing of solver symbols, and every distinct
term is converted once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import clingo

from pyreport.evidence.facts import Facts
from pyreport.reasoning.graph import Counted, Graph, Instance
from pyreport.reasoning.grounding import grounded
from pyreport.reasoning.instrumentation import instrumented, plain, write_facts
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value

__all__ = ["conclude", "derive"]


def conclude(rulebook: Rulebook, facts: Facts, predicates: Iterable[str]) -> dict[str, list[Atom]]:
    """Return the atoms of ``predicates`` that hold, sorted; no derivations.

    Raises:
        ReasoningError: Clingo reported an error or a warning.
    """
    control = _ground(rulebook, plain(rulebook), facts)
    reader = _Reader(control)
    return {
        name: _sorted((name, *values) for values in reader.read(name, len(rulebook.predicates[name].arguments)))
        for name in predicates
    }


def derive(rulebook: Rulebook, facts: Facts) -> Graph:
    """Return the graph of all derivations that hold for ``facts``.

    Raises:
        ReasoningError: Clingo reported an error or a warning.
    """
    program, places = instrumented(rulebook)
    reader = _Reader(_ground(rulebook, program, facts))
    instances: dict[str, list[Instance]] = {
        rule.id: _sorted(fact[1:] for fact in rule.facts) for rule in rulebook.rules if not rule.body
    }
    counted: dict[str, dict[Instance, Counted]] = {}
    for place in places:
        width = len(place.rule.variables)
        instances[place.rule.id] = _sorted(reader.read(place.fired, width))
        if place.counted:
            counted[place.rule.id] = _elements(reader, place.counted, width, instances[place.rule.id])
    return Graph(rulebook, facts, {rule.id: instances[rule.id] for rule in rulebook.rules}, counted)


def _elements(
    reader: _Reader, predicates: tuple[tuple[str, int], ...], width: int, instances: list[Instance]
) -> dict[Instance, Counted]:
    collected: dict[Instance, list[list[Instance]]] = {instance: [[] for _ in predicates] for instance in instances}
    for place, (name, extra) in enumerate(predicates):
        for values in reader.read(name, width + extra):
            collected[values[:width]][place].append(values[width:])
    return {instance: tuple(tuple(_sorted(elements)) for elements in parts) for instance, parts in collected.items()}


def _sorted(rows: Iterable[tuple[Value, ...]]) -> list[tuple[Value, ...]]:
    """Sort tuples of values; numbers stand before texts where an argument mixes them."""
    listed = list(rows)
    if len(listed) < 2:
        return listed
    try:
        return sorted(listed)
    except TypeError:
        return sorted(listed, key=lambda row: tuple((isinstance(value, str), value) for value in row))


def _ground(rulebook: Rulebook, program: str, facts: Facts) -> clingo.Control:
    evidence = (predicate for predicate in rulebook.predicates.values() if predicate.stated_by == "evidence")
    return grounded([program, write_facts(facts)], evidence)


class _Reader:
    """Reads ground atoms as tuples of values. One reader converts each distinct term once."""

    def __init__(self, control: clingo.Control) -> None:
        # The atoms live in the control object and must not outlive it.
        self._control = control
        self._atoms = control.symbolic_atoms
        # Most rules say nothing of one county: what is absent is known from one list, and not asked for one by one.
        self._present = {(name, width) for name, width, positive in self._atoms.signatures if positive}
        self._values: dict[str, Value] = {}

    def read(self, name: str, width: int) -> Iterator[tuple[Value, ...]]:
        """Yield the arguments of every atom ``name/width``, in no settled order.

        All of them hold: a policy that is not stratified does not load, so grounding leaves nothing open. (And the
        proof checker would refuse a derivation that does not hold.)
        """
        if (name, width) not in self._present:
            return
        start, values = len(name) + 1, self._values
        for atom in self._atoms.by_signature(name, width):
            if not width:
                yield ()
                continue
            terms = str(atom.symbol)[start:-1].split(",")
            if len(terms) != width:
                terms = _split(terms)
            try:
                yield tuple([values[term] for term in terms])
            except KeyError:
                for term in terms:
                    values[term] = int(term) if term.lstrip("-").isdigit() else term
                yield tuple([values[term] for term in terms])


def _split(pieces: list[str]) -> list[str]:
    """Put together what a comma inside a string has torn apart."""
    terms: list[str] = []
    whole = ""
    for piece in pieces:
        whole = f"{whole},{piece}" if whole else piece
        marks = whole.replace("\\\\", "").replace('\\"', "").count('"')
        if marks % 2 == 0:
            terms.append(whole)
            whole = ""
    return terms
