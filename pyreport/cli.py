"""The command line. Commands import what they need when they run, so that help is quick."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pyreport.evidence.facts import Facts
    from pyreport.evidence.given import Given
    from pyreport.evidence.record import Record
    from pyreport.explanation.why_not.explainer import Goal
    from pyreport.following.funds import Funds
    from pyreport.hypotheses.least_change import Question
    from pyreport.reasoning.decision import Decision
    from pyreport.reasoning.graph import Graph
    from pyreport.rulebook.rulebook import Rulebook
    from pyreport.rulebook.syntax import Value
    from pyreport.rulebook.vocabulary import Predicate

__all__ = ["main"]

_FOLDER = click.Path(path_type=Path)
_EXISTING = click.Path(path_type=Path, exists=True)
FOUND = 1
"""Exit status where something was found that needs attention, and of nothing else."""
BAD_INPUT = 2
"""Exit status of wrong use or bad input."""
UNFINISHED = 3
"""Exit status where not all that was asked for could be done: a full disk, a silent server, a lost process."""
_OWN = "own"
"""What ``--record`` is without a folder."""
_FOR_PEOPLE = (
    "PolicyError",
    "YearNotEncoded",
    "ReasoningError",
    "ProofError",
    "Unexplained",
    "SettingError",
    "PolicyUnreadable",
    "RevisionError",
)


@contextmanager
def _visible_errors() -> Iterator[None]:
    """Of wrong use, which click prints itself, too, what a terminal would obey is written out."""
    from pyreport.evidence.readers.control_characters import visible

    try:
        yield
    except click.ClickException as error:
        error.message = visible(error.message)  # type: ignore[misc]
        raise


class _Paragraphs(click.Command):
    """A command whose errors for people end it with status 2 and no traceback."""

    def make_context(self, *args: Any, **options: Any) -> click.Context:
        with _visible_errors():
            return super().make_context(*args, **options)

    def invoke(self, ctx: click.Context) -> Any:
        import gc

        from pyreport.evidence.findings import EvidenceError
        from pyreport.files.locks import Held

        # A command makes many small tuples, none of them in circles, and ends soon.
        gc.disable()
        try:
            with _visible_errors():
                return super().invoke(ctx)
        except EvidenceError as error:
            _fail(str(error))
        except Held as error:
            _fail(str(error), UNFINISHED)
        except OSError as error:
            if error.errno == errno.EPIPE:
                # Whoever read standard output has stopped; nobody is there to be told.
                sys.exit(UNFINISHED)
            place = error.filename2 or error.filename
            place = os.fsdecode(place) if isinstance(place, str | bytes) else place
            _fail(
                f"{place}: {error.strerror or error}" if place else str(error),
                BAD_INPUT if isinstance(error, _WRONG_PLACE) else UNFINISHED,
            )
        except Exception as error:
            # Imported here: the classes live beside code that imports clingo.
            if type(error).__name__ in _FOR_PEOPLE:
                _fail(str(error))
            if type(error).__name__ == "Stopped":
                sys.exit(128 + error.signum)  # type: ignore[attr-defined]
            raise


_WRONG_PLACE = (FileExistsError, FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError)
"""Errors of the system that another name, or other permissions, would mend."""


def _echo(message: str, *, err: bool = False, nl: bool = True) -> None:
    """Print; what names and texts of others hold that a terminal would obey is written out."""
    from pyreport.evidence.readers.control_characters import visible

    click.echo(visible(message), err=err, nl=nl)


def _fail(message: str, status: int = BAD_INPUT) -> NoReturn:
    _echo(message, err=True)
    sys.exit(status)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """California's System of Support as rules: who is eligible for differentiated assistance, and why.

    The rules stand in policy/, the facts in the project's record of CDE's files. Every conclusion has a
    derivation that was replayed by a proof checker. Results go to standard output, messages to standard
    error; the exit status is 0, 1 for findings, 2 for wrong use or bad input, 3 for what could not be
    finished.
    """


_year = click.option("--year", type=int, help="Dashboard year (default: the newest on record).")
_reading = click.option("--reading", help="Decide by this alternative reading of the law; see `pyreport readings`.")


def _evidence(command: Any) -> Any:
    """The options on evidence, which together are one argument: ``evidence``, a ``Given``."""
    from functools import wraps

    @click.option(
        "--evidence",
        type=_EXISTING,
        multiple=True,
        help="A further file of CDE's, or a folder of them, beside the record. Repeatable.",
    )
    @click.option(
        "--without",
        type=click.Choice(["letters", "figures", "red-list", "local-indicators", "published"]),
        multiple=True,
        help="Decide as if this kind of evidence were not on record; `published` are CDE's statuses and flags. "
        "Repeatable.",
    )
    @click.option(
        "--complete",
        multiple=True,
        metavar="COUNTY",
        help="The Dashboard files have all rows of this county: what has none there has no figures. Repeatable.",
    )
    @wraps(command)
    def with_evidence(
        *args: Any, evidence: tuple[Path, ...], without: tuple[str, ...], complete: tuple[str, ...], **options: Any
    ) -> Any:
        from pyreport.evidence.given import Given

        return command(*args, evidence=Given.of(evidence, without, map(_code, complete)), **options)

    return with_evidence


_jobs = click.option("--jobs", type=click.IntRange(1), help="Pages made at the same time (default: one a processor).")
_case = click.option(
    "--case",
    "case_files",
    type=_EXISTING,
    multiple=True,
    help="A YAML file of case facts that no file of CDE's prints; see the README. Repeatable.",
)
_county = click.option("--county", "counties", multiple=True, help="Only this county: a name or a code. Repeatable.")
_text_or_json = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
_output = click.option("--output", type=_FOLDER, help="Write into this file instead of standard output.")


@main.command(cls=_Paragraphs)
@click.argument("files", nargs=-1, required=True, type=_FOLDER)
@click.option("--into", type=_FOLDER, required=True, help="The folder of the record to write.")
@click.option(
    "--complete",
    multiple=True,
    metavar="COUNTY",
    help="Dashboard files of this county alone have all its rows; the record says so from then on. Repeatable.",
)
def ingest(files: tuple[Path, ...], into: Path, complete: tuple[str, ...]) -> None:
    """Read CDE's files into the record: status files, the Dashboard's, the red list, local indicators, charters.

    FILES (files, or folders of them) replace what the record in the folder has of the same kind and Dashboard
    year; the rest stays. Everything is checked first: with any problem nothing is written. The new record takes the
    place of the old one in one step; SHA256SUMS in the folder is what its tables are checked by when they are read.

    Example: pyreport ingest assistancestatus24.xlsx eladownload2024.txt --into record
    """
    from pyreport.evidence.readers.files import read_paths
    from pyreport.evidence.record import update_record

    read = read_paths(files, list(map(_code, complete)))
    record = update_record(into, read.record)
    kept = set(record.publications())
    for publication, count in sorted(read.counts.items(), key=lambda one: one[0].id):
        what = "LEAs" if publication.kind == "status" else "rows"
        note = "" if publication in kept else "; not taken, the record has a file of the kind that covers more counties"
        line = f"{publication.dashboard_year}: {count:,} {what} from {publication.file} ({publication.kind}){note}"
        _echo(line, err=True)
    for note in [*read.notes_on_passed_over(), *read.notes]:
        _echo(note, err=True)
    _echo(f"The record in {into} holds the Dashboards of {_listed(record.years)}.", err=True)


@main.command(cls=_Paragraphs)
@click.option("--year", type=int, required=True, help="Dashboard year.")
@click.option("--into", type=_FOLDER, help="The folder of the files (default: cde-files/<year>).")
@click.option("--base-url", help="Take the files from this server instead of CDE's.", hidden=True)
@click.option(
    "--timeout", type=float, default=60, help="Give up on a server that is silent for so many seconds.", hidden=True
)
def fetch(year: int, into: Path | None, base_url: str | None, timeout: float) -> None:
    """Download CDE's files of a Dashboard year from where CDE publishes them.

    Files that are there already are left alone; one that broke off is gone on with, where the server allows it.
    fetched.json, beside the files, lists their addresses and SHA-256 hashes. The exit status is 3 if any failed.

    Example: pyreport fetch --year 2024 --into cde-files
    """
    from pyreport.evidence.fetch import addresses, known_years
    from pyreport.evidence.fetch import fetch as fetch_files

    if not addresses(year):
        _fail(f"No addresses are known for the {year} Dashboard, only for {_listed(known_years())}.")
    folder = Path("cde-files") / str(year) if into is None else into

    def shown(name: str, size: int | None) -> Any:
        return click.progressbar(length=size or 0, label=name, file=sys.stderr, show_pos=size is not None)

    result = fetch_files(year, folder, server=base_url, timeout=timeout, progress=shown)
    for name, reason in result.failed.items():
        _echo(f"Not fetched: {name}: {reason}", err=True)
    _echo(f"{len(result.fetched)} files fetched into {folder}, {len(result.present)} were there.", err=True)
    if result.failed:
        sys.exit(UNFINISHED)


@main.command(cls=_Paragraphs)
@_year
@_county
@click.option("--lea", "leas", multiple=True, help="Only this LEA: a 14-digit CDS code, or its name. Repeatable.")
@_evidence
@_case
@_reading
@click.option("--format", "form", type=click.Choice(["csv", "json", "graph"]), default="csv", show_default=True)
@_output
def decide(
    year: int | None,
    counties: tuple[str, ...],
    leas: tuple[str, ...],
    evidence: Given,
    case_files: tuple[Path, ...],
    reading: str | None,
    form: str,
    output: Path | None,
) -> None:
    """Decide every LEA: status, methods, student groups, persistence.

    Without --year all Dashboards on record are decided, else that one alone. The format graph gives all facts and
    derivations, for `pyreport verify`.

    Example: pyreport decide --year 2024 --county Monterey
    """
    from pyreport.reasoning import decision
    from pyreport.reasoning.encoded_years import check_year
    from pyreport.reporting.tables import write_csv, write_graph, write_json

    rulebook, record = _rulebook(reading), _record(evidence)
    if year is not None:
        check_year(rulebook, year)
        _on_record(record, year)
    only = {_code(county) for county in counties} | {_lea(record, lea, year) for lea in leas}
    stated = _case_facts(case_files, rulebook, record)
    decided = decision.decide(rulebook, record, year=year, only=only or None, case=stated)
    if form == "graph":
        text = write_graph(decided)
    else:
        rows = decided.determinations(None if year is None else [year])
        text = write_csv(rows) if form == "csv" else write_json(rows, decided, record)
    _write(text, output)
    _say_unused(stated, [decided.graph])
    _say(decided)


@main.command(cls=_Paragraphs)
@click.argument("cds", metavar="LEA")
@_year
@click.option("--about", default="status", show_default=True, metavar="STATUS|PREDICATE", help="What to explain.")
@_evidence
@_case
@_reading
@_text_or_json
@_output
def explain(
    cds: str,
    year: int | None,
    about: str,
    evidence: Given,
    case_files: tuple[Path, ...],
    reading: str | None,
    form: str,
    output: Path | None,
) -> None:
    """Explain a conclusion about an LEA (CDS code or name): every derivation, down to CDE's cells.

    Example: pyreport explain 27661420000000 --year 2024
    """
    from pyreport.explanation.data import as_data
    from pyreport.explanation.text import as_text
    from pyreport.explanation.tree import Explainer
    from pyreport.reasoning.decision import decide
    from pyreport.rulebook.syntax import quote

    rulebook, record = _rulebook(reading), _record(evidence)
    predicate = _predicate(rulebook, about)
    year = _chosen_year(rulebook, record, year)
    cds = _lea(record, cds, year)
    stated = _case_facts(case_files, rulebook, record)
    decided = decide(rulebook, record, year=year, only={cds}, case=stated)
    steps = Explainer(decided.graph).about(predicate, quote(cds), year)
    row = decided.determinations([year])[0]
    if form == "json":
        data = {"cds": cds, "name": row.name, "dashboard_year": year, "about": predicate, "basis": row.basis}
        _write(_json({**data, **as_data(steps)}), output)
    else:
        question = rulebook.predicates[predicate].heading or predicate
        heading = f"{row.name} ({cds}), {row.county} County, {year} Dashboard. {question}:"
        body = as_text(steps) if steps else f"None: no conclusion of this kind holds for {row.name} in {year}.\n"
        note = f"{row.basis}\n" if row.basis else ""
        _write(f"{heading}\n{note}\n{body}", output)
    _say_unused(stated, [decided.graph])
    _say(decided)


@main.command(cls=_Paragraphs)
@click.argument("cds", metavar="LEA")
@click.option("--as-of", "as_of", required=True, help="The date as of which the law is applied: YYYY-MM-DD.")
@click.option("--year", type=int, help="Decide no Dashboard after this one (default: all on record).")
@_evidence
@_case
@_reading
@_text_or_json
@_output
def support(
    cds: str,
    as_of: str,
    year: int | None,
    evidence: Given,
    case_files: tuple[Path, ...],
    reading: str | None,
    form: str,
    output: Path | None,
) -> None:
    """Say what follows for an LEA (CDS code or name) as of a date: the law, levels, provider, length, duties.

    Each conclusion comes with every derivation. What is not on hand is said, and never guessed.

    Example: pyreport support 27661420000000 --as-of 2025-03-01
    """
    from pyreport.explanation.data import as_data
    from pyreport.following.support import support_steps, support_text
    from pyreport.reasoning.decision import decide

    rulebook, record = _rulebook(reading), _record(evidence)
    date = _date(as_of)
    cds = _lea(record, cds, None)
    _warn_of_later(rulebook, record, year, date)
    stated = _case_facts(case_files, rulebook, record)
    decided = decide(rulebook, record, until=year, only={cds}, as_of=date, case=stated)
    found = support_steps(decided.graph, cds, date)
    if form == "json":
        steps = [step for steps in found.values() for step in steps]
        about = {name: [list(step.atom) for step in steps] for name, steps in found.items()}
        data = {"cds": cds, "as_of": as_of, "about": about}
        _write(_json({**data, **as_data(steps)}), output)
    else:
        _write(support_text(decided.graph, cds, date, found), output)
    _say_unused(stated, [decided.graph], date)
    _say(decided)


@main.command("why-not", cls=_Paragraphs)
@click.argument("cds", metavar="LEA")
@_year
@click.option(
    "--about",
    default="eligible",
    show_default=True,
    metavar="PREDICATE[(VALUE, …)]",
    help="What does not hold; values for what follows the LEA and the year: `_` for any, one with a comma quoted.",
)
@_evidence
@_case
@_reading
@click.option("--all", "everything", is_flag=True, help="Open every rule and every candidate, not the nearest alone.")
@_text_or_json
@_output
def why_not(
    cds: str,
    year: int | None,
    about: str,
    evidence: Given,
    case_files: tuple[Path, ...],
    reading: str | None,
    everything: bool,
    form: str,
    output: Path | None,
) -> None:
    """Explain why something does not hold of an LEA (CDS code or name).

    For each rule that could have concluded it: where it ends, the nearest miss first, with the value reached. Each
    no is one of these: the data say no; it is not on record; another rule blocks it; the rule does not reach this case.

    Example: pyreport why-not 27659950000000 --year 2024 --about "meets_criteria_on_state_priorities(el)"
    """
    from pyreport.explanation.data import outline_data
    from pyreport.explanation.text import outline_text
    from pyreport.explanation.tree import Explainer
    from pyreport.explanation.why_not.explainer import Holds, WhyNotExplainer
    from pyreport.explanation.why_not.outline import nearest, outline
    from pyreport.reasoning.decision import decide

    rulebook, record = _rulebook(reading), _record(evidence)
    name, _, rest = about.partition("(")
    predicate = rulebook.predicates[_predicate(rulebook, name.strip())]
    year = _chosen_year(rulebook, record, year)
    cds = _lea(record, cds, year)
    goal = _goal(rulebook, predicate, cds, year, _values(rest))
    stated = _case_facts(case_files, rulebook, record)
    decided = decide(rulebook, record, year=year, only={cds}, case=stated)
    explainer = Explainer(decided.graph)
    try:
        answer = WhyNotExplainer(explainer).of(goal)
    except Holds as holds:
        _fail(f"It does hold: {holds} See `pyreport explain {cds} --year {year} --about {predicate.name}`.")
    line = outline(answer, explainer.sentences, everything=everything)
    row = decided.determinations([year])[0]
    if form == "json":
        data = {"cds": cds, "name": row.name, "dashboard_year": year, "about": predicate.name, "basis": row.basis}
        data["nearest"] = nearest(answer)
        _write(_json({**data, **outline_data(line)}), output)
    else:
        note = f"{row.basis}\n" if row.basis else ""
        miss = nearest(answer)
        heading = f"{row.name} ({cds}), {row.county} County, {year} Dashboard. Why not {predicate.name}:"
        note += f"Nearest miss: {miss}\n" if miss else ""
        _write(f"{heading}\n{note}\n{outline_text(line)}", output)
    _say_unused(stated, [decided.graph])
    _say(decided)


@main.command(cls=_Paragraphs)
@_year
@_county
@_evidence
@_case
@_reading
@click.option("--as-of", "as_of", metavar="YYYY-MM-DD", help="Say what follows from eligibility as of this date.")
@_jobs
@click.option("--output", type=_FOLDER, default=Path("build"), show_default=True, help="The folder of the pages.")
def report(
    year: int | None,
    counties: tuple[str, ...],
    evidence: Given,
    case_files: tuple[Path, ...],
    reading: str | None,
    as_of: str | None,
    jobs: int | None,
    output: Path,
) -> None:
    """Write a report for each county, and the statewide index.

    What follows from eligibility (who provides, how long, the pathways to CCEE) is said as of a date: by default the
    first day on which the law takes the year's Dashboard to be out for certain.

    Example: pyreport report --county Monterey --output build
    """
    from pyreport.reporting.build import build
    from pyreport.reporting.county_decisions import county_graphs
    from pyreport.reporting.page_request import PageRequest

    rulebook, record = _rulebook(reading), _record(evidence)
    year = _chosen_year(rulebook, record, year)
    codes = sorted({_code(county) for county in counties})
    date = _date(as_of) if as_of is not None else None
    _warn_of_later(rulebook, record, year, date)
    stated = _case_facts(case_files, rulebook, record)
    request = PageRequest(year, evidence, tuple(map(str, case_files)), reading, date)
    if stated:
        _say_unused(stated, *county_graphs(stated, codes, request))
    result = build(rulebook, record, request, codes, output, jobs=jobs)
    for failure in result.failures:
        _echo(f"Not written: {failure}", err=True)
    if result.others:
        named = _listed(f"{name} ({'unknown' if of is None else of})" for name, of in result.others.items())
        _echo(f"Not linked, being of another Dashboard than that of {year}: {named}.", err=True)
    reports = sum(page != "index.html" for page in result.pages)
    counted = f"{reports} county report{'' if reports == 1 else 's'} for {year}"
    if result.stopped is not None:
        _echo(f"Stopped: {counted} written; index, manifest and the other pages are as they were.", err=True)
        sys.exit(128 + result.stopped)
    if "index.html" in result.pages:
        _echo(f"{counted}, and the index. Open {output / 'index.html'}", err=True)
    else:
        _echo(f"{counted} written; the index is as it was.", err=True)
    if result.failures:
        sys.exit(UNFINISHED)


@main.command(cls=_Paragraphs)
@_year
@_county
@_evidence
@_case
@_reading
@click.option("--format", "form", type=click.Choice(["text", "csv"]), default="text", show_default=True)
@_output
def reconcile(
    year: int | None,
    counties: tuple[str, ...],
    evidence: Given,
    case_files: tuple[Path, ...],
    reading: str | None,
    form: str,
    output: Path | None,
) -> None:
    """Hold the figures against CDE's letters, and the decisions against CDE's statuses, methods and flags.

    Every student group that has both figures and a letter is compared. The exit status is 1 if anything differs.
    Differences come with both derivations.

    Example: pyreport reconcile --county Monterey
    """
    from pyreport.comparison.reconciliation import DIFFER, cells, compare_printed
    from pyreport.comparison.statement import as_csv, as_text
    from pyreport.reasoning.decision import decide
    from pyreport.reasoning.encoded_years import check_year

    rulebook, record = _rulebook(reading), _record(evidence)
    if year is not None:
        check_year(rulebook, year)
        _on_record(record, year)
    only = {_code(county) for county in counties}
    stated = _case_facts(case_files, rulebook, record)
    decided = decide(rulebook, record, year=year, only=only or None, case=stated)
    years = decided.years if year is None else [year]
    compared = cells(decided.graph, years)
    count, differences = compare_printed(decided.determinations(years), decided.printed)
    text = as_csv(compared) if form == "csv" else as_text(decided, compared, count, differences)
    _write(text, output)
    _say_unused(stated, [decided.graph])
    _say(decided)
    if differences or any(cell.comparison == DIFFER for cell in compared):
        sys.exit(FOUND)


@main.command(cls=_Paragraphs)
@click.argument("cds", metavar="LEA")
@_year
@_evidence
@_case
@_text_or_json
@_output
def settle(
    cds: str,
    year: int | None,
    evidence: Given,
    case_files: tuple[Path, ...],
    form: str,
    output: Path | None,
) -> None:
    """List what is open about an LEA (CDS code or name), and the smallest sets of facts that would settle it.

    Each set was added to the facts and decided again. How an open fact could come out stands in policy/changes/.

    Example: pyreport settle 27659950000000 --year 2025
    """
    from pyreport.files.places import policy_folder
    from pyreport.hypotheses.settling import FORMAT, as_data, as_text, settling
    from pyreport.reasoning.decision import facts_to_decide
    from pyreport.rulebook.rulebook import load_rulebook

    record = _record(evidence)
    changes = load_rulebook(policy_folder(), changes=True)
    year = _chosen_year(changes, record, year)
    cds = _lea(record, cds, year)
    stated = _case_facts(case_files, changes, record)
    facts = facts_to_decide(changes, record, year=year, only={cds}, case=stated)
    _say_unused_of(stated, changes, facts)
    found, verdict = settling(changes, facts, cds, year)
    if form == "json":
        data = {"format": FORMAT, "cds": cds, "dashboard_year": year, "open": as_data(found)}
        _write(_json(data), output)
    else:
        _write(as_text(found), output)
    _echo(str(verdict), err=True)


@main.command("what-if", cls=_Paragraphs)
@click.argument("cds", metavar="LEA")
@_year
@click.option(
    "--about",
    metavar="PREDICATE[=VALUE]",
    help="The conclusion asked about, such as persistent_52072=yes (default: eligibility and each listed group).",
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="FACT=VALUE",
    help="A fact as your hypothesis has it, such as HOM.chronic=orange, LOCAL.3=not_met, METHOD.2=yes or "
    "HOM.letter=c; with 2023: in front, of that Dashboard. Repeatable.",
)
@_evidence
@_case
@_reading
@_text_or_json
@_output
def what_if(
    cds: str,
    year: int | None,
    about: str | None,
    settings: tuple[str, ...],
    evidence: Given,
    case_files: tuple[Path, ...],
    reading: str | None,
    form: str,
    output: Path | None,
) -> None:
    """List all smallest changes of reported facts after which a conclusion would come or go.

    With --set, tell what a hypothesis of your own changes, in conclusions and in derivations. Which facts may change,
    and what each change costs, stands in policy/changes/. What is said is said about the rules and is no advice.

    Example: pyreport what-if 27661420000000 --year 2024
    """
    from pyreport.files.places import policy_folder
    from pyreport.hypotheses import what_if_text
    from pyreport.hypotheses.settings import read_setting
    from pyreport.hypotheses.what_if import hypothesis, smallest
    from pyreport.reasoning.decision import facts_to_decide
    from pyreport.rulebook.rulebook import load_rulebook

    rulebook, record = _rulebook(reading), _record(evidence)
    changes = load_rulebook(policy_folder(), reading, changes=True)
    question = _question(rulebook, about)
    year = _chosen_year(rulebook, record, year)
    cds = _lea(record, cds, year)
    stated = _case_facts(case_files, rulebook, record)
    facts = facts_to_decide(rulebook, record, year=year, only={cds}, case=stated)
    _say_unused_of(stated, rulebook, facts)
    data: dict[str, Any]
    if settings:
        read = [read_setting(changes, text, year) for text in settings]
        what, one = hypothesis(rulebook, changes, record, facts, cds, year, read, question)
        text = what_if_text.hypothesis_as_text(changes, what, one)
        data = what_if_text.hypothesis_as_data(what, one)
    else:
        what, found, sentences = smallest(rulebook, changes, record, facts, cds, year, question)
        text = what_if_text.smallest_as_text(changes, what, found, sentences)
        data = what_if_text.smallest_as_data(what, found, sentences, about)
    _write(_json(data) if form == "json" else text, output)
    for verdict in what.verdicts:
        _echo(str(verdict), err=True)


@main.command(cls=_Paragraphs)
@click.argument("files", nargs=-1, required=True, type=_EXISTING)
@click.option(
    "--record",
    is_flag=False,
    flag_value=_OWN,
    metavar="[DIR]",
    help="Find every fact in the record in this folder, or without DIR in the project's own. Give it after FILES.",
)
@_evidence
@_case
@click.option("--policy", type=_EXISTING, help="The folder of the policy (default: the project's own).")
@click.option(
    "--at",
    "revision",
    metavar="REVISION",
    help="Verify by the whole program of this revision of the checkout, such as a tag: for pages that it made.",
)
@_jobs
def verify(
    files: tuple[Path, ...],
    record: str | None,
    evidence: Given,
    case_files: tuple[Path, ...],
    policy: Path | None,
    revision: str | None,
    jobs: int | None,
) -> None:
    """Check county reports, or graphs: the proof, the law it quotes, and the page.

    The proof checker, which uses nothing of what made the graph, replays every derivation; none may be missing, and
    every quotation must stand in the authorities. A page is made again from the graph that it carries and must be the
    same, byte for byte. With --record or --evidence every fact must stand in its cell, and no other; evidence is laid
    over the record if both are given, and --without and --complete say how the page was made. The exit status is 1 if
    a file is not verified, 2 if one holds no graph that can be read.

    Example: pyreport verify build/27-monterey.html --record
    """
    if revision is not None:
        from pyreport.verification.revision import run_at

        options = [
            ("--evidence", evidence.files),
            ("--without", evidence.without),
            ("--complete", evidence.complete),
            ("--case", [path.absolute() for path in case_files]),
            ("--policy", [policy.absolute()] if policy else []),
            ("--jobs", [jobs] if jobs else []),
            ("--record", [record] if record not in (None, _OWN) else []),
        ]
        again = ["verify", *(str(path.absolute()) for path in files)]
        again += [word for option, values in options for value in values for word in (option, str(value))]
        sys.exit(run_at(revision, [*again, "--record"] if record == _OWN else again))
    from pyreport.files.places import policy_folder
    from pyreport.verification.verifier import Verifier

    sources = _sources(record, evidence, case_files)
    results = Verifier(policy or policy_folder(), sources, jobs or os.cpu_count() or 1).verify(files)
    for result in results:
        _echo(str(result), err=result.unreadable)
    unreadable, refused = (
        any(result.unreadable for result in results),
        any(not result.holds for result in results),
    )
    sys.exit(BAD_INPUT if unreadable else FOUND if refused else 0)


def _sources(record: str | None, given: Given, case_files: tuple[Path, ...]) -> Any:
    """Where the facts are to be found, if that was asked for."""
    if record is None and not given.files:
        if case_files:
            raise click.UsageError(
                "--case finds the facts of case files; say by --record or --evidence where the others stand."
            )
        return None
    from dataclasses import replace

    from pyreport.evidence.record import Record, read_record, record_folder
    from pyreport.verification.verifier import Evidence

    found, words = Record({}), []
    if record is not None:
        folder = record_folder() if record == _OWN else Path(record)
        found, words = read_record(folder), [f"the record in {folder}"]
    if given.files:
        from pyreport.evidence.readers.files import read_evidence

        read = read_evidence(map(Path, given.files))
        found = found.updated(read) if words else read
        words += given.files
    found = replace(found, complete=frozenset(given.complete)).without(given.without)
    return Evidence(
        found,
        _case_facts(case_files, _rulebook(), found) if case_files else {},
        ", ".join([*words, *map(str, case_files)]),
    )


@main.command(cls=_Paragraphs)
@click.option("--county", required=True, help="The county: a name or a code.")
@click.option("--fiscal-year", type=int, required=True, help="The calendar year in which the fiscal year ends.")
@_evidence
@_case
@click.option("--area", is_flag=True, help="As a geographic lead: also what it receives for each county of its area.")
@_text_or_json
@_output
def funding(
    county: str,
    fiscal_year: int,
    evidence: Given,
    case_files: tuple[Path, ...],
    area: bool,
    form: str,
    output: Path | None,
) -> None:
    """Say what a county office receives for differentiated assistance, and why.

    Where something that counts is not on record (average daily attendance, above all), the amount is open, and what is
    missing is listed; a file with --case supplies it. With --area, what the county office receives as a geographic
    lead is told county by county, and the sum where all are decided. The exit status is 1 if what was asked is open.

    Example: pyreport funding --county Monterey --fiscal-year 2025 --case attendance.yaml
    """
    from pyreport.evidence.facts import facts_of
    from pyreport.explanation.tree import Explainer
    from pyreport.following.funds import as_funds_data, as_funds_text, county_offices, fiscal_years, funds
    from pyreport.following.lead_area import LeadArea, area_of, as_area_data, as_area_text
    from pyreport.reasoning.decision import decide

    rulebook, record = _rulebook(), _record(evidence)
    years = fiscal_years(rulebook)
    if fiscal_year not in years:
        _fail(
            f"The policy has no formula for the fiscal year that ends in {fiscal_year}, only for {_listed(years)}; "
            "write it in policy/funding/."
        )
    code = _code(county)
    stated = _case_facts(case_files, rulebook, record)
    offices = county_offices(rulebook, facts_of(record, only=None if area else {code}))

    graphs: list[Graph] = []

    def decided_for(code: str) -> tuple[Decision, Funds] | None:
        if code not in offices:
            return None
        decided = decide(rulebook, record, only={code}, funds=(offices[code], fiscal_year), case=stated)
        graphs.append(decided.graph)
        return decided, funds(decided.graph, offices[code], fiscal_year)

    answer = decided_for(code)
    if answer is None:
        _fail(
            f"The county office of the county with the code {code} is not on record; give CDE's files with --evidence."
        )
    decided, found = answer
    led = None
    if area:
        others = {one: decided_for(one) for one in area_of(decided.graph, found.office, fiscal_year)}
        led = LeadArea(found.office, fiscal_year, {one: other and other[1] for one, other in others.items()})
    explainer = Explainer(decided.graph)
    if form == "json":
        data = as_funds_data(decided, found)
        _write(_json(data if led is None else {**data, "area": as_area_data(explainer, led)}), output)
    else:
        text = as_funds_text(decided, found)
        _write(text if led is None else f"{text}\n{as_area_text(explainer, led)}", output)
    _say_unused(stated, graphs)
    _say(decided)
    if found.usual not in found.totals or (led is not None and led.total is None):
        sys.exit(FOUND)


@main.command(cls=_Paragraphs)
@click.argument("file", required=False, type=_EXISTING)
@click.option("--new", is_flag=True, help="Write a commented template of a report instead.")
@_text_or_json
@_output
def charter20(file: Path | None, new: bool, form: str, output: Path | None) -> None:
    """Check a Charter 20 Day report: what is missing or out of balance, and whether the special advance is due.

    FILE is a YAML file as --new writes it; the rules are those of CDE's instructions for 2013-14. The exit status is 1
    if the advance is not shown to be due or something is not in order, 2 if the file cannot be read.

    Example: pyreport charter20 --new --output report.yaml
    """
    from pyreport.evidence.readers.charter_20_day import read_charter_20_day, template
    from pyreport.evidence.record import Record
    from pyreport.following.special_advance import as_advance_data, as_advance_text, special_advance
    from pyreport.reasoning.decision import decide

    if new or file is None:
        if file is not None or not new:
            raise click.UsageError("Give either a FILE to check, or --new.")
        _write(template(), output)
        return
    rulebook = _rulebook()
    decided = decide(rulebook, Record({}), case=read_charter_20_day(file))
    found = special_advance(decided.graph)
    if form == "json":
        _write(_json(as_advance_data(decided, found)), output)
    else:
        _write(as_advance_text(decided, found), output)
    _say(decided)
    if found.needs_attention:
        sys.exit(FOUND)


@main.command(cls=_Paragraphs)
def readings() -> None:
    """List the alternative readings of the law that were considered and rejected.

    Example: pyreport decide --year 2023 --reading ec-52072-calendar-window
    """
    from pyreport.files.places import policy_folder
    from pyreport.rulebook.rulebook import load_rulebook
    from pyreport.rulebook.rulebook import readings as known

    for name in known(policy_folder()):
        reading = load_rulebook(policy_folder(), name).reading
        if reading is not None:
            _echo(f"{name}\n  {reading.says}.\n  Rejected: {reading.rejected}.")


def _explain_finding(context: click.Context, _: click.Parameter, value: str | None) -> None:
    """Answer --explain and end, whatever else was asked for."""
    if value is None or context.resilient_parsing:
        return
    from pyreport.rulebook.problems import Finding

    known = {finding.id: finding for finding in Finding}
    for one in known.values() if value == "all" else [known[value]] if value in known else []:
        _echo(f"{one.id}\n  {one.meaning}")
    if value != "all" and value not in known:
        raise click.BadParameter(f"{value!r} is no finding; write all or one of {', '.join(known)}.")
    context.exit()


@main.command(cls=_Paragraphs)
@click.option(
    "--policy",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Lint the policy in this folder, such as a draft, instead of the project's own.",
)
@click.option(
    "--sources",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The folder that the `source` paths of authorities.yaml start from (default: shared/ beside the checkout).",
)
@click.option(
    "--explain",
    metavar="ID",
    callback=_explain_finding,
    expose_value=False,
    is_eager=True,
    help="Say what the finding of this id means (all: every finding), and end.",
)
def lint(policy: Path | None, sources: Path | None) -> None:
    """Say everything that is wrong with the policy and its readings, one finding a line, with its id.

    The exit status is 1 if anything was found. Without the sources of quotations at hand, these are not compared.

    Example: pyreport lint --policy draft --sources ../shared
    """
    from pyreport.files.places import policy_folder, sources_folder
    from pyreport.rulebook.lint.lint import lint as linted

    folder = policy_folder() if policy is None else policy
    if not any(folder.rglob("*.lp")):
        _fail(f"{folder} holds no policy: there are no .lp files in it.")
    found = linted(folder, sources_folder() if sources is None else sources)
    for problem in found.problems:
        _echo(f"{problem} [{problem.finding.id}]")
    for finding, reason in found.passed_over:
        _echo(f"Not looked for: {finding.id}: {reason}.", err=True)
    count = len(found.problems)
    _echo(f"{count or 'No'} finding{'' if count == 1 else 's'} in {folder}.", err=True)
    if count:
        sys.exit(FOUND)


@main.command(cls=_Paragraphs)
@click.argument("cds", metavar="LEA")
@click.option(
    "--as-of", "as_of", required=True, metavar="YYYY-MM-DD", help="The day as of which the case is looked at."
)
@_evidence
@_case
@_reading
@_text_or_json
@_output
def pathways(
    cds: str,
    as_of: str,
    evidence: Given,
    case_files: tuple[Path, ...],
    reading: str | None,
    form: str,
    output: Path | None,
) -> None:
    """Show the ways of an LEA (CDS code or name) to CCEE's direct technical assistance, and what follows from them.

    Each pathway is open, awaiting a step, complete, refused, barred or not settled. The consequences are required
    (shall), permitted (may), possible in some lawful course from now on, or excluded. All come with derivations.

    Example: pyreport pathways 27102720000000 --as-of 2025-03-01 --case case.yaml
    """
    from pyreport.following.pathways import pathways_data, pathways_text
    from pyreport.reasoning.decision import decide

    rulebook, record = _rulebook(reading), _record(evidence)
    cds = _lea(record, cds, None)
    date = _date(as_of)
    stated = _case_facts(case_files, rulebook, record)
    decided = decide(rulebook, record, only={cds}, as_of=date, case=stated)
    if form == "json":
        _write(_json(pathways_data(decided, cds, date)), output)
    else:
        _write(pathways_text(decided, cds, date), output)
    _say_unused(stated, [decided.graph], date)
    _say(decided)


@main.group()
def case() -> None:
    """Write and check case files: what no file of CDE's prints, with the document that shows it.

    Example: pyreport case new 27102720000000
    """


@case.command("new", cls=_Paragraphs)
@click.argument("cds", metavar="LEA")
@click.option("--all", "whole", is_flag=True, help="All steps of every pathway, not the first of each alone.")
@_output
def case_new(cds: str, whole: bool, output: Path | None) -> None:
    """Write a case file for an LEA (CDS code or name): the entries that it can need, all in comments.

    Example: pyreport case new 27102720000000 --output case.yaml
    """
    from pyreport.following.case_template import case_template

    rulebook, record = _rulebook(), _record()
    cds = _lea(record, cds, None)
    _write(case_template(rulebook, record, cds, whole=whole), output)


@case.command("check", cls=_Paragraphs)
@click.argument("files", nargs=-1, required=True, type=_EXISTING)
def case_check(files: tuple[Path, ...]) -> None:
    """Check case files: entries, dates, and that events stand where the law has them. All problems are listed together.

    Example: pyreport case check case.yaml
    """
    facts = _case_facts(files, _rulebook(), _record())
    if not facts:
        return
    events = sum(atom[0] == "event" for atom in facts)
    others = sum(atom[0] not in ("event", "event_under") for atom in facts)
    counted = [f"{n} {what}" + ("s" if n != 1 else "") for n, what in ((events, "event"), (others, "other fact"))]
    _echo(f"In order: {' and '.join(counted)}.", err=True)


def _rulebook(reading: str | None = None) -> Rulebook:
    from pyreport.files.places import policy_folder
    from pyreport.rulebook.rulebook import load_rulebook

    return load_rulebook(policy_folder(), reading)


def _record(evidence: Given | None = None) -> Record:
    """The record with what is given; what there is to say of the files goes to standard error."""
    from pyreport.evidence.given import Given, record_with_notes

    record, notes = record_with_notes(evidence or Given())
    for note in notes:
        _echo(note, err=True)
    return record


def _case_facts(paths: tuple[Path, ...], rulebook: Rulebook, record: Record) -> Facts:
    """The facts of the case files; of files without entries a message says so."""
    if not paths:
        return {}
    from pyreport.following.case_check import checked_case

    facts, empty = checked_case(paths, rulebook, record)
    for name in empty:
        _echo(f"{name} has no entries yet.", err=True)
    return facts


def _say_unused(case: Facts, graphs: Sequence[Graph], as_of: int | None = None) -> None:
    """Name the entries of case files that bore on nothing, each with the reason."""
    if not case:
        return
    from pyreport.following.case_use import unused_entries

    for finding in unused_entries(case, graphs, as_of):
        _echo(str(finding), err=True)


def _say_unused_of(case: Facts, rulebook: Rulebook, facts: Facts) -> None:
    """The same where what follows from the facts was not derived yet."""
    if case:
        from pyreport.reasoning.solver import derive

        _say_unused(case, [derive(rulebook, facts)])


def _say(decided: Decision) -> None:
    """Say on standard error what was checked, and where CDE's letters decided against figures."""
    differing = sorted(
        {(atom[2], atom[1], atom[3]) for atom in decided.graph.atoms("letters_and_figures_differ")}, key=str
    )
    if differing:
        shown = ", ".join(
            f"{str(lea).strip(chr(34))} {str(group).upper()} {year}" for year, lea, group in differing[:3]
        )
        more = f" and {len(differing) - 3:,} more" if len(differing) > 3 else ""
        _echo(
            f"Letters and figures differ, and CDE's letters decide: {shown}{more}. `pyreport reconcile` shows both "
            "derivations; --without letters decides by the figures.",
            err=True,
        )
    _echo(str(decided.verdict), err=True)


