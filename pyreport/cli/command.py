"""The class of all commands: how a command ends that meets an error."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click

from pyreport.errors import BAD_INPUT, UNFINISHED, PyreportError

__all__ = ["Command", "fail"]

_WRONG_PLACE = (FileExistsError, FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError)
"""Errors of the system that another name, or other permissions, would mend."""


class Command(click.Command):
    """A command that ends with a message and an exit status, without a traceback, when it meets an error for people."""

    def make_context(self, *args: Any, **options: Any) -> click.Context:
        """Read the arguments, as ``click.Command`` does.

        Raises:
            click.ClickException: Wrong use; its message can be shown on a terminal.
        """
        with _visible_errors():
            return super().make_context(*args, **options)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command.

        Raises:
            click.ClickException: Wrong use; its message can be shown on a terminal.
            SystemExit: An error for people, or of the system; the message was printed.
        """
        import gc

        # A command makes many small tuples, none of them in circles, and ends soon.
        gc.disable()
        try:
            with _visible_errors():
                return super().invoke(ctx)
        except PyreportError as error:
            fail(str(error), error.exit_status)
        except OSError as error:
            if error.errno == errno.EPIPE:
                # The reader of standard output has stopped, so a message would reach nobody.
                sys.exit(UNFINISHED)
            place = error.filename2 or error.filename
            place = os.fsdecode(place) if isinstance(place, str | bytes) else place
            fail(
                f"{place}: {error.strerror or error}" if place else str(error),
                BAD_INPUT if isinstance(error, _WRONG_PLACE) else UNFINISHED,
            )


def fail(text: str, status: int = BAD_INPUT) -> NoReturn:
    """Print a message to standard error, if there is one, and end with this exit status.

    Raises:
        SystemExit: Always.
    """
    if text:
        from pyreport.cli.output import message

        message(text)
    sys.exit(status)


@contextmanager
def _visible_errors() -> Iterator[None]:
    """Write out the control characters in messages of wrong use, which click prints itself."""
    try:
        yield
    except click.ClickException as error:
        from pyreport.evidence.readers.control_characters import visible

        error.message = visible(error.message)  # type: ignore[misc]
        raise
