"""Find the proof of a file: a page names it by hash, the data of a county stand beside it; or read a graph itself."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyreport.proof.document import LARGEST, read_document
from pyreport.proof.packing import PackingError, unpack

__all__ = ["GraphFile", "Unverifiable", "proof_hash", "proof_of_file", "read_graph"]

_NAMED = re.compile(
    r'href="((?:\.\./)?proof/[0-9]{2}-[a-z-]+\.json\.gz)".*?<code id="proof">([0-9a-f]{64})</code>', re.DOTALL
)
"""How a page names its proof."""
_DATA = {".csv", ".json", ".xlsx", ".svg"}
_PACKED = ".json.gz"
_PUBLICATION = {"dashboard_year": int, "title": str, "date": str, "file": str, "sheet": str, "sha256": str}
_NUMBERS = ("until", "year", "as_of")
_SCOPE = {"only", *_NUMBERS, "funds"}


class Unverifiable(Exception):
    """A file that is neither a page with a graph nor a graph; the message says why."""


@dataclass(frozen=True)
class GraphFile:
    """A graph document and, if it is of a county's files, the file of its proof."""

    document: dict[str, Any]
    proof: Path | None = None


def read_graph(path: Path) -> GraphFile:
    """Read a graph written as JSON, or the proof of a county in its file.

    Raises:
        Unverifiable: The file holds no graph that can be read.
    """
    content = _bytes_of(path)
    try:
        if path.name.endswith(_PACKED):
            carried = GraphFile(unpack(content)[1], path)
        else:
            carried = GraphFile(read_document(content.decode("utf-8")))
    except UnicodeDecodeError as error:
        raise Unverifiable(f"{path}: no page and no graph: not UTF-8 at byte {error.start}") from None
    except PackingError as error:
        raise Unverifiable(f"{path}: {error}") from None
    except (ValueError, RecursionError) as error:
        raise Unverifiable(f"{path}: neither a page nor a graph written as JSON ({error})") from None
    fault = _fault(carried.document)
    if fault is None and carried.proof is not None and not _is_layout(carried.document.get("layout")):
        fault = "the graph is damaged: it does not name the layout of the pages"
    if fault:
        raise Unverifiable(f"{path}: {fault}")
    return carried


def proof_hash(proof: Path) -> str:
    """The hash by which pages name the proof in a file.

    Raises:
        Unverifiable: The file holds no proof.
    """
    try:
        return unpack(_bytes_of(proof))[0].sha256
    except PackingError as error:
        raise Unverifiable(f"{proof}: {error}") from None


def proof_of_file(path: Path, hash_of: Callable[[Path], str]) -> Path:
    """The file of the proof on which a file rests; a graph is its own.

    Args:
        path: The file.
        hash_of: ``proof_hash``, or what it returned: the pages of a county name one proof.

    Raises:
        Unverifiable: A page names none, or another than the one that is there; or there is none.
    """
    if path.name.endswith(_PACKED):
        return path
    if path.suffix in _DATA and path.parent.name in ("data", "figures"):
        beside = path.parent.parent / "proof" / f"{path.stem}{_PACKED}"
        if not beside.is_file():
            raise Unverifiable(f"{path}: its proof, {beside}, is not there")
        return beside
    content = _bytes_of(path)
    if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return path
    named = _NAMED.findall(content.decode("utf-8", "replace"))
    if len(named) != 1:
        which = "several proofs" if named else "no proof; only pages of counties and LEAs do"
        raise Unverifiable(f"{path}: the page names {which}")
    name, sha256 = named[0]
    # One path, whether an overview names it or the page of an LEA, so that a proof is checked once.
    proof = Path(os.path.normpath(path.parent / name))
    if not proof.is_file():
        raise Unverifiable(
            f"{path}: its proof, {name}, is not there; a page is verified in the folder in which it was made, or in "
            "the unpacked archive of its county"
        )
    stated = hash_of(proof)
    if stated != sha256:
        raise Unverifiable(f"{path}: it names a proof of the hash {sha256}; {proof} has {stated}")
    return proof


def _bytes_of(path: Path) -> bytes:
    """The content of a file; not `read_text`, since the ends of lines are part of what is compared."""
    if path.stat().st_size > LARGEST:
        raise Unverifiable(f"{path}: no page and no graph: it has more than {LARGEST:,} bytes")
    return path.read_bytes()


def _is_layout(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(part, str) for part in value.values())


def _fault(document: Any) -> str | None:
    """Why a document is not of the shape of a graph; ``None`` if it is. What it says is for the proof checker."""
    if not isinstance(document, dict) or not str(document.get("format", "")).startswith("pyreport graph"):
        return "it holds no graph of pyreport's"
    parts = {"policy": dict, "authorities": dict, "rules": dict, "facts": list, "publications": list, "scope": dict}
    for name, kind in {**parts, "printed": list}.items():
        if not isinstance(document.get(name), kind):
            return f"the graph is damaged: it has no {name}"
    for publication in document["publications"]:
        if not isinstance(publication, dict) or _types(publication) != _PUBLICATION:
            return f"the graph is damaged: a publication needs {', '.join(_PUBLICATION)}"
    scope, count = document["scope"], len(document["publications"])
    only = scope.get("only", ())
    if set(scope) != _SCOPE or not (
        (only is None or (isinstance(only, list) and all(isinstance(code, str) for code in only)))
        and all(scope[name] is None or type(scope[name]) is int for name in _NUMBERS)
        and (scope["funds"] is None or _are_funds(scope["funds"]))
    ):
        return f"the graph is damaged: its scope needs only, {', '.join(_NUMBERS)} and funds"
    for fact in document["facts"]:
        if not isinstance(fact, list) or len(fact) != 4 or not isinstance(fact[0], list) or not fact[0]:
            return "the graph is damaged: a fact needs an atom, a publication, a place and a value"
        if type(fact[1]) is not int or not 0 <= fact[1] < count or not all(isinstance(part, str) for part in fact[2:]):
            return "the graph is damaged: a fact needs the number of its publication, a place and a value"
    for conclusion in document["printed"]:
        if not (
            isinstance(conclusion, list)
            and [type(part) for part in conclusion] == [int, str, dict]
            and all(isinstance(word, str) for word in conclusion[2].values())
        ):
            return "the graph is damaged: a printed conclusion needs a Dashboard year, a CDS code and words"
    return None


def _types(publication: dict[str, Any]) -> dict[str, type]:
    return {name: type(value) for name, value in publication.items()}


def _are_funds(value: Any) -> bool:
    return isinstance(value, list) and [type(part) for part in value] == [str, int]
