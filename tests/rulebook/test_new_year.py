"""`pyreport new-year` begins a Dashboard year; a made-up one is stated to its end, and no Python is touched."""

from __future__ import annotations

import dataclasses
import re
import shutil
from pathlib import Path

import pytest
import yaml
from cli.command import refused, run

from pyreport.cases.case import Case
from pyreport.evidence.record import Record
from pyreport.files.places import policy_folder
from pyreport.reasoning.decision import decide
from pyreport.reasoning.encoded_years import YearNotEncoded, check_year
from pyreport.rulebook.lint.lint import lint
from pyreport.rulebook.loading import examine, load_rulebook
from pyreport.rulebook.new_year import NewYearError, skeleton, years_moved
from pyreport.rulebook.problems import Finding, PolicyError
from pyreport.rulebook.years import NOT_STATED, dashboard_years, incomplete_years

BEGUN = load_rulebook(policy_folder()).years.begun
MODEL = BEGUN[-1]
NEW = MODEL + 1
CDS = "27699990000000"
CASES = Path(__file__).parents[1] / "cases"
OUTLIVED = [
    fact for rule in load_rulebook(policy_folder()).by_head["board_criteria"] for fact in rule.facts if fact[1] == NEW
]
"""What the policy says of the new year until it has criteria."""
LAYOUTS = {
    "status_file": "nothing",
    "dashboard_files": "(ela; math; elpi; graduation; college_career; chronic_absenteeism; suspension)",
    "addresses": "nothing",
}


def label(identifier: str, says: str) -> str:
    return f"\n% @rule {identifier}\n% @cite EC-52064.5-2025 (g)(1)\n% @inferred made up for a test\n% @says {says}\n"


def append(file, *texts: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + "".join(texts), encoding="utf-8")


