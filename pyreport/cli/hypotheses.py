"""Commands on what could be otherwise: ``what-if`` for changed facts, ``settle`` for open ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from pyreport.cli import options
from pyreport.cli.command import Command, fail

if TYPE_CHECKING:
    from pyreport.cli.inputs import Inputs
    from pyreport.cli.output import Output
    from pyreport.evidence.predicates import Facts
    from pyreport.rulebook.rulebook import Rulebook

__all__ = ["settle", "what_if"]


@click.command(cls=Command)
@options.lea
@options.year
@options.inputs(reading=False)
@options.output("text", "json")
def settle(lea: str, year: int | None, inputs: Inputs, output: Output) -> None:
    """List what is open about an LEA (CDS code or name), and the smallest sets of facts that would settle it.

    Each set was added to the facts and decided again. How an open fact could come out stands in policy/changes/.

    Example: pyreport settle 27659950000000 --year 2025
    """
    from pyreport.cli.output import as_json, message
    from pyreport.hypotheses.settling import FORMAT, as_data, as_text, settling

    rulebook = inputs.rulebook_with_changes
    year = inputs.dashboard_year(year)
    cds = inputs.cds_code(lea, year)
    facts = _facts_of(inputs, rulebook, cds, year)
    settled, verdict = settling(rulebook, facts, cds, year)
    if output.form == "json":
        output.write(as_json({"format": FORMAT, "cds": cds, "dashboard_year": year, "open": as_data(settled)}))
    else:
        output.write(as_text(settled))
    message(str(verdict))


@click.command("what-if", cls=Command)
@options.lea
@options.year
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
@click.option(
    "--figures",
    is_flag=True,
    help="For each printed color: the nearest figures, in tenths and in students, at which it would have been another.",
)
@options.inputs()
@options.output("text", "json")
def what_if(
    lea: str,
    year: int | None,
    about: str | None,
    settings: tuple[str, ...],
    figures: bool,
    inputs: Inputs,
    output: Output,
) -> None:
    """List all smallest changes of reported facts after which a conclusion would come or go.

    With --set, tell what a hypothesis of your own changes, in conclusions and in derivations. Which facts may change,
    and what each change costs, stands in policy/changes/. With --figures, tell at which figures colors would have been
    others. What is said is said about the rules and is no advice.

    Example: pyreport what-if 27661420000000 --year 2024
    """
    from pyreport.cli.about import question_of
    from pyreport.cli.output import as_json, message
    from pyreport.hypotheses import what_if_text
    from pyreport.hypotheses.settings import read_setting
    from pyreport.hypotheses.what_if import Inquiry, hypothesis, smallest

    if figures:
        if about or settings:
            fail(f"--figures asks about colors alone: leave out {'--set' if settings else '--about'}, or --figures.")
        _figures(lea, year, inputs, output)
        return
    rulebook, changes = inputs.rulebook, inputs.rulebook_with_changes
    question = question_of(rulebook, about)
    year = inputs.dashboard_year(year)
    cds = inputs.cds_code(lea, year)
    inquiry = Inquiry(rulebook, changes, _facts_of(inputs, rulebook, cds, year), cds, year, question)
    data: dict[str, Any]
    if settings:
        read = [read_setting(changes, text, year) for text in settings]
        what, changed = hypothesis(inquiry, read)
        text = what_if_text.hypothesis_as_text(changes, what, changed)
        data = what_if_text.hypothesis_as_data(what, changed)
    else:
        what, smallest_changes, sentences = smallest(inquiry)
        text = what_if_text.smallest_as_text(changes, what, smallest_changes, sentences)
        data = what_if_text.smallest_as_data(what, smallest_changes, sentences, about)
    output.write(as_json(data) if output.form == "json" else text)
    for verdict in what.verdicts:
        message(str(verdict))


def _figures(lea: str, year: int | None, inputs: Inputs, output: Output) -> None:
    """Tell at which figures the colors of an LEA would be others; without a year, of its newest figures on record."""
    from pyreport.cli.output import as_json, message
    from pyreport.evidence.scope import Scope
    from pyreport.explanation.sentences import Sentences
    from pyreport.hypotheses.figures import ColorRules
    from pyreport.hypotheses.figures_text import as_data, as_text
    from pyreport.reasoning.decision import facts_to_decide
    from pyreport.reasoning.graph import Graph

    changes = inputs.rulebook_with_changes
    asked = inputs.dashboard_year(year)
    cds = inputs.cds_code(lea, asked if year is not None else None)
    facts = facts_to_decide(inputs.rulebook, inputs.record, Scope(only={cds}), inputs.case)
    rules = ColorRules(changes)
    figures = rules.figures_that_change(facts, [cds], asked, eligibility=True)[cds]
    told = set(figures.on_record) & set(figures.encoded)
    if year is None and asked not in figures.on_record and told:
        message(f"No Dashboard figures of {asked} are on record for this LEA: those of {max(told)} are taken.")
        figures = rules.figures_that_change(facts, [cds], max(told), eligibility=True)[cds]
    facts = _facts_of(inputs, inputs.rulebook, cds, figures.year)
    verdict = rules.decided_again(inputs.rulebook, facts, figures)
    sentences = Sentences(Graph(changes, facts, {}))
    output.write(as_json(as_data(figures, sentences)) if output.form == "json" else as_text(figures, sentences))
    if not figures.on_record:
        message("Give CDE's Dashboard files of this LEA with --evidence.")
    if verdict is not None:
        message(str(verdict))


def _facts_of(inputs: Inputs, rulebook: Rulebook, cds: str, year: int) -> Facts:
    """The facts of one LEA and Dashboard year; the entries of case files that bear on nothing are named."""
    from pyreport.cli.notes import note_unused_case_entries
    from pyreport.evidence.scope import Scope
    from pyreport.reasoning.decision import facts_to_decide
    from pyreport.reasoning.solver import derive

    facts = facts_to_decide(rulebook, inputs.record, Scope(year=year, only={cds}), inputs.case)
    if inputs.case:
        note_unused_case_entries(inputs.case, [derive(rulebook, facts)])
    return facts
