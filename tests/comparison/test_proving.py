"""Policies are told apart by the smallest made-up LEA, or proved equal within a scope."""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import yaml

from pyreport.cases.case import Case, evidence
from pyreport.cases.files import case_schema
from pyreport.cases.outcome import Outcome
from pyreport.comparison import made_up
from pyreport.comparison.answers import better_text, difference_text, together_text
from pyreport.comparison.made_up import Scope, ScopeError
from pyreport.comparison.proved_policies import as_decided, patched, without_rule
from pyreport.comparison.proving import Answer, NotSettled, better_figures, difference, together
from pyreport.files.places import policy_folder
from pyreport.reasoning.solver import conclude, derive
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.problems import PolicyError
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import unquote

VARIANTS = Path(__file__).parent / "variants"
SECOND = 1.0

ONE_YEAR, ALL_YEARS = Scope(2025, years=1, groups=1), Scope(2025, years=4, groups=3)

# The known errors of other implementations: in which scope, and about what, each is told apart; and by how many facts.
ERRORS = {
    "any-single-red": (ONE_YEAR, "eligible", None, 1),
    "indicators-counted": (ONE_YEAR, "eligible", None, 2),
    "orange-and-orange": (ONE_YEAR, "eligible", None, 3),
    "color-from-level": (ONE_YEAR, "eligible", None, 2),
    "all-students-a-group": (ONE_YEAR, "eligible", None, 2),
    "long-term-english-learners-left-out": (ONE_YEAR, "eligible", None, 2),
    "long-term-english-learners-as-in-2024": (ONE_YEAR, "eligible", None, 2),
    "local-indicator-of-one-year": (ONE_YEAR, "eligible", None, 2),
    "no-second-year": (Scope(2025, 2, 1), "status", None, 1),
    "charter-of-one-dashboard": (Scope(2025, 1, 1, "charter"), "eligible", None, 2),
    "three-of-all-years": (Scope(2025, 5, 1), "persistent_52072", "yes", 7),
    "fewer-than-three-groups-left-out": (Scope(2025, 4, 1), "persistent_52072", "yes", 7),
    "ec-52072-three-latest-dashboards": (Scope(2025, 4, 1), "persistent_52072", "yes", 7),
    "ec-52072-any-three-groups": (Scope(2025, 4, 1), "persistent_52072", "yes", 7),
}


@functools.cache
def policy() -> Rulebook:
    return load_rulebook(policy_folder(), changes=True)


@functools.cache
def variant(name: str) -> Rulebook:
    path = VARIANTS / f"{name}.lp"
    return patched(policy(), path if path.is_file() else policy_folder() / "readings" / f"{name}.lp", policy_folder())


def outputs() -> dict[str, str]:
    return {one.name: one.name for one in policy().outputs().values()} | {"eligible": "eligible"}


@functools.cache
def told_apart(name: str) -> Answer:
    scope, about, value, _ = ERRORS[name]
    return difference(policy(), variant(name), {about: about}, scope, value=value)


def cases_of(text: str, answer: Answer) -> list[Case]:
    """The cases of a text as the tests of cases take them."""
    document = _text_keys(yaml.safe_load(text))
    jsonschema.validate(document, case_schema())
    cds = unquote(answer.made_up.lea)
    return [Case(Path("made-up.yaml"), 1, one["name"], cds, one, policy()) for one in document["cases"]]


def _text_keys(value):
    if isinstance(value, dict):
        return {str(key): _text_keys(one) for key, one in value.items()}
    return [_text_keys(one) for one in value] if isinstance(value, list) else value


def faults(case: Case, rulebook: Rulebook) -> list[str]:
    """What of a case does not come out, decided from its own text by a policy."""
    return Outcome.of(derive(as_decided(rulebook), evidence([case])[1])).faults(case)


def fits(case: Case, rulebook: Rulebook, about: str) -> bool:
    """Whether a policy concludes of one predicate what a case says."""
    concluded = conclude(as_decided(rulebook), evidence([case])[1], [about])[about]
    words = {" ".join(unquote(value).lower() for value in atom[1:]) for atom in concluded}
    return all(one.beginning in words for one in case.conclusions("concludes")) and not any(
        one.beginning in words for one in case.conclusions("does_not_conclude")
    )


@functools.cache
def case_told_apart(name: str) -> Case:
    (case,) = cases_of(
        difference_text(policy(), told_apart(name), ERRORS[name][0], ("the policy", name)), told_apart(name)
    )
    return case


@pytest.mark.parametrize("name", ERRORS)
def test_each_known_error_of_other_implementations_is_told_apart_within_a_second_of_solving(name):
    answer = told_apart(name)
    assert answer.facts is not None
    assert len(answer.facts) == ERRORS[name][3], answer.facts
    assert answer.fewest
    assert any(answer.differing)
    assert answer.seconds[1] < SECOND
    assert all(one.verdict is not None and one.verdict.holds for one in answer.decided)


@pytest.mark.parametrize("name", ERRORS)
def test_the_case_holds_of_the_policy_and_not_of_the_other(name):
    case, about = case_told_apart(name), ERRORS[name][1]
    assert case.conclusions("concludes") or case.conclusions("does_not_conclude")
    assert fits(case, policy(), about)
    assert not fits(case, variant(name), about)


def test_a_case_says_everything_that_the_search_took_for_given():
    for name in ("charter-of-one-dashboard", "fewer-than-three-groups-left-out", "local-indicator-of-one-year"):
        answer = told_apart(name)
        stated = {atom for atom in evidence([case_told_apart(name)])[1] if atom[0] != "name"}
        assert stated == {*answer.made_up.given, *(answer.facts or ())}


