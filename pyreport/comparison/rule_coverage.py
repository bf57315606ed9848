"""Which rules apply, and how far the others get: with the LEAs of each Dashboard, or with the written cases."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyreport.cases.files import read_cases
from pyreport.cases.trying import decided
from pyreport.comparison.rule_reach import RuleReach, about_leas, rule_reach
from pyreport.explanation.sentences import Sentences
from pyreport.following.support import certainly_out
from pyreport.reasoning.decision import Decision
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Value, quote

__all__ = ["Column", "RuleCoverage", "coverage_by_cases", "coverage_of_dashboards"]


@dataclass(frozen=True)
class Column:
    """How far rules get with the LEAs of one Dashboard, or with the cases of one reading.

    Attributes:
        of: The Dashboard year; of cases the name of the reading, or ``None`` for the policy as it is.
        number: How many LEAs or cases there are.
        reach: By rule id.
    """

    of: int | str | None
    number: int
    reach: Mapping[str, RuleReach]


@dataclass(frozen=True)
class RuleCoverage:
    """How far each rule gets.

    Attributes:
        rules: The rules about LEAs that were asked for, by id.
        columns: The Dashboards, ascending; or the cases, by reading.
        names: By quoted CDS code the name of an LEA; of a case its place and its name.
        by_cases: Whether the LEAs are those of written cases.
    """

    rules: Sequence[Rule]
    columns: Sequence[Column]
    names: Mapping[Value, str]
    by_cases: bool = False

    def of(self, rule: Rule) -> list[tuple[Column, RuleReach]]:
        """How far one rule gets, by column."""
        return [(column, column.reach[rule.id]) for column in self.columns if rule.id in column.reach]

    def applies(self, rule: Rule) -> bool:
        """Whether the rule applies to some LEA or case."""
        return any(reach.leas for _, reach in self.of(rule))


def coverage_of_dashboards(
    decide: Callable[[int, int | None], Decision],
    rulebook: Rulebook,
    years: Iterable[int],
    only: Collection[str] = (),
) -> RuleCoverage:
    """How far the rules get with the LEAs on record.

    What follows from eligibility is asked as of the first day on which the year's Dashboard was out for certain.

    Args:
        decide: Decides a Dashboard year as of a day (YYYYMMDD, or none).
        rulebook: The rules by which it decides.
        years: Dashboard years.
        only: The ids of the rules asked for; all if empty.

    Raises:
        EvidenceError, ProofError, ReasoningError: As their modules say.
    """
    rules = _asked_for(rulebook.rules, only)
    columns, names = [], dict[Value, str]()
    for year in sorted(set(years)):
        decision = decide(year, certainly_out(rulebook, year))
        leas = {row.lea for row in decision.graph.rows("kind")}
        columns.append(Column(year, len(leas), rule_reach(decision.graph, rules, year)))
        sentences = Sentences(decision.graph)
        names |= {lea: sentences.lea(lea) for lea in leas}
    return RuleCoverage(rules, columns, names)


def coverage_by_cases(paths: Iterable[Path], policy: Path, only: Collection[str] = ()) -> RuleCoverage:
    """How far the rules get with written cases; those of a reading are asked of the rules that it states alone.

    Args:
        paths: Files of cases.
        policy: The folder of the policy.
        only: The ids of the rules asked for; all if empty.

    Raises:
        CasesError, PolicyError, ProofError, ReasoningError: As ``try_cases``, and as clingo reports.
    """
    cases = [case for case in read_cases(paths, load_rulebook(policy)) if "undecided" not in case.given]
    columns, rules = [], list[Rule]()
    for reading in sorted({case.reading for case in cases}, key=lambda name: name or ""):
        rulebook = load_rulebook(policy, reading)
        own = [one for one in rulebook.rules if rulebook.reading is None or one.file == rulebook.reading.file]
        asked, of_reading = _asked_for(own, only), [case for case in cases if case.reading == reading]
        rules += asked
        columns.append(Column(reading, len(of_reading), rule_reach(decided(of_reading, rulebook), asked)))
    names: dict[Value, str] = {quote(case.cds): f"{case.place}: {case.name}" for case in cases}
    return RuleCoverage(rules, columns, names, by_cases=True)


def _asked_for(rules: Iterable[Rule], only: Collection[str]) -> list[Rule]:
    return [rule for rule in about_leas(rules) if not only or rule.id in only]
