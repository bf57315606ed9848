"""A page that shows what its graph does not say is found out by the comparison that holds the renderer to its graph."""

import re

import pytest
from verification.verified import AMADOR, MONTEREY, page

from .checked import problems

# These try the comparison, which is in the tests alone; what it says of the pages as they are is in `make test`.
pytestmark = pytest.mark.sweep


def refused(found, *words):
    assert any(all(word.lower() in problem.lower() for word in words) for problem in found), found


# What is changed in the page alone: a pattern of its text, what stands there then, and words of the problem.
VISIBLE = [
    (
        "the status in the table",
        r"(lea-03\d+\">[^<]*</a></th><td>)[^<]+",
        r"\1General Assistance, Year 9",
        "shows for 03",
    ),
    ("a name in the table", r"(href=\"#lea-03\d+\">)[^<]+", r"\1Elsewhere Unified", "shows for 03"),
    ("a row of the table", r"<tr><th scope=\"row\"><a href=\"#lea-.*?</tr>\n", "", "shows for 03"),
    ("the first sentence", r"agencies, (\d+|none) (is|are) eligible", "agencies, 77 are eligible", "counts"),
    ("the county", "<h1>Amador County", "<h1>Alpine County", "headed Alpine County"),
    ("a status", r"(<span class=\"chip[^>]*>)[^<]+", r"\1Exemplary", "it shows the status"),
    ("a heading", r"(<h3 id=\"lea-03\d+\">)[^<]+", r"\1Elsewhere Unified ", "its heading is"),
    ("a section", r"<section class=\"lea.*?</section>", "", "the page leaves out"),
    ("an answer", r"(</p>\n<p class=\"answer\">)", r"\1Not ", "it answers"),
    ("a second answer", r"(</p>\n<p class=\"answer\">)", r'</p><p class="answer">All is well.\1', "has 2 elements <p"),
    ("a paragraph", r"(</h3>)", r"\1<p>All is well.</p>", "says more than its status"),
    ("a priority", r"<td class=\"met\">met</td>", "<td>–</td>", "it shows the student groups"),
    ("a year of its history", r"(<th scope=\"row\">2023</th><td>)[^<]+", r"\1Exemplary", "its history shows"),
    ("a heading of a derivation", r"(<summary>Why this status: )", r"\1not ", "it explains"),
    ("a sentence of a derivation", r"(<details><summary>)The", r"\1Not the", "the page says “Not the"),
    ("a word within a sentence", r"(<details><summary>)", r"\1<b>Not</b> ", "where no <b> belongs"),
    ("a sentence between the steps", r"(<ul class=\"tree\">)", r"\1<li>All is well.</li>", "says “All is well.”"),
    ("a cell", r"(<span class=\"source\">assistance[^<]*cell [A-Z]+)\d+", r"\g<1>99999", "no such fact in this cell"),
    ("a value in a cell", r"(<span class=\"source\">assistance[^<]*: “)", r"\1x", "no such fact in this cell"),
    ("a quotation", r"(<q>)", r"\1Not: ", "the page quotes"),
    ("a citation", r"(<p class=\"law\"><a [^>]*><code>[^<]*</code></a> · )", r"\1EC 1 ", "“"),
    ("a reason", r"(<br>\s*)Inferred: ", r"\1Inferred: Not ", "the page says of "),
    ("a word in the list of rules", r"(<dd>)", r"\1Not ", "the page says of "),
    (
        "a quotation of another rule",
        r"(<p class=\"law\">.*?<q>).*?</q>",
        r"\1General Assistance = LEA was eligible to receive general support</q>",
        "the rule ",
    ),
    ("a citation left out", r"(<p class=\"law\"><a [^>]*><code>[^<]*</code></a> · )[^<:]*", r"\1", "the rule "),
    ("the name of a rule", r"(<dt id=\"rule-[^>]*><code>)", r"\1not-", "the page's list of rules names"),
    ("the rule of a fact of law", r"(<dd><a [^>]*><code>)", r"\1not-", "which is no rule"),
    ("an authority", r"(<dd>)EC", r"\1Penal Code", "does not name for"),
    ("a fact of law", r"(<dt id=\"fact-[^>]*>)", r"\1Not: ", "says “Not:"),
    ("a hash", r"<code>[0-9a-f]{16}…", "<code>0000000000000000…", "table of sources"),
    ("the proof", r"derivations and \d+ counted", "derivations and 0 counted", "last lines do not say"),
    ("the version of the rules", r"Rules: <code>[0-9a-f]", "Rules: <code>x", "last lines do not say"),
    ("what follows", r"(<th scope=\"row\">Support</th><td>)", r"\1not ", "it tells what follows as"),
    ("what follows, an item", r"(<table class=\"topics\">.*?<ul>)<li>[^<]*</li>", r"\1", "it tells what follows as"),
    (
        "beside what follows",
        r"(<table class=\"topics\">.*?<td>)(<ul>)",
        r"\1All is well.\2",
        "it tells what follows as",
    ),
    ("the date", r"What follows, as of 1 December", "What follows, as of 2 December", "is headed"),
    ("a paragraph on what follows", r"(<div class=\"following\">)", r"\1<p>All is well.</p>", "with more than"),
    ("a derivation of what follows", r"<summary>Support, explained", "<summary>Support, denied", "it explains"),
    ("the situation of an agency", r"(<a href=\"#situation-)1\">Situation 1", r"\g<1>2\">Situation 2", "it leads to"),
    ("an agency in a situation", r"(<p class=\"members\">)<a .*?</a>", r"\1", "no situation of the page includes 03"),
    ("words of a situation", r"(<p class=\"members\">)", r"\1Not: ", "more than the agencies"),
    ("a standing", r"(<td>)barred(</td>)", r"\1open\2", "situation-1 tells of 03"),
    ("what a pathway awaits", r"(<td>barred</td><td>)", r"\1nothing ", "situation-1 tells of 03"),
    ("what is required", r"(<th scope=\"row\">)Permitted", r"\1Required", "tells of 03"),
    ("a duty", r"(need not do what</th><td><ul><li>[^<]*?) (may|shall) ", r"\1 can ", "situation-1 tells of 03"),
    ("what is possible", r"(<li data-after=[^>]*>)[^<]*? (may|shall)", r"\1the State \2", "says that this is possible"),
    ("the steps to it", r"<li data-after=\"[^\"]*\"", '<li data-after="[]"', "says that this is possible"),
    ("without the steps", r"<li data-after=\"[^\"]*\"", "<li", "does not say after which steps"),
    ("the funds", r"(fiscal year 2024–25: <strong>)open", r"\1$1", "says of the funds"),
    ("a lack of the funds", r"(<ul class=\"missing\">.*?\(03\d+)\d\)", r"\g<1>x)", "is not listed as missing"),
    ("a word on the funds", r"(<div class=\"funds\">)", r"\1<p>All is well.</p>", "funds"),
    ("a script", r"</main>", "<script>document.title = 1</script></main>", "the page has a script"),
    ("a picture", r"</main>", '<img alt="All is well">\n</main>', "an element <img>"),
    ("what is hidden", r"<section class", "<section hidden class", "with the attribute hidden"),
    ("what runs", r"<section class", '<section onclick="x()" class', "with the attribute onclick"),
]


