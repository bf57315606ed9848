"""Run a command by the program of another revision of the checkout: its code, policy, notebooks and templates."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

from pyreport.files.locks import scratch_folder
from pyreport.files.revisions import unpack_revision

__all__ = ["run_at"]

_PROGRAM = "import sys; sys.path.insert(0, sys.argv.pop(1)); from pyreport.cli import main; main(prog_name='pyreport')"


def run_at(revision: str, arguments: Sequence[str]) -> int:
    """Run ``pyreport`` with ``arguments`` by the program of ``revision``, in this folder, and return its exit status.

    Raises:
        RevisionError: This is no checkout, git is not installed, or there is no such revision.
    """
    with scratch_folder() as folder:
        unpack_revision(revision, folder)
        return subprocess.run([sys.executable, "-P", "-c", _PROGRAM, str(folder), *arguments], check=False).returncode
