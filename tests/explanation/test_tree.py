import re

import pytest

from pyreport.explanation.tree import Counting, Explainer, Unexplained, walk
from pyreport.rulebook.syntax import Comparison, Count, Literal, evaluate, ground, term_variables
from pyreport.rulebook.vocabulary import placeholders

from .decided import decision, rulebook, steps

COUNTIES = ["27", "45"]
LEA = '"27102720000000"'


@pytest.mark.parametrize("county", COUNTIES)
def test_every_derivation_of_the_graph_is_in_the_tree(county):
    graph = decision(county).graph
    shown = {step.atom: [(one.rule.id, one.instance) for one in step.derivations] for step in steps(county)}
    derived = {atom: [(rule.id, instance) for rule, instance in graph.support.get(atom, ())] for atom in shown}
    assert shown == derived
    assert any(len(derivations) > 1 for derivations in shown.values())


@pytest.mark.parametrize("county", COUNTIES)
def test_every_leaf_is_a_fact_with_its_cell_or_a_fact_of_the_policy(county):
    graph = decision(county).graph
    for step in steps(county):
        if step.cell is not None:
            assert step.cell is graph.facts[step.atom]
            assert step.derivations == ()
            assert not step.is_parameter
            assert rulebook().predicates[step.atom[0]].stated_by == "evidence"
            continue
        assert step.derivations
        if not any(one.premises or one.absences or one.countings for one in step.derivations):
            assert step.is_parameter
            assert all(step.atom in one.rule.facts and one.rule.cites for one in step.derivations)


@pytest.mark.parametrize("county", COUNTIES)
def test_every_condition_of_the_rule_is_in_the_derivation_with_the_values_of_the_application(county):
    for step in steps(county):
        for one in step.derivations:
            bindings = dict(zip(one.rule.variables, one.instance, strict=True))
            atoms = [part for part in one.rule.body if isinstance(part, Literal)]
            positive = [ground(part.atom, bindings) for part in atoms if not part.negated]
            negative = [ground(part.atom, bindings) for part in atoms if part.negated]
            assert [premise.atom for premise in one.premises] == positive
            assert [absence.atom for absence in one.absences] == negative
            counts = [part for part in one.rule.body if isinstance(part, Count)]
            assert [counting.bound for counting in one.countings] == [evaluate(c.bound, bindings) for c in counts]
            compared = [part for part in one.rule.body if isinstance(part, Comparison)]
            assert len(one.rule.body) == len(atoms) + len(counts) + len(compared)
            # What the sentence names is not told again.
            names = set(placeholders(one.rule.says))
            varying = [{*term_variables(part.left), *term_variables(part.right)} for part in compared]
            told = [part for part, of in zip(compared, varying, strict=True) if part.operator != "=" and of - names]
            assert len(one.comparisons) == len(told)


@pytest.mark.parametrize("county", COUNTIES)
def test_what_is_counted_is_complete_different_and_within_the_bound(county):
    graph = decision(county).graph
    priorities: dict = {}
    for _, lea, year, group, priority in graph.atoms("meets_state_priority"):
        priorities.setdefault((lea, year, group), []).append(priority)
    counted = 0
    for step in steps(county):
        if step.atom[0] == "meets_criteria_on_state_priorities":
            ((counting,),) = [one.countings for one in step.derivations]
            below = [atoms for _, atoms in counting.elements]
            assert [[one.atom[4] for one in atoms] for atoms in below] == [[p] for p in priorities[step.atom[1:]]]
            assert (counting.operator, counting.bound) == (">=", 2)
            assert len(counting.elements) >= counting.bound
            words = [words for words, _ in counting.elements]
            assert len(set(words)) == len(words)
            counted += 1
    assert counted > 10


@pytest.mark.parametrize("county", COUNTIES)
def test_what_is_absent_does_not_hold_and_every_rule_that_could_conclude_it_says_why_not(county):
    graph = decision(county).graph
    found = left_out = 0
    for step in steps(county):
        for one in step.derivations:
            for absence in one.absences:
                assert absence.atom not in graph.support
                assert absence.atom not in graph.facts
                heads = [
                    rule
                    for rule in rulebook().by_head.get(absence.atom[0], ())
                    if rule.body
                    and all(
                        not isinstance(term, str | int) or term == value
                        for term, value in zip(rule.head.arguments, absence.atom[1:], strict=True)
                    )
                ]
                # Rules for another kind of LEA or time are left out, where one for this kind and time fails too.
                of_its_kind = [rule for rule in heads if speaks_of(rule, absence.atom, graph)]
                assert [rule for rule, _ in absence.reasons] == (of_its_kind or heads)
                left_out += len(heads) - len(absence.reasons)
                found += 1
    assert found > 10
    assert left_out > 10


def speaks_of(rule, atom, graph):
    """Whether every condition before the first that names more than the head does, or is none that must hold, holds."""
    named = {str(term): value for term, value in zip(rule.head.arguments, atom[1:], strict=True)}
    for part in rule.body:
        if not isinstance(part, Literal) or part.negated:
            return True
        terms = part.atom.arguments
        if any(not isinstance(term, str | int) and str(term) not in named for term in terms):
            return True
        given = tuple(term if isinstance(term, str | int) else named[str(term)] for term in terms)
        if (part.atom.predicate, *given) not in graph.support and (part.atom.predicate, *given) not in graph.facts:
            return False
    return True