def replace(file, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A checkout's policy and some cases, in which the new year is begun by the command."""
    root = tmp_path_factory.mktemp("begun")
    shutil.copytree(policy_folder(), root / "policy")
    shutil.copytree(CASES, root / "tests" / "cases", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    result = run("new-year", NEW, "--from", MODEL, "--policy", root / "policy")
    assert result.exit_code == 0, result.output
    return root


@pytest.fixture(scope="module")
def decided(begun, tmp_path_factory):
    """The same with every entry decided as it was proposed."""
    folder = shutil.copytree(begun / "policy", tmp_path_factory.mktemp("decided") / "policy")
    for file in folder.rglob("*.lp"):
        text = file.read_text(encoding="utf-8")
        text = re.sub(r"% @undecided .*\n", "", text)
        file.write_text(
            text.replace(f"board_criteria({NEW}, {NEW}0715, not", f"board_criteria({NEW}, {NEW}0715, "), "utf-8"
        )
    return folder


@pytest.fixture
def draft(decided, tmp_path):
    return shutil.copytree(decided, tmp_path / "policy")


class TestSkeleton:
    def test_what_ends_with_the_criteria_of_a_year_is_told_once_they_are_written(self, decided, tmp_path):
        folder = shutil.copytree(decided, tmp_path / "policy")
        shutil.copy(policy_folder() / "regimes" / "law_of_2026.lp", folder / "regimes")
        _, problems = examine(folder)
        assert len(problems) == len(OUTLIVED)
        for problem in problems:
            assert problem.file == "regimes/law_of_2026.lp"
            assert f"not_on_hand as Value of {NEW}, which ends when the year states criteria" in str(problem)

    def test_nothing_loads_and_lint_lists_every_entry_until_it_is_decided(self, begun):
        with pytest.raises(PolicyError) as caught:
            load_rulebook(begun / "policy")
        problems = [problem for problem in caught.value.problems if problem.finding == Finding.UNDECIDED]
        assert len(caught.value.problems) - len(problems) == len(OUTLIVED)
        marked = {
            f"{path.relative_to(begun / 'policy').as_posix()}:{number}"
            for path in (begun / "policy").rglob("*.lp")
            if "readings" not in path.parts
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            if line.startswith("% @undecided")
        }
        assert {f"{problem.file}:{problem.line}" for problem in problems} == marked
        assert len(marked) > 35
        assert f"read the source of {NEW}" in str(problems[0])

    def test_readings_replace_the_copies_too_and_nothing_is_wrong_but_what_is_undecided(self, begun):
        problems = lint(begun / "policy").problems
        assert [one.finding for one in problems if one.finding != Finding.UNDECIDED] == [Finding.INCOMPLETE_YEAR] * len(
            OUTLIVED
        )

    def test_one_entry_left_undecided_is_enough_to_refuse(self, begun, decided, tmp_path):
        folder = shutil.copytree(decided, tmp_path / "policy")
        shutil.copy(begun / "policy" / "parameters" / "durations.lp", folder / "parameters")
        _, problems = examine(folder)
        assert [(problem.file, problem.finding) for problem in problems] == [
            ("parameters/durations.lp", Finding.UNDECIDED)
        ]

    def test_every_family_and_every_reading_that_states_the_model_has_its_entry(self, decided):
        for reading in (None, "ec-52072-calendar-window", "ec-52072-three-latest-dashboards"):
            rulebook, problems = examine(decided, reading)
            assert problems == []
            assert rulebook.years.begun[-2:] == [MODEL, NEW]
        facts = {fact for rule in load_rulebook(decided).rules for fact in rule.facts}
        assert {("previous_dashboard", NEW, MODEL), ("school_year_ended", NEW, NEW * 10000 + 630)} <= facts
        assert ("window_52072", NEW, NEW) in facts
        assert ("window_52072", NEW, BEGUN[-4]) not in facts

    def test_cases_are_copied_with_their_years_moved_and_refused_until_decided(self, begun):
        copied = yaml.safe_load((begun / "tests" / "cases" / f"{NEW}.yaml").read_text(encoding="utf-8"))["cases"]
        assert len(copied) > 5
        assert {case["dashboard_year"] for case in copied} == {NEW}
        assert all(case["name"].endswith(f"({NEW})") and case["undecided"] for case in copied)
        assert not any("as_of" in case for case in copied)  # The law of a day does not change with a Dashboard.

    def test_the_rest_of_the_policy_stays_as_it_is(self, decided):
        old, new = load_rulebook(policy_folder()), load_rulebook(decided)
        stays = [rule for rule in old.rules if not set(rule.facts) & set(OUTLIVED)]
        assert all(new.by_id[rule.id].text == rule.text and new.by_id[rule.id].says == rule.says for rule in stays)

    @pytest.mark.parametrize(
        ("year", "model", "told"),
        [(MODEL, MODEL, "is not after"), (NEW, 2020, "does not state 2020"), (2021, 2019, "not")],
    )
    def test_a_year_that_cannot_be_begun_is_refused(self, year, model, told):
        with pytest.raises(NewYearError, match=told):
            skeleton(policy_folder(), year, model)
        assert told in refused("new-year", year, "--from", model)

    def test_years_move_alone_and_at_the_beginning_of_a_day(self):
        later = {2019: 2022, 2025: 2026}
        assert years_moved("2019, 20250630, criteria.2025.p4, 2018, 120250", later) == (
            "2022, 20260630, criteria.2025.p4, 2018, 120250"
        )


def test_a_new_year_without_any_one_of_its_entries_is_an_error(decided):
    rulebook, _ = examine(decided, years=True)
    rules, predicates = (
        [rule for rule in rulebook.rules if rule.facts or rule.head.predicate in ("shows", "identified")],
        rulebook.predicates,
    )
    assert list(incomplete_years(dashboard_years(rules, predicates), rules, predicates)) == []
    layouts = {family.name for family in rulebook.years.families if family.layout}
    names = {part.predicate for family in rulebook.years.families for part in family.parts} | {NOT_STATED}
    tried = 0
    # Rules that conclude nothing of which a year speaks are left out, for speed.
    for place, rule in enumerate(rules):
        for fact in rule.facts if rule.head.predicate in names else ():
            if fact[predicates[rule.head.predicate].place("Year")] != NEW or fact[2:3] in [(name,) for name in layouts]:
                continue
            left = dataclasses.replace(rule, facts=tuple(one for one in rule.facts if one != fact))
            policy = [*rules[:place], left, *rules[place + 1 :]]
            told = [str(one) for one in incomplete_years(dashboard_years(policy, predicates), policy, predicates)]
            assert any(str(NEW) in one for one in told), fact
            tried += 1
    assert tried > 100


def test_a_year_whose_files_no_layout_reads_is_decided_when_the_policy_says_so(draft):
    check_year(load_rulebook(draft), NEW)
    proposed = draft / "years" / "not_stated.lp"
    for family, values in LAYOUTS.items():
        text = proposed.read_text(encoding="utf-8")
        fact = f"not_stated({NEW}, {family}, {values}, nothing)."
        blocks = text.rstrip().split("\n\n")
        assert [block.endswith(fact) for block in blocks].count(True) == 1
        proposed.write_text("\n\n".join(block for block in blocks if not block.endswith(fact)) + "\n", encoding="utf-8")
        with pytest.raises(
            YearNotEncoded, match=rf"layouts/\w+\.toml:1: .* if it has none, not_stated\({NEW}, {family}"
        ):
            check_year(load_rulebook(draft), NEW)
        proposed.write_text(text, encoding="utf-8")


def decision(folder, colors: dict, kind: str = "district", **given):
    """The determinations of one made-up LEA with these colors, in order of the years."""
    rulebook = load_rulebook(folder)
    stated = {"dashboard_year": NEW, "kind": kind, "colors": colors, **given}
    case = Case(Path("made-up.yaml"), 1, "Made up", CDS, stated, rulebook)
    made = decide(rulebook, Record({}), case=case.facts)
    return {row.dashboard_year: row for row in made.determinations([MODEL, NEW])}, made.graph


BOTH = {"ALL": {"suspension": "red", "chronic_absenteeism": "red"}}


def test_a_group_of_all_students_from_one_year_on_can_be_stated(draft):
    replace(draft / "names.yaml", "Group:\n", "Group:\n  all: all students\n")
    groups, scopes = draft / "parameters" / "student_groups.lp", draft / "parameters" / "scopes.lp"
    append(
        groups, label("groups.all", "{Group} are a group of the {Year} determinations"), f"student_group({NEW}, all).\n"
    )
    _, problems = examine(draft)
    # Neither the years nor the scopes know the group yet.
    assert {problem.finding for problem in problems} == {Finding.INCOMPLETE_YEAR}
    assert any("nothing states in_scope of it" in str(problem) for problem in problems)
    append(
        draft / "years" / "entries.lp",
        label("years.of.groups.all", "From {Since} on"),
        f"says_of(groups, all, nothing, {NEW}).\n",
    )
    append(scopes, label("scopes.all", "{Scope} takes in {Group}"), "in_scope(every_group, all).\n")
    rows, _ = decision(draft, {MODEL: BOTH, NEW: BOTH})
    assert not rows[MODEL].groups
    assert [str(group).upper() for group in rows[NEW].groups] == ["ALL"]
    assert "Differentiated" in rows[NEW].status


FROZEN = """
%*! criteria_as_of(Year, Earlier)
Says: For the test of EC 52072, the criteria of the {Year} Dashboard are those of {Earlier}.
Absent: For the test of EC 52072, the criteria of the {Year} Dashboard are its own.
Stated by: policy
Args:
 - Year: Dashboard year.
 - Earlier: the Dashboard year whose criteria stay.
*%

%*! has_criteria_of_its_own(Year)
Says: For the test of EC 52072, the criteria of {Year} are its own.
Absent: For the test of EC 52072, the criteria of {Year} are those of another year.
Stated by: policy
Args:
 - Year: Dashboard year.
*%

%*! meets_frozen_priority(LEA, Year, Group, Priority)
Says: {Group} at {LEA} met {Priority} in {Year} by the criteria that stay.
Absent: {Group} at {LEA} did not meet {Priority} in {Year} by the criteria that stay.
Stated by: rules
Args:
 - LEA: CDS code.
 - Year: Dashboard year.
 - Group: student group.
 - Priority: state priority.
*%

%*! meets_criteria_for_52072(LEA, Year, Group)
Says: {Group} at {LEA} met in {Year} the criteria that count for EC 52072.
Absent: {Group} at {LEA} did not meet in {Year} the criteria that count for EC 52072.
Stated by: rules
Args:
 - LEA: CDS code.
 - Year: Dashboard year.
 - Group: student group.
*%
"""
RULE = "% @unless not so\n"


def freeze(folder) -> None:
    """EC 52072(a) as amended: the criteria as EC 52064.5(g) read on 1 January of the new year."""
    own = "; ".join(str(year) for year in load_rulebook(folder).years.begun if year != NEW)
    append(
        folder / "years" / "families.lp",
        label("years.no-family.frozen", "{Predicate}"),
        "of_no_family((criteria_as_of; has_criteria_of_its_own)).\n",
    )
    (folder / "persistence" / "frozen.lp").write_text(
        FROZEN
        + label("frozen.as-of", "For {Year} the criteria of {Earlier} stay")
        + f"criteria_as_of({NEW}, {MODEL}).\n"
        + label("frozen.own", "{Year} has its own")
        + f"has_criteria_of_its_own(({own})).\n"
        + label("frozen.priority", "{Group} at {LEA}, {Priority}, as of {Earlier}, {Test}, {Scope}, {Year}")
        + RULE
        + "meets_frozen_priority(LEA, Year, Group, Priority) :-\n    criteria_as_of(Year, Earlier),\n"
        "    criterion(Earlier, Priority, Test, Scope),\n    in_scope(Scope, Group),\n"
        "    student_group(Earlier, Group),\n"
        "    shows(LEA, Year, Group, Test).\n"
        + label("frozen.meets", "{Group} at {LEA} in {Year}: at least {Least}")
        + RULE
        + "meets_criteria_for_52072(LEA, Year, Group) :-\n    known_group(LEA, Year, Group),\n"
        "    criteria_as_of(Year, Earlier),\n    threshold(different_priorities, Least),\n"
        "    #count { Priority : meets_frozen_priority(LEA, Year, Group, Priority) } >= Least.\n"
        + label("frozen.own-year", "{Group} at {LEA} in {Year}")
        + RULE
        + "meets_criteria_for_52072(LEA, Year, Group) :-\n    has_criteria_of_its_own(Year),\n"
        "    meets_criteria_on_state_priorities(LEA, Year, Group).\n",
        encoding="utf-8",
    )
    replace(folder / "persistence" / "ec_52072.lp", "meets_criteria_on_state_priorities(", "meets_criteria_for_52072(")


def test_criteria_frozen_as_of_a_date_can_be_stated(draft):
    # The board drops suspension from the new year's criteria; for EC 52072 those of the year before stay.
    criteria, dropped = draft / "criteria" / f"{NEW}.lp", f"criterion({NEW}, 6, suspension_red, "
    replace(criteria, f"{dropped}every_group).", f"{dropped}english_learners).")
    red = {group: {"suspension": "red", "chronic_absenteeism": "red"} for group in ("HI", "SED", "SWD")}
    colors = dict.fromkeys((*BEGUN[-2:], NEW), red)
    rows, _ = decision(draft, colors)
    assert not rows[NEW].groups
    assert str(rows[NEW].persistent_52072) == "no"
    freeze(draft)
    rows, graph = decision(draft, colors)
    assert not rows[NEW].groups
    assert str(rows[NEW].persistent_52072) == "yes"
    assert {row.group for row in graph.rows("meets_criteria_for_52072", year=NEW)} == {"hi", "sed", "swd"}
