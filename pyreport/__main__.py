"""Where the program starts and how it ends: its streams, signals and exit status.

What is imported here is imported before an interruption can be dealt with, hence nothing that the interpreter has not
loaded by itself: not even ``signal``, whose names are those of ``_signal`` in the dress of an enumeration.
"""

from __future__ import annotations

import io
import os
import sys
from _signal import SIG_IGN, SIGINT, set_wakeup_fd, signal  # type: ignore[import-not-found]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn

__all__ = ["FAULT", "INTERRUPTED", "main"]

FAULT = 4
"""Exit status of a fault of the program itself, which ends with a traceback."""
INTERRUPTED = 128 + SIGINT
"""Exit status after Ctrl-C, as shells have it."""


def main() -> NoReturn:
    """Run the command line and end the process.

    Raises:
        SystemExit: Always, with the exit status that the README lists.
    """
    # At any moment: every file is written at once or not at all, and what else is left the next run removes. So nothing
    # need be unwound, and no library is in the way. A report, which has processes to end, has a handler of its own.
    signal(SIGINT, _end)
    _open_streams()
    _end_in_long_calls_too()
    try:
        status = _status()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0
    except Exception:
        import traceback

        traceback.print_exc()
        status = FAULT
    status = _flushed(status)
    # All is done: while the interpreter puts itself away, its own handler would be back.
    signal(SIGINT, SIG_IGN)
    sys.exit(status)


def _status() -> int:
    import click

    from pyreport.cli import main as command
    from pyreport.errors import UNFINISHED

    try:
        return command(prog_name="pyreport", standalone_mode=False) or 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except OSError as error:
        # Standard output, in what click itself prints.
        if not isinstance(error, BrokenPipeError):
            click.echo(f"standard output: {error.strerror}", err=True)
        return UNFINISHED


def _end(_: int, __: FrameType | None) -> None:
    os._exit(INTERRUPTED)


def _end_in_long_calls_too() -> None:
    """End at once while the solver grounds, which may take seconds: Python runs handlers between its own steps."""
    if sys.platform == "win32":  # There only sockets are woken.
        return
    import threading

    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    set_wakeup_fd(writing)

    def wait() -> None:
        os.read(reading, 1)
        os._exit(INTERRUPTED)

    threading.Thread(target=wait, daemon=True).start()


def _open_streams() -> None:
    """Give each standard stream a place: else the next file that is opened would become it. Output is UTF-8.

    A standard output that is closed stays one into which nothing can be written. It is always buffered: unbuffered, as
    PYTHONUNBUFFERED has it, Python takes it for success when the system writes the first part of a text alone.
    """
    for descriptor, mode in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_RDWR)):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, mode)
    sys.stdout = open(1, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")


def _flushed(status: int) -> int:
    """The exit status after what is still to be written was written, if it can be."""
    from pyreport.errors import UNFINISHED

    try:
        sys.stdout.flush()
    except OSError:
        # The interpreter would try once more, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return status or UNFINISHED
    return status


if __name__ == "__main__":
    main()
