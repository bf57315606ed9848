import pytest

from pyreport.evidence.predicates import ARGUMENTS, EVERY_LEA, fact, of_lea, row, subject, year_of
from pyreport.files.places import policy_folder
from pyreport.rulebook.loading import load_rulebook

LEA = '"27661590000000"'


def test_evidence_and_the_vocabulary_name_the_same_predicates_and_arguments():
    predicates = load_rulebook(policy_folder(), changes=True).predicates.values()
    assert {name: tuple(arguments.split()) for name, arguments in ARGUMENTS.items()} == {
        one.name: one.arguments for one in predicates if one.stated_by == "evidence"
    }


def test_a_fact_has_its_values_in_the_order_of_the_vocabulary():
    atom = fact("published_letter", letter="a", group="fos", year=2024, lea=LEA)
    assert atom == ("published_letter", LEA, 2024, "fos", "a")
    assert row(atom).letter == "a"


def test_a_fact_names_each_argument_and_no_other():
    with pytest.raises(TypeError):
        fact("listed", lea=LEA)
    with pytest.raises(TypeError):
        fact("listed", lea=LEA, year=2024, group="fos")
    with pytest.raises(KeyError):
        fact("eligible", lea=LEA, year=2024)


def test_a_fact_tells_whom_and_which_dashboard_it_is_about():
    assert (subject(fact("listed", lea=LEA, year=2024)), year_of(fact("listed", lea=LEA, year=2024))) == (LEA, 2024)
    assert (subject(fact("whole_number", number=3)), year_of(fact("whole_number", number=3))) == (None, None)
    funds = fact("funds_looked_at", office=LEA, fiscal_year=2025)
    assert (subject(funds), year_of(funds)) == (LEA, None)
    assert of_lea(fact("opened", lea=EVERY_LEA, opened=20200101), LEA) == fact("opened", lea=LEA, opened=20200101)
