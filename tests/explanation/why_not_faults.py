"""What is wrong with a why-not, by the brute force of ``candidates``."""

from __future__ import annotations

from pyreport.explanation.why_not.candidates import FailureKind
from pyreport.rulebook.syntax import Comparison, Count, Literal, Variable, term_variables

from .candidates import World, line


def faults(world: World, why_not, depth=20, seen=None):
    """Every fault of ``why_not`` and of what is opened below it, each in a sentence."""
    seen = set() if seen is None else seen
    if why_not.goal in seen or depth == 0:
        return
    seen.add(why_not.goal)
    name, *wanted = why_not.goal
    if any(True for _ in world.matching(name, wanted)):
        yield f"{why_not.goal} holds"
    rules = [rule for rule in world.rulebook.by_head.get(name, ()) if rule.body and head_fits(rule, wanted)]
    if [one.rule for one in why_not.unsorted] != rules:
        yield f"{why_not.goal}: not every rule is listed, or one too many"
    if sorted(one.rule.id for one in why_not.rules) != sorted(rule.id for rule in rules):
        yield f"{why_not.goal}: sorted by nearness, a rule is lost"
    for one in why_not.unsorted:
        for fault in of_rule(world, why_not.goal, one, seen, depth):
            yield f"{why_not.goal}, {one.rule.id}: {fault}"


def head_fits(rule, wanted):
    terms = zip(rule.head.arguments, wanted, strict=True)
    return all(isinstance(term, Variable) or value is None or term == value for term, value in terms)


def of_rule(world, goal, one, seen, depth):
    head = {
        term.name: value
        for term, value in zip(one.rule.head.arguments, goal[1:], strict=True)
        if isinstance(term, Variable) and value is not None
    }
    misses = [miss for failure in one.failures for miss in failure.candidates]
    if not misses:
        yield "no candidate fails"
    yield from each_in_one(world, one.rule.body, head, [dict(miss.values) for miss in misses])
    if one.number_of_candidates != len(misses) or len(list(one.candidates)) != len(misses):
        yield "the number of candidates is not that of the misses"
    if len({id(failure.condition) for failure in one.failures}) < len(one.failures):
        yield "a condition stands in two failures"
    for failure in one.failures:
        for miss in failure.candidates:
            if miss.condition is not failure.condition:
                yield f"{miss.values} stands at a condition that is not its own"
            yield from of_miss(world, one.rule.body, head, miss, seen, depth)


def each_in_one(world, conditions, bound, told):
    """Every candidate must stand in exactly one of those that are told; two of those told must be different."""
    if len({tuple(sorted(values.items())) for values in told}) < len(told):
        yield f"a candidate is told twice: {told}"
    for candidate in world.candidates(conditions, bound):
        count = sum(all(candidate.get(key) == value for key, value in values.items()) for values in told)
        if count != 1:
            yield f"the candidate {candidate} stands in {count} failures"


def of_miss(world, body, head, miss, seen, depth):
    at, condition = dict(miss.bindings), miss.condition
    if not (head.items() <= at.items() and dict(miss.values).items() <= at.items()):
        yield f"{miss.values}: the bindings {at} are others"
    if world.holds(condition, at):
        yield f"{miss.values}: {condition} does not fail"
    held = [one for one in body if known(one, at) and world.holds(one, at)]
    if sum(turns_on_data(world, one) for one in held) < miss.passed:
        yield f"{miss.values}: {miss.passed} conditions are said to have held"
    expected = kind_of_no(world, body, head, miss)
    if miss.answer is not expected:
        yield f"{miss.values}: {condition} is “{miss.answer}”, by the record “{expected}”"
    if expected is FailureKind.BLOCKED:
        (step,) = miss.steps
        if list(step.atom[1:]) != world.wanted(condition, at) or not (step.derivations or step.cell):
            yield f"{miss.values}: what blocks shows no derivation"
    if isinstance(condition, Count):
        yield from of_count(world, head, miss, seen, depth)
    elif miss.reached is not None:
        yield f"{miss.values}: something is said to be counted"
    by_rules = (
        isinstance(condition, Literal) and world.rulebook.predicates[condition.atom.predicate].stated_by == "rules"
    )
    if by_rules and not condition.negated:
        if miss.opened is None:
            yield f"{miss.values}: {condition} is not opened"
        else:
            yield from faults(world, miss.opened, depth - 1, seen)
    elif miss.opened is not None:
        yield f"{miss.values}: {condition} is opened, though no rule concludes it"


