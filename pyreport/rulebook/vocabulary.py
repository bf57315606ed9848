"""The predicates of the policy, as ``policy/vocabulary.lp`` declares them.

The file follows the docstring format of potassco's mkdoclingo: a block comment ``%*! name(A, B)`` with
``Args:``. Further lines are ours: ``Says`` and ``Absent`` are the sentences of the atom and of its
absence, ``Stated by`` tells who may state it (evidence, policy or rules). ``Output``,
``Heading`` and ``Label`` mark what reports show, and what they call it; the arguments under ``Tenths`` are figures in
tenths, which sentences write with their decimal. ``Changes`` names the predicate of the evidence whose facts a what-if
changes by this one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pyreport.rulebook.problems import Problem

__all__ = ["Predicate", "placeholders", "read_predicate"]

STATERS = ("evidence", "policy", "rules")
_HEADING = re.compile(r"%\*!\s*([a-z_][A-Za-z0-9_]*)\(([^)]*)\)\s*$")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Predicate:
    """One declared predicate. ``arguments`` are the names of its arguments, in order."""

    name: str
    arguments: tuple[str, ...]
    says: str
    absent: str
    stated_by: str
    output: str | None
    heading: str | None
    label: str | None
    tenths: tuple[str, ...]
    line: int
    changes: str | None = None

    @property
    def signature(self) -> tuple[str, int]:
        """Name and number of arguments."""
        return self.name, len(self.arguments)


def placeholders(sentence: str) -> list[str]:
    """Return the names between braces in ``sentence``."""
    return _PLACEHOLDER.findall(sentence)


def read_predicate(comment: str, file: str, line: int) -> tuple[Predicate | None, list[Problem]]:
    """Read one ``%*! … *%`` block; returns the predicate (``None`` if unreadable) and what is wrong with it."""
    rows = comment.removesuffix("*%").rstrip().splitlines()
    heading = _HEADING.match(rows[0].rstrip())
    if not heading:
        return None, [Problem(file, line, "a predicate's comment begins with %*! name(Argument, …)")]
    name = heading[1]
    arguments = tuple(part.strip() for part in heading[2].split(",")) if heading[2].strip() else ()
    fields: dict[str, str] = {}
    described = []
    for row in rows[1:]:
        if row.startswith(" - ") and ":" in row:
            described.append(row[3:].split(":")[0].strip())
        elif ":" in row:
            key, _, text = row.partition(":")
            fields[key.strip()] = text.strip()
    problems = []
    for key in ("Says", "Absent", "Stated by"):
        if not fields.get(key):
            problems.append(Problem(file, line, f"{name}: write a line '{key}: …'"))
    if fields.get("Stated by") and fields["Stated by"] not in STATERS:
        problems.append(Problem(file, line, f"{name}: 'Stated by' is one of {', '.join(STATERS)}"))
    if described != list(arguments):
        problems.append(
            Problem(
                file,
                line,
                f"{name}: under 'Args:' describe {', '.join(arguments)} in this order, one ' - Name: …' each",
            )
        )
    for key in ("Says", "Absent"):
        for placeholder in placeholders(fields.get(key, "")):
            if placeholder not in arguments:
                problems.append(Problem(file, line, f"{name}: {{{placeholder}}} in '{key}' is no argument of {name}"))
    for key, meaning in (("Heading", "its heading in reports"), ("Label", "its short name in tables")):
        if fields.get("Output") and not fields.get(key):
            problems.append(Problem(file, line, f"{name}: an output needs a line '{key}: …', {meaning}"))
    tenths = tuple(part.strip() for part in fields.get("Tenths", "").split(",") if part.strip())
    for argument in tenths:
        if argument not in arguments:
            problems.append(Problem(file, line, f"{name}: {argument} in 'Tenths' is no argument of {name}"))
    if problems:
        return None, problems
    return (
        Predicate(
            name,
            arguments,
            fields["Says"],
            fields["Absent"],
            fields["Stated by"],
            fields.get("Output"),
            fields.get("Heading"),
            fields.get("Label"),
            tenths,
            line,
            fields.get("Changes"),
        ),
        [],
    )
