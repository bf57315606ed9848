"""What the overview of one county shows, prepared from its decision. The notebook lays it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from markupsafe import Markup

from pyreport.comparison.statement import reconciliation_sentences
from pyreport.explanation.sentences import listed_words
from pyreport.following.as_of_date import DUTIES
from pyreport.reasoning.determinations import Determination, YesNoOpen
from pyreport.reporting.bar_chart import bar_chart
from pyreport.reporting.county_case import CountyCase, county_case, flag_words
from pyreport.reporting.county_funds import Allowance, why_no_allowance
from pyreport.reporting.duty_lists import under_headings
from pyreport.reporting.export import page_title
from pyreport.reporting.page_request import PageRequest
from pyreport.reporting.rendering import Html, rendered
from pyreport.reporting.standing import MARKS, Mark, Standing, is_new, mark_of, standing_of
from pyreport.rulebook.syntax import quote
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["CountyPage", "county_page"]

_TEMPLATE = "county.html.j2"
_LAW = "law.html"
_SHOWN = 2
"""How often a student group must have met the criteria in the window to be listed."""
_CHARTER = "charter"
_PROVIDER, _EARLIEST_END, _RECURS = "provider", "earliest_end", "recurs"


def county_page(
    county: str,
    request: PageRequest = PageRequest(),  # noqa: B008  (a value that never changes)
    *,
    batch: Sequence[str] = (),
    graph: str | None = None,
) -> CountyPage:
    """Decide one county and prepare its overview; the arguments are those of ``county_case``.

    Raises:
        ValueError: There is no such county.
        YearNotEncoded, PolicyError, EvidenceError, ProofError: As their modules say.
    """
    return CountyPage(county_case(county, request, batch=tuple(batch), graph=graph))


@dataclass(frozen=True)
class LeaLine:
    """One LEA in the list: its determination, the marks of its years, its groups, and until when.

    ``provider`` says who provides where that is not what holds for most of the county.
    """

    row: Determination
    marks: tuple[Mark, ...]
    groups: str
    until: str
    provider: str
    flags: tuple[str, ...]


@dataclass(frozen=True)
class Duty:
    """What somebody has to do: for whom of the county, and by which law."""

    words: str
    leas: tuple[Determination, ...]
    law: Markup


@dataclass(frozen=True)
class Persistence:
    """One student group of one LEA on the Dashboards of the window: a word for each, and how often it met.

    ``in_a_row`` is on how many Dashboards without a break, up to the newest.
    """

    row: Determination
    group: str
    words: tuple[str, ...]
    count: int
    in_a_row: int
    recurs: bool


class CountyPage:
    """The parts of one county's overview, in the order of the notebook."""

    def __init__(self, case: CountyCase) -> None:
        self.case = case
        self.year, self.county, self.as_of = case.year, case.county, case.as_of
        self.rows = case.rows
        self.proof = case.proof_reference

    @property
    def title(self) -> str:
        """The page's title."""
        return page_title(f"{self.county} County", self.year)

    @cached_property
    def only_in_directory(self) -> list[str]:
        """The names of the charter schools that a directory alone names: nothing on record decides about them."""
        return sorted(row.name for row in self.case.of_the_year if not row.status)

    @cached_property
    def by_standing(self) -> dict[Standing, list[Determination]]:
        """The LEAs by how they stand compared with the Dashboard before."""
        standings: dict[Standing, list[Determination]] = {standing: [] for standing in Standing}
        for row in self.rows:
            standings[standing_of(row, self.case.before(row))].append(row)
        return standings

    @property
    def eligible(self) -> list[Determination]:
        """The LEAs that are eligible for certain."""
        return [row for row in self.rows if row.eligible]

    @property
    def new(self) -> list[Determination]:
        """The LEAs that are eligible and were not on the Dashboard before."""
        return [row for row in self.rows if is_new(row, self.case.before(row))]

    @cached_property
    def near_misses(self) -> list[tuple[Determination, list[str]]]:
        """The LEAs with a student group that met a priority and not the criteria, each with how near it came."""
        told = [(row, self.case.near_misses(row)) for row in self.rows]
        return [(row, sentences) for row, sentences in told if sentences]

    @cached_property
    def message(self) -> list[str]:
        """The county in three sentences: how many are eligible and why, who is new and who left, who persists."""
        count, eligible = len(self.rows), self.eligible
        if not count:
            return [f"CDE's status file of {self.year} lists no local educational agency of {self.county} County."]
        number = str(len(eligible)) if eligible else "None"
        verb = "is" if len(eligible) == 1 else "are"
        standings = self.by_standing
        identified = len(standings[Standing.NEW]) + len(standings[Standing.AGAIN])
        continuing = len(standings[Standing.CONTINUING])
        parts = [f"{identified} identified in {self.year}"] if identified else []
        parts += [f"{continuing} from an earlier identification"] if continuing else []
        printed = len(standings[Standing.PRINTED])
        parts += [f"{printed} as CDE printed it, on a ground that is not on record"] if printed else []
        sentences = [
            f"{number} of {self.county} County's {count} local educational agencies {verb} eligible for differentiated "
            f"assistance on the {self.year} Dashboard{f': {listed_words(parts)}' if parts else ''}."
        ]
        possible = len(standings[Standing.POSSIBLE])
        if possible:
            sentences[0] += f" For {possible} it is possible on a ground that is not on record."
        changes = [
            f"{words}: {', '.join(row.name for row in rows)}."
            for words, rows in (("New", self.new), ("Left", standings[Standing.LEFT]))
            if rows
        ]
        sentences.append(" ".join(changes) or "Nobody is new, and nobody left.")
        for output in self.flags:
            yes = [row.name for row in self.rows if flag_words(row, output) == YesNoOpen.YES]
            if yes:
                sentences.append(f"{output.heading}: {', '.join(yes)}.")
        return sentences

    @cached_property
    def flags(self) -> list[Predicate]:
        """The outputs beside the status that are decided in the page's year."""
        return self.case.flags(self.rows)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """The counts at the top, each with its words."""
        standings = self.by_standing
        return [
            ("eligible", len(self.eligible)),
            ("new", len(self.new)),
            ("no longer eligible", len(standings[Standing.LEFT])),
            ("local educational agencies", len(self.rows)),
        ]

    @cached_property
    def years(self) -> list[int]:
        """The Dashboards on record up to the page's, ascending."""
        return sorted({past.dashboard_year for history in self.case.history.values() for past in history})

    def bars(self, *, alone: bool = False) -> Markup:
        """How many were eligible on each Dashboard, as a picture; ``alone`` for a file of its own."""
        counted = [
            (
                str(year),
                sum(
                    past.dashboard_year == year and past.eligible
                    for history in self.case.history.values()
                    for past in history
                ),
            )
            for year in self.years
        ]
        return bar_chart(
            f"Eligible local educational agencies of {self.county} County by Dashboard", counted, alone=alone
        )

    @property
    def marks(self) -> Sequence[Mark]:
        """The key of the strips."""
        return MARKS

    def lines(self, standing: Standing) -> list[LeaLine]:
        """The LEAs of one standing, charter schools apart."""
        return [self._line(row) for row in self.by_standing[standing] if row.kind != _CHARTER]

    def charters(self) -> list[LeaLine]:
        """The charter schools of which something is on record."""
        return [self._line(row) for row in self.rows if row.kind == _CHARTER]

    @property
    def standings(self) -> list[Standing]:
        """The groups of the list but those that are not eligible."""
        return [one for one in Standing if one is not Standing.NOT_ELIGIBLE]

    @property
    def not_eligible(self) -> Standing:
        """The group that is told compactly."""
        return Standing.NOT_ELIGIBLE

    def _line(self, row: Determination) -> LeaLine:
        by_year = {past.dashboard_year: past for past in self.case.history[row.cds]}
        following = self.case.following(row)
        ends = [one.row for one in following.get("length", ()) if one.predicate.name == _EARLIEST_END]
        provider = self._provider(row)
        return LeaLine(
            row,
            tuple(mark_of(by_year.get(year)) for year in self.years),
            self.case.group_words(row),
            "; ".join(f"{end.until} Dashboard" for end in ends),
            "" if provider == self.usual_provider else provider,
            tuple(flag_words(row, output) for output in self.flags),
        )

    def _provider(self, row: Determination) -> str:
        providers = self.case.following(row).get("provider", ())
        return next((one.short for one in providers if one.predicate.name == _PROVIDER), "")

    @cached_property
    def usual_provider(self) -> str:
        """Who provides for most of the eligible LEAs; empty where nobody does."""
        counted = Counter(filter(None, map(self._provider, self.eligible)))
        return counted.most_common(1)[0][0] if counted else ""

    @property
    def earliest_end(self) -> Predicate:
        """The predicate of the day until which assistance is owed at least."""
        return self.case.rulebook.predicates[_EARLIEST_END]

    @cached_property
    def deadlines(self) -> list[tuple[str, tuple[Determination, ...]]]:
        """The conclusions that name a day, each with the LEAs of which it holds."""
        found: dict[str, list[Determination]] = {}
        for row in self.rows:
            for consequences in self.case.following(row).values():
                for one in consequences:
                    if one.names_a_day:
                        found.setdefault(one.short, []).append(row)
        return [(words, tuple(leas)) for words, leas in found.items()]

    @cached_property
    def duties(self) -> list[tuple[str, list[Duty]]]:
        """What has to be done, or may be, for the county's own LEAs, by the word of the duty."""
        owed = [(row, one) for row in self.rows for one in self.case.following(row).get(DUTIES, ())]
        leas: dict[str, list[Determination]] = {}
        for row, one in owed:
            leas.setdefault(one.short, []).append(row)
        first = {one.short: one for _, one in reversed(owed)}
        return [
            (heading, [Duty(duty.short, tuple(leas[duty.short]), law) for duty, law in duties])
            for heading, duties in under_headings(self.case, (first[short] for short in leas), _LAW)
        ]

    def whom(self, leas: Sequence[Determination]) -> str:
        """The LEAs of a duty in words: their names where they are few."""
        if len(leas) == len(self.rows):
            return "all local educational agencies"
        if {row.cds for row in leas} == {row.cds for row in self.eligible}:
            return f"the {len(leas)} eligible"
        return ", ".join(row.name for row in leas) if len(leas) <= 6 else f"{len(leas)} local educational agencies"

    @cached_property
    def groups(self) -> dict[str, str]:
        """The student groups that met the criteria at any LEA of the county, by code, with their names."""
        codes = sorted({group for row in self.rows for group in row.groups})
        return {code: self.case.group_name(code) for code in codes}

    @property
    def with_groups(self) -> list[Determination]:
        """The LEAs at which a student group met the criteria."""
        return [row for row in self.rows if row.groups]

    @property
    def window(self) -> list[int]:
        """The Dashboards of the test of the page's year, ascending."""
        return self.case.window

    @cached_property
    def persistence(self) -> list[Persistence]:
        """The student groups that met the criteria more than once in the window, the most often first."""
        lines = []
        recurring = {(row.lea, row.group) for row in self.case.decision.graph.rows(_RECURS) if row.year == self.year}
        words = {None: "not on record", True: "met", False: "–"}
        for row in self.rows:
            for group, met in self.case.met_in_window(row.cds).items():
                if met.count(True) >= _SHOWN:
                    recurs = (quote(row.cds), group) in recurring
                    marks = tuple(words[answer] for answer in met)
                    in_a_row = sum(1 for _ in takewhile(bool, reversed(met)))
                    name = self.case.group_name(group)
                    lines.append(Persistence(row, name, marks, met.count(True), in_a_row, recurs))
        return sorted(lines, key=lambda line: (-line.count, -line.in_a_row, line.row.name, line.group))

    @property
    def allowance(self) -> Allowance | None:
        """What the county office receives; ``None`` where ``without_allowance`` says why not."""
        return self.case.allowance

    @property
    def without_allowance(self) -> str:
        """Why nothing is said of what the county office receives."""
        return why_no_allowance(self.case.rulebook, self.county, self.case.decision.scope.as_of)

    @cached_property
    def open_questions(self) -> list[str]:
        """What is not on record, each sentence once, with the number of LEAs that it concerns."""
        counted: dict[str, int] = {}
        for row in self.rows:
            if row.basis:
                counted[row.basis] = counted.get(row.basis, 0) + 1
        sentences = [f"{basis} ({count} of {len(self.rows)} LEAs.)" for basis, count in counted.items()]
        if self.only_in_directory:
            sentences.append(
                f"A directory names {len(self.only_in_directory)} charter schools of which no file of the "
                f"{self.year} Dashboard on record says anything: whether they are eligible is open."
            )
        return sentences

    @cached_property
    def reconciliation(self) -> list[str]:
        """How figures and letters, and determinations and CDE's printed answers, compare; a sentence each."""
        return reconciliation_sentences(self.case.decision, self.county, self.case.sentences)

    def flag(self, row: Determination, output: Predicate) -> str:
        """What a determination answers to an output, in words."""
        return flag_words(row, output)

    def _part(self, name: str) -> Html:
        return rendered(_TEMPLATE, name, self)

    def heading(self) -> Html:
        """The message, the counts and the bars."""
        return self._part("heading")

    def do_by_when(self) -> Html:
        """Who has to do what, and by when."""
        return self._part("do_by_when")

    def all_leas(self) -> Html:
        """All LEAs in their groups."""
        return self._part("all_leas")

    def grid(self) -> Html:
        """LEAs and student groups, with the priorities met."""
        return self._part("grid")

    def one_step_away(self) -> Html:
        """The LEAs whose student groups came near the criteria."""
        return self._part("one_step_away")

    def persistent_groups(self) -> Html:
        """Student groups over several Dashboards."""
        return self._part("persistent_groups")

    def funds(self) -> Html:
        """What the county office receives."""
        return self._part("funds")

    def what_is_open(self) -> Html:
        """The open questions of the county."""
        return self._part("what_is_open")

    def checks(self) -> Html:
        """What figures, letters and CDE's printed answers have in common."""
        return self._part("checks")

    def colophon(self) -> Html:
        """The page's footer."""
        return self._part("colophon")
