"""Whether each passage of the authorities stands word for word in its source."""

from __future__ import annotations

import bisect
import difflib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from pyreport.files.plain_yaml import place_lines, read_plain_yaml
from pyreport.rulebook.authorities import FILE, read_authorities
from pyreport.rulebook.documents import read_text
from pyreport.rulebook.problems import Finding, PolicyError, Problem

__all__ = ["misquotations", "stands_in"]

_WORKBOOKS = (".xls", ".xlsx")
_SHOWN = 4
"""How many words a message shows of where quotation and source part."""
_STRAIGHT = str.maketrans("“”‘’\u00a0", "\"\"'' ")


def misquotations(folder: Path, sources: Path) -> Iterable[Problem]:
    """Yield the passages of the policy in ``folder`` that do not stand in their files in the folder ``sources``.

    Nothing is said of authorities that cannot be read: the loader tells what is wrong with them.
    """
    try:
        authorities = read_authorities(folder)
    except PolicyError:
        return
    _, node = read_plain_yaml(read_text(folder / FILE, FILE), policy=True)
    lines = dict(place_lines(node))
    for name, authority in authorities.items():
        line = lines.get((name,), 1)
        source = sources / authority.source
        try:
            missing = [key for key, text in authority.passages.items() if not stands_in(text, source)]
        except (OSError, UnicodeDecodeError, CalamineError) as error:
            why = (
                f"is not in {sources}: keep there the text that was read, or name the folder that has it by --sources"
                if not source.exists()
                else f"cannot be read: {error}"
            )
            yield Problem(FILE, line, f"{name}: the source {authority.source} {why}", Finding.MISSING_SOURCE)
            continue
        for key in missing:
            message = (
                f"{name}: the passage {key} does not stand word for word in {authority.source}: "
                f"{_difference(authority.passages[key], source)}"
            )
            yield Problem(FILE, lines.get((name, "passages", key), line), message, Finding.UNSUPPORTED_QUOTATION)


def stands_in(quotation: str, source: Path) -> bool:
    """Tell whether ``quotation`` stands in the file ``source``: in one cell of a workbook, anywhere in a text.

    Spaces and the shape of quotation marks make no difference. What makes the file unreadable is raised.
    """
    wanted = _plain(quotation)
    return bool(wanted) and any(wanted in piece for piece in _pieces(source))


def _difference(quotation: str, source: Path) -> str:
    """Where a quotation leaves its source, and what to do, in words."""
    words = _plain(quotation).split(" ")
    pieces = _pieces(source)

    def places(count: int) -> list[tuple[str, int]]:
        """Where the first words stand: the rest of the source from there on."""
        start = re.compile(rf"(?<!\w){re.escape(' '.join(words[:count]))}(?!\w)")
        return [(piece, match.end()) for piece in pieces for match in start.finditer(piece)]

    first_missing = bisect.bisect_left(range(1, len(words) + 1), True, key=lambda count: not places(count))
    if not first_missing:
        return f"“{words[0]}” does not stand there; quote the source, or name the one that has it"
    rest = " ".join(words[first_missing:])
    following = (piece[end : end + len(rest)].strip() for piece, end in places(first_missing))
    nearest = max(following, key=lambda text: difflib.SequenceMatcher(None, text, rest, autojunk=False).ratio())
    given, read = (" ".join(text.split(" ")[:_SHOWN]) for text in (rest, nearest))
    before = " ".join(words[max(0, first_missing - _SHOWN) : first_missing])
    return f"after “{before}” it has “{given}”, and the source “{read}”; quote the source"


def _plain(text: str) -> str:
    """The text with straight quotation marks and single spaces."""
    return " ".join(text.translate(_STRAIGHT).split())


@cache
def _pieces(source: Path) -> list[str]:
    """What a quotation may stand in. Several authorities share a file, so each is read once."""
    if source.suffix.lower() not in _WORKBOOKS:
        return [_plain(source.read_text(encoding="utf-8"))]
    book = CalamineWorkbook.from_path(source)
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    return sorted({_plain(str(cell)) for sheet in sheets for row in sheet for cell in row})