def test_all_known_errors_are_tried():
    assert {path.stem for path in VARIANTS.glob("*.lp")} <= {*ERRORS, "equal-reordered", "equal-renamed"}


@pytest.mark.parametrize("name", ["equal-reordered", "equal-renamed"])
def test_what_says_the_same_in_other_words_is_proved_equal(name):
    for scope in (ALL_YEARS, Scope(2025, 4, 3, "county_office"), Scope(2025, 4, 3, basis="letters")):
        answer = difference(policy(), variant(name), outputs(), scope)
        assert answer.facts is None
        assert not answer.alike & {"eligible", "status"}
    text = " ".join(difference_text(policy(), answer, scope, ("the policy", name)).split())
    assert "No LEA in scope" in text
    assert "at most 3 student groups" in text
    assert "Not looked at, and not on record" in text


def test_the_order_of_rules_facts_and_conditions_needs_no_search():
    rules = [replace(one, body=one.body[::-1], facts=one.facts[::-1]) for one in reversed(policy().rules)]
    answer = difference(policy(), replace(policy(), rules=tuple(rules)), outputs(), ONE_YEAR)
    assert answer.alike == outputs().keys()
    assert answer.facts is None
    assert answer.seconds == (0.0, 0.0)


@pytest.mark.parametrize("name", ["any-single-red", "orange-and-orange", "long-term-english-learners-as-in-2024"])
def test_groups_that_stand_for_one_another_hide_no_smaller_lea(name, monkeypatch):
    # It is kept for other tests, so it is found before anything is changed.
    exchanged = told_apart(name)
    monkeypatch.setattr(made_up, "_exchangeable", lambda *_: False)
    about = {ERRORS[name][1]: ERRORS[name][1]}
    each = difference(policy(), variant(name), about, ONE_YEAR)
    assert all(len(of_class) == 1 for of_class in each.made_up.classes)
    assert len(each.made_up.possible) > len(exchanged.made_up.possible)
    assert len(each.facts or ()) == len(exchanged.facts or ())


def test_groups_that_a_rule_tells_apart_do_not_stand_for_one_another():
    classes = told_apart("any-single-red").made_up.classes
    assert {("el",), ("ltel",)} <= set(classes)
    assert sorted(group for of_class in classes for group in of_class) == sorted(
        {row.group for row in policy().rows("student_group") if row.year == ONE_YEAR.last}
    )


def test_an_error_outside_the_scope_is_not_found_and_the_scope_says_so():
    name = "no-second-year"
    answer = difference(policy(), variant(name), {"status": "status"}, ONE_YEAR)
    assert answer.facts is None
    assert "Dashboards of 2025 alone" in difference_text(policy(), answer, ONE_YEAR, ("the policy", name))


def test_a_rule_that_others_make_idle_is_never_needed():
    idle = without_rule(policy(), "persistence.52072.three-known-groups")
    assert difference(policy(), idle, outputs(), ALL_YEARS).facts is None


def test_a_rule_that_is_needed_is_shown_to_be():
    answer = difference(policy(), without_rule(policy(), "eligibility.method-1"), {"eligible": "eligible"}, ONE_YEAR)
    assert answer.facts is not None
    assert [atom[0] for atom in answer.differing[0]] == ["eligible"]
    assert answer.differing[1] == []


def test_two_rules_that_exclude_each_other_never_apply_together():
    rules = [policy().by_id[name] for name in ("eligibility.second-year", "eligibility.identified")]
    answer, joined = together(policy(), *rules, ALL_YEARS)
    assert answer.facts is None
    assert joined == ["LEA", "Year"]


def test_two_rules_that_can_apply_together_have_a_case_in_which_they_do():
    names = ("tests.both-academic-red", "tests.one-color")
    answer, joined = together(policy(), *(policy().by_id[name] for name in names), ONE_YEAR)
    assert joined == ["LEA", "Year", "Group"]
    (case,) = cases_of(together_text(policy(), answer, ONE_YEAR, names, joined), answer)
    assert faults(case, policy()) == []
    assert faults(case, without_rule(policy(), names[0])) != []


@pytest.mark.parametrize(
    "scope",
    [Scope(2025, 4, 2), Scope(2025, 4, 2, "county_office"), Scope(2025, 2, 2, "charter"), Scope(2019, 3, 2)],
    ids=str,
)
def test_better_figures_never_make_an_lea_eligible(scope):
    answer = better_figures(policy(), ["eligible"], scope)
    assert answer.facts is None
    assert "better figures never bring eligible" in better_text(policy(), answer, scope)


def test_better_figures_that_bring_a_conclusion_are_found():
    answer = better_figures(policy(), ["status"], ONE_YEAR)
    assert answer.facts is not None
    before, after = cases_of(better_text(policy(), answer, ONE_YEAR), answer)
    assert faults(before, policy()) == []
    assert faults(after, policy()) == []


def test_a_search_that_does_not_end_says_so():
    with pytest.raises(NotSettled, match="Look through less"):
        better_figures(policy(), ["eligible"], Scope(2025, 4, 4), limit=0.01)


def test_a_year_without_determinations_is_refused():
    with pytest.raises(ScopeError, match="2021"):
        difference(policy(), policy(), outputs(), Scope(2021))


def test_a_file_that_is_no_reading_is_refused(tmp_path):
    path = tmp_path / "draft.lp"
    path.write_text("eligible(LEA, Year) :- listed(LEA, Year).\n", encoding="utf-8")
    with pytest.raises(PolicyError, match="@reading"):
        patched(policy(), path, policy_folder())
