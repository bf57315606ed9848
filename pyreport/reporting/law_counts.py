"""Where the rules applied: for each rule and Dashboard year the LEAs about which it concluded something.

Deciding the whole state takes some seconds a year, so the counts are made apart, into a file that a page may use. They
are those of one policy; a file of another is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyreport.comparison.rule_reach import applied
from pyreport.errors import PyreportError
from pyreport.evidence.record import Record
from pyreport.evidence.scope import Scope
from pyreport.files.places import policy_folder
from pyreport.following.support import certainly_out
from pyreport.reasoning.decision import Decision, decide
from pyreport.reasoning.determination_columns import as_columns
from pyreport.rulebook.loading import load_rulebook, readings
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook

__all__ = ["CountsError", "LawCounts", "count_law"]

FORMAT = "pyreport law counts 1"
_LEA = "LEA"


class CountsError(PyreportError):
    """A file of counts that cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class LawCounts:
    """The counts of one policy.

    Attributes:
        policy: The fingerprint of the policy.
        years: The Dashboard years that were decided, sorted.
        leas: By rule id and year the number of LEAs; rules that concluded nothing of an LEA and the year are not there.
        changed: By the name of a reading the number of LEAs of the newest year of which it answers otherwise.
    """

    policy: str
    years: tuple[int, ...]
    leas: Mapping[str, Mapping[int, int]]
    changed: Mapping[str, int] = field(default_factory=dict)

    @property
    def newest(self) -> int:
        """The newest year that was decided."""
        return self.years[-1]

    def fired(self, rule: Rule) -> Mapping[int, int]:
        """For each year the number of LEAs about which the rule concluded something; empty for facts of law."""
        if _LEA not in rule.variables or rule.facts:
            return {}
        return {year: self.leas.get(rule.id, {}).get(year, 0) for year in self.years}

    @classmethod
    def read(cls, path: str, rulebook: Rulebook) -> LawCounts:
        """Read a file that ``write`` wrote.

        Raises:
            CountsError: It cannot be read, is no such file, or the counts are of another policy than ``rulebook``.
        """
        again = "make it anew: pyreport law --count-into FILE"
        try:
            document = json.loads(Path(path).read_text(encoding="utf-8"))
            found = cls._of(document)
        except (OSError, UnicodeDecodeError) as error:
            raise CountsError(f"{path}: cannot be read ({error}); {again}") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise CountsError(f"{path}: no file of counts ({FORMAT}); {again}") from None
        if found.policy != rulebook.fingerprint:
            raise CountsError(f"{path}: its counts are of another policy; {again}")
        return found

    @classmethod
    def _of(cls, document: Mapping[str, Any]) -> LawCounts:
        if document["format"] != FORMAT or not document["years"]:
            raise ValueError(document["format"])
        leas = {rule: {int(year): int(n) for year, n in by.items()} for rule, by in document["leas"].items()}
        changed = {str(name): int(n) for name, n in document["changed"].items()}
        return cls(str(document["policy"]), tuple(int(year) for year in document["years"]), leas, changed)

    def write(self) -> str:
        """The counts as the text of a file, one rule a line."""
        document = {
            "format": FORMAT,
            "policy": self.policy,
            "years": list(self.years),
            "changed": dict(sorted(self.changed.items())),
            "leas": {rule: dict(sorted(by.items())) for rule, by in sorted(self.leas.items())},
        }
        return json.dumps(document, indent=1) + "\n"


def count_law(record: Record, years: Iterable[int], folder: Path | None = None) -> LawCounts:
    """Decide the whole state for some years, and for the newest under each reading, and count.

    What follows from eligibility is decided as of the first day on which the year's Dashboard was out for certain.

    Args:
        record: The record.
        years: Dashboard years, at least one.
        folder: The folder of the policy, by default the project's own.

    Raises:
        PolicyError, EvidenceError, ProofError: As their modules say.
    """
    place = policy_folder() if folder is None else folder
    rulebook, asked = load_rulebook(place), sorted(set(years))
    leas: dict[str, dict[int, int]] = {}
    settled: dict[str, Mapping[str, Any]] = {}
    for year in asked:
        decision = decide(rulebook, record, Scope(year=year, as_of=certainly_out(rulebook, year)))
        settled = _answers(decision, year)
        for rule in rulebook.rules:
            count = len(applied(decision.graph, rule, year))
            if count:
                leas.setdefault(rule.id, {})[year] = count
    changed = {}
    for name in readings(place):
        other = _answers(decide(load_rulebook(place, name), record, Scope(year=asked[-1])), asked[-1])
        changed[name] = sum(other.get(cds) != answer for cds, answer in settled.items())
    return LawCounts(rulebook.fingerprint, tuple(asked), leas, changed)


def _answers(decision: Decision, year: int) -> dict[str, Mapping[str, Any]]:
    """By CDS code the columns of the determination of the year."""
    return {row.cds: as_columns(row) for row in decision.determinations([year])}
