"""The entries of case files on which no derivation of what was asked rests, each with the reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from pyreport.evidence.findings import Finding
from pyreport.evidence.model import Cell
from pyreport.evidence.predicates import EVERY_LEA, Facts, subject
from pyreport.reasoning.graph import Graph, Instance
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.syntax import Atom, Count, Literal, Value, ground, unquote

__all__ = ["unused_entries"]

_EVENTS = ("event", "event_under")


def unused_entries(case: Facts, graphs: Sequence[Graph], as_of: int | None = None) -> list[Finding]:
    """Name every entry on which no derivation rests.

    Args:
        case: The facts of the case files. The atoms of one entry have one cell.
        graphs: What was derived for those who were asked about.
        as_of: The date asked about, YYYYMMDD, if any. An event after it bears on nothing: that it has its place in the
            order of the case is no answer.

    Returns:
        A finding for each, by file and line.
    """
    entries: dict[Cell, list[Atom]] = {}
    for atom, cell in case.items():
        entries.setdefault(cell, []).append(atom)
    asked = {row.lea for graph in graphs for row in graph.rows("code_parts")}
    used = {cell for graph in graphs for cell in _cells_used(graph, entries)}
    findings = []
    for cell, atoms in entries.items():
        dates = [date for atom in atoms for date in _dates(graphs, atom)]
        later = as_of is not None and any(date > as_of for date in dates)
        about = subject(atoms[0])
        if about is not None and about != EVERY_LEA and about not in asked and cell not in used:
            reason = f"it is about {unquote(about)}, which was not asked about or is not on record"
        elif later and (cell not in used or any(atom[0] in _EVENTS for atom in atoms)):
            reason = f"it is dated after the date asked about ({_date(as_of or 0)})"
        elif cell not in used:
            reason = "no rule used it"
        else:
            continue
        findings.append(Finding(cell.publication.file, "", cell.row, "", f"not used: {reason}", "line"))
    return sorted(findings, key=lambda finding: (finding.file, finding.row))


def _cells_used(graph: Graph, entries: Collection[Cell]) -> Iterator[Cell]:
    """The cells of entries of which some application of a rule has an atom among its conditions."""
    stated = {atom: cell for atom, cell in graph.facts.items() if cell in entries}
    predicates = {str(atom[0]) for atom in stated}
    for rule in graph.rulebook.rules:
        if not predicates & {literal.atom.predicate for literal in _positive(rule)}:
            continue
        for instance in graph.instances.get(rule.id, ()):
            for atom in _conditions(graph, rule, instance, predicates):
                if atom in stated:
                    yield stated[atom]


def _positive(rule: Rule) -> Iterator[Literal]:
    """The conditions of a rule that something holds, those within counts too."""
    for part in rule.body:
        conditions = [part]
        if isinstance(part, Count):
            conditions = [condition for element in part.elements for condition in element.conditions]
        yield from (condition for condition in conditions if isinstance(condition, Literal) and not condition.negated)


def _conditions(graph: Graph, rule: Rule, instance: Instance, predicates: Collection[str]) -> Iterator[Atom]:
    """The atoms of these predicates that an application of a rule rests on."""
    bindings = dict(zip(rule.variables, instance, strict=True))
    counted = iter(graph.counted.get(rule.id, {}).get(instance, ()))
    for part in rule.body:
        if isinstance(part, Count):
            for element in part.elements:
                for values in next(counted, ()):
                    local = {**bindings, **dict(zip(element.locals, values, strict=True))}
                    yield from _grounded(element.conditions, local, predicates)
        else:
            yield from _grounded([part], bindings, predicates)


def _grounded(parts: Iterable[object], bindings: Mapping[str, Value], predicates: Collection[str]) -> Iterator[Atom]:
    for part in parts:
        if isinstance(part, Literal) and not part.negated and part.atom.predicate in predicates:
            yield ground(part.atom, bindings)


def _dates(graphs: Sequence[Graph], atom: Atom) -> Iterator[int]:
    """The dates that an atom names, YYYYMMDD."""
    predicate = graphs[0].rulebook.predicates[str(atom[0])]
    for name, value in predicate.values(atom).items():
        if name in predicate.dates and isinstance(value, int):
            yield value


def _date(number: int) -> str:
    text = str(number)
    return f"{text[:4]}-{text[4:6]}-{text[6:]}"
