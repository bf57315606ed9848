"""The complete derivation of a conclusion: steps, each with every derivation, shared where they recur."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from pyreport.errors import PyreportError
from pyreport.evidence.model import Cell
from pyreport.explanation.sentences import NO_END_WORDS, Sentences, argument_words, listed_words
from pyreport.reasoning.graph import Graph, Instance
from pyreport.rulebook.authorities import Citation
from pyreport.rulebook.citing import Applied, about, fitting
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.syntax import (
    Atom,
    Bindings,
    Comparison,
    Count,
    Literal,
    Operation,
    Term,
    Value,
    Variable,
    evaluate,
    ground,
    term_variables,
)
from pyreport.rulebook.vocabulary import placeholders

__all__ = ["Absence", "Counting", "Derivation", "Explainer", "Step", "Unexplained"]

_TESTS = {
    "=": "There must be {}.",
    "!=": "There must not be {}.",
    "<": "There must be fewer than {}.",
    "<=": "There must be at most {}.",
    ">": "There must be more than {}.",
    ">=": "There must be at least {}.",
}
_WORDS = {"!=": "not", "<": "less than", "<=": "at most", ">": "more than", ">=": "at least"}
_DATE_WORDS = {"!=": "not ", "<": "before ", "<=": "on or before ", ">": "after ", ">=": "on or after "}
_NONE = "none"


class Unexplained(PyreportError):
    """The graph neither states nor derives what was asked about."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Something that does not hold, on which a derivation rests.

    ``reasons`` say for each rule that could have concluded it why it does not; empty for evidence.
    """

    atom: Atom
    sentence: str
    reasons: tuple[tuple[Rule, str], ...]

    @property
    def told(self) -> list[tuple[Rule | None, str]]:
        """What does not hold, then why; why alone where one rule could have concluded it, for that says both."""
        return [*self.reasons] if len(self.reasons) == 1 else [(None, self.sentence), *self.reasons]


@dataclass(frozen=True, slots=True)
class Counting:
    """What a count counted. ``elements`` are the counted values in words, each with the steps it rests on."""

    elements: tuple[tuple[str, tuple[Step, ...]], ...]
    operator: str
    bound: int

    @property
    def sentence(self) -> str:
        """The value reached against the bound."""
        words = [words for words, _ in self.elements]
        counted = f"{len(words)} counted: {listed_words(words)}" if words else "None counted"
        return f"{counted}. {_TESTS[self.operator].format(self.bound)}"


@dataclass(frozen=True, slots=True)
class Derivation:
    """One application of one rule. ``cites`` are the rule's citations that speak of this case.

    ``comparisons`` are those that the ``sentence`` does not tell already.
    """

    rule: Rule
    cites: tuple[Citation, ...]
    instance: Instance
    sentence: str
    premises: tuple[Step, ...]
    absences: tuple[Absence, ...]
    countings: tuple[Counting, ...]
    comparisons: tuple[str, ...]

    @property
    def stating(self) -> list[Derivation]:
        """The derivations of the facts of law that it rests on, such as a duty's; itself where it rests on none."""
        return [below for fact in self.premises if fact.is_parameter for below in fact.derivations] or [self]


@dataclass(frozen=True, slots=True)
class _Use:
    """An application of ``rule`` and what it is about."""

    rule: Rule
    applied: Applied


class Step:
    """An atom that holds: a fact with its cell, or a conclusion with all its derivations.

    ``used`` are the citations of a fact of the policy that speak of the application that uses it, by the rule's id.
    """

    __slots__ = ("__dict__", "_explainer", "_used", "atom", "cell")

    def __init__(self, explainer: Explainer, atom: Atom, used: Mapping[str, tuple[Citation, ...]]) -> None:
        self._explainer = explainer
        self._used = used
        self.atom = atom
        self.cell: Cell | None = explainer.graph.facts.get(atom)

    @cached_property
    def sentence(self) -> str:
        """What holds, in a sentence. Most steps are headed by that of their derivation instead."""
        return self._explainer.sentences.of_atom(self.atom)

    @property
    def is_parameter(self) -> bool:
        """Whether the policy itself states this, as a fact."""
        return self._explainer.graph.rulebook.predicates[str(self.atom[0])].stated_by == "policy"

    @cached_property
    def derivations(self) -> tuple[Derivation, ...]:
        """Every derivation, by rule id and values; none for a fact of the evidence."""
        explainer = self._explainer
        return tuple(
            explainer.derivation(rule, instance, self._used.get(rule.id))
            for rule, instance in explainer.graph.support.get(self.atom, ())
        )

    @cached_property
    def told(self) -> tuple[Derivation, ...]:
        """Every derivation, those in one that differ in one value alone: their sentence lists the values."""
        alike: dict[tuple[Any, ...], list[Derivation]] = {}
        for one in self.derivations:
            plain = not (one.countings or one.absences or one.comparisons)
            cited = tuple((citation.authority.id, citation.passage) for citation in one.cites)
            alike.setdefault((one.rule.id, cited, () if plain else one.instance), []).append(one)
        return tuple(told for group in alike.values() for told in self._explainer.together(group))

    @property
    def headline(self) -> str:
        """The sentence that heads the step where it is written out: its only derivation's, else its own."""
        return self.derivations[0].sentence if self.cell is None and len(self.derivations) == 1 else self.sentence


