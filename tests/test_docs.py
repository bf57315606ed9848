"""The documentation: every command line and every piece of Python in it is run, and it builds without a warning."""

from __future__ import annotations

import dataclasses
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from cli.command import run

from pyreport.cli import main
from pyreport.files.places import policy_folder
from pyreport.rulebook.loading import load_rulebook

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "docs").rglob("*.md"))
BLOCK = re.compile(r"^```(?P<kind>\w+)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
ENDS_WITH = re.compile(r"ends with (\d)")
SLOW = "takes minutes"
QUIET = "NO_MKDOCS_2_WARNING"
"""Keeps the theme from advertising its successor."""
KINDS = {"console", "yaml", "diff", "python", "text"}


@dataclasses.dataclass(frozen=True)
class Block:
    kind: str
    title: str | None
    text: str


def blocks(page: Path) -> list[Block]:
    return [Block(**match.groupdict()) for match in BLOCK.finditer(page.read_text(encoding="utf-8"))]


def command_lines(block: Block) -> Iterator[tuple[str, str]]:
    """Each command line with the remark behind it."""
    for line in block.text.splitlines():
        assert line.startswith("$ "), f"a console block has command lines alone: {line}"
        command, _, remark = line.removeprefix("$ ").partition(" # ")
        yield command, remark


def is_slow(page: Path) -> bool:
    return any(
        SLOW in remark for block in blocks(page) if block.kind == "console" for _, remark in command_lines(block)
    )


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A folder like the checkout, as far as the pages work in it."""
    shutil.copytree(ROOT / "policy", tmp_path / "policy")
    shutil.copytree(ROOT / "tests" / "cases", tmp_path / "tests" / "cases", ignore=shutil.ignore_patterns("*.py"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def follow(page: Path, folder: Path, *, slow: bool) -> None:
    """Do what a page says, from its first block to its last."""
    names: dict[str, object] = {}
    for block in blocks(page):
        if block.kind == "console":
            for command, remark in command_lines(block):
                if slow or SLOW not in remark:
                    carry_out(command, int(ENDS_WITH.search(remark)[1]) if ENDS_WITH.search(remark) else 0)
        elif block.kind in ("yaml", "text") and block.title:
            (folder / block.title).write_text(block.text, encoding="utf-8")
        elif block.kind == "diff":
            edit(folder / block.title, block.text)
        elif block.kind == "python":
            exec(block.text, names)


def carry_out(command: str, status: int) -> None:
    words = shlex.split(command)
    if words[0] == "pyreport" and "&&" not in words:
        result = run(*words[1:])
        assert result.exit_code == status, f"{command}\n{result.output}"
        return
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == status, f"{command}\n{done.stdout}{done.stderr}"


def edit(path: Path, changes: str) -> None:
    """Make the change that a diff shows: the lines with a minus stand once, and those with a plus take their place."""
    old, new = ("".join(line[1:] + "\n" for line in changes.splitlines() if line[0] in mark) for mark in ("- ", "+ "))
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path} has not once: {old}"
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_line_of_a_page_does_what_the_page_says(page, copy):
    follow(page, copy, slow=False)


@pytest.mark.sweep
@pytest.mark.parametrize("page", [page for page in PAGES if is_slow(page)], ids=lambda page: page.stem)
def test_the_command_lines_that_take_minutes_do_too(page, copy):
    follow(page, copy, slow=True)


def test_pages_have_no_command_line_that_is_not_run():
    for page in PAGES:
        fences = re.findall(r"^```(\w+)", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert fences == [block.kind for block in blocks(page)]
        assert set(fences) <= KINDS
        assert all(block.title for block in blocks(page) if block.kind in ("yaml", "diff"))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "docs"
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, QUIET: "1"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return folder


def test_the_pages_build_without_a_warning_and_load_nothing_from_elsewhere(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > len(PAGES)
    for page in pages:
        loaded = re.findall(r"<(?:script|img|iframe|link)\b[^>]*?(?:src|href)=\"([^\"]+)\"", page.read_text("utf-8"))
        assert [address for address in loaded if "//" in address] == [], page
        if page.name != "404.html":
            beside = [address for address in loaded if not address.startswith("#")]
            assert [address for address in beside if not (page.parent / address).exists()] == [], page


def test_the_reference_names_every_command_and_every_predicate(site):
    commands = (site / "reference" / "commands.html").read_text("utf-8")
    for name, command in main.commands.items():
        names = [f"{name} {below}" for below in command.commands] if isinstance(command, click.Group) else [name]
        assert all(f"Usage: pyreport {one}" in commands for one in names)
    vocabulary = (site / "reference" / "vocabulary.html").read_text("utf-8")
    for predicate in load_rulebook(policy_folder()).predicates.values():
        assert f"<code>{predicate.name}({', '.join(predicate.arguments)})</code>" in vocabulary


def test_a_page_of_the_reference_has_every_entry_of_its_schema(site):
    assert "<code>calpads_not_certified</code>" in (site / "reference" / "written_case.html").read_text("utf-8")
    assert "<code>dashboard_year</code>" in (site / "reference" / "case_file.html").read_text("utf-8")
    assert "[columns]" in re.sub(r"<[^>]+>", "", (site / "reference" / "layouts.html").read_text("utf-8"))
