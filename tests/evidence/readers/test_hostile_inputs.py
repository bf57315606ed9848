"""Whatever is done to a file: it is refused by name, or read as what it says; and nothing breaks."""

from __future__ import annotations

import re
import sys

import pytest

from .hostile_inputs import ANY, MEMORY, REFUSED, SAME, Ending, Input, faultless, inputs, read

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are those of Unix")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def faults(one: Input, ending: Ending, clean: dict[str, Ending]) -> list[str]:
    """What is wrong with how the reading ended."""
    found = []
    if ending.status < 0:
        found.append(f"it was ended by the signal {-ending.status}")
    elif ending.status not in (0, 1, 2):
        found.append(f"the exit status is {ending.status}")
    if "Traceback" in ending.printed:
        found.append("it ended with a traceback")
    if ending.status and one.name not in ending.printed:
        found.append("the message does not name the file")
    if _CONTROL.search(ending.printed):
        found.append("a control character was printed")
    if ending.megabytes << 20 > MEMORY:
        found.append(f"it took {ending.megabytes} MB")
    if one.expected == REFUSED and not ending.status:
        found.append("it was taken")
    if one.expected == SAME and (ending.status, ending.tables) != (clean[one.base].status, clean[one.base].tables):
        found.append("what was read is not what the faultless file says")
    return [f"{one.name}, input {one.number} ({one.change}): {fault}: {ending.printed[-300:]}" for fault in found]


def read_and_judged(count: int, seed: int) -> tuple[list[str], list[tuple[Input, Ending]]]:
    whole = [
        Input(number, name, "none", SAME, content, name) for number, (name, content) in enumerate(faultless().items())
    ]
    clean = {one.name: ending for one, ending in zip(whole, read(whole), strict=True)}
    assert {name: ending.printed for name, ending in clean.items() if ending.status} == {}
    some = list(inputs(count, seed))
    endings = list(zip(some, read(some), strict=True))
    return [fault for one, ending in endings for fault in faults(one, ending, clean)], endings


@pytest.mark.parametrize(("count", "seed"), [(45, 1), pytest.param(560, 2, marks=pytest.mark.sweep)])
def test_every_hostile_input_is_refused_by_name_or_read_as_what_it_says(count, seed):
    found, endings = read_and_judged(count, seed)
    assert found == []
    # Both happen, so that the test is none that could not fail.
    assert {0, 2} <= {ending.status for _, ending in endings}
    assert {ANY, REFUSED, SAME} <= {one.expected for one, _ in endings}
