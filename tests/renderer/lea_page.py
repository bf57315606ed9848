"""Reads the page of an LEA with the standard library alone and compares it with the proof that it names.

Nothing of the code that makes pages is used, nor of what unpacks proofs for the program's own use but the unpacking.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"meta", "br", "link", "img", "input", "hr", "col", "wbr"}
_CELL = re.compile(r"(?P<file>.+?)(?:, sheet “(?P<sheet>.*?)”)?, cell (?P<place>[^:]*): “(?P<value>.*)”", re.DOTALL)
_ASKED = re.compile(r"(?P<file>the [a-z ]+): “(?P<value>.*)”", re.DOTALL)
"""What was asked for stands in no file."""
_RULE = "#rule-"


@dataclass
class ReadStep:
    """One step: its text, the steps it refers to, the rules it links, and the cells it names."""

    number: int
    text: str = ""
    refers_to: list[int] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)


class ReadPage(HTMLParser):
    """What a page says: the steps of its proof, every reference to one, every link, and the cells shown outside."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.steps: list[ReadStep] = []
        self.references: list[int] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.cells: list[str] = []
        self.shown_numbers: list[tuple[int, str]] = []
        self._open: list[tuple[str, Mapping[str, str]]] = []
        self._proof_at: int | None = None
        self._small: list[str] | None = None
        self._link: tuple[str, list[str]] | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "li" and self._open[-1][0] == "li":
            # The end of an item need not be written.
            self._open.pop()
        if tag not in VOID:
            self._open.append((tag, attributes))
        if tag == "ol" and attributes.get("class") == "proof":
            assert self._proof_at is None, "the page has two proofs"
            self._proof_at = len(self._open)
        if tag == "li" and self._proof_at is not None and len(self._open) == self._proof_at + 1:
            number = re.fullmatch(r"s([1-9][0-9]*)", attributes["id"])
            assert number, attributes
            self.steps.append(ReadStep(int(number[1])))
        if tag == "small":
            self._small = []
        if tag == "a":
            self.links.append(attributes["href"])
            self._link = (attributes["href"], [])

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ol", "ul") and self._open[-1][0] == "li":
            self._open.pop()
        assert self._open[-1][0] == tag, f"</{tag}> closes <{self._open[-1][0]}>"
        if tag == "small" and self._small is not None:
            words = "".join(self._small)
            if _CELL.fullmatch(words) or _ASKED.fullmatch(words):
                (self._step.cells if self._step else self.cells).append(words)
            self._small = None
        if tag == "a" and self._link is not None:
            self._end_of_link(*self._link)
            self._link = None
        if tag == "ol" and self._proof_at == len(self._open):
            self._proof_at = -1
        self._open.pop()

    def _end_of_link(self, href: str, words: list[str]) -> None:
        if re.fullmatch(r"#s[1-9][0-9]*", href):
            number = int(href[2:])
            assert "".join(words) == str(number), f"a link to step {number} reads {''.join(words)}"
            self.references.append(number)
            if self._step:
                self._step.refers_to.append(number)
        elif _RULE in href and self._step:
            self._step.rules.append(href.partition(_RULE)[2])

    def handle_data(self, data: str) -> None:
        if self._small is not None:
            self._small.append(data)
        if self._link is not None:
            self._link[1].append(data)
        if self._step:
            self._step.text += data

    @property
    def _step(self) -> ReadStep | None:
        inside = self._proof_at is not None and self._proof_at != -1 and len(self._open) > self._proof_at
        return self.steps[-1] if inside and self.steps else None


