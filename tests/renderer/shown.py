"""Compare what a county's page shows with the graph that it carries.

The answers are compared cell by cell, in words that the checker makes by itself: the county and the year, the table of
all local educational agencies, and of each one its status, student groups, figures, history and the conclusions
explained. Of the derivations and the lists below them every sentence, every cell of a file and every quotation must be
one that the graph gives, and nothing may run on the page or hide a part of it. What CDE printed of its own conclusions
is no fact of the graph: the history's column of it is compared where the printed statuses are given. Of the why-nots
see ``absences``, of what follows as of a date ``following``, of the county office's funds ``funds``. The prose, which
is the same on every page, the section that counts what agrees with CDE, and the page's style are not compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from pyreport.proof.checker import ProofChecker
from pyreport.proof.reader import Rule

from .absences import Absences, Line
from .following import following_problems
from .funds import funds_problems
from .page import GRAPH, Element
from .words import Words, listed, plain

__all__ = ["heading_of", "shown_problems"]

_DASH = "–"
_TAG = re.compile(
    "html|head|meta|title|style|body|header|main|nav|footer|section|h[1-4]|p|span|div|table|caption|thead|tbody|tr|th|td|"
    "details|summary|ul|ol|li|dl|dt|dd|a|code|q|b|em|strong|br|script"
)
_WHY_NOT = "why-not"
_INSIDE = {"li": {"a", "span", "details", "ul"}, "details": {"summary", "p", "ul"}, "summary": set(), "ul": {"li"}}
"""What the elements of a derivation consist of."""
_FORBIDDEN = {"style", "hidden", "src", "srcdoc", "http-equiv", "aria-hidden"}
_SHOWN_ABOVE = "Shown above."
_NONE = "none"
_SEVERAL = re.compile(r" \(\d+ derivations\)$")
_COUNTY = re.compile(r"(.+) County")
_ANSWER = re.compile(
    r"Of .+ County's (?:(?P<all>one|\d+) local educational agenc(?:y|ies)), (?P<eligible>none|\d+) (?:is|are) eligible "
    r"for differentiated assistance in (?P<year>\d{4})(?:; for (?:the other )?(?P<possible>\d+) it is possible .*)?\."
)
_COUNTED = {"none": "0", "one": "1"}
_YEAR = re.compile(r"(\d{4}) Dashboard$")


def heading_of(root: Element) -> tuple[str, int] | None:
    """The county and the Dashboard year that a page names in its heading; ``None`` if it names none."""
    header = next(root.all("header"), root)
    county = _COUNTY.fullmatch(next(header.all("h1"), root).text)
    year = next((found for one in header.all("p", "eyebrow") if (found := _YEAR.search(one.text))), None)
    return (county[1], int(year[1])) if county and year else None


Printed = Mapping[tuple[int, str], str]
"""The statuses that CDE printed, by Dashboard year and CDS code."""


def shown_problems(
    root: Element,
    document: Mapping[str, Any],
    words: Words,
    checker: ProofChecker,
    year: int,
    printed: Printed | None = None,
) -> Iterator[str]:
    """Yield each difference between what the page ``root`` shows and its graph (and what CDE printed, if given)."""
    yield from _Shown(root, document, words, checker, year, printed).problems()


class _Shown:
    def __init__(
        self,
        root: Element,
        document: Mapping[str, Any],
        words: Words,
        checker: ProofChecker,
        year: int,
        printed: Printed | None,
    ) -> None:
        self.root, self.document, self.words, self.year, self.printed = root, document, words, year, printed
        self.checker = checker
        self.rules = {rule.id: rule for rule in words.policy.rules}
        self.answers: dict[str, dict[tuple[Any, Any], list[Any]]] = {}
        for name, atoms in words.atoms.items():
            for atom in atoms:
                if len(atom) >= 2:
                    self.answers.setdefault(name, {}).setdefault((atom[0], atom[1]), []).extend(atom[2:3])
        self.outputs = {name: fields for name, fields in words.fields.items() if fields.get("Output")}

    def problems(self) -> Iterator[str]:
        # Charter schools that a directory alone names have no section.
        left_out = set(self.words.atoms.get("only_in_directory", ()))
        of_year = (
            atom for atom in self.words.atoms.get("covered", ()) if atom[1] == self.year and atom not in left_out
        )
        covered = {lea: plain(lea) for lea, _ in of_year}
        yield from self._inert(self.root)
        yield from self._why_nots(covered)
        # What holds of it was compared; the rest of the page speaks of nothing that does not hold.
        _leave_out(self.root, "details", _WHY_NOT)
        for tag, of_class in (("header", ""), ("h1", ""), ("table", "glance"), ("table", "sources"), ("footer", "")):
            yield from _single(self.root, tag, of_class, "the page")
        yield from self._answer(covered)
        yield from self._glance(covered)
        listed_sections = list(self.root.all("section"))
        sections = {one.attributes.get("aria-labelledby", ""): one for one in listed_sections}
        if len(sections) != len(listed_sections):
            yield "the page has two sections of the same name"
        for name in sorted(sections.keys() ^ {f"lea-{cds}" for cds in covered.values()}):
            what = "the graph does not cover" if name in sections else "the graph covers, and the page leaves out"
            yield f"the page has a section of {name}, which {what}" if name in sections else f"{name}, {what}"
        for lea, cds in covered.items():
            if f"lea-{cds}" in sections:
                for problem in self._section(lea, sections[f"lea-{cds}"]):
                    yield f"the section of {cds}: {problem}"
        yield from following_problems(
            self.root, self.words, self.checker, covered, self.year, self.document["scope"]["as_of"]
        )
        yield from funds_problems(self.root, self.words)
        yield from self._sentences()
        yield from self._quotations()
        yield from self._sources()

    def _inert(self, element: Element) -> Iterator[str]:
        """Nothing may run, be loaded, or be hidden: the page is to be read as it stands."""
        for child in element.children:
            if not _TAG.fullmatch(child.tag):
                yield f"the page has an element <{child.tag}>"
            if child.tag == "script" and child.attributes != {"type": "application/octet-stream", "id": GRAPH}:
                yield "the page has a script"
            for name in sorted(child.attributes):
                if name in _FORBIDDEN or name.startswith("on"):
                    yield f"the page has an element <{child.tag}> with the attribute {name}"
            yield from self._inert(child)

    def _why_nots(self, covered: Mapping[Any, str]) -> Iterator[str]:
        """Each agency that is not certainly eligible must have its why-not, and no other may have one."""
        absences = Absences(self.words, self.known)
        cells, count = self._cells(), 0
        for section in self.root.all("section", "lea"):
            found = [one for one in section.children if one.tag == "details" and _WHY_NOT in one.classes]
            count += len(found)
            name = section.attributes.get("aria-labelledby", "")
            lea = next((one for one, cds in covered.items() if name == f"lea-{cds}"), None)
            if lea is None:
                continue
            expected = int(not self._holds("eligible", lea, self.year))
            if len(found) != expected:
                yield f"the section of {covered[lea]} has {len(found)} why-nots, and needs {expected}"
            for one in found:
                for problem in absences.problems(one, lea, self.year):
                    yield f"the why-not of {covered[lea]}: {problem}"
                for tree in (child for child in one.children if child.tag == "ul"):
                    for line in (line for item in tree.children for line in Line(item).all()):
                        for law in line.law:
                            yield from self._law(law)
                        steps = Element("ul", {}, list(line.steps))
                        yield from self._derivations(steps, cells)
        if count != sum(1 for _ in self.root.all("details", _WHY_NOT)):
            yield "the page has a why-not outside the section of an agency"

    @cached_property
    def answered(self) -> list[str]:
        """The outputs beside the status that any year answers for any agency."""
        covered = list(self.words.atoms.get("covered", ()))
        return [
            name
            for name, fields in self.outputs.items()
            if fields["Output"] != "status" and any(self._flag(name, lea, year) != _DASH for lea, year in covered)
        ]

    @cached_property
    def known(self) -> set[str]:
        """Every sentence that the graph gives."""
        return self.words.sentences(self.document)

    def _answer(self, covered: Mapping[Any, str]) -> Iterator[str]:
        """The county in one sentence: its counts, be they written as figures or as words."""
        header = next(self.root.all("header"), self.root)
        yield from _single(header, "p", "answer", "the page's head")
        yield from _single(header, "p", "eyebrow", "the page's head")
        answer = next(header.all("p", "answer"), header).text
        found = _ANSWER.fullmatch(answer)
        eligible = sum(self._holds("eligible", lea, self.year) for lea in covered)
        possible = sum(self._possible(lea) for lea in covered)
        if not found:
            if covered:
                yield f"the page's first sentence is {answer!r}, which does not count the county's agencies"
            return
        figures = [_COUNTED.get(one, one) for one in (found["all"], found["eligible"], found["possible"] or "0")]
        expected = [str(len(covered)), str(eligible), str(possible)]
        if figures != expected or found["year"] != str(self.year):
            yield f"the page's first sentence counts {figures} in {found['year']}; the graph says {expected}"

    def _of(self, predicate: str, lea: Any, year: int) -> list[Any]:
        return self.answers.get(predicate, {}).get((lea, year), [])

    def _holds(self, predicate: str, lea: Any, year: int) -> bool:
        return (lea, year) in self.answers.get(predicate, {})

    def _status(self, lea: Any, year: int) -> str:
        return listed(map(plain, self._of("status", lea, year)))

    def _flag(self, name: str, lea: Any, year: int) -> str:
        values = sorted(map(str, self._of(name, lea, year)))
        if self.words.arguments[name][-1] == "Group":
            return " ".join(value.upper() for value in values) or _DASH
        return listed(values) or _DASH

    def _flags(self, lea: Any, year: int, names: Sequence[str]) -> list[str]:
        return [self._flag(name, lea, year) for name in names]

    def _possible(self, lea: Any) -> bool:
        return self._holds("possibly_eligible", lea, self.year) and not self._holds("eligible", lea, self.year)

    def _ground(self, lea: Any, year: int) -> str:
        methods = sorted(self._of("meets_method", lea, year))
        if self._holds("eligible", lea, year):
            if self._holds("eligible_as_printed", lea, year):
                return "as CDE printed"
            return f"Method {', '.join(map(str, methods))}" if methods else "second year"
        return "none on record" if self._of("method_not_on_record", lea, year) else "none"

    def _groups(self, lea: Any, year: int) -> dict[str, list[Any]]:
        """The student groups that met the criteria, in words, with their state priorities."""
        priorities: dict[Any, list[Any]] = {}
        for one, of_year, group, priority in self.words.atoms.get("meets_state_priority", ()):
            if (one, of_year) == (lea, year):
                priorities.setdefault(group, []).append(priority)
        met = sorted(set(self._of("meets_criteria_on_state_priorities", lea, year)), key=str)
        return {self.words.word("Group", group): sorted(priorities.get(group, ())) for group in met}

    def _glance(self, covered: Mapping[Any, str]) -> Iterator[str]:
        table = next(self.root.all("table", "glance"), None)
        if table is None:
            yield "the page has no table of all local educational agencies"
            return
        others = [name for name in self.outputs if self.outputs[name]["Output"] != "status"]
        current = [name for name in others if any(self._flag(name, lea, self.year) != _DASH for lea in covered)]
        heading = [one.text for one in table.all("th") if one.attributes.get("scope") == "col"]
        labels = [self.outputs[name].get("Label", "") for name in current]
        if heading[4:] != labels:
            yield f"the table of all agencies has the columns {heading[4:]}; the graph answers {labels}"
        shown = {}
        for row in _rows(table):
            link = next(row[0].all("a"), row[0]).attributes.get("href", "")
            if link in shown:
                yield f"the table of all agencies has {link} twice"
            shown[link] = [cell.text for cell in row]
        for lea, cds in covered.items():
            status = self._status(lea, self.year) + (" · possible" if self._possible(lea) else "")
            groups = str(len(self._groups(lea, self.year)))
            name = self.words.lea(lea, self.year)
            row_ = [name, status, self._ground(lea, self.year), groups, *self._flags(lea, self.year, current)]
            found = shown.pop(f"#lea-{cds}", None)
            if found != [_spaced(one) for one in row_]:
                yield f"the table of all agencies shows for {cds} {found}; the graph says {row_}"
        for link in shown:
            yield f"the table of all agencies shows {link}, which the graph does not cover"

    def _section(self, lea: Any, section: Element) -> Iterator[str]:
        name = _spaced(f"{self.words.lea(lea, self.year)} {plain(lea)}")
        heading = next(section.all("h3"), section).text
        if heading != name:
            yield f"its heading is {heading!r}, not {name!r}"
        chips = [one.text for one in section.all("span", "chip")]
        expected = [_spaced(self._status(lea, self.year)), *(["possible"] if self._possible(lea) else [])]
        if chips != expected:
            yield f"it shows the status {' '.join(chips)!r}; the graph says {' '.join(expected)!r}"
        for tag, of_class in (("h3", ""), ("p", "answer"), ("table", "history")):
            yield from _single(section, tag, of_class, "it")
        paragraphs = [one.text for one in section.children if one.tag == "p" and not one.classes]
        others = [one for one in section.children if one.tag not in ("h3", "p", "div", "details")]
        if paragraphs != [" ".join(chips)] or others:
            yield f"it says more than its status: {' '.join(paragraphs + [one.text for one in others])!r}"
        answer = next((one.text for one in section.children if one.tag == "p" and "answer" in one.classes), "")
        if answer not in self.known and answer != self._method_answer(lea):
            yield f"it answers {answer!r}, which the graph does not say"
        unknown = sorted(set(self._of("method_not_on_record", lea, self.year)))
        notes = [one.text for one in section.children if one.tag == "p" and "note" in one.classes]
        ending = (
            f"; Method{'s' * (len(unknown) > 1)} {listed(map(str, unknown))} {'are' if len(unknown) > 1 else 'is'} "
        )
        if bool(notes) != bool(unknown) or any(f"{ending}not on record." not in note for note in notes):
            yield f"it notes {notes}; the methods not on record are {unknown}"
        yield from self._groups_table(lea, section)
        yield from self._figures(lea, section)
        yield from self._history(lea, section)
        answers = {
            fields.get("Heading", ""): self._flag(name, lea, self.year) if fields["Output"] != "status" else expected[0]
            for name, fields in self.outputs.items()
            if self._of(name, lea, self.year)
        }
        asked = [f"{heading}: {answer}" for heading, answer in answers.items()]
        found = [
            one.children[0].text
            for one in section.all("details", "why")
            if any(c.tag == "ul" and "tree" in c.classes for c in one.children)
        ]
        if sorted(found) != sorted(asked):
            yield f"it explains {found}; the graph concludes {asked}"

    def _published(self, lea: Any, year: int) -> str:
        """How CDE's printed status compares with the graph's."""
        printed = (self.printed or {}).get((year, plain(lea)))
        if printed is None:
            return "not on record"
        return "the same" if _spaced(printed) == _spaced(self._status(lea, year)) else f"differs: {_spaced(printed)}"

    def _method_answer(self, lea: Any) -> str | None:
        """The answer about an LEA of which a method is known to be met."""
        methods = sorted(set(self._of("meets_method", lea, self.year)))
        if not methods:
            return None
        name = self.words.lea(lea, self.year)
        groups = self._group_words(lea, self.year)
        met = f"met {listed(self.words.word('Method', one) for one in methods)}{f' with {groups}' if groups else ''}"
        if self._holds("eligible", lea, self.year):
            return _spaced(f"{name} is eligible for differentiated assistance: in {self.year} it {met}.")
        return _spaced(f"In {self.year}, {name} {met}; by that alone it is not eligible for differentiated assistance.")

    def _group_words(self, lea: Any, year: int) -> str:
        return listed(
            f"{group} (Priorities {listed(map(str, priorities))})"
            for group, priorities in self._groups(lea, year).items()
        )

    def _groups_table(self, lea: Any, section: Element) -> Iterator[str]:
        met = self._groups(lea, self.year)
        expected = {_capital(group): priorities for group, priorities in met.items()}
        found: dict[str, list[Any]] = {}
        for table in section.all("table", "groups"):
            columns = [one.text for one in table.all("th") if one.attributes.get("scope") == "col"][1:]
            numbers = {self.words.word("Priority", one): one for all_ in met.values() for one in all_}
            for group, *cells in _rows(table):
                found[group.text] = [
                    numbers.get(column, column)
                    for column, cell in zip(columns, cells, strict=False)
                    if cell.text == "met" or "met" in cell.classes
                ]
        if found != expected:
            yield f"it shows the student groups {found}; the graph says {expected}"

    def _figures(self, lea: Any, section: Element) -> Iterator[str]:
        names = self.words.arguments.get("dashboard_row", ())
        expected = {}
        for atom in self.words.atoms.get("dashboard_row", ()):
            row = dict(zip(names, atom, strict=False))
            if (row["LEA"], row["Year"]) == (lea, self.year) and row["Status"] != _NONE:
                words = _capital(self.words.word("Group", row["Group"]))
                indicator = self.words.word("Indicator", row["Indicator"]).lower()
                expected[words, indicator] = self._figure(row)
        found = {}
        for table in section.all("table", "figures"):
            columns = [one.text.lower() for one in table.all("th") if one.attributes.get("scope") == "col"][1:]
            for group, *cells in _rows(table):
                for column, cell in zip(columns, cells, strict=False):
                    if cell.text != _DASH:
                        found[group.text, column] = (" ".join(cell.classes), cell.text)
        shown = {indicator for _, indicator in found}
        for key in sorted(found.keys() | {one for one in expected if one[1] in shown}):
            if found.get(key) != expected.get(key):
                yield f"it shows for {' on '.join(key)} {found.get(key)}; the graph says {expected.get(key)}"

    def _figure(self, row: Mapping[str, Any]) -> tuple[str, str]:
        """Color and text of a cell of the table of figures."""
        status, change = self.words.word("Status", row["Status"]), row["Change"]
        sign = "+" if isinstance(change, int) and change > 0 else ""
        figure = status if change == _NONE else f"{status} ({sign}{self.words.word('Change', change)})"
        color = str(row["Color"])
        label = self.words.word("Color", color) if color != _NONE else f"level {row['StatusLevel']}"
        if color == _NONE and row["StatusLevel"] == _NONE:
            label = "no color"
        return color, f"{label} {figure}"

    def _history(self, lea: Any, section: Element) -> Iterator[str]:
        table = next(section.all("table", "history"), None)
        if table is None:
            yield "it has no history"
            return
        labels = [one.text for one in table.all("th") if one.attributes.get("scope") == "col"][5:]
        names = self.answered
        if labels != [self.outputs[name].get("Label", "") for name in names]:
            yield f"its history has the columns {labels}; the graph answers {names}"
            return
        expected = []
        for year in sorted((year for one, year in self.words.atoms["covered"] if one == lea), reverse=True):
            groups = self._group_words(lea, year) or "none"
            row = [str(year), self._status(lea, year), self._ground(lea, year), groups]
            expected.append([*map(_spaced, row), *self._flags(lea, year, names)])
        found = []
        for row_ in _rows(table):
            cells = [cell.text for cell in row_]
            # The third column is what CDE published, which is no fact of the graph.
            found.append([*cells[:2], *cells[3:]])
            if self.printed is not None and cells[0].isdigit():
                words = self._published(lea, int(cells[0]))
                if cells[2:3] != [words]:
                    yield f"its history says of what CDE published for {cells[0]}: {cells[2:3]}; that is: {words}"
        if found != expected:
            for shown, right in zip(found, expected, strict=False):
                if shown != right:
                    yield f"its history shows {shown}; the graph says {right}"
            if len(found) != len(expected):
                yield f"its history has {len(found)} years; the graph covers {len(expected)}"

    def _sentences(self) -> Iterator[str]:
        """Every sentence of the trees, and of the lists beside them, must be one that the graph gives."""
        known = self.known
        cells = self._cells()
        for section in self.root.all("section", "lea"):
            elsewhere = [*section.all("ul", "tree"), *section.all("table", "topics")]
            compared = {id(item) for one in elsewhere for item in one.all("li")}
            for item in section.all("li"):
                if id(item) not in compared:
                    yield from _unknown(_sentence(item), known)
        for tree in self.root.all("ul", "tree"):
            yield from self._derivations(tree, cells)
        for term in self.root.all("dt"):
            if term.attributes.get("id", "").startswith("fact-"):
                yield from _unknown(term.text, known)

    def _derivations(self, tree: Element, cells: Mapping[str, set[str]]) -> Iterator[str]:
        """Derivations, one below the other, with the cells that they end at."""
        yield from self._tree(tree)
        for item in tree.all("li"):
            yield from _unknown(_sentence(item), self.known)
        for summary in tree.all("summary"):
            yield from _unknown(_SEVERAL.sub("", summary.own_text), self.known)
        for item in tree.all("li"):
            source = next((one for one in item.children if one.tag == "span" and "source" in one.classes), None)
            if source is not None and source.text not in cells.get(item.own_text, ()):
                yield f"the page shows “{item.own_text} {source.text}”; the graph has no such fact in this cell"

    def _tree(self, element: Element) -> Iterator[str]:
        """A derivation consists of sentences, and of the law of each rule; nothing stands between them."""
        for child in element.children:
            if child.tag not in _INSIDE.get(element.tag, ()):
                yield f"the page shows “{child.text}” within a derivation, where no <{child.tag}> belongs"
            elif child.tag == "p":
                yield from self._law(child)
            elif child.tag == "a":
                if child.text not in (_SHOWN_ABOVE, *self.document["rules"]):
                    yield from _unknown(child.text, self.known)
            elif child.tag == "span":
                if child.classes != ["source"]:
                    yield f"the page shows “{child.text}” within a derivation"
            else:
                if child.tag in ("ul", "details") and child.own_text:
                    yield f"the page shows “{child.own_text}” within a derivation"
                yield from self._tree(child)

    def _law(self, element: Element) -> Iterator[str]:
        """The line below a sentence: the rule, what it cites, and why it is so read."""
        name = next((one.text for one in element.children if one.tag == "a"), "")
        rule = self.rules.get(name)
        if rule is None:
            yield f"the page names a rule {name!r}, which the policy does not have"
            return
        authorities = self.document["authorities"]
        words = [_cite_words(authorities, authority, passage) for authority, passage in rule.cites]
        words += [*_inferred(rule), "(Inferred.)"] if rule.label("inferred") else []
        quoted = {_spaced(authorities[authority]["passages"][passage]) for authority, passage in rule.cites}
        others = [one for one in element.children if one.tag != "a" and not (one.tag == "q" and one.text in quoted)]
        # Of several passages those are shown that speak of the case: one at least.
        shown = any(one in element.own_text for one in words[: len(rule.cites)])
        missing = [] if shown else ["a citation"]
        if bool(rule.label("inferred")) != ("Inferred" in element.own_text):
            missing.append("Inferred")
        if _rest(element.own_text, words) or others or missing:
            yield f"the page shows “{element.text}”; the rule {name} cites {'; '.join(words)}"

    def _cells(self) -> dict[str, set[str]]:
        """The cells of the facts, in words, by the facts' sentences."""
        cells: dict[str, set[str]] = {}
        for (predicate, *arguments), source, place, value in self.document["facts"]:
            one = self.document["publications"][source]
            sheet = f", sheet “{one['sheet']}”" if one["sheet"] else ""
            # A value of an outside file stands in a cell or a line; one of the question stands nowhere.
            where = "" if place == "0" else f", cell {place}" if place[0].isupper() else f", {place}"
            sentence = _spaced(self.words.of_atom(predicate, arguments))
            cells.setdefault(sentence, set()).add(_spaced(f"{one['file']}{sheet}{where}: “{value}”"))
        return cells

    def _quotations(self) -> Iterator[str]:
        """Every quotation must be a passage that the graph quotes, and each rule listed must have its own."""
        authorities = self.document["authorities"]
        quoted = {_spaced(text) for one in authorities.values() for text in one["passages"].values()}
        for quotation in self.root.all("q"):
            if quotation.text not in quoted:
                yield f"the page quotes what no authority says: “{quotation.text}”"
        for listing in self.root.all("dl"):
            for term, entry in zip(listing.children[::2], listing.children[1::2], strict=False):
                anchor = term.attributes.get("id", "")
                names = [one.text for one in entry.all("a")]
                if anchor.startswith("fact-") and ("".join(names) != entry.text or not set(names) <= set(self.rules)):
                    yield f"the page says that “{term.text}” stands in {entry.text!r}, which is no rule"
                if not anchor.startswith("rule-"):
                    continue
                if anchor != f"rule-{term.text}" or term.text not in self.rules:
                    yield f"the page's list of rules names {term.text!r}, where {anchor!r} is expected"
                    continue
                rule = self.document["rules"].get(term.text, {})
                expected = [_spaced(authorities[name]["passages"][passage]) for name, passage in rule.get("cites", ())]
                found = [one.text for one in entry.all("q")]
                if found != expected:
                    yield f"the page quotes for {term.text} {found}; it cites {expected}"
                for name, passage in rule.get("cites", ()):
                    words = f"{_cite_words(authorities, name, passage)}: "
                    title = authorities[name]["title"]
                    if words not in entry.text or title not in entry.text:
                        yield f"the page does not name for {term.text} what it quotes: {words}{title}"
                law = [_cite_words(authorities, *cite) for cite in rule.get("cites", ())]
                if _rest(entry.own_text, [*law, *_inferred(self.rules[term.text])]):
                    yield f"the page says of {term.text} “{entry.own_text}”; it cites {'; '.join(law)}"

    def _sources(self) -> Iterator[str]:
        table = next(self.root.all("table", "sources"), None)
        found = [tuple(cell.text for cell in row) for row in (_rows(table) if table is not None else ())]
        expected = [
            (str(one["dashboard_year"]), _spaced(one["title"]), _spaced(one["file"]), f"{one['sha256'][:16]}…")
            for one in self.document["publications"]
            # What was asked (the date, the fiscal year) stands in no file, and has no hash.
            if one["sha256"]
        ]
        # The third column is the date that the file prints.
        if [(*one[:2], *one[3:]) for one in found] != expected:
            yield "the page's table of sources does not list the files that the graph's facts stand in"


