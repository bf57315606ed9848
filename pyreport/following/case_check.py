"""Check the events of case files by the rules: section, actor and order (``policy/cases/order.lp``).

An event is out of place where the rules conclude ``misplaced``; the message is the sentence of the rule. Where
several things would be in place, they differ only in variables whose names begin with ``Expected``; all are listed.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pyreport.evidence.findings import EvidenceError, Finding
from pyreport.evidence.model import Cell, is_agency
from pyreport.evidence.predicates import Facts
from pyreport.evidence.readers.case_facts import CaseReader
from pyreport.evidence.record import Record
from pyreport.explanation.sentences import Sentences
from pyreport.reasoning.graph import Graph, Instance
from pyreport.reasoning.solver import derive
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import quote, unquote

__all__ = ["checked_case"]

_MISPLACED = "misplaced"
_TOO_SOON = "released_too_soon"


def checked_case(paths: Iterable[Path], rulebook: Rulebook, record: Record | None = None) -> tuple[Facts, list[str]]:
    """Return the facts of the case files, and the names of files that have no entries yet.

    Names of LEAs are looked up in ``record``, that of the package if left out.

    Raises:
        EvidenceError: With every problem of every file: those of the entries, and every event out of place.
    """
    reader = CaseReader(rulebook, record)
    for path in paths:
        reader.read(path)
    findings = [*reader.findings, *_impossible(rulebook, reader)]
    if findings:
        raise EvidenceError(findings)
    return reader.facts, reader.empty


def _impossible(rulebook: Rulebook, reader: CaseReader) -> Iterable[Finding]:
    """What the rules say cannot be: a Dashboard released too soon, an event out of place."""
    predicates = rulebook.predicates
    events = [
        (predicates["event_under"].row(atom), cell) for atom, cell in reader.facts.items() if atom[0] == "event_under"
    ]
    if not events and not any(atom[0] == "released" for atom in reader.facts):
        return
    facts: Facts = dict(reader.facts)
    for event, cell in events:
        cds = unquote(event.lea)
        facts[predicates["code_parts"].atom(lea=event.lea, type=quote(cds[2:4]), school=quote(cds[7:]))] = cell
        # An LEA whose code has a school part is a charter school.
        if not is_agency(cds):
            facts[predicates["charter"].atom(lea=event.lea)] = cell
    graph = derive(rulebook, facts)
    yield from _released_too_soon(graph, reader.facts)
    yield from _misplaced(graph, events, reader.unread)


def _released_too_soon(graph: Graph, facts: Facts) -> Iterable[Finding]:
    sentences = Sentences(graph)
    for rule in graph.rulebook.by_head[_TOO_SOON]:
        for instance in graph.instances.get(rule.id, ()):
            values = dict(zip(rule.variables, instance, strict=True))
            released = graph.rulebook.predicates["released"]
            cell = facts[released.atom(lea=values["LEA"], year=values["Year"], release=values["Release"])]
            message = f"{sentences.of_rule(rule, instance)} [{rule.id}]"
            yield Finding(cell.publication.file, "", cell.row, "", message, "line")


def _misplaced(graph: Graph, events: list[tuple[Any, Cell]], unread: set[str]) -> Iterable[Finding]:
    sentences = Sentences(graph)
    for rule in graph.rulebook.by_head[_MISPLACED]:
        together: dict[Instance, list[Instance]] = {}
        expected = [place for place, name in enumerate(rule.variables) if name.startswith("Expected")]
        for instance in graph.instances[rule.id]:
            if not _settled(graph, rule, instance, unread):
                continue
            key = tuple(value for place, value in enumerate(instance) if place not in expected)
            together.setdefault(key, []).append(instance)
        for instances in together.values():
            values = dict(zip(rule.variables, instances[0], strict=True))
            message = _sentence(sentences, rule, instances, expected)
            for event, cell in events:
                if (event.lea, event.what, event.date) != (values["LEA"], values["What"], values["Date"]):
                    continue
                # A rule that names who acted, or the section, speaks of the events of that actor or section alone.
                if (values.get("By", event.by), values.get("Section", event.section)) == (event.by, event.section):
                    yield Finding(cell.publication.file, "", cell.row, "", f"{message} [{rule.id}]", "line")


def _sentence(sentences: Sentences, rule: Rule, instances: list[Instance], expected: list[int]) -> str:
    """The sentence of the rule, with all that would be in place at once."""
    text = sentences.of_rule(rule, instances[0])
    for place in expected:
        name = rule.variables[place]
        # Of those who may act and of sections one is right; of the steps that come first every one is wanting.
        joint = " and " if name == "ExpectedStep" else " or "
        words = list(dict.fromkeys(sentences.words(name, instance[place]) for instance in instances))
        text = text.replace(words[0], joint.join(words))
    return text


def _settled(graph: Graph, rule: Rule, instance: Instance, unread: set[str]) -> bool:
    """Whether the fault stands whatever an entry that could not be read would have said."""
    values = dict(zip(rule.variables, instance, strict=True))
    if "ExpectedStep" not in values or not unread & {"", unquote(values["LEA"])}:
        return True
    return bool(graph.rows("placed", lea=values["LEA"], pathway=values["Pathway"], step=values["ExpectedStep"]))
