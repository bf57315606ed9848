import subprocess
import sys

import pytest

OTHER_SIDE = ("clingo", "pyreport.reasoning", "pyreport.reporting", "pyreport.rulebook.parsing", "pandas")
FORBIDDEN = {
    "proof.checker": (*OTHER_SIDE, "pyreport.rulebook", "pyreport.evidence"),
    "proof.packing": (*OTHER_SIDE, "pyreport.rulebook", "pyreport.evidence"),
    "verification.verifier": (*OTHER_SIDE, "pyreport.evidence.record"),
    "verification.sources": OTHER_SIDE,
}


@pytest.mark.parametrize("module", FORBIDDEN)
def test_the_checker_loads_nothing_of_the_side_that_it_checks(module):
    program = f"import sys, pyreport.{module}; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert f"pyreport.{module}" in loaded
    found = [name for name in loaded if any(name == one or name.startswith(f"{one}.") for one in FORBIDDEN[module])]
    assert found == []
