"""The policy as clingo runs it: with a flat record of every application of every rule.

A rule ``head :- body.`` becomes ``fired(V1, …, Vk) :- body.`` and ``head :- fired(V1, …, Vk).``, so the
body is ground once, and every ground application is one atom. What a count counted is recorded through
that atom: repeating the body beside the aggregate would make the aggregate's own variables global and
silently turn the count into 0 or 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, AtomPattern, Comparison, Count, Literal, Operation, Term, Variable

__all__ = ["Recorded", "instrumented", "plain", "write_facts", "write_rule"]


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where the instances of one rule are found: predicate names and their numbers of arguments.

    ``counted`` has one entry for each element of each count, in order: its predicate, and how many
    arguments beyond the rule's own variables it has.
    """

    rule: Rule
    fired: str
    counted: tuple[tuple[str, int], ...]


def plain(rulebook: Rulebook) -> str:
    """The policy without records: every rule as its author wrote it."""
    return "\n".join(rule.text for rule in rulebook.rules)


@lru_cache(maxsize=2)
def instrumented(rulebook: Rulebook) -> tuple[str, tuple[Recorded, ...]]:
    """The policy with records, and where to find them. Facts of the policy stay as they are.

    It is cached: writing it for each county took a tenth of the time in which a small county is decided.
    """
    lines, places = [], []
    for number, rule in enumerate(rulebook.rules):
        if not rule.body:
            lines.append(rule.text)
            continue
        fired = f"fired_{number}"
        record = _atom(AtomPattern(fired, tuple(Variable(name) for name in rule.variables)))
        lines.append(f"{record} :- {'; '.join(map(_part, rule.body))}.")
        lines.append(f"{_atom(rule.head)} :- {record}.")
        counted: list[tuple[str, int]] = []
        for part in rule.counts:
            for element in part.elements:
                name = f"counted_{number}_{len(counted)}"
                own = tuple(Variable(local) for local in (*rule.variables, *element.locals))
                conditions = "; ".join(map(_part, element.conditions))
                lines.append(f"{_atom(AtomPattern(name, own))} :- {record}; {conditions}.")
                counted.append((name, len(element.locals)))
        places.append(Recorded(rule, fired, tuple(counted)))
    return "\n".join(lines), tuple(places)


def write_facts(atoms: Iterable[Atom]) -> str:
    """The facts as program text: the fastest way into clingo."""
    return "\n".join(
        f"{atom[0]}({','.join(map(str, atom[1:]))})." if len(atom) > 1 else f"{atom[0]}." for atom in atoms
    )


def write_rule(rule: Rule) -> str:
    """A rule as program text, from its head, its body and its facts and not from the text that its author wrote."""
    if not rule.body:
        return write_facts(rule.facts)
    return f"{_atom(rule.head)} :- {'; '.join(map(_part, rule.body))}."


def _term(term: Term) -> str:
    if isinstance(term, Variable):
        return term.name
    if isinstance(term, Operation):
        return f"({_term(term.left)}{term.operator}{_term(term.right)})"
    return str(term)


def _atom(atom: AtomPattern) -> str:
    return f"{atom.predicate}({','.join(map(_term, atom.arguments))})" if atom.arguments else atom.predicate


def _part(part: Literal | Comparison | Count) -> str:
    if isinstance(part, Literal):
        return f"not {_atom(part.atom)}" if part.negated else _atom(part.atom)
    if isinstance(part, Comparison):
        return f"{_term(part.left)} {part.operator} {_term(part.right)}"
    elements = "; ".join(
        f"{','.join(map(_term, element.terms))} : {', '.join(map(_part, element.conditions))}"
        for element in part.elements
    )
    return f"#count {{ {elements} }} {part.operator} {_term(part.bound)}"
