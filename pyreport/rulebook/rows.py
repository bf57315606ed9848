"""Atoms by the names of their arguments: one type of row a predicate, made from its declaration.

A row is a named tuple of an atom's arguments, ``row.lea`` and ``row.status_level`` for ``LEA`` and ``StatusLevel``. The
order of arguments is the vocabulary's alone: an argument added there changes no code that reads rows.
"""

from __future__ import annotations

import keyword
import re
from collections import namedtuple
from functools import cache
from typing import Any

__all__ = ["field_name", "row_type"]

_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def field_name(argument: str) -> str:
    """The name of an argument as a field of a row: ``status_level`` for ``StatusLevel``, ``from_`` for ``From``."""
    name = _CAPITAL.sub("_", argument).lower()
    return f"{name}_" if keyword.iskeyword(name) else name


@cache
def row_type(predicate: str, arguments: tuple[str, ...]) -> Any:
    """The named tuple of a predicate's arguments. ``_make(atom[1:])`` makes one, ``(predicate, *row)`` is the atom."""
    return namedtuple(predicate, [field_name(argument) for argument in arguments])
