"""The command that tries written cases of the law: ``test``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pyreport.cli import options
from pyreport.cli.command import Command, fail
from pyreport.errors import FOUND

if TYPE_CHECKING:
    from pyreport.cli.output import Output

__all__ = ["test"]


@click.command(cls=Command)
@click.argument("files", nargs=-1, type=options.EXISTING)
@options.policy
@click.option("--schema", is_flag=True, help="Write the JSON schema of a file of cases, for editors, and try nothing.")
@click.option(
    "--mutate",
    "changed",
    multiple=True,
    metavar="FILE",
    help="Change each rule in this file of the policy a little, and tell what breaks no case. Repeatable.",
)
@options.everything
@options.output("text", "json")
def test(
    files: tuple[Path, ...],
    policy: Path | None,
    schema: bool,
    changed: tuple[str, ...],
    everything: bool,
    output: Output,
) -> None:
    """Try written cases: facts of a made-up LEA, and what must follow from them by the rules.

    FILES are YAML files, or folders of them; without, those in tests/cases beside the folder of the policy. A case that
    fails is printed once: its file and line, what was expected, what came out, and why, in numbered steps. The exit
    status is 1 if one fails.

    With --mutate the rules are tried instead: each condition of a rule is left out, negated or moved by one, each fact
    taken away, and some case must then fail. What changes nothing is listed in without_effect.yaml of the policy, with
    the reason and, but for a few, a check, which is made. The exit status is 1 if a change breaks no case and is not
    listed, or its check fails.

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
    if changed:
        _try_changes(changed, case_paths(files, folder), folder, output)
        return
    tried = try_cases(case_paths(files, folder), folder, everything=everything)
    if output.form == "json":
        output.write(as_json({"cases": tried.number, "failures": [failure.data() for failure in tried.failures]}))
    else:
        output.write("\n".join(failure.text() for failure in tried.failures))
    message(f"{tried}.")
    if tried.failures:
        sys.exit(FOUND)


def _try_changes(changed: tuple[str, ...], cases: list[Path], policy: Path, output: Output) -> None:
    """Change the rules of some files and print what breaks no case."""
    from pyreport.cli.output import as_json, message
    from pyreport.comparison.tried_changes import try_changes

    names = [_within(policy, name) for name in changed]
    tried = try_changes(names, cases, policy)
    if output.form == "json":
        counts = {
            "changes": tried.number,
            "broken": tried.broken,
            "proved": tried.proved,
            "not_proved": tried.not_proved,
        }
        output.write(as_json({**counts, "faults": [fault.data() for fault in tried.faults]}))
    else:
        output.write("".join(f"{fault}\n" for fault in tried.faults))
    message(f"{tried}.")
    if tried.faults:
        sys.exit(FOUND)


def _within(policy: Path, name: str) -> str:
    """The path of a file of the policy from its folder; it is given so, or as a path from here."""
    for path in (Path(name), policy / name):
        if path.is_file() and path.suffix == ".lp" and path.resolve().is_relative_to(policy.resolve()):
            return path.resolve().relative_to(policy.resolve()).as_posix()
    fail(f"--mutate {name}: there is no such file of rules (.lp) in {policy}.")
