"""Records made in the tests: of the made-up counties, and of single LEAs."""

from __future__ import annotations

from oracle.made_up_counties import Tables

from pyreport.evidence.model import Cell, LeaYear, Publication
from pyreport.evidence.predicates import Facts
from pyreport.evidence.record import Record
from pyreport.rulebook.syntax import Atom

SOURCE = Publication(0, "Made up", "today", "made-up.xlsx", "Sheet", "0" * 64, {})


def cell(value: str) -> Cell:
    return Cell(value, SOURCE, "A", 1)


def facts(*atoms: Atom) -> Facts:
    """The atoms as facts, all from one cell."""
    return {atom: cell("made up") for atom in atoms}


def lea_year(
    year: int, cds: str, letters: dict[str, str] | None = None, methods: dict[int, str] | None = None, name: str = "LEA"
) -> LeaYear:
    """What a status file would say of one LEA."""
    return LeaYear(
        year,
        cell(cds),
        cell(name),
        {group: cell(letter) for group, letter in (letters or {}).items()},
        {number: cell(answer) for number, answer in (methods or {}).items()},
    )


def record_of(tables: Tables) -> Record:
    """The tables of a made-up county as a record."""
    lea, priorities_met, published_method = tables
    letters: dict[tuple[int, str], dict[str, str]] = {}
    for year, cds, group, letter in priorities_met.itertuples(index=False, name=None):
        letters.setdefault((year, cds), {})[group] = letter
    methods = {
        (year, cds): {number: answer for number, answer in enumerate(answers, 1) if answer}
        for year, cds, *answers in published_method.itertuples(index=False, name=None)
    }
    return Record(
        {
            (year, cds): lea_year(year, cds, letters.get((year, cds)), methods.get((year, cds)), name)
            for year, cds, name in lea.itertuples(index=False, name=None)
        },
        # Made-up files are whole: an LEA that they leave out is not there.
        complete=frozenset(code[:2] for code in lea["cds"]),
    )
