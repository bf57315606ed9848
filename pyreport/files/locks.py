"""Locks on folders, and temporary folders that the next run removes where a process was killed.

A lock is the system's own (``flock``): it ends with its process, however that ends, and leaves no file behind. So the
folders of a killed process can be distinguished from those that are in use.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from pyreport.errors import UNFINISHED, PyreportError

# Windows has no such locks: there no folder counts as held, and none is removed as a leftover.
if sys.platform != "win32":
    import fcntl

__all__ = ["SCRATCH", "Held", "hold", "lock", "make_and_hold", "remove_leftovers", "scratch_folder"]

SCRATCH = "pyreport-run-"
"""The prefix of the names of temporary folders."""


class Held(PyreportError):
    """Another process holds the folder; the message says what it does there and what to do."""

    exit_status = UNFINISHED


def hold(path: Path) -> int | None:
    """Lock a file or folder for this process; the descriptor to close, ``None`` if another process holds it.

    Raises:
        OSError: It is not there, or its file system has no locks.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        if sys.platform != "win32":
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


@contextlib.contextmanager
def lock(folder: Path, what: str) -> Iterator[None]:
    """Hold ``folder`` while the block runs; where the file system has no locks, do without.

    Raises:
        Held: Another process holds it; ``what`` says in the message what it does there.
    """
    descriptor: int | None = None
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            descriptor = hold(folder.resolve())
            if descriptor is None:
                raise Held(f"{folder}: {what}. Wait until that has ended, or name another folder.")
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


@contextlib.contextmanager
def scratch_folder(within: Path | None = None) -> Iterator[Path]:
    """A temporary folder for the block; those of processes that were killed are removed first.

    Args:
        within: Where it is made; the system's folder for temporary files if ``None``.
    """
    place = Path(tempfile.gettempdir()) if within is None else within
    remove_leftovers(place, SCRATCH)
    folder, descriptor = make_and_hold(lambda: Path(tempfile.mkdtemp(prefix=SCRATCH, dir=place)))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if descriptor is not None:
            os.close(descriptor)


def make_and_hold(make: Callable[[], Path]) -> tuple[Path, int | None]:
    """Make a file or folder and lock it: its path, and the descriptor to close (``None`` where there are no locks)."""
    while True:
        path, descriptor = make(), None
        if sys.platform == "win32":
            return path, None
        try:
            descriptor = hold(path)
        except OSError:
            if path.exists():
                return path, None
        # Before it was locked, another process may have removed it as a leftover.
        if descriptor is not None and path.exists():
            return path, descriptor
        if descriptor is not None:
            os.close(descriptor)


def remove_leftovers(place: Path, prefix: str) -> None:
    """Remove this user's files and folders in ``place`` whose names begin with ``prefix`` and that no process holds."""
    if sys.platform == "win32":
        return
    for path in place.glob(f"{prefix}*"):
        with contextlib.suppress(OSError):
            if path.is_symlink() or path.stat().st_uid != os.getuid():
                continue
            descriptor = hold(path)
            if descriptor is None:
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
            os.close(descriptor)
