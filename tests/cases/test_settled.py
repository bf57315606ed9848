"""Every contradiction that LAW.md settles, and everything it warns of, has a case that shows how, and why.

A case is named by its row of section L ("L1: …") or by the words in bold of its paragraph of section N
("N.method-3: …"). It asks for the reason with ``explained``.
"""

import re

import pytest

from pyreport.files.places import sources_folder

from .case_files import all_cases
from .modules.money import cases as money_cases

CONTRADICTIONS = tuple(f"L{number}" for number in range(1, 18))
SETTLED = (
    "N.method-3",
    "N.local-priorities-of-2018",
    "N.release-dates",
    "N.second-year",
    "N.status-words",
    "N.kinds",
    "N.the-older-charter-test",
    "N.geographic-lead-in-pathway-1",
    "N.from-which-dashboard",
    "N.what-cannot-be-quoted",
)


@pytest.mark.parametrize("number", [*CONTRADICTIONS, *SETTLED])
def test_a_case_shows_how_it_is_settled_and_asks_for_the_reason(number):
    named = [case for case in [*all_cases(), *money_cases()] if case.name.startswith(f"{number}: ")]
    assert any(case.given.get("explained") for case in named)


def test_a_case_named_by_a_number_names_one_that_there_is():
    named = {case.name.split(": ")[0] for case in [*all_cases(), *money_cases()]}
    numbered = {name for name in named if re.fullmatch(r"[A-Z](\d+|\.[a-z0-9-]+)", name)}
    assert numbered == {*CONTRADICTIONS, *SETTLED}


@pytest.mark.shared
@pytest.mark.skipif(sources_folder() is None, reason="the sources (../shared) are not beside this checkout")
def test_the_rows_and_paragraphs_are_those_of_the_summary_of_the_law():
    sources = sources_folder()
    assert sources is not None
    summary = (sources / "law/LAW.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## ([LN])\. .*\n((?:(?!^## ).*\n?)*)", summary, re.MULTILINE))
    rows = re.findall(r"^\| (\d+) \|", sections["L"], re.MULTILINE)
    assert tuple(f"L{number}" for number in rows) == CONTRADICTIONS
    paragraphs = re.findall(r"^\* \*\*(.+?)\*\*", sections["N"], re.MULTILINE)
    assert len(paragraphs) == len(re.findall(r"^\* ", sections["N"], re.MULTILINE))
    assert tuple(f"N.{re.sub(r'[^a-z0-9]+', '-', words.lower())}" for words in paragraphs) == SETTLED
