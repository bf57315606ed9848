"""A Dashboard year is complete or an error: `policy/years/` says what every year states."""

from __future__ import annotations

import dataclasses
import shutil
from functools import cache
from pathlib import Path

import pytest

from pyreport.evidence.layouts_on_hand import layouts_on_hand
from pyreport.files.places import policy_folder
from pyreport.rulebook.loading import examine, load_rulebook
from pyreport.rulebook.problems import Finding, PolicyError
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.syntax import Atom
from pyreport.rulebook.years import NOT_STATED, checklist, dashboard_years, incomplete_years

YEARS = load_rulebook(policy_folder()).years
NEWEST = YEARS.begun[-1]
NEXT = NEWEST + 1


@cache
def parsed():
    """All rules of the policy, those of `years/` too, and its predicates."""
    seen = []

    def keep(years, rules, predicates, *, reading):
        seen.append((rules, predicates))
        return incomplete_years(years, rules, predicates, reading=reading)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pyreport.rulebook.loading.incomplete_years", keep)
        examine(policy_folder())
    return seen[0]


def entries(year: int) -> list[tuple[Rule, Atom]]:
    """Every fact by which a year states something, or says that it does not."""
    rules, predicates = parsed()
    of_families = {part.predicate for family in YEARS.families for part in family.parts} | {NOT_STATED}
    return [
        (rule, fact)
        for rule in rules
        if rule.head.predicate in of_families
        for fact in rule.facts
        if fact[predicates[rule.head.predicate].place("Year")] == year
    ]


def not_of_layouts(_: Rule, fact: Atom) -> bool:
    return fact[0] != NOT_STATED or fact[2] not in {family.name for family in YEARS.families if family.layout}


def without(*taken: tuple[Rule, Atom]) -> list[str]:
    """What is told of the policy without some facts."""
    rules, predicates = parsed()
    left = {}
    for rule, fact in taken:
        left[rule.id] = tuple(one for one in left.get(rule.id, rule.facts) if one != fact)
    remaining = [dataclasses.replace(rule, facts=left[rule.id]) if rule.id in left else rule for rule in rules]
    found = incomplete_years(dashboard_years(remaining, predicates), remaining, predicates)
    return [str(problem) for problem in found]


def test_every_year_of_the_policy_is_complete():
    assert without() == []
    assert list(YEARS.missing_layouts(layouts_on_hand(), YEARS.begun)) == []


@pytest.mark.parametrize("year", YEARS.begun)
def test_a_year_without_any_one_of_its_entries_is_an_error_that_names_what_to_write(year):
    taken = [one for one in entries(year) if not_of_layouts(*one)]
    assert len(taken) > 25
    told = {fact: without((rule, fact)) for rule, fact in taken}
    assert [fact for fact, of_it in told.items() if not any(str(year) in one for one in of_it)] == []
    assert all(one.split(": ")[0].rpartition(":")[2].isdigit() for of_it in told.values() for one in of_it)


