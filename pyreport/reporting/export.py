"""From an executed notebook to a page: nbconvert's template engine with a slim template of our own.

The HTML exporter of nbconvert parses and rewrites the page after rendering, which takes most of its time; the template
engine on which it is built leaves the page as rendered.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import mistune
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode
from traitlets import default

from pyreport.reporting.layout import TEMPLATES

__all__ = ["PageExporter", "Unshowable", "page_title"]


def page_title(place: str, year: int) -> str:
    """The title of the page of a county or of the state for a Dashboard year."""
    return f"{place} – {year} Dashboard – California's System of Support"


class Unshowable(ValueError):
    """A cell's output is not HTML, so a page cannot have it."""


class PageExporter(TemplateExporter):
    """Exports notebooks with the template ``templates/page``."""

    @default("template_name")
    def _template_name(self) -> str:
        return "page"

    @default("extra_template_basedirs")
    def _extra_template_basedirs(self) -> list[str]:
        return [str(TEMPLATES)]

    @default("default_preprocessors")
    def _default_preprocessors(self) -> list[str]:
        # The template renders the notebook as it was executed. Nbconvert's own steps change almost nothing, and each
        # validates the whole notebook: they took two thirds of the time of an export.
        return []

    @default("file_extension")
    def _file_extension(self) -> str:
        return ".html"

    def page(self, notebook: NotebookNode, title: str) -> str:
        """The page of an executed notebook, under a title.

        Raises:
            Unshowable: A cell has an output that is not HTML.
        """
        notebook.metadata["title"] = title
        # Not `from_notebook_node`, which copies and checks the notebook several times before it does this.
        return str(self.template.render(nb=notebook, resources={}))

    def default_filters(self) -> Iterable[tuple[str, Callable[..., Any]]]:
        """Add the filters of the page template to nbconvert's own."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield "prose", _prose
        yield "html_of", _html_of
        yield "headings", _headings
        yield "css_string", _css_string


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


class _Renderer(mistune.HTMLRenderer):
    def heading(self, text: str, level: int, **attributes: Any) -> str:
        return f'<h{level} id="{_slug(_plain(text))}">{text}</h{level}>\n'


def _plain(text: str) -> str:
    """The words of a piece of HTML."""
    return html.unescape(re.sub("<[^>]*>", "", text))


_markdown = mistune.create_markdown(renderer=_Renderer(escape=True))


@cache
def _prose(source: str) -> str:
    """Markdown as HTML; the cells of a notebook, which all its pages share, are converted once."""
    return str(_markdown(source))


def _headings(cells: Iterable[NotebookNode]) -> list[tuple[str, str]]:
    """Anchor and words of each second-level heading, for the page's navigation."""
    return [
        (anchor, _plain(words))
        for cell in cells
        if cell.cell_type == "markdown"
        for anchor, words in re.findall(r'<h2 id="([^"]*)">(.*?)</h2>', _prose(cell.source))
    ]


def _css_string(text: str) -> str:
    """A text as a string of CSS; what is neither letter, digit nor space is escaped, so that nothing ends it early."""
    return '"' + re.sub(r"[^\w ]", lambda mark: f"\\{ord(mark[0]):x} ", text) + '"'


def _html_of(output: NotebookNode) -> str:
    if output.output_type in ("display_data", "execute_result") and "text/html" in output.data:
        return str(output.data["text/html"])
    raise Unshowable(f"a page shows prose and HTML alone; a cell printed {output.get('text') or output.output_type!r}")
