import dataclasses
import json
import re

import jsonschema
import pytest

from .case_files import FILES, FOLDER, all_cases, check, document, rulebook_of
from .decided import faults_of

CASES = all_cases()


@pytest.mark.parametrize("case", CASES, ids=[f"{case.file}: {case.name}" for case in CASES])
def test_case(case):
    check(case.place, faults_of(case))


def changed(case, **given):
    return dataclasses.replace(case, given={**case.given, **given})


def test_a_case_that_fails_is_told_once_with_its_line_what_was_expected_and_what_came_out():
    case = next(case for case in CASES if case.file == "length" and "concludes" in case.given)
    line = (FOLDER / "length.yaml").read_text(encoding="utf-8").splitlines()[case.line - 1]
    assert line.startswith("  - name: ")
    assert faults_of(case) == []
    followed, expected = case.given["concludes"][0], "no_bridge 2031 criteria"
    faults = faults_of(changed(case, concludes=[expected], does_not_conclude=[followed], rules=["duration.no-bridge"]))
    assert [fault.split("; ")[0] for fault in faults] == [
        f"expected {expected}",
        f"expected not {followed}",
        f"expected the rule duration.no-bridge to apply in {case.year}",
    ]
    assert all("; " in fault for fault in faults)
    with pytest.raises(pytest.fail.Exception) as failed:
        check(case.place, faults)
    assert str(failed.value).splitlines() == [
        f"tests/cases/length.yaml:{case.line}",
        *(f"  {fault}" for fault in faults),
    ]
    assert not failed.value.pytrace


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_case_file_is_written_as_the_schema_says(path):
    schema = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(document(path))


def test_every_case_has_a_name_and_a_cds_code_of_its_own():
    for values in ([(case.reading, case.name) for case in CASES], [(case.reading, case.cds) for case in CASES]):
        assert len(set(values)) == len(values), [one for one in values if values.count(one) > 1]


def test_the_table_of_every_case_fills_in_every_word_in_braces():
    assert [case.name for case in CASES if re.search(r"\{[a-z_]+\}", f"{case.name} {json.dumps(case.given)}")] == []


def test_a_case_names_only_rules_that_there_are():
    for case in CASES:
        assert case.rules <= rulebook_of(case.reading).by_id.keys(), case.name


def test_a_case_names_only_conclusions_that_the_rules_could_draw():
    for case in CASES:
        predicates = rulebook_of(case.reading).predicates
        for one in (
            one
            for key in ("concludes", "does_not_conclude", "follows_for_it", "does_not_follow_for_it", "explained")
            for one in case.conclusions(key)
        ):
            assert one.predicate in predicates, f"{case.name}: there is no {one.predicate}"
            assert predicates[one.predicate].stated_by == "rules", f"{case.name}: {one.text} is given, not concluded"
