import json
import re

import pytest

from pyreport.explanation.data import as_data
from pyreport.explanation.text import WIDTH, as_text, cell_words
from pyreport.explanation.tree import Explainer, walk
from pyreport.rulebook.syntax import quote

from .decided import decision, rulebook

QUESTIONS = [
    ("27102720000000", 2024, "status"),
    ("34674470000000", 2023, "persistent_52072"),
    ("05615640000000", 2024, "status"),
    ("27661590000000", 2022, "lcap_goal_group"),
]


def asked(cds, year, about):
    return Explainer(decision(cds).graph).about(about, quote(cds), year)


def unwrapped(text):
    return " ".join(text.split())


PER_QUESTION = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: "-".join(map(str, question)))


def parts(text):
    """The numbered steps, the facts of law and the passages of a text, each without its mark."""
    steps, _, rest = text.partition("\n\nFacts of law:\n")
    law, _, passages = rest.partition("\n\nPassages cited:\n")
    return (
        {
            int(one[1]): unwrapped(one[2])
            for one in re.finditer(r"^ {0,2}(\d+)\. (.*(?:\n {5}.*)*)", steps, re.MULTILINE)
        },
        [unwrapped(one[1]) for one in re.finditer(r"^  - (.*(?:\n    .*)*)", law, re.MULTILINE)],
        [unwrapped(one[1]) for one in re.finditer(r"^  - (.*(?:\n    .*)*)", passages, re.MULTILINE)],
    )


def below(derivation):
    """What one derivation rests on: its premises and what it counted."""
    counted = [step for count in derivation.countings for _, steps in count.elements for step in steps]
    return [*counted, *derivation.premises]


@PER_QUESTION
def test_every_step_stands_once_with_the_numbers_of_what_it_rests_on(question):
    roots = asked(*question)
    written, _, _ = parts(as_text(roots))
    steps = {step.atom: step for step in walk(roots) if not step.is_parameter}
    assert list(written) == list(range(1, len(steps) + 1))
    sentences = {}
    for step in steps.values():
        for sentence in {one.sentence for one in step.derivations if len(step.derivations) == 1} or {step.sentence}:
            found = [number for number, text in written.items() if text.startswith(f"{unwrapped(sentence)} ")]
            assert found, sentence
            sentences.setdefault(step.atom, set()).update(found)
    # Each step has a number of its own, and from it the numbers of its premises follow.
    for atom, step in steps.items():
        numbers = [
            number
            for number in sentences[atom]
            if len(from_numbers(written[number])) == len([one for one in step.told if rests_on_steps(one)])
        ]
        assert numbers, step.sentence
        expected = [
            {one.atom for one in below(derivation) if not one.is_parameter}
            for derivation in step.told
            if rests_on_steps(derivation)
        ]
        assert any(
            all(
                len(named) == len(atoms) and all(sentences[one] & set(named) for one in atoms)
                for named, atoms in zip(from_numbers(written[number]), expected, strict=True)
            )
            for number in numbers
        ), step.sentence


def rests_on_steps(derivation):
    return any(not one.is_parameter for one in below(derivation))


def from_numbers(text):
    return [list(map(int, one.split(", "))) for one in re.findall(r"\] From (\d+(?:, \d+)*)\.", text)]


@PER_QUESTION
def test_a_conclusion_stands_before_what_it_rests_on_and_every_number_exists(question):
    written, _, _ = parts(as_text(asked(*question)))
    named = {number: [one for numbers in from_numbers(text) for one in numbers] for number, text in written.items()}
    assert any(named.values())
    for number, numbers in named.items():
        assert all(one in written and one != number for one in numbers), number
    # What a later conclusion shares with an earlier one has the earlier one's numbers; of one alone they ascend.
    for root in asked(*question):
        alone, _, _ = parts(as_text([root]))
        named = {number: [one for numbers in from_numbers(text) for one in numbers] for number, text in alone.items()}
        assert all(one > number for number, numbers in named.items() for one in numbers)
        assert set(alone) - {one for numbers in named.values() for one in numbers} == {1}


@PER_QUESTION
def test_every_fact_ends_at_its_cell_and_every_derivation_names_its_rule_and_law(question):
    roots = asked(*question)
    text = unwrapped(as_text(roots))
    together = {}
    for step in walk(roots):
        for one in step.derivations if step.is_parameter else ():
            together.setdefault((step.atom, one.rule.id), {}).update(dict.fromkeys(cite.text for cite in one.cites))
    for step in walk(roots):
        if step.cell is not None:
            assert unwrapped(f"{step.sentence} [{cell_words(step.cell)}]") in text
        for one in step.derivations if step.is_parameter else step.told:
            own = together.get((step.atom, one.rule.id)) or dict.fromkeys(cite.text for cite in one.cites)
            law = "; ".join(own)
            assert unwrapped(f"{one.sentence} [{one.rule.id}{': ' if law else ''}{law}]") in text


@PER_QUESTION
def test_a_fact_of_law_is_named_by_its_rule_and_told_once_below(question):
    roots = asked(*question)
    written, law, _ = parts(as_text(roots))
    facts = {step.atom: step for step in walk(roots) if step.is_parameter}
    assert facts
    # A fact that two rules state is told once for each.
    assert len(law) == sum(len(step.derivations) for step in facts.values())
    named = {
        rule
        for text in written.values()
        for names in re.findall(r" By ([a-z0-9., -]+)\.(?= |$)", text)
        for rule in names.split(", ")
    }
    assert named == {one.rule.id for step in facts.values() for one in step.derivations}
    for rule in named:
        assert any(f"[{rule}: " in text or f"[{rule}]" in text for text in law)


