"""The anchors of ``law.html``, to which the other pages link: one for each rule, one for each passage."""

from __future__ import annotations

import re

from pyreport.rulebook.authorities import Citation
from pyreport.rulebook.rule import Rule

__all__ = ["passage_anchor", "rule_anchor"]


def rule_anchor(rule: Rule) -> str:
    """The anchor of a rule or a fact of law: ``rule-`` and its id."""
    return f"rule-{rule.id}"


def passage_anchor(citation: Citation) -> str:
    """The anchor of a passage: ``passage-``, the id of its authority, and its key with hyphens for other characters."""
    key = re.sub(r"[^A-Za-z0-9.]+", "-", f"{citation.authority.id} {citation.passage}").strip("-")
    return f"passage-{key}"
