"""The graph of derivations: complete, exact, and the same in every run."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
from functools import cache
from pathlib import Path

import clingo
import pytest
from loaded_once import load_anew
from oracle.made_up_counties import NAMES, county
from rulebook.policies import TEXTS, declared, write_policy

from pyreport.evidence.facts import facts_of
from pyreport.evidence.model import CountyEvidence
from pyreport.evidence.predicates import Facts
from pyreport.evidence.record import Record
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.files.places import policy_folder
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.grounding import ReasoningError
from pyreport.reasoning.instrumentation import instrumented, plain, write_facts
from pyreport.reasoning.solver import conclude, derive
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, quote, unquote

from .made_up_records import facts, lea_year, record_of


@cache
def policy() -> Rulebook:
    return load_rulebook(policy_folder())


RECORD = read_record(record_folder())
MONTEREY = "27"


def digest(graph: Graph) -> str:
    return hashlib.sha256(json.dumps(graph.document()).encode()).hexdigest()


def model(program: str, given: Facts, predicates: set[tuple[str, int]]) -> dict[str, set[str]]:
    """The atoms of the predicates in the one answer set, found by solving."""
    control = clingo.Control(logger=lambda code, message: None)
    control.add("base", [], program)
    control.add("base", [], write_facts(given))
    control.ground([("base", [])])
    found: list[dict[str, set[str]]] = []

    def keep(answer: clingo.Model) -> None:
        atoms: dict[str, set[str]] = {name: set() for name, _ in predicates}
        for symbol in answer.symbols(atoms=True):
            if (symbol.name, len(symbol.arguments)) in predicates:
                atoms[symbol.name].add(str(symbol))
        found.append(atoms)

    control.configuration.solve.models = 0
    control.solve(on_model=keep)
    (only,) = found
    return only


def given_facts(name: str) -> Facts:
    if name == "Monterey":
        return facts_of(RECORD, only={MONTEREY})
    return facts_of(record_of(county(int(name))))


class TestModel:
    @pytest.mark.parametrize("name", ["Monterey", *map(str, range(12))])
    def test_the_program_with_records_has_exactly_the_model_of_the_program_as_it_is_written(self, name):
        given = given_facts(name)
        predicates = {predicate.signature for predicate in policy().predicates.values()}
        as_written = model(plain(policy()), given, predicates)
        assert model(instrumented(policy())[0], given, predicates) == as_written
        concluded = {name for name, predicate in policy().predicates.items() if predicate.stated_by == "rules"}
        assert len([name for name in concluded if as_written[name]]) > 15

    @pytest.mark.parametrize("name", ["Monterey", "3"])
    def test_the_graph_derives_exactly_the_model(self, name):
        given = given_facts(name)
        predicates = {predicate.signature for predicate in policy().predicates.values()}
        as_written = model(plain(policy()), given, predicates)
        graph = derive(policy(), given)
        told = {name: {write_facts([atom]).rstrip(".") for atom in graph.atoms(name)} for name, _ in predicates}
        assert told == as_written

    def test_conclusions_alone_are_those_of_the_graph(self):
        given = given_facts("Monterey")
        graph = derive(policy(), given)
        concluded = conclude(policy(), given, ["status", "listed", "persistent_52072", "regime"])
        assert {name: set(atoms) for name, atoms in concluded.items()} == {
            name: set(graph.atoms(name)) for name in concluded
        }
        assert all(concluded.values())


class TestSameInputSameBytes:
    def test_two_runs_give_the_same_document(self):
        given = given_facts("Monterey")
        assert digest(derive(policy(), given)) == digest(derive(load_anew(policy_folder()), given))

    def test_the_order_of_the_record_changes_no_byte(self):
        mine = RECORD.counties[MONTEREY]
        tables = ("leas", "figures", "local_ratings", "low_performance", "charters")
        turned = CountyEvidence(**{name: dict(reversed(getattr(mine, name).items())) for name in tables})
        assert all(getattr(turned, name) for name in tables)
        lea_years = dict(reversed(RECORD.lea_years.items()))
        published = dict(reversed(RECORD.published.items()))
        backwards = Record(lea_years, {MONTEREY: turned}, tuple(reversed(RECORD.sources)), published)
        one, other = (facts_of(record, only={MONTEREY}) for record in (RECORD, backwards))
        assert digest(derive(policy(), one)) == digest(derive(policy(), other))

    @pytest.mark.parametrize("seed", range(3))
    def test_the_order_of_the_facts_changes_no_derivation(self, seed):
        given = given_facts("Monterey")
        shuffled = list(given.items())
        random.Random(seed).shuffle(shuffled)
        one, other = derive(policy(), given), derive(policy(), dict(shuffled))
        assert json.dumps(one.document()["rules"]) == json.dumps(other.document()["rules"])

    def test_the_seed_of_the_interpreters_hashes_changes_no_byte(self):
        program = f"""
