"""Whole commands from a cold start: help, deciding, explaining, and the 58 pages, made and verified."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from pyreport.evidence.counties import counties, county_slug
from pyreport.evidence.record_reading import read_record, record_folder


def main(runs: int) -> None:
    record = read_record(record_folder())
    newest = str(record.years[-1])
    lea = next(cds for year, cds in sorted(record.lea_years) if str(year) == newest)
    with tempfile.TemporaryDirectory() as folder:
        output = str(Path(folder) / "build")
        pages = [str(Path(output) / f"{county_slug(code)}.html") for code in counties()]
        commands = {
            "python, importing click": [sys.executable, "-c", f"import {click.__name__}"],
            "pyreport --help": ["--help"],
            "pyreport decide --help": ["decide", "--help"],
            f"pyreport explain {lea}": ["explain", lea],
            f"pyreport decide --year {newest}": ["decide", "--year", newest],
            "pyreport decide (all years)": ["decide"],
            "pyreport compare, two decisions": ["compare", f"year:{newest}", f"year:{newest}"],
            "pyreport report, 1 job": ["report", "--jobs", "1", "--output", output],
            "pyreport report, 2 jobs": ["report", "--jobs", "2", "--output", output],
            "pyreport verify --record, 58 pages": ["verify", *pages, "--record"],
        }
        for name, words in commands.items():
            command = words if words[0] == sys.executable else [str(Path(sys.executable).with_name("pyreport")), *words]
            seconds = []
            for _ in range(runs):
                start = time.perf_counter()
                subprocess.run(command, check=True, capture_output=True)
                seconds.append(time.perf_counter() - start)
            print(f"{name:34} {statistics.median(seconds):7.2f} s  (best {min(seconds):.2f}, worst {max(seconds):.2f})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
