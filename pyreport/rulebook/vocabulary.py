"""The predicates of the policy, as ``policy/vocabulary.lp`` declares them.

The file follows the docstring format of potassco's mkdoclingo: a block comment ``%*! name(A, B)`` with ``Args:``.
Further lines are ours: ``Says`` and ``Absent`` are the sentences of the atom and of its absence, ``Stated by`` tells
who may state it (evidence, policy or rules). ``Output``, ``Heading`` and ``Label`` mark what reports show, and what
they call it; ``Used by`` names what reads the predicate where no rule does. The arguments under ``Tenths`` and
``Hundredths`` are figures in tenths and hundredths, which sentences write with their decimals; those under
``TenThousandths`` are written as they are. Those under ``Dates`` are calendar dates, written as the number YYYYMMDD so
that they compare as numbers; those under ``Cents``, ``Dollars`` and ``Sixths`` are amounts of money in cents, dollars
and sixths of a dollar (which halves and thirds are). ``Changes`` names the predicate of the evidence whose facts a
what-if changes by this one, ``Settles`` the one whose facts, not on record, this one says could come out so, and
``Invents`` the one of whose facts LEAs are made up for a proof. ``Topic`` is what a report tells by the predicate of an
LEA as of a date (the topics and their order are those of ``names.yaml``), and ``Short`` the sentence where the topic,
the LEA and the date are said already. ``Report`` names a report of its own that lists the predicate's conclusions and,
in one more word, the part of that report: ``Report: funds total``. The parts of a report, and the predicates of a part,
stand in the order of the vocabulary. ``Basis`` is what the table of determinations says of an LEA and year of which the
predicate holds: on what the row rests beside the facts. ``Ground`` is what tables call the ground of differentiated
assistance that the predicate is, where no method was met; by the facts of law under ``Considered`` that ground is
considered for an LEA of a ``Kind`` in a ``Year``. ``Summary`` numbers the predicates whose sentence sums an LEA up
where no method was met: the lowest that holds does. ``Question`` numbers the predicates that a what-if asks about if
nothing else is asked, and says whether it asks what makes the conclusion come or go, or only what makes it go.
``Compared`` is the heading under which a comparison of two policies lists the predicate's conclusions, in the order of
the vocabulary. ``Criteria: Year`` marks a fact of law that belongs to the criteria of the Dashboard year in that
argument: those that are applied where another year's criteria are tried on it.

Why-not answers rest on five lines more. ``Key`` names the arguments that settle the others: where the atom does not
hold, the one with the same key is what holds instead. ``Domain`` says what the arguments range over, by atoms.
``Complete`` says under which atoms a fact of the evidence would be stated if it were so, and ``Open`` under which a
conclusion is open; alternatives are parted by ``or``, and ``always`` needs no atom. ``None`` is the sentence when no
atom has the key at all. ``Scope: yes`` marks a predicate by which a rule tells whom it is for.

Five lines say what facts of the policy must be like. ``Once for`` names the arguments for each of whose values one fact
is stated (``all``: one altogether). ``Acyclic`` names two arguments of which the second comes before the first, never
in a circle. ``Interval`` names the first and the last day of what a fact states; two facts that agree in all else do
not overlap. ``Gapless`` names the arguments for each of whose values the intervals follow one another day upon day,
and ``Filled by`` the predicates whose intervals stand where these leave a gap.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pyreport.rulebook.problems import Finding, Problem
from pyreport.rulebook.rows import row_type
from pyreport.rulebook.syntax import Atom, Value

__all__ = ["Pattern", "Predicate", "placeholders", "read_predicate"]

STATERS = ("evidence", "policy", "rules")
UNITS = ("Tenths", "Hundredths", "TenThousandths", "Dates", "Cents", "Dollars", "Sixths")
_SIZES = {
    "Tenths": Fraction(1, 10),
    "Hundredths": Fraction(1, 100),
    "TenThousandths": Fraction(1, 10000),
    "Cents": Fraction(1, 100),
    "Dollars": Fraction(1),
    "Sixths": Fraction(1, 6),
}
_HEADING = re.compile(r"%\*!\s*([a-z_][A-Za-z0-9_]*)\(([^)]*)\)\s*$")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_PATTERN = re.compile(r"((?:not )?[a-z_][A-Za-z0-9_]*)\(([^()]*)\)")
_ABOUT = {
    "Topic": ("LEA",),
    "Output": ("LEA", "Year"),
    "Basis": ("LEA", "Year"),
    "Ground": ("LEA", "Year"),
    "Summary": ("LEA", "Year"),
    "Question": ("LEA", "Year"),
    "Compared": ("LEA", "Year"),
    "Criteria": ("Year",),
}
"""The lines that only a predicate with certain arguments can have."""
_LINES = {
    *("Says", "Absent", "None", "Short", "Stated by", "Used by", "Args", "Key", "Domain", "Complete", "Open", "Scope"),
    *("Heading", "Label", "Considered", "Report", "Changes", "Settles", "Invents", *_ABOUT, *UNITS),
    *("Once for", "Acyclic", "Interval", "Gapless", "Filled by"),
}
_OF_FACTS = ("Once for", "Acyclic", "Interval", "Gapless")
"""The lines on facts of the policy that name arguments."""
_ALL = "all"
_QUESTION = re.compile(r"([1-9][0-9]*) (comes or )?goes")
_ALWAYS = "always"

Pattern = tuple[str, tuple[str, ...]]
"""An atom over the names of arguments: the predicate, and a name or a constant for each of its arguments.

