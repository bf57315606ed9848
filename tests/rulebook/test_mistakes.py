"""Mistakes that a maintainer makes: each is found in a copy of the policy, where it is, with what to write instead."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

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
        ("2024", "write regime", "not_stated"),
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
        "follows(pathway_2, finding, advice)",
        "follows(pathway_2, (advice; finding), (advice; finding))",
        "follows(pathway_2, (advice; finding), (advice; finding))",
        "circle",
        ("advice", "pathway_2"),
    ),
    "a rule cites nothing": Mistake(
        THRESHOLDS,
        "% @cite CDE-required-goals low-performing-groups\n",
        "",
        "threshold(consecutive_years, 3)",
        "missing-citation",
        ("thresholds.consecutive-years", "@cite AUTHORITY PASSAGE"),
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
        "% @says {Group} at {LEA} are {Colour}",
        "unknown-placeholder",
        ("{Colour}", "write {Color}"),
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
        "      A school district shall accept the technical assistance provided by the county superintendent of schools "
        "pursuant to subdivisions (b) and (c).\n",
        "      A school district may accept the technical assistance provided by the county superintendent of schools "
        "pursuant to subdivisions (b) and (c).\n",
        "    (e): >-",
        "unsupported-quotation",
        ("EC-52071-2026", "(e)", "“may accept”", "“shall accept”"),
    ),
    "a case expects a rule that is misspelt": Mistake(
        "cases/local_indicators.yaml",
        "RULE",
        "RULES",
        "    rules: [",
        "unknown-rule",
        ("write ",),
    ),
}

NOT_SEEN = "`not` is missing from a condition"
"""What no check of the text can find, since the rule is well formed: the written cases do."""
