"""What a policy becomes when it is loaded, and what a reading makes of it."""

from __future__ import annotations

import datetime

import pytest

from pyreport.rulebook.loading import load_rulebook, readings
from pyreport.rulebook.problems import PolicyError
from pyreport.rulebook.syntax import AtomPattern, Comparison, Count, Literal, Operation, Variable

from .policies import RULES, TEXTS, changed, declared, write_policy

READING = """\
% @reading One group is enough
% @rejected Nobody reads it so
% @replaces marks.least

% @rule reading.one
% @cite ACT (a)
% @says At least {Count} group counts
least(1).
"""


class TestRules:
    @pytest.fixture
    def rulebook(self, tmp_path):
        return load_rulebook(write_policy(tmp_path))

    def test_a_rule_has_its_label_its_place_and_its_text(self, rulebook):
        rule = rulebook.by_id["marks.quiet"]
        assert (rule.file, rule.line) == (RULES, TEXTS[RULES].splitlines().index("quiet(LEA, Year) :-") + 1)
        assert rule.text == "quiet(LEA, Year) :-\n    listed(LEA, Year),\n    not marked(LEA, Year)."
        assert (rule.says, rule.unless) == ("{LEA} is quiet in {Year}", "{LEA} is marked in {Year}")
        assert rule.inferred == "Nobody says so"
        assert rulebook.by_id["marks.marked"].inferred is None

    def test_a_citation_is_the_passage_quoted_in_one_line(self, rulebook):
        (act,) = rulebook.by_id["marks.least"].cites
        assert (act.text, act.quotation) == ("Act 12(a)", "Two groups are enough.")
        assert act.authority.in_force == (datetime.date(1999, 1, 1), datetime.date(2001, 12, 31))
        _, memo = rulebook.by_id["marks.groups"].cites
        assert (memo.text, memo.quotation) == ("Memorandum", "Foster youth and homeless students.")
        assert (memo.authority.url, memo.authority.for_dashboard) == ("https://example.org/memo", 2001)
        assert memo.authority.in_force == (None, None)

    def test_the_variables_of_a_rule_are_those_that_stand_outside_its_counts(self, rulebook):
        rule = rulebook.by_id["marks.marked"]
        assert rule.variables == ("Count", "LEA", "Year")
        (count,) = rule.counts
        assert (count.operator, count.bound) == (">=", Variable("Count"))
        assert [element.locals for element in count.elements] == [("Group",)]

    def test_a_negated_condition_is_told_from_one_that_is_not(self, rulebook):
        listed, marked = rulebook.by_id["marks.quiet"].body
        assert isinstance(listed, Literal)
        assert isinstance(marked, Literal)
        assert (listed.negated, marked.negated) == (False, True)
        assert marked.atom == AtomPattern("marked", (Variable("LEA"), Variable("Year")))

    def test_a_fact_of_the_policy_is_one_atom_for_each_member_of_its_pools(self, rulebook):
        rule = rulebook.by_id["marks.groups"]
        assert rule.facts == (("student_group", "fos"), ("student_group", "hom"))
        assert (rule.variables, rule.head) == (("Group",), AtomPattern("student_group", (Variable("Group"),)))
        assert rulebook.by_id["marks.least"].facts == (("least", 2),)

    def test_pools_are_combined_each_with_each(self, tmp_path):
        more = '% @rule pairs.all\n% @cite ACT (a)\n% @says {One} and {Other}\npair((1; 2), (a; "b, c")).\n'
        text = TEXTS["vocabulary.lp"] + declared("pair(One, Other)", "policy")
        rulebook = load_rulebook(write_policy(tmp_path, {"pairs.lp": more, "vocabulary.lp": text}))
        expected = {("pair", one, other) for one in (1, 2) for other in ("a", '"b, c"')}
        assert set(rulebook.by_id["pairs.all"].facts) == expected
        assert len(rulebook.by_id["pairs.all"].facts) == 4

    def test_arithmetic_and_comparisons_are_read_as_they_stand(self, tmp_path):
        text = changed(RULES, "    least(Count),\n", "    least(Count),\n    Year != 3 * (Count - 1) + 4,\n")
        rule = load_rulebook(write_policy(tmp_path, text)).by_id["marks.marked"]
        product = Operation("*", 3, Operation("-", Variable("Count"), 1))
        assert rule.body[2] == Comparison("!=", Variable("Year"), Operation("+", product, 4))

    def test_a_number_may_be_negative(self, tmp_path):
        text = TEXTS[RULES].replace("least(2).", "least((-2; 3)).")
        text = text.replace("    least(Count),\n", "    least(Count),\n    Count > -30,\n")
        rulebook = load_rulebook(write_policy(tmp_path, {RULES: text}))
        assert rulebook.by_id["marks.least"].facts == (("least", -2), ("least", 3))
        assert rulebook.by_id["marks.marked"].body[2] == Comparison(">", Variable("Count"), -30)

    @pytest.mark.parametrize(
        ("written", "operator"),
        [
            ("Count <= #count {", ">="),
            ("Count < #count {", ">"),
            ("Count = #count {", "="),
            ("Count >= #count {", "<="),
        ],
    )
    def test_a_bound_on_the_left_of_a_count_is_turned_round(self, tmp_path, written, operator):
        text = TEXTS[RULES].replace("#count {", written).replace("} >= Count", "}")
        (count,) = load_rulebook(write_policy(tmp_path, {RULES: text})).by_id["marks.marked"].counts
        assert isinstance(count, Count)
        assert (count.operator, count.bound) == (operator, Variable("Count"))

    def test_the_rules_are_sorted_by_id_and_found_by_what_they_conclude(self, rulebook):
        assert [rule.id for rule in rulebook.rules] == sorted(rulebook.by_id)
        assert [rule.id for rule in rulebook.by_head["marked"]] == ["marks.marked"]

    def test_an_ordinary_comment_may_stand_inside_a_rule_and_inside_a_label(self, tmp_path):
        text = TEXTS[RULES].replace("    least(Count),\n", "    least(Count),  % two, says the Act\n    % and then\n")
        text = text.replace("% @inferred", "% A remark.\n% @inferred")
        rulebook = load_rulebook(write_policy(tmp_path, {RULES: text}))
        assert rulebook.by_id["marks.marked"].says == "{LEA} is marked in {Year}: at least {Count} groups"
        assert rulebook.by_id["marks.quiet"].inferred == "Nobody says so"

    def test_a_comment_behind_a_rule_does_not_stand_in_the_way_of_the_next_label(self, tmp_path):
        text = changed(RULES, "least(2).\n\n", "least(2).  % two\n")
        assert len(load_rulebook(write_policy(tmp_path, text)).rules) == 4

    def test_line_ends_of_windows_change_nothing_but_the_bytes(self, tmp_path, rulebook):
        windows = {name: text.replace("\n", "\r\n") for name, text in TEXTS.items()}
        other = load_rulebook(write_policy(tmp_path / "windows", windows))
        assert other == rulebook


