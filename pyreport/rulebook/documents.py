"""Read the text and YAML files of a policy; what cannot be read is a problem with its file and line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from pyreport.files.plain_yaml import NotPlain, duplicates, read_limited, read_plain_yaml
from pyreport.rulebook.problems import Finding, PolicyError, Problem

__all__ = ["read_text", "read_yaml"]


def read_text(path: Path, name: str) -> str:
    """Return the text of a policy file; ``name`` is the file as problems call it.

    Raises:
        PolicyError: The file is missing, too large, not UTF-8, or holds a null character, at which clingo would stop.
    """
    try:
        content = read_limited(path)
    except FileNotFoundError:
        raise _unreadable(name, [(1, f"the file is missing: {path}")]) from None
    except NotPlain as error:
        raise _unreadable(name, error.problems) from None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unreadable(name, [(line, "not UTF-8; save the file as UTF-8")]) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise _unreadable(name, [(line, "holds a null character; remove it")])
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_yaml(folder: Path, name: str) -> tuple[Any, dict[str, int]]:
    """Return the document in ``folder / name`` and the line of each of its outermost keys.

    Raises:
        PolicyError: The file cannot be read, is more than plain YAML, or a key stands twice.
    """
    text = read_text(folder / name, name)
    try:
        document, node = read_plain_yaml(text, policy=True)
    except NotPlain as error:
        raise _unreadable(name, error.problems) from None
    twice = [(line, f"{place[-1]} stands twice; keep one") for place, line in duplicates(node)]
    if twice:
        raise _unreadable(name, twice)
    outermost = node.value if isinstance(node, yaml.MappingNode) else []
    return document, {str(key.value): key.start_mark.line + 1 for key, _ in outermost}


def _unreadable(name: str, problems: Iterable[tuple[int, str]]) -> PolicyError:
    return PolicyError([Problem(name, line, message, Finding.UNREADABLE_FILE) for line, message in problems])
