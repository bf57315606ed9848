import copy
import functools
import hashlib
import json

import pytest
from examples import tried
from hypothesis import strategies as st

from pyreport.evidence.counties import counties
from pyreport.evidence.facts import facts_of
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.evidence.scope import Scope
from pyreport.files.places import policy_folder
from pyreport.proof.checker import FORMAT, ProofChecker
from pyreport.reasoning.decision import ProofError, decide, proved
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.solver import derive
from pyreport.rulebook.loading import load_rulebook

from .made_up import MadeRule, document, texts_of

COUNTY = "03"


@functools.cache
def graph() -> Graph:
    return decide(load_rulebook(policy_folder()), read_record(record_folder()), Scope(only={COUNTY})).graph


@functools.cache
def checker() -> ProofChecker:
    return ProofChecker(graph().rulebook.texts)


@functools.cache
def written() -> str:
    return json.dumps(graph().document())


@pytest.fixture
def graph_document():
    """The graph of a small county, as a report carries it: written as JSON and read again."""
    return json.loads(written())


def refused(tampered, *words: str) -> str:
    verdict = checker().check(tampered)
    assert not verdict.holds
    assert "NOT PROVED" in str(verdict)
    assert any(all(word in problem for word in words) for problem in verdict.problems), verdict.problems
    return str(verdict)


def entry(document_, rule, **values):
    """The instances of a rule, and the place of the first with these values."""
    instances = document_["rules"][rule]["instances"]
    names = document_["rules"][rule]["variables"]
    for place, instance in enumerate(instances):
        if all(dict(zip(names, instance, strict=True))[name] == value for name, value in values.items()):
            return instances, place
    raise AssertionError(f"{rule} has no such instance")


def drop(document_, rule, place):
    """Take away one derivation, with what it counted."""
    del document_["rules"][rule]["instances"][place]
    if "counted" in document_["rules"][rule]:
        del document_["rules"][rule]["counted"][place]


def test_the_graph_as_it_is_holds(graph_document):
    verdict = checker().check(graph_document)
    assert verdict.holds, str(verdict)
    assert str(verdict).endswith("all hold and none is missing.")
    assert (verdict.derivations - sum(len(r.facts) for r in graph().rulebook.rules)) > 200
    assert verdict.counted > 0


def test_a_fact_with_another_value_is_found_out(graph_document):
    place, fact = next((n, one) for n, one in enumerate(graph_document["facts"]) if one[0][0] == "published_letter")
    _, lea, year, group, letter = fact[0]
    graph_document["facts"][place][0] = ["published_letter", lea, year, group, "k" if letter != "k" else "b"]
    refused(graph_document, "criteria.", lea, str(year), group, f"Letter={letter}", "does not hold: published_letter")
    refused(graph_document, "criteria.", "holds and is missing", "Letter=")


def test_a_fact_that_is_taken_away_is_found_out(graph_document):
    place, fact = next((n, one) for n, one in enumerate(graph_document["facts"]) if one[0][0] == "published_letter")
    del graph_document["facts"][place]
    _, lea, year, group, letter = fact[0]
    refused(graph_document, f"published_letter({lea},{year},{group},{letter}) does not hold", "criteria.")


def test_a_fact_stated_twice_is_found_out(graph_document):
    graph_document["facts"].append(copy.deepcopy(graph_document["facts"][0]))
    refused(graph_document, "1 facts are stated twice")


def test_an_added_fact_that_has_consequences_is_found_out(graph_document):
    fact = next(one for one in graph_document["facts"] if one[0][0] == "listed" and one[0][2] == 2025)
    added = ["published_letter", fact[0][1], 2025, "pi", "k"]
    graph_document["facts"].append([added, fact[1], fact[2], "K"])
    refused(graph_document, "criteria.group-known-by-letter", "Group=pi", "holds and is missing")


@pytest.mark.parametrize(
    "atom", [["identified", "LEA", 2025], ["eligible", "LEA", 2025], ["threshold", "recurring_years", 1]]
)
def test_a_conclusion_or_parameter_stated_as_a_fact_is_found_out(graph_document, atom):
    lea = graph_document["facts"][0][0][1]
    atom = [lea if one == "LEA" else one for one in atom]
    graph_document["facts"].append([atom, 0, "A2", ""])
    refused(graph_document, f"{atom[0]}({','.join(map(str, atom[1:]))}) is no fact that evidence may state")


