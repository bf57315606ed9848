"""Why-nots of all ineligible LEAs of a year, with their text, against deciding that year; one from the command line.

    python benchmarks/why_not.py [RUNS]

Deciding is what `pyreport decide --year` does once policy and record are read: facts, all derivations, the proof check.
A why-not is all that the command writes: every rule and candidate checked, the nearest miss, the outline, its text.
Then the whole command from a cold start, for deciding the year and for the why-not of one LEA. Processor time is what
is compared, since other work on the machine changes it least; medians of the runs, taken in turn.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from pyreport.evidence.record import Record
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.evidence.scope import Scope
from pyreport.explanation.text import outline_text
from pyreport.explanation.tree import Explainer
from pyreport.explanation.why_not.explainer import WhyNotExplainer
from pyreport.explanation.why_not.outline import nearest, outline
from pyreport.files.places import policy_folder
from pyreport.reasoning.decision import Decision, decide
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.rulebook import Rulebook

YEARS = (2018, 2024, 2025)
LEA = "27659950000000"


def why_nots(decision: Decision, year: int) -> tuple[int, int]:
    """The why-nots of every LEA that is not certainly eligible: how many, and the characters of their text."""
    number = characters = 0
    graph = decision.graph
    explainer = Explainer(graph)
    why_not = WhyNotExplainer(explainer)
    eligible = {atom[1] for atom in graph.atoms("eligible") if atom[2] == year}
    for lea in sorted({atom[1] for atom in graph.atoms("covered") if atom[2] == year} - eligible, key=str):
        answer = why_not.of(("eligible", lea, year))
        nearest(answer)
        characters += len(outline_text(outline(answer, explainer.sentences)))
        number += 1
    return number, characters


def one_year(rulebook: Rulebook, record: Record, year: int, runs: int) -> None:
    deciding, asking = [], []
    for _ in range(runs):
        start = time.process_time()
        decision = decide(rulebook, record, Scope(year=year))
        deciding.append(time.process_time() - start)
        start = time.process_time()
        number, characters = why_nots(decision, year)
        asking.append(time.process_time() - start)
    base, took = statistics.median(deciding), statistics.median(asking)
    print(
        f"{year}  deciding {base:6.2f} s   {number:5} why-nots, {characters / 1e6:4.1f} million characters "
        f"{took:6.2f} s   {took / base:4.1f} x   {took / number * 1000:4.1f} ms each"
    )


def cold(runs: int, *words: str) -> None:
    command = [str(Path(sys.executable).with_name("pyreport")), *words]
    clock, processor = [], []
    for _ in range(runs):
        start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        clock.append(time.perf_counter() - start)
        processor.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    print(
        f"pyreport {' '.join(words):40} {statistics.median(clock):6.2f} s by the clock, "
        f"{statistics.median(processor):6.2f} s of the processor"
    )


def main(runs: int) -> None:
    rulebook, record = load_rulebook(policy_folder()), read_record(record_folder())
    # The checker of the policy is made once a process: that is no part of a year.
    decide(rulebook, record, Scope(year=YEARS[0], only={LEA}))
    for year in YEARS:
        one_year(rulebook, record, year, runs)
    for year in YEARS:
        cold(runs, "decide", "--year", str(year))
        cold(runs, "why-not", LEA, "--year", str(year))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
