"""The pages on the law: ``law.html`` and those beside it in ``rulebook/``, each from its notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyreport.files.places import notebooks_folder
from pyreport.files.writing import write_file
from pyreport.reporting.notebook_page import page_from
from pyreport.reporting.source_page import PAGES

__all__ = ["LAW_PAGE", "RulebookPage", "rulebook_pages", "write_rulebook"]

LAW_PAGE = "law.html"
_FOLDER = "rulebook"


@dataclass(frozen=True)
class RulebookPage:
    """A page on the law: the name of its file, and the notebook and parameters that make it."""

    name: str
    notebook: str
    parameters: Mapping[str, str | None]

    def html(self) -> str:
        """The page.

        Raises:
            PolicyError: The policy or its coverage cannot be read; or whatever the notebook raises.
        """
        return page_from(notebooks_folder() / f"{self.notebook}.ipynb", self.parameters)


def rulebook_pages(
    sources: Path | None = None, counts: Path | None = None, policy: str | None = None
) -> list[RulebookPage]:
    """The pages, ``law.html`` first.

    Args:
        sources: The folder in which the sources of quotations are collected, if it is on hand.
        counts: A file of counts (see ``law_counts``), if there is one.
        policy: The folder of the policy; the project's own if ``None``.
    """
    whole = {"sources": None if sources is None else str(sources.resolve()), "policy": policy}
    counted = {"counts": None if counts is None else str(counts.resolve()), "policy": policy}
    return [
        RulebookPage(LAW_PAGE, "rulebook", whole | counted),
        *(RulebookPage(f"{_FOLDER}/{source}.html", "source", {"source": source, **whole}) for source in PAGES),
        RulebookPage(f"{_FOLDER}/words.html", "vocabulary", {"policy": policy}),
        RulebookPage(f"{_FOLDER}/open-questions.html", "open_questions", counted),
        RulebookPage(f"{_FOLDER}/duties.html", "duties", {"policy": policy}),
        RulebookPage(f"{_FOLDER}/cases.html", "cases_of_rules", {"policy": policy}),
    ]


def write_rulebook(output: Path, pages: Sequence[RulebookPage]) -> list[str]:
    """Write pages into ``output``.

    Returns:
        The names of the pages that were not made, each with the reason; the others are written.

    Raises:
        OSError: A page cannot be written.
    """
    failures = []
    for page in pages:
        try:
            text = page.html()
        except Exception as error:
            failures.append(f"{page.name}: {type(error).__name__}: {error}")
        else:
            write_file(output / page.name, text)
    return failures
