"""Small made-up policies, run by clingo and written down as graphs, without any code of the package."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any

import clingo

Fact = tuple[Any, ...]


@dataclasses.dataclass(frozen=True)
class MadeCount:
    """``#count { terms : conditions ; … } operator bound``, as texts."""

    elements: tuple[tuple[str, tuple[str, ...]], ...]
    operator: str
    bound: str

    def __str__(self) -> str:
        elements = "; ".join(f"{terms} : {', '.join(conditions)}" for terms, conditions in self.elements)
        return f"#count {{ {elements} }} {self.operator} {self.bound}"


@dataclasses.dataclass(frozen=True)
class MadeRule:
    """A rule, or with an empty body a fact of the policy, as texts."""

    head: str
    body: tuple[str | MadeCount, ...] = ()

    def __str__(self) -> str:
        return f"{self.head} :- {', '.join(map(str, self.body))}." if self.body else f"{self.head}."

    @property
    def variables(self) -> list[str]:
        outside = [part.bound if isinstance(part, MadeCount) else part for part in self.body]
        return names(self.head, *outside)


def names(*texts: str) -> list[str]:
    return sorted({name for text in texts for name in re.findall(r"\b[A-Z]\w*", re.sub(r'"[^"]*"', "", text))})


def texts_of(rules: Sequence[MadeRule], inputs: Iterable[str]) -> dict[str, str]:
    declared = "".join(f"#defined {one}.\n" for one in inputs)
    return {"rules.lp": declared + "".join(f"% @rule r{n}\n{rule}\n" for n, rule in enumerate(rules))}


def document(rules: Sequence[MadeRule], facts: Sequence[Fact], inputs: Iterable[str]) -> dict[str, Any]:
    """The graph that clingo gives for the rules and facts."""
    texts = texts_of(rules, inputs)
    program = [texts["rules.lp"], *(f"{name}({','.join(map(str, values))})." for name, *values in facts)]
    for number, rule in enumerate(rules):
        if not rule.body:
            continue
        fired = atom(f"fired_{number}", rule.variables)
        program.append(f"{fired} :- {', '.join(map(str, rule.body))}.")
        for place, (terms, conditions) in enumerate(elements(rule)):
            own = [name for name in names(terms, *conditions) if name not in rule.variables]
            program.append(
                f"{atom(f'counted_{number}_{place}', rule.variables + own)} :- {fired}, {', '.join(conditions)}."
            )
    atoms = model("\n".join(program))
    entries = {}
    for number, rule in enumerate(rules):
        if not rule.body:
            head = rule.head.partition("(")[0]
            entries[f"r{number}"] = {"instances": [tuple(values) for name, *values in own_facts(rule, head)]}
            continue
        instances = sorted((values for name, *values in atoms if name == f"fired_{number}"), key=repr)
        entry: dict[str, Any] = {"variables": rule.variables, "instances": instances}
        if elements(rule):
            width = len(rule.variables)
            entry["counted"] = [
                [
                    [
                        values[width:]
                        for name, *values in sorted(atoms, key=repr)
                        if name == f"counted_{number}_{place}" and values[:width] == instance
                    ]
                    for place in range(len(elements(rule)))
                ]
                for instance in instances
            ]
        entries[f"r{number}"] = entry
    return {
        "format": "pyreport graph 3",
        "policy": {path: hashlib.sha256(text.encode()).hexdigest() for path, text in texts.items()},
        "facts": [[list(fact), 0, "A1", ""] for fact in facts],
        "rules": entries,
    }


def elements(rule: MadeRule) -> list[tuple[str, tuple[str, ...]]]:
    return [element for part in rule.body if isinstance(part, MadeCount) for element in part.elements]


def own_facts(rule: MadeRule, head: str) -> list[Fact]:
    return [one for one in model(f"{rule}") if one[0] == head]


def atom(name: str, arguments: Sequence[str]) -> str:
    return f"{name}({','.join(arguments)})" if arguments else name


def model(program: str) -> set[Fact]:
    """The atoms of the only answer set."""
    control = clingo.Control(["--warn=none"])
    control.add("base", [], program)
    control.ground([("base", [])])
    found: list[set[Fact]] = []
    control.solve(
        on_model=lambda one: found.append({(s.name, *map(term, s.arguments)) for s in one.symbols(atoms=True)})
    )
    (only,) = found
    return only


def term(symbol: clingo.Symbol) -> Any:
    return symbol.number if symbol.type == clingo.SymbolType.Number else str(symbol)
