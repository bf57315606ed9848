"""Read a report page as a tree of elements, and take out the graph that it carries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from pyreport.proof.packing import PackingError

__all__ = ["GRAPH", "Element", "carried_graph", "read_page"]

GRAPH = "graph"
"""The id of the element that carries the graph."""

_VOID = {"meta", "br", "link", "img", "input", "hr", "col", "wbr", "area", "base", "embed", "source", "track"}


@dataclass(repr=False, eq=False)
class Element:
    """An element of a page. ``parts`` are the elements and the pieces of text inside it, in their order."""

    tag: str
    attributes: Mapping[str, str]
    parts: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        """The classes of the element."""
        return self.attributes.get("class", "").split()

    @property
    def children(self) -> list[Element]:
        """The elements right inside."""
        return [part for part in self.parts if isinstance(part, Element)]

    @property
    def text(self) -> str:
        """All text inside, white space as single spaces."""
        return " ".join("".join(self._texts()).split())

    @property
    def own_text(self) -> str:
        """The text right inside, without that of the elements, white space as single spaces."""
        return " ".join("".join(part for part in self.parts if isinstance(part, str)).split())

    def _texts(self) -> Iterator[str]:
        for part in self.parts:
            if isinstance(part, str):
                yield part
            else:
                yield from part._texts()

    def all(self, tag: str, of_class: str = "") -> Iterator[Element]:
        """The elements of that tag (and class) inside this one, in the order of the page."""
        for child in self.children:
            if child.tag == tag and (not of_class or of_class in child.classes):
                yield child
            yield from child.all(tag, of_class)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].parts.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self.open[-1].tag != tag:
            line, _ = self.getpos()
            raise PackingError(f"the page is damaged: in line {line}, </{tag}> closes <{self.open[-1].tag}>")
        self.open.pop()

    def handle_comment(self, data: str) -> None:
        """Refuse comments: what ends one is not the same to every reader, and a page of ours has none."""
        raise PackingError(f"the page is damaged: in line {self.getpos()[0]}, it has a comment")

    def handle_pi(self, data: str) -> None:
        """Refuse processing instructions likewise."""
        self.handle_comment(data)

    def unknown_decl(self, data: str) -> None:
        """Refuse marked sections likewise."""
        self.handle_comment(data)

    def handle_data(self, data: str) -> None:
        self.open[-1].parts.append(data)


def read_page(text: str) -> Element:
    """Return the root of the page.

    Raises:
        PackingError: An element is not closed where it should be, as in a page that was cut short.
    """
    reader = _Reader()
    reader.feed(text)
    reader.close()
    if len(reader.open) > 1:
        raise PackingError(f"the page is damaged: it ends before </{reader.open[-1].tag}>")
    return reader.open[0]


def carried_graph(root: Element) -> str:
    """The packed graph that a page carries.

    Raises:
        PackingError: It carries none, or several.
    """
    found = [element for element in root.all("script") if element.attributes.get("id") == GRAPH]
    if not found:
        raise PackingError("the page carries no graph; only a county's report does")
    if len(found) > 1:
        raise PackingError("the page carries several graphs")
    return found[0].text
