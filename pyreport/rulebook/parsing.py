"""Parse one file of the policy.

Clingo's own parser reads the file and hands over comments as nodes with their lines, so that the files stay
plain clingo.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from clingo import ast
from clingo.ast import AST, ASTType, CommentType

from pyreport.rulebook.authorities import Authority, Citation
from pyreport.rulebook.clauses import UnsupportedError, body_part, expanded_facts, global_variables, head_of
from pyreport.rulebook.documents import read_text
from pyreport.rulebook.labels import check_label, label_tags, read_header, tag_of, take_label
from pyreport.rulebook.problems import Finding, PolicyError, to_write
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rule_file import RuleFile
from pyreport.rulebook.vocabulary import read_predicate

__all__ = ["parse_file"]

_SOURCE = "<string>"
"""What clingo calls a text that it was given, and not told to include."""


def parse_file(
    path: Path, name: str, authorities: Mapping[str, Authority] | None, groups: Mapping[str, tuple[Citation, ...]]
) -> RuleFile:
    """Read one rule file. Without authorities, which then have problems of their own, no citation is resolved."""
    file = RuleFile(name, "")
    try:
        file.text = read_text(path, name)
    except PolicyError as error:
        file.problems += error.problems
        return file
    nodes: list[AST] = []
    messages: list[str] = []
    try:
        ast.parse_string(file.text, nodes.append, logger=lambda _, message: messages.append(message))
    except RuntimeError:
        for message in messages or [f"{_SOURCE}:1:1: error: not readable as a clingo program"]:
            place, _, text = message.partition(": error: ")
            numbers = re.findall(r":(\d+)", place)
            number = int(numbers[0]) if numbers else 1
            file.report(number, f"clingo cannot read this: {' '.join(text.split())}", Finding.UNREADABLE_FILE)
        return file
    comments: list[AST] = []
    # The text first, since to ask every node takes a tenth of the time.
    if "#include" in file.text and any(node.location.begin.filename != _SOURCE for node in nodes):
        line = next((number for number, row in enumerate(file.text.splitlines(), 1) if "#include" in row), 1)
        message = "'#include' is not used in the policy: every .lp file in the folder is read anyway"
        file.report(line, message, Finding.OUTSIDE_SUBSET)
        return file
    for node in nodes:
        kind = node.ast_type
        if kind == ASTType.Comment:
            if node.comment_type == CommentType.Block:
                _block(file, node)
            else:
                comments.append(node)
        elif kind == ASTType.Rule:
            _rule(file, node, take_label(comments, node), authorities, groups)
        elif kind == ASTType.Defined:
            file.defined[node.name, node.arity] = node.location.begin.line
        elif kind != ASTType.Program or node.name != "base":
            file.report(
                node.location.begin.line,
                f"'{str(node).splitlines()[0][:60]}' is not used in the policy: write facts and rules alone",
                Finding.OUTSIDE_SUBSET,
            )
    read_header(file, comments)
    for comment in comments:
        if tag_of(comment):
            file.report(
                comment.location.begin.line,
                f"'{comment.value.strip()}' belongs to no rule: a label is an unbroken run of comments in the first "
                "column that ends on the line before its rule",
                Finding.FAULTY_LABEL,
            )
    return file


def _block(file: RuleFile, node: AST) -> None:
    """Add a predicate that a block comment declares."""
    if not node.value.startswith("%*!"):
        return
    predicate, problems = read_predicate(node.value, file.path, node.location.begin.line)
    file.problems += problems
    if predicate:
        file.predicates.append(predicate)


def _rule(
    file: RuleFile,
    node: AST,
    label: list[AST],
    authorities: Mapping[str, Authority] | None,
    groups: Mapping[str, tuple[Citation, ...]],
) -> None:
    """Add a rule to its file, or what is wrong with it or its label."""
    line = node.location.begin.line
    tags = label_tags(file, label)
    try:
        head, body = head_of(node), tuple(body_part(part) for part in node.body)
    except UnsupportedError as problem:
        file.report(line, str(problem), problem.finding)
        return
    if "rule" not in tags:
        file.report(
            line,
            f"the rule for {head.predicate} has no label: write '% @rule an.id' right above it, with @cite and @says",
            Finding.MISSING_LABEL,
        )
        return
    identifier = tags["rule"][0][1]
    check_label(file, tags, line, has_body=bool(body))
    cites = () if authorities is None else _citations(file, tags.get("cite", []), authorities, groups)
    if "cite" not in tags:
        file.report(line, f"{identifier}: write '% @cite AUTHORITY PASSAGE'", Finding.MISSING_CITATION)
    try:
        facts = () if body else expanded_facts(node.head.atom.symbol)
    except UnsupportedError as problem:
        file.report(line, str(problem), problem.finding)
        return
    text_of = {tag: texts[0][1] for tag, texts in tags.items()}
    file.rules.append(
        Rule(
            id=identifier,
            file=file.path,
            line=line,
            text="\n".join(file.text.splitlines()[line - 1 : node.location.end.line]),
            cites=cites,
            inferred=text_of.get("inferred"),
            says=text_of.get("says", ""),
            unless=text_of.get("unless"),
            head=head,
            body=body,
            variables=tuple(sorted(global_variables(head, body))),
            facts=facts,
        )
    )


def _citations(
    file: RuleFile,
    texts: Iterable[tuple[int, str]],
    authorities: Mapping[str, Authority],
    groups: Mapping[str, tuple[Citation, ...]],
) -> tuple[Citation, ...]:
    """The passages that a rule cites, one by one or as a named group; ``texts`` are those of @cite with their lines."""
    citations: list[Citation] = []
    for line, text in texts:
        name, _, passage = text.partition(" ")
        authority = authorities.get(name)
        if text in groups:
            citations += groups[text]
        elif authority is None:
            message = (
                f"@cite {name}: no such authority in authorities.yaml; {to_write(name, authorities)}, or add it there"
            )
            file.report(line, message, Finding.UNRESOLVED_CITATION)
        elif passage.strip() not in authority.passages:
            message = (
                f"@cite {text}: {name} has the passages {', '.join(authority.passages)}; "
                f"{to_write(passage.strip(), authority.passages)}, or quote the one meant"
            )
            file.report(line, message, Finding.UNRESOLVED_CITATION)
        else:
            citations.append(Citation(authority, passage.strip()))
    return tuple(citations)
