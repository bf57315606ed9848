"""At which figures a color would be another: held against every tenth and every number of students near them.

The rules of the Dashboard decide again, from rows with other figures; no color or level is computed here.
"""

from __future__ import annotations

import functools
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest

from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.evidence.scope import Scope
from pyreport.files.places import policy_folder
from pyreport.hypotheses.color_figures import Color, Range, students_between
from pyreport.hypotheses.figures import ColorRules
from pyreport.hypotheses.worlds import NO_SOURCE, conclude_worlds
from pyreport.proof.checker import Verdict
from pyreport.reasoning.decision import facts_to_decide
from pyreport.reasoning.grounding import ReasoningError
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.rows import atom_of
from pyreport.rulebook.syntax import quote

SALINAS_HIGH = "27661590000000"
SAN_ANTONIO = "27661670000000"  # Small populations.
SANTA_RITA = "27661910000000"  # Not eligible in 2024, and near it by one suspension rate.
OFFICE = "27102720000000"
SAN_JUAN = "34674470000000"  # No figures on record.
CASES = [(SALINAS_HIGH, 2024), (SAN_ANTONIO, 2024), (OFFICE, 2024), (OFFICE, 2023)]
REAL = ("red", "orange", "yellow", "green", "blue")


@functools.cache
def changes():
    return load_rulebook(policy_folder(), changes=True)


@functools.cache
def color_rules():
    return ColorRules(changes())


@functools.cache
def record():
    return read_record(record_folder())


@functools.cache
def facts(cds, year):
    return facts_to_decide(changes(), record(), Scope(year=year, only={cds}))


@functools.cache
def found(cds, year, eligibility=False):
    return color_rules().figures_that_change(facts(cds, year), [cds], year, eligibility=eligibility)[cds]


def one(cds, year, group, indicator, eligibility=False):
    colors = found(cds, year, eligibility).colors
    (color,) = [color for color in colors if (color.group, color.indicator) == (group, indicator)]
    return color


def decided(cds, year, figures):
    """The color of each row with another status and change, by (group, indicator, status, change), as the rules decide.

    The levels are computed by the rules from the figures first, then the color from these levels.
    """
    declared, lea = changes().predicates["dashboard_row"], quote(cds)
    rows = {}
    beside = []
    for atom in facts(cds, year):
        if atom[0] == "dashboard_row":
            row = declared.row(atom)
            if row.year == year:
                rows[row.group, row.indicator] = row
        elif atom[1] == lea:
            beside.append(atom)
    flags = {}
    for atom in beside:
        for key in rows:
            values = changes().predicates[str(atom[0])].values(atom)
            if all(values.get(name, value) == value for name, value in zip(("Group", "Indicator"), key, strict=True)):
                flags.setdefault(key, []).append(atom)
    changed = {
        figure: rows[figure[:2]]._replace(status=figure[2], change=figure[3], status_level=1, change_level=1)
        for figure in figures
    }
    levels = conclude_worlds(
        changes(), {figure: [*flags[figure[:2]], atom_of(row)] for figure, row in changed.items()}, ["computed_level"]
    )
    for figure, atoms in levels.items():
        level = {atom[5]: atom[6] for atom in atoms}
        changed[figure] = changed[figure]._replace(status_level=level["status"], change_level=level["change"])
    colors = conclude_worlds(
        changes(), {figure: [*flags[figure[:2]], atom_of(row)] for figure, row in changed.items()}, ["computed_color"]
    )
    result = {}
    for figure, atoms in colors.items():
        (result[figure],) = {atom[5] for atom in atoms}
    return result


def near(color, figure, prior):
    """Every tenth near the figure on record and near ``figure``, some between; and the change that each would make."""
    first, last = sorted((color.status, figure.status))
    unit = range(0, 1001) if color.unit == "percent" else range(-9999, 10000)
    return [
        (color.group, color.indicator, status, status - prior)
        for status in range(first - 5, last + 6)
        if status in unit and (min(abs(status - first), abs(status - last)) <= 15 or status % 7 == 0)
    ]


