"""The files of another revision of the checkout, as git has them."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path

from pyreport.errors import PyreportError
from pyreport.files.places import checkout_folder

__all__ = ["RevisionError", "unpack_revision"]


class RevisionError(PyreportError):
    """The files of the revision cannot be had; the message says why."""


def unpack_revision(revision: str, folder: Path, part: str | None = None) -> None:
    """Unpack the files of ``revision`` into ``folder``; with ``part``, those of this folder of the checkout alone.

    Raises:
        RevisionError: This is no checkout, git is not installed, or there is no such revision or part.
    """
    checkout = checkout_folder()
    if checkout is None:
        raise RevisionError("a revision needs a checkout of the project, with git; an installed package has one alone")
    # After --end-of-options no revision is taken for an option.
    command = ["git", "-C", str(checkout), "archive", "--format=zip", "--end-of-options", f"{revision}^{{commit}}"]
    try:
        archive = subprocess.run([*command, *([part] if part else [])], capture_output=True, check=True).stdout
    except FileNotFoundError:
        raise RevisionError("a revision needs git, which is not installed") from None
    except subprocess.CalledProcessError as error:
        reason = error.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise RevisionError(f"there is no revision {revision!r} in {checkout}: {reason}") from None
    # Not a tar: before Python 3.11.4 its members may lead out of the folder.
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        files.extractall(folder)
