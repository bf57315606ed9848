"""The smallest changes: of small LEAs made by hand, and held against every change there is."""

from __future__ import annotations

import random
from math import prod

import pytest

from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.evidence.scope import Scope
from pyreport.files.places import policy_folder
from pyreport.hypotheses import what_if, worlds
from pyreport.hypotheses.change import Goal, changed
from pyreport.hypotheses.least_change import DECIDED, Question
from pyreport.hypotheses.search import Optima
from pyreport.hypotheses.worlds import conclude_worlds
from pyreport.reasoning.decision import ProofError, facts_to_decide
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.grounding import ReasoningError
from pyreport.reasoning.solver import derive
from pyreport.rulebook.loading import load_rulebook

from .worlds_made_up import CHARTER, LEA, changes, enumerated, facts_changed, found, lea

INDICATORS = ("ela", "math", "graduation", "college_career", "chronic_absenteeism", "suspension")
NAMED = ("aa", "ai", "as", "el", "fi", "fos", "hi", "hom", "pi", "sed", "swd", "tom", "wh")


def steps(one, place=0):
    """The smallest changes of colors in short: year, group, indicator, what was and what would be."""
    return {
        frozenset((*move.old[2:5], move.old[-1], move.new[-1]) for move in change)
        for change in one.optima[place].changes()
    }


def row(year, group, indicator, was, would_be):
    return year, group, indicator, was, would_be


def test_a_group_at_two_priorities_leaves_by_one_step_on_either():
    one = found(lea(2024, colors={2024: {"HOM": {"chronic_absenteeism": "red", "suspension": "red"}}}), 2024)
    assert [(o.goal.predicate, o.goal.comes, o.cost, o.count) for o in one.optima] == [
        ("eligible", False, 1, 2),
        ("meets_criteria_on_state_priorities", False, 1, 2),
    ]
    expected = {
        frozenset({row(2024, "hom", "chronic_absenteeism", "red", "orange")}),
        frozenset({row(2024, "hom", "suspension", "red", "orange")}),
    }
    assert steps(one, 0) == steps(one, 1) == expected


def test_three_alternatives_where_red_and_orange_make_a_priority():
    colors = {2024: {"SWD": {"ela": "red", "math": "orange", "suspension": "red"}}}
    one = found(lea(2024, colors=colors), 2024)
    assert one.optima[0].cost == 1
    assert steps(one) == {
        frozenset({row(2024, "swd", "ela", "red", "orange")}),
        frozenset({row(2024, "swd", "math", "orange", "yellow")}),
        frozenset({row(2024, "swd", "suspension", "red", "orange")}),
    }


def test_three_priorities_take_two_steps():
    colors = {2024: {"HOM": {"chronic_absenteeism": "red", "suspension": "red", "college_career": "red"}}}
    one = found(lea(2024, colors=colors), 2024)
    assert (one.optima[0].cost, one.optima[0].count) == (2, 3)


def test_two_groups_make_parts_of_which_any_alternatives_combine():
    reds = {"chronic_absenteeism": "red", "suspension": "red"}
    one = found(lea(2024, colors={2024: {"HOM": reds, "FOS": reds}}), 2024)
    assert (one.optima[0].cost, one.optima[0].count, list(map(len, one.optima[0].parts))) == (2, 4, [2, 2])


def test_an_lea_one_step_from_eligibility():
    colors = {2024: {"HOM": {"chronic_absenteeism": "orange", "suspension": "red"}}}
    one = found(lea(2024, colors=colors), 2024)
    assert [(o.goal.predicate, o.goal.comes, o.cost) for o in one.optima] == [("eligible", True, 1)]
    assert steps(one) == {frozenset({row(2024, "hom", "chronic_absenteeism", "orange", "red")})}


def test_a_better_color_costs_a_step_each():
    colors = {2024: {"HOM": {"chronic_absenteeism": "green", "suspension": "red"}}}
    assert found(lea(2024, colors=colors), 2024).optima[0].cost == 3


def test_method_2_by_local_ratings_goes_by_any_rating_of_either_year():
    two = {"1": "Not Met", "3": "Not Met"}
    one = found(lea(2018, local={2017: two, 2018: two}, letters={2018: {}}), 2018)
    assert [(o.goal.predicate, o.goal.comes, o.cost) for o in one.optima] == [("eligible", False, 1)]
    assert facts_changed(one) == {
        frozenset({(("local_rating", LEA, year, priority, "not_met"), ("local_rating", LEA, year, priority, "met"))})
        for year in (2017, 2018)
        for priority in (1, 3)
    }


