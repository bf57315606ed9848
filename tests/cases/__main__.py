"""Try every written case, and print each that fails once: its file and line, its name, what was expected and came out.

``make cases`` runs this. The tests compare the same cases in the same way; here nothing is run beside them, and the
cases of the policy as it is are decided in one process, those of readings and of modules in another.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor

from .case_files import all_cases, cases_of
from .decided import faults_of
from .modules import test_money, test_special_advance

Failed = tuple[str, str, list[str]]
"""The file and line of a case, its name, and its faults."""


def of_the_policy() -> Iterator[Failed]:
    for case in cases_of(None):
        yield case.place, case.name, faults_of(case)


def of_readings_and_modules() -> Iterator[Failed]:
    for case in all_cases():
        if case.reading is not None:
            yield case.place, case.name, faults_of(case)
    for tests in (test_money, test_special_advance):
        for case in tests.CASES:
            yield case.place, case.name, tests.faults_of(case)


def tried(cases: Callable[[], Iterator[Failed]]) -> tuple[int, list[Failed]]:
    """The number of the cases, and those with faults."""
    every = list(cases())
    return len(every), [one for one in every if one[-1]]


def main() -> int:
    with ProcessPoolExecutor() as processes:
        numbers, failed = zip(*processes.map(tried, [of_the_policy, of_readings_and_modules]), strict=True)
    failures = sorted(one for some in failed for one in some)
    for place, name, faults in failures:
        print("\n  ".join([f"{place}: {name}", *faults]))
    print(f"{sum(numbers):,} cases, {len(failures) or 'none'} of them not as expected")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
