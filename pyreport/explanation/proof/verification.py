"""Verify a page or a graph on its own: the proof, the law it quotes, what it shows, and its facts in their files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyreport.evidence.counties import counties, county_code
from pyreport.explanation.proof.checker import SHOWN, ProofChecker, Verdict
from pyreport.explanation.proof.document import read_document
from pyreport.explanation.proof.packing import PackingError, unpack
from pyreport.explanation.proof.page import Element, carried_graph, read_page
from pyreport.explanation.proof.policy import READINGS, policy_texts
from pyreport.explanation.proof.shown import heading_of, shown_problems
from pyreport.explanation.proof.words import Words, date_words, plain

if TYPE_CHECKING:
    from pyreport.evidence.facts import Facts
    from pyreport.evidence.record import Record

__all__ = ["Evidence", "Unverifiable", "Verification", "Verifier"]

_PUBLICATION = {"dashboard_year": int, "title": str, "file": str, "sheet": str, "sha256": str}
_READING = re.compile(r"^%[ \t]*@reading[ \t]+(.*?)[ \t]*$", re.MULTILINE)
_NUMBERS = ("until", "year", "as_of")
_LOCATED = "located_in"
_SCOPE = {"only", *_NUMBERS, "funds"}


class Unverifiable(Exception):
    """A file that is neither a page with a graph nor a graph; the message says why."""


@dataclass(frozen=True)
class Evidence:
    """Where facts are to be found: a record, further facts of case files, and what to call the two in messages."""

    record: Record
    case: Facts
    words: str


@dataclass
class Verification:
    """What came of one file: what was found in order, and the problems; no problem, and the file is verified."""

    name: str
    confirmed: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    last: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def __str__(self) -> str:
        lines = [f"{self.name}:", *self.confirmed]
        if self.problems:
            more = len(self.problems) - SHOWN
            plural = "" if len(self.problems) == 1 else "s"
            lines = [f"{self.name}: NOT VERIFIED: {len(self.problems)} problem{plural}.", *self.problems[:SHOWN]]
            lines += [f"… and {more} more"] if more > 0 else []
        return "\n".join([*lines, *([self.last] if self.last and self.holds else [])])


class Verifier:
    """Verifies files against the policy in one folder. Reading and compiling the policy is paid once."""

    def __init__(self, policy: Path, evidence: Evidence | None = None) -> None:
        self.policy, self.evidence = policy, evidence
        self._checkers: dict[tuple[str, ...], tuple[dict[str, str], ProofChecker]] = {}

    def verify(self, path: Path) -> Verification:
        """Verify a county's page, or a graph written by ``pyreport decide --format graph``.

        Raises:
            Unverifiable: The file holds no graph that can be read.
            PolicyUnreadable: The policy folder is not one.
        """
        root, document = _read(path)
        result = Verification(path.name)
        named = tuple(sorted(name for name in document["policy"] if str(name).startswith(READINGS)))
        if named not in self._checkers:
            texts = policy_texts(self.policy, named)
            self._checkers[named] = texts, ProofChecker(texts)
        texts, checker = self._checkers[named]
        differing = checker.differing(document["policy"])
        if differing:
            result.problems.append(
                f"It was made with another version of the policy than {self.policy}, where "
                f"{', '.join(differing)} differ{'s' if len(differing) == 1 else ''}. Nothing else was looked at. "
                "Give the policy it was made with by --policy."
            )
            return result
        verdict = checker.check(document)
        result.problems += verdict.problems or _scope_problems(document, checker)
        if result.problems:
            return result
        self._confirm(result, document, verdict, named)
        if root is not None:
            words = Words(texts, checker.policy, _by_name(checker, document))
            try:
                self._shown(result, root, document, words, checker, verdict, [texts[name] for name in named])
            except RecursionError:
                result.problems.append("The page's elements lie in one another deeper than any page of ours.")
        self._facts(result, document, checker)
        return result

    def _confirm(
        self, result: Verification, document: Mapping[str, Any], verdict: Verdict, named: tuple[str, ...]
    ) -> None:
        quotations = sum(len(one["passages"]) for one in document["authorities"].values())
        result.confirmed += [
            f"Scope: {_scope_words(document['scope'])}.",
            str(verdict),
            f"All {quotations} quotations stand in {self.policy / 'authorities.yaml'}, as the rules cite them.",
        ]
        if named:
            result.confirmed.append(
                f"It follows an alternative reading of the law, which was rejected: {', '.join(named)}."
            )

    def _shown(
        self,
        result: Verification,
        root: Element,
        document: Mapping[str, Any],
        words: Words,
        checker: ProofChecker,
        verdict: Verdict,
        readings: Iterable[str],
    ) -> None:
        heading, scope = heading_of(root), document["scope"]
        if heading is None:
            result.problems.append("The page names no county and Dashboard year in its heading.")
            return
        county, year = heading
        try:
            code = county_code(county)
        except ValueError as error:
            result.problems.append(f"The page's heading: {error}.")
            return
        if {name: scope[name] for name in ("only", "until", "year")} != {"only": [code], "until": year, "year": None}:
            result.problems.append(
                f"The page is headed {county} County, {year}; its graph is of {_scope_words(scope)}."
            )
            return
        header = next(root.all("header"), root).text
        for reading in (found for text in readings for found in _READING.findall(text)):
            if reading not in header:
                result.problems.append(f"The page does not say by which rejected reading it decides: “{reading}”.")
        footer = next(root.all("footer"), root).text
        lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(document["policy"].items()))
        for stated in (str(verdict), f"Rules: {hashlib.sha256(lines.encode()).hexdigest()}."):
            if stated not in footer:
                result.problems.append(f"The page's last lines do not say “{stated}”.")
        problems = [
            f"{one[:1].upper()}{one[1:]}."
            for one in shown_problems(root, document, words, checker, year, self._printed())
        ]
        result.problems += problems
        if not result.problems:
            result.confirmed.append(
                "The answers, sentences, cells and quotations that the page shows are those of its graph, and what "
                "its why-nots deny does not hold. What it calls possible follows by the rules after the steps named. "
                "Of the why-nots, the kinds of no, and which comes first, are not compared."
            )

    def _printed(self) -> dict[tuple[int, str], str] | None:
        """The statuses that CDE printed, where evidence is given."""
        if self.evidence is None:
            return None
        return {key: one.status.value for key, one in self.evidence.record.published.items() if one.status is not None}

    def _facts(self, result: Verification, document: Mapping[str, Any], checker: ProofChecker) -> None:
        if self.evidence is None:
            result.confirmed += ["The facts are said to stand in these files (SHA-256):"]
            result.confirmed += [f"  {one['sha256']}  {one['file']}" for one in document["publications"]]
            result.last = (
                f"The {len(document['facts']):,} facts were taken as stated, and not looked for in their files; "
                "--record or --evidence does so."
            )
            return
        from pyreport.explanation.proof.sources import expected_facts, fact_problems

        expected = expected_facts(self.evidence.record, self.evidence.case, document["scope"], checker.policy)
        problems = list(fact_problems(document, expected))
        result.problems += problems
        if not problems:
            result.last = (
                f"All {len(document['facts']):,} facts stand in {self.evidence.words}, cell by cell, and it holds no "
                "other of this scope."
            )


def _read(path: Path) -> tuple[Element | None, dict[str, Any]]:
    """The page, if it is one, and the graph document."""
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unverifiable(f"{path}: no page and no graph: not UTF-8 at byte {error.start}") from None
    root = None
    try:
        if text.lstrip("\ufeff \t\r\n").startswith("<"):
            root = read_page(text)
            document = unpack(carried_graph(root))
        else:
            document = read_document(text)
    except PackingError as error:
        raise Unverifiable(f"{path}: {error}") from None
    except (ValueError, RecursionError) as error:
        raise Unverifiable(f"{path}: neither a page nor a graph written as JSON ({error})") from None
    fault = _fault(document)
    if fault:
        raise Unverifiable(f"{path}: {fault}")
    return root, document


def _fault(document: Any) -> str | None:
    """Why a document is no graph at all, if it is none. What is wrong within it is for the checker to say."""
    if not isinstance(document, dict) or not str(document.get("format", "")).startswith("pyreport graph"):
        return "it holds no graph of pyreport's"
    parts = {"policy": dict, "authorities": dict, "rules": dict, "facts": list, "publications": list, "scope": dict}
    for name, kind in parts.items():
        if not isinstance(document.get(name), kind):
            return f"the graph is damaged: it has no {name}"
    for one in document["publications"]:
        if not isinstance(one, dict) or any(type(one.get(name)) is not kind for name, kind in _PUBLICATION.items()):
            return f"the graph is damaged: a publication needs {', '.join(_PUBLICATION)}"
    scope, count = document["scope"], len(document["publications"])
    only = scope.get("only", ())
    if set(scope) != _SCOPE or not (
        (only is None or (isinstance(only, list) and all(isinstance(one, str) for one in only)))
        and all(scope[name] is None or type(scope[name]) is int for name in _NUMBERS)
        and (scope["funds"] is None or _are_funds(scope["funds"]))
    ):
        return f"the graph is damaged: its scope needs only, {', '.join(_NUMBERS)} and funds"
    for fact in document["facts"]:
        if not isinstance(fact, list) or len(fact) != 4 or not isinstance(fact[0], list) or not fact[0]:
            return "the graph is damaged: a fact needs an atom, a publication, a place and a value"
        if type(fact[1]) is not int or not 0 <= fact[1] < count or not all(isinstance(one, str) for one in fact[2:]):
            return "the graph is damaged: a fact needs the number of its publication, a place and a value"
    return None


def _are_funds(value: Any) -> bool:
    return isinstance(value, list) and [type(one) for one in value] == [str, int]


def _by_name(checker: ProofChecker, document: Mapping[str, Any]) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for (name, _), atoms in checker.atoms(document).relations.items():
        found.setdefault(name, []).extend(atoms)
    return found


def _scope_problems(document: Mapping[str, Any], checker: ProofChecker) -> Iterator[str]:
    """Yield the facts that the graph's own scope leaves out, and the files in which no fact stands."""
    used = {source for _, source, *_ in document["facts"]}
    for place, one in enumerate(document["publications"]):
        if place not in used:
            yield f"No fact of the graph stands in {one['file']}, which it names."
    only, until = document["scope"]["only"], document["scope"]["until"] or document["scope"]["year"]
    # A county's LEAs are those of its code and those that a case file locates there.
    located = {
        plain(atom[1]) for atom, *_ in document["facts"] if atom[0] == _LOCATED and plain(atom[2]) in (only or ())
    }
    for (predicate, *arguments), source, *_ in document["facts"]:
        values = dict(zip(checker.policy.arguments.get((predicate, len(arguments)), ()), arguments, strict=False))
        # Whom a fact is about is its first argument; a number is about nobody. Case files are bound to no Dashboard.
        about, year = next(iter(arguments), 0), values.get("Year")
        cds, bound = plain(about), bool(document["publications"][source]["dashboard_year"])
        of_scope = only is None or isinstance(about, int) or cds in located or cds in only or cds[:2] in only
        if not of_scope or (until is not None and year is not None and bound and not year <= until):
            text = f"{predicate}({','.join(map(str, arguments))})"
            yield f"{text} is not of the graph's scope: {_scope_words(document['scope'])}"


def _scope_words(scope: Mapping[str, Any]) -> str:
    only, until, year = scope["only"], scope["until"], scope["year"]
    names = [f"{counties()[one]} County" if one in counties() else one for one in only or ()]
    where = ", ".join(names) if only is not None else "all of California"
    when = f", the {year} Dashboard" if year is not None else f", Dashboards up to {until}" if until is not None else ""
    asked = f", as of {date_words(scope['as_of'])}" if scope["as_of"] is not None else ""
    money = (
        f", the funds of {scope['funds'][0]} in the fiscal year that ends in {scope['funds'][1]}"
        if scope["funds"]
        else ""
    )
    return f"{where}{when}{asked}{money}"
