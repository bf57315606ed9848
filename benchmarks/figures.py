"""All derivations over Dashboard figures at the size of the state: four years, 775,000 cells, county by county.

The figures are made up (the seed is fixed): 2,300 LEAs in 58 counties, 14 student groups, six indicators, the
Dashboards of 2018, 2019, 2023 and 2024. Plain clingo grounds the same rules on the same facts in the same run, the
whole state at once; derivations are read county by county, a process each, since clingo keeps every symbol for as
long as its process lives: so memory is bounded by the largest county.
"""

from __future__ import annotations

import multiprocessing
import random
import resource
import time
from concurrent.futures import ProcessPoolExecutor

import clingo

from pyreport.evidence.model import Cell, Publication
from pyreport.evidence.predicates import Facts
from pyreport.files.places import policy_folder
from pyreport.reasoning.instrumentation import plain, write_facts
from pyreport.reasoning.solver import derive
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.syntax import quote

COUNTIES, LEAS, SEED = 58, 2300, 20260926
COLORS = ("none", "red", "orange", "yellow", "green", "blue")
GROUPS = ("aa", "ai", "as", "el", "fi", "fos", "hi", "hom", "ltel", "pi", "sed", "swd", "tom", "wh")
INDICATORS = ("ela", "math", "elpi", "graduation", "chronic_absenteeism", "suspension")


def county_facts(code: int, years: list[int], cell: Cell) -> Facts:
    draw = random.Random(SEED * 100 + code)
    facts: Facts = {}
    for number in range(LEAS // COUNTIES + (code <= LEAS % COUNTIES)):
        lea = quote(f"{code:02}{60000 + number:05}0000000")
        facts["code_parts", lea, '"60"', '"0000000"'] = cell
        for year in years:
            facts["reported", lea, year] = cell
            for indicator in INDICATORS:
                facts["rows_at_hand", lea, year, indicator] = cell
                for group in GROUPS:
                    level, change = draw.randint(1, 5), draw.randint(1, 5)
                    color = draw.choices(COLORS, (40, 8, 12, 16, 14, 10))[0]
                    status, moved = draw.randint(-900, 900), draw.randint(-80, 80)
                    row = (lea, year, group, indicator, 100, "met", status, moved, level, change, color)
                    facts["dashboard_row", *row] = cell
    return facts


def made_up_cell() -> Cell:
    return Cell("", Publication(0, "made up", "", "made-up.txt", "", "0" * 64, {}, "suspension"), "A", 1)


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def one_county(code: int, years: list[int]) -> tuple[float, int, int, float]:
    """Seconds, derivations, counted elements and peak memory (MB) of one county."""
    rulebook, facts = load_rulebook(policy_folder()), county_facts(code, years, made_up_cell())
    start = time.perf_counter()
    graph = derive(rulebook, facts)
    return time.perf_counter() - start, *graph.size, peak()


def main() -> None:
    rulebook = load_rulebook(policy_folder())
    encoded = sorted({fact[1] for rule in rulebook.by_head["regime"] for fact in rule.facts}, key=str)
    years = [int(encoded[1]), int(encoded[2]), int(encoded[4]), int(encoded[5])]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as pool:
        results = list(pool.map(one_county, range(1, COUNTIES + 1), [years] * COUNTIES))
    seconds = sum(result[0] for result in results)
    count = sum(result[1] + result[2] for result in results)
    by_county = max(result[3] for result in results)
    cell = made_up_cell()
    atoms = [atom for code in range(1, COUNTIES + 1) for atom in county_facts(code, years, cell)]
    cells, everything = sum(atom[0] == "dashboard_row" for atom in atoms), write_facts(atoms)
    start = time.perf_counter()
    control = clingo.Control(["--warn=none"])
    control.add("base", [], plain(rulebook))
    control.add("base", [], everything)
    control.ground([("base", [])])
    control.solve()
    base = time.perf_counter() - start
    print(f"{cells:,} cells; {count:,} derivations and counted elements")
    print(f"plain clingo, whole state        {base:8.2f} s   peak {peak():,.0f} MB")
    print(f"all derivations, county by county {seconds:7.2f} s   peak {by_county:,.0f} MB")
    print(f"beyond plain clingo: {(seconds - base) / count * 1e6:.1f} µs a derivation or counted element")


if __name__ == "__main__":
    main()
