"""A made-up policy, small enough to be spoilt in one place at a time."""

from __future__ import annotations

from pathlib import Path


def declared(heading: str, stated_by: str, extra: str = "") -> str:
    """A predicate's block of the vocabulary; an input gets its ``#defined`` line."""
    name, _, rest = heading.rstrip(")").partition("(")
    arguments = [part.strip() for part in rest.split(",") if part.strip()]
    told = " ".join(f"{{{argument}}}" for argument in arguments)
    described = "".join(f" - {argument}: what it is.\n" for argument in arguments)
    defined = f"#defined {name}/{len(arguments)}.\n" if stated_by == "evidence" else ""
    return (
        f"%*! {heading}\nSays: {name} {told}.\nAbsent: not {name} {told}.\nStated by: {stated_by}\n{extra}"
        f"Args:\n{described}*%\n{defined}\n"
    )


VOCABULARY = "vocabulary.lp"
RULES = "marks/marks.lp"
AUTHORITIES = "authorities.yaml"
NAMES = "names.yaml"

TEXTS = {
    VOCABULARY: "".join(
        [
            "%# Vocabulary\n\n",
            declared("listed(LEA, Year)", "evidence"),
            declared("letter(LEA, Year, Group)", "evidence"),
            declared("least(Count)", "policy"),
            declared("student_group(Group)", "policy"),
            declared("marked(LEA, Year)", "rules"),
            declared("quiet(LEA, Year)", "rules", "Used by: reports\n"),
        ]
    ),
    RULES: """\
%# Marks

% @rule marks.least
% @cite ACT (a)
% @says At least {Count} groups count
least(2).

% @rule marks.groups
% @cite ACT (a)
% @cite MEMO groups
% @says {Group} are a student group
student_group((fos; hom)).

% @rule marks.marked
% @cite ACT (a)
% @says {LEA} is marked in {Year}: at least {Count} groups
% @unless {LEA} is not marked in {Year}
marked(LEA, Year) :-
    listed(LEA, Year),
    least(Count),
    #count { Group : letter(LEA, Year, Group), student_group(Group) } >= Count.

% @rule marks.quiet
% @cite MEMO groups
% @inferred Nobody says so
% @says {LEA} is quiet in {Year}
% @unless {LEA} is marked in {Year}
quiet(LEA, Year) :-
    listed(LEA, Year),
    not marked(LEA, Year).
""",
    AUTHORITIES: """\
# Who says so.
ACT:
  title: The Act of 1999
  cite: Act 12
  rank: statute
  in_force: {from: 1999-01-01, to: 2001-12-31}
  read: 2026-11-21
  source: act.txt
  passages:
    (a): Two groups
      are enough.

MEMO:
  title: A memorandum
  cite: Memorandum
  rank: cde
  url: https://example.org/memo
  for_dashboard: 2001
  read: 2026-11-21
  source: memo.txt
  passages:
    groups: Foster youth and homeless students.
""",
    NAMES: """\
Group:
  fos: foster youth
  hom: homeless students
""",
}


SOURCES = {
    "act.txt": "(a) Two groups are enough.\n(b) One is not.\n",
    "memo.txt": "Foster\u00a0youth and homeless   students. Others are none.\n",
}


def write_sources(folder: Path) -> Path:
    """Write the sources in which the made-up quotations stand, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in SOURCES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def write_policy(folder: Path, texts: dict[str, str] | None = None) -> Path:
    """Write the made-up policy, with ``texts`` in place of its files or beside them, and return the folder."""
    for name, text in (TEXTS | (texts or {})).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return folder


def changed(file: str, old: str, new: str) -> dict[str, str]:
    """One file of the made-up policy with ``new`` in the one place of ``old``."""
    assert TEXTS[file].count(old) == 1, (file, old)
    return {file: TEXTS[file].replace(old, new)}


def line_of(text: str, part: str) -> int:
    """The line, from 1, on which ``part`` begins in ``text``, where it stands once."""
    assert text.count(part) == 1, part
    return text.count("\n", 0, text.index(part)) + 1
