"""Why-nots against a brute-force search, in the three kinds of no, as text and as data."""

from __future__ import annotations

import dataclasses
import functools
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from hypotheses.made_up_figures import CHARTER, DISTRICT, OFFICE, made_up_facts
from oracle.made_up_counties import county
from reasoning.made_up_records import facts, record_of
from rulebook.policies import AUTHORITIES, RULES, TEXTS, VOCABULARY, write_policy

import pyreport.explanation
from pyreport.evidence.facts import facts_of
from pyreport.explanation.data import outline_data
from pyreport.explanation.text import WIDTH, outline_text
from pyreport.explanation.tree import Explainer, walk
from pyreport.explanation.why_not.candidates import FailureKind
from pyreport.explanation.why_not.explainer import HoldsError, WhyNotExplainer
from pyreport.explanation.why_not.outline import nearest, outline
from pyreport.explanation.why_not.plans import IncompleteError
from pyreport.reasoning.solver import derive
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.syntax import Literal, quote

from .candidates import World, alternatives
from .decided import decision, rulebook
from .why_not_faults import faults

YEARS = (2018, 2022, 2023, 2024, 2025)
SEEDS = range(2)
CHUALAR = "27659950000000"


def questions(lea, year):
    """What is asked of each LEA and year: what it is eligible for, by groups, by methods, by persistence."""
    return [
        ("eligible", lea, year),
        ("possibly_eligible", lea, year),
        ("second_year", lea, year),
        ("status", lea, year, None),
        ("meets_method", lea, year, 2),
        ("meets_method", lea, year, 3),
        ("meets_criteria_on_state_priorities", lea, year, "el"),
        ("meets_state_priority", lea, year, "swd", None),
        ("possibly_meets_criteria", lea, year, None),
        ("met_52072", lea, year),
        ("persistent_52072", lea, year, "no"),
        ("met_52071f", lea, year),
        ("persistent_52071f", lea, year, "yes"),
        ("lcap_goal_group", lea, year, None),
        ("lowest_performance_instance", lea, year, "sed", None, None),
        ("charter_possibly_meets", lea, year),
        ("older_law_met", lea, year),
    ]


@functools.cache
def made_up(seed):
    """The why-nots of one made-up record, and what holds in it."""
    graph = derive(rulebook(), made_up_facts(seed))
    return World(graph), WhyNotExplainer(Explainer(graph))


@functools.cache
def real():
    graph = decision(CHUALAR).graph
    return World(graph), WhyNotExplainer(Explainer(graph))


def answered(world, explainer, asked):
    """The why-nots of all that does not hold. What holds must be refused, and nothing else."""
    for goal in asked:
        holds = any(True for _ in world.matching(goal[0], goal[1:]))
        if holds:
            with pytest.raises(HoldsError):
                explainer.of(goal)
        else:
            yield explainer.of(goal)


# Against brute force


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("cds", [DISTRICT, OFFICE, CHARTER])
def test_every_candidate_stands_in_the_one_condition_where_it_fails(seed, cds):
    world, explainer = made_up(seed)
    asked = [goal for year in YEARS for goal in questions(quote(cds), year)]
    seen = set()
    found = [fault for why_not in answered(world, explainer, asked) for fault in faults(world, why_not, seen=seen)]
    assert found == []
    assert len(seen) > 300


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_of_a_made_up_county_of_letters_alone(seed):
    every = facts_of(record_of(county(seed)))
    lea, *_ = sorted({atom[1] for atom in every if atom[0] == "listed"})
    graph = derive(rulebook(), {atom: cell for atom, cell in every.items() if atom[1] == lea})
    world, explainer = World(graph), WhyNotExplainer(Explainer(graph))
    asked = [goal for year in YEARS for goal in questions(lea, year)]
    seen = set()
    assert [fault for one in answered(world, explainer, asked) for fault in faults(world, one, seen=seen)] == []


def test_the_same_of_a_real_district():
    world, explainer = real()
    asked = [goal for year in YEARS for goal in questions(quote(CHUALAR), year)]
    seen = set()
    found = [fault for why_not in answered(world, explainer, asked) for fault in faults(world, why_not, seen=seen)]
    assert found == []
    assert len(seen) > 1000


def test_the_made_up_records_have_every_kind_of_no():
    kinds = {}
    for seed in SEEDS:
        world, explainer = made_up(seed)
        for cds in (DISTRICT, OFFICE, CHARTER):
            for why_not in answered(world, explainer, [goal for year in YEARS for goal in questions(quote(cds), year)]):
                for rule in why_not.rules:
                    for failed in rule.candidates:
                        kinds.setdefault(failed.answer, set()).add(rule.rule.id)
    assert {kind: len(kinds.get(kind, ())) > 1 for kind in FailureKind} == dict.fromkeys(FailureKind, True)


