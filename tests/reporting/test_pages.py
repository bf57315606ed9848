"""What a page must be for everyone who reads it, with whatever program."""

import functools
import itertools
import re

import pytest

from pyreport.evidence.counties import counties
from pyreport.evidence.model import CountyEvidence
from pyreport.evidence.record import Record
from pyreport.files.places import policy_folder
from pyreport.reasoning.determinations import Certainty
from pyreport.reporting.county_page import county_page
from pyreport.reporting.page_request import PageRequest
from pyreport.reporting.rendering import Html
from pyreport.reporting.statewide import statewide_page
from pyreport.verification.verifier import Evidence, Verifier

from .pages import ALPINE, MONTEREY, NAMES, YEAR, Tree, folder, made_up, page, record, rulebook, shown, tree

COUNTIES = [(code, NAMES[code]) for code in NAMES]
PAGES = [*NAMES.values(), "index.html"]

LANDMARKS = ["header", "nav", "main", "footer"]


@pytest.fixture(params=PAGES)
def name(request):
    return request.param


def test_a_page_is_well_formed(name):
    assert page(name).startswith("<!DOCTYPE html>\n<html lang=")
    assert tree(name).all("html")


def test_a_page_says_its_language_and_has_a_title_of_its_own(name):
    (html,) = tree(name).all("html")
    (title,) = [one for one in tree(name).all("title") if one.parent.tag == "head"]
    assert html.attributes["lang"] == "en-US"
    words = "California" if name == "index.html" else f"{counties()[name[:2]]} County"
    assert title.text.startswith(f"{words} – {YEAR} Dashboard – ")
    assert tree(name).all("meta")[0].attributes == {"charset": "utf-8"}


