"""Read YAML that people write: texts, numbers, dates, lists and mappings. Anything else is an error with its line.

YAML can do more than such a file needs: a few lines of aliases stand for billions of values, or for a value within
itself, and tags name types of a program. Such is refused before anything is built from it, as are texts that no
terminal or page should be given (control characters, halves of surrogate pairs) and numbers that nothing has. A policy
may say by an alias that the same words stand for several arguments; what it stands for counts among the file's parts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

__all__ = ["LARGEST", "NotPlain", "Place", "duplicates", "place_lines", "read_limited", "read_plain_yaml"]

Place = tuple[str | int, ...]
"""Keys and positions, from the top of the file down to a part of it."""

LARGEST = 1 << 20
"""Bytes of a file; the longest of the project has a tenth of it."""
_DEEPEST = 20
"""The deepest nesting of lists and mappings; no file of the project has more than seven levels."""
_MOST = 20_000
"""Lists, mappings, keys and values of a file; the longest of the project has 4,000."""
_LARGEST_NUMBER = 10**15
_MOST_PROBLEMS = 20
"""The most problems of a file that are reported."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_TAG = "tag:yaml.org,2002:"
_DATE, _MERGE, _TEXT = f"{_TAG}timestamp", f"{_TAG}merge", f"{_TAG}str"
_NUMBERS = (f"{_TAG}int", f"{_TAG}float")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _WithoutDates(_LOADER):  # type: ignore[misc]  # which of the two classes it is, is known only when it runs
    """Reads dates as text."""


_WithoutDates.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _DATE]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class NotPlain(ValueError):
    """A text that is no YAML, or not plain.

    Attributes:
        problems: Each with its line, from 1.
    """

    def __init__(self, problems: list[tuple[int, str]]) -> None:
        self.problems = problems[:_MOST_PROBLEMS]
        super().__init__("; ".join(f"line {line}: {message}" for line, message in self.problems))


