"""Whether two policies can differ: the smallest made-up LEA on which they do, or that there is none in the scope.

Clingo chooses the facts of an LEA among those of ``made_up``, and both policies conclude from the same choice. What it
finds is decided again by both policies in the ordinary way, with all derivations, which the proof checker confirms.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import clingo

from pyreport.comparison.made_up import AT_ODDS, IMPOSSIBLE, MadeUp, Scope, made_up
from pyreport.comparison.proved_policies import as_decided
from pyreport.comparison.two_programs import OTHER, apart, depending_on, differ_text, inputs_text, renamed_text
from pyreport.errors import UNFINISHED, PyreportError
from pyreport.hypotheses.relevance import narrowed
from pyreport.hypotheses.worlds import world_facts
from pyreport.proof.checker import Verdict
from pyreport.reasoning.decision import ProofError, proved
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.grounding import ReasoningError, grounded
from pyreport.reasoning.instrumentation import write_facts, write_rule
from pyreport.reasoning.solver import derive
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, AtomPattern, Value, Variable, term_variables, unquote

__all__ = ["LIMIT", "Answer", "Decided", "NotSettled", "better_figures", "difference", "together"]

LIMIT = 30.0
"""Seconds in which a search has to end, unless another time is given."""
_DIFFERS, _TOGETHER = "differs", "together"
_Chosen = frozenset[tuple[str, int]]
"""The facts chosen: m and n for the first world and the second, each with the number of a possible fact."""
_OPTIONS = ("--opt-strategy=usc", "--configuration=trendy")
"""Of the strategies of clingo those that prove a smallest LEA soonest: four years and three groups in half a second.