def _warn_of_later(rulebook: Rulebook, record: Record, year: int | None, date: int | None) -> None:
    """Say which Dashboards on record were out on ``date`` and are left out by ``year``, the last one asked for."""
    from pyreport.following.support import certainly_out

    if year is None or date is None:
        return
    outs = {later: certainly_out(rulebook, later) for later in record.years if later > year}
    left_out = [str(later) for later, out in outs.items() if out is not None and out <= date]
    if left_out:
        which = f"the {' and '.join(left_out)} Dashboard" + ("s were" if len(left_out) > 1 else " was")
        _echo(f"On that date {which} out: what rests on it is open here. Ask with --year {left_out[-1]}.", err=True)


def _date(text: str) -> int:
    from pyreport.evidence.readers.case_facts import number_of

    try:
        return number_of(text)
    except ValueError:
        raise click.UsageError(
            f"--as-of: {text} is no date of the calendar; expected a date of the calendar, YYYY-MM-DD"
        ) from None


def _code(county: str) -> str:
    from pyreport.evidence.counties import county_code

    try:
        return county_code(county)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _chosen_year(rulebook: Rulebook, record: Record, year: int | None) -> int:
    from pyreport.reasoning.encoded_years import check_year

    chosen = record.years[-1] if year is None else year
    check_year(rulebook, chosen)
    _on_record(record, chosen)
    return chosen


