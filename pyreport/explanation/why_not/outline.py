"""A why-not as an outline of lines, which text and pages write.

Only the nearest way is opened down to the facts: the nearest rule, and of candidates that fail at the same condition
the nearest. Beside it every other rule says where it fails, and every other candidate is named with its kind of no, so
that none is missing. On request all are opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyreport.explanation.sentences import Sentences, listed_words
from pyreport.explanation.tree import Step
from pyreport.explanation.why_not.candidates import FailureKind
from pyreport.explanation.why_not.explainer import FailedCandidate, FailedRule, WhyNot
from pyreport.explanation.why_not.records import Goal
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
    answer: FailureKind | None = None
    rules: tuple[Rule, ...] = ()
    cites: tuple[tuple[Citation, ...], ...] = ()
    steps: tuple[Step, ...] = ()
    below: tuple[Line, ...] = ()
    above: bool = False
    goals: tuple[Goal, ...] = ()
    at: tuple[tuple[Rule, Bindings], ...] = ()
    names: tuple[tuple[tuple[str, Value], ...], ...] = ()

    def law(self) -> list[tuple[Rule, tuple[Citation, ...]]]:
        """The rules that the line and those below it are about, once, in their order, each with what is cited."""
        law = {rule.id: (rule, cites) for rule, cites in zip(self.rules, self.cites, strict=True)}
        for below in self.below:
            for rule, cites in below.law():
                law.setdefault(rule.id, (rule, cites))
        return list(law.values())


def outline(why_not: WhyNot, sentences: Sentences, *, everything: bool = False) -> Line:
    """Return the outline of ``why_not``, down the nearest way alone or with ``everything`` opened."""
    if why_not.stated is not None:
        answer, sentence, steps = why_not.stated
        return Line(sentence, answer, steps=steps, goals=(why_not.goal,))
    writer = _Outliner(sentences, everything)
    return _merged(Line(why_not.sentence, below=tuple(writer.rules(why_not, True)), goals=(why_not.goal,)))


def nearest(why_not: WhyNot) -> str | None:
    """The nearest candidate in a sentence, where something was counted and fell short; ``None`` if nothing was."""
    while why_not.rules and why_not.rules[0].failures:
        rule = why_not.rules[0]
        failed = rule.failures[0].candidates[0]
        if failed.reached is not None:
            if not failed.falls_short or not failed.reached[0]:
                return None
            return f"{rule.sentence.rstrip('.')}: {failed.sentence}"
        if failed.opened is None:
            return None
        why_not = failed.opened
    return None


class _Outliner:
    def __init__(self, sentences: Sentences, everything: bool) -> None:
        self.sentences, self.everything = sentences, everything
        self.opened: set[Goal] = set()

    def rules(self, why_not: WhyNot, down: bool) -> Iterable[Line]:
        """A line for each rule that could have concluded it; those that do not apply to this case share one."""
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
        """The rules that do not apply to this case: each ends at a fact of law, or at the kind of LEA."""
        others = [rule for rule in why_not.rules if not rule.reaches]
        if others:
            ends: dict[str, list[str]] = {}
            goals: dict[Goal, None] = {}
            at: list[tuple[Rule, Bindings]] = []
            for rule in others:
                end, within, failed = self.ends(rule)
                ends.setdefault(end, []).append(rule.rule.id)
                if failed is not None and failed.goal is None:
                    at.append((within, failed.bindings))
                elif failed is not None and failed.goal is not None and failed.answer is not FailureKind.BLOCKED:
                    goals[failed.goal] = None
            words = "; ".join(f"{end} ({', '.join(names)})" for end, names in ends.items())
            number = "One rule does" if len(others) == 1 else f"{len(others)} rules do"
            yield Line(f"{number} not apply to this case: {words}.", FailureKind.LAW, goals=tuple(goals), at=tuple(at))
        if not why_not.rules:
            yield Line("No rule concludes this.", FailureKind.LAW, goals=(why_not.goal,))

    def ends(self, rule: FailedRule) -> tuple[str, Rule, FailedCandidate | None]:
        """Where a rule that does not apply ends, at a fact of law or the kind of LEA, as a part of a sentence."""
        while rule.failures:
            failed = rule.failures[0].unsorted[0]
            if failed.opened is None or not failed.opened.unsorted or failed.answer is FailureKind.LAW:
                return failed.sentence.rstrip("."), rule.rule, failed
            rule = failed.opened.unsorted[0]
        return "there is no value to which it could apply", rule.rule, None

    def failures(self, rule: FailedRule, down: bool) -> Iterable[Line]:
        """The conditions at which the rule's candidates fail."""
        for place, failure in enumerate(rule.failures):
            yield from self.some(rule.rule, failure.candidates, down and (place == 0 or self.everything))

    def some(self, rule: Rule, candidates: Sequence[FailedCandidate], down: bool) -> Iterable[Line]:
        """The nearest of some candidates opened, the others named by what they fail for."""
        if len(candidates) == 1:
            yield self.candidate(rule, candidates[0], down)
            return
        opened = len(candidates) if down and self.everything else 1 if down else 0
        below = [self.candidate(rule, failed, True) for failed in candidates[:opened]]
        rest: dict[tuple[str, str], list[FailedCandidate]] = {}
        for failed in candidates[opened:]:
            rest.setdefault((failed.answer, self.reason(failed)), []).append(failed)
        for (answer, reason), same in rest.items():
            words = listed_words(self.candidate_words(failed) for failed in same)
            at = tuple(place for failed in same if (place := self.reached(rule, failed)) is not None)
            names = tuple(failed.values for failed in same)
            below.append(Line(f"{words[:1].upper()}{words[1:]}{reason}.", FailureKind(answer), at=at, names=names))
        yield Line(f"Each of {len(candidates)} candidates fails here, the nearest first:", below=tuple(below))

    def candidate_words(self, failed: FailedCandidate) -> str:
        """The candidate in words."""
        first, *others = (self.sentences.words(name, value) for name, value in failed.values)
        return f"{first} ({', '.join(others)})" if others else first

    def reason(self, failed: FailedCandidate) -> str:
        """Why a candidate that is not opened fails, in a few words; the same words for candidates that fail alike."""
        if failed.reached is not None:
            return f": {failed.sentence.rstrip('.')}"
        if (below := self.counting(failed)) is not None:
            reached, bound = below.failures[0].candidates[0].reached or (0, 0)
            return f": {reached} of {bound} needed"
        return ": not met" if failed.answer is FailureKind.DATA else ""

    @staticmethod
    def counting(failed: FailedCandidate) -> FailedRule | None:
        """The nearest of the rules below a candidate that fails for a count."""
        if failed.opened is not None and any(rule.counts for rule in failed.opened.unsorted):
            for rule in failed.opened.rules:
                if rule.reaches and rule.failures[0].candidates[0].reached is not None:
                    return rule
        return None

    def reached(self, rule: Rule, failed: FailedCandidate) -> tuple[Rule, Bindings] | None:
        """Where the number in a candidate's reason was counted."""
        if failed.reached is not None:
            return rule, failed.bindings
        below = self.counting(failed)
        return None if below is None else (below.rule, below.failures[0].candidates[0].bindings)

    def candidate(self, rule: Rule, failed: FailedCandidate, down: bool) -> Line:
        """One candidate: what fails, what is there instead, and what lies below."""
        below: list[Line] = []
        if failed.counted and down:
            below.append(Line("Counted:", steps=failed.counted))
        if failed.uncounted and down:
            below.append(Line("Not counted:", below=tuple(self.some(rule, failed.uncounted, down))))
        opened = failed.opened
        goals: tuple[Goal, ...] = () if failed.goal is None or failed.answer is FailureKind.BLOCKED else (failed.goal,)
        at = () if failed.goal is not None else ((rule, failed.bindings),)
        # What holds instead says it all; else the rules that could have concluded it do.
        if opened is None or (failed.steps and not self.everything):
            return Line(failed.sentence, failed.answer, steps=failed.steps, below=tuple(below), goals=goals, at=at)
        if opened.goal in self.opened:
            return Line(failed.sentence, failed.answer, steps=failed.steps, above=True, goals=goals)
        reaching = [rule for rule in opened.rules if rule.reaches]
        answer = failed.answer if reaching or failed.answer is not FailureKind.DATA else FailureKind.LAW
        if len(reaching) != 1:
            below += self.rules(opened, down) if down else ()
            return Line(failed.sentence, answer, steps=failed.steps, below=tuple(below), goals=goals)
        # The only rule says the same, in its own words.
        only = reaching[0]
        if down:
            self.opened.add(opened.goal)
            below += [*self.failures(only, down), *self.others(opened)]
        cites = (self.cites(only.rule, opened.goal),)
        return _merged(Line(only.sentence, answer, (only.rule,), cites, failed.steps, tuple(below), goals=goals))

    def cites(self, rule: Rule, goal: Goal) -> tuple[Citation, ...]:
        """The citations of ``rule`` that speak of what is asked about; all, where it does not apply to this case."""
        bindings = {
            term.name: value
            for term, value in zip(rule.head.arguments, goal[1:], strict=True)
            if isinstance(term, Variable) and value is not None
        }
        applied = about(bindings, self.sentences.graph.implied_of(bindings))
        return fitting(self.sentences.rulebook, rule, applied) or rule.cites


def _merged(line: Line, *, alone: bool = False) -> Line:
    """``line`` merged with the only line below it, if that says the same, or with ``alone`` if it names no rule."""
    if len(line.below) != 1 or line.steps:
        return line
    (below,) = line.below
    if below.sentence != line.sentence and not (alone and not below.rules and below.below and not below.steps):
        return line
    goals = tuple(dict.fromkeys((*line.goals, *below.goals)))
    rules, cites = (*line.rules, *below.rules), (*line.cites, *below.cites)
    return Line(line.sentence, below.answer, rules, cites, below.steps, below.below, below.above, goals, below.at)
