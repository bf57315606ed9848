"""A file more or less never turns an answer around: real files, whole and cut, beside the record and without it."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from evidence.readers.status_files import SHARED, needs_shared

from pyreport.evidence.readers.files import read_files
from pyreport.evidence.readers.given import record_on_hand
from pyreport.evidence.readers.other_files import reason_to_pass_over
from pyreport.evidence.record import Record
from pyreport.evidence.scope import Scope
from pyreport.files.places import policy_folder
from pyreport.reasoning.decision import Decision, decide
from pyreport.reasoning.determinations import Determination
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Value

pytestmark = needs_shared

DATA = SHARED / "data"
MONTEREY = sorted((DATA / "dashboard" / "monterey").glob("*.txt"))
FILES = [
    path
    for path in [
        *sorted((DATA / "cde_rows").glob("*.txt")),
        *MONTEREY,
        *sorted((DATA / "dashboard" / "statewide").glob("*")),
    ]
    if reason_to_pass_over(path.name) is None
]
# Of each kind of file one is tried by `make test`, and of each year one part of Monterey's folder; all by
# `make test-all`.
TRIED = [
    path if path in MONTEREY and "2024" in path.name else pytest.param(path, marks=pytest.mark.sweep) for path in FILES
]
COUNTIES = {"01", "27"}
BARE = ("letters", "figures", "red-list", "local-indicators", "published")


def parts(seeds: int) -> list[Any]:
    """Years and seeds: the first seed of each year by `make test`."""
    return [
        pytest.param(year, seed, marks=[pytest.mark.sweep] if seed else [])
        for year in (2018, 2023, 2024)
        for seed in range(seeds)
    ]


@cache
def policy() -> Rulebook:
    return load_rulebook(policy_folder())


@cache
def on_hand() -> Record:
    return record_on_hand()


@cache
def answers(year: int) -> dict[str, Determination]:
    """By the record alone."""
    return {row.cds: row for row in decide(policy(), on_hand(), Scope(year=year, only=COUNTIES)).determinations([year])}


def lettered(year: int) -> set[str]:
    return {cds for (dashboard, cds), one in on_hand().lea_years.items() if dashboard == year and one.letters_at_hand}


def turned_around(year: int, evidence: Record) -> list[tuple[Any, Any]]:
    """The answers of the record on LEAs with letters that further evidence changes; an open flag may be decided."""
    decided = decide(policy(), on_hand().updated(evidence), Scope(year=year, only=COUNTIES))
    now = {row.cds: row for row in decided.determinations([year])}
    found = []
    for cds, before in answers(year).items():
        after = now[cds]
        if cds not in lettered(year):
            # Figures may decide what was open, and never leave an LEA out.
            continue
        for name in ("status", "groups", "methods", "differentiated_assistance"):
            if getattr(before, name) != getattr(after, name):
                found.append((before, after))
        for name in ("persistent_52072", "persistent_52071f"):
            if getattr(before, name) not in ("?", getattr(after, name)):
                found.append((before, after))
    return found


@pytest.mark.parametrize("path", TRIED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_single_file_changes_what_the_record_holds_by_letters(path):
    evidence = read_files([path]).record
    (year,) = {one.dashboard_year for one in evidence.sources}
    assert turned_around(year, evidence) == []


@pytest.mark.parametrize(("year", "seed"), parts(4))
def test_nor_does_any_part_of_monterey_s_folder(tmp_path, year, seed):
    assert turned_around(year, cut(year, seed, tmp_path)) == []


def cut(year: int, seed: int, folder: Path) -> Record:
    """Some of Monterey's files of a year, each with some of its rows."""
    chosen = random.Random(f"{year} {seed}")
    of_year = [path for path in MONTEREY if str(year) in path.name]
    files = []
    for path in chosen.sample(of_year, chosen.randint(1, len(of_year))):
        header, *lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if chosen.random() < 0.7]
        files.append(folder / path.name)
        files[-1].write_text(header + "".join(kept or lines), encoding="utf-8")
    return read_files(files).record


@cache
def whole(year: int) -> Decision:
    """By all of Monterey's figures of a year, and nothing else."""
    evidence = read_files([path for path in MONTEREY if str(year) in path.name]).record
    return decide(
        policy(), replace(bare().updated(evidence), complete=frozenset({"27"})), Scope(year=year, only={"27"})
    )


@cache
def bare() -> Record:
    return on_hand().without(BARE)


def groups(decision: Decision, year: int, *predicates: str) -> set[tuple[Value, Value]]:
    return {(atom[1], atom[3]) for name in predicates for atom in decision.graph.atoms(name) if atom[2] == year}


@pytest.mark.parametrize(("year", "seed"), parts(6))
def test_a_part_of_the_figures_never_rules_out_what_all_of_them_show(tmp_path, year, seed):
    part = decide(policy(), bare().updated(cut(year, seed, tmp_path)), Scope(year=year, only={"27"}))
    shown = groups(whole(year), year, "meets_criteria_on_state_priorities")
    assert shown
    certain = groups(part, year, "meets_criteria_on_state_priorities")
    possible = groups(part, year, "possibly_meets_criteria")
    # What the part shows is so; what all of them show is shown by the part, or possible.
    assert certain <= shown
    assert {key for key in shown - certain - possible if named(part, year, key[0])} == set()
    ruled_out = {row.cds for row in part.determinations([year]) if row.differentiated_assistance == "ruled out"}
    eligible = {row.cds for row in whole(year).determinations([year]) if row.differentiated_assistance == "certain"}
    assert ruled_out & eligible == set()


def named(decision: Decision, year: int, lea: Value) -> bool:
    return ("reported", lea, year) in decision.graph.facts or ("listed", lea, year) in decision.graph.facts


@pytest.mark.parametrize(("year", "compared"), [(2018, 325), (2023, 325), (2024, 350)])
def test_monterey_by_figures_alone_shows_the_letters_of_every_group(year, compared):
    record = on_hand().without(["letters", "red-list", "published"])
    by_figures = decide(policy(), record, Scope(year=year, only={"27"}))
    rows = {row.cds: row for row in by_figures.determinations([year]) if row.kind != "charter"}
    by_letters = {cds: row for cds, row in answers(year).items() if cds in lettered(year) and cds[:2] == "27"}
    assert {cds: row.groups for cds, row in rows.items()} == {cds: row.groups for cds, row in by_letters.items()}
    student_groups = {atom[2] for atom in by_figures.graph.atoms("student_group") if atom[1] == year}
    assert len(rows) * len(student_groups) == compared
