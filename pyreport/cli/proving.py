"""The command that asks of all made-up LEAs what one can only try on some: ``prove``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pyreport.cli import options
from pyreport.cli.command import Command, fail
from pyreport.errors import FOUND

if TYPE_CHECKING:
    from pyreport.cli.output import Output
    from pyreport.comparison.proving import Answer
    from pyreport.rulebook.rule import Rule
    from pyreport.rulebook.rulebook import Rulebook
    from pyreport.rulebook.syntax import Value

__all__ = ["prove"]


@click.command(cls=Command)
@click.argument("policies", nargs=-1, metavar="[OLD] [NEW]")
@click.option("--never-needed", metavar="RULE", help="Ask whether nothing changes without this rule.")
@click.option("--never-together", nargs=2, metavar="RULE RULE", help="Ask whether these two never apply together.")
@click.option("--monotone", is_flag=True, help="Ask whether better figures never bring a conclusion: eligibility.")
@click.option(
    "--about",
    multiple=True,
    metavar="PREDICATE[=VALUE]",
    help="The conclusion asked about, such as eligible or persistent_52072=yes (default: eligibility and the outputs "
    "of the policy). Repeatable where no value is given.",
)
@click.option("--year", type=int, help="The newest Dashboard year of the LEAs (default: the newest of the policies).")
@click.option("--years", type=click.IntRange(1), default=4, show_default=True, help="How many Dashboards they have.")
@click.option("--groups", type=click.IntRange(0), default=3, show_default=True, help="At most so many student groups.")
@click.option(
    "--kind",
    type=click.Choice(["district", "county_office", "charter"]),
    default="district",
    show_default=True,
    help="The kind of the LEAs.",
)
@click.option(
    "--by",
    type=click.Choice(["figures", "letters"]),
    default="figures",
    show_default=True,
    help="What is on record of their Dashboards: colors and levels, or CDE's letters.",
)
@click.option("--limit", type=click.FloatRange(0.1), default=30.0, show_default=True, help="Seconds for the search.")
@options.policy
@options.output()
def prove(
    policies: tuple[str, ...],
    never_needed: str | None,
    never_together: tuple[str, str] | None,
    monotone: bool,
    about: tuple[str, ...],
    year: int | None,
    years: int,
    groups: int,
    kind: str,
    by: str,
    limit: float,
    policy: Path | None,
    output: Output,
) -> None:
    """Find the smallest made-up LEA on which two policies differ, as a case file, or prove that there is none.

    A policy is a folder, reading:NAME, or a file of rules in the form of a reading. With one policy, it is held against
    the project's own. All LEAs of the scope are looked through: which facts they can have stands in
    policy/changes/made_up.lp, and the scope and its limits stand in the answer. The exit status is 1 if an LEA is
    found, and 3 if the time was not enough.

    Example: pyreport prove reading:ec-52072-any-three-groups
    """
    from pyreport.cli.output import message
    from pyreport.comparison import answers
    from pyreport.comparison.made_up import Scope, dashboards
    from pyreport.comparison.proved_policies import without_rule
    from pyreport.comparison.proving import better_figures, difference, together

    asked_ways = [never_needed is not None, bool(never_together), monotone]
    if sum(asked_ways) > 1:
        fail("--never-needed, --never-together and --monotone are three questions: ask one.")
    if len(policies) > (1 if any(asked_ways) else 2):
        fail(f"{len(policies)} policies are given; expected {'one at most' if any(asked_ways) else 'OLD and NEW'}.")
    if not policies and not any(asked_ways):
        fail(
            "Give a policy to hold against the project's own, or two; or --never-needed, --never-together, --monotone."
        )
    loaded = _loaded(policies, policy, own=len(policies) < (1 if any(asked_ways) else 2))
    names = ["the policy", *policies][-len(loaded) :] if len(policies) < len(loaded) else list(policies)
    newest = set.intersection(*(set(dashboards(one)) for one in loaded))
    if not newest:
        fail("The policies have no Dashboard in common.")
    scope = Scope(max(newest) if year is None else year, years, groups, kind, by)
    first = loaded[0]
    if never_together:
        rules = [_rule(first, name) for name in never_together]
        answer, joined = together(first, rules[0], rules[1], scope, limit=limit)
        text = answers.together_text(first, answer, scope, never_together, joined)
    elif monotone:
        asked, value = _asked(first, first, about or ("eligible",))
        answer = better_figures(first, asked, scope, value=value, limit=limit)
        text = answers.better_text(first, answer, scope)
    else:
        if never_needed is not None:
            rule = _rule(first, never_needed, facts=True)
            loaded.append(without_rule(first, rule.id))
            names.append(f"{names[0]} without {rule.id}")
        asked, value = _asked(first, loaded[1], about)
        answer = difference(first, loaded[1], asked, scope, value=value, limit=limit)
        text = answers.difference_text(first, answer, scope, (names[0], names[1]))
    output.write(text)
    message(_note(answer))
    if answer.facts is not None:
        sys.exit(FOUND)


def _loaded(names: tuple[str, ...], policy: Path | None, *, own: bool) -> list[Rulebook]:
    """The policies of these names; before them the one in the folder ``policy``, if it is asked for."""
    from pyreport.comparison.proved_policies import READING, load_policy
    from pyreport.files.places import policy_folder
    from pyreport.rulebook.loading import load_rulebook, readings

    folder = policy or policy_folder()
    # Folders alone need nothing of the project's own policy, which takes seconds to read.
    ours = load_rulebook(folder, changes=True) if own or not all(Path(name).is_dir() for name in names) else None
    loaded = [ours] if own and ours is not None else []
    for name in names:
        try:
            loaded.append(load_rulebook(Path(name), changes=True) if ours is None else load_policy(name, ours, folder))
        except FileNotFoundError:
            if name.startswith(READING):
                fail(f"{name}: there is no such reading; known are {', '.join(readings(folder))}.")
            fail(f"{name}: there is no such folder or file; expected a folder, reading:NAME, or a file of rules.")
    return loaded


def _rule(policy: Rulebook, name: str, *, facts: bool = False) -> Rule:
    from pyreport.cli.inputs import check_rule

    check_rule(name, policy.by_id)
    rule = policy.by_id[name]
    if not rule.body and not facts:
        fail(f"{name} is a fact of the policy, which holds of every LEA; name rules that have conditions.")
    return rule


def _asked(old: Rulebook, new: Rulebook, about: tuple[str, ...]) -> tuple[dict[str, str], Value | None]:
    """What is compared: predicates of the first policy with those of the second, and the last argument asked for."""
    from pyreport.explanation.asked_about import predicate_of

    if about:
        value: Value | None = None
        asked: dict[str, str] = {}
        for text in about:
            name, _, word = text.partition("=")
            predicate = predicate_of(old, name)
            if predicate.stated_by != "rules" or "LEA" not in predicate.arguments:
                fail(f"--about {text}: write a conclusion about an LEA, such as eligible.")
            if predicate.name not in new.predicates:
                fail(f"--about {text}: the second policy has no such predicate.")
            asked[predicate.name] = predicate.name
            if word:
                value = int(word) if word.isdigit() else word.lower()
        if value is not None and len(asked) > 1:
            fail("--about with a value asks about one predicate.")
        return asked, value
    # An output is the same one in both policies, whatever they call its predicate.
    outputs = new.outputs()
    asked = {predicate.name: outputs[name].name for name, predicate in old.outputs().items() if name in outputs}
    asked |= {name: name for name, comes in old.questions().items() if comes and name in new.predicates}
    return asked, None


def _note(answer: Answer) -> str:
    ground, solve = answer.seconds
    searched = (
        f"Grounded in {ground:.1f} and solved in {solve:.1f} seconds, {len(answer.made_up.possible):,} facts to choose."
    )
    return "\n".join([searched, *(str(one.verdict) for one in answer.decided if one.verdict is not None)])
