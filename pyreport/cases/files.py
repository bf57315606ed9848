"""Files of written cases: read, held against their schema and the policy's own names, tables filled in."""

from __future__ import annotations

import datetime
import difflib
import itertools
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pyreport.cases.case import Case, place_of
from pyreport.errors import PyreportError
from pyreport.evidence.readers.written_file import WrittenFile
from pyreport.files.plain_yaml import NotPlain, Place, read_limited, read_plain_yaml
from pyreport.rulebook.rulebook import Rulebook

__all__ = [
    "CasesError",
    "case_paths",
    "case_schema",
    "faults_of_names",
    "filled",
    "read_cases",
    "read_document",
    "schema_text",
]

_COUNTY = "27"
"""In which the LEAs of cases are: some rules look up the county's geographic lead."""
_CONCLUSIONS = ("concludes", "does_not_conclude", "follows_for_it", "does_not_follow_for_it", "explained")
_BRACES = re.compile(r"\{[a-z_]+\}")


class CasesError(PyreportError):
    """Files of cases that cannot be run. All problems are reported together, each with file and line."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        heading = f"The cases cannot be run: {count:,} problem{'s' if count > 1 else ''}."
        super().__init__("\n".join([heading, *self.problems]))


def case_paths(given: Iterable[Path], policy: Path) -> list[Path]:
    """The files of cases that the user names: files, or folders of them; else those in tests/cases beside the policy.

    Raises:
        CasesError: There are none.
    """
    places = tuple(given) or (policy.resolve().parent / "tests" / "cases",)
    paths = [path for one in places for path in (sorted(one.glob("*.yaml")) if one.is_dir() else [one])]
    if not paths:
        raise CasesError([f"{', '.join(map(str, places))}: there are no files of cases (*.yaml) here; name some."])
    return paths


def schema_text() -> str:
    """The JSON schema of a file of cases, for editors."""
    return (Path(__file__).parent / "schema.json").read_text(encoding="utf-8")


@cache
def case_schema() -> dict[str, Any]:
    """The same, read."""
    schema: dict[str, Any] = json.loads(schema_text())
    return schema


def read_document(path: Path) -> WrittenFile:
    """A file of cases as it stands, keys and dates as text.

    Raises:
        CasesError: It is no plain YAML.
        OSError: It cannot be read.
    """
    try:
        content = read_limited(path)
        value, root = read_plain_yaml(content.decode("utf-8-sig"), policy=True)
    except UnicodeDecodeError as error:
        raise CasesError([f"{place_of(path, 1)}: not UTF-8 at byte {error.start}; save the file as UTF-8"]) from None
    except NotPlain as error:
        raise CasesError([f"{place_of(path, line)}: {message}" for line, message in error.problems]) from None
    return WrittenFile(path, "Written cases", content, _as_text(value), root)


def read_cases(paths: Iterable[Path], rulebook: Rulebook) -> list[Case]:
    """Every case of the files, tables filled in, each with a CDS code of its own.

    Args:
        paths: The files.
        rulebook: The policy as it is, whose predicates and rules the cases name.

    Raises:
        CasesError: With every problem of every file.
        OSError: A file cannot be read.
    """
    cases: list[Case] = []
    of_kind: Counter[str] = Counter()
    problems: list[str] = []
    for path in paths:
        try:
            document = read_document(path)
        except CasesError as error:
            problems += error.problems
            continue
        faults = [
            f"{place_of(path, document.line(place))}: {_in_words(place, message)}"
            for place, message in document.placed_faults(case_schema())
        ]
        if faults:
            problems += faults
            continue
        try:
            cases += _cases_of(path, document, rulebook, of_kind)
        except _Unfilled as error:
            problems.append(str(error))
    problems += (f"{case.place}: {fault}" for case in cases for fault in _faults(case))
    if problems:
        raise CasesError(problems)
    return cases


class _Unfilled(Exception):
    """A table of a case does not fill it in; the message has file and line."""


def _cases_of(path: Path, document: WrittenFile, rulebook: Rulebook, of_kind: Counter[str]) -> list[Case]:
    """The cases of one file; ``of_kind`` counts those so far by the kind of their LEA."""
    cases: list[Case] = []
    for number, entry in enumerate(document.value["cases"]):
        line = document.line(("cases", number))
        for row in _rows(entry.get("for_each")):
            given = filled({key: value for key, value in entry.items() if key != "for_each"}, row)
            if missing := _BRACES.search(json.dumps(given, default=str)):
                raise _Unfilled(f"{place_of(path, line)}: the table (for_each) has no value for {missing[0]}")
            kind = given["kind"]
            of_kind[kind] += 1
            ordinal = of_kind[kind]
            made_up = {
                "county_office": f"{_COUNTY}10{ordinal:03}0000000",
                "district": f"{_COUNTY}6{ordinal:04}0000000",
                "charter": f"{_COUNTY}69999{ordinal:07}",
            }[kind]
            cases.append(Case(path, line, given["name"], given.get("cds", made_up), given, rulebook))
    return cases


def _faults(case: Case) -> Iterator[str]:
    """What a case states or names that there cannot be."""
    for text in case.given.get("on_record", ()):
        name, *words = text.split(" ")
        predicate = case.rulebook.predicates.get(name)
        if predicate is None:
            yield f"on_record: {text}: {_no_such('predicate', name, case.rulebook.predicates)}"
            return
        expected = [one for one in predicate.arguments if one != "LEA" or predicate.arguments[0] != "LEA"]
        if len(words) != len(expected):
            yield f"on_record: {text}: {name} has {', '.join(expected) or 'nothing'} after the LEA"
            return
    try:
        case.record()
        _ = case.facts
    except ValueError as error:
        yield str(error)


def faults_of_names(case: Case, rulebook: Rulebook) -> Iterator[str]:
    """What a case names that ``rulebook``, by which it is decided, does not have: rules, and what rules conclude."""
    for rule in sorted(case.rules - rulebook.by_id.keys()):
        yield _no_such("rule", rule, rulebook.by_id)
    for conclusion in (one for key in _CONCLUSIONS for one in case.conclusions(key)):
        predicate = rulebook.predicates.get(conclusion.predicate)
        if predicate is None:
            yield f"{conclusion.text}: {_no_such('predicate', conclusion.predicate, rulebook.predicates)}"
        elif predicate.stated_by != "rules":
            yield f"{conclusion.text}: {predicate.name} is given, not concluded"


def _no_such(kind: str, name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, known, n=3)
    return f"there is no {kind} {name}" + (f"; did you mean {' or '.join(near)}?" if near else "")


def _in_words(place: Place, message: str) -> str:
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    return f"{where}: {message}" if where else message


def _as_text(value: Any) -> Any:
    """The value with keys and dates as text: years are keys, and a date may stand with or without quotation marks."""
    if isinstance(value, dict):
        return {str(key): _as_text(one) for key, one in value.items()}
    if isinstance(value, datetime.date):
        return value.isoformat()
    return [_as_text(one) for one in value] if isinstance(value, list) else value


def _rows(table: Any) -> Iterable[Mapping[str, Any]]:
    if table is None:
        return [{}]
    if isinstance(table, list):
        return table
    return [dict(zip(table, values, strict=True)) for values in itertools.product(*table.values())]


def filled(value: Any, row: Mapping[str, Any]) -> Any:
    """Put the values of a table's row in place of the words in braces."""
    if isinstance(value, dict):
        return {filled(key, row): filled(one, row) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one, row) for one in value]
    if isinstance(value, str):
        for name, one in row.items():
            if value == f"{{{name}}}":
                return one
            value = value.replace(f"{{{name}}}", str(one))
    return value
