"""The policy of this project: it loads, quotes word for word, and stands nowhere but in its own folder."""

from __future__ import annotations

import io
import json
import token
import tokenize
from functools import cache
from pathlib import Path

import pytest

from pyreport.evidence.facts import facts_of
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.files.places import notebooks_folder, policy_folder
from pyreport.rulebook.authorities import LAW, RANKS, read_authorities, read_groups
from pyreport.rulebook.lint.quotations import stands_in
from pyreport.rulebook.loading import load_rulebook, readings
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Count, Literal, Term, Variable

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
needs_shared = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "law").is_dir(), reason="the sources (../shared) are not beside this checkout"),
]
AUTHORITIES = read_authorities(policy_folder())
READINGS = readings(policy_folder())
YEARS = range(2010, 2036)


@cache
def rulebook(reading: str | None = None, changes: bool = False) -> Rulebook:
    return load_rulebook(policy_folder(), reading, changes=changes)


@pytest.mark.parametrize("changes", [False, True])
@pytest.mark.parametrize("reading", [None, *READINGS])
def test_it_loads_with_every_citation_of_every_rule_resolved(reading, changes):
    loaded = rulebook(reading, changes)
    groups = read_groups(policy_folder())
    written = sum(
        len(groups.get(line.removeprefix("% @cite ").strip(), [line]))
        for path, text in loaded.texts.items()
        if path.endswith(".lp")
        for line in text.splitlines()
        if line.startswith("% @cite ")
    )
    replaced = rulebook(None, changes).by_id if reading else {}
    gone = sum(len(rule.cites) for name, rule in replaced.items() if name not in loaded.by_id)
    assert sum(len(rule.cites) for rule in loaded.rules) + gone == written
    assert [rule.id for rule in loaded.rules if not rule.cites or not all(cite.quotation for cite in rule.cites)] == []


@pytest.mark.parametrize("reading", READINGS)
def test_a_reading_says_what_it_reads_and_why_it_was_rejected_and_takes_rules_away(reading):
    loaded = rulebook(reading)
    assert loaded.reading.says
    assert loaded.reading.rejected
    assert set(loaded.reading.replaces) == set(rulebook().by_id) - set(loaded.by_id)
    assert {rule.id for rule in loaded.rules if rule.file == loaded.reading.file} == set(loaded.by_id) - set(
        rulebook().by_id
    )


def test_every_file_of_rules_is_read():
    found = {path.relative_to(policy_folder()).as_posix() for path in policy_folder().rglob("*.lp")}
    read = {path for reading in (None, *READINGS) for path in rulebook(reading).texts if path.endswith(".lp")}
    changes = set(rulebook(changes=True).texts) - set(rulebook().texts)
    of_years = {"years/entries.lp", "years/families.lp", "years/not_stated.lp"}
    assert read | changes | of_years == found
    assert {part.predicate for family in rulebook().years.families for part in family.parts}
    assert {path.partition("/")[0] for path in changes} == {"changes"}


def test_what_a_what_if_may_change_is_no_law_and_says_so():
    added = [rule for rule in rulebook(changes=True).rules if rule.id not in rulebook().by_id]
    moves = {predicate.name for predicate in rulebook(changes=True).predicates.values() if predicate.changes}
    allowing = [rule for rule in added if rule.head.predicate in moves]
    assert allowing
    assert [rule.id for rule in added if not rule.id.startswith(("changes.", "made-up."))] == []
    assert [rule.id for rule in allowing if "no law" not in (rule.inferred or "")] == []
    # It adds conclusions of its own and touches none of the policy.
    heads = {rule.head.predicate for rule in added}
    assert heads & set(rulebook().predicates) == set()


def test_every_change_is_of_a_fact_of_the_evidence_and_has_its_cost():
    loaded = rulebook(changes=True)
    for predicate in loaded.predicates.values():
        if predicate.changes:
            assert loaded.predicates[predicate.changes].stated_by == "evidence"
            assert predicate.arguments[-1] == "Cost"
            (fresh,) = [name for name in predicate.arguments if name.startswith("New")]
            assert fresh.removeprefix("New") in predicate.arguments


def test_every_passage_is_cited_by_a_rule():
    cited = {
        (cite.authority.id, cite.passage)
        for reading in (None, *READINGS)
        for rule in rulebook(reading).rules
        for cite in rule.cites
    }
    quoted = {(authority.id, passage) for authority in AUTHORITIES.values() for passage in authority.passages}
    assert quoted - cited == set()


class TestQuotations:
    pytestmark = needs_shared

    @pytest.mark.parametrize(
        ("authority", "passage"),
        [(name, passage) for name, authority in AUTHORITIES.items() for passage in authority.passages],
    )
    def test_each_stands_word_for_word_in_its_source(self, authority, passage):
        source = SHARED / AUTHORITIES[authority].source
        quotation = AUTHORITIES[authority].passages[passage]
        assert stands_in(quotation, source), f"not in {source}: {quotation}"


