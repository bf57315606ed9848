"""What MkDocs runs: the reference pages are made from the program itself, and nothing is loaded from elsewhere."""

from __future__ import annotations

import importlib.resources
import json
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import click
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from pyreport.cases.files import schema_text
from pyreport.cli import main
from pyreport.files.places import policy_folder
from pyreport.rulebook.loading import load_rulebook

WIDTH = 100
SHIM = "https://unpkg.com/iframe-worker/shim"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages; MkDocs calls this before it reads the written ones."""
    for name, text in pages().items():
        files.append(File.generated(config, f"reference/{name}.md", content=text))
    return files


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Take the script for the search in local files from beside the pages; the theme would load it from elsewhere."""
    return output.replace(SHIM, get_relative_url("assets/iframe-worker.js", page.url))


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    """The same for pages that are no documents."""
    return output_content.replace(SHIM, "/assets/iframe-worker.js")


def pages() -> dict[str, str]:
    """The text of each page by its name."""
    package = importlib.resources.files("pyreport")
    case_file = json.loads((package / "evidence" / "schema" / "case_facts.json").read_text(encoding="utf-8"))
    return {
        "commands": commands(),
        "vocabulary": vocabulary(),
        "case_file": schema_page(
            "Entries of a case file",
            "A case file states what stands in no file of CDE's, with the document that shows it. `pyreport case new` "
            "writes a first one, `pyreport case check` says what is wrong with one.",
            case_file,
            case_file["items"],
        ),
        "written_case": schema_page(
            "Entries of a written case",
            "A written case states facts of a made-up LEA, and what must follow. [How to write one]"
            "(../tutorials/write_a_case.md). `pyreport test --schema` writes the schema for an editor.",
            (of_cases := json.loads(schema_text())),
            of_cases["$defs"]["case"],
        ),
        "layouts": layouts(),
        "checks": (package / "rulebook" / "lint" / "checks.md").read_text(encoding="utf-8"),
    }


def commands() -> str:
    """Every command with its help, as the program prints it."""
    lines = ["# Commands", "", "Each page of help is what `pyreport COMMAND --help` prints.", ""]
    for name, command, context in _commands(main, click.Context(main, info_name="pyreport")):
        lines += [f"## {name}", "", "```text", command.get_help(context).rstrip(), "```", ""]
    return "\n".join(lines)


def _commands(group: click.Group, around: click.Context) -> Iterator[tuple[str, click.Command, click.Context]]:
    for name in sorted(group.commands):
        command = group.commands[name]
        context = click.Context(command, info_name=name, parent=around, max_content_width=WIDTH, terminal_width=WIDTH)
        if isinstance(command, click.Group):
            yield from _commands(command, context)
        else:
            yield context.command_path.removeprefix("pyreport "), command, context


def vocabulary() -> str:
    """Every predicate of ``policy/vocabulary.lp``: its arguments, its sentence, who states it."""
    lines = [
        "# Vocabulary",
        "",
        "The predicates of `policy/vocabulary.lp`. *Evidence* states what files print, *policy* what the law fixes, "
        "and *rules* conclude the rest. `--about` takes a name from here.",
        "",
    ]
    predicates = load_rulebook(policy_folder()).predicates
    for predicate in sorted(predicates.values(), key=lambda one: one.name):
        lines += [
            f"## {predicate.name}",
            "",
            f"`{predicate.name}({', '.join(predicate.arguments)})`, stated by {predicate.stated_by}: "
            f"{_plain(predicate.says)}.",
            "",
        ]
        lines += [f"* `{name}`: {_plain(what)}" for name, what in predicate.described if what]
        lines.append("")
    return "\n".join(lines)


def schema_page(title: str, about: str, whole: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    """The entries that a schema allows, each with its description."""
    required = set(entry.get("required", ()))
    lines = [f"# {title}", "", about, "", "| entry | what it says | required |", "| --- | --- | --- |"]
    for name, part in entry["properties"].items():
        what = _described(whole, part)
        lines.append(f"| `{name}` | {_plain(what).replace('|', chr(92) + '|')} | {'yes' if name in required else ''} |")
    return "\n".join([*lines, ""])


def _described(whole: Mapping[str, Any], part: Mapping[str, Any]) -> str:
    """The description of a part of a schema, its own or that of what it refers to; else its values."""
    if "description" in part:
        return str(part["description"])
    if "$ref" in part:
        *_, name = part["$ref"].split("/")
        return _described(whole, whole["$defs"][name])
    for choice in part.get("anyOf", ()):
        if words := _described(whole, choice):
            return words
    if "enum" in part:
        return ", ".join(str(value) or "nothing" for value in part["enum"])
    return str(part.get("type", ""))


def layouts() -> str:
    """The layout files, each as it stands: they are written to be read."""
    lines = [
        "# Layouts of CDE's files",
        "",
        "By these files the program knows CDE's files and their columns. A new year of CDE's needs an entry here, "
        "and no Python.",
        "",
    ]
    folder = importlib.resources.files("pyreport") / "evidence" / "layouts"
    for path in sorted(folder.iterdir(), key=lambda one: one.name):
        if path.name.endswith(".toml"):
            text = path.read_text(encoding="utf-8")
            tomllib.loads(text)
            lines += [f"## {path.name}", "", "```toml", text.rstrip(), "```", ""]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """A text whose signs Markdown must not read: angle brackets and underscores."""
    return " ".join(text.split()).replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")