def of_count(world, head, miss, seen, depth):
    at, count = dict(miss.bindings), miss.condition
    reached = (len(world.counted(count, at)), world.value(count.bound, at))
    if miss.reached != reached:
        yield f"{miss.values}: {miss.reached} is said to be counted, it is {reached}"
    if miss.falls_short != (reached[0] < reached[1]):
        yield f"{miss.values}: too few or too many is told wrongly"
    if not miss.falls_short:
        return
    told = [dict(one.values) for one in miss.uncounted]
    if len({tuple(sorted(values.items())) for values in told}) < len(told):
        yield f"{miss.values}: an uncounted candidate is told twice: {told}"
    for element in count.elements:
        for candidate in world.candidates(element.conditions, at):
            counts = any(True for _ in world.assignments(element.conditions, {**at, **candidate}))
            times = sum(all(candidate.get(key) == value for key, value in values.items()) for values in told)
            if not counts and len(count.elements) > 1:
                # It counts by another element.
                counts = any(
                    True
                    for other in count.elements
                    for one in world.assignments(other.conditions, at)
                    if all(one.get(key, value) == value for key, value in candidate.items())
                )
            if times + counts != 1:
                yield f"{miss.values}: {candidate} counts ({counts}) and does not ({times})"
    needed = {name: value for name, value in at.items() if name in names_in(count)}
    for one in miss.uncounted:
        element = next(element for element in count.elements if one.condition in element.conditions)
        yield from of_miss(world, element.conditions, needed, one, seen, depth)


def known(condition, at):
    return names_in(condition) <= at.keys()


def names_in(condition):
    if isinstance(condition, Literal):
        return {name for term in condition.atom.arguments for name in term_variables(term)}
    if isinstance(condition, Comparison):
        return {name for term in (condition.left, condition.right) for name in term_variables(term)}
    inside = {
        name
        for element in condition.elements
        for one in element.conditions
        for name in names_in(one) - set(element.locals)
    }
    return inside | set(term_variables(condition.bound))


def turns_on_data(world, condition):
    if isinstance(condition, Literal):
        return not world.of_law(condition.atom.predicate) and not world.is_scope(condition)
    return isinstance(condition, Count)


def kind_of_no(world, body, head, miss):
    """Our own answer to which kind of no it is."""
    at, condition = dict(miss.bindings), miss.condition
    if isinstance(condition, Literal) and condition.negated:
        return FailureKind.BLOCKED
    if isinstance(condition, Count):
        if condition.operator in (">", ">=") and any(one.answer is FailureKind.MISSING for one in miss.uncounted):
            return FailureKind.MISSING
        return FailureKind.DATA
    if isinstance(condition, Literal) and world.is_scope(condition):
        return FailureKind.LAW
    if isinstance(condition, Comparison) or world.of_law(condition.atom.predicate):
        return FailureKind.DATA if names_in(condition) & read_from_data(world, body, head, miss) else FailureKind.LAW
    if world.rulebook.predicates[condition.atom.predicate].stated_by == "evidence":
        if line(condition.atom.predicate, "Domain") and not world.says(condition, at, "Domain"):
            return FailureKind.LAW
        at_hand = world.at_key(condition, at) or world.says(condition, at, "Complete")
        return FailureKind.DATA if at_hand else FailureKind.MISSING
    return FailureKind.MISSING if world.says(condition, at, "Open") else FailureKind.DATA


def read_from_data(world, body, head, miss):
    """The variables whose value is neither asked for, nor the candidate's, nor given by the law or the kind of LEA."""
    given = {*head, *dict(miss.values)}
    for one in body:
        if isinstance(one, Literal) and not one.negated and world.is_scope(one):
            given |= names_in(one)
    return dict(miss.bindings).keys() - given