def test_a_binding_that_is_changed_is_found_out(graph_document):
    instances, place = entry(graph_document, "eligibility.method-1")
    names = graph_document["rules"]["eligibility.method-1"]["variables"]
    instances[place][names.index("Group")] = "pi"
    refused(graph_document, "eligibility.method-1", "Group=pi", "does not hold", "meets_criteria_on_state_priorities")
    refused(graph_document, "eligibility.method-1", "holds and is missing")


@pytest.mark.parametrize("value", [None, True, 2.5, ["a"], {"a": 1}])
def test_a_value_that_is_neither_number_nor_text_is_found_out(graph_document, value):
    tampered = copy.deepcopy(graph_document)
    instances, place = entry(tampered, "eligibility.method-1")
    instances[place][0] = value
    refused(tampered, "the document cannot be read: eligibility.method-1")
    graph_document["facts"][0][0][1] = value
    refused(graph_document, "the document cannot be read: a fact")


def test_a_truth_value_does_not_pass_for_the_number_1(graph_document):
    instances, place = entry(graph_document, "methods.1")
    instances[place][instances[place].index(1)] = True
    refused(graph_document, "methods.1")


def test_a_text_in_place_of_a_number_is_found_out(graph_document):
    """Where numbers are compared, a text must not stop the check."""
    texts = texts_of(POPULATION, ("size/2",))
    made = document(POPULATION, [("size", "a", 5)], ("size/2",))
    made["facts"][0][0][2] = "many"
    problems = ProofChecker(texts).check(made).problems
    assert "r0: the rule cannot be applied: many is no number" in problems
    made = document(POPULATION, [("size", "a", 5)], ("size/2",))
    made["rules"]["r0"]["instances"] = [("many", "a")]
    problems = ProofChecker(texts).check(made).problems
    assert any("r0: the derivation N=many, X=a does not hold: size(a,many) does not hold" in one for one in problems)


POPULATION = [MadeRule("large(X)", ("size(X, N)", "N >= 5"))]


def test_a_derivation_that_is_too_short_or_too_long_is_found_out(graph_document):
    instances, place = entry(graph_document, "eligibility.method-1")
    instances[place].append(1)
    refused(graph_document, "eligibility.method-1", "must give a value to each of Group, Kind, LEA, Year")


def test_a_variable_that_is_renamed_is_found_out(graph_document):
    names = graph_document["rules"]["eligibility.method-1"]["variables"]
    names[names.index("Group")] = "Earlier"
    refused(graph_document, "eligibility.method-1", "its variables are Group, Kind, LEA, Year")


def test_an_argument_of_a_fact_of_the_policy_that_is_renamed_is_found_out(graph_document):
    names = graph_document["rules"]["dashboards.order.2022"]["variables"]
    assert names == ["Year", "Earlier"]
    graph_document["rules"]["dashboards.order.2022"]["variables"] = names[::-1]
    refused(graph_document, "dashboards.order.2022", "its arguments are Year, Earlier")


def changed_policy(path: str, old: str, new: str) -> ProofChecker:
    texts = dict(graph().rulebook.texts)
    assert texts[path].count(old) == 1
    texts[path] = texts[path].replace(old, new)
    return ProofChecker(texts)


@pytest.mark.parametrize("with_the_hash", [False, True], ids=["the hash kept", "the hash forged"])
@pytest.mark.parametrize(
    ("path", "old", "new", "words"),
    [
        (
            "parameters/thresholds.lp",
            "(different_priorities, 2)",
            "(different_priorities, 3)",
            "thresholds.different-priorities",
        ),
        ("parameters/letters.lp", "letter_means(b, (4; 5)).", "letter_means(b, (4; 5; 6)).", "letters.b"),
        (
            "eligibility/status.lp",
            "    not eligible(LEA, Year).",
            "    eligible(LEA, Year).",
            "status.standing.general",
        ),
    ],
)
def test_a_graph_made_with_another_text_of_a_rule_is_found_out(graph_document, path, old, new, words, with_the_hash):
    other = changed_policy(path, old, new)
    if with_the_hash:
        graph_document["policy"][path] = other.hashes[path]
    verdict = other.check(graph_document)
    assert any(words in problem for problem in verdict.problems)
    told = any(f"{path} is not the policy file that the graph was made with" in problem for problem in verdict.problems)
    assert told != with_the_hash


