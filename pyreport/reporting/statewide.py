"""What the statewide index shows: the counties with their counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pyreport.evidence.counties import counties, county_slug
from pyreport.evidence.model import Publication
from pyreport.reasoning.decision import decide
from pyreport.reasoning.determinations import Answer, Certainty, Determination
from pyreport.reasoning.encoded_years import check_year
from pyreport.reporting.page_request import PageRequest, case_facts_of, record_of
from pyreport.reporting.rendering import Html, rendered
from pyreport.rulebook.rule import Reading

__all__ = ["StatewidePage", "statewide_page"]

_TEMPLATE = "statewide.html.j2"


@dataclass(frozen=True)
class CountyCounts:
    """One county's row.

    Attributes:
        county: The county's name.
        page: The name of its page's file.
        linked: Whether the row links that page.
        leas: How many local educational agencies were decided.
        eligible: How many of them are eligible for differentiated assistance.
        possible: For how many it is possible on a ground that is not on record.
        groups: How many student groups met the criteria.
        persistent: How many local educational agencies meet the three-of-four-years test.
    """

    county: str
    page: str
    linked: bool
    leas: int
    eligible: int
    possible: int
    groups: int
    persistent: int


@dataclass(frozen=True)
class StatewidePage:
    """The parts of the index."""

    year: int
    counties: Sequence[CountyCounts]
    statuses: Sequence[tuple[str, int]]
    publications: Sequence[Publication]
    reading: Reading | None
    proof: str
    fingerprint: str

    @property
    def title(self) -> str:
        """The page's title."""
        return f"California – {self.year} Dashboard – System of Support"

    @property
    def total(self) -> CountyCounts:
        """The sums over all counties."""
        counted = ("leas", "eligible", "possible", "groups", "persistent")
        sums = {name: sum(getattr(row, name) for row in self.counties) for name in counted}
        return CountyCounts(county="California", page="", linked=False, **sums)

    def heading(self) -> Html:
        """The page's header."""
        return self._part("heading")

    def table(self) -> Html:
        """The table of counties."""
        return self._part("table")

    def status_table(self) -> Html:
        """How often each status occurs."""
        return self._part("status_table")

    def sources(self) -> Html:
        """The files that the facts were read from."""
        return rendered("county.html.j2", "sources", self)

    def colophon(self) -> Html:
        """The page's footer."""
        return self._part("colophon")

    def _part(self, name: str) -> Html:
        return rendered(_TEMPLATE, name, self)


def statewide_page(request: PageRequest = PageRequest(), pages: Sequence[str] = ()) -> StatewidePage:  # noqa: B008
    """Decide the whole state and prepare the index.

    Args:
        request: What the index is asked for; it says nothing as of a date.
        pages: Names of the county pages to link.

    Raises:
        YearNotEncoded, PolicyError, EvidenceError, ProofError: As their modules say.
    """
    rulebook, record = request.rulebook, record_of(request.evidence)
    year = request.year_on(record)
    check_year(rulebook, year)
    decision = decide(rulebook, record, year=year, case=case_facts_of(request))
    # Nothing is decided about charter schools that a directory alone names: they have no status.
    rows = [row for row in decision.determinations([year]) if row.status]
    by_county: dict[str, list[Determination]] = {code: [] for code in counties()}
    for row in rows:
        by_county[row.cds[:2]].append(row)
    return StatewidePage(
        year=year,
        counties=[_counts(code, of_county, pages) for code, of_county in by_county.items()],
        statuses=sorted(Counter(row.status for row in rows).items()),
        publications=decision.graph.publications(),
        reading=rulebook.reading,
        proof=str(decision.verdict),
        fingerprint=rulebook.fingerprint,
    )


def _counts(code: str, rows: Sequence[Determination], pages: Sequence[str]) -> CountyCounts:
    page = f"{county_slug(code)}.html"
    return CountyCounts(
        county=counties()[code],
        page=page,
        linked=page in pages,
        leas=len(rows),
        eligible=sum(row.differentiated_assistance is Certainty.CERTAIN for row in rows),
        possible=sum(row.differentiated_assistance is Certainty.POSSIBLE for row in rows),
        groups=sum(len(row.groups) for row in rows),
        persistent=sum(row.persistent_52072 is Answer.YES for row in rows),
    )
