"""All smallest changes for every LEA of a Dashboard year, each decided again: the mean of an LEA-year.

Once for the letters of the whole state (with the figures on record of one county), once for those figures alone, and
for the facts of earlier Dashboards. CPU time beside wall time, since other work may run on the same machine. As in the
commands, Python does not look for circles of garbage meanwhile.
"""

from __future__ import annotations

import gc
import sys
import time

from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.evidence.scope import Scope
from pyreport.files.places import policy_folder
from pyreport.hypotheses.least_change import least_changes
from pyreport.reasoning.decision import facts_to_decide
from pyreport.rulebook.loading import load_rulebook


def main(runs: int) -> None:
    gc.disable()
    rulebook = load_rulebook(policy_folder(), changes=True)
    record = read_record(record_folder())
    codes = sorted({cds[:2] for _, cds in record.lea_years})
    figures = sorted(code for code in codes if record.counties[code].figures)
    columns = f"{'LEA-years':>9} {'goals':>7} {'ways':>7} {'decided again':>13} {'CPU ms':>7} {'wall ms':>8}"
    print(f"{'Dashboard, counties':28} {columns}")
    for year in record.years:
        for name, chosen in (("all", codes), ("with figures", figures)):
            best = min((measured(rulebook, record, year, chosen) for _ in range(runs)), key=lambda one: one[-2])
            count, goals, ways, decided, cpu, wall = best
            print(
                f"{f'{year}, {name}':28} {count:9,} {goals:7,} {ways:7,} {decided:13,} "
                f"{1000 * cpu / count:7.1f} {1000 * wall / count:8.1f}"
            )


def measured(rulebook, record, year, codes):
    count = goals = ways = decided = 0
    cpu = wall = 0.0
    for code in codes:
        facts = facts_to_decide(rulebook, record, Scope(year=year, only={code}))
        start, on_the_wall = time.process_time(), time.perf_counter()
        for one in least_changes(rulebook, facts, year):
            count += 1
            goals += len(one.optima)
            ways += sum(optima.count for optima in one.optima)
            decided += sum(map(len, one.decided))
        cpu, wall = cpu + time.process_time() - start, wall + time.perf_counter() - on_the_wall
    return count, goals, ways, decided, cpu, wall


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
