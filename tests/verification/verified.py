"""Pages and graphs of small counties, made once, and what `pyreport verify` says of them."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from reporting.pages import county_text

from pyreport.evidence.predicates import Facts
from pyreport.evidence.record import Record
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.files.places import policy_folder
from pyreport.proof.packing import pack, unpack
from pyreport.reasoning.decision import Decision, proved
from pyreport.reasoning.solver import derive
from pyreport.reporting.county_page import county_page
from pyreport.reporting.page_request import PageRequest
from pyreport.verification.verifier import Evidence, Verification, Verifier

AMADOR, MONTEREY = "03", "27"
YEAR = 2024
"""A year of which Monterey County's figures are on record."""


@functools.cache
def record() -> Record:
    return read_record(record_folder())


@functools.cache
def page(code: str, year: int = YEAR) -> str:
    return county_text(code, year)


@functools.cache
def decision(code: str) -> Decision:
    return county_page(code, PageRequest(YEAR)).decision


@functools.cache
def verifier(with_record: bool) -> Verifier:
    return Verifier(policy_folder(), Evidence(record(), {}, "the record") if with_record else None)


def verify(path: Path, text: str, with_record: bool = False) -> Verification:
    path = path / "a-page"
    path.write_bytes(text.encode())
    (result,) = verifier(with_record).verify([path])
    return result


def verify_all(path: Path, texts: Mapping[str, str], with_record: bool = False) -> dict[str, Verification]:
    """What is said of many files, by their names: verified together, since that is quicker."""
    path.mkdir(exist_ok=True)
    for name, text in texts.items():
        (path / name).write_bytes(text.encode())
    results = verifier(with_record).verify([path / name for name in texts])
    return dict(zip(texts, results, strict=True))


def with_graph(text: str, change: Callable[[dict[str, Any]], object]) -> str:
    """A page with its graph changed."""
    (packed,) = re.findall(r'<script [^>]* id="graph">\n(.*?)\n</script>', text, re.DOTALL)
    document = unpack(packed)
    change(document)
    return text.replace(packed, pack(document))


def document(code: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(decision(code).document()))
    return found


def of_other_facts(code: str, facts: Facts) -> str:
    """What the rules conclude from other facts: a graph without a fault of its own, as JSON."""
    graph = derive(decision(code).rulebook, facts)
    made = Decision(decision(code).rulebook, graph, proved(graph), decision(code).printed, decision(code).scope)
    return json.dumps(made.document())
