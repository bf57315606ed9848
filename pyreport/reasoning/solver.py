"""Run clingo: conclusions alone, or the whole graph of derivations.

The policy is stratified, so grounding decides everything and there is one answer set. Its atoms are read from their
text: no solver symbols are hashed, and every distinct term is converted once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import clingo

from pyreport.evidence.predicates import Facts
from pyreport.reasoning.graph import Counted, Graph, Instance
from pyreport.reasoning.grounding import grounded
from pyreport.reasoning.instrumentation import instrumented, plain, write_facts
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value

__all__ = ["conclude", "derive", "query"]


def conclude(rulebook: Rulebook, facts: Facts, predicates: Iterable[str]) -> dict[str, list[Atom]]:
    """Return the atoms of ``predicates`` that hold, sorted; no derivations.

    Raises:
        ReasoningError: Clingo reported an error or a warning.
    """
    widths = {name: len(rulebook.predicates[name].arguments) for name in predicates}
    atoms = _solved(rulebook, plain(rulebook), facts, widths)
    return {name: _sorted((name, *values) for values in atoms.get(name, ())) for name in widths}


def query(rulebook: Rulebook, facts: Facts, rules: str, widths: Mapping[str, int]) -> dict[str, set[Instance]]:
    """Ask of what follows from ``facts``: the arguments of the atoms that further rules conclude, by predicate.

    Args:
        rulebook: The policy.
        facts: The facts.
        rules: The further rules as program text; none of their heads is a predicate of the policy.
        widths: The numbers of arguments of their heads.

    Raises:
        ReasoningError: Clingo reported an error or a warning.
    """
    atoms = _solved(rulebook, f"{plain(rulebook)}\n{rules}", facts, widths)
    return {name: set(atoms.get(name, ())) for name in widths}


def derive(rulebook: Rulebook, facts: Facts) -> Graph:
    """Return the graph of all derivations that hold for ``facts``.

    Raises:
        ReasoningError: Clingo reported an error or a warning.
    """
    program, places = instrumented(rulebook)
    widths = {place.fired: len(place.rule.variables) for place in places}
    widths |= {name: len(place.rule.variables) + extra for place in places for name, extra in place.counted}
    atoms = _solved(rulebook, program, facts, widths)
    instances: dict[str, list[Instance]] = {
        rule.id: _sorted(fact[1:] for fact in rule.facts) for rule in rulebook.rules if not rule.body
    }
    counted: dict[str, dict[Instance, Counted]] = {}
    for place in places:
        instances[place.rule.id] = _sorted(atoms.get(place.fired, ()))
        if place.counted:
            rows = [atoms.get(name, ()) for name, _ in place.counted]
            counted[place.rule.id] = _elements(rows, len(place.rule.variables), instances[place.rule.id])
    return Graph(rulebook, facts, {rule.id: instances[rule.id] for rule in rulebook.rules}, counted)


def _elements(rows: Sequence[Iterable[Instance]], width: int, instances: list[Instance]) -> dict[Instance, Counted]:
    """For each instance (the first ``width`` values of each row) what each element of its counts counted."""
    collected: dict[Instance, list[list[Instance]]] = {instance: [[] for _ in rows] for instance in instances}
    for place, of_element in enumerate(rows):
        for values in of_element:
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


def _solved(
    rulebook: Rulebook, program: str, facts: Facts, widths: Mapping[str, int]
) -> dict[str, list[tuple[Value, ...]]]:
    """The arguments of the atoms that hold, by predicate, unsorted; ``widths`` are their numbers of arguments."""
    evidence = (predicate for predicate in rulebook.predicates.values() if predicate.stated_by == "evidence")
    show = "#show.\n" + "".join(f"#show {name}/{width}.\n" for name, width in widths.items())
    control = grounded([show, program, write_facts(facts)], evidence)
    atoms: dict[str, list[tuple[Value, ...]]] = {}
    with control.solve(yield_=True) as handle:
        for model in handle:
            atoms = _read(model, widths)
    return atoms


def _read(model: clingo.Model, widths: Mapping[str, int]) -> dict[str, list[tuple[Value, ...]]]:
    """The arguments of every atom of ``#show``, by predicate."""
    atoms: dict[str, list[tuple[Value, ...]]] = {}
    known: dict[str, Value] = {}
    for text in map(str, model.symbols(shown=True)):
        name, _, arguments = text.partition("(")
        terms = arguments[:-1].split(",") if arguments else []
        if len(terms) != widths[name]:
            terms = _split(terms)
        try:
            values = tuple([known[term] for term in terms])
        except KeyError:
            known.update({term: int(term) if term.lstrip("-").isdigit() else term for term in terms})
            values = tuple([known[term] for term in terms])
        atoms.setdefault(name, []).append(values)
    return atoms


def _split(pieces: list[str]) -> list[str]:
    """Join the pieces of strings that were split at a comma inside them."""
    terms: list[str] = []
    whole = ""
    for piece in pieces:
        whole = f"{whole},{piece}" if whole else piece
        marks = whole.replace("\\\\", "").replace('\\"', "").count('"')
        if marks % 2 == 0:
            terms.append(whole)
            whole = ""
    return terms
