"""A page from a notebook, evaluated in this process: many pages of one decision cost little more than one.

A cell's value is that of its last line, as in Jupyter. Kernels of Jupyter give the same notebook (a test compares), but
to send it to one, cell by cell, takes a hundred times as long as an agency's page.
"""

from __future__ import annotations

import ast
import copy
import html
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import nbformat
from nbformat import NotebookNode

from pyreport.reporting.export import PageExporter

_HEADING = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)

__all__ = ["page_from", "with_parameters"]


def page_from(notebook: Path, parameters: Mapping[str, Any]) -> str:
    """The page of a notebook with some parameters.

    Raises:
        ValueError: The notebook has no such parameter.
        Unshowable: A cell's value is not HTML; or whatever the cells raise.
    """
    executed = with_parameters(copy.deepcopy(_read(notebook)), parameters)
    scope: dict[str, Any] = {"__name__": "__main__"}
    for cell in executed.cells:
        if cell.cell_type == "code":
            value = _evaluated(cell.source, scope)
            cell.outputs = [] if value is None else [_output(value)]
    return _exporter().page(executed, getattr(scope["page"], "title", None) or _heading_of(executed))


def _heading_of(executed: NotebookNode) -> str:
    """The title of a page that has none of its own: its first heading."""
    outputs = (output.data.get("text/html", "") for cell in executed.cells for output in cell.get("outputs", ()))
    heading = next((match[1] for text in outputs if (match := _HEADING.search(text))), "")
    return f"{html.unescape(heading)} – California's System of Support"


def with_parameters(notebook: NotebookNode, parameters: Mapping[str, Any]) -> NotebookNode:
    """Insert a cell with ``parameters`` after the cell tagged ``parameters``, as papermill does.

    Raises:
        ValueError: There is not exactly one such cell, or it does not name a parameter.
    """
    tagged = [place for place, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        raise ValueError(f"the notebook has {len(tagged)} cells tagged 'parameters'; it needs one")
    scope: dict[str, Any] = {}
    exec(_compiled(notebook.cells[tagged[0]].source)[0], scope)
    unknown = sorted(parameters.keys() - scope.keys())
    if unknown:
        raise ValueError(f"the notebook has no parameter {', '.join(unknown)}")
    source = "# Parameters\n" + "\n".join(f"{name} = {value!r}" for name, value in sorted(parameters.items()))
    cell = nbformat.from_dict(
        {
            "cell_type": "code",
            "id": "injected-parameters",
            "metadata": {"tags": ["injected-parameters"]},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
    )
    notebook.cells.insert(tagged[0] + 1, cell)
    return notebook


@cache
def _read(notebook: Path) -> Any:
    return nbformat.read(notebook, as_version=4)


@cache
def _exporter() -> PageExporter:
    return PageExporter()


def _evaluated(source: str, scope: dict[str, Any]) -> object:
    statements, last = _compiled(source)
    exec(statements, scope)
    return None if last is None else eval(last, scope)


@cache
def _compiled(source: str) -> tuple[CodeType, CodeType | None]:
    """The statements of a cell, and its last one if that is an expression."""
    tree = ast.parse(source)
    end = tree.body[-1] if tree.body else None
    last = end if isinstance(end, ast.Expr) else None
    if last is not None:
        tree.body.pop()
    statements = compile(tree, "<cell>", "exec")
    return statements, None if last is None else compile(ast.Expression(last.value), "<cell>", "eval")


def _output(value: object) -> Any:
    markup = getattr(value, "_repr_html_", None)
    data = {"text/plain": repr(value)} if markup is None else {"text/html": markup(), "text/plain": repr(value)}
    # Not `nbformat.v4.new_output`, which checks each output against a schema.
    return nbformat.from_dict({"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": None})
