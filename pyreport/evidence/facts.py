"""From the record to ground facts, each with the cell it was read from."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from pyreport.evidence.counties import counties
from pyreport.evidence.county_facts import CountyFacts, add_code_parts
from pyreport.evidence.model import Cell
from pyreport.evidence.predicates import Facts, fact
from pyreport.evidence.record import Record
from pyreport.evidence.status_layouts import compared_methods
from pyreport.rulebook.syntax import quote

__all__ = ["facts_of"]

_ANSWERS = {"Y": "yes", "N": "no"}
_ADULT = 13
_GRADES = {"P": -1, "K": 0, "Adult": _ADULT, "PostSecondary": _ADULT}
"""Grades that are no numbers: preschool, kindergarten, and what comes after grade 12."""


def facts_of(record: Record, *, until: int | None = None, only: Collection[str] | None = None) -> Facts:
    """Return the facts of ``record``: those of the status files, then those of the others, county by county.

    Args:
        record: The record.
        until: Take the Dashboards up to this year alone. A determination rests on no later one.
        only: Take these CDS codes or county codes (two digits) alone. Other counties are not even read.

    What CDE concluded itself (statuses, the flags of EC 52072 and 52071(f)) are facts that settle what is open and
    overrule nothing. The answer to a method that the letters decide is none (``compared_methods``).
    """
    facts: Facts = {}
    listed: dict[str, dict[int, Cell]] = {}
    # The status file of each Dashboard and county, as the publication and column of one of its rows.
    status_files: dict[str, dict[int, Cell]] = {}
    for (year, cds), lea_year in sorted(record.lea_years.items()):
        if until is not None and year > until:
            continue
        status_files.setdefault(cds[:2], {}).setdefault(year, lea_year.cds)
        if only is not None and cds not in only and cds[:2] not in only:
            continue
        lea = quote(cds)
        listed.setdefault(cds, {})[year] = lea_year.cds
        facts[fact("listed", lea=lea, year=year)] = lea_year.cds
        facts[fact("name", lea=lea, year=year, name=quote(lea_year.name.value))] = lea_year.name
        add_code_parts(facts, lea_year.cds)
        if lea_year.grades is not None and (span := _span(lea_year.grades.value)) is not None:
            facts[fact("grades_offered", lea=lea, year=year, first=span[0], last=span[1])] = lea_year.grades
        if lea_year.letters_at_hand:
            facts[fact("letters_at_hand", lea=lea, year=year)] = lea_year.cds
        for group, letter in lea_year.letters.items():
            facts[fact("published_letter", lea=lea, year=year, group=group.lower(), letter=letter.value.lower())] = (
                letter
            )
        for method, answer in lea_year.methods.items():
            if method not in compared_methods():
                facts[fact("published_method", lea=lea, year=year, method=method, answer=_ANSWERS[answer.value])] = (
                    answer
                )
    _add_published(facts, record, listed)
    wanted = None if only is None else {code[:2] for code in only}
    codes = {cds[:2] for cds in listed} | set(record.counties) if wanted is None else wanted
    # A status file of the whole state says of an LEA that it leaves out that it is not there; a part of one does not.
    whole = {year for year, places in _by_year(status_files).items() if places == set(counties())}
    for code in sorted(codes):
        county = CountyFacts(record, code, until, only, listed)
        county.add_to(facts)
        of_county = status_files.get(code, {})
        complete = of_county if county.vouched_for else {year: of_county[year] for year in of_county if year in whole}
        county.add_not_listed(facts, listed, complete)
    return facts


def _by_year(status_files: Mapping[str, Mapping[int, Cell]]) -> dict[int, set[str]]:
    """The counties of which each year's status file has rows."""
    codes_by_year: dict[int, set[str]] = {}
    for code, years in status_files.items():
        for year in years:
            codes_by_year.setdefault(year, set()).add(code)
    return codes_by_year


def _add_published(facts: Facts, record: Record, listed: Mapping[str, Mapping[int, Cell]]) -> None:
    """What CDE concluded of the LEAs that are ``listed``."""
    for cds, years in listed.items():
        for year in years:
            published = record.published.get((year, cds))
            if published is None:
                continue
            lea = quote(cds)
            if published.status is not None:
                facts[fact("published_status", lea=lea, year=year, words=quote(published.status.value))] = (
                    published.status
                )
            for predicate, cell in (("published_52072", published.ec_52072), ("published_52071f", published.ec_52071f)):
                if cell is not None:
                    facts[fact(predicate, lea=lea, year=year, answer=_ANSWERS[cell.value])] = cell


def _span(grades: str) -> tuple[int, int] | None:
    """The first and the last grade of a span such as ``K-8`` or ``P-Adult``, as numbers; ``None`` if it is none."""
    match = re.fullmatch(r"(P|K|[0-9]{1,2})-(K|[0-9]{1,2}|Adult|PostSecondary)", "".join(grades.split()))
    return (_grade(match[1]), _grade(match[2])) if match else None


def _grade(word: str) -> int:
    return _GRADES[word] if word in _GRADES else min(int(word), _ADULT)