@pytest.mark.parametrize("spoil", ["reached", "answer", "candidate", "rule"])
def test_the_brute_force_finds_what_is_wrong(spoil):
    world, _ = real()
    # A why-not of its own, so that nothing of it is spoilt for the other tests.
    explainer = WhyNotExplainer(Explainer(decision(CHUALAR).graph))
    why_not = explainer.of(("meets_criteria_on_state_priorities", quote(CHUALAR), 2024, "el"))
    (rule,) = why_not.unsorted
    (failure,) = rule.failures
    (failed,) = failure.candidates
    assert list(faults(world, why_not, depth=1)) == []
    if spoil == "reached":
        object.__setattr__(failed, "_count", dataclasses.replace(failed._count, reached=0))
    elif spoil == "answer":
        failed.answer = FailureKind.MISSING
    elif spoil == "candidate":
        why_not = dataclasses.replace(why_not, unsorted=(dataclasses.replace(rule, failures=()),))
    else:
        why_not = dataclasses.replace(why_not, unsorted=())
    assert list(faults(world, why_not, depth=1)) != []


def test_where_a_rule_would_apply_the_graph_is_not_closed_and_nothing_is_said():
    graph, lea = decision(CHUALAR).graph, quote(CHUALAR)
    instances = {
        name: () if graph.rulebook.by_id[name].head.predicate in ("standing", "status") else of_rule
        for name, of_rule in graph.instances.items()
    }
    explainer = WhyNotExplainer(Explainer(dataclasses.replace(graph, instances=instances)))
    with pytest.raises(IncompleteError, match=r"status\.standing\.general applies"):
        explainer.of(("standing", lea, 2024, "general"))
    # Nor of what rests on it.
    with pytest.raises(IncompleteError):
        outline(explainer.of(("status", lea, 2024, None)), explainer.sentences)


# A policy of a few rules, so that each kind of no can be told by hand

POLICY = {
    VOCABULARY: TEXTS[VOCABULARY]
    .replace(
        "Says: letter {LEA} {Year} {Group}.\nAbsent: not letter {LEA} {Year} {Group}.\nStated by: evidence\n",
        "Says: {Group} have a letter.\nAbsent: {Group} have no letter.\nStated by: evidence\n"
        "Domain: student_group(Group)\nComplete: listed(LEA, Year)\nNone: No letter of {Group} is on record.\n",
    )
    .replace("Says: listed {LEA} {Year}.\n", "Says: The file lists {LEA}.\n"),
    RULES: TEXTS[RULES],
    AUTHORITIES: TEXTS[AUTHORITIES],
}


@pytest.fixture
def made_up_policy(tmp_path):
    return load_rulebook(write_policy(tmp_path, POLICY))


def why_not_of(policy, goal, *atoms):
    explainer = WhyNotExplainer(Explainer(derive(policy, facts(*atoms))))
    return explainer.of(goal), explainer


LISTED = ("listed", '"01"', 2024)


def test_a_count_tells_the_value_reached_what_was_counted_and_what_was_not(made_up_policy):
    why_not, _ = why_not_of(made_up_policy, ("marked", '"01"', 2024), LISTED, ("letter", '"01"', 2024, "fos"))
    (rule,) = why_not.rules
    (failed,) = rule.candidates
    assert (failed.answer, failed.reached, failed.falls_short) == (FailureKind.DATA, (1, 2), True)
    assert [step.atom for step in failed.counted] == [("letter", '"01"', 2024, "fos")]
    assert [one.values for one in failed.uncounted] == [(("Group", "hom"),)]
    assert nearest(why_not) == "01 is not marked in 2024: 1 of 2 needed."


def test_what_no_file_says_is_not_on_record_and_what_a_file_at_hand_does_not_say_is_a_no(made_up_policy):
    goal = ("letter", '"01"', 2024, "fos")
    listed, _ = why_not_of(made_up_policy, ("marked", '"01"', 2024), LISTED)
    (failed,) = listed.rules[0].candidates
    assert failed.answer is FailureKind.DATA
    assert [(one.answer, [step.atom for step in one.steps]) for one in failed.uncounted] == [
        (FailureKind.DATA, [LISTED])
    ] * 2
    nothing, explainer = why_not_of(made_up_policy, ("marked", '"01"', 2024), ("listed", '"02"', 2024))
    (failed,) = nothing.rules[0].candidates
    assert (failed.answer, failed.goal) == (FailureKind.MISSING, LISTED)
    assert explainer.of(goal).rules == ()


