"""Read the texts of a policy folder, as a graph's hashes name them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml

from pyreport.proof.reader import PolicyUnreadable

__all__ = ["READINGS", "policy_texts"]

READINGS = "readings/"
# What a what-if may change, and what every year must state, belong to no decision.
_OF_NO_DECISION = ("changes/", "years/")
_OTHERS = ("authorities.yaml", "names.yaml")
_LARGEST = 1 << 20
"""Characters of a file; the longest of the project has a tenth of it."""
_DEEPEST = 20
_MOST = 20_000
"""Lists, mappings, keys and values; what an alias stands for counts. The longest file of the project has 4,000."""
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def policy_texts(folder: Path, named: Collection[str] = ()) -> dict[str, str]:
    """The texts of the policy in ``folder`` by path; of the alternative readings only those among ``named``.

    Raises:
        PolicyUnreadable: A file is missing, is not UTF-8 or is too large, or YAML lies in itself or stands for more
            than it has.
    """
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.lp")}
    chosen = {
        name: path for name, path in paths.items() if not name.startswith((READINGS, *_OF_NO_DECISION)) or name in named
    }
    texts = {}
    for name, path in sorted({**chosen, **{name: folder / name for name in _OTHERS}}.items()):
        try:
            # Read as text: the ends of lines are those of the system, and the hashes are of line feeds.
            with path.open(encoding="utf-8") as file:
                texts[name] = file.read(_LARGEST + 1)
        except FileNotFoundError:
            raise PolicyUnreadable(f"{folder} is no policy: it has no {name}") from None
        except UnicodeDecodeError as error:
            raise PolicyUnreadable(f"{path}: not UTF-8 at byte {error.start}") from None
        if len(texts[name]) > _LARGEST:
            raise PolicyUnreadable(f"{path}: more than {_LARGEST:,} characters")
    for name in _OTHERS:
        _check_yaml(folder / name, texts[name])
    return texts


def _check_yaml(path: Path, text: str) -> None:
    """Refuse YAML that would be a circle, or grow without end, when it is read; see ``pyreport.files.plain_yaml``."""
    open_: list[tuple[str | None, int]] = []
    sizes: dict[str | None, int] = {}
    parts = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.CollectionEndEvent):
                anchor, before = open_.pop()
                sizes[anchor] = parts - before
            if not isinstance(event, yaml.NodeEvent):
                continue
            parts += 1 + (sizes.get(event.anchor, 0) if isinstance(event, yaml.AliasEvent) else 0)
            if isinstance(event, yaml.CollectionStartEvent):
                open_.append((event.anchor, parts))
            circle = isinstance(event, yaml.AliasEvent) and event.anchor in {anchor for anchor, _ in open_}
            if circle or parts > _MOST or len(open_) > _DEEPEST:
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise PolicyUnreadable(f"{path}, line {line}: the YAML lies in itself, or stands for too much")
    except yaml.YAMLError as error:
        raise PolicyUnreadable(f"{path}: not readable: {' '.join(str(error).split())}") from None
