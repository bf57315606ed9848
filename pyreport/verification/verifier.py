"""Verify files of a run and graphs: the proof, the law it quotes, the files made again from it, and its facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyreport.errors import PyreportError
from pyreport.evidence.counties import counties
from pyreport.proof.checker import SHOWN, ProofChecker, Verdict
from pyreport.proof.policy import READINGS, policy_texts
from pyreport.proof.reader import PolicyUnreadable
from pyreport.rulebook.syntax import unquote
from pyreport.verification.proof_files import GraphFile, Unverifiable, proof_hash, proof_of_file, read_graph

if TYPE_CHECKING:
    from pyreport.evidence.predicates import Facts
    from pyreport.evidence.record import Record
    from pyreport.verification.remaking import CountyToMake

__all__ = ["Evidence", "PolicyNotVerifiable", "Verification", "Verifier"]

_LOCATED = "located_in"


class PolicyNotVerifiable(PyreportError):
    """The proof checker cannot read the policy; the message names file and line."""


@dataclass(frozen=True)
class Evidence:
    """Where to look for facts: a record, the facts of case files, and the words for both in messages."""

    record: Record
    case: Facts
    words: str


@dataclass
class Verification:
    """The result for one file, which is verified where there are no problems.

    Attributes:
        name: The file's name.
        confirmed: What was confirmed, a sentence each.
        problems: What is wrong, a sentence each.
        last: How the facts were compared with their files, the last sentence of a file that is verified.
        unreadable: Whether the file holds no graph that can be read; the reason is the only problem then.
        county: The county whose files the proof makes, if it is that of one.
    """

    path: Path
    name: str
    confirmed: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    last: str = ""
    unreadable: bool = False
    county: CountyToMake | None = None

    @property
    def is_proof(self) -> bool:
        """Whether the file is a proof, or a graph of its own."""
        return self.path.suffix not in (".html", ".csv", ".xlsx", ".svg") and self.path.parent.name != "data"

    def take(self, proof: Verification) -> None:
        """Take what was found of the proof on which the file rests."""
        self.confirmed += proof.confirmed
        self.problems += proof.problems
        self.last, self.unreadable, self.county = proof.last, proof.unreadable, proof.county

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def __str__(self) -> str:
        if self.unreadable:
            return self.problems[0]
        lines = [f"{self.name}:", *self.confirmed]
        if self.problems:
            more = len(self.problems) - SHOWN
            plural = "" if len(self.problems) == 1 else "s"
            lines = [f"{self.name}: NOT VERIFIED: {len(self.problems)} problem{plural}.", *self.problems[:SHOWN]]
            lines += [f"… and {more} more"] if more > 0 else []
        return "\n".join([*lines, *([self.last] if self.last and self.holds else [])])


class Verifier:
    """Verifies files against the policy in one folder, which is read and compiled once.

    Args:
        policy: The folder.
        evidence: Where to look for the graphs' facts; they are taken as stated if ``None``.
        jobs: Pages made again at the same time.
    """

    def __init__(self, policy: Path, evidence: Evidence | None = None, jobs: int = 1) -> None:
        self.policy, self.evidence, self.jobs = policy, evidence, jobs
        self._checkers: dict[tuple[str, ...], ProofChecker] = {}

    def verify(self, paths: Sequence[Path]) -> list[Verification]:
        """Verify files of a run, whole folders of them, or graphs written by ``pyreport decide --format graph``.

        Raises:
            PolicyNotVerifiable: The folder of the policy is none, or the policy cannot be read.
        """
        by_proof: dict[Path, list[Verification]] = {}
        results = []
        hash_of = cache(proof_hash)
        for path in (file for given in paths for file in _files_of(given)):
            result = Verification(path, path.name)
            results.append(result)
            try:
                by_proof.setdefault(proof_of_file(path, hash_of), []).append(result)
            except Unverifiable as error:
                result.problems.append(str(error))
                result.unreadable = True
        for proof, of_proof in by_proof.items():
            checked = self._checked(proof)
            for result in of_proof:
                result.take(checked)
        made = {result.county: by_proof[result.county.proof] for result in results if result.county and result.holds}
        if made:
            from pyreport.verification.remaking import make_again

            def compared(county: CountyToMake, folder: Path | None, error: str) -> None:
                for result in made[county]:
                    _compare(result, county.proof, folder, error)

            make_again(list(made), self.policy, self.jobs, compared)
        return results

    def _checked(self, path: Path) -> Verification:
        """Check the proof in a file, its quotations and facts; the files that rest on it are not made again yet."""
        result = Verification(path, path.name)
        try:
            carried = read_graph(path)
        except Unverifiable as error:
            result.problems.append(str(error))
            result.unreadable = True
            return result
        document = carried.document
        named = tuple(sorted(name for name in document["policy"] if str(name).startswith(READINGS)))
        if named not in self._checkers:
            try:
                self._checkers[named] = ProofChecker(policy_texts(self.policy, named))
            except PolicyUnreadable as error:
                raise PolicyNotVerifiable(str(error)) from error
        checker = self._checkers[named]
        differing = checker.differing(document["policy"])
        if differing:
            result.problems.append(
                f"It was made with another version of the policy than {self.policy}, where "
                f"{', '.join(differing)} differ{'s' if len(differing) == 1 else ''}. Nothing else was looked at. "
                "Give the policy it was made with by --policy, or the version of the whole program by --at."
            )
            return result
        verdict = checker.check(document)
        result.problems += verdict.problems or _scope_problems(document, checker)
        if result.problems:
            return result
        self._confirm(result, document, verdict, named)
        self._facts(result, document, checker)
        if carried.proof is not None:
            self._expect_files(result, carried, named)
        return result

    def _confirm(
        self, result: Verification, document: Mapping[str, Any], verdict: Verdict, named: tuple[str, ...]
    ) -> None:
        quotations = sum(len(authority["passages"]) for authority in document["authorities"].values())
        result.confirmed += [
            f"Scope: {_scope_words(document['scope'])}.",
            str(verdict),
            f"All {quotations} quotations stand in {self.policy / 'authorities.yaml'}, as the rules cite them.",
        ]
        if named:
            result.confirmed.append(
                f"It follows an alternative reading of the law, which was rejected: {', '.join(named)}."
            )

    def _expect_files(self, result: Verification, carried: GraphFile, named: Sequence[str]) -> None:
        """Note of which county the proof makes the files, or that it makes none."""
        from pyreport.reporting.layout import county_layout
        from pyreport.verification.remaking import CountyToMake

        scope = carried.document["scope"]
        only, year = scope["only"], scope["until"]
        if only is None or len(only) != 1 or only[0] not in counties() or year is None or scope["year"] is not None:
            result.problems.append(
                f"Its graph is of {_scope_words(scope)}; a county's files are of one county and year."
            )
            return
        layout = carried.document["layout"]
        differing = [
            name
            for name in sorted(layout.keys() | county_layout().keys())
            if layout.get(name) != county_layout().get(name)
        ]
        if differing:
            result.problems.append(
                f"It was laid out by another version of {', '.join(differing)}: what it shows was not compared, "
                "its proof holds. Verify it with the version of the program that made it, by --at."
            )
            return
        reading = Path(named[0]).stem if named else None
        assert carried.proof is not None
        result.county = CountyToMake(carried.proof, only[0], year, reading)

    def _facts(self, result: Verification, document: Mapping[str, Any], checker: ProofChecker) -> None:
        if self.evidence is None:
            result.confirmed += ["The facts are said to stand in these files (SHA-256):"]
            result.confirmed += [
                f"  {publication['sha256']}  {publication['file']}" for publication in document["publications"]
            ]
            result.last = (
                f"The {len(document['facts']):,} facts were taken as stated, and not looked for in their files; "
                "--record or --evidence does so."
            )
            return
        from pyreport.evidence.scope import Scope
        from pyreport.verification.sources import expected_facts, fact_problems, printed_problems

        record = self.evidence.record
        expected = expected_facts(record, self.evidence.case, Scope.of_document(document["scope"]), checker.policy)
        problems = [*fact_problems(document, expected), *printed_problems(document, record, expected)]
        result.problems += problems
        if not problems:
            result.last = (
                f"All {len(document['facts']):,} facts stand in {self.evidence.words}, cell by cell, and it holds no "
                "other of this scope."
            )


def _files_of(path: Path) -> list[Path]:
    """The files of a run in a folder but the state's pages, which no proof makes; else the one file."""
    if not path.is_dir():
        return [path]
    patterns = ("proof/*.json.gz", "[0-9][0-9]-*.html", "lea/*.html", "data/*.*", "figures/*.*")
    return [file for pattern in patterns for file in sorted(path.glob(pattern))]


