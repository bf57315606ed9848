from fractions import Fraction

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
    predicate, problems = read_predicate(TEXT.replace("REPORT", "Report: funds"), "vocabulary.lp", 1)
    assert predicate is None
    assert ["two words" in problem.message for problem in problems] == [True]


def test_the_special_advance_lists_what_is_wrong_first():
    parts = load_rulebook(policy_folder()).reported("special_advance")
    assert list(parts) == ["not_in_order", "in_the_way", "open", "also"]
    assert [predicate.name for predicate in parts["not_in_order"]] == ["fault"]
