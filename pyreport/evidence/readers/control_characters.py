"""Characters that no cell of a file of CDE's holds and that do harm: to a terminal, to clingo, to a reader's eye.

They are the control characters of Unicode (C0, DEL, C1), its line and paragraph separators, and the marks and
overrides of writing direction, which show a text in another order than it has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["CONTROL", "PLAIN", "in_text", "named", "visible"]

_BEYOND = "\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
CONTROL = re.compile(f"[\x00-\x1f{_BEYOND}]")
"""What no cell may hold, line ends and tabs included."""
_IN_TEXT = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f{_BEYOND}]")
_NOT_SHOWN = re.compile(f"[\x00-\x08\x0b-\x1f{_BEYOND}\ud800-\udfff]")
PLAIN = bytes([*b"\t\n\r", *range(0x20, 0x7F)])
"""The bytes that are none of them in any encoding that is read."""


def named(character: str) -> str:
    """The character as Unicode numbers it, such as ``U+001B``."""
    return f"U+{ord(character):04X}"


def in_text(text: str) -> Iterator[str]:
    """Yield those of a text, but for tabs and line ends."""
    return iter(_IN_TEXT.findall(text))


def visible(text: str) -> str:
    r"""The text for a terminal: each of them, but for tab and line feed, written out as in JSON (``\u001b``)."""
    return _NOT_SHOWN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
