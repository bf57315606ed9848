"""Cases that somebody else wrote, tried by the command."""

import json
import re
import shutil

import jsonschema
import pytest

from pyreport.files.places import policy_folder

from .command import answered, refused, run

CASE = """\
# A file of somebody's own.
topic: EC 52071(f), tried out
cases:
  - name: A district with one group that met the criteria on three Dashboards in a row meets EC 52071(f)
    dashboard_year: 2024
    kind: district
    letters: {2022: {HOM: B}, 2023: {HOM: C}, 2024: {HOM: K}}
    expect: {persistent_52071f: "Y"}
    rules: [persistence.52071f.yes]
"""


@pytest.fixture
def written(tmp_path):
    def write(text, name="own.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_case_that_holds_is_counted_and_nothing_is_printed(written):
    result = answered("test", str(written(CASE)))
    assert (result.stdout, result.stderr) == ("", "1 case, none of them not as expected.\n")


def test_a_case_that_fails_is_printed_once_with_its_line_what_was_expected_what_came_out_and_the_steps(written):
    path = written(CASE.replace('"Y"', '"N"').replace("52071f.yes", "52071f.no"))
    result = run("test", path)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0].startswith(f"{path}:4: A district with one group")
    assert lines[1:3] == [
        "  persistent_52071f: expected 'N'; got 'Y'",
        "  expected the rule persistence.52071f.no to apply in 2024; it applies in 2023",
    ]
    assert lines[4].startswith("    1. Case 27600010000000 meets EC 52071(f) in 2024")
    # Both faults are about one conclusion: its derivation stands once.
    assert sum(line.startswith("    1. ") for line in lines) == 1
    assert "[made-up-2024.xlsx" in result.stdout
    assert "--all writes them" in result.stdout
    assert "--all writes them" not in run("test", path, "--all").stdout
    assert result.stderr == "1 case, 1 of them not as expected.\n"


def test_why_an_expected_conclusion_does_not_follow_is_said(written):
    result = run("test", written(CASE + "    concludes: [meets_criteria_on_state_priorities FOS]\n"))
    assert "got meets_criteria_on_state_priorities: 2024 hom" in result.stdout
    assert "Foster youth at Case 27600010000000 did not meet two different priorities in 2024" in result.stdout


def test_failures_are_data(written):
    result = run("test", written(CASE.replace('"Y"', '"N"')), "--format", "json")
    assert result.exit_code == 1
    data = json.loads(result.stdout)
    assert data["cases"] == 1
    (failure,) = data["failures"]
    assert failure["place"].endswith("own.yaml:4")
    assert failure["faults"] == ["persistent_52071f: expected 'N'; got 'Y'"]
    assert len(failure["derivations"]) == 1


