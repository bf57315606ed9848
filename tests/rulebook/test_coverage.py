"""Every normative sentence of the founding documents, every row of the summary of the law, is accounted for.

``policy/coverage/*.yaml`` are lists of entries. An entry names its ``source`` (S0 to S4, or LAW), its ``section``, a
``quote`` that stands in the source word for word and begins what is accounted for, and either the ``rules`` that say it
or why it is ``not_a_rule``. With ``to``, words that stand further on, it accounts for everything between the two.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
import yaml

from pyreport.places import policy_folder
from pyreport.rulebook.rulebook import load_rulebook

from .test_policy import SHARED, needs_shared

FOLDER = policy_folder() / "coverage"
FILES = sorted(FOLDER.glob("*.yaml"))
SOURCES = {
    "S0": "law/sources/S0-ccee-charter-dta-faq.txt",
    "S1": "law/sources/S1-cde-system-of-support.txt",
    "S2": "law/sources/S2-sbe-memo-2018-06-20.txt",
    "S3": "law/sources/S3-acsa-ccsesa-2017.txt",
    "S4": "law/sources/S4-charter-20-day-2013-14.txt",
    "LAW": "law/LAW.md",
}
SECTIONS = tuple(f"§{letter}" for letter in "0ABCDEFGHIJKLMN")
NORMATIVE = re.compile(
    r"\b(shall|must|may|should|cannot|required?|requires|requirement|responsible|entitled|eligible|eligibility|"
    r"at least|minimum|will (not )?(be|continue|receive|take|provide|have)|only if|only when)\b",
    re.IGNORECASE,
)
# Folders whose rules tell what follows after identification: each of their rules is named by some entry.
AFTER = ("cases", "regimes", "levels", "provider", "pathways", "intervention", "revocation", "obligations", "funding")
AFTER += ("essa", "special_advance")
_END = re.compile(r"(?<=[.?!])[\"')\]]*\s+(?=[A-Z\"(•])")


def plain(words: str) -> str:
    """The text with straight quotation marks and single spaces."""
    return " ".join(words.translate(str.maketrans("“”‘’\u00a0", "\"\"'' ")).split())


def entries() -> list[dict[str, Any]]:
    found = []
    for path in FILES:
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            # A source by its short name or its path; of a section of the summary of the law, its letter.
            known = re.search(r"\b(S[0-4]|LAW)\b", str(entry["source"]))
            section = str(entry["section"])
            if known and known[1] == "LAW":
                section = f"§{section.removeprefix('§')[:1]}"
            found.append({"file": path.stem, **entry, "source": known and known[1], "section": section})
    return found


ENTRIES = entries()


@cache
def rule_files() -> dict[str, str]:
    """The rules of the policy, each with the folder of its file."""
    return {rule.id: rule.file.split("/")[0] for rule in load_rulebook(policy_folder()).rules}


@cache
def text(source: str) -> str:
    return plain((SHARED / SOURCES[source]).read_text(encoding="utf-8"))


@cache
def places(source: str) -> tuple[tuple[str, int, int], ...]:
    """What has to be accounted for in a source: its words, and where they stand in its text."""
    whole = (SHARED / SOURCES[source]).read_text(encoding="utf-8")
    blocks = re.split(r"\n\s*\n|\n(?=\s*(?:•|·|n |\(\d\)|\d+\.))", whole)
    found, at = [], 0
    for block in blocks:
        for sentence in _END.split(plain(block)):
            start = text(source).find(sentence, at)
            if start >= 0 and sentence:
                at = start
                if NORMATIVE.search(sentence):
                    found.append((sentence, start, start + len(sentence)))
    return tuple(found)


@cache
def rows() -> tuple[tuple[str, str, int], ...]:
    """The rows of the tables and the items of the lists of LAW.md: section, words, where."""
    section, found, at = "", [], 0
    lines = (SHARED / SOURCES["LAW"]).read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        heading = re.match(r"## ([A-N0-9])\. ", line)
        if heading:
            section = f"§{heading[1]}"
        head_of_table = number + 1 < len(lines) and re.match(r"\|[-| ]+\|$", lines[number + 1])
        is_row = re.match(r"\|", line) and not re.match(r"\|[-| ]+\|$", line) and not head_of_table
        if section in SECTIONS and (is_row or re.match(r"\s*(\*|\d+\.) ", line)):
            words = plain(line)
            at = text("LAW").find(words, at)
            found.append((section, words, at))
    return tuple(found)


def covered(source: str, section: str | None = None) -> list[tuple[int, int]]:
    """The places that the entries of a source account for."""
    found = []
    for entry in ENTRIES:
        if entry["source"] != source or (section is not None and entry["section"] != section):
            continue
        quote = plain(entry["quote"])
        start = text(source).find(quote)
        end = text(source).find(plain(entry["to"]), start) if "to" in entry else start
        while start >= 0:
            found.append((start, max(end, start) + len(quote)))
            if "to" in entry:
                break
            start = end = text(source).find(quote, start + 1)
    return found


def place(entry: dict[str, Any]) -> tuple[int, int]:
    """Where the quote of an entry stands in its source, the first time."""
    start = text(entry["source"]).find(plain(entry["quote"]))
    return start, start + len(plain(entry["quote"]))


@pytest.mark.parametrize("entry", ENTRIES, ids=[f"{one['file']}: {one['quote'][:60]}" for one in ENTRIES])
def test_an_entry_says_which_rules_or_why_none(entry):
    assert set(entry) <= {"file", "source", "section", "quote", "to", "rules", "not_a_rule"}
    assert entry["source"] in SOURCES
    assert ("rules" in entry) != ("not_a_rule" in entry)
    assert [one for one in entry.get("rules", []) if one not in rule_files()] == []
    assert entry.get("rules", ["one"])
    reason = entry.get("not_a_rule", "a reason in words")
    assert len(reason) >= 10
    assert "mapped" not in reason, "a rule that says it is named here, not elsewhere"


class TestAgainstTheSources:
    pytestmark = needs_shared

    @pytest.mark.parametrize("entry", ENTRIES, ids=[f"{one['file']}: {one['quote'][:60]}" for one in ENTRIES])
    def test_a_quote_stands_in_its_source(self, entry):
        start = text(entry["source"]).find(plain(entry["quote"]))
        assert start >= 0, entry["quote"]
        assert "to" not in entry or text(entry["source"]).find(plain(entry["to"]), start) > start

    @pytest.mark.parametrize("source", [one for one in SOURCES if one != "LAW"])
    def test_every_normative_sentence_is_accounted_for(self, source):
        known = covered(source)
        missing = [words for words, start, end in places(source) if not any(a < end and start < b for a, b in known)]
        assert missing == []

    def test_nothing_is_said_to_be_no_rule_that_another_entry_finds_in_a_rule(self):
        placed = [(entry, *place(entry)) for entry in ENTRIES]
        stated = [(entry["source"], start, end) for entry, start, end in placed if "rules" in entry]
        assert [
            (entry["file"], entry["quote"])
            for entry, start, end in placed
            if "not_a_rule" in entry
            and any(source == entry["source"] and a < end and start < b for source, a, b in stated)
        ] == []

    @pytest.mark.parametrize("section", SECTIONS)
    def test_every_row_of_the_summary_of_the_law_is_accounted_for(self, section):
        known = covered("LAW", section)
        missing = [
            words
            for one, words, start in rows()
            if one == section and not any(a < start + len(words) and start < b for a, b in known)
        ]
        assert missing == []


def test_every_rule_on_what_follows_after_identification_is_named_by_an_entry():
    named = {name for entry in ENTRIES for name in entry.get("rules", [])}
    rules = [name for name, folder in rule_files().items() if folder in AFTER]
    assert [one for one in rules if one not in named] == []
