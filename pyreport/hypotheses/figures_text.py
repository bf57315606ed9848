"""The figures at which colors would be others, as text for the terminal and as plain data (``schema/figures.json``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from pyreport.evidence.counties import counties
from pyreport.explanation.sentences import Sentences, listed_words
from pyreport.explanation.text import wrapped_lines
from pyreport.hypotheses.color_figures import Color, ColorFigures, Figure, Students
from pyreport.hypotheses.what_if import LABEL
from pyreport.rulebook.syntax import quote

__all__ = ["FORMAT", "HOW", "NEXT", "as_data", "as_text", "figure_words", "next_words", "nothing_told", "printed_words"]

FORMAT = "pyreport figures 1"

HOW = (
    "The figure of the year before is left as it is, so a status changes the change by as much. Students are those "
    "counted this year. Their number is worked back from the percentage; where several numbers have it, the greatest "
    "distance is told. The percentage of each number in brackets was computed again."
)
NEXT = (
    "What the next Dashboard would show is told with this year's figure as that of the year before, by the cut points "
    "and grids now encoded; the State Board may change them."
)


def as_text(figures: ColorFigures, sentences: Sentences) -> str:
    """The colors of the LEA by student group, each with the figures at which it would be another."""
    name, county = sentences.lea(quote(figures.cds), figures.year), counties()[figures.cds[:2]]
    heading = (
        f"{name} ({figures.cds}), {county} County, {figures.year} Dashboard. Figures at which a color would be another."
    )
    lines = [*_wrapped(LABEL), "", *_wrapped(heading), ""]
    nothing = nothing_told(figures, sentences)
    if nothing is not None:
        return "\n".join([*lines, *_wrapped(nothing), "", *_wrapped(LABEL), ""])
    lines += [*_wrapped(HOW), *_wrapped(NEXT)]
    for group, colors in groupby(figures.colors, key=lambda color: color.group):
        words = sentences.words("Group", group)
        lines += ["", f"{words[:1].upper()}{words[1:]}"]
        for color in colors:
            lines += _color(color, sentences)
    return "\n".join([*lines, "", *_wrapped(LABEL), ""])


def nothing_told(figures: ColorFigures, sentences: Sentences) -> str | None:
    """Why no figure can be told of the LEA in that year; ``None`` if one can."""
    name, year = sentences.lea(quote(figures.cds), figures.year), figures.year
    if not figures.on_record:
        return f"No Dashboard figures of {name} are on record: at which figure a color would be another is not known."
    if year not in figures.on_record:
        years = listed_words(map(str, figures.on_record))
        return f"No Dashboard figures of {name} of {year} are on record, but those of {years}."
    if year not in figures.encoded:
        encoded = listed_words(map(str, figures.encoded))
        return f"{sentences.of_absence(('cuts_in_force', year))} Cut points are encoded for {encoded}."
    if not figures.colors:
        return f"No color at which the criteria of {year} look is printed for {name}."
    return None


def _color(color: Color, sentences: Sentences) -> Iterator[str]:
    indicator = sentences.words("Indicator", color.indicator)
    yield from _wrapped(f"{indicator}: {printed_words(color, sentences)}", 1, "- ")
    if not color.follows:
        yield from _wrapped("Not told: it does not follow from its figures by the cut points and grids on record.", 3)
    for figure in color.figures:
        yield from _wrapped(figure_words(color, figure, sentences), 3)
    if color.next_year is not None:
        yield from _wrapped(next_words(color, color.next_year, sentences), 3)


def printed_words(color: Color, sentences: Sentences) -> str:
    """What is printed, such as ``Red, 9.2 % of 2,620 students (+0.8 from 8.4 %)``."""
    text = f"{sentences.words('Color', color.color)}, {_amount(color, color.status, sentences)}"
    if color.denominator is not None:
        text += (
            f" of {color.denominator:,} students" if color.unit == "percent" else f", {color.denominator:,} students"
        )
    if color.prior is None:
        return f"{text}."
    return f"{text} ({_signed(color.change or 0, sentences)} from {_amount(color, color.prior, sentences)})."


def figure_words(color: Color, figure: Figure, sentences: Sentences) -> str:
    """One figure of this year, such as ``Orange at 9.0 %: 0.2 less, 5 students less (237 of 2,620 are 9.0 %)``."""
    text = f"{sentences.words('Color', figure.color)} at {_amount(color, figure.status, sentences)}: "
    text += f"{sentences.words('Status', abs(figure.distance))} {_more(figure.distance)}"
    if figure.students is not None:
        text += f", {_students(color, figure, figure.students, sentences)}"
    parts = [text]
    for priorities, verb in ((figure.comes, "would be met"), (figure.goes, "would no longer be met")):
        if priorities:
            words = listed_words(sentences.words("Priority", priority) for priority in priorities)
            parts.append(f"By its figures, {words} {verb}")
    if figure.changes_eligibility:
        parts.append("That alone would change the eligibility of the LEA")
    return ". ".join(parts) + "."


def _students(color: Color, figure: Figure, students: Students, sentences: Sentences) -> str:
    number = abs(students.distance)
    text = f"{number:,} {'student' if number == 1 else 'students'} {_more(students.distance)}"
    there = f"{students.then:,} of {color.denominator:,} are {_amount(color, students.figure, sentences)}"
    if students.color != figure.color:
        there += f", {sentences.words('Color', students.color)}"
    return f"{text} ({there})"


def next_words(color: Color, figure: Figure, sentences: Sentences) -> str:
    """The figure of the next Dashboard, such as ``no longer Red at 9.0 % or less (there Orange)``."""
    side = "or more" if color.higher_is_better else "or less"
    return (
        f"Next Dashboard: no longer {sentences.words('Color', color.color)} at "
        f"{_amount(color, figure.status, sentences)} {side} (there {sentences.words('Color', figure.color)})."
    )


def _amount(color: Color, tenths: int, sentences: Sentences) -> str:
    return f"{sentences.words('Status', tenths)} {sentences.words('Unit', color.unit)}"


def _signed(tenths: int, sentences: Sentences) -> str:
    return f"{'+' if tenths > 0 else ''}{sentences.words('Change', tenths)}"


def _more(number: int) -> str:
    return "more" if number > 0 else "less"


def _wrapped(text: str, depth: int = 0, mark: str = "") -> Sequence[str]:
    return wrapped_lines(text, "  " * depth + mark)


def as_data(figures: ColorFigures, sentences: Sentences) -> dict[str, Any]:
    """The same as the schema describes it."""
    return {
        "format": FORMAT,
        "label": LABEL,
        "how": HOW,
        "next_dashboard": NEXT,
        "cds": figures.cds,
        "name": sentences.lea(quote(figures.cds), figures.year),
        "dashboard_year": figures.year,
        "figures_on_record": list(figures.on_record),
        "cut_points_encoded": list(figures.encoded),
        "nothing_told": nothing_told(figures, sentences),
        "colors": [_color_data(color) for color in figures.colors],
    }


def _color_data(color: Color) -> dict[str, Any]:
    return {
        "group": color.group,
        "indicator": color.indicator,
        "color": color.color,
        "unit": color.unit,
        "status_tenths": color.status,
        "change_tenths": color.change,
        "prior_status_tenths": color.prior,
        "denominator": color.denominator,
        "higher_is_better": color.higher_is_better,
        "follows": color.follows,
        "better": _figure_data(color.better),
        "worse": _figure_data(color.worse),
        "next_year": _figure_data(color.next_year),
    }


def _figure_data(figure: Figure | None) -> dict[str, Any] | None:
    if figure is None:
        return None
    return {
        "color": figure.color,
        "status_tenths": figure.status,
        "distance_tenths": figure.distance,
        "change_tenths": figure.change,
        "status_level": figure.levels[0],
        "change_level": figure.levels[1],
        "students": None if figure.students is None else _students_data(figure.students),
        "priorities_that_come": list(figure.comes),
        "priorities_that_go": list(figure.goes),
        "changes_eligibility": figure.changes_eligibility,
    }


def _students_data(students: Students) -> dict[str, Any]:
    return {
        "now": list(students.now),
        "then": students.then,
        "distance": students.distance,
        "status_tenths": students.figure,
        "color": students.color,
    }
