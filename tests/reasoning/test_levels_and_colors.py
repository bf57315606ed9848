"""Levels and colors by the rules, over every row that CDE printed for Monterey County's LEAs.

The project takes student groups alone. Here reporting rows (All Students and the like) are given to the rules too,
under their own codes, read straight from CDE's files: the cut points and grids hold of them as well.
"""

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from pyreport.evidence.model import Cell, Publication
from pyreport.files.places import policy_folder
from pyreport.reasoning.solver import derive
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.syntax import quote

MONTEREY = Path(__file__).resolve().parents[3] / "shared" / "data" / "dashboard" / "monterey"
INDICATORS = {
    "ela": "ela",
    "math": "math",
    "elpi": "elpi",
    "grad": "graduation",
    "cci": "college_career",
    "chronic": "chronic_absenteeism",
    "susp": "suspension",
}
TYPES = {
    "ED": "elementary_district",
    "HD": "high_school_district",
    "UD": "unified_district",
    "ES": "elementary_school",
    "MS": "middle_school",
    "HS": "high_school",
}
COLORS = ("none", "red", "orange", "yellow", "green", "blue")
CELL = Cell("", Publication(0, "", "", "", "", "", {}, "suspension"), "A", 1)


def tenths(text):
    return int(Decimal(text) * 10) if text.strip() else "none"


def level(text):
    return int(text) if text.strip() and text.strip() != "0" else "none"


def facts_of_every_row(year):
    facts = {}
    for stem, indicator in INDICATORS.items():
        text = (MONTEREY / f"{stem}download{year}.txt").read_text(encoding="utf-8")
        for row in csv.DictReader(text.splitlines(), delimiter="\t"):
            cells = {name.lower(): value for name, value in row.items()}
            if cells["rtype"] not in ("D", "S") or (cells["rtype"] == "S" and cells["charter_flag"] != "Y"):
                continue
            if "studentgroup" not in cells:
                continue
            key = quote(cells["cds"]), year, f"g_{cells['studentgroup'].lower() or 'rfp'}", indicator
            color = COLORS[int(cells.get("color") or 0)]
            facts[
                (
                    "dashboard_row",
                    *key,
                    int(cells["currdenom"] or 0),
                    "not_printed",
                    tenths(cells["currstatus"]),
                    tenths(cells.get("change", "")),
                    level(cells["statuslevel"]),
                    level(cells.get("changelevel", "")),
                    color,
                )
            ] = CELL
            if cells.get("smalldenom") == "Y":
                facts[("small_population", *key)] = CELL
            if cells.get("hscutpoints") == "Y":
                facts[("high_school_cut_points", *key)] = CELL
            if cells.get("certifyflag") == "Y" and indicator == "suspension":
                facts[("certification_flag", *key[:3])] = CELL
            if cells.get("type") in TYPES and indicator == "suspension":
                facts["suspension_type", key[0], year, TYPES[cells["type"]]] = CELL
            if "type" not in cells and indicator == "suspension":
                facts["not_printed", key[0], year, indicator, "type"] = CELL
    return facts


pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not MONTEREY.is_dir(), reason="the shared folder with CDE's files is not beside the project"),
]


@pytest.fixture(scope="module")
def graphs():
    rulebook = load_rulebook(policy_folder())
    return {year: derive(rulebook, facts_of_every_row(year)) for year in (2018, 2023, 2024)}


def test_every_printed_level_of_2023_and_2024_is_the_one_the_figures_give(graphs):
    counts = Counter()
    for year in (2023, 2024):
        graph = graphs[year]
        computed = {(atom[1:5], atom[5]): atom[6] for atom in graph.atoms("computed_level")}
        for atom in graph.atoms("dashboard_row"):
            for measure, printed in (("status", atom[9]), ("change", atom[10])):
                if printed != "none":
                    counts[measure, computed.get((atom[1:5], measure)) == printed] += 1
        assert graph.atoms("printed_level_differs") == []
    assert counts == {("status", True): 2700, ("change", True): 2530}


def test_every_printed_color_of_2018_2023_and_2024_is_the_one_the_printed_levels_give(graphs):
    counts = Counter()
    for year, graph in graphs.items():
        computed = {}
        for atom in graph.atoms("computed_color"):
            computed.setdefault(atom[1:5], set()).add(atom[5])
        for atom in graph.atoms("dashboard_row"):
            if atom[11] != "none":
                counts[year, computed.get(atom[1:5]) == {atom[11]}] += 1
        assert graph.atoms("printed_color_differs") == []
    assert {year for year, _ in counts} == {2018, 2023, 2024}
    assert all(equal for _, equal in counts)


def test_a_certification_flag_makes_a_suspension_row_of_2018_orange_whatever_its_levels(graphs):
    graph = graphs[2018]
    flagged = {atom[1:4] for atom in graph.atoms("certification_flag")}
    colors = [atom[11] for atom in graph.atoms("dashboard_row") if atom[4] == "suspension" and atom[1:4] in flagged]
    assert colors == ["orange"] * 5
