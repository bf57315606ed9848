"""What every Dashboard year must state, as ``policy/years/`` says, and what is missing of a year that was begun.

A year begins with its first fact in one of the families, and is then complete or faulty: of each entry of each family
it has a fact, or says in ``years/not_stated.lp`` that it has none. So no rule finds silence where nobody decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from pyreport.rulebook.problems import Finding, Problem
from pyreport.rulebook.rows import field_name
from pyreport.rulebook.rule import Rule
from pyreport.rulebook.syntax import Literal, Value, Variable, unquote
from pyreport.rulebook.vocabulary import Predicate

__all__ = [
    "NOTHING",
    "NOT_STATED",
    "NOT_STATED_FILE",
    "YEAR",
    "YEARS",
    "DashboardYears",
    "Entry",
    "Family",
    "Part",
    "checklist",
    "dashboard_years",
    "incomplete_years",
]

YEARS = "years"
"""The folder of what a year must state: no rule of a decision, but read whenever the policy is."""
YEAR = "Year"
"""The argument that is a Dashboard year."""
NOTHING = "nothing"
NOT_STATED = "not_stated"
NOT_STATED_FILE = "years/not_stated.lp"
_EVIDENCE = "evidence"
_OF_FAMILIES = ("year_states", "says_of", "as_many_as", "stated_ahead")

Entry = tuple[Value, Value]
"""What a family speaks of: a value of the argument `Each` and one of `Beside`, each ``nothing`` where there is none."""


@dataclass(frozen=True, slots=True)
class Part:
    """One predicate by which a family is stated.

    Attributes:
        words: What it states, to be read by people.
        predicate: Its name.
        by: The two arguments whose values are its entries; ``nothing`` for none.
        file: Where it is written; ``YEAR`` stands for the year.
        layout: Whether it is no fact of the policy but a layout of CDE's files.
    """

    words: str
    predicate: str
    by: tuple[str, str]
    file: str
    layout: bool

    def file_of(self, year: int) -> str:
        """The file in which it is written for a year."""
        return self.file.replace("YEAR", str(year))


@dataclass
class Family:
    """What every Dashboard year must state.

    Attributes:
        name: Its code.
        parts: The predicates by which it can be stated; one of them suffices.
        since: For each entry the first Dashboard year that has to say whether it has it.
        counts: Pairs of a Dashboard year and the number of facts that each year from it on has, in order.
        ahead: Whether a statute states it ahead, so that such a fact begins no year.
    """

    name: str
    parts: list[Part] = field(default_factory=list)
    since: dict[Entry, int] = field(default_factory=dict)
    counts: list[tuple[int, int]] = field(default_factory=list)
    ahead: bool = False

    @property
    def layout(self) -> bool:
        """Whether it is stated by layouts of CDE's files, and not by facts."""
        return any(part.layout for part in self.parts)


@dataclass
class DashboardYears:
    """The families of a policy, and the years that it has begun.

    Attributes:
        families: In the order of ``years/families.lp``.
        begun: The Dashboard years of which a fact states something, sorted.
        absent: By family and year, the entries that the year says it has not.
    """

    families: list[Family] = field(default_factory=list)
    begun: list[int] = field(default_factory=list)
    absent: dict[tuple[str, int], set[Entry]] = field(default_factory=dict)

    def missing_layouts(self, on_hand: Iterable[tuple[str, int, Entry]], years: Sequence[int]) -> Iterator[Problem]:
        """Yield the layouts of CDE's files that some years have not and do not say they have not.

        Args:
            on_hand: The predicate, the year and the entry of each layout.
            years: The years.
        """
        known = set(on_hand)
        for family in self.families:
            if not family.layout:
                continue
            part = family.parts[0]
            for year in years:
                absent = self.absent.get((family.name, year), set())
                for entry, since in family.since.items():
                    if since <= year and entry not in absent and (part.predicate, year, entry) not in known:
                        yield Problem(part.file, 1, _missing(family, year, entry, None), Finding.INCOMPLETE_YEAR)


