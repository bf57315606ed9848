from fractions import Fraction

import pytest

from pyreport.files.places import policy_folder
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.vocabulary import read_predicate

TEXT = """%*! paid(LEA, Dollars, Dimes, Sixths)
Says: {LEA} is paid {Dollars}.
Absent: {LEA} is not paid {Dollars}.
Stated by: rules
REPORT
Dollars: Dollars
Tenths: Dimes
Sixths: Sixths
Args:
 - LEA: CDS code.
 - Dollars: whole dollars.
 - Dimes: whole dimes.
 - Sixths: sixths of a dollar.
*%"""


def test_an_amount_is_the_sum_of_the_arguments_in_their_declared_units():
    predicate, problems = read_predicate(TEXT.replace("REPORT\n", ""), "vocabulary.lp", 1)
    assert problems == []
    assert predicate.amount(predicate.atom(lea='"01"', dollars=10, dimes=2, sixths=3)) == Fraction(107, 10)


def test_a_report_line_names_the_report_and_its_part():
    predicate, problems = read_predicate(TEXT.replace("REPORT", "Report: funds total"), "vocabulary.lp", 1)
    assert problems == []
    assert predicate.report == ("funds", "total")


OF_A_YEAR = """%*! granted(LEA, Year)
Says: {LEA} is granted it in {Year}.
Absent: {LEA} is not granted it in {Year}.
Stated by: rules
LINES
Args:
 - LEA: CDS code.
 - Year: Dashboard year.
*%"""


def test_what_reports_make_of_a_predicate_is_read():
    lines = (
        "Topic: law\nShort: granted in {Year}\nOutput: grant\nHeading: Granted\nLabel: grant\nBasis: As printed.\n"
        "Ground: a grant\nConsidered: in_force(Year), open_to(Kind)\nSummary: 3\nQuestion: 2 comes or goes\n"
        "Compared: Grants"
    )
    granted, problems = read_predicate(OF_A_YEAR.replace("LINES", lines), "vocabulary.lp", 1)
    assert problems == []
    assert (granted.topic, granted.short, granted.output) == ("law", "granted in {Year}", "grant")
    assert (granted.basis, granted.ground, granted.summary) == ("As printed.", "a grant", 3)
    assert granted.considered == (("in_force", ("Year",)), ("open_to", ("Kind",)))
    assert granted.question == (2, True)
    assert (granted.compared, granted.criteria) == ("Grants", False)
    stated = OF_A_YEAR.replace("LINES", "Criteria: Year").replace("by: rules", "by: policy")
    assert read_predicate(stated, "vocabulary.lp", 1)[0].criteria
    only_goes, _ = read_predicate(OF_A_YEAR.replace("LINES", "Question: 1 goes"), "vocabulary.lp", 1)
    assert only_goes.question == (1, False)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Criteria: Month", "'Criteria: Year' is for facts that the policy states"),
        ("Criteria: Year", "'Criteria: Year' is for facts that the policy states"),
        ("Report: funds", "'Report: report part', two words"),
        ("Report: funds total twice", "'Report: report part', two words"),
        ("Reports: funds total", "'Reports' is no line of a declaration; expected Absent, Acyclic, Args, Basis"),
        ("Short: granted on {Date}", "{Date} in 'Short' is no argument of granted"),
        ("Output: grant\nLabel: grant", "an output needs a line 'Heading: …'"),
        ("Output: grant\nHeading: Granted", "an output needs a line 'Label: …'"),
        ("Considered: in_force(Year) or open_to(Kind)", "write 'Considered: predicate(Argument, …), …'"),
        ("Considered: whenever", "write 'Considered: predicate(Argument, …), …'"),
        ("Summary: first", "'Summary' is a number"),
        ("Question: comes", "write 'Question: NUMBER comes or goes'"),
        ("Question: 1 comes", "write 'Question: NUMBER comes or goes'"),
    ],
)
def test_a_faulty_line_on_reports_is_refused(line, message):
    predicate, problems = read_predicate(OF_A_YEAR.replace("LINES", line), "vocabulary.lp", 1)
    assert predicate is None
    assert [message in problem.message for problem in problems] == [True]


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("Topic: law", "LEA"),
        ("Basis: As printed.", "LEA and Year"),
        ("Ground: a grant", "LEA and Year"),
        ("Summary: 1", "LEA and Year"),
        ("Question: 1 goes", "LEA and Year"),
        ("Output: grant\nHeading: Granted\nLabel: grant", "LEA and Year"),
    ],
)
def test_a_line_on_reports_is_refused_where_the_predicate_has_not_the_arguments(line, needed):
    text = OF_A_YEAR.replace("LINES", line).replace("LEA", "Office")
    predicate, problems = read_predicate(text, "vocabulary.lp", 1)
    assert predicate is None
    assert [problem.message for problem in problems] == [
        f"granted: '{line.partition(':')[0]}' is for a predicate with the arguments {needed}"
    ]


def test_the_special_advance_lists_what_is_wrong_first():
    parts = load_rulebook(policy_folder()).reported("special_advance")
    assert list(parts) == ["not_in_order", "in_the_way", "open", "also"]
    assert [predicate.name for predicate in parts["not_in_order"]] == ["fault"]
