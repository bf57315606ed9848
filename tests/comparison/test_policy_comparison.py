"""Policies held against each other on Monterey's evidence: what changed, who is affected, and why."""

import functools
import json
import re
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest

import pyreport.comparison
from pyreport.comparison.comparison_data import as_data
from pyreport.comparison.comparison_text import as_text
from pyreport.comparison.differences import Kind
from pyreport.comparison.policies import NoSuchPolicy
from pyreport.comparison.policy_comparison import ComparisonRequest, compare_policies
from pyreport.comparison.rule_changes import TextChange
from pyreport.evidence.readers.given import Given
from pyreport.files.places import checkout_folder, policy_folder

MONTEREY = ("27",)
SALINAS = "27661590000000"
AS_IT_IS, BY_FIGURES = Given(), Given(without=("letters",))
OWN = str(policy_folder())
THRESHOLDS = "parameters/thresholds.lp"
PRIORITIES = "criteria/state_priorities.lp"


@functools.cache
def compared(old, new, on=2024, evidence=AS_IT_IS, only=MONTEREY, **rest):
    return compare_policies(ComparisonRequest(old, new, on, only, evidence, **rest), 1)


def by_year():
    return compared("year:2024", "year:2025", evidence=BY_FIGURES)


@pytest.fixture(scope="module")
def edited(tmp_path_factory):
    """A function that copies the policy and changes one of its files."""

    def edit(path, change):
        folder = tmp_path_factory.mktemp("edited") / "policy"
        shutil.copytree(policy_folder(), folder)
        text = (folder / path).read_text(encoding="utf-8")
        assert change(text) != text
        (folder / path).write_text(change(text), encoding="utf-8")
        return str(folder)

    return edit


@pytest.fixture(scope="module")
def three_priorities(edited):
    """The policy with one threshold raised from 2 to 3."""
    return edited(THRESHOLDS, lambda text: text.replace("(different_priorities, 2)", "(different_priorities, 3)"))


def told(comparison, heading, *kinds):
    return {(one.cds, one.sentence) for one in comparison.compared if one.heading == heading and one.kind in kinds}


def test_by_the_figures_of_2024_the_criteria_of_2025_change_the_answer_for_one_lea():
    comparison = by_year()
    for heading in ("Student groups", "Methods", "Statuses"):
        assert comparison.leas(heading) == ["Salinas Union High"]
    assert told(comparison, "Student groups", Kind.LOST, Kind.GAINED) == {
        (SALINAS, "Long-term English learners at Salinas Union High met the criteria on state priorities in 2024.")
    }
    assert comparison.leas("Eligible LEAs") == []
    assert comparison.differs


def test_the_one_lea_is_explained_by_the_rule_that_the_board_changed_and_from_both_sides():
    (example,) = [one for one in by_year().examples if one.compared.kind == Kind.LOST and one.compared.cds == SALINAS]
    assert example.compared.rules == ("criteria.2024.p4.academic-red-and-orange",)
    assert example.old.holds
    assert not example.new.holds
    sentences = [step.sentence for step in example.old.steps]
    assert sentences[0] == example.compared.sentence
    assert "Red on mathematics and Orange on English language arts" in sentences[-1]
    used = {name for step in example.old.steps for reason in step.reasons for name in reason.facts_of_law}
    assert set(example.compared.rules) <= used
    assert example.new.absent[-1].endswith("[criteria.figures]")
    numbers = {step.number for step in example.old.steps}
    assert len(numbers) + example.old.others > max(numbers)


def test_the_text_that_changed_is_what_the_board_changed_and_what_was_carried_over_is_no_change():
    kinds = {}
    for change in by_year().text:
        kinds.setdefault(change.kind, []).append(change.id)
    assert kinds[TextChange.REMOVED] == [
        f"criteria.2024.p4.{name}" for name in ("academic-red-and-orange", "both-academic-red", "elpi-red")
    ]
    assert kinds[TextChange.CHANGED] == [
        f"criteria.2025.p4.{name}"
        for name in ("academic-red-and-orange", "both-academic-red", "elpi-red", "elpi-red-or-orange")
    ]
    assert "criteria.2025.p6.suspension-red" in kinds[TextChange.SAME]
    assert set(kinds) == {TextChange.REMOVED, TextChange.CHANGED, TextChange.SAME}


