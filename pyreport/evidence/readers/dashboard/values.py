"""What the text of a cell means: numbers, levels, and words of a few. Each text is parsed once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pyreport.evidence.readers.dashboard.layouts import dashboard_settings

if TYPE_CHECKING:
    pass

__all__ = ["LEVELS", "NOT_ALLOWED", "YES_NO", "OneOf", "Tenths", "WholeNumbers"]

NOT_ALLOWED = object()


class _Cached(dict[str, object]):
    """Texts and what they mean; a text that means nothing allowed means ``NOT_ALLOWED``."""

    def parse(self, text: str) -> object:
        """Return the meaning of a text without spaces around it; ``NOT_ALLOWED`` if it has none here."""
        raise NotImplementedError

    def __missing__(self, text: str) -> object:
        value = self[text] = self.parse(text.strip())
        return value


def _written_out(text: str) -> str:
    """A whole number times a power of ten, as R writes 100000 (1e+05), in digits.

    A spreadsheet writes E, and decimals that it may have rounded: that is no number here.
    """
    match = re.fullmatch(r"(-?[0-9]+)e\+?([0-9])|(-?[0-9]+)e\+?0([0-9])", text)
    return f"{match[1] or match[3]}{'0' * int(match[2] or match[4])}" if match else text


class Tenths(_Cached):
    """Decimal numbers in tenths, exactly: a second decimal that is not zero is an error, never rounded."""

    def __init__(self, least: float, most: float) -> None:
        super().__init__()
        self.least, self.most = least, most

    def parse(self, text: str) -> object:
        """Return tenths, ``None`` for a blank; ``NOT_ALLOWED`` for another text."""
        if text in dashboard_settings()["words"]["no_number"]:
            return None
        text = _written_out(text)
        match = re.fullmatch(r"(-?)([0-9]{0,7})(?:\.([0-9]?)0*)?", text)
        if match is None or not (match[2] or match[3]):
            return NOT_ALLOWED
        tenths = int(match[2] or "0") * 10 + int(match[3] or "0")
        tenths = -tenths if match[1] else tenths
        return tenths if self.least <= tenths <= self.most else NOT_ALLOWED


class WholeNumbers(_Cached):
    """Numbers of students."""

    def parse(self, text: str) -> object:
        """Return the number, ``None`` for a blank; ``NOT_ALLOWED`` for another text."""
        if text in dashboard_settings()["words"]["no_number"]:
            return None
        text = _written_out(text)
        match = re.fullmatch(r"([0-9]{1,8})(?:\.0*)?", text)
        return int(match[1]) if match else NOT_ALLOWED


class OneOf(_Cached):
    """One of a few words."""

    def __init__(self, allowed: Mapping[str, object]) -> None:
        super().__init__(allowed)
        self.allowed = dict(allowed)

    def parse(self, text: str) -> object:
        """Return what the word means; ``NOT_ALLOWED`` for another text."""
        return self.allowed.get(text, NOT_ALLOWED)


LEVELS = {"": None, "0": None, **{str(level): level for level in range(1, 6)}}
LEVELS |= {f"{text}.0": level for text, level in LEVELS.items() if text}
YES_NO = {"": False, "N": False, "Y": True}
