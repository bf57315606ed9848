"""Every derivation, against one explanation by xclingo 2.0b24: the same rules, the same facts, in one run.

    python benchmarks/explain.py [RUNS]

The rules are those of the policy that eligibility rests on, each the text that its author wrote; the facts are all
that the record holds of the 30 LEAs with most facts on record. For xclingo every rule is labeled with its @says
sentence, and facts are traced. It is measured in its favor: inside its process, after start and imports, without
laying out a tree. Its command does the same from a cold start and prints the trees; ours is measured from there too.

Then k atoms with two derivations each, by rules of the policy: all derivations of ours, all explanations of xclingo,
which are one answer set for each combination.

xclingo pins its own version of clingo, so it gets an environment of its own, in the folder of temporary files; the
first run installs it from the package index. Nothing runs longer than LIMIT seconds.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import clingo
from figures import made_up_cell

from pyreport.evidence.facts import Facts, facts_of
from pyreport.evidence.record import read_record, record_folder
from pyreport.places import policy_folder
from pyreport.reasoning.instrumentation import plain, write_facts
from pyreport.reasoning.solver import derive
from pyreport.rulebook.rulebook import Rule, Rulebook, load_rulebook
from pyreport.rulebook.syntax import quote, unquote

PEER = ("xclingo==2.0b24", "clingo==5.8.0")
LEAS, LIMIT = 30, 120
SIZES = (2, 4, 8, 12)
GOAL, TWICE = "eligible", "known_group"
COMMAND = "from pyreport.cli import main; main()"


@dataclass(frozen=True)
class Took:
    """Seconds of one run: by the clock, and of the processor."""

    wall: float
    cpu: float


def peer_environment() -> Path:
    """The folder with the programs of xclingo's environment; it is made where it is not there yet."""
    folder = Path(tempfile.gettempdir()) / f"pyreport-benchmarks-{PEER[0].replace('==', '-')}"
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    if not (folder / "complete").exists():
        print(f"Installing {' and '.join(PEER)} into {folder} …", file=sys.stderr)
        venv.create(folder, clear=True, with_pip=True)
        subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", "--pre", *PEER], check=True)
        (folder / "complete").touch()
    return programs


def resting(rulebook: Rulebook, goal: str) -> tuple[Rulebook, set[str]]:
    """The rules that ``goal`` rests on, directly or not, and the predicates in them."""
    names, rules, todo = {goal}, [], [goal]
    while todo:
        for rule in rulebook.by_head.get(todo.pop(), ()):
            rules.append(rule)
            needed = {atom.predicate for atom in rule.atoms_read()} - names
            names |= needed
            todo += sorted(needed)
    return replace(rulebook, rules=tuple(sorted(rules, key=lambda rule: rule.id))), names


def for_peer(rulebook: Rulebook, facts: Facts, shown: Iterable[str]) -> str:
    """The same rules and facts as xclingo reads them: each rule under its sentence, ``shown`` to be explained."""
    lines = []
    for rule in rulebook.rules:
        if rule.body:
            lines.append(trace(rule))
        lines.append(rule.text)
    lines.append(write_facts(facts))
    for name in shown:
        atom = f"{name}({', '.join(rulebook.predicates[name].arguments)})"
        lines.append(f"%!show_trace {{{atom}}} :- {atom}.")
    return "\n".join(lines) + "\n"


def trace(rule: Rule) -> str:
    """The sentence of ``rule`` as an annotation of xclingo's."""
    words = re.sub(r"\{\w+\}", "%", rule.says).replace('"', "'")
    values = "".join(f", {name}" for name in re.findall(r"\{(\w+)\}", rule.says))
    return f'%!trace_rule {{"{rule.id}: {words}"{values}}}.'


def measured(action: Callable[[], Any]) -> tuple[Took, Any]:
    wall, cpu = time.perf_counter(), time.process_time()
    result = action()
    return Took(time.perf_counter() - wall, time.process_time() - cpu), result


def explained(programs: Path, program: Path, wanted: int) -> dict[str, Any] | None:
    """What xclingo reports of ``program``, or ``None`` if it was not done in time."""
    script = Path(__file__).with_name("xclingo_peer.py")
    # A little longer than the peer's own limit, which it can only keep between two explanations.
    arguments = [programs / "python", script, program, str(wanted), str(LIMIT)]
    try:
        done = subprocess.run(arguments, check=True, capture_output=True, text=True, timeout=LIMIT + 10)
    except subprocess.TimeoutExpired:
        return None
    return json.loads(done.stdout)


