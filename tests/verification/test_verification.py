"""Files of a county, or a graph, that were changed after they were made are found out."""

import gzip
import json
import shutil
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyreport.evidence.model import Cell
from pyreport.proof.packing import PackingError, proof_of, unpack
from pyreport.reporting.layout import county_layout

from .verified import (
    AMADOR,
    FILES,
    MONTEREY,
    UNIFIED,
    content,
    copied,
    decision,
    document,
    files,
    named,
    of_other_facts,
    record,
    verify,
    verify_files,
    with_proof,
)

SAME = "Made again from its proof, the file is the same, byte for byte."


@pytest.mark.parametrize(
    ("code", "with_record"), [(AMADOR, False), (AMADOR, True), pytest.param(MONTEREY, True, marks=pytest.mark.sweep)]
)
def test_every_file_of_a_county_is_verified_as_it_was_made(code, with_record):
    folder = files(code)
    results = named(verify_files(folder, with_record=with_record), folder)
    assert set(results) == {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    for name, result in results.items():
        assert result.holds, str(result)
        assert (SAME in result.confirmed) == (not name.startswith("proof/"))


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_verified_on_its_own(kind):
    (result,) = verify_files(files() / FILES[kind])
    assert result.holds, str(result)
    assert (SAME in result.confirmed) == (kind != "proof")


def test_without_the_evidence_the_last_line_says_that_facts_were_taken_as_stated_and_hashes_are_listed():
    (result,) = verify_files(files() / FILES["overview"])
    *lines, last = str(result).splitlines()
    count = len(decision(AMADOR).graph.facts)
    assert last.startswith(f"The {count} facts were taken as stated, and not looked for in their files;")
    publications = decision(AMADOR).graph.publications()
    assert {f"  {one.sha256}  {one.file}" for one in publications} <= set(lines)


def test_with_the_record_the_last_line_says_that_every_fact_was_found():
    (result,) = verify_files(files() / FILES["LEA page"], with_record=True)
    last = str(result).splitlines()[-1]
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
def test_a_proof_that_was_changed_is_not_verified_nor_is_what_rests_on_it(tmp_path, change, words):
    folder = with_proof(tmp_path / "files", change)
    results = verify_files(folder)
    assert len(results) == len(FILES) + len(list((folder / "lea").glob("*.html"))) - 1
    for result in results:
        refused(result, *words)


def test_a_proof_made_by_another_version_of_the_policy_is_said_to_be_one(tmp_path):
    def change(graph):
        graph["policy"]["persistence/ec_52072.lp"] = "0" * 64

    (result,) = verify_files(with_proof(tmp_path / "files", change) / FILES["overview"])
    refused(result, "another version of the policy", "persistence/ec_52072.lp differs.", "--policy")
    assert len(result.problems) == 1


CHANGED = {
    "overview": (b"Amador County</h1>", b"Inyo County</h1>", "the file has 'Inyo County</h1>"),
    "LEA page": (b"Differentiated Assistance", b"General Assistance", "the file has"),
    "CSV": (b"Differentiated Assistance", b"General Assistance", "line 3"),
    "JSON": (b"Differentiated Assistance", b"General Assistance", "the file has"),
    "picture": (b"</text>", b"0</text>", "the file has"),
}


@pytest.mark.parametrize("kind", CHANGED)
def test_a_file_that_says_something_else_is_refused_with_the_first_difference(tmp_path, kind):
    before, after, words = CHANGED[kind]
    folder = copied(tmp_path / "files")
    path = folder / FILES[kind]
    text = path.read_bytes()
    assert before in text
    path.write_bytes(text.replace(before, after, 1))
    changed, beside = verify_files(path, folder / FILES["proof"])
    refused(changed, "The file is not what its proof makes", words)
    assert beside.holds


def test_a_workbook_with_another_word_is_refused_and_one_packed_otherwise_is_not(tmp_path):
    folder = copied(tmp_path / "files")
    path = folder / FILES["workbook"]
    with zipfile.ZipFile(path) as book:
        parts = {info.filename: book.read(info) for info in book.infolist()}

    def written(parts, compression):
        with zipfile.ZipFile(path, "w", compression) as book:
            for name, part in parts.items():
                book.writestr(name, part)
        (result,) = verify_files(path)
        return result

    assert written(parts, zipfile.ZIP_STORED).holds
    words = parts["xl/sharedStrings.xml"]
    assert b"General Assistance" in words
    other = words.replace(b"General Assistance", b"Exemplary Behavior", 1)
    refused(written({**parts, "xl/sharedStrings.xml": other}, zipfile.ZIP_DEFLATED), "its part xl/sharedStrings.xml")
    refused(written({**parts, "xl/vbaProject.bin": b"macro"}, zipfile.ZIP_DEFLATED), "it has other parts")
    path.write_bytes(path.read_bytes()[:-100])
    (result,) = verify_files(path)
    refused(result, "it cannot be unpacked")


def test_a_page_whose_proof_is_another_countys_or_another_years_is_refused(tmp_path):
    folder = copied(tmp_path / "files")
    page = folder / FILES["overview"]
    other = files(MONTEREY) / "proof" / "27-monterey.json.gz"
    shutil.copy(other, folder / "proof")
    (result,) = verify_files(page)
    assert result.holds
    own, others = (unpack(path.read_bytes())[0].sha256 for path in (folder / FILES["proof"], other))
    text = page.read_text(encoding="utf-8")
    # It names the file of the other proof, with its hash.
    page.write_text(text.replace("03-amador.json.gz", "27-monterey.json.gz").replace(own, others), encoding="utf-8")
    (result,) = verify_files(page)
    refused(result, "Its proof makes no such file")
    # It names its own, in whose place the other one lies.
    page.write_text(text, encoding="utf-8")
    shutil.copy(other, folder / FILES["proof"])
    (result,) = verify_files(page)
    assert result.unreadable
    assert f"it names a proof of the hash {own}; {folder / FILES['proof']} has {others}" in str(result)


def test_a_page_of_an_lea_that_the_proof_does_not_know_is_refused(tmp_path):
    folder = copied(tmp_path / "files")
    page = folder / FILES["LEA page"]
    added = page.with_name("03999990000000.html")
    added.write_text(page.read_text(encoding="utf-8").replace(UNIFIED, added.stem), encoding="utf-8")
    (result,) = verify_files(added)
    refused(result, "Its proof makes no such file")


def test_a_proof_made_by_another_version_of_the_layout_is_said_to_be_one(tmp_path):
    def change(graph):
        graph["layout"]["templates/page/style.css"] = "0" * 64

    (result,) = verify_files(with_proof(tmp_path / "files", change) / FILES["LEA page"])
    refused(result, "another version of templates/page/style.css", "--at")


def test_a_proof_that_is_of_no_county_alone_makes_no_files(tmp_path):
    def change(graph):
        graph["scope"]["only"] = None

    (result,) = verify_files(with_proof(tmp_path / "files", change) / FILES["overview"])
    refused(result, "Its graph is of all of California")


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


def reference():
    """How the overview names its proof."""
    return unpack((files() / FILES["proof"]).read_bytes())[0].sha256


BAD_PAGES = {
    "without a proof": (lambda text: text.replace('id="proof"', 'id="other"'), "the page names no proof"),
    "with two proofs": (
        lambda text: text.replace("</footer>", f"{text[text.index('Proof: ') : text.index('. Rules')]}</footer>"),
        "the page names several proofs",
    ),
    "with a proof that is not there": (
        lambda text: text.replace("03-amador.json.gz", "04-butte.json.gz"),
        "its proof, proof/04-butte.json.gz, is not there",
    ),
    "with a proof elsewhere": (
        lambda text: text.replace('href="proof/', 'href="../../proof/'),
        "the page names no proof",
    ),
    "with another hash": (lambda text: text.replace(reference(), "0" * 64), "it names a proof of the hash 0000"),
    "cut": (lambda text: text[: text.index("Proof: ")], "the page names no proof"),
}


@pytest.mark.parametrize(("change", "words"), BAD_PAGES.values(), ids=BAD_PAGES)
def test_a_page_that_does_not_lead_to_its_proof_is_said_to_be_none(tmp_path, change, words):
    page = copied(tmp_path / "files") / FILES["overview"]
    page.write_text(change(page.read_text(encoding="utf-8")), encoding="utf-8")
    (result,) = verify_files(page)
    assert result.unreadable
    assert words in str(result)


@pytest.mark.parametrize("kind", ["CSV", "JSON", "workbook", "picture"])
def test_data_without_their_proof_are_said_to_be_so(tmp_path, kind):
    folder = copied(tmp_path / "files")
    (folder / FILES["proof"]).unlink()
    (result,) = verify_files(folder / FILES[kind])
    assert result.unreadable
    assert f"its proof, {folder / FILES['proof']}, is not there" in str(result)


BAD_PROOFS = {
    "empty": (lambda packed: b"", "it is cut short"),
    "cut": (lambda packed: packed[:-400], "the graph is damaged"),
    "no gzip": (lambda packed: b"no gzip", "it cannot be decompressed"),
    "followed by more": (lambda packed: packed + b"more", "something follows it"),
    "no JSON": (lambda packed: gzip.compress(b"no JSON"), "the graph is damaged"),
    "no layout": (
        lambda packed: proof_of({**unpack(packed)[1], "layout": None}).packed(),
        "it does not name the layout",
    ),
}


@pytest.mark.parametrize(("change", "words"), BAD_PROOFS.values(), ids=BAD_PROOFS)
def test_a_damaged_proof_is_named_whatever_is_verified_by_it(tmp_path, change, words):
    folder = copied(tmp_path / "files")
    proof = folder / FILES["proof"]
    proof.write_bytes(change(proof.read_bytes()))
    by_name = named(verify_files(folder), folder)
    for name, result in by_name.items():
        assert not result.holds
        if not name.endswith(".html"):
            assert result.unreadable
            assert words in str(result)


BAD = {
    "an empty file": (lambda: "", "neither a page nor a graph"),
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
    proof = proof_of(whole)
    unpacked, again = unpack(proof.packed())
    assert unpacked == proof
    assert sorted(map(repr, again.pop("facts"))) == sorted(map(repr, whole.pop("facts")))
    assert again == whole


def test_a_graph_is_packed_the_same_whenever_it_is_packed():
    layout = {"layout": county_layout()}
    first, second = (proof_of({**one, **layout}) for one in (document(AMADOR), decision(AMADOR).document()))
    assert first.packed() == second.packed() == (files() / FILES["proof"]).read_bytes()
    assert first.sha256 == second.sha256


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_proof_is_never_taken_for_another(data):
    packed = (files() / FILES["proof"]).read_bytes()
    place = data.draw(st.integers(0, len(packed) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda one: one != packed[place]))
    damaged = packed[:place] + bytes([value]) + packed[place + 1 :]
    try:
        proof, _ = unpack(damaged)
    except PackingError:
        return
    # The header of gzip has a system and a name, of which nothing depends; the content is what is hashed.
    assert place < 10
    assert proof.content == content(packed)


def test_every_year_of_a_county_is_verified_with_the_record():
    folders = {year: files(AMADOR, year) for year in record().years}
    results = verify_files(*(folder / FILES["overview"] for folder in folders.values()), with_record=True)
    for year, result in zip(folders, results, strict=True):
        assert result.holds, f"{year}: {result}"
