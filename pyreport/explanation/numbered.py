"""Derivations as numbered steps: each step once, a conclusion before what it rests on.

The length grows with the graph, not with the tree: what many conclusions rest on is written once and then referred to
by its number. A fact of law, which the policy states, is no step: it is named by the rule that states it. Pages and
text have the same steps with the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyreport.explanation.tree import Counting, Derivation, Step
from pyreport.rulebook.authorities import Citation
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.syntax import Atom

__all__ = ["NumberedSteps", "Reason"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One derivation of a step, or several that one sentence tells.

    Attributes:
        derivation: The application of the rule.
        rests_on: The numbers of its premises, and of what it counted, in the order of the rule.
        law: The facts of law among its premises.
    """

    derivation: Derivation
    rests_on: tuple[int, ...]
    law: tuple[Step, ...]

    @property
    def stated_by(self) -> list[Rule]:
        """The rules that state those facts, each once."""
        rules = {derivation.rule.id: derivation.rule for fact in self.law for derivation in fact.derivations}
        return list(rules.values())


class NumberedSteps:
    """The steps of some conclusions and all that they rest on.

    Steps of a conclusion that is added later get higher numbers, and no number changes. Of the new steps that one
    conclusion brings, each stands before those that it rests on.
    """

    def __init__(self, conclusions: Iterable[Step] = ()) -> None:
        self._numbers: dict[Atom, int] = {}
        self._steps: list[Step] = []
        self._reasons: dict[Atom, list[Reason]] = {}
        self.add(conclusions)

    def add(self, conclusions: Iterable[Step]) -> list[int]:
        """Number ``conclusions`` and what they rest on, as far as it is new; return the numbers of the former."""
        numbers = []
        for conclusion in conclusions:
            for step in _conclusion_first(conclusion, self._numbers):
                self._steps.append(step)
                self._numbers[step.atom] = len(self._steps)
            numbers.append(self._numbers[conclusion.atom])
        return numbers

    def __len__(self) -> int:
        return len(self._steps)

    def number(self, step: Step) -> int | None:
        """The number of a step; ``None`` if it has none."""
        return self._numbers.get(step.atom)

    @property
    def steps(self) -> Sequence[Step]:
        """The steps; the first has the number 1."""
        return self._steps

    def reasons(self, step: Step) -> list[Reason]:
        """The derivations of a step, each with the numbers of what it rests on; none for a fact."""
        if step.atom not in self._reasons:
            self._reasons[step.atom] = [self._reason(derivation) for derivation in step.derivations]
        return self._reasons[step.atom]

    def told(self, step: Step) -> list[Reason]:
        """The same, those as one that one sentence tells."""
        if len(step.told) == len(step.derivations):
            return self.reasons(step)
        return [self._reason(derivation) for derivation in step.told]

    def _reason(self, derivation: Derivation) -> Reason:
        premises = dict.fromkeys(_premises(derivation))
        numbers = tuple(self._numbers[below.atom] for below in premises if not below.is_parameter)
        return Reason(derivation, numbers, tuple(below for below in premises if below.is_parameter))

    def facts_of_law(self) -> list[list[Step]]:
        """The facts of law that the steps rest on, in the order in which they rest on them.

        Each is a list: the same fact is a step for each set of passages with which it is used, such as one of each
        year's law.
        """
        facts: dict[Atom, dict[Step, None]] = {}
        for step in self._steps:
            for reason in self.reasons(step):
                for fact in reason.law:
                    facts.setdefault(fact.atom, {})[fact] = None
        return [list(same) for same in facts.values()]

    def law(self) -> list[tuple[Rule, list[Citation]]]:
        """The rules of the derivations and of the facts of law, in the order of the steps, each with what is cited.

        A rule that is only named because it does not apply cites whatever it cites of any case.
        """
        law: dict[str, tuple[Rule, list[Citation]]] = {}
        for derivation in self._derivations():
            _, cites = law.setdefault(derivation.rule.id, (derivation.rule, []))
            cites += (citation for citation in derivation.cites if citation not in cites)
            for rule in (rule for absence in derivation.absences for rule, _ in absence.reasons):
                law.setdefault(rule.id, (rule, list(rule.cites)))
        return list(law.values())

    def citations(self) -> list[Citation]:
        """Every passage that the derivations cite, once, in the order in which they cite it."""
        cited: dict[tuple[str, str], Citation] = {}
        for derivation in self._derivations():
            for citation in derivation.cites:
                cited.setdefault((citation.authority.id, str(citation.passage)), citation)
        return list(cited.values())

    def _derivations(self) -> Iterator[Derivation]:
        """Those of the steps, then those of the facts of law."""
        for step in [*self._steps, *(fact for same in self.facts_of_law() for fact in same)]:
            yield from step.derivations


def _premises(derivation: Derivation) -> Iterable[Step]:
    yield from (below for counting in derivation.countings for below in _counted(counting))
    yield from derivation.premises


def _counted(counting: Counting) -> Iterable[Step]:
    return (below for _, steps in counting.elements for below in steps)


def _conclusion_first(root: Step, known: dict[Atom, int]) -> list[Step]:
    """The steps below ``root`` that are not ``known``, itself included, each before those that it rests on."""
    if root.atom in known:
        return []
    finished: list[Step] = []
    seen = {root.atom}
    # A step is finished after all below it; the reverse of that order is the one wanted. What a rule names first is
    # visited last, so that it stands first.
    open_steps = [(root, iter(_below_reversed(root)))]
    while open_steps:
        step, below = open_steps[-1]
        for following in below:
            if following.atom not in known and following.atom not in seen:
                seen.add(following.atom)
                open_steps.append((following, iter(_below_reversed(following))))
                break
        else:
            finished.append(step)
            open_steps.pop()
    return finished[::-1]


def _below_reversed(step: Step) -> list[Step]:
    below = (below for derivation in step.derivations for below in _premises(derivation))
    return [step for step in below if not step.is_parameter][::-1]
