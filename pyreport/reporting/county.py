"""What a county's page shows, prepared from a checked decision. The notebook lays it out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pyreport.comparison.reconciliation import DIFFER, cells, compare_printed
from pyreport.comparison.statement import printed_levels, summary
from pyreport.evidence.counties import counties, county_code, county_slug
from pyreport.evidence.fact_selection import with_located
from pyreport.evidence.facts import facts_of
from pyreport.evidence.model import Publication
from pyreport.evidence.predicates import Facts
from pyreport.evidence.readers.case_facts import read_case_facts
from pyreport.evidence.readers.given import Given, record_on_hand
from pyreport.evidence.record import Record
from pyreport.explanation.sentences import date_words, fiscal_year_words, listed_words
from pyreport.explanation.tree import Explainer, Step
from pyreport.explanation.why_not.explainer import WhyNotExplainer
from pyreport.explanation.why_not.outline import nearest, outline
from pyreport.files.fingerprints import fingerprint_of
from pyreport.files.places import policy_folder
from pyreport.following.consequences import Possibilities
from pyreport.following.funds import (
    amount_words,
    county_offices,
    fiscal_years,
    funds,
    missing,
    open_words,
    other_readings,
    reasons,
)
from pyreport.following.situations import FollowingLaw, Situation, Topic
from pyreport.following.support import certainly_out, fiscal_year_of
from pyreport.proof.packing import pack, unpack
from pyreport.reasoning.decision import Decision, decide, derive_counties, facts_to_decide
from pyreport.reasoning.determinations import AS_PRINTED, Determination, check_year
from pyreport.reasoning.graph import Graph
from pyreport.reasoning.solver import derive
from pyreport.reporting.export import page_title
from pyreport.reporting.layout import TEMPLATES, county_layout
from pyreport.reporting.trees import Trees
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.rule import Reading, Rule
from pyreport.rulebook.rulebook import Rulebook
from pyreport.rulebook.syntax import Atom, Value, quote, unquote
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["CountyPage", "Html", "county_graphs", "county_page"]

STATUS = "status"
ELIGIBLE = "eligible"
INSTANCE = "lowest_performance_instance"
ROW = "dashboard_row"
_NONE = "none"
_FLAG_WORDS = {"Y": "yes", "N": "no", "?": "open", "": "–"}


class Html:
    """A piece of a page, as Jupyter displays it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def _repr_html_(self) -> str:
        return self.text

    def __repr__(self) -> str:
        # The same in every process, unlike the default with its address: it becomes part of the notebook.
        return f"<Html of {len(self.text)} characters>"


def county_page(
    county: str,
    year: int | None = None,
    *,
    evidence: Sequence[str] = (),
    without: Sequence[str] = (),
    complete: Sequence[str] = (),
    case: Sequence[str] = (),
    reading: str | None = None,
    as_of: int | None = None,
    together: Sequence[str] = (),
    graph: str | None = None,
    policy: str | None = None,
) -> CountyPage:
    """Decide one county and prepare its page.

    Args:
        county: Name or code.
        year: Dashboard year; the newest on record if ``None``.
        evidence: Paths of further files of CDE's, as for ``pyreport decide``.
        without: Kinds of evidence to decide without, as for ``pyreport decide``.
        complete: Counties (names or codes) whose Dashboard files have all rows, as the user says.
        case: Paths of files of case facts.
        reading: The name of an alternative reading of the law.
        as_of: The date, YYYYMMDD, as of which the page says what follows from eligibility; the first day on which the
            policy takes the year's Dashboard to be out for certain if ``None``.
        together: Codes of the counties whose pages follow in this process: without case facts, all are derived now.
        graph: Path of a file with the packed graph of a page of this county and year. The page is made again from it:
            nothing is decided, and no evidence is read.
        policy: The folder of the policy by which that graph was made; the project's own if ``None``.

    Raises:
        ValueError: There is no such county.
        YearNotEncoded, PolicyError, EvidenceError, ProofError: As their modules say.
    """
    given = Given.of(evidence, without, complete)
    rulebook, code = rulebook_of(reading, policy), county_code(county)
    if graph is not None:
        decision = Decision.of_document(rulebook, unpack(Path(graph).read_text(encoding="ascii")))
        return CountyPage(code, decision.scope["until"] if year is None else year, decision)
    record = record_of(given)
    year = record.years[-1] if year is None else year
    check_year(rulebook, year)
    asked = (year, given, reading, as_of)
    derived = {} if case or code not in together else _derived(tuple(together), *asked)
    stated = case_of(tuple(case), given)
    decision = decide(rulebook, record, case=stated, graph=derived.get(code), **_asked(code, *asked))
    return CountyPage(code, year, decision)


