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


# ------------------------------------------------------------------------------------------------ figures


SALINAS_HIGH = "27661590000000"
FIGURES = [
    (SALINAS_HIGH, "--figures"),
    (OFFICE, "--figures", "--year", "2024"),
    (CHARTER, "--figures", "--year", "2024"),
    (SALINAS_HIGH, "--figures", "--year", "2018"),
    (SALINAS_HIGH, "--figures", "--year", "2025"),
    (SAN_JUAN, "--figures"),
]


@pytest.fixture(scope="module")
def figures_schema():
    (folder,) = pyreport.explanation.__path__
    document = json.loads((Path(folder) / "schema" / "figures.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(document)
    return jsonschema.Draft202012Validator(document)


@pytest.mark.parametrize("arguments", FIGURES, ids=" ".join)
def test_figures_are_labelled_in_text_and_in_data_that_are_as_the_schema_describes_them(figures_schema, arguments):
    lines = answered("what-if", *arguments).stdout.splitlines()
    assert lines[0] == lines[-1] == LABEL
    assert max(map(len, lines)) <= 118
    document = data(*arguments)
    figures_schema.validate(document)
    assert (document["cds"], document["label"]) == (arguments[0], LABEL)
    assert (document["nothing_told"] is None) == any(color["follows"] for color in document["colors"])
    text = " ".join(" ".join(lines).split())
    assert ("the State Board may change them" in text) == (document["nothing_told"] is None)
    assert document["nothing_told"] is None or document["nothing_told"] in text


def test_figures_of_the_newest_dashboard_on_record_are_taken_and_it_is_said():
    result = answered("what-if", SALINAS_HIGH, "--figures")
    assert "Salinas Union High (27661590000000), Monterey County, 2024 Dashboard. Figures at" in result.stdout
    assert "No Dashboard figures of 2025 are on record for this LEA: those of 2024 are taken." in result.stderr
    assert "all hold and none is missing" in result.stderr
    assert answered("what-if", SALINAS_HIGH, "--figures", "--year", "2024").stdout == result.stdout


def test_a_figure_is_told_in_tenths_in_students_and_for_the_next_dashboard():
    text = " ".join(answered("what-if", SALINAS_HIGH, "--figures").stdout.split())
    assert (
        "graduation rate: Red, 64.2 % of 148 students (−6.6 from 70.8 %). Orange at 68.0 %: 3.8 more, 6 students more "
        "(101 of 148 are 68.2 %). By its figures, Priority 5 (Pupil Engagement) would no longer be met. "
        "Next Dashboard: no longer Red at 68.0 % or more (there Yellow)."
    ) in text
    assert "mathematics: Orange, −123.2 points, 270 students (+8.8 from −132.0 points). Red at −129.1 points" in text


def test_a_figure_that_alone_would_change_eligibility_says_so():
    text = " ".join(answered("what-if", "27661910000000", "--figures", "--year", "2024").stdout.split())
    assert "That alone would change the eligibility of the LEA." in text
    assert "That alone would change" not in answered("what-if", SALINAS_HIGH, "--figures").stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((SAN_JUAN, "--figures"), "No Dashboard figures of San Juan Unified are on record: at which figure a color"),
        (
            (SALINAS_HIGH, "--figures", "--year", "2025"),
            "No Dashboard figures of Salinas Union High of 2025 are on record, but those of 2018, 2023 and 2024.",
        ),
        (
            (SALINAS_HIGH, "--figures", "--year", "2018"),
            "The cut points do not hold for the 2018 Dashboard. Cut points are encoded for 2023, 2024 and 2025.",
        ),
    ],
)
def test_where_nothing_can_be_told_a_sentence_says_why(arguments, sentence):
    result = answered("what-if", *arguments)
    assert sentence in " ".join(result.stdout.split())
    assert ("--evidence" in result.stderr) == (arguments[0] == SAN_JUAN)


@pytest.mark.parametrize("other", [("--about", "eligible"), ("--set", "HOM.chronic=orange")])
def test_figures_and_another_question_are_not_asked_together(other):
    message = refused("what-if", SALINAS_HIGH, "--figures", *other)
    assert "--figures asks about colors alone" in message
    assert other[0] in message
