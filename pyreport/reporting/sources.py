"""The page of the sources: every file on record, with its dates and its hash."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pyreport.evidence.counties import counties
from pyreport.evidence.model import Publication
from pyreport.evidence.record import Record
from pyreport.evidence.record_writing import fingerprint
from pyreport.reporting.export import page_title
from pyreport.reporting.page_inputs import record_of
from pyreport.reporting.page_request import PageRequest
from pyreport.reporting.rendering import Html, rendered

__all__ = ["SourcesPage", "sources_page"]

_TEMPLATE = "sources.html.j2"


class SourcesPage:
    """The parts of the page, in the order of the notebook.

    Args:
        record: The facts.
        year: The Dashboard year of the pages beside this one.
        pages: The names of the pages to link.
    """

    def __init__(self, record: Record, year: int, pages: Collection[str] = ()) -> None:
        self.year, self.publications = year, record.publications()
        self.fingerprint = fingerprint(record)
        self._pages = frozenset(pages)

    @property
    def title(self) -> str:
        """The page's title."""
        return page_title("Sources", self.year)

    @property
    def years(self) -> list[int]:
        """The Dashboard years of the files, ascending."""
        return sorted({publication.dashboard_year for publication in self.publications})

    def of_year(self, year: int) -> list[Publication]:
        """The files of a Dashboard year, by kind and name."""
        mine = (publication for publication in self.publications if publication.dashboard_year == year)
        return sorted(mine, key=lambda publication: (publication.kind, publication.file, publication.sha256))

    def extent(self, publication: Publication) -> str:
        """Of which counties a file has rows, in words."""
        if not publication.counties or len(publication.counties) == len(counties()):
            return "statewide"
        rows = "all rows" if publication.complete else "rows"
        return f"{rows} of {', '.join(counties()[code] for code in publication.counties)}"

    def link(self, page: str) -> str | None:
        """The page's name if it is linked, else ``None``."""
        return page if page in self._pages else None

    def heading(self) -> Html:
        """The page's header."""
        return self._part("heading")

    def files(self) -> Html:
        """The files, a table for each Dashboard year."""
        return self._part("files")

    def colophon(self) -> Html:
        """The page's footer."""
        return self._part("colophon")

    def _part(self, name: str) -> Html:
        return rendered(_TEMPLATE, name, self)


def sources_page(request: PageRequest = PageRequest(), pages: Sequence[str] = ()) -> SourcesPage:  # noqa: B008
    """Prepare the page of everything that is on record.

    Args:
        request: What the pages beside it are asked for.
        pages: Names of the pages to link.

    Raises:
        EvidenceError: A table of the record or a file of the evidence cannot be read.
    """
    record = record_of(request.evidence)
    return SourcesPage(record, request.year_on(record), pages)
