"""Tries every small change of the rules in some files of the policy: each breaks a written case, or is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyreport.cases.files import read_cases
from pyreport.cases.mutants import Mutant, mutants
from pyreport.cases.mutation import Mutation
from pyreport.cases.outcome import Outcome
from pyreport.cases.trying import derived
from pyreport.cases.without_effect import WithoutEffect, read_without_effect
from pyreport.comparison.effect_proofs import refuted
from pyreport.rulebook.labels import READINGS
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.rulebook import Rulebook

__all__ = ["TriedChanges", "try_changes"]


@dataclass(frozen=True)
class Told:
    """A change that is to be told of: the file and line of its rule, its name, and what is wrong."""

    place: str
    name: str
    fault: str

    def __str__(self) -> str:
        return f"{self.place}: {self.name}\n  {self.fault}"

    def data(self) -> dict[str, Any]:
        """The same for JSON."""
        return {"place": self.place, "change": self.name, "fault": self.fault}


@dataclass
class TriedChanges:
    """What became of the changes.

    Attributes:
        number: How many were tried.
        broken: How many break a case.
        proved: How many are listed as without effect, and that was checked.
        not_proved: How many are listed as without effect, and no machine checks it.
        faults: Those that break no case and are not listed, or whose check fails, and those listed that break one.
    """

    number: int = 0
    broken: int = 0
    proved: int = 0
    not_proved: int = 0
    faults: list[Told] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.number:,} changes: {self.broken:,} break a case, {self.proved:,} change nothing as was checked, "
            f"{self.not_proved:,} change nothing as is only said; {len(self.faults) or 'none'} to look at"
        )


def try_changes(files: Iterable[str], cases: Iterable[Path], policy: Path) -> TriedChanges:
    """Try every change of the rules in some files.

    Args:
        files: Files of the policy, as paths from its folder.
        cases: Files of written cases.
        policy: The folder of the policy.

    Raises:
        CasesError: A file of cases, or the list of changes without effect, is not written as it must be.
        PolicyError, ProofError, ReasoningError, NotSettled: As their modules say.
    """
    listed, tried = read_without_effect(policy), TriedChanges()
    every = [case for case in read_cases(cases, load_rulebook(policy)) if "undecided" not in case.given]
    by_reading: dict[str | None, list[str]] = {}
    for file in files:
        reading = Path(file).stem if file.startswith(f"{READINGS}/") else None
        by_reading.setdefault(reading, []).append(file)
    for reading, of_reading in by_reading.items():
        rulebook = load_rulebook(policy, reading)
        own = [case for case in every if case.reading == reading]
        mutation = Mutation(own, Outcome.of(derived(own, rulebook)))
        whole = load_rulebook(policy, reading, changes=True)
        for rule in (one for one in rulebook.rules if one.file in of_reading):
            if rule.body and not mutation.outcome.graph.instances[rule.id]:
                fault = "applies in no case: nothing can be tried before there is one"
                tried.faults.append(Told(f"{rule.file}:{rule.line}", rule.id, fault))
                continue
            changes = list(mutants(rulebook, rule))
            survivors = {one.name for one in mutation.survivors(changes)}
            _judge(tried, changes, survivors, listed, whole)
    return tried


def _judge(
    tried: TriedChanges,
    changes: Sequence[Mutant],
    survivors: set[str],
    listed: dict[str, WithoutEffect],
    whole: Rulebook,
) -> None:
    """Count the changes of one rule, and tell those that are not as they should be."""
    tried.number += len(changes)
    rule = whole.by_id[changes[0].changed.id] if changes else None
    # What is proved is proved of the policy together with what may be made up.
    of_whole = {one.name: one for one in mutants(whole, rule)} if rule is not None and survivors else {}
    for change in changes:
        place, entry = f"{change.changed.file}:{change.changed.line}", listed.get(change.name)
        if change.name not in survivors:
            tried.broken += 1
            if entry is not None:
                tried.faults.append(
                    Told(place, change.name, f"breaks a case, and {entry.place} says it changes nothing")
                )
        elif entry is None:
            tried.faults.append(Told(place, change.name, "breaks no case: write one in which this decides"))
        elif fault := refuted(entry, of_whole[change.name], whole):
            tried.faults.append(Told(place, change.name, f"{entry.place} says that it changes nothing, but {fault}"))
        elif entry.not_proved is None:
            tried.proved += 1
        else:
            tried.not_proved += 1
