"""Which of the passages that a rule cites are shown of its applications."""

from __future__ import annotations

import datetime

import pytest

from pyreport.rulebook.citing import fitting, in_force, times
from pyreport.rulebook.lint.citations import ill_cited, possible_values
from pyreport.rulebook.rulebook import load_rulebook

from .policies import AUTHORITIES, RULES, TEXTS, VOCABULARY, declared, write_policy

SEVERAL = """
% @rule marks.several
% @cite ACT (a)
% @cite MEMO groups
% @cite MEMO few
% @says {Group} in {Year}
% @unless {Group} not in {Year}
several(LEA, Year, Group) :-
    letter(LEA, Year, Group),
    counted(Year, Group).

% @rule marks.counted
% @cite MEMO groups
% @cite MEMO few
% @says {Group} are counted in {Year}
counted((2001; 2002), (fos; hom)).

% @rule marks.out
% @cite MEMO groups
% @says The Dashboard of {Year} was out on {Deadline}
release_deadline((2001; 2002), 20020301).
"""


@pytest.fixture
def rulebook(tmp_path):
    texts = dict(TEXTS)
    texts[VOCABULARY] += "".join(
        [
            declared("several(LEA, Year, Group)", "rules", "Used by: reports\n"),
            declared("counted(Year, Group)", "policy"),
            declared("release_deadline(Year, Deadline)", "policy", "Used by: reports\n"),
        ]
    )
    texts[RULES] += SEVERAL
    texts[AUTHORITIES] = texts[AUTHORITIES].replace(
        "  for_dashboard: 2001\n",
        "  about:\n    few: {Year: [2002], Group: [hom], in_force: {from: 2002-01-01}}\n",
    )
    texts[AUTHORITIES] += "    few: Others are none.\n"
    return load_rulebook(write_policy(tmp_path, texts))


def shown(rulebook, rule="marks.several", **values):
    return [citation.passage for citation in fitting(rulebook, rulebook.by_id[rule], values)]


class TestFitting:
    def test_a_passage_that_speaks_of_another_value_is_not_shown(self, rulebook):
        assert shown(rulebook, Year=2002, Group="hom") == ["groups", "few"]
        assert shown(rulebook, Year=2001, Group="hom") == ["groups"]
        assert shown(rulebook, Year=2002, Group="fos") == ["groups"]

    def test_a_passage_is_shown_of_what_it_leaves_open(self, rulebook):
        assert shown(rulebook, Group="hom") == ["(a)", "groups", "few"]

    def test_a_statute_is_shown_of_what_came_out_while_it_was_in_force(self, rulebook):
        assert shown(rulebook, Date=20010101, Group="fos") == ["(a)", "groups"]
        assert shown(rulebook, Date=20020101, Group="fos") == ["groups"]

    def test_what_is_inferred_from_another_year_shows_its_passage(self, rulebook):
        (citation,) = [one for one in rulebook.by_id["marks.counted"].cites if one.passage == "few"]
        assert citation.about == {"Year": (2002,), "Group": ("hom",)}
        assert citation.in_force == (datetime.date(2002, 1, 1), None)


def test_an_interval_includes_its_first_and_its_last_day(rulebook):
    (act,) = rulebook.by_id["marks.least"].cites
    for day, holds in (
        (datetime.date(1998, 12, 31), False),
        (datetime.date(1999, 1, 1), True),
        (datetime.date(2001, 12, 31), True),
        (datetime.date(2002, 1, 1), False),
    ):
        assert in_force(act, (day, day)) == holds
        assert in_force(act, (None, day)) == (day >= datetime.date(1999, 1, 1))
        assert in_force(act, (day, None)) == (day <= datetime.date(2001, 12, 31))


def test_the_date_of_an_application_goes_before_its_dashboard(rulebook):
    assert list(times(rulebook, {"Year": [2001, 2003]})) == ["the 2001 Dashboard"]
    assert list(times(rulebook, {"Year": [2001], "Date": [20050101]})) == ["2005-01-01"]
    assert times(rulebook, {"Start": [20050101], "Finish": [99991231]}) == {
        "20050101 to 99991231": (datetime.date(2005, 1, 1), None)
    }


def test_what_a_rule_can_be_applied_to_is_bounded_by_the_facts_of_the_policy(rulebook):
    possible = possible_values(rulebook)
    assert possible["several", 1] == {2001, 2002}
    assert possible["several", 2] == {"fos", "hom"}
    assert possible["several", 0] is None


def test_each_application_needs_a_passage(rulebook):
    found = [problem.message for problem in ill_cited(rulebook)]
    # The Act had ended when either Dashboard came out: the rule cites it for nothing.
    assert found == [
        "marks.several: it cites ACT (a) beside the 2001 Dashboard, the 2002 Dashboard, none of which it was in "
        "force on"
    ]