def test_not_met_for_two_years_in_one_rating_goes_by_either_year():
    two = {"1": "Not Met for Two or More Years", "3": "Not Met for Two or More Years"}
    one = found(lea(2018, local={2018: two}, letters={2018: {}}), 2018)
    assert (one.optima[0].cost, one.optima[0].count) == (1, 4)


def test_a_second_year_goes_with_the_identification_of_the_year_before():
    colors = {
        2023: {"HOM": {"chronic_absenteeism": "red", "suspension": "red"}},
        2024: {"HOM": {"chronic_absenteeism": "green", "suspension": "green"}},
    }
    one = found(lea(2024, colors=colors), 2024)
    assert [(o.goal.predicate, o.goal.comes, o.cost) for o in one.optima] == [("eligible", False, 1)]
    assert steps(one) == {
        frozenset({row(2023, "hom", "chronic_absenteeism", "red", "orange")}),
        frozenset({row(2023, "hom", "suspension", "red", "orange")}),
    }


def test_an_lea_identified_twice_stays_eligible_unless_both_years_change():
    reds = {"HOM": {"chronic_absenteeism": "red", "suspension": "red"}}
    one = found(lea(2024, colors={2023: reds, 2024: reds}), 2024)
    assert (one.optima[0].cost, list(map(len, one.optima[0].parts))) == (2, [2, 2])


def test_a_charter_leaves_by_either_of_its_two_dashboards():
    reds = {"HOM": {"chronic_absenteeism": "red", "suspension": "red"}}
    one = found(lea(2024, kind="charter", colors={2023: reds, 2024: reds}), 2024)
    assert one.start.lea == f'"{CHARTER}"'
    assert (one.optima[0].goal.comes, one.optima[0].cost, one.optima[0].count) == (False, 1, 4)


def test_a_charter_enters_only_by_both_dashboards():
    nearly = {"HOM": {"chronic_absenteeism": "orange", "suspension": "red"}}
    one = found(lea(2024, kind="charter", colors={2023: nearly, 2024: nearly}), 2024)
    assert (one.optima[0].goal.comes, one.optima[0].cost, one.optima[0].count) == (True, 2, 1)


@pytest.mark.parametrize(("letter", "cost"), [("b", 1), ("h", 2), ("k", 3)])
def test_a_letter_goes_when_one_priority_is_left(letter, cost):
    one = found(lea(2022, letters={2022: {"HOM": letter}}), 2022)
    assert [(o.goal.predicate, o.cost, o.count) for o in one.optima] == [
        ("eligible", cost, 1),
        ("meets_criteria_on_state_priorities", cost, 1),
    ]
    old = ("published_letter", LEA, 2022, "hom", letter)
    assert facts_changed(one) == {frozenset({(old, None)})}


def test_where_no_letter_is_printed_two_priorities_are_counted_for_any_group():
    one = found(lea(2022, letters={2022: {}}), 2022)
    assert (one.optima[0].goal.comes, one.optima[0].cost, one.optima[0].count) == (True, 2, 13)


def test_an_answer_that_cde_printed_is_one_step():
    one = found(lea(2024, letters={2024: {}}, methods={2024: {2: "no", 3: "no", 4: "yes"}}), 2024)
    assert (one.optima[0].goal.comes, one.optima[0].cost) == (False, 1)
    old, new = (("published_method", LEA, 2024, 4, answer) for answer in ("yes", "no"))
    assert facts_changed(one) == {frozenset({(old, new)})}


def test_a_status_level_of_a_year_without_colors_is_one_step():
    levels = {2022: {"HOM": {"chronic_absenteeism": 1, "suspension": 1}}}
    one = found(lea(2022, levels=levels), 2022)
    assert (one.optima[0].cost, one.optima[0].count) == (1, 2)
    assert {move.new[9] for change in one.optima[0].changes() for move in change} == {2}


def test_a_mark_of_the_red_list_where_nothing_else_is_on_record():
    given = {"red_list": {2023: {"HOM": ["chronic_absenteeism", "suspension"]}}, "files_at_hand": {2023: "none"}}
    one = found(lea(2023, reported=[2023], **given), 2023)
    assert [basis.name for basis in one.start.bases if basis.year == 2023] == ["red_list"]
    assert (one.optima[0].goal.comes, one.optima[0].cost, one.optima[0].count) == (False, 1, 2)


