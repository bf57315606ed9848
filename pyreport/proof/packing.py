"""Pack a graph document into the text that a page carries, and unpack it.

The rows of a rule, and of the facts of a predicate, are turned into columns, since the values of a column are alike;
a column in which not all is numbers names its values by their place in one list of all values. That, as JSON, is
compressed by zlib, whose header says neither when nor where it was made, and written in base64. (Another build of zlib
may find other bytes for it; unpacked, they are the same.)
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from pyreport.proof.document import DocumentError, read_document

__all__ = ["PackingError", "are_packed_alike", "pack", "unpack"]

WIDTH = 160
"""Characters in a line: an editor is to open a page without trouble."""

_LARGEST = 64 << 20
"""Bytes of an unpacked graph; the largest of a county, Los Angeles', has 6 million."""
_RATIO = 250
"""How many times as large as the compressed bytes; that of a county is 6 to 25 times as large."""
_SMALL = 1 << 20
"""Bytes that may be unpacked whatever the ratio."""
_LONGEST = 100
"""Characters before the number of a cell's row, such as ``AB`` or ``line``."""

_PLACE = re.compile(r"(.*?)([1-9]\d*)")
_BROKEN = "the graph is damaged"


class PackingError(ValueError):
    """A text that is no packed graph; the message says what is wrong."""


def pack(document: Mapping[str, Any]) -> str:
    """Return ``document`` (see ``Graph.document``) as lines of base64. Equal documents give equal lines."""
    return _lines(zlib.compress(_columnar(document), 6))


def are_packed_alike(one: str, other: str) -> bool:
    """Whether two texts that can be unpacked differ at most by the build of zlib that compressed them."""
    if one == other:
        return True
    packed = [base64.b64decode(text) for text in (one, other)]
    return [one, other] == list(map(_lines, packed)) and zlib.decompress(packed[0]) == zlib.decompress(packed[1])


def _lines(content: bytes) -> str:
    encoded = base64.b64encode(content).decode("ascii")
    return "\n".join(encoded[place : place + WIDTH] for place in range(0, len(encoded), WIDTH))


def _columnar(document: Mapping[str, Any]) -> bytes:
    """The document with rows turned into columns, as JSON."""
    table: dict[Any, int] = {}
    facts: dict[tuple[str, int], list[list[Any]]] = {}
    for (predicate, *arguments), source, place, value in document["facts"]:
        letters, row = _split(place)
        facts.setdefault((predicate, len(arguments)), []).append([*arguments, source, letters, row, value])
    packed = {
        **document,
        "facts": [[predicate, *_columns(rows, table)] for (predicate, _), rows in facts.items()],
        "rules": {
            name: {**entry, "instances": [len(entry["instances"]), *_columns(entry["instances"], table)]}
            for name, entry in document["rules"].items()
        },
        "values": list(table),
    }
    return json.dumps(packed, ensure_ascii=False, separators=(",", ":")).encode()


def unpack(text: str) -> dict[str, Any]:
    """Return the document that ``pack`` was given; the facts are ordered by their predicates.

    Raises:
        PackingError: The text is no base64, is cut short, unpacks to more than any county's graph, or is otherwise
            not what ``pack`` writes.
    """
    try:
        content = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise PackingError(f"{_BROKEN}: it is no base64 ({error})") from None
    decompress, most = zlib.decompressobj(), min(_LARGEST, max(_SMALL, _RATIO * len(content)))
    try:
        # No more is unpacked than is allowed, however much there is.
        content = decompress.decompress(content, most + 1)
    except zlib.error as error:
        raise PackingError(f"{_BROKEN}: it cannot be decompressed ({error})") from None
    if len(content) > most:
        raise PackingError(f"{_BROKEN}: unpacked it has more than {most:,} bytes, which no county's graph has")
    if not decompress.eof:
        raise PackingError(f"{_BROKEN}: it is cut short")
    if decompress.unused_data:
        raise PackingError(f"{_BROKEN}: something follows it")
    try:
        packed = read_document(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise PackingError(f"{_BROKEN}: it is no JSON ({error})") from None
    except DocumentError as error:
        raise PackingError(f"{_BROKEN}: {error}") from None
    try:
        return _unpacked(packed)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise PackingError(f"{_BROKEN}: its parts do not fit together ({error!r})") from None


def _unpacked(packed: dict[str, Any]) -> dict[str, Any]:
    values = packed.pop("values")
    facts = [
        [[predicate, *arguments], source, _joined(letters, row), value]
        for predicate, *columns in packed["facts"]
        for *arguments, source, letters, row, value in _rows(columns, values)
    ]
    rules = {}
    for name, entry in packed["rules"].items():
        count, *columns = entry["instances"]
        # A rule without variables has one derivation, or none.
        rows = _rows(columns, values) if columns else [[]] * (count == 1)
        if len(rows) != count:
            raise ValueError(f"{name} has {len(rows)} derivations, not {count}")
        rules[name] = {**entry, "instances": rows}
    return {**packed, "facts": facts, "rules": rules}


@cache
def _split(place: str) -> tuple[str, int | str]:
    """A cell's column and its row, so that both are like their neighbors. Files and years share their cells' names."""
    found = _PLACE.fullmatch(place)
    return (found[1], int(found[2])) if found else (place, "")


def _joined(letters: Any, row: Any) -> str:
    if not isinstance(letters, str) or len(letters) > _LONGEST or not (type(row) is int or row == ""):
        raise ValueError("the place of a fact is none")
    return f"{letters}{row}"


def _columns(rows: Iterable[Sequence[Any]], table: dict[Any, int]) -> list[Any]:
    """The columns of ``rows``: of numbers as they are, others as a list in a list: the places of their values."""
    found: list[Any] = []
    for column in zip(*rows, strict=True):
        if set(map(type, column)) == {int}:
            found.append(column)
        else:
            for value in dict.fromkeys(column):
                table.setdefault(value, len(table))
            found.append([[table[value] for value in column]])
    return found


def _rows(columns: Sequence[Any], values: Sequence[Any]) -> list[list[Any]]:
    plain = [_named(one[0], values) if one and isinstance(one[0], list) else one for one in columns]
    return [list(row) for row in zip(*plain, strict=True)]


def _named(places: Sequence[Any], values: Sequence[Any]) -> list[Any]:
    # Python would count a place below zero from the end, and take a truth value for a number.
    if places and (set(map(type, places)) != {int} or min(places) < 0):
        raise ValueError("the place of a value is none")
    return [values[place] for place in places]
