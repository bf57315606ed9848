"""A page, or a graph, that was changed after it was made is found out."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyreport.evidence.record import Cell
from pyreport.explanation.proof.packing import PackingError, pack, unpack
from pyreport.explanation.proof.verification import Unverifiable

from .verified import AMADOR, MONTEREY, YEAR, decision, document, of_other_facts, page, record, verify, with_graph


@pytest.mark.parametrize(("code", "with_record"), [(AMADOR, False), (AMADOR, True), (MONTEREY, True)])
def test_a_page_is_verified_as_it_was_made(tmp_path, code, with_record):
    result = verify(tmp_path, page(code), with_record)
    assert result.holds, str(result)
    assert "The answers, sentences, cells and quotations that the page shows are those of its graph," in str(result)


def test_without_the_evidence_the_last_line_says_that_facts_were_taken_as_stated_and_hashes_are_listed(tmp_path):
    *lines, last = str(verify(tmp_path, page(AMADOR))).splitlines()
    count = len(decision(AMADOR).graph.facts)
    assert last.startswith(f"The {count} facts were taken as stated, and not looked for in their files;")
    publications = decision(AMADOR).graph.publications()
    assert {f"  {one.sha256}  {one.file}" for one in publications} <= set(lines)


def test_with_the_record_the_last_line_says_that_every_fact_was_found(tmp_path):
    last = str(verify(tmp_path, page(AMADOR), with_record=True)).splitlines()[-1]
    count = len(decision(AMADOR).graph.facts)
    assert last == f"All {count} facts stand in the record, cell by cell, and it holds no other of this scope."


def refused(result, *words):
    assert not result.holds
    assert "NOT VERIFIED" in str(result)
    assert "taken as stated" not in str(result)
    assert any(all(word.lower() in problem.lower() for word in words) for problem in result.problems), result.problems


def change_a_figure(graph):
    place = next(n for n, (atom, *_) in enumerate(graph["facts"]) if atom[0] == "published_letter")
    graph["facts"][place][0][4] = "a" if graph["facts"][place][0][4] != "a" else "k"


def remove_a_fact(graph):
    graph["facts"] = [fact for fact in graph["facts"] if fact[0][0] != "listed"]


def change_an_edge(graph):
    rule = graph["rules"]["criteria.letter"]
    place = rule["variables"].index("Group")
    rule["instances"][0][place] = "el" if rule["instances"][0][place] != "el" else "wh"


def remove_one_of_two_derivations(graph):
    instances = graph["rules"]["eligibility.method-1"]["instances"]
    heads = [tuple(one[2:]) for one in instances]
    del instances[next(n for n, head in enumerate(heads) if heads.count(head) > 1)]


def remove_an_atom_and_what_rests_on_it(graph):
    """All that speaks of one LEA is taken out of every rule; its facts stay."""
    lea = graph["rules"]["kinds.district"]["instances"][0][0]
    for rule in graph["rules"].values():
        if "LEA" in rule["variables"]:
            at = rule["variables"].index("LEA")
            kept = [n for n, one in enumerate(rule["instances"]) if one[at] != lea]
            for part in {"instances", "counted"} & rule.keys():
                rule[part] = [rule[part][n] for n in kept]


def change_a_passage(graph):
    graph["rules"]["eligibility.method-1"]["cites"][0][1] = "method-2"


def change_a_quotation(graph):
    passages = graph["authorities"]["EC-52071-2023"]["passages"]
    passages["(f)"] = passages["(f)"].replace("three or more", "two or more")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (change_a_figure, ["criteria.letter", "does not hold"]),
        (remove_a_fact, ["does not hold"]),
        (change_an_edge, ["criteria.letter", "does not hold"]),
        (remove_one_of_two_derivations, ["eligibility.method-1", "holds and is missing"]),
        (remove_an_atom_and_what_rests_on_it, ["kinds.district", "holds and is missing"]),
        (change_a_passage, ["eligibility.method-1: it cites ", "method-2"]),
        (change_a_quotation, ["the quotation does not stand in authorities.yaml"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_page_whose_graph_was_changed_is_not_verified(tmp_path, change, words):
    refused(verify(tmp_path, with_graph(page(AMADOR), change)), *words)


def test_a_page_made_by_another_version_of_the_policy_is_said_to_be_one(tmp_path):
    def change(graph):
        graph["policy"]["persistence/ec_52072.lp"] = "0" * 64

    result = verify(tmp_path, with_graph(page(AMADOR), change))
    refused(result, "another version of the policy", "persistence/ec_52072.lp differs.", "--policy")
    assert len(result.problems) == 1


def test_the_graph_of_another_county_or_year_is_not_that_of_the_page(tmp_path):
    (other,) = re.findall(r'<script [^>]* id="graph">(.*?)</script>', page(MONTEREY), re.DOTALL)
    (own,) = re.findall(r'<script [^>]* id="graph">(.*?)</script>', page(AMADOR), re.DOTALL)
    refused(verify(tmp_path, page(AMADOR).replace(own, other)), "headed Amador County, 2024", "Monterey County")
    later = page(AMADOR).replace(f"· {YEAR} Dashboard</p>", "· 2025 Dashboard</p>")
    refused(verify(tmp_path, later), "headed Amador County, 2025", "up to 2024")


def test_a_fact_outside_the_graphs_scope_is_found_out(tmp_path):
    graph = document(AMADOR)
    graph["scope"]["until"] = 2023
    refused(verify(tmp_path, json.dumps(graph)), "is not of the graph's scope: Amador County, Dashboards up to 2023")


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
def test_a_page_that_shows_what_its_graph_does_not_say_is_not_verified(tmp_path, pattern, then, words):
    changed, count = re.subn(pattern, then, page(AMADOR), count=1, flags=re.DOTALL)
    assert count == 1
    assert changed != page(AMADOR)
    refused(verify(tmp_path, changed), words)


def test_figures_that_a_page_shows_and_its_graph_does_not_are_found_out(tmp_path):
    changed = page(MONTEREY)
    for pattern, then in [
        (r"<td class=\"red\">", '<td class="green">'),
        (r"<b>yellow</b>", "<b>blue</b>"),
        (r"(<td class=\"orange\"><b>[^<]*</b> )", r"\g<1>1"),
    ]:
        changed, count = re.subn(pattern, then, changed, count=1, flags=re.IGNORECASE)
        assert count == 1
    result = verify(tmp_path, changed)
    assert len(result.problems) == 3
    assert all("it shows for " in problem for problem in result.problems)


@pytest.mark.parametrize(
    ("year", "pattern", "then", "words"),
    [
        (2025, r"<p class=\"note\">Decided.*?</p>", "", "it notes"),
        (2025, r"(<p class=\"note\">Decided.*?; Methods? )\d", r"\g<1>9", "it notes"),
        (2023, r"(<summary>Lowest performance level</summary>\n<ul>)<li>", r"\1<li>Not ", "says “Not "),
    ],
)
def test_what_only_some_years_show_is_compared_too(tmp_path, year, pattern, then, words):
    changed, count = re.subn(pattern, then, page(AMADOR, year), count=1, flags=re.DOTALL)
    assert count == 1
    refused(verify(tmp_path, changed), words)


def test_that_an_lea_is_possibly_eligible_is_compared_too(tmp_path):
    changed, count = re.subn(r" <span class=\"none\">· possible</span>", "", page(MONTEREY), count=1)
    assert count == 1
    refused(verify(tmp_path, changed), "shows for 27")


def test_what_a_page_says_of_cdes_own_statuses_is_compared_with_the_record(tmp_path):
    changed, count = re.subn("<td>the same</td>", "<td>differs: Exemplary</td>", page(AMADOR), count=1)
    assert count == 1
    refused(verify(tmp_path, changed, with_record=True), "what CDE published for 2024", "the same")


def test_a_column_that_is_left_out_of_every_history_is_found_out(tmp_path):
    changed = page(AMADOR)
    head, _, rest = changed.partition('<table class="history">')
    table, end, rest = rest.partition("</table>")
    table = re.sub(r"<t[hd][^>]*>[^<]*</t[hd]></tr>", "</tr>", table)
    refused(verify(tmp_path, f'{head}<table class="history">{table}{end}{rest}'), "its history has the columns")


def letters(graph):
    return [fact for fact in graph["facts"] if fact[0][0] == "published_letter"]


def another_place(graph):
    letters(graph)[0][2] = "A1"


def another_value(graph):
    letters(graph)[0][3] = "Z"


def another_file(graph):
    letters(graph)[0][1] = (letters(graph)[0][1] + 1) % len(graph["publications"])


def another_sheet(graph):
    graph["publications"][letters(graph)[0][1]]["sheet"] += "2"


def another_hash(graph):
    graph["publications"][letters(graph)[0][1]]["sha256"] = "0" * 64


def another_name(graph):
    next(fact for fact in graph["facts"] if fact[0][0] == "name")[0][3] = '"Elsewhere"'


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (another_place, ["published_letter(", "cell A1", "it stands in"]),
        (another_value, ["published_letter(", "“Z”; it stands in"]),
        (another_file, ["published_letter(", "it stands in"]),
        (another_sheet, ["published_letter(", "2”, cell", "it stands in"]),
        (another_hash, ["a file with the SHA-256 0000", "; here it is "]),
        (another_name, ["name(", '"Elsewhere"', "no file says so"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_fact_that_stands_elsewhere_is_found_out_with_the_record_alone(tmp_path, change, words):
    graph = document(AMADOR)
    change(graph)
    assert verify(tmp_path, json.dumps(graph)).holds
    refused(verify(tmp_path, json.dumps(graph), with_record=True), *words)


def test_a_fact_left_out_with_all_that_rests_on_it_is_found_out_with_the_record_alone(tmp_path):
    facts = dict(decision(AMADOR).graph.facts)
    letter = next(atom for atom in facts if atom[0] == "published_letter")
    cell = facts.pop(letter)
    made = of_other_facts(AMADOR, facts)
    assert verify(tmp_path, made).holds
    result = verify(tmp_path, made, with_record=True)
    refused(result, f"published_letter({letter[1]}", "is missing in the graph", cell.publication.file, cell.place)
    assert len(result.problems) == 1


def test_an_invented_fact_with_all_that_rests_on_it_is_found_out_with_the_record_alone(tmp_path):
    facts = dict(decision(AMADOR).graph.facts)
    letter = next(atom for atom in facts if atom[0] == "published_letter")
    invented = (*letter[:3], "pi", "k")
    assert invented not in facts
    facts[invented] = Cell("K", facts[letter].publication, "Z", 9)
    made = of_other_facts(AMADOR, facts)
    assert verify(tmp_path, made).holds
    refused(verify(tmp_path, made, with_record=True), "pi,k): no file says so", "cell Z9: “K”")


def test_a_file_that_is_named_and_says_nothing_is_found_out(tmp_path):
    graph = document(AMADOR)
    graph["publications"].append({**graph["publications"][0], "file": "more.csv"})
    refused(verify(tmp_path, json.dumps(graph)), "No fact of the graph stands in more.csv")


def packed_text():
    (packed,) = re.findall(r'<script [^>]* id="graph">\n(.*?)\n</script>', page(AMADOR), re.DOTALL)
    return packed


BAD = {
    "an empty file": (lambda: "", "neither a page nor a graph"),
    "a page without graph": (lambda: page(AMADOR).replace('id="graph"', 'id="other"'), "carries no graph"),
    "a page with two graphs": (
        lambda: page(AMADOR).replace("</footer>", '<script id="graph"></script></footer>'),
        "carries several graphs",
    ),
    "a page that was cut short": (lambda: page(AMADOR)[:-60], "the page is damaged"),
    "a page cut in its graph": (lambda: page(AMADOR)[: page(AMADOR).index("</script>") - 99], "the page is damaged"),
    "a page with a comment": (lambda: page(AMADOR).replace("</main>", "<!-- --></main>"), "has a comment"),
    "no base64": (lambda: page(AMADOR).replace(packed_text(), packed_text()[:-1] + "!"), "it is no base64"),
    "base64 cut short": (lambda: page(AMADOR).replace(packed_text(), packed_text()[:-400]), "the graph is damaged"),
    "nothing packed": (lambda: page(AMADOR).replace(packed_text(), ""), "it is cut short"),
    "no JSON": (lambda: "no JSON", "neither a page nor a graph"),
    "another document": (lambda: '{"format": "pyreport explanation 1"}', "holds no graph of pyreport's"),
    "a list": (lambda: "[]", "holds no graph of pyreport's"),
    "deep nesting": (lambda: "[" * 100_000, "neither a page nor a graph"),
    "no scope": (lambda: json.dumps({**document(AMADOR), "scope": {}}), "its scope needs"),
    "no facts": (lambda: json.dumps({**document(AMADOR), "facts": None}), "it has no facts"),
    "half a fact": (lambda: json.dumps({**document(AMADOR), "facts": [[["name"]]]}), "a fact needs"),
    "no publication": (lambda: json.dumps({**document(AMADOR), "publications": []}), "number of its publication"),
    "half a publication": (lambda: json.dumps({**document(AMADOR), "publications": [{}]}), "a publication needs"),
}


@pytest.mark.parametrize(("text", "words"), BAD.values(), ids=BAD)
def test_what_is_no_page_and_no_graph_is_said_to_be_none(tmp_path, text, words):
    with pytest.raises(Unverifiable, match=re.escape(words)):
        verify(tmp_path, text())


def test_a_graph_of_an_older_format_is_said_to_be_one(tmp_path):
    graph = {**document(AMADOR), "format": "pyreport graph 1"}
    refused(verify(tmp_path, json.dumps(graph)), "the format is 'pyreport graph 1'")


def test_a_graph_is_the_same_packed_and_unpacked():
    whole = document(MONTEREY)
    again = unpack(pack(whole))
    assert sorted(map(repr, again.pop("facts"))) == sorted(map(repr, whole.pop("facts")))
    assert again == whole


def test_a_graph_is_packed_the_same_whenever_it_is_packed():
    assert pack(document(AMADOR)) == pack(decision(AMADOR).document()) == packed_text()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_graph_is_never_taken_for_another(data):
    packed = packed_text()
    place = data.draw(st.integers(0, len(packed) - 4).filter(lambda n: packed[n] != "\n"))
    letter = data.draw(st.sampled_from("ABCxyz019+/").filter(lambda one: one != packed[place]))
    with pytest.raises(PackingError):
        unpack(packed[:place] + letter + packed[place + 1 :])


def test_every_year_of_a_county_is_verified_with_the_record(tmp_path):
    for year in record().years:
        result = verify(tmp_path, page(AMADOR, year), with_record=True)
        assert result.holds, f"{year}: {result}"
