"""What the page of one case shows: the pathways of an LEA step by step, and what may and must happen next, by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from pyreport.evidence.scope import Scope
from pyreport.explanation.numbered import NumberedSteps
from pyreport.explanation.sentences import date_words
from pyreport.explanation.text import cell_words
from pyreport.explanation.tree import Explainer
from pyreport.following.as_of_date import FollowingLaw, Pathway
from pyreport.following.consequences import POSSIBLE, Consequence, consequences, standing_headings
from pyreport.reasoning.decision import Decision, decide
from pyreport.reporting.export import page_title
from pyreport.reporting.page_inputs import case_facts_of, record_of, rulebook_asked_for
from pyreport.reporting.page_request import PageRequest
from pyreport.reporting.proof_list import citations_on, law_links, proof_list, step_link
from pyreport.reporting.rendering import Html, rendered
from pyreport.rulebook.citing import day_of
from pyreport.rulebook.rows import atom_of
from pyreport.rulebook.syntax import quote

__all__ = ["CasePage", "case_page"]

_TEMPLATE = "case.html.j2"
_LAW = "law.html"
_EVENT = "event"


def case_page(lea: str, as_of: int, request: PageRequest = PageRequest()) -> CasePage:  # noqa: B008
    """Decide the case of one LEA as of a date and prepare its page.

    Args:
        lea: The LEA's CDS code, 14 digits.
        as_of: The date, YYYYMMDD.
        request: The evidence, case files and reading; its year and date are not used.

    Raises:
        PolicyError, EvidenceError, ProofError, ReasoningError: As their modules say.
    """
    rulebook, record = rulebook_asked_for(request), record_of(request.evidence)
    case = case_facts_of(request)
    return CasePage(decide(rulebook, record, Scope(only={lea}, as_of=as_of), case=case), lea, as_of)


@dataclass(frozen=True)
class Event:
    """Something that happened: a sentence, and where it is recorded."""

    sentence: str
    source: str


class CasePage:
    """The parts of a case's page, in the order of the notebook."""

    def __init__(self, decision: Decision, cds: str, as_of: int) -> None:
        self.decision, self.cds, self.date = decision, cds, as_of
        self.lea = quote(cds)
        self.explainer = Explainer(decision.graph)
        self.name = self.explainer.sentences.lea(self.lea)
        self.as_of = date_words(as_of)
        self.verdict = str(decision.verdict)
        self.rules = decision.rulebook.fingerprint
        self.pathways: Sequence[Pathway] = FollowingLaw(self.explainer).pathways(self.lea)
        self._consequences = consequences(decision, cds, as_of)
        self.numbered = NumberedSteps(step for pathway in self.pathways for step in pathway.steps)
        self.numbered.add(one.step for one in self._consequences if one.standing != POSSIBLE)

    @property
    def title(self) -> str:
        """The page's title."""
        return page_title(f"{self.name}, as of {self.as_of}", self.decision.years[-1])

    @cached_property
    def events(self) -> list[Event]:
        """What happened, by date."""
        graph = self.decision.graph
        rows = sorted(graph.rows(_EVENT, lea=self.lea), key=lambda row: (row.date, str(row)))
        steps = [self.explainer.step(atom_of(row)) for row in rows]
        return [Event(step.sentence, cell_words(step.cell) if step.cell else "") for step in steps]

    @cached_property
    def consequences(self) -> list[tuple[str, list[Consequence]]]:
        """What is required, permitted, possible and excluded, under its heading."""
        parts = []
        for standing, heading in standing_headings(self.decision.rulebook).items():
            own = [one for one in self._consequences if one.standing == standing]
            if own:
                parts.append((heading, own))
        return parts

    def law_of(self, consequence: Consequence) -> Markup:
        """The law of a consequence."""
        return law_links(citations_on(consequence.step, day_of(self.date)), _LAW)

    def number_of(self, consequence: Consequence) -> Markup:
        """The number of its step, if the page proves it."""
        return step_link(self.numbered.number(consequence.step))

    def heading(self) -> Html:
        """The LEA and the date."""
        return self._part("heading")

    def what_happened(self) -> Html:
        """The events on record."""
        return self._part("what_happened")

    def ways_to_ccee(self) -> Html:
        """How each pathway stands, and what it awaits."""
        return self._part("ways_to_ccee")

    def what_next(self) -> Html:
        """What is required, permitted, possible and excluded."""
        return self._part("what_next")

    def steps(self) -> Html:
        """The numbered steps of the proof."""
        return Html(proof_list(self.numbered, _LAW))

    def colophon(self) -> Html:
        """The page's footer."""
        return self._part("colophon")

    def _part(self, name: str) -> Html:
        return rendered(_TEMPLATE, name, self)
