"""Read the JSON of a graph that anyone may have written: within limits, whole numbers alone, no key twice."""

from __future__ import annotations

import json
import re
from typing import Any

__all__ = ["LARGEST", "DocumentError", "read_document"]

LARGEST = 128 << 20
"""Bytes of a graph as JSON; that of all of California and all years has 26 million."""
_MOST = 16_000_000
"""Its values; that graph has fewer than 4 million. As objects they take far more bytes than they are written in."""
_MOST_MAPPINGS = 1_000_000
_LARGEST_NUMBER = (1 << 31) - 1
"""What clingo can count to."""
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_SHAPE, _LONG = bytes.maketrans(b"123456789-[: \t\r\n", b"0000000000,,,,,,"), b",0000000000"
"""A text with 0 for all digits and a comma for all that may stand before a number, and what ten of them look like."""


class DocumentError(ValueError):
    """A text that is no graph's JSON; the message says what is wrong."""


def read_document(text: str) -> Any:
    """Return the value of a JSON text.

    Raises:
        DocumentError: It is no JSON, is larger or nested deeper than any graph, has a number that is not whole or that
            is larger than a policy can have, or a key twice in a mapping.
    """
    if len(text) > LARGEST:
        raise DocumentError(f"it has more than {LARGEST:,} characters")
    mappings = text.count("{")
    if mappings + sum(map(text.count, ",[:")) > _MOST or mappings > _MOST_MAPPINGS:
        raise DocumentError(f"it has more than {_MOST:,} values")
    # Two backslashes are an escaped one, as in the name of a file that is no UTF-8: what follows is no escape.
    if _SURROGATE.search(text.replace(r"\\", "")):
        raise DocumentError("a text in it has an escaped half of a surrogate pair; write characters as they are")
    # A call for each number takes longer than all the rest: only where some number may be too large.
    long = _LONG in b",%b" % text.encode("utf-8", "surrogatepass").translate(_SHAPE)
    try:
        return json.loads(
            text,
            object_pairs_hook=_mapping,
            parse_int=_whole if long else None,
            parse_float=_refused,
            parse_constant=_refused,
        )
    except RecursionError:
        raise DocumentError("its lists and mappings lie in one another deeper than those of a graph") from None
    except json.JSONDecodeError as error:
        raise DocumentError(f"it is no JSON: {error}") from None


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise DocumentError(f"the key {_short(twice)} stands twice in one mapping")
    return found


def _whole(digits: str) -> int:
    # Python itself refuses to read thousands of digits.
    if len(digits) > 12 or abs(int(digits)) > _LARGEST_NUMBER:
        raise DocumentError(f"the number {_short(digits)} is larger than any of a policy")
    return int(digits)


def _refused(text: str) -> Any:
    raise DocumentError(f"{_short(text)} is no whole number; a graph has no others")


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:40]}…")
