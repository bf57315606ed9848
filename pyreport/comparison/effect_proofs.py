"""Checks that a change of a rule changes nothing, in the way in which the policy says that it can be checked."""

from __future__ import annotations

from pyreport.cases.mutants import Mutant
from pyreport.cases.mutation import first_about_leas
from pyreport.cases.without_effect import WithoutEffect
from pyreport.comparison.made_up import Scope, dashboards
from pyreport.comparison.proving import difference, together
from pyreport.reasoning.grounding import grounded
from pyreport.reasoning.instrumentation import write_rule
from pyreport.rulebook.loading import CHANGES
from pyreport.rulebook.rulebook import Rulebook

__all__ = ["refuted"]

_GROUPS = 2
"""How many student groups a made-up LEA has: with more a search takes long, and no rule asks more of one group."""


def refuted(entry: WithoutEffect, mutant: Mutant, rulebook: Rulebook) -> str | None:
    """What is wrong with the proof that a change changes nothing; ``None`` if it holds, or if the entry claims none.

    Args:
        entry: What the policy says of the change.
        mutant: The change, of ``rulebook``.
        rulebook: The policy as it is, with what may be made up (``policy/changes/``).

    Raises:
        NotSettled: A search did not end in time.
        ReasoningError: Clingo reported something.
    """
    if entry.unread:
        return _read(mutant, rulebook)
    if entry.made_up is not None:
        return _shown(entry, mutant, rulebook)
    return next((fault for text in entry.never if (fault := _holds(text, rulebook)) is not None), None)


def _read(mutant: Mutant, rulebook: Rulebook) -> str | None:
    name = mutant.changed.head.predicate
    reading = [rule.id for rule in rulebook.rules if any(atom.predicate == name for atom in rule.atoms_read())]
    return f"{', '.join(reading)} looks at {name}" if reading else None


def _shown(entry: WithoutEffect, mutant: Mutant, rulebook: Rulebook) -> str | None:
    """A made-up LEA on which the change shows; or that the rule applies to none, so that nothing was proved."""
    assert entry.made_up is not None
    last, applies = entry.made_up["year"], False
    reached = first_about_leas(rulebook, rulebook.by_id[mutant.changed.id])
    first = [rule for rule in reached if not rule.file.startswith(f"{CHANGES}/")]
    asked = {rule.head.predicate: rule.head.predicate for rule in first}
    years = dashboards(rulebook).index(last) + 1
    for kind in entry.made_up["kinds"]:
        for by in entry.made_up["by"]:
            scope = Scope(last, years, _GROUPS, kind, by)
            answer = difference(rulebook, mutant.rulebook, asked, scope)
            if answer.facts is not None:
                return f"a made-up {kind} ({by}) shows it: {answer.differing}"
            applies = applies or any(together(rulebook, rule, rule, scope)[0].facts is not None for rule in first)
    return None if applies else "no LEA that was looked through comes so far: nothing is proved"


def _holds(text: str, rulebook: Rulebook) -> str | None:
    """An instance of conditions on facts of law, of which there must be none."""
    law = [rule for rule in rulebook.rules if rule.head.predicate in rulebook.settled_by_law]
    declared = {rule.head.predicate for rule in law}
    program = "\n".join([*map(write_rule, law), f"found :- {text}.", "#show found/0."])
    control = grounded([program], (one for name, one in rulebook.predicates.items() if name in declared))
    with control.solve(yield_=True) as handle:
        if any(model.symbols(shown=True) for model in handle):
            return f"there are such facts of law: {text}"
    return None
