import pytest

from pyreport.reporting.duty_timeline import Duty, Span, Timeline, duties_page, timelines

from .pages import rulebook

RULE = rulebook().by_id["obligations.provide"]


def duty(*days: tuple[int, int]) -> Duty:
    return Duty("the LEA", "do it", tuple(Span(RULE, "shall", "always", start, finish) for start, finish in days))


@pytest.mark.parametrize(
    ("days", "gaps"),
    [
        ([(20180101, 20191231), (20200101, 99991231)], []),
        ([(20180101, 20191231), (20200102, 99991231)], ["1 January 2020 to 1 January 2020"]),
        ([(20180101, 20220630), (20190101, 20191231), (20230101, 20231231)], ["1 July 2022 to 31 December 2022"]),
        ([(20180101, 99991231), (20200101, 20201231)], []),
        (
            [(20130701, 20180626), (20230710, 20260708), (20270101, 99991231)],
            ["27 June 2018 to 9 July 2023", "9 July 2026 to 31 December 2026"],
        ),
    ],
)
def test_a_gap_is_what_lies_between_two_spans_and_in_none(days, gaps):
    assert duty(*days).gap_words == gaps


def test_a_span_says_its_days():
    assert [span.words for span in duty((20180101, 20191231), (20200101, 99991231)).spans] == [
        "1 January 2018 to 31 December 2019",
        "from 1 January 2020 on",
    ]


def test_a_bar_lies_where_its_days_lie_and_one_without_end_reaches_the_edge():
    line = Timeline("charter schools", (), 2018, 2021)
    bars = line.bars(duty((20180101, 20181231), (20210101, 99991231)))
    assert [(bar.kind, bar.x, bar.end) for bar in bars] == [("span", 0, 50), ("open", 150, 200), ("gap", 50, 150)]
    assert line.years == [(2018, 0)]


def test_every_duty_of_the_policy_stands_in_the_row_of_its_kind():
    spans = [span for line in timelines(rulebook()) for one in line.duties for span in one.spans]
    facts = rulebook().rows("duty")
    assert sorted((span.start, span.finish) for span in spans) == sorted((row.start, row.finish) for row in facts)
    assert {span.rule.id for span in spans} == {rule.id for rule in rulebook().by_head["duty"]}


def test_the_page_counts_duties_and_gaps():
    page = duties_page()
    assert page.number == sum(len(line.duties) for line in page.timelines)
    assert f"{page.number} duties and options toward {len(page.timelines)} kinds" in page.heading().text
    gaps = [words for line in page.timelines for one in line.duties for words in one.gap_words]
    assert gaps
    assert page.duties().text.count("<b>Gap:</b>") == page.gaps
    assert all(words in page.duties().text for words in gaps)
