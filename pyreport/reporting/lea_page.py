"""What the page of one LEA shows, prepared from the decision of its county. The notebook lays it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup, escape

from pyreport.evidence.counties import counties
from pyreport.explanation.numbered import NumberedSteps
from pyreport.explanation.sentences import listed_words
from pyreport.explanation.text import cell_words
from pyreport.explanation.tree import Step
from pyreport.explanation.why_not.outline import nearest, outline
from pyreport.following.as_of_date import DUTIES, Consequence, Pathway
from pyreport.hypotheses.figures_text import HOW, NEXT, figure_words, next_words, nothing_told, printed_words
from pyreport.hypotheses.what_if import LABEL
from pyreport.reasoning.determinations import Certainty, Determination, YesNoOpen
from pyreport.reporting.county_case import CountyCase, county_case, flag_words
from pyreport.reporting.duty_lists import under_headings
from pyreport.reporting.export import page_title
from pyreport.reporting.figures_grid import FigureRow, figures_grid, indicators_used
from pyreport.reporting.outline_list import outline_list
from pyreport.reporting.page_request import PageRequest
from pyreport.reporting.proof_list import citations_on, proof_list, step_link
from pyreport.reporting.rendering import Html, capitalized, rendered
from pyreport.reporting.standing import mark_of
from pyreport.rulebook.authorities import LAW as RANKS_OF_LAW
from pyreport.rulebook.authorities import Citation
from pyreport.rulebook.syntax import quote
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["LAW", "LeaPage", "lea_page"]

LAW = "../law.html"
"""The page of the law, seen from a page of an LEA."""
_TEMPLATE = "lea.html.j2"
_STATUS = "status"
_ELIGIBLE = "eligible"
_GENERAL_AS_PRINTED = "general_as_printed"
_REGIME, _SUPPORT = "law", "support"
"""The topics of the law on the date and of the levels of support."""
_OPEN, _OWED = "open", "is_owed"
_SEVERAL = 2
"""How often a student group must have met the criteria before it is told what a test of several Dashboards lacks."""
_LEVELS = 2
"""How deep a why-not is opened on the page, but for what is not on record; `pyreport why-not` opens all."""


def lea_page(
    lea: str,
    request: PageRequest = PageRequest(),  # noqa: B008  (a value that never changes)
    *,
    batch: tuple[str, ...] = (),
    graph: str | None = None,
) -> LeaPage:
    """Decide the county of an LEA, if that was not the last one decided, and prepare the LEA's page.

    Args:
        lea: The LEA's CDS code, 14 digits.
        request: This and what follows as for ``county_case``.
        batch: The same.
        graph: The same.

    Raises:
        ValueError: No file of the page's year covers such an LEA.
        YearNotEncoded, PolicyError, EvidenceError, ProofError: As their modules say.
    """
    if lea[:2] not in counties():
        raise ValueError(f"{lea!r} is no CDS code of 14 digits that begins with the code of a county")
    case = county_case(lea[:2], request, batch=batch, graph=graph)
    return LeaPage(case, lea)


@dataclass(frozen=True)
class Group:
    """A student group that met the criteria, with its state priorities."""

    words: str
    priorities: tuple[int, ...]


@dataclass(frozen=True)
class PastYear:
    """One Dashboard year; ``published`` compares the status with the one that CDE printed."""

    row: Determination
    groups: str
    published: str
    mark: str


@dataclass(frozen=True)
class Topic:
    """What holds about one thing: conclusions in short, each with the number of its step."""

    words: str
    lines: tuple[Markup, ...]


@dataclass(frozen=True)
class Duty:
    """What somebody shall, should or may do, and by which law."""

    words: str
    law: Markup


@dataclass(frozen=True)
class ColorRow:
    """One color as printed, and the nearest figures at which it would be better, worse, or next year not Red."""

    group: str
    indicator: str
    printed: str
    better: str
    worse: str
    next_year: str
    bears_on_priorities: bool


class LeaPage:
    """The parts of one LEA's page, in the order of the notebook.

    Args:
        case: The decision of its county.
        cds: Its CDS code.

    Raises:
        ValueError: No file of the year covers it.
    """

    def __init__(self, case: CountyCase, cds: str) -> None:
        history = case.history.get(cds, [])
        if not history or history[-1].dashboard_year != case.year:
            raise ValueError(f"no file of the {case.year} Dashboard that is on record covers {cds}")
        self.case, self.cds = case, cds
        self.row = history[-1]
        self.history = history
        self.lea = quote(cds)
        self.proof = case.proof_reference
        self._number()

    def _number(self) -> None:
        """Number the steps: those of the answers first, so that ``explain`` gives them the same numbers."""
        explainer, year = self.case.explainer, self.row.dashboard_year
        outputs = self.case.rulebook.outputs().values()
        self.numbered = NumberedSteps(step for one in outputs for step in explainer.about(one.name, self.lea, year))
        law = self.case.following_law
        self.following = self.case.following(self.row)
        self.pathways: Sequence[Pathway] = [] if law is None else law.pathways(self.lea)
        # What somebody may or should do is shown with its law; its two steps each would be half of the proof.
        owed = next(iter(self.case.rulebook.names["Mode"]))
        self.numbered.add(
            one.step
            for consequences in self.following.values()
            for one in consequences
            if getattr(one.row, "mode", owed) == owed
        )
        # Where nothing is owed, the pathways stand as for every agency of the kind: `pyreport pathways` proves them.
        if self.eligible:
            self.numbered.add(step for pathway in self.pathways for step in pathway.steps)

    @property
    def title(self) -> str:
        """The page's title."""
        return page_title(self.row.name, self.row.dashboard_year)

    @property
    def eligible(self) -> bool:
        """Whether differentiated assistance is certain."""
        return self.row.eligible

    @property
    def possible(self) -> bool:
        """Whether a ground that is not on record could still give it."""
        return self.row.differentiated_assistance is Certainty.POSSIBLE

    @property
    def answer(self) -> str:
        """The LEA in one sentence."""
        return self.case.answer(self.row)

    @cached_property
    def statute(self) -> Citation | None:
        """The passage of a statute on which the answer rests: of those that its derivation cites, the first."""
        about = self._steps_about(_ELIGIBLE) if self.eligible else self._status_steps
        cited = about.citations()
        return next((one for one in cited if one.authority.rank in RANKS_OF_LAW), None)

    @cached_property
    def _status_steps(self) -> NumberedSteps:
        """The steps of the status alone."""
        return self._steps_about(_STATUS)

    def _steps_about(self, output: str) -> NumberedSteps:
        return NumberedSteps(self.case.explainer.about(output, self.lea, self.row.dashboard_year))

    @property
    def meaning(self) -> Citation | None:
        """How the state describes the level of support that is owed, else the first; ``None`` where that is open."""
        levels = self.following.get(_SUPPORT, ())
        if not levels or any(level.row.how == _OPEN for level in levels):
            return None
        level = next((level for level in levels if level.row.how == _OWED), levels[0])
        return citations_on(level.step, None)[0][0]

    @cached_property
    def dated(self) -> str:
        """As of which day the page says what follows, and how long the law of that day was in force."""
        law = [one.step.headline for one in self.following.get(_REGIME, ())]
        return " ".join([self.case.dated, *law])

    @cached_property
    def since_before(self) -> str:
        """What has changed in the student groups since the Dashboard before; empty where that is not known."""
        before = self.case.before(self.row)
        if before is None or not (before.groups or self.row.groups):
            return ""
        now, then = self.row.groups.keys(), before.groups.keys()
        parts = (("new", now - then), ("again", now & then), ("no longer", then - now))
        told = "; ".join(
            f"{words} {listed_words(self.case.sentences.words('Group', group) for group in sorted(groups))}"
            for words, groups in parts
            if groups
        )
        return (
            f"Student groups that met the criteria: {len(then)} in {before.dashboard_year}, {len(now)} in "
            f"{self.row.dashboard_year} ({told})."
        )

    @property
    def law(self) -> str:
        """The address of the page of the law."""
        return LAW

    @property
    def flags(self) -> list[tuple[Predicate, str, str]]:
        """The other outputs that are decided in the page's year, each with its answer and what it lacks to be yes."""
        outputs = self.case.flags([self.row])
        return [(output, words := flag_words(self.row, output), self._lacks(output, words)) for output in outputs]

    def _lacks(self, output: Predicate, words: str) -> str:
        """What a test of several Dashboards lacks, of an LEA with a student group that met the criteria on several."""
        recurring = any(count >= _SEVERAL for _, _, count in self.persistence)
        if words != YesNoOpen.NO or not recurring:
            return ""
        yes = output.atom(lea=self.lea, year=self.row.dashboard_year, answer=YesNoOpen.YES.value)
        return nearest(self.case.why_not.of(yes)) or ""

    @property
    def groups(self) -> list[Group]:
        """The student groups that met the criteria."""
        return [Group(self.case.group_name(group), numbers) for group, numbers in self.row.groups.items()]

    @cached_property
    def priorities(self) -> dict[int, str]:
        """The priorities that any of the groups met, with their names."""
        numbers = sorted({number for numbers in self.row.groups.values() for number in numbers})
        return {number: self.case.sentences.words("Priority", number) for number in numbers}

    @property
    def topics(self) -> list[Topic]:
        """What follows as of the page's date, but duties."""
        words = self.case.sentences.words
        topics = []
        for name, consequences in self.following.items():
            if name != DUTIES:
                several = len({one.predicate.heading for one in consequences}) > 1
                lines = tuple(self._line(one, with_heading=several) for one in consequences)
                topics.append(Topic(words("Topic", name), lines))
        return topics

    def _line(self, consequence: Consequence, *, with_heading: bool = False) -> Markup:
        heading = f"{consequence.predicate.heading}: " if with_heading and consequence.predicate.heading else ""
        return escape(f"{heading}{consequence.short}") + " " + step_link(self.numbered.number(consequence.step))

    @cached_property
    def duties(self) -> list[tuple[str, list[Duty]]]:
        """What somebody has to do, or may do, by the word of the duty, in the order of the policy's names."""
        return [
            (heading, [Duty(duty.short, law) for duty, law in duties])
            for heading, duties in under_headings(self.case, self.following.get(DUTIES, ()), LAW)
        ]

    @property
    def deadlines(self) -> list[str]:
        """The conclusions as of the page's date that name a day."""
        return [one.short for consequences in self.following.values() for one in consequences if one.names_a_day]

    @cached_property
    def figures(self) -> tuple[FigureRow, ...]:
        """The Dashboard's figures of the year."""
        return figures_grid(self.case.explainer, self.lea, self.row.dashboard_year)

    @cached_property
    def indicators(self) -> list[str]:
        """The names of the indicators that the year's criteria use."""
        words = self.case.sentences.words
        used = indicators_used(self.case.explainer, self.row.dashboard_year)
        return [capitalized(words("Indicator", indicator)) for indicator in used]

    @cached_property
    def color_rows(self) -> list[ColorRow]:
        """For each printed color that counts, the nearest figures at which it would be another."""
        figures, sentences = self.case.color_figures.get(self.cds), self.case.sentences
        if figures is None or nothing_told(figures, sentences) is not None:
            return []
        return [
            ColorRow(
                self.case.group_name(color.group),
                sentences.words("Indicator", color.indicator),
                printed_words(color, sentences),
                "" if color.better is None else figure_words(color, color.better, sentences),
                "" if color.worse is None else figure_words(color, color.worse, sentences),
                "" if color.next_year is None else next_words(color, color.next_year, sentences),
                any(figure.comes or figure.goes for figure in color.figures),
            )
            for color in figures.colors
            if color.follows
        ]

    @property
    def figures_notes(self) -> tuple[str, ...]:
        """What the table of those figures says, and what it does not."""
        return LABEL, HOW, NEXT

    @cached_property
    def past(self) -> list[PastYear]:
        """The Dashboards on record, the newest first."""
        return [
            PastYear(past, self.case.group_words(past), self.case.published(past), mark_of(past).symbol)
            for past in reversed(self.history)
        ]

    @property
    def window(self) -> list[int]:
        """The Dashboards of the three-of-four-years test of the page's year, ascending."""
        return self.case.window

    @cached_property
    def persistence(self) -> list[tuple[str, list[str], int]]:
        """For each group that met the criteria in the window: its name, a word for each year, and the count."""
        words = {None: "not on record", True: "met", False: "not met"}
        rows = [
            (self.case.group_name(group), [words[answer] for answer in met], met.count(True))
            for group, met in self.case.met_in_window(self.cds).items()
        ]
        return sorted(rows, key=lambda row: (-row[2], row[0]))

    @property
    def open_or_settled(self) -> str:
        """What the status was decided without, or how CDE's printed status settles what is not on record."""
        if self.row.basis:
            return self.row.basis
        printed = self.case.decision.graph.rows(_GENERAL_AS_PRINTED, lea=self.lea)
        if any(row.year == self.row.dashboard_year for row in printed):
            return (
                f"That CDE printed “{self.row.status}” settles each method of which nothing else is on record: none "
                "was met."
            )
        return "Nothing that the status rests on is missing."

    @cached_property
    def near_misses(self) -> list[str]:
        """Of each student group that met a priority and not the criteria: how near it came."""
        return self.case.near_misses(self.row)

    @cached_property
    def reasons(self) -> list[tuple[Step, int | None, list[str]]]:
        """The conclusions that rest on cells of CDE's files directly: each with its number and those cells."""
        reasons = []
        for step in self._status_steps.steps:
            cells = dict.fromkeys(
                cell_words(below.cell)
                for derivation in step.derivations
                for below in derivation.premises
                if below.cell is not None and below.cell.publication.sha256
            )
            if cells:
                reasons.append((step, self.numbered.number(step), list(cells)))
        return reasons

    @property
    def files(self) -> list[str]:
        """What the files are in which those cells stand."""
        published = {step.cell.publication for step in self._status_steps.steps if step.cell is not None}
        return sorted(f"{one.file}: {one.title}" for one in published if one.sha256)

    @cached_property
    def why_not(self) -> tuple[str, Markup] | None:
        """Why it is not eligible: the nearest miss, and where each rule ends; ``None`` where it is."""
        if self.eligible:
            return None
        year = self.row.dashboard_year
        answer = self.case.why_not.of(self.case.rulebook.predicates[_ELIGIBLE].atom(lea=self.lea, year=year))
        line = outline(answer, self.case.sentences)
        return nearest(answer) or line.sentence, outline_list(line.below, LAW, _LEVELS)

    def _part(self, name: str) -> Html:
        return rendered(_TEMPLATE, name, self)

    def heading(self) -> Html:
        """The answer, and the sentence of the law on which it rests."""
        return self._part("heading")

    def priorities_met(self) -> Html:
        """The student groups and priorities."""
        return self._part("priorities_met")

    def what_follows(self) -> Html:
        """Until when, from whom, and what else holds as of the page's date."""
        return self._part("what_follows")

    def who_must_do_what(self) -> Html:
        """The deadlines and duties."""
        return self._part("who_must_do_what")

    def dashboard_figures(self) -> Html:
        """The grid of groups and indicators."""
        return self._part("dashboard_figures")

    def over_the_years(self) -> Html:
        """The timeline and the test over several Dashboards."""
        return self._part("over_the_years")

    def what_would_change_it(self) -> Html:
        """The groups that came near the criteria, and the figures at which colors would be others."""
        return self._part("what_would_change_it")

    def ways_to_ccee(self) -> Html:
        """The pathways to CCEE's direct technical assistance."""
        return self._part("ways_to_ccee")

    def why(self) -> Html:
        """From the answer to the cells of CDE's files, and why not."""
        return self._part("why")

    def open_and_agreed(self) -> Html:
        """What is not on record, and how the determinations compare with those that CDE printed."""
        return self._part("open_and_agreed")

    def steps(self) -> Html:
        """The numbered steps of the proof."""
        return Html(proof_list(self.numbered, LAW))

    def colophon(self) -> Html:
        """The page's footer."""
        return self._part("colophon")
