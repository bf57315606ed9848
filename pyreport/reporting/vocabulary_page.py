"""What rests on what: every predicate with the rules that conclude it, and the predicates below and above it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from pyreport.reporting.law_anchors import rule_anchor
from pyreport.reporting.law_page import sentence_of
from pyreport.reporting.page_inputs import rulebook_of
from pyreport.reporting.rendering import Html, rendered
from pyreport.reporting.written_cases import CasesOfRule, written_cases
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["PredicateEntry", "VocabularyPage", "vocabulary_page"]

_TEMPLATE = "words.html.j2"


@dataclass(frozen=True)
class PredicateEntry:
    """A predicate and its neighbors.

    Attributes:
        rules: The rules and facts of law that conclude or state it.
        below: The predicates that those rules read.
        above: The predicates whose rules read it.
    """

    predicate: Predicate
    rules: tuple[Rule, ...]
    below: tuple[str, ...]
    above: tuple[str, ...]

    @property
    def sentence(self) -> Markup:
        """The sentence of one of its atoms."""
        return sentence_of(self.predicate.says)

    @property
    def signature(self) -> str:
        """Its name with its arguments."""
        return f"{self.predicate.name}({', '.join(self.predicate.arguments)})"


@dataclass(frozen=True)
class VocabularyPage:
    """The parts of ``rulebook/words.html``."""

    rulebook: Rulebook
    cases: Mapping[str, CasesOfRule]

    @cached_property
    def entries(self) -> Sequence[PredicateEntry]:
        """The predicates by name."""
        below = {
            name: {atom.predicate for rule in rules for atom in rule.atoms_read()}
            for name, rules in self.rulebook.by_head.items()
        }
        above: dict[str, set[str]] = {}
        for name, read in below.items():
            for one in read:
                above.setdefault(one, set()).add(name)
        return [
            PredicateEntry(
                predicate,
                self.rulebook.by_head.get(name, ()),
                tuple(sorted(below.get(name, ()))),
                tuple(sorted(above.get(name, ()))),
            )
            for name, predicate in sorted(self.rulebook.predicates.items())
        ]

    def anchor(self, rule: Rule) -> str:
        """The anchor of a rule."""
        return rule_anchor(rule)

    def heading(self) -> Html:
        """The page's header."""
        return rendered(_TEMPLATE, "heading", self)

    def predicates(self) -> Html:
        """All predicates."""
        return rendered(_TEMPLATE, "predicates", self)

    def colophon(self) -> Html:
        """The page's footer."""
        return rendered(_TEMPLATE, "colophon", self)


def vocabulary_page(reading: str | None = None, policy: str | None = None) -> VocabularyPage:
    """Prepare the page, under an alternative reading if one is named.

    Raises:
        PolicyError: The policy cannot be loaded.
    """
    return VocabularyPage(rulebook_of(reading, policy), written_cases() or {})