def test_every_word_of_the_names_is_used():
    loaded = rulebook(changes=True)
    used: set[tuple[str, object]] = set()

    def use(predicate: str, terms: tuple[Term, ...]) -> None:
        arguments = loaded.predicates[predicate].arguments
        used.update(pair for pair in zip(arguments, terms, strict=True) if isinstance(pair[1], int | str))

    for rule in loaded.rules:
        for fact in rule.facts:
            use(str(fact[0]), fact[1:])
        for part in rule.body:
            conditions = [c for e in part.elements for c in e.conditions] if isinstance(part, Count) else [part]
            for condition in conditions:
                if isinstance(condition, Literal):
                    use(condition.atom.predicate, condition.atom.arguments)
        if rule.body:
            use(rule.head.predicate, rule.head.arguments)
    # What the evidence states has words too, and so has what a rule hands on under another name.
    for fact in facts_of(read_record(record_folder())):
        use(str(fact[0]), fact[1:])
    for rule in loaded.rules:
        arguments = [
            (argument, term)
            for atom in rule.atoms_read()
            for argument, term in zip(loaded.predicates[atom.predicate].arguments, atom.arguments, strict=True)
        ]
        for name, term in zip(loaded.predicates[rule.head.predicate].arguments, rule.head.arguments, strict=True):
            handed_on = {argument for argument, one in arguments if one == term and isinstance(term, Variable)}
            used.update((name, code) for argument, code in list(used) if rule.body and argument in handed_on)
    used.update(("Rank", authority.rank) for authority in AUTHORITIES.values())
    topics = {predicate.topic for predicate in loaded.predicates.values() if predicate.topic}
    used.update((heading, topic) for heading in ("Topic",) for topic in topics)
    # Arguments that share one list of words share what is used of it: Other is an Indicator too.
    shared = {
        argument: {one for one, words in loaded.names.items() if words is loaded.names[argument]}
        for argument in loaded.names
    }
    named = {(argument, code) for argument, words in loaded.names.items() for code in words}
    assert {(one, code) for one, code in named if not any((other, code) in used for other in shared[one])} == set()


def test_every_argument_of_the_names_is_one_of_a_predicate_or_a_variable_of_a_rule():
    known = {argument for one in rulebook(changes=True).predicates.values() for argument in one.arguments}
    for reading in (None, *READINGS):
        known |= {name for rule in rulebook(reading).rules for name in rule.variables}
    # The topics of reports, and how the words of what is not the law end, are no arguments.
    assert set(rulebook().names) - known == {"Topic", "Rank"}


@pytest.mark.parametrize(
    ("predicate", "argument"),
    [("duty", "Duty"), ("shall", "Act"), ("may", "Act"), ("excluded", "Exclusion"), ("intervention_act", "Act")],
)
def test_what_is_not_the_law_says_who_says_it(predicate, argument):
    """The words of a duty, an act or an exclusion end with the rank of the weightiest authority that the rules cite."""
    loaded = rulebook()
    place = loaded.predicates[predicate].arguments.index(argument)
    ranks: dict[object, set[str]] = {}
    for rule in loaded.by_head[predicate]:
        rank = min((cite.authority.rank for cite in rule.cites), key=RANKS.index)
        values = [fact[place + 1] for fact in rule.facts] if rule.facts else [rule.head.arguments[place]]
        for value in values:
            ranks.setdefault(value, set()).add(rank)
    endings = loaded.names["Rank"]
    for value, found in ranks.items():
        if not isinstance(value, int | str):
            continue
        (rank,) = found if len(found) == 1 else (min(found, key=RANKS.index),)
        words = loaded.names[argument][value]
        ended = {one for one, ending in endings.items() if words.endswith(f", {ending}")}
        assert ended == ({rank} if rank not in LAW else set()), (value, words)


# ---------------------------------------------------------------- no law in Python


def numbers(code: str) -> list[tuple[int, int]]:
    """The whole numbers in the code and their lines; comments and docstrings hold none."""
    found = []
    for one in tokenize.generate_tokens(io.StringIO(code).readline):
        if one.type == token.NUMBER and one.string.replace("_", "").isdigit():
            found.append((int(one.string.replace("_", "")), one.start[0]))
    return found


def cells(notebook: Path) -> list[str]:
    document = json.loads(notebook.read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in document["cells"] if cell["cell_type"] == "code"]


def test_a_year_in_code_would_be_found_and_one_in_a_comment_or_a_docstring_is_none():
    code = '"""Since 2017."""\nYEAR = 2_023  # not 2022\nif year > 2025:\n    print(f"{year + 2024} of 2019")\n'
    assert {2023, 2025} <= {number for number, _ in numbers(code)}
    assert not {2017, 2019, 2022} & {number for number, _ in numbers(code)}


@pytest.mark.parametrize("path", sorted((ROOT / "pyreport").rglob("*.py")), ids=lambda path: path.name)
def test_no_module_holds_a_dashboard_year(path):
    code = path.read_text(encoding="utf-8")
    assert [f"{path.name}:{line}: {number}" for number, line in numbers(code) if number in YEARS] == []


def test_no_notebook_holds_a_dashboard_year():
    notebooks = sorted(notebooks_folder().rglob("*.ipynb"))
    assert notebooks
    found = [
        (notebook.name, number, code)
        for notebook in notebooks
        for code in cells(notebook)
        for number, _ in numbers("\n".join(line for line in code.splitlines() if line[:1] not in ("%", "!")))
        if number in YEARS
    ]
    assert found == []
