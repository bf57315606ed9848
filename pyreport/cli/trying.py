"""The command that tries written cases of the law: ``test``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pyreport.cli import options
from pyreport.cli.command import Command
from pyreport.errors import FOUND

if TYPE_CHECKING:
    from pyreport.cli.output import Output

__all__ = ["test"]


@click.command(cls=Command)
@click.argument("files", nargs=-1, type=options.EXISTING)
@options.policy
@click.option("--schema", is_flag=True, help="Write the JSON schema of a file of cases, for editors, and try nothing.")
@options.everything
@options.output("text", "json")
def test(files: tuple[Path, ...], policy: Path | None, schema: bool, everything: bool, output: Output) -> None:
    """Try written cases: facts of a made-up LEA, and what must follow from them by the rules.

    FILES are YAML files, or folders of them; without, those in tests/cases beside the folder of the policy. A case that
    fails is printed once: its file and line, what was expected, what came out, and why, in numbered steps. The exit
    status is 1 if one fails.

    Example: pyreport test tests/cases/ec_52071f.yaml
    """
    from pyreport.cases.files import case_paths, schema_text
    from pyreport.cases.trying import try_cases
    from pyreport.cli.output import as_json, message
    from pyreport.files.places import policy_folder

    if schema:
        output.write(schema_text())
        return
    folder = policy or policy_folder()
    tried = try_cases(case_paths(files, folder), folder, everything=everything)
    if output.form == "json":
        output.write(as_json({"cases": tried.number, "failures": [failure.data() for failure in tried.failures]}))
    else:
        output.write("\n".join(failure.text() for failure in tried.failures))
    message(f"{tried}.")
    if tried.failures:
        sys.exit(FOUND)