``not`` before the predicate asks that no such atom holds, whatever stands for the arguments that have no value yet.
"""


@dataclass(frozen=True, slots=True)
class Predicate:
    """One declared predicate.

    ``arguments`` are the names of its arguments, in order; ``ranging`` those that its domain speaks of; ``described``
    each name with what the argument is. ``question`` is its number among the questions of a what-if, and whether it is
    asked too what makes it come. ``criteria`` tells whether its facts belong to the criteria of their year.
    """

    name: str
    arguments: tuple[str, ...]
    says: str
    absent: str
    stated_by: str
    output: str | None
    heading: str | None
    label: str | None
    used_by: str | None
    tenths: tuple[str, ...]
    file: str
    line: int
    key: tuple[str, ...] = ()
    domain: tuple[Pattern, ...] = ()
    complete: tuple[tuple[Pattern, ...], ...] = ()
    open: tuple[tuple[Pattern, ...], ...] = ()
    none: str | None = None
    scope: bool = False
    ranging: frozenset[str] = frozenset()
    changes: str | None = None
    settles: str | None = None
    dates: tuple[str, ...] = ()
    cents: tuple[str, ...] = ()
    dollars: tuple[str, ...] = ()
    sixths: tuple[str, ...] = ()
    hundredths: tuple[str, ...] = ()
    tenthousandths: tuple[str, ...] = ()
    topic: str | None = None
    short: str | None = None
    report: tuple[str, str] | None = None
    described: tuple[tuple[str, str], ...] = ()
    basis: str | None = None
    ground: str | None = None
    summary: int | None = None
    considered: tuple[Pattern, ...] = ()
    question: tuple[int, bool] | None = None
    compared: str | None = None
    criteria: bool = False
    invents: str | None = None
    once_for: tuple[str, ...] | None = None
    acyclic: tuple[str, ...] = ()
    interval: tuple[str, ...] = ()
    gapless: tuple[str, ...] = ()
    filled_by: tuple[str, ...] = ()

    @property
    def units(self) -> dict[str, tuple[str, ...]]:
        """For each argument the units in which it is declared: none for a code or a plain number."""
        return {name: tuple(unit for unit in UNITS if name in getattr(self, unit.lower())) for name in self.arguments}

    def row(self, atom: Atom) -> Any:
        """The arguments of an atom of this predicate by their names: ``row.lea``, ``row.year``."""
        return row_type(self.name, self.arguments)._make(atom[1:])

    def atom(self, **values: Value) -> Atom:
        """The atom whose arguments have these values, by the names that rows have for them.

        Raises:
            TypeError: A name is missing or is no argument.
        """
        return (self.name, *row_type(self.name, self.arguments)(**values))

    def place(self, argument: str) -> int:
        """Where an argument stands in the atoms of this predicate: ``atom[place]`` is its value.

        Raises:
            ValueError: The predicate has no such argument.
        """
        return self.arguments.index(argument) + 1

    def values(self, atom: Atom) -> dict[str, Value]:
        """The values of an atom of this predicate by the names that the vocabulary has for its arguments."""
        return dict(zip(self.arguments, atom[1:], strict=True))

    def amount(self, atom: Atom) -> Fraction:
        """The figure that an atom of this predicate gives: the sum of its arguments that are declared in units.

        An amount of money is in dollars.
        """
        return sum(
            (
                int(value) * _SIZES[unit]
                for value, units in zip(atom[1:], self.units.values(), strict=True)
                for unit in units
                if unit in _SIZES
            ),
            Fraction(),
        )

    @property
    def signature(self) -> tuple[str, int]:
        """Name and number of arguments."""
        return self.name, len(self.arguments)

    @property
    def form(self) -> str:
        """The predicate with the names of its arguments, as a rule would write it."""
        return f"{self.name}({', '.join(self.arguments)})"


def placeholders(sentence: str) -> list[str]:
    """Return the names between braces in ``sentence``."""
    return _PLACEHOLDER.findall(sentence)


def read_predicate(comment: str, file: str, line: int) -> tuple[Predicate | None, list[Problem]]:
    """Read one ``%*! … *%`` block; returns the predicate (``None`` if unreadable) and what is wrong with it."""
    rows = comment.removesuffix("*%").rstrip().splitlines()
    heading = _HEADING.match(rows[0].rstrip())
    if not heading:
        message = "a predicate's comment begins with %*! name(Argument, …)"
        return None, [Problem(file, line, message, Finding.FAULTY_DECLARATION)]
    name = heading[1]
    arguments = tuple(part.strip() for part in heading[2].split(",")) if heading[2].strip() else ()
    fields: dict[str, str] = {}
    described: list[tuple[str, str]] = []
    for row in rows[1:]:
        if row.startswith(" - ") and ":" in row:
            argument, _, text = row[3:].partition(":")
            described.append((argument.strip(), text.strip()))
        elif ":" in row:
            key, _, text = row.partition(":")
            fields[key.strip()] = text.strip()
    problems = []

    def report(message: str, finding: Finding = Finding.FAULTY_DECLARATION) -> None:
        problems.append(Problem(file, line, f"{name}: {message}", finding))

    for key in ("Says", "Absent", "Stated by"):
        if not fields.get(key):
            report(f"write a line '{key}: …'")
    if fields.get("Stated by") and fields["Stated by"] not in STATERS:
        report(f"'Stated by' is one of {', '.join(STATERS)}")
    if [argument for argument, _ in described] != list(arguments):
        report(f"under 'Args:' describe {', '.join(arguments)} in this order, one ' - Name: …' each")
    for key in ("Says", "Absent", "None", "Short"):
        for placeholder in placeholders(fields.get(key, "")):
            if placeholder not in arguments:
                report(f"{{{placeholder}}} in '{key}' is no argument of {name}", Finding.UNKNOWN_PLACEHOLDER)
    for key in fields.keys() - _LINES:
        report(f"'{key}' is no line of a declaration; expected {', '.join(sorted(_LINES))}")
    for key, needed in _ABOUT.items():
        if fields.get(key) and not set(needed) <= set(arguments):
            report(f"'{key}' is for a predicate with the arguments {' and '.join(needed)}")
    if not fields.get("Summary", "1").isdecimal():
        report("'Summary' is a number, the place among the sentences that sum an LEA up")
    question = _QUESTION.fullmatch(fields.get("Question", "1 goes"))
    if question is None:
        report("write 'Question: NUMBER comes or goes', or 'Question: NUMBER goes'")
    if fields.get("Criteria", "Year") != "Year" or ("Criteria" in fields and fields.get("Stated by") != "policy"):
        report("'Criteria: Year' is for facts that the policy states")
    for key, meaning in (("Heading", "its heading in reports"), ("Label", "its short name in tables")):
        if fields.get("Output") and not fields.get(key):
            report(f"an output needs a line '{key}: …', {meaning}")
    listed = {
        key: tuple(part.strip() for part in fields.get(key, "").split(",") if part.strip())
        for key in ("Key", *UNITS, *_OF_FACTS)
    }
    once_for = listed["Once for"] if "Once for" in fields else None
    if once_for == (_ALL,):
        once_for = listed["Once for"] = ()
    for key in (*_OF_FACTS, "Filled by"):
        if key in fields and fields.get("Stated by") != "policy":
            report(f"'{key}' is for a predicate that the policy states")
    for key in ("Acyclic", "Interval"):
        if key in fields and len(listed[key]) != 2:
            report(f"write '{key}: Argument, Argument'")
    if "Gapless" in fields and "Interval" not in fields:
        report("'Gapless' needs the line 'Interval: Argument, Argument'")
    for key, named in listed.items():
        for argument in named:
            if argument not in arguments:
                report(f"{argument} in '{key}' is no argument of {name}")
    patterns = {key: _alternatives(fields.get(key, "")) for key in ("Domain", "Considered", "Complete", "Open")}
    for key, alternatives in patterns.items():
        if alternatives is None or (key in ("Domain", "Considered") and len(alternatives) > 1):
            report(f"write '{key}: predicate(Argument, …), …'")
    words = fields.get("Report", "").split()
    report_part = (words[0], words[1]) if len(words) == 2 else None
    if words and report_part is None:
        report("write 'Report: report part', two words")
    if problems:
        return None, problems
    domain = next(iter(patterns["Domain"] or ()), ())
    return (
        Predicate(
            name,
            arguments,
            fields["Says"],
            fields["Absent"],
            fields["Stated by"],
            fields.get("Output"),
            fields.get("Heading"),
            fields.get("Label"),
            fields.get("Used by"),
            listed["Tenths"],
            file,
            line,
            listed["Key"],
            domain,
            patterns["Complete"] or (),
            patterns["Open"] or (),
            fields.get("None"),
            fields.get("Scope") == "yes",
            frozenset(argument for _, given in domain for argument in given if argument in arguments),
            fields.get("Changes"),
            fields.get("Settles"),
            listed["Dates"],
            listed["Cents"],
            listed["Dollars"],
            listed["Sixths"],
            listed["Hundredths"],
            listed["TenThousandths"],
            fields.get("Topic"),
            fields.get("Short"),
            report_part,
            tuple(described),
            fields.get("Basis"),
            fields.get("Ground"),
            int(fields["Summary"]) if "Summary" in fields else None,
            next(iter(patterns["Considered"] or ()), ()),
            (int(question[1]), question[2] is not None) if question and "Question" in fields else None,
            fields.get("Compared"),
            "Criteria" in fields,
            fields.get("Invents"),
            once_for,
            listed["Acyclic"],
            listed["Interval"],
            listed["Gapless"],
            tuple(part.strip() for part in fields.get("Filled by", "").split(",") if part.strip()),
        ),
        [],
    )


def _alternatives(text: str) -> tuple[tuple[Pattern, ...], ...] | None:
    """Read ``a(X), b(X, y) or c(X)``: alternatives, each of one atom or more; ``None`` if it cannot be read."""
    alternatives: list[tuple[Pattern, ...]] = []
    for part in re.split(r"\s+or\s+", text.strip()) if text.strip() else []:
        if part == _ALWAYS:
            alternatives.append(())
            continue
        if _PATTERN.sub("", part).replace(",", "").strip():
            return None
        patterns = tuple(
            (name, tuple(argument.strip() for argument in arguments.split(",")))
            for name, arguments in _PATTERN.findall(part)
        )
        if not patterns:
            return None
        alternatives.append(patterns)
    return tuple(alternatives)
