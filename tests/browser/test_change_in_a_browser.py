"""The page of a change in Chromium, light and dark, on a wide and on a narrow screen, with everything opened."""

import pytest
from made_once import made_once

from pyreport.comparison.policy_comparison import ComparisonRequest, compare_policies
from pyreport.evidence.readers.given import Given
from pyreport.reporting.change_page import written_page

from .test_in_a_browser import CHROMIUM, NARROW, WIDE, open_all, playwright, violations
from .test_in_a_browser import pytestmark as in_a_browser

pytestmark = [*in_a_browser, pytest.mark.sweep]

REQUEST = ComparisonRequest("year:2024", "year:2025", 2024, ("27661590000000",), Given(without=("letters",)))


@pytest.fixture(scope="module")
def page_file():
    def make(place):
        text = written_page(REQUEST, compare_policies(REQUEST, 1))
        place.mkdir()
        (place / "change.html").write_text(text, encoding="utf-8")

    return made_once("change", make) / "change.html"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_no_violation_and_nothing_is_wider_than_the_screen(page_file, viewport, scheme):
    with playwright.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(viewport=viewport, color_scheme=scheme).new_page()
        page.goto(page_file.as_uri())
        open_all(page)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        browser.close()