def test_where_letters_decide_the_answer_says_so_and_shows_what_figures_would_say():
    comparison = compared("year:2024", "year:2025")
    assert told(comparison, "Statuses", Kind.LOST, Kind.GAINED) == set()
    assert told(comparison, "Priorities by the figures alone", Kind.LOST) >= {
        (
            SALINAS,
            "The figures of long-term English learners at Salinas Union High meet the criteria of Priority 4 (Pupil "
            "Achievement) in 2024.",
        )
    }
    words = " ".join(as_text(comparison).split())
    assert "letters they decide before figures, so an edit of the criteria shows no difference there" in words
    assert "--without letters decides by the figures alone" in words


def test_without_letters_it_says_that_they_were_left_out_and_what_stays_unknown():
    words = " ".join(as_text(by_year()).split())
    assert "CDE's letters were left out, of every year, so that figures decide" in words
    assert "0 have CDE's letters and 33 have figures" in words
    assert "Priorities by the figures alone" not in words


def test_an_edit_of_one_threshold_is_blamed_on_the_threshold(three_priorities):
    other = three_priorities
    comparison = compared(OWN, other)
    assert [(change.kind, change.id) for change in comparison.text] == [
        (TextChange.CHANGED, "thresholds.different-priorities")
    ]
    assert comparison.text[0].diff.endswith(
        "-threshold(different_priorities, 2).\n+threshold(different_priorities, 3)."
    )
    assert {one.rules for one in comparison.compared} == {("thresholds.different-priorities",)}
    groups = told(comparison, "Student groups", Kind.LOST)
    assert groups
    assert told(comparison, "Student groups", Kind.GAINED) == set()
    # The other way round, what was lost is gained.
    back = compared(other, OWN)
    assert told(back, "Student groups", Kind.GAINED) == groups
    assert back.counts()["Eligible LEAs"][Kind.GAINED] == comparison.counts()["Eligible LEAs"][Kind.LOST] > 0


def test_what_is_gained_because_something_else_is_lost_is_blamed_on_the_same_rule():
    # No longer identified anew, the district is in the second year of the identification before.
    (gained,) = [one for one in by_year().compared if one.heading == "Statuses" and one.kind == Kind.GAINED]
    assert gained.sentence == "The 2024 status of Salinas Union High is “Differentiated Assistance, Year 2”."
    assert gained.rules == ("criteria.2024.p4.academic-red-and-orange",)


def test_a_reading_says_other_things_of_the_same_evidence():
    comparison = compared(OWN, "reading:ec-52072-three-latest-dashboards", 2023)
    (change,) = [one for one in comparison.text if one.kind == TextChange.REMOVED][:1]
    assert change.id.startswith("persistence.52072.window")
    assert {one.heading for one in comparison.compared} <= {"Tests of persistence", "LCAP goals"}
    assert comparison.compared


def renamed_and_reordered(text):
    """Other names for two variables, the conditions of each rule reversed, and the rules in the reverse order."""
    text = text.replace("Least", "Minimum").replace("StatusLevel", "Rank")
    head, *blocks = text.rstrip("\n").split("\n\n")

    def reordered(block):
        begin, colon, body = block.partition(" :-\n")
        if not colon:
            return block
        conditions = re.split(r",\n    ", body.strip().removesuffix("."))
        return begin + colon + "    " + ",\n    ".join(reversed(conditions)) + "."

    return "\n\n".join([head, *map(reordered, reversed(blocks))]) + "\n"