def test_a_page_has_one_first_heading_and_none_skips_a_level(name):
    levels = [int(heading.tag[1]) for heading in tree(name).all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert all(heading.text.strip() for heading in tree(name).all("h1", "h2", "h3", "h4"))


def test_a_page_has_each_landmark_once_and_nothing_outside_them_but_the_skip_link(name):
    assert sorted(element.tag for element in tree(name).all(*LANDMARKS)) == sorted(LANDMARKS)
    (body,) = tree(name).all("body")
    skip, *others = body.children
    assert (skip.tag, skip.attributes["href"]) == ("a", "#main")
    assert [element.tag for element in others] == ["header", "main", "footer"]
    (nav,) = tree(name).all("nav")
    assert nav.attributes["aria-label"]


def test_every_table_has_a_caption_and_every_heading_cell_a_scope(name):
    tables = tree(name).all("table")
    assert len(tables) >= 2
    for table in tables:
        assert table.children[0].tag == "caption"
        assert table.children[0].text.strip()
        assert {cell.attributes.get("scope") for cell in table.all("th")} == {"col", "row"}
        width = len(table.all("thead")[0].all("th"))
        for row in table.all("tr"):
            assert len(row.children) == width
            assert row.parent.tag == "thead" or row.children[0].tag == "th"


def test_an_id_is_given_once_and_is_no_more_than_letters_figures_and_hyphens(name):
    ids = [element.attributes["id"] for element in tree(name).all() if "id" in element.attributes]
    assert len(set(ids)) == len(ids)
    assert [one for one in ids if not re.fullmatch(r"[A-Za-z][A-Za-z0-9._-]*", one)] == []


def test_every_link_within_the_page_and_every_label_resolves(name):
    ids = {element.attributes["id"] for element in tree(name).all() if "id" in element.attributes}
    links = [link.attributes["href"] for link in tree(name).all("a")]
    inside = {link[1:] for link in links if link.startswith("#")}
    assert inside
    assert inside - ids == set()
    assert {element.attributes.get("aria-labelledby", "main") for element in tree(name).all()} - ids == set()


def test_every_link_to_another_page_leads_to_a_file_that_is_there(name):
    links = {link.attributes["href"] for link in tree(name).all("a")}
    outside = {link for link in links if not link.startswith("#")}
    pages = {link for link in outside if not link.startswith("https://")}
    assert pages == ({*NAMES.values()} if name == "index.html" else {"index.html"})
    assert all((folder() / link).is_file() for link in pages)


def test_a_page_runs_nothing_and_loads_nothing(name):
    # The graph lies in a script element of a type that no browser runs; the list of the index has a filter.
    known = {} if name == "index.html" else {"type": "application/octet-stream", "id": "graph"}
    assert [script.attributes for script in tree(name).all("script")] == [known]
    forbidden = ["link", "img", "iframe", "object", "embed", "form", "input", "video", "audio", "base"]
    assert tree(name).all(*forbidden) == []
    assert (tree(name).all("svg") == []) == (name != "index.html")
    for element in tree(name).all():
        handlers = [key for key in element.attributes if key.startswith("on")]
        assert handlers == []
        assert not {"src", "srcset", "style", "action", "background", "poster"} & element.attributes.keys()
    assert not re.search(r"url\(|@import|http-equiv", page(name))


def test_a_summary_is_the_first_thing_in_its_details(name):
    for details in tree(name).all("details"):
        assert [child.tag for child in details.children].count("summary") == 1
        assert details.children[0].tag == "summary"
        assert details.children[0].text.strip()


@pytest.mark.parametrize(("code", "name"), COUNTIES)
def test_a_page_has_every_lea_of_the_county_and_year_and_no_other(code, name):
    expected = {
        cds: one.name.value for (year, cds), one in record().lea_years.items() if year == YEAR and cds[:2] == code
    }
    sections = {
        heading.attributes["id"].removeprefix("lea-"): heading
        for heading in tree(name).all("h3")
        if heading.attributes["id"].startswith("lea-")
    }
    assert set(sections) == set(expected)
    for cds, words in expected.items():
        assert sections[cds].text == f"{words} {cds}"
    glance = tree(name).all("table")[0].all("tbody")[0]
    assert {row.children[0].text for row in glance.children} == set(expected.values())
    assert len(glance.children) == len(expected)
    # Charter schools that no status file lists are named among what the funds lack: those of the county.
    assert {cds[:2] for cds in re.findall(r"\b\d{14}\b", page(name))} == {code}


@pytest.mark.parametrize(("code", "name"), COUNTIES)
def test_the_answers_of_a_page_are_those_of_the_decision(code, name):
    rows = {row.cds: row for row in county_page(code, PageRequest(YEAR)).rows}
    for section in tree(name).all("section"):
        cds = section.attributes["aria-labelledby"].removeprefix("lea-")
        row = rows.pop(cds)
        first = section.all("p")[0]
        assert first.text.split(" possible")[0] == row.status
        assert (" possible" in first.text) == (row.differentiated_assistance is Certainty.POSSIBLE)
        assert row.basis in section.text
        met = [cell for cell in section.all("td") if cell.attributes.get("class") == "met"]
        assert len(met) == sum(map(len, row.groups.values()))
    assert rows == {}


@pytest.mark.parametrize(("code", "name"), COUNTIES)
def test_a_page_says_that_every_conclusion_on_it_was_checked(code, name):
    prepared = county_page(code, PageRequest(YEAR))
    assert prepared.decision.verdict.holds
    (footer,) = tree(name).all("footer")
    assert prepared.proof in footer.text
    derivations, counted = prepared.decision.graph.size
    assert f" conclusions, {derivations:,} derivations and {counted:,} counted elements" in footer.text
    assert rulebook().fingerprint in footer.text


def test_pages_are_verified_by_the_separate_checker_and_made_again_the_same():
    verifier = Verifier(policy_folder(), Evidence(record(), {}, "the record"), jobs=2)
    for name, result in zip(NAMES.values(), verifier.verify([folder() / name for name in NAMES.values()]), strict=True):
        assert result.holds, str(result)
        assert "Made again from its graph, the page is the same, byte for byte." in result.confirmed
        assert f"pyreport verify {name}" in page(name)


@pytest.mark.parametrize(("code", "name"), COUNTIES[:2])
def test_every_rule_that_a_page_names_is_quoted_on_it_word_for_word(code, name):
    root = tree(name)
    entries = {one.attributes["id"]: one for one in root.all("dt") if one.attributes["id"].startswith("rule-")}
    links = {link.attributes["href"] for link in root.all("a")}
    assert {link[1:] for link in links if link.startswith("#rule-")} <= set(entries)
    for anchor, entry in entries.items():
        rule = rulebook().by_id[anchor.removeprefix("rule-")]
        siblings = entry.parent.children
        text = siblings[siblings.index(entry) + 1].text
        for citation in rule.cites:
            assert citation.quotation in text
            assert citation.text in text
        assert f"policy/{rule.file}, line {rule.line}" in text


def test_the_index_counts_every_county_and_the_whole_state():
    rows = tree("index.html").all("tbody")[0].children
    assert [row.children[0].text for row in rows] == list(counties().values())
    listed = [cds[:2] for year, cds in record().lea_years if year == YEAR]
    assert [int(row.children[1].text) for row in rows] == [listed.count(code) for code in counties()]
    total, *_ = tree("index.html").all("tfoot")
    counted = [at for at, cell in enumerate(rows[0].children) if cell.attributes.get("class") == "number"]
    assert len(counted) == 7
    (sums,) = total.children
    for at in counted:
        assert int(sums.children[at].text.replace(",", "")) == sum(int(row.children[at].text) for row in rows)


@pytest.fixture
def record_is(monkeypatch):
    def use(*leas):
        made = Record({(one.year, one.cds.value): one for one in leas})
        for module in ("county_decisions", "statewide", "page_request"):
            monkeypatch.setattr(f"pyreport.reporting.{module}.record_of", lambda evidence: made)

    return use


def test_the_page_made_here_is_the_page_made_by_the_engine():
    assert shown("county.ipynb", county=ALPINE, year=YEAR) == page(NAMES[ALPINE])


ODD_NAMES = [
    "A & B <Union> High",
    'The "Little" Valley\\High',
    "O'Neill Söhne – Peñón Ünïfied 学校",
    "</section><script>alert(1)</script>",
    "{{ page.year }} {% raw %} &amp; %s \\n $&",
    "x" * 300,
]


@pytest.mark.parametrize("odd", ODD_NAMES)
def test_a_name_appears_whole_whatever_letters_it_has(record_is, tmp_path, odd):
    cds = "27660500000000"
    record_is(made_up(cds, odd, {"FOS": "K"}), made_up(cds, odd, {"FOS": "K"}, year=2024))
    text = shown("county.ipynb", county=MONTEREY, year=YEAR)
    root = Tree(text).root
    heading, situation = root.all("h3")
    assert heading.text == f"{odd} {cds}"
    assert situation.text == "Situation 1"
    assert root.all("table")[0].all("tbody")[0].all("a")[0].text == odd
    assert f"Foster youth at {odd} met the criteria of Priority 4 (Pupil Achievement) in {YEAR}" in root.text
    assert [script.attributes["id"] for script in root.all("script")] == ["graph"]
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    (result,) = Verifier(policy_folder()).verify([tmp_path / "page.html"])
    assert result.holds, str(result)
    assert "A <made-up> file & more" in root.text


def test_a_county_that_the_years_file_does_not_list_gets_a_page_that_says_so(record_is):
    record_is(made_up("02613330000000", "Elsewhere"))
    root = Tree(shown("county.ipynb", county=MONTEREY, year=YEAR)).root
    (header,) = root.all("header")
    assert f"CDE's status file of {YEAR} lists no local educational agency of Monterey County." in header.text
    assert root.all("section") == []
    assert len(root.all("h1")) == 1
    assert "Elsewhere" not in root.text


@pytest.mark.parametrize(
    ("leas", "answer"),
    [
        ([{"FOS": "A"}], "one local educational agency, 1 is eligible for differentiated assistance in 2025."),
        ([{"FOS": "A"}, {"WH": "B"}], "2 local educational agencies, 2 are eligible"),
        (
            [{"FOS": "A"}, {}],
            "2 local educational agencies, 1 is eligible for differentiated assistance in 2025; for the other 1",
        ),
        (
            [{}, {}],
            "2 local educational agencies, none are eligible for differentiated assistance in 2025; for 2 it is",
        ),
    ],
)
def test_the_county_is_summed_up_in_one_sentence(record_is, leas, answer):
    record_is(*[made_up(f"2766{number:03}0000000", f"LEA {number}", letters) for number, letters in enumerate(leas)])
    assert f"Of Monterey County's {answer}" in county_page(MONTEREY, PageRequest(YEAR)).answer


def test_an_alternative_reading_is_named_at_the_top_of_its_pages(record_is):
    name = "ec-52072-calendar-window"
    record_is(made_up("27660500000000", "Made-up"))
    request = PageRequest(YEAR, reading=name)
    for prepared in (county_page(MONTEREY, request), statewide_page(request)):
        assert "an alternative reading that was considered and rejected" in prepared.heading().text
    assert "alternative reading" not in county_page(MONTEREY, PageRequest(YEAR)).heading().text


def test_a_graph_that_the_checker_does_not_confirm_gives_no_page(monkeypatch):
    from pyreport.reasoning import decision

    class Doubting:
        def __init__(self, texts):
            pass

        def check(self, document):
            class Refused:
                holds = False

                def __str__(self):
                    return "one derivation is missing"

            return Refused()

    monkeypatch.setattr(decision, "_checker", Doubting)
    with pytest.raises(decision.ProofError, match="one derivation is missing"):
        county_page(ALPINE, PageRequest(YEAR))


def test_displayed_html_has_the_same_plain_form_in_every_process():
    assert repr(Html("<p>é</p>")) == "<Html of 8 characters>"


FIGURES = 2023


@functools.cache
def with_figures():
    """Monterey's page of the newest year that has figures, letters and the red list."""
    return county_page(MONTEREY, PageRequest(FIGURES))


@functools.cache
def figure_sections():
    """The sections of that page by CDS code."""
    sections = Tree(with_figures().sections().text).root.all("section")
    return {one.attributes["aria-labelledby"].removeprefix("lea-"): one for one in sections}


def published_rows():
    """Monterey's rows with a figure, from the record: (CDS code, group) to indicators with their rows."""
    found = {}
    for publication, rows in record().counties[MONTEREY].figures.items():
        if publication.dashboard_year == FIGURES:
            for row in rows:
                if row.status is not None:
                    found.setdefault((row.cds, row.group.lower()), {})[publication.kind] = row
    return found


def tenths(value):
    return f"{'−' if value < 0 else ''}{abs(value) // 10}.{abs(value) % 10}"


def test_the_figures_of_an_lea_stand_in_a_table_with_level_or_color_as_the_file_has_them():
    colors = {1: "red", 2: "orange", 3: "yellow", 4: "green", 5: "blue"}
    indicators = with_figures().indicators
    groups = with_figures().rulebook.names["Group"]
    codes = {words: code for code, words in with_figures().rulebook.names["Indicator"].items()}
    by_lea = {}
    for (cds, group), rows in published_rows().items():
        words = groups[group]
        cells = []
        for indicator in indicators:
            row = rows.get(codes[indicator])
            if row is None:
                cells.append(("none", "–"))
                continue
            change = "" if row.change is None else f" ({'+' if row.change > 0 else ''}{tenths(row.change)})"
            color = colors.get(row.color, "none")
            level = f"level {row.status_level}" if row.status_level else "no color"
            label = color.capitalize() if row.color else level
            cells.append((color, f"{label} {tenths(row.status)}{change}"))
        by_lea.setdefault(cds, {})[f"{words[:1].upper()}{words[1:]}"] = cells
    shown = {}
    for cds, section in figure_sections().items():
        tables = [one for one in section.all("table") if one.attributes.get("class") == "figures"]
        assert len(tables) == (cds in by_lea)
        for table in tables:
            assert len(table.all("thead")[0].all("th")) == 1 + len(indicators)
            shown[cds] = {
                row.children[0].text: [(cell.attributes["class"], cell.text) for cell in row.children[1:]]
                for row in table.all("tbody")[0].children
            }
    assert shown == by_lea
    assert len(shown) > 20


def test_the_groups_on_the_lowest_performance_level_are_listed_as_the_red_list_has_them():
    names = with_figures().rulebook.names
    ((_, rows),) = record().counties[MONTEREY].low_performance.items()
    expected = {cds: set() for cds in figure_sections()}
    for row in rows:
        for indicator in row.indicators:
            expected[row.cds].add((names["Group"][row.group.lower()], names["Indicator"][indicator]))
    listed = {cds: set() for cds in figure_sections()}
    for cds, section in figure_sections().items():
        sentences = [item.text for item in section.all("li") if "must have specific actions for" in item.text]
        headings = [one.text for one in section.all("h4", "summary") if one.text == "Lowest performance level"]
        own = [text for text in sentences if text.endswith(f", by the {FIGURES} Dashboard.")]
        assert len(headings) == bool(own)
        for text in own:
            found = re.fullmatch(r"The LCAP of .* must have specific actions for (.*) on (.*), by the .*", text)
            listed[cds].add((found[1], found[2]))
    assert listed == expected
    assert sum(map(len, listed.values())) == 134


def test_a_page_has_the_countys_charters_after_its_districts():
    kinds = [row.kind for row in with_figures().rows]
    assert kinds == sorted(kinds, key=["county_office", "district", "charter"].index)
    assert kinds.count("charter") == 8
    assert list(figure_sections()) == [row.cds for row in with_figures().rows]


def test_a_charter_that_met_the_criteria_in_one_year_alone_is_not_called_eligible(monkeypatch):
    cds = "27102720112177"
    leas = [made_up(cds, "Made-up Charter", {"FOS": "K"}), made_up(cds, "Made-up Charter", year=2024)]
    charters = CountyEvidence(charters=record().counties[MONTEREY].charters)
    made = Record({(one.year, cds): one for one in leas}, {MONTEREY: charters}, record().sources)
    monkeypatch.setattr("pyreport.reporting.county_decisions.record_of", lambda evidence: made)
    monkeypatch.setattr("pyreport.reporting.page_request.record_of", lambda evidence: made)
    (lea,) = county_page(MONTEREY, PageRequest(YEAR)).leas
    assert (lea.row.kind, lea.row.status, lea.row.methods) == ("charter", "General Assistance", (1,))
    assert not lea.eligible
    assert lea.ground == "none on record"
    assert lea.answer == (
        "In 2025, Made-up Charter met Method 1 (state indicators) with foster youth (Priorities 4, 5, 6 and 8); "
        "by that alone it is not eligible for differentiated assistance."
    )


def test_what_was_compared_with_cde_is_told_on_every_page():
    for code, name in COUNTIES:
        (heading,) = [one for one in tree(name).all("h2") if one.text == "Checked against CDE"]
        listed = heading.parent.children[heading.parent.children.index(heading) + 1 :]
        items = next(one for one in listed if one.tag == "ul").all("li")
        assert [item.text for item in items] == county_page(code, PageRequest(YEAR)).reconciliation
        first = f"Statuses, methods and EC 52072 flags that CDE printed for {counties()[code]} County: "
        assert items[0].text.startswith(first)
        assert items[0].text.endswith(" compared, 0 differ.")


def test_what_was_compared_is_counted_year_by_year():
    assert with_figures().reconciliation == [
        "Statuses, methods and EC 52072 flags that CDE printed for Monterey County: 424 compared, 0 differ.",
        "Printed status and change levels computed anew: 1,864, 0 differ.",
        "Printed colors computed anew: 1,400, 0 differ.",
        "2018, figures and letters, student group by student group: 325 compared: 325 agree.",
        "2023, figures and letters, student group by student group: 325 compared: 325 agree.",
    ]


@pytest.mark.parametrize(("code", "name"), COUNTIES)
def test_a_section_quotes_every_passage_once_and_gives_every_inference_once(code, name):
    for section in tree(name).all("section"):
        laws = [one for one in section.all("p") if one.attributes.get("class") == "law"]
        assert laws
        quoted, inferred = set(), set()
        for law in laws:
            rule = rulebook().by_id[law.all("code")[0].text]
            # Of the rule's passages those are shown that speak of the case: new ones quoted, the others named.
            fresh = [one.text for one in law.all("q")]
            passages = [(cite.text, cite.quotation) for cite in rule.cites]
            named = [one for one in passages if one[0] in law.text]
            assert named
            assert fresh or quoted.intersection(named)
            new = [one for one in named if one not in quoted]
            assert set(fresh) <= {quotation for _, quotation in new}
            quoted |= {one for one in new if one[1] in fresh}
            if rule.inferred:
                first = rule.id not in inferred
                inferred.add(rule.id)
                assert law.text.endswith(f"Inferred: {rule.inferred}." if first else "(Inferred.)")
            else:
                assert "Inferred" not in law.text.replace("".join(one.text for one in law.all("q")), "")


def test_the_index_sums_the_state_up_before_anything_else():
    total, *_ = tree("index.html").all("tfoot")
    leas, eligible = (cell.text for cell in total.all("td")[:2])
    (answer,) = [one for one in tree("index.html").all("p") if one.attributes.get("class") == "answer"]
    assert answer.parent.tag == "header"
    assert answer.text.startswith(
        f"Of {leas} school districts and county offices of education on record, {eligible} (59%) "
        f"are eligible for differentiated assistance in {YEAR}: "
    )
