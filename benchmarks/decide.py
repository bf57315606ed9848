"""Deciding the whole state, all Dashboards on record, against plain clingo on the same program text."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import clingo

from pyreport.evidence.facts import facts_of
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.files.places import policy_folder
from pyreport.proof.checker import ProofChecker
from pyreport.reasoning.instrumentation import plain, write_facts
from pyreport.reasoning.solver import conclude, derive
from pyreport.rulebook.loading import load_rulebook


def main(runs: int) -> None:
    rulebook = load_rulebook(policy_folder())
    facts = facts_of(read_record(record_folder()))
    program = plain(rulebook)
    outputs = [predicate.name for predicate in rulebook.outputs().values()]
    checker = ProofChecker(rulebook.texts)

    def plain_clingo() -> None:
        control = clingo.Control(["--warn=none"])
        control.add("base", [], program)
        control.add("base", [], write_facts(facts))
        control.ground([("base", [])])
        control.solve()

    graph = derive(rulebook, facts)
    document = graph.document()
    lines: dict[str, Callable[[], Any]] = {
        "plain clingo, ground and solve": plain_clingo,
        "conclusions alone": lambda: conclude(rulebook, facts, outputs),
        "all derivations, read into Python": lambda: derive(rulebook, facts),
        "graph document": graph.document,
        "proof check (replay, closure, circles)": lambda: checker.check(document),
    }
    times: dict[str, list[float]] = {name: [] for name in lines}
    for _ in range(runs):
        for name, action in lines.items():
            start = time.perf_counter()
            action()
            times[name].append(time.perf_counter() - start)
    base = statistics.median(times["plain clingo, ground and solve"])
    derivations, elements = graph.size
    print(f"{len(facts):,} facts, {derivations:,} derivations, {elements:,} counted elements; medians of {runs} runs")
    for name, seconds in times.items():
        middle = statistics.median(seconds)
        each = middle / (derivations + elements) * 1e6
        print(f"{name:40} {middle:7.3f} s  {middle / base:5.2f} x plain  {each:6.2f} µs a derivation or element")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
