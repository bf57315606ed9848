"""Pack a graph document into the file of a proof, and unpack it.

The rows of a rule, and of the facts of a predicate, are turned into columns, since the values of a column are alike;
a column in which not all is numbers names its values by their place in one list of all values. That, as JSON, is
compressed by gzip, without a time or a name. (Another build of zlib may find other bytes for it: the hash of a proof is
that of what is compressed.)
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pyreport.proof.document import DocumentError, read_document

__all__ = ["PackingError", "Proof", "proof_of", "unpack"]

_GZIP = 31
"""What zlib calls the format of gzip."""
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


@dataclass(frozen=True)
class Proof:
    """A graph document as JSON, in columns."""

    content: bytes

    @property
    def sha256(self) -> str:
        """The hash (hexadecimal) by which pages name the proof."""
        return hashlib.sha256(self.content).hexdigest()

    def packed(self) -> bytes:
        """The bytes of the proof's file."""
        return gzip.compress(self.content, 6, mtime=0)


def proof_of(document: Mapping[str, Any]) -> Proof:
    """The proof of ``document`` (see ``Graph.document``). Equal documents have equal proofs."""
    return Proof(_columnar(document))


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


def unpack(packed: bytes) -> tuple[Proof, dict[str, Any]]:
    """Return a proof and its document from the bytes of its file; the facts are ordered by their predicates.

    Raises:
        PackingError: The bytes are not compressed by gzip, are cut short, unpack to more than any county's graph, or
            are otherwise not what ``Proof.packed`` gives.
    """
    decompress, most = zlib.decompressobj(wbits=_GZIP), min(_LARGEST, max(_SMALL, _RATIO * len(packed)))
    try:
        # No more is unpacked than is allowed, however much there is.
        content = decompress.decompress(packed, most + 1)
    except zlib.error as error:
        raise PackingError(f"{_BROKEN}: it cannot be decompressed ({error})") from None
    if len(content) > most:
        raise PackingError(f"{_BROKEN}: unpacked it has more than {most:,} bytes, which no county's graph has")
    if not decompress.eof:
        raise PackingError(f"{_BROKEN}: it is cut short")
    if decompress.unused_data:
        raise PackingError(f"{_BROKEN}: something follows it")
    try:
        columns = read_document(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise PackingError(f"{_BROKEN}: it is no JSON ({error})") from None
    except DocumentError as error:
        raise PackingError(f"{_BROKEN}: {error}") from None
    try:
        return Proof(content), _unpacked(columns)
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