def _leave_out(element: Element, tag: str, of_class: str) -> None:
    """Take every element of that tag and class out of ``element``."""
    element.parts = [
        part
        for part in element.parts
        if not (isinstance(part, Element) and part.tag == tag and of_class in part.classes)
    ]
    for child in element.children:
        _leave_out(child, tag, of_class)


def _single(element: Element, tag: str, of_class: str, what: str) -> Iterator[str]:
    count = sum(1 for _ in element.all(tag, of_class))
    if count != 1:
        yield f"{what} has {count} elements <{tag}{f' class={of_class}' if of_class else ''}>, and needs one"


def _rows(table: Element) -> list[list[Element]]:
    """The cells of each row of the table's body."""
    return [row.children for body in table.all("tbody") for row in body.children if row.children]


def _cite_words(authorities: Mapping[str, Any], name: str, passage: str) -> str:
    return f"{authorities[name]['cite']}{passage if passage.startswith('(') else ''}"


def _inferred(rule: Rule) -> list[str]:
    """Why the rule is read as it is, where the sources do not say so in so many words."""
    return [f"Inferred: {_spaced(rule.label('inferred'))}."] if rule.label("inferred") else []


def _rest(text: str, words: Sequence[str]) -> str:
    """What is left of ``text`` without ``words`` and the marks between them."""
    for one in sorted(words, key=len, reverse=True):
        text = text.replace(one, "")
    return text.strip(" ·:;")


def _sentence(item: Element) -> str:
    """The sentence of an item of a list: its own, or that of the link or the summary it consists of."""
    if item.own_text:
        return item.own_text
    inside = next((one for one in item.children if one.tag in ("a", "details")), None)
    if inside is None:
        return item.text
    return inside.text if inside.tag == "a" else _SEVERAL.sub("", next(inside.all("summary"), inside).own_text)


def _unknown(sentence: str, known: set[str]) -> Iterator[str]:
    if sentence not in known:
        yield f"the page says “{sentence}”; the graph does not"


def _capital(words: str) -> str:
    return _spaced(f"{words[:1].upper()}{words[1:]}")


def _spaced(text: str) -> str:
    return " ".join(text.split())
