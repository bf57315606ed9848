"""Decide the counties whose pages are asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path

from pyreport.evidence.counties import counties
from pyreport.evidence.fact_selection import with_located
from pyreport.evidence.facts import facts_of
from pyreport.evidence.predicates import Facts
from pyreport.evidence.printed import printed_conclusions
from pyreport.evidence.readers.given import Given
from pyreport.evidence.scope import Scope
from pyreport.following.funds import county_offices, fiscal_years
from pyreport.following.support import certainly_out, fiscal_year_of
from pyreport.proof.packing import unpack
from pyreport.reasoning.decision import Decision, decide, derive_counties, facts_to_decide
from pyreport.reasoning.encoded_years import check_year
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.solver import derive
from pyreport.reporting.page_inputs import case_facts_of, record_of, rulebook_asked_for, rulebook_of
from pyreport.reporting.page_request import PageRequest
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import unquote

__all__ = ["carried_decision", "county_decision", "county_graphs", "county_inputs"]


def county_decision(code: str, request: PageRequest, batch: Sequence[str] = ()) -> Decision:
    """Decide one county.

    Args:
        code: The county's code, two digits.
        request: What the page is asked for.
        batch: Codes of the counties whose pages are made one after the other in this process. Without case facts they
            are derived in one run of the solver.

    Raises:
        YearNotEncoded, PolicyError, EvidenceError, ProofError: As their modules say.
    """
    rulebook, record = rulebook_asked_for(request), record_of(request.evidence)
    year = request.year_on(record)
    check_year(rulebook, year)
    # The graphs of a batch are kept by what is asked without case facts.
    asked = replace(request, year=year, case=())
    graphs = {} if request.case or code not in batch else _derived(tuple(batch), asked)
    case = case_facts_of(request)
    return decide(rulebook, record, _scope(code, asked), case=case, graph=graphs.get(code))


def carried_decision(graph: Path, request: PageRequest) -> Decision:
    """The decision that a proof holds, checked again; no evidence is read.

    Args:
        graph: The file of the proof.
        request: Its ``reading`` and ``policy`` name the rules by which the graph was made.

    Raises:
        PolicyError, PackingError, ProofError: As their modules say.
    """
    _, document = unpack(graph.read_bytes())
    return Decision.of_document(rulebook_asked_for(request), document)


def county_graphs(case: Facts, codes: Collection[str], request: PageRequest) -> tuple[list[Graph], int | None]:
    """The graphs of the pages on which case facts bear, and the date as of which the pages are, YYYYMMDD.

    Args:
        case: The case facts. For those about every LEA, one county is enough to see whether rules use them.
        codes: The codes of the counties of which there will be pages; all if empty.
        request: What the pages are asked for, with a Dashboard year.
    """
    rulebook, record = rulebook_asked_for(request), record_of(request.evidence)
    every = sorted(codes or counties())
    rows = (rulebook.predicates[str(atom[0])].row(atom) for atom in case)
    # The first argument is the one whom a case fact is about; a number is nobody.
    named = {unquote(subject) for subject, *_ in rows if isinstance(subject, str)}
    concerned = [code for code in every if any({cds, cds[:2]} & (with_located({code}, case) or set()) for cds in named)]
    scopes = [_scope(code, request) for code in concerned or every[:1]]
    graphs = [derive(rulebook, facts_to_decide(rulebook, record, scope, case)) for scope in scopes]
    return graphs, scopes[0].as_of


def county_inputs(codes: Iterable[str], request: PageRequest) -> dict[str, str]:
    """By county, a hash of all that its decision rests on: rules, scope, facts with their cells, printed answers.

    Raises:
        PolicyError, EvidenceError: As their modules say.
    """
    rulebook, record = rulebook_asked_for(request), record_of(request.evidence)
    asked = replace(request, year=request.year_on(record), case=())
    case = case_facts_of(request)
    inputs = {}
    for code in codes:
        scope = _scope(code, asked)
        facts = facts_to_decide(rulebook, record, scope, case)
        lines = [f"{atom} {cell.publication.sha256} {cell.place} {cell.value}" for atom, cell in facts.items()]
        printed = sorted(printed_conclusions(record, facts).items())
        text = f"{rulebook.fingerprint} {scope.document()} {printed} {sorted(lines)}"
        inputs[code] = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return inputs


def _scope(code: str, request: PageRequest) -> Scope:
    """What is decided for the page of one county."""
    rulebook = rulebook_asked_for(request)
    date = request.as_of
    if date is None and request.year is not None:
        date = certainly_out(rulebook, request.year)
    offices = _county_offices(request.reading, request.policy, request.evidence)
    funds = None if date is None else _funds_asked(rulebook, offices, code, date)
    return Scope(until=request.year, only={code}, as_of=date, funds=funds)


@lru_cache(maxsize=1)
def _derived(codes: tuple[str, ...], request: PageRequest) -> dict[str, Graph]:
    """The unchecked graphs of a batch of counties, by code; each page has its own checked."""
    rulebook, record = rulebook_asked_for(request), record_of(request.evidence)
    scopes = {code: _scope(code, request) for code in codes}
    facts = {code: facts_to_decide(rulebook, record, scope) for code, scope in scopes.items()}
    return derive_counties(rulebook, facts)


@cache
def _county_offices(reading: str | None, policy: str | None, evidence: Given) -> dict[str, str]:
    """The CDS codes of the county offices by their counties' codes; found once a process."""
    return county_offices(rulebook_of(reading, policy), facts_of(record_of(evidence)))


def _funds_asked(rulebook: Rulebook, offices: Mapping[str, str], county: str, date: int) -> tuple[str, int] | None:
    """The county office and the fiscal year of a date; ``None`` unless the record and the policy have them."""
    fiscal_year = fiscal_year_of(rulebook, date)
    known = county in offices and fiscal_year in fiscal_years(rulebook)
    return (offices[county], fiscal_year) if known else None
