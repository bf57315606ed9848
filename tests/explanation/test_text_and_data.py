import json
import re
from collections import Counter

import pytest

from pyreport.explanation.data import as_data
from pyreport.explanation.text import WIDTH, as_text
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


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: "-".join(map(str, question)))
def test_every_step_is_written_out_once_and_then_referred_to_by_the_same_words(question):
    roots = asked(*question)
    text = unwrapped(as_text(roots))
    # A fact of the policy is a step for each year whose passages it is shown with.
    times = Counter(step.atom for step in walk(roots))
    assert all(count == 1 or step.is_parameter for step in walk(roots) if (count := times[step.atom]))
    for step in walk(roots):
        # Below it stand its derivations, or the law that it applies, or its cell.
        below = f" ({len(step.derivations)} derivations.) - " if len(step.derivations) > 1 else " ["
        assert text.count(f"- {step.headline}{below}") == times[step.atom], step.headline
    references = set(re.findall(r"- ([^\[\]]*?) \(Shown above\.\)", text))
    shown = {step.headline for step in walk(roots)}
    assert references
    assert [one for one in references if one.rpartition(" - ")[2] not in shown] == []


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: "-".join(map(str, question)))
def test_every_passage_is_quoted_where_it_is_first_cited_and_nowhere_else(question):
    roots = asked(*question)
    text = unwrapped(as_text(roots))
    used = [one for step in walk(roots) for one in step.derivations]
    # Only the passages that speak of the case are quoted.
    passages = {(cite.authority.id, cite.passage): cite for one in used for cite in one.cites}
    wholes = Counter(unwrapped(f"{cite.text}: “{cite.quotation}”") for cite in passages.values())
    assert {whole: text.count(whole) for whole in wholes} == wholes


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: "-".join(map(str, question)))
def test_every_derivation_names_its_rule_quotes_what_is_new_and_names_what_was_quoted_before(question):
    roots = asked(*question)
    text = unwrapped(as_text(roots))
    derivations = [one for step in walk(roots) for one in step.derivations]
    applied = law_places(text, derivations)
    assert len(applied) == len(derivations)
    quoted, inferred = set(), set()
    for place, uses in applied:
        # Of a fact that conclusions of several years use, the law of one of them stands here.
        laws = {law_of(one, quoted, inferred): one for one in uses}
        after = {law: text[place:].removeprefix(law) for law in laws if text[place:].startswith(law)}
        here = [law for law, rest in after.items() if not rest or rest.startswith(" - ")]
        assert len(here) == 1, (list(laws), text[place : place + 200])
        derivation = laws[here[0]]
        quoted |= {(cite.authority.id, cite.passage) for cite in derivation.cites}
        inferred |= {derivation.rule.id} if derivation.rule.inferred else set()
    assert inferred


def law_of(derivation, quoted, inferred):
    """The law of a derivation, where the passages ``quoted`` and the reasons ``inferred`` stood before."""
    rule, cites = derivation.rule, derivation.cites
    named = dict.fromkeys(cite.text for cite in cites if (cite.authority.id, cite.passage) in quoted)
    fresh = [cite for cite in cites if (cite.authority.id, cite.passage) not in quoted]
    law = f"[{rule.id}: {'; '.join(named)}]" if named else f"[{rule.id}]"
    law += "".join(f" {cite.text}: “{cite.quotation}”" for cite in fresh)
    if rule.inferred:
        law += " (Inferred.)" if rule.id in inferred else f" Inferred: {rule.inferred}."
    return unwrapped(law)


def law_places(text, derivations):
    """Where the law of each derivation stands, in the order of the text, with it: right behind its sentence."""
    by_rule = {}
    for one in derivations:
        by_rule.setdefault(unwrapped(one.sentence), {}).setdefault(one.rule.id, []).append(one)
    found = []
    for sentence, of_rule in by_rule.items():
        for match in re.finditer(re.escape(f"- {sentence} ["), text):
            name = re.match(r"[a-z0-9.-]+(?=[:\]])", text[match.end() :])
            if name and name[0] in of_rule:
                found.append((match.end() - 1, of_rule[name[0]]))
    return sorted(found, key=lambda one: one[0])


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: "-".join(map(str, question)))
def test_no_line_is_wider_than_the_page_and_none_ends_in_spaces(question):
    lines = as_text(asked(*question)).splitlines()
    assert [line for line in lines if len(line) > WIDTH or line != line.rstrip() or not line] == []


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
    assert not re.search(r"\[[a-z0-9.-]*-\n", text)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: "-".join(map(str, question)))
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


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: "-".join(map(str, question)))
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
