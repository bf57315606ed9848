"""The page of a change of the law: the text that changed, who is affected, and why, with both derivations."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from pyreport.comparison.comparison_text import evidence_sentences, group_heading, some_names, verdict
from pyreport.comparison.differences import Kind
from pyreport.comparison.policy_comparison import (
    Compared,
    ComparisonRequest,
    Example,
    PolicyComparison,
    compare_policies,
)
from pyreport.comparison.rule_changes import RuleChange, TextChange
from pyreport.evidence.readers.given import Given
from pyreport.explanation.sentences import date_words
from pyreport.files.places import notebooks_folder
from pyreport.reporting.notebook_page import page_from
from pyreport.reporting.page_inputs import record_of
from pyreport.reporting.rendering import Html, rendered

__all__ = ["ChangePage", "change_page", "written_page"]

_TEMPLATE = "change.html.j2"
_LINES = {"+": "ins", "-": "del"}
_known: dict[ComparisonRequest, PolicyComparison] = {}
"""The comparisons that were made before their page: its notebook is evaluated in the same process."""


def change_page(
    *,
    on: int | None,
    only: list[str],
    evidence: list[str],
    without: list[str],
    complete: list[str],
    case: list[str],
    **rest: Any,
) -> ChangePage:
    """Compare two policies and prepare the page; the arguments are the parameters of the notebook.

    Raises:
        NoSuchPolicy, PolicyError, YearNotEncoded, EvidenceError, ProofError: As their modules say.
    """
    given = Given.of(evidence, without, complete)
    on = record_of(given).years[-1] if on is None else on
    request = ComparisonRequest(on=on, only=tuple(only), evidence=given, case=tuple(case), **rest)
    return ChangePage(_known.get(request) or compare_policies(request))


def written_page(request: ComparisonRequest, comparison: PolicyComparison) -> str:
    """The page of a comparison, made from ``notebooks/change.ipynb``."""
    _known[request] = comparison
    parameters = {
        "old": request.old,
        "new": request.new,
        "on": request.on,
        "only": list(request.only),
        "evidence": list(request.evidence.files),
        "without": list(request.evidence.without),
        "complete": list(request.evidence.complete),
        "case": list(request.case),
        "as_of": request.as_of,
        "own": request.own,
        "examples": request.examples,
    }
    return page_from(notebooks_folder() / "change.ipynb", parameters)


class ChangePage:
    """The parts of the page, in the order of the notebook."""

    def __init__(self, comparison: PolicyComparison) -> None:
        self.comparison = comparison
        self.question = comparison.question
        self.verdict = verdict(comparison)
        self.evidence = evidence_sentences(comparison)
        self.as_of = "" if self.question.as_of is None else date_words(self.question.as_of)
        self.changes = [change for change in comparison.text if change.kind != TextChange.SAME]
        self.same = [change.id for change in comparison.text if change.kind == TextChange.SAME]
        self.kinds = list(Kind)

    @property
    def title(self) -> str:
        """The page's title."""
        return f"{self.question.old.name} and {self.question.new.name} – California's System of Support"

    @property
    def affected(self) -> list[tuple[str, list[tuple[Kind, list[Compared]]]]]:
        """By heading, and by kind, what is gained and lost."""
        return [
            (heading, [(kind, self._of(heading, kind)) for kind in Kind if kind != Kind.REASON])
            for heading in self.comparison.counts()
        ]

    def _of(self, heading: str, kind: Kind) -> list[Compared]:
        return [one for one in self.comparison.compared if one.heading == heading and one.kind == kind]

    def some(self, heading: str) -> str:
        """Of which LEAs something under ``heading`` is gained or lost: their names, or their number."""
        return some_names(self.comparison.leas(heading))

    @property
    def groups(self) -> list[tuple[str, list[Compared], list[Example]]]:
        """The rules from which differences come, with the conclusions and the examples."""
        return [(group_heading(rules), compared, examples) for rules, compared, examples in self.comparison.by_rules()]

    @staticmethod
    def diff(change: RuleChange) -> Markup:
        """The change of a rule, with what is deleted and inserted marked."""
        lines = []
        for line in change.diff.split("\n"):
            element = _LINES.get(line[:1])
            lines.append(f"<{element}>{escape(line)}</{element}>" if element else str(escape(line)))
        return Markup("\n".join(lines))

    def heading(self) -> Html:
        """What is compared, and whether it differs."""
        return rendered(_TEMPLATE, "heading", self)

    def text_that_changed(self) -> Html:
        """The rules that changed, as they read before and after."""
        return rendered(_TEMPLATE, "text_that_changed", self)

    def who_is_affected(self) -> Html:
        """What is gained and lost, of which LEA."""
        return rendered(_TEMPLATE, "who_is_affected", self)

    def why(self) -> Html:
        """By the rules from which it comes, an example of each kind with both derivations."""
        return rendered(_TEMPLATE, "why", self)

    def colophon(self) -> Html:
        """The page's footer."""
        return rendered(_TEMPLATE, "colophon", self)
