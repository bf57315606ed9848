"""Case facts: what is read, what is refused, and where each fact says it stands."""

from pathlib import Path

import pytest

from pyreport.evidence.case_facts import read_case_facts
from pyreport.evidence.findings import EvidenceError
from pyreport.evidence.record import read_record, record_folder
from pyreport.explanation.decision import decide
from pyreport.places import policy_folder
from pyreport.rulebook.rulebook import load_rulebook

GOOD = """\
# What no file of CDE's prints.
- what: number_of_groups
  lea: "45737000000000"
  dashboard_year: 2023
  count: 2
  date: 2023-12-15
  document: "Dashboard, student groups"
- what: calpads_not_certified
  lea: "27661420000000"
  dashboard_year: 2025
  date: 2025-08-29
  document: "Certification status report"
- what: charter_goal
  lea: "27102722730232"
  priority: 3
  date: 2020-07-01
  document: "Charter petition, element A"
- what: authorizer_finding
  lea: "27102722730232"
  school_year_ends: 2021
  group: HOM
  priority: 4
  date: 2021-09-01
  document: "Finding of the chartering authority"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_kind_of_case_fact_is_read_with_the_line_it_stands_in(tmp_path):
    facts = read_case_facts([written(tmp_path, GOOD)])
    assert {atom: cell.row for atom, cell in facts.items()} == {
        ("number_of_groups", '"45737000000000"', 2023, 2): 2,
        ("calpads_not_certified", '"27661420000000"', 2025): 8,
        ("charter_goal", '"27102722730232"', 3): 13,
        ("authorizer_finding", '"27102722730232"', 2021, "hom", 4): 18,
    }
    assert all(cell.publication.file == "case.yaml" and len(cell.publication.sha256) == 64 for cell in facts.values())


def test_the_number_of_groups_settles_the_flag_that_letters_leave_open(tmp_path):
    rulebook, record = load_rulebook(policy_folder()), read_record(record_folder())
    lea = {"45737000000000"}
    without = decide(rulebook, record, year=2023, only=lea).determinations([2023])
    with_case = decide(
        rulebook, record, year=2023, only=lea, case=read_case_facts([written(tmp_path, GOOD)])
    ).determinations([2023])
    assert [row.persistent_52072 for row in without] == ["?"]
    assert [row.persistent_52072 for row in with_case] == ["Y"]


def test_calpads_data_not_certified_is_method_4_of_a_district(tmp_path):
    rulebook, record = load_rulebook(policy_folder()), read_record(record_folder())
    decided = decide(
        rulebook, record, year=2025, only={"27661420000000"}, case=read_case_facts([written(tmp_path, GOOD)])
    )
    (row,) = decided.determinations([2025])
    assert "4" in row.methods.split("+")
    assert row.methods_not_on_record == "2+3"


def test_case_facts_of_other_leas_are_left_out(tmp_path):
    rulebook, record = load_rulebook(policy_folder()), read_record(record_folder())
    decided = decide(rulebook, record, year=2023, only={"02"}, case=read_case_facts([written(tmp_path, GOOD)]))
    assert not any(atom[0] == "number_of_groups" for atom in decided.graph.facts)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "expected a list of facts"),
        ("what: charter_goal\n", 1, "expected a list of facts"),
        ("- what: [\n", 2, "not readable as YAML"),
        (
            GOOD.replace("calpads_not_certified", "calpads"),
            8,
            "calpads is no event of the policy and no fact of a case",
        ),
        (GOOD.replace("45737000000000", "99737000000000"), 2, "does not match"),
        (GOOD.replace("2023-12-15", "2023-02-31"), 2, "2023-02-31 is no date of the calendar"),
        (GOOD.replace("2023-12-15", "15 December 2023"), 2, "does not match"),
        (GOOD.replace("  count: 2\n", ""), 2, "'count' is a required property"),
        (GOOD.replace("  count: 2\n", "  count: -1\n"), 2, "less than the minimum"),
        (GOOD.replace("group: HOM", "group: ALL"), 18, "'ALL' is not one of"),
        (GOOD.replace("  priority: 3\n", "  priority: 3\n  count: 4\n"), 13, "charter_goal has no count"),
        (GOOD + GOOD.split("\n", 1)[1], 25, "stands in line 2 already"),
        (GOOD.replace('  document: "Certification status report"\n', ""), 8, "'document' is a required property"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path, text, line, message):
    with pytest.raises(EvidenceError) as caught:
        read_case_facts([written(tmp_path, text)])
    assert any(finding.row == line and message in finding.message for finding in caught.value.findings), caught.value


def test_all_faults_of_all_files_are_reported_together(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = written(tmp_path / "a", GOOD.replace("count: 2", "count: two").replace("priority: 3", "priority: 0"))
    second = written(tmp_path / "b", "- 3\n")
    with pytest.raises(EvidenceError) as caught:
        read_case_facts([first, second])
    assert len(caught.value.findings) == 3


def test_a_file_that_is_not_utf_8_is_refused(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_bytes(b"- what: \xff\n")
    with pytest.raises(EvidenceError, match="not UTF-8"):
        read_case_facts([path])