def dashboard_years(rules: Iterable[Rule], predicates: Mapping[str, Predicate]) -> DashboardYears:
    """What the facts of ``rules``, those of the whole policy, say that a year must state."""
    rules = list(rules)
    families: dict[str, Family] = {}
    absent: dict[tuple[str, int], set[Entry]] = {}
    facts: dict[str, list[tuple[Rule, tuple[Value, ...]]]] = {name: [] for name in (*_OF_FAMILIES, NOT_STATED)}
    for rule in sorted(rules, key=lambda rule: (rule.file, rule.line)):
        if rule.head.predicate in facts and len(rule.variables) == len(rule.head.arguments):
            facts[rule.head.predicate] += [(rule, fact[1:]) for fact in rule.facts]
    for rule, (name, *texts) in facts["year_states"]:
        predicate, each, beside, file = (unquote(str(text)) for text in texts)
        layout = predicate in predicates and predicates[predicate].stated_by == _EVIDENCE
        family = families.setdefault(str(name), Family(str(name)))
        family.parts.append(Part(rule.says, predicate, (each, beside), file, layout))
    for _, (name, value, also, since) in facts["says_of"]:
        if name in families:
            families[str(name)].since[value, also] = _number(since)
    for _, (name, count, since) in facts["as_many_as"]:
        if name in families:
            families[str(name)].counts.append((_number(since), _number(count)))
    for _, (name,) in facts["stated_ahead"]:
        if name in families:
            families[str(name)].ahead = True
    for _, (without, name, value, also) in facts[NOT_STATED]:
        absent.setdefault((str(name), _number(without)), set()).add((value, also))
    begun = {
        year
        for family in families.values()
        if not family.ahead
        for part in family.parts
        for year, _, _ in _facts(part, rules, predicates)
    }
    begun |= {year for _, year in absent}
    return DashboardYears(list(families.values()), sorted(begun), absent)


def _number(value: Value) -> int:
    """A number of the policy; a word in its place is none, and such a year is complete in nothing."""
    return value if isinstance(value, int) else 0


def _facts(part: Part, rules: Iterable[Rule], predicates: Mapping[str, Predicate]) -> Iterator[tuple[int, Entry, Rule]]:
    """The facts of a part of a family: the year, the entry and the rule that states each."""
    declared = predicates.get(part.predicate)
    if declared is None or YEAR not in declared.arguments:
        return
    names = [field_name(name) if name in declared.arguments else None for name in part.by]
    for rule in rules:
        if rule.head.predicate == part.predicate:
            for fact in rule.facts:
                if len(fact) == len(declared.arguments) + 1:
                    row = declared.row(fact)
                    first, second = (NOTHING if name is None else getattr(row, name) for name in names)
                    yield _number(row.year), (first, second), rule


def incomplete_years(
    years: DashboardYears, rules: Sequence[Rule], predicates: Mapping[str, Predicate], *, reading: bool = False
) -> Iterator[Problem]:
    """Yield what is missing of the years that were begun, and what is stated beside what the families know.

    Args:
        years: The families and years of ``rules``.
        rules: The rules of the whole policy.
        predicates: Its predicates.
        reading: Whether some rules are those of an alternative reading: it may have another number of entries.
    """
    if not years.families:
        return
    yield from _unknown_families(years, rules)
    yield from _stray(years, rules, predicates)
    for family in years.families:
        if not family.layout:
            yield from _of_family(family, years, rules, predicates, reading=reading)
    yield from _undefined(rules, predicates)
    yield from _unasked(rules, predicates)
    yield from _outlived(years, rules, predicates)


