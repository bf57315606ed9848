"""What a page must be for everyone who reads it, with whatever program."""

import functools
import gzip
import hashlib
import itertools
import re

import pytest

from pyreport.evidence.counties import counties, county_slug
from pyreport.evidence.model import CountyEvidence
from pyreport.evidence.record import Record
from pyreport.files.places import policy_folder
from pyreport.reasoning.determinations import Certainty
from pyreport.reporting.county_case import CountyCase, county_case
from pyreport.reporting.county_decisions import county_decision
from pyreport.reporting.county_files import write_county
from pyreport.reporting.county_page import CountyPage, county_page
from pyreport.reporting.lea_page import LeaPage, lea_page
from pyreport.reporting.page_inputs import rulebook_with_changes_of
from pyreport.reporting.page_request import PageRequest
from pyreport.reporting.rendering import Html
from pyreport.reporting.standing import Standing
from pyreport.reporting.statewide import statewide_page
from pyreport.verification.verifier import Evidence, Verifier

from .pages import (
    ALPINE,
    ALPINE_UNIFIED,
    LOS_ANGELES,
    MONTEREY,
    MONTEREY_OFFICE,
    NAMES,
    YEAR,
    Tree,
    county_folder,
    folder,
    made_up,
    page,
    record,
    rulebook,
    shown,
    tree,
)

OVERVIEWS = {ALPINE: NAMES[ALPINE], MONTEREY: NAMES[MONTEREY]}
SALINAS, CHUALAR, CHARTER = "27661590000000", "27659950000000", "27102720124297"
LEAS = [ALPINE_UNIFIED, MONTEREY_OFFICE, SALINAS, CHUALAR]
PAGES = [*OVERVIEWS.values(), *(f"lea/{cds}.html" for cds in LEAS), "index.html"]

LANDMARKS = ["header", "main", "footer"]


@functools.cache
def case(code, year=YEAR):
    return CountyCase(code, county_decision(code, PageRequest(year)), lambda: rulebook_with_changes_of(None))


def row_of(name):
    """The determination of the LEA of a page."""
    cds = name.removeprefix("lea/").removesuffix(".html")
    return case(cds[:2]).history[cds][-1]


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
    words = "California"
    if name.startswith("lea/"):
        words = row_of(name).name
    elif name != "index.html":
        words = f"{counties()[name[:2]]} County"
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
    labels = [nav.attributes["aria-label"] for nav in tree(name).all("nav")]
    assert labels
    assert len(set(labels)) == len(labels)


def test_every_table_has_a_caption_and_every_heading_cell_a_scope(name):
    tables = tree(name).all("table")
    assert tables
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


def test_every_link_to_another_page_leads_to_a_file_that_is_there_and_to_a_place_in_it(name):
    links = {link.attributes["href"] for link in tree(name).all("a")}
    outside = {link for link in links if not link.startswith(("#", "https://"))}
    # The archive of a county is made last, of the files that are there.
    outside -= {name.replace(".html", ".zip")}
    assert outside
    # The index links all counties; two of them were made.
    made = {f"{county_slug(code)}" for code in OVERVIEWS}
    ids = {}
    for link in outside:
        path, _, anchor = link.partition("#")
        target = (folder() / name).parent / path
        if (
            name == "index.html"
            and not any(code in target.name[:2] for code in OVERVIEWS)
            and path[:1] in "0123456789l"
        ):
            continue
        assert target.is_file(), link
        if anchor:
            if target not in ids:
                ids[target] = set(re.findall(r'id="([^"]+)"', target.read_text(encoding="utf-8")))
            assert anchor in ids[target], link
    assert made


def test_a_page_runs_nothing_and_loads_nothing(name):
    # The list of the index has a filter.
    assert [script.attributes for script in tree(name).all("script")] == [{}] * (name == "index.html")
    forbidden = ["link", "img", "iframe", "object", "embed", "form", "input", "video", "audio", "base"]
    assert tree(name).all(*forbidden) == []
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


BOTH = pytest.mark.parametrize(("code", "name"), OVERVIEWS.items())


@BOTH
def test_an_overview_names_every_lea_of_the_county_and_year_once_and_links_its_page(code, name):
    expected = {
        cds: one.name.value for (year, cds), one in record().lea_years.items() if year == YEAR and cds[:2] == code
    }
    (heading,) = [one for one in tree(name).all("h2") if one.text == "All local educational agencies"]
    siblings = heading.parent.children
    following = siblings[siblings.index(heading) + 1 :]
    section = list(itertools.takewhile(lambda one: one.tag != "h2", following))
    links = [link for element in section for link in element.all("a")]
    found = {link.attributes["href"]: link.text for link in links if link.attributes["href"].startswith("lea/")}
    assert len(found) == len([link for link in links if link.attributes["href"].startswith("lea/")])
    assert found == {f"lea/{cds}.html": words for cds, words in expected.items()}
    assert {path.stem for path in (folder() / "lea").glob(f"{code}*.html")} == set(expected)