@pytest.mark.parametrize("year", YEARS.begun)
def test_a_year_with_one_entry_alone_is_an_error_for_every_family(year):
    taken = entries(year)
    ahead = {part.predicate for family in YEARS.families if family.ahead for part in family.parts}
    for kept in [one for one in taken if one[0].head.predicate not in ahead][:: max(1, len(taken) // 10)]:
        told = "\n".join(without(*(one for one in taken if one != kept)))
        silent = [
            family.parts[0].words
            for family in YEARS.families
            if not family.layout
            and kept[0].head.predicate not in {NOT_STATED, *(part.predicate for part in family.parts)}
            and any(since <= year for since in family.since.values())
            and f"“{family.parts[0].words}”" not in told
        ]
        assert silent == []


@pytest.mark.parametrize("predicate", ["asks_for", "in_scope", "test_uses"])
def test_what_a_year_names_and_nothing_defines_is_an_error(predicate):
    rules, _ = parsed()
    stating = [(rule, fact) for rule in rules if rule.head.predicate == predicate for fact in rule.facts]
    for value in {fact[1] for _, fact in stating}:
        told = without(*((rule, fact) for rule, fact in stating if fact[1] == value))
        assert [one for one in told if f"names {value} as" in one], value


@pytest.fixture
def draft(tmp_path) -> Path:
    return shutil.copytree(policy_folder(), tmp_path / "policy")


def append(file: Path, *lines: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + "\n" + "\n".join(lines) + "\n", encoding="utf-8")


def regime(year: int) -> list[str]:
    return [
        f"% @rule dashboards.regime.of-{year}",
        "% @cite CDE-system-of-support two-years",
        "% @inferred as in 2025",
        "% @says The {Year} determinations fall under {Regime}",
        f"regime({year}, sb_114).",
    ]


def test_one_fact_of_a_new_year_does_not_load_and_each_problem_names_file_line_and_what_to_write(draft):
    append(draft / "parameters" / "dashboards.lp", *regime(NEXT))
    with pytest.raises(PolicyError) as refused:
        load_rulebook(draft)
    problems = refused.value.problems
    assert {problem.finding for problem in problems} == {Finding.INCOMPLETE_YEAR}
    told = {str(problem).partition(": ")[0] for problem in problems}
    assert f"criteria/{NEXT}.lp:1" in told
    words = next(str(problem) for problem in problems if "method_in_force of Method 3" in str(problem))
    like = next(rule for rule, fact in entries(NEWEST) if fact == ("method_in_force", NEWEST, 3))
    assert words == (
        f"parameters/methods.lp:{like.line}: the {NEXT} Dashboard year is incomplete: it says nothing of Method 3 in "
        f"“Which methods of identification are in force”; write method_in_force of Method 3 for {NEXT}, like "
        f"{like.id}; or, if it has none, not_stated({NEXT}, methods, 3, nothing) in years/not_stated.lp"
    )


METHOD, OF_2022 = "parameters/methods.lp", "not_stated(2022, methods, (2; 3)"
WINDOW = "window_52072(2025, (2022; 2023; 2024; 2025))"
CRITERIA, NOT = "criteria/2025.lp", "years/not_stated.lp"
FAULTS = {
    "an entry of which no year speaks": (METHOD, "2025), 4)", "2025), 5)", "methods.4 states for 2024 what no year"),
    "a test that nothing defines": (
        CRITERIA,
        "elpi_red_or_orange,",
        "elpi_red_or_oragne,",
        "nothing states test_uses of it: the entry would never count. Write it into parameters/tests.lp, like "
        "tests.uses.elpi",
    ),
    "criteria that are stated and said not to be on hand": (
        "regimes/law_of_2026.lp",
        "board_criteria(2026,",
        "board_criteria(2025,",
        "regimes.board-criteria says not_on_hand as Value of 2025, which ends when the year states criteria",
    ),
    "a law by which no rule identifies": (
        "parameters/dashboards.lp",
        "2025), sb_114)",
        "2025), ab_126)",
        "no rule concludes identified of it for county_office: nobody of that kind would be identified. Write a rule "
        "into eligibility/districts_and_county_offices.lp, like eligibility.county-office.ab-97",
    ),
    "a scope that nothing defines": (CRITERIA, "long_term_english_learners)", "ltels)", "nothing states in_scope"),
    "a window without one year": (
        "parameters/persistence.lp",
        WINDOW,
        WINDOW.replace("2024; ", ""),
        "2025 has 3 facts of window_52072, expected 4",
    ),
    "an entry stated and not stated": (NOT, OF_2022, OF_2022.replace("(2;", "(1; 2;"), "keep one"),
    "an unknown entry not stated": (NOT, OF_2022, OF_2022.replace("3)", "3; 7)"), "no entry 7, nothing of methods"),
    "an unknown family": (NOT, "not_stated(2022, methods,", "not_stated(2022, method,", "method is no family"),
    "a dated predicate of no family": ("years/families.lp", "bridge; ", "", "bridge has a Dashboard year and is in no"),
}


@pytest.mark.parametrize(("file", "old", "new", "told"), FAULTS.values(), ids=FAULTS)
def test_what_no_year_can_state_is_an_error(draft, file, old, new, told):
    path = draft / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    _, problems = examine(draft)
    found = [str(problem) for problem in problems if problem.finding is Finding.INCOMPLETE_YEAR]
    assert [one for one in found if told in one], found


def test_a_year_whose_layouts_are_not_on_hand_is_told_with_the_file_to_write():
    missing = list(YEARS.missing_layouts([], YEARS.begun[:1]))
    assert {problem.file for problem in missing} == {
        f"pyreport/evidence/layouts/{name}.toml" for name in ("assistance_status", "dashboard", "addresses")
    }
    assert all("not_stated(" in str(problem) for problem in missing)


def test_the_readme_s_checklist_is_that_of_the_families():
    text = (policy_folder() / "README.md").read_text(encoding="utf-8")
    _, _, after = text.partition("<!-- what every year states: from years/families.lp -->\n")
    assert after.partition("<!-- end -->")[0] == checklist(YEARS)
