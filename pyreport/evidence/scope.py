"""What a decision is about: which LEAs and Dashboard years, as of which date, and whose funds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Scope"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """What a decision is about; everything on record if nothing is given.

    Attributes:
        only: Decide these CDS codes or county codes alone. A county's LEAs are those whose codes begin with its own and
            those that case facts locate there. Only rules on funds combine facts of several LEAs, all of one county.
        until: Decide the Dashboards up to this year alone.
        year: Decide for this Dashboard year alone, from the Dashboards that its conclusions rest on (``rests_on`` in
            the policy). Conclusions about earlier years may then lack facts: only this year's are to be reported.
        as_of: Say also what follows for each LEA as of this date, YYYYMMDD.
        funds: Say also what this county office (CDS code) receives in the fiscal year that ends in this calendar year.
    """

    only: Collection[str] | None = None
    until: int | None = None
    year: int | None = None
    as_of: int | None = None
    funds: tuple[str, int] | None = None

    def document(self) -> dict[str, Any]:
        """The scope as plain data."""
        return {
            "only": None if self.only is None else sorted(self.only),
            "until": self.until,
            "year": self.year,
            "as_of": self.as_of,
            "funds": None if self.funds is None else list(self.funds),
        }

    @classmethod
    def of_document(cls, document: Mapping[str, Any]) -> Scope:
        """The scope of which ``document`` is the plain data."""
        return cls(**{**document, "funds": document["funds"] and tuple(document["funds"])})
