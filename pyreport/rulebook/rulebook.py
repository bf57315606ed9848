"""Load a policy folder: every rule with its label, or a list of everything that is wrong.

Clingo's own parser reads the files and hands over comments as nodes with their lines, so the files stay
plain clingo. What the derivations could not explain is refused here: choice heads, disjunctions,
constraints, scripts, negation cycles, unlabelled rules.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

from clingo import ast
from clingo.ast import AST, ASTType, CommentType

from pyreport.files.fingerprints import fingerprint_of
from pyreport.rulebook.authorities import Authority, Citation, read_authorities, read_groups
from pyreport.rulebook.documents import read_text
from pyreport.rulebook.names import Names, missing_names, read_names
from pyreport.rulebook.problems import Finding, PolicyError, Problem
from pyreport.rulebook.stratification import negation_cycle
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
from pyreport.rulebook.vocabulary import Predicate, placeholders, read_predicate

__all__ = ["Reading", "Rule", "Rulebook", "examine", "load_rulebook", "readings"]

READINGS = "readings"
CHANGES = "changes"
"""The folder of what a what-if may change: no law, and loaded for a what-if alone."""

VOCABULARY = "vocabulary.lp"

_SOURCE = "<string>"
"""What clingo calls a text that it was given, and not told to include."""

_TAG = re.compile(r"%\s*@([A-Za-z_-]+)\s*(.*)$")
_ID = re.compile(r"[a-z0-9][a-z0-9.-]*$")
_HEADER_TAGS = ("reading", "replaces", "rejected")
_TAGS = ("rule", "cite", "inferred", "says", "unless", *_HEADER_TAGS)
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


@dataclass(frozen=True, slots=True)
class Rule:
    """One labelled rule, or one labelled fact of the policy (then ``body`` is empty).

    ``variables`` are the rule's global variables, sorted by name; a derivation by this rule is one value
    for each. For a fact they are the arguments as the vocabulary names them, and ``facts`` are the ground
    atoms it stands for, its pools expanded.
    """

    id: str
    file: str
    line: int
    text: str
    cites: tuple[Citation, ...]
    inferred: str | None
    says: str
    unless: str | None
    head: AtomPattern
    body: tuple[Literal | Comparison | Count, ...]
    variables: tuple[str, ...]
    facts: tuple[Atom, ...]

    @property
    def counts(self) -> tuple[Count, ...]:
        """The counts in the body, in order."""
        return tuple(part for part in self.body if isinstance(part, Count))

    def atoms_read(self) -> Iterator[AtomPattern]:
        """Yield the atoms of the body, negated or counted ones too, in order."""
        for part in self.body:
            parts = [c for element in part.elements for c in element.conditions] if isinstance(part, Count) else [part]
            for one in parts:
                if isinstance(one, Literal):
                    yield one.atom


@dataclass(frozen=True, slots=True)
class Reading:
    """A named alternative to rules of the policy: a reading of the law that was considered and rejected."""

    name: str
    file: str
    says: str
    rejected: str
    replaces: tuple[str, ...]


@dataclass(frozen=True)
class Rulebook:
    """A loaded policy. ``texts`` maps each file's path (relative, with slashes) to its text, sorted."""

    rules: tuple[Rule, ...]
    predicates: Mapping[str, Predicate]
    authorities: Mapping[str, Authority]
    names: Names
    texts: Mapping[str, str]
    reading: Reading | None = None

    def __hash__(self) -> int:
        """Equal rulebooks agree in the number of their rules; so what is worked out from one can be kept for it."""
        return len(self.rules)

    @cached_property
    def fitting(self) -> dict[tuple[Any, ...], tuple[Citation, ...]]:
        """Which citations of a rule fit an application, by the rule's id and the values: kept as it is worked out."""
        return {}

    @cached_property
    def by_id(self) -> dict[str, Rule]:
        """The rules by id."""
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def by_head(self) -> dict[str, tuple[Rule, ...]]:
        """The rules by the predicate they conclude."""
        heads: dict[str, list[Rule]] = {}
        for rule in self.rules:
            heads.setdefault(rule.head.predicate, []).append(rule)
        return {name: tuple(rules) for name, rules in heads.items()}

    def rows(self, predicate: str) -> list[Any]:
        """The facts of the policy of one predicate, in its order, with their arguments by name: ``row.year``."""
        declared = self.predicates.get(predicate)
        facts = [fact for rule in self.by_head.get(predicate, ()) for fact in rule.facts]
        return [] if declared is None else [declared.row(fact) for fact in facts]

    @cached_property
    def settled_by_law(self) -> frozenset[str]:
        """The predicates that facts of law alone decide, stated or concluded."""
        law = {name for name, predicate in self.predicates.items() if predicate.stated_by == "policy"}
        while True:
            more = {
                name
                for name, rules in self.by_head.items()
                if name not in law and all(atom.predicate in law for rule in rules for atom in rule.atoms_read())
            }
            if not more:
                return frozenset(law)
            law |= more

    @cached_property
    def counting(self) -> frozenset[str]:
        """The predicates below whose rules something is counted."""
        found: set[str] = set()
        while True:
            more = {
                name
                for name, rules in self.by_head.items()
                if name not in found
                and any(rule.counts or any(atom.predicate in found for atom in rule.atoms_read()) for rule in rules)
            }
            if not more:
                return frozenset(found)
            found |= more

    @cached_property
    def hashes(self) -> dict[str, str]:
        """SHA-256 of each file's text, by path."""
        return {path: hashlib.sha256(text.encode()).hexdigest() for path, text in self.texts.items()}

    @cached_property
    def fingerprint(self) -> str:
        """One SHA-256 over all files and their paths."""
        return fingerprint_of(self.hashes)

    def outputs(self) -> dict[str, Predicate]:
        """The predicates that the vocabulary marks as outputs, by the output's name."""
        return {predicate.output: predicate for predicate in self.predicates.values() if predicate.output}

    def topics(self) -> dict[str, list[Predicate]]:
        """What is told of an LEA as of a date: the topics in the order of their names, each with its predicates."""
        found: dict[str, list[Predicate]] = {str(topic): [] for topic in self.names.get("Topic", ())}
        for predicate in self.predicates.values():
            if predicate.topic is not None:
                found[predicate.topic].append(predicate)
        return found