def _asked(code: str, year: int, given: Given, reading: str | None, as_of: int | None) -> dict[str, Any]:
    """What is asked of the decision about one county, as ``decide`` takes it."""
    rulebook = rulebook_of(reading)
    date = certainly_out(rulebook, year) if as_of is None else as_of
    funds = None if date is None else _funds_asked(rulebook, offices_of(reading, given), code, date)
    return {"until": year, "only": {code}, "as_of": date, "funds": funds}


@lru_cache(maxsize=1)
def _derived(
    counties: tuple[str, ...], year: int, given: Given, reading: str | None, as_of: int | None
) -> dict[str, Graph]:
    """What follows for the counties whose pages are made one after the other; each page checks its own."""
    rulebook, record = rulebook_of(reading), record_of(given)
    asked = {code: _asked(code, year, given, reading, as_of) for code in counties}
    return derive_counties(rulebook, {code: facts_to_decide(rulebook, record, **one) for code, one in asked.items()})


def county_graphs(
    case: Facts, codes: Collection[str], year: int, given: Given, reading: str | None, as_of: int | None
) -> tuple[list[Graph], int | None]:
    """What the pages of those counties show of which the case facts speak, and the date as of which they do.

    Args:
        case: The case facts; of what is so for every LEA one county shows the use.
        codes: The counties of which there will be pages, or none for all.
        year: As for ``county_page``, like the others.
        given: What is given beside the record.
        reading: The name of an alternative reading of the law.
        as_of: The date, YYYYMMDD.
    """
    rulebook, record = rulebook_of(reading), record_of(given)
    every = sorted(codes or counties())
    named = {unquote(atom[1]) for atom in case if isinstance(atom[1], str)}
    spoken_of = [code for code in every if any({cds, cds[:2]} & (with_located({code}, case) or set()) for cds in named)]
    asked = {code: _asked(code, year, given, reading, as_of) for code in spoken_of} or {
        every[0]: _asked(every[0], year, given, reading, as_of)
    }
    graphs = [derive(rulebook, facts_to_decide(rulebook, record, case=case, **one)) for one in asked.values()]
    return graphs, next(iter(asked.values()))["as_of"]


@cache
def rulebook_of(reading: str | None, policy: str | None = None) -> Rulebook:
    """The policy in a folder, by default the project's own; read once a process."""
    return load_rulebook(policy_folder() if policy is None else Path(policy), reading)


@cache
def record_of(given: Given) -> Record:
    """The record with what is given; read once a process."""
    return record_on_hand(given)


@cache
def offices_of(reading: str | None, given: Given) -> dict[str, str]:
    """The county offices by their counties' codes; found once a process."""
    return county_offices(rulebook_of(reading), facts_of(record_of(given)))


@cache
def possibilities_of(fingerprint: str) -> Possibilities:
    """What is possible in cases that are alike, by the rules of that fingerprint; worked out once a process."""
    return Possibilities()


def _funds_asked(rulebook: Rulebook, offices: Mapping[str, str], county: str, date: int) -> tuple[str, int] | None:
    """The county office and the fiscal year of a date, if both are on record."""
    fiscal_year = fiscal_year_of(rulebook, date)
    known = county in offices and fiscal_year in fiscal_years(rulebook)
    return (offices[county], fiscal_year) if known else None


@cache
def case_of(paths: tuple[str, ...], given: Given) -> Facts:
    """The case facts of some files, read once a process."""
    return read_case_facts(map(Path, paths), record=record_of(given))


