"""Every rule has its cases: it applies in some, and no condition or fact of it can change unnoticed."""

import collections
import functools
from collections.abc import Sequence

import pytest

from pyreport.evidence.facts import facts_of
from pyreport.evidence.record import read_record, record_folder
from pyreport.places import policy_folder
from pyreport.reasoning.solver import derive
from pyreport.rulebook.rulebook import readings
from pyreport.rulebook.syntax import Count, Literal

from .case_files import Case, cases_of, evidence, rulebook_of
from .outcome import Outcome, TwoAnswersError
from .reach import Reach
from .mutants import Mutant, mutants

READINGS = [None, *readings(policy_folder())]

# Changes that no case can tell from the rule as it is, each with the proof.
EQUIVALENT: dict[str, str] = {
    **{
        f"dashboards.no-determinations: without no_determinations({year})": (
            "No rule has this predicate in its body: it is quoted in the message on a year without determinations."
        )
        for year in (2020, 2021)
    },
    **{
        f"durations.two-year-minimum: without two_year_minimum(2025,{method})": (
            "It matters on the Dashboard after 2025 alone, and previous_dashboard has none with 2025 as the earlier."
        )
        for method in (1, 2, 3)
    },
    **{
        f"eligibility.{kind}.ab-97: without ground(Method, criteria)": (
            "Under AB 97, from 2017 to 2022, only Methods 1, 2 and 3 were in force, and each rests on the criteria."
        )
        for kind in ("district", "county-office")
    },
    **{
        f"eligibility.{kind}.calpads: without regime(Year, sb_114)": (
            "Method 4 alone rests on CALPADS, and it was in force in 2024 and 2025 alone, both under SB 114."
        )
        for kind in ("district", "county-office")
    },
    "thresholds.different-priorities: Least 1 for 2 in threshold(different_priorities,2)": "No letter stands for one priority alone, so the count is never 1.",
    "eligibility.method-1: without method_in_force(Year, 1)": (
        "Only a student group of a year meets the criteria, and Method 1 was in force in every year that has any."
    ),
    "eligibility.method-as-published: without taken_as_published(Method)": (
        "Every method but 1 is taken as published, and the evidence never states a printed answer for Method 1."
    ),
    **{
        f"lcap-goal.group: {change}": (
            "An LEA of a status file is either a district or a county office, and in 2019 and 2022 a goal was required "
            "of both: whichever it is, and whichever it is not, one of the two facts goal_required_of fits."
        )
        for change in ("without kind(LEA, Kind)", "kind(LEA, Kind) negated")
    },
    "persistence.52072.a-known-group-does-not-recur: without listed(LEA, Year)": (
        "A group is known by a letter, and a letter stands in a row of that year's file: the LEA is listed there."
    ),
    "persistence.52072.all-groups: without listed(LEA, Year)": (
        "At least one known group is counted; a group is known by a letter, and a letter stands in a row of the file."
    ),
    **{
        f"{rule}: without test_52072_in_force(Year)": (
            "At least one element is counted by a window of that year, and only years with the test have windows."
        )
        for rule in ("persistence.52072.all-groups", "persistence.52072.three-groups", "reading.any-three-groups.met")
    },
    **{
        f"reading.calendar-window.{year}: without window_52072({year},{earlier})": (
            "No determinations were made in 2020 and 2021, so no group met the criteria: the year counts, empty."
        )
        for year, earlier in ((2022, 2020), (2022, 2021), (2023, 2020), (2023, 2021), (2024, 2021))
    },
}


def own_rules(reading: str | None):
    """The rules that a reading states itself; of the settled reading, all rules."""
    rulebook = rulebook_of(reading)
    return [rule for rule in rulebook.rules if reading is None or rule.file == rulebook.reading.file]


RULES = [(reading, rule) for reading in READINGS for rule in own_rules(reading)]
WITH_BODY = [(reading, rule) for reading, rule in RULES if rule.body]


def name_of(one: object) -> str:
    return getattr(one, "id", None) or str(one or "settled")


@functools.cache
def as_it_is(reading: str | None) -> Outcome:
    _, facts = evidence(cases_of(reading))
    return Outcome.of(derive(rulebook_of(reading), facts))


@functools.cache
def reach(reading: str | None) -> Reach:
    return Reach(cases_of(reading), as_it_is(reading))


