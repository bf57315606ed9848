"""The pages on the law: ``law.html`` and those beside it in ``rulebook/``, each from its notebook."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pyreport.files.places import notebooks_folder
from pyreport.files.writing import write_file
from pyreport.reporting.execute import Executed, Run, execute_all
from pyreport.reporting.export import PageExporter
from pyreport.reporting.source_page import PAGES

__all__ = ["LAW_PAGE", "rulebook_runs", "write_rulebook"]

LAW_PAGE = "law.html"
_FOLDER = "rulebook"
_HEADING = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)


def rulebook_runs(sources: Path | None = None, counts: Path | None = None) -> list[Run]:
    """The executions that make the pages; the name of each is that of its page's file.

    Args:
        sources: The folder in which the sources of quotations are collected, if it is on hand.
        counts: A file of counts (see ``law_counts``), if there is one.
    """
    # Paths are absolute, since kernels run elsewhere.
    whole = {"sources": None if sources is None else str(sources.resolve())}
    counted = {"counts": None if counts is None else str(counts.resolve())}
    return [
        _run(LAW_PAGE, "rulebook", whole | counted),
        *[_run(f"{_FOLDER}/{source}.html", "source", {"source": source, **whole}) for source in PAGES],
        _run(f"{_FOLDER}/words.html", "vocabulary", {}),
        _run(f"{_FOLDER}/open-questions.html", "open_questions", counted),
        _run(f"{_FOLDER}/duties.html", "duties", {}),
        _run(f"{_FOLDER}/cases.html", "cases_of_rules", {}),
    ]


def write_rulebook(output: Path, runs: Sequence[Run]) -> list[str]:
    """Execute ``runs`` one after the other in one kernel and write their pages into ``output``.

    Returns:
        The names of the pages that were not made, each with the reason; the others are written.

    Raises:
        OSError: A page cannot be written, or no kernel can be started.
        Stopped: A signal ended the run early.
    """
    exporter, failures = PageExporter(), []

    def write(executed: Executed) -> None:
        if executed.notebook is None:
            failures.append(f"{executed.run.name}: {executed.error}")
        else:
            title = f"{_heading_of(executed.notebook)} – California's System of Support"
            write_file(output / executed.run.name, exporter.page(executed.notebook, title))

    execute_all([runs], 1, write)
    return failures


def _run(name: str, notebook: str, parameters: dict[str, Any]) -> Run:
    return Run(name, notebooks_folder() / f"{notebook}.ipynb", parameters)


def _heading_of(notebook: Any) -> str:
    """The words of the heading of an executed notebook, for the title of its page."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    texts = (str(output.get("data", {}).get("text/html", "")) for output in outputs)
    found = next((match[1] for text in texts if (match := _HEADING.search(text))), "")
    return html.unescape(found)
