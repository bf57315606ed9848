"""Every sentence of the founding documents, subdivision of the statutes and row of the summary is accounted for.

``policy/coverage/*.yaml`` hold the entries; ``pyreport.rulebook.coverage`` says how one is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

import pytest
import yaml

from pyreport.files.places import policy_folder
from pyreport.rulebook.coverage import DOCUMENTS, SOURCES, STATUTES, CoverageEntry, read_coverage
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.problems import PolicyError
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.source_text import SourceText, Unit, plain

from .test_policy import AUTHORITIES, SHARED, needs_shared

SUMMARIES = {**{f"§{letter}": "LAW" for letter in "0ABCDEFGHIJKLMN"}, "§O": "LAW-O"}
# Folders whose rules tell what follows after identification: each of their rules is named by some entry.
AFTER = ("cases", "regimes", "levels", "provider", "pathways", "intervention", "revocation", "obligations", "funding")
AFTER += ("essa", "special_advance")
ENTRIES = read_coverage(policy_folder())
FILE_NAMES = sorted({entry.file for entry in ENTRIES})


@cache
def rules() -> dict[str, Rule]:
    return {rule.id: rule for rule in load_rulebook(policy_folder()).rules}


@cache
def source_text(source: str) -> SourceText:
    return SourceText.read(source, SHARED)


def text(source: str) -> str:
    return source_text(source).text


def units(source: str) -> tuple[Unit, ...]:
    return source_text(source).units


def of_any_year(authority: str) -> str:
    """The id of an authority without its year."""
    return re.sub(r"-\d{4}$", "", authority)


@cache
def rows() -> tuple[tuple[str, str, int], ...]:
    """The rows of the tables and the items of the lists of the summaries of the law: section, words, where."""
    found = []
    for source in dict.fromkeys(SUMMARIES.values()):
        section, at, written = "", 0, source_text(source).lines
        for number, line in enumerate(written):
            heading = re.match(r"## ([A-O0-9])\. ", line)
            if heading:
                section = f"§{heading[1]}"
            head_of_table = number + 1 < len(written) and re.match(r"\|[-| ]+\|$", written[number + 1])
            is_row = re.match(r"\|", line) and not re.match(r"\|[-| ]+\|$", line) and not head_of_table
            if section in SUMMARIES and (is_row or re.match(r"\s*(\*|\d+\.) ", line)):
                words = plain(line)
                at = text(source).find(words, at)
                found.append((section, words, at))
    return tuple(found)


def covered(source: str, section: str | None = None, known: Iterable[CoverageEntry] = ENTRIES) -> list[tuple[int, int]]:
    """The places that the entries of a source, or of a section of it, account for."""
    return source_text(source).covered(one for one in known if section is None or one.section == section)


def missing(source: str, known: Iterable[CoverageEntry] = ENTRIES) -> list[str]:
    """What no entry of a source accounts for."""
    return [unit.words for unit, entries in source_text(source).accounted(known) if not entries]


def places(source: str) -> Iterator[tuple[CoverageEntry, int, int]]:
    """The entries of a source, each with the sentences, cells or subdivisions that it reaches."""
    for entry in ENTRIES:
        if entry.source == source:
            for start, end in covered(source, None, [entry]):
                touched = [unit for unit in units(source) if start < unit.end and unit.start < end]
                yield entry, min(u.start for u in touched), max(u.end for u in touched)


def quotations(source: str) -> dict[tuple[str, str], tuple[int, int, set[str]]]:
    """The passages that rules quote from a source: where the first words of each stand, and the rules that cite it."""
    found: dict[tuple[str, str], tuple[int, int, set[str]]] = {}
    for rule in rules().values():
        for cite in rule.cites:
            if cite.authority.source != SOURCES[source]:
                continue
            words = plain(cite.quotation).split(" ... ")[0]
            code = re.match(r"EC-([\d.]+)", cite.authority.id)
            if source in STATUTES and (not code or all(unit.section != f"EC {code[1]}" for unit in units(source))):
                continue
            first, last = (
                source_text(source).extent(f"EC {code[1]}") if source in STATUTES and code else (0, len(text(source)))
            )
            start = text(source).find(words, first, last)
            if start >= 0 and any(start < unit.end and unit.start < start + len(words) for unit in units(source)):
                key = (cite.authority.id, cite.passage)
                found.setdefault(key, (start, start + len(words), set()))[2].add(rule.id)
    return found


def faults(entry: CoverageEntry) -> Iterator[str]:
    """What an entry says wrongly."""
    if unknown := [one for one in entry.rules if one not in rules()]:
        yield f"no such rules: {unknown}"
    reason = entry.not_a_rule or "a reason in words"
    if len(reason) < 10:
        yield "the reason is too short"
    if "mapped" in reason:
        yield "a rule that says it is named here, not elsewhere"


# Entries are thousands, and each is tried in microseconds: one test of a file names all of its entries that are wrong.
@pytest.mark.parametrize("file", FILE_NAMES)
def test_an_entry_says_which_rules_or_why_none(file):
    assert {one.quote: found for one in ENTRIES if one.file == file and (found := list(faults(one)))} == {}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"quote": None}, "write quote, section, source"),
        ({"source": "S9"}, "source is 'S9'; write one of S0, S1"),
        ({"remark": "seen"}, "unknown field remark"),
        ({"rules": []}, "write either the rules that state it or why it is not_a_rule"),
        ({"not_a_rule": "It is a heading"}, "write either the rules that state it or why it is not_a_rule"),
    ],
)
def test_an_entry_with_a_fault_is_refused(tmp_path, change, fault):
    entry = {"source": "S1", "section": "CDE", "quote": "The second level", "rules": ["levels.owed"]} | change
    written = {name: value for name, value in entry.items() if value is not None}
    (tmp_path / "coverage").mkdir()
    (tmp_path / "coverage" / "s1.yaml").write_text(yaml.safe_dump([written]), encoding="utf-8")
    with pytest.raises(PolicyError, match=re.escape(f"entry 1: {fault}")):
        read_coverage(tmp_path)


class TestAgainstTheSources:
    pytestmark = needs_shared

    @pytest.mark.parametrize("file", FILE_NAMES)
    def test_a_quote_stands_in_its_source(self, file):
        def stands(entry: CoverageEntry) -> bool:
            start, _ = source_text(entry.source).place(entry)
            return start >= 0 and (entry.to is None or text(entry.source).find(plain(entry.to), start) >= start)

        assert [one.quote for one in ENTRIES if one.file == file and not stands(one)] == []

    @pytest.mark.parametrize("source", DOCUMENTS)
    def test_every_sentence_and_cell_of_a_document_is_accounted_for(self, source):
        assert missing(source) == []

    @pytest.mark.parametrize("source", STATUTES)
    def test_every_subdivision_of_the_statutes_is_accounted_for(self, source):
        assert missing(source) == []

    @pytest.mark.parametrize("source", [*DOCUMENTS, *STATUTES])
    def test_what_loses_its_only_entry_is_found_missing(self, source):
        # Without the entries that reach it, the first and the last unit of a source are missed, and a cell of a table.
        cells = [one for one in units(source) if one.words.startswith(("Red on", "Very Low Status", "(A)", "73,316"))]
        for unit in (units(source)[0], *cells[:1], units(source)[-1]):
            left = [
                one
                for one in ENTRIES
                if not any(a < unit.end and unit.start < b for a, b in covered(source, None, [one]))
            ]
            assert unit.words in missing(source, left)

    @pytest.mark.parametrize("source", STATUTES)
    def test_one_rule_at_least_cites_the_section_that_it_is_said_to_state(self, source):
        authorities = set(map(of_any_year, AUTHORITIES))
        cited = {name: {of_any_year(cite.authority.id) for cite in rule.cites} for name, rule in rules().items()}
        tried, wrong = 0, []
        for entry in (one for one in ENTRIES if one.source == source and one.rules):
            # A subdivision may be stated from another authority that says the same, or where its own text is not on
            # hand; then no passage of its section is an authority.
            section = entry.stated_from or entry.section.replace(" ", "-")
            if section in authorities:
                tried += 1
                wrong += [] if any(section in cited[name] for name in entry.rules) else [entry.quote]
        assert wrong == []
        assert tried

    def test_nothing_is_said_to_be_no_rule_that_another_entry_finds_in_a_rule(self):
        placed = [(entry, start, end) for entry in ENTRIES for start, end in covered(entry.source, None, [entry])]
        stated = [(entry.source, start, end) for entry, start, end in placed if entry.rules]
        assert [
            (entry.file, entry.quote)
            for entry, start, end in placed
            if entry.not_a_rule and any(source == entry.source and a < end and start < b for source, a, b in stated)
        ] == []

    @pytest.mark.parametrize("source", [*DOCUMENTS, *STATUTES])
    def test_what_rules_quote_is_said_to_be_stated_by_one_of_them(self, source):
        quoted = quotations(source)
        assert quoted
        missing = {
            passage: sorted(citing)
            for passage, (start, end, citing) in quoted.items()
            if not any(a < end and start < b and citing & set(entry.rules) for entry, a, b in places(source))
        }
        assert missing == {}

    @pytest.mark.parametrize("section", SUMMARIES)
    def test_every_row_of_the_summary_of_the_law_is_accounted_for(self, section):
        known = covered(SUMMARIES[section], section)
        missing = [
            words
            for one, words, start in rows()
            if one == section and not any(a < start + len(words) and start < b for a, b in known)
        ]
        assert missing == []


def test_every_rule_on_what_follows_after_identification_is_named_by_an_entry():
    named = {name for entry in ENTRIES for name in entry.rules}
    after = [name for name, rule in rules().items() if rule.file.split("/")[0] in AFTER]
    assert [one for one in after if one not in named] == []
