"""California's System of Support as rules: one report a county, with the reasons for every conclusion.

``import pyreport`` gives what a notebook needs: ``decide`` returns a table, ``explain`` and ``why_not`` the reasons,
and ``compare`` what another policy changes. They are loaded when they are first asked for: importing the package
alone loads neither the solver nor a data or notebook library, so that ``pyreport --help`` answers at once.
"""

from __future__ import annotations

# The module `typing` takes longer to import than this one, and is loaded before Ctrl-C is handled (see `__main__`).
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pyreport.errors import PyreportError
    from pyreport.explanation.answers import HoldsError
    from pyreport.interface import Comparison, EvidenceWarning, Explanation, WhyNot, compare, decide, explain, why_not

__all__ = [
    "Comparison",
    "EvidenceWarning",
    "Explanation",
    "HoldsError",
    "PyreportError",
    "WhyNot",
    "compare",
    "decide",
    "explain",
    "why_not",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from pyreport import interface

        return getattr(interface, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
