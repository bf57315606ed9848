"""Whether rules and vocabulary agree: names, numbers of arguments, who states what, placeholders of sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pyreport.rulebook.problems import Finding, Problem, to_write
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rule_file import RuleFile
from pyreport.rulebook.syntax import (
    AtomPattern,
    Count,
    CountElement,
    Variable,
    term_variables,
    written,
)
from pyreport.rulebook.vocabulary import Predicate, placeholders

__all__ = ["against_vocabulary", "duplicate_ids", "placeholder_problems", "with_argument_names"]

VOCABULARY = "vocabulary.lp"
_CURES = {
    "evidence": "conclude or state another predicate, of its own name",
    "policy": "state it as a fact, without a body",
    "rules": "write a rule with conditions",
}


def with_argument_names(rule: Rule, predicates: Mapping[str, Predicate]) -> Rule:
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


def duplicate_ids(rules: list[Rule]) -> list[Problem]:
    """The rules whose id another rule has already."""
    seen: dict[str, Rule] = {}
    problems = []
    for rule in rules:
        if rule.id in seen:
            first = seen[rule.id]
            message = f"the id {rule.id} is taken by {first.file}:{first.line}; choose another"
            problems.append(Problem(rule.file, rule.line, message, Finding.DUPLICATE_ID))
        seen.setdefault(rule.id, rule)
    return problems


def against_vocabulary(rules: list[Rule], predicates: Mapping[str, Predicate], files: list[RuleFile]) -> list[Problem]:
    """What rules, facts and files say otherwise than the vocabulary declares it, and what is declared for nothing."""
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
                instead = to_write(pattern.predicate, predicates)
                message = f"{rule.id}: {pattern.predicate} is not in {VOCABULARY}; {instead}, or declare it there"
                line = rule.line_of(pattern.predicate)
                problems.append(Problem(rule.file, line, message, Finding.UNDEFINED_PREDICATE))
            elif predicate.signature != pattern.signature:
                problems.append(
                    Problem(
                        rule.file,
                        rule.line_of(pattern.predicate, *map(written, pattern.arguments)),
                        f"{rule.id}: {pattern.predicate} has {len(pattern.arguments)} arguments here and "
                        f"{len(predicate.arguments)} in {VOCABULARY}; write {predicate.form}",
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
                    f"not by {expected}; {_CURES[predicate.stated_by]}",
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
            message = f"no rule or fact concludes {predicate.name}; write one, or remove the declaration"
            problems.append(Problem(VOCABULARY, predicate.line, message, Finding.UNDEFINED_PREDICATE))
    return problems


def _patterns_of_the_vocabulary(predicates: Mapping[str, Predicate]) -> list[Problem]:
    """What is wrong with the atoms in the lines `Domain`, `Complete` and `Open`, and the predicates of `Filled by`."""
    problems = []
    for predicate in predicates.values():
        for name in predicate.filled_by:
            if name not in predicates or not predicates[name].interval:
                message = (
                    f"{predicate.name}: 'Filled by' names {name}, which has no line 'Interval: …'; declare it there"
                )
                problems.append(Problem(predicate.file, predicate.line, message, Finding.FAULTY_DECLARATION))
        for name, arguments in (
            pattern for patterns in (predicate.domain, *predicate.complete, *predicate.open) for pattern in patterns
        ):
            other = predicates.get(name.removeprefix("not "))
            if other is None or len(other.arguments) != len(arguments):
                said = f"{name}({', '.join(arguments)})"
                message = f"{predicate.name}: {said} is not declared here with {len(arguments)} arguments"
                problems.append(Problem(predicate.file, predicate.line, message, Finding.FAULTY_DECLARATION))
    return problems


def placeholder_problems(rules: list[Rule]) -> list[Problem]:
    """The names in braces, in the sentences of rules, that are no variables there."""
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
                    choice = f"; {to_write(placeholder, names)}" if names else ""
                    message = f"{rule.id}: {{{placeholder}}} in @{tag} is no {kind}{choice}"
                    problems.append(Problem(rule.file, rule.line, message, Finding.UNKNOWN_PLACEHOLDER))
    return problems
