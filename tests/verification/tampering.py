"""Made-up tamperings of a page: any element or byte is changed, dropped, added, hidden or moved, or the graph is."""

from __future__ import annotations

import json
import random
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from reporting.pages import shown

from pyreport.proof.packing import pack
from pyreport.reporting.layout import county_layout

from .verified import AMADOR, YEAR, decision, of_other_facts, page, with_graph

_ELEMENT = re.compile(r"<(section|table|tr|td|th|li|details|summary|p|dl|dt|dd|ul|h2|h3|q|a|span|code|div|b)\b[^>]*>")
_TEXT = re.compile(r">([^<>\n]{3,})<")
_HIDING = [
    " hidden",
    ' style="display:none"',
    ' style="position:absolute;left:-9999px"',
    ' class="skip"',
    ' aria-hidden="true"',
    " inert",
    ' onclick="alert(1)"',
    ' data-x="1"',
]
_ADDED = [
    "<div>Elsewhere Unified is eligible for differentiated assistance.</div>",
    "<script>document.title = 1</script>",
    "<!-- nothing to see -->",
    '<iframe src="https://example.org"></iframe>',
    '<a href="javascript:alert(1)">All counties</a>',
    "<style>.answer{font-size:0}.answer::after{content:'All is well'}</style>",
    '<meta http-equiv="refresh" content="0;url=https://example.org">',
    '<section class="lea yes"><h3>Elsewhere Unified</h3><p class="answer">It is eligible.</p></section>',
    "<base href='https://example.org/'>",
    "\u200b",
    "\u202e",
    " ",
    "&#8203;",
]
_STYLES = ["q{display:none}", ".answer{visibility:hidden}", "body{transform:scaleX(-1)}", "td.red{background:green}"]


def tamperings(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """``count`` tampered pages of one county, each with what was done to it."""
    source = random.Random(seed)
    ways = [
        changed_byte, dropped_byte, changed_text, dropped, doubled, moved, swapped, wrapped, hidden, added, restyled,
        relinked, regraphed, reordered, falsified, ended_otherwise,
    ]  # fmt: skip
    for number in range(count):
        way = ways[number % len(ways)]
        text = page(AMADOR)
        while text == page(AMADOR):
            text = way(page(AMADOR), source)
        yield f"{number}: {way.__name__.replace('_', ' ')}", text


def _place(text: str, source: random.Random) -> int:
    """A place in the page; half of them in what is shown, since the graph is most of its bytes."""
    end = text.index("<script ")
    return source.randrange(end) if source.random() < 0.5 else source.randrange(len(text))


def changed_byte(text: str, source: random.Random) -> str:
    place = _place(text, source)
    return f"{text[:place]}{chr(source.randrange(32, 127))}{text[place + 1 :]}"


def dropped_byte(text: str, source: random.Random) -> str:
    place = _place(text, source)
    return text[:place] + text[place + 1 :]


def changed_text(text: str, source: random.Random) -> str:
    """Words of one place stand in another."""
    found = list(_TEXT.finditer(text))
    one, other = source.choice(found), source.choice(found)
    return text[: one.start(1)] + other[1] + text[one.end(1) :]


def _element(text: str, source: random.Random) -> tuple[int, int]:
    """Where an element begins and ends, whatever lies in it."""
    opening = source.choice(list(_ELEMENT.finditer(text)))
    depth = 0
    for tag in re.compile(rf"<(/?){opening[1]}\b[^>]*>").finditer(text, opening.start()):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return opening.start(), tag.end()
    raise AssertionError(f"{opening[0]} is not closed")


def dropped(text: str, source: random.Random) -> str:
    start, end = _element(text, source)
    return text[:start] + text[end:]


def doubled(text: str, source: random.Random) -> str:
    start, end = _element(text, source)
    return text[:end] + text[start:end] + text[end:]


def moved(text: str, source: random.Random) -> str:
    start, end = _element(text, source)
    rest = text[:start] + text[end:]
    place = source.choice(list(_ELEMENT.finditer(rest))).start()
    return rest[:place] + text[start:end] + rest[place:]


def swapped(text: str, source: random.Random) -> str:
    """Two elements that do not lie in one another change places, such as the trees of two conclusions."""
    (first, end), (second, last) = sorted((_element(text, source), _element(text, source)))
    if second < end:
        return text
    return text[:first] + text[second:last] + text[end:second] + text[first:end] + text[last:]


def wrapped(text: str, source: random.Random) -> str:
    start, end = _element(text, source)
    tag = source.choice(["div", "del", "details", "template", "noscript", "b"])
    return f"{text[:start]}<{tag}>{text[start:end]}</{tag}>{text[end:]}"


def hidden(text: str, source: random.Random) -> str:
    opening = source.choice(list(_ELEMENT.finditer(text)))
    return text[: opening.end() - 1] + source.choice(_HIDING) + text[opening.end() - 1 :]


def added(text: str, source: random.Random) -> str:
    place = source.choice(list(_ELEMENT.finditer(text))).start()
    return text[:place] + source.choice(_ADDED) + text[place:]


def restyled(text: str, source: random.Random) -> str:
    return text.replace("</style>", f"{source.choice(_STYLES)}</style>", 1)


def relinked(text: str, source: random.Random) -> str:
    link = source.choice(list(re.finditer(r'href="([^"]*)"', text)))
    return (
        text[: link.start(1)] + source.choice(["javascript:alert(1)", "https://example.org", "#"]) + text[link.end(1) :]
    )


def regraphed(text: str, source: random.Random) -> str:
    """The graph is changed, packed again as the program packs it."""
    return with_graph(text, source.choice(_CHANGES)(source))


def reordered(text: str, source: random.Random) -> str:
    """The graph says the same in another order."""
    name = source.choice(["facts", "rules", "publications", "authorities", "policy"])

    def change(graph: dict) -> None:
        part = graph[name]
        if isinstance(part, dict):
            graph[name] = dict(reversed(part.items()))
        elif name == "facts":
            part.reverse()
        else:
            last = len(part) - 1
            part.reverse()
            for fact in graph["facts"]:
                fact[1] = last - fact[1]

    return with_graph(text, change)


def ended_otherwise(text: str, source: random.Random) -> str:
    return source.choice([text + "\n", text + " ", text.replace("\n", "\r\n"), "\ufeff" + text, text[:-1], text[:-60]])


def falsified(text: str, source: random.Random) -> str:
    """A page that the program itself makes, of other facts: it is right, and only the evidence tells."""
    facts = dict(decision(AMADOR).graph.facts)
    letter = source.choice([atom for atom in facts if atom[0] == "published_letter"])
    cell = facts.pop(letter)
    if source.random() < 0.5:
        facts[(*letter[:4], "k" if letter[4] != "k" else "a")] = cell
    document = {**json.loads(of_other_facts(AMADOR, facts)), "layout": county_layout()}
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder) / "graph"
        graph.write_text(pack(document), encoding="ascii")
        return shown("county.ipynb", county=AMADOR, year=YEAR, graph=str(graph))


