"""Everything that is wrong with a policy: what keeps it from loading, and what it should not be like."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pyreport.rulebook.lint.applying import never_applying
from pyreport.rulebook.lint.arguments import clashing_arguments, unknown_values
from pyreport.rulebook.lint.cases import faulty_cases
from pyreport.rulebook.lint.citations import ill_cited
from pyreport.rulebook.lint.clingo_messages import clingo_messages
from pyreport.rulebook.lint.possible import possible_values
from pyreport.rulebook.lint.predicates import clashing_units, unused_predicates
from pyreport.rulebook.lint.quotations import misquotations
from pyreport.rulebook.lint.times import unordered_times
from pyreport.rulebook.lint.variables import alike_derivations, captured_variables
from pyreport.rulebook.loading import examine, readings
from pyreport.rulebook.problems import Finding, Problem
from pyreport.rulebook.rule_file import RuleFile
from pyreport.rulebook.years import DashboardYears

__all__ = ["Linted", "lint"]


@dataclass(frozen=True, slots=True)
class Linted:
    """The findings, by file and line, for each kind that was not looked for the reason why, and the years begun."""

    problems: tuple[Problem, ...]
    passed_over: tuple[tuple[Finding, str], ...]
    years: DashboardYears


def lint(folder: Path, sources: Path | None = None, cases: Path | None = None) -> Linted:
    """Lint the policy in ``folder``, all its readings, and what a what-if may change.

    ``sources`` is where the sources of quotations lie, ``cases`` where the written cases.

    A policy that does not load is looked at as far as it can be read.
    """
    parsed: dict[Path, RuleFile] = {}
    examined = [examine(folder, changes=True, parsed=parsed)]
    examined += [examine(folder, reading, parsed=parsed) for reading in readings(folder)]
    rulebooks = [rulebook for rulebook, _ in examined]
    problems = {problem for _, of_one in examined for problem in of_one}
    passed_over: list[tuple[Finding, str]] = []
    if problems:
        # A rule that was refused may be the one that reads a predicate, or binds a variable.
        reason = "the policy does not load as it is"
        passed_over += [
            (finding, reason)
            for finding in (
                Finding.UNUSED_PREDICATE,
                Finding.CLINGO_MESSAGE,
                Finding.ILL_FITTING_CITATION,
                Finding.CITATION_NOT_IN_FORCE,
                Finding.UNORDERED_TIME,
                Finding.UNKNOWN_VALUE,
                Finding.ARGUMENT_CLASH,
                Finding.NEVER_APPLIES,
                Finding.FAULTY_CASE,
            )
        ]
    else:
        if cases is None:
            passed_over.append((Finding.FAULTY_CASE, "there are no written cases beside the policy; name their folder"))
        else:
            problems.update(faulty_cases(folder, cases, rulebooks))
        problems.update(unused_predicates(rulebooks))
        for rulebook in rulebooks:
            problems.update(clingo_messages(rulebook))
            possible = possible_values(rulebook)
            problems.update(ill_cited(rulebook, possible))
            of_arguments = {*clashing_arguments(rulebook), *unknown_values(rulebook, possible)}
            problems.update(of_arguments)
            mistaken = {(problem.file, problem.message.partition(":")[0]) for problem in of_arguments}
            problems.update(
                problem
                for problem in never_applying(rulebook, possible)
                if (problem.file, problem.message.partition(":")[0]) not in mistaken
            )
            problems.update(unordered_times(rulebook))
    for rulebook in rulebooks:
        problems.update(clashing_units(rulebook))
        problems.update(captured_variables(rulebook))
        problems.update(alike_derivations(rulebook))
    if sources is None:
        passed_over.append((Finding.UNSUPPORTED_QUOTATION, "the sources are not at hand; name their folder"))
    else:
        problems.update(misquotations(folder, sources))
    return Linted(tuple(sorted(problems)), tuple(passed_over), rulebooks[0].years)
