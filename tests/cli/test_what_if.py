import json
from pathlib import Path

import jsonschema
import pytest

import pyreport.explanation
from pyreport.files.places import policy_folder
from pyreport.hypotheses.what_if import LABEL
from pyreport.rulebook.loading import load_rulebook

from .command import answered, letters_file, refused, run

GREENFIELD = "27660350000000"  # Figures and letters, identified in both years.
SALINAS = "27661590000000"
OFFICE = "27102720000000"
SAN_JUAN = "34674470000000"  # Letters alone.
CHARTER = "27102720116491"


@pytest.fixture(scope="module")
def schema():
    (folder,) = pyreport.explanation.__path__
    document = json.loads((Path(folder) / "schema" / "what_if.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(document)
    return jsonschema.Draft202012Validator(document)


def data(*arguments):
    return json.loads(answered("what-if", *arguments, "--format", "json").stdout)


QUESTIONS = [
    (GREENFIELD, "--year", "2024"),
    (SALINAS, "--year", "2018"),
    (OFFICE, "--year", "2025"),
    (SAN_JUAN, "--year", "2022"),
    (CHARTER, "--year", "2024"),
    (SAN_JUAN, "--year", "2023", "--about", "persistent_52072=yes"),
    (GREENFIELD, "--year", "2024", "--about", "lcap_goal_group"),
    (GREENFIELD, "--year", "2024", "--set", "HOM.chronic=orange"),
    (SALINAS, "--year", "2025", "--set", "METHOD.2=yes", "--set", "HOM.letter=c"),
    (SAN_JUAN, "--year", "2022", "--set", "HOM.letter=none"),
]


@pytest.mark.parametrize("arguments", QUESTIONS, ids=" ".join)
def test_the_first_and_the_last_line_say_that_it_is_about_the_rules_and_no_advice(arguments):
    lines = answered("what-if", *arguments).stdout.splitlines()
    assert lines[0] == lines[-1] == LABEL
    assert max(map(len, lines)) <= 118


@pytest.mark.parametrize("arguments", QUESTIONS, ids=" ".join)
def test_the_data_are_as_the_schema_describes_them_and_labelled(schema, arguments):
    document = data(*arguments)
    schema.validate(document)
    assert document["label"] == LABEL
    assert (document["cds"], document["dashboard_year"]) == (arguments[0], int(arguments[2]))


@pytest.mark.parametrize("arguments", QUESTIONS, ids=" ".join)
def test_every_decision_was_checked(arguments):
    messages = answered("what-if", *arguments).stderr.splitlines()
    assert len(messages) >= 2
    assert [line for line in messages if "all hold and none is missing" not in line] == []


def test_a_listed_change_names_each_fact_in_plain_words():
    text = answered("what-if", GREENFIELD, "--year", "2024").stdout
    assert "Greenfield Union Elementary (27660350000000), Monterey County, 2024 Dashboard." in text
    assert "after which this\nwould no longer hold: 4 steps, 6 ways." in text
    assert "White students at Greenfield Union Elementary would be Orange, not Red, on suspension rate in 2023." in text
    assert "The 2024 Dashboard is taken by its figures" in text
    assert "Then: “General Assistance”." in text


def test_the_ways_of_the_text_are_those_of_the_data():
    document = data(GREENFIELD, "--year", "2024")
    goal = document["goals"][0]
    assert (goal["predicate"], goal["wanted"], goal["cost"], goal["count"]) == ("eligible", False, 4, 6)
    assert sorted(map(len, goal["parts"])) == [1, 1, 2, 3]
    assert len(goal["decided"]) == 6
    for decided in goal["decided"]:
        assert decided["differentiated_assistance"] == "ruled out"
        assert sum(document["moves"][number]["cost"] for number in decided["moves"]) == 4
    assert [one["arguments"][2] for one in document["goals"][1:]] == ["hom", "swd"]


def test_what_is_set_decides_as_the_listed_change_does():
    document = data(GREENFIELD, "--year", "2024")
    chosen = [document["moves"][number] for number in document["goals"][0]["decided"][0]["moves"]]
    settings = []
    for move in chosen:
        _, _, year, group, indicator, *_, color = move["would_be"]
        settings += ["--set", f"{year}:{group.upper()}.{indicator}={color}"]
    set_so = data(GREENFIELD, "--year", "2024", *settings)
    assert set_so["after"]["status"] == "General Assistance"
    assert {one["sentence"] for one in set_so["changed"]} == {move["sentence"] for move in chosen}
    gone = {one["atom"][0] for one in set_so["goes"]["conclusions"]}
    assert {"eligible", "status", "meets_criteria_on_state_priorities"} <= gone
    assert "eligibility.identified" in {one["rule"] for one in set_so["goes"]["derivations"]}
    assert "status.standing.general" in {one["rule"] for one in set_so["comes"]["derivations"]}


def test_a_hypothesis_shows_conclusions_and_derivations_both_ways():
    text = answered("what-if", GREENFIELD, "--year", "2024", "--set", "HOM.chronic=orange").stdout
    assert "Homeless students at Greenfield Union Elementary would be Orange, not Red, on chronic absenteeism" in text
    for heading in ("Conclusions that come: none.", "Conclusions that go:", "Derivations that appear:"):
        assert heading in text
    assert "[criteria.two-priorities]" in text.partition("Derivations that disappear:")[2]


def test_a_fact_set_as_it_is_changes_nothing():
    document = data(GREENFIELD, "--year", "2024", "--set", "HOM.chronic=red")
    assert document["changed"] == []
    assert document["after"] == document["now"]
    assert document["comes"] == document["goes"] == {"conclusions": [], "derivations": []}


def test_where_ways_lead_to_different_conclusions_each_says_to_which():
    text = " ".join(answered("what-if", "27661420000000", "--year", "2024").stdout.split())
    assert "on chronic absenteeism in 2023. Then: “Differentiated Assistance, Year 2”." in text
    assert "on suspension rate in 2024. Then: “Differentiated Assistance, Year 1”." in text


def test_what_was_not_decided_one_by_one_is_said():
    text = " ".join(answered("what-if", OFFICE, "--year", "2024").stdout.split())
    assert "8 steps, 192 ways. One of these 2:" in text
    assert "each alternative in at least one, were decided again (that all combinations do it was shown" in text


def test_nothing_that_may_change_is_enough_and_that_is_said():
    text = answered("what-if", CHARTER, "--year", "2024").stdout
    assert "This would hold after every change that policy/changes/ allows." in " ".join(text.split())


def test_an_open_answer_is_told_with_the_methods_that_are_not_on_record():
    text = answered("what-if", SALINAS, "--year", "2025").stdout
    assert "Methods 2, 3 and 4 are not on record." in " ".join(text.split())


def test_evidence_of_ones_own_is_taken(tmp_path):
    path = letters_file(tmp_path / "letters.csv", SALINAS, "Salinas Union High", "Monterey", {"HOM": "C"})
    result = run("what-if", SALINAS, "--year", "2025", "--evidence", path)
    assert result.exit_code == 0, result.output
    assert "for homeless students at Salinas Union High, in place of C" in " ".join(result.stdout.split())


def test_a_reading_is_taken():
    arguments = (SAN_JUAN, "--year", "2023", "--about", "persistent_52072")
    read_so = data(*arguments, "--reading", "ec-52072-any-three-groups")
    assert read_so["goals"][0]["cost"] != data(*arguments)["goals"][0]["cost"]


def test_it_can_be_written_into_a_file(tmp_path):
    path = tmp_path / "what-if.txt"
    result = run("what-if", GREENFIELD, "--year", "2024", "--output", path)
    assert result.exit_code == 0
    assert path.read_text(encoding="utf-8") == answered("what-if", GREENFIELD, "--year", "2024").stdout


def test_the_same_question_gives_the_same_bytes():
    arguments = ("what-if", OFFICE, "--year", "2024", "--format", "json")
    assert run(*arguments).stdout == run(*arguments).stdout


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("HOM", "write what is to be otherwise, such as HOM.chronic=orange"),
        ("HOM.chronic", "write what is to be otherwise"),
        ("HOMM.chronic=red", "homm is no student group; write hom"),
        ("HOM.chronik=red", "chronik is no indicator; write chronic"),
        ("HOM.english=red", "english may be ela or elpi; write the one meant"),
        ("HOM.chronic=oragne", "oragne is no color; write orange"),
        ("HOM.chronic=level:9", "9 is no status level; write 1, 2, 3, 4 or 5"),
        ("HOM.chronic=level:low", "a status level is a number, such as level:1"),
        ("HOM.letter=z", "z is no letter; write a, b"),
        ("LOCAL.11=met", "11 is no priority; write 1, 2"),
        ("LOCAL.3=mett", "mett is no rating; write met"),
        ("METHOD.1=yes", "1 is no method that CDE prints an answer for; write 2, 3 or 4"),
        ("METHOD.2=maybe", "maybe is no answer"),
        ("2018:METHOD.2=yes", "the conclusions of 2024 rest on the Dashboards of 2019, 2022, 2023, 2024, not on 2018"),
        ("HOM.elpi=red", "no such figure is on record for 2024; there are figures of"),
        ("HOM.chronic=listed", "are not on record for this LEA"),
    ],
)
def test_a_setting_that_cannot_be_read_is_refused_with_what_to_write(setting, told):
    message = refused("what-if", GREENFIELD, "--year", "2024", "--set", setting)
    assert message.startswith(f"--set {setting}: ")
    assert told in message


def test_settings_that_contradict_each_other_are_refused():
    twice = refused("what-if", GREENFIELD, "--year", "2024", "--set", "HOM.ela=red", "--set", "hom.ela=blue")
    assert "HOM.ela=red sets the same; keep one" in twice
    both = refused("what-if", GREENFIELD, "--year", "2024", "--set", "HOM.ela=red", "--set", "HOM.letter=c")
    assert "is taken by CDE's letters or by its figures" in both


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ("eligibel", "did you mean eligible"),
        ("published_letter", "write a conclusion about an LEA and a year"),
        ("threshold", "write a conclusion about an LEA and a year"),
        ("eligible=yes", "is asked about without a value"),
    ],
)
def test_only_a_conclusion_about_an_lea_and_a_year_is_asked_about(about, told):
    assert told in refused("what-if", GREENFIELD, "--year", "2024", "--about", about)


def test_an_unknown_lea_or_year_is_refused():
    assert "no LEA of that CDS code is on record" in refused("what-if", "27000000000000")
    assert "2020" in refused("what-if", GREENFIELD, "--year", "2020")


def test_what_may_change_is_not_loaded_for_deciding():
    assert not [path for path in load_rulebook(policy_folder()).texts if path.startswith("changes/")]