def test_other_names_of_variables_and_another_order_of_rules_and_conditions_are_no_difference(edited):
    other = edited(PRIORITIES, renamed_and_reordered)
    comparison = compared(OWN, other, evidence=BY_FIGURES)
    assert comparison.compared == []
    assert {change.kind for change in comparison.text} == {TextChange.SAME}
    assert "criteria.two-priorities" in {change.id for change in comparison.text}
    assert comparison.files == [PRIORITIES]
    assert not comparison.differs
    assert "do not differ" in as_text(comparison)


def test_another_id_is_no_difference_and_another_sentence_is_one_of_words(edited):
    other = edited(PRIORITIES, lambda text: text.replace("@rule criteria.figures", "@rule criteria.by-other-name"))
    (change,) = compared(OWN, other, only=(SALINAS,)).text
    assert (change.kind, change.id, change.before) == (TextChange.SAME, "criteria.by-other-name", ("criteria.figures",))
    assert not compared(OWN, other, only=(SALINAS,)).differs
    words = edited(PRIORITIES, lambda text: text.replace("@says The figures of", "@says What is printed of"))
    (change,) = compared(OWN, words, only=(SALINAS,)).text
    assert (change.kind, change.id) == (TextChange.WORDS, "criteria.figures")
    assert compared(OWN, words, only=(SALINAS,)).compared == []
    assert compared(OWN, words, only=(SALINAS,)).differs


def test_duties_are_compared_as_of_a_date(three_priorities):
    other = three_priorities
    comparison = compared(OWN, other, as_of=20250301)
    headings = list(comparison.counts())
    assert "Statuses" in headings
    assert any(one.atom[0] == "duty_on" and one.kind == Kind.LOST for one in comparison.compared)
    assert not any(one.atom[0] == "duty_on" for one in compared(OWN, other).compared)


def test_the_answer_is_the_same_however_many_processes_there_are():
    request = ComparisonRequest("year:2024", "year:2025", 2024, (SALINAS, "02", "35"), BY_FIGURES)
    one = compare_policies(request, 1)
    assert one.compared
    assert as_data(one) == as_data(compare_policies(request, 3))


@pytest.mark.skipif(
    checkout_folder() is None or not Path(checkout_folder(), ".git").exists(), reason="this is no checkout with git"
)
def test_a_git_revision_is_a_policy():
    command = ["git", "rev-parse", "HEAD"]
    head = subprocess.run(command, cwd=checkout_folder(), capture_output=True, text=True, check=True)
    revision = head.stdout.strip()
    comparison = compared(revision, revision, only=(SALINAS,))
    assert not comparison.differs
    assert comparison.question.old.name == revision
    assert comparison.evidence.leas == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no-such-thing", "write a folder, a git revision, reading:NAME"),
        ("year:soon", "write a Dashboard year, such as year:2024"),
        (str(policy_folder() / "criteria"), "of no policy: it has no authorities.yaml"),
    ],
)
def test_what_is_no_policy_is_refused_with_what_to_write(name, words):
    with pytest.raises(NoSuchPolicy, match=re.escape(words)):
        compared(OWN, name)


@functools.cache
def schema():
    (folder,) = pyreport.comparison.__path__
    document = json.loads((Path(folder) / "schema" / "comparison.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(document)
    return jsonschema.Draft202012Validator(document)


def test_the_data_follow_the_schema_and_have_every_conclusion_once():
    comparison = by_year()
    document = json.loads(json.dumps(as_data(comparison)))
    schema().validate(document)
    listed = [tuple(one["atom"]) for group in document["by_rules"] for one in group["conclusions"]]
    assert sorted(map(str, listed)) == sorted(str(one.atom) for one in comparison.compared)
    for row in document["counts"]:
        assert sum(row[kind] for kind in ("gained", "lost", "reason")) == sum(
            one["heading"] == row["heading"] for group in document["by_rules"] for one in group["conclusions"]
        )


@pytest.mark.parametrize("part", ["old", "evidence", "text", "by_rules"])
def test_the_schema_refuses_what_lacks_a_part(part):
    document = as_data(compared("year:2024", "year:2024", only=(SALINAS,)))
    schema().validate(document)
    del document[part]
    assert not schema().is_valid(document)
