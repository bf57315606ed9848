"""The LEAs that a proof looks through: of which facts they are made up, as ``policy/changes/made_up.lp`` has them.

A predicate with ``Invents`` says which facts of a predicate of the evidence there are for LEAs of a kind, in the years
looked at. Some are stated of every such LEA; of the others a made-up LEA has one of each key (such as a color for a
student group, an indicator and a year), or none. Student groups that no rule and no fact of the policies tells apart
are exchangeable: of them, only so many are looked through as an LEA may have groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyreport.errors import PyreportError
from pyreport.explanation.sentences import Sentences
from pyreport.hypotheses.relevance import narrowed
from pyreport.reasoning.solver import derive
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Comparison, Count, Operation, Term, Value, Variable, ground, quote, unquote

__all__ = ["AT_ODDS", "IMPOSSIBLE", "MadeUp", "Possible", "Scope", "ScopeError", "dashboards", "made_up"]

IMPOSSIBLE = "impossible"
"""Concluded of made-up facts that no LEA can have."""
AT_ODDS = "at_odds"
"""Concluded of facts that contradict one another: of these nothing follows about better figures."""
ALWAYS, ELSEWHERE = "always", "elsewhere"
_LEA, _YEAR, _GROUP, _KIND, _BASIS, _PLACE = "LEA", "Year", "Group", "Kind", "Basis", "Place"
_COUNTY, _DISTRICT = "27", "999"
_BOUNDS = ("<", "<=", ">", ">=")


class ScopeError(PyreportError):
    """No LEA can be made up in the scope that was asked for."""


@dataclass(frozen=True)
class Scope:
    """Which LEAs are looked through.

    Attributes:
        last: The newest Dashboard year.
        years: How many Dashboards, that of ``last`` included.
        groups: How many student groups an LEA has at most.
        kind: District, county_office or charter.
        basis: Whether Dashboards are taken by figures or by letters.
    """

    last: int
    years: int = 1
    groups: int = 1
    kind: str = "district"
    basis: str = "figures"


@dataclass(frozen=True, slots=True)
class Possible:
    """A fact that a made-up LEA may have: the fact, what it is one of, how good it is, and of which student group."""

    atom: Atom
    slot: Atom
    place: int | None
    group: Value | None


@dataclass(frozen=True)
class MadeUp:
    """The facts that LEAs are made up of.

    Attributes:
        lea: The quoted CDS code of the made-up LEA.
        years: The Dashboard years looked at, ascending.
        given: What every made-up LEA has.
        possible: What it may have, at most one of each slot.
        classes: The student groups, each class those that the policies do not tell apart; of each the first ``limit``
            are looked through.
        limit: How many student groups it has at most.
        sentences: What the policy says of what is made up, by the rules that say so, each of one example.
    """

    lea: Value
    years: tuple[int, ...]
    given: tuple[Atom, ...]
    possible: tuple[Possible, ...]
    classes: tuple[tuple[Value, ...], ...]
    limit: int
    sentences: Mapping[str, str]

    @cached_property
    def slots(self) -> dict[Atom, list[int]]:
        """The numbers of the possible facts by what they are one of."""
        slots: dict[Atom, list[int]] = {}
        for number, one in enumerate(self.possible):
            slots.setdefault(one.slot, []).append(number)
        return slots

    @property
    def predicates(self) -> frozenset[str]:
        """The predicates of the evidence that are made up."""
        return frozenset(str(atom[0]) for atom in (*self.given, *(one.atom for one in self.possible)))


def dashboards(rulebook: Rulebook) -> list[int]:
    """The Dashboards of which there are determinations, ascending."""
    return sorted({int(row.year) for row in rulebook.rows("regime")})


def made_up(policies: Sequence[Rulebook], narrow: Sequence[Rulebook], scope: Scope) -> MadeUp:
    """Of what an LEA of ``scope`` is made up.

    Args:
        policies: The policies compared, with what may be made up.
        narrow: The same, narrowed to what is asked about.
        scope: Which LEAs are looked through.

    Raises:
        ScopeError: There is no such LEA.
        ReasoningError: Clingo reported an error or a warning.
    """
    every = sorted({year for policy in policies for year in dashboards(policy)})
    if scope.last not in every:
        raise ScopeError(
            f"No policy has determinations of the {scope.last} Dashboard; there are those of "
            f"{', '.join(map(str, every))}."
        )
    years = tuple(every[: every.index(scope.last) + 1][-scope.years :])
    read = {name for policy in narrow for name in policy.predicates}
    stated = _stated(policies, scope)
    code = [one.atom for one in stated if one.place == ALWAYS and one.atom[0] == "code_parts"]
    if not code:
        raise ScopeError(f"The policy does not say how LEAs of the kind {scope.kind} are made up.")
    lea = quote(f"{_COUNTY}{unquote(code[0][2])}{_DISTRICT}{unquote(code[0][3])}")
    predicates = {name: one for policy in policies for name, one in policy.predicates.items()}
    given, possible, sentences = [], [], dict[str, str]()
    for one in stated:
        # What nothing asked about reads is not chosen; what is on record of each LEA stands in its case all the same.
        everywhere = one.place in (ALWAYS, ELSEWHERE)
        if not everywhere and one.atom[0] not in read:
            continue
        declared = predicates[str(one.atom[0])]
        values = declared.values(one.atom)
        year = values.get(_YEAR)
        if year is not None and (year in years) == (one.place == ELSEWHERE):
            continue
        atom = tuple(lea if value == "" else value for value in one.atom)
        sentences.setdefault(one.rule, one.sentence)
        if everywhere:
            given.append(atom)
        else:
            slot = (atom[0], *(values[name] for name in declared.key or declared.arguments if name != _LEA))
            place = one.place if isinstance(one.place, int) else None
            possible.append(Possible(atom, slot, place, values.get(_GROUP)))
    possible.sort(key=lambda one: tuple(map(str, one.atom)))
    limits = [narrowed(policy, {IMPOSSIBLE, AT_ODDS} & policy.predicates.keys()) for policy in policies]
    classes = _classes([*narrow, *limits], possible)
    kept = {group for of_class in classes for group in of_class[: scope.groups]}
    possible = [one for one in possible if one.group is None or one.group in kept]
    return MadeUp(lea, years, tuple(dict.fromkeys(given)), tuple(possible), classes, scope.groups, sentences)


@dataclass(frozen=True, slots=True)
class _Stated:
    """What a policy says of the LEAs made up: a fact (LEA empty), its place, by which rule, in which words."""

    atom: Atom
    place: Value
    rule: str
    sentence: str


def _stated(policies: Iterable[Rulebook], scope: Scope) -> list[_Stated]:
    """What the policies make up for LEAs of the kind and basis."""
    stated: dict[tuple[Atom, Value], _Stated] = {}
    for policy in policies:
        inventing = {name: one for name, one in policy.predicates.items() if one.invents}
        graph = derive(narrowed(policy, inventing), {})
        sentences = Sentences(graph)
        for rule in graph.rulebook.rules:
            declared = inventing.get(rule.head.predicate)
            if declared is None:
                continue
            evidence = policy.predicates[str(declared.invents)]
            for instance in graph.instances[rule.id]:
                head = ground(rule.head, dict(zip(rule.variables, instance, strict=True)))
                values: dict[str, Value] = {**declared.values(head), _LEA: ""}
                if values.get(_KIND, scope.kind) == scope.kind and values.get(_BASIS, scope.basis) == scope.basis:
                    fact = (evidence.name, *(values[argument] for argument in evidence.arguments))
                    place = values[_PLACE]
                    sentence = sentences.of_rule(rule, instance)
                    stated.setdefault((fact, place), _Stated(fact, place, rule.id, sentence))
    return sorted(stated.values(), key=lambda one: str(one.atom))


def _classes(narrow: Sequence[Rulebook], possible: Iterable[Possible]) -> tuple[tuple[Value, ...], ...]:
    """The student groups, each class those that can be exchanged for one another."""
    facts = {(f"made up {one.atom[0]}", *one.atom[2:], one.place or 0) for one in possible}
    groups = sorted({one.group for one in possible if one.group is not None}, key=str)
    constants: set[Value] = set()
    ordered = False
    for policy in narrow:
        facts |= {fact for rule in policy.rules for fact in rule.facts}
        for rule in policy.rules:
            constants |= set(_constants(rule))
            ordered = ordered or _orders_groups(rule, policy)
    naming: dict[Value, set[Atom]] = {}
    for fact in facts:
        for value in fact[1:]:
            naming.setdefault(value, set()).add(fact)
    classes: list[list[Value]] = []
    for group in groups:
        for of_class in classes:
            other = of_class[0]
            if not ordered and not {group, other} & constants and _exchangeable(group, other, naming):
                of_class.append(group)
                break
        else:
            classes.append([group])
    return tuple(map(tuple, classes))


def _exchangeable(one: Value, other: Value, naming: dict[Value, set[Atom]]) -> bool:
    """Whether the facts of the policies stay the same if the two change places."""
    swapped = {one: other, other: one}
    facts = naming.get(one, set()) | naming.get(other, set())
    return facts == {tuple(swapped.get(value, value) for value in fact) for fact in facts}


def _constants(rule: Rule) -> Iterator[Value]:
    """The constants that a rule with a body names."""
    if rule.body:
        yield from (value for term in rule.head.arguments for value in _values(term))
        for atom in rule.atoms_read():
            yield from (value for term in atom.arguments for value in _values(term))
        for count in rule.counts:
            yield from (value for element in count.elements for term in element.terms for value in _values(term))
        for comparison in _comparisons(rule):
            yield from (*_values(comparison.left), *_values(comparison.right))


def _values(term: Term) -> Iterator[Value]:
    if not isinstance(term, Variable | Operation):
        yield term


def _comparisons(rule: Rule) -> Iterator[Comparison]:
    for part in rule.body:
        counted = part.elements if isinstance(part, Count) else ()
        for condition in (part, *(condition for element in counted for condition in element.conditions)):
            if isinstance(condition, Comparison):
                yield condition


def _orders_groups(rule: Rule, policy: Rulebook) -> bool:
    """Whether the rule asks which of two student groups comes first: then they are not alike."""
    groups = {
        term.name
        for atom in rule.atoms_read()
        for name, term in zip(policy.predicates[atom.predicate].arguments, atom.arguments, strict=True)
        if name == _GROUP and isinstance(term, Variable)
    }
    return any(
        comparison.operator in _BOUNDS
        and groups & {term.name for term in (comparison.left, comparison.right) if isinstance(term, Variable)}
        for comparison in _comparisons(rule)
    )
