"""What of the policy is open to another answer: readings that were considered and rejected, and inferences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyreport.files.places import policy_folder
from pyreport.reporting.law_counts import LawCounts
from pyreport.reporting.page_inputs import rulebook_of
from pyreport.reporting.rendering import Html, rendered
from pyreport.rulebook.authorities import read_cited
from pyreport.rulebook.labels import READINGS
from pyreport.rulebook.loading import readings
from pyreport.rulebook.parsing import parse_file
from pyreport.rulebook.rule import Reading, Rule
from pyreport.rulebook.rulebook import Rulebook

__all__ = [
    "OpenQuestion",
    "OpenQuestionsPage",
    "TriedReading",
    "open_questions",
    "open_questions_page",
    "tried_readings",
]

_TEMPLATE = "open_questions.html.j2"


@dataclass(frozen=True)
class OpenQuestion:
    """A reason for an inference, with the rules and facts of law that rest on it.

    Attributes:
        reason: The reason, as the labels give it.
        rules: What rests on it, by id.
        leas: The most LEAs about which one of the rules, or one of those that use its facts, concludes something on
            the newest counted Dashboard; ``None`` without counts.
    """

    reason: str
    rules: tuple[Rule, ...]
    leas: int | None


@dataclass(frozen=True)
class TriedReading:
    """A reading that was considered and rejected.

    Attributes:
        reading: The reading.
        changed: Of how many LEAs it answers otherwise on the newest counted Dashboard; ``None`` without counts.
    """

    reading: Reading
    changed: int | None


@dataclass(frozen=True)
class OpenQuestionsPage:
    """The parts of ``rulebook/open-questions.html``."""

    rulebook: Rulebook
    counts: LawCounts | None
    tried: Sequence[TriedReading]

    @cached_property
    def questions(self) -> list[OpenQuestion]:
        """What rests on an inference."""
        return open_questions(self.rulebook, self.counts)

    @property
    def inferred(self) -> int:
        """How many rules and facts of law rest on an inference."""
        return sum(len(question.rules) for question in self.questions)

    def heading(self) -> Html:
        """The page's header."""
        return rendered(_TEMPLATE, "heading", self)

    def readings(self) -> Html:
        """The readings that were considered and rejected."""
        return rendered(_TEMPLATE, "readings", self)

    def inferences(self) -> Html:
        """What rests on an inference."""
        return rendered(_TEMPLATE, "inferences", self)

    def colophon(self) -> Html:
        """The page's footer."""
        return rendered(_TEMPLATE, "colophon", self)


def open_questions_page(counts: str | None = None, policy: str | None = None) -> OpenQuestionsPage:
    """Prepare the page, with a file of counts (see ``law_counts``) if there is one.

    Raises:
        PolicyError: The policy cannot be loaded.
        CountsError: The file of counts cannot be read, or is of another policy.
    """
    rulebook = rulebook_of(None, policy)
    counted = None if counts is None else LawCounts.read(counts, rulebook)
    return OpenQuestionsPage(rulebook, counted, tried_readings(counted, policy))


def open_questions(rulebook: Rulebook, counts: LawCounts | None) -> list[OpenQuestion]:
    """The inferences of a policy: those that touch the most LEAs first, without counts those of the most rules."""
    by_reason: dict[str, list[Rule]] = {}
    for rule in rulebook.rules:
        if rule.inferred is not None:
            by_reason.setdefault(rule.inferred, []).append(rule)
    found = [
        OpenQuestion(reason, tuple(rules), None if counts is None else _touched(rulebook, rules, counts))
        for reason, rules in by_reason.items()
    ]
    return sorted(found, key=lambda question: (-(question.leas or 0), -len(question.rules), question.reason))


def tried_readings(counts: LawCounts | None, policy: str | None = None) -> list[TriedReading]:
    """The readings of a policy, those that change the most first."""
    folder = policy_folder() if policy is None else Path(policy)
    authorities, groups = read_cited(folder)
    files = (
        parse_file(folder / READINGS / f"{name}.lp", f"{READINGS}/{name}.lp", authorities, groups)
        for name in readings(folder)
    )
    found = [
        TriedReading(file.reading, None if counts is None else counts.changed.get(file.reading.name))
        for file in files
        if file.reading is not None
    ]
    return sorted(found, key=lambda one: (-(one.changed or 0), one.reading.name))


def _touched(rulebook: Rulebook, rules: Sequence[Rule], counts: LawCounts) -> int:
    """The most LEAs that one of the rules reaches: of facts of law, one of the rules that read them."""
    reached = [rule for rule in rules if not rule.facts]
    heads = {rule.head.predicate for rule in rules if rule.facts}
    reached += [rule for rule in rulebook.rules if any(atom.predicate in heads for atom in rule.atoms_read())]
    return max((counts.leas.get(rule.id, {}).get(counts.newest, 0) for rule in reached), default=0)
