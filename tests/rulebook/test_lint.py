"""Each kind of finding is found in a policy that is faulty in that one way, and none in a policy without fault."""

from __future__ import annotations

import shutil

import pytest
from openpyxl import Workbook

from pyreport.files.places import policy_folder, sources_folder
from pyreport.rulebook.lint.checks import checks
from pyreport.rulebook.lint.lint import lint
from pyreport.rulebook.lint.quotations import stands_in
from pyreport.rulebook.problems import Finding

from .policies import (
    AUTHORITIES,
    NAMES,
    RULES,
    TEXTS,
    VOCABULARY,
    changed,
    declared,
    line_of,
    write_policy,
    write_sources,
)

LABEL = "% @rule marks.more\n% @cite ACT (a)\n% @says More\n% @unless Less\n"
END = "    not marked(LEA, Year).\n"
VOCABULARY_HEAD = "%# Vocabulary\n\n"
READING = "% @reading Otherwise\n% @rejected It is not so\n% @replaces marks.{replaced}\n\n"


def ending(rule: str, label: str = LABEL, vocabulary: str = "") -> dict[str, str]:
    """The made-up policy with one rule more, and what the vocabulary declares for it."""
    texts = changed(RULES, END, f"{END}\n{label}{rule}\n")
    return texts | changed(VOCABULARY, VOCABULARY_HEAD, VOCABULARY_HEAD + vocabulary)


MORE = declared("more(LEA)", "rules", "Used by: reports\n")
RATED = declared("rated(Group, Mark)", "policy")
RATED_FACTS = "% @rule marks.rated\n% @cite ACT (a)\n% @says {Group}: {Mark}\nrated(fos, (1; 2)).\n\n"


def measured(heading: str, units: str = "") -> str:
    """A fact of the evidence that reports alone read, its units declared."""
    return declared(heading, "evidence", f"Used by: reports\n{units}\n")


USED = "Used by: reports\n"
ASKED = declared("asked(LEA, Date)", "evidence", "Dates: Date\n").replace(
    "Date: what it is", "Date: the date as of which it is"
)
OPENED = declared("opened(LEA, Opened)", "evidence", "Dates: Opened\n")
OPEN = declared("open(LEA, Date)", "rules", "Used by: reports\nDates: Date\n")
DATED = f"{ASKED}{OPENED}{OPEN}"

YEAR_STATES = declared("year_states(Family, Predicate, Each, Beside, File)", "policy", USED)
SAYS_OF = declared("says_of(Family, Value, Also, Since)", "policy", USED)
DATED_LEAST = declared("least_in(Year, Mark)", "policy", USED)
OF_YEARS = f"""\
{YEAR_STATES}{SAYS_OF}{DATED_LEAST}
% @rule years.least
% @cite ACT (a)
% @says How many count
year_states(least, least_in, nothing, nothing, "marks/marks.lp").

% @rule years.least.of
% @cite ACT (a)
% @says From {{Since}} on
says_of(least, nothing, nothing, 1999).

% @rule years.other
% @cite ACT (a)
% @says Which mark counts
year_states(mark, student_group_in, "Group", nothing, "marks/marks.lp").

% @rule years.other.of
% @cite ACT (a)
% @says From {{Since}} on
says_of(mark, fos, nothing, 1999).

% @rule marks.least-in
% @cite ACT (a)
% @says {{Mark}} in {{Year}}
least_in(1999, 2).
"""

ONCE = declared("more(Mark)", "policy", f"{USED}Once for: all\n")
ORDERED = declared("more(Mark, Before)", "policy", f"{USED}Acyclic: Mark, Before\n")
INTERVAL = declared("more(Mark, Start, Finish)", "policy", f"{USED}Dates: Start, Finish\nInterval: Start, Finish\n")
DAY = declared("more(Mark)", "policy", f"{USED}Dates: Mark\n")
JANUARY_AND_MARCH = "more(1, 20000101, 20000131).\n\n" + LABEL.replace("marks.more", "marks.march")
JANUARY_AND_MARCH += "more(1, 20000301, 20000331)."
APART = RATED_FACTS.replace("rated(fos, (1; 2))", "rated(fos, 1)")
APART += APART.replace("marks.rated", "marks.rated.hom").replace("(fos, 1)", "(hom, 2)")