def _a_fact(graph: dict, source: random.Random) -> list:
    return source.choice(graph["facts"])


def _instances(graph: dict, source: random.Random) -> list:
    return source.choice([rule["instances"] for rule in graph["rules"].values() if rule["instances"]])


def _dropped_fact(source: random.Random) -> Callable[[dict], object]:
    return lambda graph: graph["facts"].remove(_a_fact(graph, source))


def _changed_fact(source: random.Random) -> Callable[[dict], object]:
    def change(graph: dict) -> None:
        atom = _a_fact(graph, source)[0]
        atom[-1] = atom[-1] + 1 if isinstance(atom[-1], int) else f"{atom[-1][:-1]}x{atom[-1][-1]}"

    return change


def _another_cell(source: random.Random) -> Callable[[dict], object]:
    return lambda graph: _a_fact(graph, source).__setitem__(2, "ZZ99")


def _another_printed_word(source: random.Random) -> Callable[[dict], object]:
    return lambda graph: source.choice(graph["printed"])[2].__setitem__("status", "Exemplary")


def _dropped_derivation(source: random.Random) -> Callable[[dict], object]:
    def change(graph: dict) -> None:
        name = source.choice([name for name, rule in graph["rules"].items() if rule["instances"]])
        rule = graph["rules"][name]
        place = source.randrange(len(rule["instances"]))
        for part in {"instances", "counted"} & rule.keys():
            del rule[part][place]

    return change


def _doubled_derivation(source: random.Random) -> Callable[[dict], object]:
    def change(graph: dict) -> None:
        rule = source.choice([rule for rule in graph["rules"].values() if rule["instances"] and "counted" not in rule])
        rule["instances"].append(list(source.choice(rule["instances"])))

    return change


def _another_quotation(source: random.Random) -> Callable[[dict], object]:
    def change(graph: dict) -> None:
        passages = source.choice(list(graph["authorities"].values()))["passages"]
        name = source.choice(list(passages))
        passages[name] += " not"

    return change


def _another_title(source: random.Random) -> Callable[[dict], object]:
    return lambda graph: source.choice(graph["publications"]).__setitem__("title", "Another file")


def _another_date(source: random.Random) -> Callable[[dict], object]:
    return lambda graph: source.choice(graph["publications"]).__setitem__("date", "1 January 2000")


def _something_more(source: random.Random) -> Callable[[dict], object]:
    return lambda graph: graph.__setitem__("note", "All is well")


_CHANGES = [
    _dropped_fact, _changed_fact, _another_cell, _another_printed_word, _dropped_derivation, _doubled_derivation,
    _another_quotation, _another_title, _another_date, _something_more,
]  # fmt: skip
