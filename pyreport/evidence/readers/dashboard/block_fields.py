"""The cells of many rows of text at once, column by column, on the bytes.

Eight bytes are looked at as one number: so many letters has a word, and so many digits are half of a CDS code.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from pyreport.evidence.counties import counties
from pyreport.evidence.readers.dashboard.values import Tenths

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["CODE_LENGTH", "EIGHT", "LINE_FEED", "TAB", "Fields", "Words", "all_digits", "code_changes", "county_names"]

TAB, LINE_FEED, _ZERO, CODE_LENGTH = 9, 10, 48, 14
EIGHT = 8


def all_digits(eight: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Whether all of eight bytes are digits: 0x30 to 0x39, so that six more does not carry into the upper half."""
    import numpy as np

    upper, zeros = np.uint64(0xF0F0F0F0F0F0F0F0), np.uint64(0x3030303030303030)
    six = np.uint64(0x0606060606060606)
    are_digits: npt.NDArray[np.bool_] = (eight & upper == zeros) & ((eight + six) & upper == zeros)
    return are_digits


@cache
def county_names() -> npt.NDArray[np.uint64]:
    """The names of the counties by their codes, each as two numbers of eight letters."""
    import numpy as np

    return np.array([b"", *(name.encode() for name in counties().values())], "S16").view("<u8").reshape(-1, 2)


def code_changes(codes: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.int64]]:
    """Where another code begins than in the row above, and the codes there."""
    import numpy as np

    places = np.flatnonzero(np.diff(codes, prepend=-1))
    return places, codes[places]


