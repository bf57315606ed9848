"""Write the files that a user names, so that a failure never leaves half of one in place of a good one."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from pathlib import Path

from pyreport.locks import make_and_hold, remove_leftovers

__all__ = ["write_file"]

_SCRATCH = ".pyreport-"


def write_file(path: Path, text: str) -> None:
    """Write ``text`` (UTF-8) into ``path``; the folders that it needs are made.

    A plain file is replaced whole, at once or not at all. Of a link the target is replaced, and the link stays. Into
    anything else (a pipe, a device, the file that standard output goes to) the text is written.

    Raises:
        OSError: It cannot be written. ``filename`` is ``path``, and ``strerror`` says what is there now.
        UnicodeEncodeError: The text is not to be had as UTF-8.
    """
    content = text.encode("utf-8")
    there = None
    try:
        try:
            there = path.stat()
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
        if there is None or (stat.S_ISREG(there.st_mode) and not _is_a_standard_stream(there)):
            _replace(Path(os.path.realpath(path)), content, None if there is None else stat.S_IMODE(there.st_mode))
        else:
            with path.open("ab") as file:
                file.write(content)
    except OSError as error:
        plain = there is None or stat.S_ISREG(there.st_mode)
        kept = "; nothing was written" if there is None else "; the file that was there is unchanged" if plain else ""
        raise OSError(error.errno or errno.EIO, f"{error.strerror or error}{kept}", str(path)) from error


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


def _is_a_standard_stream(there: os.stat_result) -> bool:
    """Whether standard output or error goes to that file: replaced, it would no longer be the one they go to."""
    for descriptor in (1, 2):
        with contextlib.suppress(OSError):
            if os.path.samestat(there, os.fstat(descriptor)):
                return True
    return False
