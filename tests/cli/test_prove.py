"""``pyreport prove``: what it prints, and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from .command import refused, run

VARIANTS = Path(__file__).resolve().parents[1] / "comparison" / "variants"
SMALL = ("--years", "1", "--groups", "1", "--about", "eligible")


def test_a_difference_is_printed_as_a_case_file_and_ends_with_1(tmp_path):
    result = run("prove", VARIANTS / "any-single-red.lp", *SMALL, "--output", tmp_path / "found.yaml")
    assert result.exit_code == 1
    assert "Checked: " in result.stderr
    text = (tmp_path / "found.yaml").read_text(encoding="utf-8")
    assert text.startswith("# the policy and ")
    (case,) = yaml.safe_load(text)["cases"]
    (colors,) = case["colors"][2025].values()
    assert list(colors.values()) == ["red"]
    assert case["does_not_conclude"] == ["2025 eligible"]


def test_an_equal_policy_is_proved_equal_with_the_scope_and_its_limits():
    result = run("prove", VARIANTS / "equal-renamed.lp", *SMALL)
    assert result.exit_code == 0
    text = " ".join(result.stdout.split())
    assert text.startswith("No LEA in scope: the policy and ")
    assert "each district with Dashboards of 2025 alone, taken by figures, and with at most 1 student group." in text
    assert "each student group, such as" in text
    assert "[made-up.level-without-color]" in text
    assert "Not looked at, and not on record: calpads_not_certified" in text


def test_two_policies_are_held_against_each_other():
    result = run("prove", VARIANTS / "any-single-red.lp", VARIANTS / "indicators-counted.lp", *SMALL)
    assert result.exit_code == 1
    assert "any-single-red.lp alone: " in " ".join(result.stdout.replace("#", "").split())
    (case,) = yaml.safe_load(result.stdout)["cases"]
    assert case["reading"] == "any-single-red"


def test_the_criteria_of_two_years_and_a_revision_are_told_apart_too():
    of_years = run("prove", "year:2024", "year:2025", "--years", "1", "--groups", "1")
    assert of_years.exit_code == 1
    assert "year:2024 and year:2025 differ on this made-up LEA" in of_years.stdout
    assert "LTEL" in of_years.stdout
    of_a_revision = run("prove", "HEAD", "--years", "1", "--groups", "0")
    assert "Looked through: each district with Dashboards of 2025 alone" in of_a_revision.stdout


def test_the_same_answer_is_the_same_bytes():
    first, again = (run("prove", VARIANTS / "any-single-red.lp", *SMALL).stdout for _ in range(2))
    assert first == again


@pytest.mark.parametrize(
    ("question", "status", "says"),
    [
        (("--never-needed", "persistence.52072.three-known-groups"), 0, "agree on eligible"),
        (("--never-needed", "eligibility.method-1"), 1, "By the policy alone: "),
        (("--never-together", "eligibility.second-year", "eligibility.identified"), 0, "never apply together"),
        (("--never-together", "eligibility.method-1", "eligibility.identified"), 1, "apply together"),
        (("--monotone",), 0, "better figures never bring eligible"),
    ],
)
def test_each_question_is_answered(question, status, says):
    result = run("prove", *question, "--years", "1", "--groups", "1")
    assert result.exit_code == status, result.output
    assert says in " ".join(result.stdout.replace("#", "").split())


def test_better_figures_can_be_asked_about_a_value():
    result = run("prove", "--monotone", "--about", "persistent_52072=yes", "--years", "1", "--groups", "1")
    assert result.exit_code == 0
    assert "never bring persistent_52072 (yes)" in " ".join(result.stdout.split())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Give a policy to hold against the project's own"),
        (("--monotone", "--never-needed", "x"), "ask one"),
        (("a", "b", "c"), "3 policies are given"),
        (("nowhere",), "nowhere is no policy: write a folder, a git revision"),
        (("reading:nothing",), "known are ec-52071-f-calendar-years"),
        (("--never-needed", "eligibility.method-11"), "did you mean eligibility.method-1"),
        (("--never-together", "eligibility.method-1", "thresholds.different-priorities"), "is a fact of the policy"),
        (("--monotone", "--about", "eligibel"), "did you mean eligible"),
        (("--monotone", "--about", "regime"), "write a conclusion about an LEA"),
        (("--monotone", "--about", "eligible", "--about", "status=x"), "asks about one predicate"),
        (("--monotone", "--year", "2021"), "No policy has determinations of the 2021 Dashboard"),
    ],
)
def test_wrong_use_says_what_to_do(arguments, says):
    assert says in " ".join(refused("prove", *arguments).split())


def test_a_search_without_enough_time_ends_with_3():
    result = run("prove", "--monotone", "--groups", "4", "--limit", "0.1")
    assert result.exit_code == 3
    assert "give more time with --limit" in " ".join(result.stderr.split())