def test_a_remark_in_the_policy_that_changes_its_hash_is_found_out(graph_document):
    other = changed_policy("parameters/thresholds.lp", "%# Thresholds", "%# The thresholds")
    assert other.check(graph_document).problems == [
        "parameters/thresholds.lp is not the policy file that the graph was made with"
    ]


def test_a_wrong_hash_is_found_out(graph_document):
    graph_document["policy"]["authorities.yaml"] = hashlib.sha256(b"other").hexdigest()
    refused(graph_document, "authorities.yaml is not the policy file that the graph was made with")


def test_a_policy_file_that_is_left_out_or_added_is_found_out(graph_document):
    del graph_document["policy"]["names.yaml"]
    graph_document["policy"]["readings/other.lp"] = "0" * 64
    refused(graph_document, "names.yaml is not")
    refused(graph_document, "readings/other.lp is not")


@pytest.mark.parametrize("name", ["pyreport graph 1", "", None])
def test_another_format_is_not_read(graph_document, name):
    graph_document["format"] = name
    refused(graph_document, f"the format is {name!r}")


@pytest.mark.parametrize(
    "change", [{"facts": None}, {"facts": [1]}, {"facts": [[[]]]}, {"rules": []}, {"policy": None}]
)
def test_a_document_of_another_shape_is_not_read(graph_document, change):
    refused({**graph_document, **change}, "the document cannot be read")


@pytest.mark.parametrize("part", ["facts", "rules", "policy"])
def test_a_document_without_one_of_its_parts_is_not_read(graph_document, part):
    del graph_document[part]
    refused(graph_document, "the document cannot be read")


def test_a_derivation_that_is_left_out_is_found_out(graph_document):
    instances, place = entry(graph_document, "eligibility.method-1")
    group, kind, lea, year = instances[place]
    drop(graph_document, "eligibility.method-1", place)
    refused(
        graph_document,
        f"eligibility.method-1: the derivation Group={group}, Kind={kind}, LEA={lea}, Year={year} holds and is missing",
    )


def test_one_of_two_derivations_of_the_same_conclusion_that_is_left_out_is_found_out(graph_document):
    instances = graph_document["rules"]["eligibility.method-1"]["instances"]
    heads = [(lea, year) for _, _, lea, year in instances]
    place = next(n for n, head in enumerate(heads) if heads.count(head) > 1)
    group, _, lea, year = instances[place]
    drop(graph_document, "eligibility.method-1", place)
    text = refused(graph_document, "eligibility.method-1", f"Group={group}", lea, str(year), "holds and is missing")
    assert "1 problems" in text


def test_an_inconvenient_group_taken_out_with_all_that_rests_on_it_is_found_out():
    """Everything that replay alone could notice is consistent: only closure finds what is not there."""
    letter = next(atom for atom in graph().facts if atom[0] == "published_letter")
    _, lea, year, group, _ = letter
    without = derive(graph().rulebook, {atom: cell for atom, cell in graph().facts.items() if atom != letter})
    tampered, whole = json.loads(json.dumps(without.document())), json.loads(written())
    tampered["facts"] = whole["facts"]
    tampered["publications"] = whole["publications"]
    for rule in ("criteria.letter", "criteria.letter-by-borrowed-key", "criteria.group-known-by-letter"):
        tampered["rules"][rule] = whole["rules"][rule]
    text = refused(tampered, "criteria.two-priorities", f"Group={group}", lea, f"Year={year}", "holds and is missing")
    assert "does not hold" not in text


def test_a_rule_that_is_left_out_with_all_its_derivations_is_found_out(graph_document):
    del graph_document["rules"]["kinds.district"]
    refused(graph_document, "kinds.district", "holds and is missing")


def test_an_invented_derivation_is_found_out(graph_document):
    instances, place = entry(graph_document, "persistence.52072.none-recurs")
    lea, _ = instances[place]
    instances.append([lea, 2019])
    refused(graph_document, "persistence.52072.none-recurs", "Year=2019", f"tested_52072({lea},2019) does not hold")


