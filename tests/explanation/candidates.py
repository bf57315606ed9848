"""A why-not worked out once more, by brute force: every value of every variable, with no regard to time.

Nothing here is taken from ``pyreport.explanation.why_not``. The ``Key``, ``Domain``, ``Complete``, ``Open`` and
``Scope`` lines are read from the text of the vocabulary by a reading of our own.
"""

from __future__ import annotations

import functools
import operator
import re

from pyreport.files.places import policy_folder
from pyreport.rulebook.syntax import Comparison, Count, Literal, Operation, Variable

COMPARE = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@functools.cache
def lines_of_the_vocabulary():
    """For each predicate its arguments and the lines of its comment, by their first word."""
    found = {}
    text = (policy_folder() / "vocabulary.lp").read_text(encoding="utf-8")
    for block in re.findall(r"%\*! (.*?)\*%", text, re.DOTALL):
        heading, *rows = block.strip().splitlines()
        name, arguments = re.fullmatch(r"(\w+)\((.*)\)", heading).groups()
        fields = dict(row.split(": ", 1) for row in rows if ": " in row and not row.startswith(" - "))
        found[name] = ([part.strip() for part in arguments.split(",")], fields)
    return found


def arguments_of(name):
    return lines_of_the_vocabulary()[name][0]


def line(name, key):
    return lines_of_the_vocabulary()[name][1].get(key, "")


def alternatives(name, key):
    """``a(X), b(X) or c(X)`` as alternatives, each a list of (negated, predicate, arguments)."""
    text = line(name, key)
    found = []
    for part in text.split(" or ") if text else []:
        atoms = re.findall(r"(not )?(\w+)\(([^)]*)\)", part)
        found.append([(bool(no), one, [x.strip() for x in inside.split(",")]) for no, one, inside in atoms])
    return found


