"""Case facts: what is read, what is refused, and where each fact says it stands."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from pyreport.evidence.findings import EvidenceError
from pyreport.evidence.predicates import EVERY_LEA
from pyreport.evidence.readers.case_facts import SCHEMA, read_case_facts, single_facts
from pyreport.evidence.readers.written_file import schema_of
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.evidence.scope import Scope
from pyreport.files.places import policy_folder
from pyreport.reasoning.decision import decide, facts_to_decide
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.syntax import unquote

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


EVERY_FACT = """\
- {what: authorized_by, lea: "27102722730232", authorizer: "27102720000000", body: county_board, document: D}
- {what: located_in, lea: "27102722730232", county: "27", document: D}
- {what: opened, lea: "27102722730232", date: 2019-08-14, document: D}
- {what: locally_funded, lea: "27102722730232", document: D}
- {what: federal_label, lea: "27661420000000", school: Alisal High, label: csi, years: 4, date: 2025-01-31, document: D}
- {what: determination_on_record, lea: "27661420000000", dashboard_year: 2026, ground: criteria, document: D}
- {what: released, dashboard_year: 2025, date: 2025-11-13, document: D}
- {what: essa_support_from, date: 2027-07-01, document: D}
- {what: average_daily_attendance, lea: "27661420000000", fiscal_year_ends: 2024, ada: 2499.57, document: D}
- {what: average_daily_attendance, lea: "27661420000000", fiscal_year_ends: 2025, ada: 2499, document: D}
- {what: districts_counted, office: "27102720000000", dashboard_year: 2022, small: 3, medium: 4, large: 2, document: D}
- {what: charters_counted, office: "27102720000000", dashboard_year: 2024, others: 1, county_authorized: 0, document: D}
- {what: geographic_lead, office: "27102720000000", lead: "54105460000000", fiscal_year_ends: 2025, document: D}
- {what: allocation, office: "27102720000000", fiscal_year_ends: 2026, dollars: 6000123, document: D}
- {what: received, office: "27102720000000", fiscal_year_ends: 2026, dollars: 1500000, document: D}
- {what: local_rating, lea: "27661420000000", dashboard_year: 2024, priority: 3, rating: not_met_two_years, document: D}
- {what: charter_goal, lea: "27102722730232", priority: 1, has: false, document: D}
- {what: charter_goal, lea: "27102722730232", priority: 2, has: true, document: D}
"""
CHARTER, DISTRICT, OFFICE = '"27102722730232"', '"27661420000000"', '"27102720000000"'


def test_every_fact_that_the_schema_lists_is_read_and_is_one_of_the_policy_s(tmp_path):
    rulebook = load_rulebook(policy_folder())
    facts = read_case_facts([written(tmp_path, EVERY_FACT + GOOD)], rulebook)
    stated = {entry["what"] for entry in yaml.safe_load(EVERY_FACT + GOOD)}
    schema = schema_of(SCHEMA)
    assert stated == set(single_facts()) == set(schema["$defs"]["fact"]["enum"])
    for atom in facts:
        predicate = rulebook.predicates[atom[0]]
        assert (predicate.stated_by, len(predicate.arguments)) == ("evidence", len(atom) - 1)
    assert list(facts)[: len(EVERY_FACT.splitlines()) + 3] == [
        ("authorization", CHARTER, OFFICE, '"27"', "county_board"),
        ("located_in", CHARTER, '"27"'),
        ("opened", CHARTER, 20190814),
        ("local_funding", CHARTER),
        ("federal_label", DISTRICT, '"Alisal High"', "csi", 4, 20250131),
        ("determination_on_record", DISTRICT, 2026, "criteria"),
        ("released", EVERY_LEA, 2025, 20251113),
        ("essa_support_from", EVERY_LEA, 20270701),
        ("ada", DISTRICT, 2024, 249957),
        ("ada", DISTRICT, 2025, 249900),
        ("number_stated", OFFICE, 2022, "small", 3),
        ("number_stated", OFFICE, 2022, "medium", 4),
        ("number_stated", OFFICE, 2022, "large", 2),
        ("number_stated", OFFICE, 2024, "charter", 1),
        ("number_stated", OFFICE, 2024, "county_charter", 0),
        ("lead_agency", 2025, OFFICE, '"27"', '"54105460000000"', '"54"'),
        ("operations_allocation", OFFICE, 2026, 6000, 123),
        ("received_stated", OFFICE, 2026, 1500000),
        ("local_rating", DISTRICT, 2024, 3, "not_met_two_years"),
        ("no_charter_goal", CHARTER, 1),
        ("charter_goal", CHARTER, 2),
    ]


def test_what_is_so_for_every_lea_is_stated_of_each_that_is_decided(tmp_path):
    rulebook, record = load_rulebook(policy_folder()), read_record(record_folder())
    case = read_case_facts([written(tmp_path, EVERY_FACT)], rulebook)
    released = [
        atom for atom in facts_to_decide(rulebook, record, Scope(only={"02"}), case=case) if atom[0] == "released"
    ]
    assert {unquote(atom[1]) for atom in released} == {"02100250000000", "02613330000000"}
    assert {atom[2:] for atom in released} == {(2025, 20251113)}


def test_a_charter_school_located_in_another_county_is_one_of_that_county_s_too(tmp_path):
    rulebook, record = load_rulebook(policy_folder()), read_record(record_folder())
    text = EVERY_FACT.replace('county: "27"', 'county: "02"')
    case = read_case_facts([written(tmp_path, text)], rulebook)
    for county, decided in (("02", True), ("27", True), ("35", False)):
        rows = decide(rulebook, record, Scope(year=2023, only={county}), case=case).determinations([2023])
        assert (unquote(CHARTER) in {row.cds for row in rows}) == decided
    alone = decide(rulebook, record, Scope(year=2023, only={"02"})).determinations([2023])
    assert unquote(CHARTER) not in {row.cds for row in alone}


def test_what_is_stated_about_money_concludes_nothing_where_nobody_asks_about_money(tmp_path):
    rulebook, record = load_rulebook(policy_folder()), read_record(record_folder())
    money = "".join(line + "\n" for line in EVERY_FACT.splitlines() if "office:" in line or "attendance" in line)
    case = read_case_facts([written(tmp_path, money)], rulebook)
    with_money = decide(rulebook, record, Scope(until=2023, only={"27661420000000", "27102720000000"}), case=case)
    without = decide(rulebook, record, Scope(until=2023, only={"27661420000000", "27102720000000"}))
    assert len(with_money.graph.facts) == len(without.graph.facts) + 10
    assert with_money.graph.instances == without.graph.instances


def test_the_number_of_groups_settles_the_flag_that_letters_leave_open(tmp_path):
    rulebook, record = load_rulebook(policy_folder()), read_record(record_folder()).without(["published"])
    lea = {"45737000000000"}
    without = decide(rulebook, record, Scope(year=2023, only=lea)).determinations([2023])
    with_case = decide(
        rulebook, record, Scope(year=2023, only=lea), case=read_case_facts([written(tmp_path, GOOD)])
    ).determinations([2023])
    assert [row.persistent_52072 for row in without] == ["open"]
    assert [row.persistent_52072 for row in with_case] == ["yes"]


def test_calpads_data_not_certified_is_method_4_of_a_district(tmp_path):
    rulebook, record = load_rulebook(policy_folder()), read_record(record_folder())
    decided = decide(
        rulebook, record, Scope(year=2025, only={"27661420000000"}), case=read_case_facts([written(tmp_path, GOOD)])
    )
    (row,) = decided.determinations([2025])
    assert 4 in row.methods
    assert row.methods_not_on_record == (2, 3)


def test_case_facts_of_other_leas_are_left_out(tmp_path):
    rulebook, record = load_rulebook(policy_folder()), read_record(record_folder())
    decided = decide(rulebook, record, Scope(year=2023, only={"02"}), case=read_case_facts([written(tmp_path, GOOD)]))
    assert not any(atom[0] == "number_of_groups" for atom in decided.graph.facts)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("3\n", 1, "expected a list of facts"),
        ("what: charter_goal\n", 1, "expected a list of facts"),
        ("- what: [\n", 2, "not readable as YAML"),
        (
            GOOD.replace("calpads_not_certified", "calpads"),
            8,
            "calpads is no event of the policy and no fact of a case",
        ),
        (GOOD.replace("45737000000000", "99737000000000"), 3, "does not match"),
        (GOOD.replace("2023-12-15", "2023-02-31"), 6, "2023-02-31 is no date of the calendar"),
        (GOOD.replace("2023-12-15", "15 December 2023"), 6, "does not match"),
        (GOOD.replace("  count: 2\n", ""), 2, "'count' is a required property"),
        (GOOD.replace("  count: 2\n", "  count: -1\n"), 5, "less than the minimum"),
        (GOOD.replace("group: HOM", "group: ALL"), 21, "'ALL' is not one of"),
        (GOOD.replace("  priority: 3\n", "  priority: 3\n  count: 4\n"), 16, "charter_goal has no count"),
        (GOOD + GOOD.split("\n", 1)[1], 25, "stands in line 2 already"),
        (GOOD.replace('  document: "Certification status report"\n', ""), 8, "'document' is a required property"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path, text, line, message):
    with pytest.raises(EvidenceError) as caught:
        read_case_facts([written(tmp_path, text)])
    assert any(finding.row == line and message in finding.message for finding in caught.value.findings), caught.value


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("2019-08-14", "2019-02-31", "3.date: 2019-02-31 is no date of the calendar"),
        ("date: 2019-08-14, ", "", "3: 'date' is a required property"),
        ('opened, lea: "27102722730232"', 'opened, lea: "27661420000000"', "3.lea: '27661420000000' does not match"),
        (
            'funded, lea: "27102722730232"',
            'funded, lea: "27661420000000"',
            "expected: the CDS code of a charter school",
        ),
        ("label: csi", "label: red", "5.label: 'red' is not one of ['csi', 'atsi', 'tsi']; expected: federal label"),
        ("school: Alisal High", "school: 3", "5.school: 3 is not of type 'string'; expected: name of the school"),
        ("years: 4", "years: four", "5.years: 'four' is not of type 'integer'"),
        ("ground: criteria", "ground: essa", "6.ground: 'essa' is not one of ['criteria', 'calpads']"),
        ("released, dash", 'released, lea: "27661420000000", dash', "7.lea: released has no lea"),
        ("2025-11-13", "2025-11-31", "7.date: 2025-11-31 is no date of the calendar"),
        ("2027-07-01", "July 2027", "8.date: 'July 2027' does not match"),
        ("ada: 2499.57", "ada: 2499.575", "9.ada: 2499.575 has more than two decimals"),
        ("ada: 2499.57", "ada: .nan", ".nan is no number that anything here has"),
        ("ada: 2499.57", 'ada: "2499.57"', "expected: average daily attendance with at most two decimals, without"),
        ("fiscal_year_ends: 2024, ", "", "9: 'fiscal_year_ends' is a required property"),
        ("fiscal_year_ends: 2024", "fiscal_year: 2024", "9.fiscal_year: is not known here; expected ada, "),
        ('county: "27"', 'county: "59"', "expected: two-digit county code in quotation marks"),
        ("small: 3", "small: -3", "-3 is less than the minimum of 0; expected: a whole number"),
        ("small: 3", "small: 3, small: 4", "11.small: stands twice in the same place; keep one"),
        ('lead: "54105460000000"', 'lead: "54711110000000"', "expected: 14-digit CDS code of a county office"),
        ("dollars: 6000123", "dollars: 300000001", "300000001 is greater than the maximum of 300000000"),
        ("rating: not_met_two", "rating: not_rated_two", "16.rating: 'not_rated_two_years' is not one of ['met', "),
        ("has: false", "has: no goal", "17.has: 'no goal' is not of type 'boolean'; expected: true, or false where"),
        ("received, office", "received, lea", "15: 'office' is a required property"),
        (
            "locally_funded",
            "locally_paid",
            "4.what: locally_paid is no event of the policy and no fact of a case; did you",
        ),
    ],
)
def test_a_bad_entry_is_named_with_its_line_and_what_was_expected(tmp_path, old, new, message):
    assert old in EVERY_FACT
    with pytest.raises(EvidenceError) as caught:
        read_case_facts([written(tmp_path, EVERY_FACT.replace(old, new, 1))])
    line = EVERY_FACT[: EVERY_FACT.index(old)].count("\n") + 1
    assert {finding.row for finding in caught.value.findings} == {line}
    assert message in str(caught.value)
    assert f"case.yaml, line {line}: " in str(caught.value)


def test_two_answers_to_one_question_are_named_with_both_lines(tmp_path):
    (tmp_path / "b").mkdir()
    first = written(tmp_path, EVERY_FACT)
    other = EVERY_FACT.replace('county: "27"', 'county: "54"').replace("2025-11-13", "2025-11-14").splitlines()
    second = written(tmp_path / "b", f"{other[6]}\n{other[1]}\n{other[4].replace('4,', '5,')}\n{other[1]}\n")
    with pytest.raises(EvidenceError) as caught:
        read_case_facts([first, second.rename(tmp_path / "b" / "second.yaml")])
    assert [str(finding) for finding in caught.value.findings] == [
        "second.yaml, line 1: 1: line 7 of case.yaml says otherwise already; keep one",
        "second.yaml, line 2: 2: line 2 of case.yaml says otherwise already; keep one",
        "second.yaml, line 3: 3: line 5 of case.yaml says otherwise already; keep one",
        "second.yaml, line 4: 4: line 2 of case.yaml says otherwise already; keep one",
    ]


def test_the_schema_alone_takes_and_refuses_the_same_entries():
    validator = jsonschema.Draft202012Validator(schema_of(SCHEMA))
    assert validator.is_valid(json.loads(json.dumps(yaml.safe_load(EVERY_FACT + GOOD), default=str)))
    for what, fact in single_facts().items():
        assert not validator.is_valid([{"what": what, "document": "D"}]), fact


def test_a_goal_that_is_stated_and_denied_is_refused(tmp_path):
    goal = '- {{what: charter_goal, lea: "27102722730232", priority: 3, has: {}, document: D}}\n'
    with pytest.raises(EvidenceError) as caught:
        read_case_facts([written(tmp_path, goal.format("true") + goal.format("false"))])
    assert [str(one) for one in caught.value.findings] == [
        "case.yaml, line 2: 2: line 1 says otherwise already; keep one"
    ]


def test_a_rating_that_cdes_file_has_otherwise_is_refused_with_its_cell(tmp_path):
    rating = (
        '- {{what: local_rating, lea: "27661420000000", dashboard_year: 2018, priority: 1, rating: {}, document: D}}\n'
    )
    assert len(read_case_facts([written(tmp_path, rating.format("met"))])) == 1
    with pytest.raises(EvidenceError, match=r"line 1: 1.rating: LocalIndPerf2018.txt, row \d+, has met; a case file"):
        read_case_facts([written(tmp_path, rating.format("not_met"))])


def test_names_stand_for_the_codes_of_leas_and_counties(tmp_path):
    named = """\
