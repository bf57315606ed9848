"""What commands print or write: text for a terminal or a file, and JSON."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

__all__ = ["Output", "as_json", "comma_separated", "echo", "message"]


@dataclass(frozen=True)
class Output:
    """The form in which a command answers, and where to.

    Attributes:
        form: The value of ``--format``, such as ``text``, ``json`` or ``csv``; empty where there is one form alone.
        path: The file to write; standard output if ``None``.
    """

    form: str
    path: Path | None

    def write(self, text: str) -> None:
        """Write ``text``. A file is replaced as a whole, or stays as it was.

        Raises:
            OSError: Not all could be written.
        """
        if self.path is not None:
            from pyreport.files.writing import write_file

            write_file(self.path, text)
            return
        try:
            echo(text, newline=False)
        except OSError as error:
            reason = "it is closed" if error.errno == errno.EBADF else error.strerror
            raise OSError(error.errno, f"{reason}; not all was written", "standard output") from error


def as_json(data: Any) -> str:
    """``data`` as JSON text that ends with a line feed."""
    import json

    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def comma_separated(items: Iterable[object]) -> str:
    """The items as text, with a comma and a space between them."""
    return ", ".join(map(str, items))


def echo(text: str, *, error: bool = False, newline: bool = True) -> None:
    r"""Print to standard output or standard error; control characters are written out as in JSON (``\\u001b``).

    Names and texts in the files of others may hold characters that a terminal obeys.
    """
    from pyreport.evidence.readers.control_characters import visible

    click.echo(visible(text), err=error, nl=newline)


def message(text: str) -> None:
    """Print a message to standard error, as ``echo`` does."""
    echo(text, error=True)
