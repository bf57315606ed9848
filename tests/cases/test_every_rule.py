"""Every rule has its cases: it applies in some, and no condition or fact of it can change unnoticed."""

import collections
import functools
from collections.abc import Sequence

import pytest

from pyreport.cases.case import Case
from pyreport.evidence.counties import counties
from pyreport.evidence.facts import facts_of
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.files.places import policy_folder
from pyreport.rulebook.loading import readings
from pyreport.rulebook.syntax import Count, Literal, unquote

from .case_files import cases_of, rulebook_of
from .decided import outcome
from .mutants import Mutant, mutants, text_of
from .outcome import Outcome, TwoAnswersError
from .reach import Reach

READINGS = [None, *readings(policy_folder())]

# Predicates that no rule rests on. Python reads them: no_determinations for a message.
IN_NO_BODY = ("no_determinations",)

# Changes that no case can tell from the rule as it is, each with the proof.
EQUIVALENT: dict[str, str] = {
    **{
        f"{rule.id}: without {text_of(fact)}": ("No rule has this predicate in its body: it chooses a message.")
        for predicate in IN_NO_BODY
        for rule in rulebook_of(None).by_head[predicate]
        for fact in rule.facts
    },
    **{
        f"{rule.id}: without {text_of(fact)}": (
            "The one rule that asks is of an LEA covered in the one year and not in the other: they are never the same."
        )
        for rule in rulebook_of(None).by_head["rests_on"]
        for fact in rule.facts
        if fact[1] == fact[2]
    },
    "provider.lead-not-on-hand: <= flipped to < in Since <= Date": (
        "On the first day with geographic leads the term on hand has one for every county."
    ),
    "charters.identified: without charter_test_in_force(Year)": (
        "Charters are judged by the methods from 2022 on, so both in a year and on the Dashboard before from 2023 on, "
        "and from then on the test was in force."
    ),
    "local.rated.no-goal: without local_method(Method)": (
        "Of the methods that are taken as published, Method 4 alone rests on no local indicator, and it is not open to "
        "charter schools."
    ),
    "charters.meets-criteria: without ground(Method, criteria)": (
        "Method 4 alone rests on something else, and it is not open to charter schools."
    ),
    "regimes.charters-2026.support-open: without dashboard_out(LEA, Date, Year)": (
        "Of the two Dashboards the criteria of 2025 alone are encoded, and it was out before the law of 2026."
    ),
    "duration.possible-second-year.criteria: 2 for 1, 2. in condition 6": (
        "Methods 1 and 2 carry the two-year minimum in the same years."
    ),
    **{
        f"eligibility.method-1: {change}": "Methods 1 and 2 are open to every kind of LEA."
        for change in ("without open_to(1, Kind)", "2 for 1, 1. in condition 4")
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
    "eligibility.method-1: without method_in_force(Year, 1)": (
        "Only a student group of a year meets the criteria, and Method 1 was in force in every year that has any."
    ),
    "eligibility.method-as-published: without taken_as_published(Method)": (
        "Every method but 1 is taken as published, and the evidence never states a printed answer for Method 1."
    ),
    **{
        f"reading.calendar-window.{year}: without window_52072({year},{earlier})": (
            "No determinations were made in 2020 and 2021, so no group met the criteria: the year counts, empty."
        )
        for year, earlier in ((2022, 2020), (2022, 2021), (2023, 2020), (2023, 2021), (2024, 2021))
    },
    **{
        f"pathways.charter-test.all-groups: {change}": (
            "As many recurring groups as there are, three or more, meet the test anyway."
        )
        for change in ("without Count < Least", "< flipped to <= in Count < Least")
    },
    "cases.misplaced.assistance: without assists(Kind, ExpectedBy, Expected)": (
        "By whom and under which section is said in the message alone: every kind of LEA has somebody who assists it."
    ),
    "cases.misplaced.actor: without can_be_by(What, Section, ExpectedBy)": (
        "An event under a section that does not know it is for nobody there: its section puts it out of place already."
    ),
    "cases.misplaced.section: without can_stand_under(What, Expected)": (
        "A case file names only events that some step answers to, and each step stands under a section."
    ),
    **{
        f"levels.band.{better}.{level}: without better(Indicator, {better})": (
            "The cut points of an indicator rise or fall throughout: the band that is added ends before it begins."
        )
        for better in ("higher", "lower")
        for level in (2, 3, 4)
    },
    **{
        f"{rule}: without {measure} != none": (
            "A word is greater than every number to clingo: none lies at or below no upper end of a band."
        )
        for rule, measure in (
            ("levels.status", "Status"),
            ("levels.change", "Change"),
            ("levels.change-in-three-bands", "Change"),
        )
    },
    **{
        f"local.{rule}: {change}": (
            "A local indicator counts only in a year with a cell for it, and Methods 1, 2 and 3 were in force in all."
        )
        for rule, changes in (
            (
                "method-2",
                ("without method_in_force(Year, 2)", "1 for 2, 2. in condition 2", "3 for 2, 2. in condition 2"),
            ),
            ("method-3", ("without method_in_force(Year, 3)", "2 for 3, 2. in condition 2")),
            ("method-3-possible.letters", ("without method_in_force(Year, 3)", "2 for 3, 2. in condition 2")),
            ("method-3-possible.figures", ("without method_in_force(Year, 3)", "2 for 3, 2. in condition 2")),
        )
        for change in changes
    },
    "intervention.excluded.barred: without intervention_with(Pathway)": (
        "Pathway 2 alone asks for the test beside the determinations: it is for charter schools, where intervention is "
        "excluded anyway."
    ),
    **{
        f"levels.differentiated.open.older-charter-law: {change}": (
            "From the end of the last school year to the end of the next assistance is owed, and nothing is open."
        )
        for change in ("<= flipped to < in Last * 10000 + LastDay <= Date", "10001 for 10000 in condition 4")
    },
    "possible.eligible: without method_in_force(Year, 1)": (
        "Only a student group of a year possibly meets the criteria, and Method 1 was in force in every year with any."
    ),
    "possible.forced-orange: without color_beside_red(Color)": (
        "With CDE's list the colors of a group are open only where one academic indicator is Red and the other is not: "
        "Orange alone is possible beside Red."
    ),
    **{
        f"tests.uses.both-academic: without test_uses({test},{indicator})": (
            "Both Red, and Red and Orange, are tests of the same years, and each turns on both academic indicators."
        )
        for test in ("both_academic_red", "academic_red_and_orange")
        for indicator in ("ela", "math")
    },
    "tests.uses.elpi: without test_uses(elpi_red_or_orange,elpi)": (
        "In every year with that test the criteria have elpi_red too, which turns on the same indicator."
    ),
}


def own_rules(reading: str | None):
    """The rules that a reading states itself; of the settled reading, all rules."""
    rulebook = rulebook_of(reading)
    return [rule for rule in rulebook.rules if reading is None or rule.file == rulebook.reading.file]


# The rules of these folders look beyond one LEA, or at one report: tests/cases/modules tries them by themselves. What
# never holds together holds in no case: tests/cases/test_consistency.py makes it hold.
BY_THEMSELVES = ("funding/", "special_advance/", "consistency/")
# What follows from eligibility is tried by `make test-long`: the changes of its rules take as long as all other tests.
# The others are tried by `make test-all`. The tests of every rule that are quick are marked by neither.
AFTERWARDS = (
    "regimes/",
    "levels/",
    "provider/",
    "obligations/",
    "essa/",
    "pathways/",
    "cases/",
    "intervention/",
    "revocation/",
    "duration/d",
    "duration/i",
    "duration/m",
    "duration/t",
)
RULES = [
    pytest.param(reading, rule)
    for reading in READINGS
    for rule in own_rules(reading)
    if not rule.file.startswith(BY_THEMSELVES)
]
MUTATIONS = [
    pytest.param(reading, rule, marks=pytest.mark.long if rule.file.startswith(AFTERWARDS) else pytest.mark.sweep)
    for reading, rule in (one.values for one in RULES)
]
# Rules about an LEA. The others, such as those on the bands of a table, are reached by their changes alone.
ABOUT_AN_LEA = [one for one in RULES if one.values[1].body and "LEA" in one.values[1].variables]


def name_of(one: object) -> str:
    return getattr(one, "id", None) or str(one or "settled")


@functools.cache
def reach(reading: str | None) -> Reach:
    return Reach(cases_of(reading), outcome(reading))


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


@pytest.mark.parametrize(("reading", "rule"), ABOUT_AN_LEA, ids=name_of)
def test_every_rule_applies_in_a_case_that_names_it(reading, rule):
    named = ("rules", "earlier_rules")
    assert [case.name for case in cases_of(reading) if any(rule.id in case.given.get(key, []) for key in named)]


@pytest.mark.parametrize(("reading", "rule"), ABOUT_AN_LEA, ids=name_of)
def test_every_rule_has_a_case_to_which_it_does_not_apply(reading, rule):
    found = outcome(reading)
    assert [case.name for case in cases_of(reading) if not applies(found, case, rule.id)]


@pytest.mark.parametrize(("reading", "rule"), MUTATIONS, ids=name_of)
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
    used = {literal.atom.predicate for rule in rulebook.rules for literal in body_literals(rule)}
    assert not used & set(IN_NO_BODY)
    assert all(
        sorted(cuts) in (list(cuts), list(reversed(cuts)))
        for *_, a, b, c, d in facts["cuts"]
        for cuts in [(a, b, c, d)]
    )
    methods_in_force = {(year, method) for year, method in facts["method_in_force"]}
    assert {(year, method) for year, _, _ in facts["local_cell"] for method in (1, 2, 3)} <= methods_in_force
    assert {(year, 1) for year, *_ in facts["criterion"]} <= methods_in_force
    years_of = {
        test: {year for year, _, one, _ in facts["criterion"] if one == test} for _, _, test, _ in facts["criterion"]
    }
    assert years_of["both_academic_red"] == years_of["academic_red_and_orange"]
    assert years_of["elpi_red_or_orange"] <= years_of["elpi_red"]
    assert 2025 not in {earlier for _, earlier in facts["previous_dashboard"]}
    ((since,),) = facts["geographic_leads_since"]
    terms = {term for term, start, finish in facts["lead_term"] if start <= since <= finish}
    led = {unquote(county) for term, county, _ in facts["geographic_lead"] if term in terms}
    assert led == set(counties())
    rests = {rule.id for rule in rulebook.rules for one in body_literals(rule) if one.atom.predicate == "rests_on"}
    assert rests == {"possible.nothing-on-record"}
    judged = {year for year, kind in facts["judged_by_methods"] if kind == "charter"}
    judged_twice = {year for year, earlier in facts["previous_dashboard"] if {year, earlier} <= judged}
    assert judged_twice <= {year for (year,) in facts["charter_test_in_force"]}
    assert {year for year, _, kind in facts["local_cell"] if kind == "charter"} <= judged
    criteria = {method for method, ground in facts["ground"] if ground == "criteria"}
    assert {method for method, kind in facts["open_to"] if kind == "charter"} <= criteria
    kinds = {kind for _, kind in facts["judged_by_methods"]}
    assert {(method, kind) for method in (1, 2) for kind in kinds} <= facts["open_to"]
    carries = {method: {year for year, one in facts["two_year_minimum"] if one == method} for method in (1, 2)}
    assert carries[1] == carries[2]
    calpads = {method for method, ground in facts["ground"] if ground == "calpads"}
    years_of_calpads = {year for year, method in facts["method_in_force"] if method in calpads}
    assert calpads == {4}
    assert {year for year, regime in facts["regime"] if regime == "sb_114"} >= years_of_calpads
    assert not {year for year, regime in facts["regime"] if regime == "ab_97"} & years_of_calpads
    years_of_method_1 = {year for year, method in facts["method_in_force"] if method == 1}
    assert {year for year, _ in facts["student_group"]} == years_of_method_1
    assert {method for (method,) in facts["taken_as_published"]} == {2, 3, 4}
    recorded = facts_of(read_record(record_folder()))
    listed = {atom[1:3] for atom in recorded if atom[0] == "listed"}
    assert {atom[1:3] for atom in recorded if atom[0] == "published_letter"} <= listed
    assert 1 not in {atom[3] for atom in recorded if atom[0] == "published_method"}


def body_literals(rule):
    return [one for part in rule.body for one in conditions(part) if isinstance(one, Literal)]


def conditions(part):
    return [one for element in part.elements for one in element.conditions] if isinstance(part, Count) else [part]


def test_every_change_listed_as_equivalent_is_one_of_a_rule():
    ids = {one.values[1].id for one in RULES}
    assert {name.partition(": ")[0] for name in EQUIVALENT} <= ids


def test_the_names_of_the_changes_are_unambiguous():
    names = collections.Counter(
        mutant.name for reading, rule in (one.values for one in RULES) for mutant in mutants(rulebook_of(reading), rule)
    )
    assert [name for name, times in names.items() if times > 1] == []
