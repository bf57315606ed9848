"""Write the files that a user names; a failure leaves the file that was there before."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from pathlib import Path

from pyreport.files.locks import make_and_hold, remove_leftovers

__all__ = ["move_file", "write_file"]

_SCRATCH = ".pyreport-"


def write_file(path: Path, content: str | bytes) -> None:
    r"""Write ``content`` into ``path``, text as UTF-8; missing folders are created.

    What in a text is no character (a byte of a file's name that is not UTF-8) is escaped as in Python: ``\udcff``.

    A regular file is replaced atomically. Of a link the target is replaced, and the link stays. Anything else (a pipe,
    a device, the file to which standard output goes) is written into.

    Raises:
        OSError: It cannot be written. ``filename`` is ``path``, and ``strerror`` says what is there now.
    """
    if isinstance(content, str):
        content = content.encode("utf-8", "backslashreplace")
    there = None
    try:
        try:
            there = path.stat()
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
        stream = None if there is None else _standard_stream(there)
        if stream is not None:
            with os.fdopen(os.dup(stream), "wb") as file:
                file.write(content)
        elif there is None or stat.S_ISREG(there.st_mode):
            _replace(Path(os.path.realpath(path)), content, None if there is None else stat.S_IMODE(there.st_mode))
        else:
            with path.open("wb") as file:
                file.write(content)
    except OSError as error:
        plain = there is None or stat.S_ISREG(there.st_mode)
        kept = "; nothing was written" if there is None else "; the file that was there is unchanged" if plain else ""
        raise OSError(error.errno or errno.EIO, f"{error.strerror or error}{kept}", str(path)) from error


def move_file(path: Path, place: Path) -> None:
    """Move a file that this process made to its place on the same file system; a regular file there is replaced.

    Raises:
        OSError: It cannot be moved. ``filename`` is ``place``; what was there is unchanged.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists() and not place.is_file():
            raise OSError(errno.EEXIST, "something that is no regular file is in its place")
        path.replace(os.path.realpath(place))
    except OSError as error:
        raise OSError(error.errno or errno.EIO, f"{error.strerror or error}", str(place)) from error


def _replace(place: Path, content: bytes, mode: int | None) -> None:
    """Write ``content`` beside ``place`` and move it there, with the permissions ``mode`` or the usual ones."""
    if mode is None:
        mask = os.umask(0)
        os.umask(mask)
        mode = 0o666 & ~mask
    place.parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers(place.parent, _SCRATCH)
    scratch, descriptor = make_and_hold(lambda: _made_beside(place))
    try:
        scratch.write_bytes(content)
        # mkstemp makes private files.
        scratch.chmod(mode)
        scratch.replace(place)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _made_beside(place: Path) -> Path:
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=_SCRATCH)
    os.close(handle)
    return Path(name)


def _standard_stream(there: os.stat_result) -> int | None:
    """The descriptor of standard output or error if it goes to that file, which then must not be replaced."""
    for descriptor in (1, 2):
        with contextlib.suppress(OSError):
            if os.path.samestat(there, os.fstat(descriptor)):
                return descriptor
    return None