- {what: located_in, lea: salinas UNION high, county: monterey, document: D}
- {what: located_in, lea: "Washington Unified, Yolo", county: Yolo County, document: D}
- {what: geographic_lead, office: Monterey County Office of Education, lead: Tulare County Office of Education,
   fiscal_year_ends: 2025, document: D}
- {what: authorized_by, lea: "27102722730232", authorizer: Monterey Peninsula Unified, body: district_board,
   document: D}
- {what: authorized_by, lea: "27102722730240", authorizer: state, body: state_board, document: D}
"""
    assert list(read_case_facts([written(tmp_path, named)])) == [
        ("located_in", '"27661590000000"', '"27"'),
        ("located_in", '"57726940000000"', '"57"'),
        ("lead_agency", 2025, '"27102720000000"', '"27"', '"54105460000000"', '"54"'),
        ("authorization", CHARTER, '"27660920000000"', '"27"', "district_board"),
        ("authorization", '"27102722730240"', '"state"', "none", "state_board"),
    ]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("what: located_in, lea: Salinas, county: Monterey", "did you mean Salinas Union High (27661590000000, "),
        ("what: located_in, lea: Salinas Union High, county: Montery", "did you mean Monterey?"),
        (
            "what: located_in, lea: Washington Unified, county: Yolo",
            "Washington Unified (10767780000000, Fresno County)",
        ),
        ("what: received, office: Salinas Union High, fiscal_year_ends: 2025, dollars: 1", "code of a county office"),
        ("what: locally_funded, lea: Salinas Union High", "code of a charter school"),
    ],
)
def test_a_name_that_no_lea_or_several_have_is_refused(tmp_path, entry, message):
    with pytest.raises(EvidenceError) as caught:
        read_case_facts([written(tmp_path, f"- {{{entry}, document: D}}\n")])
    assert [finding.row for finding in caught.value.findings] == [1]
    assert message in str(caught.value)


def test_a_file_without_entries_states_nothing(tmp_path):
    assert read_case_facts([written(tmp_path, "# Nothing yet.\n")]) == {}
    assert read_case_facts([written(tmp_path, "[]\n")]) == {}


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
