"""Pages as PDF, by the browser that is installed: tagged, with the page's title and the number on every sheet."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from pyreport.errors import UNFINISHED, PyreportError
from pyreport.files.locks import scratch_folder
from pyreport.files.writing import write_file

__all__ = ["BROWSERS", "NotPrinted", "browser_on_hand", "print_page"]

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
"""The commands of browsers built on Chromium, which print a page without showing it."""
PROOF = "the-proof-in-numbered-steps"
"""The heading of the proof on an agency's page: the style prints it only on the page that is opened there."""
SECONDS = 120
"""How long a browser may take over one page."""


class NotPrinted(PyreportError):
    """There is no browser, or it did not print a page."""

    exit_status = UNFINISHED


def browser_on_hand() -> Path:
    """The first of ``BROWSERS`` that is installed.

    Raises:
        NotPrinted: None is.
    """
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise NotPrinted(
            "No browser built on Chromium is installed (looked for "
            f"{', '.join(BROWSERS)}). Install one, or name yours with --browser PATH."
        )
    return Path(found)


def print_page(page: Path, place: Path, browser: Path, *, proof: bool = False) -> None:
    """Print a page into a PDF file, which is replaced if it is there.

    Args:
        page: The HTML file.
        place: The PDF file.
        browser: The browser's program.
        proof: Print the numbered proof of an agency's page too.

    Raises:
        NotPrinted: The browser failed; what was at ``place`` is unchanged.
        OSError: The file cannot be written; likewise.
    """
    address = page.resolve().as_uri() + (f"#{PROOF}" if proof else "")
    with scratch_folder() as folder:
        made = folder / "page.pdf"
        command = [
            str(browser),
            "--headless",
            "--disable-gpu",
            "--no-first-run",
            "--no-pdf-header-footer",
            "--generate-pdf-document-outline",
            # A profile of its own: the browser of the person who asks may be open.
            f"--user-data-dir={folder / 'profile'}",
            f"--print-to-pdf={made}",
            # Chromium refuses its sandbox to the superuser.
            *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
            address,
        ]
        try:
            done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=SECONDS)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NotPrinted(f"{page}: {browser} did not print it: {error}") from error
        if done.returncode or not made.is_file():
            raise NotPrinted(f"{page}: {browser} did not print it: {_last_line(done.stderr)}")
        write_file(place, made.read_bytes())


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it gave no reason"])[-1]
