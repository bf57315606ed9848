"""Compare two policies on the evidence of one Dashboard: what changed in their text, who is affected, and why.

The counties are parted among processes: each decides its own by both policies, has the proof checker confirm both, and
compares. What comes back does not depend on how many there were.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pyreport.comparison.changed_derivations import Explained, explained
from pyreport.comparison.differences import Difference, GraphDifferences, Kind
from pyreport.comparison.policies import ComparedPolicy, policy_named, rulebook_of
from pyreport.comparison.rule_changes import RuleChange, TextChange, changed_files, rule_changes
from pyreport.evidence.counties import counties
from pyreport.evidence.garbage_collection import without_garbage_collection
from pyreport.evidence.predicates import Facts
from pyreport.evidence.readers.given import Given, record_on_hand
from pyreport.evidence.record import Record
from pyreport.evidence.scope import Scope
from pyreport.explanation.tree import Explainer
from pyreport.following.case_check import checked_case
from pyreport.reasoning.decision import decide, facts_to_decide
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.solver import derive
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, unquote
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["Compared", "ComparisonRequest", "Evidence", "Example", "PolicyComparison", "Question", "compare_policies"]

_BY_FIGURES = "figures_show"
"""What the figures of a student group show, whether or not a letter of CDE's decides before them."""
_EVIDENCE = {"leas": "covered", "with_letters": "letters_at_hand", "with_figures": "figures_at_hand"}


@dataclass(frozen=True, slots=True)
class ComparisonRequest:
    """What is to be compared, as a user says it.

    Attributes:
        old: The one policy: a folder, a git revision of the checkout, ``reading:NAME`` or ``year:YEAR``.
        new: The other.
        on: The Dashboard year whose evidence both decide.
        only: CDS codes and county codes; all if empty.
        evidence: The evidence beside the record, and what is left out.
        case: Paths of case files.
        as_of: The date, YYYYMMDD, as of which duties are compared; none are if ``None``.
        own: The folder of the policy of which readings and years are meant; the project's own if ``None``.
        examples: How many examples each rule, or each set of rules, has for each kind of difference.
    """

    old: str
    new: str
    on: int
    only: tuple[str, ...] = ()
    evidence: Given = field(default_factory=Given)
    case: tuple[str, ...] = ()
    as_of: int | None = None
    own: str | None = None
    examples: int = 1


@dataclass(frozen=True, slots=True)
class Question:
    """A request whose policies were found, so that another process can be told."""

    old: ComparedPolicy
    new: ComparedPolicy
    on: int
    evidence: Given
    case: tuple[str, ...]
    as_of: int | None
    examples: int


@dataclass(frozen=True, slots=True)
class Compared:
    """One conclusion that differs, in words.

    Attributes:
        heading: The vocabulary's heading for such conclusions.
        kind: How it differs.
        cds: The LEA's CDS code.
        lea: The LEA's name.
        sentence: The conclusion.
        atom: The same as an atom.
        rules: The ids of the rules from which the difference comes, sorted.
    """

    heading: str
    kind: Kind
    cds: str
    lea: str
    sentence: str
    atom: Atom
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A conclusion that differs, with what each policy has for or against it."""

    compared: Compared
    old: Explained
    new: Explained


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many LEAs were decided, and how many of them have letters, and figures or a list of Red groups."""

    leas: int
    with_letters: int
    with_figures: int


@dataclass(frozen=True, slots=True)
class _Part:
    evidence: Evidence
    compared: list[Compared]
    examples: list[tuple[int, Example]]


@dataclass(frozen=True)
class PolicyComparison:
    """Two policies compared.

    Attributes:
        question: What was asked.
        fingerprints: The SHA-256 of either policy.
        text: The rules that changed.
        files: The files whose texts differ.
        evidence: What was decided from.
        compared: The conclusions that differ, by heading, kind, LEA and sentence.
        examples: Some of them, with both derivations.
        figures_alone: Whether rules changed on which only what figures show rests, so that letters can hide a change.
    """

    question: Question
    fingerprints: tuple[str, str]
    text: list[RuleChange]
    files: list[str]
    evidence: Evidence
    compared: list[Compared]
    examples: list[Example]
    figures_alone: bool

    @property
    def differs(self) -> bool:
        """Whether a conclusion differs, or a rule in more than names, order and place."""
        return bool(self.compared) or any(change.kind != TextChange.SAME for change in self.text)

    @property
    def without_letters(self) -> bool:
        """Whether CDE's letters were left out."""
        return "letters" in self.question.evidence.without

    def leas(self, heading: str) -> list[str]:
        """The names of the LEAs of which a conclusion under ``heading`` is gained or lost, by CDS code."""
        named = {one.cds: one.lea for one in self.compared if one.heading == heading and one.kind != Kind.REASON}
        return [named[cds] for cds in sorted(named)]

    def counts(self) -> dict[str, dict[Kind, int]]:
        """By heading, in order, how many conclusions differ in each way."""
        counts: dict[str, dict[Kind, int]] = {}
        for one in self.compared:
            of_heading = counts.setdefault(one.heading, dict.fromkeys(Kind, 0))
            of_heading[one.kind] += 1
        return counts

    def by_rules(self) -> list[tuple[tuple[str, ...], list[Compared], list[Example]]]:
        """The conclusions by the rules from which their difference comes: first what is gained or lost, most first."""
        groups: dict[tuple[str, ...], list[Compared]] = {}
        for one in self.compared:
            groups.setdefault(one.rules, []).append(one)
        order = sorted(
            groups,
            key=lambda rules: (-sum(one.kind != Kind.REASON for one in groups[rules]), -len(groups[rules]), rules),
        )
        return [
            (rules, groups[rules], [one for one in self.examples if one.compared.rules == rules]) for rules in order
        ]


