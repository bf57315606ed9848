import pytest
from reasoning.made_up_records import facts

from pyreport.hypotheses.settings import Setting, SettingError, moves_of_settings, read_setting
from pyreport.rulebook.syntax import quote

from .worlds_made_up import CDS, changes

LEA = quote(CDS)
ROW = ("dashboard_row", LEA, 2024, "hom", "ela", 40, "met", -900, -50, 1, 2, "red")
RATING = ("local_rating", LEA, 2024, 3, "met")
LETTER = ("published_letter", LEA, 2024, "hom", "c")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HOM.chronic=orange", ("dashboard_row", {"Year": 2024, "Group": "hom", "Indicator": "chronic_absenteeism"})),
        ("hom.MATH=Red", ("dashboard_row", {"Year": 2024, "Group": "hom", "Indicator": "math"})),
        (
            "2023:HOM.absenteeism=red",
            ("dashboard_row", {"Year": 2023, "Group": "hom", "Indicator": "chronic_absenteeism"}),
        ),
        ("SWD.college=level:1", ("dashboard_row", {"Year": 2024, "Group": "swd", "Indicator": "college_career"})),
        ("SWD.grad=listed", ("low_performing", {"Year": 2024, "Group": "swd", "Indicator": "graduation"})),
        ("LOCAL.3=not_met", ("local_rating", {"Year": 2024, "Priority": 3})),
        ("METHOD.2=yes", ("published_method", {"Year": 2024, "Method": 2})),
        ("HOM.letter=c", ("published_letter", {"Year": 2024, "Group": "hom"})),
    ],
)
def test_a_setting_names_the_fact_that_it_means(text, expected):
    setting = read_setting(changes(), text, 2024)
    assert (setting.predicate, dict(setting.named)) == expected


@pytest.mark.parametrize(
    ("text", "argument", "value"),
    [
        ("HOM.ela=orange", "Color", "orange"),
        ("HOM.ela=level:2", "StatusLevel", 2),
        ("LOCAL.3=not_met_two_years", "Rating", "not_met_two_years"),
        ("METHOD.4=no", "Answer", "no"),
        ("HOM.letter=none", "Letter", None),
        ("HOM.ela=not_listed", None, None),
    ],
)
def test_a_setting_names_what_is_set(text, argument, value):
    setting = read_setting(changes(), text, 2024)
    assert (setting.argument, setting.value) == (argument, value)


def moves(*texts, of=(ROW, RATING, LETTER)):
    return [
        (move.old, move.new)
        for move in moves_of_settings(
            changes(), [read_setting(changes(), text, 2024) for text in texts], LEA, facts(*of)
        )
    ]


def test_a_row_keeps_everything_but_what_is_set():
    assert moves("HOM.ela=orange") == [(ROW, (*ROW[:-1], "orange"))]
    assert moves("HOM.ela=level:3") == [(ROW, (*ROW[:9], 3, *ROW[10:]))]
    assert moves("HOM.ela=level:3", "HOM.ela=orange") == [(ROW, (*ROW[:9], 3, ROW[10], "orange"))]


def test_a_fact_goes_comes_or_stays():
    assert moves("HOM.letter=none") == [(LETTER, None)]
    assert moves("HOM.letter=c") == []
    assert moves("SWD.letter=b") == [(None, ("published_letter", LEA, 2024, "swd", "b"))]
    assert moves("METHOD.2=yes") == [(None, ("published_method", LEA, 2024, 2, "yes"))]
    assert moves("LOCAL.3=not_met", "LOCAL.1=not_met") == [
        (RATING, (*RATING[:-1], "not_met")),
        (None, ("local_rating", LEA, 2024, 1, "not_met")),
    ]
    assert moves("HOM.ela=not_listed") == []


def test_a_row_that_is_not_there_is_not_made_up():
    with pytest.raises(SettingError, match="no such figure is on record for 2024; there are figures of ela"):
        moves("HOM.math=red")
    with pytest.raises(SettingError, match=r"no such figure is on record for 2024$"):
        moves("SWD.math=red")


def test_the_year_of_a_setting():
    assert Setting("", "local_rating", (("Year", 2023), ("Priority", 1)), "Rating", "met").year == 2023
