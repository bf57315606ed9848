import json
from pathlib import Path

import jsonschema
import pytest
from next_year import NEXT_YEAR

import pyreport.explanation
from pyreport.files.places import policy_folder
from pyreport.rulebook.loading import load_rulebook

from .command import answered, refused, run

MONTEREY_OFFICE = "27102720000000"
CHUALAR = "27659950000000"
CHARTER = "27102720112177"


def why_not(*arguments):
    return answered("why-not", *arguments).stdout


def json_of(*arguments):
    document = json.loads(why_not(*arguments, "--format", "json"))
    (folder,) = pyreport.explanation.__path__
    schema = json.loads((Path(folder) / "schema" / "why_not.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(document)
    return document


def test_the_text_names_the_lea_the_county_the_year_the_question_and_the_nearest_miss():
    lines = why_not(CHUALAR, "--year", "2024").splitlines()
    assert lines[0] == f"Chualar Union ({CHUALAR}), Monterey County, 2024 Dashboard. Why not eligible:"
    assert lines[1].startswith("Nearest miss: English learners at Chualar Union did not meet two different priorities")
    assert lines[1].endswith(": 1 of 2 needed.")
    assert lines[3] == "- Chualar Union is not eligible for differentiated assistance in 2024 on the grounds on record."


def test_the_verdict_of_the_proof_check_is_told_on_standard_error():
    assert "all hold and none is missing" in answered("why-not", CHUALAR, "--year", "2024").stderr


def test_every_rule_for_eligibility_is_named():
    text = why_not(CHUALAR, "--year", "2024")
    rulebook = load_rulebook(policy_folder())
    for name in ("eligible", "identified"):
        for rule in rulebook.by_head[name]:
            assert rule.id in text


def test_without_a_year_the_newest_on_record_is_asked_about():
    assert why_not(CHUALAR) == why_not(CHUALAR, "--year", "2025")


def test_what_was_not_on_record_is_said_first():
    second = why_not(CHUALAR, "--year", "2025", "--without", "published").splitlines()[1]
    assert second.startswith("Decided on Method 1 and the second year alone; Methods 2, 3 and 4 are not on record.")


def test_a_charter_school_and_a_county_office_are_answered_too():
    assert "is no charter school that met the criteria both in 2024" in " ".join(
        why_not(CHARTER, "--year", "2024").split()
    )
    text = why_not(MONTEREY_OFFICE, "--year", "2024", "--about", "met_52071f")
    assert "is not one of the school districts" in " ".join(text.split())


@pytest.mark.parametrize(
    ("about", "first"),
    [
        ("eligible", "Chualar Union is not eligible for differentiated assistance in 2024 on the grounds on record."),
        ("met_52072", "It is not shown that Chualar Union meets the three-of-four-years test of 2024."),
        ("persistent_52071f(yes)", "The answer to the test of EC 52071(f) for Chualar Union in 2024 is not yes."),
        (
            "meets_method(2)",
            "Chualar Union did not meet Method 2 (local indicators) in 2024, as far as the record goes.",
        ),
        (
            "MEETS_METHOD( 2 )",
            "Chualar Union did not meet Method 2 (local indicators) in 2024, as far as the record goes.",
        ),
        (
            "meets_criteria_on_state_priorities(EL)",
            "English learners at Chualar Union did not meet the criteria on state priorities in 2024.",
        ),
        (
            'status("Differentiated Assistance, Year 1")',
            "The 2024 status of Chualar Union is not “Differentiated Assistance, Year 1”.",
        ),
        ("meets_state_priority(el, 4)", "English learners at Chualar Union did not meet the criteria of Priority 4"),
        ("meets_state_priority(wh, _)", "White students at Chualar Union did not meet the criteria of any priority in"),
        (
            "published_letter(el)",
            "No letter of CDE's for English learners at Chualar Union in 2024 is on record. [the data",
        ),
        ("previous_dashboard(2019)", "2019 is not the Dashboard with determinations before 2024. [the rule does not"),
    ],
)
def test_what_is_asked_is_said_in_the_first_line(about, first):
    line = why_not(CHUALAR, "--year", "2024", "--about", about).partition("\n- ")[2]
    assert " ".join(line.split()).startswith(first)


def test_all_opens_what_is_else_only_named():
    short, full = why_not(CHUALAR, "--year", "2024"), why_not(CHUALAR, "--year", "2024", "--all")
    assert len(full) > 3 * len(short)
    assert "needed." in short
    assert "local.only-one" in full
    assert "local.only-one" not in short


@pytest.mark.parametrize("year", ["2018", "2023", "2024", "2025"])
def test_the_json_follows_the_schema(year):
    document = json_of(CHUALAR, "--year", year)
    assert (document["cds"], document["dashboard_year"], document["about"]) == (CHUALAR, int(year), "eligible")
    assert document["line"]["sentence"].startswith("Chualar Union is not eligible")


def test_the_json_tells_the_nearest_miss_and_the_basis():
    document = json_of(CHUALAR, "--year", "2024")
    assert document["nearest"].endswith("1 of 2 needed.")
    assert document["basis"] == ""
    assert json_of(CHARTER, "--year", "2024")["basis"]


@pytest.mark.parametrize(("cds", "year", "about"), [(MONTEREY_OFFICE, "2024", "eligible"), (CHUALAR, "2024", "status")])
def test_what_holds_is_refused_with_the_command_that_explains_it(cds, year, about):
    message = refused("why-not", cds, "--year", year, "--about", about)
    assert message.startswith("It does hold: ") or "It does hold: " in message
    assert f"pyreport explain {cds} --year {year} --about {about}" in message


def test_an_unknown_predicate_is_refused_with_the_names_that_are_near():
    assert "persistent_52072" in refused("why-not", CHUALAR, "--about", "persistent_5207(yes)")


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ("meets_method(el)", "el is no Method; expected one of 1, 2, 3, 4"),
        ("meets_method(9)", "9 is no Method"),
        ("known_group(xx)", "xx is no Group; expected one of aa, ai"),
        ("persistent_52072(maybe)", "maybe is no Answer"),
        ("status(None)", '"differentiated assistance, year 1"'),
    ],
)
def test_an_unknown_value_is_refused_with_those_that_there_are(about, expected):
    assert expected in " ".join(refused("why-not", CHUALAR, "--about", about).split())


@pytest.mark.parametrize("about", ["eligible(el)", "meets_method(2, 3)", "meets_criteria_on_state_priorities(el, 4)"])
def test_too_many_values_are_refused(about):
    assert "after the LEA and the year; given: " in " ".join(refused("why-not", CHUALAR, "--about", about).split())


@pytest.mark.parametrize("cds", ["27000000000000"])
def test_an_unknown_cds_code_is_refused(cds):
    assert "no LEA of that CDS code is on record" in refused("why-not", cds)


@pytest.mark.parametrize("year", ["2020", "2021", str(NEXT_YEAR)])
def test_a_year_that_cannot_be_decided_is_refused(year):
    refused("why-not", CHUALAR, "--year", year)


def test_the_output_option_writes_the_file(tmp_path):
    place = tmp_path / "why-not.txt"
    result = run("why-not", CHUALAR, "--year", "2024", "--output", place)
    assert (result.exit_code, result.stdout) == (0, "")
    assert place.read_text(encoding="utf-8") == why_not(CHUALAR, "--year", "2024")