@pytest.mark.parametrize(("cds", "year"), CASES)
def test_no_tenth_between_has_another_color_and_the_figure_has_it(cds, year):
    colors = found(cds, year).colors
    tried = [figure for color in colors for told in color.figures for figure in near(color, told, color.prior)]
    by_rules = decided(cds, year, dict.fromkeys(tried))
    assert colors
    for color in colors:
        assert color.follows
        for figure in color.figures:
            between = sorted((color.status, figure.status - (1 if figure.distance > 0 else -1)))
            for key in near(color, figure, color.prior):
                if between[0] <= key[2] <= between[1]:
                    assert by_rules[key] in (color.color, "none")
            assert by_rules[color.group, color.indicator, figure.status, figure.change] == figure.color != color.color


@pytest.mark.parametrize(("cds", "year"), CASES)
def test_where_no_figure_is_told_in_a_direction_no_tenth_there_has_another_color(cds, year):
    silent = [(color, sign) for color in found(cds, year).colors for sign in (-1, 1) if not _told(color, sign)]
    tried = {}
    for color, sign in silent:
        edge = {("percent", 1): 1000, ("percent", -1): 0}.get((color.unit, sign), color.status + sign * 2500)
        steps = {
            *range(color.status, edge + sign, sign * 23),
            *range(color.status, color.status + sign * 40, sign),
            edge,
        }
        for status in steps:
            if color.unit == "points" or 0 <= status <= 1000:
                tried[color.group, color.indicator, status, status - color.prior] = color.color
    for key, result in decided(cds, year, tried).items():
        assert result in (tried[key], "none")


def _told(color, sign):
    return any(figure.distance * sign > 0 for figure in color.figures)


@pytest.mark.parametrize(("cds", "year"), CASES)
def test_the_next_dashboard_is_red_one_tenth_worse_and_not_red_from_the_figure_on(cds, year):
    reds = [color for color in found(cds, year).colors if color.color == "red"]
    tried = {}
    for color in reds:
        figure, worse = color.next_year, -1 if color.higher_is_better else 1
        assert figure.change == figure.status - color.status == figure.distance
        for step in range(-30, 31):
            status = figure.status + worse * step
            if color.unit == "points" or 0 <= status <= 1000:
                tried[color.group, color.indicator, status, status - color.status] = step
    by_rules = decided(cds, year, tried)
    for key, step in tried.items():
        assert (by_rules[key] == "red") == (step > 0), key
    for color in found(cds, year).colors:
        assert (color.next_year is not None) == (color.color == "red")


@pytest.mark.parametrize(("cds", "year"), CASES)
def test_one_student_fewer_than_told_leaves_the_color_and_that_many_change_it(cds, year):
    there, before = {}, {}
    for color in found(cds, year).colors:
        for figure in color.figures:
            if color.unit == "points":
                assert figure.students is None
                continue
            students, whole = figure.students, color.denominator
            now = [number for number in range(whole + 1) if _percent(number, whole) == color.status]
            assert students.now == (now[0], now[-1])
            assert (students.then > now[-1]) == (figure.distance > 0) == (students.distance > 0)
            assert abs(students.distance) == max(abs(students.then - number) for number in now)
            assert students.figure == _percent(students.then, whole)
            there[_key(color, students.figure)] = students.color
            assert students.color != color.color
            nearer = _percent(students.then + (-1 if figure.distance > 0 else 1), whole)
            before[_key(color, nearer)] = color.color
    by_rules = decided(cds, year, {**there, **before})
    assert {key: by_rules[key] for key in there} == there
    assert {key: by_rules[key] for key in before} == before


def _key(color, status):
    return color.group, color.indicator, status, status - color.prior


def _percent(number, whole):
    """In tenths, rounded half up, without the project's own arithmetic."""
    share = Fraction(1000 * number, whole) + Fraction(1, 2)
    return share.numerator // share.denominator


# ------------------------------------------------------------------------------------------------ real cases


def test_a_red_graduation_rate_of_salinas_union_high():
    color = one(SALINAS_HIGH, 2024, "hom", "graduation")
    assert (color.color, color.status, color.change, color.prior, color.denominator) == ("red", 642, -66, 708, 148)
    assert (color.better.status, color.better.distance, color.better.color) == (680, 38, "orange")
    assert (color.better.students.then, color.better.students.distance, color.better.students.figure) == (101, 6, 682)
    assert (color.better.comes, color.better.goes, color.worse) == ((), (5,), None)
    assert (color.next_year.status, color.next_year.color) == (680, "yellow")