def _stray(years: DashboardYears, rules: Sequence[Rule], predicates: Mapping[str, Predicate]) -> Iterator[Problem]:
    """Yield the rules that alone state something of a year: rather than a year begun, it may be one mistyped."""
    stating: dict[int, dict[str, Rule]] = {year: {} for year in years.begun if not _denies(years, year)}
    for family in years.families:
        for part in family.parts if not family.ahead else ():
            for year, _, rule in _facts(part, rules, predicates):
                if year in stating:
                    stating[year][rule.id] = rule
    for year, by in stating.items():
        if len(by) == 1 and len(years.begun) > 1:
            (rule,) = by.values()
            message = (
                f"{rule.id} alone states something of {year}; if another year is meant, correct it; else begin the "
                f"year whole, with pyreport new-year {year}"
            )
            yield Problem(rule.file, rule.line_of(str(year)), message, Finding.INCOMPLETE_YEAR)


def _denies(years: DashboardYears, year: int) -> bool:
    return any(of == year for _, of in years.absent)


def _of_family(
    family: Family,
    years: DashboardYears,
    rules: Sequence[Rule],
    predicates: Mapping[str, Predicate],
    *,
    reading: bool,
) -> Iterator[Problem]:
    """Yield what is missing of one family, what is too much, and what is stated and denied."""
    stated: dict[int, dict[Entry, Rule]] = {}
    number: dict[int, int] = {}
    for part in family.parts:
        for year, entry, rule in _facts(part, rules, predicates):
            stated.setdefault(year, {}).setdefault(entry, rule)
            number[year] = number.get(year, 0) + 1
    for year in years.begun:
        of_year = stated.get(year, {})
        absent = years.absent.get((family.name, year), set())
        for entry, since in family.since.items():
            if since <= year and entry not in of_year and entry not in absent:
                yield _missing_fact(family, year, entry, _latest(stated, entry, year))
        for entry, rule in of_year.items():
            message = ""
            if entry in absent:
                message = f"what {NOT_STATED_FILE} says it has not: {_told(family, year, entry)}; keep one"
            elif family.since.get(entry, year + 1) > year:
                says = f"says_of({family.name}, {_values(entry)}, {year})"
                message = f"what no year says anything of: write {says} into years/entries.lp, or mend it"
            if message:
                message = f"{rule.id} states for {year} {message}"
                yield Problem(rule.file, rule.line, message, Finding.INCOMPLETE_YEAR)
        expected = max(((since, count) for since, count in family.counts if since <= year), default=None)
        if expected is not None and of_year and number[year] != expected[1] and not reading:
            rule = next(iter(of_year.values()))
            message = f"{year} has {number[year]} facts of {family.parts[0].predicate}, expected {expected[1]}"
            yield Problem(rule.file, rule.line, f"{message} (years/entries.lp)", Finding.INCOMPLETE_YEAR)


def _missing_fact(family: Family, year: int, entry: Entry, like: Rule | None) -> Problem:
    """That a year says nothing of an entry: in the file to write, where another year states it."""
    file = family.parts[0].file_of(year)
    if like is not None and file == family.parts[0].file:
        file = like.file
    line = like.line if like is not None and like.file == file else 1
    return Problem(file, line, _missing(family, year, entry, like), Finding.INCOMPLETE_YEAR)


def _unknown_families(years: DashboardYears, rules: Iterable[Rule]) -> Iterator[Problem]:
    known = {family.name: family for family in years.families}
    for rule in rules:
        for fact in rule.facts:
            place = 2 if fact[0] == NOT_STATED else 1
            if fact[0] not in (*_OF_FAMILIES, NOT_STATED):
                continue
            family = known.get(str(fact[place]))
            if family is None:
                message = f"{rule.id}: {fact[place]} is no family of years/families.lp; write one of {', '.join(known)}"
                yield Problem(rule.file, rule.line, message, Finding.INCOMPLETE_YEAR)
            elif fact[0] == NOT_STATED and fact[3:] not in family.since:
                message = f"{rule.id}: years/entries.lp has no entry {_values((fact[3], fact[4]))} of {family.name}"
                yield Problem(rule.file, rule.line, f"{message}; correct it", Finding.INCOMPLETE_YEAR)


