"""Try every written case of the project, and print each that fails: ``make cases`` runs this.

Those of the policy and its readings are tried as ``pyreport test`` tries them; those of modules, which give the facts
of a county office or of a report, beside them in another process.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor

from pyreport.cases.trying import CaseFailure, CasesTried, try_cases
from pyreport.files.places import policy_folder

from .case_files import FILES
from .modules import test_money, test_special_advance


def of_the_policy() -> CasesTried:
    return try_cases(FILES, policy_folder())


def of_modules() -> CasesTried:
    cases = [(case, tests.faults_of(case)) for tests in (test_money, test_special_advance) for case in tests.CASES]
    return CasesTried(len(cases), [CaseFailure(case.place, case.name, faults, []) for case, faults in cases if faults])


def main() -> int:
    with ProcessPoolExecutor() as processes:
        running = [processes.submit(of_the_policy), processes.submit(of_modules)]
        tried = [one.result() for one in running]
    whole = CasesTried(sum(one.number for one in tried), [failure for one in tried for failure in one.failures])
    for failure in whole.failures:
        print(failure.text())
    print(whole)
    return bool(whole.failures)


if __name__ == "__main__":
    sys.exit(main())
