"""The words for the codes of the policy (``policy/names.yaml``), so that sentences carry names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pyreport.rulebook.documents import read_yaml
from pyreport.rulebook.problems import Finding, PolicyError, Problem, to_write
from pyreport.rulebook.syntax import Value

if TYPE_CHECKING:
    from pyreport.rulebook.rule import Rule
    from pyreport.rulebook.vocabulary import Predicate

__all__ = ["Names", "missing_names", "read_names"]

FILE = "names.yaml"

Names = Mapping[str, Mapping[Value, str]]
"""Argument name to code to words. An argument that is not there is shown as it is."""


def read_names(folder: Path) -> Names:
    """Read ``names.yaml`` of the policy ``folder``.

    Raises:
        PolicyError: The file is missing or is not a mapping of mappings to words.
    """
    document, lines = read_yaml(folder, FILE)
    if not isinstance(document or {}, dict):
        message = "expected a mapping from argument names to their codes and words"
        raise PolicyError([Problem(FILE, 1, message, Finding.FAULTY_NAMES)])
    problems = []
    for argument, words in (document or {}).items():
        if not isinstance(words, dict) or not all(
            isinstance(code, int | str) and not isinstance(code, bool) and isinstance(text, str)
            for code, text in words.items()
        ):
            message = "expected codes and their words, each in quotation marks if YAML reads it otherwise"
            problems.append(Problem(FILE, lines.get(str(argument), 1), f"{argument}: {message}", Finding.FAULTY_NAMES))
    if problems:
        raise PolicyError(problems)
    return dict(document or {})


def missing_names(names: Names, rules: Iterable[Rule], predicates: Mapping[str, Predicate]) -> list[Problem]:
    """Report the codes in facts of the policy that have no words although their argument has, and topics without."""
    problems = []
    for declared in predicates.values():
        if declared.topic is not None and declared.topic not in names.get("Topic", ()):
            message = f"{declared.name}: {_without_words('Topic', declared.topic, names.get('Topic', ()))}"
            problems.append(Problem(declared.file, declared.line, message, Finding.FAULTY_NAMES))
    for rule in rules:
        predicate = predicates.get(rule.head.predicate)
        if predicate is None:
            continue
        for fact in rule.facts:
            for argument, value in zip(predicate.arguments, fact[1:], strict=False):
                if argument in names and value not in names[argument]:
                    message = f"{rule.id}: {_without_words(argument, value, names[argument])}"
                    line = rule.line_of(str(value))
                    problems.append(Problem(rule.file, line, message, Finding.FAULTY_NAMES))
    return problems


def _without_words(argument: str, value: Value, known: Iterable[Value]) -> str:
    return (
        f"{value} is no {argument} of {FILE}; {to_write(value, known)}, or, where {value} is meant, give it its words "
        f"under {argument} there"
    )