def problems(
    text: str, document: Mapping[str, Any], lea: str, year: int, concluding: set[str], rules: set[str]
) -> Iterator[str]:
    """What is wrong with the proof on a page of an LEA.

    Args:
        text: The page.
        document: The unpacked proof that it names.
        lea: The LEA's CDS code.
        year: The Dashboard year of the page.
        concluding: The ids of the rules that conclude what the page must prove of the LEA and the year.
        rules: The ids of all rules of the policy.
    """
    page = ReadPage(text)
    yield from _structure(page)
    yield from _circles(page.steps)
    for href in page.links:
        if _RULE in href and (href.partition(_RULE)[2] not in rules or not href.startswith("../law.html#")):
            yield f"a link leads to no rule of the policy: {href}"
    for step in page.steps:
        if step.rules and step.rules[0] not in document["rules"]:
            yield f"step {step.number} rests on {step.rules[0]}, which the proof does not name"
    yield from _cells(page, document)
    yield from _conclusions(page, document, lea, year, concluding)


def _structure(page: ReadPage) -> Iterator[str]:
    numbers = [step.number for step in page.steps]
    if not numbers or numbers != list(range(1, len(numbers) + 1)):
        yield "the steps are not numbered one after the other"
    yield from (f"the id {one} is given twice" for one in page.ids if page.ids.count(one) > 1)
    yield from (f"step {one} is referred to and does not exist" for one in page.references if one not in numbers)
    texts: dict[str, int] = {}
    for step in page.steps:
        first = texts.setdefault(" ".join(step.text.split()), step.number)
        if first != step.number:
            yield f"steps {first} and {step.number} are the same"
        if not step.rules and not step.cells:
            yield f"step {step.number} has neither a rule nor a cell"
        if step.cells and (step.refers_to or step.rules or len(step.cells) != 1):
            yield f"step {step.number} is a fact and rests on something"


def _circles(steps: list[ReadStep]) -> Iterator[str]:
    below = {step.number: set(step.refers_to) for step in steps}
    while below:
        ends = {number for number, named in below.items() if not named & below.keys()}
        if not ends:
            yield f"steps rest on themselves: {sorted(below)[:9]}"
            return
        below = {number: named for number, named in below.items() if number not in ends}


def _cells(page: ReadPage, document: Mapping[str, Any]) -> Iterator[str]:
    """Every cell that the page names is that of a fact: its file, its sheet, its row and column, and its value."""
    publications = document["publications"]
    stated = {
        (publications[source]["file"], publications[source]["sheet"], place, value)
        for _, source, place, value in document["facts"]
    }
    asked = {
        (publications[source]["file"], value)
        for _, source, _, value in document["facts"]
        if not publications[source]["sha256"]
    }
    of_proof = [cell for step in page.steps for cell in step.cells]
    for words in [*of_proof, *page.cells]:
        found, question = _CELL.fullmatch(words), _ASKED.fullmatch(words)
        if found:
            holds = (found["file"], found["sheet"] or "", found["place"], found["value"]) in stated
        else:
            assert question
            holds = (question["file"], question["value"]) in asked
        if not holds:
            yield f"no fact of the proof stands in {words}"
    yield from (f"a reason names a cell that no step does: {one}" for one in page.cells if one not in of_proof)
    if not of_proof:
        yield "the page ends at no cell"


def _conclusions(
    page: ReadPage, document: Mapping[str, Any], lea: str, year: int, concluding: set[str]
) -> Iterator[str]:
    """Every application of those rules to the LEA in the year is told, by its rule, with its year and its words."""
    for name in sorted(concluding & document["rules"].keys()):
        rule = document["rules"][name]
        told = [step.text for step in page.steps for one in step.rules if one == name]
        for instance in rule["instances"]:
            values = dict(zip(rule["variables"], instance, strict=True))
            if values.get("LEA") != f'"{lea}"' or values.get("Year") != year:
                continue
            words = [value.strip('"') for value in instance if isinstance(value, str) and value.startswith('"')]
            needed = [str(year), *(one for one in words if one != lea)]
            found = next((text for text in told if all(one in text for one in needed)), None)
            if found is None:
                yield f"no step tells the application of {name} to {instance}"
            else:
                told.remove(found)
