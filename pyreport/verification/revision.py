"""Run a command by the program of another revision of the checkout: its code, policy, notebooks and templates."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Sequence

from pyreport.errors import PyreportError
from pyreport.files.locks import scratch_folder
from pyreport.files.places import checkout_folder

__all__ = ["RevisionError", "run_at"]

_PROGRAM = "import sys; sys.path.insert(0, sys.argv.pop(1)); from pyreport.cli import main; main(prog_name='pyreport')"


class RevisionError(PyreportError):
    """The program of the revision cannot be had; the message says why."""


def run_at(revision: str, arguments: Sequence[str]) -> int:
    """Run ``pyreport`` with ``arguments`` by the program of ``revision``, in this folder, and return its exit status.

    Raises:
        RevisionError: This is no checkout, git is not installed, or there is no such revision.
    """
    checkout = checkout_folder()
    if checkout is None:
        raise RevisionError("--at needs a checkout of the project, with git; an installed package has one version only")
    try:
        # After --end-of-options no revision is taken for an option.
        command = ["git", "-C", str(checkout), "archive", "--format=zip", "--end-of-options", f"{revision}^{{commit}}"]
        archive = subprocess.run(command, capture_output=True, check=True).stdout
    except FileNotFoundError:
        raise RevisionError("--at needs git, which is not installed") from None
    except subprocess.CalledProcessError as error:
        reason = error.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise RevisionError(f"there is no revision {revision!r} in {checkout}: {reason}") from None
    with scratch_folder() as folder:
        # Not a tar: before Python 3.11.4 its members may lead out of the folder.
        with zipfile.ZipFile(io.BytesIO(archive)) as files:
            files.extractall(folder)
        return subprocess.run([sys.executable, "-P", "-c", _PROGRAM, str(folder), *arguments], check=False).returncode
