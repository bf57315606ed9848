"""The pages on the law as ``pyreport law`` writes them: whole, linked among themselves, readable by everyone."""

import functools
import itertools
import re

import pytest
from click.testing import CliRunner
from made_once import made_once

from pyreport.cli import main
from pyreport.reporting.rulebook_site import LAW_PAGE, RulebookPage, rulebook_pages, write_rulebook
from pyreport.reporting.source_page import PAGES

from .pages import Element, Tree, rulebook

NAMES = [page.name for page in rulebook_pages()]
BYTES_OF_A_RULE = 850
"""The most bytes of ``law.html`` for each rule, all else included: two thirds are words of the law and its rules."""


@functools.cache
def folder():
    def make(place):
        assert write_rulebook(place, rulebook_pages()) == []

    return made_once("law", make)


@functools.cache
def text(name: str) -> str:
    return (folder() / name).read_text(encoding="utf-8")


@functools.cache
def tree(name: str) -> Element:
    return Tree(text(name)).root


@functools.cache
def anchors(name: str) -> list[str]:
    return [element.attributes["id"] for element in tree(name).all() if "id" in element.attributes]


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


def test_each_source_has_a_page_beside_the_law():
    assert NAMES[0] == LAW_PAGE
    assert {f"rulebook/{source}.html" for source in PAGES} < set(NAMES)
    assert all((folder() / name).is_file() for name in NAMES)


def test_a_page_has_a_title_one_first_heading_and_no_level_is_skipped(name):
    (title,), (heading,) = tree(name).all("title"), tree(name).all("h1")
    assert title.text == f"{heading.text} – California's System of Support"
    levels = [int(one.tag[1]) for one in tree(name).all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_no_anchor_stands_twice_and_every_link_inside_the_site_leads_to_one(name):
    assert len(set(anchors(name))) == len(anchors(name))
    for link in {link.attributes["href"] for link in tree(name).all("a")}:
        page, _, anchor = link.partition("#")
        if page.startswith("https:") or page.endswith("index.html"):
            continue
        target = name if not page else page.removeprefix("../") if page.startswith("../") else page
        if page and not page.startswith("../") and name.startswith("rulebook/"):
            target = f"rulebook/{page}"
        assert not anchor or anchor in anchors(target), f"{name}: {link}"


def test_a_page_needs_nothing_else(name):
    assert not re.search(r"<script|<link|<img|\bsrc=|url\(|@import", text(name))


def test_every_table_has_a_caption_and_every_head_says_of_what(name):
    for table in tree(name).all("table"):
        assert table.children[0].tag == "caption"
        assert table.children[0].text.strip()
        assert all(head.attributes.get("scope") in ("col", "row") for head in table.all("th"))


def test_the_dark_colors_are_on_the_pages_of_the_law(name):
    assert "prefers-color-scheme:dark" in text(name)


def test_the_page_of_all_rules_stays_small():
    assert len(text(LAW_PAGE).encode()) < BYTES_OF_A_RULE * len(rulebook().rules)


def test_a_page_that_cannot_be_made_is_named_with_the_reason(tmp_path, monkeypatch):
    def html(page):
        if page.name == LAW_PAGE:
            raise ValueError("no reason")
        return f"<p>{page.name}</p>"

    monkeypatch.setattr(RulebookPage, "html", html)
    assert write_rulebook(tmp_path, rulebook_pages()[:2]) == ["law.html: ValueError: no reason"]
    done = CliRunner().invoke(main, ["law", "--output", str(tmp_path)])
    assert done.exit_code == 3
    assert "Not written: law.html: ValueError: no reason" in done.stderr
    assert not (tmp_path / LAW_PAGE).exists()
    assert all((tmp_path / name).is_file() for name in NAMES[1:])


def test_a_file_of_counts_is_read_or_made_not_both(tmp_path):
    counts = tmp_path / "counts.json"
    counts.write_text("{}", encoding="utf-8")
    done = CliRunner().invoke(main, ["law", "--counts", str(counts), "--count-into", str(counts)])
    assert done.exit_code == 2
    assert "exclude each other" in done.stderr
