"""The changes of rules that change nothing, as the policy lists them: which, why, and how a machine can check it.

``policy/without_effect.yaml`` holds them. A change is named as ``pyreport test --mutate`` names it: by the rule's id
and what is changed in it, whatever the line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema

from pyreport.cases.case import place_of
from pyreport.cases.files import CasesError, read_document

__all__ = ["FILE", "WithoutEffect", "read_without_effect"]

FILE = "without_effect.yaml"

_TEXTS = {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True}
_SCHEMA: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["changes", "why"],
        "additionalProperties": False,
        "minProperties": 3,
        "maxProperties": 3,
        "properties": {
            "changes": {"type": "object", "minProperties": 1, "additionalProperties": _TEXTS},
            "why": {"type": "string"},
            "unread": {"const": True},
            "made_up": {
                "type": "object",
                "required": ["year", "kinds", "by"],
                "additionalProperties": False,
                "properties": {
                    "year": {"type": "integer"},
                    "kinds": {**_TEXTS, "items": {"enum": ["district", "county_office", "charter"]}},
                    "by": {**_TEXTS, "items": {"enum": ["figures", "letters"]}},
                },
            },
            "never": _TEXTS,
            "not_proved": {"type": "string"},
        },
    },
}
_CONDITIONS = re.compile(r"(?:[\w\s(),<>=!*+:{}-]|#count(?= ))+")
"""What conditions of a rule are written with; a full stop would end them and begin another rule."""


@dataclass(frozen=True)
class WithoutEffect:
    """Changes that change nothing, for one reason. Of the last four, one says how it is checked.

    Attributes:
        place: The file and the line.
        names: The changes.
        why: Why they change nothing.
        unread: No rule looks at what the rule states.
        made_up: No LEA that can be made up shows it (year, kinds, by), and the rule applies to one.
        never: Conditions on facts of law, no instance of which holds; ``why`` rests on that.
        not_proved: Why no machine checks it.
    """

    place: str
    names: tuple[str, ...]
    why: str
    unread: bool = False
    made_up: Mapping[str, Any] | None = None
    never: tuple[str, ...] = ()
    not_proved: str | None = None


def read_without_effect(policy: Path) -> dict[str, WithoutEffect]:
    """The changes that the policy in a folder lists, by name; none where it has no such list.

    Raises:
        CasesError: The list is not written as it must be; with every problem.
    """
    path = policy / FILE
    if not path.is_file():
        return {}
    document = read_document(path)
    problems = [
        f"{place_of(path, document.line(list(error.path)))}: {error.message}"
        for error in jsonschema.Draft202012Validator(_SCHEMA).iter_errors(document.value)
    ]
    if problems:
        raise CasesError(problems)
    found: dict[str, WithoutEffect] = {}
    for number, entry in enumerate(document.value):
        place = place_of(path, document.line([number]))
        names = tuple(f"{rule}: {change}" for rule, changes in entry["changes"].items() for change in changes)
        never = tuple(entry.get("never", ()))
        problems += [f"{place}: {text!r} is no list of conditions" for text in never if not _CONDITIONS.fullmatch(text)]
        problems += [f"{place}: {name} stands at {found[name].place} too" for name in names if name in found]
        one = WithoutEffect(
            place, names, entry["why"], "unread" in entry, entry.get("made_up"), never, entry.get("not_proved")
        )
        found |= dict.fromkeys(names, one)
    if problems:
        raise CasesError(problems)
    return found