def _number(eight: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The number that eight digits are: neighbours are put together to pairs, pairs to fours, fours to the whole.

    What is no digit in the lower half counts by that half, so that zero bytes in front are zeros.
    """
    import numpy as np

    number = eight & np.uint64(0x0F0F0F0F0F0F0F0F)
    for bits, base, mask in ((8, 10, 0x00FF00FF00FF00FF), (16, 100, 0x0000FFFF0000FFFF), (32, 10000, 0xFFFFFFFF)):
        number = (number * np.uint64(base) + (number >> np.uint64(bits))) & np.uint64(mask)
    return number


class Words:
    """A few words of at most eight letters and what they mean, looked up by the remainder that is each one's own."""

    def __init__(self, allowed: Mapping[str, object]) -> None:
        import numpy as np

        self.blank = allowed.get("")
        packed = {int.from_bytes(word.encode(), "little"): word for word in allowed if len(word) <= EIGHT}
        slots = next(
            size for size in range(len(packed), 1 << 16) if len({word % size for word in packed}) == len(packed)
        )
        self.slots = np.uint64(slots)
        # In a slot that is no word's stands a word of another slot, which nothing that comes to it can equal.
        self.packed = np.full(slots, next(iter(packed)), np.uint64)
        self.meanings = np.empty(slots, object)
        self.meanings[:] = 0
        for number, word in packed.items():
            self.packed[number % slots] = number
            self.meanings[number % slots] = allowed[word]


class Fields:
    """The cells of some rows of a block, column by column.

    A method that is given ``plain`` clears there the rows whose cell it does not understand; their values mean nothing.
    """

    def __init__(
        self,
        eights: npt.NDArray[np.uint64],
        begins: npt.NDArray[np.intp],
        ends: npt.NDArray[np.intp],
        places: Mapping[str, int],
    ) -> None:
        self.eights, self.begins, self.ends, self.places = eights, begins, ends, places
        self.last = len(eights) - 1

    def of(self, rows: npt.NDArray[np.intp]) -> Fields:
        """The cells of some of the rows."""
        return Fields(self.eights, self.begins[rows], self.ends[rows], self.places)

    def _first(self, name: str) -> npt.NDArray[np.intp]:
        place = self.places[name]
        first: npt.NDArray[np.intp] = self.ends[:, place - 1] + 1 if place else self.begins
        return first

    def span(
        self, name: str, rows: npt.NDArray[np.intp] | slice = slice(None)
    ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Where the cells begin, and where the separators behind them stand; nowhere if there is no such column."""
        if name not in self.places:
            return self.begins[rows], self.begins[rows]
        return self._first(name)[rows], self.ends[rows, self.places[name]]

    def eight(self, name: str) -> npt.NDArray[np.uint64]:
        """Eight bytes from the beginning of each cell on, of this cell or of those behind it."""
        return self.eights[self._first(name)]

    def says(self, name: str, text: str, eight: npt.NDArray[np.uint64] | None = None) -> npt.NDArray[np.bool_]:
        """Whether the cells are exactly ``text``, of at most seven letters: those, and the separator behind them."""
        import numpy as np

        separator = "\n" if self.places[name] == self.ends.shape[1] - 1 else "\t"
        wanted = (text + separator).encode()
        mask = np.uint64((1 << (8 * len(wanted))) - 1)
        cells = self.eight(name) if eight is None else eight
        same: npt.NDArray[np.bool_] = cells & mask == np.uint64(int.from_bytes(wanted, "little"))
        return same

    def code_parts(self) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
        """The first eight and the last eight of fourteen letters."""
        import numpy as np

        first = self._first("cds")
        return self.eights[first], self.eights[np.minimum(first + (CODE_LENGTH - EIGHT), self.last)]

    def codes(self) -> npt.NDArray[np.int64]:
        """The CDS codes, of fourteen digits each, as numbers."""
        import numpy as np

        begin, end = self.code_parts()
        both = 8 * (2 * EIGHT - CODE_LENGTH)
        rest = end >> np.uint64(both) << np.uint64(both)
        return (_number(begin) * np.uint64(10 ** (CODE_LENGTH - EIGHT)) + _number(rest)).astype(np.int64)

    def _letters(self, first: npt.NDArray[np.intp], count: npt.NDArray[np.intp]) -> npt.NDArray[np.uint64]:
        """Up to eight bytes from each place, those beyond ``count`` as zeros."""
        import numpy as np

        masks = np.array([(1 << (8 * length)) - 1 for length in range(EIGHT + 1)], np.uint64)
        eights: npt.NDArray[np.uint64] = self.eights[np.minimum(first, self.last)] & masks.take(count, mode="clip")
        return eights

    def are(self, name: str, texts: npt.NDArray[np.uint64], number: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Whether the first sixteen bytes of the cells are the text of that number."""
        first, end = self.span(name)
        length = end - first
        same: npt.NDArray[np.bool_] = self._letters(first, length) == texts[number, 0]
        same &= self._letters(first + EIGHT, length - EIGHT) == texts[number, 1]
        return same

    def word(self, name: str, words: Words, plain: npt.NDArray[np.bool_]) -> npt.NDArray[np.object_]:
        """What the cells mean, which are of at most eight letters each; blank where there is no such column."""
        import numpy as np

        if name not in self.places:
            return np.full(len(plain), words.blank, object)
        first, end = self.span(name)
        length = end - first
        packed = self._letters(first, length)
        slots = (packed % words.slots).astype(np.intp)
        plain &= (words.packed[slots] == packed) & (length <= EIGHT)
        meanings: npt.NDArray[np.object_] = words.meanings[slots]
        return meanings

    def whole(self, name: str, plain: npt.NDArray[np.bool_]) -> npt.NDArray[np.object_]:
        """Whole numbers, ``None`` where the cell is blank or there is no such column."""
        import numpy as np

        if name not in self.places:
            return np.full(len(plain), None, object)
        first, end = self.span(name)
        values = self._digits(first, end - first, plain)
        cells = values.astype(object)
        cells[first == end] = None
        return cells

    def tenths(self, name: str, plain: npt.NDArray[np.bool_], within: Tenths) -> npt.NDArray[np.object_]:
        """Numbers with one decimal or none, in tenths; ``None`` where the cell is blank or there is no such column."""
        import numpy as np

        if name not in self.places:
            return np.full(len(plain), None, object)
        first, end = self.span(name)
        blank = first == end
        negative = ~blank & (self._letters(first, np.minimum(end - first, 1)) == ord("-"))
        start = first + negative
        two = np.uint64(0xFFFF)
        ending = self.eights[end - 2] & two
        has_point = (end - start >= 2) & (ending & np.uint64(0xFF) == ord("."))
        count = end - start - 2 * has_point
        decimal = np.where(has_point, (ending >> np.uint64(8)).astype(np.int64) - _ZERO, 0)
        plain &= (blank | (count > 0)) & (decimal >= 0) & (decimal <= 9)
        values = self._digits(start, count, plain) * 10 + decimal
        values = np.where(negative, -values, values)
        plain &= (values >= within.least) & (values <= within.most)
        cells = values.astype(object)
        cells[blank] = None
        return cells

    def _digits(
        self, first: npt.NDArray[np.intp], count: npt.NDArray[np.intp], plain: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.int64]:
        import numpy as np

        values = np.zeros(len(first), np.int64)
        plain &= count <= _DIGITS
        letters = self._letters(first, count)
        for offset in range(min(_DIGITS, int(count.max(initial=0)))):
            inside = offset < count
            digit = (letters >> np.uint64(8 * offset) & np.uint64(0xFF)).astype(np.int64) - _ZERO
            plain &= ~inside | ((digit >= 0) & (digit <= 9))
            values = np.where(inside, values * 10 + digit, values)
        return values


_DIGITS = 7
"""The longest number that is read at once; a longer one is looked at alone."""
