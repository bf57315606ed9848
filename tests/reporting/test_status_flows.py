import re

import pytest

from pyreport.reporting.flow_diagram import flow_diagram
from pyreport.reporting.status_flows import Change, Statuses, statuses_on_record

from .pages import YEAR, record, rulebook
from .state_pages import number, state, table

FIRST, SECOND, GENERAL = "Differentiated Assistance, Year 1", "Differentiated Assistance, Year 2", "General Assistance"
MADE_UP = {
    2023: {"a": FIRST, "b": FIRST, "c": GENERAL, "d": GENERAL, "e": GENERAL},
    2024: {"a": SECOND, "b": GENERAL, "c": FIRST, "d": GENERAL, "f": FIRST, "g": GENERAL},
}


@pytest.fixture
def made_up():
    return Statuses(rulebook(), MADE_UP)


def test_what_became_of_an_agency_is_told_from_its_statuses_on_two_dashboards(made_up):
    assert made_up.changes(2024) == {
        "a": Change.AGAIN,
        "b": Change.LEFT,
        "c": Change.NEW,
        "d": Change.STILL_NOT,
        "e": Change.GONE,
        "f": Change.NEW,
        "g": Change.LISTED,
    }
    assert made_up.earlier(2024) == 2023
    assert made_up.earlier(2023) is None
    assert made_up.changes(2023) == {}


def test_flows_go_from_each_status_to_each_and_count_every_agency_once(made_up):
    (transition,) = made_up.transitions()
    assert [(flow.before, flow.after, flow.count) for flow in transition.flows] == [
        (GENERAL, GENERAL, 1),
        (GENERAL, FIRST, 1),
        (GENERAL, None, 1),
        (FIRST, GENERAL, 1),
        (FIRST, SECOND, 1),
        (None, GENERAL, 1),
        (None, FIRST, 1),
    ]
    assert list(transition.changes.values()) == [2, 1, 1, 1, 1, 1]


def test_between_dashboards_of_which_one_is_not_on_record_nothing_flows():
    assert Statuses(rulebook(), {2019: {"a": GENERAL}, 2023: {"a": GENERAL}}).transitions() == []
    assert [one.later for one in Statuses(rulebook(), {2019: {"a": GENERAL}, 2022: {"a": GENERAL}}).transitions()] == [
        2022
    ]


def test_the_counts_of_the_years_are_those_that_cde_printed():
    counted = {
        year: sum(cell.status.value != words for (of, cds), cell in record().published.items() if of == year)
        for year, words in {2017: "General Support", **dict.fromkeys((2018, 2019, 2022, 2023, 2024), GENERAL)}.items()
    }
    assert {count.year: count.assisted for count in state().years} == {**counted, YEAR: state().total.eligible}
    assert counted[2024] == 589


def test_every_flow_on_record_sums_up_to_the_counts_of_both_dashboards():
    counts = {count.year: dict(count.statuses) for count in state().years}
    transitions = state().transitions
    assert [(one.earlier, one.later) for one in transitions][::-1] == list(
        zip(sorted(counts), sorted(counts)[1:], strict=False)
    )
    for transition in transitions:
        for status, count in counts[transition.earlier].items():
            assert sum(flow.count for flow in transition.flows if flow.before == status) == count
        for status, count in counts[transition.later].items():
            assert sum(flow.count for flow in transition.flows if flow.after == status) == count
        assert sum(transition.changes.values()) == sum(flow.count for flow in transition.flows)


def test_no_status_of_a_later_dashboard_is_looked_at():
    statuses = statuses_on_record(rulebook(), record(), 2019, {"01100170000000": GENERAL})
    assert statuses.years == [2017, 2018, 2019]
    assert statuses.counts()[-1].listed == 1


def test_the_table_of_the_page_has_every_flow_on_record():
    rows = [(years, before, after, number(count)) for years, before, after, count in table("flows", 1)]
    assert rows == [
        (f"{one.earlier} to {one.later}", flow.before or "not listed", flow.after or "not listed", flow.count)
        for one in state().transitions
        for flow in one.flows
    ]


def test_the_picture_has_a_block_for_each_status_as_high_as_its_count():
    diagram = flow_diagram(state().statuses)
    drawn = {(block.year, block.status): block for block in diagram.blocks}
    assert {key: block.count for key, block in drawn.items()} == {
        (count.year, status): number for count in state().years for status, number in count.statuses
    }
    heights = [block.height / block.count for block in diagram.blocks]
    assert max(heights) - min(heights) < 0.001
    assert [year for _, year in diagram.years] == [count.year for count in state().years]
    assert all(block.tone == 0 for block in diagram.blocks if block.status.startswith("General"))
    assert (drawn[2024, FIRST].tone, drawn[2024, SECOND].tone) == (1, 2)


def test_the_bands_of_the_picture_cover_the_edge_of_each_block_as_far_as_its_agencies_go_on(made_up):
    diagram = flow_diagram(made_up)
    assert [band.words for band in diagram.bands] == [
        f"1 from {FIRST} (2023) to {SECOND} (2024)",
        f"1 from {FIRST} (2023) to {GENERAL} (2024)",
        f"1 from {GENERAL} (2023) to {FIRST} (2024)",
        f"1 from {GENERAL} (2023) to {GENERAL} (2024)",
    ]
    blocks = {(block.year, block.status): block for block in diagram.blocks}
    unit = blocks[2023, FIRST].height / 2
    left = []
    for band in diagram.bands:
        _, y, *_, to_x, to_y = map(float, re.match(r"M(\S+) (\S+)C\S+ \S+ \S+ \S+ (\S+) (\S+)V", band.path).groups())
        left.append(y)
        assert to_x == blocks[2024, SECOND].x
        status = band.words.partition(" to ")[2].removesuffix(" (2024)")
        end = blocks[2024, status]
        assert end.y + unit - 0.2 <= to_y <= end.y + end.height + 0.2
    floor = blocks[2023, FIRST].y + blocks[2023, FIRST].height
    assert left == pytest.approx([floor - unit * place for place in range(4)], abs=0.2)
    assert flow_diagram(Statuses(rulebook(), {})).blocks == []
