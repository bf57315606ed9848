import pytest
from rulebook.test_policy import SHARED, needs_shared

from pyreport.files.places import policy_folder
from pyreport.reporting.source_page import PAGES, Part, SourcePage, source_counts, source_page
from pyreport.rulebook.coverage import read_coverage
from pyreport.rulebook.source_text import SourceText

from .pages import Tree, rulebook


def test_a_part_is_stated_where_rules_state_it_even_if_some_of_its_words_are_no_rule():
    assert Part("", "words", ("a.rule",), ("A heading",)).state == "stated"
    assert Part("", "words", (), ("A heading",)).state == "not-a-rule"
    assert Part("", "words", (), ()).state == "missing"


def test_what_nothing_accounts_for_is_marked_in_words_and_counted():
    parts = [Part("EC 1", "All (a) is so.", ("levels.owed",), ()), Part("EC 1", "So is <b>.", (), ())]
    page = SourcePage(rulebook(), "01", True, parts)
    assert (page.counts.stated, page.counts.not_a_rule, page.counts.missing) == (1, 0, 1)
    stated, missing = Tree(page.words().text).root.all("tbody")[0].all("tr")
    assert stated.attributes["class"] == "stated"
    assert [link.attributes["href"] for link in stated.all("a")] == ["../law.html#rule-levels.owed"]
    assert missing.attributes["class"] == "missing"
    assert missing.children[0].text == "So is <b>."
    assert missing.children[1].text == "✕ Missing nothing accounts for these words"
    assert "1 is not accounted for" in page.heading().text


@pytest.mark.parametrize("source", PAGES)
def test_without_the_sources_a_page_has_the_first_words_of_every_part(source):
    page = source_page(source)
    entries = [entry for entry in read_coverage(policy_folder()) if entry.source == source]
    assert [part.words for part in page.parts] == [entry.quote for entry in entries]
    assert "is no part of this project" in page.heading().text
    assert page.counts.missing == 0
    words = Tree(page.words().text).root
    assert len(words.all("tbody")) == len(words.all("caption")) == len(page.sections)
    for entry, row in zip(entries, (row for body in words.all("tbody") for row in body.all("tr")), strict=True):
        assert (entry.not_a_rule or "■ Stated by ") in row.children[1].text


class TestAgainstTheSources:
    pytestmark = needs_shared

    @pytest.mark.parametrize("source", PAGES)
    def test_with_the_sources_a_page_has_them_whole_and_nothing_of_them_is_missing(self, source):
        page = source_page(source, str(SHARED))
        assert page.counts.missing == 0
        assert page.counts.stated
        assert "first words" not in page.heading().text
        whole = SourceText.read(source, SHARED)
        assert [part.words for part in page.parts] == [unit.words for unit in whole.units]


def test_the_counts_of_all_sources_are_those_of_their_pages():
    counts = source_counts()
    assert [one.source for one in counts] == list(PAGES)
    assert counts[0] == source_page(PAGES[0]).counts
