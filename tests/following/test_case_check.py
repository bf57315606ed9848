"""Case files with events: what is read, and every event that the law of their order has elsewhere."""

import functools
import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from pyreport.evidence.findings import EvidenceError
from pyreport.evidence.readers.case_facts import SCHEMA
from pyreport.evidence.readers.written_file import schema_of
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.files.places import policy_folder
from pyreport.following.case_check import checked_case
from pyreport.following.case_template import case_template
from pyreport.rulebook.loading import load_rulebook

CHARTER, DISTRICT, OFFICE = "27102722730232", "27661420000000", "27102720000000"


@functools.cache
def rulebook():
    return load_rulebook(policy_folder())


def event(what: str, by: str, date: str, section: str, lea: str = CHARTER) -> str:
    return f'- what: {what}\n  by: {by}\n  lea: "{lea}"\n  date: {date}\n  section: "{section}"\n  document: "Letter"\n'


def request(date: str = "2024-02-01") -> str:
    return event("requested", "county_superintendent", date, "47607.3(c)")


CONSULTED = event("superintendent_consulted", "ccee", "2024-02-10", "47607.3(c)")
APPROVED = event("approved", "state_board", "2024-02-20", "47607.3(c)")
ACCEPTED = event("accepted", "ccee", "2024-03-01", "47607.3(c)")


def findings(folder: Path, text: str) -> list[tuple[int, str]]:
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        checked_case([path], rulebook())
    except EvidenceError as error:
        return [(finding.row, finding.message) for finding in error.findings]
    return []


def test_an_event_is_two_facts_with_one_line(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(request(), encoding="utf-8")
    facts, _ = checked_case([path], rulebook())
    assert {atom: cell.row for atom, cell in facts.items()} == {
        ("event", f'"{CHARTER}"', "requested", "county_superintendent", 20240201): 1,
        ("event_under", f'"{CHARTER}"', "requested", "county_superintendent", 20240201, '"47607.3(c)"'): 1,
    }


def test_single_facts_and_events_stand_in_one_file(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(
        f'- {{what: authorized_by, lea: "{CHARTER}", authorizer: state, body: state_board, date: 2020-01-09,'
        " document: M}\n"
        f'- {{what: located_in, lea: "{CHARTER}", county: "27", date: 2020-01-09, document: M}}\n'
        f'- {{what: average_daily_attendance, lea: "{CHARTER}", fiscal_year_ends: 2024, ada: 2499.5, date: 2024-07-01,'
        f" document: M}}\n{request()}",
        encoding="utf-8",
    )
    atoms = list(checked_case([path], rulebook())[0])
    assert atoms[:3] == [
        ("authorization", f'"{CHARTER}"', '"state"', "none", "state_board"),
        ("located_in", f'"{CHARTER}"', '"27"'),
        ("ada", f'"{CHARTER}"', 2024, 249950),
    ]
    assert len(atoms) == 5


def test_a_lawful_course_has_no_findings(tmp_path):
    assert findings(tmp_path, request() + CONSULTED + APPROVED + ACCEPTED) == []


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (request().replace("requested", "reqested"), 1, "did you mean requested or"),
        (request("2024-02-31"), 4, "2024-02-31 is no date of the calendar"),
        (
            request().replace("by: county_superintendent", "by: county_board"),
            2,
            "county_board is none of those who act",
        ),
        (request().replace('  section: "47607.3(c)"\n', ""), 1, "'section' is a required property"),
        (request("2024-02-21") + APPROVED, 7, "the request must come first"),
        (APPROVED, 1, "the request must come first"),
        (request() + CONSULTED + ACCEPTED, 13, "the approval of the State Board must come first"),
        (
            request() + ACCEPTED,
            7,
            "the approval of the State Board and the consultation of the State Superintendent must",
        ),
        (request().replace("47607.3(c)", "52072(a)"), 1, "does not stand under EC 52072(a); expected EC 47607.3(c) or"),
        (request().replace("by: county_superintendent", "by: ccee"), 1, "is not for CCEE; expected the county"),
        (
            request() + CONSULTED + APPROVED + ACCEPTED + ACCEPTED.replace("2024-03-01", "2024-04-01"),
            25,
            "has one answer, and the case had CCEE's acceptance on 1 March 2024 already",
        ),
        (request().replace(CHARTER, DISTRICT), 1, "is not open to school districts"),
        (event("lea_consulted", "ccee", "2023-07-09", "52072(a)", DISTRICT), 1, "in force from 10 July 2023"),
        (request() + request(), 7, "stands in line 1 already"),
    ],
)
def test_an_event_out_of_place_is_named_with_its_line_and_what_was_expected(tmp_path, text, line, message):
    found = findings(tmp_path, text)
    assert any(row == line and message in said for row, said in found), found


