"""The command that says where rules apply, and how far the others get."""

import json

import pytest

from .command import answered, refused

MONTEREY = ("coverage", "--county", "Monterey", "--year", "2024")
ONE = ("--rule", "criteria.two-priorities", "--rule", "calpads.not-certified")

CASES = """\
topic: Two districts
cases:
  - name: A group of two priorities meets the criteria
    dashboard_year: 2024
    kind: district
    letters: {2024: {HOM: C}}
    concludes: [kind district]
    rules: [criteria.two-priorities]
  - name: Without letters no group does
    dashboard_year: 2024
    kind: district
    letters: {2024: {}}
    concludes: [kind district]
    not_rules: [criteria.two-priorities]
  - name: Under a reading the window is another
    reading: ec-52072-calendar-window
    dashboard_year: 2024
    kind: district
    letters: {2024: {HOM: C}}
    concludes: [kind district]
    rules: [criteria.two-priorities]
"""


def test_a_rule_is_told_with_the_leas_of_a_year_and_with_the_condition_at_which_it_ends():
    result = answered(*MONTEREY, *ONE)
    assert result.stdout == (
        "calpads.not-certified (eligibility/calpads.lp:11)\n"
        "  2024: applies to none; the first of its 5 conditions holds for none: calpads_not_certified(LEA, Year)\n"
        "    all hold but calpads_not_certified(LEA, Year), for 25 LEAs, such as 27102720000000 Monterey County Office "
        "of Education\n"
        "\n"
        "criteria.two-priorities (criteria/state_priorities.lp:139)\n"
        "  applies to 7 in 2024\n"
        "\n"
    )
    assert result.stderr == "Rules about LEAs, with the LEAs on record of 2024: 1 of 2 apply to some.\n"


def test_with_all_every_lea_is_named_and_without_those_that_apply_nowhere():
    assert "    27661590000000 Salinas Union High\n" in answered(*MONTEREY, *ONE, "--all").stdout
    assert "criteria.two-priorities" not in answered(*MONTEREY, *ONE, "--never").stdout


def test_dashboards_of_which_the_same_is_to_say_are_told_once():
    result = answered("coverage", "--county", "Alpine", "--rule", "charters.identified")
    assert "  2017, 2018, 2019, 2022: applies to none; the first of its 4 conditions holds for none" in result.stdout


def test_the_same_is_data():
    data = json.loads(answered(*MONTEREY, *ONE, "--format", "json").stdout)
    assert data["columns"] == [{"dashboard_year": 2024, "number": 40}]
    calpads, two = data["rules"]
    assert (calpads["rule"], calpads["reach"][0]["applies_to"], len(calpads["conditions"])) == (
        "calpads.not-certified",
        0,
        5,
    )
    assert calpads["reach"][0]["one_condition_short"] == [
        {
            "conditions": 4,
            "number": 25,
            "example": {"cds": "27102720000000", "name": "Monterey County Office of Education"},
            "missing": "calpads_not_certified(LEA, Year)",
        }
    ]
    assert {"cds": "27661590000000", "name": "Salinas Union High"} in two["reach"][0]["leas"]
    assert two["reach"][0]["furthest"] is None


def test_written_cases_are_told_by_file_and_line_those_of_a_reading_for_its_own_rules(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(CASES, encoding="utf-8")
    result = answered("coverage", "--cases", str(path), "--rule", "criteria.two-priorities")
    assert result.stdout == (
        "criteria.two-priorities (criteria/state_priorities.lp:139)\n"
        "  applies to 1 case:\n"
        f"    {path}:3: A group of two priorities meets the criteria\n"
        "\n"
    )
    assert result.stderr == "Rules about LEAs, with 3 cases: 1 of 1 apply to some.\n"
    data = json.loads(answered("coverage", "--cases", str(path), "--format", "json").stdout)
    assert data["columns"] == [
        {"reading": None, "number": 2},
        {"reading": "ec-52072-calendar-window", "number": 1},
    ]
    of_reading = [rule for rule in data["rules"] if rule["file"] == "readings/ec-52072-calendar-window.lp"]
    assert all([one["reading"] for one in rule["reach"]] == ["ec-52072-calendar-window"] for rule in of_reading)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["own.yaml"], "write --cases with them"),
        (["--cases", "--year", "2024"], "leave out --year and --county"),
        (["--cases", "--without", "letters"], "which have their own facts"),
        (["--rule", "criteria.two-prioritys"], "did you mean criteria.two-priorities"),
        (["--rule", "obligations.provide"], "concludes nothing of an LEA"),
        (["--year", "2016"], "2016"),
    ],
)
def test_wrong_use_is_refused(tmp_path, monkeypatch, arguments, told):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.yaml").write_text(CASES, encoding="utf-8")
    assert told in refused("coverage", *arguments)