def test_an_invented_derivation_whose_negated_condition_fails_is_found_out(graph_document):
    *_, lea, year = entry(graph_document, "eligibility.method-1")[0][0]
    graph_document["rules"]["status.standing.general"]["instances"].append([lea, year])
    refused(graph_document, "status.standing.general", lea, str(year), f"eligible({lea},{year}) holds")


def test_an_invented_derivation_whose_count_is_too_small_is_found_out(graph_document):
    rule = "persistence.52072.three-groups"
    lea, year = graph_document["rules"]["persistence.52072.none-recurs"]["instances"][0]
    values = {"LEA": lea, "Year": year, "Least": 3}
    graph_document["rules"][rule]["instances"].append([values[n] for n in graph_document["rules"][rule]["variables"]])
    graph_document["rules"][rule]["counted"].append([[]])
    refused(graph_document, rule, lea, str(year), "does not hold: its count is not as the rule asks")


def test_an_invented_rule_is_found_out(graph_document):
    graph_document["rules"]["eligibility.by-favor"] = {"variables": ["LEA"], "instances": []}
    refused(graph_document, "eligibility.by-favor: the policy has no such rule")


def test_an_invented_fact_of_the_policy_is_found_out(graph_document):
    graph_document["rules"]["persistence.52072.window.2025"]["instances"].append([2025, 2019])
    refused(graph_document, "persistence.52072.window.2025: window_52072(2025,2019) is not a fact of this rule")


def test_a_fact_of_the_policy_that_is_left_out_is_found_out(graph_document):
    graph_document["rules"]["persistence.52072.window.2025"]["instances"].remove([2025, 2022])
    refused(graph_document, "persistence.52072.window.2025: window_52072(2025,2022) is missing")


def test_a_derivation_stated_twice_is_found_out(graph_document):
    for rule in ("eligibility.method-1", "methods.4"):
        tampered = copy.deepcopy(graph_document)
        tampered["rules"][rule]["instances"].append(tampered["rules"][rule]["instances"][0])
        refused(tampered, f"{rule}: a derivation is stated twice")


def counted(document_):
    """The counted elements of the derivations of one rule, each a list of rows."""
    return document_["rules"]["criteria.two-priorities"]["counted"]


def test_a_counted_element_that_is_left_out_is_found_out(graph_document):
    del counted(graph_document)[0][0][0]
    refused(graph_document, "criteria.two-priorities", "counted other elements", "Group=")


def test_a_counted_element_that_is_added_is_found_out(graph_document):
    counted(graph_document)[0][0].append([9])
    refused(graph_document, "criteria.two-priorities", "counted other elements")


def test_a_counted_element_stated_twice_is_found_out(graph_document):
    counted(graph_document)[0][0].append(counted(graph_document)[0][0][0])
    refused(graph_document, "criteria.two-priorities", "counted other elements")


def test_two_lists_of_counted_elements_that_are_swapped_are_found_out(graph_document):
    lists = counted(graph_document)
    other = next(place for place, one in enumerate(lists) if one != lists[0])
    lists[0], lists[other] = lists[other], lists[0]
    text = refused(graph_document, "criteria.two-priorities", "counted other elements")
    assert "2 problems" in text


def test_counted_elements_that_are_left_out_for_a_whole_derivation_are_found_out(graph_document):
    del counted(graph_document)[0]
    refused(graph_document, "criteria.two-priorities: not every derivation says what it counted")


def test_a_graph_that_holds_for_another_county_is_not_taken_for_this_one(graph_document):
    other = decide(graph().rulebook, read_record(record_folder()), Scope(only={"02"})).graph.document()
    graph_document["facts"] = other["facts"]
    refused(graph_document, "kinds.district", "does not hold")


REACH = [MadeRule("reached(X)", ("start(X)",)), MadeRule("reached(Y)", ("reached(X)", "road(X, Y)"))]
ROADS = ("start/1", "road/2")


def test_two_conclusions_that_support_each_other_alone_are_found_out():
    """Replay and closure are content with them: each derivation holds and none is missing."""
    made = document(REACH, [("road", 1, 2), ("road", 2, 1)], ROADS)
    assert made["rules"]["r1"] == {"variables": ["X", "Y"], "instances": []}
    made["rules"]["r1"]["instances"] = [(1, 2), (2, 1)]
    assert ProofChecker(texts_of(REACH, ROADS)).check(made).problems == [
        "reached(1) rests on itself",
        "reached(2) rests on itself",
    ]


