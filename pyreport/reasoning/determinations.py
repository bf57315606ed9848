"""The conclusions of a graph by LEA and Dashboard year: one determination each, as typed values.

How CSV and JSON write them is for ``determination_columns`` alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pyreport.evidence.counties import counties
from pyreport.reasoning.graph import Graph
from pyreport.rulebook.syntax import Value, unquote
from pyreport.rulebook.vocabulary import Pattern

__all__ = ["Basis", "Certainty", "Determination", "YesNoOpen", "determinations"]


class YesNoOpen(StrEnum):
    """The answer to a test; ``OPEN`` where the record does not decide it."""

    YES = "yes"
    NO = "no"
    OPEN = "open"


class Certainty(StrEnum):
    """Whether a conclusion holds; ``POSSIBLE`` where a ground that is not on record could still give it."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    RULED_OUT = "ruled out"


@dataclass(frozen=True, slots=True)
class Basis:
    """What a determination rests on where the record is incomplete.

    Attributes:
        printed: The predicates by which something was taken as CDE printed it, or nothing was decided.
        sentences: What each of them means, in the vocabulary's words (``Basis``).
        grounds: The grounds of differentiated assistance beside methods, in the vocabulary's words (``Ground``).
        printed_ground: Whether one of those grounds is among what was taken as CDE printed it.
        methods: Where a method is not on record, the methods that were decided upon; else empty.
        second_year: Whether the second year of an earlier identification was decided upon beside ``methods``.
    """

    printed: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    grounds: tuple[str, ...] = ()
    printed_ground: bool = False
    methods: tuple[int, ...] = ()
    second_year: bool = False


@dataclass(frozen=True, slots=True)
class Determination:
    """One LEA in one Dashboard year.

    Attributes:
        cds: 14-digit CDS code.
        name: The LEA's name in that year's file.
        county: The county's name.
        kind: ``district``, ``county_office`` or ``charter``.
        dashboard_year: The Dashboard year.
        status: CDE's words of that year; empty for a charter school that a directory alone names.
        methods: The numbers of the methods known to be met, ascending.
        groups: The student groups that met the criteria, by the policy's codes in their order, each with its state
            priorities, ascending.
        persistent_52072: The three-of-four-years test; ``None`` where it is not made.
        persistent_52071f: The test of EC 52071(f); ``None`` where it was not in force.
        lcap_goal_groups: The codes of the student groups that require an LCAP goal, in their order.
        lcap_goal_open: The codes of those of which it is open.
        differentiated_assistance: Whether the LEA is eligible for it.
        methods_not_on_record: The numbers of the methods in force of which nothing is on record, ascending.
        rests_on: What was decided upon where a method is not on record, and what was taken as CDE printed it.
    """

    cds: str
    name: str
    county: str
    kind: str
    dashboard_year: int
    status: str
    methods: tuple[int, ...]
    groups: Mapping[str, tuple[int, ...]]
    persistent_52072: YesNoOpen | None
    persistent_52071f: YesNoOpen | None
    lcap_goal_groups: tuple[str, ...]
    lcap_goal_open: tuple[str, ...]
    differentiated_assistance: Certainty
    methods_not_on_record: tuple[int, ...]
    rests_on: Basis

    @property
    def eligible(self) -> bool:
        """Whether the LEA is eligible for certain."""
        return self.differentiated_assistance is Certainty.CERTAIN

    @property
    def basis(self) -> str:
        """``rests_on`` as sentences; empty where the record is complete."""
        sentences = [*self.rests_on.sentences]
        if self.methods_not_on_record:
            verb = "are" if len(self.methods_not_on_record) > 1 else "is"
            also = " and the second year" if self.rests_on.second_year else ""
            sentences.append(
                f"Decided on {_methods_words(self.rests_on.methods)}{also} alone; "
                f"{_methods_words(self.methods_not_on_record)} {verb} not on record."
            )
        return " ".join(sentences)


_LeaYear = tuple[Value, int]


def determinations(graph: Graph, years: Collection[int]) -> list[Determination]:
    """Return the determinations of the Dashboard ``years``, by year and CDS code."""
    conclusions = _Conclusions(graph)
    covered = sorted((row.year, row.lea) for row in graph.rows("covered") if row.year in years)
    return [conclusions.determination(lea, year) for year, lea in covered]