import hashlib, json
from pyreport.evidence.facts import facts_of
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.files.places import policy_folder
from pyreport.reasoning.solver import derive
from pyreport.rulebook.loading import load_rulebook
graph = derive(load_rulebook(policy_folder()), facts_of(read_record(record_folder()), only={{"{MONTEREY}"}}))
print(hashlib.sha256(json.dumps(graph.document()).encode()).hexdigest())
"""
        runs = [
            subprocess.Popen(
                [sys.executable, "-c", program],
                env={**os.environ, "PYTHONHASHSEED": seed},
                stdout=subprocess.PIPE,
                text=True,
            )
            for seed in ("0", "1")
        ]
        told = {run.communicate()[0].strip() for run in runs}
        assert told == {digest(derive(policy(), given_facts("Monterey")))}


LEA = "27660500000000"
PRIORITIES = ("456", "45", "56", "46", "48", "58", "68", "458", "468", "568", "4568")


class TestDerivations:
    def test_all_derivations_of_one_conclusion_are_kept(self):
        record = Record({(2023, LEA): lea_year(2023, LEA, {"FOS": "F", "HOM": "B", "SWD": "K"}, {2: "Y", 3: "N"})})
        graph = derive(policy(), facts_of(record))
        method_1 = graph.support["meets_method", quote(LEA), 2023, 1]
        groups = [dict(zip(rule.variables, instance, strict=True))["Group"] for rule, instance in method_1]
        assert groups == ["fos", "hom", "swd"]
        identified = graph.support["identified", quote(LEA), 2023]
        methods = [dict(zip(rule.variables, instance, strict=True))["Method"] for rule, instance in identified]
        assert methods == [1, 2]
        assert {rule.id for rule, _ in identified} == {"eligibility.district.criteria"}

    def test_derivations_by_different_rules_are_kept_beside_each_other(self):
        years = {2018: {}, 2019: {}, 2022: {}, 2023: {"FOS": "F", "HOM": "B", "SWD": "K"}}
        record = Record({(year, LEA): lea_year(year, LEA, letters) for year, letters in years.items()})
        graph = derive(policy(), facts_of(record))
        support = graph.support["ruled_out_52072", quote(LEA), 2023]
        assert [(rule.id, instance) for rule, instance in support] == [
            ("persistence.52072.a-known-group-does-not-recur", ("fos", quote(LEA), 2023)),
            ("persistence.52072.a-known-group-does-not-recur", ("hom", quote(LEA), 2023)),
            ("persistence.52072.a-known-group-does-not-recur", ("swd", quote(LEA), 2023)),
            ("persistence.52072.none-recurs", (quote(LEA), 2023)),
            ("persistence.52072.three-known-groups", (quote(LEA), 3, 2023)),
        ]

    def test_what_was_counted_is_what_a_hand_counts(self):
        # F stands for Priorities 5 and 8, H for 4, 5 and 8; the window of 2023 is 2018, 2019, 2022 and 2023.
        years = {2018: {"HOM": "F"}, 2019: {"HOM": "F"}, 2022: {"HOM": "B", "FOS": "B"}, 2023: {"HOM": "H", "FOS": "F"}}
        record = Record({(year, LEA): lea_year(year, LEA, letters) for year, letters in years.items()})
        graph = derive(policy(), facts_of(record))
        priorities = graph.counted["criteria.two-priorities"]
        assert priorities["hom", quote(LEA), 2, 2023] == (((4,), (5,), (8,)),)
        assert priorities["fos", quote(LEA), 2, 2023] == (((5,), (8,)),)
        recurring = graph.counted["persistence.52072.recurs"]
        assert recurring["hom", quote(LEA), 3, 2023] == (((2018,), (2019,), (2022,), (2023,)),)
        assert ("fos", quote(LEA), 3, 2023) not in recurring
        assert recurring["hom", quote(LEA), 3, 2022] == (((2018,), (2019,), (2022,)),)

    def test_every_counted_element_of_a_county_is_what_its_letters_say(self):
        tables = county(5)
        graph = derive(policy(), facts_of(record_of(tables)))
        stands_for = dict(zip("ABCDEFGHIJK", PRIORITIES, strict=True))
        by_hand = {
            (group.lower(), quote(cds), 2, year): (tuple((int(priority),) for priority in stands_for[letter]),)
            for year, cds, group, letter in tables[1].itertuples(index=False, name=None)
        }
        assert graph.counted["criteria.two-priorities"] == by_hand
        assert len(by_hand) > 50

    def test_the_parts_of_a_graph_by_county_are_the_graphs_of_the_counties(self):
        record = Record({**record_of(county(1)).lea_years, **record_of(county(2)).lea_years})
        codes = sorted({cds[:2] for _, cds in record.lea_years})
        parts = derive(policy(), facts_of(record)).by_county({code: facts_of(record, only={code}) for code in codes})
        assert sorted(parts) == codes
        for code, part in parts.items():
            alone = derive(policy(), facts_of(record, only={code}))
            assert part.document() == alone.document()


def named_policy(folder: Path) -> Rulebook:
    """A policy whose conclusions carry names and words with commas."""
    vocabulary = TEXTS["vocabulary.lp"] + "".join(
        [
            declared("name(LEA, Name)", "evidence"),
            declared("words(Standing, Words)", "policy"),
            declared("known_as(LEA, Name, Words)", "rules"),
            declared("number_of_names(LEA, Count)", "rules"),
        ]
    )
    rules = """\