def _on_record(record: Record, year: int) -> None:
    if year not in record.years:
        _fail(
            f"The record holds no facts of the {year} Dashboard, only of {_listed(record.years)}; "
            "give them with --evidence."
        )


def _lea(record: Record, text: str, year: int | None) -> str:
    """The CDS code of the LEA that is named by its code or its name, if it is on record (in ``year``, if given)."""
    from pyreport.evidence.lea_names import LeaNames

    try:
        cds = LeaNames(record).code(text)
    except ValueError as error:
        message = str(error)
        _fail(f"{message[:1].upper()}{message[1:]}.".replace("?.", "?"))
    on_record = record.years_of(cds)
    if not on_record:
        _fail(
            f"{cds}: no LEA of that CDS code is on record; expected the 14 digits of a district, a county office "
            "or a charter, or its name."
        )
    if year is not None and year not in on_record:
        _fail(f"{cds} is not in the files of {year}; it is in those of {_listed(on_record)}.")
    return cds


def _values(text: str) -> list[str]:
    """The values between the parentheses of `--about`; one with a comma stands in quotation marks."""
    import csv

    inside = text.strip().removesuffix(")").strip()
    return [part.strip() for part in next(csv.reader([inside], skipinitialspace=True))] if inside else []


def _goal(rulebook: Rulebook, predicate: Predicate, cds: str, year: int, given: list[str]) -> Goal:
    """What `--about` asks for: of the LEA and the year, with the given values or any."""
    from pyreport.rulebook.syntax import quote

    known: dict[str, Value] = {"LEA": quote(cds), "Year": year}
    open_arguments = [name for name in predicate.arguments if name not in known]
    if len(given) > len(open_arguments):
        raise click.UsageError(
            f"--about: {predicate.name} has {_listed(open_arguments) or 'nothing'} after the LEA and the year; "
            f"given: {_listed(given)}."
        )
    for name, text in zip(open_arguments, given, strict=False):
        if text in ("_", ""):
            continue
        values = _values_of(rulebook, name)
        if values and text.lower() not in values:
            told = _listed(f'"{value}"' if "," in value else value for value in values)
            raise click.UsageError(f"--about: {text} is no {name}; expected one of {told}.")
        known[name] = values.get(text.lower(), int(text) if text.lstrip("-").isdigit() else text.lower())
    return (predicate.name, *(known.get(name) for name in predicate.arguments))


