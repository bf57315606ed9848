"""A YAML file that people write: its content, the line of each part, and what its schema finds wrong with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from pyreport.evidence.findings import EvidenceError, Finding
from pyreport.evidence.model import Cell, Publication
from pyreport.files.plain_yaml import NotPlain, Place, duplicates, place_lines, read_limited, read_plain_yaml

__all__ = ["Place", "WrittenFile", "read_written_file", "schema_of"]


class WrittenFile:
    """A YAML file as written, dates and amounts left as text where they are in quotation marks."""

    def __init__(self, path: Path, title: str, content: bytes, value: Any, root: yaml.Node | None) -> None:
        self.name = path.name
        self.publication = Publication(0, title, "", path.name, "", hashlib.sha256(content).hexdigest(), {}, "case")
        self.value = value
        self._root = root

    @cached_property
    def _lines(self) -> dict[Place, int]:
        lines: dict[Place, int] = {}
        for place, line in place_lines(self._root):
            lines.setdefault(place, line)
        return lines

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
        return Finding(self.name, "", self.line(place), "", f"{where + ': ' if where else ''}{message}", "line")

    def faults(self, schema: str) -> list[Finding]:
        """What the schema of that name, in ``schema/``, does not allow, and keys that stand twice."""
        return [self.finding(place, message) for place, message in self.placed_faults(schema_of(schema))]

    def placed_faults(self, schema: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
        """The same with the place of each, for a schema that was read."""
        for place, _ in duplicates(self._root):
            yield place, "stands twice in the same place; keep one"
        for fault in jsonschema.Draft202012Validator(schema).iter_errors(self.value):
            if fault.validator == "additionalProperties":
                known = set(fault.schema.get("properties", ()))
                for key in sorted(map(str, set(fault.instance) - known)):
                    yield (*fault.absolute_path, key), f"is not known here; expected {', '.join(sorted(known))}"
                continue
            hint = fault.schema.get("description") if isinstance(fault.schema, dict) else None
            expected = f"; expected: {hint}" if hint and fault.validator != "required" else ""
            yield tuple(fault.absolute_path), f"{fault.message}{expected}"


def schema_of(name: str) -> dict[str, Any]:
    """The schema of that name in ``schema/``."""
    path = Path(__file__).parents[1] / "schema" / name
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def read_written_file(path: Path, title: str = "Written file") -> WrittenFile:
    """Read a file; its facts say that they stand in a publication of that ``title``.

    Raises:
        EvidenceError: It is not UTF-8, too large, or more than plain YAML.
    """
    try:
        content = read_limited(path)
        value, root = read_plain_yaml(content.decode("utf-8-sig"), policy=False)
        return WrittenFile(path, title, content, value, root)
    except UnicodeDecodeError as error:
        problems = [(0, f"not UTF-8 at byte {error.start}; save the file as UTF-8")]
    except NotPlain as error:
        problems = error.problems
    raise EvidenceError([Finding(path.name, "", line, "", message, "line") for line, message in problems])
