"""What workbooks of every kind give: the rows of their sheets as text, and the cells that have no value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["MOST_NO_VALUE", "NoValue", "Workbook", "cell_text", "column_letter", "error_words"]

MOST_NO_VALUE = 10_000
"""Up to so many cells without a value are listed of a sheet."""

NoValue = tuple[int, int, str]
"""A cell without a value: its row and column, from 1, and what stands there."""


class Workbook:
    """A workbook.

    Attributes:
        names: The names of the sheets.
    """

    names: list[str]

    def no_values(self, name: str) -> Sequence[NoValue]:
        """The cells of a sheet that hold an error or a formula that was never calculated."""
        raise NotImplementedError

    def rows(self, name: str) -> Iterator[list[str]]:
        """Every row of a sheet from its first on, its cells as text: whole numbers without decimals, blanks empty.

        Raises:
            Excessive: The sheet holds more than a file of CDE's.
        """
        raise NotImplementedError


def column_letter(position: int) -> str:
    """The spreadsheet letters of a column position counted from 0: A … Z, AA and so on."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_text(cell: Any) -> str:
    """The value of a cell as text: whole numbers without decimals."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def error_words(text: str) -> str:
    """What to say of a cell that holds an error, such as ``#N/A``."""
    return f"the cell holds the error {text or 'of a formula'} and no value; mend the formula, or put the value in"
