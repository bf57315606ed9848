"""The record of the facts: what CDE's files say, by LEA and Dashboard year, with the cell of every value."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from pyreport.evidence.model import CountyEvidence, LeaYear, Publication, Published, is_agency

__all__ = ["WITHOUT", "Record"]

_NOT_FIGURES = ("red-list", "local-indicators", "charters")
WITHOUT = ("letters", "figures", "red-list", "local-indicators", "published")
"""Kinds of evidence that a decision can do without; see ``Record.without``."""


@dataclass(frozen=True, slots=True)
class Record:
    """The facts.

    Attributes:
        lea_years: What the status files say, by Dashboard year and CDS code.
        published: What CDE concluded, by Dashboard year and CDS code.
        complete: Codes of the counties of which the user says that the Dashboard files have all rows.
        counties: What the other files say, by the county's code; of a record on disk, read when it is looked up.
        sources: The other files.
    """

    lea_years: Mapping[tuple[int, str], LeaYear]
    counties: Mapping[str, CountyEvidence] = field(default_factory=dict)
    sources: tuple[Publication, ...] = ()
    published: Mapping[tuple[int, str], Published] = field(default_factory=dict)
    complete: frozenset[str] = frozenset()

    @property
    def years(self) -> list[int]:
        """The Dashboard years of which status files or indicators' files are on record, ascending."""
        of_figures = {source.dashboard_year for source in self.sources if source.counties}
        return sorted({year for year, _ in self.lea_years} | of_figures)

    def years_of(self, cds: str) -> list[int]:
        """The Dashboard years in which a status file or an indicator's file has a row of the LEA, ascending.

        A directory holds now or then: the charter schools in it are looked at in every year.
        """
        listed = {year for year, code in self.lea_years if code == cds}
        of_county = self.counties.get(cds[:2], CountyEvidence())
        if any(charter.cds == cds for rows in of_county.charters.values() for charter in rows):
            return self.years
        return sorted(listed | {year for year, _, lea in of_county.reported() if lea.cds == cds})

    def publications(self) -> list[Publication]:
        """The sources of the facts, by Dashboard year and file."""
        lea_years = (
            cell for lea_year in self.lea_years.values() for cell in (lea_year.cds, *lea_year.methods.values())
        )
        published = (cell for conclusions in self.published.values() for cell in conclusions.cells())
        by_key = {source.key: source for source in self.sources}
        for cells in (lea_years, published):
            for cell in cells:
                by_key.setdefault(cell.publication.key, cell.publication)
        return [by_key[key] for key in sorted(by_key)]

    def updated(self, newer: Record) -> Record:
        """Return this record with ``newer`` facts in place of those of the same kind, year and LEA.

        Nothing else falls silent: a newer file's letters replace the letters of the LEA-years it covers, a
        method or conclusion that it does not carry stays as it was, and letters stand beside figures.
        """
        merged = dict(self.lea_years)
        for key, lea_year in newer.lea_years.items():
            older = merged.get(key)
            if older is not None:
                lea_year = replace(
                    lea_year,
                    methods={**older.methods, **lea_year.methods},
                    grades=lea_year.grades or older.grades,
                )
            merged[key] = lea_year
        published = {**self.published}
        for key, conclusions in newer.published.items():
            published[key] = published[key].updated(conclusions) if key in published else conclusions
        if not newer.sources:
            return replace(self, lea_years=merged, published=published)
        return Record(
            merged,
            _Updated(self.counties, newer.counties),
            (*self.sources, *(source for source in newer.sources if source not in self.sources)),
            published,
            self.complete,
        )

    def without(self, kinds: Collection[str]) -> Record:
        """Return this record as if some kinds of evidence (of ``WITHOUT``) were not on it.

        Without ``letters`` the status files still list the LEAs and answer the methods; without ``published`` the
        statuses and flags that CDE concluded are not on record. Directories stay.
        """
        lea_years = self.lea_years
        if "letters" in kinds:
            lea_years = {
                key: replace(lea_year, letters={}, letters_at_hand=False) for key, lea_year in lea_years.items()
            }
        # Files of the local indicator of one priority are a kind each, which begins with the name of all of them.
        left_out = tuple(kinds)
        kept = tuple(
            source
            for source in self.sources
            if not source.kind.startswith(left_out) and ("figures" not in kinds or source.kind.startswith(_NOT_FIGURES))
        )
        of_counties = self.counties if kept == self.sources else _OfSources(self.counties, kept)
        published = {} if "published" in kinds else self.published
        return replace(self, lea_years=lea_years, counties=of_counties, sources=kept, published=published)

    def replaced(self, newer: Record) -> Record:
        """Return this record with the files of ``newer`` wholly in place of those of the same kind and year.

        Of two files of an indicator, one of a single county and one of more that has the county too, the larger
        stays, whichever is newer: what a record holds does not depend on the order in which it was given.
        """
        lea_years = _replaced(self.lea_years, newer.lea_years)
        published = _replaced(self.published, newer.published)
        if not newer.sources:
            return replace(self, lea_years=lea_years, published=published)
        ids = {source.id for source in newer.sources}
        candidates = [*(source for source in self.sources if source.id not in ids), *newer.sources]
        kept = {source for source in candidates if not any(_within(source, other) for other in candidates)}
        by_county = {}
        for code in sorted({*self.counties, *newer.counties}):
            old, new = self.counties.get(code, CountyEvidence()), newer.counties.get(code, CountyEvidence())
            mine = {source for source in self.sources if source in kept and source not in newer.sources}
            both = old.of_publications(mine).joined(new.of_publications(kept & set(newer.sources)))
            if both != CountyEvidence():
                by_county[code] = both
        return Record(lea_years, by_county, tuple(sorted(kept, key=lambda source: source.id)), published)


