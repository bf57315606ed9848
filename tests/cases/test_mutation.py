"""Which cases a change of a rule can reach, held against deciding them all; the list of changes without effect."""

import dataclasses

import pytest

from pyreport.cases.files import CasesError
from pyreport.cases.mutants import Mutant, mutants
from pyreport.cases.mutation import Mutation
from pyreport.cases.outcome import Outcome
from pyreport.cases.trying import derived
from pyreport.cases.without_effect import FILE, WithoutEffect, read_without_effect
from pyreport.comparison.effect_proofs import refuted
from pyreport.files.places import policy_folder
from pyreport.rulebook.loading import load_rulebook

from .case_files import cases_of, rulebook_of

# Some of the cases, so that all can be decided under each change: of all files, on printed figures, with explanations.
EVERY = cases_of(None)
ON_FIGURES = [number for number, case in enumerate(EVERY) if "levels.status" in case.rules]
EXPLAINED = [number for number, case in enumerate(EVERY) if "explained" in case.given]
SOME = tuple(EVERY[number] for number in sorted({*range(0, len(EVERY), 60), *ON_FIGURES[:6], *EXPLAINED[:20]}))


def mutation():
    return Mutation(SOME, Outcome.of(derived(SOME, rulebook_of(None))))


@pytest.mark.parametrize(
    "rule",
    [
        "criteria.two-priorities",  # with a count
        "eligibility.method-1",
        "local.rated.no-goal",
        "tests.uses.both-academic",  # facts, looked at by way of a rule about no LEA
        "scopes.english-learners",
        "levels.band.higher.2",  # a rule about no LEA
    ],
)
def test_a_case_that_a_change_does_not_reach_comes_out_as_before(rule):
    tried, changes = mutation(), list(mutants(rulebook_of(None), rulebook_of(None).by_id[rule]))
    assert changes
    reached = tried.reached(changes)
    for change, cases in zip(changes, reached, strict=True):
        assert not tried._is_broken(change, [case for case in SOME if case not in cases]), change.name
    # The changes that make a difference anywhere do so here too, or the test would show nothing.
    assert any(reached)


def test_the_reasons_that_a_case_asks_for_are_no_conclusions():
    """They reach below what is concluded anew: a rule that was not changed would seem to break such a case."""
    tried, explained = mutation(), [EVERY[number] for number in EXPLAINED[:20]]
    same = Mutant("as it is", rulebook_of(None).by_id["levels.band.higher.2"], rulebook_of(None))
    found = tried._decide(same, explained)
    assert any(found.faults(case) for case in explained)
    assert not tried._is_broken(same, explained)


def change(name):
    whole = load_rulebook(policy_folder(), changes=True)
    found = next(one for one in mutants(whole, whole.by_id[name.partition(": ")[0]]) if one.name == name)
    return found, whole


ENTRY = WithoutEffect("without_effect.yaml:1", (), "Because.")


@pytest.mark.parametrize(
    ("name", "fields", "told"),
    [
        # It is looked at.
        ("durations.two-year-minimum: without two_year_minimum(2025,1)", {"unread": True}, "looks at two_year_minimum"),
        # Such facts there are.
        (
            "durations.two-year-minimum: without two_year_minimum(2025,1)",
            {"never": ("previous_dashboard(Year, 2024)",)},
            "there are such facts of law: previous_dashboard(Year, 2024)",
        ),
        # It changes something.
        (
            "criteria.two-priorities: >= flipped to > in #count … >= Least",
            {"made_up": {"year": 2025, "kinds": ["district"], "by": ["letters"]}},
            "a made-up district (letters) shows it",
        ),
        # The rule is about charter schools.
        (
            "charters.identified: without charter_test_in_force(Year)",
            {"made_up": {"year": 2025, "kinds": ["district"], "by": ["letters"]}},
            "nothing is proved",
        ),
    ],
)
def test_a_check_that_does_not_hold_is_refuted(name, fields, told):
    found, whole = change(name)
    assert told in refuted(dataclasses.replace(ENTRY, **fields), found, whole)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- changes: {a.b: [never]}\n  why: So.\n", ":1: "),
        ("- changes: {a.b: [never]}\n  why: So.\n  unread: true\n  not_proved: No.\n", ":1: "),
        ("- changes: {a.b: [never]}\n  why: So.\n  never: ['a(X). b']\n", "'a(X). b' is no list of conditions"),
        ("- changes: {a.b: [never]}\n  why: So.\n  never: ['#script (lua)']\n", "is no list of conditions"),
        ("- changes: {a.b: [never]}\n  why: So.\n  unread: true\n" * 2, ":4: a.b: never stands at "),
        ("- changes: {a.b: [never]}\n  why: So.\n  made_up: {year: 2025, kinds: [school], by: [letters]}\n", "school"),
    ],
)
def test_a_list_that_is_not_written_as_it_must_be_is_refused_with_its_line(tmp_path, text, told):
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(CasesError) as error:
        read_without_effect(tmp_path)
    assert told in str(error.value)
    assert FILE in str(error.value)


def test_a_policy_without_the_list_lists_nothing(tmp_path):
    assert read_without_effect(tmp_path) == {}
