"""Check a graph of derivations against the policy: replay, closure, no circles, every quotation in its authority.

*Replay*: every derivation that the graph states is an application of its rule: each literal, comparison and
count of it holds over the graph's facts and conclusions. *Closure*: every application of every rule over
those atoms is in the graph, so nothing was left out, and "no" and "at most" are as good as "yes". *No
circles*: no conclusion rests on itself. For a stratified policy the three together say that the graph's
conclusions are exactly those of the policy for these facts. *No contradiction*: nothing holds together of which the
policy says that it never does.
"""

from __future__ import annotations

import hashlib
import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyreport.proof.citations import citation_problems, read_authorities, read_groups, with_groups
from pyreport.proof.compiler import Atoms, NotANumberError, compile_rule, number, value_of
from pyreport.proof.reader import Part, Policy, Rule, read_policy

__all__ = ["ProofChecker", "Verdict", "compare"]

FORMAT = "pyreport graph 3"
SHOWN = 20
AUTHORITIES = "authorities.yaml"
CONTRADICTION = "contradiction"
"""Concluded where the conclusions contradict one another, as the policy has it."""
_PLAIN = {int, str}
_COMPARE = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass
class Verdict:
    """What a check found. ``problems`` is empty where the graph proves its conclusions."""

    facts: int = 0
    conclusions: int = 0
    derivations: int = 0
    counted: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def __str__(self) -> str:
        checked = (
            f"{self.conclusions:,} conclusions, {self.derivations:,} derivations and {self.counted:,} counted elements "
            f"over {self.facts:,} facts"
        )
        if self.holds:
            return f"Checked: {checked}; all hold and none is missing."
        more = len(self.problems) - SHOWN
        shown = self.problems[:SHOWN] + ([f"… and {more} more"] if more > 0 else [])
        return "\n".join([f"NOT PROVED: {len(self.problems)} problems in {checked}.", *shown])


