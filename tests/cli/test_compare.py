"""``pyreport compare``: what it prints, as what it ends, and what it refuses."""

import json

import pytest

from pyreport.files.places import policy_folder

from .command import refused, run

ONE_LEA = ("--on", 2024, "--lea", "27661590000000", "--jobs", 1)
BY_YEAR = ("compare", "year:2024", "year:2025", *ONE_LEA, "--without", "letters")


def test_what_differs_is_told_with_both_derivations_and_ends_with_status_1():
    result = run(*BY_YEAR)
    assert result.exit_code == 1
    assert result.stdout.startswith("year:2024 and year:2025 differ on the 2024 Dashboard in ")
    assert "-criterion(2024, 4, elpi_red, english_learners_and_long_term)." in result.stdout
    assert "  Statuses                                 1       1             0  Salinas Union High\n" in result.stdout
    assert "By year:2024:\n        1. The 2024 status of Salinas Union High is" in result.stdout
    assert "By year:2025, it does not hold:\n      - The 2024 status of Salinas Union High is not" in result.stdout
    assert max(len(line) for line in result.stdout.split("\n") if "% @" not in line) <= 118


def test_one_policy_and_itself_do_not_differ_and_that_ends_with_status_0():
    result = run("compare", policy_folder(), "year:2024", *ONE_LEA)
    assert result.exit_code == 0
    assert "do not differ: the same rules, and the same conclusions of 1 LEA on 2024.\n" in result.stdout
    assert "The texts do not differ.\n" in result.stdout


def test_as_json_it_says_the_same():
    result = run(*BY_YEAR, "--format", "json", "--examples", 0)
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert document["differs"]
    assert document["without"] == ["letters"]
    assert [group["examples"] for group in document["by_rules"]] == [[]] * len(document["by_rules"])


def test_everything_writes_what_was_only_renamed_and_each_conclusion():
    short, whole = run(*BY_YEAR, "--examples", 0).stdout, run(*BY_YEAR, "--examples", 0, "--all").stdout
    assert "  Only renamed, reordered or moved: criteria.2024.local, " in short
    assert "  criteria.2025.p6.suspension-red (before: criteria.2024.p6.suspension-red, " in whole.replace(
        "\n", " "
    ) or ("  criteria.2025.p6.suspension-red: only renamed, reordered or moved" in whole)
    assert len(whole) > len(short)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nothing", "year:2024", *ONE_LEA), "nothing is no policy: write a folder, a git revision"),
        (("year:2024", "reading:nothing", *ONE_LEA), "there is no reading 'nothing'; known are ec-52071-f"),
        (("year:2026", "year:2024", *ONE_LEA), "No criteria are encoded for the 2026 Dashboard"),
        (("year:2024", "year:2025", "--on", 2021), "The record holds no facts of the 2021 Dashboard"),
        (("year:2024", "year:2025", "--on", 2024, "--as-of", "soon"), "--as-of: soon is no date"),
    ],
)
def test_wrong_use_is_refused_with_what_to_write(arguments, words):
    assert words in refused("compare", *arguments)
