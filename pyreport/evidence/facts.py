"""From the record to ground facts, each with the cell it was read from."""

from __future__ import annotations

from collections.abc import Collection

from pyreport.evidence.record import Cell, Record
from pyreport.rulebook.syntax import Atom, quote

__all__ = ["Facts", "facts_of"]

Facts = dict[Atom, Cell]
"""Ground facts and their cells, in a settled order."""

_ANSWERS = {"Y": "yes", "N": "no"}


def facts_of(record: Record, *, until: int | None = None, only: Collection[str] | None = None) -> Facts:
    """Return the facts of ``record``, by Dashboard year and CDS code.

    Args:
        record: The record.
        until: Take the Dashboards up to this year alone. A determination rests on no later one.
        only: Take these CDS codes or county codes (two digits) alone.

    What CDE concluded itself (the status, Method 1, the EC 52072 flag) is no fact here: it is what the
    conclusions are compared with.
    """
    facts: Facts = {}
    for (year, cds), one in sorted(record.lea_years.items()):
        if until is not None and year > until:
            continue
        if only is not None and cds not in only and cds[:2] not in only:
            continue
        lea = quote(cds)
        facts["listed", lea, year] = one.cds
        facts["name", lea, year, quote(one.name.value)] = one.name
        facts.setdefault(("code_parts", lea, quote(cds[2:4]), quote(cds[7:])), one.cds)
        for group, letter in one.letters.items():
            facts["published_letter", lea, year, group.lower(), letter.value.lower()] = letter
        for method, answer in one.methods.items():
            # Method 1 is decided from the letters; CDE's own answer is only compared.
            if method != _DECIDED_FROM_LETTERS:
                facts["published_method", lea, year, method, _ANSWERS[answer.value]] = answer
    return facts


_DECIDED_FROM_LETTERS = 1