class ProofChecker:
    """Checks graphs against one policy, given as texts by path."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.hashes = {path: hashlib.sha256(text.encode()).hexdigest() for path, text in texts.items()}
        self.policy: Policy = read_policy(dict(texts))
        self.authorities = read_authorities(texts.get(AUTHORITIES, ""))
        groups = read_groups(texts.get(AUTHORITIES, ""))
        self.policy.rules = [with_groups(rule, groups) for rule in self.policy.rules]
        self.applications = {rule.id: compile_rule(rule) for rule in self.policy.rules if rule.body}
        reach = reachable(self.policy.rules)
        # What depends on the policy alone is asked once, not of every graph: a quarter of the work on a small one.
        self.recursive = {p for p, others in reach.items() if any(p in reach.get(q, ()) for q in others if q != p)}
        self.recursive |= {rule.predicate for rule in self.policy.rules if rule.predicate in dict(needs(rule))}
        self.unfounded = [
            f"{rule.id}: {rule.predicate} depends on its own absence"
            for rule in self.policy.rules
            for predicate, strict in needs(rule)
            if strict and rule.predicate in reach.get(predicate, {predicate})
        ]

    def differing(self, hashes: Mapping[str, Any]) -> list[str]:
        """The paths of the policy files, sorted, that are not those of ``hashes`` (path to SHA-256)."""
        return [
            path for path in sorted(self.hashes.keys() | hashes.keys()) if self.hashes.get(path) != hashes.get(path)
        ]

    def check(self, document: Mapping[str, Any]) -> Verdict:
        """Check one graph document (see ``Graph.document``)."""
        verdict = Verdict()
        if document.get("format") != FORMAT:
            verdict.problems.append(f"the format is {document.get('format')!r}; this checker reads {FORMAT!r}")
            return verdict
        malformed = _malformed(document)
        if malformed:
            verdict.problems.append(f"the document cannot be read: {malformed}")
            return verdict
        for path in self.differing(document["policy"]):
            verdict.problems.append(f"{path} is not the policy file that the graph was made with")
        atoms = Atoms()
        self._facts(document["facts"], atoms, verdict)
        stated = {name: [tuple(one) for one in entry["instances"]] for name, entry in document["rules"].items()}
        self._heads(stated, atoms, verdict)
        for rule in self.policy.rules:
            self._rule(rule, stated.get(rule.id, []), document["rules"].get(rule.id, {}), atoms, verdict)
        if not verdict.problems:
            # Whether a conclusion rests on itself is asked of derivations that hold.
            self._circles(stated, document["facts"], verdict)
            # The policy says what never holds together: what contradicts itself proves nothing.
            verdict.problems += [
                f"{rule.id}: what never holds together does: "
                + ", ".join(f"{name} {value}" for name, value in zip(rule.variables, instance, strict=True))
                for rule in self.policy.rules
                if rule.predicate == CONTRADICTION
                for instance in stated.get(rule.id, [])
            ]
        verdict.problems += self.unfounded
        verdict.problems += citation_problems(self.policy.rules, self.authorities, document)
        return verdict

    def atoms(self, document: Mapping[str, Any]) -> Atoms:
        """The facts and conclusions of a document that was checked, and holds."""
        atoms, verdict = Atoms(), Verdict()
        self._facts(document["facts"], atoms, verdict)
        self._heads(
            {name: [tuple(one) for one in entry["instances"]] for name, entry in document["rules"].items()},
            atoms,
            verdict,
        )
        return atoms

    def _facts(self, facts: Sequence[Sequence[Any]], atoms: Atoms, verdict: Verdict) -> None:
        for (predicate, *arguments), *_ in facts:
            if (predicate, len(arguments)) not in self.policy.inputs:
                verdict.problems.append(f"{_text(predicate, arguments)} is no fact that evidence may state")
            atoms.add(predicate, tuple(arguments))
        verdict.facts = sum(map(len, atoms.relations.values()))
        if verdict.facts != len(facts):
            verdict.problems.append(f"{len(facts) - verdict.facts} facts are stated twice")

    def _heads(self, stated: Mapping[str, list[tuple[Any, ...]]], atoms: Atoms, verdict: Verdict) -> None:
        """Let the head of every stated derivation hold: these are the graph's conclusions."""
        before = verdict.facts
        rules = {rule.id: rule for rule in self.policy.rules}
        for name, instances in stated.items():
            rule = rules.get(name)
            if rule is None:
                verdict.problems.append(f"{name}: the policy has no such rule")
                continue
            if not rule.body:
                for instance in instances:
                    atoms.add(rule.predicate, instance)
                continue
            width = len(rule.variables)
            if any(len(instance) != width for instance in instances):
                verdict.problems.append(
                    f"{name}: a derivation must give a value to each of {', '.join(rule.variables)}"
                )
                continue
            place = {variable: number for number, variable in enumerate(rule.variables)}
            if all(term[0] == "variable" for term in rule.terms):
                places = [place[term[1]] for term in rule.terms]
                heads = [tuple([instance[number] for number in places]) for instance in instances]
                atoms.add_all(rule.predicate, len(places), heads)
            else:
                for instance in instances:
                    values = dict(zip(rule.variables, instance, strict=True))
                    try:
                        atoms.add(rule.predicate, tuple([value_of(term, values) for term in rule.terms]))
                    except NotANumberError as error:
                        verdict.problems.append(
                            f"{name}: the derivation {_named(rule, instance)} does not hold: {error}"
                        )
        verdict.conclusions = sum(map(len, atoms.relations.values())) - before

    def _rule(
        self,
        rule: Rule,
        instances: list[tuple[Any, ...]],
        entry: Mapping[str, Any],
        atoms: Atoms,
        verdict: Verdict,
    ) -> None:
        verdict.derivations += len(instances)
        claimed = set(instances)
        if len(claimed) != len(instances):
            verdict.problems.append(f"{rule.id}: a derivation is stated twice")
        if not rule.body:
            for fact in sorted(claimed ^ set(rule.facts), key=repr):
                what = "is not a fact of this rule" if fact in claimed else "is missing"
                verdict.problems.append(f"{rule.id}: {_text(rule.predicate, fact)} {what}")
            names = self.policy.arguments.get((rule.predicate, len(rule.facts[0])), ())
            if names and list(entry.get("variables", names)) != list(names):
                verdict.problems.append(f"{rule.id}: its arguments are {', '.join(names)}")
            return
        if list(entry.get("variables", rule.variables)) != list(rule.variables):
            verdict.problems.append(f"{rule.id}: its variables are {', '.join(rule.variables)}")
            return
        try:
            found = self.applications[rule.id](atoms)
        except NotANumberError as error:
            verdict.problems.append(f"{rule.id}: the rule cannot be applied: {error}")
            return
        if claimed != found.keys():
            for instance in sorted(claimed - found.keys(), key=repr):
                reason = _failure(rule, dict(zip(rule.variables, instance, strict=False)), atoms)
                verdict.problems.append(f"{rule.id}: the derivation {_named(rule, instance)} does not hold: {reason}")
            for instance in sorted(found.keys() - claimed, key=repr):
                verdict.problems.append(f"{rule.id}: the derivation {_named(rule, instance)} holds and is missing")
        if any(part[0] == "count" for part in rule.body):
            self._counted(rule, instances, entry.get("counted", []), found, verdict)

    def _counted(
        self,
        rule: Rule,
        instances: list[tuple[Any, ...]],
        counted: Sequence[Sequence[Sequence[Any]]],
        found: Mapping[tuple[Any, ...], tuple[set[tuple[Any, ...]], ...]],
        verdict: Verdict,
    ) -> None:
        if len(counted) != len(instances):
            verdict.problems.append(f"{rule.id}: not every derivation says what it counted")
            return
        for instance, elements in zip(instances, counted, strict=True):
            expected = found.get(instance)
            if expected is None:
                continue
            verdict.counted += sum(map(len, elements))
            stated = [set(map(tuple, element)) for element in elements]
            if stated != list(expected) or any(
                len(one) != len(all_) for one, all_ in zip(stated, elements, strict=True)
            ):
                verdict.problems.append(f"{rule.id}: the derivation {_named(rule, instance)} counted other elements")

    def _circles(
        self, stated: Mapping[str, list[tuple[Any, ...]]], facts: Sequence[Sequence[Any]], verdict: Verdict
    ) -> None:
        recursive = self.recursive
        if not recursive:
            # No predicate depends on itself, so no conclusion can.
            return
        established: set[tuple[str, tuple[Any, ...]]] = {(atom[0], tuple(atom[1:])) for atom, *_ in facts}
        established |= {(rule.predicate, fact) for rule in self.policy.rules for fact in rule.facts}
        pending = []
        for rule in self.policy.rules:
            if rule.predicate not in recursive or not rule.body:
                continue
            for instance in stated.get(rule.id, []):
                values = dict(zip(rule.variables, instance, strict=True))
                needed = {
                    (part[1], tuple(value_of(term, values) for term in part[2]))
                    for part in rule.body
                    if part[0] == "atom" and part[1] in recursive
                }
                pending.append(((rule.predicate, tuple(value_of(term, values) for term in rule.terms)), needed))
        while True:
            grown = {head for head, needed in pending if head not in established and needed <= established}
            if not grown:
                break
            established |= grown
        for predicate, arguments in sorted({head for head, _ in pending} - established, key=repr):
            verdict.problems.append(f"{_text(predicate, arguments)} rests on itself")