% @rule names.words
% @cite ACT (a)
% @says {Standing} is {Words}
words(first, "Differentiated \\"Assistance\\", Year 1, (one)").

% @rule names.known
% @cite ACT (a)
% @says {LEA} is {Name}
% @unless {LEA} is not {Name}
known_as(LEA, Name, Words) :-
    name(LEA, Name),
    words(first, Words).

% @rule names.number
% @cite ACT (a)
% @says {LEA} has {Count} names
% @unless {LEA} has no name
number_of_names(LEA, Count) :-
    name(LEA, Any),
    Count = #count { Name : name(LEA, Name) }.
"""
    return load_rulebook(write_policy(folder, {"vocabulary.lp": vocabulary, "names.lp": rules}))


HARD_NAMES = [
    *NAMES,
    "Two\nlines, one name",
    'All of them: <a href="x">&amp;\\"\\\\,\n</a> Ñandú 学区',
    '","',
    "\\",
    '"',
    "),(",
]


def test_a_name_comes_out_of_the_solver_as_it_went_in(tmp_path):
    rulebook = named_policy(tmp_path)
    given = facts(*(("name", quote(f"{place:014}"), quote(name)) for place, name in enumerate(HARD_NAMES)))
    graph = derive(rulebook, given)
    words = 'Differentiated "Assistance", Year 1, (one)'
    told = {(unquote(atom[1]), unquote(atom[2]), unquote(atom[3])) for atom in graph.atoms("known_as")}
    assert told == {(f"{place:014}", name, words) for place, name in enumerate(HARD_NAMES)}
    concluded = conclude(rulebook, given, ["known_as"])["known_as"]
    assert set(concluded) == set(graph.atoms("known_as"))


def test_names_are_counted_as_they_are(tmp_path):
    given = facts(*(("name", '"1"', quote(name)) for name in HARD_NAMES))
    graph = derive(named_policy(tmp_path), given)
    number = len(set(HARD_NAMES))
    assert graph.atoms("number_of_names") == [("number_of_names", '"1"', number)]
    counted = graph.counted["names.number"]
    assert len(counted) == number
    for (elements,) in counted.values():
        assert {unquote(name) for (name,) in elements} == set(HARD_NAMES)


def test_status_words_with_a_comma_are_one_word():
    record = Record({(2023, LEA): lea_year(2023, LEA, {"FOS": "F"})})
    graph = derive(policy(), facts_of(record))
    assert graph.atoms("status") == [("status", quote(LEA), 2023, '"Differentiated Assistance, Year 1"')]


class TestErrors:
    def with_rule(self, folder: Path, head: str) -> Rulebook:
        rule = f"\n% @rule marks.more\n% @cite ACT (a)\n% @says More\n% @unless Less\n{head} :- listed(LEA, Year).\n"
        return load_rulebook(write_policy(folder, {"marks/marks.lp": TEXTS["marks/marks.lp"] + rule}))

    def test_a_warning_of_clingo_is_an_error_with_its_message(self, tmp_path):
        given = facts(("listed", '"1"', '"a text, no year"'))
        with pytest.raises(ReasoningError, match="every warning is an error here") as caught:
            derive(self.with_rule(tmp_path, "quiet(LEA, Year + 1)"), given)
        assert "undefined" in str(caught.value)

    def test_the_same_rule_on_a_year_is_no_error(self, tmp_path):
        graph = derive(self.with_rule(tmp_path, "quiet(LEA, Year + 1)"), facts(("listed", '"1"', 2023)))
        assert ("quiet", '"1"', 2024) in graph.atoms("quiet")

    def test_a_rule_that_clingo_cannot_ground_is_an_error_with_its_message(self, tmp_path):
        with pytest.raises(ReasoningError, match="clingo stopped") as caught:
            derive(self.with_rule(tmp_path, "quiet(LEA, Unbound)"), facts(("listed", '"1"', 2023)))
        assert "unsafe" in str(caught.value)

    @pytest.mark.parametrize("atom", [("listed", '"1', 2023), ("listed", "?", 2023), ("listed", '"1"', "2023)")])
    def test_a_fact_that_is_no_atom_is_an_error(self, tmp_path, atom: Atom):
        with pytest.raises(ReasoningError):
            derive(load_rulebook(write_policy(tmp_path)), facts(atom))