@pytest.mark.parametrize(
    ("before", "after", "line", "told"),
    [
        ("    kind: district\n", "    kind: school\n", 6, "'school' is not"),
        ("    kind: district\n", "", 4, "'kind' is a required property"),
        ("    letters:", "    leters:", 7, "leters: is not known here; expected as_of"),
        ("[persistence.52071f.yes]", "[persistence.52071f.yess]", 4, "did you mean persistence.52071f.yes"),
        ("expect: {", "concludes: [metes_method 1]\n    expect: {", 4, "there is no predicate metes_method"),
        ("expect: {", "on_record: [openned 20190815]\n    expect: {", 4, "did you mean opened"),
        ("expect: {", "on_record: [opened]\n    expect: {", 4, "opened has Opened after the LEA"),
        ("expect: {", "listed: [2024]\n    expect: {", 4, "letters or methods of 2022, in which the LEA is not listed"),
        ("HOM: K", "'{group}': K", 4, "the table (for_each) has no value for {group}"),
        ("    rules:", "\trules:", 9, "not readable as YAML"),
        ("    rules:", "    kind: district\n    rules:", 6, "stands twice in the same place; keep one"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_line(written, before, after, line, told):
    path = written(CASE.replace(before, after))
    message = refused("test", path)
    assert told in message
    assert f"own.yaml:{line}: " in message


def test_all_problems_of_all_files_are_told_together(written):
    first = written(CASE.replace("kind: district", "kind: school"), "first.yaml")
    second = written(CASE.replace("leters", "letters").replace("rules:", "rule:"), "second.yaml")
    message = refused("test", first, second)
    assert "The cases cannot be run: 2 problems." in message
    assert "first.yaml:6" in message
    assert "second.yaml:9" in message


def test_a_folder_stands_for_its_files_and_a_policy_in_a_folder_for_the_cases_beside_it(written, tmp_path):
    written(CASE)
    assert answered("test", str(tmp_path)).stderr.startswith("1 case,")
    draft = tmp_path / "draft" / "policy"
    shutil.copytree(policy_folder(), draft)
    cases = tmp_path / "draft" / "tests" / "cases"
    cases.mkdir(parents=True)
    (cases / "own.yaml").write_text(CASE, encoding="utf-8")
    assert run("test", "--policy", draft).exit_code == 0
    thresholds = draft / "parameters" / "thresholds.lp"
    text = thresholds.read_text(encoding="utf-8")
    assert "threshold(different_priorities, 2)" in text
    thresholds.write_text(text.replace("threshold(different_priorities, 2)", "threshold(different_priorities, 5)"))
    assert "persistent_52071f: expected 'Y'; got 'N'" in run("test", "--policy", draft).stdout
    shutil.rmtree(cases)
    cases.mkdir()
    assert "there are no files of cases" in refused("test", "--policy", draft)


def test_a_case_that_is_not_decided_yet_fails(written):
    result = run("test", written(CASE.replace("    kind:", "    undecided: nobody has read the source\n    kind:")))
    assert result.exit_code == 1
    assert "undecided: nobody has read the source" in result.stdout


def test_a_case_of_a_reading_is_decided_by_it(written):
    assert run("test", written(CASE + "    reading: ec-52072-calendar-window\n")).exit_code == 0
    assert "no-such" in refused("test", written(CASE + "    reading: no-such\n"))


def test_a_date_may_stand_without_quotation_marks(written):
    text = CASE.replace("    expect:", "    as_of: 2025-03-01\n    expect:")
    assert run("test", written(text)).exit_code == 0
    assert run("test", written(text.replace("2025-03-01", '"2025-03-01"'))).exit_code == 0


def test_the_schema_is_written_for_editors(tmp_path):
    path = tmp_path / "cases.schema.json"
    assert run("test", "--schema", "--output", path).exit_code == 0
    jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))


THRESHOLDS = "parameters/thresholds.lp"


def test_each_change_of_the_rules_in_a_file_breaks_a_case_or_is_told_with_its_line(written):
    result = run("test", "--mutate", THRESHOLDS, written(CASE))
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert re.fullmatch(rf"{THRESHOLDS}:\d+: thresholds\..+", lines[0])
    assert lines[1] == "  breaks no case: write one in which this decides"
    # The case is about three Dashboards in a row.
    broken = int(re.search(r"(\d+) break a case", result.stderr)[1])
    assert broken > 0
    data = json.loads(run("test", "--mutate", THRESHOLDS, written(CASE), "--format", "json").stdout)
    assert (data["broken"], len(data["faults"])) == (broken, len(lines) // 2)
    assert data["changes"] == broken + len(data["faults"])


def test_what_the_policy_lists_as_without_effect_is_checked_and_counted(written):
    result = run("test", "--mutate", policy_folder() / "parameters" / "durations.lp", written(CASE))
    assert "3 change nothing as was checked" in result.stderr
    assert "without two_year_minimum(2025,1)" not in result.stdout


def test_a_change_that_is_listed_and_breaks_a_case_is_told(tmp_path, written):
    draft = tmp_path / "policy"
    shutil.copytree(policy_folder(), draft)
    change = "Least 2 for 3 in threshold(consecutive_dashboards,3)"
    entry = f'- changes:\n    NAME: ["{change}"]\n  why: So it was believed.\n  unread: true\n'
    (draft / "without_effect.yaml").write_text(entry, encoding="utf-8")
    result = run("test", "--mutate", THRESHOLDS, "--policy", draft, written(CASE))
    assert result.exit_code == 1


def test_a_rule_that_no_case_reaches_is_told_once(written):
    result = run("test", "--mutate", "special_advance/advance.lp", written(CASE))
    assert "advance.due\n  applies in no case: nothing can be tried before there is one\n" in result.stdout


def test_a_file_that_is_none_of_the_policy_is_refused(written):
    assert "there is no such file of rules (.lp)" in refused("test", "--mutate", "criteria/1999.lp")
    assert "there is no such file of rules (.lp)" in refused("test", "--mutate", written(CASE))
