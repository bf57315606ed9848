"""The labels of rules, and the header of a reading: comments in front of what they label."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from clingo.ast import AST

from pyreport.rulebook.problems import Finding
from pyreport.rulebook.rule import Reading
from pyreport.rulebook.rule_file import RuleFile

__all__ = ["READINGS", "Tags", "check_label", "label_tags", "read_header", "tag_of", "take_label"]

READINGS = "readings"
"""The folder of the alternative readings."""
_TAG = re.compile(r"%\s*@([A-Za-z_-]+)\s*(.*)$")
_IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9.-]*$")
_HEADER_TAGS = ("reading", "replaces", "rejected")
_TAGS = ("rule", "cite", "inferred", "says", "unless", "undecided", *_HEADER_TAGS)


Tags = Mapping[str, list[tuple[int, str]]]
"""The tags of a label, each with the lines on which it stands and the texts behind it."""


def tag_of(comment: AST) -> re.Match[str] | None:
    """The tag (group 1) and the text (group 2) of a comment such as ``% @says …``; ``None`` if it has no tag."""
    return _TAG.match(comment.value.rstrip())


def take_label(comments: list[AST], rule: AST) -> list[AST]:
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


def label_tags(file: RuleFile, label: list[AST]) -> Tags:
    """The tags of a rule's label; one that labels no rule is a problem of the file."""
    tags: dict[str, list[tuple[int, str]]] = {}
    for comment in label:
        match = tag_of(comment)
        if match is None:
            continue
        tag, line = match[1], comment.location.begin.line
        if tag not in _TAGS:
            file.report(line, f"@{tag} is no tag; write one of @{', @'.join(_TAGS)}", Finding.FAULTY_LABEL)
        elif tag in _HEADER_TAGS:
            message = f"@{tag} labels no rule: write it at the head of a file of {READINGS}/"
            file.report(line, message, Finding.FAULTY_READING)
        tags.setdefault(tag, []).append((line, match[2].strip()))
    return tags


def check_label(file: RuleFile, tags: Tags, line: int, *, has_body: bool) -> None:
    """Report what is wrong with the id and the sentences of the rule on ``line``, whose tags have an id."""
    for tag in ("rule", "says", "unless", "inferred"):
        for place, _ in tags.get(tag, [])[1:]:
            file.report(place, f"@{tag} is written twice", Finding.FAULTY_LABEL)
    for place, text in tags.get("undecided", []):
        file.report(
            place, f"{tags['rule'][0][1]} is undecided: {text or 'decide it, then delete this line'}", Finding.UNDECIDED
        )
    place, identifier = tags["rule"][0]
    if not _IDENTIFIER.match(identifier):
        message = f"'{identifier}' is no id: use small letters, digits, dots and hyphens"
        file.report(place, message, Finding.FAULTY_LABEL)
    if not any(text for _, text in tags.get("says", [])):
        message = f"{identifier}: write '% @says …', the sentence of one application of the rule"
        file.report(line, message, Finding.FAULTY_LABEL)
    if has_body and not any(text for _, text in tags.get("unless", [])):
        message = f"{identifier}: write '% @unless …', the sentence for when the rule does not apply"
        file.report(line, message, Finding.FAULTY_LABEL)


def read_header(file: RuleFile, comments: list[AST]) -> None:
    """Read the header of a reading: @reading, @replaces and @rejected stand alone, above all rules."""
    fields: dict[str, list[str]] = {}
    for comment in list(comments):
        match = tag_of(comment)
        if match and match[1] in _HEADER_TAGS and comment.location.begin.column == 1:
            fields.setdefault(match[1], []).append(match[2].strip())
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
    if not all(fields.get(tag) for tag in _HEADER_TAGS):
        return
    file.reading = Reading(
        name=Path(file.path).stem,
        file=file.path,
        says=fields["reading"][0],
        rejected=fields["rejected"][0],
        replaces=tuple(part for line in fields["replaces"] for part in line.split()),
    )
