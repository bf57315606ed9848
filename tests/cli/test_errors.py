"""How a command ends that meets an error."""

import errno

import click
import pytest
from click.testing import CliRunner

from pyreport.cli.command import Command
from pyreport.errors import PyreportError
from pyreport.evidence.findings import EvidenceError
from pyreport.explanation.tree import Unexplained
from pyreport.files.locks import Held
from pyreport.files.revisions import RevisionError
from pyreport.hypotheses.settings import SettingError
from pyreport.reasoning import decision
from pyreport.reasoning.encoded_years import YearNotEncoded
from pyreport.reasoning.grounding import ReasoningError
from pyreport.reporting.execute import Stopped
from pyreport.rulebook.problems import PolicyError


class OtherError(PyreportError):
    exit_status = 7


def ended(error):
    """The exit status and the message of a command that meets the error."""

    @click.command(cls=Command)
    def command():
        raise error

    result = CliRunner().invoke(command)
    assert result.stdout == ""
    return result.exit_code, result.stderr


@pytest.mark.parametrize(
    "error",
    [decision.ProofError, ReasoningError, RevisionError, SettingError, Unexplained, YearNotEncoded],
)
def test_an_error_for_people_is_a_message_and_status_2(error):
    assert ended(error("line 3: expected a date")) == (2, "line 3: expected a date\n")


@pytest.mark.parametrize("error", [EvidenceError([]), PolicyError([])])
def test_an_error_that_gathers_findings_is_a_message_and_status_2(error):
    assert ended(error) == (2, f"{error}\n")


@pytest.mark.parametrize(
    ("error", "ending"),
    [
        (Held("the folder is in use"), (3, "the folder is in use\n")),
        (OtherError("another reason"), (7, "another reason\n")),
        (Stopped(15), (143, "")),
    ],
)
def test_an_error_can_have_a_status_of_its_own(error, ending):
    assert ended(error) == ending


def test_what_a_terminal_would_obey_is_written_out_in_a_message():
    assert ended(OtherError("a\x1b[31mb")) == (7, "a\\u001b[31mb\n")
    assert "a\\u001bb" in ended(click.UsageError("a\x1bb"))[1]


@pytest.mark.parametrize(
    ("error", "ending"),
    [
        (FileNotFoundError(errno.ENOENT, "No such file", "a.csv"), (2, "a.csv: No such file\n")),
        (OSError(errno.ENOSPC, "No space left", "a.csv"), (3, "a.csv: No space left\n")),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), (3, "")),
    ],
)
def test_an_error_of_the_system_names_the_place(error, ending):
    assert ended(error) == ending


@pytest.mark.parametrize("error", [ValueError("a fault"), AssertionError("a fault")])
def test_any_other_error_is_a_fault_of_the_program_and_passes(error):
    @click.command(cls=Command)
    def command():
        raise error

    assert CliRunner().invoke(command).exception is error


def test_a_policy_that_the_proof_checker_cannot_read_is_an_error_for_people():
    with pytest.raises(decision.ProofError, match=r"^rules\.lp:1: "):
        decision._checker((("rules.lp", "a(X) :- #count { Y : b(Y) } = X."),))
