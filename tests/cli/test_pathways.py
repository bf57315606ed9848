"""The pathways of an LEA and the commands for case files."""

import json

import pytest
from click.testing import CliRunner

from pyreport.cli import main

OFFICE = "27102720000000"
EVENT = f"""\
- what: requested
  by: lea
  lea: "{OFFICE}"
  date: 2025-01-10
  section: "52074(g)(3)"
  document: "Letter"
"""


def run(*arguments):
    return CliRunner().invoke(main, list(arguments))


def test_the_pathways_of_a_county_office_with_what_is_awaited_and_from_whom(tmp_path):
    case = tmp_path / "case.yaml"
    case.write_text(EVENT, encoding="utf-8")
    result = run("pathways", OFFICE, "--as-of", "2025-03-01", "--case", str(case), "--format", "json")
    assert result.exit_code == 0, result.stderr
    data = json.loads(result.stdout)
    status = {one["pathway"]: one["status"] for one in data["pathways"]}
    assert status["own_request"] == "awaiting"
    assert status["pathway_1"] == "barred"
    (own,) = [one for one in data["pathways"] if one["pathway"] == "own_request"]
    assert [one["sentence"].split(" awaits ")[1] for one in own["awaits"]] == ["CCEE's decision to accept, by CCEE."]


def test_the_text_has_the_answers_first_and_then_their_derivations():
    result = run("pathways", OFFICE, "--as-of", "2025-03-01")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.index("Required") < result.stdout.index("Derivations")
    assert "CCEE shall determine whether its assistance is necessary." in result.stdout


@pytest.mark.parametrize("day", ["2025-02-31", "March 2025"])
def test_a_day_that_is_none_is_refused(day):
    result = run("pathways", OFFICE, "--as-of", day)
    assert result.exit_code == 2
    assert "expected a date of the calendar" in result.stderr


def test_a_case_file_in_order_is_said_to_be(tmp_path):
    case = tmp_path / "case.yaml"
    case.write_text(EVENT, encoding="utf-8")
    result = run("case", "check", str(case))
    assert (result.exit_code, result.stderr) == (0, "In order: 1 event and 0 other facts.\n")


def test_a_case_file_out_of_order_is_refused_with_every_problem(tmp_path):
    case = tmp_path / "case.yaml"
    case.write_text(EVENT.replace("by: lea", "by: ccee") + EVENT.replace("requested", "asked"), encoding="utf-8")
    result = run("case", "check", str(case))
    assert result.exit_code == 2
    assert "case.yaml, line 1: " in result.stderr
    assert "case.yaml, line 7: " in result.stderr


def test_a_template_is_written_for_an_lea_on_record_alone(tmp_path):
    template = tmp_path / "case.yaml"
    assert run("case", "new", OFFICE, "--output", str(template)).exit_code == 0
    assert "#- {what: lea_consulted" in template.read_text(encoding="utf-8")
    assert run("case", "check", str(template)).exit_code == 0
    assert run("case", "new", "27999990000000").exit_code == 2
