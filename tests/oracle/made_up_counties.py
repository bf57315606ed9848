"""Made-up counties: the three input tables for LEAs that do not exist, drawn from a seed.

Each LEA follows one of the stories below, so that every branch of the rules is reached often, and a quarter of them
then get some further letters at random. What a real workbook cannot contain is not drawn either: no county office in
2017, no Priority 8 in the letters of 2017 and 2022, no LTEL before 2024, no method in a year without its column, no
Method 3 beside Method 1 or 2.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pandas as pd

YEARS = (2017, 2018, 2019, 2022, 2023, 2024, 2025)
WINDOWS = {year: YEARS[YEARS.index(year) - 3 : YEARS.index(year) + 1] for year in (2022, 2023, 2024, 2025)}
STREAKS = {year: YEARS[YEARS.index(year) - 2 : YEARS.index(year) + 1] for year in YEARS[2:]}
GROUPS = ("AA", "AI", "AS", "EL", "FI", "FOS", "HI", "HOM", "LTEL", "PI", "SED", "SWD", "TOM", "WH")
LETTERS = {year: "ABCD" if year in (2017, 2022) else "ABCDEFGHIJK" for year in YEARS}
METHOD_COLUMNS = {2017: "", 2018: "123", 2019: "123", 2022: "1", 2023: "123", 2024: "234", 2025: ""}
"""The methods on record in each year; that of 2024 has no Method 1, an answer withheld."""

NAMES = (
    "Cañada del Río Elementary",
    "O'Neill & Söhne Unified",
    'The "Little" Valley High',
    "Under <18> Joint Union",
    r"Back\slash Union\n Elementary",
    "Ends in a backslash \\",
    "Œuvre-Ærø Charter-like District",
    "Łódź 学区 Union",
    "</td><td>&amp; Sons",
    "Plain Valley Elementary",
    "Percent % and {brace} #hash, comma",
    "not",
    "N/A",
    "Año Nuevo \"North\" & 'South' <East> \\West\\",
)

Marks = dict[int, dict[str, str]]
"""Dashboard year -> student group -> letter."""

Methods = dict[int, set[str]]
"""Dashboard year -> those of "2", "3", "4" that are printed Y."""

Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


def county(seed: int) -> Tables:
    """One made-up county.

    Returns (lea, priorities_met, published_method), rows in no particular order:
    lea: dashboard_year, cds, name; 6 to 14 LEAs, one to three of them county offices.
    priorities_met: dashboard_year, cds, group, letter; only cells with a letter.
    published_method: dashboard_year, cds, method_1 to method_4; one row for each row of `lea`, "" where the year has no
        such column.
    """
    rng = random.Random(seed)
    county_part = "10" if rng.random() < 0.2 else f"{rng.randint(1, 58):02d}"
    offices = rng.randint(1, 3)
    codes = [county_part + code + "0000000" for code in _district_parts(rng, offices, rng.randint(7, 15))]
    all_quiet = rng.choice(YEARS) if rng.random() < 0.15 else None

    lea: list[tuple[int, str, str]] = []
    priorities_met: list[tuple[int, str, str, str]] = []
    published_method: list[tuple[int, str, str, str, str, str]] = []
    spare = codes.pop()
    for position, cds in enumerate(codes):
        office = position < offices
        marks, methods = rng.choice(STORIES)(rng)
        if rng.random() < 0.25:
            _sprinkle(rng, marks, methods)
        if all_quiet is not None:
            marks.pop(all_quiet, None)
        name = rng.choice(NAMES)
        new_code_from = 9999
        if position == len(codes) - 1 and rng.random() < 0.5:
            new_code_from = rng.choice(YEARS[2:])  # one LEA gets a new code and keeps its name
        for year in _years_listed(rng):
            if office and year == 2017:
                continue
            if rng.random() < 0.03:
                name = rng.choice(NAMES)
            code = spare if year >= new_code_from else cds
            lea.append((year, code, name))
            letters = marks.get(year, {})
            priorities_met += [(year, code, group, letter) for group, letter in letters.items()]
            printed = _printed(year, bool(letters), methods.get(year, set()))
            published_method.append((year, code, *printed))

    for rows in (lea, priorities_met, published_method):
        rng.shuffle(rows)
    return (
        _table(lea, ["dashboard_year", "cds", "name"]),
        _table(priorities_met, ["dashboard_year", "cds", "group", "letter"]),
        _table(published_method, ["dashboard_year", "cds", "method_1", "method_2", "method_3", "method_4"]),
    )


def _table(rows: Sequence[tuple[int | str, ...]], columns: list[str]) -> pd.DataFrame:
    """A table with these columns, text but for the year, also when there are no rows."""
    types = {column: (int if column == "dashboard_year" else str) for column in columns}
    return pd.DataFrame(rows, columns=columns).astype(types)


def _district_parts(rng: random.Random, offices: int, count: int) -> list[str]:
    """`count` different five-digit district parts; the first `offices` begin with 10 and no other does.

    Some of the others have a 10 elsewhere, which a careless reading of the code takes for a county office.
    """
    parts: list[str] = []
    while len(parts) < count:
        if len(parts) < offices:
            part = f"10{rng.randint(0, 999):03d}"
        elif rng.random() < 0.2:
            part = rng.choice([f"{rng.randint(2, 9)}10{rng.randint(0, 99):02d}", f"{rng.randint(200, 999)}10"])
        else:
            part = str(rng.randint(60000, 77999))
        if part not in parts:
            parts.append(part)
    return parts


def _years_listed(rng: random.Random) -> list[int]:
    """The years an LEA is in the status file: mostly all; else it appears late, vanishes or is missing once."""
    chance = rng.random()
    if chance < 0.76:
        return list(YEARS)
    cut = rng.randint(1, len(YEARS) - 1)
    if chance < 0.84:
        return list(YEARS[cut:])
    if chance < 0.92:
        return list(YEARS[:cut])
    missing = rng.choice(YEARS[1:-1])
    return [year for year in YEARS if year != missing]


def _printed(year: int, has_letter: bool, wanted: set[str]) -> tuple[str, str, str, str]:
    """What the workbook prints for Methods 1 to 4; "" for a method the year has no column for."""
    met = {"1"} if has_letter else set()
    met |= wanted & set(METHOD_COLUMNS[year])
    if met & {"1", "2"}:
        met.discard("3")
    first, second, third, fourth = (
        ("Y" if number in met else "N") if number in METHOD_COLUMNS[year] else "" for number in "1234"
    )
    return first, second, third, fourth


def _mark(rng: random.Random, marks: Marks, group: str, years: tuple[int, ...] | list[int]) -> None:
    """Give the group a letter in each of these years."""
    for year in years:
        if group != "LTEL" or year >= 2024:
            marks.setdefault(year, {})[group] = rng.choice(LETTERS[year])


def _groups(rng: random.Random, count: int, year: int = 2023) -> list[str]:
    """`count` different groups that exist in `year`."""
    return rng.sample([group for group in GROUPS if group != "LTEL" or year >= 2024], count)


def _sprinkle(rng: random.Random, marks: Marks, methods: Methods) -> None:
    """Further letters and methods at random."""
    for _ in range(rng.randint(1, 4)):
        year = rng.choice(YEARS)
        _mark(rng, marks, rng.choice(_groups(rng, 5, year)), [year])
    if rng.random() < 0.3:
        methods.setdefault(rng.choice(YEARS), set()).add(rng.choice("234"))


def _quiet(rng: random.Random) -> tuple[Marks, Methods]:
    """No letter in any year."""
    return {}, {}


def _anything(rng: random.Random) -> tuple[Marks, Methods]:
    """Letters at random, with few, some or most groups marked, and none at all in one year."""
    marks: Marks = {}
    chance = rng.choice([0.1, 0.3, 0.6])
    silent = rng.choice(YEARS)
    for year in YEARS:
        for group in GROUPS:
            if year != silent and rng.random() < chance:
                _mark(rng, marks, group, [year])
    return marks, {}


def _recurring(rng: random.Random, groups: int) -> Marks:
    """So many groups with a letter three or four times in the four Dashboards of some year, and nothing else."""
    marks: Marks = {}
    window = WINDOWS[rng.choice([2022, 2022, 2023, 2024, 2025])]
    last_three = rng.random() < 0.5
    for group in _groups(rng, groups):
        _mark(rng, marks, group, window[1:] if last_three else rng.sample(window, rng.choice([3, 3, 4])))
    return marks


def _three_recur(rng: random.Random) -> tuple[Marks, Methods]:
    """Three or more groups recur."""
    return _recurring(rng, rng.choice([3, 3, 4, 6])), {}


def _one_or_two_recur(rng: random.Random) -> tuple[Marks, Methods]:
    """One or two groups recur and no other has a letter: the fewer-than-three branch stays open."""
    return _recurring(rng, rng.choice([1, 2, 2])), {}


def _two_recur_beside_another(rng: random.Random) -> tuple[Marks, Methods]:
    """One or two groups recur; another has a letter once or twice, in the determination year or only before it."""
    marks: Marks = {}
    window = WINDOWS[rng.choice(list(WINDOWS))]
    *recurring, other = _groups(rng, rng.choice([2, 3]))
    for group in recurring:
        _mark(rng, marks, group, rng.sample(window, 3))
    _mark(rng, marks, other, [window[-1]] if rng.random() < 0.5 else rng.sample(window[:-1], rng.choice([1, 2])))
    return marks, {}


def _silent_at_the_end(rng: random.Random) -> tuple[Marks, Methods]:
    """One to three groups in the three earlier Dashboards of a window, no letter in its last."""
    marks: Marks = {}
    window = WINDOWS[rng.choice(list(WINDOWS))]
    for group in _groups(rng, rng.randint(1, 3)):
        _mark(rng, marks, group, window[:-1])
    return marks, {}


def _different_groups_each_year(rng: random.Random) -> tuple[Marks, Methods]:
    """Three groups every year, hardly ever the same ones."""
    marks: Marks = {}
    for year in YEARS:
        for group in _groups(rng, 3, year):
            _mark(rng, marks, group, [year])
    return marks, {}


def _just_outside_the_window(rng: random.Random) -> tuple[Marks, Methods]:
    """Three groups with two letters inside the window and more before it."""
    marks: Marks = {}
    last = rng.choice([2023, 2024, 2025])
    window = WINDOWS[last]
    earlier = [year for year in YEARS if year < window[0]]
    for group in _groups(rng, 3):
        _mark(rng, marks, group, [*rng.sample(window, 2), *earlier])
    return marks, {}


def _streak(rng: random.Random) -> tuple[Marks, Methods]:
    """One to three groups in three Dashboards running, sometimes with one of the three left out or changed."""
    marks: Marks = {}
    years = list(STREAKS[rng.choice(list(STREAKS))])
    for group in _groups(rng, rng.randint(1, 3)):
        _mark(rng, marks, group, years)
    if rng.random() < 0.3:
        marks[rng.choice(years)] = {rng.choice(_groups(rng, 1)): "B"}
    return marks, {}


def _two_years(rng: random.Random) -> tuple[Marks, Methods]:
    """Identified in 2022, 2023 or 2024, alone or again a year later: the second year and Year 1 again."""
    marks: Marks = {}
    for year in rng.choice([[2022], [2023], [2024], [2023, 2024], [2024, 2025], [2023, 2025], [2023, 2024, 2025]]):
        for group in _groups(rng, rng.randint(1, 3), year):
            _mark(rng, marks, group, [year])
    return marks, {}


def _methods_without_letters(rng: random.Random) -> tuple[Marks, Methods]:
    """Method 2, 3 or both in some years, no letter."""
    years = rng.choice([[2018], [2019], [2018, 2019], [2023], [2023], [2023, 2024], [2023, 2024], [2024]])
    return {}, {year: {rng.choice("23")} for year in years}


def _methods_beside_letters(rng: random.Random) -> tuple[Marks, Methods]:
    """Methods 1 and 2 in the same year, and in 2024 sometimes 4."""
    marks: Marks = {}
    methods: Methods = {}
    for year in rng.sample([2018, 2019, 2023, 2024], 2):
        _mark(rng, marks, rng.choice(_groups(rng, 4, year)), [year])
        methods[year] = set(rng.choice(["2", "24", "4", "3"]))
    return marks, methods


def _method_4(rng: random.Random) -> tuple[Marks, Methods]:
    """Method 4 in 2024, alone or with 2 or 3, sometimes after an identification in 2023, with nothing in 2025."""
    marks: Marks = {}
    methods: Methods = {2024: set(rng.choice(["4", "4", "24", "34"]))}
    if rng.random() < 0.4:
        _mark(rng, marks, rng.choice(_groups(rng, 4)), [2023])
    return marks, methods


STORIES: tuple[Callable[[random.Random], tuple[Marks, Methods]], ...] = (
    _quiet,
    _anything,
    _three_recur,
    _three_recur,
    _one_or_two_recur,
    _two_recur_beside_another,
    _silent_at_the_end,
    _different_groups_each_year,
    _just_outside_the_window,
    _streak,
    _two_years,
    _methods_without_letters,
    _methods_without_letters,
    _methods_beside_letters,
    _method_4,
)
