"""`pyreport support`: what follows for an LEA as of a date."""

import json

import pytest

from .command import answered, refused

SALINAS = "27661420000000"
CHARTER = "27102720112177"


def test_it_says_the_law_the_provider_the_length_and_the_duties_with_their_derivations():
    text = answered("support", SALINAS, "--as-of", "2026-07-08").stdout
    assert "The law on the date:" in text
    assert "the law of 2023 (SB 114)" in text
    assert "the county office of the county where it is located shall provide it" in text
    assert "can end at the earliest with the release of the 2027 Dashboard" in text
    assert "the district need not send notification letters to parents and guardians" in text
    assert "[duration.at-least-until" in text


def test_what_is_not_on_hand_is_said():
    text = answered("support", SALINAS, "--as-of", "2026-11-01").stdout
    assert "The 2026 criteria are not on hand" in text
    assert "Who the geographic lead for Salinas City Elementary is" in text


def test_a_charter_is_placed_by_the_directory():
    data = json.loads(answered("support", CHARTER, "--as-of", "2025-03-01", "--format", "json").stdout)
    facts = [step["atom"] for step in data["steps"]]
    assert data["as_of"] == "2025-03-01"
    assert "lead_not_on_hand" in data["about"]
    assert ["authorized_by", f'"{CHARTER}"', '"27102720000000"', "county_board"] in facts


def test_the_geographic_lead_that_a_case_file_states_serves_support_in_its_fiscal_year(tmp_path):
    case = tmp_path / "case.yaml"
    case.write_text(
        '- {what: geographic_lead, office: "27102720000000", lead: "54105460000000", '
        "fiscal_year_ends: 2025, document: L}\n",
        encoding="utf-8",
    )
    for lea in (CHARTER, SALINAS):
        result = answered("support", lea, "--as-of", "2025-03-01", "--case", str(case))
        assert "the geographic lead for" in result.stdout
        assert "is that of Tulare County" in result.stdout
        assert "Who the geographic lead" not in result.stdout
        assert "not used" not in result.stderr
    result = answered("support", CHARTER, "--as-of", "2025-07-01", "--case", str(case))
    assert "Who the geographic lead for Monterey Bay Charter is on 1 July 2025 is not on hand" in result.stdout
    assert "case.yaml, line 1: not used: no rule used it" in result.stderr


@pytest.mark.parametrize("date", ["2025-02-31", "2025", "tomorrow"])
def test_a_date_that_is_none_is_refused(date):
    assert "is no date of the calendar" in refused("support", SALINAS, "--as-of", date)


def test_a_dashboard_that_was_out_and_is_left_out_is_named_and_what_rests_on_it_is_open():
    result = answered("support", SALINAS, "--as-of", "2026-08-01", "--year", "2024")
    assert "On that date the 2025 Dashboard was out" in result.stderr
    assert "Level 2 (differentiated assistance) is open" in result.stdout


def test_a_case_file_of_another_lea_is_said_not_to_be_used(tmp_path):
    case = tmp_path / "case.yaml"
    case.write_text(
        f'- what: opened\n  lea: "{CHARTER}"\n  date: 2019-08-15\n  document: "Charter"\n', encoding="utf-8"
    )
    result = answered("support", SALINAS, "--as-of", "2025-03-01", "--case", str(case))
    assert f"case.yaml, line 1: not used: it is about {CHARTER}, which was not asked about" in result.stderr
