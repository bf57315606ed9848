import re
import shutil
import stat

import pytest
from reporting.pages import county_folder

from pyreport.reporting.export import _css_string
from pyreport.reporting.pdf import BROWSERS

from .command import answered, refused, run

SHEET = re.compile(rb"/Type\s*/Page\b")
needs_browser = pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="no browser built on Chromium")


@pytest.fixture(scope="module")
def page():
    return next((county_folder("02") / "lea").glob("*.html"))


def browser_that(tmp_path, does):
    """A program in place of a browser."""
    program = tmp_path / "browser"
    program.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


@needs_browser
def test_a_page_is_printed_tagged_and_the_proof_when_asked_for(page, tmp_path):
    answered("pdf", str(page), "--output", str(tmp_path / "letter"))
    answered("pdf", str(page), "--output", str(tmp_path / "whole"), "--proof")
    letter, whole = ((tmp_path / name / f"{page.stem}.pdf").read_bytes() for name in ("letter", "whole"))
    for part in (b"/MarkInfo", b"/StructTreeRoot", b"/Outlines", b"/Lang"):
        assert part in letter
    assert 1 <= len(SHEET.findall(letter)) < len(SHEET.findall(whole))


def test_the_browser_gets_the_page_and_where_the_proof_begins(page, tmp_path):
    program = browser_that(
        tmp_path,
        'for word; do case "$word" in --print-to-pdf=*) place="${word#--print-to-pdf=}";; esac; last="$word"; done\n'
        'printf "%s" "$last" > "$place"',
    )
    for options, end in ([], ""), (["--proof"], "#the-proof-in-numbered-steps"):
        answered("pdf", str(page), "--output", str(tmp_path), "--browser", str(program), *options)
        assert (tmp_path / f"{page.stem}.pdf").read_text() == page.resolve().as_uri() + end


def test_a_browser_that_fails_leaves_the_file_that_was_there(page, tmp_path):
    place = tmp_path / f"{page.stem}.pdf"
    place.write_bytes(b"before")
    result = run("pdf", page, "--output", tmp_path, "--browser", browser_that(tmp_path, "echo no display >&2; exit 3"))
    assert result.exit_code == 3
    assert f"{page}: " in result.stderr
    assert "did not print it: no display" in result.stderr
    assert place.read_bytes() == b"before"


def test_without_a_browser_it_is_said_which_are_looked_for(page, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run("pdf", page)
    assert result.exit_code == 3
    assert "chromium" in result.stderr
    assert "--browser PATH" in result.stderr
    assert not list(page.parent.glob("*.pdf"))


def test_what_is_no_page_is_refused(page, tmp_path):
    other = tmp_path / "proof.json.gz"
    other.touch()
    assert "proof.json.gz: no page of a report" in refused("pdf", page, other)


def test_a_title_ends_no_style(page):
    assert _css_string('A "b" </style>é') == '"A \\22 b\\22  \\3c \\2f style\\3e é"'
    title = re.search("<title>(.*?)</title>", page.read_text(encoding="utf-8"))[1]
    place = title.split(" ")[0]
    assert f'@page{{@top-left{{content:"{place}' in page.read_text(encoding="utf-8")
