"""The colors of the pages on the law: every text and every mark is told from its ground, light and dark."""

import re

import pytest

from pyreport.reporting.layout import TEMPLATES

LAW = (TEMPLATES / "page" / "law.css").read_text(encoding="utf-8")
_VARIABLES = re.compile(r"--([a-z-]+):(#[0-9a-f]{3,6})")


def colors(mode: str) -> dict[str, str]:
    light, _, dark = LAW.partition("@media (prefers-color-scheme:dark)")
    return dict(_VARIABLES.findall(light)) | (dict(_VARIABLES.findall(dark)) if mode == "dark" else {})


def luminance(color: str) -> float:
    digits = color[1:] if len(color) == 7 else "".join(2 * digit for digit in color[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_contrast_of_black_and_white_is_the_greatest():
    assert contrast("#000", "#ffffff") == pytest.approx(21)


# Each text with the grounds on which it stands.
TEXTS = {
    "ink": ("paper", "plain-tint", "stated-tint", "missing-tint", "note-tint", "code"),
    "soft": ("paper", "plain-tint"),
    "blue": ("paper",),
    "link": ("paper", "plain-tint"),
    "note-ink": ("plain-tint", "note-tint"),
    "predicate": ("paper", "plain-tint", "code"),
    "word": ("code",),
    "text": ("code",),
    "comment": ("code",),
    "stated": ("paper",),
    "plain": ("paper",),
    "missing": ("paper", "missing-tint"),
}


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), [(text, ground) for text, on in TEXTS.items() for ground in on])
def test_a_text_has_contrast_enough(mode, text, ground):
    known = colors(mode)
    assert contrast(known[text], known[ground]) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("mark", ["bar", "bar-open", "bar-gap", "stated", "plain", "missing"])
def test_a_mark_has_contrast_enough(mode, mark):
    known = colors(mode)
    assert contrast(known[mark], known["paper"]) >= 3


def test_every_color_that_the_style_sheet_uses_is_one_of_its_own():
    assert set(re.findall(r"var\(--([a-z-]+)\)", LAW)) <= set(colors("light"))


def test_every_color_of_the_light_pages_has_one_for_the_dark():
    light, dark = colors("light"), LAW.partition("@media (prefers-color-scheme:dark)")[2]
    assert sorted(set(light) - set(dict(_VARIABLES.findall(dark)))) == []
