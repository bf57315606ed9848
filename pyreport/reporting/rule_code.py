"""The code of a rule as HTML with highlighted words: classes that the page's style sheet colors, light and dark."""

from __future__ import annotations

from functools import cache

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import RegexLexer, bygroups
from pygments.token import Comment, Keyword, Name, String, Text, Whitespace

__all__ = ["CLASSES", "highlighted"]

CLASSES = ("c1", "kr", "nf", "s2")
"""The classes that the style sheet colors: comment, word of the language, predicate, string."""


class _AnswerSetLexer(RegexLexer):
    """The part of clingo's language in which the policy is written.

    Variables, constants, numbers and punctuation stay as they are, so that a page of a thousand rules stays small.
    """

    name = "Answer-set program"
    tokens = {
        "root": [
            (r"%.*?$", Comment.Single),
            (r'"[^"]*"', String.Double),
            (r"\bnot\b|#count\b|:-", Keyword.Reserved),
            (r"([a-z_][A-Za-z0-9_]*)(\()", bygroups(Name.Function, Text)),
            (r"\s+", Whitespace),
            (r"[A-Za-z_][A-Za-z0-9_]*|.", Text),
        ],
    }


class _PlainFormatter(HtmlFormatter[str]):
    """Wraps no token that has no color: Pygments would give white space and text a class too."""

    def _get_css_class(self, ttype: object) -> str:
        return "" if ttype in (Text, Whitespace) else str(super()._get_css_class(ttype))


@cache
def _tools() -> tuple[_AnswerSetLexer, _PlainFormatter]:
    return _AnswerSetLexer(stripnl=False, ensurenl=False), _PlainFormatter(nowrap=True)


def highlighted(code: str, head: str, link: str) -> Markup:
    """The code of a rule as HTML, safe to put into a page; its words are those of ``code``.

    Args:
        code: The code.
        head: The predicate with which it begins.
        link: Where the name of that predicate leads.
    """
    # Pygments escapes what it is given.
    rest = Markup(highlight(code.removeprefix(head), *_tools()))  # noqa: S704
    return Markup('<a href="{}">{}</a>').format(link, head) + rest
