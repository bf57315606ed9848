"""Which of the passages that a rule cites are shown of its applications."""

from __future__ import annotations

import datetime

import pytest

from pyreport.rulebook.citing import about, fitting, in_force, times
from pyreport.rulebook.lint.citations import ill_cited
from pyreport.rulebook.lint.possible import possible_values
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.problems import PolicyError

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

% @rule marks.of-a-group
% @cite ACT (a)
% @cite MEMO few
% @says {Group} are of a group
of_a_group((fos; hom)).

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
            declared("of_a_group(Group)", "policy", "Used by: reports\n"),
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


def shown(rulebook, rule="marks.several", beside=None, inferred=None, **values):
    applied = about(values, beside or {})
    return [citation.passage for citation in fitting(rulebook, rulebook.by_id[rule], applied, inferred)]


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

    def test_a_fact_shows_what_speaks_of_the_application_that_uses_it(self, rulebook):
        # The fact has no date of its own; the passage few was in force from 2002 on, and speaks of 2002.
        of_2001, of_2002 = {"Date": (20010101,)}, {"Date": (20020101,)}
        assert shown(rulebook, "marks.of-a-group", of_2001, Group="hom") == ["(a)"]
        assert shown(rulebook, "marks.of-a-group", of_2002, Group="hom") == ["few"]

    def test_an_application_that_is_inferred_from_another_year_uses_the_fact_of_that_year(self, rulebook):
        year = {"Year": (2004,)}
        assert shown(rulebook, "marks.of-a-group", year, Group="hom") == ["(a)"]
        assert shown(rulebook, "marks.of-a-group", year, "Read as in 2002", Group="hom") == ["(a)", "few"]


class TestWhatAnApplicationIsAbout:
    def test_its_own_values_go_before_what_stands_beside(self):
        assert about({"Year": 2001}, {"Year": (2002,), "Kind": ("district",)}) == {
            "Year": (2001,),
            "Kind": ("district",),
        }

    def test_what_has_a_time_of_its_own_is_of_no_other(self):
        assert about({"FiscalYear": 2001}, {"Date": (20250301,)}) == {"FiscalYear": (2001,)}
        assert about({"Group": "hom"}, {"Date": (20250301,)}) == {"Group": ("hom",), "Date": (20250301,)}

    def test_what_is_of_a_pathway_is_of_the_kinds_that_it_is_open_to(self):
        assert about({"Pathway": "pathway_2"}, {"Kind": ("district",)}) == {"Pathway": ("pathway_2",)}
        assert about({"Pathway": "pathway_1", "Kind": "charter"})["Kind"] == ("charter",)


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


def test_passages_cited_together_are_those_of_the_group(tmp_path):
    texts = dict(TEXTS)
    texts[AUTHORITIES] += "both:\n  together:\n    - ACT (a)\n    - MEMO groups\n"
    texts[RULES] = texts[RULES].replace("% @cite ACT (a)\n% @cite MEMO groups\n", "% @cite both\n")
    cites = load_rulebook(write_policy(tmp_path, texts)).by_id["marks.groups"].cites
    assert [(one.authority.id, one.passage, one.group) for one in cites] == [
        ("ACT", "(a)", "both"),
        ("MEMO", "groups", "both"),
    ]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("  together:\n    - ACT (b)\n", "names ACT (b), which is not there"),
        ("  together:\n    - NONE (a)\n", "names NONE (a), which is not there"),
        ("  together: []\n", "the list of its passages"),
        ("  together:\n    - ACT (a)\n  title: Both\n", "the list of its passages"),
    ],
)
def test_a_group_of_passages_that_are_not_there_does_not_load(tmp_path, entry, said):
    texts = {**TEXTS, AUTHORITIES: f"{TEXTS[AUTHORITIES]}both:\n{entry}"}
    with pytest.raises(PolicyError) as raised:
        load_rulebook(write_policy(tmp_path, texts))
    (problem,) = raised.value.problems
    assert problem.file == AUTHORITIES
    assert problem.line == texts[AUTHORITIES].count("\n", 0, texts[AUTHORITIES].index("both:")) + 1
    assert said in problem.message


def test_each_application_needs_a_passage(rulebook):
    found = [problem.message for problem in ill_cited(rulebook, possible_values(rulebook))]
    # The Act had ended when either Dashboard came out: the rule cites it for nothing.
    assert found == [
        "marks.several: it cites ACT (a) beside the 2001 Dashboard, the 2002 Dashboard, none of which it was in "
        "force on"
    ]
