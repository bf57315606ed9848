"""Let one program at a time write into a folder. The lock ends with the program, however it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["Locked", "locked"]

_LOCK = ".lock"
"""Where folders themselves cannot be locked: the file that is locked in their place. It stays."""


class Locked(Exception):
    """Another program writes into the folder; the message names it and says what to do."""


@contextmanager
def locked(folder: Path, what: str) -> Iterator[None]:
    """Hold the lock of ``folder`` (made if need be); ``what`` is what runs there, such as ``pyreport ingest``.

    Raises:
        Locked: Another program holds it.
        OSError: The folder cannot be made or opened, or its file system knows no locks.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = _opened(folder)
    try:
        try:
            _lock(handle)
        except BlockingIOError:
            message = f"{folder}: another {what} is at work there; wait until it has ended and run the command again"
            raise Locked(message) from None
        yield
    finally:
        # Closing lets the lock go.
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _opened(folder: Path) -> int:
        return os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT)

    def _lock(handle: int) -> None:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            raise BlockingIOError from None

else:
    import fcntl

    def _opened(folder: Path) -> int:
        return os.open(folder, os.O_RDONLY)

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
