"""Two policies as one program over the same facts: what both conclude alike once, the rest of the second renamed.

A predicate is concluded alike if both policies have the same rules and facts for it, in whatever order, and everything
that these rest on is concluded alike. Of those that are not, and are asked about, the program looks for an atom that
follows by one policy and not by the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from pyreport.reasoning.instrumentation import write_rule
from pyreport.reasoning.renaming import renamed_rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Value

__all__ = ["OTHER", "apart", "depending_on", "differ_text", "inputs_text", "renamed_text"]

OTHER = "other__"
"""Before the name of a predicate as the second policy concludes it."""


def apart(old: Rulebook, new: Rulebook) -> set[str]:
    """The predicates that the two policies do not conclude alike, as far as their rules show."""
    names = old.predicates.keys() | new.predicates.keys()
    changed = {name for name in names if _definition(old, name) != _definition(new, name)}
    return changed | depending_on(old, changed) | depending_on(new, changed)


def depending_on(rulebook: Rulebook, predicates: Iterable[str]) -> set[str]:
    """``predicates``, and everything concluded by rules that rest on them."""
    found = set(predicates)
    while True:
        more = {
            rule.head.predicate
            for rule in rulebook.rules
            if rule.head.predicate not in found and any(atom.predicate in found for atom in rule.atoms_read())
        }
        if not more:
            return found
        found |= more


def inputs_text(*rulebooks: Rulebook) -> str:
    """Declares that predicates of the evidence, and what is read and concluded nowhere, may have no atom."""
    widths = {
        name: len(predicate.arguments) for rulebook in rulebooks for name, predicate in rulebook.predicates.items()
    }
    return "".join(f"#defined {name}/{width}.\n#defined {OTHER}{name}/{width}.\n" for name, width in widths.items())


def renamed_text(rulebook: Rulebook, renamed: Collection[str]) -> str:
    """The rules that conclude a predicate of ``renamed``, with the new names of these."""
    rules = (rule for rule in rulebook.rules if rule.head.predicate in renamed)
    return "\n".join(write_rule(renamed_rule(rule, dict.fromkeys(renamed, OTHER))) for rule in rules)


def differ_text(
    pairs: Mapping[str, str], widths: Mapping[str, int], *, one_way: bool = False, value: Value | None = None
) -> str:
    """Rules for ``differs``: some atom of a predicate follows by one policy and not by the other.

    Args:
        pairs: By a predicate of the first policy, that of the second (as it is named there) that stands for it.
        widths: The numbers of arguments of those of the first policy.
        one_way: Whether only that counts which follows by the second policy and not by the first.
        value: Only atoms with this last argument count.
    """
    lines = ["#defined differs/0."]
    for one, other in pairs.items():
        names = [f"X{place}" for place in range(widths[one])]
        if value is not None:
            names[-1] = str(value)
        terms = f"({','.join(names)})" if names else ""
        lines.append(f"differs :- {OTHER}{other}{terms}, not {one}{terms}.")
        if not one_way:
            lines.append(f"differs :- {one}{terms}, not {OTHER}{other}{terms}.")
    return "\n".join(lines)


def _definition(rulebook: Rulebook, name: str) -> object:
    """The rules and facts of a predicate, without regard to their order and to that of conditions."""
    rules = rulebook.by_head.get(name, ())
    facts = frozenset(fact for rule in rules for fact in rule.facts)
    return facts, frozenset((rule.head, frozenset(rule.body)) for rule in rules if rule.body)