By growing bounds (`bb`) the same search did not end in a minute.
"""


class NotSettled(PyreportError):
    """The search did not end in the time given."""

    exit_status = UNFINISHED


@dataclass(frozen=True)
class Decided:
    """A made-up LEA as one policy decides it.

    Attributes:
        graph: The derivations.
        verdict: That of the proof checker on them.
        refused: Why the checker refuses them, if it does: then ``verdict`` is ``None``.
    """

    graph: Graph
    verdict: Verdict | None
    refused: str | None = None

    def follows(self, predicate: str) -> set[tuple[object, ...]]:
        """What follows of a predicate: the arguments."""
        return {atom[1:] for atom in self.graph.atoms(predicate)}


@dataclass(frozen=True)
class Answer:
    """What a search found.

    Attributes:
        made_up: What was looked through.
        asked: By each predicate compared, that of the second policy which stands for it.
        alike: Those of ``asked`` that both policies conclude by the same rules, so that nothing had to be searched.
        unvaried: The predicates of the evidence that the rules read and that no made-up LEA has facts of.
        facts: The facts of the LEA that was found beside those that every made-up LEA has; ``None`` if there is none.
        better: Of a search for better figures, the facts after they got better.
        decided: The LEA as the first policy decides it, and as the second one does.
        seconds: How long grounding and solving took.
        fewest: Whether no LEA with fewer facts would do; else only none of its facts can be left out.
        value: The last argument of the conclusions compared, if one was asked for.
    """

    made_up: MadeUp
    asked: Mapping[str, str]
    alike: frozenset[str]
    unvaried: tuple[str, ...]
    facts: tuple[Atom, ...] | None = None
    better: tuple[Atom, ...] | None = None
    decided: tuple[Decided, ...] = ()
    seconds: tuple[float, float] = (0.0, 0.0)
    fewest: bool = True
    value: Value | None = None

    @property
    def differing(self) -> tuple[list[Atom], list[Atom]]:
        """What follows of the first LEA (by the first policy) alone, and of the second alone, sorted."""
        alone: tuple[list[Atom], list[Atom]] = ([], [])
        for one, other in self.asked.items() if len(self.decided) == 2 else ():
            first, second = (
                {values for values in decided.follows(name) if self.value is None or values[-1] == self.value}
                for decided, name in zip(self.decided, (one, other), strict=True)
            )
            alone[0].extend((one, *values) for values in first - second)  # type: ignore[arg-type]
            alone[1].extend((other, *values) for values in second - first)  # type: ignore[arg-type]
        return sorted(alone[0], key=str), sorted(alone[1], key=str)


@dataclass
class _Search:
    """A program over the choice of an LEA's facts, and what is looked for in it."""

    made_up: MadeUp
    texts: list[str]
    worlds: int = 1
    seconds: tuple[float, float] = (0.0, 0.0)
    fewest: bool = True

    def smallest(self, goal: str, limit: float) -> list[tuple[Atom, ...]] | None:
        """The facts of a smallest LEA on which ``goal`` holds, for each world; ``None`` if there is none.

        If a third of the time is not enough for the fewest facts there can be, any LEA is looked for, and of its facts
        are left out as many as can be.

        Raises:
            NotSettled: After ``limit`` seconds it was not known whether there is one.
            ReasoningError: Clingo reported an error or a warning.
        """
        started = time.perf_counter()
        control = grounded([*self.texts, self._choices(), f":- not {goal}.\n#show m/1. #show n/1."], (), _OPTIONS)
        ground = time.perf_counter()
        best, self.fewest = _solved(control, (), ground + limit / 3)
        if not self.fewest:
            until = ground + limit
            control.configuration.solve.opt_mode = "ignore"  # type: ignore[union-attr]
            best, settled = _solved(control, (), until)
            if not settled:
                raise NotSettled(
                    f"After {limit:g} seconds it was not settled. Look through less (--years, --groups, --about), or "
                    "give more time with --limit."
                )
            if best is not None:
                best = self._without_idle(control, best, until)
        self.seconds = (ground - started, time.perf_counter() - ground)
        if best is None:
            return None
        return [
            tuple(one.atom for number, one in enumerate(self.made_up.possible) if (name, number) in best)
            for name in ("m", "n")[: self.worlds]
        ]

    def _without_idle(self, control: clingo.Control, best: _Chosen, until: float) -> _Chosen:
        """The same without facts that are not needed: none can be left out, unless time runs out."""
        needed: set[int] = set()
        while True:
            chosen = {number for name, number in best if name == "m"}
            idle = sorted(chosen - needed)
            if not idle:
                return best
            left_out = [number for number in range(len(self.made_up.possible)) if number not in chosen]
            assumed = [(clingo.Function("m", [clingo.Number(number)]), False) for number in (*left_out, idle[0])]
            smaller, settled = _solved(control, assumed, until)
            if not settled:
                return best
            if smaller is None:
                needed.add(idle[0])
            else:
                best = smaller

    def _choices(self) -> str:
        """The choice of facts: one a slot at most, of no more groups than asked for, alike groups in order."""
        possible = self.made_up.possible
        lines = [write_facts(self.made_up.given)]
        for numbers in self.made_up.slots.values():
            lines.append(f"{{{';'.join(f'm({number})' for number in numbers)}}} 1.")
        lines += [f"{_text(one.atom)} :- m({number})." for number, one in enumerate(possible)]
        lines += [f"has(g({one.group})) :- m({number})." for number, one in enumerate(possible) if one.group]
        lines.append(f":- #count {{ Group : has(Group) }} > {self.made_up.limit}.")
        for of_class in self.made_up.classes:
            looked = of_class[: self.made_up.limit]
            lines += [f":- has(g({later})), not has(g({one}))." for one, later in pairwise(looked)]
        costs = "; ".join(f"1,{number} : m({number})" for number in range(len(possible)))
        lines.append(f"#minimize {{ {costs} }}.")
        lines.append("#defined m/1. #defined n/1. #defined has/1.")
        return "\n".join(lines)


def _solved(
    control: clingo.Control, assumed: Sequence[tuple[clingo.Symbol, bool]], until: float
) -> tuple[_Chosen | None, bool]:
    """The last facts found, and whether the search ended in time: with none there are none, or these are the fewest."""
    best: _Chosen | None = None

    def found(model: clingo.Model) -> None:
        nonlocal best
        best = frozenset((symbol.name, symbol.arguments[0].number) for symbol in model.symbols(shown=True))

    with control.solve(assumed, on_model=found, async_=True) as handle:
        ended = handle.wait(max(until - time.perf_counter(), 0.01))
        if not ended:
            handle.cancel()
    return best, ended


def _text(atom: Atom, before: str = "") -> str:
    return f"{before}{atom[0]}({','.join(map(str, atom[1:]))})" if len(atom) > 1 else f"{before}{atom[0]}"


