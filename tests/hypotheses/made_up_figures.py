"""LEAs that do not exist, with a little of everything on record: letters, figures, lists, ratings, and gaps."""

from __future__ import annotations

import random

from reasoning.made_up_records import facts

from pyreport.evidence.predicates import Facts
from pyreport.rulebook.syntax import quote

YEARS = (2017, 2018, 2019, 2022, 2023, 2024, 2025)
GROUPS = ("el", "fos", "hi", "hom", "ltel", "sed", "swd", "wh")
INDICATORS = ("ela", "math", "elpi", "graduation", "college_career", "chronic_absenteeism", "suspension")
COLORS = ("none", "red", "red", "red", "orange", "yellow", "green", "blue")
RATINGS = ("met", "not_met", "not_met", "not_met_two_years", "not_applicable")
DISTRICT, OFFICE, CHARTER = "27660000000000", "27100000000000", "27660000123456"


def made_up_facts(seed: int) -> Facts:
    """All facts of a district, a county office and a charter school."""
    draw = random.Random(seed)
    atoms = []
    for cds in (DISTRICT, OFFICE, CHARTER):
        lea = quote(cds)
        atoms.append(("code_parts", lea, quote(cds[2:4]), quote(cds[7:])))
        if cds == CHARTER:
            atoms.append(("charter", lea))
            atoms += [("charter_goal", lea, priority) for priority in (1, 2, 3, 6, 7) if draw.random() < 0.5]
        usual = draw.choice(("letters", "figures", "both", "nothing", "list"))
        for year in YEARS:
            kind = usual if draw.random() < 0.7 else draw.choice(("letters", "figures", "both", "nothing", "list"))
            atoms += _year(draw, lea, year, kind, cds == CHARTER)
    draw.shuffle(atoms)
    return facts(*dict.fromkeys(atoms))


def _year(draw, lea, year, kind, charter):
    if kind == "nothing":
        if not charter and draw.random() < 0.5:
            yield "not_listed", lea, year
        return
    groups = [group for group in GROUPS if draw.random() < 0.6 and (group != "ltel" or year >= 2024)]
    if kind in ("letters", "both") and not charter:
        yield "listed", lea, year
        yield "name", lea, year, quote("Made-up LEA")
        if draw.random() < 0.9:
            yield "letters_at_hand", lea, year
            for group in groups:
                if draw.random() < 0.2:
                    yield (
                        "published_letter",
                        lea,
                        year,
                        group,
                        draw.choice("abcd" if year in (2017, 2022) else "acegik"),
                    )
        for method in (2, 3, 4):
            if draw.random() < 0.5 and (year >= 2024 or method < 4) and year not in (2017, 2022):
                yield "published_method", lea, year, method, draw.choice(("yes", "no", "no"))
    if kind in ("figures", "both") or charter:
        yield "reported", lea, year
        for indicator in INDICATORS:
            if draw.random() < 0.8:
                yield "all_rows_at_hand", lea, year, indicator
                for group in groups:
                    if draw.random() < 0.8:
                        yield "dashboard_row", lea, year, group, indicator, *_row(draw, year)
    if kind == "list" and year == 2023:
        yield "reported", lea, year
        yield "red_list_at_hand", lea, year
        for group in groups:
            for indicator in INDICATORS:
                if draw.random() < 0.4:
                    yield "low_performing", lea, year, group, indicator
    if draw.random() < 0.6:
        for priority in (1, 2, 3, 6, 7, 9, 10):
            if draw.random() < 0.9:
                yield "local_rating", lea, year, priority, draw.choice(RATINGS)
    if draw.random() < 0.2:
        yield "number_of_groups", lea, year, draw.choice((0, 1, 2, 5))
    if draw.random() < 0.2:
        yield "calpads_not_certified", lea, year
    if charter and draw.random() < 0.3:
        yield "authorizer_finding", lea, year, draw.choice(GROUPS), draw.choice((1, 3, 4))


def _row(draw, year):
    size = draw.choice(("met", "met", "not_met", "not_printed"))
    color = "none" if year == 2022 or size == "not_met" else draw.choice(COLORS)
    level = draw.choice(("none", 1, 1, 2, 3, 5))
    return draw.choice(("none", 12, 20, 40)), size, draw.randint(-900, 900), draw.randint(-90, 90), level, 3, color