ROUND = [(1, 2), (2, 3), (3, 1)]

FAULTS: dict[str, tuple[Finding, dict[str, str]]] = {
    "a file that is no program": (Finding.UNREADABLE_FILE, {"more/more.lp": "quiet(1\n"}),
    "an entry that nobody decided": (
        Finding.UNDECIDED,
        changed(RULES, "% @rule marks.least\n", "% @rule marks.least\n% @undecided as in 1998?\n"),
    ),
    "a year that says nothing of one family": (Finding.INCOMPLETE_YEAR, {"years/years.lp": OF_YEARS}),
    "a choice": (Finding.OUTSIDE_SUBSET, ending("{ quiet(LEA, 1) } :- listed(LEA, 1).")),
    "an anonymous variable": (Finding.ANONYMOUS_VARIABLE, ending("more(LEA) :- listed(LEA, _).", vocabulary=MORE)),
    "a conclusion without a label": (Finding.MISSING_LABEL, ending("quiet(LEA, 0) :- listed(LEA, 0).", label="")),
    "a label without @says": (
        Finding.FAULTY_LABEL,
        ending("quiet(LEA, 0) :- listed(LEA, 0).", label=LABEL.replace("% @says More\n", "")),
    ),
    "an id given twice": (
        Finding.DUPLICATE_ID,
        ending("quiet(LEA, 0) :- listed(LEA, 0).", label=LABEL.replace("marks.more", "marks.quiet")),
    ),
    "no citation": (
        Finding.MISSING_CITATION,
        ending("quiet(LEA, 0) :- listed(LEA, 0).", label=LABEL.replace("% @cite ACT (a)\n", "")),
    ),
    "an unknown passage": (
        Finding.UNRESOLVED_CITATION,
        ending("quiet(LEA, 0) :- listed(LEA, 0).", label=LABEL.replace("ACT (a)", "ACT (z)")),
    ),
    "a placeholder that nothing fills": (
        Finding.UNKNOWN_PLACEHOLDER,
        ending("quiet(LEA, 0) :- listed(LEA, 0).", label=LABEL.replace("More", "{More}")),
    ),
    "an authority without a field": (Finding.FAULTY_AUTHORITY, changed(AUTHORITIES, "  source: memo.txt\n", "")),
    "a source that is not there": (Finding.MISSING_SOURCE, changed(AUTHORITIES, "memo.txt", "lost.txt")),
    "a quotation with a word too many": (
        Finding.UNSUPPORTED_QUOTATION,
        changed(AUTHORITIES, "Foster youth and", "Foster youth and most"),
    ),
    "a passage on another year": (
        Finding.ILL_FITTING_CITATION,
        ending("more(1999).", LABEL.replace("ACT (a)", "MEMO groups"), declared("more(Year)", "policy", USED)),
    ),
    "a passage that was no longer in force": (
        Finding.CITATION_NOT_IN_FORCE,
        ending("more(20020101).", vocabulary=declared("more(Date)", "policy", USED)),
    ),
    "a code without words": (Finding.FAULTY_NAMES, changed(NAMES, "  hom: homeless students\n", "")),
    "an input without #defined": (Finding.FAULTY_DECLARATION, changed(VOCABULARY, "#defined letter/3.\n", "")),
    "a predicate that is not declared": (Finding.UNDEFINED_PREDICATE, ending("quiet(LEA, 0) :- mighty(LEA).")),
    "a conclusion that nobody reads": (
        Finding.UNUSED_PREDICATE,
        ending("more(LEA) :- listed(LEA, 0).", vocabulary=declared("more(LEA)", "rules")),
    ),
    "a fact of the policy that nobody reads": (
        Finding.UNUSED_PREDICATE,
        ending("more(1).", vocabulary=declared("more(LEA)", "policy")),
    ),
    "an input that nobody reads": (
        Finding.UNUSED_PREDICATE,
        changed(VOCABULARY, VOCABULARY_HEAD, VOCABULARY_HEAD + declared("more(LEA)", "evidence")),
    ),
    "an argument that is a date and no date": (
        Finding.UNIT_CLASH,
        changed(
            VOCABULARY,
            VOCABULARY_HEAD,
            VOCABULARY_HEAD + measured("more(Mark)", "Dates: Mark") + measured("rated(Mark)"),
        ),
    ),
    "an argument in tenths and in sixths": (
        Finding.UNIT_CLASH,
        changed(
            VOCABULARY,
            VOCABULARY_HEAD,
            VOCABULARY_HEAD + measured("rated(Mark)", "Tenths: Mark") + measured("more(Mark)", "Sixths: Mark"),
        ),
    ),
    "an argument in two units at once": (
        Finding.UNIT_CLASH,
        changed(VOCABULARY, VOCABULARY_HEAD, VOCABULARY_HEAD + measured("more(Mark)", "Tenths: Mark\nCents: Mark")),
    ),
    "an argument too few": (Finding.ARITY_CLASH, ending("quiet(LEA, 0) :- listed(LEA).")),
    "a fact where a rule must conclude": (Finding.WRONG_STATER, ending("quiet(1, 2).")),
    "a reading of a rule that is not there": (
        Finding.FAULTY_READING,
        {"readings/other.lp": READING.format(replaced="none")},
    ),
    "a circle through not": (Finding.NEGATION_CYCLE, ending("marked(LEA, 0) :- listed(LEA, 0), not quiet(LEA, 0).")),
    "a counted variable that stands outside the count": (
        Finding.CAPTURED_VARIABLE,
        ending("more(LEA) :- letter(LEA, Year, Group), #count { Group : letter(LEA, Year, Group) } >= 2.", LABEL, MORE),
    ),
    "facts that a sentence does not tell apart": (
        Finding.ALIKE_DERIVATIONS,
        ending("more(LEA) :- letter(LEA, Year, Group), rated(Group, Mark).", RATED_FACTS + LABEL, MORE + RATED),
    ),
    "a day that nothing relates to the date asked about": (
        Finding.UNORDERED_TIME,
        ending("open(LEA, Date) :- asked(LEA, Date), opened(LEA, Opened).", vocabulary=DATED),
    ),
    "a Dashboard year that nothing relates to the date asked about": (
        Finding.UNORDERED_TIME,
        ending(
            "open(LEA, Date) :- asked(LEA, Date), opened(LEA, Opened), Opened <= Date, rated(LEA, Last).",
            vocabulary=DATED
            + declared("rated(LEA, Last)", "evidence").replace("Last: what it is", "Last: school year"),
        ),
    ),
    "arithmetic on what is no number": (
        Finding.CLINGO_MESSAGE,
        ending("more(Other) :- student_group(Group), Other = Group + 1.", vocabulary=MORE),
    ),
    "a fact that is stated twice": (Finding.DUPLICATE_FACT, ending("student_group(fos).")),
    "two values of what is stated once": (Finding.TWO_VALUES, ending("more((1; 2)).", vocabulary=ONCE)),
    "an order that runs in a circle": (Finding.CIRCLE, ending("more((1; 2), (1; 2)).", vocabulary=ORDERED)),
    "intervals that overlap": (
        Finding.OVERLAP,
        ending("more(1, 20000101, (20001231; 20010630)).", vocabulary=INTERVAL),
    ),
    "an interval that ends before it begins": (
        Finding.OVERLAP,
        ending("more(1, 20000102, 20000101).", vocabulary=INTERVAL),
    ),
    "a gap between intervals": (
        Finding.GAP,
        ending(JANUARY_AND_MARCH, vocabulary=INTERVAL.replace("Args:", "Gapless: Mark\nArgs:")),
    ),
    "a day that is in no calendar": (Finding.NO_SUCH_DAY, ending("more(20000230).", vocabulary=DAY)),
    "a constant that is no student group": (
        Finding.UNKNOWN_VALUE,
        ending("more(LEA) :-\n    letter(LEA, Year, fox).", vocabulary=MORE),
    ),
    "a constant that no fact has": (
        Finding.UNKNOWN_VALUE,
        ending("more(LEA) :- letter(LEA, Year, Group), rated(Group, 3).", RATED_FACTS + LABEL, MORE + RATED),
    ),
    "two arguments in exchanged places": (
        Finding.ARGUMENT_CLASH,
        ending("more(LEA) :-\n    letter(LEA, Group, Year).", vocabulary=MORE),
    ),
    "a student group that is a date": (
        Finding.ARGUMENT_CLASH,
        ending("more(LEA) :- letter(LEA, Year, Third), opened(LEA, Third).", vocabulary=MORE + OPENED),
    ),
    "comparisons that no number fulfills": (
        Finding.NEVER_APPLIES,
        ending("more(LEA) :- letter(LEA, Year, Group), least(Count), Year < Count, Year > Count - 1.", vocabulary=MORE),
    ),
    "a condition that is asked for and excluded": (
        Finding.NEVER_APPLIES,
        ending("more(LEA) :- letter(LEA, Year, Group), not letter(LEA, Year, Group).", vocabulary=MORE),
    ),
    "facts that do not meet": (
        Finding.NEVER_APPLIES,
        ending("more(LEA) :- listed(LEA, Year), rated(hom, Mark), rated(fos, Mark).", APART + LABEL, MORE + RATED),
    ),
    "a case that names a rule that is not there": (
        Finding.FAULTY_CASE,
        {"../cases/marks.yaml": "cases:\n  - name: It is\n    not_rules: [marks.marred]\n"},
    ),
    "rules that feed one another alone": (
        Finding.UNUSED_PREDICATE,
        ending(
            "more(LEA) :- listed(LEA, 0).\nmore(LEA) :- more(LEA), listed(LEA, 1).".replace(
                "\n", f"\n{LABEL.replace('marks.more', 'marks.most')}"
            ),
            vocabulary=declared("more(LEA)", "rules"),
        ),
    ),
    "a variable that nothing binds": (
        Finding.CLINGO_MESSAGE,
        ending("more(LEA) :- listed(LEA, Year), Other > 2.", vocabulary=MORE),
    ),
}