def _malformed(document: Mapping[str, Any]) -> str | None:
    """Why the document is not of the form that ``Graph.document`` gives, if it is not."""
    policy, facts, rules = (document.get(key) for key in ("policy", "facts", "rules"))
    if not isinstance(policy, Mapping) or not isinstance(rules, Mapping):
        return "policy and rules must be mappings"
    if not isinstance(facts, list | tuple) or not all(isinstance(fact, list | tuple) and fact for fact in facts):
        return "facts must be a list of facts"
    if not _are_rows([fact[0] for fact in facts]) or not all(fact[0] for fact in facts):
        return "a fact must be a predicate and its arguments, each a number or a text"
    authorities = document.get("authorities", {})
    if not isinstance(authorities, Mapping) or not all(isinstance(one, Mapping) for one in authorities.values()):
        return "authorities must be a mapping of mappings"
    for name, entry in rules.items():
        if not isinstance(entry, Mapping) or not _are_rows(entry.get("instances")):
            return f"{name}: instances must be rows of values, each a number or a text"
        if not _are_rows([entry.get("variables", ())]):
            return f"{name}: variables must be names"
        if not _are_rows(entry.get("cites", ())):
            return f"{name}: cites must be pairs of an authority and a passage"
        counted = entry.get("counted", ())
        if not isinstance(counted, list | tuple) or not all(
            isinstance(elements, list | tuple) and all(map(_are_rows, elements)) for elements in counted
        ):
            return f"{name}: counted must be rows of values for each element of each derivation"
    return None


