"""What a run of the rules says of each case, and whether that is what the case expects."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Mapping
from typing import Any, Self

from pyreport.cases.case import Case, Conclusion
from pyreport.cases.explained import unexplained
from pyreport.explanation.tree import Explainer
from pyreport.reasoning.determination_columns import as_columns
from pyreport.reasoning.determinations import determinations
from pyreport.reasoning.graph import Graph
from pyreport.rulebook.syntax import Atom, unquote

__all__ = ["Fault", "Outcome"]


@dataclasses.dataclass(frozen=True)
class Fault:
    """Something that is not as a case expects.

    Attributes:
        text: What was expected and what came out.
        about: The conclusion that it is about, if it is about one.
    """

    text: str
    about: Conclusion | None


@dataclasses.dataclass
class Outcome:
    """What a run says of each LEA: its rows by year, the rules that apply to it, each with the years, and the rest."""

    graph: Graph
    rows: dict[tuple[str, int], dict[str, Any]]
    rules: dict[str, dict[str, set[Any]]]
    conclusions: dict[str, set[str]] = dataclasses.field(default_factory=dict)

    @classmethod
    def of(cls, graph: Graph, rules: dict[str, dict[str, set[Any]]] | None = None) -> Self:
        """The outcome of a graph; ``rules`` are those known to apply beside the graph's own."""
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
        """Explains what the run concludes."""
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
        """What is not as ``case`` expects, and which reasons that it asks for are not given."""
        return [fault.text for fault in self.found(case)]

    def found(self, case: Case) -> Iterator[Fault]:
        """The same, each with the conclusion that it is about."""
        yield from self._of_the_row(case)
        for key, expected in (
            ("concludes", True),
            ("does_not_conclude", False),
            ("follows_for_it", True),
            ("does_not_follow_for_it", False),
        ):
            for conclusion in case.conclusions(key):
                if self.follows(conclusion) != expected:
                    text = self._missing(conclusion, case) if expected else f"expected not {conclusion.text}; got it"
                    yield Fault(text, conclusion)
        fired = self.rules.get(case.cds, {})
        # A rule without a year, such as one about the kind of an LEA, has the year 0 here.
        for name in case.given.get("rules", []):
            if not fired.get(name, set()) & {case.year, 0}:
                text = f"expected the rule {name} to apply in {case.year}; {self._applies(name, fired)}"
                yield Fault(text, self._head(name, case))
        for name in case.given.get("earlier_rules", []):
            if not any(0 < year < case.year for year in fired.get(name, ())):
                text = f"expected the rule {name} to apply before {case.year}; {self._applies(name, fired)}"
                yield Fault(text, None)
        for name in case.given.get("not_rules", []):
            if fired.get(name, set()) & {case.year, 0}:
                text = f"expected the rule {name} not to apply in {case.year}; {self._applies(name, fired)}"
                yield Fault(text, self._head(name, case))
        for text in self.unexplained(case):
            yield Fault(text, None)

    def _of_the_row(self, case: Case) -> Iterator[Fault]:
        row = self.rows.get((case.cds, case.year))
        expect = case.given.get("expect", {})
        if expect == "no determination":
            if row is not None:
                yield Fault(f"expected no determination; got {row}", self._output("status", case))
        elif expect and row is None:
            yield Fault("expected a determination; got none", self._output("status", case))
        elif row is not None:
            for column, value in expect.items():
                if str(row[column]) != str(value):
                    text = f"{column}: expected {str(value)!r}; got {row[column]!r}"
                    yield Fault(text, self._output(column, case))
            if row["kind"] != case.given["kind"]:
                yield Fault(f"kind: expected {case.given['kind']!r}; got {row['kind']!r}", None)

    def _output(self, column: str, case: Case) -> Conclusion:
        """The conclusion that a column of the table shows; of a column that sums up several, the first of the table."""
        outputs = self.graph.rulebook.outputs()
        return Conclusion.read((outputs.get(column) or next(iter(outputs.values()))).name, case)

    def _head(self, rule: str, case: Case) -> Conclusion | None:
        """What a rule concludes of the LEA."""
        known = self.graph.rulebook.by_id.get(rule)
        arguments = () if known is None else self.graph.rulebook.predicates[known.head.predicate].arguments
        return Conclusion.read(known.head.predicate, case) if known is not None and arguments[:1] == ("LEA",) else None

    def _applies(self, name: str, fired: Mapping[str, set[Any]]) -> str:
        """In which years a rule applies to an LEA; a fact of law applies to none, and some rule rests on it."""
        if years := fired.get(name):
            return f"it applies in {', '.join(map(str, sorted(years)))}"
        rule = self.graph.rulebook.by_id.get(name)
        if rule is not None and "LEA" not in rule.variables:
            return "it is a fact of law, which holds of every LEA: name the rule that rests on it"
        return "it applies in no year"

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
