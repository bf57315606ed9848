"""A page, or a graph, that was changed after it was made is found out."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyreport.evidence.model import Cell
from pyreport.proof.packing import PackingError, pack, unpack
from pyreport.reporting.layout import county_layout

from .verified import (
    AMADOR,
    MONTEREY,
    YEAR,
    decision,
    document,
    of_other_facts,
    page,
    record,
    verify,
    verify_all,
    with_graph,
)


@pytest.mark.parametrize(("code", "with_record"), [(AMADOR, False), (AMADOR, True), (MONTEREY, True)])
def test_a_page_is_verified_as_it_was_made(tmp_path, code, with_record):
    result = verify(tmp_path, page(code), with_record)
    assert result.holds, str(result)
    assert "Made again from its graph, the page is the same, byte for byte." in str(result)


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
    results = verify_all(
        tmp_path / "pages",
        {
            "another county's": page(AMADOR).replace(own, other),
            "another year's": page(AMADOR).replace(f"· {YEAR} Dashboard</p>", "· 2025 Dashboard</p>"),
        },
    )
    refused(results["another county's"], "made again from its graph it has 'Monterey County")
    refused(results["another year's"], "the page has '2025 Dashboard</p>", "made again from its graph it has '2024")


def test_a_page_made_by_another_version_of_the_layout_is_said_to_be_one(tmp_path):
    def change(graph):
        graph["layout"]["templates/page/style.css"] = "0" * 64

    refused(verify(tmp_path, with_graph(page(AMADOR), change)), "another version of templates/page/style.css", "--at")


def test_a_graph_that_is_of_no_county_alone_makes_no_page(tmp_path):
    def change(graph):
        graph["scope"]["only"] = None

    refused(verify(tmp_path, with_graph(page(AMADOR), change)), "Its graph is of all of California")


def test_a_fact_outside_the_graphs_scope_is_found_out(tmp_path):
    graph = document(AMADOR)
    graph["scope"]["until"] = 2023
    refused(verify(tmp_path, json.dumps(graph)), "is not of the graph's scope: Amador County, Dashboards up to 2023")


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


def carried():
    (found,) = re.findall(r'<script [^>]* id="graph">.*?</script>', page(AMADOR), re.DOTALL)
    return found


BAD = {
    "an empty file": (lambda: "", "neither a page nor a graph"),
    "a page without graph": (lambda: page(AMADOR).replace('id="graph"', 'id="other"'), "carries no graph"),
    "a page with two graphs": (
        lambda: page(AMADOR).replace("</footer>", f"{carried()}</footer>"),
        "carries several graphs",
    ),
    "a page cut in its graph": (lambda: page(AMADOR)[: page(AMADOR).index("</script>") - 99], "no graph that is whole"),
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
    result = verify(tmp_path, text())
    assert result.unreadable
    assert words in str(result)


def test_a_graph_of_an_older_format_is_said_to_be_one(tmp_path):
    graph = {**document(AMADOR), "format": "pyreport graph 1"}
    refused(verify(tmp_path, json.dumps(graph)), "the format is 'pyreport graph 1'")


def test_a_graph_is_the_same_packed_and_unpacked():
    whole = document(MONTEREY)
    again = unpack(pack(whole))
    assert sorted(map(repr, again.pop("facts"))) == sorted(map(repr, whole.pop("facts")))
    assert again == whole


def test_a_graph_is_packed_the_same_whenever_it_is_packed():
    layout = {"layout": county_layout()}
    assert pack({**document(AMADOR), **layout}) == pack({**decision(AMADOR).document(), **layout}) == packed_text()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_graph_is_never_taken_for_another(data):
    packed = packed_text()
    place = data.draw(st.integers(0, len(packed) - 4).filter(lambda n: packed[n] != "\n"))
    letter = data.draw(st.sampled_from("ABCxyz019+/").filter(lambda one: one != packed[place]))
    with pytest.raises(PackingError):
        unpack(packed[:place] + letter + packed[place + 1 :])


def test_every_year_of_a_county_is_verified_with_the_record(tmp_path):
    pages = {str(year): page(AMADOR, year) for year in record().years}
    for year, result in verify_all(tmp_path, pages, with_record=True).items():
        assert result.holds, f"{year}: {result}"
