"""The policy with the criteria of one Dashboard year stated for another: what would the one have said of the other?

Which facts of law are the criteria of a year, the vocabulary says (``Criteria: Year``). Those of the year tried are
stated for the other as well, and its own are left out; every rule, and every other fact of law, stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value

__all__ = ["with_criteria_of"]

_YEAR = "Year"
_INFERRED, _SAYS = "% @inferred ", "% @says "


def with_criteria_of(rulebook: Rulebook, year: int, on: int) -> Rulebook:
    """The policy in which the criteria of the Dashboard ``year`` hold for the Dashboard ``on``, in place of its own."""
    places = {name: one.place(_YEAR) for name, one in rulebook.predicates.items() if one.criteria}
    of_criteria = [rule for name in places for rule in rulebook.by_head.get(name, ())]
    if year == on:
        return rulebook
    texts, rules = dict(rulebook.texts), {rule.id: rule for rule in rulebook.rules}
    # From the end of each file, so that the lines of what is still to be changed stay as they are.
    for rule in sorted(of_criteria, key=lambda rule: (rule.file, -rule.line)):
        changed = _restated(rule, places[rule.head.predicate], year, on)
        if changed == rule:
            continue
        lines = texts[rule.file].split("\n")
        end = rule.line + rule.text.count("\n")
        start = _label_start(lines, rule.line)
        label = lines[start : rule.line - 1]
        written = [] if changed is None else [*_label(label, changed), changed.text]
        lines[start:end] = written
        texts[rule.file] = "\n".join(lines)
        added = sum(text.count("\n") + 1 for text in written) - (end - start)
        for other in rules.values():
            if other.file == rule.file and other.line > rule.line:
                rules[other.id] = replace(other, line=other.line + added)
        if changed is None:
            del rules[rule.id]
        else:
            rules[rule.id] = replace(changed, line=rule.line + len(written) - 1 - len(label))
    return replace(rulebook, rules=tuple(rules[name] for name in sorted(rules)), texts=texts)


def _restated(rule: Rule, place: int, year: int, on: int) -> Rule | None:
    """A fact of law as it is where the criteria of ``year`` hold for ``on``; ``None`` where nothing of it is left."""
    years = [value for value in _once(fact[place] for fact in rule.facts) if value != on]
    if not years:
        return None
    holds = year in years
    if holds:
        years = sorted([*years, on], key=str)
    # The pools of a fact are all combined, so what it says of one year it says of each.
    pools = [_once(fact[at] for fact in rule.facts) for at in range(1, len(rule.facts[0]))]
    pools[place - 1] = years
    if set(years) == {fact[place] for fact in rule.facts}:
        return rule
    reason = f"The criteria of {year} are tried on the Dashboard of {on}, as in {year}"
    return replace(
        rule,
        facts=tuple(_combined(rule.head.predicate, pools)),
        text=f"{rule.head.predicate}({', '.join(map(_pool, pools))}).",
        inferred=("; ".join(filter(None, (rule.inferred, reason)))) if holds else rule.inferred,
    )


def _once(values: Iterable[Value]) -> list[Value]:
    return list(dict.fromkeys(values))


def _combined(predicate: str, pools: list[list[Value]]) -> Iterable[Atom]:
    atoms: list[Atom] = [(predicate,)]
    for pool in pools:
        atoms = [(*atom, value) for atom in atoms for value in pool]
    return atoms


def _pool(values: list[Value]) -> str:
    return str(values[0]) if len(values) == 1 else f"({'; '.join(map(str, values))})"


def _label_start(lines: list[str], line: int) -> int:
    """The index of the first line of the label of the rule that begins in ``line`` (from 1)."""
    start = line - 1
    while start > 0 and lines[start - 1].startswith("%"):
        start -= 1
    return start


def _label(label: list[str], rule: Rule) -> list[str]:
    """The lines of a label, with the reason for an inference that ``rule`` has, above its sentence."""
    lines = [line for line in label if not line.startswith(_INFERRED)]
    if rule.inferred:
        place = next(place for place, line in enumerate(lines) if line.startswith(_SAYS))
        lines.insert(place, f"{_INFERRED}{rule.inferred}")
    return lines
