"""Duties under their headings: by the word of the duty, those of the law before those of guidance alone."""

from __future__ import annotations

from collections.abc import Iterable

from pyreport.following.as_of_date import Consequence
from pyreport.reporting.county_case import CountyCase
from pyreport.reporting.proof_list import citations_on
from pyreport.rulebook.authorities import LAW

__all__ = ["BY_GUIDANCE", "under_headings"]

BY_GUIDANCE = "by guidance, not by statute or regulation"
"""The last heading."""


def under_headings(case: CountyCase, duties: Iterable[Consequence]) -> list[tuple[str, list[Consequence]]]:
    """The duties by heading, such as "shall", in the order of the policy's names; no heading is empty.

    Those that no statute or regulation in force on the pages' date states stand under ``BY_GUIDANCE``, whatever their
    word: their sentences have it.
    """
    headings: dict[str, list[Consequence]] = {}
    by_guidance: list[Consequence] = []
    for mode, of_mode in case.by_mode(duties):
        for duty in of_mode:
            ranks = {citation.authority.rank for citation, _ in citations_on([duty.step], case.as_of_day)}
            (by_guidance if ranks.isdisjoint(LAW) else headings.setdefault(mode, [])).append(duty)
    return [*headings.items(), *([(BY_GUIDANCE, by_guidance)] if by_guidance else [])]
