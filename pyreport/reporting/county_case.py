"""One county decided: what its overview and the pages of its LEAs have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

from pyreport.evidence.counties import counties, county_code, county_slug
from pyreport.evidence.model import Publication
from pyreport.explanation.sentences import date_words, listed_words
from pyreport.explanation.tree import Explainer
from pyreport.explanation.why_not.explainer import WhyNotExplainer
from pyreport.explanation.why_not.outline import nearest
from pyreport.files.fingerprints import fingerprint_of
from pyreport.following.as_of_date import Consequence, FollowingLaw
from pyreport.following.support import certainly_out
from pyreport.hypotheses.color_figures import ColorFigures
from pyreport.hypotheses.figures import ColorRules
from pyreport.proof.packing import Proof, proof_of
from pyreport.reasoning.decision import Decision
from pyreport.reasoning.determinations import Determination
from pyreport.reporting.county_decisions import carried_decision, county_decision
from pyreport.reporting.county_funds import Allowance, allowance
from pyreport.reporting.layout import county_layout
from pyreport.reporting.page_inputs import rulebook_with_changes_of
from pyreport.reporting.page_request import PageRequest
from pyreport.reporting.proof_reference import ProofReference
from pyreport.reporting.rendering import capitalized
from pyreport.rulebook.citing import day_of
from pyreport.rulebook.rows import with_values
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import quote
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["NOT_DECIDED", "CountyCase", "county_case", "flag_words"]

_STATUS = "status"
_DASHBOARD_ROW = "dashboard_row"
_LCAP_GOALS = "lcap_goal_group"
_CRITERIA = "meets_criteria_on_state_priorities"
_KINDS = ("county_office", "district", "charter")
"""The kinds of LEAs in the order of the pages."""
NOT_DECIDED = "–"
"""What a table has in place of an answer to a question that is not asked in a year."""


@lru_cache(maxsize=1)
def county_case(
    county: str,
    request: PageRequest = PageRequest(),  # noqa: B008  (a value that never changes)
    *,
    batch: tuple[str, ...] = (),
    graph: str | None = None,
) -> CountyCase:
    """Decide one county; the last one is kept, for the pages of its LEAs.

    Args:
        county: Name or code.
        request: What the pages are asked for.
        batch: Codes of the counties whose pages are made one after the other in this process: without case facts they
            are derived in one run of the solver.
        graph: Path of the file of a county's proof, to make its pages again from it: nothing is decided, and no
            evidence is read.

    Raises:
        ValueError: There is no such county.
        YearNotEncoded, PolicyError, EvidenceError, ProofError: As their modules say.
    """
    code = county_code(county)
    decision = county_decision(code, request, batch) if graph is None else carried_decision(Path(graph), request)
    return CountyCase(code, decision, lambda: rulebook_with_changes_of(request.reading, request.policy))


class CountyCase:
    """A checked decision about a county up to a Dashboard year.

    Args:
        code: The county's code, two digits.
        decision: The decision.
        changes: Gives the policy with its rules on how a fact may change.
    """

    def __init__(self, code: str, decision: Decision, changes: Callable[[], Rulebook]) -> None:
        self.code, self.decision, self._changes = code, decision, changes
        self.year = decision.scope.until or decision.years[-1]
        self.county = counties()[code]
        self.slug = county_slug(code)
        self.rulebook = decision.rulebook
        self.explainer = Explainer(decision.graph)
        self.sentences = self.explainer.sentences
        as_of = decision.scope.as_of
        self.as_of = None if as_of is None else date_words(as_of)
        self.as_of_day = None if as_of is None else day_of(as_of)
        self.following_law = None if as_of is None else FollowingLaw(self.explainer)

    @cached_property
    def proof(self) -> Proof:
        """Every fact with its cell, every derivation and passage, CDE's printed answers, and the pages' layout."""
        return proof_of({**self.decision.document(), "layout": county_layout()})

    @cached_property
    def proof_reference(self) -> ProofReference:
        """How the pages name that proof."""
        layout = fingerprint_of(county_layout())
        verdict = str(self.decision.verdict)
        return ProofReference(f"{self.slug}.json.gz", self.proof.sha256, verdict, self.rulebook.fingerprint, layout)

    @cached_property
    def figures_year(self) -> int | None:
        """The newest Dashboard year of which figures are on record."""
        return max((row.year for row in self.decision.graph.rows(_DASHBOARD_ROW)), default=None)

    @cached_property
    def color_figures(self) -> dict[str, ColorFigures]:
        """By CDS code, the figures at which the colors of ``figures_year`` would be others; without it, none."""
        if self.figures_year is None:
            return {}
        leas = [row.cds for row in self.rows]
        rules = ColorRules(self._changes())
        return rules.figures_that_change(self.decision.graph.facts, leas, self.figures_year)

    @cached_property
    def why_not(self) -> WhyNotExplainer:
        """Explains what does not hold."""
        return WhyNotExplainer(self.explainer)

    @cached_property
    def history(self) -> dict[str, list[Determination]]:
        """Every determination on record up to the page's year, by CDS code, ascending by year."""
        rows: dict[str, list[Determination]] = {}
        for row in self.decision.determinations():
            rows.setdefault(row.cds, []).append(row)
        return rows

    @property
    def of_the_year(self) -> list[Determination]:
        """The determinations of the page's year, of charter schools that a directory alone names too."""
        return [past for history in self.history.values() for past in history if past.dashboard_year == self.year]

    @cached_property
    def rows(self) -> list[Determination]:
        """The determinations of the page's year: the county office first, then districts, then charters, by name."""
        rows = [past for past in self.of_the_year if past.status]
        return sorted(rows, key=lambda row: (_KINDS.index(row.kind), row.name, row.cds))

    @property
    def outputs(self) -> list[Predicate]:
        """The outputs of the policy beside the status."""
        return [output for output in self.rulebook.outputs().values() if output.name != _STATUS]

    def flags(self, rows: Sequence[Determination]) -> list[Predicate]:
        """The outputs beside the status that are decided of any of some determinations."""
        return [output for output in self.outputs if any(flag_words(row, output) != NOT_DECIDED for row in rows)]

    def before(self, row: Determination) -> Determination | None:
        """The LEA's determination of the Dashboard before, if that has one."""
        earlier = self._previous.get(row.dashboard_year)
        return next((past for past in self.history[row.cds] if past.dashboard_year == earlier), None)

    @cached_property
    def _previous(self) -> dict[int, int]:
        return {row.year: row.earlier for row in self.decision.graph.rows("previous_dashboard")}

    @cached_property
    def publications(self) -> list[Publication]:
        """The files that the facts were read from; what was asked is in none."""
        return [publication for publication in self.decision.graph.publications() if publication.sha256]

    def following(self, row: Determination) -> dict[str, list[Consequence]]:
        """What follows for an LEA as of the pages' date, by topic; nothing where they have no date."""
        return {} if self.following_law is None else self.following_law.of(quote(row.cds))

    def by_mode(self, duties: Iterable[Consequence]) -> list[tuple[str, list[Consequence]]]:
        """As ``FollowingLaw.by_mode``; nothing where the pages have no date."""
        return [] if self.following_law is None else self.following_law.by_mode(duties)

    @cached_property
    def allowance(self) -> Allowance | None:
        """What the county office receives; ``None`` if that was not asked."""
        return allowance(self.explainer)

    @cached_property
    def window(self) -> list[int]:
        """The Dashboards of the three-of-four-years test of the pages' year, ascending."""
        rows = with_values(self.decision.graph.rows("window_52072"), year=self.year)
        return sorted({row.earlier for row in rows})

    def met_in_window(self, cds: str) -> dict[str, list[bool | None]]:
        """By student group that met the criteria in the window: whether on each Dashboard, ``None`` if unknown."""
        by_year = {past.dashboard_year: past.groups for past in self.history[cds]}
        groups = sorted({group for year in self.window for group in by_year.get(year, ())})
        return {
            group: [None if year not in by_year else group in by_year[year] for year in self.window] for group in groups
        }

    def answer(self, row: Determination) -> str:
        """An LEA in one sentence."""
        lea, year = quote(row.cds), row.dashboard_year
        if row.methods:
            methods = listed_words(self.sentences.words("Method", method) for method in row.methods)
            groups = self.group_words(row)
            met = f"{methods}{f' with {groups}' if groups else ''}"
            if row.eligible:
                return f"{row.name} is eligible for differentiated assistance: in {year} it met {met}."
            return f"In {year}, {row.name} met {met}; by that alone it is not eligible for differentiated assistance."
        predicates = self.rulebook.predicates.values()
        summaries = sorted((one.summary, one.name) for one in predicates if one.summary is not None)
        steps = (step for _, name in summaries for step in self.explainer.about(name, lea, year))
        return next(steps).derivations[0].sentence

    def near_misses(self, row: Determination) -> list[str]:
        """Of each student group of an LEA that met a priority and not the criteria: how near it came."""
        lea, year = quote(row.cds), row.dashboard_year
        met = {
            meeting.group
            for meeting in self.decision.graph.rows("meets_state_priority", lea=lea)
            if meeting.year == year and meeting.group not in row.groups
        }
        predicate = self.rulebook.predicates[_CRITERIA]
        misses = (nearest(self.why_not.of(predicate.atom(lea=lea, year=year, group=group))) for group in sorted(met))
        return [miss for miss in misses if miss is not None]

    @property
    def no_near_miss(self) -> str:
        """What is known where there is none."""
        if self.figures_year == self.year:
            return f"By the figures of {self.year}, no other student group met a single priority."
        return (
            f"Not known for {self.year}: CDE's letters name only the student groups that met the criteria, and the "
            "Dashboard's figures are not on record here."
        )

    @property
    def dated(self) -> str:
        """As of which day the pages say what follows, and why that day; empty where they say nothing as of one."""
        if self.as_of is None:
            return ""
        first = certainly_out(self.rulebook, self.year) == self.decision.scope.as_of
        why = f", the first day on which the law takes the {self.year} Dashboard to be out for certain" if first else ""
        return f"What follows from eligibility is stated as of {self.as_of}{why}."

    def group_words(self, row: Determination) -> str:
        """The student groups that met the criteria, each with its priorities, in words."""
        return listed_words(
            f"{self.sentences.words('Group', group)} (Priorities {listed_words(map(str, priorities))})"
            for group, priorities in row.groups.items()
        )

    def group_name(self, group: str) -> str:
        """A student group as a heading has it."""
        return capitalized(self.sentences.words("Group", group))

    def published(self, row: Determination) -> str:
        """The status that CDE printed, compared with that of a determination."""
        status = self.decision.printed.get((row.dashboard_year, row.cds), {}).get(_STATUS)
        if status is None:
            return "not on record"
        return "the same" if status == row.status else f"differs: {status}"


def flag_words(row: Determination, output: Predicate) -> str:
    """What a determination answers to an output of the policy other than the status, in words of a table."""
    if output.name == _LCAP_GOALS:
        goals = [*(g.upper() for g in row.lcap_goal_groups), *(f"{g.upper()}?" for g in row.lcap_goal_open)]
        return " ".join(sorted(goals)) or NOT_DECIDED
    return getattr(row, output.name) or NOT_DECIDED
