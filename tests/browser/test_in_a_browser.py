"""The pages in Chromium: accessibility, width, keyboard, print. Nothing leaves the machine."""

import shutil

import pytest
from made_once import made_once
from reporting.pages import ALPINE_UNIFIED, MONTEREY, county_folder
from reporting.pages import folder as folder_of

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
]

# The newest Dashboard has letters alone; figures and colors stand on a page of an older one.
FIGURES = "2023/lea/27661590000000.html"
OVERVIEW, LEA, INDEX = "02-alpine.html", f"lea/{ALPINE_UNIFIED}.html", "index.html"
LARGE = ["27-monterey.html", "lea/27661590000000.html"]
# One page of each kind is tried by `make test`, on a wide and a narrow screen; every page by `make test-all`.
TRIED = [OVERVIEW, LEA, INDEX, *(pytest.param(name, marks=pytest.mark.sweep) for name in LARGE)]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
WIDTHS = [pytest.param(WIDE, id="wide"), pytest.param(NARROW, id="narrow")]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
RULES = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}


@pytest.fixture(scope="module")
def folder():
    """Pages of 2025 and, below ``2023/``, of 2023."""

    def make(place):
        shutil.copytree(folder_of(), place)
        shutil.copytree(county_folder(MONTEREY, 2023), place / "2023")

    return made_once("browser", make)


@pytest.fixture(scope="module")
def chromium(folder):
    # After the pages are made: while playwright runs, this thread has an event loop, and `build` needs one of its own.
    with playwright.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium, folder):
    """Opens a page of the folder and fails at the end if it asked for anything else."""
    contexts, asked, named = [], [], set()

    def open_page(name, viewport=WIDE, **options):
        context = chromium.new_context(viewport=viewport, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: pytest.fail(f"{name}: {message.text}"))
        named.add((folder / name).as_uri())
        page.goto((folder / name).as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert {url.partition("#")[0] for url in asked} == named


def violations(page):
    results = axe.Axe().run(page, options=RULES)
    return [
        f"{found['id']}: {found['help']}: {[node['target'] for node in found['nodes'][:3]]}"
        for found in results.response["violations"]
    ]


def take_away_what_is_closed(page):
    """Axe takes a minute over what nobody sees; with everything opened it looks at the smallest page."""
    page.evaluate("for (const one of document.querySelectorAll('details:not([open]) > :not(summary)')) one.remove()")


def open_all(page):
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")


@pytest.mark.parametrize("viewport", WIDTHS)
@pytest.mark.parametrize("name", TRIED)
def test_axe_finds_no_violation_of_wcag(opened, name, viewport):
    page = opened(name, viewport)
    take_away_what_is_closed(page)
    assert violations(page) == []


@pytest.mark.parametrize("viewport", WIDTHS)
@pytest.mark.parametrize("name", [OVERVIEW, LEA])
def test_axe_finds_no_violation_of_wcag_with_everything_opened(opened, name, viewport):
    page = opened(name, viewport)
    open_all(page)
    assert page.locator("details:not([open])").count() == 0
    assert violations(page) == []


@pytest.mark.sweep
@pytest.mark.parametrize("viewport", WIDTHS)
def test_axe_finds_no_violation_of_wcag_on_any_page_of_a_county(opened, folder, viewport):
    for path in sorted((folder / "2023" / "lea").glob("*.html")):
        page = opened(f"2023/lea/{path.name}", viewport)
        assert violations(page) == [], path.name
        page.context.close()


@pytest.mark.parametrize("viewport", WIDTHS)
def test_axe_finds_no_violation_of_wcag_in_the_table_of_figures_with_its_colors(opened, viewport):
    page = opened(FIGURES, viewport)
    for color in ("red", "orange", "yellow", "green"):
        assert page.locator(f"table.figures td.{color}").count() > 0
    assert page.locator("table.figures td.red").first.is_visible()
    assert violations(page) == []


@pytest.mark.parametrize("everything", [False, True], ids=["closed", "opened"])
@pytest.mark.parametrize("name", TRIED)
def test_a_narrow_page_is_not_wider_than_the_screen(opened, name, everything):
    page = opened(name, NARROW)
    if everything:
        open_all(page)
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    outside = """[...document.querySelectorAll('main *')].filter(
        one => !one.closest('.scroll') && one.getBoundingClientRect().right > innerWidth + 1
    ).map(one => one.outerHTML.slice(0, 80))"""
    assert page.evaluate(outside) == []


def test_a_step_of_the_proof_leads_to_those_it_rests_on_by_keyboard_without_javascript(opened):
    page = opened(LEA, java_script_enabled=False)
    link = page.locator("ol.proof > li a[href^='#s']").first
    anchor = link.get_attribute("href")
    link.focus()
    page.keyboard.press("Enter")
    assert page.url.endswith(anchor)
    target = page.locator(anchor)
    assert target.is_visible()
    assert target.evaluate(
        "one => { const at = one.getBoundingClientRect(); return at.top >= 0 && at.top < innerHeight }"
    )


def test_details_open_by_keyboard_without_javascript(opened):
    page = opened("27-monterey.html", java_script_enabled=False)
    details = page.locator("main details").first
    inside = details.locator(":scope > :not(summary)").first
    assert not inside.is_visible()
    details.locator("summary").focus()
    page.keyboard.press("Enter")
    assert inside.is_visible()
    page.keyboard.press("Enter")
    assert not inside.is_visible()


def test_the_first_tab_reaches_the_link_that_skips_to_the_main_part(opened):
    page = opened("02-alpine.html", java_script_enabled=False)
    page.keyboard.press("Tab")
    link = page.locator("a.skip")
    assert link.evaluate("one => one === document.activeElement && one.getBoundingClientRect().left >= 0")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_a_wide_table_can_be_scrolled_by_keyboard(opened):
    page = opened("27-monterey.html", NARROW)
    region = page.locator(".scroll:has(.grid)").first
    assert region.evaluate("one => one.scrollWidth > one.clientWidth")
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.scroll:has(.grid)').scrollLeft > 0")


def test_print_leaves_closed_what_is_folded_away_and_prints_what_was_opened(opened):
    page = opened("27-monterey.html")
    folded = page.locator("main details.more :is(td, li, p)")
    visible = "all => all.map(one => one.checkVisibility())"
    assert folded.count() >= 6
    page.emulate_media(media="print")
    assert not any(folded.evaluate_all(visible))
    assert all(page.locator("main details.more > summary").evaluate_all(visible))
    closed = len(page.pdf())
    open_all(page)
    assert all(folded.evaluate_all(visible))
    assert len(page.pdf()) > 1.1 * closed


def test_print_of_the_index_has_the_tables_that_are_closed_on_screen(opened):
    page = opened("index.html")
    hidden = page.locator("main details:not(.more) td")
    visible = "all => all.map(one => one.checkVisibility())"
    assert hidden.count() >= 6
    assert not any(hidden.evaluate_all(visible))
    page.emulate_media(media="print")
    assert all(hidden.evaluate_all(visible))
