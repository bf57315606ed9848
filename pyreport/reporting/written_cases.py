"""The written cases of the law (``tests/cases``), by the rules that they name.

An installed package does not carry the tests. Then no rule has cases, and the page says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pyreport.files.places import checkout_folder
from pyreport.files.plain_yaml import read_limited, read_plain_yaml
from pyreport.reporting.page_inputs import rulebook_of
from pyreport.reporting.rendering import Html, rendered
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook

__all__ = ["CasesOfRule", "CasesPage", "cases_page", "written_cases"]

_TEMPLATE = "cases.html.j2"

_FILLED_IN = re.compile(r"\{[^{}]*\}")
"""What a table of the case fills in."""
_APPLIES, _APPLIES_NOT = ("rules", "earlier_rules"), ("not_rules",)


@dataclass(frozen=True)
class CasesOfRule:
    """The names of the cases in which a rule must apply, and of those in which it must not; in their files' order."""

    applies: tuple[str, ...] = ()
    not_applies: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """The number of cases on both sides."""
        return len(self.applies) + len(self.not_applies)


@cache
def written_cases() -> Mapping[str, CasesOfRule] | None:
    """By rule id its cases; ``None`` where there is no folder of tests."""
    checkout = checkout_folder()
    folder = None if checkout is None else checkout / "tests" / "cases"
    if folder is None or not folder.is_dir():
        return None
    applies: dict[str, list[str]] = {}
    not_applies: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.yaml")):
        document, _ = read_plain_yaml(read_limited(path).decode("utf-8"), policy=True)
        for case in document["cases"]:
            _note(applies, case, _APPLIES)
            _note(not_applies, case, _APPLIES_NOT)
    return {
        name: CasesOfRule(tuple(applies.get(name, ())), tuple(not_applies.get(name, ())))
        for name in sorted(applies.keys() | not_applies.keys())
    }


def _note(found: dict[str, list[str]], case: Mapping[str, Any], keys: tuple[str, ...]) -> None:
    for key in keys:
        for rule in case.get(key) or ():
            names = found.setdefault(rule, [])
            name = _FILLED_IN.sub("…", case["name"])
            if name not in names:
                names.append(name)


@dataclass(frozen=True)
class CasesPage:
    """The parts of ``rulebook/cases.html``: the rules that cases name, by id, each with its cases."""

    rulebook: Rulebook
    rules: Sequence[tuple[Rule, CasesOfRule]]

    def heading(self) -> Html:
        """The page's header."""
        return rendered(_TEMPLATE, "heading", self)

    def cases(self) -> Html:
        """The cases of every rule."""
        return rendered(_TEMPLATE, "cases", self)

    def colophon(self) -> Html:
        """The page's footer."""
        return rendered(_TEMPLATE, "colophon", self)


def cases_page(policy: str | None = None) -> CasesPage:
    """Prepare the page.

    Raises:
        PolicyError: The policy cannot be loaded.
    """
    rulebook, cases = rulebook_of(None, policy), written_cases() or {}
    return CasesPage(rulebook, [(rule, cases[rule.id]) for rule in rulebook.rules if rule.id in cases])
