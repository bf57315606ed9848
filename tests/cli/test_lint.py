"""``pyreport lint``: one finding a line, and an exit status that tells whether there are any."""

from __future__ import annotations

import shutil

import pytest

from pyreport.files.places import policy_folder, sources_folder
from pyreport.rulebook.problems import Finding

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
    assert answered("lint", "--explain", finding.id).stdout == f"{finding.id}\n  {finding.meaning}\n"
    assert f"{finding.id}\n  {finding.meaning}\n" in answered("lint", "--explain", "all").stdout


def test_an_unknown_finding_is_refused_with_those_there_are():
    message = " ".join(refused("lint", "--explain", "typo").split())
    assert all(finding.id in message for finding in Finding)


def test_a_folder_that_is_not_there_or_holds_no_policy_is_refused(tmp_path):
    assert "does not exist" in refused("lint", "--policy", tmp_path / "none")
    assert "holds no policy" in refused("lint", "--policy", tmp_path)
