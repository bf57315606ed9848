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
