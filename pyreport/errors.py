"""The base class of errors meant for people, and the exit statuses of the command line.

The proof checker imports nothing of this package, so the errors of ``pyreport.proof`` have no common base with these:
whoever calls the checker raises an error of its own instead (``reasoning.decision``, ``verification.verifier``).
"""

from __future__ import annotations

__all__ = ["BAD_INPUT", "FOUND", "UNFINISHED", "PyreportError"]

FOUND = 1
"""Exit status where something was found that needs attention, and of nothing else."""
BAD_INPUT = 2
"""Exit status of wrong use or bad input."""
UNFINISHED = 3
"""Exit status where not all that was asked for could be done: a full disk, a silent server, a lost process."""


class PyreportError(Exception):
    """An error whose message is written for the user: what is wrong, where, what was expected and what to do.

    The command line prints the message without a traceback. Any other exception is a fault of the program.

    Attributes:
        exit_status: The exit status of the command that ends with this error.
    """

    exit_status: int = BAD_INPUT
