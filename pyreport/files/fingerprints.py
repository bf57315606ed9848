"""One hash for many files: what a page or a manifest names a version by."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

__all__ = ["fingerprint_of"]


def fingerprint_of(hashes: Mapping[str, str]) -> str:
    """The SHA-256 of files whose own SHA-256 are given by path, as ``sha256sum`` lists them, sorted by path."""
    lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(hashes.items()))
    return hashlib.sha256(lines.encode()).hexdigest()
