"""What follows for an LEA as of a date: the law, levels of support, provider, length and duties, each derived."""

from __future__ import annotations

from pyreport.explanation.sentences import date_words
from pyreport.explanation.text import as_text
from pyreport.explanation.tree import Explainer, Step
from pyreport.reasoning.graph import Graph
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import quote

__all__ = ["certainly_out", "fiscal_year_of", "support_steps", "support_text"]

_DAYS = ("release_deadline", "released_before")
_FISCAL_YEAR = "fiscal_year_begins"


def certainly_out(rulebook: Rulebook, year: int) -> int | None:
    """The first day, YYYYMMDD, on which the policy takes a Dashboard to be out for certain; ``None`` if it has none."""
    stated = [fact for name in _DAYS for rule in rulebook.by_head[name] for fact in rule.facts]
    return next((int(fact[2]) for fact in stated if fact[1] == year), None)


def fiscal_year_of(rulebook: Rulebook, date: int) -> int:
    """The calendar year in which the fiscal year of a date, YYYYMMDD, ends, as the policy says when one begins."""
    begins = next(int(fact[1]) for rule in rulebook.by_head[_FISCAL_YEAR] for fact in rule.facts)
    year, day = divmod(date, 10000)
    return year + (day >= begins)


def support_steps(graph: Graph, cds: str, date: int) -> dict[str, list[Step]]:
    """The conclusions about one LEA as of a date, by predicate, each in a settled order; none that is empty."""
    explainer = Explainer(graph)
    subject = (quote(cds), date)
    found: dict[str, list[Step]] = {}
    for predicates in graph.rulebook.topics().values():
        for predicate in predicates:
            atoms = sorted((atom for atom in graph.atoms(predicate.name) if atom[1:3] == subject), key=str)
            if atoms:
                found[predicate.name] = [explainer.step(atom) for atom in atoms]
    return found


def support_text(graph: Graph, cds: str, date: int, found: dict[str, list[Step]]) -> str:
    """All conclusions first, in short, then each with its derivations."""
    name = Explainer(graph).sentences.lea(quote(cds))
    heading = f"{name} ({cds}), as of {date_words(date)}"
    lines = [heading, "=" * len(heading), ""]
    for predicate, steps in found.items():
        title = graph.rulebook.predicates[predicate].heading
        if title:
            lines.append(f"{title}:")
        lines += [f"- {step.sentence}" for step in steps]
    lines += ["", "Derivations", "-----------", ""]
    return "\n".join(lines) + as_text(step for steps in found.values() for step in steps)
