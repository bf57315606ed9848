import re

import pytest

from pyreport.reporting.layout import TEMPLATES

STYLE = (TEMPLATES / "page" / "state.css").read_text(encoding="utf-8")


def variables():
    """The colors of the light and of the dark palette, by name."""
    light, dark = (
        dict(re.findall(r"--([a-z0-9-]+):(#[0-9a-f]+)", block)) for block in re.findall(r":root\{([^}]*)\}", STYLE)
    )
    return {"light": light, "dark": dark}


def luminance(color):
    digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_number_is_readable_on_its_shade(mode):
    colors = variables()[mode]
    pairs = [name for name in colors if name.startswith(("shade-", "tone-"))]
    assert len(pairs) == 8
    assert {
        name: round(contrast(colors[name], colors[f"on-{name}"]), 1)
        for name in pairs
        if contrast(colors[name], colors[f"on-{name}"]) < 4.5
    } == {}


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_greater_share_stands_out_more_from_the_paper(mode):
    colors = variables()[mode]
    paper = "#ffffff" if mode == "light" else "#14181e"
    steps = [contrast(colors[f"shade-{number}"], paper) for number in range(5)]
    assert steps == sorted(steps)
