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
# The file's name, what the column `indicator` says, the groups besides students', the columns, the share of schools.
FILES: dict[str, tuple[str, list[str], str, float]] = {
    "ela": ("ELA", ["ALL", "EO", "ELO", "RFP", "SBA", "CAA"], f"currdenom {FIGURES} {SIZES} hscutpoints {RATES}", 1),
    "math": ("MATH", ["ALL", "EO", "ELO", "RFP", "SBA", "CAA"], f"currdenom {FIGURES} {SIZES} hscutpoints {RATES}", 1),
    "elpi": ("ELPI", [], f"currprogressed currdeclined curr95 currnumer currdenom {FIGURES} {SIZES}", 1),
    "grad": ("GRAD", ["ALL"], f"currnumer currdenom {FIGURES} smalldenom fiveyrnumer {SIZES}", 0.25),
    "cci": ("CCI", ["ALL"], f"studentgroup_pct currdenom {FIGURES} smalldenom {SIZES} {RATES}", 0.25),
    "chronic": ("CHRO", ["ALL"], f"currnumer currdenom {FIGURES} smalldenom {SIZES}", 0.9),
    "susp": ("SUSP", ["ALL"], f"type currnumer currdenom {FIGURES} smalldenom {SIZES}", 1.1),
}
READ = "cds rtype schoolname districtname countyname charter_flag dass_flag currdenom currstatus change statuslevel "
READ += "changelevel color currnsizemet reportingyear indicator studentgroup smalldenom hscutpoints type"


def write_files(folder: Path) -> int:
    """Write the seven files of 2024 and return the number of rows."""
    draw = random.Random(2024)
    names = list(counties().items())
    places = [(names[draw.randrange(58)], number) for number in range(LEAS)]
    total = 0
    for stem, (printed, reporting, columns, share) in FILES.items():
        header = [*BEGINNING.split(), *(["studentgroup"] if "type" not in columns else [])]
        header += [name for part in columns.split() for name in ([part, "studentgroup"] if part == "type" else [part])]
        header += ["indicator", "reportingyear"]
        groups = ["EL", "LTEL"] if stem == "elpi" else [*reporting, *STUDENTS]
        units: list[tuple[str, str, str, str, str, str]] = []
        for (code, county), number in places:
            units.append((f"{code}6{number:04}0000000", "D", "", f"Unified District {number}", county, ""))
        schools = [("Y", CHARTERS), ("", int(SCHOOLS * share))]
        for flag, count in schools:
            for number in range(count):
                (code, county), of = places[number % LEAS]
                cds = f"{code}6{of:04}{(1 if flag else 2)}{number:06}"
                units.append((cds, "S", f"Elementary School {number}", f"Unified District {of}", county, flag))
        with (folder / f"{stem}download2024.txt").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
            writer.writerow(header)
            for unit in units:
                for group in groups:
                    if group not in ("ALL", "HI", "SED", "WH", "EL", "SWD") and draw.random() < 0.05:
                        continue
                    writer.writerow(_row(draw, header, unit, group, printed))
                    total += 1
    return total


def _row(draw: random.Random, header: list[str], unit: tuple[str, ...], group: str, printed: str) -> list[str]:
    count = draw.randrange(600)
    large = count >= 30
    known = dict(zip(BEGINNING.split()[:6], unit, strict=True))
    known |= {"studentgroup": group, "indicator": printed, "reportingyear": "2024", "currdenom": str(count)}
    known |= {"type": "UD", "smalldenom": "Y" if count < 150 else "", "currnsizemet": "Y" if large else ""}
    known |= dict.fromkeys(("coe_flag", "dass_flag", "hscutpoints"), "")
    known |= dict.fromkeys(("priornsizemet", "accountabilitymet"), known["currnsizemet"])
    for name in ("statuslevel", "changelevel", "color"):
        known[name] = str(draw.randrange(1, 6)) if large else "0"
    values = []
    for name in header:
        if name not in known:
            known[name] = f"{draw.randrange(-900, 900) / 10}" if count >= 11 and name not in SPARSE else ""
        values.append(known[name])
    return values


def read(how: str, folder: Path) -> float:
    """Read the files once in this process, print what came out and the peak of memory, and return the seconds."""
    files = sorted(folder.glob("*.txt"))
    if how == "pyreport":
        import numpy  # noqa: F401  # as pandas is, before the clock starts

        from pyreport.evidence.readers.dashboard.file_reader import read_dashboard_file
    else:
        import pandas as pd
    start = time.perf_counter()
    taken = 0
    kept: list[Any] = []
    for file in files:
        if how == "pyreport":
            one = read_dashboard_file(file)
            kept.append(one)
            taken += len(one.figures)
        else:
            wanted = set(READ.split())
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