def _unasked(rules: Sequence[Rule], predicates: Mapping[str, Predicate]) -> Iterator[Problem]:
    """Yield the facts of which, as ``must_be_asked`` says, some rule has to ask, and none does."""
    for predicate, argument, concluding, other in _stated(rules, "must_be_asked"):
        place = predicates[predicate].place(argument)
        asking = [rule for rule in rules if rule.head.predicate == concluding and rule.body]
        asked = {
            value: rule
            for rule in asking
            for atom in rule.atoms_read()
            if atom.predicate == predicate and any(other in beside.arguments for beside in rule.atoms_read())
            for value in atom.arguments[place - 1 : place]
            if isinstance(value, int | str)
        }
        for naming, named in _named_beside(rules, predicate, place, asked):
            message = (
                f"{naming.id} names {named} as {argument}, and no rule concludes {concluding} of it for {other}: "
                f"nobody of that kind would be {concluding}. Write a rule{_like(named, asked)}, or correct the entry"
            )
            yield Problem(naming.file, naming.line, message, Finding.INCOMPLETE_YEAR)


def _outlived(years: DashboardYears, rules: Sequence[Rule], predicates: Mapping[str, Predicate]) -> Iterator[Problem]:
    """Yield the facts on a year that end, as ``until_stated`` says, with what the year states meanwhile."""
    known = {family.name: family for family in years.families}
    for predicate, argument, value, name in _stated(rules, "until_stated"):
        stated = {year: rule for part in known[name].parts for year, _, rule in _facts(part, rules, predicates)}
        ending = Part("", predicate, (argument, NOTHING), "", layout=False)
        for year, (said, _), rule in _facts(ending, rules, predicates):
            if year in stated and str(said) == value:
                message = (
                    f"{rule.id} says {value} as {argument} of {year}, which ends when the year states {name}, as "
                    f"{stated[year].file} does; write there what holds now (vocabulary.lp), or take the entry away"
                )
                yield Problem(rule.file, rule.line, message, Finding.INCOMPLETE_YEAR)


def _stated(rules: Iterable[Rule], predicate: str) -> Iterator[tuple[str, ...]]:
    """The arguments of the facts of a predicate of the families."""
    for rule in rules:
        for fact in rule.facts if rule.head.predicate == predicate else ():
            yield tuple(unquote(str(value)) for value in fact[1:])


def _undefined(rules: Sequence[Rule], predicates: Mapping[str, Predicate]) -> Iterator[Problem]:
    """Yield the facts that name what ``must_be_defined`` and is not, and the dated predicates of no family."""
    of_families: set[str] = set()
    for rule in rules:
        for fact in rule.facts:
            if fact[0] in ("year_states", "of_no_family"):
                of_families.add(str(fact[2] if fact[0] == "year_states" else fact[1]))
            if fact[0] != "must_be_defined":
                continue
            predicate, argument, defining, name = (unquote(str(value)) for value in fact[1:])
            if _unbound(defining, name, rules, predicates):
                continue  # Clingo tells of that rule; what it would define nobody knows.
            defined = dict(_values_of(defining, name, rules, predicates))
            place = predicates[predicate].place(argument)
            for naming, named in _named_beside(rules, predicate, place, defined):
                message = (
                    f"{naming.id} names {named} as {argument}, and nothing states {defining} of it: the entry would "
                    f"never count. Write it{_like(named, defined)}, or correct the name"
                )
                yield Problem(naming.file, naming.line, message, Finding.INCOMPLETE_YEAR)
    for one in predicates.values():
        if one.stated_by == "policy" and YEAR in one.arguments and one.name not in {*of_families, NOT_STATED}:
            message = (
                f"{one.name} has a Dashboard year and is in no family of years/families.lp; write year_states(…) for "
                "it, or of_no_family(…) where the law itself names its years"
            )
            yield Problem(one.file, one.line, message, Finding.INCOMPLETE_YEAR)