def test_a_red_suspension_rate_where_less_is_better_and_several_numbers_have_the_percentage():
    color = one(SALINAS_HIGH, 2024, "ltel", "suspension")
    assert (color.color, color.status, color.higher_is_better) == ("red", 92, False)
    assert (color.better.status, color.better.distance, color.better.color) == (90, -2, "orange")
    students = color.better.students
    assert (students.now, students.then, students.distance, students.figure) == ((240, 242), 237, -5, 90)
    assert color.better.goes == (6,)


def test_where_no_number_of_students_has_the_figure_the_next_color_is_that_of_the_next_number():
    students = one(SALINAS_HIGH, 2024, "fi", "graduation").worse.students
    assert one(SALINAS_HIGH, 2024, "fi", "graduation").worse.color == "green"
    assert (students.then, students.figure, students.color) == (57, 934, "yellow")


def test_points_have_no_students_and_no_end():
    color = one(SALINAS_HIGH, 2024, "swd", "math")
    assert (color.unit, color.worse.status, color.worse.color, color.worse.students) == ("points", -1649, "red", None)
    assert color.worse.comes == (4,)


def test_a_color_of_which_no_test_asks_changes_no_priority():
    color = one(SALINAS_HIGH, 2024, "wh", "college_career")
    assert {color.color, color.better.color} == {"yellow", "green"}
    assert (color.better.comes, color.better.goes) == ((), ())


def test_one_figure_alone_would_make_an_lea_eligible():
    color = one(SANTA_RITA, 2024, "ltel", "suspension", eligibility=True)
    assert (color.color, color.status, color.worse.status, color.worse.color) == ("orange", 95, 102, "red")
    assert (color.worse.comes, color.worse.changes_eligibility) == ((6,), True)
    assert color.better.changes_eligibility is False
    worlds = {
        figure.color: color_rules()._changed(facts(SANTA_RITA, 2024), quote(SANTA_RITA), 2024, color, figure)
        for figure in color.figures
    }
    eligible = conclude_worlds(changes(), {"orange": list(facts(SANTA_RITA, 2024)), **worlds}, ["figures_show"])
    shown = {name: {atom[4] for atom in atoms if atom[2:4] == (2024, "ltel")} for name, atoms in eligible.items()}
    assert shown["red"] - shown["orange"] == {6}
    assert shown[color.better.color] == shown["orange"]


def test_whether_eligibility_changes_is_told_only_when_asked():
    assert {figure.changes_eligibility for color in found(SANTA_RITA, 2024).colors for figure in color.figures} == {
        None
    }


# ------------------------------------------------------------------------------------------------ what is not told


def test_of_an_lea_without_figures_nothing_is_told():
    none = color_rules().figures_that_change(facts(SAN_JUAN, 2024), [SAN_JUAN], 2024, eligibility=True)[SAN_JUAN]
    assert (none.on_record, none.colors) == ((), ())


def test_of_a_year_without_cut_points_no_color_follows():
    old = color_rules().figures_that_change(facts(SALINAS_HIGH, 2018), [SALINAS_HIGH], 2018)[SALINAS_HIGH]
    assert 2018 not in old.encoded
    assert old.colors
    assert [color for color in old.colors if color.follows or color.figures or color.next_year] == []


@pytest.mark.parametrize("column", ["small_population", "high_school_cut_points"])
def test_a_color_of_which_the_file_does_not_print_what_it_turns_on_is_not_told(column):
    indicator = {"small_population": "chronic_absenteeism", "high_school_cut_points": "math"}[column]
    cut = {atom: cell for atom, cell in facts(SALINAS_HIGH, 2024).items() if atom[0] != column}
    cut["not_printed", quote(SALINAS_HIGH), 2024, indicator, column] = NO_SOURCE
    colors = color_rules().figures_that_change(cut, [SALINAS_HIGH], 2024)[SALINAS_HIGH].colors
    assert {color.follows for color in colors if color.indicator == indicator} == {False}
    assert {color.follows for color in colors if color.indicator in ("elpi", "graduation")} == {True}


