"""Compare what a county's page tells as of a date with its graph: each agency's topics, the situations, the funds.

The short sentences are filled in by the checker's own words. That every agency is in one situation, and that what the
situation lists holds of each agency in it and is all that does, is compared; the derivations below are compared
sentence by sentence where the others of the page are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pyreport.proof.checker import ProofChecker
from pyreport.proof.compiler import Atoms
from pyreport.proof.scenarios import Scenarios, event_rules

from .page import Element
from .words import Words, date_words, plain

__all__ = ["following_problems"]

_PATHWAYS = "pathways"
_TOGETHER = ("law", "lead", _PATHWAYS, "consequences", "duties")
_STATUS, _BARRED, _KIND = "pathway_status", "pathway_barred", "kind"
_NEXT = "What comes next"
_POSSIBLE = "What is possible after further steps"
_EXCLUDED = "excluded"
_CONSEQUENCES = ("shall", "may", _EXCLUDED)

_ABOUT = ("About", "What holds")
_COLUMNS = {
    "topics": _ABOUT,
    "pathways": ("Pathway", "Standing", "Awaits, or is barred by"),
    "lists": _ABOUT,
}
_PARTS = {
    "following": ("table",),
    "situation": ("h3", "p", "div", "table"),
}
"""What a part begins with, in this order; derivations follow."""

Row = tuple[str, ...]


def following_problems(
    root: Element, words: Words, checker: ProofChecker, covered: Mapping[Any, str], year: int, as_of: int | None
) -> Iterator[str]:
    """Yield each difference; ``covered`` are the agencies of the page's year, as in the graph and plainly."""
    yield from _Following(root, words, checker, covered, year, as_of).problems()