@cache
def templates() -> Environment:
    """The environment of the page's own templates: everything is escaped, nothing may be undefined."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["host"] = lambda url: urlsplit(url).hostname or url
    return environment


@dataclass(frozen=True)
class Group:
    """A student group that met the criteria."""

    words: str
    priorities: tuple[int, ...]


@dataclass(frozen=True)
class Past:
    """One Dashboard year of an LEA's history."""

    row: Determination
    groups: str
    published: str
    flags: Mapping[str, str]

    @property
    def ground(self) -> str:
        """What differentiated assistance rested on, in a word or two."""
        return _ground(self.row)


@dataclass(frozen=True)
class Conclusion:
    """A question and its derivation, as HTML; ``negative`` where it is asked why something does not hold."""

    question: str
    tree: Markup
    negative: bool = False


@dataclass(frozen=True)
class Allowance:
    """What the county office receives in a fiscal year: the amount or that it is open, other readings, and why."""

    office: str
    fiscal_year: str
    amount: str
    others: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    tree: Markup


@dataclass(frozen=True)
class Parameter:
    """A fact of the policy that the page's derivations use."""

    anchor: str
    sentence: str
    rules: tuple[RuleEntry, ...]


@dataclass(frozen=True)
class RuleEntry:
    """A rule that the page's derivations use."""

    anchor: str
    rule: Rule

    def __getattr__(self, name: str) -> object:
        return getattr(self.rule, name)


@dataclass(frozen=True)
class FigureCell:
    """One student group on one indicator: the color's code (``none`` without one) and the words of the cell."""

    color: str
    words: str
    figure: str


@dataclass(frozen=True)
class FigureRow:
    """The indicators of one student group; ``None`` where the file has no row of it."""

    words: str
    cells: tuple[FigureCell | None, ...]


@dataclass(frozen=True)
class Lea:
    """One LEA's section."""

    row: Determination
    anchor: str
    answer: str
    groups: tuple[Group, ...]
    figures: tuple[FigureRow, ...]
    instances: tuple[str, ...]
    flags: Mapping[str, str]
    history: tuple[Past, ...]
    conclusions: tuple[Conclusion, ...]
    following: tuple[Topic, ...]
    situation: int | None
    tree: Trees

    @property
    def eligible(self) -> bool:
        """Whether differentiated assistance is certain."""
        return self.row.differentiated_assistance == "certain"

    @property
    def possible(self) -> bool:
        """Whether a ground that is not on record could still give it."""
        return self.row.differentiated_assistance == "possible"

    @property
    def ground(self) -> str:
        """What differentiated assistance rests on, in a word or two."""
        return _ground(self.row)