def test_a_circle_that_also_has_a_ground_of_its_own_holds():
    made = document(REACH, [("road", 1, 2), ("road", 2, 1), ("start", 2)], ROADS)
    assert len(made["rules"]["r1"]["instances"]) == 2
    assert ProofChecker(texts_of(REACH, ROADS)).check(made).holds


def test_a_conclusion_that_supports_itself_is_found_out():
    made = document(REACH, [("road", 1, 1)], ROADS)
    made["rules"]["r1"]["instances"] = [(1, 1)]
    assert ProofChecker(texts_of(REACH, ROADS)).check(made).problems == ["reached(1) rests on itself"]


def test_a_circle_through_two_predicates_is_found_out():
    rules = [
        MadeRule("gives(X)", ("takes(X)",)),
        MadeRule("takes(X)", ("gives(X)", "known(X)")),
    ]
    made = document(rules, [("known", 1)], ("known/1",))
    made["rules"]["r0"]["instances"] = [(1,)]
    made["rules"]["r1"]["instances"] = [(1,)]
    problems = ProofChecker(texts_of(rules, ("known/1",))).check(made).problems
    assert problems == ["gives(1) rests on itself", "takes(1) rests on itself"]


@pytest.mark.parametrize(
    ("rules", "named"),
    [
        ([MadeRule("out(X)", ("known(X)", "not out(X)"))], "r0: out depends on its own absence"),
        (
            [MadeRule("out(X)", ("known(X)", "not back(X)")), MadeRule("back(X)", ("known(X)", "out(X)"))],
            "r0: out depends on its own absence",
        ),
    ],
)
@pytest.mark.parametrize("instances", [[], [(1,)]])
def test_a_rule_that_depends_on_its_own_absence_is_found_out(rules, named, instances):
    made = {
        "format": FORMAT,
        "policy": ProofChecker(texts_of(rules, ("known/1",))).hashes,
        "facts": [[["known", 1], 0, "A1", "1"]],
        "rules": {f"r{n}": {"variables": ["X"], "instances": instances} for n in range(len(rules))},
    }
    assert named in ProofChecker(texts_of(rules, ("known/1",))).check(made).problems


def test_a_count_of_what_depends_on_the_count_is_found_out():
    text = "#defined known/1.\n% @rule a\nfew(X) :- known(X), #count { Y : few(Y) } < 1.\n"
    problems = ProofChecker({"rules.lp": text}).check(
        {
            "format": FORMAT,
            "policy": {"rules.lp": hashlib.sha256(text.encode()).hexdigest()},
            "facts": [],
            "rules": {"a": {"variables": ["X"], "instances": [], "counted": []}},
        }
    )
    assert problems.problems == ["a: few depends on its own absence"]


def test_the_message_of_many_problems_shows_the_first_and_counts_the_rest(graph_document):
    graph_document["facts"] = []
    text = str(checker().check(graph_document))
    assert len(text.splitlines()) == 22
    assert text.splitlines()[-1].startswith("… and ")


def test_nothing_is_decided_from_a_graph_that_is_not_proved():
    tampered = Graph(graph().rulebook, graph().facts, {**graph().instances, "kinds.district": []}, graph().counted)
    with pytest.raises(ProofError, match=r"kinds\.district"):
        proved(tampered)


def values_of(document_):
    """All values in the graph, from which a tamperer would take his."""
    rows = [fact[0][1:] for fact in document_["facts"]]
    rows += [row for one in document_["rules"].values() for row in one["instances"]]
    return sorted({value for row in rows for value in row}, key=repr)


@tried(40, 300)
def test_no_derivation_can_be_left_out_or_altered(data):
    tampered = json.loads(written())
    rule = data.draw(st.sampled_from([name for name, one in tampered["rules"].items() if one["instances"]]))
    instances = tampered["rules"][rule]["instances"]
    place = data.draw(st.integers(0, len(instances) - 1))
    if data.draw(st.booleans()):
        drop(tampered, rule, place)
    else:
        at = data.draw(st.integers(0, len(instances[place]) - 1))
        pool = [value for value in values_of(tampered) if value != instances[place][at]]
        instances[place][at] = data.draw(st.sampled_from([*pool, None, 0.5, True, "", "x"]))
    verdict = checker().check(tampered)
    assert not verdict.holds
    assert any(rule in problem for problem in verdict.problems)


