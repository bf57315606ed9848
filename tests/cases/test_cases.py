import dataclasses

import pytest

from pyreport.cases.files import faults_of_names

from .case_files import FOLDER, all_cases, check, rulebook_of
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


def test_every_case_has_a_name_and_a_cds_code_of_its_own():
    for values in ([(case.reading, case.name) for case in CASES], [(case.reading, case.cds) for case in CASES]):
        assert len(set(values)) == len(values), [one for one in values if values.count(one) > 1]


def test_a_case_names_only_rules_and_conclusions_that_there_are():
    for case in CASES:
        assert list(faults_of_names(case, rulebook_of(case.reading))) == [], case.place