def test_all_problems_are_reported_together(tmp_path):
    found = findings(
        tmp_path,
        request("2024-02-31")
        + event("agreed", "ccee", "2024-02-01", "52074(g)(1)(A)", DISTRICT)
        + "- what: accepted\n",
    )
    assert {row for row, _ in found} == {4, 7, 13}


def test_what_an_unreadable_entry_may_have_said_is_not_held_against_the_others(tmp_path):
    assert [row for row, _ in findings(tmp_path, request("2024-02-31") + APPROVED)] == [4]
    # The request that can be read comes too late whatever the other entry says.
    rows = [row for row, _ in findings(tmp_path, request("2024-02-31") + APPROVED + request("2024-05-01"))]
    assert rows == [4, 7]


@pytest.mark.parametrize(
    ("cds", "section", "facts"),
    [
        (CHARTER, "47607.3(c)", {"charter_goal", "opened", "locally_funded", "released"}),
        (DISTRICT, "52072(a)", {"located_in", "released", "essa_support_from"}),
        (OFFICE, "52072.5(a)", {"districts_counted", "geographic_lead", "allocation", "received"}),
    ],
)
def test_the_template_is_all_comments_and_each_of_its_entries_is_one_of_the_schema(tmp_path, cds, section, facts):
    record = read_record(record_folder())
    whole = case_template(rulebook(), record, cds, whole=True)
    short = case_template(rulebook(), record, cds)
    assert len(short.splitlines()) <= 40
    assert f'section: "{section}"' in whole
    for text in (short, whole):
        assert all(line.startswith("#") or not line for line in text.splitlines())
        assert findings(tmp_path, text) == []
        entries = [line for line in text.splitlines() if line.startswith("#-")]
        assert {line.partition("what: ")[2].partition(",")[0] for line in entries} >= facts
        filled = "".join(f"{line[1:]}\n" for line in entries).replace("YYYY-MM-DD", "2024-01-01")
        stated = yaml.safe_load(filled)
        assert not list(
            Draft202012Validator(schema_of(SCHEMA)).iter_errors(json.loads(json.dumps(stated, default=str)))
        )
        # That all steps were taken on one day is out of order, and nothing else is wrong.
        said = [message for _, message in findings(tmp_path, filled)]
        assert [one for one in said if "[cases." not in one and "stands in line" not in one] == []


def test_a_dashboard_cannot_have_been_released_before_its_school_year_was_over(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text("- {what: released, dashboard_year: 2025, date: 2025-06-30, document: D}\n", encoding="utf-8")
    with pytest.raises(EvidenceError) as caught:
        checked_case([path], rulebook())
    (finding,) = caught.value.findings
    assert (finding.file, finding.row) == ("case.yaml", 1)
    assert "The 2025 Dashboard cannot have been out on 30 June 2025" in str(finding)
    path.write_text("- {what: released, dashboard_year: 2025, date: 2025-07-01, document: D}\n", encoding="utf-8")
    assert checked_case([path], rulebook())[1] == []