@tried(20, 200)
def test_with_other_facts_the_graph_holds_only_if_it_is_the_graph_of_those_facts(data):
    """A name, say, feeds no rule: with another name the derivations are still those of the facts."""
    tampered = json.loads(written())
    facts = tampered["facts"]
    place = data.draw(st.integers(0, len(facts) - 1))
    if data.draw(st.booleans()):
        del facts[place]
    else:
        at = data.draw(st.integers(1, len(facts[place][0]) - 1))
        old = facts[place][0][at]
        pool = [value for value in values_of(tampered) if value != old and type(value) is type(old)]
        facts[place][0][at] = data.draw(st.sampled_from(pool))
    cell = next(iter(graph().facts.values()))
    right = derive(graph().rulebook, {tuple(fact[0]): cell for fact in facts}).document()
    is_right = json.loads(json.dumps(right["rules"])) == tampered["rules"] and len(right["facts"]) == len(facts)
    assert checker().check(tampered).holds == is_right


@pytest.mark.parametrize(
    ("codes", "least"), [(("02", "03", "27"), 5_000), pytest.param(tuple(counties()), 100_000, marks=pytest.mark.sweep)]
)
def test_the_graph_of_all_years_of_several_counties_holds_and_so_does_the_part_of_each(codes, least):
    rulebook = load_rulebook(policy_folder())
    record = read_record(record_folder())
    whole = derive(rulebook, facts_of(record, only=set(codes)))
    verdict = checker().check(whole.document())
    assert verdict.holds, str(verdict)
    assert verdict.derivations > least
    parts = whole.by_county({code: facts_of(record, only={code}) for code in codes})
    assert list(parts) == list(codes)
    for code, part in parts.items():
        verdict = checker().check(part.document())
        assert verdict.holds, f"{code}: {verdict}"


CITING = "persistence.52072.window.2025"


def test_a_citation_of_another_passage_is_found_out(graph_document):
    graph_document["rules"][CITING]["cites"][0][1] = "(b)"
    refused(graph_document, f"{CITING}: it cites ", "(b)")


@pytest.mark.parametrize("cites", [[], [["EC-52071-2013", "(b)"]]])
def test_a_citation_that_is_left_out_or_exchanged_is_found_out(graph_document, cites):
    graph_document["rules"][CITING]["cites"] = cites
    refused(graph_document, f"{CITING}: it cites ")


def test_a_quotation_in_which_a_word_was_changed_is_found_out(graph_document):
    passages = graph_document["authorities"]["EC-52071-2023"]["passages"]
    assert "three or more" in passages["(f)"]
    passages["(f)"] = passages["(f)"].replace("three or more", "two or more")
    refused(graph_document, "EC-52071-2023 (f): the quotation does not stand in authorities.yaml", "two or more")


@pytest.mark.parametrize("word", ["cite", "title"])
def test_an_authority_by_another_name_is_found_out(graph_document, word):
    graph_document["authorities"]["EC-52071-2023"][word] = "EC 1"
    refused(graph_document, f"EC-52071-2023: its {word} is ", "not 'EC 1'")


def test_an_authority_or_a_passage_that_is_left_out_or_invented_is_found_out(graph_document):
    authorities = graph_document["authorities"]
    del authorities["EC-52071-2023"]
    authorities["EC-1"] = {"cite": "EC 1", "title": "A law", "passages": {"(a)": "So be it."}}
    authorities["EC-52071-2013"]["passages"]["(z)"] = "So be it."
    refused(graph_document, "EC-52071-2023: the rules cite it, and the graph does not quote it")
    refused(graph_document, "EC-1: authorities.yaml has no such authority")
    refused(graph_document, "EC-52071-2013: the rules cite its passages (b), (c), and the graph quotes others")


def test_another_order_of_facts_rules_and_derivations_is_the_same_graph(graph_document):
    turned = {**graph_document, "facts": graph_document["facts"][::-1], "rules": {}}
    for name, one in reversed(graph_document["rules"].items()):
        turned["rules"][name] = {**one, "instances": one["instances"][::-1]}
        if "counted" in one:
            turned["rules"][name]["counted"] = one["counted"][::-1]
    assert checker().check(turned).holds