def found(folder, texts=None):
    sources = write_sources(folder / "sources")
    (folder / "cases").mkdir()
    return lint(write_policy(folder / "policy", texts), sources, folder / "cases")


def test_a_policy_without_fault_has_no_findings(tmp_path):
    linted = found(tmp_path)
    assert linted.problems == ()
    assert linted.passed_over == ()


def test_every_kind_of_finding_is_tried_here():
    assert {finding for finding, _ in FAULTS.values()} == set(Finding)


def test_every_kind_of_finding_has_an_id_of_its_own_and_says_what_it_means():
    assert len({finding.id for finding in Finding}) == len(Finding)
    assert list(checks()) == [finding.id for finding in Finding]
    for check in checks().values():
        assert all(f"\n**{part}" in check.page for part in ("Why.** ", "Avoid**\n", "Prefer**\n")), check.id
        assert check.avoid != check.prefer


@pytest.mark.parametrize(("finding", "texts"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_the_one_finding(tmp_path, finding, texts):
    problems = found(tmp_path, texts).problems
    assert [problem.finding for problem in problems] == [finding], [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("fault", "file", "at"),
    [
        ("a conclusion that nobody reads", VOCABULARY, "%*! more(LEA)"),
        ("a counted variable that stands outside the count", RULES, "more(LEA) :-"),
        ("facts that a sentence does not tell apart", RULES, "more(LEA) :-"),
        ("a variable that nothing binds", RULES, "more(LEA) :-"),
        ("an argument in tenths and in sixths", VOCABULARY, "%*! more(Mark)"),
        ("arithmetic on what is no number", RULES, "more(Other) :-"),
        ("a quotation with a word too many", AUTHORITIES, "    groups: Foster"),
        ("a constant that is no student group", RULES, "    letter(LEA, Year, fox)"),
        ("two arguments in exchanged places", RULES, "    letter(LEA, Group, Year)"),
        ("a fact that is stated twice", RULES, "student_group(fos)"),
        ("a source that is not there", AUTHORITIES, "MEMO:"),
    ],
)
def test_a_finding_names_the_file_and_the_line(tmp_path, fault, file, at):
    texts = FAULTS[fault][1]
    (problem,) = found(tmp_path, texts).problems
    assert (problem.file, problem.line) == (file, line_of((TEXTS | texts)[file], at))


def test_what_keeps_the_policy_from_loading_and_what_does_not_are_told_together(tmp_path):
    texts = FAULTS["a counted variable that stands outside the count"][1] | FAULTS["a code without words"][1]
    texts |= FAULTS["a quotation with a word too many"][1]
    linted = found(tmp_path, texts)
    assert {problem.finding for problem in linted.problems} == {
        Finding.CAPTURED_VARIABLE,
        Finding.FAULTY_NAMES,
        Finding.UNSUPPORTED_QUOTATION,
    }
    assert {finding for finding, _ in linted.passed_over} == {
        Finding.UNUSED_PREDICATE,
        Finding.CLINGO_MESSAGE,
        Finding.ILL_FITTING_CITATION,
        Finding.CITATION_NOT_IN_FORCE,
        Finding.UNORDERED_TIME,
        Finding.UNKNOWN_VALUE,
        Finding.ARGUMENT_CLASH,
        Finding.NEVER_APPLIES,
        Finding.FAULTY_CASE,
    }


def test_without_sources_it_is_told_that_quotations_were_not_compared(tmp_path):
    (tmp_path / "cases").mkdir()
    texts = FAULTS["a quotation with a word too many"][1]
    linted = lint(write_policy(tmp_path / "policy", texts), None, tmp_path / "cases")
    assert linted.problems == ()
    ((finding, reason),) = linted.passed_over
    assert finding == Finding.UNSUPPORTED_QUOTATION
    assert "sources" in reason


class TestReadings:
    def test_the_rules_of_a_reading_are_linted(self, tmp_path):
        rule = "quiet(LEA, Year) :- listed(LEA, Year), #count { LEA : marked(LEA, Year) } = 0.\n"
        texts = {"readings/other.lp": READING.format(replaced="quiet") + LABEL + rule}
        (problem,) = found(tmp_path, texts).problems
        assert problem.finding == Finding.CAPTURED_VARIABLE
        assert problem.file == "readings/other.lp"

    def test_a_predicate_that_only_a_reading_uses_is_used(self, tmp_path):
        rule = "quiet(LEA, Year) :- listed(LEA, Year), more(LEA).\n"
        texts = {"readings/other.lp": READING.format(replaced="quiet") + LABEL + rule}
        texts |= changed(VOCABULARY, VOCABULARY_HEAD, VOCABULARY_HEAD + declared("more(LEA)", "evidence"))
        assert found(tmp_path, texts).problems == ()

    def test_a_predicate_of_a_reading_that_it_does_not_use_is_unused(self, tmp_path):
        quiet = "quiet(LEA, Year) :- listed(LEA, Year).\n\n"
        more = LABEL.replace("marks.more", "marks.most") + "more(LEA) :- listed(LEA, 0).\n"
        text = READING.format(replaced="quiet") + declared("more(LEA)", "rules") + LABEL + quiet + more
        (problem,) = found(tmp_path, {"readings/other.lp": text}).problems
        assert problem.finding == Finding.UNUSED_PREDICATE
        assert (problem.file, problem.line) == ("readings/other.lp", line_of(text, "%*! more"))

    def test_a_finding_of_rules_that_all_readings_share_is_told_once(self, tmp_path):
        texts = FAULTS["a counted variable that stands outside the count"][1]
        rule = LABEL.replace("marks.more", "marks.most") + "quiet(LEA, Year) :- listed(LEA, Year).\n"
        texts |= {"readings/other.lp": READING.format(replaced="quiet") + rule}
        assert len(found(tmp_path, texts).problems) == 1


class TestAlikeDerivations:
    def rated(self, rule: str, facts: str = "rated(fos, (1; 2)).", label: str = LABEL) -> dict[str, str]:
        return ending(rule, RATED_FACTS.replace("rated(fos, (1; 2)).", facts) + label, MORE + RATED)

    def test_a_sentence_that_names_the_variable_tells_them_apart(self, tmp_path):
        rule = "more(LEA) :- letter(LEA, Year, Group), rated(Group, Mark)."
        assert found(tmp_path, self.rated(rule, label=LABEL.replace("More", "{Mark}"))).problems == ()

    def test_a_variable_that_is_asked_about_again_is_no_finding(self, tmp_path):
        rule = "more(LEA) :- letter(LEA, Year, Group), rated(Group, Mark), Mark > 1."
        assert found(tmp_path, self.rated(rule)).problems == ()

    def test_facts_that_differ_elsewhere_too_are_no_finding(self, tmp_path):
        rule = "more(LEA) :- letter(LEA, Year, Group), rated(Group, Mark)."
        facts = "rated(fos, 1).\n\n% @rule marks.rated.hom\n% @cite ACT (a)\n% @says {Group}: {Mark}\nrated(hom, 2)."
        assert found(tmp_path, self.rated(rule, facts)).problems == ()

    def test_facts_that_the_rule_does_not_match_are_no_finding(self, tmp_path):
        rule = "more(LEA) :- letter(LEA, Year, hom), rated(hom, Mark)."
        facts = (
            "rated(fos, (1; 2)).\n\n% @rule marks.rated.hom\n% @cite ACT (a)\n% @says {Group}: {Mark}\nrated(hom, 2)."
        )
        assert found(tmp_path, self.rated(rule, facts)).problems == ()


class TestQuotations:
    def test_spaces_and_the_shape_of_quotation_marks_make_no_difference(self, tmp_path):
        source = tmp_path / "source.txt"
        source.write_text("It is\nsaid:\u00a0“two  groups’ years”.", encoding="utf-8")
        assert stands_in('said: "two groups\' years"', source)
        assert not stands_in("said: two groups' years", source)

    def test_a_quotation_from_a_workbook_stands_in_one_cell(self, tmp_path):
        book = Workbook()
        book.active.append(["Two groups", "are enough"])
        book.save(tmp_path / "source.xlsx")
        assert stands_in("Two groups", tmp_path / "source.xlsx")
        assert not stands_in("Two groups are enough", tmp_path / "source.xlsx")

    def test_a_source_that_cannot_be_read_is_told(self, tmp_path):
        texts = changed(AUTHORITIES, "memo.txt", "memo.xlsx")
        (tmp_path / "sources").mkdir()
        (tmp_path / "sources" / "memo.xlsx").write_bytes(b"no workbook")
        (problem,) = found(tmp_path, texts).problems
        assert problem.finding == Finding.MISSING_SOURCE
        assert "cannot be read" in problem.message


class TestThePolicy:
    """The policy of this project has no findings; one spoilt in a copy has."""

    def test_it_has_no_findings(self):
        linted = lint(policy_folder(), sources_folder())
        assert [f"{problem} [{problem.finding.id}]" for problem in linted.problems] == []

    def test_a_spoilt_copy_has_one(self, tmp_path):
        folder = shutil.copytree(policy_folder(), tmp_path / "policy")
        vocabulary = folder / VOCABULARY
        vocabulary.write_text(
            vocabulary.read_text(encoding="utf-8").replace("Used by: messages\n", ""), encoding="utf-8"
        )
        (problem,) = lint(folder).problems
        assert problem.finding == Finding.UNUSED_PREDICATE


class TestIntervals:
    def stated(self, *facts: str, gapless: str = "") -> dict[str, str]:
        """The made-up policy with facts of intervals, each with a label of its own."""
        labelled = [f"{LABEL.replace('marks.more', f'marks.more-{number}')}{fact}" for number, fact in enumerate(facts)]
        vocabulary = INTERVAL.replace("Args:", f"{gapless}Args:")
        return changed(RULES, END, f"{END}\n" + "\n\n".join(labelled) + "\n") | changed(
            VOCABULARY, VOCABULARY_HEAD, VOCABULARY_HEAD + vocabulary
        )

    def messages(self, folder, *facts: str, gapless: str = "") -> list[str]:
        return [problem.message for problem in found(folder, self.stated(*facts, gapless=gapless)).problems]

    def test_a_long_interval_overlaps_with_every_one_that_begins_before_it_ends(self, tmp_path):
        facts = ["more(1, 20000101, 20001231).", "more(1, 20000201, 20000229).", "more(1, 20000601, 20000630)."]
        overlapping = self.messages(tmp_path, *facts)
        assert [message.partition(" ")[0] for message in overlapping] == ["marks.more-1:", "marks.more-2:"]
        assert all("before more(1, 20000101, 20001231)" in message for message in overlapping)
        assert "end that one on 20000531" in overlapping[1]

    def test_intervals_that_differ_in_another_argument_may_overlap(self, tmp_path):
        assert self.messages(tmp_path, "more(1, 20000101, 20001231).", "more(2, 20000101, 20001231).") == []

    def test_intervals_that_follow_one_another_day_upon_day_have_no_gap(self, tmp_path):
        facts = ["more(1, 20000101, 20000229).", "more(1, 20000301, 20001231)."]
        assert self.messages(tmp_path, *facts, gapless="Gapless: Mark\n") == []

    def test_without_gapless_a_gap_is_no_finding(self, tmp_path):
        assert self.messages(tmp_path, "more(1, 20000101, 20000131).", "more(1, 20000301, 20001231).") == []

    def test_what_fills_a_gap_leaves_what_it_does_not_reach(self, tmp_path):
        filling = "Gapless: Mark\nFilled by: between\n"
        texts = self.stated("more(1, 20000101, 20000131).", "more(1, 20000401, 20001231).", gapless=filling)
        between = declared("between(Start, Finish)", "policy", f"{USED}Dates: Start, Finish\nInterval: Start, Finish\n")
        fact = LABEL.replace("marks.more", "marks.between") + "between(20000201, 20000315).\n"
        (problem,) = found(tmp_path, texts | {"more/between.lp": f"{between}\n{fact}"}).problems
        assert problem.finding == Finding.GAP
        assert "from 20000316 to 20000331 nothing holds" in problem.message

    def test_what_fills_gaps_is_declared_as_intervals(self, tmp_path):
        texts = self.stated("more(1, 20000101, 20000131).", gapless="Gapless: Mark\nFilled by: least\n")
        (problem,) = found(tmp_path, texts).problems
        assert problem.finding == Finding.FAULTY_DECLARATION


class TestNeverApplies:
    @pytest.mark.parametrize(
        ("conditions", "contradict"),
        [
            ("Year < Count, Count < Other, Other < Year", ["Year < Count", "Count < Other", "Other < Year"]),
            ("Year = Count + 2, Year <= Count + 1", ["Year = Count + 2", "Year <= Count + 1"]),
            ("Count >= 3, Count <= Year - 1, Year < 4", ["Count >= 3", "Count <= Year - 1", "Year < 4"]),
            ("Year != Year", ["Year != Year"]),
        ],
    )
    def test_the_comparisons_that_contradict_one_another_are_named(self, tmp_path, conditions, contradict):
        rule = f"more(LEA) :- letter(LEA, Year, Group), least(Count), count(Other), Other < 9, {conditions}."
        texts = ending(rule, vocabulary=MORE + declared("count(Other)", "evidence"))
        (problem,) = found(tmp_path, texts).problems
        assert problem.finding == Finding.NEVER_APPLIES
        assert problem.message.startswith(f"marks.more: {', '.join(contradict)} contradict")

    @pytest.mark.parametrize("conditions", ["Year > 2, Year < 4", "Year >= Count, Year <= Count", "Year != Count"])
    def test_comparisons_that_some_number_fulfills_are_no_finding(self, tmp_path, conditions):
        rule = f"more(LEA) :- letter(LEA, Year, Group), least(Count), Count < 9, {conditions}."
        assert found(tmp_path, ending(rule, vocabulary=MORE)).problems == ()


def test_a_circle_names_each_fact_of_it_with_its_place(tmp_path):
    facts = [f"{LABEL.replace('marks.more', f'marks.more-{one}')}more({one}, {other}).\n" for one, other in ROUND]
    texts = ending("more(9, 8).\n\n" + "\n".join(facts), vocabulary=ORDERED)
    (problem,) = found(tmp_path, texts).problems
    assert problem.finding == Finding.CIRCLE
    lines = {one: line_of(texts[RULES], f"more({one}, {other})") for one, other in ROUND}
    for one, other in ROUND:
        assert f"{one} after {other} by {RULES}:{lines[one]}" in problem.message
