"""The search for all smallest changes of an LEA's facts after which a conclusion comes or goes.

Here the policy runs with choices: each fact that may change is as it is reported, or one of its changes is chosen. The
sum of the costs is minimised, and every choice of that sum is enumerated. The search only proposes: a change counts
when the policy as it stands, without choices, decides so from the changed facts (``worlds``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import clingo

from pyreport.hypotheses.change import Change, Goal, Move, sorted_change
from pyreport.reasoning.grounding import ReasoningError
from pyreport.reasoning.instrumentation import plain, write_facts
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value

__all__ = ["Optima", "program_text", "search_changes"]

_LISTED = 240
"""Up to so many smallest changes are enumerated one by one; more are described by their parts."""

_ENUMERATED = 20_000
"""At so many a set of smallest changes that has no parts is cut off, and said to be."""


@dataclass(frozen=True, slots=True)
class Optima:
    """All smallest changes for a goal: one alternative of each of ``parts``, in any combination.

    ``cost`` is ``None`` where no change reaches the goal. ``complete`` is false where the list was cut off.
    """

    goal: Goal
    cost: int | None
    parts: tuple[tuple[Change, ...], ...]
    complete: bool = True

    @property
    def count(self) -> int:
        """How many smallest changes there are."""
        return prod(map(len, self.parts)) if self.cost is not None else 0

    def changes(self) -> Iterator[Change]:
        """Every smallest change, in a settled order."""
        if self.cost is not None:
            for chosen in product(*self.parts):
                yield sorted_change(move for change in chosen for move in change)

    def samples(self, limit: int) -> list[Change]:
        """All changes if there are at most ``limit``, else so many that each alternative of each part is in one."""
        if self.count <= limit:
            return list(self.changes())
        longest = max(map(len, self.parts))
        return [
            sorted_change(move for part in self.parts for move in part[number % len(part)]) for number in range(longest)
        ]


def search_changes(
    rulebook: Rulebook, program: str, atoms: Sequence[Atom], moves: Sequence[Move], goals: Sequence[Goal]
) -> list[Optima]:
    """Return all smallest changes for each of ``goals``.

    Args:
        rulebook: The policy, narrowed to what the goals rest on.
        program: Its text, as ``program_text`` returns it; the same for every LEA.
        atoms: The LEA's facts.
        moves: What may change.
        goals: What is to come or to go.

    Returns:
        The smallest changes for each goal, in the order of ``goals``.

    Raises:
        ReasoningError: Clingo reported an error or a warning.
    """
    optima: dict[int, Optima] = {}
    # A smallest change of a cost has no dearer move. So few moves are tried first: grounding them all takes most time.
    within = min((move.cost for move in moves), default=0)
    dearest = max((move.cost for move in moves), default=0)
    while len(optima) < len(goals):
        search = _Search(rulebook, program, atoms, [move for move in moves if move.cost <= within], goals)
        needed = within
        for place in range(len(goals)):
            if place not in optima:
                of_goal = search.optima(place, None if within == dearest else within)
                if within == dearest or (of_goal.cost is not None and of_goal.cost <= within):
                    optima[place] = of_goal
                else:
                    needed = max(needed, dearest if of_goal.cost is None else min(of_goal.cost, dearest))
        within = needed
    return [optima[place] for place in range(len(goals))]


def program_text(rulebook: Rulebook) -> str:
    """The text of a policy as a search takes it."""
    inputs = "".join(
        f"#defined {predicate.name}/{len(predicate.arguments)}.\n" for predicate in rulebook.predicates.values()
    )
    return inputs + plain(rulebook)


class _Search:
    """The search among the facts of one LEA. Goals are named by their place."""

    def __init__(
        self, rulebook: Rulebook, program: str, atoms: Iterable[Atom], moves: Sequence[Move], goals: Sequence[Goal]
    ) -> None:
        used = rulebook.predicates
        self.moves = sorted(
            (move for move in moves if (move.fact or ("",))[0] in used), key=lambda move: tuple(map(str, move.atom))
        )
        self.goals = goals
        self._number = {f"m({number})": number for number in range(len(self.moves))}
        self._messages: list[str] = []
        self._control = clingo.Control(
            ["0"], logger=lambda _, message: self._messages.append(" ".join(message.split())), message_limit=20
        )
        slots: dict[Atom | None, list[int]] = {}
        for number, move in enumerate(self.moves):
            slots.setdefault(move.fact, []).append(number)
        lines = [write_facts(atom for atom in atoms if atom[0] in used and atom not in slots)]
        for fact, numbers in slots.items():
            names = [f"m({number})" for number in numbers]
            lines.append(f"{{{';'.join(names)}}} 1.")
            if self.moves[numbers[0]].old is not None:
                lines.append(f"{_text(fact)} :- {', '.join(f'not {name}' for name in names)}.")
            lines += [
                f"{_text(self.moves[number].new)} :- m({number})."
                for number in numbers
                if self.moves[number].new is not None
            ]
        costs = "; ".join(f"{move.cost},{number} : m({number})" for number, move in enumerate(self.moves))
        lines.append(f"#minimize {{ {costs} }}.")
        for number, goal in enumerate(goals):
            arguments = ",".join(
                f"Any{place}" if value is None else str(value) for place, value in enumerate(goal.arguments)
            )
            lines.append(f"goal_holds({number}) :- {goal.predicate}({arguments}).")
            lines.append(f"#external asked({number}).")
            lines.append(f"reached({number}) :- {'' if goal.comes else 'not '}goal_holds({number}).")
            lines.append(f":- asked({number}), not reached({number}).")
        lines.append("#defined goal_holds/1. #defined m/1. #show m/1.")
        try:
            self._control.add("base", [], program)
            self._control.add("base", [], "\n".join(lines))
            self._ground("base")
        except RuntimeError as error:
            raise ReasoningError("\n".join([f"clingo stopped: {error}", *self._messages])) from None

    def optima(self, place: int, within: int | None) -> Optima:
        """All smallest changes that reach the goal at ``place``; of those above the cost ``within`` the cost alone."""
        goal, asked = self.goals[place], clingo.Function("asked", [clingo.Number(place)])
        self._control.assign_external(asked, True)
        try:
            self._mode("optN")
            cost, proposed, complete = self._solve(_LISTED, within)
            if not proposed:
                return Optima(goal, None, ())
            if within is not None and cost > within:
                return Optima(goal, cost, (), complete=False)
            if not complete:
                parts = self._parts(place, cost, proposed)
                if parts is not None:
                    return Optima(goal, cost, parts)
                self._mode("optN")
                cost, proposed, complete = self._solve(_ENUMERATED, None)
        finally:
            self._control.assign_external(asked, False)
        return Optima(goal, cost, self._factors(proposed), complete)

    def _ground(self, part: str) -> None:
        self._control.ground([(part, [])])
        if self._messages:
            text = ["clingo warns, and every warning is an error here:", *self._messages]
            raise ReasoningError("\n".join(text))

    def _mode(self, mode: str) -> None:
        self._control.configuration.solve.opt_mode = mode  # type: ignore[union-attr]

    def _solve(self, limit: int, within: int | None) -> tuple[int, list[frozenset[int]], bool]:
        """The smallest cost, the changes of that cost as numbers of moves, and whether these are all.

        Of a cost above ``within`` one change is enough.
        """
        cost, proposed = 0, list[frozenset[int]]()
        with self._control.solve(yield_=True) as handle:
            for model in handle:
                if model.optimality_proven:
                    if len(proposed) == limit:
                        return cost, proposed, False
                    cost = model.cost[0] if model.cost else 0
                    proposed.append(self._chosen(model))
                    if within is not None and cost > within:
                        return cost, proposed, False
        return cost, proposed, True

    def _chosen(self, model: clingo.Model) -> frozenset[int]:
        return frozenset(self._number[str(symbol)] for symbol in model.symbols(shown=True))

    def _first(self) -> frozenset[int] | None:
        with self._control.solve(yield_=True) as handle:
            for model in handle:
                return self._chosen(model)
        return None

    def _by_part(self, chosen: Iterable[int]) -> dict[tuple[Value, ...], frozenset[int]]:
        parts: dict[tuple[Value, ...], set[int]] = {}
        for number in chosen:
            parts.setdefault(self.moves[number].part, set()).add(number)
        return {part: frozenset(numbers) for part, numbers in parts.items()}

    def _factors(self, proposed: list[frozenset[int]]) -> tuple[tuple[Change, ...], ...]:
        """The enumerated changes by their parts, if they are all combinations of these; else as one part."""
        options = self._options(proposed)
        if prod(len(numbers) for numbers in options.values()) != len(proposed):
            options = {(): set(proposed)}
        return self._ordered(options)

    def _options(self, proposed: Iterable[frozenset[int]]) -> dict[tuple[Value, ...], set[frozenset[int]]]:
        split = [self._by_part(chosen) for chosen in proposed]
        touched = sorted({part for parts in split for part in parts}, key=str)
        return {part: {parts.get(part, frozenset()) for parts in split} for part in touched}

    def _ordered(self, options: dict[tuple[Value, ...], set[frozenset[int]]]) -> tuple[tuple[Change, ...], ...]:
        parts = []
        for part in sorted(options, key=str):
            changes = [tuple(self.moves[number] for number in sorted(chosen)) for chosen in options[part]]
            parts.append(tuple(sorted(changes, key=_cheapest_first)))
        return tuple(parts)

    def _parts(self, place: int, cost: int, proposed: list[frozenset[int]]) -> tuple[tuple[Change, ...], ...] | None:
        """The alternatives of each part, if the smallest changes are exactly their combinations.

        The solver looks for a smallest change with an alternative that is not known yet, which is then added. In the
        end no combination of the alternatives may miss the goal.
        """
        options = self._options(proposed)
        for round_ in range(_LISTED):
            if any(len({self._cost(chosen) for chosen in changes}) > 1 for changes in options.values()):
                return None
            query = clingo.Function(f"round{round_}")
            inside, every = self._inside(round_, options)
            self._control.add(
                f"round{round_}",
                [],
                f"{inside}\n#external {query}.\n#external all_{query}.\n:- {query}, {every}.\n"
                + "\n".join(f":- all_{query}, not {name}." for name in every.split(", ")),
            )
            self._ground(f"round{round_}")
            self._mode(f"enum,{cost}")
            self._control.assign_external(query, True)
            other = self._first()
            self._control.assign_external(query, False)
            if other is None:
                return self._ordered(options) if self._all_reach(place, f"all_round{round_}") else None
            for part, numbers in self._options([*proposed, other]).items():
                options[part] = options.get(part, {frozenset()}) | numbers
            proposed = [*proposed, other]
        return None

    def _cost(self, chosen: frozenset[int]) -> int:
        return sum(self.moves[number].cost for number in chosen)

    def _inside(self, round_: int, options: dict[tuple[Value, ...], set[frozenset[int]]]) -> tuple[str, str]:
        """Program text that says of which parts one alternative is chosen; and the atoms that say so of every part."""
        members: dict[tuple[Value, ...], list[int]] = {}
        for number, move in enumerate(self.moves):
            members.setdefault(move.part, []).append(number)
        lines, names = [], []
        for place, (part, numbers) in enumerate(members.items()):
            name = f"inside{round_}({place})"
            names.append(name)
            for chosen in sorted(options.get(part, {frozenset()}), key=sorted):
                body = ", ".join(f"{'' if number in chosen else 'not '}m({number})" for number in numbers)
                lines.append(f"{name} :- {body}.")
        return "\n".join(lines), ", ".join(names)

    def _all_reach(self, place: int, query: str) -> bool:
        """Whether no combination of the alternatives misses the goal."""
        asked, external = clingo.Function("asked", [clingo.Number(place)]), clingo.Function(query)
        self._mode("ignore")
        self._control.assign_external(asked, False)
        self._control.assign_external(external, True)
        reached = clingo.Function("reached", [clingo.Number(place)])
        with self._control.solve(yield_=True, assumptions=[(reached, False)]) as handle:
            missed = any(True for _ in handle)
        self._control.assign_external(external, False)
        self._control.assign_external(asked, True)
        return not missed


def _cheapest_first(change: Change) -> tuple[int | tuple[str, ...], ...]:
    return sum(move.cost for move in change), *(tuple(map(str, move.atom)) for move in change)


def _text(atom: Atom | None) -> str:
    assert atom is not None
    return f"{atom[0]}({','.join(map(str, atom[1:]))})"
