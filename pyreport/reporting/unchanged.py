"""Whether a folder already holds what a run would write: told from hashes, before any rule or fact is read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pyreport.evidence.record_reading import record_folder
from pyreport.files.fingerprints import sha256_of
from pyreport.files.places import policy_folder
from pyreport.reporting.layout import program_files

__all__ = ["MANIFEST", "asked_hash", "is_current", "manifest_in"]

MANIFEST = "manifest.json"
FORMAT = "pyreport manifest 3"


def asked_hash(options: Iterable[object], given: Iterable[Path], policy: Path | None = None) -> str:
    """A hash of all on which a run depends: the program, the policy, the record, its options and the files given.

    Raises:
        OSError: A file cannot be read.
    """
    parts = [f"{name} {digest}" for name, digest in sorted(program_files().items())]
    for folder in (policy or policy_folder(), record_folder()):
        parts += [f"{path.relative_to(folder).as_posix()} {sha256_of(path)}" for path in _files(folder)]
    for path in given:
        parts += [f"{one} {sha256_of(one)}" for one in _files(path)]
    parts += [repr(option) for option in options]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def is_current(folder: Path, asked: str) -> bool:
    """Whether the last run into ``folder`` was asked the same, wrote all, and all is there as it wrote it."""
    manifest = manifest_in(folder)
    if manifest.get("asked") != asked:
        return False
    files = {name: digest for entry in manifest["made"].values() for name, digest in entry["files"].items()}
    files |= manifest.get("archives", {})
    try:
        return all(sha256_of(folder / name) == digest for name, digest in files.items())
    except OSError:
        return False


def manifest_in(folder: Path) -> dict[str, Any]:
    """The manifest of the last run into ``folder``; empty if there is none of this format."""
    try:
        document = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) and document.get("format") == FORMAT else {}


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(one for one in path.rglob("*") if one.is_file() and "__pycache__" not in one.parts)
