"""Commands on case files: ``case new`` and ``case check``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pyreport.cli import options
from pyreport.cli.command import Command

if TYPE_CHECKING:
    from pyreport.cli.output import Output

__all__ = ["case"]


@click.group()
def case() -> None:
    """Write and check case files: what no file of CDE's prints, with the document that shows it.

    Example: pyreport case new 27102720000000
    """


@case.command("new", cls=Command)
@options.lea
@click.option("--all", "whole", is_flag=True, help="All steps of every pathway, not the first of each alone.")
@options.policy
@options.output()
def new(lea: str, whole: bool, policy: Path | None, output: Output) -> None:
    """Write a case file for an LEA (CDS code or name): the entries that it can need, all in comments.

    Example: pyreport case new 27102720000000 --output case.yaml
    """
    from pyreport.cli.inputs import Inputs
    from pyreport.following.case_template import case_template

    inputs = Inputs(policy=policy)
    rulebook, record = inputs.rulebook, inputs.record
    output.write(case_template(rulebook, record, inputs.cds_code(lea, None), whole=whole))


@case.command("check", cls=Command)
@click.argument("files", nargs=-1, required=True, type=options.EXISTING)
@options.policy
def check(files: tuple[Path, ...], policy: Path | None) -> None:
    """Check case files: entries, dates, and that events stand where the law has them. All problems are listed together.

    Example: pyreport case check case.yaml
    """
    from pyreport.cli.inputs import Inputs
    from pyreport.cli.output import message

    facts = Inputs(case_files=files, policy=policy).case
    if not facts:
        return
    events = sum(predicate == "event" for predicate, *_ in facts)
    others = sum(predicate not in ("event", "event_under") for predicate, *_ in facts)
    counted = [f"{n} {what}" + ("s" if n != 1 else "") for n, what in ((events, "event"), (others, "other fact"))]
    message(f"In order: {' and '.join(counted)}.")
