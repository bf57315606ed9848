"""What the page of the state shows, prepared from one checked decision about all LEAs of a Dashboard year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyreport.evidence.counties import counties, county_slug
from pyreport.evidence.model import Publication, is_agency
from pyreport.evidence.record import Record
from pyreport.evidence.scope import Scope
from pyreport.explanation.sentences import date_words
from pyreport.following.support import certainly_out
from pyreport.reasoning.decision import Decision, decide
from pyreport.reasoning.determinations import Determination, YesNoOpen
from pyreport.reasoning.encoded_years import check_year
from pyreport.reporting.export import page_title
from pyreport.reporting.flow_diagram import FlowDiagram, flow_diagram
from pyreport.reporting.lead_areas import LeadTerm, lead_terms
from pyreport.reporting.page_inputs import case_facts_of, record_of, rulebook_asked_for
from pyreport.reporting.page_request import PageRequest
from pyreport.reporting.rendering import Html, rendered
from pyreport.reporting.state_counts import (
    CharterCounts,
    CountyCounts,
    GroundCount,
    GroupCount,
    charter_counts,
    county_counts,
    ground_counts,
    group_counts,
    total_of,
)
from pyreport.reporting.state_map import StateMap, percent, state_map
from pyreport.reporting.status_flows import Change, Statuses, Transition, YearCount, statuses_on_record
from pyreport.rulebook.rule import Reading
from pyreport.rulebook.syntax import Value, unquote
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["ListedLea", "StatewidePage", "statewide_page"]

_TEMPLATE = "statewide.html.j2"
_CHARTER = "charter"


@dataclass(frozen=True)
class ListedLea:
    """An LEA of the list A–Z: its determination, what became of it, and its letter where it is the first with that."""

    row: Determination
    change: Change | None
    letter: str | None

    @property
    def anchor(self) -> str:
        """The anchor of the letter."""
        return f"leas-{'-'.join(f'{ord(character):x}' for character in self.letter or '')}"


class StatewidePage:
    """The parts of the page, in the order of the notebook.

    Args:
        decision: The checked decision about all LEAs of the page's Dashboard year.
        record: The facts, for what CDE printed of earlier Dashboards.
        pages: The names of the pages to link, such as ``27-monterey.html`` or ``lea/27102720000000.html``: of others
            the name alone is shown.
    """

    def __init__(self, decision: Decision, record: Record, pages: Collection[str] = ()) -> None:
        self.decision, self.rulebook = decision, decision.rulebook
        self.year: int = decision.scope.year or decision.years[-1]
        self._record, self._pages = record, frozenset(pages)
        self._all = decision.determinations([self.year])
        self.proof, self.fingerprint = str(decision.verdict), self.rulebook.fingerprint

    @property
    def title(self) -> str:
        """The page's title."""
        return page_title("California", self.year)

    @property
    def reading(self) -> Reading | None:
        """The alternative reading that was followed, if any."""
        return self.rulebook.reading

    @cached_property
    def rows(self) -> list[Determination]:
        """The determinations of school districts and county offices."""
        return [row for row in self._all if row.status and row.kind != _CHARTER]

    @cached_property
    def charter_rows(self) -> list[Determination]:
        """Those of charter schools; one that a directory alone names has no status."""
        return [row for row in self._all if row.kind == _CHARTER]

    @cached_property
    def tests(self) -> list[Predicate]:
        """The tests of several years that are made in the page's year: outputs answered with yes, no or open."""
        return [
            output
            for output in self.rulebook.outputs().values()
            if any(isinstance(getattr(row, output.name, None), YesNoOpen) for row in self.rows)
        ]

    @cached_property
    def statuses(self) -> Statuses:
        """The statuses of all Dashboards on record up to the page's."""
        decided = {row.cds: row.status for row in self.rows}
        return statuses_on_record(self.rulebook, self._record, self.year, decided)

    @property
    def earlier(self) -> int | None:
        """The Dashboard year before the page's; ``None`` where it is not on record."""
        return self.statuses.earlier(self.year)

    @cached_property
    def changes(self) -> dict[str, Change]:
        """What became of each agency since the Dashboard before, by CDS code."""
        return self.statuses.changes(self.year)

    @cached_property
    def counties(self) -> list[CountyCounts]:
        """The counts of all counties."""
        return county_counts(self.rows, self.changes, [test.name for test in self.tests])

    @cached_property
    def total(self) -> CountyCounts:
        """The sums over all counties."""
        return total_of(self.counties, [test.name for test in self.tests])

    @cached_property
    def standings(self) -> list[tuple[str, int]]:
        """The policy's standings that agencies have, in words, each with how many; general assistance left out."""
        names = self.rulebook.names["Standing"]
        mine = {row.cds for row in self.rows if self.statuses.assisted(self.year, row.status)}
        counted = Counter(
            row.standing
            for row in self.decision.graph.rows("standing")
            if row.year == self.year and unquote(row.lea) in mine
        )
        return [(str(words), counted[code]) for code, words in names.items() if counted[code]]

    @property
    def years(self) -> list[YearCount]:
        """The counts of each Dashboard on record."""
        return self.statuses.counts()

    @property
    def methods_by_year(self) -> list[tuple[int, list[int | None]]]:
        """How many agencies CDE printed to have met each method, by year; ``None`` where none is printed."""
        found: dict[int, dict[int, int]] = {}
        for (year, cds), one in self._record.lea_years.items():
            if year <= self.year and is_agency(cds):
                for method, cell in one.methods.items():
                    of_year = found.setdefault(year, {})
                    of_year[method] = of_year.get(method, 0) + (cell.value == "Y")
        return [(year, [of_year.get(number) for number in self.methods]) for year, of_year in sorted(found.items())]

    @property
    def methods(self) -> dict[int, str]:
        """The methods, number to words."""
        return {int(number): str(words) for number, words in self.rulebook.names["Method"].items()}

    @property
    def grounds(self) -> list[GroundCount]:
        """On what agencies are eligible."""
        return ground_counts(self.rows, self.methods)

    @cached_property
    def priorities(self) -> dict[Value, str]:
        """The state priorities that student groups can meet, with their names."""
        names = self.rulebook.names["Priority"]
        numbers = sorted({row.priority for row in self.rulebook.rows("letter_means")})
        return {number: str(names[number]) for number in numbers}

    @property
    def groups(self) -> list[GroupCount]:
        """At how many agencies each student group met the criteria, most first."""
        counted = group_counts(
            self.rows, {str(code): str(words) for code, words in self.rulebook.names["Group"].items()}
        )
        return sorted(counted, key=lambda group: -group.leas)

    @property
    def transitions(self) -> list[Transition]:
        """The flows between statuses, the newest first."""
        return self.statuses.transitions()[::-1]

    @property
    def diagram(self) -> FlowDiagram:
        """The picture of the flows."""
        return flow_diagram(self.statuses)

    @property
    def map(self) -> StateMap:
        """The map of the counties."""
        return state_map({county.code: (county.eligible, county.leas) for county in self.counties})

    @cached_property
    def persistent(self) -> list[Determination]:
        """The agencies that meet any of the tests of several years, by county and name."""
        met = [row for row in self.rows if YesNoOpen.YES in {getattr(row, test.name) for test in self.tests}]
        return sorted(met, key=lambda row: (row.cds[:2], row.name, row.cds))

    def answers(self, test: Predicate) -> dict[str, int]:
        """How often a test came out yes, no and open."""
        counted = Counter(getattr(row, test.name) for row in self.rows)
        return {str(answer): counted[answer] for answer in YesNoOpen}

    @property
    def charters(self) -> list[CharterCounts]:
        """The charter schools of each county that has any on record."""
        return charter_counts(self.charter_rows)

    @property
    def lead_terms(self) -> list[LeadTerm]:
        """The terms of geographic leads that the policy knows."""
        return lead_terms(self.rulebook, certainly_out(self.rulebook, self.year))

    @property
    def out(self) -> str | None:
        """The first day on which the year's Dashboard is out for certain, in words."""
        date = certainly_out(self.rulebook, self.year)
        return None if date is None else date_words(date)

    @cached_property
    def leas(self) -> list[ListedLea]:
        """Every LEA with a status, charter schools too, A–Z."""
        rows = [row for row in self._all if row.status]
        listed, letters = [], set()
        for row in sorted(rows, key=lambda row: (row.name.casefold(), row.cds)):
            letter = row.name[:1].upper()
            listed.append(ListedLea(row, self.changes.get(row.cds), letter if letter not in letters else None))
            letters.add(letter)
        return listed

    @property
    def publications(self) -> list[Publication]:
        """The files that the facts were read from."""
        return self.decision.graph.publications()

    def link(self, page: str) -> str | None:
        """The page's name if it is linked, else ``None``."""
        return page if page in self._pages else None

    def county_link(self, code: str) -> str | None:
        """The page of a county, likewise."""
        return self.link(f"{county_slug(code)}.html")

    def county_name(self, code: str) -> str:
        """The name of a county."""
        return counties()[code]

    def percent(self, part: int, whole: int) -> int:
        """``part`` as a percentage of ``whole``, rounded."""
        return percent(part, whole)

    def percent_words(self, part: int, whole: int) -> str:
        """The same as a table writes it: ``59%``, and ``<1%`` for a little more than none."""
        return "<1%" if 0 < 100 * part < whole else f"{percent(part, whole)}%"

    def heading(self) -> Html:
        """The page's header: the answer."""
        return self._part("heading")

    def county_map(self) -> Html:
        """The map, and the table that says the same."""
        return self._part("county_map")

    def by_year(self) -> Html:
        """The counts of each Dashboard."""
        return self._part("by_year")

    def by_ground(self) -> Html:
        """The counts by method and other ground."""
        return self._part("by_ground")

    def by_group(self) -> Html:
        """The counts by student group and priority."""
        return self._part("by_group")

    def flows(self) -> Html:
        """The flows between statuses."""
        return self._part("flows")

    def persistence(self) -> Html:
        """The tests of several years."""
        return self._part("persistence")

    def charter_schools(self) -> Html:
        """What is decided and open of charter schools."""
        return self._part("charter_schools")

    def lead_areas(self) -> Html:
        """The areas of geographic leads."""
        return self._part("lead_areas")

    def list_of_leas(self) -> Html:
        """Every LEA A–Z."""
        return self._part("list_of_leas")

    def sources(self) -> Html:
        """The law, and the files that the facts were read from."""
        return self._part("sources")

    def colophon(self) -> Html:
        """The page's footer."""
        return self._part("colophon")

    def _part(self, name: str) -> Html:
        return rendered(_TEMPLATE, name, self)


def statewide_page(request: PageRequest = PageRequest(), pages: Sequence[str] = ()) -> StatewidePage:  # noqa: B008
    """Decide the whole state and prepare its page.

    Args:
        request: What the page is asked for; it says nothing as of a date.
        pages: Names of the pages to link.

    Raises:
        YearNotEncoded, PolicyError, EvidenceError, ProofError: As their modules say.
    """
    rulebook, record = rulebook_asked_for(request), record_of(request.evidence)
    year = request.year_on(record)
    check_year(rulebook, year)
    decision = decide(rulebook, record, Scope(year=year), case=case_facts_of(request))
    return StatewidePage(decision, record, pages)