_Row = TypeVar("_Row")


def _replaced(
    older: Mapping[tuple[int, str], _Row], newer: Mapping[tuple[int, str], _Row]
) -> dict[tuple[int, str], _Row]:
    """``newer`` rows, and ``older`` ones of other years or, in a year, of LEAs that other files are about.

    Status files of school districts and county offices are not those of charter schools.
    """
    covered = {(year, is_agency(cds)) for year, cds in newer}
    kept = {key: row for key, row in older.items() if (key[0], is_agency(key[1])) not in covered}
    return {**kept, **newer}


def _within(publication: Publication, other: Publication) -> bool:
    """Whether ``one`` is the file of a single county, and ``other`` of the same indicator and year has it too."""
    return (
        (publication.kind, publication.dashboard_year) == (other.kind, other.dashboard_year)
        and len(publication.counties) == 1 < len(other.counties)
        and publication.counties[0] in other.counties
    )


class _Updated(Mapping[str, CountyEvidence]):
    """Counties of one record with those of another in their place; put together when they are looked up."""

    def __init__(self, older: Mapping[str, CountyEvidence], newer: Mapping[str, CountyEvidence]) -> None:
        self.older, self.newer = older, newer
        self.made: dict[str, CountyEvidence] = {}

    def __getitem__(self, code: str) -> CountyEvidence:
        if code not in self.newer:
            return self.older[code]
        if code not in self.made:
            self.made[code] = self.older.get(code, CountyEvidence()).updated(self.newer[code])
        return self.made[code]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted({*self.older, *self.newer}))

    def __len__(self) -> int:
        return len({*self.older, *self.newer})


class _OfSources(Mapping[str, CountyEvidence]):
    """The counties of a record with the rows of some sources alone; put together when they are looked up."""

    def __init__(self, counties: Mapping[str, CountyEvidence], sources: Iterable[Publication]) -> None:
        self.counties, self.sources = counties, set(sources)

    def __getitem__(self, code: str) -> CountyEvidence:
        return self.counties[code].of_publications(self.sources)

    def __iter__(self) -> Iterator[str]:
        return iter(self.counties)

    def __len__(self) -> int:
        return len(self.counties)