def test_letters_are_set_aside_where_the_figures_give_the_same():
    colors = {2024: {"HOM": {"chronic_absenteeism": "red", "suspension": "red"}}}
    one = found(lea(2024, colors=colors, letters={2024: {"HOM": "c"}}), 2024)
    assert [(basis.year, basis.name) for basis in one.start.bases] == [(2024, "figures")]
    assert {atom[0] for atom in one.start.bases[0].aside} == {"published_letter", "letters_at_hand"}
    assert (one.optima[0].cost, one.optima[0].count) == (1, 2)


def test_letters_alone_are_taken_where_the_figures_give_something_else():
    colors = {2024: {"HOM": {"chronic_absenteeism": "red", "suspension": "green"}}}
    one = found(lea(2024, colors=colors, letters={2024: {"HOM": "c"}}), 2024)
    assert [(basis.year, basis.name) for basis in one.start.bases] == [(2024, "letters")]
    assert {move.atom[0] for change in one.optima[0].changes() for move in change} == {"letter_change"}


def test_letters_alone_are_taken_where_figures_of_another_group_show_what_they_overrule():
    colors = {2024: {"FOS": {"chronic_absenteeism": "red", "suspension": "red"}}}
    one = found(lea(2024, colors=colors, letters={2024: {"HOM": "c"}}), 2024)
    assert [(basis.year, basis.name) for basis in one.start.bases] == [(2024, "letters")]
    assert {atom[0] for atom in one.start.bases[0].aside} == {"dashboard_row"}


def test_no_change_is_enough_where_nothing_that_may_change_is_on_record():
    one = found(lea(2024, kind="charter", colors={2024: {"HOM": {"suspension": "red"}}}), 2024)
    assert (one.optima[0].goal.comes, one.optima[0].cost, one.optima[0].count) == (True, None, 0)
    assert one.decided == ((),)


def test_another_conclusion_is_asked_about_with_or_without_its_value():
    colors = {2024: {"HOM": {"chronic_absenteeism": "red", "suspension": "red"}}}
    facts = lea(2024, colors=colors)
    gone = found(facts, 2024, Question("meets_method")).optima[0]
    assert (gone.goal, gone.cost) == (Goal("meets_method", (LEA, 2024, 1), False), 1)
    named = found(facts, 2024, Question("meets_criteria_on_state_priorities", "hom")).optima[0]
    assert named.goal == Goal("meets_criteria_on_state_priorities", (LEA, 2024, "hom"), False)
    comes = found(facts, 2024, Question("meets_state_priority", 8)).optima[0]
    assert (comes.goal.comes, comes.cost) == (True, None)


def test_the_order_is_settled():
    colors = {2024: {group: dict.fromkeys(INDICATORS, "red") for group in ("HOM", "SWD", "EL")}}
    facts = lea(2024, colors=colors, methods={2024: {2: "yes", 3: "no", 4: "no"}})
    assert found(facts, 2024).optima == found(dict(reversed(facts.items())), 2024).optima


# ------------------------------------------------------------------------------------------------ many


def test_many_combinations_are_described_by_their_parts_and_each_alternative_is_decided():
    colors = {2024: {group: dict.fromkeys(INDICATORS[2:], "red") for group in ("HOM", "SWD", "EL", "FOS", "HI", "WH")}}
    one = found(lea(2024, colors=colors), 2024)
    optima = one.optima[0]
    # Of the priorities 5 (two indicators), 6 and 8, two must go: 6 and 8, or one of them and both indicators of 5.
    assert (optima.cost, optima.complete, optima.count) == (12, True, 1)
    colors = {2024: {group: dict.fromkeys(INDICATORS[3:], "red") for group in ("HOM", "SWD", "EL", "FOS", "HI", "WH")}}
    one = found(lea(2024, colors=colors), 2024)
    optima = one.optima[0]
    assert (optima.cost, optima.complete, optima.count, list(map(len, optima.parts))) == (12, True, 3**6, [3] * 6)
    assert len(one.decided[0]) < DECIDED
    assert {move for change in one.decided[0] for move in change} == {
        move for part in optima.parts for change in part for move in change
    }
    draw = random.Random(1)
    drawn = draw.sample(list(optima.changes()), 60)
    worlds = {number: changed(one.start.atoms, change) for number, change in enumerate(drawn)}
    assert [atoms for atoms in conclude_worlds(changes(), worlds, ["eligible"]).values() if atoms] == []