def difference(
    old: Rulebook,
    new: Rulebook,
    asked: Mapping[str, str],
    scope: Scope,
    *,
    value: Value | None = None,
    limit: float = LIMIT,
) -> Answer:
    """The smallest LEA of ``scope`` on which the policies differ in what ``asked`` names.

    Args:
        old: The first policy, with what may be made up (``policy/changes/``).
        new: The second policy, likewise.
        asked: By each predicate of the first policy, that of the second which stands for it.
        scope: Which LEAs are looked through.
        value: Only conclusions with this last argument are compared.
        limit: Seconds for the search.

    Raises:
        ScopeError: There is no LEA in the scope.
        NotSettled: The search did not end in time.
        ReasoningError: Clingo reported something, or deciding again does not confirm what was found.
    """
    of_old, of_new = narrowed(old, asked), narrowed(new, asked.values())
    looked = made_up((old, new), (of_old, of_new), scope)
    renamed = apart(of_old, of_new)
    alike = frozenset(one for one, other in asked.items() if one == other and one not in renamed)
    unvaried = _unvaried(looked, of_old, of_new)
    pairs = {one: other for one, other in asked.items() if one not in alike}
    if not pairs:
        return Answer(looked, asked, alike, unvaried, value=value)
    # One predicate may stand for another that is concluded alike: then the second policy names it anew too.
    renamed |= depending_on(of_new, [other for one, other in pairs.items() if one != other])
    texts = [_chosen(_with_impossible(old, asked)), renamed_text(of_new, renamed), _differ(of_old, pairs, value=value)]
    search = _Search(looked, [inputs_text(old, new), *texts])
    found = search.smallest(_DIFFERS, limit)
    if found is None:
        return Answer(looked, asked, alike, unvaried, seconds=search.seconds, value=value)
    decided = tuple(_decided(policy, looked, found[0]) for policy in (old, new))
    answer = Answer(looked, asked, alike, unvaried, found[0], None, decided, search.seconds, search.fewest, value)
    if not any(answer.differing):
        raise ReasoningError(f"what the search proposed is not confirmed by deciding again: {write_facts(found[0])}")
    return answer


def better_figures(
    rulebook: Rulebook,
    asked: Collection[str],
    scope: Scope,
    *,
    value: Value | None = None,
    limit: float = LIMIT,
) -> Answer:
    """The smallest LEA of ``scope`` of which something of ``asked`` follows only after its figures got better.

    Figures get better where a fact has a better place among those of its key, and no fact comes, goes or gets worse.

    Raises:
        As ``difference``.
    """
    narrow = narrowed(rulebook, asked)
    looked = made_up((rulebook,), (narrow,), scope)
    unvaried = _unvaried(looked, narrow)
    pairs = {name: name for name in asked}
    limited = _with_impossible(rulebook, [*asked, *({AT_ODDS} & rulebook.predicates.keys())])
    renamed = depending_on(limited, {str(one.atom[0]) for one in looked.possible})
    lines = [_chosen(limited), renamed_text(limited, renamed), _differ(narrow, pairs, one_way=True, value=value)]
    lines += [f":- {name}(LEA, Year, Fault)." for name in (OTHER + IMPOSSIBLE, AT_ODDS, OTHER + AT_ODDS)]
    lines.append(f"#defined {OTHER}{IMPOSSIBLE}/3. #defined {AT_ODDS}/3. #defined {OTHER}{AT_ODDS}/3.")
    lines += [f"{_text(atom, OTHER)}." for atom in looked.given if atom[0] in renamed]
    for numbers in looked.slots.values():
        for number in numbers:
            better = "; ".join(f"n({other})" for other in numbers if _no_worse(looked, other, number))
            lines.append(f"1 {{ {better} }} 1 :- m({number}).")
    lines += [f"{_text(one.atom, OTHER)} :- n({number})." for number, one in enumerate(looked.possible)]
    search = _Search(looked, [inputs_text(rulebook), *lines], worlds=2)
    found = search.smallest(_DIFFERS, limit)
    if found is None:
        return Answer(looked, pairs, frozenset(), unvaried, seconds=search.seconds, value=value)
    decided = tuple(_decided(rulebook, looked, facts) for facts in found)
    answer = Answer(
        looked, pairs, frozenset(), unvaried, found[0], found[1], decided, search.seconds, search.fewest, value
    )
    if not answer.differing[1]:
        raise ReasoningError(f"what the search proposed is not confirmed by deciding again: {write_facts(found[0])}")
    return answer