@dataclass
class _File:
    """What one file contributes, and the problems met in it."""

    path: str
    text: str
    rules: list[Rule] = field(default_factory=list)
    predicates: list[Predicate] = field(default_factory=list)
    defined: dict[tuple[str, int], int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    reading: Reading | None = None

    def report(self, line: int, message: str, finding: Finding) -> None:
        self.problems.append(Problem(self.path, line, message, finding))


class _UnsupportedError(Exception):
    """A construct outside the subset; the message says what to write."""

    def __init__(self, message: str, finding: Finding = Finding.OUTSIDE_SUBSET) -> None:
        super().__init__(message)
        self.finding = finding


def policy_files(folder: Path, reading: str | None = None, *, changes: bool = False) -> list[Path]:
    """The rule files of the policy in ``folder``, sorted; of the readings only the one named, changes if asked for."""
    found = sorted(folder.rglob("*.lp"), key=lambda path: path.relative_to(folder).as_posix())
    chosen = []
    for path in found:
        parts = path.relative_to(folder).parts
        wanted = {READINGS: reading is not None and path.stem == reading, CHANGES: changes}
        if wanted.get(parts[0], True):
            chosen.append(path)
    return chosen


def readings(folder: Path) -> list[str]:
    """The names of the alternative readings in the policy ``folder``, sorted."""
    return sorted(path.stem for path in (folder / READINGS).glob("*.lp"))


def load_rulebook(folder: Path, reading: str | None = None, *, changes: bool = False) -> Rulebook:
    """Load the policy in ``folder``, with the named alternative ``reading`` in place of the rules it replaces.

    With ``changes``, what a what-if may change is loaded too.

    Raises:
        PolicyError: With every problem of every file: see ``policy/README.md`` for what a file must be like.
    """
    known = readings(folder)
    if reading is not None and reading not in known:
        message = f"there is no reading {reading!r}; known are {', '.join(known) or 'none'}"
        raise PolicyError([Problem(READINGS, 1, message, Finding.FAULTY_READING)])
    rulebook, problems = examine(folder, reading, changes=changes)
    if problems:
        raise PolicyError(problems)
    return rulebook


def examine(folder: Path, reading: str | None = None, *, changes: bool = False) -> tuple[Rulebook, list[Problem]]:
    """Return what of the policy in ``folder`` can be read, and everything that is wrong with it.

    Only without problems is the rulebook whole: what a problem names may be missing from it.
    """
    problems: list[Problem] = []
    authorities: dict[str, Authority] | None = None
    groups: dict[str, tuple[Citation, ...]] = {}
    names: Names = {}
    try:
        authorities, groups = read_authorities(folder), read_groups(folder)
    except PolicyError as error:
        problems += error.problems
    try:
        names = read_names(folder)
    except PolicyError as error:
        problems += error.problems
    files = [
        _read(path, path.relative_to(folder).as_posix(), authorities, groups)
        for path in policy_files(folder, reading, changes=changes)
    ]
    problems += [problem for file in files for problem in file.problems]
    predicates: dict[str, Predicate] = {}
    for file in files:
        for predicate in file.predicates:
            if predicate.name in predicates:
                message = f"{predicate.name} is declared twice"
                problems.append(Problem(file.path, predicate.line, message, Finding.DUPLICATE_ID))
            predicates[predicate.name] = predicate
    chosen = next((file.reading for file in files if file.reading), None)
    rules = [rule for file in files for rule in file.rules]
    problems += _duplicate_ids(rules)
    rules = [_with_argument_names(rule, predicates) for rule in rules]
    if chosen:
        replaced = set(chosen.replaces)
        for missing in sorted(replaced - {rule.id for rule in rules}):
            message = f"@replaces {missing}: there is no such rule"
            problems.append(Problem(chosen.file, 1, message, Finding.FAULTY_READING))
        rules = [rule for rule in rules if rule.id not in replaced]
    problems += _against_vocabulary(rules, predicates, files)
    problems += _placeholder_problems(rules)
    problems += missing_names(names, rules, predicates)
    cycle = negation_cycle(rules)
    if cycle:
        problems.append(
            Problem(
                cycle[0].file,
                cycle[0].line,
                f"negation or a count runs in a circle through {', '.join(rule.id for rule in cycle)}: "
                "a conclusion may not depend on its own absence; rewrite one of these rules",
                Finding.NEGATION_CYCLE,
            )
        )
    texts = {file.path: file.text for file in files}
    if not problems:
        for other in ("authorities.yaml", "names.yaml"):
            texts[other] = read_text(folder / other, other)
    rulebook = Rulebook(
        tuple(sorted(rules, key=lambda rule: rule.id)),
        predicates,
        authorities or {},
        names,
        dict(sorted(texts.items())),
        chosen,
    )
    return rulebook, problems


def _read(
    path: Path, name: str, authorities: Mapping[str, Authority] | None, groups: Mapping[str, tuple[Citation, ...]]
) -> _File:
    """Read one rule file. Without authorities, which then have problems of their own, no citation is resolved."""
    file = _File(name, "")
    try:
        file.text = read_text(path, name)
    except PolicyError as error:
        file.problems += error.problems
        return file
    nodes: list[AST] = []
    messages: list[str] = []
    try:
        ast.parse_string(file.text, nodes.append, logger=lambda _, message: messages.append(message))
    except RuntimeError:
        for message in messages or [f"{_SOURCE}:1:1: error: not readable as a clingo program"]:
            place, _, text = message.partition(": error: ")
            numbers = re.findall(r":(\d+)", place)
            number = int(numbers[0]) if numbers else 1
            file.report(number, f"clingo cannot read this: {' '.join(text.split())}", Finding.UNREADABLE_FILE)
        return file
    comments: list[AST] = []
    if any(node.location.begin.filename != _SOURCE for node in nodes):
        line = next((number for number, row in enumerate(file.text.splitlines(), 1) if "#include" in row), 1)
        message = "'#include' is not used in the policy: every .lp file in the folder is read anyway"
        file.report(line, message, Finding.OUTSIDE_SUBSET)
        return file
    for node in nodes:
        if node.ast_type == ASTType.Comment:
            if node.comment_type == CommentType.Block:
                _block(file, node)
            else:
                comments.append(node)
        elif node.ast_type == ASTType.Rule:
            _rule(file, node, _label(comments, node), authorities, groups)
        elif node.ast_type == ASTType.Defined:
            file.defined[node.name, node.arity] = node.location.begin.line
        elif node.ast_type != ASTType.Program or node.name != "base":
            file.report(
                node.location.begin.line,
                f"'{str(node).splitlines()[0][:60]}' is not used in the policy: write facts and rules alone",
                Finding.OUTSIDE_SUBSET,
            )
    _header(file, comments)
    for comment in comments:
        if _tag(comment):
            file.report(
                comment.location.begin.line,
                f"'{comment.value.strip()}' belongs to no rule: a label is an unbroken run of comments in the first "
                "column that ends on the line before its rule",
                Finding.FAULTY_LABEL,
            )
    return file


def _block(file: _File, node: AST) -> None:
    if not node.value.startswith("%*!"):
        return
    predicate, problems = read_predicate(node.value, file.path, node.location.begin.line)
    file.problems += problems
    if predicate:
        file.predicates.append(predicate)


def _tag(comment: AST) -> re.Match[str] | None:
    return _TAG.match(comment.value.rstrip())


def _label(comments: list[AST], rule: AST) -> list[AST]:
    """Take from ``comments`` the run of lines that ends right above ``rule``.

    The parser hands over the comments inside the rule before the rule itself; they stay where they are.
    """
    label: list[AST] = []
    line = rule.location.begin.line - 1
    end = len(comments)
    while end and comments[end - 1].location.begin.line > line:
        end -= 1
    while end:
        place = comments[end - 1].location.begin
        if place.line != line or place.column != 1:
            break
        end -= 1
        label.insert(0, comments.pop(end))
        line -= 1
    return label


def _header(file: _File, comments: list[AST]) -> None:
    """Read the header of a reading: @reading, @replaces and @rejected stand alone, above all rules."""
    fields: dict[str, list[str]] = {}
    for comment in list(comments):
        found = _tag(comment)
        if found and found[1] in _HEADER_TAGS and comment.location.begin.column == 1:
            fields.setdefault(found[1], []).append(found[2].strip())
            comments.remove(comment)
    is_reading = file.path.startswith(f"{READINGS}/")
    if not is_reading:
        if fields:
            message = f"@reading, @replaces and @rejected belong into a file of {READINGS}/"
            file.report(1, message, Finding.FAULTY_READING)
        return
    for tag in ("reading", "rejected", "replaces"):
        if not fields.get(tag):
            file.report(1, f"write '% @{tag} …' at the head of the file", Finding.FAULTY_READING)
    if file.problems:
        return
    file.reading = Reading(
        name=Path(file.path).stem,
        file=file.path,
        says=fields["reading"][0],
        rejected=fields["rejected"][0],
        replaces=tuple(part for line in fields["replaces"] for part in line.split()),
    )


def _rule(
    file: _File,
    node: AST,
    label: list[AST],
    authorities: Mapping[str, Authority] | None,
    groups: Mapping[str, tuple[Citation, ...]],
) -> None:
    line = node.location.begin.line
    fields: dict[str, list[tuple[int, str]]] = {}
    for comment in label:
        found = _tag(comment)
        if found:
            if found[1] not in _TAGS:
                message = f"@{found[1]} is no tag; write one of @{', @'.join(_TAGS)}"
                file.report(comment.location.begin.line, message, Finding.FAULTY_LABEL)
            elif found[1] in _HEADER_TAGS:
                file.report(
                    comment.location.begin.line,
                    f"@{found[1]} labels no rule: write it at the head of a file of {READINGS}/",
                    Finding.FAULTY_READING,
                )
            fields.setdefault(found[1], []).append((comment.location.begin.line, found[2].strip()))
    try:
        head, body = _head(node), tuple(_body(part) for part in node.body)
    except _UnsupportedError as problem:
        file.report(line, str(problem), problem.finding)
        return
    if "rule" not in fields:
        file.report(
            line,
            f"the rule for {head.predicate} has no label: write '% @rule an.id' right above it, with @cite and @says",
            Finding.MISSING_LABEL,
        )
        return
    for tag in ("rule", "says", "unless", "inferred"):
        for place, _ in fields.get(tag, [])[1:]:
            file.report(place, f"@{tag} is written twice", Finding.FAULTY_LABEL)
    identifier = fields["rule"][0][1]
    if not _ID.match(identifier):
        message = f"'{identifier}' is no id: use small letters, digits, dots and hyphens"
        file.report(fields["rule"][0][0], message, Finding.FAULTY_LABEL)
    if not any(text for _, text in fields.get("says", [])):
        message = f"{identifier}: write '% @says …', the sentence of one application of the rule"
        file.report(line, message, Finding.FAULTY_LABEL)
    if body and not any(text for _, text in fields.get("unless", [])):
        message = f"{identifier}: write '% @unless …', the sentence for when the rule does not apply"
        file.report(line, message, Finding.FAULTY_LABEL)
    cites: list[Citation] = []
    for place, text in fields.get("cite", []):
        if authorities is None:
            break
        if text in groups:
            cites += groups[text]
            continue
        name, _, passage = text.partition(" ")
        authority = authorities.get(name)
        if authority is None:
            message = f"@cite {name}: no such authority in authorities.yaml"
            file.report(place, message, Finding.UNRESOLVED_CITATION)
        elif passage.strip() not in authority.passages:
            message = f"@cite {text}: {name} has the passages {', '.join(authority.passages)}; quote the one meant"
            file.report(place, message, Finding.UNRESOLVED_CITATION)
        else:
            cites.append(Citation(authority, passage.strip()))
    if "cite" not in fields:
        file.report(line, f"{identifier}: write '% @cite AUTHORITY PASSAGE'", Finding.MISSING_CITATION)
    global_names = sorted(_global_variables(head, body))
    text = "\n".join(file.text.splitlines()[line - 1 : node.location.end.line])
    try:
        facts = () if body else _expand(node.head.atom.symbol)
    except _UnsupportedError as problem:
        file.report(line, str(problem), problem.finding)
        return
    file.rules.append(
        Rule(
            id=identifier,
            file=file.path,
            line=line,
            text=text,
            cites=tuple(cites),
            inferred=next((value for _, value in fields.get("inferred", [])), None),
            says=next((value for _, value in fields.get("says", [])), ""),
            unless=next((value for _, value in fields.get("unless", [])), None),
            head=head,
            body=body,
            variables=tuple(global_names),
            facts=facts,
        )
    )


def _head(node: AST) -> AtomPattern:
    head = node.head
    if head.ast_type != ASTType.Literal:
        raise _UnsupportedError(
            "a choice or disjunction in the head: the policy decides, it does not choose; write one atom"
        )
    if head.atom.ast_type == ASTType.BooleanConstant:
        raise _UnsupportedError("a rule without a head forbids answer sets; write what the law concludes instead")
    if head.sign != ast.Sign.NoSign or head.atom.ast_type != ASTType.SymbolicAtom:
        raise _UnsupportedError("the head must be one atom")
    if not len(node.body):
        symbol = head.atom.symbol
        _atom_name(symbol)
        return AtomPattern(symbol.name, tuple(0 for _ in symbol.arguments))
    return _atom(head.atom.symbol)


def _atom_name(symbol: AST) -> None:
    if symbol.ast_type != ASTType.Function:
        raise _UnsupportedError(f"'{symbol}' must be an atom like name(Argument)")


def _atom(symbol: AST) -> AtomPattern:
    _atom_name(symbol)
    return AtomPattern(symbol.name, tuple(_term(argument) for argument in symbol.arguments))


def _term(term: AST) -> Term:
    if term.ast_type == ASTType.Variable:
        if term.name == "_":
            message = "'_' would multiply or hide derivations: give the variable its name"
            raise _UnsupportedError(message, Finding.ANONYMOUS_VARIABLE)
        return Variable(term.name)
    if term.ast_type == ASTType.SymbolicTerm:
        return _value(term)
    if term.ast_type == ASTType.Function and not len(term.arguments) and term.name and not term.external:
        return str(term.name)
    if term.ast_type == ASTType.UnaryOperation and term.operator_type == ast.UnaryOperator.Minus:
        number = _term(term.argument)
        if isinstance(number, int):
            return -number
    if term.ast_type == ASTType.BinaryOperation and term.operator_type in _ARITHMETIC:
        return Operation(_ARITHMETIC[term.operator_type], _term(term.left), _term(term.right))
    raise _UnsupportedError(
        f"the term '{term}' is outside the subset of the policy: use variables, constants, strings, numbers, + - *"
    )


def _value(term: AST) -> Value:
    text = str(term)
    return int(text) if re.fullmatch(r"-?\d+", text) else text


def _body(part: AST) -> Literal | Comparison | Count:
    if part.ast_type != ASTType.Literal:
        raise _UnsupportedError(f"'{part}' is outside the subset of the policy: write literals, comparisons and #count")
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
    raise _UnsupportedError(
        f"'{part}' is outside the subset of the policy: write an atom, 'not' an atom, or one comparison"
    )


def _count(part: AST) -> Count:
    aggregate = part.atom
    if aggregate.function != ast.AggregateFunction.Count or part.sign != ast.Sign.NoSign:
        raise _UnsupportedError(f"'{part}': of the aggregates the policy uses #count alone, not negated")
    guards = []
    if aggregate.left_guard is not None:
        guards.append((_MIRRORED[_OPERATORS[aggregate.left_guard.comparison]], aggregate.left_guard.term))
    if aggregate.right_guard is not None:
        guards.append((_OPERATORS[aggregate.right_guard.comparison], aggregate.right_guard.term))
    if len(guards) != 1:
        raise _UnsupportedError(f"'{part}': compare the count with one bound")
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


def _global_variables(head: AtomPattern, body: tuple[Literal | Comparison | Count, ...]) -> set[str]:
    names = {name for term in head.arguments for name in term_variables(term)}
    for part in body:
        names |= set(term_variables(part.bound)) if isinstance(part, Count) else set(_names(part))
    return names


def _expand(symbol: AST) -> tuple[Atom, ...]:
    """The ground atoms of a fact: every combination of its pools, in the order written."""
    choices: list[list[Value]] = []
    for argument in symbol.arguments:
        members = list(argument.arguments) if argument.ast_type == ASTType.Pool else [argument]
        values = []
        for member in members:
            value = _term(member)
            if isinstance(value, Variable | Operation):
                raise _UnsupportedError(f"'{symbol}': a fact has no variables and no arithmetic")
            values.append(value)
        choices.append(values)
    return tuple((str(symbol.name), *values) for values in product(*choices))


def _with_argument_names(rule: Rule, predicates: Mapping[str, Predicate]) -> Rule:
    """Give a fact of the policy the argument names of its predicate, and a count its own variables alone."""
    if not rule.body:
        predicate = predicates.get(rule.head.predicate)
        names = predicate.arguments if predicate else ()
        if len(names) != len(rule.head.arguments):
            return rule
        head = AtomPattern(rule.head.predicate, tuple(Variable(name) for name in names))
        return replace(rule, head=head, variables=names)
    body = tuple(
        Count(
            tuple(
                CountElement(
                    element.terms,
                    element.conditions,
                    tuple(name for name in element.locals if name not in rule.variables),
                )
                for element in part.elements
            ),
            part.operator,
            part.bound,
        )
        if isinstance(part, Count)
        else part
        for part in rule.body
    )
    return replace(rule, body=body)


def _duplicate_ids(rules: list[Rule]) -> list[Problem]:
    seen: dict[str, Rule] = {}
    problems = []
    for rule in rules:
        if rule.id in seen:
            first = seen[rule.id]
            message = f"the id {rule.id} is taken by {first.file}:{first.line}; choose another"
            problems.append(Problem(rule.file, rule.line, message, Finding.DUPLICATE_ID))
        seen.setdefault(rule.id, rule)
    return problems


def _against_vocabulary(rules: list[Rule], predicates: Mapping[str, Predicate], files: list[_File]) -> list[Problem]:
    problems = []
    defined = {signature for file in files for signature in file.defined}
    heads = {rule.head.predicate for rule in rules}
    # A rule that was refused would have concluded something: without it nothing can be said of its predicate.
    complete = not any(file.problems for file in files)
    all_declared = not any(file.problems for file in files if file.path == VOCABULARY)
    for rule in rules:
        for pattern in (rule.head, *rule.atoms_read()):
            predicate = predicates.get(pattern.predicate)
            if predicate is None and not all_declared:
                continue
            if predicate is None:
                message = f"{rule.id}: {pattern.predicate} is not in {VOCABULARY}; declare it there"
                problems.append(Problem(rule.file, rule.line, message, Finding.UNDEFINED_PREDICATE))
            elif predicate.signature != pattern.signature:
                problems.append(
                    Problem(
                        rule.file,
                        rule.line,
                        f"{rule.id}: {pattern.predicate} has {len(pattern.arguments)} arguments here and "
                        f"{len(predicate.arguments)} in {VOCABULARY}",
                        Finding.ARITY_CLASH,
                    )
                )
        predicate = predicates.get(rule.head.predicate)
        expected = "policy" if not rule.body else "rules"
        if predicate is not None and predicate.stated_by != expected:
            problems.append(
                Problem(
                    rule.file,
                    rule.line,
                    f"{rule.id}: {VOCABULARY} says that {predicate.name} is stated by {predicate.stated_by}, "
                    f"not by {expected}",
                    Finding.WRONG_STATER,
                )
            )
    if all_declared:
        problems += _patterns_of_the_vocabulary(predicates)
    for predicate in predicates.values():
        is_input = predicate.stated_by == "evidence"
        if is_input and predicate.signature not in defined:
            declaration = f"#defined {predicate.name}/{len(predicate.arguments)}."
            message = f"{predicate.name} is stated by the evidence: write '{declaration}'"
            problems.append(Problem(VOCABULARY, predicate.line, message, Finding.FAULTY_DECLARATION))
        if complete and not is_input and predicate.name not in heads:
            message = f"no rule or fact concludes {predicate.name}"
            problems.append(Problem(VOCABULARY, predicate.line, message, Finding.UNDEFINED_PREDICATE))
    return problems


def _patterns_of_the_vocabulary(predicates: Mapping[str, Predicate]) -> list[Problem]:
    """What is wrong with the atoms in the lines `Domain`, `Complete` and `Open`."""
    problems = []
    for predicate in predicates.values():
        for name, arguments in (
            pattern for patterns in (predicate.domain, *predicate.complete, *predicate.open) for pattern in patterns
        ):
            other = predicates.get(name.removeprefix("not "))
            if other is None or len(other.arguments) != len(arguments):
                said = f"{name}({', '.join(arguments)})"
                message = f"{predicate.name}: {said} is not declared here with {len(arguments)} arguments"
                problems.append(Problem(predicate.file, predicate.line, message, Finding.FAULTY_DECLARATION))
    return problems


def _placeholder_problems(rules: list[Rule]) -> list[Problem]:
    problems = []
    for rule in rules:
        if not rule.body and any(len(fact) != len(rule.variables) + 1 for fact in rule.facts):
            continue  # The vocabulary has no names for the arguments, which is a problem already.
        in_head = {name for term in rule.head.arguments for name in term_variables(term)}
        allowed = {"says": set(rule.variables), "unless": in_head}
        for tag, names in allowed.items():
            for placeholder in placeholders(getattr(rule, tag) or ""):
                if placeholder not in names:
                    kind = "variable of the rule" if tag == "says" else "variable of the rule's head"
                    choice = f"; write one of {', '.join(sorted(names))}" if names else ""
                    message = f"{rule.id}: {{{placeholder}}} in @{tag} is no {kind}{choice}"
                    problems.append(Problem(rule.file, rule.line, message, Finding.UNKNOWN_PLACEHOLDER))
    return problems
