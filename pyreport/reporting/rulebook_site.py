"""The pages on the law: ``law.html`` and those beside it in ``rulebook/``, each from its notebook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pyreport.files.places import notebooks_folder
from pyreport.reporting.notebook_page import page_from
from pyreport.reporting.source_page import PAGES

__all__ = ["LAW_PAGE", "rulebook_pages"]

LAW_PAGE = "law.html"
_FOLDER = "rulebook"


def rulebook_pages(
    sources: Path | None = None, counts: Path | None = None, policy: str | None = None
) -> Iterator[tuple[str, str]]:
    """The pages, each with the name of its file.

    Args:
        sources: The folder in which the sources of quotations are collected, if it is on hand.
        counts: A file of counts (see ``law_counts``), if there is one.
        policy: The folder of the policy; the project's own if ``None``.

    Raises:
        PolicyError: The policy or its coverage cannot be read.
    """
    whole = {"sources": None if sources is None else str(sources.resolve())}
    counted = {"counts": None if counts is None else str(counts.resolve())}
    pages: list[tuple[str, str, dict[str, str | None]]] = [
        (LAW_PAGE, "rulebook", whole | counted),
        *((f"{_FOLDER}/{source}.html", "source", {"source": source, **whole}) for source in PAGES),
        (f"{_FOLDER}/words.html", "vocabulary", {}),
        (f"{_FOLDER}/open-questions.html", "open_questions", counted),
        (f"{_FOLDER}/duties.html", "duties", {}),
        (f"{_FOLDER}/cases.html", "cases_of_rules", {}),
    ]
    for name, notebook, parameters in pages:
        yield name, page_from(notebooks_folder() / f"{notebook}.ipynb", {**parameters, "policy": policy})