class _Following:
    def __init__(
        self,
        root: Element,
        words: Words,
        checker: ProofChecker,
        covered: Mapping[Any, str],
        year: int,
        as_of: int | None,
    ) -> None:
        self.root, self.words, self.checker = root, words, checker
        self.covered, self.year, self.as_of = covered, year, as_of
        self.topics: dict[str, list[str]] = {str(name): [] for name in words.names.get("Topic", {})}
        for predicate, fields in words.fields.items():
            if "Topic" in fields and ("Short" in fields or fields["Topic"] == _PATHWAYS):
                self.topics.setdefault(fields["Topic"], []).append(predicate)
        self.of_lea: dict[tuple[str, Any], list[tuple[Any, ...]]] = {}
        for predicates in self.topics.values():
            for predicate in predicates:
                for atom in sorted(words.atoms.get(predicate, ()), key=lambda one: self._place(predicate, one)):
                    self.of_lea.setdefault((predicate, atom[0]), []).append(atom)
        self.now = {name: set(map(tuple, words.atoms.get(name, ()))) for name in _CONSEQUENCES}

    def problems(self) -> Iterator[str]:
        told = list(self.root.all("div", "following"))
        situations = list(self.root.all("div", "situation"))
        if self.as_of is None:
            if told or situations:
                yield "the page tells what follows as of a date, which its graph does not"
            return
        among: dict[str, str] = {}
        for one in [*told, *situations]:
            yield from self._form(one)
        for one in situations:
            yield from self._situation(one, among)
        sections = {one.attributes.get("aria-labelledby", ""): one for one in self.root.all("section")}
        for lea, cds in self.covered.items():
            if cds not in among:
                yield f"no situation of the page includes {cds}"
            if f"lea-{cds}" in sections:
                for problem in self._section(sections[f"lea-{cds}"], lea, among.get(cds, "")):
                    yield f"the section of {cds}: {problem}"

    def _form(self, part: Element) -> Iterator[str]:
        """Nothing stands in a part but what is compared."""
        tags = [one.tag for one in part.children]
        first = next(tags for name, tags in _PARTS.items() if name in part.classes)
        if tuple(tags[: len(first)]) != first or set(tags[len(first) :]) - {"details"} or part.own_text:
            yield f"what follows is told with more than its tables and derivations: {part.own_text or tags}"
        captions = {
            "topics": f"What follows, as of {date_words(self.as_of)}",
            "pathways": f"Pathways to CCEE's direct technical assistance, as of {date_words(self.as_of)}",
            "lists": "What holds in this situation",
        }
        for table in part.all("table"):
            name = next((one for one in _COLUMNS if one in table.classes), "")
            columns = tuple(one.text for one in table.all("th") if one.attributes.get("scope") == "col")
            caption = [one.text for one in table.all("caption")]
            if columns != _COLUMNS.get(name) or caption != [captions.get(name)]:
                yield f"a table of what follows is headed {caption}, {columns}"

    def _section(self, section: Element, lea: Any, situation: str) -> Iterator[str]:
        found = list(section.all("div", "following"))
        if len(found) != 1:
            yield f"it tells {len(found)} times what follows, and needs to once"
            return
        expected: list[Row] = []
        for name, predicates in self.topics.items():
            short = self._short(predicates, lea) if name not in _TOGETHER else []
            if short:
                expected.append((self.words.word("Topic", name), *short))
        shown = _table(found[0], "topics")
        link = [one.attributes.get("href") for one in found[0].all("table", "topics") for one in one.all("a")]
        if shown[-1:] != [(_NEXT, f"Situation {situation.rpartition('-')[2]}")] or link != [f"#{situation}"]:
            yield f"it leads to {link}, {shown[-1:]}; it is in {situation or 'no situation'}"
        if shown[:-1] != expected:
            yield f"it tells what follows as {shown[:-1]}; the graph says {expected}"
        yield from _explained(found[0], [row[0] for row in expected], "")

    def _situation(self, one: Element, among: dict[str, str]) -> Iterator[str]:
        heading = next(one.all("h3"), one)
        anchor = heading.attributes.get("id", "")
        links = [link for part in one.all("p", "members") for link in part.all("a")]
        text = " ".join(part.text for part in one.all("p", "members"))
        if text != ", ".join(link.text for link in links):
            yield f"{anchor} includes {text!r}, which is more than the agencies it leads to"
        members = [link.attributes.get("href", "").removeprefix("#lea-") for link in links]
        by_cds = {cds: lea for lea, cds in self.covered.items()}
        if not members or heading.text != f"Situation {anchor.rpartition('-')[2]}":
            yield f"the situation {anchor!r} is not headed by its number, or includes nobody"
        pathways, lists = _table(one, "pathways"), _table(one, "lists")
        for cds, link in zip(members, links, strict=True):
            if cds not in by_cds or cds in among:
                yield f"{anchor} includes {cds}, which is {'in another' if cds in among else 'not of the page'}"
                continue
            among[cds] = anchor
            lea = by_cds[cds]
            name = self.words.lea(lea, self.year)
            if link.text != " ".join(name.split()):
                yield f"{anchor} calls {cds} {link.text!r}, not {name!r}"
            for shown, right in ((pathways, self._pathways(lea)), (lists, self._lists(lea))):
                if shown != right:
                    yield f"{anchor} tells of {cds} {shown}; the graph says {right}"
        yield from self._possible(one, anchor, [by_cds[cds] for cds in members if cds in by_cds])
        if members and members[0] in by_cds:
            lea = by_cds[members[0]]
            topics = [
                self.words.word("Topic", name) for name in _TOGETHER if self._open(self.topics.get(name, ()), lea)
            ]
            yield from _explained(one, topics, f" for {' '.join(self.words.lea(lea, self.year).split())}")

    def _possible(self, one: Element, anchor: str, leas: Sequence[Any]) -> Iterator[str]:
        """What is said to be possible must follow for each agency from the steps, and none of them be misplaced."""
        parts = list(one.all("details", "possible"))
        if [next(part.all("summary"), part).text for part in parts] not in ([], [_POSSIBLE]):
            yield f"{anchor} does not head what is possible by “{_POSSIBLE}”"
        if not parts or not leas:
            return
        scenarios = Scenarios(event_rules(self.checker), self.words.atoms, set(leas))
        for item in (item for part in parts for item in part.all("li")):
            try:
                steps = [
                    (str(what), str(by), str(section))
                    for what, by, section in json.loads(item.attributes["data-after"])
                ]
            except (KeyError, TypeError, ValueError):
                yield f"{anchor} does not say after which steps this is possible: “{item.text}”"
                continue
            events: list[tuple[Any, ...]] = []
            for lea in leas:
                for what, by, section in steps:
                    events.append(("event", lea, what, by, self.as_of))
                    events.append(("event_under", lea, what, by, self.as_of, section))
            world = scenarios.after(events)
            for lea in leas:
                if item.text not in self._said_possible(world, lea, steps):
                    yield f"{anchor} says that this is possible, which for {plain(lea)} it is not: “{item.text}”"

    def _said_possible(self, world: Atoms, lea: Any, steps: Sequence[tuple[str, str, str]]) -> set[str]:
        """The sentences of what holds of an agency after some steps and not now; none if a step is misplaced."""
        if any(atom[0] == lea for atom in world.relation("misplaced", len(self.words.arguments["misplaced"]))):
            return set()
        word = self.words.word
        after = "; ".join(
            f"{word('What', what)}, by {word('By', by)} (EC {word('Section', section)})" for what, by, section in steps
        )
        said = set()
        for name in _CONSEQUENCES:
            for atom in world.relation(name, len(self.words.arguments[name])) - self.now[name]:
                if atom[0] == lea:
                    prefix = f"{name}: " if name == _EXCLUDED else ""
                    said.add(" ".join(f"{prefix}{self.words.short(name, atom)}, after: {after}".split()))
        return said

    def _place(self, predicate: str, arguments: Sequence[Any]) -> tuple[tuple[int, str], ...]:
        """The order of an atom among its like: by the place of each value in ``names.yaml``, else as text."""
        place = []
        for argument, value in zip(self.words.arguments[predicate], arguments, strict=True):
            codes = list(self.words.names.get(argument, {}))
            place.append((codes.index(value), "") if value in codes else (len(codes), str(value)))
        return tuple(place)

    def _of(self, predicates: Sequence[str], lea: Any) -> list[tuple[str, tuple[Any, ...]]]:
        return [(name, atom) for name in predicates for atom in self.of_lea.get((name, lea), ())]

    def _open(self, predicates: Sequence[str], lea: Any) -> list[tuple[str, tuple[Any, ...]]]:
        """Without the pathways that the law closes to the agency's kind."""
        closed = {atom[1] for atom in self.of_lea.get((_BARRED, lea), ()) if atom[2] == _KIND}
        return [(name, atom) for name, atom in self._of(predicates, lea) if atom[1] not in closed]

    def _short(self, predicates: Sequence[str], lea: Any) -> list[str]:
        found = (self.words.short(name, atom) for name, atom in self._of(predicates, lea))
        return [" ".join(one.split()) for one in found if one]

    def _pathways(self, lea: Any) -> list[Row]:
        atoms = self._open(self.topics.get(_PATHWAYS, ()), lea)
        rows: list[Row] = []
        for name, atom in atoms:
            if name == _STATUS:
                title, standing = self.words.word("Pathway", atom[1]), self.words.word("Progress", atom[2])
                lacks = (self.words.short(other, one) for other, one in atoms if one[1] == atom[1])
                rows.append((f"{title[:1].upper()}{title[1:]}", standing, *(one for one in lacks if one)))
        return rows

    def _lists(self, lea: Any) -> list[Row]:
        rows: dict[str, list[str]] = {}
        for topic in _TOGETHER:
            for predicate in self.topics.get(topic, ()) if topic != _PATHWAYS else ():
                short = self._short([predicate], lea)
                if short:
                    rows.setdefault(self.words.fields[predicate].get("Heading", ""), []).extend(short)
        return [(heading, *short) for heading, short in rows.items()]


def _table(element: Element, of_class: str) -> list[Row]:
    """The rows of the table of that class: the text of each cell, one that holds a list item by item."""
    rows = []
    for table in element.all("table", of_class):
        for body in table.all("tbody"):
            for row in body.children:
                cells: list[str] = []
                for cell in row.children:
                    items = [item.text for item in cell.all("li")]
                    # Where text stands beside the items the whole cell is compared, or it would be passed over.
                    alone = "".join(cell.text.split()) == "".join("".join(items).split())
                    cells += items if alone else [cell.text]
                rows.append(tuple(cells))
    return rows


def _explained(element: Element, topics: Sequence[str], whom: str) -> Iterator[str]:
    found = [next(one.all("summary"), one).text for one in element.all("details", "topic")]
    expected = [f"{one}, explained{whom}" for one in topics]
    if found != expected:
        yield f"it explains {found}, where {expected} is expected"
