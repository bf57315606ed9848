"""The colors of all pages: every text is told from its ground, light, dark and in print, in color cells too."""

import re

import pytest

from pyreport.reporting.layout import TEMPLATES

from .test_law_css import contrast

STYLE = (TEMPLATES / "page" / "style.css").read_text(encoding="utf-8")
_ROOT = re.compile(r":root\{([^}]*)\}")
_VARIABLES = re.compile(r"--([a-z-]+):(#[0-9a-f]{3,6})")
_CELL = re.compile(r"\.figures \.([a-z]+)\{background:(#[0-9a-f]+);color:(#[0-9a-f]+)\}")
LIGHT, DARK, PRINT = (dict(_VARIABLES.findall(root)) for root in _ROOT.findall(STYLE))
MODES = {"light": LIGHT, "dark": LIGHT | DARK, "print": LIGHT | PRINT}

# Each text with the grounds on which it stands.
TEXTS = {
    "ink": ("paper", "tint", "note"),
    "soft": ("paper", "tint", "note"),
    "link": ("paper", "tint", "note"),
    "blue": ("paper",),
    "gold": ("paper",),
    "on": ("blue",),
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("text", "ground"), [(text, ground) for text, on in TEXTS.items() for ground in on])
def test_a_text_has_contrast_enough(mode, text, ground):
    assert contrast(MODES[mode][text], MODES[mode][ground]) >= 4.5


def test_every_color_of_the_dashboard_has_a_cell_whose_words_have_contrast_enough():
    cells = {name: contrast(ground, ink) for name, ground, ink in _CELL.findall(STYLE)}
    assert sorted(cells) == ["blue", "green", "orange", "red", "yellow"]
    assert min(cells.values()) >= 4.5


def test_every_color_that_the_style_sheet_uses_is_one_of_its_own_and_has_a_dark_one():
    assert set(re.findall(r"var\(--([a-z-]+)\)", STYLE)) <= set(LIGHT)
    assert sorted(LIGHT) == sorted(DARK)
