"""Files and graphs of small counties, made once, and what `pyreport verify` says of them."""

from __future__ import annotations

import functools
import gzip
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from reporting.pages import county_folder, without_kernels

from pyreport.evidence.predicates import Facts
from pyreport.evidence.record import Record
from pyreport.evidence.record_reading import read_record, record_folder
from pyreport.files.places import policy_folder
from pyreport.proof.packing import proof_of, unpack
from pyreport.reasoning.decision import Decision, proved
from pyreport.reasoning.solver import derive
from pyreport.reporting.county_files import write_county
from pyreport.reporting.county_page import county_page
from pyreport.reporting.layout import county_layout
from pyreport.reporting.page_request import PageRequest
from pyreport.verification.verifier import Evidence, Verification, Verifier

AMADOR, MONTEREY = "03", "27"
YEAR = 2024
"""A year of which Monterey County's figures are on record."""
UNIFIED = "03739810000000"
FILES = {
    "overview": "03-amador.html",
    "LEA page": f"lea/{UNIFIED}.html",
    "proof": "proof/03-amador.json.gz",
    "CSV": "data/03-amador.csv",
    "JSON": "data/03-amador.json",
    "workbook": "data/03-amador.xlsx",
    "picture": "figures/03-amador.svg",
}


@functools.cache
def record() -> Record:
    return read_record(record_folder())


def files(code: str = AMADOR, year: int = YEAR) -> Path:
    """The folder of a county's files. Nothing is to be written into it."""
    return county_folder(code, year)


def copied(place: Path, code: str = AMADOR) -> Path:
    """A copy of a county's files, to be changed."""
    return shutil.copytree(files(code), place, dirs_exist_ok=True)


@functools.cache
def decision(code: str) -> Decision:
    return county_page(code, PageRequest(YEAR)).case.decision


@functools.cache
def verifier(with_record: bool) -> Verifier:
    return Verifier(policy_folder(), Evidence(record(), {}, "the record") if with_record else None, jobs=2)


def verify_files(*paths: Path, with_record: bool = False) -> list[Verification]:
    """What is said of files: verified together, since that is quicker."""
    with without_kernels():
        return verifier(with_record).verify(paths)


def verify(path: Path, text: str, with_record: bool = False) -> Verification:
    """What is said of a text in a file of its own."""
    path = path / "a-graph"
    path.write_bytes(text.encode())
    (result,) = verify_files(path, with_record=with_record)
    return result


def with_proof(folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """A folder of Amador's files whose proof is changed, and whose pages name the hash of the changed one."""
    copied(folder)
    path = folder / FILES["proof"]
    before, document = unpack(path.read_bytes())
    change(document)
    after = proof_of(document)
    path.write_bytes(after.packed())
    for page in [folder / FILES["overview"], *(folder / "lea").glob("*.html")]:
        page.write_bytes(page.read_bytes().replace(before.sha256.encode(), after.sha256.encode()))
    return folder


def document(code: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(decision(code).document()))
    return found


def of_other_facts(code: str, facts: Facts) -> str:
    """What the rules conclude from other facts: a graph without a fault of its own, as JSON."""
    graph = derive(decision(code).rulebook, facts)
    made = Decision(decision(code).rulebook, graph, proved(graph), decision(code).printed, decision(code).scope)
    return json.dumps(made.document())


def forged(folder: Path, facts: Facts) -> Path:
    """The files that the program itself makes of other facts about Amador: they are right, and only evidence tells."""
    document = {**json.loads(of_other_facts(AMADOR, facts)), "layout": county_layout()}
    graph = folder / "other.json.gz"
    graph.write_bytes(proof_of(document).packed())
    write_county(str(folder / "forged"), AMADOR, PageRequest(YEAR), graph=str(graph))
    return folder / "forged"


def content(packed: bytes) -> bytes:
    """What a proof's file holds."""
    return gzip.decompress(packed)


def named(results: list[Verification], folder: Path) -> Mapping[str, Verification]:
    """Results by the path of each file in ``folder``."""
    return {result.path.relative_to(folder).as_posix(): result for result in results}