def test_a_rule_that_blocks_shows_its_derivation(made_up_policy):
    letters = [("letter", '"01"', 2024, group) for group in ("fos", "hom")]
    why_not, explainer = why_not_of(made_up_policy, ("quiet", '"01"', 2024), LISTED, *letters)
    (failed,) = why_not.rules[0].candidates
    assert failed.answer is FailureKind.BLOCKED
    (step,) = failed.steps
    assert step.atom == ("marked", '"01"', 2024)
    assert {("letter", '"01"', 2024, "fos"), LISTED} <= {one.atom for one in walk([step])}
    text = outline_text(outline(why_not, explainer.sentences))
    assert "[another rule blocks it]" in text
    assert "[marks.marked" in text


def test_what_holds_has_no_why_not(made_up_policy):
    with pytest.raises(HoldsError, match="Quiet 01 2024"):
        why_not_of(made_up_policy, ("quiet", '"01"', 2024), LISTED)


# Kinds of no in the real record


def kinds(line, found=None):
    found = [] if found is None else found
    found.append((line.sentence, line.answer))
    for below in line.below:
        kinds(below, found)
    return found


def why_not_line(cds, year, *rest, about="eligible", everything=False, without=""):
    graph = decision(cds, without).graph
    explainer = Explainer(graph)
    why_not = WhyNotExplainer(explainer).of((about, quote(cds), year, *rest))
    return outline(why_not, explainer.sentences, everything=everything)


def test_where_letters_are_at_hand_and_none_is_printed_the_data_say_no():
    line = why_not_line("01611270000000", 2018)
    (district,) = [one for one in line.below[0].below if one.answer is not FailureKind.LAW]
    assert district.answer is FailureKind.DATA
    found = dict(kinds(line))
    (letters,) = [
        sentence for sentence in found if sentence.startswith("No letter of CDE's for Black/African American")
    ]
    assert found[letters] is FailureKind.DATA
    # The colors were not looked at: that is no evidence either way.
    assert {answer for sentence, answer in kinds(line) if sentence.startswith("No such row")} == {FailureKind.MISSING}


def test_a_possible_ground_is_not_on_record():
    line = why_not_line(CHUALAR, 2025, without="published")
    assert FailureKind.MISSING in {answer for _, answer in kinds(line)}
    assert line.below[0].answer is FailureKind.MISSING


def test_a_second_year_is_settled_by_the_year_before_whatever_is_open_in_the_year_itself():
    second = why_not_line(CHUALAR, 2025).below[1]
    assert [rule.id for rule in second.rules] == ["eligibility.second-year"]
    assert second.below[0].answer is FailureKind.DATA


def test_the_nearest_miss_tells_the_value_reached_and_the_color_that_is_there():
    graph = decision(CHUALAR).graph
    explainer = Explainer(graph)
    why_not = WhyNotExplainer(explainer).of(("eligible", quote(CHUALAR), 2024))
    words = "English learners at Chualar Union did not meet two different priorities in 2024: 1 of 2 needed."
    assert nearest(why_not) == words
    text = " ".join(outline_text(outline(why_not, explainer.sentences)).split())
    assert "not Red on English language arts, 2024. [the data say no]" in text
    assert "are Yellow on English language arts, 2024: status −37.0" in text


# Text and data


@functools.cache
def lines():
    return [
        why_not_line(cds, year, *rest, about=about, everything=everything)
        for everything in (False, True)
        for cds, year, about, *rest in [
            (CHUALAR, 2024, "eligible"),
            (CHUALAR, 2025, "eligible"),
            (CHUALAR, 2024, "met_52072"),
            (CHUALAR, 2022, "lcap_goal_group", None),
            (CHUALAR, 2018, "meets_method", 2),
            ("27102720112177", 2024, "eligible"),
            ("27102720000000", 2023, "possibly_eligible"),
        ]
    ]


def every_line(line):
    yield line
    for below in line.below:
        yield from every_line(below)


