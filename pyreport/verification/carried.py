"""Read the graph out of a file: of a county's page, which carries it packed, or of a graph written as JSON."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyreport.proof.document import LARGEST, read_document
from pyreport.proof.packing import PackingError, unpack

__all__ = ["Carried", "Unverifiable", "read_carried"]

_OPENING = '<script type="application/octet-stream" id="graph">\n'
_CARRIED = re.compile(rf"{_OPENING}(.*?)\n</script>", re.DOTALL)
_PUBLICATION = {"dashboard_year": int, "title": str, "date": str, "file": str, "sheet": str, "sha256": str}
_NUMBERS = ("until", "year", "as_of")
_SCOPE = {"only", *_NUMBERS, "funds"}


class Unverifiable(Exception):
    """A file that is neither a page with a graph nor a graph; the message says why."""


@dataclass(frozen=True)
class Carried:
    """A graph document and, if a page carries it, the page's text and the packed graph in it."""

    document: dict[str, Any]
    page: str | None = None
    packed: str = ""


def read_carried(path: Path) -> Carried:
    """Read the graph of a file.

    Raises:
        Unverifiable: The file holds no graph that can be read.
    """
    if path.stat().st_size > LARGEST:
        raise Unverifiable(f"{path}: no page and no graph: it has more than {LARGEST:,} bytes")
    try:
        # Not read_text: the ends of lines are part of what is compared.
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unverifiable(f"{path}: no page and no graph: not UTF-8 at byte {error.start}") from None
    try:
        carried = _of_page(text) if text.lstrip("\ufeff \t\r\n").startswith("<") else Carried(read_document(text))
    except PackingError as error:
        raise Unverifiable(f"{path}: {error}") from None
    except (ValueError, RecursionError) as error:
        raise Unverifiable(f"{path}: neither a page nor a graph written as JSON ({error})") from None
    fault = _fault(carried.document)
    if fault is None and carried.page is not None and not _is_layout(carried.document.get("layout")):
        fault = "the graph is damaged: it does not name the layout of the page"
    if fault:
        raise Unverifiable(f"{path}: {fault}")
    return carried


def _is_layout(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(part, str) for part in value.values())


def _of_page(text: str) -> Carried:
    graphs = _CARRIED.findall(text)
    if len(graphs) != 1:
        if graphs:
            raise PackingError("the page carries several graphs")
        cut = " that is whole" if _OPENING in text else ""
        raise PackingError(f"the page carries no graph{cut}; only a county's report carries one")
    return Carried(unpack(graphs[0]), text, graphs[0])


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
