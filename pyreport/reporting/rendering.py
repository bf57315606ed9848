"""Pieces of a page: the environment of the page's templates, and HTML as Jupyter displays it."""

from __future__ import annotations

from functools import cache
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pyreport.reporting.law_anchors import passage_anchor, rule_anchor
from pyreport.reporting.layout import TEMPLATES

__all__ = ["Html", "capitalized", "rendered"]


class Html:
    """A piece of a page, as Jupyter displays it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def _repr_html_(self) -> str:
        return self.text

    def __repr__(self) -> str:
        # The same in every process, unlike the default with its address: it becomes part of the notebook.
        return f"<Html of {len(self.text)} characters>"


def capitalized(words: str) -> str:
    """The words with a capital at the beginning; the others stay as they are."""
    return f"{words[:1].upper()}{words[1:]}"


def rendered(template: str, macro: str, *arguments: object) -> Html:
    """What a macro of a template makes of its arguments.

    Raises:
        jinja2.UndefinedError: The macro names something that its arguments do not have.
    """
    return Html(str(getattr(_environment().get_template(template).module, macro)(*arguments)))


@cache
def _environment() -> Environment:
    """The environment of the page's own templates: everything is escaped, nothing may be undefined."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["host"] = lambda url: urlsplit(url).hostname or url
    environment.filters["capitalized"] = capitalized
    environment.filters["passage_anchor"] = passage_anchor
    environment.filters["rule_anchor"] = rule_anchor
    return environment