class TestIdentity:
    def test_every_file_is_kept_with_its_text_by_its_path(self, tmp_path):
        assert load_rulebook(write_policy(tmp_path)).texts == TEXTS

    def test_the_fingerprint_is_the_same_wherever_the_folder_stands(self, tmp_path):
        one, other = (load_rulebook(write_policy(tmp_path / name)) for name in ("one", "other"))
        assert one.fingerprint == other.fingerprint

    @pytest.mark.parametrize("name", TEXTS)
    def test_the_fingerprint_changes_with_any_file(self, tmp_path, name):
        comment = "#" if name.endswith("yaml") else "%"
        one = load_rulebook(write_policy(tmp_path / "one"))
        other = load_rulebook(write_policy(tmp_path / "other", {name: f"{TEXTS[name]}{comment} Seen.\n"}))
        assert one.fingerprint != other.fingerprint
        assert {path for path in TEXTS if one.hashes[path] != other.hashes[path]} == {name}


class TestReadings:
    def texts(self, old: str = "", new: str = "") -> dict[str, str]:
        assert old in READING
        return {"readings/one-group.lp": READING.replace(old, new) if old else READING}

    def test_they_are_listed_by_name_and_not_loaded_unless_asked_for(self, tmp_path):
        folder = write_policy(tmp_path, self.texts() | {"readings/another.lp": READING})
        assert readings(folder) == ["another", "one-group"]
        rulebook = load_rulebook(folder)
        assert rulebook.reading is None
        assert "reading.one" not in rulebook.by_id
        assert set(rulebook.texts) == set(TEXTS)

    def test_one_stands_in_place_of_the_rules_that_it_replaces(self, tmp_path):
        folder = write_policy(tmp_path, self.texts() | {"readings/broken.lp": "quiet("})
        rulebook = load_rulebook(folder, "one-group")
        assert sorted(rulebook.by_id) == ["marks.groups", "marks.marked", "marks.quiet", "reading.one"]
        assert rulebook.by_head["least"][0].facts == (("least", 1),)
        assert set(rulebook.texts) == {*TEXTS, "readings/one-group.lp"}
        assert rulebook.reading.name == "one-group"
        assert rulebook.reading.says == "One group is enough"
        assert rulebook.reading.rejected == "Nobody reads it so"
        assert rulebook.reading.replaces == ("marks.least",)

    def test_it_may_replace_several_rules_named_in_one_line_or_in_two(self, tmp_path):
        more = "% @rule reading.two\n% @cite ACT (a)\n% @says {Group}\nstudent_group(fos).\n"
        for number, lines in enumerate(["marks.least marks.groups", "marks.least\n% @replaces marks.groups"]):
            text = READING.replace("@replaces marks.least", f"@replaces {lines}") + "\n" + more
            folder = write_policy(tmp_path / str(number), {"readings/one-group.lp": text})
            rulebook = load_rulebook(folder, "one-group")
            assert rulebook.reading.replaces == ("marks.least", "marks.groups")
            assert sorted(rulebook.by_id) == ["marks.marked", "marks.quiet", "reading.one", "reading.two"]

    def test_an_unknown_name_is_an_error_that_lists_those_that_are_known(self, tmp_path):
        with pytest.raises(PolicyError, match=r"there is no reading 'none'; known are one-group"):
            load_rulebook(write_policy(tmp_path, self.texts()), "none")

    @pytest.mark.parametrize("name", ["../marks/marks", "readings/one-group", "one-group.lp", ""])
    def test_a_path_is_no_name(self, tmp_path, name):
        with pytest.raises(PolicyError, match="there is no reading"):
            load_rulebook(write_policy(tmp_path, self.texts()), name)

    def test_an_unknown_rule_cannot_be_replaced(self, tmp_path):
        texts = self.texts("@replaces marks.least", "@replaces marks.least marks.most")
        with pytest.raises(PolicyError, match=r"one-group\.lp:1: @replaces marks\.most: there is no such rule"):
            load_rulebook(write_policy(tmp_path, texts), "one-group")

    @pytest.mark.parametrize("tag", ["reading", "rejected", "replaces"])
    def test_a_header_without_one_of_its_tags_is_told(self, tmp_path, tag):
        line = next(line for line in READING.splitlines() if f"@{tag}" in line)
        folder = write_policy(tmp_path, self.texts(f"{line}\n"))
        with pytest.raises(PolicyError, match=rf"readings/one-group\.lp:1: write '% @{tag} …'"):
            load_rulebook(folder, "one-group")

    def test_its_own_rules_are_checked_like_all_others(self, tmp_path):
        texts = self.texts("% @cite ACT (a)", "% @cite ACT (b)")
        with pytest.raises(PolicyError, match=r"readings/one-group\.lp:6: @cite ACT \(b\)"):
            load_rulebook(write_policy(tmp_path, texts), "one-group")

    def test_the_id_of_a_replaced_rule_stays_taken(self, tmp_path):
        texts = self.texts("@rule reading.one", "@rule marks.least")
        with pytest.raises(PolicyError, match=r"the id marks\.least is taken"):
            load_rulebook(write_policy(tmp_path, texts), "one-group")
