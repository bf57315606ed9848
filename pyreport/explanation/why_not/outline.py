"""A why-not as an outline of lines: what text and pages write of it.

Down to the facts goes only the nearest way: the nearest rule, and of candidates that fail at the same condition the
nearest. Beside it every other rule says where it ends, and every other candidate is named with its kind of no, so that
nothing is left uncounted. On request all are opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyreport.explanation.sentences import Sentences, listed_words
from pyreport.explanation.tree import Step
from pyreport.explanation.why_not.explainer import Answer, Goal, Miss, RuleMiss, WhyNot
from pyreport.rulebook.authorities import Citation
from pyreport.rulebook.citing import about, fitting
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.syntax import Bindings, Value, Variable

__all__ = ["Line", "nearest", "outline"]


@dataclass(frozen=True)
class Line:
    """A line of the outline: a sentence, the kind of no, the rules it is about, what stands below it.

    ``cites`` are the citations of each rule that speak of the case. ``steps`` hold: each with its own derivation or
    cell. ``above`` says that the line stands opened further up.

    What the line rests on is kept beside its words, so that a checker can find it out anew: the atoms that do not hold
    (``goals``), the rules and values at which something is counted or compared (``at``), the candidates it ``names``.
    """

    sentence: str
    answer: Answer | None = None
    rules: tuple[Rule, ...] = ()
    cites: tuple[tuple[Citation, ...], ...] = ()
    steps: tuple[Step, ...] = ()
    below: tuple[Line, ...] = ()
    above: bool = False
    goals: tuple[Goal, ...] = ()
    at: tuple[tuple[Rule, Bindings], ...] = ()
    names: tuple[tuple[tuple[str, Value], ...], ...] = ()


def outline(why_not: WhyNot, sentences: Sentences, *, everything: bool = False) -> Line:
    """Return the outline of ``why_not``, down the nearest way alone or with ``everything`` opened."""
    if why_not.stated is not None:
        answer, sentence, steps = why_not.stated
        return Line(sentence, answer, steps=steps, goals=(why_not.goal,))
    writer = _Outliner(sentences, everything)
    return _merged(Line(why_not.sentence, below=tuple(writer.rules(why_not, True)), goals=(why_not.goal,)))


def nearest(why_not: WhyNot) -> str | None:
    """The nearest miss in a sentence, where something was counted and fell short; ``None`` if nothing was."""
    while why_not.rules and why_not.rules[0].failures:
        rule = why_not.rules[0]
        miss = rule.failures[0].misses[0]
        if miss.reached is not None:
            return f"{rule.sentence.rstrip('.')}: {miss.sentence}" if miss.falls_short and miss.reached[0] else None
        if miss.opened is None:
            return None
        why_not = miss.opened
    return None


class _Outliner:
    def __init__(self, sentences: Sentences, everything: bool) -> None:
        self.sentences, self.everything = sentences, everything
        self.opened: set[Goal] = set()

    def rules(self, why_not: WhyNot, down: bool) -> Iterable[Line]:
        """A line for each rule that could have concluded it; those not for this case in one."""
        self.opened.add(why_not.goal)
        reaching = [rule for rule in why_not.rules if rule.reaches]
        for place, rule in enumerate(reaching):
            below = tuple(self.failures(rule, down and (place == 0 or self.everything)))
            cites = (self.cites(rule.rule, why_not.goal),)
            line = Line(rule.sentence, rules=(rule.rule,), cites=cites, below=below, goals=(why_not.goal,))
            # A rule with one condition fails for that alone: its sentence says so already.
            yield _merged(line, alone=len(rule.rule.body) == 1)
        yield from self.others(why_not)

    def others(self, why_not: WhyNot) -> Iterable[Line]:
        """The rules that are not for this case: each ends at a fact of law, or at the kind of LEA."""
        others = [rule for rule in why_not.rules if not rule.reaches]
        if others:
            ends: dict[str, list[str]] = {}
            goals: dict[Goal, None] = {}
            at: list[tuple[Rule, Bindings]] = []
            for rule in others:
                end, within, miss = self.ends(rule)
                ends.setdefault(end, []).append(rule.rule.id)
                if miss is not None and miss.goal is None:
                    at.append((within, miss.bindings))
                elif miss is not None and miss.goal is not None and miss.answer is not Answer.BLOCKED:
                    goals[miss.goal] = None
            words = "; ".join(f"{end} ({', '.join(names)})" for end, names in ends.items())
            number = "One rule is" if len(others) == 1 else f"{len(others)} rules are"
            yield Line(f"{number} not for this case: {words}.", Answer.LAW, goals=tuple(goals), at=tuple(at))
        if not why_not.rules:
            yield Line("No rule concludes this.", Answer.LAW, goals=(why_not.goal,))

    def ends(self, rule: RuleMiss) -> tuple[str, Rule, Miss | None]:
        """Where a rule that is not for this case ends, at a fact of law or the kind of LEA, as a part of a sentence."""
        while rule.failures:
            miss = rule.failures[0].unsorted[0]
            if miss.opened is None or not miss.opened.unsorted or miss.answer is Answer.LAW:
                return miss.sentence.rstrip("."), rule.rule, miss
            rule = miss.opened.unsorted[0]
        return "it has nothing to range over", rule.rule, None

    def failures(self, rule: RuleMiss, down: bool) -> Iterable[Line]:
        """The conditions at which the rule's candidates fail."""
        for place, failure in enumerate(rule.failures):
            yield from self.some(rule.rule, failure.misses, down and (place == 0 or self.everything))

    def some(self, rule: Rule, misses: Sequence[Miss], down: bool) -> Iterable[Line]:
        """The nearest of some candidates opened, the others named by what they fail for."""
        if len(misses) == 1:
            yield self.miss(rule, misses[0], down)
            return
        opened = len(misses) if down and self.everything else 1 if down else 0
        below = [self.miss(rule, miss, True) for miss in misses[:opened]]
        rest: dict[tuple[str, str], list[Miss]] = {}
        for miss in misses[opened:]:
            rest.setdefault((miss.answer, self.reason(miss)), []).append(miss)
        for (answer, reason), same in rest.items():
            words = listed_words(self.candidate(miss) for miss in same)
            at = tuple(found for miss in same if (found := self.reached(rule, miss)) is not None)
            names = tuple(miss.values for miss in same)
            below.append(Line(f"{words[:1].upper()}{words[1:]}{reason}.", Answer(answer), at=at, names=names))
        yield Line(f"Each of {len(misses)} candidates fails here, the nearest first:", below=tuple(below))

    def candidate(self, miss: Miss) -> str:
        """The candidate in words."""
        first, *others = (self.sentences.words(name, value) for name, value in miss.values)
        return f"{first} ({', '.join(others)})" if others else first

    def reason(self, miss: Miss) -> str:
        """Why a candidate that is not opened fails, in a few words; the same words for candidates that fail alike."""
        if miss.reached is not None:
            return f": {miss.sentence.rstrip('.')}"
        if (below := self.counting(miss)) is not None:
            reached, bound = below.failures[0].misses[0].reached or (0, 0)
            return f": {reached} of {bound} needed"
        return ": not met" if miss.answer is Answer.DATA else ""

    @staticmethod
    def counting(miss: Miss) -> RuleMiss | None:
        """The nearest of the rules below a candidate that fails for a count."""
        if miss.opened is not None and any(rule.counts for rule in miss.opened.unsorted):
            for rule in miss.opened.rules:
                if rule.reaches and rule.failures[0].misses[0].reached is not None:
                    return rule
        return None

    def reached(self, rule: Rule, miss: Miss) -> tuple[Rule, Bindings] | None:
        """Where the number in a candidate's reason was counted."""
        if miss.reached is not None:
            return rule, miss.bindings
        below = self.counting(miss)
        return None if below is None else (below.rule, below.failures[0].misses[0].bindings)

    def miss(self, rule: Rule, miss: Miss, down: bool) -> Line:
        """One candidate: what fails, what is there instead, and what lies below."""
        below: list[Line] = []
        if miss.counted and down:
            below.append(Line("Counted:", steps=miss.counted))
        if miss.uncounted and down:
            below.append(Line("Not counted:", below=tuple(self.some(rule, miss.uncounted, down))))
        opened = miss.opened
        goals: tuple[Goal, ...] = () if miss.goal is None or miss.answer is Answer.BLOCKED else (miss.goal,)
        at = () if miss.goal is not None else ((rule, miss.bindings),)
        # What holds instead says it all; else the rules that could have concluded it do.
        if opened is None or (miss.steps and not self.everything):
            return Line(miss.sentence, miss.answer, steps=miss.steps, below=tuple(below), goals=goals, at=at)
        if opened.goal in self.opened:
            return Line(miss.sentence, miss.answer, steps=miss.steps, above=True, goals=goals)
        reaching = [rule for rule in opened.rules if rule.reaches]
        answer = miss.answer if reaching or miss.answer is not Answer.DATA else Answer.LAW
        if len(reaching) != 1:
            below += self.rules(opened, down) if down else ()
            return Line(miss.sentence, answer, steps=miss.steps, below=tuple(below), goals=goals)
        # The only rule says the same, in its own words.
        only = reaching[0]
        if down:
            self.opened.add(opened.goal)
            below += [*self.failures(only, down), *self.others(opened)]
        cites = (self.cites(only.rule, opened.goal),)
        return _merged(Line(only.sentence, answer, (only.rule,), cites, miss.steps, tuple(below), goals=goals))

    def cites(self, rule: Rule, goal: Goal) -> tuple[Citation, ...]:
        """The citations of ``rule`` that speak of what is asked about; all, where it is not for this case at all."""
        bindings = {
            term.name: value
            for term, value in zip(rule.head.arguments, goal[1:], strict=True)
            if isinstance(term, Variable) and value is not None
        }
        applied = about(bindings, self.sentences.graph.implied_of(bindings))
        return fitting(self.sentences.rulebook, rule, applied) or rule.cites


def _merged(line: Line, *, alone: bool = False) -> Line:
    """``line`` and the only one below it as one, if that says the same, or with ``alone`` if it names no rule."""
    if len(line.below) != 1 or line.steps:
        return line
    (below,) = line.below
    if below.sentence != line.sentence and not (alone and not below.rules and below.below and not below.steps):
        return line
    goals = tuple(dict.fromkeys((*line.goals, *below.goals)))
    rules, cites = (*line.rules, *below.rules), (*line.cites, *below.cites)
    return Line(line.sentence, below.answer, rules, cites, below.steps, below.below, below.above, goals, below.at)
