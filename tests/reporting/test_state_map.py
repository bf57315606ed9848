import re

import pytest

from pyreport.evidence.counties import counties
from pyreport.reporting.state_map import percent, state_map

from .state_pages import COUNTY_PAGES, part, state, table


def shapes():
    (svg,) = [one for one in part("county_map").all("svg") if one.attributes.get("role") == "group"]
    return [one for one in svg.children if one.tag in ("a", "g")]


@pytest.mark.parametrize(
    ("part_of", "whole", "expected"),
    [(0, 5, 0), (5, 5, 100), (1, 1000, 1), (999, 1000, 99), (1, 3, 33), (0, 0, 0), (1, 2, 50)],
)
def test_a_percentage_is_zero_or_a_hundred_only_where_it_is_exactly_that(part_of, whole, expected):
    assert percent(part_of, whole) == expected


def test_every_county_has_an_outline_within_the_map_and_a_label_of_its_own():
    drawn = state_map(dict.fromkeys(counties(), (1, 2)))
    assert [shape.code for shape in drawn.shapes] == list(counties())
    assert (
        len({shape.path for shape in drawn.shapes}) == len({shape.label for shape in drawn.shapes}) == len(counties())
    )
    for shape in drawn.shapes:
        assert re.fullmatch(r"(M\d+ \d+l(-?\d+ ?)+z)+", shape.path)
        for outline in shape.path.split("z")[:-1]:
            x, y = map(int, re.match(r"M(\d+) (\d+)", outline).groups())
            steps = list(map(int, re.findall(r"-?\d+", outline.partition("l")[2])))
            assert len(steps) % 2 == 0
            for step_x, step_y in zip(steps[::2], steps[1::2], strict=True):
                x, y = x + step_x, y + step_y
                assert 0 <= x <= drawn.width
                assert 0 <= y <= drawn.height


def test_only_a_county_too_small_for_its_label_has_it_beside():
    assert [shape.name for shape in state_map({}).shapes if shape.outside] == ["San Francisco"]


def test_a_shade_is_for_the_percentages_that_the_legend_names():
    counts = {"01": (0, 4), "02": (1, 4), "03": (26, 100), "04": (3, 4), "05": (4, 4)}
    drawn = state_map(counts)
    assert [shape.shade for shape in drawn.shapes[:6]] == [0, 1, 2, 3, 4, None]
    assert [shade.counties for shade in drawn.shades] == [1, 1, 1, 1, 1]
    assert drawn.shapes[5].percent is drawn.shapes[5].label is None


def test_every_county_on_the_page_leads_to_its_page_and_its_title_says_what_the_table_says():
    rows = {name: (eligible, leas, share.strip()) for name, leas, eligible, share, *_ in table("county_map")[:-1]}
    assert len(shapes()) == len(rows) == len(counties())
    for shape, page in zip(shapes(), COUNTY_PAGES, strict=True):
        assert shape.attributes["href"] == page
        name, eligible, leas, share = re.fullmatch(
            r"(.*): (\d+) of (\d+) eligible \((\d+%)\)", shape.children[0].text
        ).groups()
        assert rows[name] == (eligible, leas, share)
        # The number in the county says what its shade does.
        assert f"{shape.all('text')[0].text}%" == share


def test_the_legend_counts_every_county():
    assert sum(shade.counties for shade in state().map.shades) == len(counties())
