"""Whether the written cases name rules and predicates that there are: what is misspelt in “not” would hold for that."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import yaml

from pyreport.files.plain_yaml import NotPlain, read_plain_yaml
from pyreport.rulebook.documents import read_text
from pyreport.rulebook.problems import Finding, PolicyError, Problem, to_write
from pyreport.rulebook.rulebook import Rulebook

__all__ = ["faulty_cases"]

_RULES = ("rules", "earlier_rules", "not_rules")
_EXPLAINED = ("explained", "by")
"""Where a case names the rule of an explanation."""
_CONCLUSIONS = ("concludes", "does_not_conclude", "follows_for_it", "does_not_follow_for_it")
_PREDICATE = re.compile(r"(?:\d{4} )?([a-z0-9_{}]+)")
_FILLED_IN = re.compile(r"\\\{[a-z_]+\\\}")


def faulty_cases(folder: Path, cases: Path, rulebooks: Sequence[Rulebook]) -> Iterator[Problem]:
    """Yield the names in the YAML files below ``cases`` that no rule or predicate of the ``rulebooks`` has.

    Files are named as seen from the policy in ``folder``. A name with words in braces stands for each that fits.
    """
    rules = {rule.id for rulebook in rulebooks for rule in rulebook.rules}
    predicates = {name for rulebook in rulebooks for name in rulebook.predicates}
    for path in sorted(cases.rglob("*.yaml")):
        name = Path(os.path.relpath(path, folder)).as_posix()
        try:
            _, node = read_plain_yaml(read_text(path, name), policy=True)
        except PolicyError as error:
            yield from error.problems
            continue
        except NotPlain as error:
            for line, message in error.problems:
                yield Problem(name, line, message, Finding.UNREADABLE_FILE)
            continue
        for within, key, value in _texts(node, ""):
            if (key in _RULES or (within, key) == _EXPLAINED) and not _known(value.value, rules):
                message = f"the policy has no rule {value.value}; {to_write(value.value, rules)}"
            elif key in _CONCLUSIONS and not _known(_predicate(value.value), predicates):
                given = _predicate(value.value)
                message = f"the vocabulary has no predicate {given}; {to_write(given, predicates)}"
            else:
                continue
            yield Problem(name, value.start_mark.line + 1, message, Finding.FAULTY_CASE)


def _texts(node: yaml.Node | None, within: str) -> Iterator[tuple[str, str, yaml.ScalarNode]]:
    """The scalars of a document, each with the key under which it or its list stands, and the key around that."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            for one in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                if isinstance(one, yaml.ScalarNode):
                    yield within, str(key.value), one
            yield from _texts(value, str(key.value))
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from _texts(one, within)


def _predicate(conclusion: str) -> str:
    match = _PREDICATE.match(conclusion)
    return match[1] if match else conclusion


def _known(name: str, known: Iterable[str]) -> bool:
    if "{" not in name:
        return name in known
    pattern = re.compile(_FILLED_IN.sub(".*", re.escape(name)))
    return any(pattern.fullmatch(one) for one in known)
