"""A policy with a fault does not load: the problem names the file, the line and what to write."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.problems import PolicyError, Problem

from .policies import AUTHORITIES, NAMES, RULES, TEXTS, VOCABULARY, changed, declared, line_of, write_policy


@dataclass
class Fault:
    """One change of the made-up policy, and the problems it makes: file, a part of the line meant, of the message."""

    file: str
    old: str
    new: str
    told: list[tuple[str, str, list[str]]]
    texts: dict[str, str] = field(default_factory=dict)

    def all_texts(self) -> dict[str, str]:
        return TEXTS | changed(self.file, self.old, self.new) | self.texts


def rules(old: str, new: str, at: str, *fragments: str) -> Fault:
    """A fault in the rule file that makes one problem there."""
    return Fault(RULES, old, new, [(RULES, at, list(fragments))])


def another_rule(rule: str, at: str, *fragments: str, label: str | None = None) -> Fault:
    """A rule too many at the end of the rule file."""
    label = "% @rule marks.more\n% @cite ACT (a)\n% @says More\n% @unless Less\n" if label is None else label
    end = "    not marked(LEA, Year).\n"
    return rules(end, f"{end}\n{label}{rule}\n", at, *fragments)


MARKED = "marked(LEA, Year) :-\n    listed(LEA, Year),\n    least"
QUIET = "quiet(LEA, Year) :-\n    listed(LEA, Year),\n    not"

FAULTS = {
    # Labels
    "a rule without a label": another_rule(
        "quiet(LEA, 0) :- listed(LEA, 0).", "quiet(LEA, 0)", "quiet has no label", "% @rule an.id", label=""
    ),
    "a fact without a label": another_rule("least(3).", "least(3)", "least has no label", "@cite and @says", label=""),
    "a label without @rule": Fault(
        RULES, "% @rule marks.least\n", "", [(RULES, "least(2)", ["no label", "% @rule an.id"])]
    ),
    "a label without @says": rules(
        "% @says {LEA} is quiet in {Year}\n", "", "quiet(LEA, Year) :-", "marks.quiet", "% @says …"
    ),
    "an empty @says": rules(
        "% @says {LEA} is quiet in {Year}\n", "% @says\n", "quiet(LEA, Year) :-", "marks.quiet", "% @says …"
    ),
    "a label without @unless": rules(
        "% @unless {LEA} is marked in {Year}\n", "", "quiet(LEA, Year) :-", "marks.quiet", "% @unless …"
    ),
    "a label without @cite": rules(
        "% @cite MEMO groups\n% @inferred", "% @inferred", "quiet(LEA, Year) :-", "marks.quiet", "% @cite AUTHORITY"
    ),
    "an unknown tag": rules(
        "% @inferred Nobody", "% @guessed Nobody", "% @guessed", "@guessed is no tag", "@rule, @cite, @inferred"
    ),
    "a tag in capitals": rules("% @inferred Nobody", "% @Inferred Nobody", "% @Inferred", "@Inferred is no tag"),
    "a tag with a hyphen": rules("% @inferred Nobody", "% @inferred-by Nobody", "% @inferred-by", "is no tag"),
    "a tag written twice": rules(
        "% @inferred Nobody says so\n", "% @inferred Nobody\n% @inferred says so\n", "% @inferred says", "twice"
    ),
    "a reading's tag in a label": rules(
        "% @inferred Nobody", "% @replaces marks.least\n% @inferred Nobody", "% @replaces", "@replaces", "readings/"
    ),
    "a reading's header in a file of rules": rules(
        "%# Marks\n", "% @replaces marks.least\n\n%# Marks\n", "% @replaces", "@replaces", "readings/"
    ),
    "an id that is none": rules(
        "@rule marks.quiet", "@rule Marks quiet", "@rule Marks quiet", "'Marks quiet' is no id"
    ),
    "an id given twice": rules(
        "@rule marks.quiet", "@rule marks.least", "quiet(LEA, Year) :-", "marks.least is taken by marks/marks.lp:6"
    ),
    "a blank line under a label": Fault(
        RULES,
        "% @unless {LEA} is marked in {Year}\n",
        "% @unless {LEA} is marked in {Year}\n\n",
        [
            (RULES, "quiet(LEA, Year) :-", ["quiet has no label"]),
            (RULES, "% @rule marks.quiet", ["belongs to no rule", "line before its rule"]),
            (RULES, "% @cite MEMO groups\n% @inferred", ["belongs to no rule"]),
            (RULES, "% @inferred", ["belongs to no rule"]),
            (RULES, "% @says {LEA} is quiet", ["belongs to no rule"]),
            (RULES, "% @unless {LEA} is marked", ["belongs to no rule"]),
        ],
    ),
    "a label behind the rule before": Fault(
        RULES,
        "    not marked(LEA, Year).\n",
        "    not marked(LEA, Year).  % @rule marks.late\nleast(3).\n",
        [
            (RULES, "% @rule marks.late", ["belongs to no rule", "first column"]),
            (RULES, "least(3)", ["least has no label"]),
        ],
    ),
    "a tag inside a rule": rules(
        "    least(Count),\n",
        "    least(Count),  % @cite ACT (a)\n",
        "    least(Count),",
        "'% @cite ACT (a)' belongs to no rule",
    ),
    "an indented label": Fault(
        RULES,
        "% @rule marks.least\n% @cite ACT (a)\n% @says At least {Count} groups count\n",
        " % @rule marks.least\n % @cite ACT (a)\n % @says At least {Count} groups count\n",
        [
            (RULES, "least(2)", ["least has no label"]),
            (RULES, " % @rule marks.least", ["belongs to no rule"]),
            (RULES, " % @cite ACT (a)\n % @says At", ["belongs to no rule"]),
            (RULES, " % @says At", ["belongs to no rule"]),
        ],
    ),
    # Citations and placeholders
    "an unknown authority": rules(
        "% @cite MEMO groups\n% @inferred",
        "% @cite DEMO groups\n% @inferred",
        "% @cite DEMO",
        "@cite DEMO: no such authority in authorities.yaml",
    ),
    "an unknown passage": rules(
        "% @cite MEMO groups\n% @inferred",
        "% @cite MEMO group\n% @inferred",
        "% @cite MEMO group\n",
        "MEMO has the passages groups",
    ),
    "a citation without a passage": rules(
        "% @cite MEMO groups\n% @inferred",
        "% @cite MEMO\n% @inferred",
        "% @cite MEMO\n",
        "MEMO has the passages groups",
    ),
    "a placeholder that is no variable": rules(
        "{LEA} is quiet in {Year}", "{LEA} is quiet in {Yaer}", "quiet(LEA, Year) :-", "{Yaer} in @says", "write Year"
    ),
    "a variable of a count alone in @says": rules(
        "at least {Count} groups\n", "{Group} counts\n", MARKED, "{Group} in @says", "Count, LEA, Year"
    ),
    "a variable of the body alone in @unless": rules(
        "{LEA} is not marked in {Year}", "{Count} is not reached in {Year}", MARKED, "{Count} in @unless", "LEA, Year"
    ),
    "a placeholder that is no argument of a fact": rules(
        "At least {Count} groups", "At least {Number} groups", "least(2)", "{Number} in @says", "Count"
    ),
    # What decides nothing, or not alone
    "a choice": another_rule(
        "{ quiet(LEA, 1) } :- listed(LEA, 1).", "{ quiet", "choice or disjunction", "write one atom"
    ),
    "a disjunction": another_rule(
        "quiet(LEA, 1); marked(LEA, 1) :- listed(LEA, 1).", "quiet(LEA, 1); ", "choice or disjunction", "write one atom"
    ),
    "a constraint": another_rule(
        ":- listed(LEA, 1).", ":- listed(LEA, 1)", "without a head", "write what the law concludes"
    ),
    "a negated head": another_rule(
        "not quiet(LEA, 1) :- listed(LEA, 1).", "not quiet(LEA, 1)", "the head must be one atom"
    ),
    "classical negation": another_rule(
        "-quiet(LEA, 1) :- listed(LEA, 1).", "-quiet(LEA, 1)", "must be an atom like name"
    ),
    "a circle through not": rules(
        "    least(Count),\n",
        "    least(Count),\n    not quiet(LEA, Year),\n",
        MARKED,
        "in a circle through",
        "marks.marked, marks.quiet",
        "absence",
    ),
    "a circle of one rule": rules(
        "    not marked(LEA", "    not quiet(LEA", "quiet(LEA, Year) :-", "circle through marks.quiet:"
    ),
    "a circle through a count": rules(
        "student_group(Group) }", "marked(LEA, Group) }", MARKED, "a count runs in a circle through marks.marked:"
    ),
    # Outside the subset
    "an anonymous variable": rules(
        "    least(Count),\n", "    least(Count), letter(LEA, Year, _),\n", MARKED, "'_'", "give the variable its name"
    ),
    "a script": rules(
        "%# Marks\n", "#script (python)\ndef f():\n    return 1\n#end.\n", "#script", "is not used in the policy"
    ),
    "#show": rules("%# Marks\n", "#show marked/2.\n", "#show", "is not used in the policy", "facts and rules alone"),
    "#const": rules("%# Marks\n", "#const two = 2.\n", "#const", "is not used in the policy"),
    "#external": rules("%# Marks\n", "#external quiet(1, 1).\n", "#external", "is not used in the policy"),
    "#minimize": rules("%# Marks\n", "#minimize { 1 : quiet(LEA, Year) }.\n", "#minimize", "is not used in the policy"),
    "another program part": rules("%# Marks\n", "#program more.\n", "#program", "is not used in the policy"),
    "a sum": rules("#count {", "#sum {", MARKED, "#count alone"),
    "a maximum": rules("#count {", "#max {", MARKED, "#count alone"),
    "a negated count": rules("#count {", "not #count {", MARKED, "not negated"),
    "a count between two bounds": rules("    #count {", "    1 <= #count {", MARKED, "one bound"),
    "a double negation": rules("not marked(LEA", "not not marked(LEA", QUIET, "'not' an atom"),
    "a chained comparison": rules(
        "    least(Count),\n", "    least(Count), 1 < Count < 9,\n", MARKED, "one comparison"
    ),
    "a range": rules("least(2).", "least(2..3).", "least(2..3)", "the term '(2..3)' is outside the subset"),
    "a function": rules("least(2).", "least(f(2)).", "least(f(2))", "outside the subset"),
    "a call of a script": rules("least(2).", "least(@two).", "least(@two)", "outside the subset"),
    "a call of a script in a body": rules(
        "    least(Count),\n", "    least(Count), Count = @two(),\n", MARKED, "outside the subset"
    ),
    "a negated variable": rules(">= Count.", ">= -Count.", MARKED, "the term '-Count' is outside the subset"),
    "a division": rules(">= Count.", ">= Count / 2.", MARKED, "outside the subset", "+ - *"),
    "a fact with a variable": rules("least(2).", "least(Count).", "least(Count).", "a fact has no variables"),
    "a pool in a body": rules(
        "    least(Count),\n", "    least(Count), letter(LEA, Year, (fos; hom)),\n", MARKED, "outside the subset"
    ),
    "a syntax error": rules(
        "    listed(LEA, Year),\n    least",
        "    listed(LEA, Year)\n    least",
        "    least(Count)",
        "clingo cannot read this",
        "syntax error",
    ),
    # Against the vocabulary
    "an arity that is not the declared one": rules(
        "least(2).", "least(2, 3).", "least(2, 3)", "least has 2 arguments here and 1 in vocabulary.lp"
    ),
    "an arity that is not the declared one, in a count": rules(
        "letter(LEA, Year, Group),",
        "letter(LEA, Group),",
        "    #count { Group : letter(LEA, Group)",
        "letter has 2 arguments here and 3",
        "write letter(LEA, Year, Group)",
    ),
    "a predicate that is not declared": rules(
        "    least(Count),\n",
        "    least(Count),\n    mighty(LEA),\n",
        "    mighty(LEA)",
        "mighty is not in vocabulary.lp",
        "declare it",
    ),
    "an input without #defined": Fault(
        VOCABULARY,
        "#defined letter/3.\n",
        "",
        [(VOCABULARY, "%*! letter", ["'#defined letter/3.'", "stated by the evidence"])],
    ),
    "an input with #defined of another arity": Fault(
        VOCABULARY, "#defined letter/3.", "#defined letter/2.", [(VOCABULARY, "%*! letter", ["'#defined letter/3.'"])]
    ),
    "a predicate that nothing concludes": Fault(
        VOCABULARY,
        "%# Vocabulary\n\n",
        "%# Vocabulary\n\n" + declared("mighty(LEA)", "rules"),
        [(VOCABULARY, "%*! mighty", ["no rule or fact concludes mighty"])],
    ),
    "a fact where a rule must state it": another_rule(
        "quiet(1, 2).", "quiet(1, 2)", "quiet is stated by rules, not by policy"
    ),
    "a rule where the policy must state it": another_rule(
        "least(3) :- listed(1, 3).", "least(3) :-", "least is stated by policy, not by rules"
    ),
    "a fact of the evidence": another_rule(
        "listed(1, 2).", "listed(1, 2).", "listed is stated by evidence, not by policy"
    ),
    "a predicate declared twice": Fault(
        VOCABULARY,
        "%# Vocabulary\n\n",
        "%# Vocabulary\n\n" + declared("quiet(LEA)", "rules"),
        [(VOCABULARY, "%*! quiet(LEA, Year)", ["quiet is declared twice"])],
    ),
    "a heading that cannot be read": Fault(
        VOCABULARY,
        "%*! least(Count)",
        "%*! least Count",
        [(VOCABULARY, "%*! least Count", ["%*! name(Argument, …)"])],
    ),
    "an argument that is not described": Fault(
        VOCABULARY, " - Count: what it is.\n", "", [(VOCABULARY, "%*! least", ["'Args:'", "Count"])]
    ),
    # Names
    "a code without words": Fault(
        NAMES,
        "  hom: homeless students\n",
        "",
        [(RULES, "student_group((fos; hom))", ["Group", "write one of fos", "give it its words", "marks.groups"])],
    ),
    "words that are no text": Fault(
        NAMES, "hom: homeless students", "hom: 3", [(NAMES, "Group:", ["Group", "quotation marks"])]
    ),
    "a code that YAML reads as yes": Fault(
        NAMES, "  fos:", "  no: none\n  fos:", [(NAMES, "Group:", ["quotation marks"])]
    ),
    "names as a list": Fault(NAMES, TEXTS[NAMES], "- Group\n", [(NAMES, "- Group", ["mapping"])]),
    "names that are no YAML": Fault(
        NAMES,
        "hom: homeless",
        "hom: homeless: all",
        [(NAMES, "  hom: homeless: all", ["not readable as YAML"])],
    ),
    "words given twice": Fault(
        NAMES, "  hom:", "  fos: boarders\n  hom:", [(NAMES, "  fos: boarders", ["fos stands twice"])]
    ),
    # Authorities
    "authorities that are no YAML": Fault(
        AUTHORITIES, "  cite: Act 12", "  cite: Act: 12", [(AUTHORITIES, "  cite: Act: 12", ["not readable as YAML"])]
    ),
    "authorities as a list": Fault(AUTHORITIES, TEXTS[AUTHORITIES], "- ACT\n", [(AUTHORITIES, "- ACT", ["mapping"])]),
    "an authority without a field": Fault(
        AUTHORITIES, "  source: memo.txt\n", "", [(AUTHORITIES, "MEMO:", ["MEMO", "missing field source"])]
    ),
    "an authority with an unknown field": Fault(
        AUTHORITIES, "  url:", "  link:", [(AUTHORITIES, "MEMO:", ["unknown field link"])]
    ),
    "an authority without passages": Fault(
        AUTHORITIES,
        "  passages:\n    groups: Foster youth and homeless students.\n",
        "  passages:\n",
        [(AUTHORITIES, "MEMO:", ["passages must map"])],
    ),
    "an empty passage": Fault(
        AUTHORITIES,
        " Foster youth and homeless students.",
        "",
        [(AUTHORITIES, "MEMO:", ["the passage groups is empty"])],
    ),
    "an authority given twice": Fault(
        AUTHORITIES, "MEMO:", "ACT:", [(AUTHORITIES, "ACT:\n  title: A memorandum", ["ACT stands twice"])]
    ),
    "a passage given twice": Fault(
        AUTHORITIES,
        "    groups:",
        "    groups: Others\n    groups:",
        [(AUTHORITIES, "    groups: Foster", ["groups stands twice"])],
    ),
    "a date that is none": Fault(
        AUTHORITIES, "from: 1999-01-01", "from: early", [(AUTHORITIES, "ACT:", ["in_force needs dates"])]
    ),
    "an interval the wrong way round": Fault(
        AUTHORITIES, "to: 2001-12-31", "to: 1998-12-31", [(AUTHORITIES, "ACT:", ["ends before it begins"])]
    ),
    "a rank that is none": Fault(
        AUTHORITIES, "rank: statute", "rank: rumor", [(AUTHORITIES, "ACT:", ["'rumor'", "statute, regulation"])]
    ),
    "a passage that is not there": Fault(
        AUTHORITIES,
        "  for_dashboard: 2001\n",
        "  about:\n    others: {Year: [2001]}\n",
        [(AUTHORITIES, "MEMO:", ["about names the passage others"])],
    ),
    "what a passage speaks of is no list": Fault(
        AUTHORITIES,
        "  for_dashboard: 2001\n",
        "  about:\n    groups: {Year: 2001}\n",
        [(AUTHORITIES, "MEMO:", ["about groups: Year needs a list"])],
    ),
    "a passage in force the wrong way round": Fault(
        AUTHORITIES,
        "  for_dashboard: 2001\n",
        "  about:\n    groups: {in_force: {from: 2001-01-02, to: 2001-01-01}}\n",
        [(AUTHORITIES, "MEMO:", ["groups: in_force ends before it begins"])],
    ),
    "a day of reading that is no date": Fault(
        AUTHORITIES,
        "  url: https://example.org/memo\n  for_dashboard: 2001\n  read: 2026-11-21",
        "  read: yesterday",
        [(AUTHORITIES, "MEMO:", ["'yesterday'", "YYYY-MM-DD"])],
    ),
}


def problems(folder) -> list[Problem]:
    with pytest.raises(PolicyError) as caught:
        load_rulebook(folder)
    for problem in caught.value.problems:
        assert f"{problem.file}:{problem.line}: {problem.message}" in str(caught.value)
    return caught.value.problems


def matches(problem: Problem, told: tuple[str, str, list[str]], texts: dict[str, str]) -> bool:
    file, at, fragments = told
    place = file, line_of(texts[file], at)
    return (problem.file, problem.line) == place and all(fragment in problem.message for fragment in fragments)


def test_the_policy_without_a_fault_loads(tmp_path):
    assert [rule.id for rule in load_rulebook(write_policy(tmp_path)).rules] == [
        "marks.groups",
        "marks.least",
        "marks.marked",
        "marks.quiet",
    ]


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_told_with_its_file_its_line_and_what_to_write(tmp_path, fault):
    texts = fault.all_texts()
    found = problems(write_policy(tmp_path, texts))
    assert [
        (told, [str(one) for one in found])
        for told in fault.told
        if not any(matches(one, told, texts) for one in found)
    ] == []
    assert len(found) == len(fault.told), [str(one) for one in found]


def test_all_problems_of_all_files_are_told_together(tmp_path):
    faults = [
        changed(NAMES, "  hom: homeless students\n", ""),
        changed(AUTHORITIES, "  cite: Memorandum\n", ""),
        changed(VOCABULARY, "#defined letter/3.\n", ""),
        {"more/one.lp": "least(3).\n"},
        {"more/two.lp": "% @rule more.two\n% @cite ACT (a)\n% @says Two\nleast(X) :- quiet(X, _).\n"},
        {"more/three.lp": "quiet(1\n"},
    ]
    texts = {name: text for fault in faults for name, text in fault.items()}
    told = [(one.file, one.line) for one in problems(write_policy(tmp_path, texts))]
    assert told == [
        (AUTHORITIES, 13),
        (RULES, 12),
        ("more/one.lp", 1),
        ("more/three.lp", 2),
        ("more/two.lp", 4),
        (VOCABULARY, line_of(texts[VOCABULARY], "%*! letter")),
    ]


def test_several_problems_of_one_rule_are_told_together(tmp_path):
    texts = changed(
        RULES, "% @cite MEMO groups\n% @inferred Nobody says so\n% @says {LEA} is quiet in {Year}", "% @guess"
    )
    told = [one.message for one in problems(write_policy(tmp_path, texts))]
    assert len(told) == 3
    assert sorted(word for word in ("@guess is", "% @cite", "% @says") for one in told if word in one) == [
        "% @cite",
        "% @says",
        "@guess is",
    ]


def test_several_unreadable_places_of_one_file_are_told_together(tmp_path):
    texts = changed(RULES, "least(2).", "least(2")
    texts = {RULES: texts[RULES].replace("student_group((fos; hom)).", "student_group((fos; hom)).\n\n.\n")}
    told = problems(write_policy(tmp_path, texts))
    assert len(told) > 1
    assert {one.file for one in told} == {RULES}


@pytest.mark.parametrize("name", [RULES, VOCABULARY, AUTHORITIES, NAMES])
def test_a_file_that_is_not_utf_8_is_told_with_the_line(tmp_path, name):
    write_policy(tmp_path)
    path = tmp_path / name
    path.write_bytes(path.read_bytes() + b"% Ca\xf1ada\n")
    (found,) = problems(tmp_path)
    assert (found.file, found.line) == (name, TEXTS[name].count("\n") + 1)
    assert "UTF-8" in found.message


@pytest.mark.parametrize("name", [RULES, VOCABULARY])
def test_a_file_in_which_clingo_would_stop_reading_is_refused(tmp_path, name):
    write_policy(tmp_path, {name: TEXTS[name] + "\0 least(5).\n"})
    (found,) = problems(tmp_path)
    assert (found.file, found.line) == (name, TEXTS[name].count("\n") + 1)
    assert "null character" in found.message


@pytest.mark.parametrize("name", [AUTHORITIES, NAMES])
def test_a_missing_file_is_told(tmp_path, name):
    write_policy(tmp_path)
    (tmp_path / name).unlink()
    (found,) = problems(tmp_path)
    assert found.file == name
    assert "missing" in found.message


def test_a_file_that_includes_another_is_refused(tmp_path):
    (tmp_path / "outside.lp").write_text("least(7).\n", encoding="utf-8")
    text = TEXTS[RULES].replace("%# Marks\n", f'%# Marks\n#include "{tmp_path}/outside.lp".\n')
    (found,) = problems(write_policy(tmp_path / "policy", {RULES: text}))
    assert (found.file, found.line) == (RULES, 2)
    assert "#include" in found.message


def test_a_file_without_a_single_problem_of_its_own_is_never_named(tmp_path):
    texts = changed(RULES, "@cite MEMO groups\n% @inferred", "@cite NOBODY groups\n% @inferred")
    assert {one.file for one in problems(write_policy(tmp_path, texts | {"other.lp": "% Nothing yet.\n"}))} == {RULES}
