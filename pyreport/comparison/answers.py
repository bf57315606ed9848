"""The answers of a proof as text: that there is no LEA, with the scope and its limits, or a case file with the LEA."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from pyreport.comparison.case_file import case_data, case_text, conclusion_text
from pyreport.comparison.made_up import Scope
from pyreport.comparison.proving import Answer, Decided
from pyreport.explanation.sentences import Sentences, listed_words
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value

__all__ = ["better_text", "difference_text", "together_text"]

_WIDTH = 118
_TOPIC = "Made-up LEAs on which rules were found to differ"


def difference_text(rulebook: Rulebook, answer: Answer, scope: Scope, names: tuple[str, str]) -> str:
    """Where the policies ``names`` differ, as a case file of the first one; or that they do not, as text."""
    about = [*_scope(answer, scope), *_alike(answer)]
    if answer.facts is None:
        compared = _asked(answer)
        return _lines(
            [f"No LEA in scope: {names[0]} and {names[1]} agree on {compared}, for every LEA that follows.", *about]
        )
    alone = answer.differing
    comments = [
        f"{names[0]} and {names[1]} differ on this made-up LEA. {_smallest(answer)}",
        *_conclusions(rulebook, answer.decided[0], alone[0], f"By {names[0]} alone"),
        *_conclusions(rulebook, answer.decided[1], alone[1], f"By {names[1]} alone"),
        *_refusals(answer, names),
        f"The case below is one of {names[0]}.",
        *about,
    ]
    expected = _expected(rulebook, answer.asked, alone[0], alone[1], answer)
    year = _year(rulebook, [*alone[0], *alone[1]], scope.last)
    name = f"{names[0]} and {names[1]} differ on this made-up LEA of the {year} Dashboard"
    return case_text(_TOPIC, [_case(rulebook, answer, answer.facts, name, scope, year, expected)], _wrapped(comments))


def better_text(rulebook: Rulebook, answer: Answer, scope: Scope) -> str:
    """The LEA before and after its figures got better, as two cases; or that there is none, as text."""
    asked = _asked(answer)
    about = [
        *_scope(answer, scope),
        "Better are figures of which one or more have a better place in policy/changes/made_up.lp, none a worse one, "
        "and none comes or goes. Facts that contradict one another are left out.",
    ]
    if answer.facts is None or answer.better is None:
        return _lines([f"No LEA in scope: better figures never bring {asked}, for every LEA that follows.", *about])
    gone, come = answer.differing
    year = _year(rulebook, come, scope.last)
    comments = [
        f"{asked} comes with better figures. {_smallest(answer)}",
        *_conclusions(rulebook, answer.decided[0], gone, "Before alone"),
        *_conclusions(rulebook, answer.decided[1], come, "After alone"),
        *about,
    ]
    cases = [
        _case(rulebook, answer, facts, f"{when} the figures of this made-up LEA got better", scope, year, expected)
        for when, facts, expected in (
            ("Before", answer.facts, _expected(rulebook, answer.asked, gone, come, answer)),
            ("After", answer.better, _expected(rulebook, answer.asked, come, gone, answer)),
        )
    ]
    return case_text(_TOPIC, cases, _wrapped(comments))


def together_text(rulebook: Rulebook, answer: Answer, scope: Scope, rules: tuple[str, str], joined: list[str]) -> str:
    """An LEA to which both rules apply, as a case file; or that there is none, as text."""
    about = [*_scope(answer, scope), f"Both are asked of the same {listed_words(joined) or 'LEA'}."]
    if answer.facts is None:
        return _lines([f"No LEA in scope: {rules[0]} and {rules[1]} never apply together.", *about])
    graph = answer.decided[0].graph
    years = [
        dict(zip(graph.rulebook.by_id[rule].variables, instance, strict=True)).get("Year", 0)
        for rule in rules
        for instance in graph.instances[rule]
    ]
    year = max((int(year) for year in years), default=0) or scope.last
    comments = [f"{rules[0]} and {rules[1]} apply together. {_smallest(answer)}", *about]
    name = f"{rules[0]} and {rules[1]} apply together to this made-up LEA"
    case = _case(rulebook, answer, answer.facts, name, scope, year, {"rules": list(rules)})
    # A case says what follows of an LEA, beside the rules that apply to it.
    case["follows_for_it"] = [f"kind {scope.kind}"]
    return case_text(_TOPIC, [case], _wrapped(comments))


def _asked(answer: Answer) -> str:
    return listed_words(sorted(answer.asked)) + (f" ({answer.value})" if answer.value is not None else "")


def _case(
    rulebook: Rulebook,
    answer: Answer,
    facts: Iterable[Atom],
    name: str,
    scope: Scope,
    year: int,
    expected: dict[str, Any],
) -> dict[str, Any]:
    name = name[:1].upper() + name[1:]
    case = case_data(name, scope.kind, year, [*answer.made_up.given, *facts], expected)
    if rulebook.reading is not None:
        case = {"name": case.pop("name"), "reading": rulebook.reading.name, **case}
    return case


def _expected(
    rulebook: Rulebook, asked: Iterable[str], follows: Iterable[Atom], not_: Iterable[Atom], answer: Answer
) -> dict[str, Any]:
    """What a case says of the conclusions compared, as the first policy names them."""
    names = {other: one for one, other in answer.asked.items()}
    declared = {name: rulebook.predicates[name] for name in asked}
    texts = [
        sorted({conclusion_text(declared[name], (name, *atom[1:])) for atom in atoms for name in [_name(atom, names)]})
        for atoms in (follows, not_)
    ]
    return {key: text for key, text in zip(("concludes", "does_not_conclude"), texts, strict=True) if text}


def _name(atom: Atom, names: dict[str, str]) -> str:
    return names.get(str(atom[0]), str(atom[0]))


def _year(rulebook: Rulebook, atoms: Iterable[Atom], last: int) -> int:
    """The newest year of the conclusions, or the newest of the scope."""
    years: list[int] = []
    for atom in atoms:
        declared = rulebook.predicates.get(str(atom[0]))
        values: dict[str, Value] = declared.values(atom) if declared else {}
        years += [int(values[name]) for name in ("Year", "Last") if name in values]
    return max(years, default=last)


def _conclusions(rulebook: Rulebook, decided: Decided, atoms: list[Atom], title: str) -> Iterator[str]:
    sentences = Sentences(decided.graph)
    for atom in atoms:
        yield f"{title}: {sentences.of_atom(atom)}"


def _refusals(answer: Answer, names: tuple[str, str]) -> Iterator[str]:
    for decided, name in zip(answer.decided, names, strict=True):
        if decided.refused is not None:
            yield f"The proof checker refuses {name} for this LEA: {' '.join(decided.refused.split())}"


def _smallest(answer: Answer) -> str:
    count = len(answer.facts or ())
    facts = f"{count} fact{'' if count == 1 else 's'}"
    if answer.fewest:
        return f"There is none with fewer than its {facts}, and deciding it in the ordinary way confirms it."
    return (
        f"None of its {facts} can be left out; whether others would do that are fewer was not settled in the time "
        "given. Deciding it in the ordinary way confirms it."
    )


def _alike(answer: Answer) -> Iterator[str]:
    if answer.alike:
        yield f"By the same rules, so that nothing had to be searched: {listed_words(sorted(answer.alike))}."


def _scope(answer: Answer, scope: Scope) -> Iterator[str]:
    """What was looked through, and what was not."""
    looked = answer.made_up
    years, kind = listed_words(map(str, looked.years)), scope.kind.replace("_", " ")
    yield (
        f"Looked through: each {kind} with Dashboards of {years} alone, taken by {scope.basis}, "
        f"and with at most {looked.limit} student group{'' if looked.limit == 1 else 's'}."
    )
    alike = [f"{listed_words(map(str, one))}" for one in looked.classes if len(one) > 1]
    if alike:
        yield f"No rule tells these student groups apart, so they stand for one another: {'; '.join(alike)}."
    yield "Of what an LEA is made up:"
    yield from (f"- {sentence} [{rule}]" for rule, sentence in sorted(looked.sentences.items()))
    if answer.unvaried:
        yield f"Not looked at, and not on record: {', '.join(answer.unvaried)}."


def _wrapped(paragraphs: Iterable[str]) -> list[str]:
    return [
        line
        for text in paragraphs
        for line in textwrap.wrap(text, _WIDTH, subsequent_indent="  ", break_on_hyphens=False)
    ]


def _lines(paragraphs: Iterable[str]) -> str:
    return "\n".join(_wrapped(paragraphs)) + "\n"