def test_a_reason_of_another_kind_or_time_is_left_out_where_one_of_this_kind_and_time_fails_too():
    def reasons(lea, year):
        absence = Explainer(decision(lea[:2]).graph).absence(("identified", f'"{lea}"', year))
        return [rule.id for rule, _ in absence.reasons]

    assert reasons("27659610000000", 2019) == ["eligibility.district.ab-97"]
    assert reasons("27659610000000", 2023) == ["eligibility.district.calpads", "eligibility.district.criteria"]
    assert reasons("02100250000000", 2019) == ["eligibility.county-office.ab-97"]
    assert reasons("02100250000000", 2024) == [
        "eligibility.county-office.calpads",
        "eligibility.county-office.criteria",
    ]


def test_what_is_compared_is_named_as_its_variable_is_called():
    explainer = Explainer(decision("27").graph)
    derivations = (one for atom in explainer.graph.support for one in explainer.step(atom).derivations)
    said = {words for one in derivations for words in one.comparisons}
    assert "The color is Orange." in said
    form = r"(The [a-z ]+|It) is .+\."
    assert [words for words in said if not re.fullmatch(form, words)] == []


@pytest.mark.parametrize(
    ("operator", "words"),
    [
        ("=", "There must be 2."),
        ("!=", "There must not be 2."),
        ("<", "There must be fewer than 2."),
        ("<=", "There must be at most 2."),
        (">", "There must be more than 2."),
        (">=", "There must be at least 2."),
    ],
)
def test_a_count_says_what_was_counted_and_the_bound(operator, words):
    assert Counting((("one", ()), ("two", ())), operator, 2).sentence == f"2 counted: one and two. {words}"
    assert Counting((), operator, 2).sentence == f"None counted. {words}"


def test_a_step_is_headed_by_its_only_derivation_or_by_its_own_sentence():
    several = alone = 0
    for step in steps("27"):
        if len(step.derivations) == 1:
            assert step.headline == step.derivations[0].sentence
            alone += 1
        else:
            assert step.headline == step.sentence
            several += 1
    assert several > 10
    assert alone > 10


def test_equal_atoms_are_one_step():
    explainer = Explainer(decision("27").graph)
    (first,) = explainer.about("status", LEA, 2024)
    (second,) = explainer.about("status", LEA, 2024)
    assert first is second


def test_asking_about_an_lea_and_a_year_gives_the_atoms_of_both():
    explainer = Explainer(decision("27").graph)
    assert [step.atom for step in explainer.about("meets_method", LEA, 2024)] == [("meets_method", LEA, 2024, 1)]
    assert [step.atom[:2] for step in explainer.about("kind", LEA, 2024)] == [("kind", LEA)]
    assert {step.atom[1] for step in explainer.about("window_52072", LEA, 2024)} == {2024}
    assert len(explainer.about("threshold", LEA, 2024)) == 4
    assert explainer.about("second_year", LEA, 2024) == []
    with pytest.raises(KeyError):
        explainer.about("no_such_predicate", LEA, 2024)


def test_what_does_not_hold_has_no_step():
    with pytest.raises(Unexplained, match="is not in the second year of an earlier identification in 2024"):
        Explainer(decision("27").graph).step(("second_year", LEA, 2024))


def test_a_walk_gives_every_step_once():
    every = list(walk(steps("27")))
    assert len(set(every)) == len(every)
    # A fact of the policy is a step of its own where it is shown with other passages.
    assert len({step.atom for step in every if not step.is_parameter}) == sum(not one.is_parameter for one in every)


@pytest.mark.parametrize("county", COUNTIES)
def test_what_one_sentence_tells_of_several_derivations_rests_on_what_all_of_them_rest_on(county):
    together = [step for step in steps(county) if len(step.told) < len(step.derivations)]
    assert together
    for step in together:
        assert {one.rule.id for one in step.told} == {one.rule.id for one in step.derivations}
        for told in step.told:
            alone = [one for one in step.derivations if one.rule is told.rule]
            if len([one for one in step.told if one.rule is told.rule]) == 1 and len(alone) > 1:
                assert {below.atom for below in told.premises} == {b.atom for one in alone for b in one.premises}
                assert told.sentence.endswith("; each alone is enough.") or {one.sentence for one in alone} == {
                    told.sentence
                }


def test_derivations_that_differ_in_one_value_are_told_together_and_others_apart():
    words = [
        one.sentence for step in steps("27") for one in step.told if one.rule.id == "criteria.group-known-by-color"
    ]
    listed = re.compile(r"printed a color for [a-z/ ]+(, [A-Za-z/ ]+)* and [A-Za-z/ ]+; each alone is enough\.")
    assert any(listed.search(one) for one in words)
    printed = re.compile(r"printed a color for [a-z/ ]+\.")
    assert any(printed.search(one) for one in words)
    # A count, an absence or a comparison belongs to one derivation.
    for step in steps("27"):
        for one in step.told:
            assert not ((one.countings or one.absences or one.comparisons) and "each alone is enough" in one.sentence)