@pytest.mark.parametrize(("pattern", "then", "words"), [one[1:] for one in VISIBLE], ids=[one[0] for one in VISIBLE])
def test_a_page_that_shows_what_its_graph_does_not_say_is_found_out(pattern, then, words):
    changed, count = re.subn(pattern, then, page(AMADOR), count=1, flags=re.DOTALL)
    assert count == 1
    assert changed != page(AMADOR)
    refused(problems(changed), words)


def test_figures_that_a_page_shows_and_its_graph_does_not_are_found_out():
    changed = page(MONTEREY)
    for pattern, then in [
        (r"<td class=\"red\">", '<td class="green">'),
        (r"<b>yellow</b>", "<b>blue</b>"),
        (r"(<td class=\"orange\"><b>[^<]*</b> )", r"\g<1>1"),
    ]:
        changed, count = re.subn(pattern, then, changed, count=1, flags=re.IGNORECASE)
        assert count == 1
    found = problems(changed)
    assert len(found) == 3
    assert all("it shows for " in problem for problem in found)


@pytest.mark.parametrize(
    ("year", "pattern", "then", "words"),
    [
        (2025, r"<p class=\"note\">Decided.*?</p>", "", "it notes"),
        (2025, r"(<p class=\"note\">Decided.*?; Methods? )\d", r"\g<1>9", "it notes"),
        (2023, r"(<summary>Lowest performance level</summary>\n<ul>)<li>", r"\1<li>Not ", "says “Not "),
    ],
)
def test_what_only_some_years_show_is_compared_too(year, pattern, then, words):
    changed, count = re.subn(pattern, then, page(AMADOR, year), count=1, flags=re.DOTALL)
    assert count == 1
    refused(problems(changed), words)


def test_that_an_lea_is_possibly_eligible_is_compared_too():
    changed, count = re.subn(r" <span class=\"none\">· possible</span>", "", page(MONTEREY), count=1)
    assert count == 1
    refused(problems(changed), "shows for 27")


def test_what_a_page_says_of_cdes_own_statuses_is_compared_with_the_record():
    changed, count = re.subn("<td>the same</td>", "<td>differs: Exemplary</td>", page(AMADOR), count=1)
    assert count == 1
    refused(problems(changed), "what CDE published for 2024", "the same")


def test_a_column_that_is_left_out_of_every_history_is_found_out():
    changed = page(AMADOR)
    head, _, rest = changed.partition('<table class="history">')
    table, end, rest = rest.partition("</table>")
    table = re.sub(r"<t[hd][^>]*>[^<]*</t[hd]></tr>", "</tr>", table)
    refused(problems(f'{head}<table class="history">{table}{end}{rest}'), "its history has the columns")
