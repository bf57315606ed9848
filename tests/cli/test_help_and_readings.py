import re
from importlib.metadata import version

import click
import pytest

from pyreport.cli import main
from pyreport.files.places import policy_folder
from pyreport.rulebook.loading import load_rulebook, readings

from .command import answered, refused, run, table

READINGS = readings(policy_folder())


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_has_help_with_an_example_that_names_it(command):
    text = answered(command, "--help").stdout
    assert re.search(rf"^  Example: pyreport {'decide' if command == 'readings' else command} ", text, re.MULTILINE)


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_option_of_a_command_says_what_it_is_for(command):
    options = [option for option in main.commands[command].params if isinstance(option, click.Option)]
    # A choice of formats explains itself.
    assert [option.name for option in options if not option.help and not isinstance(option.type, click.Choice)] == []


def test_an_unknown_command_or_option_is_refused():
    assert "No such command" in refused("divine")
    assert "No such option" in refused("decide", "--guess")


def test_every_reading_is_listed_with_what_it_says_and_why_it_was_rejected():
    text = answered("readings").stdout
    assert len(READINGS) >= 4
    for name in READINGS:
        reading = load_rulebook(policy_folder(), name).reading
        assert f"{name}\n  {reading.says}.\n  Rejected: {reading.rejected}.\n" in text


@pytest.mark.parametrize("name", READINGS)
def test_every_reading_decides_the_same_leas_and_some_of_them_otherwise_than_the_rules_do(name):
    counties = ("--county", "Humboldt", "--county", "Los Angeles")
    rows = table(answered("decide", *counties, "--reading", name).stdout)
    usual = table(answered("decide", *counties).stdout)
    leas = [[(row["dashboard_year"], row["cds"]) for row in some] for some in (rows, usual)]
    assert leas[0] == leas[1]
    flags = ("persistent_52072", "persistent_52071f")
    assert [[row[flag] for flag in flags] for row in rows] != [[row[flag] for flag in flags] for row in usual]


def test_an_unknown_reading_is_refused_with_those_there_are():
    message = refused("decide", "--reading", "none such")
    for name in READINGS:
        assert name in message


def test_the_version_is_that_of_the_installed_distribution():
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"pyreport, version {version('california-system-of-support')}\n")