class _Conclusions:
    """The conclusions of a graph that determinations consist of, by LEA and Dashboard year."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._names = {(row.lea, row.year): unquote(row.name) for row in graph.rows("name")}
        self._kinds: dict[Value, str] = {row.lea: str(row.kind) for row in graph.rows("kind")}
        self._statuses = {(row.lea, row.year): unquote(row.words) for row in graph.rows("status")}
        self._methods = _grouped(graph.rows("meets_method"), "method")
        self._not_on_record = _grouped(graph.rows("method_not_on_record"), "method")
        self._eligible = _lea_years(graph.rows("eligible"))
        self._possible = _lea_years(graph.rows("possibly_eligible"))
        self._groups = _grouped(graph.rows("meets_criteria_on_state_priorities"), "group")
        self._goals = _grouped(graph.rows("lcap_goal_group"), "group")
        self._open_goals = _grouped(graph.rows("lcap_goal_open"), "group")
        self._priorities: dict[tuple[Value, int, Value], list[int]] = {}
        for row in graph.rows("meets_state_priority"):
            self._priorities.setdefault((row.lea, row.year, row.group), []).append(row.priority)
        self._persistent_52072 = _answers(graph.rows("persistent_52072"))
        self._persistent_52071f = _answers(graph.rows("persistent_52071f"))
        predicates = graph.rulebook.predicates.values()
        self._printed = [
            (predicate, _lea_years(graph.rows(predicate.name))) for predicate in predicates if predicate.basis
        ]
        self._considered: dict[tuple[str, int], tuple[set[int], bool]] = {}
        self._grounds = [
            (predicate, _lea_years(graph.rows(predicate.name))) for predicate in predicates if predicate.ground
        ]

    def determination(self, lea: Value, year: int) -> Determination:
        """The determination of an LEA (quoted CDS code) that files cover in a Dashboard year."""
        key, cds = (lea, year), unquote(lea)
        groups = {
            str(group): tuple(sorted(self._priorities[lea, year, group])) for group in sorted(self._groups.get(key, ()))
        }
        not_on_record = tuple(sorted(self._not_on_record.get(key, ())))
        return Determination(
            cds=cds,
            name=self._names[key],
            county=counties()[cds[:2]],
            kind=self._kinds[lea],
            dashboard_year=year,
            status=self._statuses.get(key, ""),
            methods=tuple(sorted(self._methods.get(key, ()))),
            groups=groups,
            persistent_52072=self._persistent_52072.get(key),
            persistent_52071f=self._persistent_52071f.get(key),
            lcap_goal_groups=tuple(sorted(self._goals.get(key, ()))),
            lcap_goal_open=tuple(sorted(self._open_goals.get(key, ()))),
            differentiated_assistance=self._certainty(key),
            methods_not_on_record=not_on_record,
            rests_on=self._basis(key, not_on_record),
        )

    def _certainty(self, key: _LeaYear) -> Certainty:
        if key in self._eligible:
            return Certainty.CERTAIN
        return Certainty.POSSIBLE if key in self._possible else Certainty.RULED_OUT

    def _basis(self, key: _LeaYear, not_on_record: Collection[int]) -> Basis:
        printed = [predicate for predicate, lea_years in self._printed if key in lea_years]
        methods, second_year = self._decided_on(*key) if not_on_record else (set(), False)
        return Basis(
            printed=tuple(predicate.name for predicate in printed),
            sentences=tuple(str(predicate.basis) for predicate in printed),
            grounds=tuple(str(predicate.ground) for predicate, lea_years in self._grounds if key in lea_years),
            printed_ground=any(predicate.ground for predicate in printed),
            methods=tuple(sorted(methods - set(not_on_record))),
            second_year=second_year,
        )

    def _decided_on(self, lea: Value, year: int) -> tuple[set[int], bool]:
        """The methods, and whether a second year, that the law considers for LEAs of that kind in that year."""
        of = self._kinds[lea], year
        if of not in self._considered:
            known: dict[str, Value] = {"Kind": of[0], "Year": year}
            methods, second_year = (self._graph.rulebook.predicates[name] for name in ("meets_method", "second_year"))
            self._considered[of] = (
                {int(values["Method"]) for values in _solutions(self._graph, methods.considered, known)},
                any(_solutions(self._graph, second_year.considered, known)),
            )
        return self._considered[of]


def _solutions(graph: Graph, patterns: Sequence[Pattern], known: dict[str, Value]) -> Iterator[dict[str, Value]]:
    """The values of all names in ``patterns`` with which each pattern is an atom that holds."""
    if not patterns:
        yield known
        return
    (predicate, names), *others = patterns
    for _, *values in graph.atoms(predicate):
        if all(known.get(name, value) == value for name, value in zip(names, values, strict=True)):
            yield from _solutions(graph, others, {**known, **dict(zip(names, values, strict=True))})


def _lea_years(rows: Iterable[Any]) -> set[_LeaYear]:
    return {(row.lea, row.year) for row in rows}


def _grouped(rows: Iterable[Any], argument: str) -> dict[_LeaYear, list[Any]]:
    """The values of an argument by LEA and Dashboard year."""
    values: dict[_LeaYear, list[Any]] = {}
    for row in rows:
        values.setdefault((row.lea, row.year), []).append(getattr(row, argument))
    return values


def _answers(rows: Iterable[Any]) -> dict[_LeaYear, YesNoOpen]:
    return {(row.lea, row.year): YesNoOpen(row.answer) for row in rows}


def _methods_words(methods: tuple[int, ...]) -> str:
    numbers = list(map(str, methods))
    listed = " and ".join([", ".join(numbers[:-1]), numbers[-1]]) if len(numbers) > 1 else "".join(numbers)
    return f"Method{'s' if len(numbers) > 1 else ''} {listed}"