def _compare(result: Verification, proof: Path, folder: Path | None, error: str) -> None:
    """Compare a file with the one made again in ``folder`` from its proof."""
    from pyreport.verification.remaking import difference

    if folder is None:
        result.problems.append(f"It cannot be made again from its proof: {error}.")
        return
    name = result.path.resolve().relative_to(proof.resolve().parent.parent)
    again = folder / name
    if result.path.resolve() == proof.resolve():
        return
    if not again.is_file():
        result.problems.append("Its proof makes no such file.")
        return
    found = difference(result.path.read_bytes(), again.read_bytes(), archive=again.suffix == ".xlsx")
    if found is None:
        result.confirmed.append("Made again from its proof, the file is the same, byte for byte.")
    else:
        result.problems.append(f"The file is not what its proof makes: {found}.")


def _scope_problems(document: Mapping[str, Any], checker: ProofChecker) -> Iterator[str]:
    """Yield the facts that are outside the graph's scope, and the files in which no fact stands."""
    used = {source for _, source, *_ in document["facts"]}
    for number, publication in enumerate(document["publications"]):
        if number not in used:
            yield f"No fact of the graph stands in {publication['file']}, which it names."
    only, until = document["scope"]["only"], document["scope"]["until"] or document["scope"]["year"]
    facts = [(atom, _values(atom, checker), source) for atom, source, *_ in document["facts"]]
    # A county's LEAs are those of its code and those that a case file locates there.
    located = {
        unquote(values["LEA"])
        for (predicate, *_), values, _ in facts
        if predicate == _LOCATED and unquote(values["County"]) in (only or ())
    }
    for (predicate, *arguments), values, source in facts:
        # The first argument is the one whom the fact is about; a number is nobody. Case files are of no Dashboard.
        subject, year = next(iter(arguments), 0), values.get("Year")
        cds, of_dashboard = unquote(subject), bool(document["publications"][source]["dashboard_year"])
        in_scope = only is None or isinstance(subject, int) or cds in located or cds in only or cds[:2] in only
        if not in_scope or (until is not None and year is not None and of_dashboard and not year <= until):
            text = f"{predicate}({','.join(map(str, arguments))})"
            yield f"{text} is not of the graph's scope: {_scope_words(document['scope'])}"


def _values(atom: Sequence[Any], checker: ProofChecker) -> dict[str, Any]:
    """The arguments of an atom by the names that the policy declares for them."""
    predicate, *arguments = atom
    return dict(zip(checker.policy.arguments.get((predicate, len(arguments)), ()), arguments, strict=False))


def _scope_words(scope: Mapping[str, Any]) -> str:
    only, until, year = scope["only"], scope["until"], scope["year"]
    names = [f"{counties()[code]} County" if code in counties() else code for code in only or ()]
    where = ", ".join(names) if only is not None else "all of California"
    when = f", the {year} Dashboard" if year is not None else f", Dashboards up to {until}" if until is not None else ""
    asked = f", as of {_date(scope['as_of'])}" if scope["as_of"] is not None else ""
    money = (
        f", the funds of {scope['funds'][0]} in the fiscal year that ends in {scope['funds'][1]}"
        if scope["funds"]
        else ""
    )
    return f"{where}{when}{asked}{money}"


def _date(date: int) -> str:
    """A date, YYYYMMDD, as ISO 8601 writes it."""
    digits = str(date)
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
