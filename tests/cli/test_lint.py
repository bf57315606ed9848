"""``pyreport lint``: one finding a line, and an exit status that tells whether there are any."""

from __future__ import annotations

import json
import shutil

import pytest

from pyreport.cli.findings import as_github
from pyreport.files.places import policy_folder, sources_folder
from pyreport.rulebook.lint.checks import checks
from pyreport.rulebook.problems import Finding, Problem

from .command import answered, refused, run


@pytest.fixture
def draft(tmp_path):
    return shutil.copytree(policy_folder(), tmp_path / "draft")


def test_the_policy_has_no_findings():
    result = answered("lint")
    assert result.stdout == ""
    assert "No findings" in result.stderr


def test_without_sources_at_hand_it_says_that_quotations_were_not_compared():
    assert ("unsupported-quotation" in answered("lint").stderr) == (sources_folder() is None)


def test_the_findings_of_a_draft_are_told_with_file_line_and_id(draft):
    vocabulary = draft / "vocabulary.lp"
    text = vocabulary.read_text(encoding="utf-8")
    vocabulary.write_text(text.replace("Used by: messages\n", "", 1), encoding="utf-8")
    line = text.count("\n", 0, text.index("%*! no_determinations")) + 1
    result = run("lint", "--policy", draft)
    assert result.exit_code == 1
    (finding,) = result.stdout.splitlines()
    assert finding.startswith(f"vocabulary.lp:{line}: ")
    assert finding.endswith(" [unused-predicate]")
    assert "1 finding in " in result.stderr


def test_what_keeps_a_draft_from_loading_is_a_finding_like_others(draft):
    (draft / "more.lp").write_text("eligible(1, 2).\n", encoding="utf-8")
    result = run("lint", "--policy", draft)
    assert result.exit_code == 1
    assert result.stdout.startswith("more.lp:1: ")
    assert result.stdout.endswith(" [missing-label]\n")


def test_quotations_are_looked_up_in_the_sources_named(draft, tmp_path):
    (tmp_path / "sources").mkdir()
    result = run("lint", "--policy", draft, "--sources", tmp_path / "sources")
    assert result.exit_code == 1
    assert {line.rpartition(" ")[2] for line in result.stdout.splitlines()} == {"[missing-source]"}


@pytest.mark.parametrize("finding", Finding, ids=lambda finding: finding.id)
def test_every_finding_is_explained(finding):
    page = answered("lint", "--explain", finding.id).stdout
    assert page.startswith(f"{finding.id}\n  ")
    assert "```" not in page
    assert "**" not in page
    for part in (checks()[finding.id].avoid, checks()[finding.id].prefer):
        assert all(row.strip() in page for row in part.splitlines())
    assert page in answered("lint", "--explain", "all").stdout


class TestFormats:
    @pytest.fixture
    def spoilt(self, draft):
        """A draft with one finding, and its line."""
        rules = draft / "parameters" / "thresholds.lp"
        text = rules.read_text(encoding="utf-8")
        fact = "threshold(recurring_years, 3)."
        rules.write_text(text.replace(fact, "threshold((recurring_years; recurring_groups), 3)."), encoding="utf-8")
        return draft, text.count("\n", 0, text.index("threshold(recurring_groups")) + 1

    def test_json_names_check_file_line_and_message_and_what_was_not_checked(self, spoilt):
        draft, line = spoilt
        result = run("lint", "--policy", draft, "--format", "json")
        assert result.exit_code == 1
        told = json.loads(result.stdout)
        assert told["policy"] == str(draft)
        (finding,) = told["findings"]
        assert finding["message"].startswith("thresholds.recurring-groups: threshold(recurring_groups, 3) is stated by")
        del finding["message"]
        assert finding == {"check": "duplicate-fact", "file": "parameters/thresholds.lp", "line": line}
        assert {one["check"] for one in told["not_checked"]} > {"never-applies", "faulty-case"}
        assert all(one["reason"] for one in told["not_checked"])

    def test_github_is_given_an_annotation_at_the_line_of_the_file_as_seen_from_here(self, spoilt, monkeypatch):
        draft, line = spoilt
        monkeypatch.chdir(draft.parent)
        result = run("lint", "--policy", "draft", "--format", "github")
        assert result.exit_code == 1
        (row,) = result.stdout.splitlines()
        place = f"file=draft/parameters/thresholds.lp,line={line},title=duplicate-fact"
        assert row.startswith(f"::error {place}::thresholds.recurring-groups: threshold(recurring_groups, 3)")

    def test_what_github_would_read_as_its_own_is_escaped(self, tmp_path):
        problem = Problem("a,b:c.lp", 3, "100 % of\ntwo", Finding.GAP)
        assert list(as_github(tmp_path, [problem])) == ["::error file=a%2Cb%3Ac.lp,line=3,title=gap::100 %25 of%0Atwo"]


def test_the_cases_beside_a_draft_are_looked_at_and_those_of_a_folder_named(draft):
    cases = draft.parent / "tests" / "cases"
    cases.mkdir(parents=True)
    (cases / "more.yaml").write_text("cases:\n  - not_rules: [eligibility.metod-1]\n", encoding="utf-8")
    told = "../tests/cases/more.yaml:2: the policy has no rule eligibility.metod-1; write eligibility.method-1"
    assert run("lint", "--policy", draft).stdout == f"{told} [faulty-case]\n"
    assert answered("lint", "--policy", draft, "--cases", draft).stdout == ""


def test_an_unknown_finding_is_refused_with_those_there_are():
    message = " ".join(refused("lint", "--explain", "typo").split())
    assert all(finding.id in message for finding in Finding)


def test_a_folder_that_is_not_there_or_holds_no_policy_is_refused(tmp_path):
    assert "does not exist" in refused("lint", "--policy", tmp_path / "none")
    assert "holds no policy" in refused("lint", "--policy", tmp_path)
