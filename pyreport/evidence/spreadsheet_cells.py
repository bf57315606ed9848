"""Cells of CSV files as a spreadsheet must find them: text that it would run as a formula has an apostrophe in front.

Names come from files that others wrote. What is read takes the apostrophe away again, so nothing is changed by being
written and read. Plain numbers, negative ones too, stay what they are.
"""

from __future__ import annotations

import re

__all__ = ["as_read", "as_written"]

# The signs with which a formula begins, those of the width of Chinese characters too, and what is skipped before them.
_RUN = re.compile("'*[=+\\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def as_written(value: object) -> object:
    """The value for a cell of a CSV file; what is no text stays as it is."""
    if isinstance(value, str) and _RUN.match(value) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def as_read(cell: str) -> str:
    """The text that was written."""
    return cell[1:] if cell[:1] == "'" and _RUN.match(cell) else cell
