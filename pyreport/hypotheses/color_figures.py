"""A printed color, its figures, and the figures at which it would be another: in tenths and in students."""

from __future__ import annotations

from dataclasses import dataclass

from pyreport.explanation.sentences import rounded
from pyreport.rulebook.syntax import Value

__all__ = ["NONE", "Color", "ColorFigures", "Figure", "Range", "Students", "students_between"]

NONE = "none"
"""What stands for no color and no figure."""


@dataclass(frozen=True)
class Students:
    """How many students a figure is away, where the denominator is on record and the figure is a percentage of it.

    Attributes:
        now: The smallest and the greatest number of students whose percentage is the figure on record.
        then: The number of students nearest to these at which the color would be another.
        figure: The percentage of ``then``, computed anew, in tenths.
        color: The color at ``figure``.
    """

    now: tuple[int, int]
    then: int
    figure: int
    color: str

    @property
    def distance(self) -> int:
        """How many students more (less, if negative), from the furthest of the numbers that there may be now."""
        least, most = self.now
        return self.then - (least if self.then > most else most)


@dataclass(frozen=True)
class Figure:
    """A status figure and the color that it would have.

    Attributes:
        status: In tenths.
        distance: From the figure on record, in tenths; negative if it is smaller.
        color: The color's code.
        change: The change that this status would make, in tenths.
        levels: Status level and change level, 1 (worst) to 5 (best).
        students: The same in students; ``None`` where that is not known.
        comes: State priorities that the figures of the student group would show and do not show now.
        goes: State priorities that they show now and would not show.
        changes_eligibility: Whether the LEA would be eligible where now it is not, or the other way round, by its color
            alone; ``None`` where that was not asked, or where the year is not decided by figures.
    """

    status: int
    distance: int
    color: str
    change: int
    levels: tuple[int, int]
    students: Students | None = None
    comes: tuple[Value, ...] = ()
    goes: tuple[Value, ...] = ()
    changes_eligibility: bool | None = None


@dataclass(frozen=True)
class Color:
    """A printed color that counts, and the figures at which it would be another.

    Attributes:
        group: Student group.
        indicator: Indicator.
        color: The color's code.
        status: In tenths of ``unit``.
        change: From the year before, in tenths; ``None`` where none is printed.
        denominator: Number of students; ``None`` where none is printed.
        unit: ``percent`` or ``points``.
        higher_is_better: Whether a greater status is a better one.
        follows: Whether the color follows from its figures by the cut points and grids on record; if not, no figure is
            told.
        better: The nearest better status with another color; ``None`` if there is none.
        worse: The nearest worse status with another color; ``None`` if there is none.
        next_year: The worst status from which on, with this year's as that of the year before, the next Dashboard would
            no longer show this color, by the cut points and grids now encoded; only for the colors of
            ``color_to_leave``.
    """

    group: str
    indicator: str
    color: str
    status: int
    change: int | None
    denominator: int | None
    unit: str
    higher_is_better: bool
    follows: bool
    better: Figure | None = None
    worse: Figure | None = None
    next_year: Figure | None = None

    @property
    def prior(self) -> int | None:
        """The status of the year before, in tenths."""
        return None if self.change is None else self.status - self.change

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures of this year at which the color would be another, the nearest first."""
        return tuple(sorted(filter(None, (self.better, self.worse)), key=lambda figure: abs(figure.distance)))


@dataclass(frozen=True)
class ColorFigures:
    """What is said of the colors of one LEA in one Dashboard year.

    Attributes:
        cds: CDS code.
        year: Dashboard year.
        on_record: The Dashboard years of which figures of the LEA are on record.
        encoded: The Dashboard years for which cut points are encoded.
        colors: Its printed colors that count, by student group and indicator.
    """

    cds: str
    year: int
    on_record: tuple[int, ...]
    encoded: tuple[int, ...]
    colors: tuple[Color, ...]


@dataclass(frozen=True)
class Range:
    """Figures of one status level with one change level, given the year before: ``first`` to ``last``, in tenths."""

    first: int
    last: int
    color: str
    levels: tuple[int, int]


def students_between(color: Color, status: int, ranges: list[Range]) -> Students | None:
    """How many students the figure on record is away from ``status`` and from another color.

    The percentage of every number named is computed anew: where no number of students gives ``status`` itself, the next
    that gives another color is taken. ``None`` where no number of students gives the figure on record or another color.
    """
    whole = color.denominator
    assert whole is not None
    now = max(_first_of(color.status, whole), 0), min(_first_of(color.status + 1, whole) - 1, whole)
    if now[0] > now[1]:
        return None
    upward = status > color.status
    numbers = range(_first_of(status, whole), whole + 1) if upward else range(_first_of(status + 1, whole) - 1, -1, -1)
    for number in numbers:
        figure = rounded(1000 * number, whole)
        (there,) = (one.color for one in ranges if one.first <= figure <= one.last)
        if there not in (NONE, color.color):
            return Students(now, number, figure, there)
    return None


def _first_of(status: int, whole: int) -> int:
    """The smallest number of students of ``whole`` whose percentage, rounded to tenths, is at least ``status``."""
    return -((whole - 2 * whole * status) // 2000)
