"""Read the texts of a policy folder, as a graph's hashes name them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from pyreport.explanation.proof.reader import PolicyUnreadable

__all__ = ["READINGS", "policy_texts"]

READINGS = "readings/"
# What a what-if may change belongs to no decision.
_CHANGES = "changes/"
_OTHERS = ("authorities.yaml", "names.yaml")


def policy_texts(folder: Path, named: Collection[str] = ()) -> dict[str, str]:
    """The texts of the policy in ``folder`` by path; of the alternative readings only those among ``named``.

    Raises:
        PolicyUnreadable: A file is missing or is not UTF-8.
    """
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.lp")}
    chosen = {name: path for name, path in paths.items() if not name.startswith((READINGS, _CHANGES)) or name in named}
    texts = {}
    for name, path in sorted({**chosen, **{name: folder / name for name in _OTHERS}}.items()):
        try:
            # Read as text: the ends of lines are those of the system, and the hashes are of line feeds.
            texts[name] = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise PolicyUnreadable(f"{folder} is no policy: it has no {name}") from None
        except UnicodeDecodeError as error:
            raise PolicyUnreadable(f"{path}: not UTF-8 at byte {error.start}") from None
    return texts
