"""Try the rules of one folder of the policy by themselves, on what the other rules would conclude, and their mutants.

The rules on money look from an LEA to its county office, and those on the Charter 20 Day report at one report:
neither needs the rest of the policy, but for its facts. All cases of a module are decided in one run, each with codes
of its own.
"""

from __future__ import annotations

import dataclasses
import os
import traceback
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from pyreport.cases.case import made_up_publication
from pyreport.cases.mutants import Mutant, rule_mutants, stating, text_of
from pyreport.evidence.model import Cell
from pyreport.evidence.predicates import Facts
from pyreport.files.places import policy_folder
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.grounding import ReasoningError
from pyreport.reasoning.instrumentation import _atom, _part
from pyreport.reasoning.solver import conclude, derive
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Count, Literal

CELL = Cell("given", made_up_publication(1), "A", 2)
MODULES = ("funding", "special_advance")
SECONDS = 20
"""Of processor time for one change: a hundred times what any takes that comes to an end."""
BYTES = 3 << 30
"""Of memory for one change."""
_NO_END, _WENT_WRONG = 2, 3


def is_of(rule: Rule, module: str) -> bool:
    return rule.file.startswith(f"{module}/")


def module_rulebook(module: str) -> Rulebook:
    """The rules of a module, the facts of the policy they look up, and everything else as given."""
    whole = load_rulebook(policy_folder())
    own = [rule for rule in whole.rules if is_of(rule, module)]
    used = {one.atom.predicate for rule in own for one in literals(rule)} | {rule.head.predicate for rule in own}
    rules = tuple(rule for rule in whole.rules if is_of(rule, module) or (rule.facts and rule.head.predicate in used))
    given = {name: dataclasses.replace(one, stated_by="evidence") for name, one in whole.predicates.items()}
    return dataclasses.replace(whole, rules=rules, predicates=given)


def literals(rule: Rule) -> Iterator[Literal]:
    for part in rule.body:
        parts = [c for e in part.elements for c in e.conditions] if isinstance(part, Count) else [part]
        yield from (one for one in parts if isinstance(one, Literal))


def decided(rulebook: Rulebook, atoms: Iterable[Atom]) -> Graph:
    facts: Facts = dict.fromkeys(atoms, CELL)
    return derive(rulebook, facts)


def concluded(rulebook: Rulebook, atoms: Iterable[Atom], predicates: Iterable[str]) -> dict[str, list[Atom]]:
    """The atoms of some predicates, without their derivations: for the many changes of a rule."""
    facts: Facts = dict.fromkeys(atoms, CELL)
    return conclude(rulebook, facts, predicates)


def _written(mutant: Mutant) -> Mutant:
    """The mutant with the changed rule written out as it now is."""
    rule = mutant.changed
    changed = dataclasses.replace(rule, text=f"{_atom(rule.head)} :- {'; '.join(map(_part, rule.body))}.")
    rules = tuple(changed if one.id == changed.id else one for one in mutant.rulebook.rules)
    return dataclasses.replace(mutant, changed=changed, rulebook=dataclasses.replace(mutant.rulebook, rules=rules))


def module_mutants(rulebook: Rulebook, rule: Rule) -> Iterator[Mutant]:
    """Changes of a rule; of facts: each taken away, and each of its numbers made one more and one less."""
    if rule.body:
        yield from map(_written, rule_mutants(rulebook, rule))
        return
    for fact in rule.facts:
        kept = [one for one in rule.facts if one != fact]
        yield stating(rulebook, rule, kept, f"without {text_of(fact)}", fact)
        for place, name in enumerate(rule.variables, start=1):
            value = fact[place]
            for other in (value - 1, value + 1) if isinstance(value, int) else ():
                changed = (*fact[:place], other, *fact[place + 1 :])
                if changed not in kept:
                    what = f"{name} {other} for {value} in {text_of(fact)}"
                    yield stating(rulebook, rule, [*kept, changed], what, fact)


def surviving(rulebook: Rulebook, rule: Rule, cases, predicates, of_each) -> tuple[set[str], set[str]]:
    """The changes of a rule that break no case, and all changes, by name.

    ``of_each`` tells what was concluded apart by what the cases are about: a county office, or a report.
    """
    atoms = [atom for case in cases for atom in case.atoms()]
    survivors, names = set(), set()

    def breaks_a_case(mutant: Mutant) -> bool:
        try:
            found = of_each(concluded(mutant.rulebook, atoms, predicates))
        except ReasoningError:
            return True
        return any(case.faults(found) for case in cases)

    for mutant in module_mutants(rulebook, rule):
        names.add(mutant.name)
        if answer(partial(breaks_a_case, mutant)) is False:
            survivors.add(mutant.name)
    return survivors, names


def answer(question: Callable[[], bool]) -> bool | None:
    """The answer to ``question``, found in a process of its own; ``None`` if that comes to no end.

    A rule that counts on from itself counts for ever where a change takes its end away, and clingo then fills all
    memory. Nobody could miss such a change: it is as good as one that breaks a case.
    """
    child = os.fork()
    if not child:
        code = _WENT_WRONG
        try:
            # Not on every system, and asked for by mutations alone.
            import resource

            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
            resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
            code = int(question())
        except MemoryError:
            code = _NO_END
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    # A limit that is reached may end the process by a signal.
    if code < 0 or code == _NO_END:
        return None
    assert code != _WENT_WRONG, "the question could not be asked; the reason is printed"
    return bool(code)
