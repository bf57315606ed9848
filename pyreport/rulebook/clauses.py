"""Heads and bodies of rules, from clingo's syntax tree to the terms of ``pyreport.rulebook.syntax``.

What the derivations could not explain is refused: choice heads, disjunctions, constraints, aggregates that do not
count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import product

from clingo import ast
from clingo.ast import AST, ASTType

from pyreport.rulebook.problems import Finding
from pyreport.rulebook.syntax import (
    Atom,
    AtomPattern,
    Comparison,
    Count,
    CountElement,
    Literal,
    Operation,
    Term,
    Value,
    Variable,
    term_variables,
)

__all__ = ["UnsupportedError", "body_part", "expanded_facts", "global_variables", "head_of"]

_OPERATORS = {
    ast.ComparisonOperator.Equal: "=",
    ast.ComparisonOperator.NotEqual: "!=",
    ast.ComparisonOperator.LessThan: "<",
    ast.ComparisonOperator.LessEqual: "<=",
    ast.ComparisonOperator.GreaterThan: ">",
    ast.ComparisonOperator.GreaterEqual: ">=",
}
_MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ARITHMETIC = {ast.BinaryOperator.Plus: "+", ast.BinaryOperator.Minus: "-", ast.BinaryOperator.Multiplication: "*"}


class UnsupportedError(Exception):
    """A construct outside the subset; the message says what to write."""

    def __init__(self, message: str, finding: Finding = Finding.OUTSIDE_SUBSET) -> None:
        super().__init__(message)
        self.finding = finding


def head_of(node: AST) -> AtomPattern:
    """The atom that a rule concludes.

    Raises:
        UnsupportedError: The head is another than one atom.
    """
    head = node.head
    if head.ast_type != ASTType.Literal:
        raise UnsupportedError(
            "a choice or disjunction in the head: the policy decides, it does not choose; write one atom"
        )
    if head.atom.ast_type == ASTType.BooleanConstant:
        raise UnsupportedError("a rule without a head forbids answer sets; write what the law concludes instead")
    if head.sign != ast.Sign.NoSign or head.atom.ast_type != ASTType.SymbolicAtom:
        raise UnsupportedError("the head must be one atom")
    if not len(node.body):
        symbol = head.atom.symbol
        _atom_name(symbol)
        return AtomPattern(symbol.name, tuple(0 for _ in symbol.arguments))
    return _atom(head.atom.symbol)


def _atom_name(symbol: AST) -> None:
    if symbol.ast_type != ASTType.Function:
        raise UnsupportedError(f"'{symbol}' must be an atom like name(Argument)")


def _atom(symbol: AST) -> AtomPattern:
    _atom_name(symbol)
    return AtomPattern(symbol.name, tuple(_term(argument) for argument in symbol.arguments))


def _term(term: AST) -> Term:
    kind = term.ast_type
    if kind == ASTType.Variable:
        name = term.name
        if name == "_":
            message = "'_' would multiply or hide derivations: give the variable its name"
            raise UnsupportedError(message, Finding.ANONYMOUS_VARIABLE)
        return Variable(name)
    if kind == ASTType.SymbolicTerm:
        return _value(term)
    if kind == ASTType.Function and not len(term.arguments) and term.name and not term.external:
        return str(term.name)
    if kind == ASTType.UnaryOperation and term.operator_type == ast.UnaryOperator.Minus:
        number = _term(term.argument)
        if isinstance(number, int):
            return -number
    if kind == ASTType.BinaryOperation and term.operator_type in _ARITHMETIC:
        return Operation(_ARITHMETIC[term.operator_type], _term(term.left), _term(term.right))
    raise UnsupportedError(
        f"the term '{term}' is outside the subset of the policy: use variables, constants, strings, numbers, + - *"
    )


def _value(term: AST) -> Value:
    text = str(term)
    return int(text) if re.fullmatch(r"-?\d+", text) else text


def body_part(part: AST) -> Literal | Comparison | Count:
    """One part of a rule's body.

    Raises:
        UnsupportedError: It is none of the three.
    """
    if part.ast_type != ASTType.Literal:
        raise UnsupportedError(f"'{part}' is outside the subset of the policy: write literals, comparisons and #count")
    kind = part.atom.ast_type
    if kind == ASTType.BodyAggregate:
        return _count(part)
    return _condition(part)


def _condition(part: AST) -> Literal | Comparison:
    kind = part.atom.ast_type
    if kind == ASTType.SymbolicAtom and part.sign in (ast.Sign.NoSign, ast.Sign.Negation):
        return Literal(_atom(part.atom.symbol), part.sign == ast.Sign.Negation)
    if kind == ASTType.Comparison and part.sign == ast.Sign.NoSign and len(part.atom.guards) == 1:
        guard = part.atom.guards[0]
        return Comparison(_OPERATORS[guard.comparison], _term(part.atom.term), _term(guard.term))
    raise UnsupportedError(
        f"'{part}' is outside the subset of the policy: write an atom, 'not' an atom, or one comparison"
    )


def _count(part: AST) -> Count:
    aggregate = part.atom
    if aggregate.function != ast.AggregateFunction.Count or part.sign != ast.Sign.NoSign:
        raise UnsupportedError(f"'{part}': of the aggregates the policy uses #count alone, not negated")
    guards = []
    if aggregate.left_guard is not None:
        guards.append((_MIRRORED[_OPERATORS[aggregate.left_guard.comparison]], aggregate.left_guard.term))
    if aggregate.right_guard is not None:
        guards.append((_OPERATORS[aggregate.right_guard.comparison], aggregate.right_guard.term))
    if len(guards) != 1:
        raise UnsupportedError(f"'{part}': compare the count with one bound")
    elements = []
    for element in aggregate.elements:
        terms = tuple(_term(term) for term in element.terms)
        conditions = tuple(_condition(condition) for condition in element.condition)
        names = {name for term in terms for name in term_variables(term)}
        for condition in conditions:
            names |= set(_names(condition))
        elements.append(CountElement(terms, conditions, tuple(sorted(names))))
    return Count(tuple(elements), guards[0][0], _term(guards[0][1]))


def _names(part: Literal | Comparison) -> Iterable[str]:
    terms = part.atom.arguments if isinstance(part, Literal) else (part.left, part.right)
    return (name for term in terms for name in term_variables(term))


def global_variables(head: AtomPattern, body: tuple[Literal | Comparison | Count, ...]) -> set[str]:
    """The variables of a rule that are not those of a counted element alone."""
    names = {name for term in head.arguments for name in term_variables(term)}
    for part in body:
        names |= set(term_variables(part.bound)) if isinstance(part, Count) else set(_names(part))
    return names


def expanded_facts(symbol: AST) -> tuple[Atom, ...]:
    """The ground atoms of a fact: every combination of its pools, in the order written.

    Raises:
        UnsupportedError: It has a variable or arithmetic.
    """
    choices: list[list[Value]] = []
    for argument in symbol.arguments:
        members = list(argument.arguments) if argument.ast_type == ASTType.Pool else [argument]
        values = []
        for member in members:
            value = _term(member)
            if isinstance(value, Variable | Operation):
                raise UnsupportedError(f"'{symbol}': a fact has no variables and no arithmetic")
            values.append(value)
        choices.append(values)
    return tuple((str(symbol.name), *values) for values in product(*choices))
