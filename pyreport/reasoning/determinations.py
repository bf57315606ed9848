"""The conclusions of a graph as a table: one row for each LEA and Dashboard year."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields

from pyreport.errors import PyreportError
from pyreport.evidence.counties import counties
from pyreport.reasoning.graph import Graph
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value, unquote

__all__ = ["AS_PRINTED", "COLUMNS", "Determination", "YearNotEncoded", "check_year", "determinations"]

_YEARS = ("Year", "Earlier")
_FLAGS = {"yes": "Y", "no": "N", "open": "?"}


@dataclass(frozen=True, slots=True)
class Determination:
    """One LEA in one Dashboard year; the first eleven fields are the columns that ``decide`` promises.

    Attributes:
        cds: 14-digit CDS code.
        name: The LEA's name in that year's file.
        county: The county's name.
        kind: ``district``, ``county_office`` or ``charter``.
        dashboard_year: The Dashboard year.
        status: CDE's words of that year; empty for a charter school that a directory alone names.
        methods: The methods known to be met, such as ``1+2``.
        groups: Student groups that met the criteria, with their state priorities, such as ``FOS=5+8 HOM=4+5``.
        persistent_52072: ``Y``, ``N`` or ``?`` (open); empty where the test is not made.
        persistent_52071f: ``Y``, ``N`` or ``?``; empty where EC 52071(f) was not in force.
        lcap_goal_groups: Student groups that require an LCAP goal; with a question mark those of which it is open.
        differentiated_assistance: ``certain``, ``possible`` (a ground is not on record) or ``ruled out``.
        methods_not_on_record: Methods in force of which nothing is on record, such as ``2+3+4``.
        basis: What was decided upon where a method is not on record, and what was taken as CDE printed it; else empty.
    """

    cds: str
    name: str
    county: str
    kind: str
    dashboard_year: int
    status: str
    methods: str
    groups: str
    persistent_52072: str
    persistent_52071f: str
    lcap_goal_groups: str
    differentiated_assistance: str
    methods_not_on_record: str
    basis: str


COLUMNS = tuple(field.name for field in fields(Determination))


class YearNotEncoded(PyreportError):
    """No criteria are encoded for the Dashboard year; nothing is guessed."""


def check_year(rulebook: Rulebook, year: int) -> None:
    """Make sure that the policy covers the determinations of ``year``.

    Raises:
        YearNotEncoded: It does not; the message says why, or which files to write.
    """
    encoded = sorted({fact[1] for rule in rulebook.by_head["regime"] for fact in rule.facts}, key=str)
    if year in encoded:
        return
    for rule in rulebook.by_head["no_determinations"]:
        if (rule.head.predicate, year) in rule.facts:
            citation = rule.cites[0]
            raise YearNotEncoded(f"{rule.says.format(Year=year)}. {citation.text}: “{citation.quotation}”")
    # The facts of law of the newest year encoded say where the year's own have to be written.
    newest = encoded[-1]
    places = sorted({rule.file for rule in rulebook.rules for fact in rule.facts if _speaks_of(rule, fact, newest)})
    raise YearNotEncoded(
        f"No criteria are encoded for the {year} Dashboard; encoded are {', '.join(map(str, encoded))}. "
        f"{_not_on_hand(rulebook, year)}Write policy/criteria/{year}.lp, like policy/criteria/{newest}.lp, and the "
        f"year's entries in {', '.join('policy/' + place for place in places if not place.startswith('criteria/'))}."
    )


def _not_on_hand(rulebook: Rulebook, year: int) -> str:
    """What the policy says of criteria of ``year`` that it knows of and does not have."""
    for rule in rulebook.by_head.get("board_criteria", ()):
        for fact in rule.facts:
            if fact[1] == year:
                citation = rule.cites[0]
                message = rule.says.format(**dict(zip(rule.variables, fact[1:], strict=True)))
                return f"{message}. {citation.text}: “{citation.quotation}” "
    return ""


def _speaks_of(rule: Rule, fact: Atom, year: Value) -> bool:
    return any(name in _YEARS and value == year for name, value in zip(rule.variables, fact[1:], strict=True))


def determinations(graph: Graph, years: Collection[int]) -> list[Determination]:
    """Return the rows of ``years``, by Dashboard year and CDS code."""
    status = _one(graph, "status")
    kind = {atom[1]: str(atom[2]) for atom in graph.atoms("kind")}
    methods = _many(graph, "meets_method")
    unknown = _many(graph, "method_not_on_record")
    possible = {(atom[1], atom[2]) for atom in graph.atoms("possibly_eligible")}
    eligible = {(atom[1], atom[2]) for atom in graph.atoms("eligible")}
    met = _many(graph, "meets_criteria_on_state_priorities")
    goals = _many(graph, "lcap_goal_group")
    open_goals = _many(graph, "lcap_goal_open")
    priorities: dict[tuple[Value, Value, Value], set[Value]] = {}
    for _, lea, year, group, priority in graph.atoms("meets_state_priority"):
        priorities.setdefault((lea, year, group), set()).add(priority)
    answers = {name: _one(graph, name) for name in ("persistent_52072", "persistent_52071f")}
    rows = []
    names = {(atom[1], atom[2]): unquote(atom[3]) for atom in graph.atoms("name")}
    as_printed = {name: {atom[1:3] for atom in graph.atoms(name)} for name in AS_PRINTED}
    for _, lea, year in sorted(graph.atoms("covered"), key=lambda atom: (atom[2], atom[1])):
        if year not in years or not isinstance(year, int):
            continue
        key, cds = (lea, year), unquote(lea)
        groups = " ".join(
            f"{str(group).upper()}={_joined(priorities[lea, year, group])}"
            for group in sorted(met.get(key, ()), key=str)
        )
        rows.append(
            Determination(
                cds=cds,
                name=names[key],
                county=counties()[cds[:2]],
                kind=kind[lea],
                dashboard_year=year,
                status=unquote(status[key]) if key in status else "",
                methods=_joined(methods.get(key, ())),
                groups=groups,
                persistent_52072=_FLAGS.get(str(answers["persistent_52072"].get(key)), ""),
                persistent_52071f=_FLAGS.get(str(answers["persistent_52071f"].get(key)), ""),
                lcap_goal_groups=" ".join(
                    sorted(
                        [str(group).upper() for group in goals.get(key, ())]
                        + [f"{str(group).upper()}?" for group in open_goals.get(key, ())]
                    )
                ),
                differentiated_assistance="certain"
                if key in eligible
                else "possible"
                if key in possible
                else "ruled out",
                methods_not_on_record=_joined(unknown.get(key, ())),
                basis=" ".join(
                    [
                        *(words for name, words in AS_PRINTED.items() if key in as_printed[name]),
                        *_basis(graph, kind[lea], year, unknown.get(key, set())),
                    ]
                ),
            )
        )
    return rows


AS_PRINTED = {
    "only_in_directory": "No file of the year at hand names it; a directory of charter schools does.",
    "eligible_as_printed": "Eligible as CDE printed it; the ground is not on record.",
    "answered_52072": "EC 52072 as CDE printed it; the record leaves it open.",
    "answered_52071f": "EC 52071(f) as CDE printed it; the record leaves it open.",
}
"""What a row rests on beside derivations from facts, by the predicate that says so."""


def _basis(graph: Graph, kind: Value, year: int, unknown: set[Value]) -> list[str]:
    if not unknown:
        return []
    in_force = {atom[2] for atom in graph.atoms("method_in_force") if atom[1] == year}
    open_to_kind = {atom[1] for atom in graph.atoms("open_to") if atom[2] == kind}
    earlier = {atom[2] for atom in graph.atoms("previous_dashboard") if atom[1] == year}
    grounds = _numbered((in_force & open_to_kind) - unknown)
    if ("two_years_owed_to", kind) in graph.atoms("two_years_owed_to") and any(
        atom[1] in earlier for atom in graph.atoms("two_year_minimum")
    ):
        grounds += " and the second year"
    verb = "are" if len(unknown) > 1 else "is"
    return [f"Decided on {grounds} alone; {_numbered(unknown)} {verb} not on record."]


def _numbered(methods: set[Value]) -> str:
    numbers = sorted(map(str, methods))
    listed = " and ".join([", ".join(numbers[:-1]), numbers[-1]]) if len(numbers) > 1 else "".join(numbers)
    return f"Method{'s' if len(numbers) > 1 else ''} {listed}"


def _one(graph: Graph, predicate: str) -> dict[tuple[Value, Value], Value]:
    """The third argument of each atom by its first two, the LEA and the year."""
    return {(atom[1], atom[2]): atom[3] for atom in graph.atoms(predicate)}


def _many(graph: Graph, predicate: str) -> dict[tuple[Value, Value], set[Value]]:
    found: dict[tuple[Value, Value], set[Value]] = {}
    for atom in graph.atoms(predicate):
        _add(found, atom)
    return found


def _add(found: dict[tuple[Value, Value], set[Value]], atom: Atom) -> None:
    found.setdefault((atom[1], atom[2]), set()).add(atom[3])


def _joined(numbers: Iterable[Value]) -> str:
    return "+".join(map(str, sorted(numbers, key=lambda number: (str(type(number)), number))))
