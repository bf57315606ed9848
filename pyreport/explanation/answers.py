"""Whole answers about one LEA and Dashboard year: why something holds, and why something does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyreport.explanation.data import as_data, outline_data
from pyreport.explanation.text import SHORT, as_text, outline_text
from pyreport.explanation.tree import Explainer, Step
from pyreport.explanation.why_not.explainer import HoldsError, WhyNotExplainer
from pyreport.explanation.why_not.outline import Line, nearest, outline
from pyreport.explanation.why_not.records import Goal
from pyreport.reasoning.decision import Decision
from pyreport.reasoning.determinations import Determination
from pyreport.rulebook.syntax import quote
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["Explanation", "HoldsError", "WhyNotAnswer"]


@dataclass(frozen=True)
class _Answer:
    """What both kinds have.

    Attributes:
        row: The determination of the LEA and the year.
        about: The predicate asked about.
    """

    row: Determination
    about: Predicate

    def _subject(self) -> str:
        return f"{self.row.name} ({self.row.cds}), {self.row.county} County, {self.row.dashboard_year} Dashboard."

    def _basis(self) -> str:
        return f"{self.row.basis}\n" if self.row.basis else ""

    def _head(self) -> dict[str, Any]:
        row = self.row
        return {
            "cds": row.cds,
            "name": row.name,
            "dashboard_year": row.dashboard_year,
            "about": self.about.name,
            "basis": row.basis,
        }


@dataclass(frozen=True)
class Explanation(_Answer):
    """Why something holds of an LEA in a Dashboard year.

    Attributes:
        steps: The conclusions, each with all of its derivations; none if nothing of the kind holds.
    """

    steps: Sequence[Step]

    @classmethod
    def of(cls, decided: Decision, predicate: Predicate, cds: str, year: int) -> Explanation:
        """Explain what ``decided`` concludes of the LEA with the code ``cds``."""
        steps = Explainer(decided.graph).about(predicate.name, quote(cds), year)
        return cls(decided.determinations([year])[0], predicate, steps)

    @property
    def heading(self) -> str:
        """Who and what the explanation is about, in one line."""
        return f"{self._subject()} {self.about.heading or self.about.name}:"

    @property
    def none(self) -> str:
        """The sentence that stands where nothing of the kind holds."""
        return f"None: no conclusion of this kind holds for {self.row.name} in {self.row.dashboard_year}."

    def text(self, *, everything: bool = True) -> str:
        """The explanation in numbered steps; without ``everything`` as many lines as fit on some screens."""
        body = as_text(self.steps, None if everything else SHORT) if self.steps else f"{self.none}\n"
        return f"{self.heading}\n{self._basis()}\n{body}"

    def data(self) -> dict[str, Any]:
        """The explanation as data for JSON: each step once, by number."""
        return {**self._head(), **as_data(self.steps)}


@dataclass(frozen=True)
class WhyNotAnswer(_Answer):
    """Why something does not hold of an LEA in a Dashboard year.

    Attributes:
        line: The outline: where each rule that could have concluded it ends, the nearest miss first.
        nearest: The nearest miss in a sentence, where something was counted and fell short.
    """

    line: Line
    nearest: str | None

    @classmethod
    def of(
        cls, decided: Decision, predicate: Predicate, goal: Goal, cds: str, year: int, *, everything: bool = False
    ) -> WhyNotAnswer:
        """Explain why ``goal``, an atom of ``predicate`` about the LEA, does not hold; with ``everything`` in full.

        Raises:
            HoldsError: It does hold.
        """
        explainer = Explainer(decided.graph)
        answer = WhyNotExplainer(explainer).of(goal)
        line = outline(answer, explainer.sentences, everything=everything)
        row = next(row for row in decided.determinations([year]) if row.cds == cds)
        return cls(row, predicate, line, nearest(answer))

    @property
    def heading(self) -> str:
        """Who and what the answer is about, in one line."""
        return f"{self._subject()} Why not {self.about.name}:"

    def text(self) -> str:
        """The outline, a line for each reason."""
        nearest_miss = f"Nearest miss: {self.nearest}\n" if self.nearest else ""
        return f"{self.heading}\n{self._basis()}{nearest_miss}\n{outline_text(self.line)}"

    def data(self) -> dict[str, Any]:
        """The outline as data for JSON: nested lines, with the steps and rules they refer to."""
        return {**self._head(), "nearest": self.nearest, **outline_data(self.line)}
