"""A fault is told once, however many rows have it, and what is kept of it stays small."""

from __future__ import annotations

import pytest

from pyreport.evidence.findings import EvidenceError, Finding, Findings


def finding(row: int, message: str, column: str = "A", fault: str = "") -> Finding:
    return Finding("file.txt", "", row, column, message, fault=fault)


def lines(found: Findings) -> list[str]:
    return str(EvidenceError(found)).splitlines()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_up_to_three_places_have_a_line_each(count):
    found = Findings()
    for row in range(1, count + 1):
        found.append(finding(row, f"'x{row}' is wrong"))
    problems = "1 problem" if count == 1 else f"{count} problems"
    assert lines(found) == [
        f"The evidence cannot be taken: {problems}.",
        *(f"file.txt, row {row}, column A: 'x{row}' is wrong" for row in range(1, count + 1)),
    ]


def test_more_places_are_counted_and_not_kept():
    found = Findings()
    for row in range(1, 100_001):
        found.append(finding(row, f"{row}: 'it\\'s' or \"it's {row}\" is wrong"))
    assert len(found) == 100_000
    assert len(list(found)) == 3
    heading, line = lines(found)
    assert heading == "The evidence cannot be taken: 100,000 problems."
    assert line.endswith("– the same in row 2, row 3 and 99,997 more")


def test_another_column_sheet_or_message_is_another_fault():
    found = Findings()
    for row in range(1, 5):
        for column in "AB":
            found.append(finding(row, "'x' is wrong", column))
        found.append(finding(row, "'x' is missing"))
    assert len(lines(found)) == 4


def test_a_fault_that_is_named_is_one_whatever_its_messages_say():
    found = Findings()
    for row, name in enumerate(["Kern", "Kings", "Lake", "Lassen", "Marin"], 1):
        found.append(finding(row, f"expected {name}", fault="county"))
    assert lines(found)[1:] == [
        "file.txt, row 1, column A: expected Kern – the same in row 2, row 3 and 2 more",
    ]


def test_what_is_said_of_whole_files_is_never_one_fault():
    found = Findings()
    for number in range(5):
        found.append(finding(0, f"expected a column '{number}'"))
    assert len(lines(found)) == 6


def test_faults_that_all_differ_are_bounded_and_the_rest_is_counted():
    found = Findings()
    for row in range(1, 1001):
        found.append(finding(row, "wrong", column=f"C{row}"))
    told = list(found)
    assert len(told) == 201
    assert told[-1].message == "800 problems of other kinds are not told; mend these first"
    assert len(found) == 1000
    assert told[0] in found


def test_errors_of_several_files_are_put_together_without_loss():
    first, second = Findings(), Findings()
    for row in range(1, 11):
        first.append(finding(row, "'x' is wrong"))
        second.append(Finding("other.txt", "", row, "A", "'y' is wrong"))
    heading, *told = str(EvidenceError([*first, *second])).splitlines()
    assert heading == "The evidence cannot be taken: 20 problems."
    assert [line.rpartition("–")[2] for line in told] == [" the same in row 2, row 3 and 7 more"] * 2
