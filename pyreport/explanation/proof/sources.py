"""Find the facts of a graph in the files they are said to stand in, and no other: evidence read anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pyreport.evidence.facts import Facts, facts_of
from pyreport.evidence.record import Cell, Record
from pyreport.explanation.proof.reader import Policy
from pyreport.rulebook.syntax import Atom, unquote

__all__ = ["expected_facts", "fact_problems"]

RESTS_ON = "rests_on"
_Stated = tuple[int, str, str]
"""The number of the publication, the place and the value."""


def expected_facts(record: Record, case: Facts, scope: Mapping[str, Any], policy: Policy) -> Facts:
    """The facts that ``record`` and ``case`` hold for the scope of a graph."""
    only, year = scope["only"], scope["year"]
    facts = facts_of(record, until=scope["until"] if year is None else year, only=only)
    for atom, cell in case.items():
        cds = unquote(atom[1])
        if only is None or cds in only or cds[:2] in only:
            facts[atom] = cell
    if year is None:
        return facts
    rested = {fact[1] for rule in policy.rules if rule.predicate == RESTS_ON for fact in rule.facts if fact[0] == year}
    return {atom: cell for atom, cell in facts.items() if _year(atom, policy) in {None, *rested}}


def _year(atom: Atom, policy: Policy) -> Any:
    names = policy.arguments.get((str(atom[0]), len(atom) - 1), ())
    return atom[names.index("Year") + 1] if "Year" in names else None


def fact_problems(document: Mapping[str, Any], expected: Facts) -> Iterator[str]:
    """Yield each difference between the facts of a graph document and those of the evidence.

    A file with another hash is named once; its cells are compared all the same.
    """
    publications = document["publications"]
    stated: dict[Atom, _Stated] = {
        tuple(atom): (source, place, value) for atom, source, place, value in document["facts"]
    }
    hashes = {(p.dashboard_year, p.file, p.sheet): p.sha256 for p in (cell.publication for cell in expected.values())}
    for one in publications:
        found = hashes.get((one["dashboard_year"], one["file"], one["sheet"]))
        if found is not None and found != one["sha256"]:
            yield f"{one['file']}: the graph was made from a file with the SHA-256 {one['sha256']}; here it is {found}"
    for atom in sorted(stated.keys() | expected.keys(), key=repr):
        if atom not in stated:
            yield f"{_named(atom)} is missing in the graph; it stands in {_cell_words(expected[atom])}"
        elif atom not in expected:
            yield f"{_named(atom)}: no file says so; the graph finds it in {_stated_words(stated[atom], publications)}"
        elif _stated_words(stated[atom], publications) != _cell_words(expected[atom]):
            yield (
                f"{_named(atom)}: the graph finds it in {_stated_words(stated[atom], publications)}; "
                f"it stands in {_cell_words(expected[atom])}"
            )


def _named(atom: Atom) -> str:
    return f"{atom[0]}({','.join(map(str, atom[1:]))})"


def _cell_words(cell: Cell) -> str:
    one = cell.publication
    return _words(one.dashboard_year, one.title, one.file, one.sheet, cell.place, cell.value)


def _stated_words(stated: _Stated, publications: list[Mapping[str, Any]]) -> str:
    one = publications[stated[0]]
    return _words(one["dashboard_year"], one["title"], one["file"], one["sheet"], stated[1], stated[2])


def _words(year: int, title: str, file: str, sheet: str, place: str, value: str) -> str:
    what = f"{title} ({year}), {file}" if year else f"{title}, {file}"
    return f"{what}{f', sheet “{sheet}”' if sheet else ''}, cell {place}: “{value}”"
