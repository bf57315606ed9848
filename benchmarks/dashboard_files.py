"""Reading a statewide Dashboard year, a million rows in seven files, against pandas reading the same columns.

The files are made up, in the columns and of the size of CDE's. Needs no network; pyarrow is used if installed.
"""

from __future__ import annotations

import csv
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from pyreport.evidence.counties import counties

STUDENTS = ["AA", "AI", "AS", "EL", "FI", "FOS", "HI", "HOM", "LTEL", "MR", "PI", "SED", "SWD", "WH"]
LEAS, CHARTERS, SCHOOLS = 994, 1271, 10500
BEGINNING = "cds rtype schoolname districtname countyname charter_flag coe_flag dass_flag"
FIGURES = "currstatus priornumer priordenom priorstatus change statuslevel changelevel color box"
SIZES = "currnsizemet priornsizemet accountabilitymet"
RATES = (
    "Currprate_enrolled Currprate_tested Currprate currnumPRLOSS currdenom_withoutPRLOSS currstatus_withoutPRLOSS "
    "Priorprate_enrolled Priorprate_tested Priorprate priornumPRLOSS priordenom_withoutPRLOSS "
    "priorstatus_withoutPRLOSS"
)
SPARSE = {
    "currdenom_withoutPRLOSS",
    "Currprate_enrolled",
    "priornumer",
    "currnumPRLOSS",
    "priornumPRLOSS",
    "Priorprate_enrolled",
    "priordenom_withoutPRLOSS",
    "box",
}
            with file.open(encoding="utf-8") as lines:
                columns = [name for name in lines.readline().rstrip("\n").split("\t") if name in wanted]
            options: dict[str, Any] = {"engine": how} if how == "pyarrow" else {"engine": "c", "na_filter": False}
            table = pd.read_csv(file, sep="\t", usecols=columns, dtype=str, **options)
            taken += len(table)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{seconds} {taken} {peak}")
    return seconds


def main(runs: int) -> None:
    engines = ["pyreport", "c"]
    try:
        import pyarrow  # type: ignore[import-untyped]  # noqa: F401
    except ModuleNotFoundError:
        print("pyarrow is not installed; pandas' C engine is the fastest at hand")
    else:
        engines.append("pyarrow")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = write_files(folder)
        size = sum(file.stat().st_size for file in folder.iterdir())
        print(f"{rows:,} rows, {size / 1e6:.0f} MB in {len(FILES)} files; medians of {runs} runs, taken in turn")
        found: dict[str, list[list[float]]] = {how: [] for how in engines}
        for _ in range(runs):
            for how in engines:
                done = subprocess.run(
                    [sys.executable, __file__, "--read", how, name], capture_output=True, text=True, check=True
                )
                found[how].append([float(part) for part in done.stdout.split()])
        own = statistics.median(run[0] for run in found["pyreport"])
        for how, results in found.items():
            seconds = statistics.median(run[0] for run in results)
            label = "pyreport, checked figures" if how == "pyreport" else f"pandas, engine {how}"
            line = f"{label:28} {seconds:6.2f} s, {results[0][1]:9,.0f} rows kept, peak {results[0][2]:5.0f} MB"
            print(line + ("" if how == "pyreport" else f"; pyreport takes {own / seconds:.2f} x that"))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--read"]:
        read(sys.argv[2], Path(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
