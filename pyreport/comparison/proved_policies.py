"""Policies made from another: with a few rules worded otherwise, without a rule, without what may be made up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pyreport.rulebook.agreement import against_vocabulary, duplicate_ids, placeholder_problems, with_argument_names
from pyreport.rulebook.authorities import read_groups
from pyreport.rulebook.labels import READINGS
from pyreport.rulebook.loading import CHANGES
from pyreport.rulebook.parsing import parse_file
from pyreport.rulebook.problems import Finding, PolicyError, Problem
from pyreport.rulebook.rule import Reading
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.stratification import negation_cycle

__all__ = ["as_decided", "patched", "without_rule"]


def patched(rulebook: Rulebook, path: Path, folder: Path) -> Rulebook:
    """The policy ``rulebook``, loaded from ``folder``, with the rules of a file in the form of a reading.

    Raises:
        PolicyError: With everything that is wrong with the file.
    """
    file = parse_file(path, f"{READINGS}/{path.name}", rulebook.authorities, read_groups(folder))
    # What the policy declares of the evidence needs no declaration in the file.
    of_evidence = {one.signature: 0 for one in rulebook.predicates.values() if one.stated_by == "evidence"}
    file = replace(file, defined={**file.defined, **of_evidence})
    if file.reading is None:
        message = "write '% @reading …', '% @rejected …' and '% @replaces RULE …' above all rules"
        raise PolicyError([*file.problems, Problem(file.path, 1, message, Finding.FAULTY_READING)])
    replaced = set(file.reading.replaces)
    predicates = {**rulebook.predicates, **{predicate.name: predicate for predicate in file.predicates}}
    rules = [rule for rule in rulebook.rules if rule.id not in replaced]
    rules += [with_argument_names(rule, predicates) for rule in file.rules]
    problems = [
        Problem(file.path, 1, f"@replaces {missing}: there is no such rule", Finding.FAULTY_READING)
        for missing in sorted(replaced - rulebook.by_id.keys())
    ]
    problems += [*file.problems, *duplicate_ids(rules), *against_vocabulary(rules, predicates, [file])]
    problems += placeholder_problems(rules)
    cycle = negation_cycle(rules)
    if cycle:
        message = f"negation or a count runs in a circle through {', '.join(rule.id for rule in cycle)}"
        problems.append(Problem(cycle[0].file, cycle[0].line, message, Finding.NEGATION_CYCLE))
    if problems:
        raise PolicyError(problems)
    return replace(
        rulebook,
        rules=tuple(sorted(rules, key=lambda rule: rule.id)),
        predicates=predicates,
        texts=dict(sorted({**rulebook.texts, file.path: file.text}.items())),
        reading=file.reading,
    )


def without_rule(rulebook: Rulebook, identifier: str) -> Rulebook:
    """The policy without one rule, in the form of a reading that has nothing in its place."""
    path = f"{READINGS}/without.lp"
    says = f"The policy without {identifier}"
    text = f"% @reading {says}\n% @rejected Tried to see whether the rule is needed\n% @replaces {identifier}\n"
    return replace(
        rulebook,
        rules=tuple(rule for rule in rulebook.rules if rule.id != identifier),
        texts=dict(sorted({**rulebook.texts, path: text}.items())),
        reading=Reading("without", path, says, "", (identifier,)),
    )


def as_decided(rulebook: Rulebook) -> Rulebook:
    """The policy by which decisions are made: without what may change or be made up."""
    changes = f"{CHANGES}/"
    return replace(
        rulebook,
        rules=tuple(rule for rule in rulebook.rules if not rule.file.startswith(changes)),
        predicates={name: one for name, one in rulebook.predicates.items() if not one.file.startswith(changes)},
        texts={path: text for path, text in rulebook.texts.items() if not path.startswith(changes)},
    )
