"""Load a policy folder: every rule with its label, or a list of everything that is wrong."""

from __future__ import annotations

from pathlib import Path

from pyreport.rulebook.agreement import against_vocabulary, duplicate_ids, placeholder_problems, with_argument_names
from pyreport.rulebook.authorities import Authority, Citation, read_cited
from pyreport.rulebook.documents import read_text
from pyreport.rulebook.labels import READINGS
from pyreport.rulebook.names import Names, missing_names, read_names
from pyreport.rulebook.parsing import parse_file
from pyreport.rulebook.problems import Finding, PolicyError, Problem
from pyreport.rulebook.rule_file import RuleFile
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.stated_facts import disagreeing_facts
from pyreport.rulebook.stratification import negation_cycle
from pyreport.rulebook.vocabulary import Predicate
from pyreport.rulebook.years import YEARS, dashboard_years, incomplete_years

__all__ = ["examine", "load_rulebook", "policy_files", "readings"]

CHANGES = "changes"
"""The folder of what a what-if may change: no law, and loaded for a what-if alone."""


def policy_files(folder: Path, reading: str | None = None, *, changes: bool = False) -> list[Path]:
    """The rule files of the policy in ``folder``, sorted; of the readings only the one named, changes if asked for."""
    paths = sorted(folder.rglob("*.lp"), key=lambda path: path.relative_to(folder).as_posix())
    chosen = []
    for path in paths:
        parts = path.relative_to(folder).parts
        wanted = {READINGS: reading is not None and path.stem == reading, CHANGES: changes}
        if wanted.get(parts[0], True):
            chosen.append(path)
    return chosen


def readings(folder: Path) -> list[str]:
    """The names of the alternative readings in the policy ``folder``, sorted."""
    return sorted(path.stem for path in (folder / READINGS).glob("*.lp"))


def load_rulebook(folder: Path, reading: str | None = None, *, changes: bool = False) -> Rulebook:
    """Load the policy in ``folder``, with the named alternative ``reading`` in place of the rules it replaces.

    With ``changes``, what a what-if may change is loaded too.

    Raises:
        PolicyError: With every problem of every file: see ``policy/README.md`` for what a file must be like.
    """
    known = readings(folder)
    if reading is not None and reading not in known:
        message = f"there is no reading {reading!r}; known are {', '.join(known) or 'none'}"
        raise PolicyError([Problem(READINGS, 1, message, Finding.FAULTY_READING)])
    rulebook, problems = examine(folder, reading, changes=changes)
    if problems:
        raise PolicyError(problems)
    return rulebook


def examine(
    folder: Path,
    reading: str | None = None,
    *,
    changes: bool = False,
    years: bool = False,
    parsed: dict[Path, RuleFile] | None = None,
) -> tuple[Rulebook, list[Problem]]:
    """Return what of the policy in ``folder`` can be read, and everything that is wrong with it.

    What every year must state is always looked at; with ``years`` its facts are among the rules too.

    Only without problems is the rulebook whole: what a problem names may be missing from it.

    Who examines a policy under several readings gives one ``parsed`` for all, so that each file is parsed once.
    """
    parsed = {} if parsed is None else parsed
    problems: list[Problem] = []
    authorities: dict[str, Authority] | None = None
    groups: dict[str, tuple[Citation, ...]] = {}
    names: Names = {}
    try:
        authorities, groups = read_cited(folder)
    except PolicyError as error:
        problems += error.problems
    try:
        names = read_names(folder)
    except PolicyError as error:
        problems += error.problems
    paths = policy_files(folder, reading, changes=changes)
    for path in paths:
        if path not in parsed:
            parsed[path] = parse_file(path, path.relative_to(folder).as_posix(), authorities, groups)
    files = [parsed[path] for path in paths]
    problems += [problem for file in files for problem in file.problems]
    predicates: dict[str, Predicate] = {}
    for file in files:
        for predicate in file.predicates:
            if predicate.name in predicates:
                message = f"{predicate.name} is declared twice"
                problems.append(Problem(file.path, predicate.line, message, Finding.DUPLICATE_ID))
            predicates[predicate.name] = predicate
    chosen = next((file.reading for file in files if file.reading), None)
    rules = [rule for file in files for rule in file.rules]
    problems += duplicate_ids(rules)
    rules = [with_argument_names(rule, predicates) for rule in rules]
    if chosen:
        replaced = set(chosen.replaces)
        for missing in sorted(replaced - {rule.id for rule in rules}):
            message = f"@replaces {missing}: there is no such rule"
            problems.append(Problem(chosen.file, 1, message, Finding.FAULTY_READING))
        rules = [rule for rule in rules if rule.id not in replaced]
    stated = dashboard_years(rules, predicates)
    problems += incomplete_years(stated, rules, predicates, reading=chosen is not None)
    problems += against_vocabulary(rules, predicates, files)
    problems += placeholder_problems(rules)
    problems += missing_names(names, rules, predicates)
    problems += disagreeing_facts(rules, predicates)
    cycle = negation_cycle(rules)
    if cycle:
        problems.append(
            Problem(
                cycle[0].file,
                cycle[0].line,
                f"negation or a count runs in a circle through {', '.join(rule.id for rule in cycle)}: "
                "a conclusion may not depend on its own absence; rewrite one of these rules",
                Finding.NEGATION_CYCLE,
            )
        )
    texts = {file.path: file.text for file in files}
    if not years:
        texts = {path: text for path, text in texts.items() if not _of_years(path)}
        rules = [rule for rule in rules if not _of_years(rule.file)]
        predicates = {name: one for name, one in predicates.items() if not _of_years(one.file)}
    if not problems:
        for other in ("authorities.yaml", "names.yaml"):
            texts[other] = read_text(folder / other, other)
    rulebook = Rulebook(
        tuple(sorted(rules, key=lambda rule: rule.id)),
        predicates,
        authorities or {},
        names,
        dict(sorted(texts.items())),
        chosen,
        stated,
    )
    return rulebook, problems


def _of_years(path: str) -> bool:
    return path.startswith(f"{YEARS}/")