@PER_QUESTION
def test_every_passage_is_quoted_once_and_only_those_that_are_cited_are(question):
    roots = asked(*question)
    _, _, quotations = parts(as_text(roots))
    used = [one for step in walk(roots) for one in step.derivations]
    # Only the passages that speak of the case are quoted.
    passages = {(cite.authority.id, cite.passage): cite for one in used for cite in one.cites}
    assert sorted(quotations) == sorted(unwrapped(f"{cite.text}: “{cite.quotation}”") for cite in passages.values())


@PER_QUESTION
def test_the_reason_for_an_inference_is_given_where_its_rule_first_stands(question):
    roots = asked(*question)
    text = unwrapped(as_text(roots))
    inferred = {one.rule.id: one.rule.inferred for step in walk(roots) for one in step.derivations if one.rule.inferred}
    assert inferred
    for reason in inferred.values():
        assert unwrapped(f"Inferred: {reason}.") in text


@PER_QUESTION
@pytest.mark.parametrize("most", [20, 60, 150])
def test_a_short_text_has_no_more_lines_than_asked_and_says_how_many_steps_are_left_out(question, most):
    roots = asked(*question)
    whole, short = as_text(roots), as_text(roots, most)
    assert len(short.splitlines()) <= most
    if len(whole.splitlines()) <= most - 5:
        assert short == whole
        return
    (all_steps, all_law, all_passages), (steps, law, passages) = parts(whole), parts(short.rpartition("\n… and ")[0])
    assert steps == {number: all_steps[number] for number in range(1, len(steps) + 1)}
    last = short.splitlines()[-1]
    left = {word: int(count) for count, word in re.findall(r"(\d+) more of “([a-z ]+)”", last)}
    assert left.get("step", 0) == len(all_steps) - len(steps)
    assert left.get("fact of law", 0) == len(all_law) - len(law)
    assert left.get("passage", 0) == len(all_passages) - len(passages)
    assert sum(left.values()) > 0
    assert last.endswith("; --all writes them.")


@PER_QUESTION
def test_no_line_is_wider_than_the_page_and_none_ends_in_spaces(question):
    lines = as_text(asked(*question)).splitlines()
    assert [line for line in lines if len(line) > WIDTH or line != line.rstrip()] == []
    # Only the parts are separated by an empty line.
    assert lines.count("") == 2


def test_a_short_reference_names_an_authority_once():
    text = as_text(asked("27102720000000", 2024, "status"))
    assert "[criteria.letter: CDE status file 2024]" in text
    assert not re.search(r"\[[^\]]*: ([^;\]]+); \1\]", unwrapped(text))


def test_the_name_of_a_rule_is_never_broken():
    roots = asked("05615640000000", 2024, "status")
    text = as_text(roots)
    names = {one.rule.id for step in walk(roots) for one in step.derivations}
    names |= {
        rule.id
        for step in walk(roots)
        for one in step.derivations
        for absence in one.absences
        for rule, _ in absence.reasons
    }
    assert [name for name in names if not re.search(rf"\[{re.escape(name)}[:\]]", text)] == []
    assert len([name for name in names if "-" in name]) > 10
    assert not re.search(r"[\[ ][a-z0-9.-]*\.[a-z0-9.-]*-\n", text)


@PER_QUESTION
def test_every_number_of_the_data_resolves_and_every_step_is_reached(question):
    data = as_data(asked(*question))
    reached, waiting = set(), list(data["conclusions"])
    assert waiting
    while waiting:
        number = waiting.pop()
        if number in reached:
            continue
        reached.add(number)
        for derivation in data["steps"][number].get("derivations", []):
            waiting += derivation["premises"]
            waiting += [below for count in derivation["counts"] for one in count["elements"] for below in one["steps"]]
            assert derivation["rule"] in data["rules"]
    assert reached == set(range(len(data["steps"])))


@PER_QUESTION
def test_the_data_hold_the_same_steps_derivations_and_rules_as_the_tree(question):
    roots = asked(*question)
    data = as_data(roots)
    tree = list(walk(roots))
    assert [step["atom"] for step in data["steps"]] == [list(step.atom) for step in tree]
    assert [len(step.get("derivations", [])) for step in data["steps"]] == [len(step.derivations) for step in tree]
    assert set(data["rules"]) == {one.rule.id for step in tree for one in step.derivations}
    for name, rule in data["rules"].items():
        quotations = [citation.quotation for citation in rulebook().by_id[name].cites]
        assert [citation["quotation"] for citation in rule["citations"]] == quotations
    for count in [count for step in data["steps"] for one in step.get("derivations", []) for count in one["counts"]]:
        assert count["reached"] == len(count["elements"])


def test_the_data_are_plain_and_survive_json():
    data = as_data(asked("27102720000000", 2024, "status"))
    assert json.loads(json.dumps(data)) == data


def test_nothing_asked_gives_nothing():
    assert as_data([])["steps"] == []
    assert as_text([]) == "\n"
