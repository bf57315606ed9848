"""Mistakes that a maintainer makes: each is found in a copy of the policy, where it is, with what to write instead."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pyreport.files.places import policy_folder, sources_folder
from pyreport.rulebook.lint.lint import lint


@dataclass(frozen=True)
class Mistake:
    """One edit of a file of the policy: ``old``, which stands there once, becomes ``new``.

    Attributes:
        at: The beginning of the line that the finding names, of the edited file unless ``elsewhere`` names another.
        told: Parts of the message: what is wrong, and what to write.
        finding: The id of the check.
    """

    file: str
    old: str
    new: str
    at: str
    finding: str
    told: tuple[str, ...]
    elsewhere: str | None = None


TESTS = "criteria/tests.lp"
TWICE_RED = """\
    color(LEA, Year, Group, ela, red),
    color(LEA, Year, Group, math, red).
"""
ONE_COLOR = """\
    asks_for(Test, Indicator, Color),
    color(LEA, Year, Group, Indicator, Color).
"""
BRIEF = "% @cite SBE-memo-2018 by-sbe\n% @says {LEA}"
DECLARED = """\
%*! NAME(LEA, Year)
Says: {LEA} is NAME in {Year}.
Absent: {LEA} is not NAME in {Year}.
Stated by: rules
Args:
 - LEA: CDS code.
 - Year: Dashboard year.
