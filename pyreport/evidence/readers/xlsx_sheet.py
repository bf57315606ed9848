"""One sheet of an .xlsx while its part is parsed: how far its cells reach, and which of them have no value."""

from __future__ import annotations

from collections.abc import Sequence

from pyreport.evidence.readers import limits
from pyreport.evidence.readers.limits import Excessive
from pyreport.evidence.readers.sheet_cells import MOST_NO_VALUE, NoValue, column_letter, error_words

__all__ = ["SharedStrings", "SheetScan"]

_MOST_TEXT = 1 << 28
"""Characters in all cells of a sheet; a text that stands in many cells counts in each."""
_LAST_ROW, _LAST_COLUMN = 1 << 20, 1 << 14
_CALCULATED_TEXTS = ("str", "s", "inlineStr")
"""Types of cells whose value, if it is stored, may be empty."""
_NEVER_CALCULATED = (
    "the cell holds a formula whose value is not stored; open the workbook in a spreadsheet and save it, or put the "
    "value in"
)


class SharedStrings:
    """How long each of the texts is that cells share."""

    def __init__(self) -> None:
        self.lengths: list[int] = []

    def start(self, name: str, _: dict[str, str]) -> None:
        """An element begins.

        Raises:
            Excessive: There are more texts than a file of CDE's has.
        """
        if name == "si":
            if len(self.lengths) >= limits.MOST_CELLS:
                raise Excessive(f"the workbook has more than {limits.MOST_CELLS:,} texts; fetch it anew")
            self.lengths.append(0)

    def text(self, text: str) -> None:
        """Text of an element."""
        if self.lengths:
            self.lengths[-1] += len(text)


class SheetScan:
    """Parses a sheet, an element at a time: how far its cells reach, and which have no value."""

    def __init__(self, name: str, lengths: Sequence[int]) -> None:
        self.name = name
        self.no_values: list[NoValue] = []
        self._lengths = lengths
        self._columns: dict[str, int] = {}
        self._row, self._row_text, self._column = 0, "", 0
        self._type = ""
        self._has_formula = self._has_value = self._listens = False
        self._value = ""
        self._characters = 0
        self._first: tuple[int, int] | None = None
        self._last = (0, 0)

    def check(self) -> None:
        """Refuse a sheet that reaches too far.

        Raises:
            Excessive: It has too many cells, those between its first and its last included, or too much text in them.
        """
        if self._first is None:
            return
        rows, columns = (last - first + 1 for first, last in zip(self._first, self._last, strict=True))
        if rows * columns > limits.MOST_CELLS:
            corner = f"{column_letter(self._last[1] - 1)}{self._last[0]}"
            raise Excessive(
                f"the sheet reaches to the cell {corner}, {rows * columns:,} cells in all; expected no "
                f"more than {limits.MOST_CELLS:,}: delete the rows and columns that are none of the table"
            )
        if self._characters > _MOST_TEXT:
            raise Excessive(
                f"the cells of the sheet hold {self._characters:,} characters; expected no more than "
                f"{_MOST_TEXT:,}: fetch the file anew"
            )

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name == "v":
            self._has_value = self._listens = True
        elif name == "c":
            self._finish()
            self._begin(attributes)
        elif name == "row":
            self._finish()
            self._type, self._column = "", 0
            number = int(attributes.get("r", self._row + 1))
            if not self._row < number <= _LAST_ROW:
                raise ValueError(f"row {number} of the sheet “{self.name}” stands behind row {self._row}")
            self._row, self._row_text = number, str(number)
        elif name == "f":
            self._has_formula, self._listens = True, False
        elif name == "is":
            self._has_value, self._listens = True, True
        elif name != "t":
            self._listens = False

    def text(self, text: str) -> None:
        """Text of an element."""
        if self._listens:
            self._value += text

    def end(self) -> None:
        """The sheet ends."""
        self._finish()

    def _begin(self, attributes: dict[str, str]) -> None:
        self._type = attributes.get("t", "n")
        self._listens = False
        place = self._column + 1
        if reference := attributes.get("r"):
            letters = reference.removesuffix(self._row_text)
            place = self._columns.get(letters) or self._columns.setdefault(letters, _column(letters))
            if reference == letters or place <= self._column:
                raise ValueError(f"the cell {reference} of the sheet “{self.name}” is in disorder, in row {self._row}")
        self._column = place

    def _finish(self) -> None:
        """The cell before is read to its end."""
        if self._has_value or self._has_formula:
            if self._type == "e":
                self._without_value(error_words(self._value))
            elif self._has_formula and not (self._value or (self._has_value and self._type in _CALCULATED_TEXTS)):
                self._without_value(_NEVER_CALCULATED)
            self._extend()
            self._has_value = self._has_formula = self._listens = False
            self._value = ""

    def _extend(self) -> None:
        row, column = self._row, self._column
        if self._first is None:
            self._first = row, column
        elif column < self._first[1]:
            self._first = self._first[0], column
        self._last = row, max(column, self._last[1])
        if self._type != "s":
            self._characters += len(self._value)
        elif not (self._value.isdecimal() and int(self._value) < len(self._lengths)):
            raise ValueError(f"the cell {column_letter(column - 1)}{row} of the sheet “{self.name}” has no text")
        else:
            self._characters += self._lengths[int(self._value)]

    def _without_value(self, message: str) -> None:
        if len(self.no_values) < MOST_NO_VALUE:
            self.no_values.append((self._row, self._column, message))


def _column(letters: str) -> int:
    """The number of a column, from 1."""
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
        raise ValueError(f"{letters!r} is no column")
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    if number > _LAST_COLUMN:
        raise ValueError(f"{letters!r} is no column")
    return number
