"""Graphs and pages that somebody made to do harm: a message, within time and memory, whatever they hold."""

from __future__ import annotations

import functools
import gzip
import json
import random
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli.command import run

from pyreport.files.places import policy_folder
from pyreport.proof.checker import ProofChecker
from pyreport.proof.packing import PackingError, proof_of, unpack
from pyreport.proof.policy import policy_texts

from .changes import changed, changed_bytes, hostile_values
from .peak_memory import PEAK

LEA = "02613330000000"
VERIFYING = f"""{PEAK}
import sys
from pyreport.cli import main
try:
    main(["verify", *sys.argv[1:]])
finally:
    print(peak(), file=sys.stderr)
"""
TWO_GIGABYTES = 2 << 20
"""In units of 1,024 bytes, as the system counts them."""


@functools.cache
def graph() -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.json"
        assert run("decide", "--lea", LEA, "--year", "2024", "--format", "graph", "--output", path).exit_code == 0
        return path.read_text(encoding="utf-8")


@functools.cache
def checker() -> ProofChecker:
    return ProofChecker(policy_texts(policy_folder()))


def packed_again(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def inside(packed: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gzip.decompress(packed))
    return found


def packed_graph() -> bytes:
    return proof_of(json.loads(graph())).packed()


def hostile(number: int) -> tuple[str, bytes]:
    """The name and the content of one hostile file."""
    source = random.Random(number)
    document = json.loads(graph())
    way = number % 6
    if way == 0:
        return f"{number}.json", changed_bytes(graph().encode(), source)
    if way in (1, 2):
        return f"{number}.json", json.dumps(changed(document, source)).encode()
    packed = packed_graph()
    if way == 3:
        return f"{number}.json.gz", changed_bytes(packed, source)
    if way == 4:
        return f"{number}.json.gz", packed_again(json.dumps(changed(inside(packed), source)).encode())
    return f"{number}.json.gz", packed_again(changed_bytes(gzip.decompress(packed), source))


def verify(files: list[Path], seconds: int) -> None:
    """Verify the files in a process of its own: no traceback, none verified that is not the graph, time and memory."""
    done = subprocess.run(
        [sys.executable, "-c", VERIFYING, *map(str, files)],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=seconds,
        check=False,
    )
    assert "Traceback" not in done.stderr, f"{done.stderr[-3000:]}\n{len(files)} files"
    assert done.returncode in (0, 1, 2)
    assert int(done.stderr.splitlines()[-1]) < TWO_GIGABYTES


@pytest.mark.parametrize("count", [24, pytest.param(240, marks=pytest.mark.sweep)])
def test_no_hostile_file_does_harm(tmp_path, count):
    files = []
    for number in range(count):
        name, content = hostile(number)
        files.append(tmp_path / name)
        files[-1].write_bytes(content)
    for start in range(0, count, 24):
        verify(files[start : start + 24], 300)


@pytest.mark.sweep
def test_every_field_of_a_graph_may_hold_every_hostile_value():
    document = json.loads(graph())
    rule = next(name for name, entry in document["rules"].items() if "counted" in entry and entry["instances"])
    authority = next(iter(document["authorities"]))
    publication, fact = document["publications"][0], document["facts"][0]
    fields: list[tuple[Any, Any]] = [
        *((document, name) for name in document),
        *((document["rules"], one) for one in (rule, "no.such.rule")),
        *((document["rules"][rule], name) for name in ("cites", "variables", "instances", "counted")),
        *((document["rules"][rule]["instances"], 0), (document["rules"][rule]["counted"], 0)),
        *((document["authorities"], authority), (document["policy"], next(iter(document["policy"])))),
        *((document["authorities"][authority], name) for name in ("cite", "title", "passages")),
        *((document["facts"], 0), (fact[0], 0), (fact[0], 1), (fact, 0), (fact, 1), (fact, 2), (fact, 3)),
        *((publication, name) for name in publication),
    ]
    assert checker().check(document).problems == []
    for around, name in fields:
        missing = object()
        before = around.get(name, missing) if isinstance(around, dict) else around[name]
        for value in hostile_values():
            around[name] = value
            checker().check(document)
        if before is missing:
            del around[name]
        else:
            around[name] = before
    assert checker().check(document).problems == []


def bomb(change: Callable[[dict[str, Any]], None]) -> bytes:
    content = inside(packed_graph())
    change(content)
    return packed_again(json.dumps(content).encode())


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "gigabytes of zeros": (
        lambda: packed_again(bytes(1 << 28)),
        "unpacked it has more than",
    ),
    "a long text of one letter": (
        lambda: packed_again(b'{"format": "' + b"x" * (40 << 20) + b'"}'),
        "unpacked it has more than",
    ),
    "a rule with as many derivations as one likes": (
        lambda: bomb(lambda one: one["rules"].update(x={"cites": [], "variables": [], "instances": [10**9]})),
        "its parts do not fit together",
    ),
    "cells with a long name of their column": (
        lambda: bomb(lambda one: one["facts"][0].__setitem__(-3, [["x" * 5000] * len(one["facts"][0][-2])])),
        "its parts do not fit together",
    ),
    "a value counted from the end": (
        lambda: bomb(lambda one: one["facts"][0].__setitem__(1, [[-1] * len(one["facts"][0][-2])])),
        "its parts do not fit together",
    ),
    "lists in one another": (lambda: packed_again(b"[" * 100_000), "deeper than those of a graph"),
    "a key twice": (lambda: packed_again(b'{"format": 1, "format": 2}'), "the key 'format' stands twice"),
    "a number of five thousand digits": (lambda: packed_again(b'{"a": ' + b"9" * 5000 + b"}"), "is larger than any"),
    "a fraction": (lambda: packed_again(b'{"a": 1.5}'), "is no whole number"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_by_what_it_is(name):
    make, message = BOMBS[name]
    with pytest.raises(PackingError, match=message):
        unpack(make())


def test_a_proof_with_a_bomb_is_named_and_takes_no_memory(tmp_path):
    path = tmp_path / "proof" / "27-monterey.json.gz"
    path.parent.mkdir()
    # A gigabyte in a megabyte; compressed in pieces, so that the test itself needs none.
    compress = zlib.compressobj(9, wbits=31)
    path.write_bytes(b"".join([*(compress.compress(bytes(1 << 24)) for _ in range(64)), compress.flush()]))
    page = tmp_path / "27-monterey.html"
    page.write_text(f'<a href="proof/{path.name}">x</a><code id="proof">{"0" * 64}</code>', encoding="utf-8")
    for file in (path, page):
        done = subprocess.run(
            [sys.executable, "-c", VERIFYING, str(file)], capture_output=True, text=True, timeout=120, check=False
        )
        said, memory = done.stdout + done.stderr, int(done.stderr.splitlines()[-1])
        assert done.returncode == 2
        assert f"{path}: the graph is damaged: unpacked it has more than 67,108,864 bytes" in said
        assert memory < 700_000


def test_what_is_packed_is_unpacked():
    document = json.loads(graph())
    proof, unpacked = unpack(packed_graph())
    assert proof == proof_of(document)
    assert sorted(map(repr, unpacked["facts"])) == sorted(map(repr, document["facts"]))
    assert unpacked["rules"] == document["rules"]
