"""The loaded policy: its rules, and what is worked out from them once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pyreport.files.fingerprints import fingerprint_of
from pyreport.rulebook.authorities import Authority, Citation
from pyreport.rulebook.names import Names
from pyreport.rulebook.rule import Reading, Rule
from pyreport.rulebook.vocabulary import Predicate
from pyreport.rulebook.years import DashboardYears

__all__ = ["Rulebook"]


@dataclass(frozen=True)
class Rulebook:
    """A loaded policy.

    Attributes:
        texts: The text of each file by its path (relative, with slashes), sorted.
        years: What every Dashboard year must state, and the years that were begun; no part of a decision.
    """

    rules: tuple[Rule, ...]
    predicates: Mapping[str, Predicate]
    authorities: Mapping[str, Authority]
    names: Names
    texts: Mapping[str, str]
    reading: Reading | None = None
    years: DashboardYears = field(default_factory=DashboardYears, compare=False)

    def __hash__(self) -> int:
        """Equal rulebooks agree in the number of their rules; so what is worked out from one can be kept for it."""
        return len(self.rules)

    @cached_property
    def fitting_names(self) -> dict[str, frozenset[str]]:
        """What ``citing`` knows of each rule: the arguments on which it depends which of its citations fit."""
        return {}

    @cached_property
    def fitting(self) -> dict[tuple[Any, ...], tuple[Citation, ...]]:
        """Which citations of a rule fit an application, by the rule's id and the values: kept as it is worked out."""
        return {}

    @cached_property
    def by_id(self) -> dict[str, Rule]:
        """The rules by id."""
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def by_head(self) -> dict[str, tuple[Rule, ...]]:
        """The rules by the predicate they conclude."""
        heads: dict[str, list[Rule]] = {}
        for rule in self.rules:
            heads.setdefault(rule.head.predicate, []).append(rule)
        return {name: tuple(rules) for name, rules in heads.items()}

    def rows(self, predicate: str) -> list[Any]:
        """The facts of the policy of one predicate, in its order, with their arguments by name: ``row.year``."""
        declared = self.predicates.get(predicate)
        facts = [fact for rule in self.by_head.get(predicate, ()) for fact in rule.facts]
        return [] if declared is None else [declared.row(fact) for fact in facts]

    @cached_property
    def settled_by_law(self) -> frozenset[str]:
        """The predicates that facts of law alone decide, stated or concluded."""
        law = {name for name, predicate in self.predicates.items() if predicate.stated_by == "policy"}
        while True:
            more = {
                name
                for name, rules in self.by_head.items()
                if name not in law and all(atom.predicate in law for rule in rules for atom in rule.atoms_read())
            }
            if not more:
                return frozenset(law)
            law |= more

    @cached_property
    def counting(self) -> frozenset[str]:
        """The predicates below whose rules something is counted."""
        counting: set[str] = set()
        while True:
            more = {
                name
                for name, rules in self.by_head.items()
                if name not in counting
                and any(rule.counts or any(atom.predicate in counting for atom in rule.atoms_read()) for rule in rules)
            }
            if not more:
                return frozenset(counting)
            counting |= more

    @cached_property
    def hashes(self) -> dict[str, str]:
        """SHA-256 of each file's text, by path."""
        return {path: hashlib.sha256(text.encode()).hexdigest() for path, text in self.texts.items()}

    @cached_property
    def fingerprint(self) -> str:
        """One SHA-256 over all files and their paths."""
        return fingerprint_of(self.hashes)

    def outputs(self) -> dict[str, Predicate]:
        """The predicates that the vocabulary marks as outputs, by the output's name."""
        return {predicate.output: predicate for predicate in self.predicates.values() if predicate.output}

    def questions(self) -> dict[str, bool]:
        """What a what-if asks about if nothing else is asked, in order; whether it asks also what makes it come."""
        numbered = ((predicate.question, predicate.name) for predicate in self.predicates.values())
        return {name: question[1] for question, name in sorted((q, name) for q, name in numbered if q is not None)}

    def topics(self) -> dict[str, list[Predicate]]:
        """What is told of an LEA as of a date: the topics in the order of their names, each with its predicates."""
        topics: dict[str, list[Predicate]] = {str(topic): [] for topic in self.names.get("Topic", ())}
        for predicate in self.predicates.values():
            if predicate.topic is not None:
                topics[predicate.topic].append(predicate)
        return topics

    def places(self, argument: str) -> dict[str, int]:
        """Where an argument of this name stands in the atoms of each predicate that has it, by the predicate."""
        return {
            name: predicate.place(argument)
            for name, predicate in self.predicates.items()
            if argument in predicate.arguments
        }

    def reported(self, report: str) -> dict[str, list[Predicate]]:
        """What a report of its own lists, by the parts of the report; both in the order of the vocabulary."""
        parts: dict[str, list[Predicate]] = {}
        for predicate in self.predicates.values():
            if predicate.report is not None and predicate.report[0] == report:
                parts.setdefault(predicate.report[1], []).append(predicate)
        return parts

    def stated(self, predicate: str) -> list[Any]:
        """The facts of law of one predicate as rows, in the order of the policy: ``row.year``."""
        return [self.predicates[predicate].row(fact) for rule in self.by_head.get(predicate, ()) for fact in rule.facts]
