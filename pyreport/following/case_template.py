"""A template of a case file, all in comments: what can be stated of an LEA, and the steps of its pathways.

Every entry is one line, of a form that the schema allows once the number sign is taken away.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from pyreport.evidence.facts import facts_of
from pyreport.evidence.model import agency_of
from pyreport.evidence.readers.case_facts import SCHEMA, single_facts
from pyreport.evidence.readers.written_file import schema_of
from pyreport.evidence.record import Record
from pyreport.explanation.sentences import Sentences, listed_words
from pyreport.following.step_order import in_order
from pyreport.reasoning.solver import derive
from pyreport.rulebook.rows import with_values
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Value, quote, unquote

__all__ = ["case_template"]

_HEADING = """\
# Case file of {name} ({cds}).
# Take the number sign away before each entry that is so, and write its document and date; of a fact that is not about a
# day, the date may be left out. `pyreport case check FILE` checks it; `--case FILE` gives it to the other commands.
"""
_EVENTS = """
# Events, under sections of the Education Code. The first step of each pathway; all: `pyreport case new {cds} --all`.
"""
_CHARTER, _OFFICE = "charter", "county_office"
_YEARS = ("dashboard_year", "school_year_ends", "fiscal_year_ends")
_DATE, _DOCUMENT = "YYYY-MM-DD", '"…"'


def case_template(rulebook: Rulebook, record: Record, cds: str, *, whole: bool = False) -> str:
    """Return the template for one LEA: the facts of its kind, then the steps of each pathway open to it, in order.

    Args:
        rulebook: The policy.
        record: The record.
        cds: The CDS code of the LEA.
        whole: Whether to write every step of each pathway, or the first alone.

    Raises:
        ReasoningError: Clingo reported an error or a warning.
    """
    graph = derive(rulebook, facts_of(record, only={cds}))
    sentences, lea = Sentences(graph), quote(cds)
    kinds = {row.kind for row in graph.rows("kind", lea=lea)}
    parts = [_HEADING.format(name=sentences.lea(lea), cds=cds), *_facts(kinds, cds, record.years[-1])]
    by_kind = rulebook.stated("open_to_kind")
    pathways = [row.pathway for row in by_kind if row.kind in kinds]
    limited = {row.pathway for row in by_kind}
    support = [row.pathway for row in rulebook.stated("stands_under") if row.pathway not in limited]
    parts += [_EVENTS.format(cds=cds)] if not whole else []
    for pathway in dict.fromkeys([*support, *pathways]):
        title = sentences.words("Pathway", pathway)
        steps = _steps(rulebook, sentences, pathway, cds)
        if whole:
            parts += [f"\n# {title[:1].upper()}{title[1:]}\n", *(part for step in steps for part in step)]
        else:
            (_, entry, *_), *_ = steps
            parts.append(entry.rstrip("\n") + ("; " if "  # " in entry else "  # ") + f"{title}\n")
    return "".join(parts)


def _facts(kinds: Container[Value], cds: str, year: int) -> Iterable[str]:
    """An entry for each fact that can be stated of an LEA of these kinds, as the schema has it."""
    schema = schema_of(SCHEMA)
    known = {"lea": cds, "office": cds, "lead": cds, "county": cds[:2], "authorizer": agency_of(cds)}
    for what, fact in single_facts().items():
        of_charters, of_offices = "lea" in fact.get("properties", {}), "office" in fact["required"]
        if (of_charters and _CHARTER not in kinds) or (of_offices and _OFFICE not in kinds):
            continue
        values, others = {}, {}
        for name in fact["required"]:
            entry = schema["items"]["properties"][name]
            entry = {**schema["$defs"].get(entry.get("$ref", "").rpartition("/")[2], {}), **entry}
            first, *others[name] = entry["enum"] if "enum" in entry else entry.get("examples", ("",))
            first = year if name in _YEARS else known.get(name, first)
            values[name] = f'"{first}"' if entry.get("type") == "string" else str(first)
        yield f"# {fact['description']}\n"
        yield _entry(what, values, others)


def _entry(what: str, values: Mapping[str, str], others: Mapping[str, Sequence[str]]) -> str:
    """One entry in a comment, with what may stand in place of a value after it."""
    said = {"what": what, **values, "date": _DATE, "document": _DOCUMENT}
    notes = "; ".join(f"{name}: or {', '.join(map(str, words))}" for name, words in others.items() if words)
    line = ", ".join(f"{name}: {value}" for name, value in said.items())
    return f"#- {{{line}}}" + (f"  # {notes}" if notes else "") + "\n"


def _steps(rulebook: Rulebook, sentences: Sentences, pathway: Value, cds: str) -> Iterator[list[str]]:
    """The steps of one pathway, each after those that it follows: what it is, and an entry for each of its events."""
    stated = rulebook.stated
    priors: dict[Value, list[Value]] = {}
    for row in with_values(stated("follows"), pathway=pathway):
        priors.setdefault(row.step, []).append(row.prior)
    sections: dict[Value, list[str]] = {}
    for row in with_values(stated("stands_under"), pathway=pathway):
        sections.setdefault(row.step, []).append(unquote(row.section))
    actors: dict[Value, list[str]] = {}
    for row in with_values(stated("taken_by"), pathway=pathway):
        actors.setdefault(row.step, []).append(str(row.by))
    for step in in_order(list(sections), priors):
        before = [sentences.words("Step", prior) for prior in priors.get(step, ())]
        note = f"; after {listed_words(before)}" if before else ""
        title = sentences.words("Step", step)
        (by, *others_by), (section, *others_section) = actors[step], sections[step]
        values = {"lea": f'"{cds}"', "by": by, "section": f'"{section}"'}
        others = {"by": others_by, "section": others_section}
        entries = [_entry(str(row.what), values, others) for row in with_values(stated("answers"), step=step)]
        yield [f"# {title[:1].upper()}{title[1:]}{note}.\n", *entries]
