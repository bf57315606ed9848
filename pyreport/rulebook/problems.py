"""What is wrong with a policy, said so that its author can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from pyreport.errors import PyreportError

__all__ = ["Finding", "PolicyError", "Problem"]


class Finding(Enum):
    """A kind of problem: the id that ``pyreport lint`` prints, and what it means. An id is never reused."""

    UNREADABLE_FILE = (
        "unreadable-file",
        "A file of the policy is missing, is not UTF-8, or cannot be read as YAML or as a clingo program.",
    )
    OUTSIDE_SUBSET = (
        "outside-subset",
        "A construct that the derivations could not explain, such as a choice, a constraint, a script or a pool in a "
        "body. The policy decides, it does not choose: write facts and rules of literals, comparisons and #count.",
    )
    ANONYMOUS_VARIABLE = (
        "anonymous-variable",
        "'_' in a rule. Each of its values would be a derivation of its own that looks like the others, or one hidden "
        "behind them. Give the variable its name.",
    )
    MISSING_LABEL = (
        "missing-label",
        "A rule or fact without '% @rule': no derivation, test or report could name it. Write the label right above "
        "it.",
    )
    FAULTY_LABEL = (
        "faulty-label",
        "A label that says what no label says, says it twice, lacks @says or @unless, or belongs to no rule: a label "
        "is an unbroken run of comments in the first column that ends on the line before its rule.",
    )
    DUPLICATE_ID = (
        "duplicate-id",
        "Two rules of one id, or a predicate declared twice. What cites the id would mean either.",
    )
    MISSING_CITATION = (
        "missing-citation",
        "A rule or fact that cites no authority. Nothing is law here because somebody wrote it down.",
    )
    UNRESOLVED_CITATION = (
        "unresolved-citation",
        "@cite names an authority or a passage that authorities.yaml does not have.",
    )
    UNKNOWN_PLACEHOLDER = (
        "unknown-placeholder",
        "A placeholder in braces that nothing would fill: in @says, no variable of the rule; in @unless, none of its "
        "head; in a sentence of the vocabulary, no argument of the predicate.",
    )
    FAULTY_AUTHORITY = (
        "faulty-authority",
        "An entry of authorities.yaml lacks a field, has an unknown one, or holds what the field cannot be.",
    )
    MISSING_SOURCE = (
        "missing-source",
        "The file in which the quotations of an authority are said to stand is not among the sources.",
    )
    UNSUPPORTED_QUOTATION = (
        "unsupported-quotation",
        "A passage of authorities.yaml does not stand word for word in its source. Only spaces and the shape of "
        "quotation marks may differ.",
    )
    ILL_FITTING_CITATION = (
        "ill-fitting-citation",
        "A rule or fact cites a passage that speaks of another Dashboard year, indicator, method or kind of LEA than "
        "it is applied to (`about` in authorities.yaml). Cite the passage of the case, in the table that has it; what "
        "is inferred from another year says from which.",
    )
    CITATION_NOT_IN_FORCE = (
        "citation-not-in-force",
        "A rule or fact cites a passage that was not in force on the date, or when the Dashboard came out, to which it "
        "is applied. Cite the text of the day, or say in authorities.yaml from when the passage read so.",
    )
    FAULTY_NAMES = (
        "faulty-names",
        "names.yaml is not a mapping of arguments to codes and words, or lacks the words for a code that a fact names.",
    )
    FAULTY_DECLARATION = (
        "faulty-declaration",
        "A predicate's comment in the vocabulary cannot be read or lacks a line, or an input lacks '#defined'.",
    )
    UNDEFINED_PREDICATE = (
        "undefined-predicate",
        "A rule uses a predicate that the vocabulary does not have, or the vocabulary has one that nothing states.",
    )
    UNUSED_PREDICATE = (
        "unused-predicate",
        "A predicate is stated or derived, but no rule reads it, and the vocabulary marks it neither 'Output' nor "
        "'Used by'.",
    )
    UNIT_CLASH = (
        "unit-clash",
        "Two predicates give one name of an argument different units, or one gives it a unit and another none. "
        "Sentences go by the name: what is a date here is a plain number there, and would be worded as a date. Give "
        "one of them a name of its own, or declare the unit.",
    )
    ARITY_CLASH = (
        "arity-clash",
        "An atom has another number of arguments than the vocabulary gives its predicate. Clingo would take it for "
        "another predicate, of which nothing holds.",
    )
    WRONG_STATER = (
        "wrong-stater",
        "A rule concludes, or a fact states, what the vocabulary leaves to another: evidence, policy or rules.",
    )
    FAULTY_READING = (
        "faulty-reading",
        "A reading lacks its header or replaces a rule that does not exist, or a header stands outside readings/.",
    )
    NEGATION_CYCLE = (
        "negation-cycle",
        "A conclusion depends on its own absence through 'not' or a count: there might be several answers, or none.",
    )
    CAPTURED_VARIABLE = (
        "captured-variable",
        "A counted variable stands outside the count too. It then has one value in each application of the rule, "
        "and the count is 0 or 1 whatever the data say.",
    )
    ALIKE_DERIVATIONS = (
        "alike-derivations",
        "A variable stands once in the rule, not in its head and not in @says, and facts of the policy give it several "
        "values: the same conclusion is derived several times, in the same words. Name the variable in @says, or ask "
        "for less. Only predicates that the policy states are looked at: of the others nobody declares which "
        "arguments settle the rest.",
    )
    UNORDERED_TIME = (
        "unordered-time",
        "A rule about a date joins a day, a Dashboard year or a school year of the record that nothing relates to the "
        "date: what comes later would bind the date asked about. Compare the two, or ask for what was out on the date.",
    )
    INCOMPLETE_YEAR = (
        "incomplete-year",
        "A Dashboard year was begun and something is missing that every year states (years/families.lp), or names what "
        "nothing defines. Rules would find nothing there and rule things out. Write the entry, or write into "
        "years/not_stated.lp that the year has none.",
    )
    UNDECIDED = (
        "undecided",
        "An entry was copied from another year and nobody has decided it yet (`pyreport new-year`). Read the source of "
        "the year, keep, change or replace the entry, cite the source, and delete the line with @undecided.",
    )
    CLINGO_MESSAGE = (
        "clingo-message",
        "Clingo has an error or a warning about the plain rules, such as a variable that nothing binds. At work every "
        "such message is an error.",
    )

    def __init__(self, id: str, meaning: str) -> None:
        self.id = id
        self.meaning = meaning


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One finding: file, line (1-based), what to write instead, and what kind of problem it is."""

    file: str
    line: int
    message: str
    finding: Finding = field(compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class PolicyError(PyreportError):
    """The policy does not load. All its problems are reported together."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        count = len(self.problems)
        heading = f"The policy does not load: {count} problem{'s' if count > 1 else ''}."
        super().__init__("\n".join([heading, *map(str, self.problems)]))