@BOTH
def test_an_overview_counts_its_leas_by_how_they_stand(code, name):
    prepared = CountyPage(case(code))
    rows = case(code).rows
    eligible = [row for row in rows if row.differentiated_assistance is Certainty.CERTAIN]
    counts = dict(prepared.counts)
    assert counts["eligible"] == len(eligible)
    assert counts["local educational agencies"] == len(rows)
    for row in rows:
        before = [past for past in case(code).history[row.cds] if past.dashboard_year < YEAR]
        was = bool(before) and before[-1].differentiated_assistance is Certainty.CERTAIN
        standing = next(one for one, listed in prepared.by_standing.items() if row in listed)
        assert (standing in (Standing.NEW, Standing.AGAIN, Standing.CONTINUING)) == (row in eligible)
        assert (standing is Standing.LEFT) <= was
        assert (standing is Standing.AGAIN) <= was
    assert sum(map(len, prepared.by_standing.values())) == len(rows)
    assert all(sentence in tree(name).all("header")[0].text for sentence in prepared.message)


@BOTH
def test_the_grid_of_an_overview_has_the_groups_and_priorities_of_the_decision(code, name):
    rows = {row.name: row.groups for row in case(code).rows if row.groups}
    tables = [one for one in tree(name).all("table") if one.children[0].text.startswith("Priorities that each")]
    assert len(tables) == bool(rows)
    shown = {}
    for table in tables:
        heads = [cell.text for cell in table.all("thead")[0].all("th")][1:]
        codes = {case(code).group_name(group): group for groups in rows.values() for group in groups}
        for row in table.all("tbody")[0].children:
            first, *cells = row.children
            shown[first.text] = {
                codes[head]: tuple(map(int, re.findall(r"\d+", cell.text)))
                for head, cell in zip(heads, cells, strict=True)
                if "●" in cell.text
            }
    assert shown == {name: dict(groups) for name, groups in rows.items()}


@pytest.mark.parametrize("cds", LEAS)
def test_the_answers_of_an_lea_page_are_those_of_the_decision(cds):
    root, row = tree(f"lea/{cds}.html"), row_of(f"lea/{cds}.html")
    (header,) = root.all("header")
    chips = [one.text for one in header.all("span") if "chip" in one.attributes.get("class", "")]
    assert chips[0] == row.status
    assert (len(chips) > 1) == (row.differentiated_assistance is Certainty.POSSIBLE)
    assert row.basis in header.text
    assert case(cds[:2]).answer(row) in header.text
    table = [
        one for one in root.all("table") if one.children[0].text.startswith("Student groups that met the criteria, ")
    ]
    met = [cell for one in table for cell in one.all("td") if cell.text == "● met"]
    assert len(met) == sum(map(len, row.groups.values()))
    (years,) = [one for one in root.all("table") if one.children[0].text.startswith("All Dashboards on record")]
    past = case(cds[:2]).history[cds]
    assert [line.children[0].text for line in years.all("tbody")[0].children] == [
        str(one.dashboard_year) for one in reversed(past)
    ]
    for line, one in zip(years.all("tbody")[0].children, reversed(past), strict=True):
        assert one.status in line.children[1].text


@pytest.mark.parametrize("name", [one for one in PAGES if one != "index.html"])
def test_a_page_names_its_proof_and_says_that_every_conclusion_in_it_was_checked(name):
    code = name.removeprefix("lea/")[:2]
    decision = case(code).decision
    assert decision.verdict.holds
    (footer,) = tree(name).all("footer")
    derivations, counted = decision.graph.size
    assert f" conclusions, {derivations:,} derivations and {counted:,} counted elements" in footer.text
    assert rulebook().fingerprint[:16] in footer.text
    (sha256,) = [one.text for one in footer.all("code") if one.attributes.get("id") == "proof"]
    link = next(one.attributes["href"] for one in footer.all("a") if "proof/" in one.attributes["href"])
    packed = ((folder() / name).parent / link).read_bytes()
    assert hashlib.sha256(gzip.decompress(packed)).hexdigest() == sha256


