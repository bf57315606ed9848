"""The rules and facts of law that a page's derivations use, and the anchors by which derivations link to them."""

from __future__ import annotations

from dataclasses import dataclass

from pyreport.explanation.tree import Step
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.syntax import Atom

__all__ = ["Parameter", "RuleEntry", "RulesUsed"]


@dataclass(frozen=True)
class RuleEntry:
    """A rule in the page's list. It has the attributes of its rule too."""

    anchor: str
    rule: Rule

    def __getattr__(self, name: str) -> object:
        return getattr(self.rule, name)


@dataclass(frozen=True)
class Parameter:
    """A fact of the policy in the page's list, with the rules that state it."""

    anchor: str
    sentence: str
    rules: tuple[RuleEntry, ...]


class RulesUsed:
    """Collects what derivations link to while they are rendered; the lists are read when all of them are."""

    def __init__(self) -> None:
        self._rules: dict[str, RuleEntry] = {}
        self._parameters: dict[Atom, tuple[str, Step]] = {}

    def rule_anchor(self, rule: Rule) -> str:
        """The anchor of ``rule`` in the page's list, noted as used."""
        return self._entry(rule).anchor

    def parameter_anchor(self, step: Step) -> str:
        """The anchor of a policy fact in the page's list, noted as used."""
        known = self._parameters.get(step.atom)
        if known is None:
            key = "-".join(str(part).strip('"') for part in step.atom)
            anchor = "fact-" + "".join(c if c.isalnum() or c in "-_" else "-" for c in key)
            known = self._parameters[step.atom] = (anchor, step)
        return known[0]

    def rules(self) -> list[RuleEntry]:
        """The rules used, and those that state the facts used, by id."""
        self.parameters()
        return [self._rules[name] for name in sorted(self._rules)]

    def parameters(self) -> list[Parameter]:
        """The policy's facts used, by sentence."""
        parameters = [
            Parameter(anchor, step.sentence, tuple(self._entry(one.rule) for one in step.derivations))
            for anchor, step in self._parameters.values()
        ]
        return sorted(parameters, key=lambda parameter: (parameter.sentence, parameter.anchor))

    def _entry(self, rule: Rule) -> RuleEntry:
        return self._rules.setdefault(rule.id, RuleEntry(f"rule-{rule.id}", rule))