def compare_policies(request: ComparisonRequest, jobs: int | None = None) -> PolicyComparison:
    """Compare two policies in ``jobs`` processes; as many as the machine has processors if ``None``.

    Raises:
        NoSuchPolicy: What was named is no policy.
        PolicyError, YearNotEncoded, EvidenceError, ProofError: As their modules say.
    """
    own, on = None if request.own is None else Path(request.own), request.on
    with ExitStack() as stack, without_garbage_collection():
        old, new = (policy_named(name, own, stack) for name in (request.old, request.new))
        question = Question(old, new, on, request.evidence, request.case, request.as_of, request.examples)
        before, after = rulebook_of(old, on), rulebook_of(new, on)
        text = rule_changes(before, after)
        parts = list(_compared_parts(question, set(request.only), jobs or os.cpu_count() or 1))
    headings = list(_headings([before, after], question).values())
    return PolicyComparison(
        question,
        (before.fingerprint, after.fingerprint),
        text,
        changed_files(before, after),
        Evidence(
            *(sum(getattr(part.evidence, name) for part in parts) for name in _EVIDENCE),
        ),
        sorted(
            # Where case facts relate LEAs of two counties, both parts have them.
            {one.atom: one for part in parts for one in part.compared}.values(),
            key=lambda one: (headings.index(one.heading), list(Kind).index(one.kind), one.cds, one.sentence),
        ),
        _chosen([one for part in parts for one in part.examples], request.examples),
        _about_figures(before, after, text),
    )


def _compared_parts(question: Question, only: set[str], jobs: int) -> Iterator[_Part]:
    codes = only or set(counties())
    sizes = dict.fromkeys(sorted(codes), 0)
    for year, cds in _record(question.evidence).lea_years:
        if year == question.on and cds[:2] in sizes:
            sizes[cds[:2]] += 1
    # LEAs that are named are few, and case facts may relate those of several counties.
    jobs = 1 if question.case or not codes <= counties().keys() else min(jobs, len(codes))
    if jobs == 1:
        yield _compared(question, only)
        return
    shares: list[set[str]] = [set() for _ in range(jobs)]
    for code in sorted(sizes, key=lambda code: (-sizes[code], code)):
        min(shares, key=lambda share: sum(sizes[known] for known in share)).add(code)
    # Ctrl-C reaches all of them: the others end without a word.
    with ProcessPoolExecutor(jobs - 1, None, signal.signal, (signal.SIGINT, signal.SIG_DFL)) as processes:
        others = [processes.submit(_compared, question, share) for share in shares[1:]]
        yield _compared(question, shares[0])
        for other in others:
            yield other.result()


@cache
def _record(evidence: Given) -> Record:
    return record_on_hand(evidence)


def _compared(question: Question, only: set[str]) -> _Part:
    """Decide some LEAs (CDS codes or county codes; all if there are none) by both policies, and compare."""
    with without_garbage_collection():
        record, on = _record(question.evidence), question.on
        scope = Scope(year=on, only=only or None, as_of=question.as_of)
        before, after = rulebook_of(question.old, on), rulebook_of(question.new, on)
        case = checked_case(tuple(map(Path, question.case)), before, record)[0] if question.case else {}
        facts = facts_to_decide(before, record, scope, case)
        same = before.rows("rests_on") == after.rows("rests_on")
        old = _decided(before, record, scope, facts)
        new = _decided(after, record, scope, facts if same else facts_to_decide(after, record, scope, case))
        found = GraphDifferences(old, new)
        headings = _headings([before, after], question)
        told = _Told(question, found, headings)
        differences = [one for one in found.differences(headings) if told.is_asked(one)]
        return _Part(
            Evidence(*(len(old.rows(name, year=on)) for name in _EVIDENCE.values())),
            [told.in_words(one) for one in differences],
            list(told.examples(differences)),
        )


