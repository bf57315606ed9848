"""What of the text of one policy another one changes: its rules by id, and what is only put otherwise."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pyreport.comparison.differences import forms_of
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom

__all__ = ["RuleChange", "TextChange", "changed_files", "rule_changes"]

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class TextChange(StrEnum):
    """How a rule was changed."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    WORDS = "changed in words or citations alone"
    SAME = "only renamed, reordered or moved"


@dataclass(frozen=True, slots=True)
class RuleChange:
    """The change of one rule.

    Attributes:
        kind: How it was changed.
        id: Its id; of a rule with another id the new one.
        before: The ids of the rules that said the same before, where those have other ids.
        predicate: What it concludes or states.
        diff: The change as a unified diff of its label and its code, without a heading.
    """

    kind: TextChange
    id: str
    before: tuple[str, ...]
    predicate: str
    diff: str


def rule_changes(old: Rulebook, new: Rulebook) -> list[RuleChange]:
    """The rules of ``new`` that are not as in ``old``, and those that it does not have; by kind and id.

    A fact of law is the same whichever rule states it: only what is stated more or less is a change.
    """
    kinds = list(TextChange)
    return sorted(_changes(old, new), key=lambda change: (kinds.index(change.kind), change.id))


def changed_files(old: Rulebook, new: Rulebook) -> list[str]:
    """The files whose texts differ, sorted."""
    return sorted(path for path in old.texts.keys() | new.texts.keys() if old.texts.get(path) != new.texts.get(path))


def _changes(old: Rulebook, new: Rulebook) -> Iterator[RuleChange]:
    before, after = forms_of(old), forms_of(new)
    gone = {name: rule for name, rule in old.by_id.items() if name not in new.by_id}
    come = {name: rule for name, rule in new.by_id.items() if name not in old.by_id}
    law_before, law_after = _law(old), _law(new)
    for name in sorted(old.by_id.keys() & new.by_id.keys()):
        rule, other = old.by_id[name], new.by_id[name]
        lines, others = source_lines(old, rule), source_lines(new, other)
        if lines == others:
            continue
        same = before[name].form == after[name].form
        if same and _label(old, rule) != _label(new, other):
            kind = TextChange.WORDS
        elif same or _stated(set(rule.facts) ^ set(other.facts), law_before, law_after):
            kind = TextChange.SAME
        else:
            kind = TextChange.CHANGED
        yield RuleChange(kind, name, (), other.head.predicate, _diff(lines, others))
    ids = {before[name].form: name for name in gone}
    for name in sorted(come):
        rule, lines = come[name], source_lines(new, come[name])
        earlier = ids.pop(after[name].form, None)
        if earlier is not None:
            diff = _diff(source_lines(old, gone.pop(earlier)), lines)
            yield RuleChange(TextChange.SAME, name, (earlier,), rule.head.predicate, diff)
        else:
            stated = _stated(rule.facts, law_before, law_after)
            kind = TextChange.SAME if stated else TextChange.ADDED
            by = tuple(sorted({one for fact in rule.facts for one in law_before[fact]})) if stated else ()
            yield RuleChange(kind, name, by, rule.head.predicate, _diff([], lines))
    for name in sorted(gone):
        rule = gone[name]
        stated = _stated(rule.facts, law_before, law_after)
        kind = TextChange.SAME if stated else TextChange.REMOVED
        yield RuleChange(kind, name, (), rule.head.predicate, _diff(source_lines(old, rule), []))


def source_lines(rulebook: Rulebook, rule: Rule) -> list[str]:
    """The lines of a rule in its file, those of its label first."""
    lines = rulebook.texts[rule.file].split("\n")
    start = rule.line - 1
    while start > 0 and lines[start - 1].startswith("%"):
        start -= 1
    return [*lines[start : rule.line - 1], *rule.text.split("\n")]


def _law(rulebook: Rulebook) -> dict[Atom, list[str]]:
    """The facts of law, each with the ids of the rules that state it."""
    law: dict[Atom, list[str]] = {}
    for rule in rulebook.rules:
        for fact in rule.facts:
            law.setdefault(fact, []).append(rule.id)
    return law


def _stated(facts: Collection[Atom], *laws: Mapping[Atom, list[str]]) -> bool:
    """Whether there are such facts, and both policies state all of them."""
    return bool(facts) and all(fact in law for fact in facts for law in laws)


def _label(rulebook: Rulebook, rule: Rule) -> tuple[object, ...]:
    """What a rule's label says; its variables are called by their places in the form."""
    places = {rule.variables[at]: f"{{{n}}}" for n, at in enumerate(forms_of(rulebook)[rule.id].order)}
    said = [
        text and _PLACEHOLDER.sub(lambda name: places.get(name[1], name[0]), text) for text in (rule.says, rule.unless)
    ]
    return (*said, rule.inferred, [(one.authority.id, one.passage) for one in rule.cites])


def _diff(before: list[str], after: list[str]) -> str:
    lines = difflib.unified_diff(before, after, lineterm="", n=2)
    return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))
