"""The sentences of a why-not: what a condition asks for and is not there."""

from __future__ import annotations

from pyreport.explanation.sentences import Sentences, argument_words
from pyreport.explanation.why_not.candidates import FailureKind
from pyreport.explanation.why_not.plans import Plans
from pyreport.explanation.why_not.records import Goal, Records
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.syntax import Bindings, Comparison, Literal, Term, Variable, evaluate
from pyreport.rulebook.vocabulary import placeholders

__all__ = ["WhyNotSentences"]

_WANTED = {"=": "", "<": "less than ", "<=": "at most ", ">": "more than ", ">=": "at least "}


class WhyNotSentences:
    """Words the failing conditions of one graph."""

    def __init__(self, sentences: Sentences, plans: Plans, records: Records) -> None:
        self.sentences, self.plans, self.records = sentences, plans, records

    def literal(self, literal: Literal, goal: Goal, answer: FailureKind) -> str:
        """What a positive literal asks for and is not there, in words."""
        part = self.plans.part(literal)
        predicate = part.predicate
        assert predicate is not None
        outside = self.records.outside(predicate, goal) if part.of_evidence else None
        if outside is not None:
            return self.sentences.of_goal(outside)
        if part.of_evidence and self.records.instead(predicate, goal):
            return "On record instead:" if None in goal else self.sentences.of_goal(goal)
        if part.of_evidence and predicate.none and (predicate.key or answer is FailureKind.MISSING):
            return self.sentences.of_none(goal)
        return self.sentences.of_goal(goal)

    def comparison(self, comparison: Comparison, bindings: Bindings) -> str:
        """Why a comparison fails, in words."""
        beside = next((term.name for term in (comparison.left, comparison.right) if isinstance(term, Variable)), "")
        left, right = (self._words(term, bindings, beside) for term in (comparison.left, comparison.right))
        subject = f"The {argument_words(comparison.left.name)}" if isinstance(comparison.left, Variable) else "It"
        wanted = "another" if comparison.operator == "!=" else f"{_WANTED[comparison.operator]}{right}"
        return f"{subject} is {left}, and would have to be {wanted}."

    def _words(self, term: Term, bindings: Bindings, beside: str) -> str:
        if isinstance(term, Variable):
            return self.sentences.words(term.name, bindings[term.name])
        return self.sentences.words(beside, evaluate(term, bindings))

    def unless(self, rule: Rule, goal: Goal) -> str:
        """Why ``rule`` does not conclude anything like ``goal``, in words."""
        values = {
            term.name: value
            for term, value in zip(rule.head.arguments, goal[1:], strict=True)
            if isinstance(term, Variable)
        }
        # Where the sentence of the rule speaks of one value and any is asked for, that of the conclusion fits.
        if any(values.get(name, 0) is None for name in placeholders(rule.unless or "")):
            return self.sentences.of_goal(goal)
        return self.sentences.of_unless_open(rule, values)
