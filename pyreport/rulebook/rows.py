"""Atoms by the names of their arguments: one type of row a predicate, made from its declaration.

A row is a named tuple of an atom's arguments, ``row.lea`` and ``row.status_level`` for ``LEA`` and ``StatusLevel``. The
order of arguments is the vocabulary's alone: an argument added there changes no code that reads rows.
"""

from __future__ import annotations

import keyword
import re
from collections import namedtuple
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from pyreport.rulebook.syntax import Atom, Value

__all__ = ["atom_of", "field_name", "row_type", "with_values"]

_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def field_name(argument: str) -> str:
    """The name of an argument as a field of a row: ``status_level`` for ``StatusLevel``, ``from_`` for ``From``."""
    name = _CAPITAL.sub("_", argument).lower()
    return f"{name}_" if keyword.iskeyword(name) else name


@cache
def row_type(predicate: str, arguments: tuple[str, ...]) -> Any:
    """The named tuple of a predicate's arguments. ``_make(atom[1:])`` makes one, ``(predicate, *row)`` is the atom."""
    return namedtuple(predicate, [field_name(argument) for argument in arguments])


def atom_of(row: Any) -> Atom:
    """The atom of a row: the predicate, which names the row's type, and its arguments."""
    return (type(row).__name__, *row)


def with_values(rows: Iterable[Any], **values: Value) -> Iterator[Any]:
    """Those of ``rows``, all of one predicate, whose fields have these values."""
    for row in rows:
        if all(getattr(row, name) == value for name, value in values.items()):
            yield row