*%
"""
ACCEPTS = (
    "      A school district shall accept the technical assistance provided by the county superintendent of schools "
)
REGIMES = "regimes/intervals.lp"
THRESHOLDS = "parameters/thresholds.lp"
RECURRING = "threshold(recurring_years, 3).\n"

MISTAKES = {
    "a color is misspelt in a condition": Mistake(
        TESTS,
        TWICE_RED,
        TWICE_RED.replace("math, red", "math, rde"),
        "    color(LEA, Year, Group, math, rde)",
        "unknown-value",
        ("rde", "Color", "write red"),
    ),
    "a color is misspelt in a fact": Mistake(
        "parameters/tests.lp",
        "asks_for(graduation_red, graduation, red)",
        "asks_for(graduation_red, graduation, rde)",
        "asks_for(graduation_red, graduation, rde)",
        "faulty-names",
        ("rde", "Color", "write red", "names.yaml"),
    ),
    "two constants are swapped": Mistake(
        TESTS,
        TWICE_RED,
        TWICE_RED.replace("math, red", "red, math"),
        "    color(LEA, Year, Group, red, math)",
        "unknown-value",
        ("red", "Indicator", "color(LEA, Year, Group, Indicator, Color)"),
    ),
    "two variables are swapped": Mistake(
        TESTS,
        ONE_COLOR,
        ONE_COLOR.replace("Group, Indicator, Color)", "Indicator, Group, Color)"),
        "    color(LEA, Year, Indicator, Group, Color)",
        "argument-clash",
        ("Indicator", "Group", "color(LEA, Year, Group, Indicator, Color)"),
    ),
    "an indicator is used as a color": Mistake(
        TESTS,
        ONE_COLOR,
        ONE_COLOR.replace("Indicator, Color).", "Indicator, Indicator)."),
        "    color(LEA, Year, Group, Indicator, Indicator)",
        "argument-clash",
        ("Indicator", "Color"),
    ),
    "a year is moved in one family and not in the others": Mistake(
        "parameters/dashboards.lp",
        "regime((2023; 2024; 2025), sb_114)",
        "regime((2023; 2042; 2025), sb_114)",
        "regime((2023; 2042; 2025), sb_114)",
        "incomplete-year",
        ("alone states something of 2042", "correct it"),
    ),
    "a threshold is given twice": Mistake(
        THRESHOLDS,
        RECURRING,
        RECURRING
        + "\n% @rule thresholds.recurring-years.new\n% @cite the-test\n% @says At least {Least} years\n"
        + "threshold(recurring_years, 4).\n",
        "threshold(recurring_years, 4)",
        "two-values",
        ("recurring_years", "3", "4", "thresholds.recurring-years", "keep one"),
    ),
    "the threshold that a rule asks for is misspelt": Mistake(
        "criteria/state_priorities.lp",
        "    threshold(different_priorities, Least),\n    #count { Priority : meets_state",
        "    threshold(different_priority, Least),\n    #count { Priority : meets_state",
        "    threshold(different_priority, Least)",
        "unknown-value",
        ("different_priority", "write different_priorities"),
    ),
    "two regimes overlap": Mistake(
        REGIMES,
        "regime_interval(ab_97, (district; county_office), 20130701, 20230709)",
        "regime_interval(ab_97, (district; county_office), 20130701, 20230731)",
        "regime_interval(sb_114, (district; county_office)",
        "overlap",
        ("20230710", "20230731", "20230709"),
    ),
    "between two regimes there is a gap": Mistake(
        REGIMES,
        "regime_interval(sb_114, charter, 20230710, 20260708)",
        "regime_interval(sb_114, charter, 20230810, 20260708)",
        "regime_interval(sb_114, charter",
        "gap",
        ("20230710", "20230809"),
    ),
    "a day is in no calendar": Mistake(
        REGIMES,
        "trued_up_from(20260918)",
        "trued_up_from(20260931)",
        "trued_up_from(20260931)",
        "no-such-day",
        ("20260931", "YYYYMMDD"),
    ),
    "a rule feeds rules that no output needs": Mistake(
        "eligibility/eligibility_of_nobody.lp",
        "",
        DECLARED.replace("NAME", "outstanding")
        + DECLARED.replace("NAME", "admirable")
        + f"% @rule nobody.outstanding\n{BRIEF} is outstanding in {{Year}}\n% @unless {{LEA}} is not outstanding\n"
        + "outstanding(LEA, Year) :-\n    listed(LEA, Year).\n\n"
        + f"% @rule nobody.admirable\n{BRIEF} is admirable in {{Year}}\n% @unless {{LEA}} is not admirable\n"
        + "admirable(LEA, Year) :-\n    outstanding(LEA, Year).\n",
        "%*! outstanding",
        "unused-predicate",
        ("outstanding", "nobody.admirable", "Output", "remove"),
    ),
    "steps follow one another in a circle": Mistake(
        "cases/order.lp",
        "follows(pathway_2, acceptance, (superintendent_consultation; approval))",
        "follows(pathway_2, acceptance, (superintendent_consultation; finding))",
        "follows(pathway_2, finding, advice)",
        "circle",
        ("acceptance after finding by cases/order.lp:33", "remove the one that is not so"),
    ),
    "a rule cites nothing": Mistake(
        REGIMES,
        "% @cite Education-Code-2026 read\n",
        "",
        "law_last_read(20260926)",
        "missing-citation",
        ("regimes.last-read", "@cite AUTHORITY PASSAGE"),
    ),
    "a passage is cited that nobody quoted": Mistake(
        "parameters/thresholds.lp",
        "% @cite EC-52071-2026 (f)\n",
        "% @cite EC-52071-2026 (ff)\n",
        "% @cite EC-52071-2026 (ff)",
        "unresolved-citation",
        ("EC-52071-2026", "(f)"),
    ),
    "a placeholder is misspelt": Mistake(
        TESTS,
        "% @says {Group} at {LEA} are {Color} on {Indicator} in {Year}\n",
        "% @says {Group} at {LEA} are {Colour} on {Indicator} in {Year}\n",
        "shows(LEA, Year, Group, Test) :-",
        "unknown-placeholder",
        ("{Colour}", "write Color"),
    ),
    "conditions contradict one another": Mistake(
        TESTS,
        "    Denominator >= Least.\n",
        "    Denominator >= Least,\n    Least > 30,\n    Denominator < 30.\n",
        "on_lowest_level(LEA, Year, Group, Indicator) :-",
        "never-applies",
        ("Denominator < 30", "Least > 30", "Denominator >= Least"),
    ),
    "a condition is asked for and excluded": Mistake(
        TESTS,
        "    color(LEA, Year, Group, Other, orange).\n",
        "    color(LEA, Year, Group, Other, orange),\n    not color(LEA, Year, Group, Other, orange).\n",
        "shows(LEA, Year, Group, academic_red_and_orange) :-",
        "never-applies",
        ("not color(LEA, Year, Group, Other, orange)",),
    ),
    "a fact is stated twice": Mistake(
        "criteria/2024.lp",
        "local_cell(2024, (9; 10), county_office)",
        "local_cell(2024, (7; 9; 10), county_office)",
        "local_cell(2024, (7; 9; 10), county_office)",
        "duplicate-fact",
        ("local_cell(2024, 7, county_office)", "criteria.2024.local", "keep one"),
    ),
    "a variable of the head is bound nowhere": Mistake(
        TESTS,
        "shows(LEA, Year, Group, Test) :-\n    asks_for(Test, Indicator, Color)",
        "shows(LEA, Year, Group, Test) :-\n    asks_for(Tests, Indicator, Color)",
        "shows(LEA, Year, Group, Test) :-",
        "clingo-message",
        ("Test", "bind"),
    ),
    "a label lacks @unless": Mistake(
        TESTS,
        "% @unless {Group} at {LEA} have no color that meets the test {Test} in {Year}\n",
        "",
        "shows(LEA, Year, Group, Test) :-",
        "faulty-label",
        ("tests.one-color", "@unless"),
    ),
    "a code has no words": Mistake(
        "names.yaml",
        "  graduation_red: Red on graduation rate\n",
        "",
        "criterion(2017, 5, graduation_red",
        "faulty-names",
        ("graduation_red", "Test", "names.yaml"),
        elsewhere="criteria/2017.lp",
    ),
    "an argument is missing": Mistake(
        TESTS,
        TWICE_RED,
        TWICE_RED.replace("Group, math, red", "math, red"),
        "    color(LEA, Year, math, red)",
        "arity-clash",
        ("4", "5", "color(LEA, Year, Group, Indicator, Color)"),
    ),
    "a predicate is misspelt in a condition": Mistake(
        TESTS,
        TWICE_RED,
        TWICE_RED.replace("color(LEA, Year, Group, math", "colour(LEA, Year, Group, math"),
        "    colour(LEA, Year, Group, math, red)",
        "undefined-predicate",
        ("colour", "write color"),
    ),
    "a quotation is changed by a word": Mistake(
        "authorities.yaml",
        f"{ACCEPTS}pursuant to subdivisions (b) and (c).\n",
        f"{ACCEPTS.replace('shall', 'may')}pursuant to subdivisions (b) and (c).\n",
        "    (e): >-",
        "unsupported-quotation",
        ("EC-52071-2026", "(e)", "“may accept the technical”", "“shall accept the technical”"),
    ),
    "a case expects a rule that is misspelt": Mistake(
        "../tests/cases/local_indicators.yaml",
        "    rules: [local.rated.no-goal]\n",
        "    rules: [local.rated.no-gaol]\n",
        "    rules: [local.rated.no-gaol]",
        "faulty-case",
        ("local.rated.no-gaol", "write local.rated.no-goal"),
    ),
    "a case denies a conclusion that is misspelt": Mistake(
        "../tests/cases/local_indicators.yaml",
        "    does_not_conclude: [local_not_met 7, local_not_met 9, local_not_met 10]\n",
        "    does_not_conclude: [local_not_meet 7, local_not_met 9, local_not_met 10]\n",
        "    does_not_conclude: [local_not_meet 7",
        "faulty-case",
        ("local_not_meet", "write local_not_met"),
    ),
}
"""That ``not`` is missing from a condition is not among them: such a rule is well formed. A written case shows it
(``tests/cases/test_every_rule.py`` asks for one for each condition)."""


@pytest.fixture(scope="session")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the policy and its written cases, edited and restored by each test.

    It has no alternative readings, each of which would be linted too.
    """
    folder = tmp_path_factory.mktemp("maintained")
    shutil.copytree(policy_folder(), folder / "policy", ignore=shutil.ignore_patterns("readings"))
    cases = policy_folder().parent / "tests" / "cases"
    shutil.copytree(
        cases, folder / "tests" / "cases", ignore=shutil.ignore_patterns("*.py", "__pycache__", "readings.yaml")
    )
    return folder / "policy"