def test_a_printed_color_that_is_not_that_of_its_figures_is_not_told():
    declared = changes().predicates["dashboard_row"]
    world = {}
    for atom, cell in facts(SALINAS_HIGH, 2024).items():
        if atom[:5] == ("dashboard_row", quote(SALINAS_HIGH), 2024, "hom", "graduation"):
            atom = atom_of(declared.row(atom)._replace(color="blue"))
        world[atom] = cell
    colors = color_rules().figures_that_change(world, [SALINAS_HIGH], 2024)[SALINAS_HIGH].colors
    assert [(color.group, color.indicator) for color in colors if not color.follows] == [("hom", "graduation")]


def test_a_figure_that_deciding_again_does_not_confirm_is_not_told(monkeypatch):
    wrong = [Range(first, first, "orange", (2, 2)) for first in (0, 1000)]
    monkeypatch.setattr(ColorRules, "ranges", lambda rules, key, prior: wrong)
    with pytest.raises(ReasoningError, match="not confirmed by deciding again"):
        ColorRules(changes()).figures_that_change(facts(OFFICE, 2024), [OFFICE], 2024)


def test_every_figure_is_decided_again_by_the_whole_policy_and_checked():
    rulebook = load_rulebook(policy_folder())
    verdict = color_rules().decided_again(rulebook, facts(OFFICE, 2024), found(OFFICE, 2024))
    assert isinstance(verdict, Verdict)
    assert verdict.holds
    assert color_rules().decided_again(rulebook, facts(SAN_JUAN, 2024), replace(found(OFFICE, 2024), colors=())) is None
    color = found(OFFICE, 2024).colors[0]
    (figure, *_) = color.figures
    moved = replace(figure, status=figure.status - figure.distance)
    wrong = replace(color, better=moved, worse=None)
    with pytest.raises(ReasoningError, match="not confirmed"):
        color_rules().decided_again(rulebook, facts(OFFICE, 2024), replace(found(OFFICE, 2024), colors=(wrong,)))


# ------------------------------------------------------------------------------------------------ several, and in order


def test_several_leas_together_are_told_as_each_alone_in_any_order_of_facts():
    together = {**facts(SALINAS_HIGH, 2024), **facts(OFFICE, 2024)}
    backwards = dict(reversed(together.items()))
    for given in (together, backwards):
        both = color_rules().figures_that_change(given, [OFFICE, SALINAS_HIGH], 2024)
        assert both == {OFFICE: found(OFFICE, 2024), SALINAS_HIGH: found(SALINAS_HIGH, 2024)}


def test_every_status_lies_in_exactly_one_range_of_every_table():
    rules = color_rules()
    assert len(rules._cells) > 20
    for key in rules._cells:
        percent = key[0] not in ("ela", "math")
        for prior in range(0, 1001, 50) if percent else range(-2000, 2001, 400):
            ranges = rules.ranges(key, prior)
            assert all(one.last + 1 == other.first for one, other in pairwise(ranges))
            if percent:
                assert (ranges[0].first, ranges[-1].last) == (0, 1000)


@pytest.mark.parametrize("whole", [1, 11, 30, 77, 149, 1000, 2001, 4003])
def test_students_of_any_denominator(whole):
    ranges = [Range(0, 300, "red", (1, 1)), Range(301, 700, "orange", (2, 2)), Range(701, 1000, "blue", (5, 5))]
    percents = [_percent(number, whole) for number in range(whole + 1)]
    for status, end in ((0, 301), (300, 301), (302, 701), (302, 300), (667, 701), (700, 300), (701, 700), (1000, 700)):
        now = [number for number, percent in enumerate(percents) if percent == status]
        color = Color("el", "graduation", _color(ranges, status), status, 0, whole, "percent", True, True)
        students = students_between(color, end, ranges)
        if not now:
            assert students is None
            continue
        side = range(now[-1] + 1, whole + 1) if end > status else range(now[0] - 1, -1, -1)
        reached = next((number for number in side if _color(ranges, percents[number]) != color.color), None)
        assert (students.then if students else None) == reached
        if students:
            assert (students.now, students.figure) == ((now[0], now[-1]), percents[reached])


def _color(ranges, percent):
    return next(one.color for one in ranges if one.first <= percent <= one.last)


def test_the_grids_have_all_colors():
    assert {cell.result for cells in color_rules()._cells.values() for cell in cells} == {*REAL, "none"}
