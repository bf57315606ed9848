"""The policies that can be named, for a comparison and for a proof alike."""

import shutil
from contextlib import ExitStack

import pytest

from pyreport.comparison.policies import NoSuchPolicy, policy_named, rulebook_of, rules_of
from pyreport.files.places import policy_folder
from pyreport.rulebook.problems import PolicyError

READING = policy_folder() / "readings" / "ec-52072-any-three-groups.lp"


@pytest.fixture
def named():
    with ExitStack() as stack:
        yield lambda name: policy_named(name, None, stack)


def test_a_file_of_rules_says_what_the_reading_says(named):
    by_file, by_name = rules_of(named(str(READING))), rules_of(named("reading:ec-52072-any-three-groups"))
    assert [rule.id for rule in by_file.rules] == [rule.id for rule in by_name.rules]
    assert by_file.reading == by_name.reading


@pytest.mark.parametrize("name", ["year:2024", "reading:ec-52072-any-three-groups", str(policy_folder()), "HEAD"])
def test_each_is_read_with_what_may_be_made_up_where_a_proof_asks_for_it(named, name):
    policy = named(name)
    assert {rule.file.partition("/")[0] for rule in rulebook_of(policy, 2025).rules}.isdisjoint({"changes"})
    assert "changes/made_up.lp" in {rule.file for rule in rulebook_of(policy, 2025, changes=True).rules}


def test_the_criteria_of_another_year_stand_in_place_of_its_own(named):
    tried = {fact for rule in rulebook_of(named("year:2024"), 2025, changes=True).rules for fact in rule.facts}
    assert ("criterion", 2025, 4, "elpi_red", "english_learners_and_long_term") in tried
    assert ("criterion", 2025, 4, "elpi_red_or_orange", "long_term_english_learners") not in tried


def test_of_two_policies_the_one_that_does_not_load_is_named(named, tmp_path):
    folder = shutil.copytree(policy_folder(), tmp_path / "draft")
    (folder / "parameters" / "durations.lp").unlink()
    with pytest.raises(PolicyError, match=f"The policy {folder} does not load"):
        rules_of(named(str(folder)))


def test_what_is_none_is_refused_with_what_to_write(named):
    with pytest.raises(NoSuchPolicy, match="after year: write"):
        named("year:next")
    with pytest.raises(PolicyError, match="known are ec-52071-f"):
        rules_of(named("reading:none"))
