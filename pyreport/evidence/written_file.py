"""A YAML file that people write: its content, the line of each part, and what its schema finds wrong with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from pyreport.evidence.findings import EvidenceError, Finding
from pyreport.evidence.record import Cell, Publication

__all__ = ["TextLoader", "WrittenFile", "composed", "read_written_file"]

Place = tuple[str | int, ...]
"""Keys and positions, from the top of the file down to a part of it."""


class TextLoader(yaml.SafeLoader):
    """YAML with dates left as they are written, so that one that does not exist can be named."""


TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class WrittenFile:
    """A YAML file as written, dates and amounts left as text where they are in quotation marks."""

    def __init__(self, path: Path, content: bytes, root: yaml.Node | None) -> None:
        self.name = path.name
        self.publication = Publication(
            0, "Written file", "", path.name, "", hashlib.sha256(content).hexdigest(), {}, "case"
        )
        self.value: Any = None if root is None else TextLoader("").construct_document(root)
        self._root = root
        self.twice: list[tuple[str, int]] = list(_twice(root))

    @cached_property
    def _lines(self) -> dict[Place, int]:
        found: dict[Place, int] = {}

        def visit(node: yaml.Node | None, place: Place) -> None:
            if node is None:
                return
            found.setdefault(place, node.start_mark.line + 1)
            if isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    found[(*place, str(key.value))] = key.start_mark.line + 1
                    visit(value, (*place, str(key.value)))
            elif isinstance(node, yaml.SequenceNode):
                for number, value in enumerate(node.value):
                    visit(value, (*place, number))

        visit(self._root, ())
        return found

    def line(self, place: Sequence[str | int]) -> int:
        """The line of the part at ``place``, or of the nearest part around it."""
        place = tuple(place)
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1)

    def cell(self, place: Sequence[str | int], value: object) -> Cell:
        """The cell of a fact that stands at ``place``."""
        return Cell(str(value), self.publication, "line ", self.line(place))

    def finding(self, place: Sequence[str | int], message: str) -> Finding:
        """A finding about the part at ``place``."""
        where = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
        return Finding(self.name, "", self.line(place), "", f"{where + ': ' if where else ''}{message}")

    def faults(self, schema: str) -> list[Finding]:
        """What the schema of that name, in ``schema/``, does not allow, and keys that stand twice."""
        path = Path(__file__).parent / "schema" / schema
        validator = jsonschema.Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))
        findings = [
            Finding(self.name, "", line, "", f"{key}: stands twice in the same place; keep one")
            for key, line in self.twice
        ]
        for fault in validator.iter_errors(self.value):
            if fault.validator == "additionalProperties":
                known = set(fault.schema.get("properties", ()))
                findings += [
                    self.finding((*fault.absolute_path, key), f"is not known here; expected {', '.join(sorted(known))}")
                    for key in sorted(set(fault.instance) - known)
                ]
                continue
            hint = fault.schema.get("description") if isinstance(fault.schema, dict) else None
            expected = f"; expected: {hint}" if hint and fault.validator != "required" else ""
            findings.append(self.finding(tuple(fault.absolute_path), f"{fault.message}{expected}"))
        return findings


def read_written_file(path: Path) -> WrittenFile:
    """Read a file.

    Raises:
        EvidenceError: It is not UTF-8 or not YAML.
    """
    content, root = composed(path)
    return WrittenFile(path, content, root)


def composed(path: Path) -> tuple[bytes, yaml.Node | None]:
    """Return the bytes of a YAML file and its nodes, which know their lines; ``None`` of an empty file.

    Raises:
        EvidenceError: It is not UTF-8 or not YAML.
    """
    content = path.read_bytes()
    try:
        return content, yaml.compose(content.decode("utf-8-sig"), Loader=TextLoader)
    except UnicodeDecodeError as error:
        line, message = 0, f"not UTF-8 at byte {error.start}; save the file as UTF-8"
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        message = f"not readable as YAML: {error.problem}"
    except yaml.YAMLError as error:
        line, message = 0, f"not readable as YAML: {error}"
    raise EvidenceError([Finding(path.name, "", line, "", message)])


def _twice(node: yaml.Node | None) -> list[tuple[str, int]]:
    if isinstance(node, yaml.SequenceNode):
        return [one for value in node.value for one in _twice(value)]
    if not isinstance(node, yaml.MappingNode):
        return []
    seen: set[str] = set()
    found = []
    for key, value in node.value:
        name = str(key.value)
        if name in seen:
            found.append((name, key.start_mark.line + 1))
        seen.add(name)
        found += _twice(value)
    return found
