"""Every sentence of the founding documents, subdivision of the statutes and row of the summary is accounted for.

``policy/coverage/*.yaml`` are lists of entries. An entry names its ``source`` (S0 to S4; 01, 02, 03 or 06 for a file of
statutes; LAW or LAW-O), its ``section``, a ``quote`` that stands in the source word for word and begins what is
accounted for, and either the ``rules`` that say it or why it is ``not_a_rule``. With ``to``, words that stand further
on, it accounts for everything between the two. Of a statute the section is that of the code, and its quote stands in
its text; ``stated_from`` is the authority from which the rules state a subdivision, where it is not its own section.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import pytest
import yaml
from cases.case_files import LOADER

from pyreport.files.places import policy_folder
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.rule import Rule

from .test_policy import AUTHORITIES, SHARED, needs_shared

FOLDER = policy_folder() / "coverage"
FILES = sorted(FOLDER.glob("*.yaml"))
SOURCES = {
    "S0": "law/sources/S0-ccee-charter-dta-faq.txt",
    "S1": "law/sources/S1-cde-system-of-support.txt",
    "S2": "law/sources/S2-sbe-memo-2018-06-20.txt",
    "S3": "law/sources/S3-acsa-ccsesa-2017.txt",
    "S4": "law/sources/S4-charter-20-day-2013-14.txt",
    "01": "law/sources/01_statutes_CURRENT_2026-09-26.txt",
    "02": "law/sources/02_statutes_PRE_AB126_in_force_2023-07-10_to_2026-07-08.txt",
    "03": "law/sources/03_statutes_OLDER_versions.txt",
    "06": "law/sources/06_statute_52064e_current.txt",
    "LAW": "law/LAW.md",
    "LAW-O": "law/LAW-O.md",
}
DOCUMENTS = ("S0", "S1", "S2", "S3", "S4")
STATUTES = ("01", "02", "03", "06")
SUMMARIES = {**{f"§{letter}": "LAW" for letter in "0ABCDEFGHIJKLMN"}, "§O": "LAW-O"}
# Folders whose rules tell what follows after identification: each of their rules is named by some entry.
AFTER = ("cases", "regimes", "levels", "provider", "pathways", "intervention", "revocation", "obligations", "funding")
AFTER += ("essa", "special_advance")
_END = re.compile(r"(?<=[.?!])[\"')\]]*\s+(?=[A-Z\"(•])")
# Where a sentence does not end: after an abbreviation before a section or an act.
_ABBREVIATED = re.compile(r"\b(Ed|Stats|Ch|Sec|Vol|No|Assn)\.$")
# Where a subdivision of a statute begins: after a full stop, a colon, a semicolon, or the bracket of a summary.
_SUBDIVISION = re.compile(r"(?<=[.:;\]]) (?=\[?\((?:[a-z]|\d{1,2}|[A-Z]|[ivx]+)\))")
# Lines of a file of statutes that are none of their text: what was read, where, and when it was amended.
_NO_TEXT = re.compile(r"SOURCE:|\(commit |plain-text|commit |URL:|\(?History|\"\.\.\.\"")


def plain(words: str) -> str:
    """The text with straight quotation marks and single spaces."""
    return " ".join(words.translate(str.maketrans("“”‘’\u00a0", "\"\"'' ")).split())


def entries() -> list[dict[str, Any]]:
    found = []
    for path in FILES:
        for entry in yaml.load(path.read_text(encoding="utf-8"), LOADER):
            # A source by its short name or its path; of a section of the summary of the law, its letter.
            known = re.search(r"\b(S[0-4]|LAW-O|LAW)\b|^0[1-9]$", str(entry["source"]))
            section = str(entry["section"])
            if known and known[0] in SUMMARIES.values():
                section = f"§{section.removeprefix('§')[:1]}"
            found.append({"file": path.stem, **entry, "source": known and known[0], "section": section})
    return found


ENTRIES = entries()
FILE_NAMES = [path.stem for path in FILES]


@cache
def rules() -> dict[str, Rule]:
    return {rule.id: rule for rule in load_rulebook(policy_folder()).rules}


@cache
def lines(source: str) -> list[str]:
    return (SHARED / SOURCES[source]).read_text(encoding="utf-8").splitlines()


@cache
def text(source: str) -> str:
    return plain(" ".join(lines(source)))


def of_any_year(authority: str) -> str:
    """The id of an authority without its year."""
    return re.sub(r"-\d{4}$", "", authority)


def sentences(words: str) -> list[str]:
    """The sentences of a paragraph; an abbreviation ends none."""
    found: list[str] = []
    for part in _END.split(words):
        if found and _ABBREVIATED.search(found[-1]):
            found[-1] = f"{found[-1]} {part}"
        elif part:
            found.append(part)
    return found


@dataclasses.dataclass(frozen=True)
class Unit:
    """What has to be accounted for: its words, its section, and where they stand in the text of their source."""

    section: str
    words: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.words)


def placed(source: str, parts: Iterable[tuple[str, str]]) -> tuple[Unit, ...]:
    """Parts of a source with their sections, in the order of the source, each where it stands."""
    found, at = [], 0
    for section, words in parts:
        at = text(source).index(words, at)
        found.append(Unit(section, words, at))
        at += len(words)
    return tuple(found)


@cache
def units(source: str) -> tuple[Unit, ...]:
    """Every sentence, heading and cell of a document; every subdivision and sentence of a file of statutes."""
    return placed(source, _subdivisions(source) if source in STATUTES else _sentences(source))


def _sentences(source: str) -> Iterator[tuple[str, str]]:
    whole = "\n".join(lines(source))
    # A paragraph broken into lines is one; a line that begins anew, as a cell or an item of a list does, is its own.
    paragraph = r"\n\s*\n|\n(?=n |\(\d\)|Martha |Sandra )" if source == "S3" else r"\n"
    for block in re.split(paragraph, whole):
        for words in sentences(plain(block)):
            yield "", words


def _subdivisions(source: str) -> Iterator[tuple[str, str]]:
    section = ""
    for line in map(plain, lines(source)):
        heading = re.match(r"== (EC [\d.]+)", line)
        if heading:
            section = heading[1]
        elif section and line and not _NO_TEXT.match(line):
            for part in _SUBDIVISION.split(line):
                yield from ((section, words) for words in sentences(part))


@cache
def extent(source: str, section: str) -> tuple[int, int]:
    """Where a section of the code begins and ends in the text of a file of statutes."""
    marks = [(m.start(), m[1]) for m in re.finditer(r"== (EC [\d.]+)", text(source))]
    at = next(number for number, (_, name) in enumerate(marks) if name == section)
    return marks[at][0], next((start for start, name in marks[at + 1 :]), len(text(source)))


@cache
def rows() -> tuple[tuple[str, str, int], ...]:
    """The rows of the tables and the items of the lists of the summaries of the law: section, words, where."""
    found = []
    for source in dict.fromkeys(SUMMARIES.values()):
        section, at, written = "", 0, lines(source)
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


def covered(
    source: str, section: str | None = None, known: Iterable[dict[str, Any]] = ENTRIES
) -> list[tuple[int, int]]:
    """The places that the entries of a source account for."""
    found = []
    for entry in known:
        if entry["source"] != source or (section is not None and entry["section"] != section):
            continue
        last = extent(source, entry["section"])[1] if source in STATUTES else len(text(source))
        start, end = place(entry)
        if start < 0:
            continue
        if "to" in entry:
            last_words = plain(entry["to"])
            end = text(source).find(last_words, start, last) + len(last_words)
        found.append((start, end))
        if source in DOCUMENTS and "to" not in entry:
            # The same cell or heading elsewhere in a document says the same; in a statute each has its own entry.
            found += [(unit.start, unit.end) for unit in units(source) if unit.words == text(source)[start:end]]
    return found


def missing(source: str, known: Iterable[dict[str, Any]] = ENTRIES) -> list[str]:
    """What no entry of a source accounts for."""
    places = covered(source, None, known)
    return [unit.words for unit in units(source) if not any(a < unit.end and unit.start < b for a, b in places)]


def places(source: str) -> Iterator[tuple[dict[str, Any], int, int]]:
    """The entries of a source, each with the sentences, cells or subdivisions that it reaches."""
    for entry in ENTRIES:
        if entry["source"] == source:
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
            first, last = extent(source, f"EC {code[1]}") if source in STATUTES and code else (0, len(text(source)))
            start = text(source).find(words, first, last)
            if start >= 0 and any(start < unit.end and unit.start < start + len(words) for unit in units(source)):
                key = (cite.authority.id, cite.passage)
                found.setdefault(key, (start, start + len(words), set()))[2].add(rule.id)
    return found


def place(entry: dict[str, Any]) -> tuple[int, int]:
    """Where the quote of an entry stands in its source, at the beginning of a unit if it does, the first time."""
    source = entry["source"]
    first, last = extent(source, entry["section"]) if source in STATUTES else (0, len(text(source)))
    quote = plain(entry["quote"])
    beginning = (
        unit.start
        for unit in (units(source) if source in (*DOCUMENTS, *STATUTES) else ())
        if first <= unit.start < last and text(source).startswith(quote, unit.start)
    )
    start = next(beginning, text(source).find(quote, first, last))
    return start, start + len(quote)


def faults(entry: dict[str, Any]) -> Iterator[str]:
    """What an entry says wrongly, or does not say."""
    known = {"file", "source", "section", "quote", "to", "rules", "not_a_rule", "stated_from"}
    if not set(entry) <= known:
        yield f"unknown: {set(entry) - known}"
    if entry["source"] not in SOURCES:
        yield "no such source"
    if ("rules" in entry) == ("not_a_rule" in entry):
        yield "has either rules or a reason why it is no rule"
    if unknown := [one for one in entry.get("rules", []) if one not in rules()]:
        yield f"no such rules: {unknown}"
    if not entry.get("rules", ["one"]):
        yield "names no rule"
    reason = entry.get("not_a_rule", "a reason in words")
    if len(reason) < 10:
        yield "the reason is too short"
    if "mapped" in reason:
        yield "a rule that says it is named here, not elsewhere"


# Entries are thousands, and each is tried in microseconds: one test of a file names all of its entries that are wrong.
@pytest.mark.parametrize("file", FILE_NAMES)
def test_an_entry_says_which_rules_or_why_none(file):
    assert {one["quote"]: found for one in ENTRIES if one["file"] == file and (found := list(faults(one)))} == {}


class TestAgainstTheSources:
    pytestmark = needs_shared

    @pytest.mark.parametrize("file", FILE_NAMES)
    def test_a_quote_stands_in_its_source(self, file):
        def stands(entry: dict[str, Any]) -> bool:
            start, _ = place(entry)
            return start >= 0 and ("to" not in entry or text(entry["source"]).find(plain(entry["to"]), start) >= start)

        assert [one["quote"] for one in ENTRIES if one["file"] == file and not stands(one)] == []

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
        for entry in (one for one in ENTRIES if one["source"] == source and "rules" in one):
            # A subdivision may be stated from another authority that says the same, or where its own text is not on
            # hand; then no passage of its section is an authority.
            section = entry.get("stated_from", entry["section"].replace(" ", "-"))
            if section in authorities:
                tried += 1
                wrong += [] if any(section in cited[name] for name in entry["rules"]) else [entry["quote"]]
        assert wrong == []
        assert tried

    def test_nothing_is_said_to_be_no_rule_that_another_entry_finds_in_a_rule(self):
        placed = [(entry, start, end) for entry in ENTRIES for start, end in covered(entry["source"], None, [entry])]
        stated = [(entry["source"], start, end) for entry, start, end in placed if "rules" in entry]
        assert [
            (entry["file"], entry["quote"])
            for entry, start, end in placed
            if "not_a_rule" in entry
            and any(source == entry["source"] and a < end and start < b for source, a, b in stated)
        ] == []

    @pytest.mark.parametrize("source", [*DOCUMENTS, *STATUTES])
    def test_what_rules_quote_is_said_to_be_stated_by_one_of_them(self, source):
        quoted = quotations(source)
        assert quoted
        missing = {
            passage: sorted(citing)
            for passage, (start, end, citing) in quoted.items()
            if not any(a < end and start < b and citing & set(entry.get("rules", [])) for entry, a, b in places(source))
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
    named = {name for entry in ENTRIES for name in entry.get("rules", [])}
    after = [name for name, rule in rules().items() if rule.file.split("/")[0] in AFTER]
    assert [one for one in after if one not in named] == []
