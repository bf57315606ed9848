"""What a county's page shows, prepared from a checked decision. The notebook lays it out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path

from markupsafe import Markup

from pyreport.comparison.statement import reconciliation_sentences
from pyreport.evidence.counties import counties, county_code, county_slug
from pyreport.evidence.model import Publication
from pyreport.explanation.sentences import date_words
from pyreport.explanation.tree import Explainer
from pyreport.files.fingerprints import fingerprint_of
from pyreport.following.consequences import Possibilities
from pyreport.following.situations import FollowingLaw, Situation
from pyreport.proof.packing import pack
from pyreport.reasoning.decision import Decision
from pyreport.reasoning.determinations import Certainty, Determination
from pyreport.reporting.county_decisions import carried_decision, county_decision
from pyreport.reporting.county_funds import Allowance, allowance, why_no_allowance
from pyreport.reporting.export import page_title
from pyreport.reporting.figures_grid import indicators_used
from pyreport.reporting.layout import county_layout
from pyreport.reporting.lea_sections import NOT_DECIDED, LeaSection, LeaSections, flag_words
from pyreport.reporting.page_request import PageRequest
from pyreport.reporting.rendering import Html, rendered
from pyreport.reporting.rules_used import Parameter, RuleEntry, RulesUsed
from pyreport.reporting.trees import Trees
from pyreport.rulebook.rule import Reading
from pyreport.rulebook.syntax import Value, quote, unquote
from pyreport.rulebook.vocabulary import Predicate

__all__ = ["CountyPage", "county_page"]

_STATUS = "status"
_KINDS = ("county_office", "district", "charter")
"""The kinds of LEAs in the order of the page."""
_TEMPLATE = "county.html.j2"


def county_page(
    county: str,
    request: PageRequest = PageRequest(),  # noqa: B008  (a value that never changes)
    *,
    batch: Sequence[str] = (),
    graph: str | None = None,
) -> CountyPage:
    """Decide one county and prepare its page.

    Args:
        county: Name or code.
        request: What the page is asked for.
        batch: Codes of the counties whose pages are made one after the other in this process: without case facts they
            are derived in one run of the solver.
        graph: Path of a file with the packed graph of a page of this county, to make the page again from it: nothing is
            decided, and no evidence is read.

    Raises:
        ValueError: There is no such county.
        YearNotEncoded, PolicyError, EvidenceError, ProofError: As their modules say.
    """
    code = county_code(county)
    if graph is not None:
        return CountyPage(code, carried_decision(Path(graph), request))
    return CountyPage(code, county_decision(code, request, batch))


@cache
def _possibilities_of(fingerprint: str) -> Possibilities:
    """What is possible in cases that are alike, by the rules of that fingerprint; worked out once a process."""
    return Possibilities()


class CountyPage:
    """The parts of one county's page, in the order of the notebook.

    Args:
        code: The county's code, two digits.
        decision: The checked decision about the county up to the page's Dashboard year.
    """

    def __init__(self, code: str, decision: Decision) -> None:
        self.code, self.decision = code, decision
        self.year: int = decision.scope["until"]
        self.county = counties()[code]
        self.rulebook = decision.rulebook
        self.explainer = Explainer(decision.graph)
        self.fingerprint = self.rulebook.fingerprint
        as_of = decision.scope["as_of"]
        self.as_of = None if as_of is None else date_words(as_of)
        self.following_law = (
            None if as_of is None else FollowingLaw(self.explainer, as_of, _possibilities_of(self.fingerprint))
        )
        self.proof = str(decision.verdict)
        self._rules_used = RulesUsed()

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
        return sorted(rows, key=lambda row: (_KINDS.index(row.kind), row.name, row.cds))

    @cached_property
    def flags(self) -> list[Predicate]:
        """The outputs beside the status that are decided in any year the page shows."""
        rows = [past for history in self.history.values() for past in history]
        return [output for output in self._outputs if _is_decided(output, rows)]

    @property
    def current_flags(self) -> list[Predicate]:
        """Those of the flags that are decided in the page's year."""
        return [output for output in self.flags if _is_decided(output, self.rows)]

    @property
    def _outputs(self) -> list[Predicate]:
        return [output for output in self.rulebook.outputs().values() if output.name != _STATUS]

    @cached_property
    def priorities(self) -> dict[Value, str]:
        """The state priorities that CDE's letters speak of, with their names."""
        numbers = {row.priority for row in self.rulebook.rows("letter_means")}
        return {number: self.explainer.sentences.words("Priority", number) for number in sorted(numbers)}

    @cached_property
    def indicators(self) -> list[str]:
        """The names of the indicators that the year's criteria use, the columns of the grids of figures."""
        words = self.explainer.sentences.words
        return [words("Indicator", indicator) for indicator in indicators_used(self.explainer, self.year)]

    @cached_property
    def leas(self) -> list[LeaSection]:
        """The LEAs' sections."""
        sections = LeaSections(self.decision, self.explainer)
        return [self._section(sections, row) for row in self.rows]

    def _section(self, sections: LeaSections, row: Determination) -> LeaSection:
        lea, tree = quote(row.cds), Trees(self._rules_used, f"lea-{row.cds}")
        return sections.section(self.history[row.cds], tree, self.following_law, self._situation_numbers.get(lea))

    @cached_property
    def answer(self) -> str:
        """The county in one sentence."""
        count = len(self.rows)
        eligible = sum(row.differentiated_assistance is Certainty.CERTAIN for row in self.rows)
        possible = sum(row.differentiated_assistance is Certainty.POSSIBLE for row in self.rows)
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
        """The files that the page's facts were read from; what was asked is in none."""
        return [publication for publication in self.decision.graph.publications() if publication.sha256]

    @property
    def rules(self) -> list[RuleEntry]:
        """The rules used on the page, by id."""
        self._render_derivations()
        return self._rules_used.rules()

    @property
    def parameters(self) -> list[Parameter]:
        """The policy's facts used on the page, by sentence."""
        self._render_derivations()
        return self._rules_used.parameters()

    def _render_derivations(self) -> None:
        """Render all derivations of the page: only then is it known which rules and facts they use."""
        _ = self.situations, self.leas, self.allowance

    @cached_property
    def _alike(self) -> dict[int, tuple[Value, ...]]:
        """The LEAs (quoted CDS codes) of each situation, by its number."""
        if self.following_law is None:
            return {}
        return dict(enumerate(self.following_law.by_situation(quote(row.cds) for row in self.rows), start=1))

    @cached_property
    def _situation_numbers(self) -> dict[Value, int]:
        return {lea: number for number, leas in self._alike.items() for lea in leas}

    @cached_property
    def situations(self) -> list[Situation]:
        """What comes next, described once for all LEAs of which the same holds."""
        if self.following_law is None:
            return []
        # Explained for the first LEA, below whose section it is: what is derived there is not derived again.
        trees = {lea.row.cds: lea.tree for lea in self.leas}
        return [
            self.following_law.situation(number, leas, trees[unquote(leas[0])].render)
            for number, leas in self._alike.items()
        ]

    def members(self, situation: Situation) -> list[tuple[str, str]]:
        """The LEAs of a situation: CDS code and name."""
        return [(unquote(lea), self.explainer.sentences.lea(lea, self.year)) for lea in situation.leas]

    @cached_property
    def allowance(self) -> Allowance | None:
        """What the county office receives; ``None`` where ``without_allowance`` says why not."""
        return allowance(self.explainer, Trees(self._rules_used, "funds"))

    @property
    def without_allowance(self) -> str:
        """Why nothing is said of what the county office receives."""
        return why_no_allowance(self.rulebook, self.county, self.decision.scope["as_of"])

    @cached_property
    def reconciliation(self) -> list[str]:
        """How figures and letters, and determinations and CDE's printed answers, compare; a sentence each."""
        return reconciliation_sentences(self.decision, self.county, self.explainer.sentences)

    def heading(self) -> Html:
        """The page's header."""
        return self._part("heading")

    def glance(self) -> Html:
        """The table of all LEAs."""
        return self._part("glance")

    def sections(self) -> Html:
        """The LEAs' sections."""
        return Html("\n".join(rendered(_TEMPLATE, "lea", self, lea).text for lea in self.leas))

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
        return rendered(_TEMPLATE, name, self)


def _is_decided(output: Predicate, rows: Sequence[Determination]) -> bool:
    """Whether an output is decided of any of some determinations."""
    return any(flag_words(row, output) != NOT_DECIDED for row in rows)