def _named_beside(
    rules: Iterable[Rule], predicate: str, place: int, known: Mapping[Value, Rule]
) -> Iterator[tuple[Rule, Value]]:
    """The values at a place of a predicate's facts that are none of those known, each with the rule that states it."""
    for rule in rules:
        for fact in rule.facts if rule.head.predicate == predicate else ():
            if fact[place] not in known:
                yield rule, fact[place]


def _like(value: Value, stated: Mapping[Value, Rule]) -> str:
    """Where to write what is stated of other values: beside what states it of the one that is named most alike."""
    for nearest in get_close_matches(str(value), map(str, stated), n=1, cutoff=0):
        rule = next(rule for one, rule in stated.items() if str(one) == nearest)
        return f" into {rule.file}, like {rule.id}"
    return ""


def _unbound(predicate: str, argument: str, rules: Sequence[Rule], predicates: Mapping[str, Predicate]) -> bool:
    """Whether a rule concludes a predicate of a variable that none of its conditions has."""
    place = predicates[predicate].place(argument) - 1
    for rule in rules:
        if rule.head.predicate == predicate and rule.body:
            term = rule.head.arguments[place]
            if isinstance(term, Variable) and not any(term in pattern.arguments for pattern in rule.atoms_read()):
                return True
    return False


def _values_of(
    predicate: str, argument: str, rules: Sequence[Rule], predicates: Mapping[str, Predicate]
) -> Iterator[tuple[Value, Rule]]:
    """The values that rules and facts can give an argument, as far as constants and facts of the policy say.

    With each value comes the rule that states it.
    """
    place = predicates[predicate].place(argument) - 1
    for rule in rules:
        if rule.head.predicate != predicate:
            continue
        yield from ((fact[place + 1], rule) for fact in rule.facts)
        term = rule.head.arguments[place]
        if isinstance(term, Variable) and rule.body:
            for part in rule.body:
                if isinstance(part, Literal) and term in part.atom.arguments:
                    at = part.atom.arguments.index(term)
                    stating = (one for one in rules if one.head.predicate == part.atom.predicate)
                    yield from ((fact[at + 1], one) for one in stating for fact in one.facts)
        elif isinstance(term, int | str):
            yield term, rule


def _latest(stated: Mapping[int, Mapping[Entry, Rule]], entry: Entry, year: int) -> Rule | None:
    """The rule of the latest year before ``year`` that states an entry, or else of the first after it."""
    having = [one for one in stated if entry in stated[one]]
    before = [one for one in having if one < year]
    return stated[max(before) if before else min(having)][entry] if having else None


def _values(entry: Entry) -> str:
    return ", ".join(map(str, entry))


def _told(family: Family, year: int, entry: Entry) -> str:
    """The fact by which a year says that it has no such entry."""
    return f"{NOT_STATED}({year}, {family.name}, {_values(entry)})"


def _missing(family: Family, year: int, entry: Entry, like: Rule | None) -> str:
    """What is missing, and what to write."""
    named = [f"{name} {value}" for name, value in zip(family.parts[0].by, entry, strict=True) if name != NOTHING]
    of = f" of {', '.join(named)}" if named else ""
    what = " or ".join(part.predicate for part in family.parts)
    model = f", like {like.id}" if like is not None else ""
    do = f"write {what}{of} for {year}{model}"
    if family.layout:
        do = f"write the year's layout there ({what})"
    return (
        f"the {year} Dashboard year is incomplete: it says nothing{of} in “{family.parts[0].words}”; {do}; "
        f"or, if it has none, {_told(family, year, entry)} in {NOT_STATED_FILE}"
    )


def checklist(years: DashboardYears) -> str:
    """What every Dashboard year must state, as a list in Markdown, by the files in which it is written."""
    by_file: dict[str, list[str]] = {}
    for family in years.families:
        for part in family.parts:
            words = part.words if part.words[1:2].isupper() else f"{part.words[:1].lower()}{part.words[1:]}"
            by_file.setdefault(part.file, []).append(f"{words} (`{part.predicate}`)")
    return "".join(f"* `{file}`: {'; '.join(parts)}.\n" for file, parts in by_file.items())
