"""The rules for districts and county offices of education a second time, in plain Python over pandas tables.

Written from the law page and the published workbooks alone, without sight of the answer-set rules or of the package,
so that the two can be compared. Nothing outside the tests uses it.

What the law leaves in doubt, and how it is decided here:

* A year's methods are known from the letters even where the workbook prints none: 2017 has no method column, yet every
  district of 2017 with a letter is printed "Differentiated Support" and no other is. `methods` of 2017 is therefore
  "1" or empty.
* "Identified anew" means by any method, Method 4 included: a 2023 identification followed by Method 4 alone in 2024 is
  Year 1 in 2024, and that Method 4 ground has no second year in 2025. The first half follows the printed definition of
  Year 1; no published row has Method 4, so nothing published speaks for or against it.
* "Consecutive" is counted in Dashboards with determinations, skipping 2020 and 2021, for EC 52071(f) as for the goals
  of the Local Control and Accountability Plan: the three Dashboards of 2023 are 2019, 2022 and 2023. The published
  files settle this for the EC 52072 window, not for EC 52071(f) of 2023 and 2024.
* The four Dashboards of EC 52072 need not include the determination year: a group that met the criteria in the three
  earlier ones recurs. The published flags bear this out (one "Y" of 2023 belongs to an LEA without any letter that
  year). Whether such a group still exists is unknown, which keeps the flag open where fewer than three groups recur.
* The number of groups of a district is never among the inputs here, so the fewer-than-three branch never says "Y" by
  itself: it says "N" or "?".
* Only state priorities, that is the letters, count for EC 52072, EC 52071(f) and the goals; an identification by
  Method 2, 3 or 4 adds nothing there.
* The files of all years are at hand: an LEA that a year's file leaves out met nothing in that year. So no answer is
  open for want of a file, and EC 52071(f) is "Y" or "N".
* A history joins by CDS code only. Codes and names are taken as they are: a code whose county part is not 01 to 58 is
  for the reader of the files to refuse.
"""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

YEARS = (2017, 2018, 2019, 2022, 2023, 2024, 2025)
"""Dashboards that carried determinations, in order; 2020 and 2021 had none."""

PRIORITIES_OF_LETTER = {
    "A": (4, 5, 6),
    "B": (4, 5),
    "C": (5, 6),
    "D": (4, 6),
    "E": (4, 8),
    "F": (5, 8),
    "G": (6, 8),
    "H": (4, 5, 8),
    "I": (4, 6, 8),
    "J": (5, 6, 8),
    "K": (4, 5, 6, 8),
}

GROUPS = ("AA", "AI", "AS", "EL", "FI", "FOS", "HI", "HOM", "LTEL", "PI", "SED", "SWD", "TOM", "WH")

COLUMNS = [
    "kind",
    "dashboard_year",
    "status",
    "methods",
    "groups",
    "persistent_52072",
    "persistent_52071f",
    "lcap_goal_groups",
]

Letters = dict[str, dict[int, dict[str, str]]]
"""CDS code -> Dashboard year -> student group -> letter."""


def decide(lea: pd.DataFrame, priorities_met: pd.DataFrame, published_method: pd.DataFrame, year: int) -> pd.DataFrame:
    """Decide every district and county office listed in `year`.

    lea: one row per Dashboard year and LEA, columns dashboard_year (whole number), cds, name.
    priorities_met: one row per Dashboard year, LEA and group that has a letter, columns dashboard_year, cds, group,
        letter.
    published_method: one row per Dashboard year and LEA, columns dashboard_year, cds, method_1 to method_4, each "Y",
        "N" or "". Method 1 is never read.
    Returns one row per LEA of `year`, in the order of `lea`, indexed by cds, columns COLUMNS; every column is text but
    dashboard_year, a whole number.
    """
    if year not in YEARS:
        raise ValueError(f"no determinations in {year}: the years are {', '.join(map(str, YEARS))}")
    listed = lea.loc[lea["dashboard_year"] == year, "cds"].tolist()
    if len(set(listed)) != len(listed):
        raise ValueError(f"an LEA is listed twice in {year}")
    letters = _letters(priorities_met)
    printed = _printed_methods(published_method)

    rows = []
    for cds in listed:
        history = letters.get(cds, {})
        now = _methods(history, printed, cds, year)
        before = _methods(history, printed, cds, year - 1)
        office = cds[2:7].startswith("10")
        rows.append(
            (
                "county_office" if office else "district",
                year,
                _status(year, now, before),
                "+".join(now),
                " ".join(_group_text(group, letter) for group, letter in sorted(history.get(year, {}).items())),
                _three_of_four(history, year) if year >= 2022 else "",
                ("Y" if not office and _every_one_of_three(history, year) else "N") if year >= 2023 else "",
                " ".join(sorted(_every_one_of_three(history, year))) if year in (2019, 2022) else "",
            )
        )
    return pd.DataFrame(rows, columns=COLUMNS, index=pd.Index(listed, name="cds", dtype=str))


