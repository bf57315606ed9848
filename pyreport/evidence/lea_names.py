"""Find an LEA by its name: the newest one on record, in which case and spaces do not matter."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from pyreport.errors import PyreportError
from pyreport.evidence.counties import counties, county_code
from pyreport.evidence.record import Record

__all__ = ["LeaNames", "NotOnRecord", "code_on_record"]

_CODE = re.compile(r"[0-9]+")
_NEAR = 5


class LeaNames:
    """The names of the LEAs of one record; they are gathered when the first name is looked up."""

    def __init__(self, record: Record) -> None:
        self.record = record

    def code(self, text: str) -> str:
        """Return the CDS code of the LEA that ``text`` names: a code, a name, or a name with its county after a comma.

        A code is returned as it is, known or not.

        Raises:
            ValueError: No LEA on record has that name, or several have; the message lists near ones, or them.
        """
        wanted = text.strip()
        if _CODE.fullmatch(wanted):
            return wanted
        codes = self._codes.get(_compared(wanted), [])
        name, _, place = wanted.rpartition(",")
        if not codes and name:
            codes = [cds for cds in self._codes.get(_compared(name), []) if cds[:2] == _county(place)]
        if len(codes) == 1:
            return codes[0]
        if codes:
            raise ValueError(
                f"{wanted!r} is the name of several LEAs: {self._listed(codes)}; "
                "give the code, or the county after a comma"
            )
        near = self._near(wanted)
        hint = f"did you mean {self._listed(near)}?" if near else "give its name in full, or its CDS code of 14 digits"
        raise ValueError(f"no LEA on record has the name {wanted!r}; {hint}")

    @cached_property
    def newest(self) -> dict[str, str]:
        """The CDS codes of all LEAs on record, each with its name in the newest file that has one."""
        newest: dict[str, tuple[int, str]] = {}
        for year, cds, name in self._printed():
            # Where a file has no names, codes stand in their place.
            if name == cds:
                continue
            if cds not in newest or newest[cds][0] < year:
                newest[cds] = year, name
        return {cds: newest[cds][1] for cds in sorted(newest)}

    @cached_property
    def _codes(self) -> dict[str, list[str]]:
        """The codes by what is compared of a name."""
        codes: dict[str, list[str]] = {}
        for cds, name in self.newest.items():
            codes.setdefault(_compared(name), []).append(cds)
        return codes

    def _printed(self) -> Iterator[tuple[int, str, str]]:
        """Every name that is printed, with the year of its file and the code beside it."""
        for (year, cds), lea_year in self.record.lea_years.items():
            yield year, cds, lea_year.name.value
        for evidence in self.record.counties.values():
            for year, _, lea in evidence.reported():
                yield year, lea.cds, lea.name
            for publication, charters in evidence.charters.items():
                for charter in charters:
                    yield publication.dashboard_year, charter.cds, charter.name

    def _near(self, wanted: str) -> list[str]:
        """The codes of LEAs with a name that is near: of which ``wanted`` is a part, then those of similar letters."""
        name = _compared(wanted.partition(",")[0])
        parts = sorted((known for known in self._codes if name in known), key=len) if name else []
        similar = difflib.get_close_matches(name, self._codes, n=_NEAR)
        names = list(dict.fromkeys([*parts[:_NEAR], *similar]))
        return [cds for name in names for cds in self._codes[name]][:_NEAR]

    def _listed(self, codes: Iterable[str]) -> str:
        return ", ".join(f"{self.newest[cds]} ({cds}, {counties()[cds[:2]]} County)" for cds in codes)


class NotOnRecord(PyreportError):
    """There is no such LEA on record, several have the name, or it is not in the files of the year."""


def code_on_record(record: Record, lea: str, year: int | None) -> str:
    """The CDS code of the LEA on record that a user names by its code or its name.

    Args:
        record: The record.
        lea: The code or the name.
        year: The Dashboard year in whose files the LEA has to be; any if ``None``.

    Raises:
        NotOnRecord: There is no such LEA, or several have the name.
    """
    try:
        code = LeaNames(record).code(lea)
    except ValueError as error:
        reason = str(error)
        raise NotOnRecord(f"{reason[:1].upper()}{reason[1:]}.".replace("?.", "?")) from None
    years = record.years_of(code)
    if not years:
        raise NotOnRecord(
            f"{code}: no LEA of that CDS code is on record; expected the 14 digits of a district, a county office "
            "or a charter, or its name."
        )
    if year is not None and year not in years:
        raise NotOnRecord(f"{code} is not in the files of {year}; it is in those of {', '.join(map(str, years))}.")
    return code


def _county(text: str) -> str:
    try:
        return county_code(text)
    except ValueError:
        return ""


def _compared(name: str) -> str:
    return "".join(name.split()).casefold()
