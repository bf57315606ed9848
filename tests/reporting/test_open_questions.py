from pyreport.files.places import policy_folder
from pyreport.reporting.law_counts import LawCounts
from pyreport.reporting.open_questions import (
    OpenQuestionsPage,
    open_questions,
    open_questions_page,
    tried_readings,
)
from pyreport.rulebook.loading import load_rulebook, readings

from .pages import YEAR, rulebook

ONE_RULE = next(rule for rule in rulebook().rules if rule.inferred and not rule.facts and "LEA" in rule.variables)


def counts(**leas):
    return LawCounts(rulebook().fingerprint, (YEAR,), {ONE_RULE.id: {YEAR: 900}}, {"ec-52072-any-three-groups": 31})


def test_every_inference_is_there_with_all_that_rests_on_it():
    found = open_questions(rulebook(), None)
    assert {rule.id for one in found for rule in one.rules} == {rule.id for rule in rulebook().rules if rule.inferred}
    assert len({one.reason for one in found}) == len(found)
    assert [len(one.rules) for one in found] == sorted((len(one.rules) for one in found), reverse=True)


def test_with_counts_the_one_that_touches_the_most_leas_is_first():
    first = open_questions(rulebook(), counts())[0]
    assert first.leas == 900
    reaching = {rule.head.predicate for rule in first.rules if rule.facts}
    assert ONE_RULE in first.rules or any(atom.predicate in reaching for atom in ONE_RULE.atoms_read())


def test_every_reading_is_there_as_its_file_says_and_by_what_it_changes():
    found = tried_readings(counts())
    assert {one.reading.name for one in found} == set(readings(policy_folder()))
    assert (found[0].reading.name, found[0].changed) == ("ec-52072-any-three-groups", 31)
    assert found[0].reading == load_rulebook(policy_folder(), "ec-52072-any-three-groups").reading


def test_the_page_says_how_to_run_each_reading_and_what_it_would_change():
    page = OpenQuestionsPage(rulebook(), counts(), tried_readings(counts()))
    text = page.readings().text
    assert all(f"<code>pyreport decide --reading {name}</code>" in text for name in readings(policy_folder()))
    assert f"Of 31 LEAs of {YEAR} the determination would read otherwise." in text
    assert "no counts were given" not in page.heading().text
    assert f"LEAs of {YEAR}, at least" in page.inferences().text


def test_without_counts_the_page_says_so_and_ranks_by_rules():
    page = open_questions_page()
    assert "no counts were given" in page.heading().text
    assert f"{page.inferred} rules and facts of law rest on {len(page.questions)} inferences" in page.heading().text
    assert "those on which the most rules rest first" in page.inferences().text
    assert "at least" not in page.inferences().text.partition("<tbody>")[0]