def broken(mutant: Mutant, reading: str | None) -> bool:
    """Whether some case fails under the mutant. LEAs are decided apart, so the likely cases go first."""
    cases = reach(reading).of(mutant)
    return any(chosen and fails(mutant, reading, chosen) for chosen in (cases[:6], cases[6:60], cases[60:]))


def fails(mutant: Mutant, reading: str | None, cases: Sequence[Case]) -> bool:
    try:
        found = reach(reading).decide(mutant, cases)
    except (TwoAnswersError, KeyError):
        # Two answers to one question, or none to one that must have an answer.
        return True
    return any(found.faults(case) for case in cases)


def applies(found: Outcome, case: Case, rule: str) -> bool:
    return bool(found.rules.get(case.cds, {}).get(rule, set()) & {case.year, 0})


@pytest.mark.parametrize(("reading", "rule"), WITH_BODY, ids=name_of)
def test_every_rule_applies_in_a_case_that_names_it(reading, rule):
    assert [case.name for case in cases_of(reading) if rule.id in case.given.get("rules", [])]


@pytest.mark.parametrize(("reading", "rule"), WITH_BODY, ids=name_of)
def test_every_rule_has_a_case_to_which_it_does_not_apply(reading, rule):
    found = as_it_is(reading)
    assert [case.name for case in cases_of(reading) if not applies(found, case, rule.id)]


@pytest.mark.parametrize(("reading", "rule"), RULES, ids=name_of)
def test_no_condition_or_fact_of_a_rule_can_change_without_breaking_a_case(reading, rule):
    changes = list(mutants(rulebook_of(reading), rule))
    survivors = {mutant.name for mutant in changes if not broken(mutant, reading)}
    known = {name for name in EQUIVALENT if name.startswith(f"{rule.id}: ")}
    assert changes
    assert survivors - known == set(), "a change that breaks no case: write one"
    assert known - survivors == set(), "a change listed as equivalent that breaks a case, or that is none"


def test_what_the_proofs_of_equivalence_rest_on_is_so():
    rulebook = rulebook_of(None)
    facts: dict[str, set[tuple]] = {}
    for rule in rulebook.rules:
        facts.setdefault(rule.head.predicate, set()).update(fact[1:] for fact in rule.facts)
    assert "no_determinations" not in {
        condition.atom.predicate
        for rule in rulebook.rules
        for part in rule.body
        for condition in conditions(part)
        if isinstance(condition, Literal)
    }
    assert 2025 not in {earlier for _, earlier in facts["previous_dashboard"]}
    calpads = {method for method, ground in facts["ground"] if ground == "calpads"}
    years_of_calpads = {year for year, method in facts["method_in_force"] if method in calpads}
    assert calpads == {4}
    assert {year for year, regime in facts["regime"] if regime == "sb_114"} >= years_of_calpads
    assert not {year for year, regime in facts["regime"] if regime == "ab_97"} & years_of_calpads
    years_of_method_1 = {year for year, method in facts["method_in_force"] if method == 1}
    assert {year for year, _ in facts["student_group"]} == years_of_method_1
    assert {method for (method,) in facts["taken_as_published"]} == {2, 3, 4}
    assert {year for year, _ in facts["goal_required_of"]} == {2019, 2022}
    assert len(facts["goal_required_of"]) == 4
    assert {year for year, _ in facts["window_52072"]} == {year for (year,) in facts["test_52072_in_force"]}
    priorities = collections.Counter(letter for letter, _ in facts["letter_means"])
    assert min(priorities.values()) == 2
    recorded = facts_of(read_record(record_folder()))
    listed = {atom[1:3] for atom in recorded if atom[0] == "listed"}
    assert {atom[1:3] for atom in recorded if atom[0] == "published_letter"} <= listed
    assert 1 not in {atom[3] for atom in recorded if atom[0] == "published_method"}


def conditions(part):
    return [one for element in part.elements for one in element.conditions] if isinstance(part, Count) else [part]


def test_every_change_listed_as_equivalent_is_one_of_a_rule():
    ids = {rule.id for _, rule in RULES}
    assert {name.partition(": ")[0] for name in EQUIVALENT} <= ids


def test_the_names_of_the_changes_are_unambiguous():
    names = collections.Counter(
        mutant.name
        for reading, rule in RULES
        for mutant in mutants(rulebook_of(reading), rule)
    )
    assert [name for name, times in names.items() if times > 1] == []
