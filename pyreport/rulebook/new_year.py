"""The skeleton of a new Dashboard year: every entry of an earlier one, its years moved on, each marked undecided.

What a copy says is a proposal and nothing more: the policy does not load until somebody has read the source of the year
for every entry, and has deleted the mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyreport.errors import PyreportError
from pyreport.rulebook.labels import READINGS
from pyreport.rulebook.loading import examine, readings
from pyreport.rulebook.problems import PolicyError
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.rule_file import RuleFile
from pyreport.rulebook.vocabulary import Predicate
from pyreport.rulebook.years import NOT_STATED, NOT_STATED_FILE, YEAR, DashboardYears

__all__ = ["NewYearError", "Skeleton", "skeleton", "years_moved"]

_NUMBER = re.compile(r"(?<![\w.-])([12]\d{3})(\d{4})?(?![\w])")
"""A year, or a day that begins with one, as facts write them."""


class NewYearError(PyreportError):
    """The year cannot be begun; the message says why."""


@dataclass
class Skeleton:
    """The files of a policy with the entries of a new year.

    Attributes:
        texts: The whole text of each file that gets entries, by its path in the policy.
        entries: The number of entries to decide in each of these files.
        later: The Dashboard year after each, the new one after the newest.
    """

    texts: dict[str, str]
    entries: dict[str, int]
    later: dict[int, int]


def skeleton(folder: Path, year: int, model: int) -> Skeleton:
    """The entries of ``model`` in the policy of ``folder`` and its readings, copied for ``year``.

    Raises:
        PolicyError: The policy does not load.
        NewYearError: It does not state ``model``, or it states ``year`` or a later one already.
    """
    rules: dict[tuple[str, str], Rule] = {}
    parsed: dict[Path, RuleFile] = {}
    for reading in (None, *readings(folder)):
        rulebook, problems = examine(folder, reading, years=True, parsed=parsed)
        if problems:
            raise PolicyError(problems)
        rules |= {(rule.file, rule.id): rule for rule in rulebook.rules}
    years = rulebook.years
    _check(years, year, model)
    later = {**dict(zip(years.begun, years.begun[1:], strict=False)), years.begun[-1]: year}
    of_families = {part.predicate for family in years.families for part in family.parts} | {NOT_STATED}
    chosen = [rule for rule in rules.values() if _states(rule, rulebook.predicates, of_families, model)]
    done = {rule.head.predicate for rule in rules.values() if _states(rule, rulebook.predicates, of_families, year)}
    texts: dict[str, list[str]] = {}
    entries: dict[str, int] = {}
    ids = {rule.id for rule in rules.values()}
    copies: dict[str, str] = {}
    # From the end of each file to its beginning, so that the lines of what is still to be copied stay.
    for rule in sorted(chosen, key=lambda rule: (rule.file, -rule.line)):
        if rule.head.predicate in done:
            continue
        block = _copied(folder, rule, rulebook.predicates[rule.head.predicate], year, model, later, ids)
        copies[rule.id] = block[0].split()[-1]
        target = rule.file.replace(str(model), str(year))
        entries[target] = entries.get(target, 0) + 1
        if target == rule.file:
            lines = texts.setdefault(target, (folder / target).read_text(encoding="utf-8").splitlines())
            end = rule.line - 1 + len(rule.text.splitlines())
            lines[end:end] = ["", *block]
        else:
            title = [f"%# {target}: copied from {rule.file}, {model}", ""]
            lines = texts.setdefault(target, title)
            lines[2:2] = [*block, ""]
    layouts = list(_layouts_not_on_hand(years, year, model, ids))
    if layouts:
        lines = texts.setdefault(NOT_STATED_FILE, (folder / NOT_STATED_FILE).read_text(encoding="utf-8").splitlines())
        lines += [line for block in layouts for line in ("", *block)]
        entries[NOT_STATED_FILE] = entries.get(NOT_STATED_FILE, 0) + len(layouts)
    for name in readings(folder):
        file = f"{READINGS}/{name}.lp"
        lines = texts.get(file) or (folder / file).read_text(encoding="utf-8").splitlines()
        replacing = [_replacing(line, copies) for line in lines]
        if replacing != lines:
            texts[file] = replacing
            entries.setdefault(file, 0)
    return Skeleton({file: "\n".join(lines).rstrip("\n") + "\n" for file, lines in texts.items()}, entries, later)


def _layouts_not_on_hand(years: DashboardYears, year: int, model: int, ids: Iterable[str]) -> Iterator[list[str]]:
    """That a new year has no layouts of CDE's files yet, which nobody can copy: a fact for each family of them."""
    for family in years.families:
        absent = years.absent.get((family.name, model), set())
        lacking = [entry for entry in family.since if entry not in absent] if family.layout else []
        beside = {also for _, also in lacking}
        for number, also in enumerate(sorted(beside, key=str)):
            identifier = f"years.not.{family.name.replace('_', '-')}.{year}{f'.{number + 1}' if number else ''}"
            values = [str(value) for value, one in lacking if one == also]
            pooled = values[0] if len(values) == 1 else f"({'; '.join(values)})"
            if identifier not in ids:
                yield [
                    f"% @rule {identifier}",
                    "% @undecided proposed, for no layout can be copied: keep the entry while CDE has not published "
                    f"the files of {year}, or write their layouts in its place; then delete this line",
                    "% @cite SBE-memo-2018 by-sbe",
                    f"% @inferred No file of {year} had been published when the year was written",
                    "% @says {Year} has no entry of {Family} for {Value}, {Also}",
                    f"{NOT_STATED}({year}, {family.name}, {pooled}, {also}).",
                ]


