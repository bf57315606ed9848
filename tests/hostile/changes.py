"""Make hostile files of good ones: changes of bytes, of types and of structure."""

from __future__ import annotations

import copy
import random
from typing import Any

BYTES = [
    b"\0", b"\x1b[2J", b"\xff", b"\xed\xa0\x80", b"\xc2\x85", b"\xef\xbb\xbf", b"\n", b"\t", b"\r", b'"', b"'", b"\\",
    b"{", b"}", b"[", b"]", b":", b",", b"&a ", b"*a", b"!!set ", b"!!python/name:os.system ", b"<<: ", b"? ", b"- ",
    b"--- ", b"%YAML 9.9", b"|\n", b"#", b"99999999999999999999", b"-1", b"1e999", b".inf", b"0x_", b"2024-02-31",
    b"\\ud800", b"NaN", b"null", b"true", b"190:20:30", b"=", b"~", b"@", b"`",
]  # fmt: skip


def deep(depth: int, inner: Any = 0) -> Any:
    for _ in range(depth):
        inner = [inner]
    return inner


def hostile_values() -> list[Any]:
    return [
        None, True, False, 0, -1, 1, 1.5, 10**9, 10**12, 10**30, -(10**30), "", "x", "\0", "\x1b[31m", "x" * 100_000,
        "\u2028", [], {}, [[]], [{}], {"": ""}, {"a": {"b": []}}, deep(30), deep(600), {"x": deep(30)}, "27",
        '"27661420000000"', "2024-02-31", 'a"b', "a\\", "*", "_", "X", "#inf", "1..1000000000",
        [0] * 1000, [None, 1, "a"],
    ]  # fmt: skip


def places(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [place]
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        found += places(one, (*place, key))
    return found


def at(value: Any, place: tuple[Any, ...]) -> Any:
    for key in place:
        value = value[key]
    return value


def chosen_place(value: Any, source: random.Random) -> tuple[Any, ...]:
    """A place below the top. Each level is chosen alike, so that the few large tables do not take all changes."""
    place: tuple[Any, ...] = ()
    while isinstance(value, list | dict) and value and (not place or source.random() < 0.75):
        key = source.choice(list(value) if isinstance(value, dict) else range(len(value)))
        place, value = (*place, key), value[key]
    return place


def changed(document: Any, source: random.Random) -> Any:
    """The document with one to three parts replaced, dropped, doubled, moved or of another type."""
    document = copy.deepcopy(document)
    for _ in range(source.randint(1, 3)):
        place = chosen_place(document, source)
        if not place:
            return source.choice(hostile_values())
        around, key = at(document, place[:-1]), place[-1]
        way = source.randrange(6)
        if way == 0:
            del around[key]
        elif way == 1 and isinstance(around, list):
            around.insert(key, copy.deepcopy(around[key]))
        elif way == 2 and isinstance(around, dict):
            around[source.choice(["", "x", "facts", "what", "lea", key.upper() if isinstance(key, str) else "k"])] = (
                around[key]
            )
        elif way == 3:
            other = chosen_place(document, source)
            around[key] = copy.deepcopy(at(document, other)) if other else None
        elif way == 4 and isinstance(around[key], list | dict):
            inside = around[key]
            around[key] = dict(enumerate(inside)) if isinstance(inside, list) else list(inside.values())
            if isinstance(around[key], dict):
                around[key] = {str(name): one for name, one in around[key].items()}
        else:
            around[key] = source.choice(hostile_values())
    return document


def changed_bytes(content: bytes, source: random.Random) -> bytes:
    """The content with one to four stretches changed, dropped, doubled or moved, or hostile bytes put in."""
    for _ in range(source.randint(1, 4)):
        start = source.randrange(len(content) + 1)
        end = min(len(content), start + source.choice([0, 1, 1, 3, 20, 200]))
        way = source.randrange(5)
        middle = content[start:end]
        if way == 0:
            middle = b""
        elif way == 1:
            middle *= source.choice([2, 3, 50])
        elif way == 2:
            middle = bytes(byte ^ (1 << source.randrange(8)) for byte in middle)
        elif way == 3:
            middle = source.choice(BYTES) + middle
        else:
            middle = source.choice(BYTES) * source.choice([1, 2, 2000])
        content = content[:start] + middle + content[end:]
    return content[: source.randrange(len(content))] if content and source.random() < 0.1 else content
