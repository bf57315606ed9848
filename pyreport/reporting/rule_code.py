"""The code of a rule as HTML with highlighted words, which the page's style sheet colors, light and dark."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, ClassVar, TextIO

from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatter import Formatter
from pygments.lexer import RegexLexer, bygroups
from pygments.token import Comment, Keyword, Name, String, Text, Whitespace

__all__ = ["ELEMENTS", "highlighted"]

ELEMENTS = {Name.Function: "b", Keyword.Reserved: "i", String.Double: "u", Comment.Single: "s"}
"""The element for each colored kind of word: predicate, word of the language, string, comment.

A class on each word would make a page of a thousand rules larger by a tenth; the style sheet takes away what browsers
make of these elements elsewhere, and gives them their colors.
"""


class _AnswerSetLexer(RegexLexer):  # type: ignore[misc]
    """The part of clingo's language in which the policy is written.

    Variables, constants, numbers and punctuation stay as they are, so that a page of a thousand rules stays small.
    """

    name = "Answer-set program"
    tokens: ClassVar = {
        "root": [
            (r"%.*?$", Comment.Single),
            (r'"[^"]*"', String.Double),
            (r"\bnot\b|#count\b", Keyword.Reserved),
            (r"([a-z_][A-Za-z0-9_]*)(\()", bygroups(Name.Function, Text)),
            (r"\s+", Whitespace),
            (r"[A-Za-z_][A-Za-z0-9_]*|.", Text),
        ],
    }


class _ShortFormatter(Formatter):  # type: ignore[misc]
    """Puts each colored word into its element, escaped, and leaves the others as they are."""

    def format(self, tokensource: Iterable[tuple[Any, str]], outfile: TextIO) -> None:
        for kind, words in tokensource:
            element = ELEMENTS.get(kind)
            outfile.write(f"<{element}>{escape(words)}</{element}>" if element else str(escape(words)))


@cache
def _tools() -> tuple[_AnswerSetLexer, _ShortFormatter]:
    return _AnswerSetLexer(stripnl=False, ensurenl=False), _ShortFormatter()


def highlighted(code: str, head: str, link: str) -> Markup:
    """The code of a rule as HTML, safe to put into a page; its words are those of ``code``.

    Args:
        code: The code.
        head: The predicate with which it begins.
        link: Where the name of that predicate leads.
    """
    # The formatter escapes what it is given.
    rest = Markup(highlight(code.removeprefix(head), *_tools()))
    return Markup('<a href="{}">{}</a>').format(link, head) + rest
