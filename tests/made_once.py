"""A folder of the test run, in which its processes share what takes long to make and does not change."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

FOLDER = "PYREPORT_TESTS_MADE_ONCE"
"""The environment variable with the folder of this test run; tests/conftest.py makes the folder and removes it."""


def made_once(name: str, make: Callable[[Path], object]) -> Path:
    """The file or folder that ``make`` writes at the path it is given: made by the first process that asks for it.

    Two processes that ask at the same time both make it, and the first to end keeps it: none waits for another.
    """
    place = Path(os.environ[FOLDER]) / name
    if not place.exists():
        with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
            made = Path(scratch) / name
            make(made)
            # A folder that another process put there meanwhile cannot be replaced, and is the same.
            with contextlib.suppress(OSError):
                made.rename(place)
    return place


def text_made_once(name: str, make: Callable[[], str]) -> str:
    """The text that ``make`` returns, likewise."""
    return made_once(name, lambda path: path.write_bytes(make().encode())).read_bytes().decode()
