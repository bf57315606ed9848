"""The command that checks pages and graphs: ``verify``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pyreport.cli import options
from pyreport.cli.command import Command
from pyreport.errors import BAD_INPUT, FOUND

if TYPE_CHECKING:
    from pyreport.cli.inputs import Inputs
    from pyreport.verification.verifier import Evidence

__all__ = ["verify"]

_OWN = "own"
"""What ``--record`` is without a folder."""


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, type=options.EXISTING)
@click.option(
    "--record",
    is_flag=False,
    flag_value=_OWN,
    metavar="[DIR]",
    help="Find every fact in the record in this folder, or without DIR in the project's own. Give it after FILES.",
)
@options.inputs(reading=False)
@click.option(
    "--at",
    "revision",
    metavar="REVISION",
    help="Verify by the whole program of this revision of the checkout, such as a tag: for pages that it made.",
)
@options.jobs
def verify(
    files: tuple[Path, ...],
    record: str | None,
    inputs: Inputs,
    revision: str | None,
    jobs: int | None,
) -> None:
    """Check files of a run, a whole folder of them, or graphs: the proof, the law it quotes, and what is shown.

    The proof checker, which uses nothing of what made the graph, replays every derivation; none may be missing, and
    every quotation must stand in the authorities. Each file is made again from its proof and must be the
    same, byte for byte. With --record or --evidence every fact must stand in its cell, and no other; evidence is laid
    over the record if both are given, and --without and --complete say how the page was made. The exit status is 1 if
    a file is not verified, 2 if one holds no graph that can be read.

    Example: pyreport verify build/27-monterey.html --record
    """
    from pyreport.cli.output import comma_separated, echo

    if revision is not None:
        from pyreport.verification.revision import run_at

        arguments = _arguments(inputs, jobs)
        sys.exit(run_at(revision, ["verify", *(str(path.absolute()) for path in files), *arguments, *_record(record)]))
    from pyreport.files.places import policy_folder
    from pyreport.verification.verifier import Verifier

    evidence = _evidence(record, inputs)
    results = Verifier(inputs.policy or policy_folder(), evidence, jobs or os.cpu_count() or 1).verify(files)
    folders = {path for path in files if path.is_dir()}
    empty = [str(folder) for folder in folders if not any(folder in result.path.parents for result in results)]
    if empty:
        raise click.UsageError(f"{comma_separated(empty)}: no proof, and no page or data of a county, is there.")
    same = 0
    for result in results:
        # Of a whole folder, what is the same is counted: each proof is told once.
        if result.holds and not result.is_proof and folders & set(result.path.parents):
            same += 1
        else:
            echo(str(result), error=result.unreadable)
    if same:
        echo(f"{same} files are the same, byte for byte, made again from their proofs.")
    if any(result.unreadable for result in results):
        sys.exit(BAD_INPUT)
    if any(not result.holds for result in results):
        sys.exit(FOUND)


def _arguments(inputs: Inputs, jobs: int | None) -> list[str]:
    """The options as words of a command line, for the program of another revision."""
    given = inputs.evidence
    values = [
        ("--evidence", given.files if given else ()),
        ("--without", given.without if given else ()),
        ("--complete", given.complete if given else ()),
        ("--case", [path.absolute() for path in inputs.case_files]),
        ("--policy", [inputs.policy.absolute()] if inputs.policy else []),
        ("--jobs", [jobs] if jobs else []),
    ]
    return [word for option, of_option in values for value in of_option for word in (option, str(value))]


def _record(record: str | None) -> list[str]:
    """``--record`` as words of a command line: last, where without a folder it takes no other word for one."""
    return [] if record is None else ["--record"] if record == _OWN else ["--record", record]


def _evidence(record: str | None, inputs: Inputs) -> Evidence | None:
    """Where the facts are to be found; ``None`` if that was not asked for."""
    from dataclasses import replace

    from pyreport.cli.inputs import read_case_files
    from pyreport.evidence.readers.given import Given

    given = inputs.evidence or Given()
    if record is None and not given.files:
        if inputs.case_files:
            raise click.UsageError(
                "--case finds the facts of case files; say by --record or --evidence where the others stand."
            )
        return None
    from pyreport.evidence.record import Record
    from pyreport.evidence.record_reading import read_record, record_folder
    from pyreport.verification.verifier import Evidence

    evidence, places = Record({}), []
    if record is not None:
        folder = record_folder() if record == _OWN else Path(record)
        evidence, places = read_record(folder), [f"the record in {folder}"]
    if given.files:
        from pyreport.evidence.readers.files import read_evidence

        read = read_evidence(map(Path, given.files))
        evidence = evidence.updated(read) if places else read
        places += given.files
    evidence = replace(evidence, complete=frozenset(given.complete)).without(given.without)
    case = read_case_files(inputs.case_files, inputs.rulebook, evidence) if inputs.case_files else {}
    return Evidence(evidence, case, ", ".join([*places, *map(str, inputs.case_files)]))
