"""Duties under their headings: by the word of the duty, those of the law before those of guidance alone."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from pyreport.following.as_of_date import Consequence
from pyreport.reporting.county_case import CountyCase
from pyreport.reporting.proof_list import citations_on, law_links
from pyreport.rulebook.authorities import LAW

__all__ = ["BY_GUIDANCE", "under_headings"]

BY_GUIDANCE = "by guidance, not by statute or regulation"
"""The last heading."""


def under_headings(
    case: CountyCase, duties: Iterable[Consequence], law: str
) -> list[tuple[str, list[tuple[Consequence, Markup]]]]:
    """The duties, each with its law, by heading, such as "shall", in the order of the policy's names; none is empty.

    Those that no statute or regulation in force on the pages' date states stand under ``BY_GUIDANCE``, whatever their
    word: their sentences have it. ``law`` is the address of the page of the law.
    """
    headings: dict[str, list[tuple[Consequence, Markup]]] = {}
    by_guidance: list[tuple[Consequence, Markup]] = []
    for mode, of_mode in case.by_mode(duties):
        for duty in of_mode:
            cited = citations_on(duty.step, case.as_of_day)
            is_law = any(citation.authority.rank in LAW for citation, _ in cited)
            under = headings.setdefault(mode, []) if is_law else by_guidance
            under.append((duty, law_links(cited, law)))
    return [*headings.items(), *([(BY_GUIDANCE, by_guidance)] if by_guidance else [])]