def test_files_are_verified_by_the_separate_checker_and_made_again_the_same():
    verifier = Verifier(policy_folder(), Evidence(record(), {}, "the record"), jobs=2)
    names = [name for name in PAGES if name != "index.html"]
    for result in verifier.verify([folder() / name for name in names]):
        assert result.holds, str(result)
        assert "Made again from its proof, the file is the same, byte for byte." in result.confirmed


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
        for module in ("county_decisions", "statewide", "page_inputs"):
            monkeypatch.setattr(f"pyreport.reporting.{module}.record_of", lambda evidence: made)

    return use


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
    county_case.cache_clear()
    place = tmp_path / "build"
    write_county(str(place), MONTEREY, PageRequest(YEAR))
    overview = Tree((place / NAMES[MONTEREY]).read_text(encoding="utf-8")).root
    assert next(link.text for link in overview.all("a") if link.attributes["href"] == f"lea/{cds}.html") == odd
    page = Tree((place / "lea" / f"{cds}.html").read_text(encoding="utf-8")).root
    assert page.all("h1")[0].text.startswith(odd)
    assert f"Foster youth at {odd} met the criteria of Priority 4 (Pupil Achievement) in {YEAR}" in page.text
    assert "A <made-up> file & more" not in page.text or page.all("script") == []
    assert overview.all("script") == page.all("script") == []
    for result in Verifier(policy_folder()).verify([place]):
        assert result.holds, str(result)


@pytest.fixture(autouse=True)
def decided_anew():
    """What a test decides of a record of its own is not kept for the next."""
    yield
    county_case.cache_clear()


def test_a_county_that_the_years_file_does_not_list_gets_a_page_that_says_so(record_is):
    record_is(made_up("02613330000000", "Elsewhere"))
    root = Tree(shown("county.ipynb", county=MONTEREY, year=YEAR)).root
    (header,) = root.all("header")
    assert f"CDE's status file of {YEAR} lists no local educational agency of Monterey County." in header.text
    assert len(root.all("h1")) == 1
    assert "Elsewhere" not in root.text


@pytest.mark.parametrize(
    ("leas", "answer"),
    [
        ([{"FOS": "A"}], "1 of Monterey County's 1 local educational agencies is eligible"),
        ([{"FOS": "A"}, {"WH": "B"}], "2 of Monterey County's 2 local educational agencies are eligible"),
        ([{"FOS": "A"}, {}], "1 of Monterey County's 2 local educational agencies is eligible"),
        ([{"FOS": "A"}, {}], "For 1 it is possible on a ground that is not on record."),
        ([{}, {}], "None of Monterey County's 2 local educational agencies are eligible"),
        ([{}, {}], "For 2 it is possible on a ground that is not on record."),
    ],
)
def test_the_county_is_summed_up_in_its_first_sentence(record_is, leas, answer):
    record_is(*[made_up(f"2766{number:03}0000000", f"LEA {number}", letters) for number, letters in enumerate(leas)])
    county_case.cache_clear()
    assert answer in county_page(MONTEREY, PageRequest(YEAR)).message[0]


def test_an_alternative_reading_is_named_at_the_top_of_its_pages(record_is):
    name = "ec-52072-calendar-window"
    record_is(made_up("27660500000000", "Made-up"))
    request = PageRequest(YEAR, reading=name)
    county_case.cache_clear()
    pages = (county_page(MONTEREY, request), lea_page("27660500000000", request), statewide_page(request))
    for prepared in pages:
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

    county_case.cache_clear()
    monkeypatch.setattr(decision, "_checker", Doubting)
    with pytest.raises(decision.ProofError, match="one derivation is missing"):
        county_page(ALPINE, PageRequest(YEAR))


def test_displayed_html_has_the_same_plain_form_in_every_process():
    assert repr(Html("<p>é</p>")) == "<Html of 8 characters>"


FIGURES = 2023


@functools.cache
def figure_pages():
    """The pages of Monterey's LEAs of the newest year that has figures, letters and the red list, by CDS code."""
    place = county_folder(MONTEREY, FIGURES) / "lea"
    return {path.stem: Tree(path.read_text(encoding="utf-8")).root for path in sorted(place.glob("*.html"))}


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
    indicators = LeaPage(case(MONTEREY, FIGURES), SALINAS).indicators
    groups = rulebook().names["Group"]
    codes = {f"{words[:1].upper()}{words[1:]}": code for code, words in rulebook().names["Indicator"].items()}
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
    for cds, root in figure_pages().items():
        tables = [one for one in root.all("table") if one.attributes.get("class") == "figures"]
        assert len(tables) == (cds in by_lea)
        for table in tables:
            assert len(table.all("thead")[0].all("th")) == 1 + len(indicators)
            shown[cds] = {
                row.children[0].text: [(cell.attributes.get("class", "none"), cell.text) for cell in row.children[1:]]
                for row in table.all("tbody")[0].children
            }
    assert shown == by_lea
    assert len(shown) > 20