def read_limited(path: Path) -> bytes:
    """Return the content of a file.

    Raises:
        NotPlain: It has more than ``LARGEST`` bytes. No more than those are read.
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise NotPlain([(1, f"the file has more than {LARGEST:,} bytes; write several smaller ones")])
    return content


def read_plain_yaml(text: str, *, policy: bool) -> tuple[Any, yaml.Node | None]:
    """Return the value of a text, and its nodes, which know their lines. An empty text is ``None``.

    A key that occurs twice is not refused, and the later one counts: see ``duplicates``.

    Args:
        text: The text, of no more than ``LARGEST`` characters.
        policy: Whether it is a file of a policy: there dates are read as dates, keys may be numbers, and aliases are
            allowed. Elsewhere a date stays text, so that the caller can report one that does not exist.

    Raises:
        NotPlain: With everything that is not plain, or the first place at which it is no YAML.
    """
    loader = _LOADER if policy else _WithoutDates
    problems = [
        (text.count("\n", 0, match.start()) + 1, f"the control character {_named(match[0])}; remove it")
        for match, _ in zip(_CONTROL.finditer(text), range(_MOST_PROBLEMS), strict=False)
    ]
    if problems:
        raise NotPlain(problems)
    try:
        for problem in _problems(text, loader(""), policy):
            problems.append(problem)
            if len(problems) == _MOST_PROBLEMS:
                break
        if problems:
            raise NotPlain(problems)
        root = yaml.compose(text, Loader=loader)
        return None if root is None else loader("").construct_document(root), root
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise NotPlain([*problems, (line, f"not readable as YAML: {error.problem}")]) from None
    except yaml.YAMLError as error:
        raise NotPlain([*problems, (1, f"not readable as YAML: {' '.join(str(error).split())}")]) from None


def duplicates(node: yaml.Node | None, place: Place = ()) -> Iterator[tuple[Place, int]]:
    """Yield the place and the line of every key that occurs in its mapping before."""
    if isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from duplicates(value, (*place, number))
    elif isinstance(node, yaml.MappingNode):
        seen = set()
        loader = _LOADER("")
        for key, value in node.value:
            # 1 and 0x1 are one key; so are yes and true.
            value_of_key = loader.construct_object(key)
            if value_of_key in seen:
                yield (*place, str(key.value)), key.start_mark.line + 1
            seen.add(value_of_key)
            yield from duplicates(value, (*place, str(key.value)))


def place_lines(node: yaml.Node | None, place: Place = ()) -> Iterator[tuple[Place, int]]:
    """Yield every place and its line; that of a value is the line of its key."""
    if node is None:
        return
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*place, str(key.value)), key.start_mark.line + 1
            yield from place_lines(value, (*place, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield (*place, number), value.start_mark.line + 1
            yield from place_lines(value, (*place, number))


def _problems(text: str, loader: Any, policy: bool) -> Iterator[tuple[int, str]]:
    """Yield what is not plain, event by event; nothing is built, and nothing is read after a limit is reached."""
    # Of each list or mapping around: whether its next part is a key, its anchor, and how many parts were before it.
    keys: list[bool | None] = []
    begun: list[tuple[str | None, int]] = []
    sizes: dict[str | None, int] = {}
    documents = parts = 0
    for event in yaml.parse(text, Loader=type(loader)):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                yield line, "a second document begins; keep one in a file"
                return
        elif isinstance(event, yaml.CollectionEndEvent):
            keys.pop()
            anchor, before = begun.pop()
            sizes[anchor] = parts - before
        if not isinstance(event, yaml.NodeEvent):
            continue
        is_key = bool(keys and keys[-1])
        if keys and keys[-1] is not None:
            keys[-1] = not is_key
        parts += 1
        if isinstance(event, yaml.AliasEvent):
            # What it stands within has no size yet.
            parts += sizes.get(event.anchor, 0)
            if not policy or is_key or event.anchor not in sizes:
                yield line, f"the alias *{event.anchor}; write out what it stands for"
        else:
            yield from ((line, message) for message in _faults(event, loader, is_key, policy))
        if parts > _MOST:
            yield line, f"the file has more than {_MOST:,} parts; write several smaller ones"
            return
        if isinstance(event, yaml.ScalarEvent) and event.anchor is not None:
            sizes[event.anchor] = 1
        elif isinstance(event, yaml.CollectionStartEvent):
            keys.append(True if isinstance(event, yaml.MappingStartEvent) else None)
            begun.append((event.anchor, parts))
            # Until it ends, its name is no longer that of an earlier part.
            sizes.pop(event.anchor, None)
            if len(keys) > _DEEPEST:
                yield line, f"more than {_DEEPEST} lists and mappings lie in one another; no file needs as many"
                return


def _faults(event: Any, loader: Any, is_key: bool, policy: bool) -> Iterator[str]:
    """What is not plain in one value, list or mapping."""
    if event.anchor is not None and not policy:
        yield f"the anchor &{event.anchor}; write out what it stands for where it is meant"
    if event.tag is not None:
        yield f"the tag {event.tag}; write the value alone, a text in quotation marks"
        return
    if not isinstance(event, yaml.ScalarEvent):
        if is_key:
            yield "a list or mapping stands as a key; a key is a word"
        return
    tag = loader.resolve(yaml.ScalarNode, event.value, event.implicit)
    control = _CONTROL.search(event.value)
    if control:
        yield f"the control character {_named(control[0])} is written in a text; remove it"
    elif tag == _MERGE:
        yield "the key << takes over other mappings; write their keys out"
    elif tag == _DATE or tag in _NUMBERS:
        yield from _impossible(loader, tag, event.value)
    if is_key and not policy and tag not in (_TEXT, _MERGE):
        yield f"the key {_short(event.value)} is no word; put it in quotation marks"


def _impossible(loader: Any, tag: str, text: str) -> Iterator[str]:
    expected = "no date of the calendar" if tag == _DATE else "no number that anything here has"
    try:
        value = loader.construct_object(yaml.ScalarNode(tag, text))
    except (ValueError, OverflowError):
        yield f"{_short(text)} is {expected}"
        return
    if tag != _DATE and not (math.isfinite(value) and abs(value) < _LARGEST_NUMBER):
        yield f"{_short(text)} is {expected}"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _named(character: str) -> str:
    return f"U+{ord(character):04X}"
