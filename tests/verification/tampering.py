"""Made-up tamperings of a county's files: elements, bytes, parts of a workbook, facts and derivations of a proof."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from pyreport.proof.packing import proof_of, unpack

from .verified import FILES, copied

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


def tamperings(place: Path, count: int, seed: int) -> Iterator[tuple[str, Path]]:
    """``count`` folders of a county's files, each with one of them tampered with, and what was done to which."""
    source = random.Random(seed)
    of_pages = [
        changed_byte, dropped_byte, changed_text, dropped, doubled, moved, swapped, wrapped, hidden, added, restyled,
        relinked, ended_otherwise,
    ]  # fmt: skip
    of_text = [changed_byte, dropped_byte, ended_otherwise]
    for number in range(count):
        kind = list(FILES)[number % len(FILES)]
        folder = copied(place / str(number))
        path = folder / FILES[kind]
        before = path.read_bytes()
        if kind == "proof":
            regraphed(path, source)
            way = "regraphed"
        elif kind == "workbook":
            way = "reworked"
            path.write_bytes(reworked(before, source))
        else:
            ways = of_pages if path.suffix == ".html" else of_text
            made = ways[number // len(FILES) % len(ways)]
            way, text = made.__name__, before.decode()
            while text == before.decode():
                text = made(before.decode(), source)
            path.write_bytes(text.encode())
        assert path.read_bytes() != before
        yield f"{number}: {kind}: {way.replace('_', ' ')}", path


def reworked(content: bytes, source: random.Random) -> bytes:
    """A workbook with one part changed, left out or added."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = {info: book.read(info) for info in book.infolist()}
    chosen = source.choice([info for info in parts if info.filename.startswith("xl/") and b"<" in parts[info]])
    made = io.BytesIO()
    way = source.randrange(3)
    with zipfile.ZipFile(made, "w") as book:
        for info, part in parts.items():
            if info is chosen and way == 0:
                continue
            place = source.randrange(len(part)) if info is chosen and way == 1 else None
            book.writestr(info, part if place is None else part[:place] + bytes([part[place] ^ 1]) + part[place + 1 :])
        if way == 2:
            book.writestr("xl/more.xml", "<more/>")
    return made.getvalue()


def _place(text: str, source: random.Random) -> int:
    return source.randrange(len(text))


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


def regraphed(path: Path, source: random.Random) -> None:
    """The proof is changed, packed again as the program packs it, or says the same in another order."""
    change = source.choice([*_CHANGES, _reordered])(source)
    _, document = unpack(path.read_bytes())
    before = json.dumps(document)
    while json.dumps(document) == before:
        change(document)
    path.write_bytes(proof_of(document).packed())


def _reordered(source: random.Random) -> Callable[[dict], object]:
    name = source.choice(["rules", "publications", "authorities", "policy"])

    def change(graph: dict) -> None:
        part = graph[name]
        if isinstance(part, dict):
            graph[name] = dict(reversed(part.items()))
        else:
            last = len(part) - 1
            part.reverse()
            for fact in graph["facts"]:
                fact[1] = last - fact[1]

    return change


def ended_otherwise(text: str, source: random.Random) -> str:
    return source.choice([text + "\n", text + " ", text.replace("\n", "\r\n"), "\ufeff" + text, text[:-1], text[:-60]])


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
