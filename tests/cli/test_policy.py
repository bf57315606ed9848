"""``--policy``: every command that decides can decide by the policy in another folder."""

from __future__ import annotations

import shutil

import click
import pytest

from pyreport.cli import main
from pyreport.files.places import policy_folder

from .command import run

DECIDING = {
    "decide": ("--county", "Monterey", "--year", "2024"),
    "explain": ("27102720000000", "--year", "2024"),
    "reconcile": ("--county", "Monterey", "--year", "2024"),
    "support": ("27661420000000", "--as-of", "2025-03-01"),
    "why-not": ("27659950000000", "--year", "2024"),
}
WITHOUT = {"case", "fetch", "ingest", "pdf"}
"""Those read or print files, by no rule; the commands of the group `case` have the option, the group has not."""


@pytest.fixture(scope="module")
def draft(tmp_path_factory):
    """The project's policy, but one priority suffices."""
    folder = shutil.copytree(policy_folder(), tmp_path_factory.mktemp("drafts") / "draft")
    file = folder / "parameters" / "thresholds.lp"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("threshold(different_priorities, 2)", "threshold(different_priorities, 1)"), "utf-8")
    return folder


@pytest.mark.parametrize("command", DECIDING)
def test_a_command_decides_by_the_policy_of_the_folder_that_is_named(draft, command):
    own, other = (run(command, *DECIDING[command], *more) for more in ((), ("--policy", draft)))
    assert own.exit_code == other.exit_code or command == "reconcile"
    assert own.stdout != other.stdout
    assert run(command, *DECIDING[command], "--policy", policy_folder()).stdout == own.stdout


@pytest.mark.usefixtures("no_kernels")
def test_a_page_is_made_by_the_policy_of_the_folder_and_verified_by_it(draft, tmp_path):
    made = run("report", "--county", "Alpine", "--year", "2024", "--policy", draft, "--output", tmp_path, "--jobs", "1")
    assert made.exit_code == 0, made.output
    page = tmp_path / "02-alpine.html"
    assert run("verify", page, "--policy", draft).exit_code == 0
    by_own = run("verify", page)
    assert by_own.exit_code == 1
    assert "parameters/thresholds.lp differs" in by_own.stdout


@pytest.mark.parametrize("name", sorted(set(main.commands) - WITHOUT))
def test_every_command_that_reads_the_policy_has_the_option_with_the_same_words(name):
    command = main.commands[name]
    options = {one.name: one for one in command.params if isinstance(one, click.Option)}
    assert options["policy"].help == "The policy in this folder, such as a draft, instead of the project's own."


@pytest.mark.parametrize("command", sorted(DECIDING))
def test_a_folder_without_a_policy_is_refused(tmp_path, command):
    result = run(command, *DECIDING[command], "--policy", tmp_path)
    assert result.exit_code == 2
    assert "authorities.yaml" in result.stderr
