"""Written cases are tried: all of a reading are decided in one run, and each is compared with what it expects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyreport.cases.case import Case, Conclusion, evidence
from pyreport.cases.files import CasesError, faults_of_names, read_cases
from pyreport.cases.outcome import Outcome
from pyreport.explanation.text import as_text, outline_text
from pyreport.explanation.why_not.explainer import WhyNotExplainer
from pyreport.explanation.why_not.outline import outline
from pyreport.reasoning.decision import proved
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.solver import derive
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.rulebook import Rulebook

__all__ = ["CaseFailure", "CasesTried", "decided", "derived", "try_cases"]

_SHORT = 40
"""The most lines of one derivation that is not asked for whole."""


@dataclass(frozen=True)
class CaseFailure:
    """A case that is not as expected.

    Attributes:
        place: Its file and line.
        name: Its sentence.
        faults: What was expected and what came out, one for each expectation that is not met.
        derivations: Why it came out so, each as text: numbered steps of what follows, the outline of what does not.
    """

    place: str
    name: str
    faults: Sequence[str]
    derivations: Sequence[str]

    def text(self) -> str:
        """The failure as lines."""
        lines = [f"{self.place}: {self.name}", *(f"  {fault}" for fault in self.faults)]
        for derivation in self.derivations:
            lines += ["", *(f"  {line}".rstrip() for line in derivation.splitlines())]
        return "\n".join(lines) + "\n"

    def data(self) -> dict[str, Any]:
        """The failure for JSON."""
        return {
            "place": self.place,
            "name": self.name,
            "faults": list(self.faults),
            "derivations": list(self.derivations),
        }


@dataclass(frozen=True)
class CasesTried:
    """How many cases were tried, and those that are not as expected, in the order of their files."""

    number: int
    failures: Sequence[CaseFailure]

    def __str__(self) -> str:
        cases = "case" if self.number == 1 else "cases"
        return f"{self.number:,} {cases}, {len(self.failures) or 'none'} of them not as expected"


def try_cases(paths: Iterable[Path], policy: Path, *, everything: bool = False) -> CasesTried:
    """Try the cases of some files.

    Args:
        paths: The files.
        policy: The folder of the policy.
        everything: Whether derivations are written whole.

    Raises:
        CasesError: A file is not written as cases are, or names what the policy does not have.
        PolicyError: The policy does not load, or a case is of a reading that it does not have.
        ProofError: The proof checker found something wrong.
    """
    cases = read_cases(paths, load_rulebook(policy))
    # A case that nobody has decided yet expects nothing.
    decided = [case for case in cases if "undecided" not in case.given]
    failures = {
        id(case): CaseFailure(case.place, case.name, [f"undecided: {case.given['undecided']}"], [])
        for case in cases
        if "undecided" in case.given
    }
    for reading in dict.fromkeys(case.reading for case in decided):
        of_reading = [case for case in decided if case.reading == reading]
        for case, failure in _failures(of_reading, policy, reading, everything):
            failures[id(case)] = failure
    return CasesTried(len(cases), [failures[id(case)] for case in cases if id(case) in failures])


def decided(cases: Sequence[Case], rulebook: Rulebook) -> Graph:
    """What the rules conclude of the cases of one reading, checked by the proof checker.

    Raises:
        CasesError: A case names what the policy does not have.
        ProofError: The proof checker found something wrong.
    """
    graph = derived(cases, rulebook)
    proved(graph)
    return graph


def derived(cases: Sequence[Case], rulebook: Rulebook) -> Graph:
    """The same, not checked: nothing of it may be shown.

    Raises:
        CasesError: A case names what the policy does not have.
    """
    if unknown := [f"{case.place}: {fault}" for case in cases for fault in faults_of_names(case, rulebook)]:
        raise CasesError(list(dict.fromkeys(unknown)))
    _, facts = evidence(cases)
    return derive(rulebook, facts)


def _failures(
    cases: Sequence[Case], policy: Path, reading: str | None, everything: bool
) -> Iterator[tuple[Case, CaseFailure]]:
    outcome = Outcome.of(decided(cases, load_rulebook(policy, reading)))
    for case in cases:
        if faults := list(outcome.found(case)):
            conclusions = {fault.about.beginning: fault.about for fault in faults if fault.about is not None}
            why = [_why(outcome, one, None if everything else _SHORT) for one in conclusions.values()]
            yield case, CaseFailure(case.place, case.name, [fault.text for fault in faults], why)


def _why(outcome: Outcome, conclusion: Conclusion, most: int | None) -> str:
    """Why a conclusion follows, in numbered steps, or why it does not."""
    if steps := [outcome.explainer.step(atom) for atom in outcome.atoms(conclusion)]:
        return as_text(steps, most)
    answer = WhyNotExplainer(outcome.explainer).of(conclusion.goal(outcome.graph.rulebook))
    return outline_text(outline(answer, outcome.explainer.sentences, everything=most is None))
