"""The graph of derivations: facts, and every application of every rule that holds.

An application (an *instance*) is a rule with one value for each of its global variables. Its head and
body are rebuilt by substitution, so the graph stores neither. An atom with several derivations has several
instances; each is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pyreport.evidence.model import Cell, Publication
from pyreport.evidence.predicates import Facts
from pyreport.rulebook.citing import IMPLIED, Applied
from pyreport.rulebook.rows import field_name, with_values
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value, Variable, ground, unquote

__all__ = ["FORMAT", "Counted", "Graph", "Instance"]

_WHOM = ("LEA", "Office")
"""The variables that name whom a rule concludes something about, the most particular first."""

FORMAT = "pyreport graph 3"
_PLACE = re.compile(r"(.*?)(0|[1-9]\d*)", re.DOTALL)

Instance = tuple[Value, ...]
"""The values of a rule's variables, in the order of ``Rule.variables``."""

Counted = tuple[tuple[Instance, ...], ...]
"""For each element of each count of a rule, in order: the values of its own variables, sorted."""


@dataclass(frozen=True)
class Graph:
    """Facts with their cells, and the instances of each rule (by id), sorted; counts by rule id and instance."""

    rulebook: Rulebook
    facts: Facts
    instances: Mapping[str, list[Instance]]
    counted: Mapping[str, Mapping[Instance, Counted]] = field(default_factory=dict)

    @cached_property
    def support(self) -> dict[Atom, list[tuple[Rule, Instance]]]:
        """Each derived atom with all instances that derive it, by rule id and values."""
        support: dict[Atom, list[tuple[Rule, Instance]]] = {}
        for predicate in self.rulebook.by_head:
            support.update(self.derived(predicate))
        return support

    def derived(self, predicate: str) -> dict[Atom, list[tuple[Rule, Instance]]]:
        """The atoms of one predicate that rules or facts of law give, each with all instances that derive it."""
        if predicate not in self._support_of:
            support = self._support_of[predicate] = {}
            for rule in self.rulebook.by_head.get(predicate, ()):
                for instance, atom in self.heads(rule):
                    support.setdefault(atom, []).append((rule, instance))
        return self._support_of[predicate]

    @cached_property
    def _support_of(self) -> dict[str, dict[Atom, list[tuple[Rule, Instance]]]]:
        return {}

    def heads(self, rule: Rule) -> Iterator[tuple[Instance, Atom]]:
        """The instances of ``rule``, each with the atom it derives."""
        head, variables = rule.head, rule.variables
        instances = self.instances.get(rule.id, ())
        places = [variables.index(term.name) for term in head.arguments if isinstance(term, Variable)]
        if len(places) == len(head.arguments):
            # Most heads only put the variables into another order: without `ground`, three times as fast.
            for instance in instances:
                yield instance, (head.predicate, *[instance[place] for place in places])
            return
        for instance in instances:
            yield instance, ground(head, dict(zip(variables, instance, strict=True)))

    @cached_property
    def _sorted_atoms(self) -> dict[str, list[Atom]]:
        return {}

    def atoms(self, predicate: str) -> list[Atom]:
        """The atoms of ``predicate`` that hold, sorted."""
        if predicate not in self._sorted_atoms:
            holding = {*self.derived(predicate), *self._stated.get(predicate, ())}
            self._sorted_atoms[predicate] = sorted(holding, key=repr)
        return self._sorted_atoms[predicate]

    def rows(self, predicate: str, **values: Value) -> list[Any]:
        """The atoms of ``predicate`` that hold, sorted, with their arguments by name: ``row.lea``, ``row.year``.

        With ``values`` those alone whose arguments have these values: ``graph.rows("eligible", year=2025)``.
        """
        declared = self.rulebook.predicates.get(predicate)
        rows = [] if declared is None else [declared.row(atom) for atom in self.atoms(predicate)]
        return list(with_values(rows, **values)) if values else rows

    @cached_property
    def _stated(self) -> dict[str, list[Atom]]:
        """The facts by their predicates."""
        stated: dict[str, list[Atom]] = {}
        for atom in self.facts:
            stated.setdefault(str(atom[0]), []).append(atom)
        return stated

    def implied_of(self, values: Mapping[str, Value]) -> Applied:
        """What follows from the LEA of an application with these ``values``, by variable: its kind and dates."""
        lea = values.get("LEA")
        return {} if lea is None else self._implied.get(lea, {})

    @cached_property
    def _implied(self) -> dict[Value, dict[str, list[Value]]]:
        """By LEA its kind, and the dates as of which its case is decided."""
        implied: dict[Value, dict[str, list[Value]]] = {}
        for name, predicate in IMPLIED.items():
            for row in self.rows(predicate):
                implied.setdefault(row.lea, {}).setdefault(name, []).append(getattr(row, field_name(name)))
        return implied

    @property
    def size(self) -> tuple[int, int]:
        """Number of derivations, and of counted elements."""
        derivations = sum(map(len, self.instances.values()))
        elements = sum(len(part) for rule in self.counted.values() for counted in rule.values() for part in counted)
        return derivations, elements

    def by_county(self, facts: Mapping[str, Facts]) -> dict[str, Graph]:
        """The graph of each county (two digits), given its facts; instances that concern no LEA are in all of them."""
        instances: dict[str, dict[str, list[Instance]]] = {code: {} for code in facts}
        counted: dict[str, dict[str, dict[Instance, Counted]]] = {code: {} for code in facts}
        for rule in self.rulebook.rules:
            of_rule = self.instances.get(rule.id, [])
            place = next((rule.variables.index(name) for name in _WHOM if name in rule.variables), None)
            if place is None:
                for code in facts:
                    instances[code][rule.id] = of_rule
                continue
            for instance in of_rule:
                instances[unquote(instance[place])[:2]].setdefault(rule.id, []).append(instance)
            for instance, elements in self.counted.get(rule.id, {}).items():
                counted[unquote(instance[place])[:2]].setdefault(rule.id, {})[instance] = elements
        return {code: Graph(self.rulebook, facts[code], instances[code], counted[code]) for code in sorted(facts)}

    def publications(self) -> list[Publication]:
        """The files in which the facts stand, by Dashboard year and name."""
        by_file = {(p.dashboard_year, p.file, p.sha256): p for p in (cell.publication for cell in self.facts.values())}
        return [by_file[key] for key in sorted(by_file)]

    def _authorities(self) -> dict[str, dict[str, Any]]:
        """The authorities that the rules cite, each with the passages cited."""
        authorities: dict[str, dict[str, Any]] = {}
        for citation in (citation for rule in self.rulebook.rules for citation in rule.cites):
            authority = citation.authority
            named = {"cite": authority.cite, "title": authority.title, "passages": {}}
            entry = authorities.setdefault(authority.id, named)
            entry["passages"][citation.passage] = citation.quotation
        return authorities

    @classmethod
    def of_document(cls, rulebook: Rulebook, document: Mapping[str, Any]) -> Graph:
        """The graph from which ``document`` was made (see ``Graph.document``), unchecked.

        Raises:
            ValueError: A fact's place does not end with the number of a row.
        """
        publications = [Publication(columns={}, **fields) for fields in document["publications"]]
        facts: Facts = {}
        for atom, source, place, value in document["facts"]:
            cell = _PLACE.fullmatch(place)
            if cell is None:
                raise ValueError(f"the place {place!r} of a fact does not end with the number of a row")
            facts[tuple(atom)] = Cell(value, publications[source], cell[1], int(cell[2]))
        instances = {
            name: [tuple(values) for values in entry["instances"]] for name, entry in document["rules"].items()
        }
        counted = {
            name: {
                instance: tuple(tuple(tuple(values) for values in part) for part in elements)
                for instance, elements in zip(instances[name], entry["counted"], strict=True)
            }
            for name, entry in document["rules"].items()
            if "counted" in entry
        }
        return cls(rulebook, facts, instances, counted)

    def document(self) -> dict[str, Any]:
        """The graph as plain data, as reports carry it and as the proof checker reads it."""
        publications = self.publications()
        number = {id(publication): place for place, publication in enumerate(publications)}
        keyed = {(p.dashboard_year, p.file, p.sha256): place for place, p in enumerate(publications)}

        def source(publication: Publication) -> int:
            place = number.get(id(publication))
            return keyed[publication.dashboard_year, publication.file, publication.sha256] if place is None else place

        rules = {}
        for rule in self.rulebook.rules:
            entry: dict[str, Any] = {
                "cites": [[citation.authority.id, citation.passage] for citation in rule.cites],
                "variables": list(rule.variables),
                "instances": self.instances.get(rule.id, []),
            }
            if rule.counts:
                counted = self.counted.get(rule.id, {})
                entry["counted"] = [counted.get(instance, ()) for instance in entry["instances"]]
            rules[rule.id] = entry
        return {
            "format": FORMAT,
            "policy": self.rulebook.hashes,
            "authorities": self._authorities(),
            "publications": [
                {
                    "dashboard_year": p.dashboard_year,
                    "title": p.title,
                    "date": p.date,
                    "file": p.file,
                    "sheet": p.sheet,
                    "sha256": p.sha256,
                }
                for p in publications
            ],
            "facts": [
                # Sorted, so that a graph has one document whatever was read first.
                [list(atom), source(cell.publication), cell.place, cell.value]
                for atom, cell in sorted(self.facts.items(), key=lambda item: repr(item[0]))
            ],
            "rules": rules,
        }