def together(
    rulebook: Rulebook, one: Rule, other: Rule, scope: Scope, *, limit: float = LIMIT
) -> tuple[Answer, list[str]]:
    """The smallest LEA of ``scope`` to which both rules apply, and the variables of their heads in which they agree.

    Raises:
        As ``difference``.
    """
    read = [atom.predicate for rule in (one, other) for atom in rule.atoms_read()]
    narrow = narrowed(rulebook, read)
    looked = made_up((rulebook,), (narrow,), scope)
    joined = [name for name in _head_variables(one) if name in _head_variables(other)]
    lines = [_chosen(_with_impossible(rulebook, read))]
    bodies = []
    for letter, rule in (("A", one), ("B", other)):
        fires = AtomPattern(f"fires_{letter.lower()}", tuple(map(Variable, rule.variables)))
        lines.append(write_rule(replace(rule, head=fires)))
        names = ",".join(name if name in joined else f"{letter}{name}" for name in rule.variables)
        bodies.append(f"{fires.predicate}({names})" if names else fires.predicate)
    lines.append(f"#defined {_TOGETHER}/0.\n{_TOGETHER} :- {', '.join(bodies)}.")
    search = _Search(looked, [inputs_text(rulebook), *lines])
    found = search.smallest(_TOGETHER, limit)
    unvaried = _unvaried(looked, narrow)
    if found is None:
        return Answer(looked, {}, frozenset(), unvaried, seconds=search.seconds), joined
    decided = _decided(rulebook, looked, found[0])
    for rule in (one, other):
        if not decided.graph.instances[rule.id]:
            raise ReasoningError(f"what the search proposed is not confirmed by deciding again: {rule.id}")
    return Answer(looked, {}, frozenset(), unvaried, found[0], None, (decided,), search.seconds, search.fewest), joined


def _head_variables(rule: Rule) -> list[str]:
    return list(dict.fromkeys(name for term in rule.head.arguments for name in term_variables(term)))


def _no_worse(looked: MadeUp, one: int, other: int) -> bool:
    """Whether a possible fact is as good as another of its slot, or better; only facts of one sort can be compared."""
    if one == other:
        return True
    first, second = looked.possible[one], looked.possible[other]
    if first.place is None or second.place is None or first.place <= second.place:
        return False
    # A color and a level may have one place: they differ in which of their arguments say nothing.
    return [value == "none" for value in first.atom] == [value == "none" for value in second.atom]


def _with_impossible(rulebook: Rulebook, asked: Collection[str]) -> Rulebook:
    """The policy, narrowed to what is asked and to what no LEA can have."""
    return narrowed(rulebook, [*asked, *({IMPOSSIBLE} & rulebook.predicates.keys())])


def _chosen(narrow: Rulebook) -> str:
    """The rules of the first policy, and that no LEA is looked at that cannot be."""
    rules = "\n".join(map(write_rule, narrow.rules))
    return f"{rules}\n#defined {IMPOSSIBLE}/3.\n:- {IMPOSSIBLE}(LEA, Year, Fault)."


def _differ(narrow: Rulebook, pairs: Mapping[str, str], *, one_way: bool = False, value: Value | None = None) -> str:
    widths = {name: len(narrow.predicates[name].arguments) for name in pairs}
    return differ_text(pairs, widths, one_way=one_way, value=value)


def _unvaried(looked: MadeUp, *narrow: Rulebook) -> tuple[str, ...]:
    """The predicates of the evidence that are read and of which no made-up LEA has a fact."""
    read = {one.name for policy in narrow for one in policy.predicates.values() if one.stated_by == "evidence"}
    return tuple(sorted(read - looked.predicates))


def _decided(rulebook: Rulebook, looked: MadeUp, facts: tuple[Atom, ...]) -> Decided:
    """The made-up LEA, decided by the policy in the ordinary way."""
    policy = as_decided(rulebook)
    graph = derive(policy, world_facts(policy, {}, [*looked.given, *facts], unquote(looked.lea)))
    try:
        return Decided(graph, proved(graph))
    except ProofError as error:
        return Decided(graph, None, str(error))
