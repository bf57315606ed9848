"""Read case facts: what bears on a decision and stands in no file of CDE's (``schema/case_facts.json``).

A case file is YAML, one entry a fact. Each fact names its file and line as its cell.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import jsonschema
import yaml

from pyreport.evidence.findings import EvidenceError, Finding
from pyreport.evidence.record import Cell, Publication
from pyreport.rulebook.syntax import Atom, quote

__all__ = ["read_case_facts"]

_ARGUMENTS = {
    "calpads_not_certified": ("dashboard_year",),
    "charter_goal": ("priority",),
    "authorizer_finding": ("school_year_ends", "group", "priority"),
    "number_of_groups": ("dashboard_year", "count"),
}


class _TextLoader(yaml.SafeLoader):
    """YAML with dates left as they are written, so that one that does not exist can be named."""


_TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_case_facts(paths: Iterable[Path]) -> dict[Atom, Cell]:
    """Return the facts of the case files, each with the line it stands in.

    Raises:
        EvidenceError: With every problem of every file: not readable, an entry that the schema does not allow, a date
            that does not exist, the same fact twice.
    """
    findings: list[Finding] = []
    facts: dict[Atom, Cell] = {}
    for path in paths:
        content = path.read_bytes()
        try:
            root = yaml.compose(content.decode("utf-8"), Loader=_TextLoader)
        except UnicodeDecodeError as error:
            findings.append(Finding(path.name, "", 0, "", f"not UTF-8 at byte {error.start}; save the file as UTF-8"))
            continue
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            findings.append(Finding(path.name, "", line, "", f"not readable as YAML: {error.problem}"))
            continue
        if not isinstance(root, yaml.SequenceNode) or not root.value:
            message = "expected a list of facts, each beginning with '- what: …'"
            findings.append(Finding(path.name, "", 1, "", message))
            continue
        publication = Publication(0, "Case facts", "", path.name, "", hashlib.sha256(content).hexdigest(), {}, "case")
        for node in root.value:
            _take(node, path.name, publication, facts, findings)
    if findings:
        raise EvidenceError(findings)
    return facts


def _take(
    node: yaml.Node, file: str, publication: Publication, facts: dict[Atom, Cell], findings: list[Finding]
) -> None:
    line = node.start_mark.line + 1
    entry = _TextLoader("").construct_document(node)
    schema = json.loads((Path(__file__).parent / "schema" / "case_facts.json").read_text(encoding="utf-8"))["items"]
    faults = sorted(jsonschema.Draft202012Validator(schema).iter_errors(entry), key=lambda fault: fault.json_path)
    for fault in faults:
        name = ".".join(map(str, fault.absolute_path))
        findings.append(Finding(file, "", line, "", f"{name + ': ' if name else ''}{fault.message}"))
    if faults:
        return
    try:
        datetime.date.fromisoformat(entry["date"])
    except ValueError:
        findings.append(Finding(file, "", line, "", f"date: {entry['date']} is no date of the calendar"))
        return
    what = entry["what"]
    missing = sorted(set(entry) - {"what", "lea", "date", "document", *_ARGUMENTS[what]})
    if missing:
        findings.append(Finding(file, "", line, "", f"{what} has no {', '.join(missing)}"))
        return
    values = [entry[name].lower() if name == "group" else entry[name] for name in _ARGUMENTS[what]]
    atom: Atom = (what, quote(entry["lea"]), *values)
    if atom in facts:
        findings.append(Finding(file, "", line, "", f"stands in row {facts[atom].row} already"))
        return
    facts[atom] = Cell(f"{entry['document']}, {entry['date']}", publication, "line ", line)
