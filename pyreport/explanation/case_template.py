"""A commented template of a case file: what can be stated of an LEA, event by event, as the policy names it."""

from __future__ import annotations

from collections.abc import Container, Iterable

from pyreport.evidence.case_facts import SCHEMA, single_facts
from pyreport.evidence.facts import facts_of
from pyreport.evidence.record import Record
from pyreport.evidence.written_file import schema_of
from pyreport.explanation.sentences import Sentences, listed_words
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.solver import derive
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value, quote, unquote

__all__ = ["case_template"]

_HEADING = """\
# Case file of {name} ({cds}).
# One entry a fact or an event: what, whom (lea), when (date), the document that shows it; of an event also by whom
# and under which section of the Education Code. Take away the number signs of what is so or happened, and write its
# document and date; of a fact that is not about a day, the date may be left out. Then: pyreport case check FILE, and
# give the file by --case to whatever is asked, such as pyreport pathways {cds} --as-of YYYY-MM-DD --case FILE
"""
_ENTRY = """\
#- what: {what}
{further}#  date: YYYY-MM-DD
#  document: "…"
"""
_CHARTER, _OFFICE = "charter", "county_office"


def case_template(rulebook: Rulebook, record: Record, cds: str) -> str:
    """Return the template for one LEA: the facts of its kind, then the steps of each pathway open to it, in order."""
    graph = derive(rulebook, facts_of(record, only={cds}))
    sentences, lea = Sentences(graph), quote(cds)
    kinds = {atom[2] for atom in graph.atoms("kind") if atom[1] == lea}
    parts = [_HEADING.format(name=sentences.lea(lea), cds=cds), *_facts(kinds, cds)]
    pathways = [atom[1] for atom in _stated(graph, "open_to_kind") if atom[2] in kinds]
    closed = {atom[1] for atom in _stated(graph, "open_to_kind")}
    support = [atom[1] for atom in _stated(graph, "stands_under") if atom[1] not in closed]
    for pathway in dict.fromkeys([*support, *pathways]):
        title = sentences.words("Pathway", pathway)
        parts.append(f"# {title[:1].upper()}{title[1:]}\n")
        parts += _steps(graph, sentences, pathway, cds)
    return "\n".join(parts)


def _facts(kinds: Container[Value], cds: str) -> Iterable[str]:
    """An entry for each fact that can be stated of an LEA of these kinds, as the schema has it."""
    schema = schema_of(SCHEMA)
    known = {"lea": cds, "office": cds, "lead": cds, "county": cds[:2], "authorizer": f"{cds[:7]}0000000"}
    for what, fact in single_facts().items():
        of_charters, of_offices = "lea" in fact.get("properties", {}), "office" in fact["required"]
        if (of_charters and _CHARTER not in kinds) or (of_offices and _OFFICE not in kinds):
            continue
        lines = []
        for name in fact["required"]:
            entry = schema["items"]["properties"][name]
            entry = {**schema["$defs"].get(entry.get("$ref", "").rpartition("/")[2], {}), **entry}
            first, *others = entry["enum"] if "enum" in entry else entry.get("examples", ("",))
            value = f'"{known.get(name, first)}"' if entry.get("type") == "string" else str(first)
            note = f"  # or {', '.join(others)}" if others else ""
            lines.append(f"#  {name}: {value}{note}\n" if name != "date" else "")
        yield f"# {fact['description']}\n" + _ENTRY.format(what=what, further="".join(lines))


def _stated(graph: Graph, predicate: str) -> list[Atom]:
    return [fact for rule in graph.rulebook.by_head[predicate] for fact in rule.facts]


def _steps(graph: Graph, sentences: Sentences, pathway: Value, cds: str) -> Iterable[str]:
    """The events of the steps of one pathway, each step after those that it follows."""
    after = [atom[2:] for atom in _stated(graph, "follows") if atom[1] == pathway]
    under: dict[Value, list[str]] = {}
    for _, of, step, section in _stated(graph, "stands_under"):
        if of == pathway:
            under.setdefault(step, []).append(unquote(section))
    actors: dict[Value, list[Value]] = {}
    for _, of, step, by in _stated(graph, "taken_by"):
        if of == pathway:
            actors.setdefault(step, []).append(by)
    for step in _in_order(list(under), after):
        before = [sentences.words("Step", prior) for later, prior in after if later == step]
        note = f"; after {listed_words(before)}" if before else ""
        title = sentences.words("Step", step)
        yield f"# {title[:1].upper()}{title[1:]}{note}.\n" + "".join(
            _ENTRY.format(
                what=what,
                further=f'#  lea: "{cds}"\n#  by: {" or ".join(map(str, actors[step]))}\n'
                f'#  section: "{" or ".join(under[step])}"\n',
            )
            for _, what, of, _ in _stated(graph, "answers")
            if of == step
        )


def _in_order(steps: list[Value], after: list[Atom]) -> list[Value]:
    ordered: list[Value] = []
    left = list(steps)
    while left:
        ready = [one for one in left if not any(later == one and prior in left for later, prior in after)]
        ordered += ready
        left = [one for one in left if one not in ready]
    return ordered
