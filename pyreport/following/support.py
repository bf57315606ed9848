"""What follows for an LEA as of a date: the law, levels of support, provider, length and duties, each derived."""

from __future__ import annotations

from pyreport.explanation.sentences import date_words
from pyreport.explanation.text import as_text
from pyreport.explanation.tree import Explainer, Step
from pyreport.reasoning.graph import Graph
from pyreport.rulebook.rows import atom_of, with_values
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, quote

__all__ = ["certainly_out", "fiscal_year_of", "support_steps", "support_text"]


def certainly_out(rulebook: Rulebook, year: int) -> int | None:
    """The first day, YYYYMMDD, on which the policy takes a Dashboard to be out for certain; ``None`` if it has none."""
    days = [row.deadline for row in with_values(rulebook.stated("release_deadline"), year=year)]
    days += [row.latest for row in with_values(rulebook.stated("released_before"), year=year)]
    return int(days[0]) if days else None


def fiscal_year_of(rulebook: Rulebook, date: int) -> int:
    """The calendar year in which the fiscal year of a date, YYYYMMDD, ends, as the policy says when one begins."""
    begins = int(rulebook.stated("fiscal_year_begins")[0].first_day)
    year, day = divmod(date, 10000)
    return year + (day >= begins)


def support_steps(graph: Graph, cds: str, date: int) -> dict[str, list[Step]]:
    """The conclusions about one LEA as of a date, YYYYMMDD, by predicate.

    Those of a predicate are sorted; a predicate that has none is left out.
    """
    explainer = Explainer(graph)
    steps: dict[str, list[Step]] = {}
    for predicates in graph.rulebook.topics().values():
        for predicate in predicates:
            if not {"LEA", "Date"} <= set(predicate.arguments):
                continue
            atoms: list[Atom] = [atom_of(row) for row in graph.rows(predicate.name, lea=quote(cds), date=date)]
            if atoms:
                steps[predicate.name] = [explainer.step(atom) for atom in sorted(atoms, key=str)]
    return steps


def support_text(graph: Graph, cds: str, date: int, steps: dict[str, list[Step]]) -> str:
    """All conclusions first, in short, then each with its derivations.

    Args:
        graph: What was derived as of the date.
        cds: The CDS code of the LEA.
        date: The date, YYYYMMDD.
        steps: What ``support_steps`` returns for them.
    """
    name = Explainer(graph).sentences.lea(quote(cds))
    heading = f"{name} ({cds}), as of {date_words(date)}"
    lines = [heading, "=" * len(heading), ""]
    for predicate, conclusions in steps.items():
        title = graph.rulebook.predicates[predicate].heading
        if title:
            lines.append(f"{title}:")
        lines += [f"- {step.sentence}" for step in conclusions]
    lines += ["", "Derivations", "-----------", ""]
    return "\n".join(lines) + as_text(step for conclusions in steps.values() for step in conclusions)
