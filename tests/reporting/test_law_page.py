import datetime

import pytest

from pyreport.reporting.law_anchors import passage_anchor, rule_anchor
from pyreport.reporting.law_counts import LawCounts
from pyreport.reporting.law_page import RANK_WORDS, LawPage, held_words, law_page, sentence_of
from pyreport.rulebook.authorities import RANKS, Citation

from .pages import YEAR, Tree, rulebook

DAY, LATER = datetime.date(2023, 7, 10), datetime.date(2026, 7, 8)


@pytest.mark.parametrize(
    ("intervals", "words"),
    [
        ([], ""),
        ([(None, None)], ""),
        ([(DAY, LATER)], "from 10 Jul 2023 to 8 Jul 2026"),
        ([(DAY, None)], "from 10 Jul 2023 on"),
        ([(None, LATER)], "to 8 Jul 2026"),
        ([(DAY, LATER), (LATER, None)], "from 10 Jul 2023 on"),
        ([(DAY, LATER), (None, None)], ""),
    ],
)
def test_from_when_to_when_passages_held(intervals, words):
    assert held_words(intervals) == words


def test_a_sentence_has_words_for_its_variables_and_escapes_the_rest():
    assert sentence_of("{LEA} has <two> of {FiscalYear}") == "<i>LEA</i> has &lt;two&gt; of <i>fiscal year</i>."


def test_every_rank_has_a_heading():
    assert set(RANK_WORDS) == set(RANKS)


@pytest.fixture(scope="module")
def page():
    return law_page()


@pytest.fixture(scope="module")
def authorities(page):
    return Tree(page.authorities().text).root


def test_every_rule_and_every_passage_stands_there_once(authorities):
    anchors = [element.attributes["id"] for element in authorities.all() if "id" in element.attributes]
    assert len(set(anchors)) == len(anchors)
    assert {rule_anchor(rule) for rule in rulebook().rules} <= set(anchors)
    passages = {passage_anchor(Citation(one, key)) for one in rulebook().authorities.values() for key in one.passages}
    assert passages <= set(anchors)


def test_a_rule_stands_under_the_weightiest_passage_that_it_cites(authorities):
    element = next(one for one in authorities.all("div") if one.attributes.get("id") == "rule-obligations.provide")
    # ACSA and CCSESA come first in its label; the statute of 2013 weighs more.
    assert element.parent.attributes["id"] == "passage-EC-52071-2013-b"
    cited = [link.text for link in element.all("a")]
    assert "EC 52071(c)(1)" in cited
    assert "ACSA and CCSESA, 2017, shall-provide" in cited


def test_a_rule_says_what_it_rests_on_and_shows_its_code(authorities):
    rule = next(one for one in rulebook().rules if one.inferred and one.unless)
    element = next(one for one in authorities.all("div") if one.attributes.get("id") == rule_anchor(rule))
    assert f"Inferred. {rule.inferred}." in element.text
    assert "Otherwise: " in element.text
    assert element.all("pre")[0].text == rule.text.strip()
    assert element.all("summary")[0].text == f"{rule.id} (rule, {rule.file}:{rule.line})"


def test_authorities_come_by_rank_and_section(page):
    assert [rank for rank, _ in page.ranks] == [RANK_WORDS[rank] for rank in RANKS if rank != "regulation"]
    statutes = [entry.authority.cite for entry in page.ranks[0][1]]
    assert statutes.index("EC 2575.2") < statutes.index("EC 47607.3") < statutes.index("EC 52071")
    passages = [
        one.citation.passage
        for entry in page.ranks[0][1]
        if entry.authority.id == "EC-52071-2013"
        for one in entry.passages
    ]
    assert passages == ["(b)", "(c)"]


def test_with_counts_a_rule_says_how_often_it_applied(page):
    counts = LawCounts(page.rulebook.fingerprint, (2024, YEAR), {"criteria.two-priorities": {YEAR: 1234}})
    counted = LawPage(page.rulebook, counts, page.sources)
    assert f"LEAs about which it concludes something: 2024: 0, {YEAR}: 1,234" in counted.authorities().text
    assert "no counts were given" not in counted.colophon().text
    assert "no counts were given" in page.colophon().text


def test_the_contents_lead_to_every_authority(page):
    links = {link.attributes["href"] for link in Tree(page.contents().text).root.all("a")}
    assert links == {f"#authority-{name}" for name in rulebook().authorities}


def test_under_a_reading_the_page_shows_its_rules_and_says_so():
    page = law_page("ec-52072-calendar-window")
    assert "considered and rejected" in page.heading().text
    assert 'id="rule-reading.calendar-window.2022"' in page.authorities().text
