"""Five explanations, whole, as the commands print them. Renew one only after reading what changed.

A charter school's is a why-not: on the data at hand none is eligible.
"""

import difflib
from pathlib import Path

import pytest
from click.testing import CliRunner

from pyreport.cli import main

FOLDER = Path(__file__).resolve().parents[1] / "golden"

QUESTIONS = {
    "county-office": ("explain", "28102800000000", 2024, "status"),
    "method-2": ("explain", "41689730000000", 2023, "status"),
    "second-year": ("explain", "04615230000000", 2024, "status"),
    "persistent": ("explain", "34674470000000", 2023, "persistent_52072"),
    "charter": ("why-not", "27102720124297", 2024, "eligible"),
}


def test_every_golden_file_is_compared():
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(QUESTIONS)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_the_explanation_is_word_for_word_the_golden_one(name):
    command, cds, year, about = QUESTIONS[name]
    arguments = [command, cds, "--year", str(year), "--about", about]
    # An explanation is cut to what fits on a screen unless all is asked for.
    arguments += ["--all"] if command == "explain" else []
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    golden = FOLDER / f"{name}.txt"
    expected = golden.read_text(encoding="utf-8")
    if result.stdout != expected:
        difference = difflib.unified_diff(
            expected.splitlines(), result.stdout.splitlines(), f"tests/golden/{name}.txt", "now", lineterm=""
        )
        pytest.fail(
            "\n".join(
                [
                    *difference,
                    "",
                    "The explanation differs. Read the difference as a lawyer would. If what it says now is right:",
                    f"    pyreport {' '.join(arguments)} --output tests/golden/{name}.txt",
                ]
            ),
            pytrace=False,
        )