class CountyPage:
    """The parts of one county's page, in the order of the notebook."""

    def __init__(self, code: str, year: int, decision: Decision) -> None:
        self.code, self.year, self.decision = code, year, decision
        self.county = counties()[code]
        self.rulebook = decision.rulebook
        self.explainer = Explainer(decision.graph)
        self.why_not = WhyNotExplainer(self.explainer)
        self.fingerprint = self.rulebook.fingerprint
        as_of = decision.scope["as_of"]
        self.as_of = None if as_of is None else date_words(as_of)
        self.following_law = (
            None if as_of is None else FollowingLaw(self.explainer, as_of, possibilities_of(self.fingerprint))
        )
        self.proof = str(decision.verdict)
        self.used_rules: dict[str, RuleEntry] = {}
        self.used_parameters: dict[Atom, tuple[str, Step]] = {}

    @property
    def title(self) -> str:
        """The page's title."""
        return page_title(f"{self.county} County", self.year)

    @property
    def file_name(self) -> str:
        """The name under which ``pyreport report`` writes the page."""
        return f"{county_slug(self.code)}.html"

    @cached_property
    def graph(self) -> Markup:
        """The graph that the page rests on, as it carries it: base64, without a character that HTML knows."""
        return Markup(pack({**self.decision.document(), "layout": county_layout()}))

    @property
    def layout(self) -> str:
        """The fingerprint of the notebook and the templates."""
        return fingerprint_of(county_layout())

    @property
    def reading(self) -> Reading | None:
        """The alternative reading that was followed, if any."""
        return self.rulebook.reading

    @cached_property
    def history(self) -> dict[str, list[Determination]]:
        """Every determination on record up to the page's year, by CDS code."""
        rows: dict[str, list[Determination]] = {}
        for row in self.decision.determinations():
            rows.setdefault(row.cds, []).append(row)
        return rows

    @property
    def _of_the_year(self) -> list[Determination]:
        return [past for history in self.history.values() for past in history if past.dashboard_year == self.year]

    @cached_property
    def only_in_directory(self) -> list[str]:
        """The names of the charter schools that a directory alone names: nothing on record decides about them."""
        return sorted(row.name for row in self._of_the_year if not row.status)

    @cached_property
    def rows(self) -> list[Determination]:
        """The determinations of the page's year: the county office first, then districts, then charters, by name."""
        rows = [past for past in self._of_the_year if past.status]
        order = ("county_office", "district", "charter")
        return sorted(rows, key=lambda row: (order.index(row.kind), row.name, row.cds))

    @cached_property
    def flags(self) -> list[Predicate]:
        """The outputs beside the status that are decided in any year the page shows."""
        outputs = [output for name, output in self.rulebook.outputs().items() if name != STATUS]
        return [
            output
            for output in outputs
            if any(_flag(past, output.name) != "–" for history in self.history.values() for past in history)
        ]

    @property
    def current_flags(self) -> list[Predicate]:
        """Those of the flags that are decided in the page's year."""
        return [output for output in self.flags if any(_flag(row, output.name) != "–" for row in self.rows)]

    @cached_property
    def priorities(self) -> dict[Value, str]:
        """The state priorities that CDE's letters speak of, with their names."""
        numbers = {fact[2] for rule in self.rulebook.by_head["letter_means"] for fact in rule.facts}
        return {number: self.explainer.sentences.words("Priority", number) for number in sorted(numbers, key=str)}

    @cached_property
    def leas(self) -> list[Lea]:
        """The LEAs' sections."""
        return [self._lea(row) for row in self.rows]

    @cached_property
    def answer(self) -> str:
        """The county in one sentence."""
        count = len(self.rows)
        eligible = sum(row.differentiated_assistance == "certain" for row in self.rows)
        possible = sum(row.differentiated_assistance == "possible" for row in self.rows)
        if not count:
            return f"CDE's status file of {self.year} lists no local educational agency of {self.county} County."
        which = f"{count} local educational agencies" if count > 1 else "one local educational agency"
        verb = "is" if eligible == 1 else "are"
        number = str(eligible) if eligible else "none"
        sentence = (
            f"Of {self.county} County's {which}, {number} {verb} eligible for differentiated assistance in {self.year}"
        )
        if possible:
            others = "the other " if possible == count - eligible and eligible else ""
            sentence += f"; for {others}{possible} it is possible on a ground that is not on record"
        return f"{sentence}."

    @property
    def publications(self) -> list[Publication]:
        """The files that the page's facts were read from; what was asked stands in none."""
        return [one for one in self.decision.graph.publications() if one.sha256]

    @property
    def rules(self) -> list[RuleEntry]:
        """The rules used on the page, by id. Complete once everything explained is made."""
        self._explained()
        for _, step in self.used_parameters.values():
            for derivation in step.derivations:
                self.rule_anchor(derivation.rule)
        return [self.used_rules[name] for name in sorted(self.used_rules)]

    @property
    def parameters(self) -> list[Parameter]:
        """The policy's facts used on the page, by sentence."""
        self._explained()
        found = []
        for anchor, step in self.used_parameters.values():
            entries = []
            for derivation in step.derivations:
                self.rule_anchor(derivation.rule)
                entries.append(self.used_rules[derivation.rule.id])
            found.append(Parameter(anchor, step.sentence, tuple(entries)))
        return sorted(found, key=lambda parameter: (parameter.sentence, parameter.anchor))

    def _explained(self) -> None:
        """Make what is explained on the page, in the order in which it stands there."""
        _ = self.situations, self.leas, self.allowance

    def rule_anchor(self, rule: Rule) -> str:
        """The anchor of ``rule`` in the page's list, noted as used."""
        if rule.id not in self.used_rules:
            self.used_rules[rule.id] = RuleEntry(f"rule-{rule.id}", rule)
        return self.used_rules[rule.id].anchor

    def parameter_anchor(self, step: Step) -> str:
        """The anchor of a policy fact in the page's list, noted as used."""
        known = self.used_parameters.get(step.atom)
        if known is None:
            key = "-".join(str(part).strip('"') for part in step.atom)
            anchor = "fact-" + "".join(c if c.isalnum() or c in "-_" else "-" for c in key)
            known = self.used_parameters[step.atom] = (anchor, step)
        return known[0]

    def _lea(self, row: Determination) -> Lea:
        tree = Trees(self, f"lea-{row.cds}")
        lea = quote(row.cds)
        conclusions = []
        for name, output in self.rulebook.outputs().items():
            steps = self.explainer.about(output.name, lea, self.year)
            if steps:
                conclusions.append(Conclusion(f"{output.heading}: {_summary(row, name)}", tree.render(steps)))
        if row.differentiated_assistance != "certain":
            why_not = self.why_not.of((ELIGIBLE, lea, self.year))
            line = outline(why_not, self.explainer.sentences)
            miss = nearest(why_not)
            words = f"nearest miss: {miss}" if miss else line.sentence
            conclusions.append(Conclusion(f"Why not eligible: {words}", tree.render_why_not(line.below), negative=True))
        past = self.history[row.cds]
        return Lea(
            row=row,
            anchor=f"lea-{row.cds}",
            answer=self._answer(row),
            groups=self._groups(row),
            figures=self._figures(lea),
            instances=tuple(step.sentence for step in self.explainer.about(INSTANCE, lea, self.year)),
            flags=self._flags(row),
            history=tuple(
                Past(one, self._group_words(one), self._published(one), self._flags(one)) for one in reversed(past)
            ),
            conclusions=tuple(conclusions),
            following=tuple(self.following_law.own(lea, tree.render)) if self.following_law else (),
            situation=next((number for number, alike in self._alike.items() if lea in alike), None),
            tree=tree,
        )

    @cached_property
    def _alike(self) -> dict[int, tuple[Value, ...]]:
        """The LEAs of each situation, by its number."""
        if self.following_law is None:
            return {}
        return dict(enumerate(self.following_law.by_situation(quote(row.cds) for row in self.rows), start=1))

    @cached_property
    def situations(self) -> list[Situation]:
        """What comes next, told once for all LEAs of which the same holds."""
        if self.following_law is None:
            return []
        # Explained for the first LEA, below whose section it stands: what is derived there is not derived again.
        trees = {lea.row.cds: lea.tree for lea in self.leas}
        return [
            self.following_law.situation(number, alike, trees[unquote(alike[0])].render)
            for number, alike in self._alike.items()
        ]

    @cached_property
    def allowance(self) -> Allowance | None:
        """What the county office receives; ``None`` where the policy has no formula, or no county office is on record.

        Of LEAs that lack the same, the derivation is shown of the first.
        """
        asked = next((atom for atom in self.decision.graph.facts if atom[0] == "funds_looked_at"), None)
        if asked is None:
            return None
        _, office, fiscal_year = asked
        found = funds(self.decision.graph, unquote(office), int(fiscal_year))
        lacking = missing(self.explainer, found)
        words = self.explainer.sentences
        render = Trees(self, "funds").render
        return Allowance(
            words.lea(office),
            fiscal_year_words(found.fiscal_year),
            amount_words(found.totals[found.usual])
            if found.usual in found.totals
            else open_words(self.decision.graph, found.fiscal_year),
            tuple((words.words("Reading", one), amount_words(atom)) for one, atom in other_readings(found).items()),
            tuple(one.sentence for one in lacking),
            render(self.explainer.step(atom) for atom in reasons(found, (one.atoms[0] for one in lacking))),
        )

    @property
    def without_allowance(self) -> str:
        """Why nothing is said of what the county office receives."""
        date, years = self.decision.scope["as_of"], fiscal_years(self.rulebook)
        if date is None:
            return "Not asked as of a date."
        fiscal_year = fiscal_year_of(self.rulebook, date)
        if fiscal_year in years:
            return f"No county office of {self.county} County is on record."
        first, last = map(fiscal_year_words, (years[0], years[-1]))
        return (
            f"No amount is given: the formulas on hand are for the fiscal years {first} to {last}, "
            f"and {self.as_of} lies in {fiscal_year_words(fiscal_year)}."
        )

    def members(self, situation: Situation) -> list[tuple[str, str]]:
        """The LEAs of a situation: CDS code and name."""
        return [(unquote(lea), self.explainer.sentences.lea(lea, self.year)) for lea in situation.leas]

    def _answer(self, row: Determination) -> str:
        """The LEA in one sentence."""
        if row.methods:
            methods = listed_words(
                self.explainer.sentences.words("Method", int(method)) for method in row.methods.split("+")
            )
            groups = self._group_words(row)
            with_groups = f" with {groups}" if groups else ""
            if row.differentiated_assistance != "certain":
                # A charter school that met the criteria in one year alone.
                return (
                    f"In {self.year}, {row.name} met {methods}{with_groups}; "
                    "by that alone it is not eligible for differentiated assistance."
                )
            return (
                f"{row.name} is eligible for differentiated assistance: in {self.year} it met {methods}{with_groups}."
            )
        lea = quote(row.cds)
        standing = self.explainer.about("standing", lea, self.year) or self.explainer.about("status", lea, self.year)
        derivation = standing[0].derivations[0]
        second = self.explainer.about("second_year", quote(row.cds), self.year)
        return second[0].derivations[0].sentence if second else derivation.sentence

    def _groups(self, row: Determination) -> tuple[Group, ...]:
        found = []
        for part in row.groups.split():
            code, _, numbers = part.partition("=")
            words = self.explainer.sentences.words("Group", code.lower())
            found.append(Group(f"{words[:1].upper()}{words[1:]}", tuple(map(int, numbers.split("+")))))
        return tuple(found)

    @cached_property
    def indicators(self) -> list[Value]:
        """The indicators that the year's criteria use, in the order of the vocabulary's names."""
        used = {atom[2] for atom in self.decision.graph.atoms("indicator_used") if atom[1] == self.year}
        return [code for code in self.rulebook.names["Indicator"] if code in used]

    def _figures(self, lea: str) -> tuple[FigureRow, ...]:
        """The Dashboard's rows of one LEA: a row for each student group with a figure, a cell for each indicator."""
        arguments = self.rulebook.predicates[ROW].arguments
        by_group: dict[Value, dict[Value, FigureCell]] = {}
        for step in self.explainer.about(ROW, lea, self.year):
            row = dict(zip(arguments, step.atom[1:], strict=True))
            if row["Status"] == _NONE:
                continue
            words = self.explainer.sentences.words
            status, change = words("Status", row["Status"]), row["Change"]
            sign = "+" if isinstance(change, int) and change > 0 else ""
            figure = status if change == _NONE else f"{status} ({sign}{words('Change', change)})"
            color = str(row["Color"])
            label = words("Color", color) if color != _NONE else f"level {row['StatusLevel']}"
            if color == _NONE and row["StatusLevel"] == _NONE:
                label = "no color"
            by_group.setdefault(row["Group"], {})[row["Indicator"]] = FigureCell(color, label, figure)
        rows = []
        for group in sorted(by_group, key=str):
            words_ = self.explainer.sentences.words("Group", group)
            cells = tuple(by_group[group].get(indicator) for indicator in self.indicators)
            rows.append(FigureRow(f"{words_[:1].upper()}{words_[1:]}", cells))
        return tuple(rows)

    @cached_property
    def reconciliation(self) -> list[str]:
        """What figures and letters, and decisions and CDE's printed answers, have in common; a sentence each."""
        compared = cells(self.decision.graph)
        count, differences = compare_printed(self.decision.determinations(), self.decision.printed)
        sentences = [
            f"Statuses, methods and EC 52072 flags that CDE printed for {self.county} County: {count:,} compared, "
            f"{len(differences):,} differ."
        ]
        for what, computed, differing in printed_levels(self.decision):
            if computed:
                sentences.append(f"Printed {what} computed anew: {computed:,}, {differing:,} differ.")
        for year, total, kinds in summary(compared):
            counted = "; ".join(f"{number:,} {kind}" for kind, number in kinds)
            sentences.append(
                f"{year}, figures and letters, student group by student group: {total:,} compared: {counted}."
            )
        words = self.explainer.sentences.words
        names = {(row.cds, row.dashboard_year): row.name for row in self.decision.determinations()}
        sentences += [
            f"{names[one.cds, one.year]}, {one.year}, {words('Group', one.group.lower())}: CDE’s letter says "
            f"{_numbered(one.letters)}, the figures show {_numbered(one.figures)}. The letter decides."
            for one in compared
            if one.comparison == DIFFER
        ]
        sentences += [
            f"{one.name}, {one.year}: {one.what} is {one.ours or 'empty'}; CDE printed {one.published}."
            for one in differences
        ]
        return sentences

    def _group_words(self, row: Determination) -> str:
        parts = []
        for part in row.groups.split():
            code, _, numbers = part.partition("=")
            words = self.explainer.sentences.words("Group", code.lower())
            parts.append(f"{words} (Priorities {listed_words(numbers.split('+'))})")
        return listed_words(parts)

    def _published(self, row: Determination) -> str:
        status = self.decision.printed.get((row.dashboard_year, row.cds), {}).get("status")
        if status is None:
            return "not on record"
        return "the same" if status == row.status else f"differs: {status}"

    def _flags(self, row: Determination) -> dict[str, str]:
        return {
            output.name: _flag(row, output.name) for output in self.rulebook.outputs().values() if output.name != STATUS
        }

    def heading(self) -> Html:
        """The page's header."""
        return self._part("heading")

    def glance(self) -> Html:
        """The table of all LEAs."""
        return self._part("glance")

    def sections(self) -> Html:
        """The LEAs' sections."""
        macro = templates().get_template("county.html.j2").module.lea  # type: ignore[attr-defined]
        return Html("\n".join(str(macro(self, lea)) for lea in self.leas))

    def next_steps(self) -> Html:
        """The situations: pathways, consequences and duties."""
        return self._part("situations")

    def funds(self) -> Html:
        """What the county office receives."""
        return self._part("funds")

    def rules_used(self) -> Html:
        """The rules used on the page, with their quotations."""
        return self._part("rules")

    def parameters_used(self) -> Html:
        """The policy's facts used on the page."""
        return self._part("parameters")

    def reconciled(self) -> Html:
        """What figures, letters and CDE's printed answers have in common."""
        return self._part("reconciled")

    def sources(self) -> Html:
        """The files that the facts were read from."""
        return self._part("sources")

    def colophon(self) -> Html:
        """The page's footer."""
        return self._part("colophon")

    def _part(self, name: str) -> Html:
        return Html(str(getattr(templates().get_template("county.html.j2").module, name)(self)))


def _numbered(priorities: Collection[int]) -> str:
    """The priorities in words, as a letter or figures show them."""
    return f"Priorities {listed_words(list(map(str, sorted(priorities))))}" if priorities else "none"


def _ground(row: Determination) -> str:
    if row.methods and row.differentiated_assistance == "certain":
        return f"Method {row.methods.replace('+', ', ')}"
    if AS_PRINTED["eligible_as_printed"] in row.basis:
        return "as CDE printed"
    if row.differentiated_assistance == "certain":
        return "second year"
    return "none on record" if row.methods_not_on_record else "none"


def _flag(row: Determination, predicate: str) -> str:
    if predicate == "lcap_goal_group":
        return row.lcap_goal_groups or "–"
    return _FLAG_WORDS[getattr(row, predicate)]


def _summary(row: Determination, output: str) -> str:
    return row.status if output == STATUS else _flag(row, output)