def _decided(rulebook: Rulebook, record: Record, scope: Scope, facts: Facts) -> Graph:
    return decide(rulebook, record, scope, graph=derive(rulebook, facts)).graph


class _Told:
    """Differences in words."""

    def __init__(self, question: Question, found: GraphDifferences, headings: dict[str, str]) -> None:
        self.question, self.found, self.headings = question, found, headings
        self.explainers = {Kind.LOST: Explainer(found.old.graph), Kind.GAINED: Explainer(found.new.graph)}

    def _of(self, difference: Difference) -> tuple[Explainer, Predicate]:
        explainer = self.explainers[Kind.LOST if difference.kind == Kind.LOST else Kind.GAINED]
        return explainer, explainer.graph.rulebook.predicates[difference.predicate]

    def is_asked(self, difference: Difference) -> bool:
        """Whether it is about the Dashboard asked about: of others only what that one rests on is on hand."""
        predicate = self._of(difference)[1]
        return predicate.compared is None or predicate.row(difference.atom).year == self.question.on

    def in_words(self, difference: Difference) -> Compared:
        explainer, predicate = self._of(difference)
        lea = predicate.row(difference.atom).lea
        return Compared(
            self.headings[difference.predicate],
            difference.kind,
            unquote(lea),
            explainer.sentences.lea(lea),
            explainer.sentences.of_atom(difference.atom),
            difference.atom,
            difference.rules,
        )

    def examples(self, differences: Sequence[Difference]) -> Iterator[tuple[int, Example]]:
        """The first differences of each set of rules and each kind.

        Of what is gained or lost that first which rests on the most; of reasons that differ what rests on the least.
        """
        depths = _depths(self.found.new.graph.rulebook)
        sides = self.explainers[Kind.LOST], self.explainers[Kind.GAINED]

        def place(one: Difference) -> int:
            return depths.get(one.predicate, 0) * (1 if one.kind == Kind.REASON else -1)

        for one in _first(sorted(differences, key=lambda one: (place(one), repr(one.atom))), self.question.examples):
            yield place(one), Example(self.in_words(one), *explained(sides, self.found, one.atom))


def _first(differences: Iterable[Difference], most: int) -> Iterator[Difference]:
    count: dict[tuple[tuple[str, ...], Kind], int] = {}
    for one in differences:
        count[one.rules, one.kind] = count.get((one.rules, one.kind), 0) + 1
        if count[one.rules, one.kind] <= most:
            yield one


def _chosen(examples: list[tuple[int, Example]], most: int) -> list[Example]:
    """Of the examples of all parts those that one process would have chosen."""
    ordered = sorted(examples, key=lambda one: (one[0], repr(one[1].compared.atom)))
    of = {one.compared.atom: one for _, one in ordered}
    differences = [Difference(one.compared.kind, atom, one.compared.rules) for atom, one in of.items()]
    return [of[one.atom] for one in _first(differences, most)]


def _headings(rulebooks: Sequence[Rulebook], question: Question) -> dict[str, str]:
    """The predicates whose conclusions are compared, in the order of the vocabulary, each with its heading."""
    # Without letters, figures decide, and what they show is among the priorities.
    left_out = _BY_FIGURES if "letters" in question.evidence.without else None
    headings: dict[str, str] = {}
    for rulebook in rulebooks:
        topics = rulebook.names.get("Topic", {})
        for predicate in rulebook.predicates.values():
            if predicate.compared is not None and predicate.name != left_out:
                headings.setdefault(predicate.name, predicate.compared)
            elif predicate.topic is not None and question.as_of is not None:
                headings.setdefault(predicate.name, topics[predicate.topic])
    return headings


def _depths(rulebook: Rulebook) -> dict[str, int]:
    """By predicate, on how many rules one above the other it rests."""
    depths: dict[str, int] = {}

    def depth(name: str) -> int:
        if name not in depths:
            depths[name] = 0  # Where a predicate rests on itself.
            read = {atom.predicate for rule in rulebook.by_head.get(name, ()) for atom in rule.atoms_read()}
            depths[name] = 1 + max(map(depth, sorted(read)), default=-1)
        return depths[name]

    for name in sorted(rulebook.by_head):
        depth(name)
    return depths


def _about_figures(old: Rulebook, new: Rulebook, text: Iterable[RuleChange]) -> bool:
    """Whether a rule changed on which rests what figures show."""
    changed = {change.predicate for change in text if change.kind not in (TextChange.SAME, TextChange.WORDS)}
    return any(not changed.isdisjoint(_below(rulebook, _BY_FIGURES)) for rulebook in (old, new))


def _below(rulebook: Rulebook, name: str) -> set[str]:
    """A predicate, and those on which it rests."""
    below, waiting = {name}, [name]
    while waiting:
        for rule in rulebook.by_head.get(waiting.pop(), ()):
            more = {atom.predicate for atom in rule.atoms_read()} - below
            below |= more
            waiting += more
    return below