def test_down_the_nearest_way_no_sentence_is_said_twice_running():
    for line in lines()[: len(lines()) // 2]:
        for one in every_line(line):
            assert [below.sentence for below in one.below if below.sentence == one.sentence] == []


def test_every_line_is_a_sentence_and_what_fails_tells_its_kind():
    for line in lines():
        for one in every_line(line):
            assert re.fullmatch(r"[^a-z].*[.:]", one.sentence), one.sentence
            assert "{" not in one.sentence
            assert one.answer is not None or one.below or one.steps or one.rules, one.sentence


def test_no_line_of_text_is_wider_than_the_page():
    for line in lines():
        rows = outline_text(line).splitlines()
        assert [row for row in rows if row != row.rstrip() or not row] == []
        # A name of a rule or an address is never broken, and may stick out.
        assert [row for row in rows if len(row) > WIDTH and " " in row.strip(" -[")] == []


def test_with_everything_opened_every_rule_and_candidate_is_there():
    graph = decision(CHUALAR).graph
    explainer = Explainer(graph)
    why_not = WhyNotExplainer(explainer).of(("eligible", quote(CHUALAR), 2024))
    text = outline_text(outline(why_not, explainer.sentences, everything=True))
    for rule in why_not.rules:
        assert rule.rule.id in text
        for failed in rule.candidates:
            for below in failed.opened.rules if failed.opened else ():
                # A lone rule that does not apply to this case is named in the line of the rule above it.
                not_for_this_case = {one.answer for one in below.candidates} == {FailureKind.LAW}
                assert (rule if not_for_this_case else below).rule.id in text
    assert len(text) > len(outline_text(outline(why_not, explainer.sentences)))
    assert ": not met." not in text


@functools.cache
def schema():
    (folder,) = pyreport.explanation.__path__
    document = json.loads((Path(folder) / "schema" / "why_not.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(document)
    return jsonschema.Draft202012Validator(document)


def document_of(line):
    about = {"cds": CHUALAR, "name": "X", "dashboard_year": 2024, "about": "eligible", "basis": "", "nearest": None}
    return json.loads(json.dumps({**about, **outline_data(line)}))


def test_the_data_follow_the_schema_and_every_number_and_name_resolves():
    for line in lines():
        document = document_of(line)
        schema().validate(document)
        told = list(every_line(line))
        written, waiting = [], [document["line"]]
        while waiting:
            one = waiting.pop(0)
            written.append(one)
            waiting = [*one["below"], *waiting]
        assert [one["sentence"] for one in written] == [one.sentence for one in told]
        for one, of in zip(written, told, strict=True):
            assert [document["steps"][number]["atom"] for number in one["steps"]] == [list(s.atom) for s in of.steps]
            assert set(one["rules"]) <= document["rules"].keys()


def test_the_schema_describes_every_part_in_words():
    def undescribed(part, place):
        for name, value in part.get("properties", {}).items():
            if "description" not in value:
                yield f"{place}.{name}"
            yield from undescribed(value, f"{place}.{name}")
            yield from undescribed(value.get("items", {}), f"{place}.{name}[]")

    found = list(undescribed(schema().schema, "$"))
    for name, definition in schema().schema["$defs"].items():
        found += undescribed(definition, name)
    assert found == []


@pytest.mark.parametrize("spoil", ["extra", "missing", "kind"])
def test_the_schema_refuses_what_is_no_why_not(spoil):
    document = document_of(lines()[0])
    if spoil == "extra":
        document["line"]["opinion"] = "none"
    elif spoil == "missing":
        del document["rules"]
    else:
        document["line"]["below"][0]["answer"] = "no"
    assert not schema().is_valid(document)


def test_the_words_are_the_same_in_every_process():
    program = "from pyreport.cli import main; main()"
    arguments = ["why-not", CHUALAR, "--year", "2024", "--all"]
    texts = {
        subprocess.run(
            [sys.executable, "-c", program, *arguments],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(texts) == 1


# Every rule that could conclude something can say why it does not


def test_every_domain_takes_in_what_holds():
    world, _ = real()
    for name, predicate in rulebook().predicates.items():
        if predicate.stated_by == "rules" and predicate.ranging:
            for atom in world.atoms.get(name, ()):
                named = dict(zip(predicate.arguments, atom[1:], strict=True))
                (patterns,) = alternatives(name, "Domain")
                assert any(True for _ in world.patterns_meet(patterns, named)), atom


def test_no_negated_literal_has_a_variable_of_its_own():
    # What blocks is one atom: a why-not shows its derivation.
    for rule in rulebook().rules:
        bound = set(rule.variables)
        for part in rule.body:
            if isinstance(part, Literal) and part.negated:
                assert {term.name for term in part.atom.arguments if hasattr(term, "name")} <= bound


# The reason is the true one, and its kind agrees with what `decide` says


@pytest.mark.parametrize("cds", ["27660500000000", "27102720000000"])
def test_of_a_priority_without_a_local_indicator_the_reason_is_the_law(cds):
    line = why_not_line(cds, 2018, 9, about="local_not_met")
    assert {answer for _, answer in kinds(line)} - {None} == {FailureKind.LAW}
    text = " ".join(outline_text(line).split())
    assert (
        "In 2018, Priority 9 (Coordination of Services for Expelled Pupils) cannot be met by a local indicator" in text
    )
    assert "not one of the charter schools" not in text


def test_of_a_year_without_colors_no_reason_says_that_there_are_colors():
    text = outline_text(why_not_line(CHUALAR, 2022, "hom", about="known_group", everything=True))
    assert "has a color" not in " ".join(text.split())
