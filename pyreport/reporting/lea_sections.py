"""The section of a county's page about one LEA."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pyreport.explanation.sentences import listed_words
from pyreport.explanation.tree import Explainer
from pyreport.explanation.why_not.explainer import WhyNotExplainer
from pyreport.explanation.why_not.outline import nearest, outline
from pyreport.following.situations import FollowingLaw, Topic
from pyreport.reasoning.decision import Decision
from pyreport.reasoning.determinations import Certainty, Determination
from pyreport.reporting.figures_grid import FigureRow, figures_grid
from pyreport.reporting.rendering import capitalized
from pyreport.reporting.trees import Trees
from pyreport.rulebook.syntax import quote
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["NOT_DECIDED", "LeaSection", "LeaSections", "flag_words"]

_STATUS = "status"
_ELIGIBLE = "eligible"
_LCAP_GOALS = "lcap_goal_group"
_INSTANCE = "lowest_performance_instance"
NOT_DECIDED = "–"
"""What a table has in place of an answer to a question that is not asked in a year."""


@dataclass(frozen=True)
class Group:
    """A student group that met the criteria, with its state priorities."""

    words: str
    priorities: tuple[int, ...]


@dataclass(frozen=True)
class PastYear:
    """One Dashboard year of an LEA's history; ``published`` compares the status with the one that CDE printed."""

    row: Determination
    groups: str
    published: str
    flags: Mapping[str, str]

    @property
    def ground(self) -> str:
        """What differentiated assistance rested on, in a word or two."""
        return _ground(self.row)


@dataclass(frozen=True)
class Conclusion:
    """A question and its derivation, as HTML; ``negative`` where it is asked why something does not hold."""

    question: str
    tree: Markup
    negative: bool = False


@dataclass(frozen=True)
class LeaSection:
    """One LEA's section.

    Attributes:
        row: The determination of the page's year.
        anchor: The anchor of the section's heading.
        answer: The LEA in one sentence.
        groups: The student groups that met the criteria.
        figures: The Dashboard's figures.
        instances: The student groups and indicators on the lowest performance level, a sentence each.
        flags: By output of the policy its answer in words.
        history: The determinations on record, the newest first.
        conclusions: The questions with their derivations.
        following: What follows as of the page's date, by topic.
        situation: The number of the situation that describes what comes next, if the page has a date.
        tree: Renders further derivations of this section.
    """

    row: Determination
    anchor: str
    answer: str
    groups: tuple[Group, ...]
    figures: tuple[FigureRow, ...]
    instances: tuple[str, ...]
    flags: Mapping[str, str]
    history: tuple[PastYear, ...]
    conclusions: tuple[Conclusion, ...]
    following: tuple[Topic, ...]
    situation: int | None
    tree: Trees

    @property
    def eligible(self) -> bool:
        """Whether differentiated assistance is certain."""
        return self.row.differentiated_assistance is Certainty.CERTAIN

    @property
    def possible(self) -> bool:
        """Whether a ground that is not on record could still give it."""
        return self.row.differentiated_assistance is Certainty.POSSIBLE

    @property
    def ground(self) -> str:
        """What differentiated assistance rests on, in a word or two."""
        return _ground(self.row)


