"""The proof on every page of an LEA is whole, free of circles, and that of its county: read by code of its own."""

import functools
import re

import pytest
from reporting.pages import MONTEREY, YEAR, county_folder, rulebook

from pyreport.evidence.counties import counties, county_slug
from pyreport.proof.packing import unpack

from .lea_page import ReadPage, problems

FIGURES = 2023
"""The newest year with figures."""


@functools.cache
def concluding():
    """The rules that conclude an output of the policy."""
    return {one.id for one in rulebook().rules if one.head.predicate in rulebook().outputs()}


@functools.cache
def proof(county, year):
    path = county_folder(county, year) / "proof" / f"{county_slug(county)}.json.gz"
    return unpack(path.read_bytes())[1]


def pages(county, year):
    return sorted((county_folder(county, year) / "lea").glob("*.html"))


def found(text, county, year, lea):
    return list(problems(text, proof(county, year), lea, year, concluding(), set(rulebook().by_id)))


def assert_proved(county, year):
    assert pages(county, year)
    for path in pages(county, year):
        assert found(path.read_text(encoding="utf-8"), county, year, path.stem) == [], path.name


def test_the_proofs_of_a_county_are_whole():
    assert concluding()
    assert_proved(MONTEREY, YEAR)


@pytest.mark.sweep
@pytest.mark.parametrize("year", [FIGURES, YEAR])
@pytest.mark.parametrize("county", counties())
def test_the_proofs_of_every_county_are_whole(county, year):
    assert_proved(county, year)


@functools.cache
def eligible():
    """The page of an LEA of whom much is to be proved, and its CDS code."""
    path = max(pages(MONTEREY, YEAR), key=lambda path: path.stat().st_size)
    return path.read_text(encoding="utf-8"), path.stem


def without(step):
    """The page with a step left out."""
    return lambda text: re.sub(rf'<li id="s{step}">.*?\n(?=<li id="s{step + 1}">)', "", text, flags=re.DOTALL)


def first_fact(text):
    return re.search(r'<li id="s(\d+)">[^<]*<small>[^<]*</small></li>\n', text)


FAULTS = {
    "a step left out": (without(2), "not numbered one after the other"),
    "a reference to nothing": (
        lambda text: re.sub(r'<a href="#s3">3</a>', '<a href="#s9999">9999</a>', text, count=1),
        "step 9999 is referred to and does not exist",
    ),
    "a circle": (
        lambda text: re.sub(r'(<li id="s2">.*? from )', r'\1<a href="#s1">1</a> ', text, count=1, flags=re.DOTALL),
        "rest on themselves",
    ),
    "another value in a cell": (
        lambda text: re.sub(r": “([^”]*)”</small>", ": “another”</small>", text, count=1),
        "no fact of the proof stands in",
    ),
    "another row": (
        lambda text: re.sub(r"cell ([A-Z]+)\d+: ", r"cell \g<1>99999: ", text, count=1),
        "no fact of the proof stands in",
    ),
    "another file": (
        lambda text: text.replace("<small>assistancestatus", "<small>another", 1),
        "no fact of the proof stands in",
    ),
    "a rule that there is not": (
        lambda text: text.replace("#rule-status.words", "#rule-no.such", 1),
        "leads to no rule",
    ),
    "a conclusion about another status": (
        lambda text: re.sub(r'(<li id="s1">[^“]*“)[^”]*', r"\1Exemplary", text),
        "no step tells the application of status.words",
    ),
    "a step told twice": (
        lambda text: text.replace(first_fact(text)[0], first_fact(text)[0] + first_fact(text)[0], 1),
        "is given twice",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_page_with_a_fault_in_its_proof_is_found_out(fault):
    change, words = FAULTS[fault]
    text, lea = eligible()
    assert found(text, MONTEREY, YEAR, lea) == []
    changed = change(text)
    assert changed != text
    assert any(words in problem for problem in found(changed, MONTEREY, YEAR, lea)), fault


def test_the_reader_reads_every_step_of_the_proof():
    text, _ = eligible()
    page = ReadPage(text)
    assert len(page.steps) == text.count('<li id="s') > 50
    assert sum(len(step.refers_to) for step in page.steps) > len(page.steps) / 2
    assert page.cells