def _replacing(line: str, copies: Mapping[str, str]) -> str:
    """A line of a reading; where it names the rules replaced, with their copies."""
    if not line.startswith("% @replaces "):
        return line
    return " ".join([line.rstrip(), *(copies[id] for id in line.split()[2:] if id in copies)])


def years_moved(text: str, later: Mapping[int, int]) -> str:
    """The text with every Dashboard year in it, alone or at the beginning of a day, replaced by the one after it."""

    def moved(found: re.Match[str]) -> str:
        return f"{later.get(int(found[1]), found[1])}{found[2] or ''}"

    return _NUMBER.sub(moved, text)


def _check(years: DashboardYears, year: int, model: int) -> None:
    begun = ", ".join(map(str, years.begun)) or "none"
    if model not in years.begun:
        raise NewYearError(f"The policy does not state {model}; it states {begun}.")
    if year <= years.begun[-1]:
        raise NewYearError(f"{year} is not after the Dashboard years that the policy states: {begun}.")


def _states(rule: Rule, predicates: Mapping[str, Predicate], of_families: Iterable[str], year: int) -> bool:
    """Whether a fact of a family states something of a year."""
    if rule.head.predicate not in of_families:
        return False
    place = predicates[rule.head.predicate].place(YEAR)
    return any(fact[place] == year for fact in rule.facts)


def _copied(
    folder: Path,
    rule: Rule,
    predicate: Predicate,
    year: int,
    model: int,
    later: Mapping[int, int],
    ids: set[str],
) -> list[str]:
    """The lines of the copy: its label, with the mark, and its fact."""
    lines = (folder / rule.file).read_text(encoding="utf-8").splitlines()
    first = rule.line - 1
    while first and lines[first - 1].startswith("%"):
        first -= 1
    label = lines[first : rule.line - 1]
    identifier = rule.id.replace(str(model), str(year))
    if identifier in ids or identifier == rule.id:
        identifier = f"{rule.id}.{year}"
    ids.add(identifier)
    mark = (
        f"% @undecided copied from {model}, years moved on: read the source of {year}; keep, change or replace the "
        "entry, cite the source, and delete this line"
    )
    label = [f"% @rule {identifier}" if line.split()[1:2] == ["@rule"] else line for line in label]
    head, _, rest = " ".join(rule.text.split()).partition("(")
    arguments = _arguments(rest.rstrip().removesuffix(".").removesuffix(")"))
    place = predicate.place(YEAR) - 1
    others = (years_moved(argument, later) for argument in arguments)
    written = ", ".join(str(year) if at == place else other for at, other in enumerate(others))
    return [*label[:1], mark, *label[1:], f"{head}({written})."]


def _arguments(text: str) -> list[str]:
    """The arguments of a fact as they are written: at commas outside brackets and quotation marks."""
    found, depth, quoted = [""], 0, False
    for character in text:
        quoted ^= character == '"'
        depth += 0 if quoted else {"(": 1, ")": -1}.get(character, 0)
        if character == "," and not depth and not quoted:
            found.append("")
        else:
            found[-1] += character
    return [one.strip() for one in found]
