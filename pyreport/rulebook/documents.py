"""Read the text and YAML files of a policy; what cannot be read is a problem with its file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from pyreport.rulebook.problems import Finding, PolicyError, Problem

__all__ = ["read_text", "read_yaml"]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_text(path: Path, name: str) -> str:
    """Return the text of a policy file; ``name`` is the file as problems call it.

    Raises:
        PolicyError: The file is missing, is not UTF-8, or holds a null character, at which clingo would stop.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise PolicyError([Problem(name, 1, f"the file is missing: {path}", Finding.UNREADABLE_FILE)]) from None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PolicyError([Problem(name, line, "not UTF-8; save the file as UTF-8", Finding.UNREADABLE_FILE)]) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise PolicyError([Problem(name, line, "holds a null character; remove it", Finding.UNREADABLE_FILE)])
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_yaml(folder: Path, name: str) -> tuple[Any, dict[str, int]]:
    """Return the document in ``folder / name`` and the line of each of its outermost keys.

    Raises:
        PolicyError: The file cannot be read, or a key stands twice: YAML would keep the last one silently.
    """
    text = read_text(folder / name, name)
    try:
        document, node = yaml.load(text, Loader=_LOADER), yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PolicyError(
            [Problem(name, line, f"not readable as YAML: {error.problem}", Finding.UNREADABLE_FILE)]
        ) from None
    except yaml.YAMLError as error:
        message = f"not readable as YAML: {' '.join(str(error).split())}"
        raise PolicyError([Problem(name, 1, message, Finding.UNREADABLE_FILE)]) from None
    twice = [
        Problem(name, line, f"{key} stands twice; keep one", Finding.UNREADABLE_FILE) for key, line in _twice(node)
    ]
    if twice:
        raise PolicyError(twice)
    outermost = node.value if isinstance(node, yaml.MappingNode) else []
    return document, {str(key.value): key.start_mark.line + 1 for key, _ in outermost}


def _twice(node: Any) -> list[tuple[str, int]]:
    """The keys that stand more than once in one mapping, with their later lines."""
    found: list[tuple[str, int]] = []
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            found += _twice(item)
    elif isinstance(node, yaml.MappingNode):
        seen: set[tuple[str, str]] = set()
        for key, value in node.value:
            if (key.tag, str(key.value)) in seen:
                found.append((str(key.value), key.start_mark.line + 1))
            seen.add((key.tag, str(key.value)))
            found += _twice(value)
    return found
