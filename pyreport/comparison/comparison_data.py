"""A comparison of two policies as plain data for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pyreport.comparison.changed_derivations import Explained
from pyreport.comparison.comparison_text import evidence_sentences, verdict
from pyreport.comparison.policy_comparison import Compared, PolicyComparison

__all__ = ["FORMAT", "as_data"]

FORMAT = "pyreport comparison 1"


def as_data(comparison: PolicyComparison) -> dict[str, Any]:
    """The comparison as data, as ``schema/comparison.json`` describes it."""
    asked = comparison.question
    return {
        "format": FORMAT,
        "differs": comparison.differs,
        "sentence": verdict(comparison),
        "old": {"name": asked.old.name, "fingerprint": comparison.fingerprints[0]},
        "new": {"name": asked.new.name, "fingerprint": comparison.fingerprints[1]},
        "dashboard_year": asked.on,
        "as_of": asked.as_of,
        "without": list(asked.evidence.without),
        "evidence": {**asdict(comparison.evidence), "sentences": evidence_sentences(comparison)},
        "text": {
            "files": comparison.files,
            "rules": [
                {"id": one.id, "change": str(one.kind), "before": list(one.before), "diff": one.diff}
                for one in comparison.text
            ],
        },
        "counts": [
            {"heading": heading, **{kind.name.lower(): count for kind, count in counts.items()}}
            for heading, counts in comparison.counts().items()
        ],
        "by_rules": [
            {
                "rules": list(rules),
                "conclusions": [_conclusion(one) for one in compared],
                "examples": [
                    {"conclusion": _conclusion(one.compared), "old": _side(one.old), "new": _side(one.new)}
                    for one in examples
                ],
            }
            for rules, compared, examples in comparison.by_rules()
        ],
    }


def _conclusion(compared: Compared) -> dict[str, Any]:
    return {
        "heading": compared.heading,
        "change": compared.kind.name.lower(),
        "cds": compared.cds,
        "lea": compared.lea,
        "sentence": compared.sentence,
        "atom": list(compared.atom),
    }


def _side(side: Explained) -> dict[str, Any]:
    return {
        "holds": side.holds,
        "steps": [
            {
                "number": step.number,
                "sentence": step.sentence,
                "source": step.source,
                "derivations_in_all": step.derivations,
                "derivations": [
                    {
                        "sentence": reason.sentence,
                        "rule": reason.rule,
                        "law": list(reason.law),
                        "from": list(reason.rests_on),
                        "facts_of_law": list(reason.facts_of_law),
                        "notes": list(reason.notes),
                    }
                    for reason in step.reasons
                ],
            }
            for step in side.steps
        ],
        "other_steps": side.others,
        "absent": list(side.absent),
    }