def _are_rows(rows: Any) -> bool:
    """Whether these are rows of numbers and texts. A truth value is neither, though Python counts it a number."""
    return isinstance(rows, list | tuple) and all(
        isinstance(row, list | tuple) and _PLAIN.issuperset(map(type, row)) for row in rows
    )


def needs(rule: Rule) -> Iterator[tuple[str, bool]]:
    """The predicates in the body, and whether their absence or number matters."""
    for part in rule.body:
        if part[0] in ("atom", "not"):
            yield part[1], part[0] == "not"
        elif part[0] == "count":
            for _, conditions in part[1]:
                for one in conditions:
                    if one[0] in ("atom", "not"):
                        yield one[1], True


def reachable(rules: Sequence[Rule]) -> dict[str, set[str]]:
    """For each concluded predicate, itself and all predicates it depends on."""
    direct: dict[str, set[str]] = {}
    for rule in rules:
        direct.setdefault(rule.predicate, set()).update(name for name, _ in needs(rule))
    reach = {}
    for start in direct:
        seen, queue = {start}, [start]
        while queue:
            for name in direct.get(queue.pop(), ()):
                if name not in seen:
                    seen.add(name)
                    queue.append(name)
        reach[start] = seen
    return reach


def _failure(rule: Rule, values: Mapping[str, Any], atoms: Atoms) -> str:
    """Which condition of the body fails under ``values``, in words."""
    try:
        return _failing(rule, values, atoms)
    except NotANumberError as error:
        return str(error)


def _failing(rule: Rule, values: Mapping[str, Any], atoms: Atoms) -> str:
    if values.keys() != set(rule.variables):
        return "it does not give a value to each variable"
    for part in rule.body:
        if part[0] in ("atom", "not"):
            arguments = tuple(value_of(term, values) for term in part[2])
            holds = arguments in atoms.relation(part[1], len(arguments))
            if holds != (part[0] == "atom"):
                return f"{_text(part[1], arguments)} {'does not hold' if part[0] == 'atom' else 'holds'}"
        elif part[0] == "compare" and not compare(part, values):
            return f"{value_of(part[2], values)} {part[1]} {value_of(part[3], values)} is false"
    return "its count is not as the rule asks"


def compare(part: Part, values: Mapping[str, Any]) -> bool:
    """Whether a comparison holds for ``values``."""
    left, right = value_of(part[2], values), value_of(part[3], values)
    if part[1] not in ("=", "!="):
        left, right = number(left), number(right)
    return bool(_COMPARE[part[1]](left, right))


def _named(rule: Rule, instance: Sequence[Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in zip(rule.variables, instance, strict=False))


def _text(predicate: str, arguments: Sequence[Any]) -> str:
    return f"{predicate}({','.join(map(str, arguments))})"
