"""Determinations as CSV and JSON, and the graph that they rest on."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pyreport.evidence.spreadsheet_cells import as_written
from pyreport.reasoning.determination_columns import COLUMNS, as_columns

if TYPE_CHECKING:
    from pyreport.reasoning.decision import Decision
    from pyreport.reasoning.determinations import Determination

__all__ = ["write_csv", "write_graph", "write_json"]


def write_csv(rows: Iterable[Determination]) -> str:
    """The determinations as CSV with a header of ``COLUMNS``."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: as_written(value) for name, value in as_columns(row).items()} for row in rows)
    return text.getvalue()


def write_json(rows: Iterable[Determination], decision: Decision) -> str:
    """The determinations as JSON, with the fingerprint of the rules, the sources and the proof checker's verdict."""
    document = {
        "policy": decision.rulebook.fingerprint,
        "reading": decision.rulebook.reading.name if decision.rulebook.reading else None,
        "sources": [
            {"dashboard_year": p.dashboard_year, "title": p.title, "file": p.file, "sha256": p.sha256}
            for p in decision.graph.publications()
        ],
        "proof": str(decision.verdict),
        "determinations": [as_columns(row) for row in rows],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def write_graph(decision: Decision) -> str:
    """The graph as JSON, one line for each fact and each rule, as ``pyreport verify`` reads it."""

    def lines(parts: Iterable[str]) -> str:
        return ",\n  ".join(parts)

    document = decision.document()
    facts = lines(_compact(fact) for fact in document.pop("facts"))
    rules = lines(f"{_compact(name)}: {_compact(entry)}" for name, entry in document.pop("rules").items())
    head = json.dumps(document, ensure_ascii=False, indent=1).removesuffix("\n}")
    return f'{head},\n "facts": [\n  {facts}\n ],\n "rules": {{\n  {rules}\n }}\n}}\n'


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
