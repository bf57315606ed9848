import json

import pytest

from pyreport.evidence.record import Record
from pyreport.files.places import policy_folder
from pyreport.reporting.law_counts import CountsError, LawCounts, count_law
from pyreport.rulebook.loading import readings

from .pages import YEAR, made_up, rulebook


def counts(**changes):
    fields = {"policy": rulebook().fingerprint, "years": (2023, YEAR), "leas": {"criteria.two-priorities": {YEAR: 7}}}
    return LawCounts(**(fields | changes))


def test_what_was_written_is_read_again(tmp_path):
    path = tmp_path / "counts.json"
    written = counts(changed={"ec-52072-any-three-groups": 3})
    path.write_text(written.write(), encoding="utf-8")
    assert LawCounts.read(str(path), rulebook()) == written


def test_a_rule_about_an_lea_has_a_count_for_each_year_and_facts_of_law_have_none():
    assert counts().fired(rulebook().by_id["criteria.two-priorities"]) == {2023: 0, YEAR: 7}
    assert counts().fired(rulebook().by_id["obligations.provide"]) == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "cannot be read"),
        ("{", "no file of counts"),
        (json.dumps({"format": "another", "years": [YEAR]}), "no file of counts"),
        (json.dumps([1]), "no file of counts"),
        (counts(years=()).write(), "no file of counts"),
        (counts(policy="0" * 64).write(), "its counts are of another policy"),
    ],
)
def test_what_is_no_file_of_counts_of_this_policy_is_refused_with_the_cure(tmp_path, text, words):
    path = tmp_path / "counts.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(CountsError, match=words) as error:
        LawCounts.read(str(path), rulebook())
    assert str(path) in str(error.value)
    assert "make it anew: pyreport law --count-into FILE" in str(error.value)


def test_the_leas_of_a_small_record_are_counted_by_rule_and_the_readings_by_difference():
    letters = {"01100170000000": {"fos": "A"}, "01611190000000": {"fos": "A", "hom": "B"}, "01611270000000": {}}
    leas = {(YEAR, cds): made_up(cds, "One", of_lea) for cds, of_lea in letters.items()}
    found = count_law(Record(leas), [YEAR])
    assert found.policy == rulebook().fingerprint
    assert found.years == (YEAR,)
    # Two of the three meet the criteria with a group; two groups of one are one LEA.
    assert found.leas["criteria.two-priorities"][YEAR] == 2
    # What follows from it on the day on which the Dashboard was out.
    assert found.leas["obligations.duty"][YEAR] == 3
    assert set(found.changed) == set(readings(policy_folder()))
    assert all(0 <= number <= len(leas) for number in found.changed.values())
