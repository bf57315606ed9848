"""The options that several commands have, each declared once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

__all__ = [
    "DATE",
    "EXISTING",
    "FOLDER",
    "PATH",
    "county",
    "everything",
    "inputs",
    "jobs",
    "lea",
    "output",
    "policy",
    "year",
]

_Decorator = Callable[[Any], Any]

PATH = click.Path(path_type=Path)
EXISTING = click.Path(path_type=Path, exists=True)
FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
DATE = "YYYY-MM-DD"

lea = click.argument("lea", metavar="LEA")
year = click.option("--year", type=int, help="Dashboard year (default: the newest on record).")
county = click.option("--county", "counties", multiple=True, help="Only this county: a name or a code. Repeatable.")
policy = click.option(
    "--policy",
    type=FOLDER,
    metavar="FOLDER",
    help="The policy in this folder, such as a draft, instead of the project's own.",
)
jobs = click.option("--jobs", type=click.IntRange(1), help="Pages made at the same time (default: one a processor).")

_evidence = click.option(
    "--evidence",
    type=EXISTING,
    multiple=True,
    help="A further file of CDE's, or a folder of them, beside the record. Repeatable.",
)
_without = click.option(
    "--without",
    type=click.Choice(["letters", "figures", "red-list", "local-indicators", "published"]),
    multiple=True,
    help="Decide as if this kind of evidence were not on record; `published` are CDE's statuses and flags. Repeatable.",
)
_complete = click.option(
    "--complete",
    multiple=True,
    metavar="COUNTY",
    help="The Dashboard files have all rows of this county: what has none there has no figures. Repeatable.",
)
_case = click.option(
    "--case",
    "case_files",
    type=EXISTING,
    multiple=True,
    help="A YAML file of case facts that no file of CDE's prints; see the README. Repeatable.",
)
_reading = click.option("--reading", help="Decide by this alternative reading of the law; see `pyreport readings`.")
_of_folder = policy  # In `inputs` the name is that of the argument.
_file = click.option("--output", type=PATH, help="Write into this file instead of standard output.")


everything = click.option("--all", "everything", is_flag=True, help="Write every step and every passage.")


def inputs(*, reading: bool = True) -> _Decorator:
    """The options that say from which evidence and by which rules to decide, as one argument ``inputs`` (``Inputs``).

    Args:
        reading: Whether the command has ``--reading``.
    """

    def decorate(command: Any) -> Any:
        @wraps(command)
        def with_inputs(
            *args: Any,
            evidence: tuple[Path, ...],
            without: tuple[str, ...],
            complete: tuple[str, ...],
            case_files: tuple[Path, ...],
            policy: Path | None,
            reading: str | None = None,
            **options: Any,
        ) -> Any:
            from pyreport.cli.inputs import Inputs, county_of
            from pyreport.evidence.readers.given import Given

            given = Given.of(evidence, without, map(county_of, complete))
            return command(*args, inputs=Inputs(given, case_files, reading, policy), **options)

        rules = [*([_reading] if reading else []), _of_folder]
        return _with_options(with_inputs, _evidence, _without, _complete, _case, *rules)

    return decorate


def output(*forms: str) -> _Decorator:
    """The options on form and place of the answer, as one argument ``output`` (``Output``).

    Args:
        forms: The values of ``--format``, the default first; none where the command has no such option.
    """
    form = click.option("--format", "form", type=click.Choice(forms), default=next(iter(forms), ""), show_default=True)

    def decorate(command: Any) -> Any:
        @wraps(command)
        def with_output(*args: Any, output: Path | None, form: str = "", **options: Any) -> Any:
            from pyreport.cli.output import Output

            return command(*args, output=Output(form, output), **options)

        return _with_options(with_output, *([form] if forms else []), _file)

    return decorate


def _with_options(command: Any, *options: _Decorator) -> Any:
    """Add the options to the command; its help lists them in this order."""
    for option in reversed(options):
        command = option(command)
    return command
