"""Whether the explanation of a conclusion says why, in the words that a case asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pyreport.explanation.text import as_text, quoted
from pyreport.explanation.tree import Explainer, Step, walk
from pyreport.rulebook.syntax import Atom


def unexplained(explainer: Explainer, atoms: Iterable[Atom], by: str, says: str) -> list[str]:
    """What the written explanation of the ``atoms`` lacks: the rule ``by``, or the words ``says``, its own."""
    steps = [explainer.step(atom) for atom in atoms]
    if not steps:
        return ["it does not follow"]
    written = " ".join(as_text(steps).split())
    faults = []
    if not _names(written, by):
        faults.append(f"the explanation does not name {by}")
    if says not in written:
        faults.append(f"the explanation does not say: {says}")
    if not faults and not any(says in words for words in _words_of(by, steps)):
        faults.append(f"{by} is not what says: {says}")
    return faults


def _names(written: str, rule: str) -> bool:
    """Whether a text names a rule: as one that applied, in “By …” as one that states a fact of law, or in an absence.

    A fact of law that is named by its rule must be told, with its law, among the facts of law.
    """
    step_or_fact = f"[{rule}]" in written or f"[{rule}: " in written
    by = any(rule in names.split(", ") for names in re.findall(r" By ([a-z0-9., -]+)\.(?= |$)", written))
    _, _, facts = written.partition(" Facts of law: ")
    return step_or_fact and (not by or f"[{rule}" in facts)


def _words_of(rule: str, steps: Iterable[Step]) -> Iterator[str]:
    """Everything that a rule says below ``steps``: where it applies, and where it is told why it does not."""
    for step in walk(steps):
        for derivation in step.derivations:
            if derivation.rule.id == rule:
                yield from (derivation.sentence, derivation.rule.inferred or "")
                yield from (" ".join(quoted(citation).split()) for citation in derivation.rule.cites)
            yield from (words for one in derivation.absences for own, words in one.reasons if own.id == rule)
