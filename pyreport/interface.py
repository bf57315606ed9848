"""What a notebook or a program imports: ``import pyreport``, then ``pyreport.decide(…)``.

Every function decides anew from the facts, and the proof checker confirms every derivation before anything is returned.
The names, arguments and columns that stand here change only with an entry in the changelog.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from pyreport.errors import PyreportError
from pyreport.evidence.counties import county_code
from pyreport.evidence.lea_names import code_on_record
from pyreport.evidence.predicates import Facts
from pyreport.evidence.readers.given import Given, record_with_notes
from pyreport.evidence.record import Record
from pyreport.evidence.scope import Scope
from pyreport.explanation import answers
from pyreport.explanation.answers import HoldsError
from pyreport.explanation.asked_about import goal_of, predicate_and_values, predicate_of
from pyreport.explanation.numbered import NumberedSteps
from pyreport.following.case_check import checked_case
from pyreport.following.case_use import unused_entries
from pyreport.reasoning import decision
from pyreport.reasoning.decision import Decision
from pyreport.reasoning.determination_columns import COLUMNS, as_columns
from pyreport.reasoning.encoded_years import check_year_on_record
from pyreport.reporting.outline_list import outline_list
from pyreport.reporting.page_inputs import record_of, rulebook_of
from pyreport.reporting.proof_list import proof_list
from pyreport.reporting.rendering import rendered
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.rulebook import Rulebook

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "EvidenceWarning",
    "Explanation",
    "HoldsError",
    "PyreportError",
    "WhyNot",
    "decide",
    "explain",
    "why_not",
]

_TEMPLATE = "interface.html.j2"

PathOrPaths: TypeAlias = str | Path | Iterable[str | Path]
Texts: TypeAlias = str | Iterable[str]


class EvidenceWarning(UserWarning):
    """Something in the files that were given was passed over, or bore on nothing that was asked."""


def decide(
    year: int | None = None,
    *,
    county: Texts = (),
    lea: Texts = (),
    evidence: PathOrPaths = (),
    without: Texts = (),
    complete: Texts = (),
    case: PathOrPaths = (),
    reading: str | None = None,
    policy: str | Path | None = None,
) -> pd.DataFrame:
    """Decide LEAs: status, methods, student groups, persistence.

    Args:
        year: The Dashboard year; all on record if ``None``.
        county: Only these counties: names or codes. One or several.
        lea: Only these LEAs: CDS codes or names. One or several.
        evidence: Further files of CDE's, or folders of them, beside the record.
        without: Kinds of evidence to decide without: ``letters``, ``figures``, ``red-list``, ``local-indicators``,
            ``published``.
        complete: Counties whose Dashboard files have all rows, as you say.
        case: Case files (YAML).
        reading: An alternative reading of the law, as ``pyreport readings`` lists them.
        policy: The folder of the policy; the project's own if ``None``.

    Returns:
        One row for each LEA and Dashboard year, by year and CDS code, with the columns of ``pyreport decide``:
        ``dashboard_year`` is an integer, all others are text. ``attrs`` has the fingerprint of the rules (``policy``),
        the ``reading`` and what the proof checker confirmed (``proof``).

    Raises:
        PyreportError: A name, a year or a file has to be another; the message says which.
        ValueError: There is no such county.
    """
    # It takes longer to import than a county takes to decide.
    import pandas as pd

    inputs = _Inputs.of(evidence, without, complete, case, reading, policy)
    if year is not None:
        inputs.check_year(year)
    only = {county_code(one) for one in _several(county)}
    only |= {code_on_record(inputs.record, one, year) for one in _several(lea)}
    decided = inputs.decide(Scope(year=year, only=only or None))
    rows = decided.determinations(None if year is None else [year])
    table = pd.DataFrame([as_columns(row) for row in rows], columns=list(COLUMNS))
    types = {name: "int64" if name == "dashboard_year" else "str" for name in COLUMNS}
    table = table.astype(types)
    of_rules = decided.rulebook
    table.attrs = {
        "policy": of_rules.fingerprint,
        "reading": of_rules.reading.name if of_rules.reading else None,
        "proof": str(decided.verdict),
    }
    return table


def explain(
    lea: str,
    year: int | None = None,
    about: str = "status",
    *,
    evidence: PathOrPaths = (),
    without: Texts = (),
    complete: Texts = (),
    case: PathOrPaths = (),
    reading: str | None = None,
    policy: str | Path | None = None,
) -> Explanation:
    """Explain a conclusion about an LEA in numbered steps, down to CDE's cells.

    Args:
        lea: The LEA: its CDS code or its name.
        year: The Dashboard year; the newest on record if ``None``.
        about: The predicate of the vocabulary to explain, such as ``status``, ``eligible`` or ``persistent_52072``.
        evidence: As for ``decide``, like the rest.
        without: Kinds of evidence to decide without.
        complete: Counties whose Dashboard files have all rows.
        case: Case files.
        reading: An alternative reading of the law.
        policy: The folder of the policy.

    Returns:
        The explanation: Jupyter shows it with links, ``print`` as text.

    Raises:
        PyreportError: A name, a year or a file has to be another; the message says which.
        ValueError: One of the counties in ``complete`` does not exist.
    """
    inputs = _Inputs.of(evidence, without, complete, case, reading, policy)
    predicate = predicate_of(inputs.rulebook, about)
    year, cds, decided = inputs.decided_of(lea, year)
    return Explanation(answers.Explanation.of(decided, predicate, cds, year))


def why_not(
    lea: str,
    year: int | None = None,
    about: str = "eligible",
    *,
    everything: bool = False,
    evidence: PathOrPaths = (),
    without: Texts = (),
    complete: Texts = (),
    case: PathOrPaths = (),
    reading: str | None = None,
    policy: str | Path | None = None,
) -> WhyNot:
    """Explain why something does not hold of an LEA: where each rule ends, the nearest miss first.

    Args:
        lea: The LEA: its CDS code or its name.
        year: The Dashboard year; the newest on record if ``None``.
        about: A predicate of the vocabulary, with values for what follows the LEA and the year if wanted:
            ``eligible``, ``meets_criteria_on_state_priorities(el)``, ``meets_method(3)``; ``_`` stands for any value.
        everything: Open every rule and every candidate, not the nearest alone.
        evidence: As for ``decide``, like the rest.
        without: Kinds of evidence to decide without.
        complete: Counties whose Dashboard files have all rows.
        case: Case files.
        reading: An alternative reading of the law.
        policy: The folder of the policy.

    Returns:
        The answer: Jupyter shows it as nested lists, ``print`` as text.

    Raises:
        HoldsError: It does hold; ``explain`` says why.
        PyreportError: A name, a year or a file has to be another; the message says which.
        ValueError: One of the counties in ``complete`` does not exist.
    """
    inputs = _Inputs.of(evidence, without, complete, case, reading, policy)
    predicate, values = predicate_and_values(inputs.rulebook, about)
    chosen = inputs.year_of(year)
    goal = goal_of(inputs.rulebook, predicate, code_on_record(inputs.record, lea, chosen), chosen, values)
    chosen, cds, decided = inputs.decided_of(lea, chosen)
    return WhyNot(answers.WhyNotAnswer.of(decided, predicate, goal, cds, chosen, everything=everything))


@dataclass(frozen=True, repr=False)
class Explanation:
    """Why something holds of an LEA: numbered steps, a conclusion before what it rests on.

    Attributes:
        answer: The explanation as the other parts of the package have it.
    """

    answer: answers.Explanation

    @cached_property
    def steps(self) -> NumberedSteps:
        """The steps, each once, with its number."""
        return NumberedSteps(self.answer.steps)

    def __bool__(self) -> bool:
        """Whether there is such a conclusion."""
        return bool(self.answer.steps)

    def data(self) -> dict[str, object]:
        """What ``pyreport explain --format json`` writes."""
        return self.answer.data()

    def __str__(self) -> str:
        return self.answer.text()

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        # A notebook shows several proofs: the anchors of each are its own, and the same in each run.
        row = self.answer.row
        mark = f"{row.cds}-{row.dashboard_year}-{self.answer.about.name}-"
        return rendered(_TEMPLATE, "explanation", self.answer, self.steps, proof_list(self.steps, "", mark)).text


@dataclass(frozen=True, repr=False)
class WhyNot:
    """Why something does not hold of an LEA: where each rule that could have concluded it ends.

    Attributes:
        answer: The answer as the other parts of the package have it.
    """

    answer: answers.WhyNotAnswer

    @property
    def nearest(self) -> str | None:
        """The nearest miss in a sentence, where something was counted and fell short."""
        return self.answer.nearest

    def data(self) -> dict[str, object]:
        """What ``pyreport why-not --format json`` writes."""
        return self.answer.data()

    def __str__(self) -> str:
        return self.answer.text()

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        answer = self.answer
        return rendered(_TEMPLATE, "why_not", answer, outline_list([answer.line], "", facts=True)).text


@dataclass(frozen=True)
class _Inputs:
    """The rules, the record and the case facts of one call."""

    rulebook: Rulebook
    record: Record
    case: Facts

    @classmethod
    def of(
        cls,
        evidence: PathOrPaths,
        without: Texts,
        complete: Texts,
        case: PathOrPaths,
        reading: str | None,
        policy: str | Path | None,
    ) -> _Inputs:
        # The project's own policy and record are read once; what the user gives may change between two calls.
        rulebook = rulebook_of(reading) if policy is None else load_rulebook(Path(policy), reading)
        given = Given.of(_several(evidence), _several(without), _several(complete))
        if given.files:
            record, notes = record_with_notes(given)
            for note in notes:
                _warn(note)
        else:
            record = record_of(given)
        facts: Facts = {}
        if paths := tuple(map(Path, _several(case))):
            facts, empty = checked_case(paths, rulebook, record)
            for name in empty:
                _warn(f"{name} has no entries yet.")
        return cls(rulebook, record, facts)

    def check_year(self, year: int) -> None:
        check_year_on_record(self.rulebook, self.record, year)

    def year_of(self, year: int | None) -> int:
        chosen = self.record.years[-1] if year is None else year
        self.check_year(chosen)
        return chosen

    def decide(self, scope: Scope) -> Decision:
        decided = decision.decide(self.rulebook, self.record, scope, case=self.case)
        for finding in unused_entries(self.case, [decided.graph]) if self.case else ():
            _warn(str(finding))
        return decided

    def decided_of(self, lea: str, year: int | None) -> tuple[int, str, Decision]:
        chosen = self.year_of(year)
        cds = code_on_record(self.record, lea, chosen)
        return chosen, cds, self.decide(Scope(year=chosen, only={cds}))


def _several(given: str | Path | Iterable[str | Path]) -> list[str]:
    """The items of an argument that takes one or several."""
    return [str(given)] if isinstance(given, str | Path) else [str(one) for one in given]


def _warn(text: str) -> None:
    # The line of the user's own that called: above `_Inputs` and the function of this module.
    warnings.warn(text, EvidenceWarning, stacklevel=4)