def test_a_county_has_its_charters_after_its_districts():
    kinds = [row.kind for row in case(MONTEREY, FIGURES).rows]
    assert kinds == sorted(kinds, key=["county_office", "district", "charter"].index)
    assert kinds.count("charter") == 8
    assert set(figure_pages()) == {row.cds for row in case(MONTEREY, FIGURES).rows}


def test_a_charter_that_met_the_criteria_in_one_year_alone_is_not_called_eligible(monkeypatch):
    cds = "27102720112177"
    leas = [made_up(cds, "Made-up Charter", {"FOS": "K"}), made_up(cds, "Made-up Charter", year=2024)]
    charters = CountyEvidence(charters=record().counties[MONTEREY].charters)
    made = Record({(one.year, cds): one for one in leas}, {MONTEREY: charters}, record().sources)
    monkeypatch.setattr("pyreport.reporting.county_decisions.record_of", lambda evidence: made)
    monkeypatch.setattr("pyreport.reporting.page_inputs.record_of", lambda evidence: made)
    county_case.cache_clear()
    lea = lea_page(cds, PageRequest(YEAR))
    assert (lea.row.kind, lea.row.status, lea.row.methods) == ("charter", "General Assistance", (1,))
    assert not lea.eligible
    assert lea.answer == (
        "In 2025, Made-up Charter met Method 1 (state indicators) with foster youth (Priorities 4, 5, 6 and 8); "
        "by that alone it is not eligible for differentiated assistance."
    )


@BOTH
def test_what_was_compared_with_cde_is_told_on_every_overview(code, name):
    sentences = CountyPage(case(code)).reconciliation
    assert " ".join(sentences) in tree(name).text
    assert sentences[0].startswith(
        f"Statuses, methods and EC 52072 flags that CDE printed for {counties()[code]} County: "
    )
    assert sentences[0].endswith(" compared, 0 differ.")


def test_what_was_compared_is_counted_year_by_year():
    assert CountyPage(case(MONTEREY, FIGURES)).reconciliation == [
        "Statuses, methods and EC 52072 flags that CDE printed for Monterey County: 424 compared, 0 differ.",
        "Printed status and change levels computed anew: 1,864, 0 differ.",
        "Printed colors computed anew: 1,400, 0 differ.",
        "2018, figures and letters, student group by student group: 325 compared: 325 agree.",
        "2023, figures and letters, student group by student group: 325 compared: 325 agree.",
    ]


@pytest.mark.parametrize("cds", LEAS)
def test_an_lea_page_quotes_the_statute_on_which_its_answer_rests(cds):
    page = LeaPage(case(cds[:2]), cds)
    quoted = tree(f"lea/{cds}.html").all("blockquote")
    # That nothing is owed follows from CDE's answer, not from a sentence of a statute.
    assert [page.eligible] * len(quoted) == ([True] if page.eligible else [])
    for quotation in quoted:
        assert page.statute.quotation in quotation.text
        assert page.statute.text in quotation.text


def test_the_index_sums_the_state_up_before_anything_else():
    total, *_ = tree("index.html").all("tfoot")
    leas, eligible = (cell.text for cell in total.all("td")[:2])
    (answer,) = [one for one in tree("index.html").all("p") if one.attributes.get("class") == "answer"]
    assert answer.parent.tag == "header"
    assert answer.text.startswith(
        f"Of {leas} school districts and county offices of education on record, {eligible} (59%) "
        f"are eligible for differentiated assistance in {YEAR}: "
    )


KILOBYTE = 1_000


@pytest.mark.sweep
def test_the_pages_of_the_largest_county_are_within_their_budget_of_bytes():
    place = county_folder(LOS_ANGELES)
    assert (place / NAMES[LOS_ANGELES]).stat().st_size <= 250 * KILOBYTE
    sizes = {path.name: path.stat().st_size for path in (place / "lea").glob("*.html")}
    assert len(sizes) > 90
    assert {name: size for name, size in sizes.items() if size > 300 * KILOBYTE} == {}


@pytest.mark.parametrize("name", PAGES[:-1])
def test_a_page_is_within_its_budget_of_bytes(name):
    assert (folder() / name).stat().st_size <= (300 if name.startswith("lea/") else 250) * KILOBYTE