def _letters(priorities_met: pd.DataFrame) -> Letters:
    """Arrange the rows of `priorities_met` by LEA, year and group; refuse what no workbook can contain."""
    letters: Letters = defaultdict(lambda: defaultdict(dict))
    columns = priorities_met[["dashboard_year", "cds", "group", "letter"]]
    for year, cds, group, letter in columns.itertuples(index=False, name=None):
        if group not in GROUPS or letter not in PRIORITIES_OF_LETTER:
            raise ValueError(f"{cds} {year}: group {group!r} with letter {letter!r}")
        if group in letters[cds][year]:
            raise ValueError(f"{cds} {year}: group {group} has two letters")
        letters[cds][year][group] = letter
    return letters


def _printed_methods(published_method: pd.DataFrame) -> dict[tuple[str, int], list[str]]:
    """(CDS code, year) -> those of "2", "3", "4" that CDE printed "Y"."""
    columns = published_method[["dashboard_year", "cds", "method_2", "method_3", "method_4"]]
    return {
        (cds, year): [number for number, mark in zip("234", marks, strict=True) if mark == "Y"]
        for year, cds, *marks in columns.itertuples(index=False, name=None)
    }


def _methods(
    history: dict[int, dict[str, str]], printed: dict[tuple[str, int], list[str]], cds: str, year: int
) -> list[str]:
    """The methods met in `year`: 1 where any group has a letter, then whatever CDE printed of 2, 3 and 4."""
    return (["1"] if history.get(year) else []) + printed.get((cds, year), [])


def _status(year: int, now: list[str], before: list[str]) -> str:
    """CDE's word of `year`, from the methods met this year and at the Dashboard a calendar year before.

    Identifications of 2023 and later last two Dashboards unless they rest on Method 4 alone. Those years follow each
    other without a gap, so the year before is the Dashboard before.
    """
    second_year = year - 1 >= 2023 and any(method != "4" for method in before)
    if year == 2017:
        return "Differentiated Support" if now else "General Support"
    if year in (2023, 2024):
        if now:
            return "Differentiated Assistance, Year 1"
        return "Differentiated Assistance, Year 2" if second_year else "General Assistance"
    return "Differentiated Assistance" if now or second_year else "General Assistance"


def _group_text(group: str, letter: str) -> str:
    """For example FOS and F: "FOS=5+8"."""
    return f"{group}={'+'.join(map(str, PRIORITIES_OF_LETTER[letter]))}"


def _latest_dashboards(year: int, count: int) -> tuple[int, ...]:
    """The `count` latest Dashboards with determinations, ending with `year`; fewer where there were fewer."""
    position = YEARS.index(year) + 1
    return YEARS[max(0, position - count) : position]


def _three_of_four(history: dict[int, dict[str, str]], year: int) -> str:
    """EC 52072 and 52072.5: three groups, or all where there are fewer than three, in three of four Dashboards.

    "Y" when three groups recur. "N" when none recurs, or when a group with a letter in `year`, which therefore exists
    in `year`, does not recur. Otherwise "?": one or two groups recur and whether they are all the groups is not known.
    Three groups known to exist of which fewer than three recur always include one that does not, so that ground for
    "N" needs no line of its own.
    """
    times: dict[str, int] = defaultdict(int)
    for dashboard in _latest_dashboards(year, 4):
        for group in history.get(dashboard, {}):
            times[group] += 1
    recurring = {group for group, count in times.items() if count >= 3}
    existing = set(history.get(year, {}))
    if len(recurring) >= 3:
        return "Y"
    if not recurring or existing - recurring:
        return "N"
    return "?"


def _every_one_of_three(history: dict[int, dict[str, str]], year: int) -> set[str]:
    """The groups with a letter in each of the three latest Dashboards; none where there were not yet three."""
    dashboards = _latest_dashboards(year, 3)
    if len(dashboards) < 3:
        return set()
    return set.intersection(*(set(history.get(dashboard, {})) for dashboard in dashboards))
