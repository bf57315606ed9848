"""Compare a page with the graph that it carries, by words and sentences that are made here anew."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from typing import Any

from pyreport.evidence.counties import county_code
from pyreport.files.places import policy_folder
from pyreport.proof.checker import ProofChecker
from pyreport.proof.packing import unpack
from pyreport.proof.policy import READINGS, policy_texts

from .page import Element, carried_graph, read_page
from .shown import heading_of, shown_problems
from .words import Words


@functools.cache
def checker_of(named: tuple[str, ...]) -> tuple[dict[str, str], ProofChecker]:
    texts = policy_texts(policy_folder(), named)
    return texts, ProofChecker(texts)


@functools.lru_cache(maxsize=4)
def read(text: str) -> tuple[Element, dict[str, Any], Words, ProofChecker, list[str]]:
    """The page, the graph that it carries, the words for that graph, the checker, and what the checker says of it."""
    root = read_page(text)
    document = unpack(carried_graph(root))
    texts, checker = checker_of(tuple(sorted(name for name in document["policy"] if name.startswith(READINGS))))
    verdict = checker.check(document)
    atoms: dict[str, list[tuple[Any, ...]]] = {}
    for (name, _), found in checker.atoms(document).relations.items():
        atoms.setdefault(name, []).extend(found)
    return root, document, Words(texts, checker.policy, atoms), checker, [*verdict.problems, str(verdict)]


def problems(text: str) -> list[str]:
    """Every difference between what a page shows and what its graph says."""
    root, document, words, checker, (*found, verdict) = read(text)
    # A page is taken apart as it is compared.
    root, scope, heading = read_page(text), document["scope"], heading_of(root)
    if heading is None:
        return [*found, "the page names no county and Dashboard year in its heading"]
    county, year = heading
    if (scope["only"], scope["until"]) != ([county_code(county)], year):
        found.append(f"the page is headed {county} County, {year}; its graph is of {scope['only']}, {scope['until']}")
    footer = next(root.all("footer"), root).text
    for stated in (
        verdict,
        f"Rules: {_fingerprint(document['policy'])}.",
        f"Layout: {_fingerprint(document['layout'])}.",
    ):
        if stated not in footer:
            found.append(f"the page's last lines do not say “{stated}”")
    printed = {(one, cds): words["status"] for one, cds, words in document["printed"] if "status" in words}
    return [*found, *shown_problems(root, document, words, checker, year, printed)]


def _fingerprint(hashes: Mapping[str, str]) -> str:
    lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(hashes.items()))
    return hashlib.sha256(lines.encode()).hexdigest()
