"""Where the program starts and how it ends: its streams, signals and exit status.

Until the handler of Ctrl-C is set, only modules are imported that the interpreter has loaded already. Therefore the
handler is set through ``_signal``: the module ``signal``, which wraps it in enumerations, would have to be imported.
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
    # The process may end at any moment: files are written atomically, and the next run removes temporary ones. So no
    # exception needs to pass through the libraries. A report, which has processes to end, sets a handler of its own.
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
    # While the interpreter shuts down, its own handler would be active again.
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
        # Raised where click itself prints to standard output.
        if not isinstance(error, BrokenPipeError):
            click.echo(f"standard output: {error.strerror}", err=True)
        return UNFINISHED


def _end(_: int, __: FrameType | None) -> None:
    os._exit(INTERRUPTED)


def _end_in_long_calls_too() -> None:
    """Let Ctrl-C end the process while the solver grounds, which may take seconds: Python runs no handler then."""
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
    """Open each standard stream that is closed, so that no other file gets its descriptor; output is UTF-8.

    Writing into a standard output that was closed fails. Output is always buffered: without a buffer, as with
    PYTHONUNBUFFERED, Python reports success when the system writes only the first part of a text.
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
    """Flush standard output; the exit status, which says so if that fails."""
    from pyreport.errors import UNFINISHED

    try:
        sys.stdout.flush()
    except OSError:
        # At its end the interpreter would flush again, and print an error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return status or UNFINISHED
    return status


if __name__ == "__main__":
    main()
