"""What a run of the rules says of each case, and whether that is what the case expects."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator
from typing import Any

from pyreport.explanation.tree import Explainer
from pyreport.reasoning.determination_columns import as_columns
from pyreport.reasoning.determinations import determinations
from pyreport.reasoning.graph import Graph
from pyreport.rulebook.syntax import Atom, unquote

from .case_files import Case, Conclusion
from .explained import unexplained

# Predicates that answer one question each, with the number of places (the predicate's name included) that ask it.
QUESTIONS = (
    ("kind", 2),
    ("status", 3),
    ("persistent_52072", 3),
    ("persistent_52071f", 3),
    ("pathway_status", 3),
    ("charter_three_of_four", 3),
    ("computed_level", 6),
    ("computed_color", 5),
)


class TwoAnswersError(Exception):
    """Some LEA has two answers to one question; the message is the predicate."""


@dataclasses.dataclass
class Outcome:
    """What a run says of each LEA: its rows by year, the rules that apply to it, each with the years, and the rest."""

    graph: Graph
    rows: dict[tuple[str, int], dict[str, Any]]
    rules: dict[str, dict[str, set[Any]]]
    conclusions: dict[str, set[str]] = dataclasses.field(default_factory=dict)

    @classmethod
    def of(cls, graph: Graph, rules: dict[str, dict[str, set[Any]]] | None = None) -> Outcome:
        """The outcome of a graph; ``rules`` are those known to apply beside the graph's own."""
        _check_one_answer(graph)
        rules = rules or {}
        for rule in graph.rulebook.rules:
            if "LEA" in rule.variables:
                for instance in graph.instances[rule.id]:
                    values = dict(zip(rule.variables, instance, strict=True))
                    years = rules.setdefault(unquote(values["LEA"]), {}).setdefault(rule.id, set())
                    years.add(values.get("Year", values.get("Last", 0)))
        rows = determinations(graph, graph.rulebook.years.begun)
        return cls(graph, {(row.cds, row.dashboard_year): as_columns(row) for row in rows}, rules)

    def follows(self, conclusion: Conclusion) -> bool:
        """Whether there is such a conclusion."""
        if conclusion.predicate not in self.conclusions:
            beginnings: set[str] = set()
            for atom in self.graph.atoms(conclusion.predicate):
                values = [unquote(value).lower() for value in atom[1:]]
                beginnings.update(" ".join(values[:width]) for width in range(1, len(values) + 1))
            self.conclusions[conclusion.predicate] = beginnings
        return conclusion.beginning in self.conclusions[conclusion.predicate]

    @functools.cached_property
    def explainer(self) -> Explainer:
        return Explainer(self.graph)

    def atoms(self, conclusion: Conclusion) -> Iterator[Atom]:
        """What is concluded like ``conclusion``."""
        for atom in self.graph.atoms(conclusion.predicate):
            words = " ".join(unquote(value).lower() for value in atom[1:])
            if f"{words} ".startswith(f"{conclusion.beginning} "):
                yield atom

    def unexplained(self, case: Case) -> list[str]:
        """Which reasons that ``case`` asks for the explanations of its conclusions do not give."""
        return [
            f"{one['conclusion']}: {fault}"
            for one in case.given.get("explained", [])
            for fault in unexplained(
                self.explainer, self.atoms(Conclusion.read(one["conclusion"], case)), one["by"], one["says"]
            )
        ]

    def faults(self, case: Case) -> list[str]:
        """What is not as ``case`` expects."""
        row = self.rows.get((case.cds, case.year))
        expect, fired = case.given.get("expect", {}), self.rules.get(case.cds, {})
        faults = []
        if expect == "no determination":
            faults += [f"expected no determination; got {row}"] * (row is not None)
        elif expect and row is None:
            faults.append("expected a determination; got none")
        elif row is not None:
            wrong = {column: row[column] for column, value in expect.items() if str(row[column]) != str(value)}
            faults += [f"{column}: expected {str(expect[column])!r}; got {got!r}" for column, got in wrong.items()]
            if row["kind"] != case.given["kind"]:
                faults.append(f"kind: expected {case.given['kind']!r}; got {row['kind']!r}")
        for key, expected in (
            ("concludes", True),
            ("does_not_conclude", False),
            ("follows_for_it", True),
            ("does_not_follow_for_it", False),
        ):
            for conclusion in case.conclusions(key):
                if self.follows(conclusion) != expected:
                    faults.append(
                        self._missing(conclusion, case) if expected else f"expected not {conclusion.text}; got it"
                    )
        # A rule without a year, such as one about the kind of an LEA, has the year 0 here.
        for name in case.given.get("rules", []):
            if not fired.get(name, set()) & {case.year, 0}:
                faults.append(f"expected the rule {name} to apply in {case.year}; {_applies(fired.get(name))}")
        for name in case.given.get("earlier_rules", []):
            if not any(0 < year < case.year for year in fired.get(name, ())):
                faults.append(f"expected the rule {name} to apply before {case.year}; {_applies(fired.get(name))}")
        for name in case.given.get("not_rules", []):
            if fired.get(name, set()) & {case.year, 0}:
                faults.append(f"expected the rule {name} not to apply in {case.year}; {_applies(fired[name])}")
        return faults

    def _missing(self, conclusion: Conclusion, case: Case) -> str:
        """That a conclusion does not follow, and what does of its predicate: of the same LEA and, if any, its year."""
        of_lea = [
            " ".join(unquote(value) for value in atom[2:])
            for atom in self.graph.atoms(conclusion.predicate)
            if unquote(atom[1]) == case.cds
        ]
        words = conclusion.beginning.split(" ")
        of_year = [values for values in of_lea if len(words) > 1 and values.split(" ")[0] == words[1]]
        got = ", ".join(sorted(of_year or of_lea)) or "nothing of it"
        return f"expected {conclusion.text}; got {conclusion.predicate}: {got}"


def _applies(years: set[Any] | None) -> str:
    return f"it applies in {', '.join(map(str, sorted(years)))}" if years else "it applies in no year"


def _check_one_answer(graph: Graph) -> None:
    """No LEA has two answers to one question; the table would show only one of them."""
    for predicate, width in QUESTIONS:
        questions = [atom[:width] for atom in graph.atoms(predicate)]
        if len(questions) != len(set(questions)):
            raise TwoAnswersError(predicate)