class LeaSections:
    """Makes the sections of one decision.

    Args:
        decision: The decision.
        explainer: Explains its graph.
    """

    def __init__(self, decision: Decision, explainer: Explainer) -> None:
        self._decision, self._explainer = decision, explainer
        self._rulebook, self._sentences = decision.rulebook, explainer.sentences
        self._why_not = WhyNotExplainer(explainer)
        predicates = self._rulebook.predicates.values()
        self._summaries = sorted((one.summary, one.name) for one in predicates if one.summary is not None)

    def section(
        self, history: Sequence[Determination], tree: Trees, law: FollowingLaw | None, situation: int | None
    ) -> LeaSection:
        """The section of an LEA.

        Args:
            history: Its determinations, ascending by year; the last is that of the page's year.
            tree: Renders its derivations.
            law: What follows as of the page's date, if it has one.
            situation: As in ``LeaSection``.
        """
        row = history[-1]
        lea, year = quote(row.cds), row.dashboard_year
        # In the order of the page: a derivation is rendered where it first stands, and linked after that.
        conclusions = self._conclusions(row, tree)
        following = () if law is None else tuple(law.own(lea, tree.render))
        return LeaSection(
            row=row,
            anchor=f"lea-{row.cds}",
            answer=self._answer(row),
            groups=tuple(
                Group(capitalized(self._sentences.words("Group", group)), priorities)
                for group, priorities in row.groups.items()
            ),
            figures=figures_grid(self._explainer, lea, year),
            instances=tuple(step.sentence for step in self._explainer.about(_INSTANCE, lea, year)),
            flags=self._flags(row),
            history=tuple(
                PastYear(past, self._group_words(past), self._published(past), self._flags(past))
                for past in reversed(history)
            ),
            conclusions=conclusions,
            following=following,
            situation=situation,
            tree=tree,
        )

    def _conclusions(self, row: Determination, tree: Trees) -> tuple[Conclusion, ...]:
        """The outputs of the policy with their derivations and, if it is not eligible for certain, why not."""
        lea, year = quote(row.cds), row.dashboard_year
        conclusions = []
        for output in self._rulebook.outputs().values():
            steps = self._explainer.about(output.name, lea, year)
            if steps:
                answer = row.status if output.name == _STATUS else flag_words(row, output)
                conclusions.append(Conclusion(f"{output.heading}: {answer}", tree.render(steps)))
        if row.differentiated_assistance is not Certainty.CERTAIN:
            why_not = self._why_not.of(self._rulebook.predicates[_ELIGIBLE].atom(lea=lea, year=year))
            line = outline(why_not, self._sentences)
            miss = nearest(why_not)
            words = f"nearest miss: {miss}" if miss else line.sentence
            conclusions.append(Conclusion(f"Why not eligible: {words}", tree.render_why_not(line.below), negative=True))
        return tuple(conclusions)

    def _answer(self, row: Determination) -> str:
        """The LEA in one sentence."""
        lea, year = quote(row.cds), row.dashboard_year
        if row.methods:
            methods = listed_words(self._sentences.words("Method", method) for method in row.methods)
            groups = self._group_words(row)
            met = f"{methods}{f' with {groups}' if groups else ''}"
            if row.differentiated_assistance is Certainty.CERTAIN:
                return f"{row.name} is eligible for differentiated assistance: in {year} it met {met}."
            return f"In {year}, {row.name} met {met}; by that alone it is not eligible for differentiated assistance."
        steps = (step for _, name in self._summaries for step in self._explainer.about(name, lea, year))
        return next(steps).derivations[0].sentence

    def _flags(self, row: Determination) -> dict[str, str]:
        outputs = self._rulebook.outputs().values()
        return {output.name: flag_words(row, output) for output in outputs if output.name != _STATUS}

    def _group_words(self, row: Determination) -> str:
        return listed_words(
            f"{self._sentences.words('Group', group)} (Priorities {listed_words(map(str, priorities))})"
            for group, priorities in row.groups.items()
        )

    def _published(self, row: Determination) -> str:
        status = self._decision.printed.get((row.dashboard_year, row.cds), {}).get(_STATUS)
        if status is None:
            return "not on record"
        return "the same" if status == row.status else f"differs: {status}"


def flag_words(row: Determination, output: Predicate) -> str:
    """What a determination answers to an output of the policy other than the status, in words of a table."""
    if output.name == _LCAP_GOALS:
        goals = [*(g.upper() for g in row.lcap_goal_groups), *(f"{g.upper()}?" for g in row.lcap_goal_open)]
        return " ".join(sorted(goals)) or NOT_DECIDED
    return getattr(row, output.name) or NOT_DECIDED


def _ground(row: Determination) -> str:
    """What differentiated assistance rests on: methods, or what the vocabulary calls another ground."""
    if row.differentiated_assistance is not Certainty.CERTAIN:
        return "none on record" if row.methods_not_on_record else "none"
    return f"Method {', '.join(map(str, row.methods))}" if row.methods else " and ".join(row.rests_on.grounds)