def test_many_that_do_not_combine_are_all_enumerated():
    groups = ("AA", "AI", "AS", "EL", "FI", "FOS", "HI", "HOM", "PI", "SED", "SWD", "TOM", "WH")
    nearly = {group: dict.fromkeys(INDICATORS, "orange") for group in groups}
    one = found(lea(2024, colors={2023: nearly, 2024: nearly}), 2024)
    optima = one.optima[0]
    # Two of the priorities 4 (either subject turns Red), 5 (either indicator), 6 and 8 (a color in 2024 alone).
    pairs = {2024: 2 * 2 + 2 * (2 + 2) + 1, 2023: 2 * 2 + 2 + 2}
    assert (optima.goal.comes, optima.cost, optima.complete) == (True, 2, True)
    assert optima.count == sum(len(groups) * count for count in pairs.values()) > 240


@pytest.mark.parametrize("seed", range(10))
def test_every_smallest_change_is_found_and_no_other(seed):
    draw = random.Random(seed)
    groups, kind = draw.sample(["HOM", "SWD", "EL"], 2), draw.choice(["district", "district", "charter"])
    some = ("red", "red", "orange", "orange", "yellow", "blue")

    def colors():
        return {group: {one: draw.choice(some) for one in draw.sample(INDICATORS, 3)} for group in groups}

    years = [2023, 2024]
    given = {"colors": {year: colors() for year in draw.choice([[2024], years])}}
    if kind == "district" and draw.random() < 0.4:
        given = {"colors": {2023: colors()}}
    letters = {}
    for year in years:
        if year not in given["colors"] and kind == "district":
            letters[year] = {group: draw.choice("abcdefghijk") for group in groups if draw.random() < 0.6}
    methods = {2024: {2: draw.choice(["yes", "no"])}} if draw.random() < 0.3 else {}
    facts = lea(2024, kind=kind, letters=letters, methods=methods, **given)
    one = found(facts, 2024)
    for place, optima in enumerate(one.optima):
        expected = enumerated(one, 3, years, NAMED if letters else (), place)
        if expected:
            assert facts_changed(one, place) == expected
        else:
            assert optima.cost is None or optima.cost > 3


@pytest.mark.parametrize("seed", range(4))
def test_local_ratings_and_levels_too(seed):
    draw = random.Random(100 + seed)
    ratings = ("Met", "Not Met", "Not Met for Two or More Years")
    local = {year: {str(one): draw.choice(ratings) for one in (1, 2, 3, 6)} for year in (2017, 2018)}
    one = found(lea(2018, local=local, letters={2018: {}}), 2018)
    assert facts_changed(one) == enumerated(one, 2, [2017, 2018], NAMED)
    levels = {
        2022: {"HOM": {name: draw.randint(1, 3) for name in ("ela", "math", "chronic_absenteeism", "suspension")}}
    }
    one = found(lea(2022, levels=levels), 2022)
    expected = enumerated(one, 4, [2022], ())
    assert facts_changed(one) == expected if expected else (one.optima[0].cost or 5) > 4


def test_a_count_is_the_product_of_its_parts():
    reds = {"chronic_absenteeism": "red", "suspension": "red"}
    one = found(lea(2024, colors={2024: {"HOM": reds, "FOS": reds, "EL": reds}}), 2024)
    optima = one.optima[0]
    assert optima.count == len(list(optima.changes())) == prod(map(len, optima.parts)) == 8
    assert all(sum(move.cost for move in change) == optima.cost for change in optima.changes())


# ------------------------------------------------------------------------------------------------ nothing unchecked


def test_a_change_that_deciding_again_does_not_confirm_is_not_shown(monkeypatch):
    facts = lea(2024, colors={2024: {"HOM": {"chronic_absenteeism": "red", "suspension": "red"}}})
    monkeypatch.setattr(Optima, "samples", lambda optima, limit: [()])
    with pytest.raises(ReasoningError, match="not confirmed by deciding again"):
        found(facts, 2024)


def test_a_world_whose_derivations_are_not_complete_is_not_shown(monkeypatch):
    record, rulebook = read_record(record_folder()), load_rulebook(policy_folder())
    facts = facts_to_decide(rulebook, record, Scope(year=2024, only={"27660350000000"}))

    def tampered(policy, world):
        graph = derive(policy, world)
        left = [one for one in graph.instances["criteria.two-priorities"] if "~" not in str(one)]
        return Graph(policy, graph.facts, {**graph.instances, "criteria.two-priorities": left}, graph.counted)

    monkeypatch.setattr(worlds, "derive", tampered)
    with pytest.raises(ProofError):
        what_if.smallest(what_if.Inquiry(rulebook, changes(), facts, "27660350000000", 2024, Question()))
