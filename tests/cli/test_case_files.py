"""Case files at the command line: what of them bore on nothing, LEAs by their names, and a first file."""

from __future__ import annotations

from pathlib import Path

import pytest

from .command import answered, refused, run

CHARTER, DISTRICT, OFFICE = "27102722730232", "27661420000000", "27102720000000"
CASE = f"""\
- {{what: number_of_groups, lea: "{DISTRICT}", dashboard_year: 2023, count: 5, document: D}}
- {{what: calpads_not_certified, lea: "{DISTRICT}", dashboard_year: 2025, document: D}}
- {{what: charter_goal, lea: "{CHARTER}", priority: 3, document: D}}
- {{what: requested, lea: "{OFFICE}", by: lea, date: 2025-01-10, section: "52074(g)(3)", document: D}}
- {{what: accepted, lea: "{OFFICE}", by: ccee, date: 2025-06-10, section: "52074(g)(3)", document: D}}
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    return path


def unused(*arguments: object) -> dict[int, str]:
    """The lines of the case file that a command names as of no use, each with the reason."""
    result = run(*arguments)
    assert result.exit_code in (0, 1), result.output
    found = {}
    for line in result.stderr.splitlines():
        if line.startswith("case.yaml, line ") and ": not used: " in line:
            place, _, reason = line.partition(": not used: ")
            found[int(place.rsplit(" ", 1)[1])] = reason
    return found


def elsewhere(cds: str) -> str:
    return f"it is about {cds}, which was not asked about or is not on record"


OF_THE_DISTRICT = {3: elsewhere(CHARTER), 4: elsewhere(OFFICE), 5: elsewhere(OFFICE)}


@pytest.mark.parametrize(
    "command",
    [
        ("decide", "--lea", DISTRICT, "--year", "2025"),
        ("explain", DISTRICT, "--year", "2025", "--about", "meets_method"),
        ("why-not", DISTRICT, "--year", "2025", "--about", "meets_method(3)"),
        ("settle", DISTRICT, "--year", "2025"),
        ("what-if", DISTRICT, "--year", "2025", "--set", "METHOD.4=yes"),
    ],
)
def test_every_command_names_what_bore_on_nothing(command, case):
    found = unused(*command, "--case", case)
    assert found.keys() >= OF_THE_DISTRICT.keys()
    assert 2 not in found


def test_the_reasons_of_a_decision_about_one_lea(case):
    found = unused("decide", "--lea", DISTRICT, "--year", "2025", "--case", case)
    assert found == {1: "no rule used it", **OF_THE_DISTRICT}


@pytest.mark.parametrize("command", ["pathways", "support"])
def test_what_happened_after_the_date_asked_about_is_named(command, case):
    found = unused(command, OFFICE, "--as-of", "2025-03-01", "--case", case)
    assert found[5] == "it is dated after the date asked about (2025-03-01)"
    assert 4 not in found
    assert 5 not in unused(command, OFFICE, "--as-of", "2025-07-01", "--case", case)


def test_funds_and_comparisons_name_it_too(case):
    funds = unused("funding", "--county", "Monterey", "--fiscal-year", "2025", "--case", case)
    assert funds[3] == "no rule used it"
    assert unused("reconcile", "--county", "Alpine", "--year", "2024", "--case", case)[1] == elsewhere(DISTRICT)


@pytest.mark.usefixtures("no_kernels")
def test_a_report_names_it_as_of_its_date(case, tmp_path):
    arguments = ("report", "--county", "Alpine", "--year", "2024", "--case", case, "--jobs", "1")
    found = unused(*arguments, "--output", tmp_path / "pages")
    assert found[4] == elsewhere(OFFICE)


def test_nothing_is_said_where_all_was_of_use(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(CASE.splitlines()[1], encoding="utf-8")
    assert unused("decide", "--lea", DISTRICT, "--year", "2025", "--case", path) == {}


def test_a_charter_s_ratings_settle_its_methods(tmp_path):
    rating = '- {{what: local_rating, lea: "{}", dashboard_year: 2024, priority: {}, rating: met, document: D}}\n'
    path = tmp_path / "case.yaml"
    path.write_text("".join(rating.format(CHARTER, priority) for priority in (1, 2, 3, 6, 7)), encoding="utf-8")
    asked = ("decide", "--lea", CHARTER, "--year", "2024")
    before, after = answered(*asked), answered(*asked, "--case", str(path))
    assert ",2+3," in before.stdout
    assert ",2+3," not in after.stdout
    goal = '- {{what: charter_goal, lea: "{}", priority: {}, has: false, document: D}}\n'
    path.write_text("".join(goal.format(CHARTER, priority) for priority in (1, 2, 3, 6, 7)), encoding="utf-8")
    assert run(*asked, "--case", path).stdout == after.stdout


def test_an_lea_is_found_by_its_name():
    by_code = answered("explain", DISTRICT, "--year", "2024")
    assert answered("explain", "salinas city ELEMENTARY", "--year", "2024").stdout == by_code.stdout
    assert answered("explain", "Salinas City Elementary, Monterey", "--year", "2024").stdout == by_code.stdout
    one = answered("decide", "--lea", "Salinas City Elementary", "--year", "2024")
    assert one.stdout == answered("decide", "--lea", DISTRICT, "--year", "2024").stdout


def test_a_name_that_no_lea_has_is_refused_with_near_ones():
    assert "No LEA on record has the name ''; give its name in full" in refused("explain", "")
    message = refused("support", "Salinas City", "--as-of", "2025-03-01")
    assert "did you mean Salinas City Elementary (27661420000000, Monterey County)" in message


def test_a_file_without_entries_is_in_order(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text("# Nothing yet.\n", encoding="utf-8")
    result = answered("case", "check", str(path))
    assert result.stderr == "case.yaml has no entries yet.\n"
