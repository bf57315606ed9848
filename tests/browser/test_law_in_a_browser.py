"""The pages on the law in Chromium, light and dark, on a wide and on a narrow screen, with everything opened."""

import pytest
from made_once import made_once

from pyreport.reporting.rulebook_site import rulebook_pages, write_rulebook

from .test_in_a_browser import CHROMIUM, NARROW, WIDE, open_all, playwright, violations
from .test_in_a_browser import pytestmark as in_a_browser

pytestmark = [*in_a_browser, pytest.mark.sweep]

# Axe takes minutes over the pages of all rules, all predicates and all cases: a part of each stands for it.
WHOLE = ["rulebook/03.html", "rulebook/S3.html", "rulebook/duties.html", "rulebook/open-questions.html"]
PARTS = {"law.html": "section.authority", "rulebook/words.html": "section.rule", "rulebook/cases.html": "section.rule"}
KEPT = 12


@pytest.fixture(scope="module")
def folder():
    def make(place):
        assert write_rulebook(place, rulebook_pages()) == []

    return made_once("law", make)


@pytest.fixture(scope="module")
def browser(folder):
    with playwright.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", [*WHOLE, *PARTS])
def test_axe_finds_no_violation_and_nothing_is_wider_than_the_screen(browser, folder, name, viewport, scheme):
    context = browser.new_context(viewport=viewport, color_scheme=scheme)
    page = context.new_page()
    page.goto((folder / name).as_uri())
    open_all(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    if name in PARTS:
        assert page.locator(PARTS[name]).count() > KEPT
        page.evaluate(f"[...document.querySelectorAll('{PARTS[name]}')].slice({KEPT}).forEach(one => one.remove())")
    assert violations(page) == []
    context.close()
