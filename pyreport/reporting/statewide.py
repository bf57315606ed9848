"""What the statewide index shows: the 58 counties with their counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyreport.evidence.counties import counties, county_slug
from pyreport.evidence.model import Publication
from pyreport.evidence.readers.given import Given
from pyreport.reasoning.decision import decide
from pyreport.reasoning.determinations import Determination, check_year
from pyreport.reporting.county import Html, case_of, record_of, rulebook_of, templates
from pyreport.rulebook.rule import Reading

__all__ = ["StatewidePage", "statewide_page"]


@dataclass(frozen=True)
class CountyCounts:
    """One county's row. ``page`` is the name of its page's file; it is linked where ``linked``."""

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
        one = self.counties
        return CountyCounts(
            "California",
            "",
            False,
            sum(row.leas for row in one),
            sum(row.eligible for row in one),
            sum(row.possible for row in one),
            sum(row.groups for row in one),
            sum(row.persistent for row in one),
        )

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
        return Html(str(templates().get_template("county.html.j2").module.sources(self)))  # type: ignore[attr-defined]

    def colophon(self) -> Html:
        """The page's footer."""
        return self._part("colophon")

    def _part(self, name: str) -> Html:
        return Html(str(getattr(templates().get_template("statewide.html.j2").module, name)(self)))


def statewide_page(
    year: int | None = None,
    pages: Sequence[str] = (),
    *,
    evidence: Sequence[str] = (),
    without: Sequence[str] = (),
    complete: Sequence[str] = (),
    case: Sequence[str] = (),
    reading: str | None = None,
) -> StatewidePage:
    """Decide the whole state and prepare the index.

    Args:
        year: Dashboard year; the newest on record if ``None``.
        pages: Names of the county pages to link.
        evidence: Paths of further files of CDE's.
        without: Kinds of evidence to decide without, as for ``pyreport decide``.
        complete: Counties (names or codes) whose Dashboard files have all rows, as the user says.
        case: Paths of files of case facts.
        reading: The name of an alternative reading of the law.
    """
    given = Given.of(evidence, without, complete)
    rulebook, record = rulebook_of(reading), record_of(given)
    year = record.years[-1] if year is None else year
    check_year(rulebook, year)
    decision = decide(rulebook, record, year=year, case=case_of(tuple(case), given))
    by_county: dict[str, list[Determination]] = {code: [] for code in counties()}
    statuses: dict[str, int] = {}
    # Of charter schools that a directory alone names nothing is decided.
    for row in (one for one in decision.determinations([year]) if one.status):
        by_county[row.cds[:2]].append(row)
        statuses[row.status] = statuses.get(row.status, 0) + 1
    return StatewidePage(
        year=year,
        counties=[_counts(code, rows, pages) for code, rows in by_county.items()],
        statuses=sorted(statuses.items()),
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
        eligible=sum(row.differentiated_assistance == "certain" for row in rows),
        possible=sum(row.differentiated_assistance == "possible" for row in rows),
        groups=sum(len(row.groups.split()) for row in rows),
        persistent=sum(row.persistent_52072 == "Y" for row in rows),
    )
