"""What CDE concluded by itself, as far as its files print it: compared with what the rules conclude, never used."""

from __future__ import annotations

from collections.abc import Mapping

from pyreport.evidence.model import CONCLUSIONS, Published
from pyreport.evidence.predicates import LISTING, Facts, row
from pyreport.evidence.record import Record
from pyreport.rulebook.syntax import unquote

__all__ = ["Printed", "printed_conclusions"]

Printed = Mapping[tuple[int, str], Mapping[str, str]]
"""By Dashboard year and CDS code: the printed words by what they answer, such as ``status`` or ``method_1``."""


def printed_conclusions(record: Record, facts: Facts) -> Printed:
    """The conclusions that CDE printed of the LEAs and Dashboard years of which ``facts`` speak."""
    printed = {}
    listed_in = [row(atom) for atom in facts if atom[0] in LISTING]
    for key in sorted({(int(lea_year.year), unquote(lea_year.lea)) for lea_year in listed_in}):
        concluded, listed = record.published.get(key, Published()), record.lea_years.get(key)
        cells = {name: getattr(concluded, name) for name in CONCLUSIONS}
        cells |= {f"method_{number}": cell for number, cell in sorted(listed.methods.items())} if listed else {}
        words = {name: cell.value for name, cell in cells.items() if cell is not None}
        if words:
            printed[key] = words
    return printed