def command(arguments: list[Any]) -> float | None:
    """Seconds that a command takes from a cold start, by the clock; ``None`` if it was not done in time."""
    start = time.perf_counter()
    try:
        subprocess.run(arguments, check=False, capture_output=True, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return None
    return time.perf_counter() - start


def one_explanation(rulebook: Rulebook, programs: Path, folder: Path, runs: int) -> None:
    rules, names = resting(rulebook, GOAL)
    record = read_record(record_folder())
    on_record = Counter(str(atom[1]) for atom in facts_of(record) if atom[0] in names)
    leas = sorted(on_record, key=lambda lea: (-on_record[lea], lea))[:LEAS]
    facts = {
        atom: cell for atom, cell in facts_of(record, only={unquote(lea) for lea in leas}).items() if atom[0] in names
    }
    concluded = [name for name in sorted(names) if rulebook.predicates[name].stated_by == "rules"]
    shown = {"of who is eligible": [GOAL], "of every conclusion": concluded}
    files = {}
    for number, (what, predicates) in enumerate(shown.items()):
        files[what] = folder / f"shown-{number}.lp"
        files[what].write_text(for_peer(rules, facts, predicates), encoding="utf-8")

    def plain_clingo() -> None:
        control = clingo.Control(["--warn=none"])
        control.add("base", [], plain(rules))
        control.add("base", [], write_facts(facts))
        control.ground([("base", [])])
        control.solve()

    graph = derive(rules, facts)
    derivations, elements = graph.size
    ours = "all derivations"
    times: dict[str, list[Took]] = {}
    reports: dict[str, dict[str, Any]] = {}
    from_cold: dict[str, list[float]] = {}
    for _ in range(runs):
        for name, action in (
            ("plain clingo, ground and solve", plain_clingo),
            (ours, lambda: derive(rules, facts)),
            (
                "all derivations, the policy read too",
                lambda: derive(resting(load_rulebook(policy_folder()), GOAL)[0], facts),
            ),
        ):
            times.setdefault(name, []).append(measured(action)[0])
        for what, file in files.items():
            report = explained(programs, file, 1)
            name = f"xclingo, one explanation {what}"
            if report is not None:
                times.setdefault(name, []).append(Took(report["wall"], report["cpu"]))
                reports[name] = report
        peer = [programs / "xclingo", "-n", "1", "1", "--auto-tracing", "facts", files["of who is eligible"]]
        seconds = command(peer)
        from_cold.setdefault("xclingo's command, who is eligible", []).append(LIMIT if seconds is None else seconds)
        arguments = [argument for lea in leas for argument in ("--lea", unquote(lea))]
        seconds = command([sys.executable, "-c", COMMAND, "decide", *arguments])
        from_cold.setdefault("pyreport decide (all derivations, checked)", []).append(
            LIMIT if seconds is None else seconds
        )
    mine = {report["shown"] for name, report in reports.items() if name.endswith("who is eligible")}
    if mine - {len(graph.atoms(GOAL))}:
        raise SystemExit(f"xclingo finds {mine} LEA-years eligible, we find {len(graph.atoms(GOAL))}")
    print(
        f"{len(rules.rules)} rules and facts of the policy; {len(leas)} LEAs, {len(facts):,} facts; medians of {runs} runs"
    )
    print(f"{'':46} {'clock':>9} {'processor':>10} {'x ours':>7} {'derivations':>12} {'µs each':>8}")
    base = middle(times[ours])
    for name, runs_of_one in times.items():
        took = middle(runs_of_one)
        count = derivations + elements if name.startswith("all") else reports.get(name, {}).get("nodes", 0)
        each = f"{count:12,} {took.cpu / count * 1e6:8,.0f}" if count else ""
        print(f"{name:46} {took.wall:7.3f} s {took.cpu:8.3f} s {took.cpu / base.cpu:7.1f} {each}")
    for name, seconds_of_one in from_cold.items():
        print(f"{name:46} {statistics.median(seconds_of_one):7.3f} s, from a cold start")


def middle(times: list[Took]) -> Took:
    return Took(statistics.median(one.wall for one in times), statistics.median(one.cpu for one in times))


def two_derivations_each(rulebook: Rulebook, programs: Path, folder: Path) -> None:
    rules, _ = resting(rulebook, TWICE)
    groups: dict[Any, list[Any]] = {}
    for rule in rulebook.by_head["student_group"]:
        for _, year, group in rule.facts:
            groups.setdefault(year, []).append(group)
    year = max(groups)
    cell, lea = made_up_cell(), quote("01" + "0" * 12)
    print(f"\n{'k':>3} {'ours':>10} {'derivations':>12} {'xclingo':>10} {'explanations':>13}")
    for size in SIZES:
        facts: Facts = {}
        for group in sorted(groups[year])[:size]:
            facts["published_letter", lea, year, group, "a"] = cell
            row = (lea, year, group, "suspension", "none", "not_printed", "none", "none", "none", "none", "red")
            facts["dashboard_row", *row] = cell
        took, graph = measured(lambda facts=facts: derive(rules, facts))
        twice = sum(len(graph.support[atom]) for atom in graph.atoms(TWICE))
        program = folder / f"twice-{size}.lp"
        program.write_text(for_peer(rules, facts, [TWICE]), encoding="utf-8")
        report = explained(programs, program, 0)
        theirs = f"{f'> {LIMIT} s':>10}" if report is None else f"{report['wall']:8.3f} s {report['explanations']:13,}"
        unfinished = "" if report is None or report["done"] else " so far"
        print(f"{size:3} {took.wall:8.3f} s {twice:12,} {theirs}{unfinished}")


def main(runs: int) -> None:
    rulebook, programs = load_rulebook(policy_folder()), peer_environment()
    with tempfile.TemporaryDirectory() as folder:
        one_explanation(rulebook, programs, Path(folder), runs)
        two_derivations_each(rulebook, programs, Path(folder))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