class Explainer:
    """Explains the atoms of one graph. Equal atoms are one step, facts of the policy where they cite the same."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.sentences = Sentences(graph)
        self._steps: dict[tuple[Any, ...], Step] = {}
        self._about: dict[str, tuple[list[int | None], dict[tuple[Value | None, ...], list[Atom]]]] = {}

    def step(self, atom: Atom, use: _Use | None = None) -> Step:
        """Return the step of ``atom``; of a fact of the policy, with the passages that speak of its ``use``.

        Raises:
            Unexplained: The atom does not hold.
        """
        used = self._used(atom, use) if use else {}
        key = (atom, *((citation.authority.id, citation.passage) for cites in used.values() for citation in cites))
        if key not in self._steps:
            if atom not in self.graph.facts and atom not in self.graph.support:
                raise Unexplained(self.sentences.of_absence(atom))
            self._steps[key] = Step(self, atom, used)
        return self._steps[key]

    def _used(self, atom: Atom, use: _Use) -> dict[str, tuple[Citation, ...]]:
        """By the rule that states ``atom``, a fact of the policy, its citations that speak of ``use``."""
        predicate = self.graph.rulebook.predicates[str(atom[0])]
        if predicate.stated_by != "policy":
            return {}
        applied = about(predicate.values(atom), use.applied)
        return {
            rule.id: fitting(self.graph.rulebook, rule, applied, use.rule.inferred)
            for rule, _ in self.graph.support.get(atom, ())
        }

    def about(self, predicate: str, lea: str, year: int) -> list[Step]:
        """The steps of ``predicate`` for one LEA (as a quoted value) and Dashboard year, sorted.

        Raises:
            KeyError: The vocabulary has no such predicate.
        """
        if predicate not in self._about:
            arguments = self.graph.rulebook.predicates[predicate].arguments
            places = [arguments.index(name) + 1 if name in arguments else None for name in ("LEA", "Year")]
            by_subject: dict[tuple[Value | None, ...], list[Atom]] = {}
            for atom in self.graph.atoms(predicate):
                by_subject.setdefault(tuple(None if at is None else atom[at] for at in places), []).append(atom)
            self._about[predicate] = (places, by_subject)
        places, by_subject = self._about[predicate]
        given: tuple[Value, Value] = (lea, year)
        subject = tuple(None if at is None else value for at, value in zip(places, given, strict=True))
        return [self.step(atom) for atom in by_subject.get(subject, ())]

    def derivation(self, rule: Rule, instance: Instance, cites: tuple[Citation, ...] | None = None) -> Derivation:
        """Rebuild one application: its premises, absences, counts and comparisons, by substitution.

        ``cites`` are given of a fact of the policy that something uses.
        """
        bindings = dict(zip(rule.variables, instance, strict=True))
        applied = about(bindings, self.graph.implied_of(bindings))
        use = _Use(rule, applied)
        premises, absences, countings, comparisons = [], [], [], []
        counted = iter(self.graph.counted.get(rule.id, {}).get(instance, ()))
        for part in rule.body:
            if isinstance(part, Count):
                countings.append(self._counting(part, bindings, counted, use))
            elif isinstance(part, Comparison):
                if not _said(part, rule):
                    comparisons.append(self._comparison(part, bindings))
            elif part.negated:
                absences.append(self.absence(ground(part.atom, bindings)))
            else:
                premises.append(self.step(ground(part.atom, bindings), use))
        sentence = self.sentences.of_rule(rule, instance)
        if cites is None:
            cites = fitting(self.graph.rulebook, rule, applied)
        return Derivation(
            rule, cites, instance, sentence, tuple(premises), tuple(absences), tuple(countings), tuple(comparisons)
        )

    def together(self, derivations: Sequence[Derivation]) -> Sequence[Derivation]:
        """Derivations by one rule as one that rests on what all rest on, where one sentence says them all."""
        first = derivations[0]
        if len(derivations) == 1:
            return derivations
        sentence = self.sentences.of_applications(first.rule, [one.instance for one in derivations])
        if sentence is None:
            return derivations
        premises = dict.fromkeys(premise for one in derivations for premise in one.premises)
        return [replace(first, sentence=sentence, premises=tuple(premises))]

    def absence(self, atom: Atom) -> Absence:
        """Say that ``atom`` does not hold, and why no rule concludes it."""
        rules = [
            rule
            for rule in self.graph.rulebook.by_head.get(str(atom[0]), ())
            if rule.body and _may_conclude(rule, atom)
        ]
        # A rule for another kind of LEA or another time explains nothing, where one for this kind and time fails too.
        chosen = [rule for rule in rules if self._concerns(rule, atom)] or rules
        reasons = tuple((rule, self.sentences.of_unless(rule, atom)) for rule in chosen)
        return Absence(atom, self.sentences.of_absence(atom), reasons)

    def _concerns(self, rule: Rule, atom: Atom) -> bool:
        """Whether the conditions that ``rule`` sets before it looks further hold of ``atom``.

        These are the positive conditions on what the head alone names, up to the first that looks further.
        """
        bindings = {
            term.name: value
            for term, value in zip(rule.head.arguments, atom[1:], strict=True)
            if isinstance(term, Variable)
        }
        for part in rule.body:
            if not isinstance(part, Literal) or part.negated:
                break
            if any(name not in bindings for term in part.atom.arguments for name in term_variables(term)):
                break
            condition = ground(part.atom, bindings)
            if condition not in self.graph.facts and condition not in self.graph.support:
                return False
        return True

    def _counting(
        self, count: Count, bindings: Bindings, counted: Iterator[tuple[Instance, ...]], use: _Use
    ) -> Counting:
        elements: dict[tuple[object, ...], tuple[str, tuple[Step, ...]]] = {}
        for element in count.elements:
            for values in next(counted, ()):
                local = {**bindings, **dict(zip(element.locals, values, strict=True))}
                key = tuple(evaluate(term, local) for term in element.terms)
                words = ", ".join(self._term(term, local) for term in element.terms)
                steps = tuple(
                    self.step(ground(condition.atom, local), use)
                    for condition in element.conditions
                    if isinstance(condition, Literal) and not condition.negated
                )
                known = elements.get(key)
                elements[key] = (words, steps if known is None else (*known[1], *steps))
        bound = evaluate(count.bound, bindings)
        return Counting(tuple(elements.values()), count.operator, int(bound))

    def _comparison(self, comparison: Comparison, bindings: Bindings) -> str:
        # A constant is called as the variable beside it would be.
        beside = next((term.name for term in (comparison.left, comparison.right) if isinstance(term, Variable)), "")
        left = self._term(comparison.left, bindings, beside)
        right = self._term(comparison.right, bindings, beside)
        if beside in self.sentences.dates:
            if right == NO_END_WORDS:
                return "No end date is stated."
            return f"{left[:1].upper()}{left[1:]} is {_DATE_WORDS[comparison.operator]}{right}."
        subject = f"The {argument_words(comparison.left.name)}" if isinstance(comparison.left, Variable) else "It"
        # What is not ``none`` is there.
        if comparison.right == _NONE:
            return f"{subject} is {left}."
        return f"{subject} is {left}, {_WORDS[comparison.operator]} {right}."

    def _term(self, term: Term, bindings: Bindings, beside: str = "") -> str:
        if isinstance(term, Variable):
            return self.sentences.words(term.name, bindings[term.name])
        if isinstance(term, Operation):
            return self.sentences.words(beside, evaluate(term, bindings))
        return self.sentences.words(beside, term)


def _said(comparison: Comparison, rule: Rule) -> bool:
    """Whether the sentence of ``rule`` leaves nothing of ``comparison`` to be told.

    Either it names each value that varies, or one value is defined as another, and what it is compared with is told.
    """
    names = {*term_variables(comparison.left), *term_variables(comparison.right)}
    return comparison.operator == "=" or names <= set(placeholders(rule.says))


def _may_conclude(rule: Rule, atom: Atom) -> bool:
    """Whether the head of ``rule`` fits ``atom``: its constants are those of the atom."""
    return all(
        isinstance(term, Variable | Operation) or term == value
        for term, value in zip(rule.head.arguments, atom[1:], strict=True)
    )


def walk(steps: Iterable[Step]) -> Iterator[Step]:
    """Yield every step below ``steps`` once, they included, each before what it rests on."""
    seen: set[Step] = set()
    queue = list(steps)
    while queue:
        step = queue.pop(0)
        if step in seen:
            continue
        seen.add(step)
        yield step
        for derivation in step.derivations:
            queue += derivation.premises
            for counting in derivation.countings:
                for _, below in counting.elements:
                    queue += below