class World:
    """What holds in a graph, and all that is asked about it."""

    def __init__(self, graph):
        self.rulebook = graph.rulebook
        self.atoms = {}
        for atom in {*graph.facts, *graph.support}:
            self.atoms.setdefault(atom[0], set()).add(atom)

    # What holds

    def matching(self, name, wanted):
        """The atoms that have the wanted arguments; ``None`` is any."""
        for atom in self.atoms.get(name, ()):
            if all(one is None or one == other for one, other in zip(wanted, atom[1:], strict=True)):
                yield atom

    def value(self, term, at):
        """The value of a term; ``None`` where it has none yet."""
        if isinstance(term, Variable):
            return at.get(term.name)
        if isinstance(term, Operation):
            left, right = self.value(term.left, at), self.value(term.right, at)
            if left is None or right is None:
                return None
            return {"+": left + right, "-": left - right, "*": left * right}[term.operator]
        return term

    def wanted(self, literal, at):
        return [self.value(term, at) for term in literal.atom.arguments]

    def assignments(self, conditions, at):
        """Every way to meet all the conditions, as values of all variables."""
        for position, one in enumerate(conditions):
            if isinstance(one, Literal) and not one.negated:
                rest = [*conditions[:position], *conditions[position + 1 :]]
                for atom in list(self.matching(one.atom.predicate, self.wanted(one, at))):
                    more = dict(at)
                    for term, value in zip(one.atom.arguments, atom[1:], strict=True):
                        if isinstance(term, Variable):
                            more[term.name] = value
                    if self.wanted(one, more) == list(atom[1:]):
                        yield from self.assignments(rest, more)
                return
        if all(self.holds(one, at) for one in conditions):
            yield at

    def holds(self, condition, at):
        if isinstance(condition, Comparison):
            left, right = self.value(condition.left, at), self.value(condition.right, at)
            if isinstance(left, int) != isinstance(right, int):
                left, right = (not isinstance(one, int) for one in (left, right))
            return COMPARE[condition.operator](left, right)
        if isinstance(condition, Count):
            return COMPARE[condition.operator](len(self.counted(condition, at)), self.value(condition.bound, at))
        found = any(True for _ in self.matching(condition.atom.predicate, self.wanted(condition, at)))
        return found != condition.negated

    def counted(self, count, at):
        """The different values that are counted."""
        return {
            tuple(self.value(term, one) for term in element.terms)
            for element in count.elements
            for one in self.assignments(element.conditions, at)
        }

    # What the vocabulary says

    def patterns_meet(self, patterns, named):
        """Every way in which all the patterns hold, as values of their capitalized names."""
        if not patterns:
            yield named
            return
        (negated, name, inside), *rest = patterns
        wanted = [named.get(one) if one[0].isupper() else int(one) if one.isdigit() else one for one in inside]
        atoms = list(self.matching(name, wanted))
        if negated:
            if not atoms:
                yield from self.patterns_meet(rest, named)
            return
        for atom in atoms:
            more = {one: value for one, value in zip(inside, atom[1:], strict=True) if one[0].isupper()}
            yield from self.patterns_meet(rest, {**named, **more})

    def named(self, literal, at):
        values = zip(arguments_of(literal.atom.predicate), self.wanted(literal, at), strict=True)
        return {name: value for name, value in values if value is not None}

    def says(self, literal, at, key):
        """Whether an alternative of a line of the vocabulary holds."""
        if line(literal.atom.predicate, key) == "always":
            return True
        named = self.named(literal, at)
        patterns = alternatives(literal.atom.predicate, key)
        return any(True for one in patterns for _ in self.patterns_meet(one, named))

    def of_law(self, name):
        """Whether facts of law alone decide the predicate."""
        if self.rulebook.predicates[name].stated_by != "rules":
            return self.rulebook.predicates[name].stated_by == "policy"
        reads = {atom.predicate for rule in self.rulebook.by_head.get(name, ()) for atom in rule.atoms_read()}
        return bool(reads) and name not in reads and all(self.of_law(one) for one in reads)

    def is_scope(self, literal):
        return line(literal.atom.predicate, "Scope") == "yes"

    def candidates(self, conditions, bound):
        """Every way to give a value to each variable that ranges over something or that a fact of law lists.

        A variable that the evidence settles, by the key of its predicate, ranges over nothing.
        """
        positive = [one for one in conditions if isinstance(one, Literal) and not one.negated]
        scopes = [one for one in positive if self.is_scope(one)]
        law = [one for one in positive if self.of_law(one.atom.predicate)]
        others = [one for one in positive if one not in scopes and one not in law]
        for settled in self.assignments(scopes, bound):
            for at in self.assignments(law, settled):
                for one in self.over_domains(others, at):
                    if all(self.agrees_with_the_record(other, one) for other in others):
                        yield {name: value for name, value in one.items() if name not in settled}

    def over_domains(self, literals, at):
        if not literals:
            yield at
            return
        first, *rest = literals
        name = first.atom.predicate
        arguments = arguments_of(name)
        patterns = [pattern for one in alternatives(name, "Domain") for pattern in one]
        spoken = [one for one in arguments if any(one in inside for _, _, inside in patterns)]
        given = {tuple(one[name] for name in spoken) for one in self.patterns_meet(patterns, self.named(first, at))}
        # What is on record beyond the domain is a candidate too.
        for atom in self.matching(name, self.wanted(first, at)):
            given.add(tuple(atom[arguments.index(one) + 1] for one in spoken))
        for values in given:
            more = dict(at)
            for argument, value in zip(spoken, values, strict=True):
                term = first.atom.arguments[arguments.index(argument)]
                if isinstance(term, Variable):
                    more[term.name] = value
            yield from self.over_domains(rest, more)

    def at_key(self, literal, at):
        """The atoms with the key that the literal names; ``None`` where the key has no value, or there is no key."""
        name = literal.atom.predicate
        key = [one.strip() for one in line(name, "Key").split(",") if one.strip()]
        named = self.named(literal, at)
        if not key or not all(one in named for one in key):
            return None
        return list(self.matching(name, [named[one] if one in key else None for one in arguments_of(name)]))

    def agrees_with_the_record(self, literal, at):
        if self.rulebook.predicates[literal.atom.predicate].stated_by != "evidence":
            return True
        found = self.at_key(literal, at)
        wanted = [at.get(one.name) if isinstance(one, Variable) else None for one in literal.atom.arguments]
        return not found or any(
            all(one is None or one == other for one, other in zip(wanted, atom[1:], strict=True)) for atom in found
        )
