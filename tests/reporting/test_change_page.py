"""The page of a change: the text that changed, who is affected, why; made from its notebook."""

import html
import re

import pytest
from cli.command import run

from pyreport.comparison.differences import Kind
from pyreport.comparison.policy_comparison import ComparisonRequest, compare_policies
from pyreport.evidence.readers.given import Given
from pyreport.reporting.change_page import written_page

REQUEST = ComparisonRequest("year:2024", "year:2025", 2024, ("27661590000000",), Given(without=("letters",)))


@pytest.fixture(scope="module")
def comparison():
    return compare_policies(REQUEST, 1)


@pytest.fixture(scope="module")
def page(comparison):
    return written_page(REQUEST, comparison)


def words(text):
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", text)).split())


def test_it_has_the_three_parts_and_what_they_are_about(page, comparison):
    assert re.findall("<h2 [^>]*>([^<]*)</h2>", page) == ["The text that changed", "Who is affected", "Why"]
    assert "<h1>year:2024 against year:2025</h1>" in page
    assert "<title>year:2024 and year:2025 – California's System of Support</title>" in html.unescape(page)
    assert all(change.id in page for change in comparison.text)
    assert all(fingerprint[:16] in page for fingerprint in comparison.fingerprints)


def test_what_was_deleted_and_inserted_is_marked(page):
    assert "<del>-criterion(2024, 4, elpi_red, english_learners_and_long_term).</del>" in page
    assert "<ins>+criterion((2024; 2025), 4, elpi_red, english_learners).</ins>" in page


def test_everything_gained_and_lost_stands_on_it_and_each_example_with_both_sides(page, comparison):
    text = words(page)
    for one in comparison.compared:
        if one.kind != Kind.REASON:
            assert one.sentence in text
    assert comparison.examples
    for example in comparison.examples:
        assert f"For example, {example.compared.kind}: {example.compared.sentence}" in text
        for side in (example.old, example.new):
            assert all(sentence in text for sentence in side.absent)
            for step in side.steps:
                assert all(reason.sentence in text for reason in step.reasons)


def test_a_notebook_makes_the_same_page_whoever_compared_before(page):
    other = ComparisonRequest(**{name: getattr(REQUEST, name) for name in REQUEST.__slots__})
    assert written_page(other, compare_policies(other, 1)) == page


def test_the_command_writes_it(page, tmp_path):
    file = tmp_path / "change.html"
    arguments = ("--on", 2024, "--lea", "27661590000000", "--without", "letters", "--format", "html")
    assert run("compare", "year:2024", "year:2025", *arguments, "--output", file).exit_code == 1
    assert file.read_text(encoding="utf-8") == page