def _values_of(rulebook: Rulebook, name: str) -> dict[str, Value]:
    """The values of an argument by what a user writes, where the policy names or states them; else none."""
    from pyreport.rulebook.syntax import unquote

    values: list[Value] = list(rulebook.names.get(name, ()))
    if not values:
        for predicate in rulebook.predicates.values():
            if predicate.stated_by == "policy" and name in predicate.arguments:
                place = predicate.arguments.index(name) + 1
                values += [fact[place] for rule in rulebook.by_head.get(predicate.name, ()) for fact in rule.facts]
    return {unquote(value).lower(): value for value in sorted(set(values), key=str)}


def _predicate(rulebook: Rulebook, about: str) -> str:
    import difflib

    name = about.lower()
    if name in rulebook.predicates:
        return name
    near = difflib.get_close_matches(name, rulebook.predicates, n=3) or sorted(rulebook.outputs())
    raise click.UsageError(f"--about {about}: the vocabulary has no such predicate; did you mean {' or '.join(near)}?")


def _question(rulebook: Rulebook, about: str | None) -> Question:
    """What a what-if asks: a conclusion that rules draw about an LEA and a Dashboard year."""
    from pyreport.hypotheses.least_change import Question

    if about is None:
        return Question()
    name, _, value = about.partition("=")
    predicate = rulebook.predicates[_predicate(rulebook, name)]
    if predicate.stated_by != "rules" or not {"LEA", "Year"} <= set(predicate.arguments):
        raise click.UsageError(f"--about {about}: write a conclusion about an LEA and a year, such as eligible")
    if value and predicate.arguments[-1] in ("LEA", "Year"):
        raise click.UsageError(f"--about {about}: {predicate.name} is asked about without a value")
    return Question(predicate.name, (int(value) if value.isdigit() else value.lower()) if value else None)


def _listed(items: Iterable[object]) -> str:
    return ", ".join(map(str, items))


def _json(data: Any) -> str:
    import json

    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _write(text: str, output: Path | None) -> None:
    if output is None:
        try:
            _echo(text, nl=False)
        except OSError as error:
            words = "it is closed" if error.errno == errno.EBADF else error.strerror
            raise OSError(error.errno, f"{words}; not all was written", "standard output") from error
        return
    from pyreport.files.writing import write_file

    write_file(output, text)
