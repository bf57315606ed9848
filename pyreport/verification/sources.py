"""Compare the facts of a graph with those of the evidence, read anew: none may differ, be missing or be added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pyreport.evidence.fact_selection import facts_in_scope
from pyreport.evidence.model import Cell, Publication, place_words
from pyreport.evidence.predicates import Facts
from pyreport.evidence.printed import printed_conclusions
from pyreport.evidence.record import Record
from pyreport.evidence.scope import Scope
from pyreport.proof.reader import Policy
from pyreport.rulebook.rows import row_type
from pyreport.rulebook.syntax import Atom

__all__ = ["expected_facts", "fact_problems", "printed_problems"]

RESTS_ON = "rests_on"
_Stated = tuple[int, str, str]
"""The number of the publication, the place and the value."""


def expected_facts(record: Record, case: Facts, scope: Scope, policy: Policy) -> Facts:
    """The facts that ``record`` and ``case`` hold for the scope of a graph."""
    # By the policy as the proof checker reads it: nothing here rests on the code that decided.
    arguments = next(names for (name, _), names in policy.arguments.items() if name == RESTS_ON)
    row = row_type(RESTS_ON, arguments)
    stated = [values for rule in policy.rules if rule.predicate == RESTS_ON for values in rule.facts]
    return facts_in_scope(record, case, scope, map(row._make, stated))


def fact_problems(document: Mapping[str, Any], expected: Facts) -> Iterator[str]:
    """Yield each difference between the facts of a graph document and those of the evidence.

    A file that has another hash here is named once; its cells are compared all the same.
    """
    publications = document["publications"]
    stated: dict[Atom, _Stated] = {
        tuple(atom): (source, place, value) for atom, source, place, value in document["facts"]
    }
    # Two files of one name are told apart by their hashes: one may lie over the other.
    files: dict[tuple[int, str, str], list[Publication]] = {}
    for file in {id(cell.publication): cell.publication for cell in expected.values()}.values():
        files.setdefault((file.dashboard_year, file.file, file.sheet), []).append(file)
    changed = set()
    for number, named in enumerate(publications):
        known = files.get((named["dashboard_year"], named["file"], named["sheet"]), [])
        if known and not any((file.title, file.date) == (named["title"], named["date"]) for file in known):
            yield (
                f"{named['file']}: the graph gives its title and date as “{named['title']}”, "
                f"“{named['date']}”, which are not those of the file here"
            )
        if known and named["sha256"] not in (hashes := {file.sha256 for file in known}):
            changed.add(number)
            yield (
                f"{named['file']}: the graph was made from a file with the SHA-256 {named['sha256']}; "
                f"here it is {' or '.join(sorted(hashes))}"
            )
    for atom in sorted(stated.keys() | expected.keys(), key=repr):
        if atom not in stated:
            yield f"{_named(atom)} is missing in the graph; it stands in {_cell_words(expected[atom])}"
            continue
        source = publications[stated[atom][0]]
        if atom not in expected:
            yield f"{_named(atom)}: no file says so; the graph finds it in {_stated_words(stated[atom], source)}"
            continue
        cell = expected[atom]
        same_file = stated[atom][0] in changed or source["sha256"] == cell.publication.sha256
        if not same_file or _stated_words(stated[atom], source) != _cell_words(cell):
            other = "" if same_file else f" (SHA-256 {source['sha256']} and {cell.publication.sha256})"
            yield (
                f"{_named(atom)}: the graph finds it in {_stated_words(stated[atom], source)}; "
                f"it stands in {_cell_words(cell)}{other}"
            )


def printed_problems(document: Mapping[str, Any], record: Record, expected: Facts) -> Iterator[str]:
    """Yield each difference between what a graph says that CDE concluded and what the record has of it."""
    stated = {(year, cds): words for year, cds, words in document["printed"]}
    printed = printed_conclusions(record, expected)
    for year, cds in sorted(stated.keys() | printed.keys()):
        if stated.get((year, cds)) != printed.get((year, cds)):
            yield (
                f"what CDE concluded about {cds} in {year}: the graph has {_listed(stated.get((year, cds), {}))}; "
                f"in its files stands {_listed(printed.get((year, cds), {}))}"
            )


def _listed(words: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {word}" for name, word in words.items()) or "nothing"


def _named(atom: Atom) -> str:
    return f"{atom[0]}({','.join(map(str, atom[1:]))})"


def _cell_words(cell: Cell) -> str:
    file = cell.publication
    named = {"dashboard_year": file.dashboard_year, "title": file.title, "file": file.file, "sheet": file.sheet}
    return f"{_file_words(named)}{place_words(cell.place)}: “{cell.value}”"


def _stated_words(stated: _Stated, publication: Mapping[str, Any]) -> str:
    _, place, value = stated
    return f"{_file_words(publication)}{place_words(place)}: “{value}”"


def _file_words(publication: Mapping[str, Any]) -> str:
    """A file in words: its title, Dashboard year, name and sheet."""
    year, sheet = publication["dashboard_year"], publication["sheet"]
    title = f"{publication['title']} ({year})" if year else publication["title"]
    return f"{title}, {publication['file']}{f', sheet “{sheet}”' if sheet else ''}"
