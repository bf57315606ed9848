import subprocess
import sys

FORBIDDEN = ("clingo", "pyreport.rulebook", "pyreport.reasoning", "pyreport.evidence", "pandas")


def test_the_checker_loads_nothing_of_the_side_that_it_checks():
    program = "import sys, pyreport.explanation.proof.checker; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "pyreport.explanation.proof.checker" in loaded
    assert [name for name in loaded if any(name == one or name.startswith(f"{one}.") for one in FORBIDDEN)] == []