@pytest.fixture(params=MISTAKES.values(), ids=MISTAKES)
def mistake(request: pytest.FixtureRequest, copied: Path) -> Iterator[Mistake]:
    """One mistake, made in the copy."""
    made: Mistake = request.param
    path = copied / made.file
    before = path.read_text(encoding="utf-8") if path.exists() else None
    if before is not None:
        assert before.count(made.old) == 1, made.old
    path.write_text(made.new if before is None else before.replace(made.old, made.new), encoding="utf-8")
    yield made
    if before is None:
        path.unlink()
    else:
        path.write_text(before, encoding="utf-8")


def test_a_mistake_is_found_where_it_is_with_what_to_write(mistake, copied):
    sources = sources_folder()
    if sources is None and mistake.finding == "unsupported-quotation":
        pytest.skip("the sources of quotations are not at hand")
    problems = lint(copied, sources, copied.parent / "tests" / "cases").problems
    found = [problem for problem in problems if problem.finding.id == mistake.finding]
    assert found, [f"{problem} [{problem.finding.id}]" for problem in problems]
    file = mistake.elsewhere or mistake.file
    rows = (copied / file).read_text(encoding="utf-8").splitlines()
    at = [problem for problem in found if problem.file == file and rows[problem.line - 1].startswith(mistake.at)]
    assert at, [(problem.file, rows[problem.line - 1], problem.message) for problem in found]
    assert any(all(part in problem.message for part in mistake.told) for problem in at), [one.message for one in at]
