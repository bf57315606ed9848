"""Every derivation, against one explanation by xclingo 2.0b24: the same rules, the same facts, in one run.

    python benchmarks/explain.py [RUNS]

The rules are those of the policy that eligibility rests on, each the text that its author wrote; the facts are all
that the record holds of the 30 LEAs with most facts on record; then, once, of all LEAs. For xclingo every rule is
labeled with its @says sentence, and facts are traced. It is measured in its favor: inside its process, after start and
imports, without laying out a tree. Its command does the same from a cold start and prints the trees; ours decides from
there by the whole policy and checks every proof. A step is a derivation or a counted element of ours, and a labeled
node of xclingo's explanation. Processor time is what is compared, since other work on the machine changes it least.

Then k atoms with two derivations each, by rules of the policy: all derivations of ours, all explanations of xclingo,
which are one answer set for each combination.

xclingo pins its own version of clingo, so it gets an environment of its own, in the folder of temporary files; the
first run installs it from the package index. Nothing runs longer than LIMIT seconds.
"""

from __future__ import annotations

import json
import re
import resource
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

from pyreport.cases.stated_facts import made_up_cell
from pyreport.evidence.facts import facts_of
from pyreport.evidence.predicates import Facts
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.files.places import policy_folder
from pyreport.reasoning.instrumentation import plain, write_facts
from pyreport.reasoning.solver import derive
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import quote, unquote

PEER = ("xclingo==2.0b24", "clingo==5.8.0")
LEAS, LIMIT = 30, 300
SIZES = (2, 4, 8, 12, 16, 20)
GOAL, TWICE = "eligible", "known_group"
PLAIN = "plain clingo, ground and solve"
OURS = "all derivations"
PEER_GOAL = "xclingo, one explanation: eligibility"
PEER_ALL = "xclingo, one explanation: every conclusion"
COMMAND = "from pyreport.cli import main; main()"


@dataclass(frozen=True)
class Took:
    """Seconds of one run: by the clock, and of the processor."""

    wall: float
    cpu: float


def peer_environment() -> Path:
    """The folder with the programs of xclingo's environment; it is made where it is not there yet."""
    folder = Path(tempfile.gettempdir()) / f"pyreport-benchmarks-{PEER[0].replace('==', '-')}"
    programs = folder / "bin"
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


def from_cold(arguments: list[Any]) -> Took | None:
    """What a command takes from a cold start; ``None`` if it was not done in time."""
    wall, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        subprocess.run(arguments, check=True, capture_output=True, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return None
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(time.perf_counter() - wall, cpu)


def facts_of_leas(names: set[str], count: int | None) -> tuple[list[str], Facts]:
    """The LEAs with most facts on record, ``count`` of them or all, and their facts of the predicates ``names``."""
    everything = {atom: cell for atom, cell in facts_of(read_record(record_folder())).items() if atom[0] in names}
    on_record = Counter(str(atom[1]) for atom in everything)
    leas = sorted(on_record, key=lambda lea: (-on_record[lea], lea))[:count]
    chosen = set(leas)
    return [unquote(lea) for lea in leas], {atom: cell for atom, cell in everything.items() if atom[1] in chosen}


def one_explanation(rulebook: Rulebook, programs: Path, folder: Path, count: int | None, runs: int) -> None:
    rules, names = resting(rulebook, GOAL)
    leas, facts = facts_of_leas(names, count)
    concluded = [name for name in sorted(names) if rulebook.predicates[name].stated_by == "rules"]
    of_goal, of_all = folder / "goal.lp", folder / "all.lp"
    of_goal.write_text(for_peer(rules, facts, [GOAL]), encoding="utf-8")
    of_all.write_text(for_peer(rules, facts, concluded), encoding="utf-8")
    graph = derive(rules, facts)
    eligible = len(graph.atoms(GOAL))
    steps = {OURS: sum(graph.size)}

    def plain_clingo() -> None:
        control = clingo.Control(["--warn=none"])
        control.add("base", [], plain(rules))
        control.add("base", [], write_facts(facts))
        control.ground([("base", [])])
        control.solve()

    def policy_too() -> None:
        derive(resting(load_rulebook(policy_folder()), GOAL)[0], facts)

    def peer(name: str, program: Path) -> Took | None:
        report = explained(programs, program, 1)
        if report is None:
            return None
        if program == of_goal and report["shown"] != eligible:
            raise SystemExit(f"xclingo finds {report['shown']} LEA-years eligible, we find {eligible}")
        steps[name] = report["nodes"]
        return Took(report["wall"], report["cpu"])

    only = [part for lea in leas for part in ("--lea", lea)] if count else []
    ours = [sys.executable, "-c", COMMAND, "decide", *only]
    theirs = [programs / "xclingo", "-n", "1", "1", "--auto-tracing", "facts", of_goal]
    lines: dict[str, Callable[[], Took | None]] = {
        PLAIN: lambda: measured(plain_clingo)[0],
        OURS: lambda: measured(lambda: derive(rules, facts))[0],
        "all derivations, the policy read too": lambda: measured(policy_too)[0],
        PEER_GOAL: lambda: peer(PEER_GOAL, of_goal),
        PEER_ALL: lambda: peer(PEER_ALL, of_all),
        "cold start: pyreport decide, proofs checked": lambda: from_cold(ours),
        "cold start: xclingo, eligibility": lambda: from_cold(theirs),
    }
    if not count:
        # At this size each of xclingo's would take minutes: the easiest stands for all.
        lines = {name: lines[name] for name in (PLAIN, OURS, PEER_GOAL)}
    times: dict[str, list[Took | None]] = {name: [] for name in lines}
    for _ in range(runs):
        for name, action in lines.items():
            # What was not done in time once is not tried again.
            if None not in times[name]:
                times[name].append(action())
    print(f"\n{len(leas):,} LEAs, {len(facts):,} facts, {len(rules.rules)} rules and facts of the policy; {runs} runs")
    print(f"{'':46} {'clock':>10} {'processor':>10} {'x ours':>7} {'steps':>8} {'µs each':>8}")
    base = statistics.median(took.cpu for took in times[OURS] if took)
    clock = statistics.median(took.wall for took in times[OURS] if took)
    for name, taken in times.items():
        done = [took for took in taken if took]
        if len(done) < len(taken):
            print(f"{name:46} {f'> {LIMIT} s':>10} {'':10} {f'> {LIMIT / clock:.0f}':>7} by the clock")
            continue
        wall, cpu = statistics.median(took.wall for took in done), statistics.median(took.cpu for took in done)
        each = f"{steps[name]:8,} {cpu / steps[name] * 1e6:8,.0f}" if name in steps else ""
        print(f"{name:46} {wall:8.3f} s {cpu:8.3f} s {cpu / base:7.1f} {each}")


def two_derivations_each(rulebook: Rulebook, programs: Path, folder: Path) -> None:
    rules, _ = resting(rulebook, TWICE)
    year, group = max(fact[1:] for rule in rulebook.by_head["student_group"] for fact in rule.facts)
    cell = made_up_cell()
    print(f"\n{'k':>3} {'ours':>10} {'derivations':>12} {'xclingo':>10} {'explanations':>13}")
    for size in SIZES:
        facts: Facts = {}
        for number in range(size):
            lea = quote(f"01{number:05}0000000")
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
        one_explanation(rulebook, programs, Path(folder), LEAS, runs)
        one_explanation(rulebook, programs, Path(folder), None, 1)
        two_derivations_each(rulebook, programs, Path(folder))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
