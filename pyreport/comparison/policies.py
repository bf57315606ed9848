"""The policies that are compared and about which proofs are made, as a user names them.

One is a folder, a git revision, a reading, a file with a few rules worded otherwise, or the criteria of another
Dashboard year.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyreport.comparison.proved_policies import patched
from pyreport.errors import PyreportError
from pyreport.files.locks import scratch_folder
from pyreport.files.places import policy_folder
from pyreport.files.revisions import RevisionError, unpack_revision
from pyreport.reasoning.encoded_years import check_year
from pyreport.rulebook.loading import load_rulebook
from pyreport.rulebook.problems import PolicyError
from pyreport.rulebook.restating import with_criteria_of
from pyreport.rulebook.rulebook import Rulebook

__all__ = ["ComparedPolicy", "NoSuchPolicy", "policy_named", "rulebook_of", "rules_of"]

_READING, _YEAR = "reading:", "year:"
_POLICY = "policy"
_AUTHORITIES = "authorities.yaml"


class NoSuchPolicy(PyreportError):
    """What was named is no policy; the message says what can be named."""


@dataclass(frozen=True, slots=True)
class ComparedPolicy:
    """A policy that a user named, as it can be told to another process.

    Attributes:
        name: What the user called it.
        folder: The folder of the policy.
        reading: The name of an alternative reading of it, if one was chosen.
        criteria_of: The Dashboard year whose criteria are tried, if one was named.
        rules: A file in the form of a reading, whose rules stand in place of those that it names.
    """

    name: str
    folder: Path
    reading: str | None = None
    criteria_of: int | None = None
    rules: Path | None = None


def policy_named(name: str, own: Path | None, stack: ExitStack) -> ComparedPolicy:
    """The policy that the user names.

    Args:
        name: A folder, a git revision of the checkout, ``reading:NAME``, ``year:YEAR``, or a file of rules in the form
            of a reading.
        own: The folder of which a reading, a year or a file of rules is meant; the project's own if ``None``.
        stack: Removes what was unpacked when it is closed.

    Raises:
        NoSuchPolicy: It is none of these.
    """
    of = own or policy_folder()
    if name.startswith(_READING):
        return ComparedPolicy(name, of, reading=name.removeprefix(_READING))
    if name.startswith(_YEAR):
        year = name.removeprefix(_YEAR)
        if not year.isdecimal():
            raise NoSuchPolicy(f"{name}: after year: write a Dashboard year, such as year:2024")
        return ComparedPolicy(name, of, criteria_of=int(year))
    folder = Path(name)
    if folder.is_dir():
        if not (folder / _AUTHORITIES).is_file():
            raise NoSuchPolicy(f"{name} is a folder, but of no policy: it has no {_AUTHORITIES}")
        return ComparedPolicy(name, folder.resolve())
    if folder.is_file():
        return ComparedPolicy(name, of, rules=folder.resolve())
    unpacked = stack.enter_context(scratch_folder())
    try:
        unpack_revision(name, unpacked, _POLICY)
    except RevisionError as error:
        raise NoSuchPolicy(
            f"{name} is no policy: write a folder, a git revision, reading:NAME (see `pyreport readings`), year:YEAR, "
            f"or a file of rules in the form of a reading. It is no folder and no file, and as a revision: {error}"
        ) from None
    return ComparedPolicy(name, unpacked / _POLICY)


@cache
def rulebook_of(policy: ComparedPolicy, on: int, *, changes: bool = False) -> Rulebook:
    """The rules of a policy for the determinations of the Dashboard ``on``; read once a process.

    Args:
        policy: The policy.
        on: The Dashboard year.
        changes: Whether what may change and be made up is read too.

    Raises:
        PolicyError: It does not load, or has no such reading.
        YearNotEncoded: It has no criteria of the year, or of the year that is tried.
    """
    rulebook = rules_of(policy, changes=changes)
    check_year(rulebook, on)
    if policy.criteria_of is None:
        return rulebook
    check_year(rulebook, policy.criteria_of)
    return with_criteria_of(rulebook, policy.criteria_of, on)


def rules_of(policy: ComparedPolicy, *, changes: bool = False) -> Rulebook:
    """The rules of a policy with the criteria that each year has; read once a process.

    Raises:
        PolicyError: It does not load, or has no such reading.
    """
    try:
        rulebook = _loaded(policy.folder, policy.reading, changes)
        return rulebook if policy.rules is None else patched(rulebook, policy.rules, policy.folder)
    except PolicyError as error:
        raise PolicyError(error.problems, policy.name) from None


@cache
def _loaded(folder: Path, reading: str | None, changes: bool) -> Rulebook:
    return load_rulebook(folder, reading, changes=changes)
