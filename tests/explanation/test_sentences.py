import re

import pytest

from pyreport.explanation.sentences import date_words, listed_words, money_words
from pyreport.explanation.text import cell_words
from pyreport.explanation.tree import Explainer, walk

from .decided import decision, rulebook, steps

# Monterey has every kind of conclusion but Method 2, which Shasta has.
COUNTIES = ["27", "45"]


def sentences_of(step):
    yield step.sentence
    for derivation in step.derivations:
        yield derivation.sentence
        for counting in derivation.countings:
            yield counting.sentence
        yield from derivation.comparisons
        for absence in derivation.absences:
            yield absence.sentence
            for _, reason in absence.reasons:
                yield reason


def sentences(county):
    return sorted({sentence for step in steps(county) for sentence in sentences_of(step)})


@pytest.mark.parametrize("county", COUNTIES)
def test_no_sentence_has_a_code_in_place_of_a_name(county):
    codes = {str(group) for group in rulebook().names["Group"]}
    # The one code that is a word too.
    groups = "|".join([*sorted(codes - {"as"}), *sorted(map(str.upper, codes))])
    code = re.compile(rf"\d{{14}}|[{{}}_]|\b({groups})\b")
    assert [sentence for sentence in sentences(county) if code.search(sentence)] == []


@pytest.mark.parametrize("county", COUNTIES)
def test_every_sentence_begins_with_a_capital_or_a_figure_and_ends_with_one_full_stop(county):
    assert [one for one in sentences(county) if not re.fullmatch(r"[A-Z0-9“].*[^.\s]\.", one, re.DOTALL)] == []


@pytest.mark.parametrize("county", COUNTIES)
def test_no_sentence_has_doubled_spaces_or_punctuation(county):
    assert [one for one in sentences(county) if re.search(r"\s\s|[.,;:]{2}|\s[.,;:]|^\s|\s$", one)] == []


def test_the_same_step_has_the_same_words_whatever_was_asked_first():
    graph = decision("27").graph
    atoms = [atom for name in rulebook().outputs() for atom in graph.atoms(name)]
    forward = {step.atom: list(sentences_of(step)) for step in walk(map(Explainer(graph).step, atoms))}
    backward = {step.atom: list(sentences_of(step)) for step in walk(map(Explainer(graph).step, reversed(atoms)))}
    assert forward == backward


def test_an_lea_has_the_name_of_the_year_that_the_sentence_speaks_of():
    renamed = "07616550000000"
    graph = decision(renamed).graph
    names = {atom[2]: atom[3] for atom in graph.facts if atom[0] == "name"}
    assert len(set(names.values())) > 1
    explainer = Explainer(graph)
    for _, lea, year in graph.atoms("listed"):
        assert names[year].strip('"') in explainer.step(("listed", lea, year)).sentence


def test_a_cell_is_named_by_file_sheet_place_and_what_it_says():
    graph = decision("27102720000000").graph
    cell = graph.facts["published_letter", '"27102720000000"', 2024, "hi", "f"]
    assert cell_words(cell) == "assistancestatus24.xlsx, sheet “District and COE 2024”, cell N418: “F”"


def test_a_cell_of_a_file_without_sheets_names_none():
    graph = decision("27102720000000").graph
    cell = graph.facts["listed", '"27102720000000"', 2025]
    assert re.fullmatch(r"letters-2025\.csv, cell A\d+: “27102720000000”", cell_words(cell))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c"), (iter(["a", "b"]), "a and b")],
)
def test_words_are_listed_as_a_sentence_lists_them(words, sentence):
    assert listed_words(words) == sentence


@pytest.mark.parametrize(
    ("number", "words"), [(20230710, "10 July 2023"), (20241201, "1 December 2024"), (20260918, "18 September 2026")]
)
def test_a_date_is_written_as_people_write_it(number, words):
    assert date_words(number) == words


@pytest.mark.parametrize(
    ("cents", "words"), [(76666667, "$766,666.67"), (30000000, "$300,000"), (5, "$0.05"), (0, "$0"), (-150, "−$1.50")]
)
def test_an_amount_is_written_in_dollars_with_its_cents(cents, words):
    assert money_words(cents) == words
