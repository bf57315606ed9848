"""Open a workbook, .xlsx or .xls, by how its content begins."""

from __future__ import annotations

from pyreport.evidence.readers.sheet_cells import Workbook
from pyreport.evidence.readers.xls import XlsWorkbook
from pyreport.evidence.readers.xlsx import XlsxWorkbook

__all__ = ["OLE", "ZIP", "open_workbook"]

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_workbook(content: bytes) -> Workbook:
    """Open a workbook.

    Raises:
        Excessive: It holds more than a file of CDE's, or what none of them holds.
        Exception: It is damaged; each library has errors of its own for that.
    """
    return XlsxWorkbook(content) if content.startswith(ZIP) else XlsWorkbook(content)
